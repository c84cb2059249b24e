//! Contents written beside their places before anything moves: on the mirror's own volume, whole, and flushed.

use std::collections::{BTreeMap, BTreeSet};

use content::StagingError;
use disk::ErrorKind;
use domain::content::ContentHash;
use failpoints::Point;
use protocol::view::Reason;
use store::replica::Replica;

use super::act::{FAILED_MS, Hand, Outcome};
use crate::Error;
use crate::desk::reason_of;
use crate::plan::{Action, Op, Target};

/// How many bytes one step writes before others get their turn.
const BYTES: u64 = 256 * 1024 * 1024;

impl Hand<'_> {
    /// Writes the contents of a plan beside their places, and flushes them.
    pub(super) fn write_aside(&mut self, ops: &[Op]) -> Result<Vec<Option<Outcome>>, Error> {
        let mut outcomes: Vec<Option<Outcome>> = Vec::new();
        let mut left = BYTES;
        let shared = shared_contents(self.replica, ops)?;
        let comes = |op: &Op| matches!(op.action, Action::Fetch { .. } | Action::Replace { .. });
        let is_nearly_full = ops.iter().any(comes) && self.desk.is_nearly_full();
        for (position, op) in ops.iter().enumerate() {
            let (target, prefix) = match &op.action {
                Action::Fetch { target, .. } => (target, 'f'),
                Action::Replace { target, .. } => (target, 'x'),
                _ => {
                    outcomes.push(None);
                    continue;
                }
            };
            outcomes.push(if is_nearly_full {
                Some(Outcome::Blocked(Reason::DiskNearlyFull, FAILED_MS))
            } else if left == 0 {
                Some(Outcome::NotTried)
            } else {
                left = left.saturating_sub(target.content.size.max(1));
                self.write_one_aside(position, target, prefix, shared.contains(&target.content.hash))?
            });
        }
        if !self.aside.is_empty() {
            failpoints::reached(Point::WrittenAside);
            self.desk.disk.sync_tree(&self.desk.temporary_dir())?;
            failpoints::reached(Point::FlushedAside);
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
        let written = taken.and_then(|()| Ok(self.desk.disk.set_modified(&path, modified_ns)?));
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

    /// Removes what was written aside and found no place.
    pub(super) fn clean_up(&mut self) -> Result<(), Error> {
        for path in std::mem::take(&mut self.aside).into_values() {
            match self.desk.disk.remove_file(&path) {
                Err(error) if error.kind() == ErrorKind::Crashed => return Err(error.into()),
                // An antivirus may hold it: the next start removes it.
                Ok(()) | Err(_) => {}
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
