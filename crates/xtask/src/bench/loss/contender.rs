//! What the league asks of every engine: two folders, syncs, kills, and all the places where it may keep contents.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::super::memory::End;
use super::super::room::Room;
use super::script::Side;
use crate::interrupt;
use crate::process::Background;

/// Longest run of an engine that is run on demand.
const RUN: Duration = Duration::from_mins(1);
/// Repairs within one run, after which it is left to the next.
const REPAIRS: usize = 3;
/// How often anything is looked at.
pub(super) const LOOK: Duration = Duration::from_millis(5);

/// An engine between two workstations.
pub(super) trait Contender {
    /// The folder in which a person of this workstation works.
    fn folder(&self, side: Side) -> PathBuf;

    /// Both workstations are to be brought up to date, as soon as may be.
    fn begin_sync(&mut self) -> Result<()>;

    /// Goes on with what was begun; whether something runs that ends by itself.
    fn go_on(&mut self) -> Result<bool>;

    /// Kills what runs on a workstation without a word, and starts it again.
    fn kill(&mut self, side: Side) -> Result<()>;

    /// Cuts both workstations off, or connects them again.
    fn set_offline(&mut self, is_offline: bool) -> Result<()>;

    /// Leaves it alone until nothing moves any more; whether that was within the limit.
    fn rest(&mut self, limit: Duration) -> Result<bool>;

    /// Folders, besides those of the workstations, in which anybody can find a content again.
    fn stores(&self) -> Vec<PathBuf>;

    /// Contents that are found otherwise than as files.
    fn contents(&mut self) -> Result<Vec<Vec<u8>>> {
        Ok(Vec::new())
    }

    /// What it tells people to look after, at the end.
    fn says(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    /// How often a person had to act for the engine to go on.
    fn repairs(&self) -> usize {
        0
    }
}

/// A way to set an engine.
pub(super) trait Setting: Sync {
    /// Name of the engine.
    fn name(&self) -> &'static str;

    /// How it is set, and what keeps earlier contents.
    fn settings(&self) -> &'static str;

    /// The version it says it is; `None` where it is not installed.
    fn version(&self) -> Option<String>;

    /// Readies it in a room, with two empty folders.
    fn open(&self, room: Rc<Room>) -> Result<Box<dyn Contender>>;
}

/// What follows the end of a run.
pub(super) enum After {
    /// It did what it could.
    Over,
    /// It refuses to go on; a person did what its own words say, and it is run again.
    Repaired,
}

/// An engine that is run by a person, or by a clock.
pub(super) trait Runs {
    fn folder(&self, side: Side) -> PathBuf;
    fn stores(&self) -> Vec<PathBuf>;

    /// One run for a workstation.
    fn command(&mut self, room: &Room, side: Side) -> Result<Command>;

    /// A run ended with this code after it said this.
    fn ended(&mut self, room: &Room, side: Side, code: Option<i32>, said: &str) -> Result<After>;
}

/// Runs for the first workstation, the second, and the first again: what one sends the other has.
pub(super) struct OnDemand<R> {
    room: Rc<Room>,
    engine: R,
    queue: VecDeque<Side>,
    running: Option<Run>,
    repairs: usize,
}

struct Run {
    side: Side,
    program: Background,
    since: Instant,
    repairs: usize,
}

impl<R: Runs> OnDemand<R> {
    pub(super) fn new(room: Rc<Room>, engine: R) -> Self {
        Self { room, engine, queue: VecDeque::new(), running: None, repairs: 0 }
    }

    fn start(&mut self, side: Side, repairs: usize) -> Result<()> {
        let mut command = self.engine.command(&self.room, side)?;
        let program = self.room.start(End::Near, "run", &mut command)?;
        self.running = Some(Run { side, program, since: Instant::now(), repairs });
        Ok(())
    }

    fn finish(&mut self, limit: Duration) -> Result<bool> {
        let began = Instant::now();
        while self.go_on()? {
            if began.elapsed() > limit {
                return Ok(false);
            }
            if interrupt::wait(LOOK) {
                bail!("interrupted");
            }
        }
        Ok(true)
    }
}

impl<R: Runs> Contender for OnDemand<R> {
    fn folder(&self, side: Side) -> PathBuf {
        self.engine.folder(side)
    }

    fn begin_sync(&mut self) -> Result<()> {
        self.queue.extend([Side::A, Side::B, Side::A]);
        Ok(())
    }

    fn go_on(&mut self) -> Result<bool> {
        let Some(run) = &mut self.running else {
            let Some(side) = self.queue.pop_front() else { return Ok(false) };
            self.start(side, 0)?;
            return Ok(true);
        };
        let Some(status) = run.program.ended()? else {
            if run.since.elapsed() > RUN {
                bail!("a run takes longer than {} s:\n{}", RUN.as_secs(), run.program.last_lines());
            }
            return Ok(true);
        };
        let run = self.running.take().context("BUG: it was there")?;
        let said = run.program.all_lines();
        match self.engine.ended(&self.room, run.side, status.code(), &said)? {
            After::Repaired if run.repairs < REPAIRS => {
                self.repairs += 1;
                self.start(run.side, run.repairs + 1)?;
            }
            _ => {}
        }
        Ok(true)
    }

    fn kill(&mut self, _side: Side) -> Result<()> {
        // Whichever runs: the next is the same again, as a clock would start it.
        if let Some(run) = self.running.take() {
            run.program.kill();
            self.queue.push_front(run.side);
        }
        Ok(())
    }

    fn set_offline(&mut self, _is_offline: bool) -> Result<()> {
        Ok(())
    }

    fn rest(&mut self, limit: Duration) -> Result<bool> {
        // What one round brings to the hub, the next brings to the other workstation; a third has nothing to do.
        for _ in 0..2 {
            self.begin_sync()?;
            if !self.finish(limit)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn stores(&self) -> Vec<PathBuf> {
        self.engine.stores()
    }

    fn repairs(&self) -> usize {
        self.repairs
    }
}

/// Deletes the files of a folder that a person is told to delete; how many there were.
pub(super) fn delete_files(folder: &Path, is_meant: impl Fn(&str) -> bool) -> Result<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir(folder).with_context(|| format!("{} cannot be listed", folder.display()))? {
        let path = entry?.path();
        if path.file_name().and_then(|name| name.to_str()).is_some_and(&is_meant) {
            std::fs::remove_file(&path).with_context(|| format!("{} cannot be deleted", path.display()))?;
            count += 1;
        }
    }
    Ok(count)
}
