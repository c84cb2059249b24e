//! Nodes that are not on the disk: to be made there, or removed by the user.

use domain::id::NodeId;
use domain::name;
use protocol::command::ContentRef;

use super::{Absorption, Action, Change, Planner, Target};
use crate::trees::{Hold, ROOT, Remote, RemoteNode, SyncedNode, Trees, same_place};

/// Whether a folder that the user removed may go to the trash whole.
enum Removal {
    /// Yes, after these operations.
    Whole(Vec<usize>),
    /// Something below is in flight, or held.
    Wait,
    /// Something below changed at the firm: only the rest may go.
    Partial,
}

impl<T: Trees> Planner<'_, T> {
    /// On neither side: nothing is agreed on any more.
    pub(super) fn absent_everywhere(&mut self, node: NodeId, remote: &Remote) {
        if self.trees.in_flight(node).any() {
            return;
        }
        if self.trees.synced(node).is_some() {
            self.absorb(node, Absorption::Forget);
        }
        // The removal of the folder may have waited for this one.
        if let Some(row) = remote.row()
            && self.is_removed_here(row.place.parent)
        {
            self.consider(row.place.parent);
        }
    }

    /// Whether the user removed a folder that the firm has.
    fn is_removed_here(&self, folder: NodeId) -> bool {
        folder != ROOT
            && self.trees.local(folder).is_none()
            && self.trees.synced(folder).is_some()
            && self.trees.remote(folder).present().is_some()
    }

    /// At the firm and not on the disk.
    pub(super) fn absent(&mut self, node: NodeId, remote: &RemoteNode) {
        if self.trees.in_flight(node).any() {
            return;
        }
        let Some(synced) = self.trees.synced(node) else {
            self.make(node, remote, Vec::new());
            return;
        };
        if remote.is_fixed || !is_unchanged(&synced, remote) {
            let forgotten = self.absorb(node, Absorption::ForgetBelow);
            self.make(node, remote, vec![forgotten]);
            return;
        }
        // Where the whole folder was removed, the highest one decides for all that was in it.
        let parent = synced.place.parent;
        if self.is_removed_here(parent) {
            self.consider(parent);
            return;
        }
        match self.trees.hold(node) {
            Hold::None => {}
            Hold::Waiting => {
                self.plan.held.insert(node);
                return;
            }
            Hold::Undone => {
                let forgotten = self.absorb(node, Absorption::Forget);
                self.make(node, remote, vec![forgotten]);
                return;
            }
        }
        match self.removal(node, remote) {
            Removal::Whole(needs) => {
                let trashed = self.push(node, Action::Commit(Change::Trash), needs);
                self.gone.insert(node, trashed);
            }
            Removal::Wait => {}
            Removal::Partial => {
                let forgotten = self.absorb(node, Absorption::Forget);
                self.make(node, remote, vec![forgotten]);
            }
        }
    }

    fn removal(&mut self, node: NodeId, remote: &RemoteNode) -> Removal {
        let mut needs = Vec::new();
        if !remote.is_folder {
            return Removal::Whole(needs);
        }
        for child in self.trees.remote_children(node) {
            let flight = self.trees.in_flight(child);
            if let Some(local) = self.trees.local(child) {
                // Moved out of the folder before it was removed: the trash waits for that command.
                let is_sent = flight.place && local.sent.as_ref().is_some_and(|sent| same_place(sent, &local.place));
                if is_sent && local.place.parent != node {
                    continue;
                }
                self.consider(child);
                if let Some(left) = self.gone.get(&child).copied().or_else(|| self.step_aside(child)) {
                    needs.push(left);
                    continue;
                }
                return if flight.any() { Removal::Wait } else { Removal::Partial };
            }
            if flight.any() {
                return Removal::Wait;
            }
            let (Some(synced), Some(row)) = (self.trees.synced(child), self.trees.remote(child).present().cloned())
            else {
                return Removal::Partial;
            };
            if row.is_fixed || !is_unchanged(&synced, &row) {
                return Removal::Partial;
            }
            match self.trees.hold(child) {
                Hold::None => {}
                Hold::Waiting => {
                    self.plan.held.insert(child);
                    return Removal::Wait;
                }
                Hold::Undone => return Removal::Partial,
            }
            match self.removal(child, &row) {
                Removal::Whole(more) => needs.extend(more),
                other => return other,
            }
        }
        Removal::Whole(needs)
    }

    /// Makes what is at the firm on the disk too.
    pub(super) fn make(&mut self, node: NodeId, remote: &RemoteNode, mut needs: Vec<usize>) {
        if let Some(other) = self.trees.local_at(remote.place.parent, &name::key(&remote.place.name))
            && self.adopt(other, node, remote)
        {
            return;
        }
        let Some(parent) = self.parent_on_disk(remote.place.parent) else { return };
        needs.extend(parent);
        let Some(slot) = self.free_on_disk(node, &remote.place) else { return };
        needs.extend(slot);
        let place = remote.place.clone();
        if remote.is_folder {
            let made = self.push(node, Action::MakeFolder { place }, needs);
            self.made.insert(node, made);
            self.plan.again.extend(self.trees.missing_children(node));
        } else if let Some(target) = target_of(remote) {
            self.push(node, Action::Fetch { place, target }, needs);
        }
        self.take(&remote.place);
    }

    /// Lets something new on the disk take the identity of what is new at the firm under the same name, where they are
    /// the same.
    pub(super) fn adopt(&mut self, found: NodeId, node: NodeId, remote: &RemoteNode) -> bool {
        let Some(local) = self.trees.local(found) else { return false };
        let is_same = local.is_folder == remote.is_folder && (local.is_folder || local.content == remote.content);
        let is_unknown = found != node && self.is_unknown_there(found) && !self.created.contains_key(&found);
        let is_missing = self.trees.local(node).is_none() && !self.trees.in_flight(node).any();
        if is_same && is_unknown && is_missing && self.adopted.insert(found) {
            self.absorb(found, Absorption::Adopt { node, version: remote.head });
            self.again(node);
            self.plan.again.extend(self.trees.local_children(found));
            self.plan.again.extend(self.trees.missing_children(node));
            true
        } else {
            false
        }
    }

    /// Whether it appeared on the disk and the firm has no row for it: it was not told, or took another for the same.
    fn is_unknown_there(&self, node: NodeId) -> bool {
        self.trees.local(node).is_some()
            && self.trees.synced(node).is_none()
            && self.trees.remote(node).row().is_none()
            && !self.trees.in_flight(node).any()
    }
}

/// Whether the firm's row is as it was agreed on.
fn is_unchanged(synced: &SyncedNode, remote: &RemoteNode) -> bool {
    same_place(&synced.place, &remote.place) && synced.version == remote.head
}

/// The version to write for a document.
pub(super) fn target_of(remote: &RemoteNode) -> Option<Target> {
    let content = ContentRef { hash: remote.content?, size: remote.size };
    Some(Target { version: remote.head?, content, modified_at: remote.modified_at })
}
