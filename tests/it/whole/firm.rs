//! A firm on a server of its own: made as its owner makes it, killed and started at will.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use domain::id::{ClientFileId, PersonId};
use domain::person::Role;
use protocol::command::{Command, FiscalYearDates};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use super::office::Office;
use super::program::{self, Program};
use super::seat::{self, Seat};
use super::wire::Socket;

/// The firm's one client file, unless a story needs more.
pub(super) const CLIENT: &str = "Alter Ce";
/// A folder of documents in it.
pub(super) const PURCHASES: &str = "Alter Ce/02 Dossier annuel/2026/Achats/2026-03";
/// Another.
pub(super) const SALES: &str = "Alter Ce/02 Dossier annuel/2026/Ventes/2026-04";
/// The firm's own inbox in it.
pub(super) const INBOX: &str = "Alter Ce/05 À classer (cabinet)";

const PASSWORD: &str = "cheval-agrafe-pile";

/// Somebody of the firm.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) id: PersonId,
    pub(super) email: String,
    pub(super) password: &'static str,
}

/// A firm with its server running.
pub(super) struct Firm {
    server: Option<Program>,
    socket: Socket,
    data: PathBuf,
    office: Office,
    /// The administrator.
    pub(super) anne: Person,
    /// A collaborator, assigned to [`CLIENT`].
    pub(super) paul: Person,
    pub(super) client: ClientFileId,
    folder: TempDir,
    fail_at: Option<PathBuf>,
    _seat: Seat,
}

impl Firm {
    /// A firm of two people with one client file, beside other stories.
    pub(super) fn open() -> Self {
        Self::open_in(seat::shared(), tempfile::tempdir().unwrap(), None, false)
    }

    /// The same, with the machine for itself.
    pub(super) fn open_alone() -> Self {
        Self::open_in(seat::alone(), tempfile::tempdir().unwrap(), None, false)
    }

    /// The same beside others, of programs that die where the story says: see [`fail_at`](Self::fail_at).
    pub(super) fn open_failing() -> Self {
        Self::open_in(seat::shared(), tempfile::tempdir().unwrap(), None, true)
    }

    /// The same beside others, its data in a folder of the story's choice.
    pub(super) fn open_on(data: &Path) -> Self {
        Self::open_in(seat::shared(), tempfile::tempdir().unwrap(), Some(data.to_owned()), false)
    }

    fn open_in(seat: Seat, folder: TempDir, data: Option<PathBuf>, fails: bool) -> Self {
        let data = data.unwrap_or_else(|| folder.path().join("server"));
        let fail_at = fails.then(|| folder.path().join("fail-at"));
        let made = program::command(program::path("gedeon-server"))
            .args(["create-firm", "--name", "Cabinet Leroy", "--email", "anne@leroy.fr"])
            .args(["--first-name", "Anne", "--last-name", "Leroy", "--data"])
            .arg(&data)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let link = String::from_utf8(made.stdout).unwrap();
        let socket = Socket::empty();
        let office = Office::at(&socket);
        let somebody = |id, email: &str| Person { id, email: email.to_owned(), password: PASSWORD };
        let nobody = PersonId(Uuid::nil());
        let mut firm = Self {
            server: None,
            socket,
            data,
            office,
            anne: somebody(nobody, "anne@leroy.fr"),
            paul: somebody(PersonId(Uuid::now_v7()), "paul@leroy.fr"),
            client: ClientFileId(Uuid::now_v7()),
            folder,
            fail_at,
            _seat: seat,
        };
        firm.start();
        firm.accept(link.trim());
        firm.anne.id = firm.office.sign_in(&firm.anne);
        firm.office.execute(Command::AddPerson {
            person: firm.paul.id,
            email: firm.paul.email.clone(),
            first_name: "Paul".to_owned(),
            last_name: "Martin".to_owned(),
            role: Role::Collaborator,
        });
        let invited = firm.office.post("invitations", &json!({ "person": firm.paul.id })).unwrap();
        firm.accept(invited["link"].as_str().unwrap());
        firm.office.execute(Command::CreateClientFile {
            client_file: firm.client,
            name: CLIENT.to_owned(),
            siren: None,
            fiscal_years: vec![FiscalYearDates {
                start: "2026-01-01".parse().unwrap(),
                end: "2026-12-31".parse().unwrap(),
            }],
            assigned: vec![firm.paul.id],
        });
        firm
    }

    fn accept(&self, link: &str) {
        let token = link.rsplit('/').next().unwrap();
        self.office.post("invitations/accept", &json!({ "token": token, "password": PASSWORD })).unwrap();
    }

    /// Starts the server, and waits until it listens.
    pub(super) fn start(&mut self) {
        let mut command = self.command("gedeon-server");
        command.arg("--data").arg(&self.data).args(["--listen", "127.0.0.1:0"]);
        command.env("RUST_LOG", "info").stdout(Stdio::piped());
        let mut server = Program::start(&mut command, &self.folder.path().join("server.log"));
        let mut line = String::new();
        BufReader::new(server.output()).read_line(&mut line).unwrap();
        let address =
            line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("the server starts: {line:?}"));
        self.socket.plug(Some(address.parse().unwrap()));
        self.server = Some(server);
    }

    /// Where the firm's programs find the name of the point to die at; `None` of ordinary ones.
    pub(super) fn fail_at(&self) -> Option<&Path> {
        self.fail_at.as_deref()
    }

    fn command(&self, name: &str) -> Process {
        match self.fail_at() {
            None => program::command(program::path(name)),
            Some(file) => {
                let mut command = program::command(program::failing(name));
                command.env(failpoints::ARMED_BY, file);
                command
            }
        }
    }

    /// Whether the server ended by itself.
    pub(super) fn server_has_ended(&mut self) -> bool {
        self.server.as_mut().is_some_and(Program::has_ended)
    }

    /// Kills the server, as a power cut would.
    pub(super) fn kill(&mut self) {
        self.socket.plug(None);
        self.server.take().unwrap().kill();
    }

    /// The server's process.
    pub(super) fn server(&self) -> &Program {
        self.server.as_ref().unwrap()
    }

    /// Where workstations plug their wires in.
    pub(super) fn socket(&self) -> &Socket {
        &self.socket
    }

    /// The administrator, calling the server without a workstation.
    pub(super) fn office(&self) -> &Office {
        &self.office
    }

    /// Where stories put what is theirs.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }
}
