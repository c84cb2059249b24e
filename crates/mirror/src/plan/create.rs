//! What the firm is told: creations, and moves made on the disk, in an order in which names are free.

use domain::id::NodeId;
use domain::name;
use protocol::command::ContentRef;
use protocol::view::Reason;

use super::{Action, Change, Planner, Proof};
use crate::trees::{Hold, LocalNode, PARKED, Place, ROOT, Remote, Trees, same_place};

/// Whether a folder may hold what the disk has in it.
pub(super) enum Holder {
    /// Yes, after these operations.
    Ready(Vec<usize>),
    /// Its own creation is not settled.
    NotYet,
    /// It is a container, or the mirror's own folder.
    Never,
}

/// How a node leaves its name for a moment, where two nodes exchanged theirs.
#[derive(Debug, Clone)]
pub(super) struct Aside {
    from: Place,
    to: Place,
    needs: Vec<usize>,
}

impl<T: Trees> Planner<'_, T> {
    /// Tells the firm of something new. Where nothing may be put, it goes to the client file's inbox.
    pub(super) fn create(&mut self, node: NodeId, local: &LocalNode) {
        let place = &local.place;
        if self.adopt_by_place(node, local) {
            return;
        }
        match (self.trees.hold(node), local.content) {
            (Hold::None, _) => {}
            (Hold::Undone, Some(over)) => {
                let left = self.push(node, Action::Quarantine { over, proof: Proof::Kept }, Vec::new());
                self.left.insert(node, left);
                return;
            }
            (Hold::Waiting | Hold::Undone, _) => {
                self.plan.held.insert(node);
                return;
            }
        }
        let (parent, mut needs) = match self.holder(place.parent) {
            Holder::Ready(needs) => (place.parent, needs),
            Holder::NotYet if self.adopted.contains(&place.parent) => return self.again(node),
            Holder::NotYet => return self.refuse(node),
            Holder::Never => {
                let Some(inbox) = self.inbox(place.parent) else {
                    self.plan.blocked.insert(node, Reason::OutsideClient);
                    return;
                };
                (inbox, Vec::new())
            }
        };
        let wanted = Place { parent, name: place.name.clone() };
        needs.extend(self.free_at_firm(node, &wanted));
        let Place { parent, name } = wanted;
        let change = if local.is_folder {
            Change::CreateFolder { parent, name }
        } else {
            let Some(hash) = local.content else { return };
            Change::AddDocument { parent, name, content: ContentRef { hash, size: local.stamp.size } }
        };
        let created = self.push(node, Action::Commit(change), needs);
        self.created.insert(node, created);
    }

    /// Takes the identity of what the firm has at the same place, where it is the same.
    pub(super) fn adopt_by_place(&mut self, node: NodeId, local: &LocalNode) -> bool {
        let Some(other) = self.trees.remote_at(local.place.parent, &name::key(&local.place.name)) else { return false };
        self.trees.remote(other).present().cloned().is_some_and(|row| self.adopt(node, other, &row))
    }

    fn refuse(&mut self, node: NodeId) {
        self.plan.blocked.insert(node, Reason::Refused);
    }

    /// The folder in which the firm is asked to put what lies in `folder`.
    pub(super) fn asked_folder(&self, folder: NodeId) -> Option<NodeId> {
        match self.trees.remote(folder).row() {
            Some(row) if !row.holds_documents => self.inbox(folder),
            _ => Some(folder),
        }
    }

    fn inbox(&self, folder: NodeId) -> Option<NodeId> {
        let inbox = self.trees.inbox(self.trees.remote(folder).row()?.client_file)?;
        matches!(self.trees.remote(inbox), Remote::Present(_) | Remote::Unmirrored(_)).then_some(inbox)
    }

    /// Whether `folder` may hold documents at the firm.
    pub(super) fn holder(&mut self, folder: NodeId) -> Holder {
        if folder == ROOT || folder == PARKED {
            return Holder::Never;
        }
        match self.trees.remote(folder) {
            Remote::Present(row) | Remote::Unmirrored(row) | Remote::Trashed { node: row, .. }
                if !row.holds_documents =>
            {
                Holder::Never
            }
            Remote::Present(_) | Remote::Unmirrored(_) => Holder::Ready(Vec::new()),
            Remote::Trashed { trashed, .. } => Holder::Ready(self.restore(&trashed).into_iter().collect()),
            Remote::Unknown if self.trees.in_flight(folder).existence => Holder::Ready(Vec::new()),
            Remote::Unknown => {
                self.consider(folder);
                self.created.get(&folder).map_or(Holder::NotYet, |created| Holder::Ready(vec![*created]))
            }
        }
    }

    /// Takes folders out of the trash, the highest first.
    fn restore(&mut self, trashed: &[NodeId]) -> Option<usize> {
        let mut last = None;
        for folder in trashed {
            if self.created.contains_key(folder) || !self.trees.in_flight(*folder).existence {
                let needs = last.into_iter().collect();
                last = Some(match self.created.get(folder) {
                    Some(restored) => *restored,
                    None => self.push(*folder, Action::Commit(Change::Restore), needs),
                });
                self.created.extend(last.map(|restored| (*folder, restored)));
            }
        }
        last
    }

    /// Asks the firm to put a node where the disk has it.
    pub(super) fn ask_place(&mut self, node: NodeId, known: &Place, wanted: &Place, mut needs: Vec<usize>) {
        let aside = Place { parent: wanted.parent, name: name::numbered(&wanted.name, 2) };
        self.asking.insert(node, Aside { from: known.clone(), to: aside.clone(), needs: needs.clone() });
        needs.extend(self.free_at_firm(node, wanted));
        self.asking.remove(&node);
        let from = match self.gone.get(&node) {
            Some(stepped) => {
                needs.push(*stepped);
                aside
            }
            None => known.clone(),
        };
        let asked = self.push(node, Action::Commit(Change::Place { from, to: wanted.clone() }), needs);
        self.gone.insert(node, asked);
    }

    /// The operations after which nothing else has this name at the firm. Where that cannot be had, the server numbers
    /// the second.
    fn free_at_firm(&mut self, node: NodeId, wanted: &Place) -> Option<usize> {
        let other = self.trees.remote_at(wanted.parent, &name::key(&wanted.name)).filter(|other| *other != node)?;
        let is_sent_away = match self.trees.local(other) {
            Some(local) => local.sent.is_some_and(|sent| !same_place(&sent, wanted)),
            None => self.trees.in_flight(other).existence,
        };
        if is_sent_away {
            return None;
        }
        self.consider(other);
        self.gone.get(&other).copied().or_else(|| self.step_aside(other))
    }

    /// Lets a node whose place is being asked for leave its present name first.
    pub(super) fn step_aside(&mut self, node: NodeId) -> Option<usize> {
        let Aside { from, to, needs } = self.asking.get(&node)?.clone();
        let stepped = self.push(node, Action::Commit(Change::Place { from, to }), needs);
        self.gone.insert(node, stepped);
        Some(stepped)
    }
}
