//! rsync to its own daemon: one way and by hand, so not a peer but the floor that the others are compared with.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::engine::{Carried, Change, Engine, Pair, installed, version_line};
use super::memory::End;
use super::room::{Room, free_port, wait_for_port};
use crate::place;
use crate::process::{self, Background};

/// The engine.
pub(super) struct Rsync;

impl Engine for Rsync {
    fn name(&self) -> &'static str {
        "rsync"
    }

    fn version(&self) -> Option<String> {
        let line = version_line("rsync", &["--version"], "version")?;
        line.split_whitespace().nth(2).map(|number| format!("rsync {number}"))
    }

    fn settings(&self) -> &'static str {
        "daemon on loopback; rsync -a --delete, run at once after a change; one way; files not fsynced"
    }

    fn open(&self, room: Rc<Room>) -> Result<Box<dyn Pair>> {
        let (near, far) = (room.folder("near")?, room.folder("far")?);
        let port = free_port()?;
        // As root, the daemon would write as nobody.
        let user = if place::is_root() { "uid = 0\ngid = 0\n" } else { "" };
        let settings = format!(
            "port = {port}\naddress = 127.0.0.1\nuse chroot = no\n{user}[bench]\npath = {}\nread only = no\n",
            far.display()
        );
        let config = room.write("rsyncd.conf", &settings)?;
        let mut daemon = process::program(installed("rsync")?);
        daemon.args(["--daemon", "--no-detach"]).arg(format!("--config={}", config.display()));
        let daemon = room.start(End::Far, "rsync-daemon", &mut daemon)?;
        wait_for_port(port)?;
        Ok(Box::new(Ends { room, near, far, port, _daemon: daemon }))
    }
}

struct Ends {
    room: Rc<Room>,
    near: PathBuf,
    far: PathBuf,
    port: u16,
    _daemon: Background,
}

impl Pair for Ends {
    fn near(&self) -> PathBuf {
        self.near.clone()
    }

    fn second(&self) -> PathBuf {
        self.far.clone()
    }

    fn sync(&mut self, _files: usize, limit: Duration) -> Result<Option<Instant>> {
        let mut command = process::program(installed("rsync")?);
        command.args(["-a", "--delete"]).arg(format!("{}/", self.near.display()));
        command.arg(format!("rsync://127.0.0.1:{}/bench/", self.port));
        self.room.run("rsync", &mut command, limit, |_| false)
    }

    fn carry(&mut self, _change: Change, limit: Duration) -> Result<Carried> {
        self.sync(0, limit)?;
        Ok(Carried::ByThisRun)
    }
}
