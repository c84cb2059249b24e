//! Operations on the disk: each checks what must still be true, then acts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use content::StagingError;
use disk::{ErrorKind, Meta};
use domain::content::ContentHash;
use domain::id::{NodeId, VersionId};
use domain::name;
use domain::time::Instant;
use protocol::command::ContentRef;
use protocol::view::Reason;
use store::replica::Replica;

use super::record::below;
use crate::Error;
use crate::desk::{Desk, is_of_kind, reason_of, stamp_of};
use crate::plan::{Action, Op, Proof, Target};
use crate::trees::{LocalNode, PARKED, Place, Stamp};

/// When a file that a program has open is tried again.
const IN_USE_MS: i64 = 5_000;
/// When a disk that failed is tried again.
const FAILED_MS: i64 = 30_000;
/// When something that changed under way is tried again: after it was looked at.
pub(super) const SOON_MS: i64 = 500;
/// How many bytes one step writes before others get their turn.
const BYTES: u64 = 256 * 1024 * 1024;
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

/// A content saved at the moment its file was replaced.
#[derive(Debug)]
pub(crate) struct Rescued {
    pub(crate) content: ContentHash,
    pub(crate) size: u64,
    pub(crate) base: Option<VersionId>,
    pub(crate) modified_at: Instant,
}

struct Hand<'h> {
    desk: &'h Desk,
    replica: &'h Replica,
    now: Instant,
    /// Where operations of this plan brought nodes.
    moved: BTreeMap<NodeId, Place>,
    /// What was written aside, by operation.
    aside: BTreeMap<usize, PathBuf>,
    /// Folders whose names changed.
    touched: BTreeSet<PathBuf>,
    look_at: &'h mut BTreeSet<PathBuf>,
}

/// Carries out the operations of a plan that touch the disk; `done` says which others are.
pub(super) fn carry_out(
    desk: &Desk,
    replica: &Replica,
    now: Instant,
    ops: &[Op],
    done: &[bool],
    look_at: &mut BTreeSet<PathBuf>,
) -> Result<Vec<Outcome>, Error> {
    let mut hand =
        Hand { desk, replica, now, moved: BTreeMap::new(), aside: BTreeMap::new(), touched: BTreeSet::new(), look_at };
    let mut outcomes: Vec<Option<Outcome>> = hand.write_aside(ops)?;
    let mut done = done.to_vec();
    for (position, op) in ops.iter().enumerate() {
        if matches!(op.action, Action::Commit(_) | Action::Absorb(_)) {
            outcomes[position] = Some(Outcome::Elsewhere);
        } else if outcomes[position].is_none() {
            let outcome =
                if op.needs.iter().all(|need| done[*need]) { hand.act(position, op)? } else { Outcome::NotTried };
            done[position] = matches!(outcome, Outcome::Done(_) | Outcome::Rescued(..));
            outcomes[position] = Some(outcome);
        }
    }
    hand.clean_up()?;
    hand.flush_names()?;
    Ok(outcomes.into_iter().map(|outcome| outcome.unwrap_or(Outcome::NotTried)).collect())
}

