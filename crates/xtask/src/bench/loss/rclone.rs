//! rclone bisync: both workstations with a folder on a hub, through its WebDAV server.

use std::path::PathBuf;
use std::process::Command;
use std::rc::Rc;

use anyhow::Result;

use super::super::engine::Engine as _;
use super::super::memory::End;
use super::super::rclone::{Rclone, program};
use super::super::room::{Room, free_port, wait_for_port};
use super::contender::{After, Contender, OnDemand, Runs, Setting, delete_files};
use super::script::Side;
use crate::process::Background;

/// With or without backups.
pub(super) struct Set {
    pub(super) has_backups: bool,
}

impl Setting for Set {
    fn name(&self) -> &'static str {
        if self.has_backups { "rclone bisync, backups" } else { "rclone bisync" }
    }

    fn settings(&self) -> &'static str {
        if self.has_backups {
            "as rclone bisync, and --backup-dir1 and --backup-dir2"
        } else {
            "A and B with a hub over serve webdav; --resilient --recover, otherwise its defaults (both files of a \
             conflict are kept, no backups); pacer at 0.01 ms; what its words ask for is done: lock deleted, --force, \
             --resync"
        }
    }

    fn version(&self) -> Option<String> {
        Rclone.version()
    }

    fn open(&self, room: Rc<Room>) -> Result<Box<dyn Contender>> {
        let hub = room.folder("hub")?;
        let port = free_port()?;
        let mut server = program(&room)?;
        server.args(["serve", "webdav"]).arg(&hub).args(["--addr", &format!("127.0.0.1:{port}")]);
        let server = room.start(End::Far, "rclone-server", &mut server)?;
        wait_for_port(port)?;
        let folder = |name: &str| room.folder(name);
        let engine = Bisync {
            port,
            has_backups: self.has_backups,
            folders: [folder("a")?, folder("b")?],
            extra: [Some("--resync"), Some("--resync")],
            runs: 0,
            stores: vec![hub, folder("backups")?],
            _server: server,
        };
        folder("hub/documents")?;
        let mut engine = OnDemand::new(room, engine);
        engine.begin_sync()?;
        Ok(Box::new(engine))
    }
}

struct Bisync {
    port: u16,
    has_backups: bool,
    folders: [PathBuf; 2],
    /// What the next run of each is given besides.
    extra: [Option<&'static str>; 2],
    /// How many there were: each has a folder of its own for backups, so that none writes over another.
    runs: usize,
    stores: Vec<PathBuf>,
    _server: Background,
}

fn position(side: Side) -> usize {
    usize::from(side == Side::B)
}

fn listings(side: Side) -> &'static str {
    match side {
        Side::A => "listings-a",
        Side::B => "listings-b",
    }
}

impl Runs for Bisync {
    fn folder(&self, side: Side) -> PathBuf {
        self.folders[position(side)].clone()
    }

    fn stores(&self) -> Vec<PathBuf> {
        self.stores.clone()
    }

    fn command(&mut self, room: &Room, side: Side) -> Result<Command> {
        let mut command = program(room)?;
        let remote = format!(":webdav,url='http://127.0.0.1:{}',vendor=rclone:", self.port);
        command.arg("bisync").arg(self.folder(side)).arg(format!("{remote}documents"));
        command.arg("--workdir").arg(room.folder(listings(side))?);
        command.args(["--webdav-pacer-min-sleep", "0.01ms", "--resilient", "--recover"]);
        if self.has_backups {
            self.runs += 1;
            let run = self.runs;
            command.arg("--backup-dir1").arg(room.path("backups").join(run.to_string()));
            command.arg("--backup-dir2").arg(format!("{remote}backups/{run}"));
        }
        command.args(self.extra[position(side)].take());
        Ok(command)
    }

    fn ended(&mut self, room: &Room, side: Side, code: Option<i32>, said: &str) -> Result<After> {
        if code == Some(0) {
            return Ok(After::Over);
        }
        if said.contains("prior lock file found") {
            delete_files(&room.path(listings(side)), |name| name.contains(".lck"))?;
            return Ok(After::Repaired);
        }
        let extra = &mut self.extra[position(side)];
        if said.contains("--force") {
            *extra = Some("--force");
        } else if said.contains("Must run --resync") || said.contains("run --resync") {
            *extra = Some("--resync");
        } else {
            return Ok(After::Over);
        }
        Ok(After::Repaired)
    }
}
