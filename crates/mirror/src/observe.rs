//! The observer: what is on the disk, and what became of what was there.
//!
//! Hints and rescans make folders due; a look lists one, compares it with what was last seen there, takes the bytes of new
//! and changed files into the staging, and writes rows. Absence is a removal only when it is proven: the folder above
//! was listed, and a second look, two seconds later and after every folder touched meanwhile, still finds nothing.
//! It decides nothing about the firm: that is the planner's.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use domain::id::NodeId;
use domain::time::Instant;
use store::replica::{Replica, ReplicaTx};

use crate::desk::{Desk, is_of_kind};
use crate::{Context, Error};

mod appear;
mod compare;
mod damage;
mod folder;
mod notes;
mod settle;

pub(crate) use notes::{client_file_of, freed, mark_above};

use notes::Note;
use settle::{SETTLE_MS, Settling};

/// The most a folder that is touched again and again is put off.
const PUT_OFF_MS: i64 = 1_000;
/// How long after the first look what was missing is looked for again.
const SECOND_LOOK_MS: i64 = 2_000;

/// How much one step looks at before others get their turn.
const ENTRIES: usize = 5_000;
const FILES: usize = 500;
const BYTES: u64 = 64 * 1024 * 1024;

#[derive(Debug, Clone, Copy)]
struct Touched {
    since: Instant,
    due: Instant,
    deep: bool,
    /// Only something that could not be read is tried again.
    is_retry: bool,
}

/// The observer's memory: nothing of it outlives the process, since a start looks at everything.
#[derive(Default)]
pub(crate) struct Observer {
    /// Folders to look at, by their path below the mirror's.
    folders: BTreeMap<PathBuf, Touched>,
    /// Nodes not found at the first look, with when that was.
    missing: BTreeMap<NodeId, Instant>,
    settling: Settling,
    /// Documents that a program marks as open, by their folder's path, with the program.
    open: BTreeMap<PathBuf, BTreeMap<NodeId, &'static str>>,
    /// Nodes whose bytes may have been lost by a power cut.
    suspects: BTreeSet<NodeId>,
}

/// What a look works with.
struct Look<'l, 'c> {
    desk: &'l Desk,
    replica: &'l Replica,
    context: &'l mut Context<'c>,
    entries: usize,
    files: usize,
    bytes: u64,
    changed: bool,
}

impl Look<'_, '_> {
    fn is_spent(&self) -> bool {
        self.entries == 0 || self.files == 0 || self.bytes == 0
    }

    fn now(&self) -> Instant {
        self.context.now
    }
}

impl Observer {
    /// An observer that begins: all is to be looked at. `suspects`: nodes that may not have reached stable storage.
    pub(crate) fn new(suspects: BTreeSet<NodeId>, now: Instant) -> Self {
        let mut observer = Self { suspects, ..Self::default() };
        observer.rescan(now);
        observer
    }

    /// Makes the whole mirror due.
    pub(crate) fn rescan(&mut self, now: Instant) {
        self.look_at(PathBuf::new(), now, true);
    }

    /// A folder, by its path below the mirror's, may have changed: it is due when it was left alone for a while.
    pub(crate) fn touch(&mut self, folder: PathBuf, now: Instant) {
        let touched =
            self.folders.entry(folder).or_insert(Touched { since: now, due: now, deep: false, is_retry: false });
        touched.is_retry = false;
        if !touched.deep {
            touched.due = now.plus(SETTLE_MS).min(touched.since.plus(PUT_OFF_MS));
        }
    }

    /// Makes a folder due now; with `deep`, all below it too.
    pub(crate) fn look_at(&mut self, folder: PathBuf, now: Instant, deep: bool) {
        self.look_later(folder, Touched { since: now, due: now, deep, is_retry: false });
    }

    fn look_later(&mut self, folder: PathBuf, look: Touched) {
        let touched = self.folders.entry(folder).or_insert(look);
        touched.due = touched.due.min(look.due);
        touched.deep |= look.deep;
        touched.is_retry &= look.is_retry;
    }

    /// The mirror moved a folder: what was to be looked at in it, or waits there to be quiet, is where the folder is.
    pub(crate) fn folder_was_moved(&mut self, from: &Path, to: &Path) {
        let moved: Vec<PathBuf> = self.folders.keys().filter(|folder| folder.starts_with(from)).cloned().collect();
        for folder in moved {
            if let (Some(touched), Ok(below)) = (self.folders.remove(&folder), folder.strip_prefix(from)) {
                let now_at = if below.as_os_str().is_empty() { to.to_owned() } else { to.join(below) };
                self.look_later(now_at, touched);
            }
        }
        self.settling.folder_was_moved(from, to);
    }

