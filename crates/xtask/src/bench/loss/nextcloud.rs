//! nextcloudcmd: both workstations with our stand-in for its server.

use std::path::PathBuf;
use std::process::Command;
use std::rc::Rc;

use anyhow::Result;

use super::super::engine::Engine as _;
use super::super::nextcloud::{Nextcloud, client, serve};
use super::super::room::Room;
use super::contender::{After, Contender, OnDemand, Runs, Setting};
use super::script::Side;
use crate::process::Background;

/// Its one setting.
pub(super) struct Set;

impl Setting for Set {
    fn name(&self) -> &'static str {
        "nextcloudcmd"
    }

    fn settings(&self) -> &'static str {
        "A and B with our stand-in server, which keeps every version and all that is deleted for good, as a real one does \
         for a time; its defaults"
    }

    fn version(&self) -> Option<String> {
        Nextcloud.version()
    }

    fn open(&self, room: Rc<Room>) -> Result<Box<dyn Contender>> {
        let kept = room.folder("kept")?;
        let (server, port) = serve(&room, Some(&kept))?;
        let engine = Clients {
            port,
            folders: [room.folder("a")?, room.folder("b")?],
            stores: vec![room.path("hub"), kept],
            _server: server,
        };
        let mut engine = OnDemand::new(room, engine);
        engine.begin_sync()?;
        Ok(Box::new(engine))
    }
}

struct Clients {
    port: u16,
    folders: [PathBuf; 2],
    stores: Vec<PathBuf>,
    _server: Background,
}

impl Runs for Clients {
    fn folder(&self, side: Side) -> PathBuf {
        self.folders[usize::from(side == Side::B)].clone()
    }

    fn stores(&self) -> Vec<PathBuf> {
        self.stores.clone()
    }

    fn command(&mut self, room: &Room, side: Side) -> Result<Command> {
        let home = room.folder(if side == Side::A { "home-a" } else { "home-b" })?;
        client(&home, &self.folder(side), self.port)
    }

    fn ended(&mut self, _room: &Room, _side: Side, _code: Option<i32>, _said: &str) -> Result<After> {
        // It ends with 1 when it left a file for its next run.
        Ok(After::Over)
    }
}
