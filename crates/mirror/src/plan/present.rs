//! Nodes on both sides: place and content, each for itself.

use domain::id::NodeId;
use protocol::command::ContentRef;

use super::absent::target_of;
use super::create::Holder;
use super::{Absorption, Action, Change, Planner, Proof};
use crate::trees::{Hold, InFlight, LocalNode, PARKED, Place, RemoteNode, Trees, same_place};

impl<T: Trees> Planner<'_, T> {
    /// On both sides.
    pub(super) fn present(&mut self, node: NodeId, local: &LocalNode, remote: &RemoteNode) {
        let flight = self.trees.in_flight(node);
        if remote.is_folder {
            // They may have come back into sight with the folder.
            let mut below = self.trees.missing_children(node);
            if self.trees.synced(node).is_none() {
                let children = self.trees.local_children(node).into_iter();
                below.extend(children.filter(|child| self.trees.local(*child).is_some_and(|child| child.is_folder)));
            }
            self.plan.again.extend(below.into_iter().filter(|child| !self.visits.contains_key(child)));
        }
        if self.trees.hold(node) == Hold::Undone && !same_place(&local.place, &remote.place) {
            // The name first: with its bytes back, nothing would tell that the name is to be undone too.
            self.place(node, local, remote, flight);
            return;
        }
        let version = if remote.is_folder { None } else { self.content(node, local, remote, flight) };
        let is_content_agreed = remote.is_folder || version.is_some();
        let is_place_agreed = self.place(node, local, remote, flight);
        self.agree(node, local, remote, is_place_agreed, is_content_agreed);
    }

    /// The head, where the bytes on the disk are its own; else plans what makes them so.
    fn content(
        &mut self,
        node: NodeId,
        local: &LocalNode,
        remote: &RemoteNode,
        flight: InFlight,
    ) -> Option<domain::id::VersionId> {
        let is_equal = !flight.content && local.content == remote.content;
        match local.version {
            Some(version) if remote.head == Some(version) => return remote.head,
            _ if is_equal => return remote.head,
            None if self.trees.hold(node) != Hold::Undone => self.save(node, local),
            version => {
                if let (false, Some(target), Some(over)) = (flight.content, target_of(remote), local.content) {
                    let proof = version.map_or(Proof::Kept, |version| self.proof(version));
                    self.push(node, Action::Replace { target, over, proof }, Vec::new());
                }
            }
        }
        None
    }

    /// Sends what was saved on the disk, also after another save that is still in flight.
    pub(super) fn save(&mut self, node: NodeId, local: &LocalNode) {
        if self.trees.hold(node) == Hold::Waiting {
            self.plan.held.insert(node);
            return;
        }
        if let Some(hash) = local.content {
            let content = ContentRef { hash, size: local.stamp.size };
            self.push(node, Action::Commit(Change::AddVersion { base: local.base, content }), Vec::new());
        }
    }

    pub(super) fn proof(&self, version: domain::id::VersionId) -> Proof {
        if self.trees.is_confirmed(version) { Proof::Held(version) } else { Proof::Kept }
    }

    /// Whether the place is agreed on; else plans what makes it so.
    fn place(&mut self, node: NodeId, local: &LocalNode, remote: &RemoteNode, flight: InFlight) -> bool {
        if same_place(&local.place, &remote.place) {
            return !flight.place;
        }
        let known = self.known_place(node, local);
        let is_unmoved_there = known.as_ref().is_some_and(|known| same_place(known, &remote.place));
        match known {
            Some(known) if is_moved(local, &known) && (flight.place || is_unmoved_there) => {
                let hold = self.trees.hold(node);
                if hold == Hold::Waiting {
                    // A program that encrypts renames too: the name goes where the bytes go.
                    self.plan.held.insert(node);
                    return false;
                }
                let stays = remote.is_fixed || hold == Hold::Undone;
                match if stays { Holder::Never } else { self.holder(local.place.parent) } {
                    Holder::Ready(needs) => self.ask_place(node, &known, &local.place, needs),
                    Holder::NotYet => {}
                    Holder::Never if flight.place => {}
                    Holder::Never => self.bring(node, local, &remote.place),
                }
            }
            _ if flight.place => {}
            _ => self.bring(node, local, &remote.place),
        }
        false
    }

    fn agree(&mut self, node: NodeId, local: &LocalNode, remote: &RemoteNode, place: bool, content: bool) {
        let synced = self.trees.synced(node);
        let is_place_written =
            synced.as_ref().is_some_and(|synced| synced.place == remote.place) && local.sent.is_none();
        let is_content_written =
            synced.as_ref().is_some_and(|synced| synced.version == remote.head) && local.version == remote.head;
        match (place, content, remote.head) {
            (true, true, _) if !(is_place_written && is_content_written) => {
                self.absorb(node, Absorption::Same { place: remote.place.clone(), version: remote.head });
            }
            (true, false, _) if synced.is_some() && !is_place_written => {
                self.absorb(node, Absorption::SamePlace { place: remote.place.clone() });
            }
            (false, true, Some(version)) if !is_content_written && (synced.is_some() || local.version.is_none()) => {
                self.absorb(node, Absorption::SameContent { version });
            }
            _ => {}
        }
    }

    /// The place against which a move on the disk is noticed: the one last sent, else the one agreed on.
    pub(super) fn known_place(&self, node: NodeId, local: &LocalNode) -> Option<Place> {
        local.sent.clone().or_else(|| self.trees.synced(node).map(|synced| synced.place))
    }
}

/// Whether the user moved it since it was at `known`. What is parked was moved by the mirror.
pub(super) fn is_moved(local: &LocalNode, known: &Place) -> bool {
    local.place.parent != PARKED && !same_place(&local.place, known)
}
