//! Trees, document lists and documents.

use std::collections::BTreeMap;

use domain::access::Scope;
use domain::content::ContentHash;
use domain::id::{ClientFileId, NodeId, PersonId, VersionId};
use domain::text::folded;
use protocol::failure::FailureCode;
use protocol::query::ListDocuments;
use protocol::view::{
    CommentView, DocumentList, DocumentOrder, DocumentRow, DocumentView, FolderView, TreeView, VersionState,
    VersionView,
};

use super::{Asked, sync_marks, window};
use crate::commands::naming::ancestors;
use crate::engine::Value;
use crate::error::{Error, Result};
use crate::rows::{Comment, Node, Version};

pub(super) fn tree(asked: &mut Asked<'_, '_>, id: ClientFileId) -> Result<TreeView> {
    if !asked.actor.sees(&Scope::Client(id)) {
        return Err(Error::refused(FailureCode::NotFound, "out of sight"));
    }
    let client = id.to_string();
    let of_client = [Value::Text(client.clone())];
    let mut folders: Vec<Node> =
        asked.unit.list("client_file = $2 AND is_folder = 1 AND trashed_at = 0", &of_client)?;
    folders.retain(|node| asked.actor.sees(&node.scope));
    let unread = asked.unread_by_folder(Some(&client))?;
    let counts = asked.unit.select(
        "SELECT parent, COUNT(*) FROM node WHERE firm = $1 AND client_file = $2 AND is_folder = 0 AND trashed_at = 0 AND deleted = 0 GROUP BY parent",
        &of_client,
    )?;
    let counts: BTreeMap<NodeId, u32> =
        counts.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect::<Result<_>>()?;
    let mut children: BTreeMap<NodeId, Vec<Node>> = BTreeMap::new();
    for folder in folders {
        children.entry(folder.parent).or_default().push(folder);
    }
    for siblings in children.values_mut() {
        siblings.sort_by(|a, b| (&a.sort_key, a.id).cmp(&(&b.sort_key, b.id)));
    }
    let mut view = TreeView { root: id.root(), folders: Vec::new() };
    let mut builder = TreeBuilder { children, unread, counts, folders: &mut view.folders };
    builder.add_below(id.root());
    Ok(view)
}

struct TreeBuilder<'a> {
    children: BTreeMap<NodeId, Vec<Node>>,
    unread: BTreeMap<NodeId, (ClientFileId, u32)>,
    counts: BTreeMap<NodeId, u32>,
    folders: &'a mut Vec<FolderView>,
}

impl TreeBuilder<'_> {
    /// Adds the folders below `parent`; how many documents not yet opened they hold. A container with nothing to see
    /// below is left out.
    fn add_below(&mut self, parent: NodeId) -> u32 {
        let mut sum = 0;
        for node in self.children.remove(&parent).unwrap_or_default() {
            let at = self.folders.len();
            let container = node.theme.is_none();
            let own = self.unread.get(&node.id).map_or(0, |(_, count)| *count);
            self.folders.push(FolderView {
                id: node.id,
                parent,
                fixed: node.is_fixed(),
                name: node.name,
                theme: node.theme,
                month: node.month,
                fiscal_year: node.fiscal_year,
                unread: own,
                documents: self.counts.get(&node.id).copied().unwrap_or_default(),
            });
            let below = self.add_below(node.id);
            if container && self.folders.len() == at + 1 {
                self.folders.pop();
                continue;
            }
            self.folders[at].unread += below;
            sum += own + below;
        }
        sum
    }
}

pub(super) fn list(asked: &mut Asked<'_, '_>, request: &ListDocuments) -> Result<DocumentList> {
    let folder = asked.readable(request.folder)?;
    let search = folded(&request.search);
    let words: Vec<&str> = search.split_whitespace().collect();
    let direction = if request.descending { "DESC" } else { "ASC" };
    // Every order ends with the id, so that pages never overlap; NULL order is written out for both engines.
    let order = match request.order {
        DocumentOrder::Name => format!("sort_key {direction}, id"),
        DocumentOrder::Modified => format!("modified_at {direction}, sort_key, id"),
        DocumentOrder::Size => format!("size {direction}, sort_key, id"),
        DocumentOrder::PieceNumber => {
            format!("CASE WHEN piece_number IS NULL THEN 1 ELSE 0 END, piece_number {direction}, sort_key, id")
        }
    };
    let [limit, offset] = window(request.offset, request.limit);
    let condition = "parent = $2 AND is_folder = 0 AND trashed_at = 0";
    let of_folder = Value::Text(folder.id.to_string());
    if words.is_empty() {
        let total = asked.unit.select(
            &format!("SELECT COUNT(*) FROM node WHERE firm = $1 AND deleted = 0 AND {condition}"),
            std::slice::from_ref(&of_folder),
        )?;
        let total = total.first().map_or(Ok(0), |row| row.get(0))?;
        let nodes: Vec<Node> = asked
            .unit
            .list(&format!("{condition} ORDER BY {order} LIMIT $3 OFFSET $4"), &[of_folder, limit, offset])?;
        return Ok(DocumentList { total, rows: rows(asked, nodes)? });
    }
    let mut nodes: Vec<Node> = asked.unit.list(&format!("{condition} ORDER BY {order}"), &[of_folder])?;
    nodes.retain(|node| {
        let name = folded(&node.name);
        words.iter().all(|word| name.contains(word))
    });
    let total = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
    let nodes = nodes
        .into_iter()
        .skip(request.offset as usize)
        .take(request.limit.clamp(1, super::MAX_WINDOW) as usize)
        .collect();
    Ok(DocumentList { total, rows: rows(asked, nodes)? })
}

