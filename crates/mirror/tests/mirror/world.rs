//! A firm, a disk and what lies between, in memory: just enough to let the planner's operations have their effect.
//!
//! The firm executes commands as the real one does (numbering, refusals, compare-and-swap); the disk checks what the real
//! one would refuse (a name that is taken, a folder that is not empty).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use domain::content::ContentHash;
use domain::id::{ClientFileId, NodeId, VersionId};
use domain::name;
use domain::time::Instant;
use domain::tree::{FIRM_INBOX, permanent_folder_id};
use mirror::plan::{Action, Change, Op, Plan, Proof, deleted_here, plan, rows_after};
use mirror::trees::{Hold, LocalNode, PARKED, Place, ROOT, Remote, RemoteNode, Stamp, SyncedNode, Trees, same_place};
use uuid::Uuid;

mod firm;
mod view;

pub(crate) const CLIENT: ClientFileId = ClientFileId(Uuid::from_u128(0xC));

pub(crate) const fn node(number: u128) -> NodeId {
    NodeId(Uuid::from_u128(number))
}

pub(crate) fn content(number: u64) -> ContentHash {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    ContentHash(bytes)
}

pub(crate) fn place(parent: NodeId, name: &str) -> Place {
    Place { parent, name: name.to_owned() }
}

/// The key of a name: at once for those that are their own, which is most of them and a third of the time of a test.
pub(crate) fn key(name: &str) -> Cow<'_, str> {
    let is_its_own = name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_its_own { Cow::Borrowed(name) } else { Cow::Owned(name::key(name)) }
}

/// A node at the firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FirmNode {
    pub(crate) row: RemoteNode,
    pub(crate) trashed: bool,
    pub(crate) versions: Vec<(VersionId, ContentHash)>,
}

/// A command on its way.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) node: NodeId,
    pub(crate) change: Change,
    pub(crate) version: Option<VersionId>,
}

/// All of it.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) firm: BTreeMap<NodeId, FirmNode>,
    /// The firm as the feed last showed it.
    pub(crate) confirmed: BTreeMap<NodeId, FirmNode>,
    pub(crate) synced: BTreeMap<NodeId, SyncedNode>,
    pub(crate) local: BTreeMap<NodeId, LocalNode>,
    pub(crate) pending: Vec<Sent>,
    pub(crate) acknowledged: Vec<Sent>,
    pub(crate) dirty: BTreeSet<NodeId>,
    pub(crate) quarantine: Vec<(ContentHash, Proof)>,
    /// Nodes that the firm refused to create.
    pub(crate) refused: BTreeSet<NodeId>,
    /// Contents of commands that the firm refused: they wait for a person.
    pub(crate) to_check: BTreeSet<ContentHash>,
    /// Contents that were whole on the disk or at the firm.
    pub(crate) seen: BTreeSet<ContentHash>,
    pub(crate) is_offline: bool,
    /// A person is asked about removals and saves.
    pub(crate) asks: bool,
    /// What waits for a person's answer, or is to be undone.
    pub(crate) held: BTreeMap<NodeId, Hold>,
    next: u128,
}

impl World {
    /// A client file with its tree: a container, two fixed folders, the inbox.
    pub(crate) fn new() -> Self {
        let mut world = Self {
            firm: BTreeMap::new(),
            confirmed: BTreeMap::new(),
            synced: BTreeMap::new(),
            local: BTreeMap::new(),
            pending: Vec::new(),
            acknowledged: Vec::new(),
            dirty: BTreeSet::new(),
            quarantine: Vec::new(),
            refused: BTreeSet::new(),
            to_check: BTreeSet::new(),
            seen: BTreeSet::new(),
            is_offline: true,
            asks: false,
            held: BTreeMap::new(),
            next: 1000,
        };
        world.add_firm_folder(CLIENT.root(), ROOT, "Alter Ce", true, false);
        world.add_firm_folder(node(2), CLIENT.root(), "02 Dossier annuel", true, false);
        world.add_firm_folder(node(3), node(2), "Achats", true, true);
        world.add_firm_folder(node(4), node(2), "Ventes", true, true);
        world.add_firm_folder(permanent_folder_id(CLIENT, FIRM_INBOX), CLIENT.root(), "A classer", true, true);
        world
    }

