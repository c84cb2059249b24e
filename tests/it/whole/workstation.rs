//! A workstation: a profile, a mirrored folder, the engine's process, and the wire to the server.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Output, Stdio};
use std::time::{Duration, Instant};

use domain::content::ContentHash;
use domain::id::NodeId;
use protocol::command::{Command, Executed};
use protocol::failure::Failure;
use protocol::view::{Connection, Reason, SyncItem, SyncMark, SyncStatus};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::firm::{CLIENT, Firm, Person};
use super::folder::{self, Entry};
use super::office::{block_on, http};
use super::program::{self, Program};
use super::until;
use super::wire::Wire;

/// How long nothing must happen before a workstation counts as at rest: longer than the mirror waits for anything.
const REST: Duration = Duration::from_millis(2_500);

/// A workstation about to be set up.
pub(super) struct NewWorkstation<'f> {
    firm: &'f Firm,
    person: Person,
    name: &'static str,
    before: Vec<String>,
    mirror: Option<PathBuf>,
    kept_free: Option<u64>,
}

/// A workstation. Dropping it kills its engine.
pub(super) struct Workstation {
    agent: Option<Program>,
    before: Vec<String>,
    program: PathBuf,
    folder: PathBuf,
    mirror: PathBuf,
    person: Person,
    fail_at: Option<PathBuf>,
    pub(super) wire: Wire,
}

impl<'f> NewWorkstation<'f> {
    pub(super) fn of(firm: &'f Firm, person: &Person, name: &'static str) -> Self {
        Self { firm, person: person.clone(), name, before: Vec::new(), mirror: None, kept_free: None }
    }

    /// Puts the mirror in a folder of the story's choice.
    pub(super) fn mirrors_in(mut self, folder: &Path) -> Self {
        self.mirror = Some(folder.to_owned());
        self
    }

    /// Has the profile say how many bytes are left free on each disk.
    pub(super) fn keeps_free(mut self, bytes: u64) -> Self {
        self.kept_free = Some(bytes);
        self
    }