/// Lines of documents, with what they show of other tables.
pub(super) fn rows(asked: &mut Asked<'_, '_>, nodes: Vec<Node>) -> Result<Vec<DocumentRow>> {
    let marks = sync_marks::documents(asked, &nodes)?;
    nodes
        .into_iter()
        .filter(|node| !node.is_folder)
        .map(|node| {
            let of_node = [Value::Text(node.id.to_string())];
            let versions = asked.unit.select(
                "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN state = 'concurrent' THEN 1 ELSE 0 END), 0) AS BIGINT) \
                 FROM version WHERE firm = $1 AND node = $2 AND deleted = 0",
                &of_node,
            )?;
            let comments = asked
                .unit
                .select("SELECT COUNT(*) FROM comment WHERE firm = $1 AND node = $2 AND deleted = 0", &of_node)?;
            let read = asked.unit.select(
                "SELECT version FROM read_mark WHERE firm = $1 AND node = $2 AND person = $3 AND deleted = 0",
                &[of_node[0].clone(), asked.me()],
            )?;
            let read: Option<VersionId> = read.first().map(|row| row.get(0)).transpose()?;
            let (version, content, author) = head(&node)?;
            let versions = versions.first().ok_or_else(|| Error::Value("a count".to_owned()))?;
            let (count, concurrent): (u32, u32) = (versions.get(0)?, versions.get(1)?);
            Ok(DocumentRow {
                id: node.id,
                parent: node.parent,
                size: node.size,
                modified_at: node.modified_at,
                author,
                version,
                content,
                versions: count,
                concurrent: concurrent > 0,
                piece_number: node.piece_number,
                reviewed_by: node.reviewed_by,
                reviewed_at: node.reviewed_at,
                comments: comments.first().map_or(Ok(0), |row| row.get(0))?,
                unread: author != asked.actor.person && read != Some(version),
                sync: marks.get(&node.id).copied().unwrap_or(sync_marks::rest(true)),
                name: node.name,
            })
        })
        .collect()
}

fn head(node: &Node) -> Result<(VersionId, ContentHash, PersonId)> {
    match (node.head, node.content, node.author) {
        (Some(version), Some(content), Some(author)) => Ok((version, content, author)),
        _ => Err(Error::Value(format!("document {} without a head", node.id))),
    }
}

pub(super) fn one(asked: &mut Asked<'_, '_>, id: NodeId) -> Result<DocumentView> {
    let node = asked.readable(id)?;
    let Some(theme) = node.theme.clone().filter(|_| !node.is_folder) else {
        return Err(Error::refused(FailureCode::NotFound, "not a document"));
    };
    let above = ancestors(&mut asked.unit, node.parent)?;
    let trashed = node.is_trashed() || above.iter().any(Node::is_trashed);
    let path = above.iter().rev().map(|folder| folder.name.clone()).collect();
    let of_node = [Value::Text(id.to_string())];
    let mut versions: Vec<Version> = asked.unit.list("node = $2", &of_node)?;
    // The server's clock orders what it received; what it has not is last made, first shown.
    versions.sort_by_key(|version| {
        let received = if version.received_at.0 == 0 { i64::MAX } else { version.received_at.0 };
        std::cmp::Reverse((version.state == "head", received, version.made_at.0, version.id))
    });
    let mut comments: Vec<Comment> = asked.unit.list("node = $2", &of_node)?;
    comments.sort_by_key(|comment| (comment.made_at, comment.id));
    let client_file = node.client_file;
    let row = rows(asked, vec![node])?.pop().ok_or_else(|| Error::Value("document".to_owned()))?;
    Ok(DocumentView {
        row,
        client_file,
        path,
        theme,
        trashed,
        versions: versions.into_iter().map(version_view).collect(),
        comments: comments
            .into_iter()
            .map(|comment| CommentView {
                id: comment.id,
                author: comment.author,
                made_at: comment.made_at,
                text: comment.text,
            })
            .collect(),
    })
}

/// A version as people see it.
pub(crate) fn version_view(version: Version) -> VersionView {
    let state = match version.state.as_str() {
        "head" => VersionState::Head,
        "concurrent" => VersionState::Concurrent,
        _ => VersionState::Older,
    };
    VersionView {
        id: version.id,
        state,
        content: version.content,
        size: version.size,
        author: version.author,
        workstation: version.workstation,
        made_at: version.made_at,
        restored_from: version.restored_from,
    }
}
