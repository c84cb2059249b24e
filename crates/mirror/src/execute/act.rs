//! Operations on the disk: each checks what must still be true, then acts.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use content::StagingError;
use disk::{ErrorKind, Meta};
use domain::content::ContentHash;
use domain::id::{NodeId, VersionId};
use domain::name;
use domain::time::Instant;
use failpoints::Point;
use protocol::command::ContentRef;
use protocol::view::Reason;
use store::replica::Replica;

use super::Worked;
use super::record::below;
use crate::Error;
use crate::desk::{Desk, is_of_kind, reason_of, stamp_of};
use crate::plan::{Action, Op, Proof};
use crate::trees::{LocalNode, PARKED, Place, Stamp};

/// When a file that a program has open is tried again.
const IN_USE_MS: i64 = 5_000;
/// When a disk that failed is tried again.
pub(super) const FAILED_MS: i64 = 30_000;
/// When something that changed under way is tried again: after it was looked at.
pub(super) const SOON_MS: i64 = 500;
/// From this many folders on, one flush of everything is quicker than one for each, where the system has it.
const FOLDERS_FLUSHED_APART: usize = 4;

/// What became of an operation.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It is none of the disk's.
    Elsewhere,
    /// Done; this is what was written or moved.
    Done(Stamp),
    /// Done, and what came out were bytes nobody had seen.
    Rescued(Stamp, Rescued),
    /// Done, and a program opened the file at that very moment: what it shows is the version before.
    Opened(Stamp),
    /// The file is nowhere: it is to be had again.
    Lost,
    /// The content is not here.
    Wants(ContentRef),
    /// Not now, for a reason to show; tried again after this long.
    Blocked(Reason, i64),
    /// Not now; tried again after this long.
    Later(i64),
    /// What it needs was not done, or the step had done enough.
    NotTried,
}

impl Outcome {
    pub(super) fn is_done(&self) -> bool {
        matches!(self, Self::Done(_) | Self::Rescued(..) | Self::Opened(_))
    }
}

/// A content saved at the moment its file was replaced.
#[derive(Debug)]
pub(crate) struct Rescued {
    pub(crate) content: ContentHash,
    pub(crate) size: u64,
    pub(crate) base: Option<VersionId>,
    pub(crate) modified_at: Instant,
}

pub(super) struct Hand<'h> {
    pub(super) desk: &'h Desk,
    pub(super) replica: &'h Replica,
    pub(super) now: Instant,
    /// Where operations of this plan brought nodes.
    moved: BTreeMap<NodeId, Place>,
    /// Paths of folders found so far.
    folders: BTreeMap<NodeId, PathBuf>,
    /// What was written aside, by operation.
    pub(super) aside: BTreeMap<usize, PathBuf>,
    /// Folders whose names changed.
    touched: BTreeSet<PathBuf>,
    worked: &'h mut Worked,
}

/// Carries out the operations of a plan that touch the disk; `done` says which others are.
pub(super) fn carry_out(
    desk: &Desk,
    replica: &Replica,
    now: Instant,
    ops: &[Op],
    done: &[bool],
    worked: &mut Worked,
) -> Result<Vec<Outcome>, Error> {
    let mut hand = Hand {
        desk,
        replica,
        now,
        moved: BTreeMap::new(),
        folders: BTreeMap::new(),
        aside: BTreeMap::new(),
        touched: BTreeSet::new(),
        worked,
    };
    let mut outcomes: Vec<Option<Outcome>> = hand.write_aside(ops)?;
    let mut done = done.to_vec();
    for (position, op) in ops.iter().enumerate() {
        if matches!(op.action, Action::Commit(_) | Action::Absorb(_)) {
            outcomes[position] = Some(Outcome::Elsewhere);
        } else if outcomes[position].is_none() {
            let outcome =
                if op.needs.iter().all(|need| done[*need]) { hand.act(position, op)? } else { Outcome::NotTried };
            done[position] = outcome.is_done();
            outcomes[position] = Some(outcome);
        }
    }
    hand.clean_up()?;
    hand.flush_names()?;
    failpoints::reached(Point::NamesFlushed);
    Ok(outcomes.into_iter().map(|outcome| outcome.unwrap_or(Outcome::NotTried)).collect())
}

