//! What of a plan is held before the firm is told: counted here, judged by [`caution`].

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use content::StagingError;
use disk::ErrorKind;
use domain::content::ContentHash;
use domain::id::{ClientFileId, NodeId};
use domain::time::Instant;
use store::replica::trees::{Held, HeldKind};
use store::replica::{Replica, ReplicaTx};

use crate::desk::Desk;
use crate::plan::caution::{self, Removed};
use crate::plan::{Action, Change, Op, Proof};
use crate::{Error, trees};

/// A node whose change is judged.
struct Asked {
    node: NodeId,
    client_file: ClientFileId,
}

/// Holds what of these operations is too many or too strange; whether anything was, so that the rest is planned anew.
pub(super) fn hold(desk: &Desk, tx: &mut ReplicaTx<'_, '_>, ops: &[Op], now: Instant) -> store::Result<bool> {
    // Both are seen to, whatever the first found.
    Ok(hold_removals(tx, ops, now)? | hold_edits(desk, tx, ops, now)?)
}

fn hold_removals(tx: &mut ReplicaTx<'_, '_>, ops: &[Op], now: Instant) -> store::Result<bool> {
    let asked = asked(tx, ops, |change| matches!(change, Change::Trash))?;
    if asked.is_empty() {
        return Ok(false);
    }
    let mut documents: BTreeSet<(NodeId, ClientFileId)> = tx.removed_documents()?.into_iter().collect();
    let mut leaving = Vec::new();
    for asked in &asked {
        for (node, is_folder) in tx.removed_with(asked.node)? {
            // What was confirmed is not asked again.
            if tx.held(node)?.is_none() {
                leaving.push((asked.client_file, node, is_folder));
                if !is_folder {
                    documents.insert((node, asked.client_file));
                }
            }
        }
    }
    let lately = tx.lately(HeldKind::Removal, window(now))?;
    let mut counts = lately.clone();
    for (_, client_file) in documents {
        *counts.entry(client_file).or_default() += 1;
    }
    let mut removed = BTreeMap::new();
    for (client_file, documents) in counts {
        // Those the firm was told of are its no more.
        let of = tx.document_count(client_file)?.saturating_add(lately.get(&client_file).copied().unwrap_or_default());
        removed.insert(client_file, Removed { documents, of });
    }
    let too_many = caution::too_many(&removed);
    let mut any = false;
    for (client_file, node, is_folder) in leaving.into_iter().filter(|(client_file, ..)| too_many.contains(client_file))
    {
        let kind = HeldKind::Removal;
        tx.hold(&Held { node, client_file, kind, is_folder, content: None, decision: None, since: now })?;
        any = true;
    }
    Ok(any)
}

fn hold_edits(desk: &Desk, tx: &mut ReplicaTx<'_, '_>, ops: &[Op], now: Instant) -> store::Result<bool> {
    let mut strange = Vec::new();
    for asked in asked(tx, ops, is_strange_by_name)? {
        // What was confirmed is not asked again.
        if tx.held(asked.node)?.is_none()
            && let Some(content) = encrypted(desk, tx, asked.node)?
        {
            strange.push((asked, content));
        }
    }
    if strange.is_empty() {
        return Ok(false);
    }
    let lately: u32 = tx.lately(HeldKind::Edit, window(now))?.values().sum();
    let together = u32::try_from(strange.len()).unwrap_or(u32::MAX);
    if lately.saturating_add(together) < caution::MOST_ENCRYPTED {
        return Ok(false);
    }
    for (Asked { node, client_file }, content) in strange {
        let kind = HeldKind::Edit;
        let content = Some(content);
        tx.hold(&Held { node, client_file, kind, is_folder: false, content, decision: None, since: now })?;
    }
    Ok(true)
}

/// Whether a change can be that of a program that encrypts: a document saved, or its copy beside under a longer name.
fn is_strange_by_name(change: &Change) -> bool {
    match change {
        Change::AddVersion { .. } => true,
        Change::AddDocument { name, .. } => caution::has_one_more_extension(name),
        _ => false,
    }
}

