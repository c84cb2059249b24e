//! What was done, as rows.

use std::path::Path;

use domain::id::{CommandId, VersionId};
use failpoints::Point;
use protocol::command::{Command, ContentRef, Envelope};
use store::replica::trees::PendingRows;
use store::replica::{Replica, ReplicaTx};

use super::act::Rescued;
use super::{Outcome, Prepared, Worked, block, blocked_key, is_wanted};
use crate::desk::Desk;
use crate::observe::{freed, mark_above};
use crate::plan::{Action, Change, Op, rows_after};
use crate::trees::{LocalNode, PARKED, Stamp};
use crate::{Context, Error};

/// Writes what an operation that was done changes in the rows of its node.
pub(super) fn apply(
    desk: &Desk,
    tx: &mut ReplicaTx<'_, '_>,
    op: &Op,
    stamp: Stamp,
    version: Option<VersionId>,
) -> store::Result<()> {
    let local = tx.local_node(op.node)?;
    apply_with(desk, tx, &mut None, op, local, stamp, version)
}

/// The same of a command that was executed, whose node on the disk is known.
pub(super) fn apply_to(
    desk: &Desk,
    tx: &mut ReplicaTx<'_, '_>,
    op: &Op,
    local: Option<LocalNode>,
    version: Option<VersionId>,
) -> store::Result<()> {
    apply_with(desk, tx, &mut None, op, local, Stamp::default(), version)
}

fn apply_with(
    desk: &Desk,
    tx: &mut ReplicaTx<'_, '_>,
    pending: &mut Option<PendingRows>,
    op: &Op,
    local: Option<LocalNode>,
    stamp: Stamp,
    version: Option<VersionId>,
) -> store::Result<()> {
    let node = op.node;
    let is_folder = local.as_ref().is_some_and(|local| local.is_folder);
    let synced = tx.synced_node(node)?;
    let path = match op.action {
        Action::Move { .. } | Action::RemoveFolder if is_folder => desk.shown_folder(tx, node)?,
        _ => None,
    };
    let rows = rows_after(&op.action, local, synced, stamp, version);
    if matches!(op.action, Action::Quarantine { .. }) {
        // Its bytes are kept already.
        tx.release(node, true)?;
    }
    match &rows.local {
        Some(local) => tx.put_local(node, local)?,
        None => tx.remove_local(node)?,
    }
    tx.set_synced(node, rows.synced.as_ref())?;
    if rows.forget_below {
        tx.forget_synced_below(node)?;
    }
    if let Some(other) = rows.became {
        tx.rename_local(node, other)?;
        tx.mark_dirty(other)?;
    }
    if matches!(op.action, Action::Commit(Change::CreateFolder { .. })) {
        for (child, _) in tx.local_children(node)? {
            if tx.is_blocked(child)? {
                tx.mark_dirty(child)?;
            }
        }
    }
    if let (Action::Move { from, .. }, true) = (&op.action, is_folder) {
        mark_above(tx, from.parent)?;
    }
    if let Some(path) = path {
        // What waits or is blocked in the folder goes with it.
        match desk.shown_folder(tx, node)?.filter(|_| rows.local.is_some()) {
            Some(moved) => tx.move_blocked_below(&path, &moved)?,
            None => tx.clear_blocked_below(&path)?,
        }
    }
    if let Some(place) = rows.freed.filter(|place| place.parent != PARKED) {
        freed(tx, pending, &place)?;
    }
    Ok(())
}