    pub(crate) fn fresh(&mut self) -> u128 {
        self.next += 1;
        self.next
    }

    pub(crate) fn add_firm_folder(
        &mut self,
        id: NodeId,
        parent: NodeId,
        name: &str,
        is_fixed: bool,
        holds_documents: bool,
    ) {
        let row = RemoteNode {
            place: place(parent, name),
            is_folder: true,
            is_fixed,
            holds_documents,
            client_file: CLIENT,
            head: None,
            content: None,
            size: 0,
            modified_at: Instant(0),
        };
        self.firm.insert(id, FirmNode { row, trashed: false, versions: Vec::new() });
    }

    pub(crate) fn add_firm_document(&mut self, id: NodeId, parent: NodeId, name: &str, bytes: ContentHash) {
        let version = VersionId(Uuid::from_u128(self.fresh()));
        self.seen.insert(bytes);
        let row = RemoteNode {
            place: place(parent, name),
            is_folder: false,
            is_fixed: false,
            holds_documents: false,
            client_file: CLIENT,
            head: Some(version),
            content: Some(bytes),
            size: 1,
            modified_at: Instant(0),
        };
        self.firm.insert(id, FirmNode { row, trashed: false, versions: vec![(version, bytes)] });
    }

    pub(crate) fn save_at_firm(&mut self, id: NodeId, bytes: ContentHash) {
        let version = VersionId(Uuid::from_u128(self.fresh()));
        self.seen.insert(bytes);
        let node = self.firm.get_mut(&id).unwrap();
        node.row.head = Some(version);
        node.row.content = Some(bytes);
        node.versions.push((version, bytes));
    }

    /// What the observer records of a new file or folder.
    pub(crate) fn add_local(&mut self, parent: NodeId, name: &str, bytes: Option<ContentHash>) -> NodeId {
        let id = node(self.fresh());
        self.seen.extend(bytes);
        let local = LocalNode {
            place: place(parent, name),
            is_folder: bytes.is_none(),
            stamp: Stamp::default(),
            content: bytes,
            version: None,
            base: None,
            sent: None,
            is_flushed: true,
        };
        self.local.insert(id, local);
        self.dirty.insert(id);
        id
    }

    /// What the observer records of a saved file.
    pub(crate) fn save_local(&mut self, id: NodeId, bytes: ContentHash) {
        let local = self.local.get_mut(&id).unwrap();
        if let (None, Some(overwritten)) = (local.version, local.content) {
            // Saved over before it was sent: the staging's affair.
            self.seen.remove(&overwritten);
        }
        self.seen.insert(bytes);
        local.content = Some(bytes);
        local.version = None;
        if let Some(hold) = self.held.get_mut(&id).filter(|hold| **hold == Hold::Undone) {
            // Saved again since: another question.
            *hold = Hold::Waiting;
        }
        self.dirty.insert(id);
    }

    pub(crate) fn move_local(&mut self, id: NodeId, to: Place) {
        let left = std::mem::replace(&mut self.local.get_mut(&id).unwrap().place, to);
        self.dirty.insert(id);
        self.wake(&left);
    }

    /// What the observer records of a removed file or folder.
    pub(crate) fn remove_local(&mut self, id: NodeId) {
        for child in self.local_children(id) {
            self.remove_local(child);
        }
        let local = self.local.remove(&id).unwrap();
        if let (None, Some(overwritten)) = (local.version, local.content) {
            self.seen.remove(&overwritten);
        }
        match deleted_here(&local, self.synced.get(&id)) {
            Some(synced) => self.synced.insert(id, synced),
            None => self.synced.remove(&id),
        };
        self.dirty.insert(id);
        self.held.remove(&id);
        self.wake(&local.place);
    }

