//! The server and two workstations, as the programs that a firm would run, under Wine: a document goes from the disk of
//! one to the server and from there to the disk of the other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{LINKER, Outcome, Wine};
use crate::bench::http;
use crate::bench::room::{free_port, until};
use crate::cargo;
use crate::foreign::Foreign;
use crate::process::{self, Background};

/// How long a program may take for what takes seconds on an idle machine.
const LIMIT: Duration = Duration::from_mins(3);
const LOOK: Duration = Duration::from_millis(100);
const EMAIL: &str = "camille.roux@example.org";
const PASSWORD: &str = "Quatre trombones verts";
const CLIENT_FILE: &str = "01980000-0000-7000-8000-000000000001";
/// Where anybody may put any document.
const FOLDER: &str = "Élan Bâtiment/04 À classer";
/// What nobody signed in means to the command line.
const SIGNED_OUT: i32 = 5;

/// Builds and runs them.
pub(super) fn run(foreign: &Foreign) -> Result<Vec<Outcome>> {
    let arguments = ["--workspace", "--exclude", "gedeon-desktop"];
    let built = foreign.build("build", &arguments, |cargo| {
        cargo.env(LINKER.0, LINKER.1);
    })?;
    let office = Office {
        gedeon: cargo::named(&built, "gedeon")?,
        server: cargo::named(&built, "gedeon-server")?,
        wine: Wine::open()?,
    };
    let mut outcomes = vec![
        Outcome::of("gedeon --version", || office.says_its_version()),
        Outcome::of("gedeon doctor, before a sign-in", || office.examines_itself()),
    ];
    let mut served = None;
    outcomes.push(Outcome::of("gedeon-server create-firm, and serving", || {
        served = Some(office.serve()?);
        Ok(())
    }));
    if let Some((server, port)) = served {
        outcomes.push(Outcome::of("gedeon sign-in and mirror, two workstations", || office.mirrors(port)));
        drop(server);
    }
    Ok(outcomes)
}

struct Office {
    gedeon: PathBuf,
    server: PathBuf,
    wine: Wine,
}

/// Where a running engine can be spoken to.
#[derive(Deserialize)]
struct Door {
    port: u16,
    token: String,
}

impl Door {
    fn call(&self, name: &str, payload: &Value) -> Result<Value> {
        let authorization = format!("Bearer {}", self.token);
        http::call("POST", self.port, &format!("/rpc/{name}"), &[("Authorization", &authorization)], Some(payload))
    }
}

impl Office {
    /// A folder of drive C, as Linux names it.
    fn folder(&self, name: &str) -> PathBuf {
        self.wine.drive().join("gedeon").join(name)
    }

    /// The same, as Windows names it.
    fn path(name: &str) -> String {
        format!(r"C:\gedeon\{name}")
    }

    fn workstation(&self, name: &str) -> Command {
        let mut command = self.wine.program(&self.gedeon);
        command.args(["--profile", &Self::path(&format!("{name}-profile"))]).env("RUST_LOG", "warn");
        command
    }

    fn says_its_version(&self) -> Result<()> {
        let said = process::capture_all(self.wine.program(&self.gedeon).arg("--version"), LIMIT)?;
        ensure!(said.is_success() && said.output.starts_with("gedeon "), "it said {:?}", said.output);
        Ok(())
    }

    fn examines_itself(&self) -> Result<()> {
        let said = process::capture_all(self.workstation("fresh").arg("doctor"), LIMIT)?;
        ensure!(said.code() == Some(SIGNED_OUT), "it ended with {:?}:\n{}", said.code(), said.output);
        ensure!(said.output.contains("gedeon sign-in"), "it does not say what to do:\n{}", said.output);
        Ok(())
    }

