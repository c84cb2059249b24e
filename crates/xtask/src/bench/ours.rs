//! Ours: the real server and the real mirror, as processes, driven by their command lines and the local door.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use super::engine::{Carried, Change, Engine, Pair};
use super::http;
use super::memory::End;
use super::room::{Room, free_port, until};
use crate::process::{self, Background};

/// How often the state of a workstation is asked: the precision of what is measured by it.
const LOOK: Duration = Duration::from_millis(20);
/// How long a workstation must stay up to date to be believed: longer than it waits for a file to settle. What is
/// measured ends where that rest begins.
const REST: Duration = Duration::from_millis(2_500);
const READY: Duration = Duration::from_mins(1);
const EMAIL: &str = "camille.roux@example.org";
const PASSWORD: &str = "Quatre trombones verts";
/// Each run has a firm of its own, so one id serves them all.
const CLIENT_FILE: &str = "01980000-0000-7000-8000-000000000001";
/// Where anybody may put any folder.
const FOLDER: &str = "Bench/04 À classer";

/// The engine, with its two programs.
pub(super) struct Gedeon {
    server: PathBuf,
    command_line: PathBuf,
}

impl Gedeon {
    /// The engine made of these programs.
    pub(super) fn new(server: PathBuf, command_line: PathBuf) -> Self {
        Self { server, command_line }
    }
}

impl Engine for Gedeon {
    fn name(&self) -> &'static str {
        "gedeon"
    }

    fn version(&self) -> Option<String> {
        let mut command = process::program(&self.command_line);
        let answer = process::capture_all(command.arg("--version"), READY).ok()?;
        Some(answer.output.trim().to_owned())
    }

    fn settings(&self) -> &'static str {
        "release build, server on SQLite, loopback without TLS, all defaults, the workstation closed before each row but \
         the saves, the changed byte and the renaming; both ways; the server fsyncs before it answers"
    }

    fn open(&self, room: Rc<Room>) -> Result<Box<dyn Pair>> {
        let (firm, mut first, second) = self.open_first(&room)?;
        first.until_rest(READY, |_| true)?.context("the empty client file is not up to date")?;
        first.stop();
        Ok(Box::new(Ends { first, second, _firm: firm }))
    }
}

impl Gedeon {
    /// A firm with two workstations that run, each with the empty client file on its disk.
    pub(super) fn open_both(&self, room: &Rc<Room>) -> Result<(Firm, [Workstation; 2])> {
        let (firm, first, mut second) = self.open_first(room)?;
        second.start()?;
        until(LOOK, READY, || Ok(second.folder.is_dir().then_some(())))?.context("the client file is not mirrored")?;
        Ok((firm, [first, second]))
    }

    /// A firm with a workstation that runs and has the empty client file, and another that never ran.
    fn open_first(&self, room: &Rc<Room>) -> Result<(Firm, Workstation, Workstation)> {
        let port = free_port()?;
        let url = format!("http://127.0.0.1:{port}");
        let data = room.folder("server-data")?;
        let link = self.create_firm(&data, &url)?;
        let token = link.trim().rsplit('/').next().unwrap_or_default().to_owned();
        let mut firm = Firm { room: Rc::clone(room), program: self.server.clone(), data, port, running: None };
        firm.start()?;
        let accepted = json!({"token": token, "password": PASSWORD});
        http::call("POST", port, "/api/invitations/accept", &[], Some(&accepted))?;

        let mut first = Workstation::new(room, &self.command_line, "first", End::Near)?;
        let second = Workstation::new(room, &self.command_line, "second", End::Far)?;
        first.sign_in(&url)?;
        second.sign_in(&url)?;
        first.start()?;
        first.create_client_file()?;
        until(LOOK, READY, || Ok(first.folder.is_dir().then_some(())))?.context("the client file is not mirrored")?;
        Ok((firm, first, second))
    }

