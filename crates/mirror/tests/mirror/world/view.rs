//! The three trees of a [`World`], as the planner reads them.

use domain::id::{ClientFileId, NodeId, VersionId};
use domain::tree::{FIRM_INBOX, permanent_folder_id};
use mirror::plan::Change;
use mirror::trees::{Hold, InFlight, LocalNode, Remote, SyncedNode, Trees};

use super::{FirmNode, World, top_of_trash, trashed_above};

impl Trees for World {
    fn remote(&self, node: NodeId) -> Remote {
        match self.confirmed.get(&node) {
            None => Remote::Unknown,
            Some(found) => match top_of_trash(&self.confirmed, node) {
                Some(_) => Remote::Trashed { node: found.row.clone(), trashed: trashed_above(&self.confirmed, node) },
                None if self.is_offline => Remote::Present(found.row.clone()),
                None => Remote::Unmirrored(found.row.clone()),
            },
        }
    }

    fn synced(&self, node: NodeId) -> Option<SyncedNode> {
        self.synced.get(&node).cloned()
    }

    fn local(&self, node: NodeId) -> Option<LocalNode> {
        self.local.get(&node).cloned()
    }

    fn hold(&self, node: NodeId) -> Hold {
        self.held.get(&node).copied().unwrap_or_default()
    }

    fn in_flight(&self, node: NodeId) -> InFlight {
        let mut flight = InFlight::default();
        for sent in self.pending.iter().chain(&self.acknowledged).filter(|sent| sent.node == node) {
            match sent.change {
                Change::CreateFolder { .. } | Change::AddDocument { .. } => {
                    flight = InFlight { place: true, content: true, existence: true };
                }
                Change::AddVersion { .. } => {
                    flight.content = true;
                    flight.existence = true;
                }
                Change::Place { .. } => flight.place = true,
                Change::Trash | Change::Restore | Change::Revive { .. } => {
                    flight.existence = true;
                    flight.place = true;
                }
            }
        }
        flight
    }

    fn inbox(&self, client_file: ClientFileId) -> Option<NodeId> {
        Some(permanent_folder_id(client_file, FIRM_INBOX))
    }

    fn is_refused(&self, node: NodeId) -> bool {
        self.refused.contains(&node)
    }

    fn is_confirmed(&self, version: VersionId) -> bool {
        self.confirmed.values().any(|node| node.versions.iter().any(|(id, _)| *id == version))
    }

    fn remote_children(&self, folder: NodeId) -> Vec<NodeId> {
        if !self.is_offline {
            return Vec::new();
        }
        let children = self.confirmed.iter().filter(|(_, node)| node.row.place.parent == folder).map(|(id, _)| *id);
        children.filter(|id| top_of_trash(&self.confirmed, *id).is_none()).collect()
    }

    fn missing_children(&self, folder: NodeId) -> Vec<NodeId> {
        self.remote_children(folder)
            .into_iter()
            .filter(|child| self.local.get(child).is_none_or(|local| local.place.parent != folder))
            .collect()
    }

    fn strays(&self, folder: NodeId) -> Vec<NodeId> {
        let children = self.confirmed.iter().filter(|(_, node)| node.row.place.parent == folder);
        let is_stray = |id: &NodeId, node: &FirmNode| {
            self.local.get(id).map_or(node.row.is_folder, |local| local.place.parent != folder)
        };
        children.filter(|(id, node)| is_stray(id, node)).map(|(id, _)| *id).collect()
    }

    fn local_children(&self, folder: NodeId) -> Vec<NodeId> {
        self.local.iter().filter(|(_, node)| node.place.parent == folder).map(|(id, _)| *id).collect()
    }

    fn remote_at(&self, folder: NodeId, key: &str) -> Option<NodeId> {
        let mut named = self
            .confirmed
            .iter()
            .filter(|(_, node)| node.row.place.parent == folder && super::key(&node.row.place.name) == key);
        named.find(|(id, _)| self.is_offline && top_of_trash(&self.confirmed, **id).is_none()).map(|(id, _)| *id)
    }

    fn local_at(&self, folder: NodeId, key: &str) -> Option<NodeId> {
        let mut named =
            self.local.iter().filter(|(_, node)| node.place.parent == folder && super::key(&node.place.name) == key);
        named.next().map(|(id, _)| *id)
    }
}
