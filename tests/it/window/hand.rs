//! A hand on the mouse: real windows of the display, a real drag from one to the other.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A place on the screen, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) x: i64,
    pub(super) y: i64,
}

/// A program's window with a file to drag from it. Dropping it closes the window.
pub(super) struct DragSource {
    program: Child,
    middle: Place,
}

impl Drop for DragSource {
    fn drop(&mut self) {
        // Fails only where it has ended already.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

impl DragSource {
    /// Opens the window at the right edge of the screen, beside the desktop's.
    pub(super) fn open(file: &Path) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/window/drag_source.py");
        // Debian's own Python has GTK; another one in front of it may not.
        let mut program = Command::new("/usr/bin/python3")
            .arg(script)
            .arg(address(file))
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 starts: `cargo xtask setup --for test` installs it with GTK");
        let mut line = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "ready", "the window to drag from opens");
        let window = window_named("drag source");
        xdotool(&["windowmove", "--sync", &window, "1220", "700"]);
        let (at, width, height) = geometry(&window);
        Self { program, middle: Place { x: at.x + width / 2, y: at.y + height / 2 } }
    }

    /// Takes the file and moves it over `target`, as slowly as a hand does; it is not let go.
    pub(super) fn drag_over(&self, target: Place) {
        let mut words: Vec<String> = Vec::new();
        let mut say = |text: String| words.extend(text.split(' ').map(str::to_owned));
        say(format!("mousemove {} {} mousedown 1 sleep 0.1", self.middle.x, self.middle.y));
        for step in 1..=20 {
            let x = self.middle.x + (target.x - self.middle.x) * step / 20;
            let y = self.middle.y + (target.y - self.middle.y) * step / 20;
            say(format!("mousemove {x} {y} sleep 0.03"));
        }
        // A last small move: what was entered only now hears of it too.
        say(format!("mousemove {} {}", target.x + 1, target.y + 1));
        xdotool(&words.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

/// Lets go of what is dragged.
pub(super) fn let_go() {
    xdotool(&["mouseup", "1"]);
}

/// Puts the desktop's window at the left of the screen, so that others fit beside it; says where its content begins.
pub(super) fn place_desktop() -> Place {
    let window = window_named("Gédéon");
    xdotool(&["windowsize", "--sync", &window, "1180", "860"]);
    xdotool(&["windowmove", "--sync", &window, "0", "20"]);
    geometry(&window).0
}

/// The window of this title, once it is on screen.
fn window_named(title: &str) -> String {
    let found = xdotool(&["search", "--sync", "--onlyvisible", "--name", &format!("^{title}$")]);
    found.lines().next_back().expect("a window was found").to_owned()
}

fn geometry(window: &str) -> (Place, i64, i64) {
    let text = xdotool(&["getwindowgeometry", "--shell", window]);
    let value = |name: &str| -> i64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name} in {text}"))
    };
    (Place { x: value("X"), y: value("Y") }, value("WIDTH"), value("HEIGHT"))
}

fn xdotool(arguments: &[&str]) -> String {
    let output = Command::new("xdotool").args(arguments).output().expect("xdotool starts");
    assert!(output.status.success(), "xdotool {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A file's address, spaces and accents written as addresses write them.
fn address(file: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    let encoded = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    format!("file://{}", file.to_str().unwrap().bytes().map(encoded).collect::<String>())
}