impl Hand<'_> {
    /// Writes the contents of a plan beside their places, and flushes them.
    fn write_aside(&mut self, ops: &[Op]) -> Result<Vec<Option<Outcome>>, Error> {
        let mut outcomes: Vec<Option<Outcome>> = Vec::new();
        let mut left = BYTES;
        let shared = shared_contents(self.replica, ops)?;
        for (position, op) in ops.iter().enumerate() {
            let (target, prefix) = match &op.action {
                Action::Fetch { target, .. } => (target, 'f'),
                Action::Replace { target, .. } => (target, 'x'),
                _ => {
                    outcomes.push(None);
                    continue;
                }
            };
            outcomes.push(if left == 0 {
                Some(Outcome::NotTried)
            } else {
                left = left.saturating_sub(target.content.size.max(1));
                self.write_one_aside(position, target, prefix, shared.contains(&target.content.hash))?
            });
        }
        if !self.aside.is_empty() {
            self.desk.disk.sync_tree(&self.desk.temporary_dir())?;
        }
        Ok(outcomes)
    }

    fn write_one_aside(
        &mut self,
        position: usize,
        target: &Target,
        prefix: char,
        is_shared: bool,
    ) -> Result<Option<Outcome>, Error> {
        let path = self.desk.temporary_path(self.now, prefix);
        let modified_ns = target.modified_at.0.saturating_mul(1_000_000);
        let hash = target.content.hash;
        let staging = &self.desk.staging;
        let taken = if is_shared { staging.copy_out(hash, &path) } else { staging.move_out(hash, &path) };
        let written = taken
            .and_then(|()| Ok(self.desk.disk.set_modified(&path, modified_ns)?));
        match written {
            Ok(()) => {
                self.aside.insert(position, path);
                Ok(None)
            }
            Err(StagingError::Missing { .. }) => Ok(Some(Outcome::Wants(target.content))),
            Err(StagingError::Damaged(_)) => {
                self.desk.staging.remove(hash)?;
                Ok(Some(Outcome::Wants(target.content)))
            }
            Err(StagingError::Disk(error)) if error.kind() == ErrorKind::Crashed => Err(error.into()),
            Err(StagingError::Disk(error)) => Ok(Some(Outcome::Blocked(reason_of(&error), FAILED_MS))),
            Err(error) => Err(error.into()),
        }
    }

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
        self.look_at.extend(folders.filter_map(|folder| below(self.desk, folder)));
    }

    fn local(&self, node: NodeId) -> Result<Option<LocalNode>, Error> {
        let local = self.replica.read(|tx| tx.local_node(node))?;
        Ok(local.map(|local| match self.moved.get(&node) {
            Some(place) => LocalNode { place: place.clone(), ..local },
            None => local,
        }))
    }

    fn folder_path(&self, folder: NodeId) -> Result<PathBuf, Error> {
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
        Ok(path)
    }

    fn path(&self, place: &Place) -> Result<PathBuf, Error> {
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
        self.touch(&path);
        Ok(Outcome::Done(self.stamp(&path)?))
    }

    fn fetch(&mut self, position: usize, place: &Place) -> Result<Outcome, Error> {
        let path = self.path(place)?;
        let Some(aside) = self.aside.get(&position).cloned() else { return Ok(Outcome::NotTried) };
        self.desk.disk.rename_exclusive(&aside, &path)?;
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
            return Ok(Outcome::Done(stamp));
        }
        let captured = self.desk.staging.capture(&aside)?;
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
        self.touch(&before);
        self.touch(&after);
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
        self.touch(&path);
        Ok(Outcome::Done(Stamp::default()))
    }

    /// Removes what was written aside and found no place.
    fn clean_up(&mut self) -> Result<(), Error> {
        for path in std::mem::take(&mut self.aside).into_values() {
            match self.desk.disk.remove_file(&path) {
                Err(error) if error.kind() == ErrorKind::Crashed => return Err(error.into()),
                // An antivirus may hold it: the next start removes it.
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
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

/// The contents of a plan that more than one of its operations wants, or that wait to be sent: those stay in the staging.
fn shared_contents(replica: &Replica, ops: &[Op]) -> Result<BTreeSet<ContentHash>, Error> {
    let mut wanted = BTreeMap::new();
    for op in ops {
        if let Action::Fetch { target, .. } | Action::Replace { target, .. } = &op.action {
            *wanted.entry(target.content.hash).or_insert(0) += 1;
        }
    }
    let shared = replica.read(|tx| {
        let mut shared = BTreeSet::new();
        for (content, times) in wanted {
            if times > 1 || tx.is_needed(content)? {
                shared.insert(content);
            }
        }
        Ok(shared)
    })?;
    Ok(shared)
}