    /// Holds what an operation would tell of a node, as the executor does: a removal with all that left with it.
    pub(crate) fn hold(&mut self, id: NodeId) {
        self.held.insert(id, Hold::Waiting);
        let below: Vec<NodeId> =
            self.synced.iter().filter(|(_, synced)| synced.place.parent == id).map(|(id, _)| *id).collect();
        for child in below {
            if !self.local.contains_key(&child) && !self.local.contains_key(&id) {
                self.hold(child);
            }
        }
    }

    /// Somebody answers: it is told, or undone.
    pub(crate) fn decide(&mut self, id: NodeId, hold: Hold) {
        self.held.insert(id, hold);
        self.dirty.insert(id);
    }

    fn wake(&mut self, freed: &Place) {
        self.dirty.extend(self.remote_at(freed.parent, &key(&freed.name)));
        if self.local_children(freed.parent).is_empty() {
            self.dirty.insert(freed.parent);
        }
    }

    pub(crate) fn plan(&self) -> Plan {
        plan(self, self.dirty.iter().copied())
    }

    /// Carries out a plan in the order given, which respects what each operation needs.
    pub(crate) fn carry_out(&mut self, plan: Plan, order: impl IntoIterator<Item = usize>) {
        self.dirty.clone_from(&plan.again);
        for position in order {
            self.carry_out_one(&plan.ops[position]);
            self.check_disk();
        }
    }

    fn carry_out_one(&mut self, op: &Op) {
        let id = op.node;
        let (local, synced) = (self.local.get(&id).cloned(), self.synced.get(&id).cloned());
        let mut version = None;
        match &op.action {
            Action::MakeFolder { place } | Action::Fetch { place, .. } => {
                assert!(local.is_none(), "made twice: {op:?}");
                self.check_free(id, place);
            }
            Action::Move { from, to } => {
                assert_eq!(local.as_ref().map(|local| &local.place), Some(from), "not where it was: {op:?}");
                assert!(!self.local_is_below(to.parent, id), "moved into itself: {op:?}");
                self.check_free(id, to);
            }
            Action::Replace { over, proof, .. } | Action::Quarantine { over, proof } => {
                assert_eq!(local.as_ref().and_then(|local| local.content), Some(*over), "other bytes: {op:?}");
                if let Proof::Held(version) = proof {
                    let is_held = self.firm.values().any(|node| node.versions.contains(&(*version, *over)));
                    assert!(is_held, "a proof that does not hold: {op:?}");
                }
                self.quarantine.push((*over, *proof));
            }
            Action::RemoveFolder => assert!(self.local_children(id).is_empty(), "not empty: {op:?}"),
            Action::Commit(change) => {
                if matches!(change, Change::AddVersion { .. } | Change::AddDocument { .. }) {
                    version = Some(VersionId(Uuid::from_u128(self.fresh())));
                }
                self.pending.push(Sent { node: id, change: change.clone(), version });
            }
            Action::Absorb(_) => {}
        }
        let rows = rows_after(&op.action, local.clone(), synced, Stamp::default(), version);
        if let (Action::Move { from, .. }, Some(true)) = (&op.action, local.as_ref().map(|local| local.is_folder)) {
            let mut above = from.parent;
            while let Some(folder) = self.local.get(&above) {
                self.dirty.insert(above);
                above = folder.place.parent;
            }
        }
        let is_settled = match (local.is_some(), &rows.local) {
            (false, None) => rows.synced.is_none(),
            (true, Some(local)) => local.version.is_some(),
            (false, Some(_)) | (true, None) => true,
        };
        if is_settled {
            self.held.remove(&id);
        }
        set(&mut self.local, id, rows.local);
        set(&mut self.synced, id, rows.synced);
        if rows.forget_below {
            self.forget_below(id);
        }
        if let Some(other) = rows.became {
            let local = self.local.remove(&id).unwrap();
            self.local.insert(other, local);
            for child in self.local.values_mut().filter(|child| child.place.parent == id) {
                child.place.parent = other;
            }
            self.dirty.insert(other);
        }
        if matches!(op.action, Action::Commit(Change::CreateFolder { .. })) {
            self.dirty.extend(self.local_children(id));
        }
        if let Some(freed) = rows.freed {
            self.wake(&freed);
        }
        if !matches!(op.action, Action::Commit(_) | Action::Absorb(_)) {
            self.dirty.insert(id);
        }
    }

