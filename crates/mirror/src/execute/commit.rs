//! Changes on the disk, made commands.
//!
//! A refusal here and now comes before the server's, and is the same planned outcome: a place or a removal that may not
//! be is put back; what was created or saved stays on the disk, and is shown as blocked.

use domain::id::{CommandId, VersionId};
use domain::time::Instant;
use protocol::command::{Change as Edit, Command, Envelope, Naming};
use protocol::failure::{Failure, FailureCode};
use protocol::view::Reason;
use store::replica::ReplicaTx;
use unicode_normalization::UnicodeNormalization as _;

use super::{block, record};
use crate::Context;
use crate::desk::Desk;
use crate::plan::{Change, Op};
use crate::trees::{LocalNode, Place};

/// Executes the commands of a change; false where they were refused.
pub(super) fn commit(
    desk: &Desk,
    tx: &mut ReplicaTx<'_, '_>,
    context: &mut Context<'_>,
    op: &Op,
    change: &Change,
) -> store::Result<bool> {
    let version =
        matches!(change, Change::AddDocument { .. } | Change::AddVersion { .. }).then(|| VersionId((context.ids)()));
    let local = tx.local_node(op.node)?;
    for command in commands(local.as_ref(), op, change, version) {
        let envelope = Envelope {
            id: CommandId((context.ids)()),
            workstation: context.workstation,
            made_at: context.now,
            strict: false,
            command,
        };
        match tx.execute(&envelope) {
            Ok(_) => {}
            Err(store::Error::Refused(failure)) => {
                refused(desk, tx, op, change, &failure, context.now)?;
                if matches!(change, Change::Place { .. } | Change::Trash) {
                    // It is put back, and the person is told why.
                    tx.refuse_here(&envelope, &failure)?;
                }
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
    }
    record::apply_to(desk, tx, op, local, version)?;
    tx.clear_blocked(&super::blocked_key(op.node))?;
    Ok(true)
}

fn commands(local: Option<&LocalNode>, op: &Op, change: &Change, version: Option<VersionId>) -> Vec<Command> {
    let node = op.node;
    let modified_at = local.map_or(Instant(0), |local| Instant(local.stamp.modified_ns.div_euclid(1_000_000)));
    match (change, version) {
        (Change::CreateFolder { parent, name }, _) => {
            vec![Command::CreateFolder { node, parent: *parent, name: composed(name), naming: Naming::ByMachine }]
        }
        (Change::AddDocument { parent, name, content }, Some(version)) => vec![Command::AddDocument {
            node,
            parent: *parent,
            name: composed(name),
            naming: Naming::ByMachine,
            version,
            content: *content,
            modified_at,
        }],
        (Change::AddVersion { base, content }, Some(version)) => {
            vec![Command::AddVersion { node, version, base: *base, content: *content, modified_at }]
        }
        (Change::Place { from, to }, _) => vec![place(op, from, to)],
        (Change::Trash, _) => vec![Command::Trash { node }],
        (Change::Restore, _) => vec![Command::Restore { node, parent: None }],
        (Change::Revive { from, to }, _) => {
            let mut commands = vec![Command::Restore { node, parent: Some(to.parent) }];
            if from.name != to.name {
                commands.push(place(op, &Place { parent: to.parent, name: from.name.clone() }, to));
            }
            commands
        }
        (Change::AddDocument { .. } | Change::AddVersion { .. }, None) => {
            unreachable!("BUG: what has bytes was given a version")
        }
    }
}

fn place(op: &Op, from: &Place, to: &Place) -> Command {
    let (seen, value) = (composed(&from.name), composed(&to.name));
    Command::Place {
        node: op.node,
        name: (seen != value).then_some(Edit { seen, value }),
        parent: (from.parent != to.parent).then_some(Edit { seen: from.parent, value: to.parent }),
        naming: Naming::ByMachine,
    }
}

/// The disk may spell accents apart; the firm does not.
fn composed(name: &str) -> String {
    name.nfc().collect()
}

fn refused(
    desk: &Desk,
    tx: &mut ReplicaTx<'_, '_>,
    op: &Op,
    change: &Change,
    failure: &Failure,
    now: Instant,
) -> store::Result<()> {
    match change {
        Change::Place { .. } | Change::Revive { .. } => {
            if let Some(mut local) = tx.local_node(op.node)? {
                // As if it had been asked for and denied: the firm's place wins.
                local.sent = Some(local.place.clone());
                tx.put_local(op.node, &local)?;
                tx.mark_dirty(op.node)?;
            }
            Ok(())
        }
        Change::Trash => {
            tx.set_synced(op.node, None)?;
            tx.forget_synced_below(op.node)?;
            tx.mark_dirty(op.node)
        }
        _ => block(desk, tx, op.node, reason_of(failure), false, now),
    }
}

fn reason_of(failure: &Failure) -> Reason {
    match failure.code {
        FailureCode::InvalidName => Reason::InvalidName,
        FailureCode::NameTaken => Reason::NameTaken,
        FailureCode::PathTooLong => Reason::PathTooLong,
        _ => Reason::Refused,
    }
}
