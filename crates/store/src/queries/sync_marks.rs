//! The sync marks that lists show: from the replica's own tables; a server's readers have none to show.

use std::collections::BTreeMap;

use domain::id::{ClientFileId, FiscalYearId, NodeId};
use protocol::view::SyncMark;

use super::Asked;
use crate::commands::Host;
use crate::engine::Value;
use crate::error::Result;
use crate::replica::offline::{self, BY_WHICH_IT_IS_HERE};
use crate::rows::Node;

/// The mark of what nothing is said about.
pub(super) fn rest(offline: bool) -> SyncMark {
    if offline { SyncMark::Synced } else { SyncMark::OnlineOnly }
}

/// Client files this workstation mirrors, with the fiscal years chosen; `None` for all of them.
pub(super) fn offline_clients(asked: &mut Asked<'_, '_>) -> Result<BTreeMap<ClientFileId, Option<Vec<FiscalYearId>>>> {
    if asked.host == Host::Server { Ok(BTreeMap::new()) } else { offline::all(asked.unit.tx) }
}

/// The worst mark of each client file that has one to show.
pub(super) fn client_files(asked: &mut Asked<'_, '_>) -> Result<BTreeMap<ClientFileId, SyncMark>> {
    let mut marks = BTreeMap::new();
    if asked.host == Host::Server {
        return Ok(marks);
    }
    let mut worst = |client: ClientFileId, mark: SyncMark| {
        let entry = marks.entry(client).or_insert(mark);
        *entry = (*entry).max(mark);
    };
    let receiving = format!(
        "SELECT DISTINCT n.client_file, 0 FROM dirty_node d CROSS JOIN node n ON n.firm = $1 AND n.id = d.node \
         {BY_WHICH_IT_IS_HERE}"
    );
    let sources = [
        ("SELECT DISTINCT client_file, waiting FROM blocked WHERE client_file IS NOT NULL", SyncMark::Blocked),
        ("SELECT DISTINCT client_file, 1 FROM held WHERE decision IS NULL", SyncMark::Waiting),
        // Each row a pending command wrote, with the client file it is about; one pass, since many may wait.
        (
            "SELECT DISTINCT CASE b.table_name \
             WHEN 'client_file' THEN b.row_id \
             WHEN 'node' THEN (SELECT client_file FROM node WHERE firm = $1 AND id = b.row_id) \
             WHEN 'version' THEN (SELECT n.client_file FROM version v JOIN node n ON n.firm = $1 AND n.id = v.node \
               WHERE v.firm = $1 AND v.id = b.row_id) \
             WHEN 'comment' THEN (SELECT n.client_file FROM comment c JOIN node n ON n.firm = $1 AND n.id = c.node \
               WHERE c.firm = $1 AND c.id = b.row_id) \
             WHEN 'assignment' THEN (SELECT client_file FROM assignment WHERE firm = $1 AND id = b.row_id) \
             WHEN 'fiscal_year' THEN (SELECT client_file FROM fiscal_year WHERE firm = $1 AND id = b.row_id) \
             END, 0 FROM before_image b",
            SyncMark::Sending,
        ),
        (
            "SELECT n.client_file, 0 FROM version v CROSS JOIN node n ON n.firm = $1 AND n.id = v.node \
             WHERE v.firm = $1 AND v.state = 'concurrent' AND v.deleted = 0 ORDER BY v.made_at",
            SyncMark::Conflict,
        ),
        (&receiving, SyncMark::Receiving),
    ];
    // The order leads to the index of concurrent versions. CROSS JOIN keeps SQLite from going through all nodes: what waits is few.
    for (sql, mark) in sources {
        for row in asked.unit.select(sql, &[])? {
            let waiting = row.get::<i64>(1)? != 0;
            if let Some(client) = row.get(0)? {
                worst(client, if waiting { SyncMark::Waiting } else { mark });
            }
        }
    }
    Ok(marks)
}

/// The marks of documents.
pub(super) fn documents(asked: &mut Asked<'_, '_>, nodes: &[Node]) -> Result<BTreeMap<NodeId, SyncMark>> {
    if asked.host == Host::Server {
        return Ok(BTreeMap::new());
    }
    let offline = offline_clients(asked)?;
    let mut marks = BTreeMap::new();
    for node in nodes {
        let is_here = match offline.get(&node.client_file) {
            None => false,
            Some(None) => true,
            Some(Some(_)) => is_of_a_chosen_year(asked, node)?,
        };
        marks.insert(node.id, document(asked, node, is_here)?);
    }
    Ok(marks)
}

fn is_of_a_chosen_year(asked: &mut Asked<'_, '_>, node: &Node) -> Result<bool> {
    let sql = format!("SELECT 1 FROM node n {BY_WHICH_IT_IS_HERE} WHERE n.firm = $1 AND n.id = $2");
    Ok(!asked.unit.select(&sql, &[Value::Text(node.id.to_string())])?.is_empty())
}

/// Whether a command that the server has not confirmed wrote a document, one of its versions or a remark on it. One that
/// was removed here is deleted and still there.
fn is_pending(asked: &mut Asked<'_, '_>, node: &Node) -> Result<bool> {
    let of_node = [Value::Text(node.id.to_string())];
    let written = asked.unit.select(
        "SELECT 1 FROM (SELECT $2 AS id UNION ALL SELECT id FROM version WHERE firm = $1 AND node = $2 \
         UNION ALL SELECT id FROM comment WHERE firm = $1 AND node = $2) r \
         CROSS JOIN before_image b ON b.row_id = r.id JOIN outbox o ON o.number = b.number AND o.state <> 'refused' LIMIT 1",
        &of_node,
    )?;
    Ok(!written.is_empty())
}

fn document(asked: &mut Asked<'_, '_>, node: &Node, offline: bool) -> Result<SyncMark> {
    let id = [Value::Text(node.id.to_string())];
    let blocked = asked.unit.tx.query("SELECT waiting FROM blocked WHERE node = $1", &id)?;
    if let Some(row) = blocked.first() {
        return Ok(if row.get::<bool>(0)? { SyncMark::Waiting } else { SyncMark::Blocked });
    }
    if !asked.unit.tx.query("SELECT 1 FROM held WHERE node = $1 AND decision IS NULL", &id)?.is_empty() {
        return Ok(SyncMark::Waiting);
    }
    if is_pending(asked, node)? {
        return Ok(SyncMark::Sending);
    }
    let concurrent = asked
        .unit
        .select("SELECT id FROM version WHERE firm = $1 AND node = $2 AND state = 'concurrent' LIMIT 1", &id)?;
    if !concurrent.is_empty() {
        return Ok(SyncMark::Conflict);
    }
    if !offline {
        return Ok(SyncMark::OnlineOnly);
    }
    let synced = asked.unit.tx.query("SELECT version FROM synced_node WHERE node = $1", &id)?;
    let agrees = synced.first().map(|row| row.get(0)).transpose()? == Some(node.head);
    Ok(if agrees { SyncMark::Synced } else { SyncMark::Receiving })
}
