//! A pair of Syncthing devices that know only each other.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::engine::{Carried, Change, Engine, Pair, installed, text, version_line};
use super::http;
use super::memory::End;
use super::room::{Room, free_port, until};
use crate::process::{self, Background};

/// How often its state is asked.
const LOOK: Duration = Duration::from_millis(50);
const READY: Duration = Duration::from_mins(1);
const KEY: &str = "bench";

/// The engine.
pub(super) struct Syncthing;

impl Engine for Syncthing {
    fn name(&self) -> &'static str {
        "syncthing"
    }

    fn version(&self) -> Option<String> {
        let line = version_line("syncthing", &["--version"], "syncthing v")?;
        Some(line.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
    }

    fn settings(&self) -> &'static str {
        "a pair on loopback, encrypted, no discovery; fsWatcherDelayS=1 (default 10) for a save, asked to scan at once for \
         the rest; both ways; files fsynced"
    }

    fn open(&self, room: Rc<Room>) -> Result<Box<dyn Pair>> {
        let near = Device::new(&room, "near")?;
        let far = Device::new(&room, "far")?;
        for (device, is_paused) in [(&near, true), (&far, false)] {
            room.write(&format!("{}-home/config.xml", device.name), &settings(device, &[&near, &far], is_paused, ""))?;
        }
        let near_program = near.start(&room, End::Near)?;
        let far_program = far.start(&room, End::Far)?;
        let ends = Ends { near, far, is_paused: Cell::new(true), _programs: [near_program, far_program] };
        ends.wait_for_each_other()?;
        Ok(Box::new(ends))
    }
}

/// One end of a pair.
pub(super) struct Device {
    pub(super) name: &'static str,
    home: PathBuf,
    pub(super) folder: PathBuf,
    pub(super) id: String,
    port: u16,
    control: u16,
}

fn program(home: &Path) -> Result<Command> {
    let mut command = process::program(installed("syncthing")?);
    command.env("HOME", home).env("STNOUPGRADE", "1");
    Ok(command)
}

impl Device {
    /// A device with keys of its own.
    pub(super) fn new(room: &Room, name: &'static str) -> Result<Self> {
        let home = room.folder(&format!("{name}-home"))?;
        let folder = room.folder(name)?;
        let mut generate = program(&home)?;
        generate.args(["generate", "--no-default-folder", &format!("--home={}", text(&home)?)]);
        room.run("syncthing-generate", &mut generate, READY, |_| false)?.context("the device's keys were not made")?;
        let made = std::fs::read_to_string(home.join("config.xml")).context("no configuration was made")?;
        let id = made
            .split_once("<device id=\"")
            .and_then(|(_, rest)| rest.split_once('"'))
            .map(|(id, _)| id.to_owned())
            .context("the configuration names no device")?;
        Ok(Self { name, home, folder, id, port: free_port()?, control: free_port()? })
    }

    /// Starts it, and waits until it answers.
    pub(super) fn start(&self, room: &Room, end: End) -> Result<Background> {
        let mut serve = program(&self.home)?;
        serve.args(["serve", "--no-browser", "--no-restart", &format!("--home={}", text(&self.home)?)]);
        // Without the second process that watches over it, and that it would outlive when that one is killed.
        serve.env("STMONITORED", "yes");
        let running = room.start(end, &format!("syncthing-{}", self.name), &mut serve)?;
        until(LOOK, READY, || Ok(self.ask("GET", "/rest/system/ping", None).ok()))?
            .context("syncthing does not answer")?;
        Ok(running)
    }

    /// Asks its control.
    pub(super) fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        http::call(method, self.control, path, &[("X-API-Key", KEY)], body)
    }
}

/// The configuration of one of some devices, with the element that has it keep versions.
///
/// `maxConflicts` is what a folder made in its window has; where a file does not name it, no conflict's copy is kept.
pub(super) fn settings(of: &Device, all: &[&Device], is_paused: bool, versioning: &str) -> String {
    let members: Vec<String> = all.iter().map(|device| format!("<device id=\"{}\"/>", device.id)).collect();
    let device = |Device { id, name, port, .. }: &Device| {
        format!("<device id=\"{id}\" name=\"{name}\"><address>tcp://127.0.0.1:{port}</address></device>")
    };
    let devices: Vec<String> = all.iter().copied().map(device).collect();
    let (members, devices) = (members.concat(), devices.concat());
    format!(
        "<configuration version=\"35\">\
         <folder id=\"bench\" label=\"bench\" path=\"{}\" type=\"sendreceive\" rescanIntervalS=\"86400\" \
         fsWatcherEnabled=\"true\" fsWatcherDelayS=\"1\">{members}<paused>{is_paused}</paused><maxConflicts>10</maxConflicts>{versioning}</folder>{devices}\
         <gui enabled=\"true\" tls=\"false\"><address>127.0.0.1:{}</address><apikey>{KEY}</apikey></gui>\
         <options><listenAddress>tcp://127.0.0.1:{}</listenAddress><globalAnnounceEnabled>false</globalAnnounceEnabled>\
         <localAnnounceEnabled>false</localAnnounceEnabled><relaysEnabled>false</relaysEnabled>\
         <natEnabled>false</natEnabled><urAccepted>-1</urAccepted><autoUpgradeIntervalH>0</autoUpgradeIntervalH>\
         <crashReportingEnabled>false</crashReportingEnabled><startBrowser>false</startBrowser>\
         <reconnectionIntervalS>1</reconnectionIntervalS></options></configuration>",
        of.folder.display(),
        of.control,
        of.port,
    )
}

struct Ends {
    near: Device,
    far: Device,
    /// Whether the workstation has yet to look at its files.
    is_paused: Cell<bool>,
    _programs: [Background; 2],
}

impl Ends {
    fn wait_for_each_other(&self) -> Result<()> {
        let connected = || {
            let all = self.near.ask("GET", "/rest/system/connections", None)?;
            Ok((all["connections"][&self.far.id]["connected"] == true).then_some(()))
        };
        until(LOOK, READY, connected)?.context("the two devices do not find each other")
    }

    fn scan(&self) -> Result<()> {
        self.near.ask("POST", "/rest/db/scan?folder=bench", None)?;
        Ok(())
    }
}

impl Pair for Ends {
    fn near(&self) -> PathBuf {
        self.near.folder.clone()
    }

    fn second(&self) -> PathBuf {
        self.far.folder.clone()
    }

    fn sync(&mut self, files: usize, limit: Duration) -> Result<Option<Instant>> {
        if self.is_paused.replace(false) {
            self.near.ask("PATCH", "/rest/config/folders/bench", Some(&json!({"paused": false})))?;
        } else {
            self.scan()?;
        }
        let arrived = || {
            let state = self.far.ask("GET", "/rest/db/status?folder=bench", None)?;
            if state["globalFiles"] != json!(files) || state["needTotalItems"] != json!(0) || state["state"] != "idle" {
                return Ok(None);
            }
            // The far device may not have heard yet of what the scan found: the near one knows what it still lacks.
            let asked = format!("/rest/db/completion?folder=bench&device={}", self.far.id);
            let completion = self.near.ask("GET", &asked, None)?;
            let is_complete = completion["needBytes"] == json!(0) && completion["needItems"] == json!(0);
            Ok(is_complete.then(Instant::now))
        };
        until(LOOK, limit, arrived)
    }

    fn carry(&mut self, change: Change, _limit: Duration) -> Result<Carried> {
        if change == Change::Rename {
            // Its watcher holds deletions back for some seconds more: a scan sees both halves of the renaming at once.
            self.scan()?;
        }
        Ok(Carried::ByItself)
    }
}
