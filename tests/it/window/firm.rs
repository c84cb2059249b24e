//! The demonstration firm on a server of its own, which can be stopped and started again.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

/// The demonstration firm, served. Dropping it stops the server.
pub(super) struct Firm {
    server: Option<Child>,
    port: u16,
    folder: TempDir,
    people: Value,
}

impl Drop for Firm {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Firm {
    /// Serves a firm as it is on its first day.
    pub(super) fn serve() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (model, people) = first_day();
        copy(model, folder.path());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut firm = Self { server: None, port, folder, people: people.clone() };
        firm.start();
        firm
    }

    /// Starts the server, and waits until it listens.
    pub(super) fn start(&mut self) {
        let mut server = server()
            .arg("--data")
            .arg(self.folder.path())
            .args(["--listen", &format!("127.0.0.1:{}", self.port)])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("listening on "), "the server listens: {line:?}");
        self.server = Some(server);
    }

    /// Stops the server, as a power cut would.
    pub(super) fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            // Fails only where it has ended already.
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// Its address.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// E-mail and password of the administrator.
    pub(super) fn administrator(&self) -> (&str, &str) {
        let person = &self.people["people"][0];
        (person["email"].as_str().unwrap(), person["password"].as_str().unwrap())
    }

    /// E-mail and password of a collaborator.
    pub(super) fn colleague(&self) -> (&str, &str) {
        let person = &self.people["people"][1];
        (person["email"].as_str().unwrap(), person["password"].as_str().unwrap())
    }
}

fn server() -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_gedeon-desktop")).with_file_name("gedeon-server");
    assert!(program.exists(), "{} is not built: run `cargo xtask test --only window`", program.display());
    let mut command = Command::new(program);
    command.env("RUST_LOG", "warn").stdin(Stdio::null());
    command
}

/// The firm's folder and people as the server makes them, once for all stories.
fn first_day() -> (&'static Path, &'static Value) {
    static MADE: OnceLock<(TempDir, Value)> = OnceLock::new();
    let (folder, people) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let made = server().arg("create-demo").arg("--data").arg(folder.path()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        (folder, serde_json::from_slice(&made.stdout).unwrap())
    });
    (folder.path(), people)
}

fn copy(from: &Path, to: &Path) {
    let mut folders: Vec<(PathBuf, PathBuf)> = vec![(from.to_owned(), to.to_owned())];
    while let Some((from, to)) = folders.pop() {
        std::fs::create_dir_all(&to).unwrap();
        for entry in std::fs::read_dir(&from).unwrap() {
            let entry = entry.unwrap();
            let to = to.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push((entry.path(), to));
            } else {
                std::fs::copy(entry.path(), to).unwrap();
            }
        }
    }
}
