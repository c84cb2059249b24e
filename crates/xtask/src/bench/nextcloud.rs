//! Nextcloud's client engine, before a stand-in for its server that costs next to nothing (`nextcloud_shim.py`).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::engine::{Carried, Change, Engine, Pair, installed, version_line};
use super::memory::End;
use super::room::{Room, free_port, wait_for_port};
use crate::process::{self, Background};

/// The stand-in for the server.
const SHIM: &str = include_str!("nextcloud_shim.py");

/// The engine.
pub(super) struct Nextcloud;

impl Engine for Nextcloud {
    fn name(&self) -> &'static str {
        "nextcloudcmd"
    }

    fn version(&self) -> Option<String> {
        // The stand-in for its server runs in Python.
        installed("python3").ok()?;
        let line = version_line("nextcloudcmd", &["--version"], "version")?;
        line.split_whitespace().nth(2).map(|number| format!("nextcloudcmd {number}"))
    }

    fn settings(&self) -> &'static str {
        "our stand-in server on loopback (kinder than a real one), uploads in bulk and in chunks; run at once after a \
         change, on each of two workstations for a save; it leaves files younger than 2 s; both ways; files not fsynced"
    }

    fn open(&self, room: Rc<Room>) -> Result<Box<dyn Pair>> {
        let (server, port) = serve(&room, None)?;
        let (near, second, hub) = (room.folder("near")?, room.folder("second")?, room.path("hub"));
        room.folder("home")?;
        Ok(Box::new(Ends { room, hub, near, second, port, _server: server }))
    }
}

/// Starts the stand-in on the folder `hub`; its port. What is overwritten or deleted there goes to `kept`, if given.
pub(super) fn serve(room: &Room, kept: Option<&Path>) -> Result<(Background, u16)> {
    let (hub, uploads) = (room.folder("hub")?, room.folder("uploads")?);
    let shim = room.write("nextcloud_shim.py", SHIM)?;
    let port = free_port()?;
    let mut server = process::program(installed("python3")?);
    server.arg(shim).arg(&hub).arg(uploads).arg(port.to_string()).args(kept);
    let server = room.start(End::Far, "nextcloud-shim", &mut server)?;
    wait_for_port(port)?;
    Ok((server, port))
}

/// One run of the client, its own settings in `home`.
pub(super) fn client(home: &Path, folder: &Path, port: u16) -> Result<Command> {
    let mut command = process::program(installed("nextcloudcmd")?);
    command.env("HOME", home).env("XDG_CONFIG_HOME", home.join("config")).env("XDG_DATA_HOME", home.join("data"));
    command.env("QT_QPA_PLATFORM", "offscreen").args(["-s", "--non-interactive", "-u", "u", "-p", "p"]);
    command.arg(folder).arg(format!("http://127.0.0.1:{port}/"));
    Ok(command)
}

struct Ends {
    room: Rc<Room>,
    hub: PathBuf,
    near: PathBuf,
    second: PathBuf,
    port: u16,
    _server: Background,
}

impl Ends {
    fn run(&self, folder: &Path, limit: Duration) -> Result<Option<Instant>> {
        let mut command = client(&self.room.path("home"), folder, self.port)?;
        // It ends with 1 when it left a file for its next run.
        self.room.run("nextcloudcmd", &mut command, limit, |code| code == 1)
    }
}

impl Pair for Ends {
    fn near(&self) -> PathBuf {
        self.near.clone()
    }

    fn second(&self) -> PathBuf {
        self.second.clone()
    }

    fn far(&self) -> PathBuf {
        self.hub.clone()
    }

    fn sync(&mut self, _files: usize, limit: Duration) -> Result<Option<Instant>> {
        self.run(&self.near, limit)
    }

    fn has_second(&self) -> bool {
        true
    }

    fn join_second(&mut self, _files: usize, limit: Duration) -> Result<Option<Instant>> {
        self.run(&self.second, limit)
    }

    fn carry(&mut self, change: Change, limit: Duration) -> Result<Carried> {
        self.run(&self.near, limit)?;
        if change == Change::Save {
            self.run(&self.second, limit)?;
        }
        Ok(Carried::ByThisRun)
    }
}
