//! The executor: carries out a plan, and decides nothing.
//!
//! Commands and agreements are written in the plan's own transaction. What touches the disk comes after: all that is to be
//! written is first written aside and flushed, then each operation checks what must still be true and acts, then the
//! names are flushed, and only then rows say that it was done. So rows never claim what a power cut could take back, and
//! what was done without its row is recognised at the next scan.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use domain::content::ContentHash;
use domain::id::NodeId;
use domain::time::Instant;
use failpoints::Point;
use protocol::command::ContentRef;
use protocol::view::Reason;
use store::replica::trees::{Blocked, Dirty, Held, HeldKind};
use store::replica::{Replica, ReplicaTx};

use crate::desk::Desk;
use crate::observe::client_file_of;
use crate::plan::{Action, Change, Op, Plan, plan};
use crate::view::View;
use crate::{Context, Error, sight};

mod act;
mod aside;
mod commit;
mod hold;
mod record;

pub(crate) use act::Outcome;
pub(crate) use hold::set_aside_displaced;

/// How many nodes one step plans for.
const NODES: usize = 500;

/// When a node that can go no further is looked at again.
pub(crate) const STUCK_MS: i64 = 1_000;

/// When a removal is looked at again that waits for what else leaves the disk.
const REMOVAL_MS: i64 = 300;
/// When what is out of sight is looked at again that waits for the server's second answer.
const SIGHT_MS: i64 = 10_000;

/// What a step of the executor did.
#[derive(Debug, Default)]
pub(crate) struct Worked {
    /// Something was planned for.
    pub(crate) any: bool,
    /// Commands were executed.
    pub(crate) commands: bool,
    /// Contents that are not here.
    pub(crate) wanted: Vec<ContentRef>,
    /// Folders whose look is due: something there is not as the rows say. Below the mirror's folder.
    pub(crate) look_at: BTreeSet<PathBuf>,
    /// Folders that were moved on the disk, from where to where, below the mirror's folder, in order.
    pub(crate) moved_folders: Vec<(PathBuf, PathBuf)>,
}

/// A plan whose rows are written, with what is left to do on the disk.
struct Prepared {
    ops: Vec<Op>,
    /// Of each operation, whether it is done.
    done: Vec<bool>,
    dirty: BTreeMap<NodeId, Dirty>,
    commands: bool,
}

/// The key of a node's entry among those that wait or are blocked.
pub(crate) fn blocked_key(node: NodeId) -> String {
    format!("node:{node}")
}

/// Plans for what is dirty, within a bound, and carries it out. `removals_wait`: more may have left the disk than is known
/// yet, and those that left together are counted together.
pub(crate) fn work(
    desk: &Desk,
    replica: &Replica,
    context: &mut Context<'_>,
    removals_wait: bool,
) -> Result<Worked, Error> {
    let now = context.now;
    let dirty = replica.read(|tx| tx.dirty_nodes(now, NODES))?;
    if dirty.is_empty() {
        return Ok(Worked::default());
    }
    let prepared = replica.write(|tx| prepare(desk, tx, context, dirty, removals_wait))?;
    let mut worked = Worked { any: true, commands: prepared.commands, ..Worked::default() };
    if prepared.commands {
        failpoints::reached(Point::Commanded);
    }
    let is_on_disk = |op: &Op| !matches!(op.action, Action::Commit(_) | Action::Absorb(_));
    if prepared.ops.iter().any(is_on_disk) {
        let outcomes = act::carry_out(desk, replica, now, &prepared.ops, &prepared.done, &mut worked)?;
        record::write(desk, replica, context, &prepared, outcomes, &mut worked)?;
    }
    Ok(worked)
}

