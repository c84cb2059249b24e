//! LibreOffice on a display of its own, its keyboard used as a person would.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::{until, until_within};

/// LibreOffice asks whether to keep a foreign format, and greets: a person has answered that long ago.
const ANSWERS: [(&str, &str); 3] =
    [("Save/Document", "WarnAlienFormat"), ("Misc", "ShowTipOfTheDay"), ("Misc", "FirstRun")];

/// A display with a window manager, which windows need to get the keyboard. Dropping it closes it.
struct Display {
    number: String,
    programs: Vec<Child>,
}

impl Drop for Display {
    fn drop(&mut self) {
        for program in self.programs.iter_mut().rev() {
            // Fails only where it has ended already.
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

impl Display {
    fn open() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts: `cargo xtask setup --for test` installs it");
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        let number = format!(":{}", number.trim());
        let mut display = Self { number, programs: vec![server] };
        let manager = display.command("openbox").spawn().expect("openbox starts");
        display.programs.push(manager);
        display
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.number).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

/// LibreOffice, installed for somebody who has used it before.
pub(super) struct LibreOffice {
    home: TempDir,
}

/// A spreadsheet open in a window. Dropping it kills the program.
pub(super) struct OpenSpreadsheet {
    path: PathBuf,
    program: Child,
    display: Display,
    window: String,
}

impl LibreOffice {
    pub(super) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        #[expect(clippy::format_collect, reason = "a few lines, made once")]
        let items: String = ANSWERS
            .iter()
            .map(|(group, name)| {
                format!(
                    "<item oor:path=\"/org.openoffice.Office.Common/{group}\"><prop oor:name=\"{name}\" oor:op=\"fuse\">\
                     <value>false</value></prop></item>"
                )
            })
            .collect();
        fs::create_dir(home.path().join("user")).unwrap();
        let settings = format!("<oor:items xmlns:oor=\"http://openoffice.org/2001/registry\">{items}</oor:items>");
        fs::write(home.path().join("user/registrymodifications.xcu"), settings).unwrap();
        Self { home }
    }

    fn program(&self) -> String {
        format!("-env:UserInstallation=file://{}", self.home.path().display())
    }

    /// Makes a spreadsheet of two columns in a folder.
    pub(super) fn make(&self, name: &str) -> PathBuf {
        let table = self.home.path().join(format!("{name}.csv"));
        fs::write(&table, "Compte,Solde\n401000,1250\n411000,3420\n").unwrap();
        let made = Command::new("soffice")
            .args([&self.program(), "--headless", "--convert-to", "xlsx", "--outdir"])
            .arg(self.home.path())
            .arg(&table)
            .output()
            .expect("soffice starts: `cargo xtask setup --for test` installs it");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        self.home.path().join(format!("{name}.xlsx"))
    }

    /// Opens a spreadsheet in a window, as a double click does.
    pub(super) fn open(&self, path: &Path) -> OpenSpreadsheet {
        let display = Display::open();
        let mut command = display.command("soffice");
        command.args([&self.program(), "--norestore", "--nologo", "--calc"]).arg(path);
        let program = command.spawn().unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut open = OpenSpreadsheet { path: path.to_owned(), program, display, window: String::new() };
        open.window = until("the window opens", || {
            let mut search = open.display.command("xdotool");
            search.args(["search", "--onlyvisible", "--name", &name]).stdout(Stdio::piped());
            let found = search.output().unwrap();
            String::from_utf8(found.stdout).unwrap().lines().last().map(str::to_owned)
        });
        open.hand(&["windowactivate", "--sync", &open.window]);
        open
    }
}

impl OpenSpreadsheet {
    fn hand(&self, words: &[&str]) {
        assert!(self.display.command("xdotool").args(words).status().unwrap().success(), "xdotool {words:?}");
    }

    /// Types into the cell below and saves; returns when the file on the disk is another.
    pub(super) fn type_and_save(&self, words: &str) {
        let before = fs::read(&self.path).unwrap();
        self.hand(&["type", "--delay", "20", words]);
        self.hand(&["key", "Return"]);
        self.hand(&["key", "ctrl+s"]);
        until("the program saves", || {
            fs::read(&self.path).is_ok_and(|bytes| bytes != before && bytes.starts_with(b"PK")).then_some(())
        });
    }

    /// Closes the window, and waits until the program has ended.
    pub(super) fn close(mut self) {
        self.hand(&["key", "ctrl+q"]);
        until_within(Duration::from_secs(20), "the program ends", || self.program.try_wait().unwrap());
    }
}

impl Drop for OpenSpreadsheet {
    fn drop(&mut self) {
        // It starts another program that is the window: closing its display ends that one.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