    /// Runs the engine by another program, such as one that changes its clock.
    pub(super) fn runs_by(mut self, before: &[&str]) -> Self {
        self.before = before.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// Sets it up and signs in; nothing runs yet.
    pub(super) fn sign_in(self) -> Workstation {
        let folder = self.firm.folder().join(self.name);
        let mirror = self.mirror.unwrap_or_else(|| folder.join("Gédéon"));
        fs::create_dir_all(&mirror).unwrap();
        let fail_at = self.firm.fail_at().map(Path::to_owned);
        let mut program = if fail_at.is_some() { program::failing("gedeon") } else { program::path("gedeon") };
        if self.before.first().is_some_and(|first| first == "setpriv") {
            // Somebody else may not be allowed to read the folder that the program was built in.
            let copy = folder.join("gedeon");
            fs::copy(&program, &copy).unwrap();
            program = copy;
            give_to_nobody(self.firm.folder());
        }
        let wire = Wire::to(self.firm.socket());
        let (before, person) = (self.before, self.person);
        let workstation = Workstation { agent: None, before, program, folder, mirror, person, fail_at, wire };
        let signed_in = workstation.try_sign_in(workstation.person.password);
        assert!(signed_in.status.success(), "{}", String::from_utf8_lossy(&signed_in.stderr));
        if let Some(bytes) = self.kept_free {
            let file = workstation.profile().join("profile.json");
            let mut profile: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
            profile["kept_free"] = json!(bytes);
            fs::write(&file, profile.to_string()).unwrap();
        }
        workstation
    }

    /// Sets it up and mirrors all client files, from empty to equal.
    pub(super) fn open(self) -> Workstation {
        let mut workstation = self.sign_in();
        workstation.begin(&["--all"]);
        until("the mirror shows the client file", || {
            workstation.path(CLIENT).join("05 À classer (cabinet)").is_dir().then_some(())
        });
        workstation.rest();
        workstation
    }
}

/// What this process makes in a folder is for the user `nobody`, by its number: every system has it.
fn give_to_nobody(folder: &Path) {
    assert!(Process::new("chown").args(["-R", "65534:65534"]).arg(folder).status().unwrap().success());
}

/// How to run a program as somebody who may not read everything; nothing where this process already is so.
pub(super) fn as_ordinary_user() -> &'static [&'static str] {
    if program::is_root() { &["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] } else { &[] }
}

impl Workstation {
    /// The profile's folder.
    pub(super) fn profile(&self) -> PathBuf {
        self.folder.join("profile")
    }

    fn command(&self, program: &Path) -> Process {
        let mut words = self.before.iter().map(String::as_str).map(std::ffi::OsStr::new).chain([program.as_os_str()]);
        let mut command = program::command(words.next().unwrap());
        command.args(words).arg("--profile").arg(self.profile());
        command.env("HOSTNAME", self.folder.file_name().unwrap()).env("GEDEON_LOG", "info");
        if let Some(file) = &self.fail_at {
            command.env(failpoints::ARMED_BY, file);
        }
        command
    }

    /// Runs `gedeon` with these words.
    pub(super) fn run(&self, words: &[&str]) -> Output {
        self.command(&self.program).args(words).output().unwrap()
    }

    /// Runs `gedeon sign-in` with a password.
    pub(super) fn try_sign_in(&self, password: &str) -> Output {
        use std::io::Write as _;
        let mut command = self.command(&self.program);
        command.args(["sign-in", "--server", &self.wire.url(), "--email", &self.person.email, "--password-stdin"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Starts the engine with the mirror's folder.
    pub(super) fn begin(&mut self, words: &[&str]) {
        let mirror = self.mirror.to_str().unwrap().to_owned();
        self.start_with(&[&["mirror", "--root", &mirror], words].concat());
    }

    /// Starts the engine as the profile says.
    pub(super) fn start(&mut self) {
        self.start_with(&["mirror"]);
    }

    fn start_with(&mut self, words: &[&str]) {
        let mut command = self.command(&self.program);
        command.args(words).stdout(Stdio::null());
        let agent = Program::start(&mut command, &self.folder.join("agent.log"));
        let id = agent.id();
        self.agent = Some(agent);
        until("the engine opens its door", || self.door().filter(|door| door["process"] == id).map(|_| ()));
    }

    /// Kills the engine, as a power cut would.
    pub(super) fn kill(&mut self) {
        self.agent.take().unwrap().kill();
    }

    /// Stops the engine as a person does.
    pub(super) fn stop(&mut self) {
        let status = self.agent.take().unwrap().stop();
        assert!(status.success(), "it ends well: {status}");
    }

    /// The engine's process.
    pub(super) fn agent(&self) -> &Program {
        self.agent.as_ref().unwrap()
    }

    /// Whether the engine ended by itself.
    pub(super) fn has_ended(&mut self) -> bool {
        self.agent.as_mut().is_some_and(Program::has_ended)
    }

    /// Whether the engine runs.
    pub(super) fn is_running(&self) -> bool {
        self.agent.is_some()
    }

    fn door(&self) -> Option<Value> {
        serde_json::from_slice(&fs::read(self.profile().join("door.json")).ok()?).ok()
    }

    /// Calls the engine by its local door.
    pub(super) fn call(&self, name: &str, payload: &Value) -> Result<Value, Failure> {
        self.send(&format!("rpc/{name}"), reqwest::Method::POST, serde_json::to_vec(payload).unwrap())
            .map(|bytes| serde_json::from_slice(&bytes).unwrap())
    }

    /// Sends bytes of a dropped file.
    pub(super) fn upload(&self, import: u64, index: usize, bytes: &[u8]) {
        let path = format!("upload/{import}/{index}?offset=0&end=true");
        self.send(&path, reqwest::Method::PUT, bytes.to_vec()).unwrap();
    }

    fn send(&self, path: &str, method: reqwest::Method, body: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let door = self.door().expect("the engine runs");
        let url = format!("http://127.0.0.1:{}/{path}", door["port"]);
        let request = http().request(method, url).bearer_auth(door["token"].as_str().unwrap()).body(body);
        let (status, bytes) = block_on(async {
            let response = request.header("content-type", "application/json").send().await.unwrap();
            (response.status(), response.bytes().await.unwrap().to_vec())
        });
        if status.is_success() { Ok(bytes) } else { Err(serde_json::from_slice(&bytes).unwrap()) }
    }

    /// Calls the engine for an answer that must come.
    pub(super) fn ask<T: DeserializeOwned>(&self, name: &str, payload: Value) -> T {
        let answer = self.call(name, &payload).unwrap_or_else(|failure| panic!("{name} {payload}: {failure}"));
        serde_json::from_value(answer).unwrap()
    }

    /// Executes commands as one action of the person.
    pub(super) fn execute(&self, commands: &[Command]) -> Result<Vec<Executed>, Failure> {
        let reply = self.call("execute", &json!({ "commands": commands, "action": "test" }))?;
        Ok(serde_json::from_value(reply["executed"].clone()).unwrap())
    }

    pub(super) fn status(&self) -> SyncStatus {
        self.ask("get_sync_status", json!({}))
    }

    /// Entries of the sync panel that wait or are blocked.
    pub(super) fn waiting(&self) -> Vec<SyncItem> {
        let items: protocol::view::SyncItems = self.ask("list_sync_items", json!({ "limit": 500 }));
        items.rows.into_iter().filter(|item| item.mark >= SyncMark::Waiting).collect()
    }

    /// Waits until the sync panel says this of this file, and gives what it says.
    pub(super) fn told(&self, name: &str, reason: Reason) -> SyncItem {
        until(&format!("the panel tells {reason:?} of {name}"), || {
            self.waiting().into_iter().find(|item| item.name == name && item.reason == reason)
        })
    }

    /// Waits for a state of the connection.
    pub(super) fn is(&self, connection: Connection) {
        until(&format!("the connection is {connection:?}"), || (self.status().connection == connection).then_some(()));
    }

    /// Whether nothing goes on, whatever waits for somebody.
    pub(super) fn is_at_rest(&self) -> bool {
        let status = self.status();
        let moving = status.pending_commands > 0 || status.sending.files > 0 || status.receiving.files > 0;
        status.connection == Connection::Online && !moving && !status.scanning
    }

    /// Waits until nothing has gone on for longer than the engine waits for anything.
    pub(super) fn rest(&self) {
        let mut since = None;
        until("the workstation is at rest", || {
            if !self.is_at_rest() {
                since = None;
                return None;
            }
            (since.get_or_insert_with(Instant::now).elapsed() > REST).then_some(())
        });
    }

    /// A path in the mirror.
    pub(super) fn path(&self, below: &str) -> PathBuf {
        self.mirror.join(below)
    }

    /// Saves a file in the mirror.
    pub(super) fn save(&self, below: &str, bytes: &[u8]) {
        let path = self.path(below);
        fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Contents that the mirror put aside, which a person can still find there.
    pub(super) fn put_aside(&self) -> BTreeSet<ContentHash> {
        let aside = folder::tree(&self.mirror.join(".gedeon.d/quarantine"));
        aside.values().filter_map(|entry| if let Entry::File(hash) = entry { Some(*hash) } else { None }).collect()
    }

    /// Contents that entries of *À vérifier* hold, copied out as a person copies them.
    pub(super) fn held_by_refused(&self) -> BTreeSet<ContentHash> {
        let copies = self.folder.join("copies");
        for item in self.waiting().into_iter().filter(|item| item.holds_content) {
            let _: Value = self.ask("save_refused", json!({ "command": item.command, "folder": copies }));
        }
        let copies = folder::tree(&copies);
        copies.values().filter_map(|entry| if let Entry::File(hash) = entry { Some(*hash) } else { None }).collect()
    }

    /// Everything below a folder of the mirror.
    pub(super) fn tree_of(&self, below: &str) -> BTreeMap<String, Entry> {
        folder::tree(&self.mirror.join(below))
    }

    /// What the mirror is writing, which at rest is nothing.
    pub(super) fn half_written(&self) -> usize {
        fs::read_dir(self.mirror.join(".gedeon.d/tmp")).unwrap().count()
    }

    /// Everything in the mirror.
    pub(super) fn tree(&self) -> BTreeMap<String, Entry> {
        folder::tree(&self.mirror)
    }

    /// Waits until a file of the mirror has these bytes.
    pub(super) fn shows(&self, below: &str, bytes: &[u8]) {
        until(&format!("{below} is on the disk"), || {
            fs::read(self.path(below)).is_ok_and(|found| found == bytes).then_some(())
        });
    }

    /// The folder or document at a path of the GED, as this workstation knows it.
    pub(super) fn node(&self, path: &str) -> NodeId {
        let (folder, name) = path.rsplit_once('/').unwrap();
        let folder = self.folder_node(folder);
        let list: Value = self.ask("list_documents", json!({ "folder": folder, "limit": 500 }));
        let rows = list["rows"].as_array().unwrap();
        let found = rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{path} is known: {rows:?}"));
        serde_json::from_value(found["id"].clone()).unwrap()
    }

    /// The folder at a path of the GED.
    pub(super) fn folder_node(&self, path: &str) -> NodeId {
        let mut names = path.split('/');
        let client = names.next().unwrap();
        let list: protocol::view::ClientFileList = self.ask("list_client_files", json!({ "limit": 500 }));
        let client = list.rows.iter().find(|row| row.name == client).unwrap_or_else(|| panic!("{client} is known"));
        let tree: protocol::view::TreeView = self.ask("get_tree", json!({ "client_file": client.id }));
        names.fold(tree.root, |parent, name| {
            let found = tree.folders.iter().find(|folder| folder.parent == parent && folder.name == name);
            found.unwrap_or_else(|| panic!("{name} of {path} is known")).id
        })
    }
}

impl Firm {
    /// Waits until the server holds a document with these bytes.
    pub(super) fn holds(&self, path: &str, bytes: &[u8]) {
        let expected = Some(Entry::File(ContentHash::of(bytes)));
        until(&format!("{path} is on the server"), || {
            (self.office().feed().tree().remove(path) == expected).then_some(())
        });
    }

    /// A workstation of the administrator, from empty to equal.
    pub(super) fn workstation(&self, name: &'static str) -> Workstation {
        NewWorkstation::of(self, &self.anne, name).open()
    }

    /// A workstation of the collaborator, from empty to equal.
    pub(super) fn other_workstation(&self, name: &'static str) -> Workstation {
        NewWorkstation::of(self, &self.paul, name).open()
    }
}