    /// The documents that a program marks as open, with the program.
    pub(crate) fn open_documents(&self) -> BTreeMap<NodeId, &'static str> {
        self.open.values().flatten().map(|(node, program)| (*node, *program)).collect()
    }

    /// Whether a scan of everything is under way.
    pub(crate) fn is_scanning(&self) -> bool {
        self.folders.values().any(|touched| touched.deep)
    }

    /// Whether there is something to look at that is not merely tried again.
    pub(crate) fn is_busy(&self) -> bool {
        !self.missing.is_empty() || self.folders.values().any(|touched| !touched.is_retry)
    }

    /// Whether something left the disk, as far as one look tells.
    pub(crate) fn is_missing_something(&self) -> bool {
        !self.missing.is_empty()
    }

    /// When there is something to look at.
    pub(crate) fn next(&self) -> Option<Instant> {
        let folders = self.folders.values().map(|touched| touched.due).min();
        let missing = self.missing.values().map(|first| {
            let second = first.plus(SECOND_LOOK_MS);
            self.folders_before(second).map(|touched| touched.due).min().unwrap_or(second)
        });
        folders.into_iter().chain(missing).min()
    }

    /// Folders that were touched before a time and not looked at since: what is missing may be in one of them.
    fn folders_before(&self, time: Instant) -> impl Iterator<Item = &Touched> {
        self.folders.values().filter(move |touched| touched.since <= time)
    }

    /// The clock was set back: nothing waits for a time that is far away by now.
    pub(crate) fn clock_was_set_back(&mut self, now: Instant) {
        for touched in self.folders.values_mut() {
            (touched.since, touched.due) = (now, now);
        }
        for first in self.missing.values_mut() {
            *first = now;
        }
        self.settling = Settling::default();
    }

    /// Looks at what is due, within a bound. Whether rows changed.
    pub(crate) fn look(&mut self, desk: &Desk, replica: &Replica, context: &mut Context<'_>) -> Result<bool, Error> {
        let mut look = Look { desk, replica, context, entries: ENTRIES, files: FILES, bytes: BYTES, changed: false };
        while let Some(folder) = self.due(look.now()).filter(|_| !look.is_spent()) {
            let touched = self.folders.remove(&folder).expect("BUG: it was just found");
            self.look_at_folder(&mut look, &folder, touched)?;
        }
        if self.due(look.now()).is_none() {
            self.look_again_for_missing(&mut look)?;
        }
        let now = look.now();
        self.settling.forget_old(now);
        Ok(look.changed)
    }

    fn due(&self, now: Instant) -> Option<PathBuf> {
        self.folders.iter().find(|(_, touched)| touched.due <= now).map(|(folder, _)| folder.clone())
    }

    /// The second look: what is still not there was removed.
    fn look_again_for_missing(&mut self, look: &mut Look<'_, '_>) -> Result<(), Error> {
        let now = look.now();
        let due: Vec<NodeId> = self
            .missing
            .iter()
            .filter(|(_, first)| {
                let second = first.plus(SECOND_LOOK_MS);
                second <= now && self.folders_before(second).next().is_none()
            })
            .map(|(node, _)| *node)
            .collect();
        let mut notes = Vec::new();
        for node in due {
            self.missing.remove(&node);
            if self.is_removed(look, node)? {
                notes.push(Note::Removed(node));
            }
        }
        notes::write(look, None, notes)
    }

    fn is_removed(&mut self, look: &mut Look<'_, '_>, node: NodeId) -> Result<bool, Error> {
        let found = look.replica.read(|tx| {
            let Some(local) = tx.local_node(node)? else { return Ok(None) };
            let folder = look.desk.folder_path(tx, local.place.parent)?;
            Ok(folder.map(|folder| (folder, local)))
        })?;
        let Some((folder, local)) = found else { return Ok(false) };
        let now = look.now();
        let is_listed = look.desk.disk.list(&folder).is_ok();
        if !is_listed {
            // The folder itself is gone or cannot be read: it is looked at from above.
            let below = folder.strip_prefix(&look.desk.root).unwrap_or(&folder);
            self.look_at(below.parent().unwrap_or(Path::new("")).to_owned(), now, false);
            return Ok(false);
        }
        match look.desk.stat(&folder.join(&local.place.name)) {
            Ok(None) => Ok(true),
            Ok(Some(meta)) if !is_of_kind(&meta, local.is_folder) => Ok(true),
            Ok(Some(_)) | Err(_) => {
                let below = folder.strip_prefix(&look.desk.root).unwrap_or(&folder).to_owned();
                self.look_at(below, now, false);
                Ok(false)
            }
        }
    }
}

/// What a path below the mirror's folder leads to, in the rows.
enum Resolved {
    /// A folder.
    Folder(NodeId),
    /// Something else, or nothing: the nearest folder above that is known.
    Below(PathBuf),
}

/// Finds the folder of a path by the rows of the disk.
fn resolve(tx: &mut ReplicaTx<'_, '_>, folder: &Path) -> store::Result<Resolved> {
    let (mut at, mut known) = (crate::trees::ROOT, PathBuf::new());
    for name in folder {
        let found = match name.to_str() {
            Some(name) => tx.local_at(at, &domain::name::key(name))?,
            None => None,
        };
        match found {
            Some((node, local)) if local.is_folder => at = node,
            _ => return Ok(Resolved::Below(known)),
        }
        known.push(name);
    }
    Ok(Resolved::Folder(at))
}
