//! The trash.

use domain::id::ClientFileId;
use protocol::view::{TrashList, TrashRow};

use super::Asked;
use crate::error::Result;
use crate::rows::Node;

pub(super) fn list(asked: &mut Asked<'_, '_>, client_file: Option<ClientFileId>) -> Result<TrashList> {
    let mut nodes: Vec<Node> = asked.unit.list("trashed_at > 0", &[])?;
    nodes.retain(|node| asked.actor.sees(&node.scope) && client_file.is_none_or(|client| client == node.client_file));
    nodes.sort_by_key(|node| std::cmp::Reverse((node.trashed_at, node.id)));
    let mut rows = Vec::new();
    for node in nodes {
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
    Ok(TrashList { rows })
}
