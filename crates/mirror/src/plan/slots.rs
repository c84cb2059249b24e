//! Moves on the disk: in an order in which folders exist and names are free, through a hidden folder where nodes
//! exchange their names.

use std::collections::BTreeSet;

use domain::id::NodeId;
use domain::name;

use super::{Action, Planner};
use crate::trees::{LocalNode, PARKED, Place, ROOT, Remote, Trees};

impl<T: Trees> Planner<'_, T> {
    /// Moves a node on the disk to where the firm has it, or leaves it to a later plan where the way is not free.
    pub(super) fn bring(&mut self, node: NodeId, local: &LocalNode, to: &Place) {
        self.moving.insert(node);
        if let Some(needs) = self.way_to(node, local, to) {
            self.push_move(node, local, to.clone(), needs);
            self.take(to);
        } else {
            self.stuck.insert(node);
            if local.place.parent == PARKED {
                // Nobody sees it there: it is never left to what may free its name.
                self.again(node);
            }
            if self.lies_in_leaving(local) && !self.left.contains_key(&node) {
                // That folder goes when it is empty, and may be what is in the way.
                self.park(node);
                self.again(node);
            }
        }
        self.moving.remove(&node);
    }

    fn way_to(&mut self, node: NodeId, local: &LocalNode, to: &Place) -> Option<Vec<usize>> {
        let mut needs = self.parent_on_disk(to.parent)?;
        if local.is_folder {
            for between in self.path_below(node, to.parent)? {
                self.consider(between);
            }
        }
        needs.extend(self.free_on_disk(node, to)?);
        if local.is_folder && self.path_below(node, to.parent).is_none_or(|path| !path.is_empty()) {
            self.again(node);
            return None;
        }
        Some(needs)
    }

    fn push_move(&mut self, node: NodeId, local: &LocalNode, to: Place, mut needs: Vec<usize>) -> usize {
        needs.extend(self.left.get(&node));
        if local.is_folder {
            // Folders move one after the other: an order in which no folder ever lies in itself.
            needs.extend(self.last_folder_move);
        }
        let from = self.moved.get(&node).unwrap_or(&local.place).clone();
        let moved = self.push(node, Action::Move { from, to: to.clone() }, needs);
        self.left.entry(node).or_insert(moved);
        self.moved.insert(node, to);
        if local.is_folder {
            self.last_folder_move = Some(moved);
        }
        moved
    }

    /// What makes the folder `parent` be on the disk; `None` where nothing does.
    pub(super) fn parent_on_disk(&mut self, parent: NodeId) -> Option<Vec<usize>> {
        if parent == ROOT || self.trees.local(parent).is_some() {
            return Some(Vec::new());
        }
        self.consider(parent);
        self.made.get(&parent).map(|made| vec![*made])
    }

    /// What makes a name be free on the disk; `None` where nothing does.
    pub(super) fn free_on_disk(&mut self, node: NodeId, place: &Place) -> Option<Vec<usize>> {
        let key = name::key(&place.name);
        if self.taken.contains(&(place.parent, key.clone())) {
            self.again(node);
            return None;
        }
        let Some(other) = self.trees.local_at(place.parent, &key).filter(|other| *other != node) else {
            return Some(Vec::new());
        };
        self.consider(other);
        if let Some(left) = self.left.get(&other) {
            return Some(vec![*left]);
        }
        // The other waits for this one in turn, or for a folder that may lie in this one: it makes room.
        let is_made_folder =
            self.trees.local(node).is_none() && self.trees.remote(node).row().is_some_and(|row| row.is_folder);
        let is_in_a_circle = self.moving.contains(&other) || (is_made_folder && self.stuck.contains(&other));
        if is_in_a_circle {
            self.again(other);
            return self.park(other).map(|parked| vec![parked]);
        }
        None
    }

    /// Moves a node into the hidden folder, where it is in nobody's way.
    fn park(&mut self, node: NodeId) -> Option<usize> {
        let local = self.trees.local(node)?;
        let hidden = Place { parent: PARKED, name: node.to_string() };
        Some(self.push_move(node, &local, hidden, Vec::new()))
    }

    /// Whether a folder above a node is to be taken off the disk.
    fn lies_in_leaving(&self, local: &LocalNode) -> bool {
        let mut seen = BTreeSet::new();
        let mut at = local.place.parent;
        while at != ROOT && at != PARKED && seen.insert(at) {
            if self.is_leaving(at) {
                return true;
            }
            at = self.trees.local(at).map_or(ROOT, |folder| folder.place.parent);
        }
        false
    }

    /// Whether a folder is to be taken off the disk.
    fn is_leaving(&self, folder: NodeId) -> bool {
        match self.trees.remote(folder) {
            Remote::Present(_) => false,
            Remote::Trashed { .. } | Remote::Unmirrored(_) => true,
            Remote::Unknown => self.trees.synced(folder).is_some(),
        }
    }

    /// Notes that a planned operation takes a name on the disk.
    pub(super) fn take(&mut self, place: &Place) {
        self.taken.insert((place.parent, name::key(&place.name)));
    }

    /// The folders from `folder` up to `node`, where `folder` lies in `node`: none where it does not. `None` where it is
    /// the node itself.
    fn path_below(&self, node: NodeId, folder: NodeId) -> Option<Vec<NodeId>> {
        if folder == node {
            return None;
        }
        let mut path = Vec::new();
        let mut seen = BTreeSet::new();
        let mut at = folder;
        while at != ROOT && at != PARKED && seen.insert(at) {
            if at == node {
                return Some(path);
            }
            path.push(at);
            at = match (self.moved.get(&at), self.trees.local(at)) {
                (Some(place), _) => place.parent,
                (None, Some(local)) => local.place.parent,
                // To be made in this plan, at the firm's place.
                (None, None) => self.trees.remote(at).present().map_or(ROOT, |row| row.place.parent),
            };
        }
        Some(Vec::new())
    }
}
