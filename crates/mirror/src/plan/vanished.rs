//! Nodes on the disk that the firm no longer shows here: in the trash, not available offline, or unknown.

use domain::id::NodeId;
use domain::name;
use protocol::view::Reason;

use super::create::Holder;
use super::present::is_moved;
use super::{Absorption, Action, Change, Planner, Proof};
use crate::trees::{Hold, LocalNode, Place, Remote, RemoteNode, Trees, same_place};

impl<T: Trees> Planner<'_, T> {
    /// In the trash there: it leaves the disk, unless it was changed here, which brings it back.
    pub(super) fn trashed(&mut self, node: NodeId, local: &LocalNode, remote: &RemoteNode) {
        let is_given_up = is_edited(local) && self.trees.hold(node) == Hold::Undone;
        if is_edited(local) && !is_given_up {
            self.save(node, local);
            return;
        }
        if self.trees.in_flight(node).any() {
            return;
        }
        if let Some(known) = self.moved_from(node, local)
            && !remote.is_fixed
            && !is_given_up
        {
            match self.holder(local.place.parent) {
                Holder::Ready(needs) => {
                    let is_trashed_itself =
                        matches!(self.trees.remote(node), Remote::Trashed { trashed, .. } if trashed.contains(&node));
                    if is_trashed_itself {
                        let to = local.place.clone();
                        let revived = self.push(node, Action::Commit(Change::Revive { from: known, to }), needs);
                        self.created.insert(node, revived);
                    } else {
                        self.ask_place(node, &known, &local.place, needs);
                    }
                    return;
                }
                Holder::NotYet => return,
                Holder::Never => {}
            }
        }
        self.take_away(node, local);
    }

    /// Its client file, or its fiscal year, is not available offline: what the server holds leaves the disk once the rest is sent.
    pub(super) fn unmirrored(&mut self, node: NodeId, local: &LocalNode, remote: &RemoteNode) {
        let is_given_up = is_edited(local) && self.trees.hold(node) == Hold::Undone;
        if is_edited(local) && !is_given_up {
            self.save(node, local);
            return;
        }
        if self.trees.in_flight(node).any() {
            return;
        }
        if let Some(known) = self.moved_from(node, local)
            && !remote.is_fixed
            && !is_given_up
            && same_place(&known, &remote.place)
            && let Holder::Ready(needs) = self.holder(local.place.parent)
        {
            self.ask_place(node, &known, &local.place, needs);
            return;
        }
        if local.is_folder || is_given_up || local.version.is_some_and(|version| self.trees.is_confirmed(version)) {
            self.take_away(node, local);
        } else {
            self.plan.blocked.insert(node, Reason::Refused);
        }
    }

    /// The firm knows nothing of it: it is new here, its creation is in flight or was refused, or it went out of sight.
    pub(super) fn unknown(&mut self, node: NodeId, local: &LocalNode) {
        let moved = self.moved_from(node, local);
        if self.trees.in_flight(node).any() {
            if is_edited(local) {
                self.save(node, local);
            }
            if let Some(known) = moved
                && let Holder::Ready(needs) = self.holder(local.place.parent)
            {
                self.ask_place(node, &known, &local.place, needs);
            }
        } else if self.trees.synced(node).is_some() && self.trees.hold(node) == Hold::Waiting {
            self.plan.held.insert(node);
        } else if self.trees.synced(node).is_some() {
            self.take_away(node, local);
        } else if local.sent.is_none() || is_edited(local) || moved.is_some() || self.lost_its_folder(local) {
            self.create(node, local);
        } else if self.trees.is_refused(node) {
            self.plan.blocked.insert(node, Reason::Refused);
        } else if !self.is_double(node, local) {
            // The firm took it for another that is the same no more.
            self.create(node, local);
        }
    }

    /// Whether the firm took it for another document, of the same name and bytes, that the disk still has elsewhere: then
    /// one of the two files is too many.
    fn is_double(&mut self, node: NodeId, local: &LocalNode) -> bool {
        let Some(folder) = self.asked_folder(local.place.parent) else { return false };
        let Some(twin) = self.trees.remote_at(folder, &name::key(&local.place.name)) else { return false };
        let row = self.trees.remote(twin).present().cloned();
        if row.as_ref().is_some_and(|row| self.adopt(node, twin, row)) {
            return true;
        }
        let (Some(over), Some(RemoteNode { content, head: Some(head), .. })) = (local.content, row) else {
            return false;
        };
        if content != Some(over) {
            return false;
        }
        let left = self.push(node, Action::Quarantine { over, proof: Proof::Held(head) }, Vec::new());
        self.left.insert(node, left);
        true
    }

    /// Whether the creation was refused because the folder went to the trash meanwhile: what is in it brings it back.
    fn lost_its_folder(&self, local: &LocalNode) -> bool {
        matches!(self.trees.remote(local.place.parent), Remote::Trashed { .. })
    }

    fn moved_from(&self, node: NodeId, local: &LocalNode) -> Option<Place> {
        self.known_place(node, local).filter(|known| is_moved(local, known))
    }

    /// Takes a file, or a folder once it is empty, off the disk.
    fn take_away(&mut self, node: NodeId, local: &LocalNode) {
        if local.is_folder {
            let children = self.trees.local_children(node);
            if children.is_empty() {
                let left = self.push(node, Action::RemoveFolder, Vec::new());
                self.left.insert(node, left);
            } else {
                // Should it come back, what it had is looked at again.
                if self.trees.synced(node).is_some() && self.trees.remote(node).row().is_some() {
                    self.absorb(node, Absorption::Forget);
                }
                self.plan.again.extend(children.into_iter().filter(|child| !self.visits.contains_key(child)));
            }
            return;
        }
        let Some(over) = local.content else { return };
        let was_agreed = self.trees.synced(node).is_some_and(|synced| synced.version == local.version);
        let proof = match local.version {
            Some(version) if was_agreed => Proof::Held(version),
            Some(version) => self.proof(version),
            None => Proof::Kept,
        };
        let left = self.push(node, Action::Quarantine { over, proof }, Vec::new());
        self.left.insert(node, left);
    }
}

/// Whether the file was saved on the disk and the firm was not told.
fn is_edited(local: &LocalNode) -> bool {
    !local.is_folder && local.version.is_none() && local.base.is_some()
}
