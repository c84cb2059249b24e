//! What the benchmark asks of every engine, ours and the others, in the same words.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::room::Room;
use crate::{place, process};

/// A program that brings files from one place to another.
pub(super) trait Engine {
    /// Its name in the tables.
    fn name(&self) -> &'static str;

    /// The version it says it is; `None` where it is not installed.
    fn version(&self) -> Option<String>;

    /// How it is set, as it is printed: all that differs from its defaults, and what it does not do.
    fn settings(&self) -> &'static str;

    /// Readies both ends in a room, with no file in them and nothing running that would carry one.
    fn open(&self, room: Rc<Room>) -> Result<Box<dyn Pair>>;
}

/// A change that a person made on the workstation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// One file was saved.
    Save,
    /// A folder was renamed.
    Rename,
}

/// Whether an engine carries a change by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carried {
    /// It watches: there is nothing to do but wait.
    ByItself,
    /// It ran once, and may run again where once was not enough.
    ByThisRun,
}

/// Two ends that an engine holds in agreement.
pub(super) trait Pair {
    /// The workstation's folder: files are put in it, below a folder of their own.
    fn near(&self) -> PathBuf;

    /// The second workstation's folder, once it joined.
    fn second(&self) -> PathBuf;

    /// Where all that reached the far end is seen as files: a server's own folder, or the second workstation's.
    fn far(&self) -> PathBuf {
        self.second()
    }

    /// Ends what runs on the workstation, where the next run is to begin from nothing.
    fn rest(&mut self) -> Result<()> {
        Ok(())
    }

    /// Brings the far end up to date with `files` files; the moment when it was, or `None` at the limit.
    fn sync(&mut self, files: usize, limit: Duration) -> Result<Option<Instant>>;

    /// Has the far end's files where [`Pair::far`] says. Most need nothing for it.
    fn show_far(&mut self, _files: usize, _limit: Duration) -> Result<Option<Instant>> {
        Ok(Some(Instant::now()))
    }

    /// Whether the second workstation is another than the far end, and receives its files from there.
    fn has_second(&self) -> bool {
        false
    }

    /// Has the second workstation hold all files, and watch where the engine watches. Most have it from the beginning.
    fn join_second(&mut self, _files: usize, _limit: Duration) -> Result<Option<Instant>> {
        Ok(Some(Instant::now()))
    }

    /// Does what a person does for a change to be carried to the second workstation (for [`Change::Rename`], to the far
    /// end).
    fn carry(&mut self, change: Change, limit: Duration) -> Result<Carried>;
}

/// The line of a program's answer that holds `word`, or its first.
pub(super) fn version_line(program: &str, arguments: &[&str], word: &str) -> Option<String> {
    let file = place::program(program)?;
    let answer = process::capture_all(process::program(file).args(arguments), Duration::from_secs(30)).ok()?.output;
    let line = answer.lines().find(|line| line.contains(word)).or_else(|| answer.lines().next())?;
    Some(line.trim().to_owned())
}

/// A program's file, which [`Engine::version`] found.
pub(super) fn installed(program: &str) -> Result<PathBuf> {
    place::program(program).with_context(|| format!("{program} is not installed"))
}

/// A path as an argument.
pub(super) fn text(path: &Path) -> Result<&str> {
    path.to_str().with_context(|| format!("{} is not Unicode", path.display()))
}