    fn create_firm(&self, data: &Path, url: &str) -> Result<String> {
        let mut create = process::program(&self.server);
        create.arg("create-firm").arg("--data").arg(data).env("RUST_LOG", "warn");
        create.args(["--name", "Cabinet du banc", "--email", EMAIL]);
        create.args(["--first-name", "Camille", "--last-name", "Roux", "--url", url]);
        let made = process::capture_all(&mut create, READY)?;
        if !made.is_success() {
            bail!("the firm could not be made:\n{}", made.output);
        }
        let link = made.output.lines().find(|line| line.contains("/invitation/"));
        Ok(link.context("no invitation was printed")?.to_owned())
    }
}

/// A firm on a server of its own.
pub(super) struct Firm {
    room: Rc<Room>,
    program: PathBuf,
    data: PathBuf,
    port: u16,
    running: Option<Background>,
}

impl Firm {
    /// Starts the server, and waits until it listens.
    pub(super) fn start(&mut self) -> Result<()> {
        let mut server = process::program(&self.program);
        server.arg("--data").arg(&self.data).args(["--listen", &format!("127.0.0.1:{}", self.port)]);
        let mut server = self.room.start(End::Far, "gedeon-server", server.env("RUST_LOG", "warn"))?;
        server.wait_for(READY, |line| line.starts_with("listening on ").then_some(()))?;
        self.running = Some(server);
        Ok(())
    }

    /// Kills the server without a word.
    pub(super) fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill();
        }
    }

    /// Its person, signed in on another workstation of this id; with the server's port.
    pub(super) fn sign_in(&self, workstation: &str) -> Result<(u16, String)> {
        let request = json!({
            "email": EMAIL, "password": PASSWORD, "workstation": workstation, "workstation_name": "accueil",
        });
        let reply = http::call("POST", self.port, "/api/sign-in", &[], Some(&request))?;
        let token = reply["token"].as_str().context("signing in gives no token")?;
        Ok((self.port, format!("Bearer {token}")))
    }
}

/// Where a running engine can be spoken to.
#[derive(Deserialize)]
struct Door {
    port: u16,
    token: String,
}

/// A workstation of the firm.
pub(super) struct Workstation {
    room: Rc<Room>,
    name: &'static str,
    end: End,
    program: PathBuf,
    pub(super) profile: PathBuf,
    pub(super) root: PathBuf,
    /// Where the files are put.
    pub(super) folder: PathBuf,
    running: Option<(Background, Door)>,
}

impl Workstation {
    fn new(room: &Rc<Room>, program: &Path, name: &'static str, end: End) -> Result<Self> {
        let root = room.path(&format!("{name}-mirror"));
        Ok(Self {
            room: Rc::clone(room),
            name,
            end,
            program: program.to_owned(),
            profile: room.folder(&format!("{name}-profile"))?,
            folder: root.join(FOLDER),
            root,
            running: None,
        })
    }

    fn command(&self) -> Command {
        let mut command = process::program(&self.program);
        command.arg("--profile").arg(&self.profile).env("RUST_LOG", "warn");
        command
    }

    fn sign_in(&self, url: &str) -> Result<()> {
        let mut command = self.command();
        command.args(["sign-in", "--server", url, "--email", EMAIL, "--password-stdin"]);
        process::run_with_input(command.stdout(std::process::Stdio::null()), PASSWORD)
    }

    /// Starts the mirror with all client files, and waits for its door.
    fn start(&mut self) -> Result<()> {
        let mut command = self.command();
        command.args(["mirror", "--all", "--root"]).arg(&self.root);
        let mut running = self.room.start(self.end, &format!("gedeon-{}", self.name), &mut command)?;
        let file = self.profile.join("door.json");
        let door = until(Duration::from_millis(5), READY, || {
            if running.has_ended() {
                bail!("the mirror ended by itself:\n{}", running.last_lines());
            }
            Ok(fs::read(&file).ok().and_then(|bytes| serde_json::from_slice::<Door>(&bytes).ok()))
        })?;
        self.running = Some((running, door.context("the mirror opens no door")?));
        Ok(())
    }

    /// Ends it; its door goes with it.
    fn stop(&mut self) {
        self.running = None;
    }

