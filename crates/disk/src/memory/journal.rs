//! Which name changes are on the platter: the log of those that are not, and what depends on what.
//!
//! A file system keeps each rename whole, but writes independent ones in any order until told to flush. So a crash
//! may undo any set of unflushed changes that is closed under dependence, and a flush of one folder writes its
//! changes together with those they depend on.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

use crate::dice::Dice;

/// A name in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Child {
    pub(super) name: OsString,
    pub(super) inode: u64,
}

/// The entries of a folder by the key of their names.
pub(super) type Children = BTreeMap<Vec<u8>, Child>;

/// One step of a change: the entry `key` of folder `dir` becomes `child`.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) dir: u64,
    pub(super) key: Vec<u8>,
    pub(super) child: Option<Child>,
}

/// A change of names that happens as a whole or not at all.
#[derive(Debug, Clone)]
pub(super) struct NameChange {
    pub(super) steps: Vec<Step>,
    /// The entries created, moved or removed.
    pub(super) inodes: Vec<u64>,
    /// Folders change places in the tree: never reordered among themselves, or a cycle could appear.
    pub(super) moves_folder: bool,
}

impl NameChange {
    fn touches_entry_of(&self, dir: u64) -> bool {
        self.steps.iter().any(|step| step.dir == dir)
    }

    fn depends_on(&self, earlier: &Self) -> bool {
        (self.moves_folder && earlier.moves_folder)
            || self.inodes.iter().any(|inode| {
                // A folder that the earlier change may have emptied.
                earlier.touches_entry_of(*inode)
            })
            || self.steps.iter().any(|step| {
                // The same name, or a folder that the earlier change created.
                earlier.inodes.contains(&step.dir)
                    || earlier.steps.iter().any(|other| other.dir == step.dir && other.key == step.key)
            })
    }
}

/// The names on the platter and the changes that are not yet there.
#[derive(Debug, Clone, Default)]
pub(super) struct Journal {
    pub(super) durable: BTreeMap<u64, Children>,
    pending: Vec<NameChange>,
}

/// Beyond this many pending changes the older half is written, as a kernel does by itself after a while.
const PENDING_LIMIT: usize = 4096;

impl Journal {
    /// Adds a change; tells whether older ones were written for it.
    pub(super) fn record(&mut self, change: NameChange) -> bool {
        self.pending.push(change);
        let is_long = self.pending.len() > PENDING_LIMIT;
        if is_long {
            let newer = self.pending.split_off(PENDING_LIMIT / 2);
            self.flush();
            self.pending = newer;
        }
        is_long
    }

    fn apply(&mut self, change: NameChange) {
        for step in change.steps {
            let children = self.durable.entry(step.dir).or_default();
            match step.child {
                Some(child) => children.insert(step.key, child),
                None => children.remove(&step.key),
            };
        }
    }

    /// Writes every pending change.
    pub(super) fn flush(&mut self) {
        for change in std::mem::take(&mut self.pending) {
            self.apply(change);
        }
    }

    /// Writes the pending changes of one folder, and those they depend on.
    pub(super) fn flush_folder(&mut self, dir: u64) {
        let mut wanted: Vec<bool> =
            self.pending.iter().map(|change| change.touches_entry_of(dir) || change.inodes.contains(&dir)).collect();
        for later in (0..self.pending.len()).rev().filter(|later| wanted[*later]).collect::<Vec<_>>() {
            self.want_causes(later, &mut wanted);
        }
        let mut wanted = wanted.into_iter();
        let (written, kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.pending).into_iter().partition(|_| wanted.next().unwrap_or(false));
        self.pending = kept;
        for change in written {
            self.apply(change);
        }
    }

    /// Marks every pending change that change `later` depends on, near or far.
    fn want_causes(&self, later: usize, wanted: &mut [bool]) {
        let mut queue = vec![later];
        while let Some(later) = queue.pop() {
            let changes = self.pending.iter().take(later).zip(wanted.iter_mut()).enumerate();
            for (earlier, (change, is_wanted)) in changes {
                if !*is_wanted && self.pending[later].depends_on(change) {
                    *is_wanted = true;
                    queue.push(earlier);
                }
            }
        }
    }

    /// Keeps or undoes each pending change as the dice say, with those that depend on it.
    pub(super) fn crash(&mut self, dice: &mut Dice) {
        let mut lost: Vec<NameChange> = Vec::new();
        for change in std::mem::take(&mut self.pending) {
            if lost.iter().any(|earlier| change.depends_on(earlier)) || dice.one_in(2) {
                lost.push(change);
            } else {
                self.apply(change);
            }
        }
    }

    /// Every inode that a crash could bring back.
    pub(super) fn mentioned(&self) -> BTreeSet<u64> {
        let children = self.durable.values().flat_map(BTreeMap::values).map(|child| child.inode);
        let pending = self.pending.iter().flat_map(|change| change.inodes.iter().copied());
        children.chain(pending).collect()
    }
}