/// The nodes of the operations that tell the firm such a change, with their client files.
fn asked(tx: &mut ReplicaTx<'_, '_>, ops: &[Op], is_such: impl Fn(&Change) -> bool) -> store::Result<Vec<Asked>> {
    let mut found = Vec::new();
    for op in ops {
        if let Action::Commit(change) = &op.action
            && is_such(change)
        {
            let known = if let Change::AddDocument { parent, .. } = change { *parent } else { op.node };
            if let Some(row) = tx.confirmed_node(known)? {
                found.push(Asked { node: op.node, client_file: row.client_file });
            }
        }
    }
    Ok(found)
}

/// The bytes saved in a document, where they look encrypted.
fn encrypted(desk: &Desk, tx: &mut ReplicaTx<'_, '_>, node: NodeId) -> store::Result<Option<ContentHash>> {
    let Some(trees::LocalNode { content: Some(content), place, .. }) = tx.local_node(node)? else { return Ok(None) };
    let name = tx.synced_node(node)?.map_or(place.name, |synced| synced.place.name);
    Ok(caution::looks_encrypted(&name, &beginning(desk, content)).then_some(content))
}

/// The first bytes of a content of the staging; none where it cannot be read: nothing is held for that.
fn beginning(desk: &Desk, content: ContentHash) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(reader) = desk.disk.open(&desk.staging.path_of(content))
        && let Err(error) = reader.take(caution::BEGINNING).read_to_end(&mut bytes)
    {
        tracing::warn!(%error, "a staged content could not be looked at");
    }
    bytes
}

/// Notes what the firm was told of a change, where it counts towards holding more.
pub(super) fn note_told(
    desk: &Desk,
    tx: &mut ReplicaTx<'_, '_>,
    op: &Op,
    change: &Change,
    now: Instant,
) -> store::Result<()> {
    let kind = match change {
        Change::Trash => HeldKind::Removal,
        change if is_strange_by_name(change) => HeldKind::Edit,
        _ => return Ok(()),
    };
    let known = if let Change::AddDocument { parent, .. } = change { *parent } else { op.node };
    let Some(row) = tx.confirmed_node(known)? else { return Ok(()) };
    let mut documents = 0;
    match kind {
        HeldKind::Edit if tx.held(op.node)?.is_none() => {
            documents = u32::from(encrypted(desk, tx, op.node)?.is_some());
        }
        HeldKind::Edit => {}
        HeldKind::Removal => {
            for (node, is_folder) in tx.removed_with(op.node)? {
                documents += u32::from(!is_folder && tx.held(node)?.is_none());
            }
        }
    }
    if documents > 0 { tx.note_told(kind, row.client_file, documents, now) } else { Ok(()) }
}

/// Sets aside what was saved in files while it was held, and saved over or removed since.
pub(crate) fn set_aside_displaced(desk: &Desk, replica: &Replica, now: Instant) -> Result<(), Error> {
    let displaced = replica.read(|tx| tx.displaced())?;
    for (content, name) in displaced {
        let path = desk.temporary_path(now, 'h');
        let aside = desk
            .staging
            .copy_out(content, &path)
            .and_then(|()| Ok(desk.put_aside_as(&path, &name, Proof::Kept, Some(content), now).map(|_| ())?));
        match aside {
            // A power cut took it, or it came to harm: it is nowhere.
            Ok(()) | Err(StagingError::Missing { .. } | StagingError::Damaged(_)) => {}
            Err(StagingError::Disk(error)) if error.kind() == ErrorKind::Crashed => return Err(error.into()),
            Err(error) => {
                tracing::warn!(%error, "what was saved while it was held waits in the staging");
                continue;
            }
        }
        replica.write(|tx| tx.forget_displaced(content))?;
        if !replica.read(|tx| tx.is_needed(content))? {
            desk.staging.remove(content)?;
        }
    }
    Ok(())
}

fn window(now: Instant) -> Instant {
    now.plus(-caution::WINDOW_MS)
}