    fn forget_below(&mut self, folder: NodeId) {
        let below: Vec<NodeId> =
            self.synced.iter().filter(|(_, synced)| synced.place.parent == folder).map(|(id, _)| *id).collect();
        for id in below {
            if self.local.contains_key(&id) {
                continue;
            }
            self.synced.remove(&id);
            self.held.remove(&id);
            self.dirty.insert(id);
            self.forget_below(id);
        }
    }

    fn check_free(&self, id: NodeId, place: &Place) {
        let other = self.local_at(place.parent, &key(&place.name)).filter(|other| *other != id);
        assert_eq!(other, None, "{place:?} is taken on the disk");
        let is_there = place.parent == ROOT || place.parent == PARKED || self.local.contains_key(&place.parent);
        assert!(is_there, "no folder for {place:?}");
    }

    /// What no disk can be: two names alike in a folder, a folder in itself, a file in nothing.
    fn check_disk(&self) {
        let mut slots = BTreeSet::new();
        for (id, local) in &self.local {
            assert!(slots.insert((local.place.parent, key(&local.place.name))), "two at {:?}", local.place);
            let parent = local.place.parent;
            assert!(parent == ROOT || parent == PARKED || self.local.contains_key(&parent), "{id} lies in nothing");
            assert!(!self.local_is_below(parent, *id), "{id} lies in itself");
        }
    }
}

fn set<T>(map: &mut BTreeMap<NodeId, T>, id: NodeId, value: Option<T>) {
    match value {
        Some(value) => map.insert(id, value),
        None => map.remove(&id),
    };
}

fn top_of_trash(nodes: &BTreeMap<NodeId, FirmNode>, id: NodeId) -> Option<NodeId> {
    let (mut top, mut at) = (None, id);
    while let Some(node) = nodes.get(&at) {
        if node.trashed {
            top = Some(at);
        }
        at = node.row.place.parent;
    }
    top
}

fn trashed_above(nodes: &BTreeMap<NodeId, FirmNode>, id: NodeId) -> Vec<NodeId> {
    let (mut trashed, mut at) = (Vec::new(), id);
    while let Some(node) = nodes.get(&at) {
        if node.trashed {
            trashed.insert(0, at);
        }
        at = node.row.place.parent;
    }
    trashed
}

fn is_alive(nodes: &BTreeMap<NodeId, FirmNode>, id: NodeId) -> bool {
    nodes.contains_key(&id) && top_of_trash(nodes, id).is_none()
}

/// What is left different when both sides are at rest.
pub(crate) fn differences(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    let ids: BTreeSet<NodeId> =
        world.firm.keys().chain(world.local.keys()).chain(world.synced.keys()).copied().collect();
    for id in ids {
        let (remote, local, synced) = (world.remote(id), world.local(id), world.synced(id));
        match (remote, local, synced) {
            (Remote::Present(remote), Some(local), Some(synced)) => {
                let is_same = same_place(&remote.place, &local.place)
                    && remote.place == synced.place
                    && remote.head == local.version
                    && remote.head == synced.version
                    && remote.content == local.content;
                if !is_same {
                    found.push(format!("{id}: {remote:?} {local:?} {synced:?}"));
                }
            }
            (Remote::Trashed { .. } | Remote::Unmirrored(_) | Remote::Unknown, None, None) => {}
            other => found.push(format!("{id}: {other:?}")),
        }
    }
    found
}
