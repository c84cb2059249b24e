//! Unison: both workstations with a folder on a hub, through its socket server.

use std::path::PathBuf;
use std::process::Command;
use std::rc::Rc;

use anyhow::Result;

use super::super::engine::{Engine as _, installed, text};
use super::super::memory::End;
use super::super::room::{Room, free_port, wait_for_port};
use super::super::unison::Unison;
use super::contender::{After, Contender, OnDemand, Runs, Setting, delete_files};
use super::script::Side;
use crate::process::{self, Background};

/// With or without backups.
pub(super) struct Set {
    pub(super) has_backups: bool,
}

impl Setting for Set {
    fn name(&self) -> &'static str {
        if self.has_backups { "unison, backups" } else { "unison" }
    }

    fn settings(&self) -> &'static str {
        if self.has_backups {
            "as unison, and -backup 'Name *', kept centrally, 100 of each"
        } else {
            "A and B with a hub over its socket server; -batch -auto, otherwise its defaults, which keep no backups"
        }
    }

    fn version(&self) -> Option<String> {
        Unison.version()
    }

    fn open(&self, room: Rc<Room>) -> Result<Box<dyn Contender>> {
        let stores = vec![room.folder("hub")?, room.folder("backups")?];
        let folders = [room.folder("a")?, room.folder("b")?];
        let hub = Hub { port: free_port()?, has_backups: self.has_backups, folders, stores, server: None };
        let mut engine = OnDemand::new(room, hub);
        engine.begin_sync()?;
        Ok(Box::new(engine))
    }
}

struct Hub {
    port: u16,
    has_backups: bool,
    folders: [PathBuf; 2],
    stores: Vec<PathBuf>,
    server: Option<Background>,
}

/// Unison with archives of this room and of one machine of it.
fn program(room: &Room, machine: &str) -> Result<Command> {
    let mut command = process::program(installed("unison")?);
    command.env("UNISON", room.folder(machine)?);
    Ok(command)
}

fn machine(side: Side) -> &'static str {
    match side {
        Side::A => "archives-a",
        Side::B => "archives-b",
    }
}

impl Hub {
    fn serve(&mut self, room: &Room) -> Result<()> {
        let mut server = program(room, "archives-hub")?;
        server.args(["-socket", &self.port.to_string(), "-listen", "127.0.0.1"]);
        self.server = Some(room.start(End::Far, "unison-server", &mut server)?);
        wait_for_port(self.port)
    }
}

impl Runs for Hub {
    fn folder(&self, side: Side) -> PathBuf {
        self.folders[usize::from(side == Side::B)].clone()
    }

    fn stores(&self) -> Vec<PathBuf> {
        self.stores.clone()
    }

    fn command(&mut self, room: &Room, side: Side) -> Result<Command> {
        if self.server.as_mut().is_none_or(|server| server.has_ended()) {
            self.serve(room)?;
        }
        let mut command = program(room, machine(side))?;
        command.arg(self.folder(side));
        command.arg(format!("socket://127.0.0.1:{}/{}", self.port, room.path("hub").display()));
        command.args(["-ui", "text", "-batch", "-auto"]);
        if self.has_backups {
            command.args(["-backup", "Name *", "-backuplocation", "central", "-maxbackups", "100"]);
            command.args(["-backupdir", text(&room.path("backups"))?]);
        }
        Ok(command)
    }

    fn ended(&mut self, room: &Room, side: Side, code: Option<i32>, said: &str) -> Result<After> {
        // 1 and 2: some files were left out. 3: it did nothing.
        if code != Some(3) || !said.contains("lock") {
            return Ok(After::Over);
        }
        let mut deleted = 0;
        for folder in [machine(side), "archives-hub"] {
            deleted += delete_files(&room.path(folder), |name| name.starts_with("lk"))?;
        }
        Ok(if deleted > 0 { After::Repaired } else { After::Over })
    }
}
