//! What looks found, written as rows.

use std::path::Path;

use domain::id::{ClientFileId, NodeId};
use domain::time::Instant;
use failpoints::Point;
use protocol::view::Reason;
use store::replica::ReplicaTx;
use store::replica::trees::{Blocked, PendingRows};

use super::Look;
use crate::Error;
use crate::desk::Desk;
use crate::plan::deleted_here;
use crate::trees::{LocalNode, Place, ROOT};

/// Something found on the disk.
#[derive(Debug)]
pub(super) enum Note {
    /// A node is there, as this.
    Seen(NodeId, LocalNode),
    /// A node was removed by the user, with all that was in it.
    Removed(NodeId),
    /// A file's bytes were lost by a power cut, and it was put aside: it is to be had again.
    Damaged(NodeId),
}

/// An entry that waits or is blocked, of one folder.
#[derive(Debug)]
pub(super) struct Obstacle {
    pub(super) path: String,
    pub(super) node: Option<NodeId>,
    pub(super) reason: Reason,
    pub(super) proposal: Option<String>,
    pub(super) is_waiting: bool,
}

/// Writes what a look found; `obstacles` replace those that the last look at the folder left.
pub(super) fn write(
    look: &mut Look<'_, '_>,
    obstacles: Option<(&Path, Vec<Obstacle>)>,
    notes: Vec<Note>,
) -> Result<(), Error> {
    let desk = look.desk;
    let now = look.now();
    let folder = obstacles.as_ref().map(|(folder, _)| desk.shown(&desk.root.join(folder)));
    let has_old = match &folder {
        Some(folder) => !look.replica.read(|tx| tx.blocked_in(folder))?.is_empty(),
        None => false,
    };
    let obstacles = obstacles.map(|(_, found)| found).unwrap_or_default();
    if notes.is_empty() && obstacles.is_empty() && !has_old {
        return Ok(());
    }
    look.changed = true;
    look.replica.write(|tx| {
        if let Some(folder) = &folder {
            let client_file = client_file_of(tx, folder)?;
            let old = tx.blocked_in(folder)?;
            let keys: Vec<String> = obstacles.iter().map(|obstacle| format!("disk:{}", obstacle.path)).collect();
            for gone in old.iter().filter(|entry| !keys.contains(&entry.key)) {
                tx.clear_blocked(&gone.key)?;
            }
            for (key, obstacle) in keys.into_iter().zip(obstacles) {
                tx.put_blocked(&Blocked {
                    key,
                    node: obstacle.node,
                    client_file,
                    folder: Some(folder.clone()),
                    path: obstacle.path,
                    reason: obstacle.reason,
                    proposal: obstacle.proposal,
                    is_waiting: obstacle.is_waiting,
                    since: now,
                })?;
            }
        }
        let mut pending = None;
        for note in notes {
            match note {
                Note::Seen(node, local) => seen(desk, tx, &mut pending, node, &local, now)?,
                Note::Removed(node) => removed(desk, tx, &mut pending, node, now)?,
                Note::Damaged(node) => {
                    tx.remove_local(node)?;
                    tx.set_synced(node, None)?;
                    tx.mark_dirty(node)?;
                }
            }
        }
        Ok(())
    })?;
    failpoints::reached(Point::Observed);
    Ok(())
}

fn seen(
    desk: &Desk,
    tx: &mut ReplicaTx<'_, '_>,
    pending: &mut Option<PendingRows>,
    node: NodeId,
    local: &LocalNode,
    now: Instant,
) -> store::Result<()> {
    let known = tx.local_node(node)?;
    let before = known.clone().filter(|before| before.place != local.place);
    let path = if before.is_some() && local.is_folder { desk.shown_folder(tx, node)? } else { None };
    tx.put_local(node, local)?;
    tx.mark_dirty(node)?;
    if let Some(known) = known.filter(|known| known.content != local.content) {
        keep_untold(desk, tx, node, &known, now)?;
    }
    let Some(before) = before else { return Ok(()) };
    freed(tx, pending, &before.place)?;
    if local.is_folder {
        mark_above(tx, before.place.parent)?;
    }
    if let (Some(from), Some(to)) = (path, desk.shown_folder(tx, node)?.filter(|_| local.is_folder)) {
        tx.move_blocked_below(&from, &to)?;
    }
    Ok(())
}

fn removed(
    desk: &Desk,
    tx: &mut ReplicaTx<'_, '_>,
    pending: &mut Option<PendingRows>,
    node: NodeId,
    now: Instant,
) -> store::Result<()> {
    let Some(local) = tx.local_node(node)? else { return Ok(()) };
    if local.is_folder
        && let Some(path) = desk.shown_folder(tx, node)?
    {
        tx.clear_blocked_below(&path)?;
    }
    for (child, _) in tx.local_children(node)? {
        removed(desk, tx, pending, child, now)?;
    }
    let synced = tx.synced_node(node)?;
    tx.set_synced(node, deleted_here(&local, synced.as_ref()).as_ref())?;
    tx.remove_local(node)?;
    keep_untold(desk, tx, node, &local, now)?;
    tx.clear_blocked(&crate::execute::blocked_key(node))?;
    tx.mark_dirty(node)?;
    freed(tx, pending, &local.place)
}

/// Bytes that were taken from a file and that it has no more, before the firm was told of them. Where the file is blocked,
/// the person knows that it is not synced, and each save would leave a copy.
fn keep_untold(
    desk: &Desk,
    tx: &mut ReplicaTx<'_, '_>,
    node: NodeId,
    local: &LocalNode,
    now: Instant,
) -> store::Result<()> {
    match local.content.filter(|_| local.version.is_none()) {
        Some(content) if !tx.is_blocked(node)? => desk.keep_untold(tx, content, &local.place.name, now),
        _ => Ok(()),
    }
}

/// A name on the disk is free: whoever waits for it, or for the folder to be empty, is looked at again.
pub(crate) fn freed(tx: &mut ReplicaTx<'_, '_>, pending: &mut Option<PendingRows>, place: &Place) -> store::Result<()> {
    let key = domain::name::key(&place.name);
    let waiting = if place.parent == ROOT {
        tx.client_files_named(&key)?.into_iter().map(ClientFileId::root).collect()
    } else {
        if pending.is_none() {
            *pending = Some(tx.pending_rows()?);
        }
        match pending {
            Some(pending) => tx.confirmed_at(place.parent, &key, pending)?,
            None => Vec::new(),
        }
    };
    for node in waiting {
        tx.mark_dirty(node)?;
    }
    if !tx.has_local_children(place.parent)? {
        tx.mark_dirty(place.parent)?;
    }
    Ok(())
}

/// Puts a folder and those above it on the planner's list: one of them may have waited for what left it.
pub(crate) fn mark_above(tx: &mut ReplicaTx<'_, '_>, folder: NodeId) -> store::Result<()> {
    let mut at = folder;
    let mut depth = 0;
    while let Some(local) = tx.local_node(at)?.filter(|_| depth < 200) {
        tx.mark_dirty(at)?;
        at = local.place.parent;
        depth += 1;
    }
    Ok(())
}

/// The client file in whose folder a path lies.
pub(crate) fn client_file_of(tx: &mut ReplicaTx<'_, '_>, path: &str) -> store::Result<Option<ClientFileId>> {
    let name = path.split('/').next().unwrap_or_default();
    let Some((node, _)) = tx.local_at(ROOT, &domain::name::key(name))? else { return Ok(None) };
    let id = ClientFileId(node.0);
    Ok(tx.client_file(id)?.map(|_| id))
}
