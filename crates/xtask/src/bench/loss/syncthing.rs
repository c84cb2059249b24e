//! Syncthing: two devices that know only each other.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::super::engine::Engine as _;
use super::super::memory::End;
use super::super::room::{Room, until};
use super::super::syncthing::{Device, Syncthing, settings};
use super::contender::{Contender, Setting};
use super::script::Side;
use crate::process::Background;

/// How long nothing may have moved to be at rest: longer than its watcher waits.
const STILL: Duration = Duration::from_secs(4);
const READY: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_millis(100);
const VERSIONING: &str = "<versioning type=\"simple\"><param key=\"keep\" val=\"100\"/></versioning>";

/// With or without versioning.
pub(super) struct Set {
    pub(super) has_versions: bool,
}

impl Setting for Set {
    fn name(&self) -> &'static str {
        if self.has_versions { "syncthing, versions" } else { "syncthing" }
    }

    fn settings(&self) -> &'static str {
        if self.has_versions {
            "as syncthing, and simple versioning on both, 100 of each"
        } else {
            "A and B as a pair; watcher at 1 s (default 10) and asked to scan at each sync; otherwise its defaults, which \
             keep no versions"
        }
    }

    fn version(&self) -> Option<String> {
        Syncthing.version()
    }

    fn open(&self, room: Rc<Room>) -> Result<Box<dyn Contender>> {
        let devices = [Device::new(&room, "near")?, Device::new(&room, "far")?];
        let both: Vec<&Device> = devices.iter().collect();
        let versioning = if self.has_versions { VERSIONING } else { "" };
        for device in &devices {
            room.write(&format!("{}-home/config.xml", device.name), &settings(device, &both, false, versioning))?;
        }
        let start = |device: &Device| device.start(&room, End::Near).map(Some);
        let programs = [start(&devices[0])?, start(&devices[1])?];
        let pair = Pair { room, devices, programs };
        until(LOOK, READY, || Ok(pair.are_connected()?.then_some(())))?
            .context("the devices do not find each other")?;
        Ok(Box::new(pair))
    }
}

struct Pair {
    room: Rc<Room>,
    devices: [Device; 2],
    programs: [Option<Background>; 2],
}

impl Pair {
    fn are_connected(&self) -> Result<bool> {
        let all = self.devices[0].ask("GET", "/rest/system/connections", None)?;
        Ok(all["connections"][&self.devices[1].id]["connected"] == true)
    }

    /// Where both stand; `None` while something moves.
    fn still(&self) -> Result<Option<Vec<Value>>> {
        let mut stand = Vec::new();
        for device in &self.devices {
            let state = device.ask("GET", "/rest/db/status?folder=bench", None)?;
            if state["state"] != "idle" || state["needTotalItems"] != json!(0) {
                return Ok(None);
            }
            stand.push(state["sequence"].clone());
        }
        for (device, other) in [(0, 1), (1, 0)] {
            let asked = format!("/rest/db/completion?folder=bench&device={}", self.devices[other].id);
            let completion = self.devices[device].ask("GET", &asked, None)?;
            if completion["needItems"] != json!(0) || completion["needDeletes"] != json!(0) {
                return Ok(None);
            }
        }
        Ok(self.are_connected()?.then_some(stand))
    }
}

impl Contender for Pair {
    fn folder(&self, side: Side) -> PathBuf {
        self.devices[usize::from(side == Side::B)].folder.clone()
    }

    fn begin_sync(&mut self) -> Result<()> {
        for device in &self.devices {
            // One that is told to stop and start again may refuse; its watcher has seen the change all the same.
            let _ = device.ask("POST", "/rest/db/scan?folder=bench", None);
        }
        Ok(())
    }

    fn go_on(&mut self) -> Result<bool> {
        Ok(false)
    }

    fn kill(&mut self, side: Side) -> Result<()> {
        let position = usize::from(side == Side::B);
        if let Some(running) = self.programs[position].take() {
            running.kill();
        }
        self.programs[position] = Some(self.devices[position].start(&self.room, End::Near)?);
        Ok(())
    }

    fn set_offline(&mut self, is_offline: bool) -> Result<()> {
        let verb = if is_offline { "pause" } else { "resume" };
        for (device, other) in [(0, 1), (1, 0)] {
            let asked = format!("/rest/system/{verb}?device={}", self.devices[other].id);
            self.devices[device].ask("POST", &asked, None)?;
        }
        Ok(())
    }

    fn rest(&mut self, limit: Duration) -> Result<bool> {
        self.begin_sync()?;
        let mut since: Option<(Instant, Vec<Value>)> = None;
        let rested = until(LOOK, limit, || {
            let Some(stand) = self.still()? else {
                since = None;
                return Ok(None);
            };
            match &since {
                Some((from, before)) if *before == stand => Ok((from.elapsed() > STILL).then_some(())),
                _ => {
                    since = Some((Instant::now(), stand));
                    Ok(None)
                }
            }
        })?;
        Ok(rested.is_some())
    }

    fn stores(&self) -> Vec<PathBuf> {
        Vec::new()
    }
}
