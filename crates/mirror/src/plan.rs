//! The planner: from the three trees, what to do so that they become one.
//!
//! [`plan`] is pure: no clock, no disk, the same trees give the same plan, and trees in agreement give none. It works
//! on the nodes marked dirty and what they touch, attribute by attribute (place, content, existence), by one rule: a
//! deletion wins only over what did not change. The operations form a graph: any order that respects
//! [`Op::needs`] is right.
//!
//! Deliberately absent: names of files on disk, contents, commands' ids. The executor adds those and decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use domain::content::ContentHash;
use domain::id::{NodeId, VersionId};
use domain::time::Instant;
use protocol::command::ContentRef;
use protocol::view::Reason;

use crate::trees::{Place, Trees};

mod absent;
pub mod caution;
mod create;
mod present;
mod rows;
mod slots;
mod vanished;

pub use rows::{Rows, deleted_here, rows_after};

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Operations; each needs only earlier ones.
    pub ops: Vec<Op>,
    /// Nodes to look at again once these operations are done.
    pub again: BTreeSet<NodeId>,
    /// Nodes that nothing can be done about until somebody acts.
    pub blocked: BTreeMap<NodeId, Reason>,
    /// Nodes whose removal, or what was saved in them, is not told to the firm yet.
    pub held: BTreeSet<NodeId>,
}

/// An operation on one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Op {
    /// Which.
    pub node: NodeId,
    /// What.
    pub action: Action,
    /// The operations that must have succeeded before, by their position in [`Plan::ops`].
    pub needs: Vec<usize>,
}

/// What an operation does, with what must still be true when it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Makes a folder on the disk, at a name that must be free.
    MakeFolder {
        /// Where.
        place: Place,
    },
    /// Writes a document's file, at a name that must be free.
    Fetch {
        /// Where.
        place: Place,
        /// What.
        target: Target,
    },
    /// Puts another version in the place of the file's bytes.
    Replace {
        /// What.
        target: Target,
        /// The bytes that must be there.
        over: ContentHash,
        /// Why they may be hidden.
        proof: Proof,
    },
    /// Renames or moves on the disk.
    Move {
        /// Where it must be.
        from: Place,
        /// Where to, at a name that must be free.
        to: Place,
    },
    /// Takes a file out of the mirror.
    Quarantine {
        /// The bytes that must be there.
        over: ContentHash,
        /// Why they may be hidden.
        proof: Proof,
    },
    /// Removes a folder, which must be empty.
    RemoveFolder,
    /// Tells the firm what changed on the disk.
    Commit(Change),
    /// Writes rows only: both sides agree already.
    Absorb(Absorption),
}

/// A version to write on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Which.
    pub version: VersionId,
    /// Its bytes.
    pub content: ContentRef,
    /// The time to give the file.
    pub modified_at: Instant,
}

/// Why bytes may disappear from under the user's eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The server holds them, as this version.
    Held(VersionId),
    /// Nobody else is known to hold them: the quarantine keeps them until a person decides.
    Kept,
}

/// A change on the disk, to be made a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A folder appeared.
    CreateFolder {
        /// The folder to make it in, which is not the one it lies in when nothing may be put there.
        parent: NodeId,
        /// Its name.
        name: String,
    },
    /// A file appeared.
    AddDocument {
        /// The folder to file it in.
        parent: NodeId,
        /// Its name.
        name: String,
        /// Its bytes.
        content: ContentRef,
    },
    /// A file was saved.
    AddVersion {
        /// The version it was made from.
        base: Option<VersionId>,
        /// Its bytes.
        content: ContentRef,
    },
    /// It was renamed or moved.
    Place {
        /// The place it was known at.
        from: Place,
        /// The place asked for.
        to: Place,
    },
    /// It was removed.
    Trash,
    /// A folder in the trash is needed again.
    Restore,
    /// It was moved here while it was put in the trash there.
    Revive {
        /// The place it was known at.
        from: Place,
        /// Where it is.
        to: Place,
    },
}

/// Rows to write where both sides agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absorption {
    /// The place is agreed on.
    SamePlace {
        /// Which.
        place: Place,
    },
    /// The bytes on the disk are those of this version.
    SameContent {
        /// Which.
        version: VersionId,
    },
    /// All is agreed on: place and version.
    Same {
        /// Where.
        place: Place,
        /// The version, for a document.
        version: Option<VersionId>,
    },
    /// It is no longer agreed on.
    Forget,
    /// Nor is anything that was below it.
    ForgetBelow,
    /// What appeared on the disk is what appeared at the firm.
    Adopt {
        /// The firm's node, whose identity it takes.
        node: NodeId,
        /// Its version, for a document.
        version: Option<VersionId>,
    },
}