    /// Makes a firm and serves it; the administrator accepts the invitation that was printed.
    fn serve(&self) -> Result<(Background, u16)> {
        let port = free_port()?;
        let data = Self::path("server");
        let mut create = self.wine.program(&self.server);
        create.args(["create-firm", "--data", &data, "--name", "Cabinet Roux", "--email", EMAIL]);
        create.args(["--first-name", "Camille", "--last-name", "Roux", "--url", &format!("http://127.0.0.1:{port}")]);
        let made = process::capture_all(create.env("RUST_LOG", "warn"), LIMIT)?;
        ensure!(made.is_success(), "no firm was made:\n{}", made.output);
        let link =
            made.output.lines().find(|line| line.contains("/invitation/")).context("no invitation was printed")?;
        let token = link.trim().rsplit('/').next().unwrap_or_default().to_owned();
        let mut server = self.wine.program(&self.server);
        server.args(["--data", &data, "--listen", &format!("127.0.0.1:{port}")]).env("RUST_LOG", "warn");
        let mut server = Background::start("gedeon-server", &mut server, &self.folder("server.log"))?;
        server.wait_for(LIMIT, |line| line.starts_with("listening on ").then_some(()))?;
        let accepted = json!({"token": token, "password": PASSWORD});
        http::call("POST", port, "/api/invitations/accept", &[], Some(&accepted))?;
        Ok((server, port))
    }

    fn mirrors(&self, port: u16) -> Result<()> {
        self.sign_in("first", port)?;
        let folder = self.folder("first-mirror").join(FOLDER);
        self.make_client_file(&folder)?;
        let name = "Facture d’été n° 12.pdf";
        let content = b"%PDF-1.7 a document made on Windows".repeat(1000);
        fs::write(folder.join(name), &content).context("the first workstation's folder cannot be written")?;
        self.mirror_once("first")?;
        self.sign_in("second", port)?;
        self.mirror_once("second")?;
        let arrived = self.folder("second-mirror").join(FOLDER).join(name);
        ensure!(fs::read(&arrived).is_ok_and(|bytes| bytes == content), "the document did not arrive whole");
        Ok(())
    }

    fn sign_in(&self, name: &str, port: u16) -> Result<()> {
        let mut sign_in = self.workstation(name);
        sign_in.args(["sign-in", "--server", &format!("http://127.0.0.1:{port}")]);
        sign_in.args(["--email", EMAIL, "--password-stdin"]).stdout(Stdio::null());
        process::run_with_input(&mut sign_in, PASSWORD)
    }

    /// Runs the mirror of the first workstation until the folder of a client file that it makes is on its disk.
    fn make_client_file(&self, folder: &Path) -> Result<()> {
        let mut mirror = self.workstation("first");
        mirror.args(["mirror", "--root", &Self::path("first-mirror")]);
        let mut running = Background::start("gedeon mirror", &mut mirror, &self.folder("first.log"))?;
        let file = self.folder("first-profile").join("door.json");
        let door = until(LOOK, LIMIT, || {
            if running.has_ended() {
                bail!("the mirror ended by itself:\n{}", running.last_lines());
            }
            Ok(fs::read(&file).ok().and_then(|bytes| serde_json::from_slice::<Door>(&bytes).ok()))
        })?;
        let door = door.context("the mirror opens no door")?;
        let ready = || Ok(door.call("get_overview", &json!({})).ok());
        until(LOOK, LIMIT, ready)?.context("the workstation learns nothing of the firm")?;
        let create = json!({
            "kind": "create_client_file",
            "client_file": CLIENT_FILE,
            "name": "Élan Bâtiment",
            "fiscal_years": [{"start": "2025-01-01", "end": "2025-12-31"}],
        });
        door.call("execute", &json!({"commands": [create], "action": "create_client_file"}))?;
        door.call("set_offline", &json!({"client_files": [CLIENT_FILE], "offline": true}))?;
        until(LOOK, LIMIT, || Ok(folder.is_dir().then_some(())))?.context("the client file is not mirrored")
    }

    fn mirror_once(&self, name: &str) -> Result<()> {
        let mut mirror = self.workstation(name);
        mirror.args(["mirror", "--all", "--once", "--root", &Self::path(&format!("{name}-mirror"))]);
        let ended = process::capture_all(&mut mirror, LIMIT)?;
        ensure!(ended.is_success(), "the {name} workstation ended with {:?}:\n{}", ended.code(), ended.output);
        Ok(())
    }
}
