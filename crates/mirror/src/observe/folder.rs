//! One look at one folder.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use content::{Captured, StagingError};
use disk::{ErrorKind, Meta};
use domain::id::NodeId;
use domain::time::Instant;
use failpoints::Point;
use protocol::view::Reason;

use super::compare::{Changed, compare};
use super::notes::{Note, Obstacle};
use super::{Look, Observer, Resolved, Touched, damage, notes, resolve};
use crate::Error;
use crate::desk::{owner_files, program_of, reason_of, stamp_of};
use crate::plan::Proof;
use crate::trees::{LocalNode, Place};

/// When a file that could not be read is tried again.
pub(super) const RETRY_MS: i64 = 5_000;

/// A folder under the eyes.
pub(super) struct Folder<'f> {
    pub(super) node: NodeId,
    /// Path below the mirror's folder.
    pub(super) below: &'f Path,
    pub(super) path: PathBuf,
    /// Names of the files by which programs mark others as open.
    owners: BTreeSet<String>,
    pub(super) notes: Vec<Note>,
    /// Nodes that entries of this folder were recognised as: no other entry is one of them too.
    pub(super) recognised: BTreeSet<NodeId>,
    obstacles: Vec<Obstacle>,
    look_again: Option<Instant>,
    /// A file of it is left until it is quiet.
    is_settling: bool,
    /// Files left to the next step.
    is_cut_short: bool,
}

impl Folder<'_> {
    pub(super) fn look_again_at(&mut self, at: Instant) {
        self.look_again = Some(self.look_again.map_or(at, |earlier| earlier.min(at)));
    }

    pub(super) fn obstacle(
        &mut self,
        look: &Look<'_, '_>,
        name: &OsStr,
        node: Option<NodeId>,
        reason: Reason,
        is_waiting: bool,
    ) {
        let path = look.desk.shown(&self.path.join(name));
        self.obstacles.push(Obstacle { path, node, reason, proposal: None, is_waiting });
    }

    pub(super) fn place(&self, name: &str) -> Place {
        Place { parent: self.node, name: name.to_owned() }
    }

    pub(super) fn is_open(&self, name: &str) -> bool {
        self.opened_by(name).is_some()
    }

    /// The program that marks a file as open.
    fn opened_by(&self, name: &str) -> Option<&'static str> {
        let owner = owner_files(name).into_iter().find(|owner| self.owners.contains(owner))?;
        Some(program_of(&owner, name))
    }
}

