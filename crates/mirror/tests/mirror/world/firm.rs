//! The firm of a [`World`]: executes commands as the real one does (numbering, refusals, compare-and-swap, trash).

use std::collections::BTreeSet;

use domain::content::ContentHash;
use domain::id::NodeId;
use domain::name;
use domain::tree::{FIRM_INBOX, permanent_folder_id};
use mirror::plan::Change;
use mirror::trees::Place;

use super::{CLIENT, FirmNode, Sent, World, is_alive, key, place};

impl World {
    pub(crate) fn firm_is_alive(&self, id: NodeId) -> bool {
        is_alive(&self.firm, id)
    }

    pub(crate) fn is_below(nodes: &impl Fn(NodeId) -> Option<NodeId>, id: NodeId, above: NodeId) -> bool {
        let mut at = Some(id);
        while let Some(current) = at {
            if current == above {
                return true;
            }
            at = nodes(current);
        }
        false
    }

    pub(crate) fn firm_is_below(&self, id: NodeId, above: NodeId) -> bool {
        Self::is_below(&|id| self.firm.get(&id).map(|node| node.row.place.parent), id, above)
    }

    pub(crate) fn local_is_below(&self, id: NodeId, above: NodeId) -> bool {
        Self::is_below(&|id| self.local.get(&id).map(|node| node.place.parent), id, above)
    }

    /// A name that is free at the firm.
    pub(crate) fn free_name(&self, id: NodeId, wanted: &Place) -> String {
        (1..1_000)
            .map(|n| if n == 1 { wanted.name.clone() } else { name::numbered(&wanted.name, n) })
            .find(|candidate| {
                !self.firm.iter().any(|(other, node)| {
                    *other != id
                        && !node.trashed
                        && node.row.place.parent == wanted.parent
                        && key(&node.row.place.name) == key(candidate)
                })
            })
            .unwrap()
    }

    /// Puts a node of the firm at a place; false where the firm refuses.
    pub(crate) fn place_at_firm(&mut self, id: NodeId, to: &Place) -> bool {
        let holds = self.firm.get(&to.parent).is_some_and(|parent| parent.row.holds_documents);
        let is_fixed = self.firm.get(&id).is_none_or(|node| node.row.is_fixed);
        if !holds || is_fixed || !self.firm_is_alive(to.parent) || self.firm_is_below(to.parent, id) {
            return false;
        }
        let name = self.free_name(id, to);
        self.firm.get_mut(&id).unwrap().row.place = Place { parent: to.parent, name };
        true
    }

    /// Takes a node out of the trash: to its place, or to the inbox where that is in the trash too.
    pub(crate) fn restore_at_firm(&mut self, id: NodeId) {
        let Some(node) = self.firm.get(&id).cloned() else { return };
        let inbox = permanent_folder_id(CLIENT, FIRM_INBOX);
        let parent = if self.firm_is_alive(node.row.place.parent) { node.row.place.parent } else { inbox };
        let name = self.free_name(id, &Place { parent, name: node.row.place.name });
        let node = self.firm.get_mut(&id).unwrap();
        node.trashed = false;
        node.row.place = Place { parent, name };
    }

    /// Executes a command at the firm, or refuses it.
    fn execute(&mut self, sent: &Sent) {
        let id = sent.node;
        match &sent.change {
            Change::CreateFolder { parent, name } | Change::AddDocument { parent, name, .. } => {
                let holds = self.firm.get(parent).is_some_and(|parent| parent.row.holds_documents);
                if self.firm.contains_key(&id) || !holds || !self.firm_is_alive(*parent) {
                    self.refused.insert(id);
                    if let Change::AddDocument { content, .. } = &sent.change {
                        self.to_check.insert(content.hash);
                    }
                    return;
                }
                let is_the_same = |node: &FirmNode, hash: ContentHash| {
                    node.row.place.parent == *parent
                        && !node.trashed
                        && node.row.content == Some(hash)
                        && key(&node.row.place.name) == key(name)
                };
                if let Change::AddDocument { content, .. } = &sent.change
                    && self.firm.values().any(|node| is_the_same(node, content.hash))
                {
                    return;
                }
                let name = self.free_name(id, &place(*parent, name));
                match &sent.change {
                    Change::AddDocument { content, .. } => {
                        self.add_firm_document(id, *parent, &name, content.hash);
                        let node = self.firm.get_mut(&id).unwrap();
                        node.row.head = sent.version;
                        node.versions = vec![(sent.version.unwrap(), content.hash)];
                    }
                    _ => self.add_firm_folder(id, *parent, &name, false, true),
                }
            }
            Change::AddVersion { base, content } => {
                let Some(node) = self.firm.get_mut(&id) else {
                    self.to_check.insert(content.hash);
                    return;
                };
                node.versions.push((sent.version.unwrap(), content.hash));
                let is_the_head = node.row.content == Some(content.hash) && !node.trashed;
                if is_the_head || node.row.head != *base {
                    return;
                }
                node.row.head = sent.version;
                node.row.content = Some(content.hash);
                if !self.firm_is_alive(id) {
                    self.restore_at_firm(id);
                }
            }
            Change::Place { to, .. } => {
                self.place_at_firm(id, to);
            }
            Change::Trash => {
                if let Some(node) = self.firm.get_mut(&id).filter(|node| !node.row.is_fixed) {
                    node.trashed = true;
                }
            }
            Change::Restore => {
                if self.firm.get(&id).is_some_and(|node| node.trashed) {
                    self.restore_at_firm(id);
                }
            }
            Change::Revive { to, .. } => {
                if self.firm.get(&id).is_some_and(|node| node.trashed) && self.place_at_firm(id, to) {
                    let node = self.firm.get_mut(&id).unwrap();
                    node.trashed = false;
                    let wanted = node.row.place.clone();
                    let name = self.free_name(id, &wanted);
                    self.firm.get_mut(&id).unwrap().row.place.name = name;
                }
            }
        }
    }

    /// Sends the first `count` pending commands.
    pub(crate) fn push(&mut self, count: usize) {
        for sent in self.pending.drain(..count.min(self.pending.len())).collect::<Vec<_>>() {
            self.execute(&sent);
            self.acknowledged.push(sent);
        }
    }

    /// Pulls: the firm's rows are confirmed, and what changed is to be looked at.
    pub(crate) fn pull(&mut self) {
        let ids: BTreeSet<NodeId> = self.firm.keys().chain(self.confirmed.keys()).copied().collect();
        self.dirty.extend(ids.into_iter().filter(|id| self.firm.get(id) != self.confirmed.get(id)));
        self.dirty.extend(self.acknowledged.drain(..).map(|sent| sent.node));
        // With a folder that was in the trash comes what is in it.
        let rescued = |id: &NodeId| {
            self.firm.get(id) != self.confirmed.get(id) && !is_alive(&self.confirmed, *id) && self.firm_is_alive(*id)
        };
        let folders: Vec<NodeId> = self.confirmed.keys().copied().filter(rescued).collect();
        let parent = |id| self.firm.get(&id).map(|node| node.row.place.parent);
        let below = |id: &NodeId| folders.iter().any(|folder| Self::is_below(&parent, *id, *folder));
        let below: Vec<NodeId> = self.firm.keys().copied().filter(below).collect();
        self.dirty.extend(below);
        self.confirmed = self.firm.clone();
    }
}