    /// Kills it without a word, and starts it again.
    pub(super) fn kill_and_start(&mut self) -> Result<()> {
        if let Some((running, _)) = self.running.take() {
            running.kill();
        }
        // What it left says where nobody listens any more.
        let door = self.profile.join("door.json");
        fs::remove_file(&door).with_context(|| format!("{} cannot be removed", door.display()))?;
        self.start()
    }

    /// Asks it at its door.
    pub(super) fn rpc(&self, name: &str, payload: &Value) -> Result<Value> {
        let (_, door) = self.running.as_ref().context("BUG: a closed workstation is asked something")?;
        let authorization = format!("Bearer {}", door.token);
        http::call("POST", door.port, &format!("/rpc/{name}"), &[("Authorization", &authorization)], Some(payload))
    }

    fn create_client_file(&self) -> Result<()> {
        // Before its first pull the replica knows nobody who could execute anything.
        let ready = || Ok(self.rpc("get_overview", &json!({})).ok());
        until(LOOK, READY, ready)?.context("the workstation learns nothing of the firm")?;
        let create = json!({
            "kind": "create_client_file",
            "client_file": CLIENT_FILE,
            "name": "Bench",
            "fiscal_years": [{"start": "2025-01-01", "end": "2025-12-31"}],
        });
        self.rpc("execute", &json!({"commands": [create], "action": "create_client_file"}))?;
        self.rpc("set_offline", &json!({"client_files": [CLIENT_FILE], "offline": true}))?;
        Ok(())
    }

    /// The moment from which it was up to date without end; `None` at the limit. `is_believed` looks at each state and
    /// says whether what has to happen has begun to, since before that it is up to date too.
    fn until_rest(&self, limit: Duration, mut is_believed: impl FnMut(&Value) -> bool) -> Result<Option<Instant>> {
        let mut since: Option<Instant> = None;
        until(LOOK, limit + REST, || {
            let status = self.rpc("get_sync_status", &json!({}))?;
            let stuck = status["blocked"].as_u64().unwrap_or(0) + status["to_check"].as_u64().unwrap_or(0);
            if stuck > 0 {
                let items = self.rpc("list_sync_items", &json!({"offset": 0, "limit": 3}))?;
                bail!("{stuck} files wait for somebody: {items}");
            }
            let now = Instant::now();
            if !is_believed(&status) || status["up_to_date"] != true {
                since = None;
                return Ok(None);
            }
            let began = *since.get_or_insert(now);
            Ok((now - began > REST).then_some(began))
        })
    }
}

struct Ends {
    first: Workstation,
    second: Workstation,
    _firm: Firm,
}

impl Ends {
    fn open_second(&mut self, limit: Duration) -> Result<Option<Instant>> {
        if self.second.running.is_none() {
            self.second.start()?;
        }
        self.second.until_rest(limit, |_| true)
    }
}

impl Pair for Ends {
    fn near(&self) -> PathBuf {
        self.first.folder.clone()
    }

    fn second(&self) -> PathBuf {
        self.second.folder.clone()
    }

    fn rest(&mut self) -> Result<()> {
        self.first.stop();
        Ok(())
    }

    fn sync(&mut self, _files: usize, limit: Duration) -> Result<Option<Instant>> {
        if self.first.running.is_some() {
            let mut has_begun = false;
            return self.first.until_rest(limit, |status| {
                has_begun |= status["up_to_date"] == false;
                has_begun
            });
        }
        self.first.start()?;
        self.first.until_rest(limit, |_| true)
    }

    fn show_far(&mut self, _files: usize, limit: Duration) -> Result<Option<Instant>> {
        self.open_second(limit)
    }

    fn has_second(&self) -> bool {
        true
    }

    fn join_second(&mut self, _files: usize, limit: Duration) -> Result<Option<Instant>> {
        self.open_second(limit)
    }

    fn carry(&mut self, _change: Change, _limit: Duration) -> Result<Carried> {
        Ok(Carried::ByItself)
    }
}