impl Observer {
    pub(super) fn look_at_folder(
        &mut self,
        look: &mut Look<'_, '_>,
        below: &Path,
        touched: Touched,
    ) -> Result<(), Error> {
        let now = look.now();
        let known = look.replica.read(|tx| match resolve(tx, below)? {
            Resolved::Folder(node) => Ok(Ok((node, tx.local_children(node)?))),
            Resolved::Below(above) => Ok(Err(above)),
        })?;
        let (node, known) = match known {
            Ok(found) => found,
            Err(above) => {
                // What changed in a folder that has another name by now, or its own again, is in one of those below.
                let is_gone = look.desk.stat(&look.desk.root.join(below)).is_ok_and(|meta| meta.is_none());
                self.look_at(above, now, touched.deep || is_gone);
                return Ok(());
            }
        };
        let path = look.desk.root.join(below);
        let mut folder = Folder {
            node,
            below,
            path,
            owners: BTreeSet::new(),
            notes: Vec::new(),
            recognised: BTreeSet::new(),
            obstacles: Vec::new(),
            look_again: None,
            is_settling: false,
            is_cut_short: false,
        };
        let entries = match look.desk.disk.list(&folder.path) {
            Ok(entries) => entries,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                self.open.remove(below);
                if let Some(above) = below.parent() {
                    self.look_at(above.to_owned(), now, false);
                }
                return notes::write(look, Some((below, Vec::new())), Vec::new());
            }
            Err(error) => {
                folder.obstacle(look, OsStr::new(""), Some(node), reason_of(&error), true);
                let due = now.plus(RETRY_MS);
                self.look_later(below.to_owned(), Touched { since: now, due, deep: touched.deep, is_retry: true });
                return notes::write(look, Some((below, folder.obstacles)), Vec::new());
            }
        };
        look.entries = look.entries.saturating_sub(entries.len() + 1);
        let names = entries.iter().filter_map(|entry| entry.name.to_str());
        folder.owners =
            names.filter(|name| name.starts_with("~$") || name.starts_with(".~lock.")).map(str::to_owned).collect();
        let known: BTreeMap<NodeId, LocalNode> = known.into_iter().collect();
        self.note_open(&folder, &known);
        let comparison = compare(entries, &known, units(below));
        for node in comparison.unchanged {
            self.missing.remove(&node);
            self.suspects.remove(&node);
            let local = &known[&node];
            if local.version.is_some() && local.base != local.version && !folder.is_open(&local.place.name) {
                // Opened while it was replaced, and closed without a save: whoever opens it now sees this version.
                folder.notes.push(Note::Seen(node, LocalNode { base: local.version, ..local.clone() }));
            }
            if touched.deep && known[&node].is_folder {
                self.look_at(below.join(&known[&node].place.name), now, true);
            }
        }
        for changed in comparison.changed {
            self.missing.remove(&changed.node);
            self.look_at_changed(look, &mut folder, &changed, &known[&changed.node], touched.deep)?;
        }
        self.look_at_appeared(look, &mut folder, comparison.appeared)?;
        for problem in comparison.problems {
            let path = look.desk.shown(&folder.path.join(&problem.name));
            let is_waiting = matches!(problem.reason, Reason::NoPermission | Reason::InUse | Reason::DiskError);
            folder.obstacles.push(Obstacle {
                path,
                node: problem.node,
                reason: problem.reason,
                proposal: problem.proposal,
                is_waiting,
            });
            if is_waiting {
                folder.look_again_at(now.plus(RETRY_MS));
            }
        }
        for node in comparison.missing {
            self.missing.entry(node).or_insert(now);
        }
        if folder.is_cut_short {
            // Folders below were made due already.
            let touched = Touched { due: now, deep: false, ..touched };
            self.folders.entry(below.to_owned()).or_insert(touched);
        } else if let Some(at) = folder.look_again {
            let is_retry = !folder.is_settling;
            self.look_later(below.to_owned(), Touched { since: now, due: at, deep: false, is_retry });
        }
        notes::write(look, Some((below, folder.obstacles)), folder.notes)
    }

    fn note_open(&mut self, folder: &Folder<'_>, known: &BTreeMap<NodeId, LocalNode>) {
        let open: BTreeMap<NodeId, &'static str> = if folder.owners.is_empty() {
            BTreeMap::new()
        } else {
            let opened = known.iter().filter(|(_, local)| !local.is_folder);
            opened.filter_map(|(node, local)| Some((*node, folder.opened_by(&local.place.name)?))).collect()
        };
        if open.is_empty() {
            self.open.remove(folder.below);
        } else {
            self.open.insert(folder.below.to_owned(), open);
        }
    }

    fn look_at_changed(
        &mut self,
        look: &mut Look<'_, '_>,
        folder: &mut Folder<'_>,
        Changed { node, name, meta }: &Changed,
        known: &LocalNode,
        deep: bool,
    ) -> Result<(), Error> {
        let mut local = LocalNode { place: folder.place(name), ..known.clone() };
        if known.is_folder {
            local.stamp = stamp_of(meta);
            folder.notes.push(Note::Seen(*node, local));
            if deep {
                self.look_at(folder.below.join(name), look.now(), true);
            }
            return Ok(());
        }
        let path = folder.path.join(name);
        if self.suspects.contains(node) && damage::is_damaged(look.desk, &path, known, meta)? {
            look.desk.put_aside(&path, Proof::Kept, known.content, look.now())?;
            self.suspects.remove(node);
            folder.notes.push(Note::Damaged(*node));
            return Ok(());
        }
        let is_given_up = is_given_up(look, known)?;
        let is_only_touched = known.stamp.size == meta.size && known.stamp.modified_ns == meta.modified_ns;
        if is_only_touched && !is_given_up && look.desk.hash(&path).ok() == known.content {
            // Renamed, or its attributes changed.
            self.suspects.remove(node);
            local.stamp = stamp_of(meta);
            folder.notes.push(Note::Seen(*node, local));
            return Ok(());
        }
        let Some(captured) = self.take(look, folder, name, meta, Some(*node))? else { return Ok(()) };
        self.suspects.remove(node);
        local.stamp = stamp_of_captured(&captured);
        local.is_flushed = false;
        if is_given_up {
            local = untold(look, *node, local)?;
            local.content = Some(captured.hash);
        } else if local.content == Some(captured.hash) {
            drop_unneeded(look, &captured)?;
        } else {
            local.content = Some(captured.hash);
            local.version = None;
        }
        folder.notes.push(Note::Seen(*node, local));
        Ok(())
    }

    /// Takes a file's bytes into the staging; `None` where it must wait, which is then noted.
    fn take(
        &mut self,
        look: &mut Look<'_, '_>,
        folder: &mut Folder<'_>,
        name: &str,
        meta: &Meta,
        node: Option<NodeId>,
    ) -> Result<Option<Captured>, Error> {
        if !self.may_take(look, folder, name, meta, node) {
            return Ok(None);
        }
        let captured = look.desk.staging.capture(&folder.path.join(name));
        self.taken(look, folder, name, node, captured)
    }

    /// Whether a file's bytes may be taken now; where it must wait, that is noted.
    pub(super) fn may_take(
        &mut self,
        look: &mut Look<'_, '_>,
        folder: &mut Folder<'_>,
        name: &str,
        meta: &Meta,
        node: Option<NodeId>,
    ) -> bool {
        let now = look.now();
        if look.files == 0 || look.bytes == 0 {
            folder.is_cut_short = true;
            return false;
        }
        let below = folder.below.join(name);
        if let Err(at) = self.settling.look(&below, meta.fingerprint(), folder.is_open(name), now) {
            folder.obstacle(look, OsStr::new(name), node, Reason::Changing, true);
            folder.is_settling = true;
            folder.look_again_at(at);
            return false;
        }
        look.files -= 1;
        look.bytes = look.bytes.saturating_sub(meta.size);
        true
    }

    /// Notes what came of taking a file's bytes; `None` where it must wait.
    pub(super) fn taken(
        &mut self,
        look: &mut Look<'_, '_>,
        folder: &mut Folder<'_>,
        name: &str,
        node: Option<NodeId>,
        captured: Result<Captured, StagingError>,
    ) -> Result<Option<Captured>, Error> {
        let now = look.now();
        let below = folder.below.join(name);
        let (reason, again_at) = match captured {
            Ok(captured) => {
                self.settling.taken(&below, now);
                failpoints::reached(Point::Captured);
                return Ok(Some(captured));
            }
            Err(StagingError::Changed { .. }) => (Reason::Changing, self.settling.changed_under_way(&below, now)),
            Err(StagingError::Disk(error)) if error.kind() == ErrorKind::NotFound => {
                self.settling.forget(&below);
                folder.is_settling = true;
                folder.look_again_at(now.plus(super::SETTLE_MS));
                return Ok(None);
            }
            Err(StagingError::Disk(error)) if error.kind() == ErrorKind::Crashed => return Err(error.into()),
            Err(StagingError::Disk(error)) => (reason_of(&error), now.plus(RETRY_MS)),
            Err(error) => return Err(error.into()),
        };
        folder.is_settling |= reason == Reason::Changing;
        folder.obstacle(look, OsStr::new(name), node, reason, true);
        folder.look_again_at(again_at);
        Ok(None)
    }
}

