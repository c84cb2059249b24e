//! What a start finds left by the last process, whether it was stopped, killed or lost its power.
//!
//! What was being written is removed; what came out of an exchange and was not looked at is kept; nodes in the hidden
//! folder are known to be there; contents that commands wait to send, and that the staging lost, are taken again, or given
//! up where they are nowhere.

use std::collections::BTreeSet;
use std::path::Path;

use disk::ErrorKind;
use domain::content::ContentHash;
use domain::id::NodeId;
use store::replica::{Replica, ReplicaTx};

use crate::desk::{Desk, stamp_of};
use crate::plan::Proof;
use crate::trees::{LocalNode, PARKED, Place};
use crate::{Context, Error};

/// Sets right what the last process left. The nodes whose bytes it may not have brought to stable storage.
pub(crate) fn begin(desk: &Desk, replica: &Replica, context: &Context<'_>) -> Result<BTreeSet<NodeId>, Error> {
    replica.write(|tx| tx.wake_dirty())?;
    empty_temporary(desk, context)?;
    find_parked(desk, replica, context)?;
    desk.empty_quarantine(context.now)?;
    let unflushed = replica.read(|tx| tx.unflushed_nodes())?;
    for (_, local) in &unflushed {
        stage_again(desk, replica, local)?;
    }
    give_up_lost_contents(desk, replica)?;
    keep_forgotten(desk, replica, context)?;
    Ok(unflushed.into_iter().map(|(node, _)| node).collect())
}

fn empty_temporary(desk: &Desk, context: &Context<'_>) -> Result<(), Error> {
    for entry in desk.disk.list(&desk.temporary_dir())? {
        let path = desk.temporary_dir().join(&entry.name);
        if entry.name.to_str().is_some_and(|name| name.starts_with('x')) {
            keep(desk, &path, context)?;
        } else {
            match desk.disk.remove_file(&path) {
                Err(error) if error.kind() == ErrorKind::Crashed => return Err(error.into()),
                // An antivirus may hold it: the next start removes it.
                Ok(()) | Err(_) => {}
            }
        }
    }
    Ok(())
}

fn find_parked(desk: &Desk, replica: &Replica, context: &Context<'_>) -> Result<(), Error> {
    for entry in desk.disk.list(&desk.parked_dir())? {
        let node = entry.name.to_str().and_then(|name| name.parse::<NodeId>().ok());
        let known = match node {
            Some(node) => replica.read(|tx| tx.local_node(node))?.map(|local| (node, local)),
            None => None,
        };
        let path = desk.parked_dir().join(&entry.name);
        match (known, entry.meta) {
            (Some((node, local)), Ok(meta)) => {
                if local.place.parent != PARKED {
                    let name = node.to_string();
                    let stamp = stamp_of(&meta);
                    let parked = LocalNode { place: Place { parent: PARKED, name }, stamp, ..local };
                    replica.write(|tx| tx.put_local(node, &parked))?;
                }
                replica.write(|tx| tx.mark_dirty(node))?;
            }
            (None, _) => keep(desk, &path, context)?,
            (Some(_), Err(error)) if error.kind() == ErrorKind::Crashed => return Err(error.into()),
            (Some((node, _)), Err(error)) => {
                tracing::warn!(%error, "what waits for its name cannot be read");
                replica.write(|tx| tx.mark_dirty(node))?;
            }
        }
    }
    Ok(())
}

/// Moves what the last process left into the quarantine. One that a program still holds stays where it is, and is moved
/// at the next start: it never keeps the mirror from beginning.
fn keep(desk: &Desk, path: &Path, context: &Context<'_>) -> Result<(), Error> {
    match desk.put_aside(path, Proof::Kept, None, context.now) {
        Err(error) if error.kind() == ErrorKind::Crashed => Err(error.into()),
        Err(error) => {
            tracing::warn!(%error, "what an exchange left could not be put aside");
            Ok(())
        }
        Ok(_) => Ok(()),
    }
}

/// Takes a content again that a command waits to send, from the file it came from.
fn stage_again(desk: &Desk, replica: &Replica, local: &LocalNode) -> Result<(), Error> {
    let Some(content) = local.content else { return Ok(()) };
    if !replica.read(|tx| tx.is_needed(content))? {
        return Ok(());
    }
    match desk.staging.verify(content) {
        Ok(true) => return Ok(()),
        Err(content::StagingError::Disk(error)) if error.kind() == ErrorKind::Crashed => return Err(error.into()),
        // What cannot be read is as good as not there.
        Ok(false) | Err(_) => {}
    }
    let folder = replica.read(|tx| desk.folder_path(tx, local.place.parent))?;
    let path = folder.map(|folder| folder.join(&local.place.name));
    // By its bytes: a power cut that undid a move left another time of change behind.
    if let Some(path) = path.filter(|path| desk.hash(path).is_ok_and(|found| found == content)) {
        match desk.staging.capture(&path) {
            Err(content::StagingError::Disk(error)) if error.kind() == ErrorKind::Crashed => return Err(error.into()),
            // Unreadable now: the look at its folder says so.
            Ok(_) | Err(_) => {}
        }
    }
    Ok(())
}

/// Contents that wait to be sent, and that a power cut left neither in the staging nor in a file: their commands would wait
/// for ever, and every later save of the same documents with them. What the files hold now is told anew.
fn give_up_lost_contents(desk: &Desk, replica: &Replica) -> Result<(), Error> {
    let waiting = replica.write(|tx| {
        tx.retry_uploads()?;
        tx.next_uploads(usize::MAX)
    })?;
    for hash in waiting.into_iter().map(|upload| upload.content.hash) {
        match desk.staging.verify(hash) {
            Err(content::StagingError::Disk(error)) if error.kind() == ErrorKind::Crashed => return Err(error.into()),
            // Unreadable is not gone.
            Ok(true) | Err(_) => {}
            Ok(false) => replica.write(|tx| {
                for node in tx.content_is_lost(hash)? {
                    tell_anew(tx, node, hash)?;
                }
                Ok(())
            })?,
        }
    }
    Ok(())
}

/// Contents that were taken from files, and that nothing speaks of: the process ended before it wrote down whose they are, or
/// the power did and the rows are older. Where the files hold them still, they are taken again.
fn keep_forgotten(desk: &Desk, replica: &Replica, context: &Context<'_>) -> Result<(), Error> {
    let staged = desk.staging.list()?;
    replica.read(|tx| {
        staged.into_keys().try_for_each(|content| desk.keep_untold(tx, content, &content.to_string(), context.now))
    })?;
    Ok(())
}

/// A file whose last version was given up with an earlier one was saved since the version agreed on. One that held the lost
/// bytes themselves is looked at again, wherever it turns up: the power cut may have moved it and left it whole.
fn tell_anew(tx: &mut ReplicaTx<'_, '_>, node: NodeId, lost: ContentHash) -> store::Result<()> {
    let Some(mut local) = tx.local_node(node)?.filter(|local| local.content.is_some()) else { return Ok(()) };
    if local.content == Some(lost) {
        local.stamp.changed_ns = 0;
        return tx.put_local(node, &local);
    }
    let is_given_up = match local.version {
        Some(version) => tx.version(version)?.is_none(),
        None => local.base.is_some(),
    };
    if is_given_up {
        let synced = tx.synced_node(node)?;
        local.version = None;
        local.base = synced.as_ref().and_then(|synced| synced.version);
        if synced.is_none() {
            local.sent = None;
        }
        tx.put_local(node, &local)?;
        tx.mark_dirty(node)?;
    }
    Ok(())
}
