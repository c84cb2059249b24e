//! A colleague's workstation beside the window: the engine without a window, as a program of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::firm::Firm;

/// How long what one person saves may take to reach another's disk. Machines that run these tests do other things too.
const PATIENCE: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_millis(100);

/// A workstation that mirrors all client files of its person. Dropping it ends the engine.
pub(super) struct Desk {
    engine: Option<Child>,
    folder: TempDir,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Desk {
    /// Signs in as a colleague of the window's person, and mirrors.
    pub(super) fn open(firm: &Firm) -> Self {
        let mut desk = Self { engine: None, folder: tempfile::tempdir().unwrap() };
        let (email, password) = firm.colleague();
        let mut sign_in = desk
            .command()
            .args(["sign-in", "--server", &firm.url(), "--email", email, "--password-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut sign_in.stdin.take().unwrap(), password.as_bytes()).unwrap();
        assert!(sign_in.wait().unwrap().success(), "{email} signs in");
        desk.start();
        desk
    }

    /// Starts the engine.
    pub(super) fn start(&mut self) {
        let mirror =
            self.command().args(["mirror", "--all", "--root"]).arg(self.path("")).stdout(Stdio::null()).spawn();
        self.engine = Some(mirror.unwrap());
    }

    /// Ends the engine, as a power cut would.
    pub(super) fn stop(&mut self) {
        if let Some(mut engine) = self.engine.take() {
            // Fails only where it has ended already.
            let _ = engine.kill();
            let _ = engine.wait();
        }
    }

    /// A path of its mirror.
    pub(super) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join("Gédéon").join(below)
    }

    fn command(&self) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_gedeon-desktop")).with_file_name("gedeon");
        assert!(program.exists(), "{} is not built: run `cargo xtask test --only window`", program.display());
        let mut command = Command::new(program);
        command.env("GEDEON_PROFILE", self.folder.path().join("profile")).stdin(Stdio::null());
        command
    }
}

/// Waits until a file says this.
pub(super) async fn says(file: &Path, text: &str) {
    let started = Instant::now();
    let mut look = tokio::time::interval(LOOK);
    while fs::read_to_string(file).ok().as_deref() != Some(text) {
        look.tick().await;
        assert!(started.elapsed() < PATIENCE, "{} says {:?}, not {text:?}", file.display(), fs::read_to_string(file));
    }
}

/// The names in a folder.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
