//! rclone's two-way `bisync` to its own WebDAV server.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::engine::{Carried, Change, Engine, Pair, installed, version_line};
use super::memory::End;
use super::room::{Room, free_port, wait_for_port};
use crate::process::{self, Background};

/// The engine.
pub(super) struct Rclone;

impl Engine for Rclone {
    fn name(&self) -> &'static str {
        "rclone bisync"
    }

    fn version(&self) -> Option<String> {
        version_line("rclone", &["version"], "rclone v")
    }

    fn settings(&self) -> &'static str {
        "serve webdav on loopback; --webdav-pacer-min-sleep 0.01ms (its default of 10 ms allows 29 files/s) \
         --transfers 16 --checkers 16 --force, run at once after a change, on each of two workstations for a save; \
         both ways; files not fsynced"
    }

    fn open(&self, room: Rc<Room>) -> Result<Box<dyn Pair>> {
        let hub = room.folder("hub")?;
        let port = free_port()?;
        let mut server = program(&room)?;
        server.args(["serve", "webdav"]).arg(&hub).args(["--addr", &format!("127.0.0.1:{port}")]);
        let server = room.start(End::Far, "rclone-server", &mut server)?;
        wait_for_port(port)?;
        let first = Workstation::new(&room, "first")?;
        let second = Workstation::new(&room, "second")?;
        Ok(Box::new(Ends { room, hub, port, first, second, _server: server }))
    }
}

/// rclone without the user's own settings.
pub(super) fn program(room: &Room) -> Result<Command> {
    let mut command = process::program(installed("rclone")?);
    command.arg("--config").arg(room.write("rclone.conf", "")?);
    Ok(command)
}

struct Workstation {
    folder: PathBuf,
    listings: PathBuf,
    is_begun: bool,
}

impl Workstation {
    fn new(room: &Room, name: &str) -> Result<Self> {
        let listings = room.folder(&format!("{name}-listings"))?;
        Ok(Self { folder: room.folder(name)?, listings, is_begun: false })
    }

    fn sync(&mut self, room: &Room, port: u16, limit: Duration) -> Result<Option<Instant>> {
        let mut command = program(room)?;
        command.arg("bisync").arg(&self.folder);
        command.arg(format!(":webdav,url='http://127.0.0.1:{port}',vendor=rclone:"));
        command.arg("--workdir").arg(&self.listings);
        command.args(["--webdav-pacer-min-sleep", "0.01ms", "--transfers", "16", "--checkers", "16", "--quiet"]);
        // The first run makes the listings that the next ones compare with; without `--force` these refuse to carry the
        // renaming of a folder, which they see as the deletion of most files.
        command.arg(if self.is_begun { "--force" } else { "--resync" });
        let ended = room.run("rclone", &mut command, limit, |_| false)?;
        self.is_begun = true;
        Ok(ended)
    }
}

struct Ends {
    room: Rc<Room>,
    hub: PathBuf,
    port: u16,
    first: Workstation,
    second: Workstation,
    _server: Background,
}

impl Pair for Ends {
    fn near(&self) -> PathBuf {
        self.first.folder.clone()
    }

    fn second(&self) -> PathBuf {
        self.second.folder.clone()
    }

    fn far(&self) -> PathBuf {
        Path::to_path_buf(&self.hub)
    }

    fn sync(&mut self, _files: usize, limit: Duration) -> Result<Option<Instant>> {
        self.first.sync(&self.room, self.port, limit)
    }

    fn has_second(&self) -> bool {
        true
    }

    fn join_second(&mut self, _files: usize, limit: Duration) -> Result<Option<Instant>> {
        self.second.sync(&self.room, self.port, limit)
    }

    fn carry(&mut self, change: Change, limit: Duration) -> Result<Carried> {
        self.first.sync(&self.room, self.port, limit)?;
        if change == Change::Save {
            self.second.sync(&self.room, self.port, limit)?;
        }
        Ok(Carried::ByThisRun)
    }
}
