//! Unison to its own socket server: the quickest of the engines that carry both ways.

use std::path::PathBuf;
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::engine::{Carried, Change, Engine, Pair, installed, version_line};
use super::memory::End;
use super::room::{Room, free_port, wait_for_port};
use crate::process::{self, Background};

/// The engine.
pub(super) struct Unison;

impl Engine for Unison {
    fn name(&self) -> &'static str {
        "unison"
    }

    fn version(&self) -> Option<String> {
        let line = version_line("unison", &["-version"], "version")?;
        line.split_whitespace().nth(2).map(|number| format!("unison {number}"))
    }

    fn settings(&self) -> &'static str {
        "socket server on loopback; -batch -auto -fastcheck true, run at once after a change; both ways; files not fsynced"
    }

    fn open(&self, room: Rc<Room>) -> Result<Box<dyn Pair>> {
        let (near, far) = (room.folder("near")?, room.folder("far")?);
        let port = free_port()?;
        let mut server = program(&room)?;
        server.args(["-socket", &port.to_string(), "-listen", "127.0.0.1"]);
        let server = room.start(End::Far, "unison-server", &mut server)?;
        wait_for_port(port)?;
        Ok(Box::new(Ends { room, near, far, port, _server: server }))
    }
}

/// Unison with archives of this run only.
fn program(room: &Room) -> Result<Command> {
    let mut command = process::program(installed("unison")?);
    command.env("UNISON", room.folder("archives")?);
    Ok(command)
}

struct Ends {
    room: Rc<Room>,
    near: PathBuf,
    far: PathBuf,
    port: u16,
    _server: Background,
}

impl Pair for Ends {
    fn near(&self) -> PathBuf {
        self.near.clone()
    }

    fn second(&self) -> PathBuf {
        self.far.clone()
    }

    fn sync(&mut self, _files: usize, limit: Duration) -> Result<Option<Instant>> {
        let mut command = program(&self.room)?;
        command.arg(&self.near).arg(format!("socket://127.0.0.1:{}/{}", self.port, self.far.display()));
        command.args(["-ui", "text", "-batch", "-silent", "-auto", "-fastcheck", "true"]);
        self.room.run("unison", &mut command, limit, |_| false)
    }

    fn carry(&mut self, _change: Change, limit: Duration) -> Result<Carried> {
        self.sync(0, limit)?;
        Ok(Carried::ByThisRun)
    }
}