/// Plans for the nodes of `dirty`.
pub fn plan(trees: &impl Trees, dirty: impl IntoIterator<Item = NodeId>) -> Plan {
    let mut planner = Planner::new(trees);
    for node in dirty {
        planner.consider(node);
    }
    if planner.adopted.is_empty() { planner.plan } else { planner.adoptions_first() }
}

/// How far one node's move may lead to another's before the rest is left to the next plan: bounds the stack.
const DEPTH: usize = 48;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Visit {
    Running,
    Done,
}

/// A plan being made.
struct Planner<'a, T> {
    trees: &'a T,
    plan: Plan,
    visits: BTreeMap<NodeId, Visit>,
    depth: usize,
    /// The operation that makes a folder on the disk.
    made: BTreeMap<NodeId, usize>,
    /// The operation that frees a node's place on the disk.
    left: BTreeMap<NodeId, usize>,
    /// Where planned moves have brought nodes.
    moved: BTreeMap<NodeId, Place>,
    /// Places on the disk that planned operations take.
    taken: BTreeSet<(NodeId, String)>,
    /// Nodes whose move is being planned, so that a circle of names is noticed.
    moving: BTreeSet<NodeId>,
    /// Nodes whose move has no way yet.
    stuck: BTreeSet<NodeId>,
    last_folder_move: Option<usize>,
    /// The command that creates a node or brings it back.
    created: BTreeMap<NodeId, usize>,
    /// The command by which a node leaves its place at the firm.
    gone: BTreeMap<NodeId, usize>,
    /// Nodes whose command about their place is being planned, with how they would step aside.
    asking: BTreeMap<NodeId, create::Aside>,
    adopted: BTreeSet<NodeId>,
}

impl<'a, T: Trees> Planner<'a, T> {
    fn new(trees: &'a T) -> Self {
        Self {
            trees,
            plan: Plan::default(),
            visits: BTreeMap::new(),
            depth: 0,
            made: BTreeMap::new(),
            left: BTreeMap::new(),
            moved: BTreeMap::new(),
            taken: BTreeSet::new(),
            moving: BTreeSet::new(),
            stuck: BTreeSet::new(),
            last_folder_move: None,
            created: BTreeMap::new(),
            gone: BTreeMap::new(),
            asking: BTreeMap::new(),
            adopted: BTreeSet::new(),
        }
    }

    /// Plans for one node, once.
    fn consider(&mut self, node: NodeId) {
        use crate::trees::{PARKED, ROOT, Remote};
        if node == ROOT || node == PARKED || self.visits.contains_key(&node) {
            return;
        }
        if self.depth == DEPTH {
            let waiting = self.visits.iter().filter(|(_, visit)| **visit == Visit::Running).map(|(node, _)| *node);
            self.plan.again.extend(waiting.chain([node]));
            return;
        }
        self.depth += 1;
        self.visits.insert(node, Visit::Running);
        let (local, remote) = (self.trees.local(node), self.trees.remote(node));
        if remote.present().is_none() && remote.row().is_some_and(|row| row.is_folder) {
            // What the firm has in it went with it, wherever the disk has it.
            self.plan
                .again
                .extend(self.trees.strays(node).into_iter().filter(|child| !self.visits.contains_key(child)));
        }
        match (local, remote) {
            (None, Remote::Present(remote)) => self.absent(node, &remote),
            (None, remote) => self.absent_everywhere(node, &remote),
            (Some(local), Remote::Present(remote)) => self.present(node, &local, &remote),
            (Some(local), Remote::Trashed { node: remote, .. }) => self.trashed(node, &local, &remote),
            (Some(local), Remote::Unmirrored(remote)) => self.unmirrored(node, &local, &remote),
            (Some(local), Remote::Unknown) => self.unknown(node, &local),
        }
        self.visits.insert(node, Visit::Done);
        self.depth -= 1;
    }

    /// Identities change before anything else: other operations may name folders by those they had.
    fn adoptions_first(self) -> Plan {
        let is_adoption = |op: &Op| matches!(op.action, Action::Absorb(Absorption::Adopt { .. }));
        let mut again = self.plan.again;
        again.extend(self.visits.into_keys().filter(|node| !self.adopted.contains(node)));
        Plan { ops: self.plan.ops.into_iter().filter(is_adoption).collect(), again, ..Plan::default() }
    }

    fn push(&mut self, node: NodeId, action: Action, needs: Vec<usize>) -> usize {
        self.plan.ops.push(Op { node, action, needs });
        self.plan.ops.len() - 1
    }

    fn absorb(&mut self, node: NodeId, absorption: Absorption) -> usize {
        self.push(node, Action::Absorb(absorption), Vec::new())
    }

    fn again(&mut self, node: NodeId) {
        self.plan.again.insert(node);
    }
}