impl Hand<'_> {
    fn act(&mut self, position: usize, op: &Op) -> Result<Outcome, Error> {
        let acted = match &op.action {
            Action::MakeFolder { place } => self.make_folder(place),
            Action::Fetch { place, .. } => self.fetch(position, place),
            Action::Replace { over, proof, .. } => self.replace(position, op.node, *over, *proof),
            Action::Move { from, to } => self.move_node(op.node, from, to),
            Action::Quarantine { over, proof } => self.quarantine(op.node, *over, *proof),
            Action::RemoveFolder => self.remove_folder(op.node),
            Action::Commit(_) | Action::Absorb(_) => return Ok(Outcome::Elsewhere),
        };
        match acted {
            Ok(outcome) => {
                if let (
                    Outcome::Done(_),
                    Action::MakeFolder { place } | Action::Fetch { place, .. } | Action::Move { to: place, .. },
                ) = (&outcome, &op.action)
                {
                    self.moved.insert(op.node, place.clone());
                    if matches!(op.action, Action::Move { .. }) {
                        self.folders.clear();
                    }
                }
                Ok(outcome)
            }
            Err(Error::Disk(error)) if error.kind() != ErrorKind::Crashed => {
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::AlreadyExists | ErrorKind::NotADirectory) {
                    self.look_around(error.path());
                }
                Ok(match error.kind() {
                    ErrorKind::NotFound | ErrorKind::NotADirectory => Outcome::Later(SOON_MS),
                    ErrorKind::Busy | ErrorKind::AlreadyExists => Outcome::Blocked(reason_of(&error), IN_USE_MS),
                    _ => Outcome::Blocked(reason_of(&error), FAILED_MS),
                })
            }
            Err(error) => Err(error),
        }
    }

    /// Something at a path is not as the rows say.
    fn look_around(&mut self, path: &Path) {
        let folders = [path.parent(), Some(path)].into_iter().flatten();
        self.worked.look_at.extend(folders.filter_map(|folder| below(self.desk, folder)));
    }

    fn local(&self, node: NodeId) -> Result<Option<LocalNode>, Error> {
        let local = self.replica.read(|tx| tx.local_node(node))?;
        Ok(local.map(|local| match self.moved.get(&node) {
            Some(place) => LocalNode { place: place.clone(), ..local },
            None => local,
        }))
    }

    fn folder_path(&mut self, folder: NodeId) -> Result<PathBuf, Error> {
        if let Some(path) = self.folders.get(&folder) {
            return Ok(path.clone());
        }
        let (mut at, mut names) = (folder, Vec::new());
        while at != crate::trees::ROOT && at != PARKED {
            let place = match self.moved.get(&at) {
                Some(place) => Some(place.clone()),
                None => self.replica.read(|tx| tx.local_node(at))?.map(|local| local.place),
            };
            let missing = || disk::Error::new(ErrorKind::NotFound, disk::Operation::Stat, &self.desk.root);
            let place = place.filter(|_| names.len() < 200).ok_or_else(missing)?;
            names.push(place.name);
            at = place.parent;
        }
        let mut path = if at == PARKED { self.desk.parked_dir() } else { self.desk.root.clone() };
        path.extend(names.iter().rev());
        self.folders.insert(folder, path.clone());
        Ok(path)
    }

    fn path(&mut self, place: &Place) -> Result<PathBuf, Error> {
        // Names come from the server, whoever that is: one that would lead elsewhere leads nowhere.
        let mut parts = Path::new(&place.name).components();
        if !matches!((parts.next(), parts.next()), (Some(Component::Normal(name)), None) if name == OsStr::new(&place.name))
        {
            return Err(disk::Error::new(ErrorKind::InvalidName, disk::Operation::Stat, &self.desk.root).into());
        }
        Ok(self.folder_path(place.parent)?.join(&place.name))
    }

    /// The node's path, where it still is what was last seen there.
    fn as_seen(&mut self, node: NodeId) -> Result<Option<(PathBuf, LocalNode)>, Error> {
        let Some(local) = self.local(node)? else { return Ok(None) };
        let path = self.path(&local.place)?;
        let is_as_seen = |meta: &Meta| {
            is_of_kind(meta, local.is_folder)
                && if local.is_folder {
                    meta.file_id.to_string() == local.stamp.file_id
                } else {
                    stamp_of(meta) == local.stamp
                }
        };
        if self.desk.stat(&path)?.as_ref().is_some_and(is_as_seen) {
            return Ok(Some((path, local)));
        }
        self.look_around(&path);
        Ok(None)
    }

    fn stamp(&self, path: &Path) -> Result<Stamp, Error> {
        let meta = self.desk.disk.stat(path)?;
        let missing = || disk::Error::new(ErrorKind::NotFound, disk::Operation::Stat, path);
        Ok(stamp_of(&meta.ok_or_else(missing)?))
    }

    fn touch(&mut self, path: &Path) {
        self.touched.extend(path.parent().map(Path::to_owned));
    }

    fn make_folder(&mut self, place: &Place) -> Result<Outcome, Error> {
        let path = self.path(place)?;
        self.desk.disk.create_dir(&path)?;
        failpoints::reached(Point::FolderMade);
        self.touch(&path);
        Ok(Outcome::Done(self.stamp(&path)?))
    }

    fn fetch(&mut self, position: usize, place: &Place) -> Result<Outcome, Error> {
        let path = self.path(place)?;
        let Some(aside) = self.aside.get(&position).cloned() else { return Ok(Outcome::NotTried) };
        self.desk.disk.rename_exclusive(&aside, &path)?;
        failpoints::reached(Point::Placed);
        self.aside.remove(&position);
        self.touch(&path);
        Ok(Outcome::Done(self.stamp(&path)?))
    }

    fn replace(&mut self, position: usize, node: NodeId, over: ContentHash, proof: Proof) -> Result<Outcome, Error> {
        let Some((path, local)) = self.as_seen(node)? else { return Ok(Outcome::Later(SOON_MS)) };
        if self.desk.has_owner_file(&path)? {
            return Ok(Outcome::Blocked(Reason::InUse, IN_USE_MS));
        }
        let Some(aside) = self.aside.get(&position).cloned() else { return Ok(Outcome::NotTried) };
        self.desk.disk.exchange(&aside, &path)?;
        failpoints::reached(Point::Exchanged);
        self.aside.remove(&position);
        self.touch(&path);
        let stamp = self.stamp(&path)?;
        // What came out is looked at before anything else happens to it.
        let Ok(found) = self.desk.hash(&aside) else {
            self.desk.put_aside(&aside, Proof::Kept, None, self.now)?;
            return Ok(Outcome::Done(stamp));
        };
        if found == over {
            self.desk.put_aside(&aside, proof, Some(over), self.now)?;
            let was_opened = self.desk.has_owner_file(&path)?;
            return Ok(if was_opened { Outcome::Opened(stamp) } else { Outcome::Done(stamp) });
        }
        let captured = match self.desk.staging.capture(&aside) {
            Err(StagingError::Disk(error)) if error.kind() == ErrorKind::Crashed => return Err(error.into()),
            // A program writes to it still, through the handle it has: it is kept, and found there.
            Err(_) => {
                self.desk.put_aside(&aside, Proof::Kept, None, self.now)?;
                return Ok(Outcome::Done(stamp));
            }
            Ok(captured) => captured,
        };
        self.desk.put_aside(&aside, Proof::Kept, Some(captured.hash), self.now)?;
        let rescued = Rescued {
            content: captured.hash,
            size: captured.size,
            base: local.version.or(local.base),
            modified_at: Instant(captured.fingerprint.modified_ns.div_euclid(1_000_000)),
        };
        Ok(Outcome::Rescued(stamp, rescued))
    }

    fn move_node(&mut self, node: NodeId, from: &Place, to: &Place) -> Result<Outcome, Error> {
        let Some(local) = self.local(node)? else { return Ok(Outcome::Later(SOON_MS)) };
        let (before, after) = (self.path(from)?, self.path(to)?);
        let is_it = |meta: &Meta| is_of_kind(meta, local.is_folder) && meta.file_id.to_string() == local.stamp.file_id;
        match self.desk.stat(&before)? {
            None if from.parent == PARKED => return Ok(Outcome::Lost),
            Some(meta) if is_it(&meta) => {}
            _ => {
                self.look_around(&before);
                return Ok(Outcome::Later(SOON_MS));
            }
        }
        self.desk.disk.rename_exclusive(&before, &after)?;
        failpoints::reached(Point::Moved);
        self.touch(&before);
        self.touch(&after);
        if local.is_folder {
            self.worked.moved_folders.extend(below(self.desk, &before).zip(below(self.desk, &after)));
        }
        let moved = self.stamp(&after)?;
        // A save between the last look and the move is to be seen as one: only what a move changes is taken over.
        Ok(Outcome::Done(Stamp { changed_ns: moved.changed_ns, ..local.stamp }))
    }

    fn quarantine(&mut self, node: NodeId, over: ContentHash, proof: Proof) -> Result<Outcome, Error> {
        let Some((path, _)) = self.as_seen(node)? else { return Ok(Outcome::Later(SOON_MS)) };
        if self.desk.has_owner_file(&path)? {
            return Ok(Outcome::Blocked(Reason::InUse, IN_USE_MS));
        }
        let aside = self.desk.put_aside(&path, proof, Some(over), self.now)?;
        self.touch(&path);
        if self.desk.hash(&aside)? != over {
            self.desk.take_back(&aside, &path)?;
            self.look_around(&path);
            return Ok(Outcome::Later(SOON_MS));
        }
        Ok(Outcome::Done(Stamp::default()))
    }

    fn remove_folder(&mut self, node: NodeId) -> Result<Outcome, Error> {
        let Some((path, _)) = self.as_seen(node)? else { return Ok(Outcome::Later(SOON_MS)) };
        let entries = self.desk.disk.list(&path)?;
        if entries.iter().any(|entry| !entry.name.to_str().is_some_and(name::is_temporary)) {
            self.look_around(&path);
            return Ok(Outcome::Later(FAILED_MS));
        }
        for entry in entries {
            self.desk.put_aside(&path.join(&entry.name), Proof::Kept, None, self.now)?;
        }
        self.desk.disk.remove_dir(&path)?;
        failpoints::reached(Point::FolderRemoved);
        self.touch(&path);
        Ok(Outcome::Done(Stamp::default()))
    }

    fn flush_names(&mut self) -> Result<(), Error> {
        if cfg!(target_os = "linux") && self.touched.len() > FOLDERS_FLUSHED_APART {
            self.desk.disk.sync_tree(&self.desk.root)?;
            return Ok(());
        }
        for folder in &self.touched {
            match self.desk.disk.sync_dir(folder) {
                // Removed or moved by a later operation, whose own folder is flushed.
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
                flushed => flushed?,
            }
        }
        Ok(())
    }
}
