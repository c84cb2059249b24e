//! What is on the platter, and what a power cut leaves.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::state::{Body, ROOT, State};
use crate::dice::Dice;

impl State {
    /// Makes the content of a file durable.
    pub(super) fn flush_content(&mut self, inode: u64) {
        if let Body::File { bytes, durable } = &mut self.inode_mut(inode).body {
            *durable = Some(Arc::clone(bytes));
        }
    }

    /// Makes the entries of a folder durable.
    pub(super) fn flush_names_in(&mut self, folder: u64) {
        self.journal.flush_folder(folder);
    }

    /// Makes everything durable.
    pub(super) fn flush_all(&mut self) {
        self.journal.flush();
        let inodes: Vec<u64> = self.inodes.keys().copied().collect();
        for inode in inodes {
            self.flush_content(inode);
        }
        self.purge();
    }

    /// Forgets the files that no name, no flushed name and no handle leads to.
    pub(super) fn purge(&mut self) {
        let mut kept = self.journal.mentioned();
        kept.insert(ROOT);
        for inode in self.inodes.values() {
            if let Body::Folder(children) = &inode.body {
                kept.extend(children.values().map(|child| child.inode));
            }
        }
        self.inodes.retain(|id, inode| kept.contains(id) || inode.handles > 0);
        let left: BTreeSet<u64> = self.inodes.keys().copied().collect();
        self.journal.durable.retain(|id, _| left.contains(id));
    }

    /// Closes every handle, as the end of all programs would.
    pub(super) fn forget_handles(&mut self) {
        self.epoch += 1;
        for inode in self.inodes.values_mut() {
            inode.handles = 0;
            inode.blockers = 0;
            inode.exclusive = 0;
        }
    }

    /// The power cut.
    pub(super) fn crash(&mut self, seed: u64) {
        let mut dice = Dice::new(seed);
        self.forget_handles();
        self.journal.crash(&mut dice);
        let durable = self.journal.durable.clone();
        for (id, inode) in &mut self.inodes {
            match &mut inode.body {
                Body::Folder(children) => {
                    *children = durable.get(id).cloned().unwrap_or_default();
                }
                Body::File { bytes, durable } => {
                    let is_flushed = durable.as_ref().is_some_and(|old| Arc::ptr_eq(old, bytes));
                    if !is_flushed {
                        *bytes = leftover(bytes, durable.as_ref(), &mut dice);
                    }
                    *durable = Some(Arc::clone(bytes));
                }
                Body::Symlink => {}
            }
        }
        // Entries that lost their last name are gone; a folder that did takes its content with it.
        let mut reached = BTreeSet::new();
        let mut queue = vec![ROOT];
        while let Some(id) = queue.pop() {
            if reached.insert(id)
                && let Some(Body::Folder(children)) = self.inodes.get(&id).map(|inode| &inode.body)
            {
                queue.extend(children.values().map(|child| child.inode));
            }
        }
        self.inodes.retain(|id, _| reached.contains(id));
        self.journal.durable.retain(|id, _| reached.contains(id));
        self.touched.clear();
    }
}

/// What is left of a content that was not flushed.
fn leftover(written: &Arc<Vec<u8>>, flushed: Option<&Arc<Vec<u8>>>, dice: &mut Dice) -> Arc<Vec<u8>> {
    match dice.below(4) {
        0 => flushed.cloned().unwrap_or_default(),
        1 => Arc::new(written[..dice.below(written.len())].to_vec()),
        2 => Arc::new(vec![0; written.len()]),
        _ => Arc::clone(written),
    }
}
