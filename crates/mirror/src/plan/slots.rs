//! Moves on the disk: in an order in which folders exist and names are free, through a hidden folder where nodes
//! exchange their names.

use std::collections::BTreeSet;

use domain::id::NodeId;
use domain::name;

use super::{Action, Planner};
use crate::trees::{LocalNode, PARKED, Place, ROOT, Trees};

impl<T: Trees> Planner<'_, T> {
    /// Moves a node on the disk to where the firm has it, or leaves it to a later plan where the way is not free.
    pub(super) fn bring(&mut self, node: NodeId, local: &LocalNode, to: &Place) {
        self.moving.insert(node);
        if let Some(needs) = self.way_to(node, local, to) {
            self.push_move(node, local, to.clone(), needs);
            self.take(to);
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
        // The other waits for this one in turn: it makes room.
        if !self.moving.contains(&other) {
            return None;
        }
        let local = self.trees.local(other)?;
        let hidden = Place { parent: PARKED, name: other.to_string() };
        Some(vec![self.push_move(other, &local, hidden, Vec::new())])
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