/// The sign of the state in which a file was taken.
pub(super) fn stamp_of_captured(captured: &Captured) -> crate::trees::Stamp {
    crate::trees::Stamp {
        file_id: captured.fingerprint.file_id.to_string(),
        size: captured.fingerprint.size,
        modified_ns: captured.fingerprint.modified_ns,
        changed_ns: captured.fingerprint.changed_ns,
    }
}

/// Whether the firm was told of a file's bytes by a version that was refused or given up since: neither it nor the outbox
/// has them.
pub(super) fn is_given_up(look: &Look<'_, '_>, local: &LocalNode) -> Result<bool, Error> {
    let Some(version) = local.version else { return Ok(false) };
    Ok(look.replica.read(|tx| tx.version(version))?.is_none())
}

/// A node of whose bytes the firm is to be told anew: they were made from the version agreed on.
pub(super) fn untold(look: &Look<'_, '_>, node: NodeId, local: LocalNode) -> Result<LocalNode, Error> {
    let synced = look.replica.read(|tx| tx.synced_node(node))?;
    let sent = local.sent.filter(|_| synced.is_some());
    Ok(LocalNode { version: None, base: synced.and_then(|synced| synced.version), sent, ..local })
}

/// Removes from the staging what was taken there for nothing.
pub(super) fn drop_unneeded(look: &Look<'_, '_>, captured: &Captured) -> Result<(), Error> {
    if !look.replica.read(|tx| tx.is_needed(captured.hash))? {
        look.desk.staging.remove(captured.hash)?;
    }
    Ok(())
}

/// The length of a path below the mirror's folder, in UTF-16 units.
fn units(below: &Path) -> usize {
    let names: Vec<usize> = below.iter().map(|name| name.to_string_lossy().encode_utf16().count()).collect();
    names.iter().sum::<usize>() + names.len().saturating_sub(1)
}
