//! The trash.

use std::collections::BTreeMap;

use domain::id::ClientFileId;
use domain::text::folded;
use protocol::query::ListTrash;
use protocol::view::{TrashList, TrashRow};

use super::{Asked, MAX_WINDOW};
use crate::error::Result;
use crate::rows::{ClientFile, Node};

pub(super) fn list(asked: &mut Asked<'_, '_>, request: &ListTrash) -> Result<TrashList> {
    let mut nodes: Vec<Node> = asked.unit.list("trashed_at > 0", &[])?;
    nodes.retain(|node| {
        asked.actor.sees(&node.scope)
            && node.trashed_by.is_some()
            && request.client_file.is_none_or(|client| client == node.client_file)
    });
    let search = folded(&request.search);
    let words: Vec<&str> = search.split_whitespace().collect();
    let clients = if words.is_empty() { BTreeMap::new() } else { client_names(asked)? };
    nodes.retain(|node| {
        let client = clients.get(&node.client_file).map_or("", String::as_str);
        let text = format!("{} {client}", folded(&node.name));
        words.iter().all(|word| text.contains(word))
    });
    nodes.sort_by_key(|node| std::cmp::Reverse((node.trashed_at, node.id)));
    let total = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
    let limit = request.limit.clamp(1, MAX_WINDOW) as usize;
    let mut rows = Vec::new();
    for node in nodes.into_iter().skip(request.offset as usize).take(limit) {
        let Some(trashed_by) = node.trashed_by else { continue };
        let mut path = asked.path(node.parent)?;
        if let Ok(client) = asked.unit.need_client_file(node.client_file) {
            path.insert(0, client.name);
        }
        rows.push(TrashRow {
            id: node.id,
            name: node.name,
            folder: node.is_folder,
            client_file: node.client_file,
            path,
            trashed_at: node.trashed_at,
            trashed_by,
        });
    }
    Ok(TrashList { total, rows })
}

/// Names of the firm's client files, as searches compare them.
fn client_names(asked: &mut Asked<'_, '_>) -> Result<BTreeMap<ClientFileId, String>> {
    let clients: Vec<ClientFile> = asked.unit.list("id <> ''", &[])?;
    Ok(clients.into_iter().map(|client| (client.id, folded(&client.name))).collect())
}