/// Writes the outcomes of what was done on the disk, in one transaction.
pub(super) fn write(
    desk: &Desk,
    replica: &Replica,
    context: &mut Context<'_>,
    prepared: &Prepared,
    outcomes: Vec<Outcome>,
    worked: &mut Worked,
) -> Result<(), Error> {
    let now = context.now;
    let mut placed = Vec::new();
    replica.write(|tx| {
        let mut pending = None;
        for dirty in prepared.dirty.values() {
            tx.settle_dirty(*dirty)?;
        }
        for (op, outcome) in prepared.ops.iter().zip(&outcomes) {
            match outcome {
                Outcome::Elsewhere => {}
                Outcome::Done(stamp) => done(desk, tx, &mut pending, op, stamp)?,
                Outcome::Rescued(stamp, rescued) => {
                    done(desk, tx, &mut pending, op, stamp)?;
                    save_rescued(tx, context, op, rescued)?;
                    worked.commands = true;
                }
                Outcome::Opened(stamp) => {
                    let shown = tx.local_node(op.node)?.and_then(|local| local.version.or(local.base));
                    done(desk, tx, &mut pending, op, stamp)?;
                    if let Some(mut local) = tx.local_node(op.node)? {
                        local.base = shown;
                        tx.put_local(op.node, &local)?;
                    }
                }
                Outcome::Lost => {
                    tx.remove_local(op.node)?;
                    tx.set_synced(op.node, None)?;
                    tx.mark_dirty(op.node)?;
                }
                Outcome::Wants(content) => {
                    tx.mark_dirty_until_content(op.node, content.hash)?;
                    worked.wanted.push(*content);
                }
                Outcome::Blocked(reason, retry_ms) => {
                    block(desk, tx, op.node, *reason, true, now)?;
                    tx.mark_dirty_at(op.node, now.plus(*retry_ms))?;
                }
                Outcome::Later(retry_ms) => tx.mark_dirty_at(op.node, now.plus(*retry_ms))?,
                Outcome::NotTried => tx.mark_dirty_at(op.node, now.plus(super::act::SOON_MS))?,
            }
        }
        failpoints::reached(Point::Recording);
        Ok(())
    })?;
    failpoints::reached(Point::Recorded);
    for (op, outcome) in prepared.ops.iter().zip(&outcomes) {
        if let (Action::Fetch { target, .. } | Action::Replace { target, .. }, Outcome::Done(_) | Outcome::Opened(_)) =
            (&op.action, outcome)
            && !is_wanted(&prepared.ops, &outcomes, target.content.hash)
        {
            placed.push(target.content.hash);
        }
    }
    placed.sort_unstable();
    placed.dedup();
    let unneeded = replica.read(|tx| {
        let mut unneeded = Vec::new();
        for content in placed {
            if !tx.is_needed(content)? {
                unneeded.push(content);
            }
        }
        Ok(unneeded)
    })?;
    for content in unneeded {
        desk.staging.remove(content)?;
    }
    Ok(())
}

fn done(
    desk: &Desk,
    tx: &mut ReplicaTx<'_, '_>,
    pending: &mut Option<PendingRows>,
    op: &Op,
    stamp: &Stamp,
) -> store::Result<()> {
    let local = tx.local_node(op.node)?;
    apply_with(desk, tx, pending, op, local, stamp.clone(), None)?;
    if let Some(mut local) = tx.local_node(op.node)? {
        // Bytes and name were flushed before this row is written.
        local.is_flushed = true;
        tx.put_local(op.node, &local)?;
    }
    tx.clear_blocked(&blocked_key(op.node))?;
    tx.mark_dirty(op.node)
}

/// Bytes came out of an exchange that nobody had seen: somebody saved at that very moment. They become a version.
fn save_rescued(
    tx: &mut ReplicaTx<'_, '_>,
    context: &mut Context<'_>,
    op: &Op,
    rescued: &Rescued,
) -> store::Result<()> {
    let content = ContentRef { hash: rescued.content, size: rescued.size };
    let envelope = Envelope {
        id: CommandId((context.ids)()),
        workstation: context.workstation,
        made_at: context.now,
        strict: false,
        command: Command::AddVersion {
            node: op.node,
            version: VersionId((context.ids)()),
            base: rescued.base,
            content,
            modified_at: rescued.modified_at,
        },
    };
    match tx.execute(&envelope) {
        // Refused, the bytes stay in the quarantine.
        Ok(_) | Err(store::Error::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The part of a path below the mirror's folder, where it lies in it.
pub(super) fn below(desk: &Desk, path: &Path) -> Option<std::path::PathBuf> {
    path.strip_prefix(&desk.root).ok().map(Path::to_owned)
}