fn prepare(
    desk: &Desk,
    tx: &mut ReplicaTx<'_, '_>,
    context: &mut Context<'_>,
    dirty: Vec<Dirty>,
    removals_wait: bool,
) -> store::Result<Prepared> {
    let lost = sight::held(desk, tx, context.now)?;
    let Plan { ops, again, blocked, held } = loop {
        let view = View::new(tx, removals_wait, lost.clone())?;
        let plan = plan(&view, dirty.iter().map(|dirty| dirty.node));
        view.finish()?;
        // Each turn holds what the next one leaves out.
        if !hold::hold(desk, tx, &plan.ops, context.now)? {
            break plan;
        }
    };
    let considered: BTreeSet<NodeId> = dirty.iter().map(|dirty| dirty.node).collect();
    let mut done = vec![false; ops.len()];
    let mut commands = false;
    let on_disk: BTreeSet<NodeId> =
        ops.iter().filter(|op| !matches!(op.action, Action::Commit(_) | Action::Absorb(_))).map(|op| op.node).collect();
    let mut kept = BTreeMap::new();
    for entry in dirty {
        if on_disk.contains(&entry.node) {
            kept.insert(entry.node, entry);
        } else {
            tx.settle_dirty(entry)?;
            if !blocked.contains_key(&entry.node) {
                tx.clear_blocked(&blocked_key(entry.node))?;
            }
        }
    }
    for (node, reason) in blocked {
        block(desk, tx, node, reason, false, context.now)?;
    }
    let mut created = Vec::new();
    for (position, op) in ops.iter().enumerate() {
        if !op.needs.iter().all(|need| done[*need]) {
            // What it needs was refused here and is planned for again.
            continue;
        }
        match &op.action {
            Action::Absorb(_) => {
                record::apply(desk, tx, op, crate::trees::Stamp::default(), None)?;
                done[position] = true;
            }
            Action::Commit(change) => {
                commands = true;
                hold::note_told(desk, tx, op, change, context.now)?;
                done[position] = commit::commit(desk, tx, context, op, change)?;
                if let Change::AddDocument { content, .. } = change {
                    created.push(content.hash);
                }
            }
            _ => {}
        }
    }
    for node in held {
        match tx.held(node)? {
            None if lost.is_empty() => tx.mark_dirty_at(node, context.now.plus(REMOVAL_MS))?,
            None => tx.mark_dirty_at(node, context.now.plus(SIGHT_MS))?,
            // Saved again meanwhile.
            Some(held) if held.kind == HeldKind::Edit => {
                let content = tx.local_node(node)?.and_then(|local| local.content);
                if content != held.content {
                    tx.hold(&Held { content, ..held })?;
                }
            }
            Some(_) => {}
        }
    }
    if commands {
        failpoints::reached(Point::Commanding);
    }
    tx.hurry_if_few(&created)?;
    for node in again {
        // Where nothing was done there is a pause: never a circle without one.
        if considered.contains(&node) && ops.is_empty() {
            tx.mark_dirty_at(node, context.now.plus(STUCK_MS))?;
        } else {
            tx.mark_dirty(node)?;
        }
    }
    Ok(Prepared { ops, done, dirty: kept, commands })
}

/// Records why a node waits or is blocked.
fn block(
    desk: &Desk,
    tx: &mut ReplicaTx<'_, '_>,
    node: NodeId,
    reason: Reason,
    is_waiting: bool,
    now: Instant,
) -> store::Result<()> {
    let path = match tx.local_node(node)? {
        Some(local) => desk.folder_path(tx, local.place.parent)?.map(|folder| folder.join(local.place.name)),
        None => None,
    };
    let path = match path {
        Some(path) => desk.shown(&path),
        None => match tx.node(node)? {
            Some(row) => {
                let folder = desk.folder_path(tx, row.parent)?.unwrap_or_else(|| desk.root.clone());
                desk.shown(&folder.join(row.name))
            }
            None => String::new(),
        },
    };
    let client_file = client_file_of(tx, &path)?;
    tx.put_blocked(&Blocked {
        key: blocked_key(node),
        node: Some(node),
        client_file,
        folder: None,
        path,
        reason,
        proposal: None,
        is_waiting,
        since: now,
    })
}

/// Whether any of the operations still wants this content.
fn is_wanted(ops: &[Op], outcomes: &[Outcome], content: ContentHash) -> bool {
    ops.iter().zip(outcomes).any(|(op, outcome)| {
        let (Action::Fetch { target, .. } | Action::Replace { target, .. }) = &op.action else { return false };
        target.content.hash == content && !outcome.is_done()
    })
}
