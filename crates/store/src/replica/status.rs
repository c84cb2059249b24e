//! Entries of the sync panel, read from the outbox and the mirror's own tables.

use std::collections::BTreeMap;

use domain::id::{ClientFileId, NodeId};
use protocol::command::Command;
use protocol::local::HeldKind;
use protocol::view::{ConflictView, Load, Reason, SyncItem, SyncMark};

use super::ReplicaTx;
use super::offline::BY_WHICH_IT_IS_HERE;
use crate::engine::Value;
use crate::error::{Error, Result};
use crate::queries::version_view;

/// How many documents that are held are listed at most.
const HELD_LISTED: u32 = 1_000;

/// Documents left to receive for the mirror: dirty ones whose head is not the one on disk.
fn to_receive() -> String {
    format!(
        "FROM dirty_node d \
         CROSS JOIN node n ON n.id = d.node AND n.firm = $1 AND n.is_folder = 0 AND n.trashed_at = 0 \
         {BY_WHICH_IT_IS_HERE} \
         LEFT JOIN local_node l ON l.node = n.id WHERE (l.content IS NULL OR l.content <> n.content)"
    )
}

impl ReplicaTx<'_, '_> {
    /// What is left to receive for the mirror.
    pub fn download_load(&mut self) -> Result<Load> {
        let row = self.tx.first(
            &format!("SELECT COUNT(*), CAST(COALESCE(SUM(n.size), 0) AS BIGINT) {}", to_receive()),
            &[Value::Text(self.firm_text.clone())],
        )?;
        row.map_or(Ok(Load::default()), |row| Ok(Load { files: row.get(0)?, bytes: row.get(1)? }))
    }

    /// How many files wait and go on by themselves.
    pub fn waiting_files(&mut self) -> Result<u32> {
        let row = self.tx.first("SELECT COUNT(*) FROM blocked WHERE waiting = $1", &[Value::Int(1)])?;
        row.map_or(Ok(0), |row| row.get(0))
    }

    /// How many nodes the planner has still to look at, and how many files wait or are blocked.
    pub fn unsettled(&mut self) -> Result<(u32, u32)> {
        let row = self.tx.first("SELECT (SELECT COUNT(*) FROM dirty_node), (SELECT COUNT(*) FROM blocked)", &[])?;
        row.map_or(Ok((0, 0)), |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// How many commands have not come back through the feed.
    pub fn unconfirmed_commands(&mut self) -> Result<u32> {
        let row = self.tx.first("SELECT COUNT(*) FROM outbox WHERE state <> 'refused'", &[])?;
        row.map_or(Ok(0), |row| row.get(0))
    }

    /// Refused commands and concurrent versions that wait for a decision.
    pub fn to_check(&mut self) -> Result<u32> {
        let row = self.tx.first(
            "SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'refused' AND failure IS NOT NULL) + \
             (SELECT COUNT(*) FROM version WHERE firm = $1 AND state = 'concurrent' AND deleted = 0)",
            &[Value::Text(self.firm_text.clone())],
        )?;
        row.map_or(Ok(0), |row| row.get(0))
    }

    /// The sync panel's entries: those that wait for a decision of their own first (refused commands, concurrent versions,
    /// blocked files), then files that wait, what is held, and at most `on_its_way` of what is to be sent.
    pub fn sync_items(&mut self, on_its_way: u32) -> Result<Vec<SyncItem>> {
        let mut items = self.refused_items()?;
        items.extend(self.concurrent_items()?);
        items.extend(self.blocked_items()?);
        items.extend(self.held_items()?);
        items.extend(self.pending_items(on_its_way)?);
        Ok(items)
    }

    /// How many entries [`sync_items`](Self::sync_items) leaves out of those that are held or to be sent.
    pub fn unlisted_items(&mut self, on_its_way: u32) -> Result<u32> {
        let held = self.held_count(HeldKind::Removal)? + self.held_count(HeldKind::Edit)?;
        let pending = self.pending_commands()?;
        Ok(held.saturating_sub(HELD_LISTED) + pending.saturating_sub(on_its_way))
    }

    /// Entries of at most `limit` documents that are left to receive for the mirror, those that are blocked or wait for
    /// something else aside: they have entries of their own.
    pub fn receiving_items(&mut self, limit: u32) -> Result<Vec<SyncItem>> {
        let rows = self.tx.query(
            &format!(
                "SELECT n.id, n.client_file, n.parent, n.name, n.modified_at {} \
                 AND n.id NOT IN (SELECT node FROM blocked WHERE node IS NOT NULL) LIMIT $2",
                to_receive()
            ),
            &[Value::Text(self.firm_text.clone()), Value::Int(limit.into())],
        )?;
        let mut paths: BTreeMap<NodeId, String> = BTreeMap::new();
        let mut items = Vec::new();
        for row in rows {
            let (node, parent): (NodeId, NodeId) = (row.get(0)?, row.get(2)?);
            let path = if let Some(path) = paths.get(&parent) {
                path.clone()
            } else {
                let path = self.path_of(parent)?;
                paths.insert(parent, path.clone());
                path
            };
            items.push(SyncItem {
                key: format!("receiving:{node}"),
                node: Some(node),
                command: None,
                client_file: row.get(1)?,
                name: row.get(3)?,
                path,
                mark: SyncMark::Receiving,
                reason: Reason::Queued,
                proposal: None,
                program: None,
                failure: None,
                holds_content: false,
                conflict: None,
                since: row.get(4)?,
            });
        }
        Ok(items)
    }

    fn refused_items(&mut self) -> Result<Vec<SyncItem>> {
        let refused = self.refused()?;
        let mut items = Vec::new();
        for entry in refused {
            let command = &entry.envelope.command;
            let (name, path) = self.name_and_path(node_of(command), command)?;
            let (node, client_file) = self.still_there(command)?;
            let mut with_it = std::iter::once(command).chain(entry.dependents.iter().map(|other| &other.command));
            items.push(SyncItem {
                key: format!("refused:{}", entry.envelope.id),
                node,
                command: Some(entry.envelope.id),
                client_file,
                name,
                path,
                mark: SyncMark::Blocked,
                reason: Reason::Refused,
                proposal: None,
                program: None,
                failure: Some(entry.failure),
                holds_content: with_it.any(|command| command.content().is_some()),
                conflict: None,
                since: entry.envelope.made_at,
            });
        }
        Ok(items)
    }

    fn concurrent_items(&mut self) -> Result<Vec<SyncItem>> {
        let rows = self.tx.query(
            "SELECT v.id, v.node FROM version v WHERE v.firm = $1 AND v.state = 'concurrent' AND v.deleted = 0 ORDER BY v.made_at, v.id",
            &[Value::Text(self.firm_text.clone())],
        )?;
        let mut items = Vec::new();
        for row in rows {
            let Some(node) = self.node(row.get(1)?)? else { continue };
            let Some(concurrent) = self.version(row.get(0)?)? else { continue };
            let head = node.head.map(|head| self.version(head)).transpose()?.flatten();
            let path = self.path_of(node.parent)?;
            let (version, since) = (concurrent.id, concurrent.made_at);
            items.push(SyncItem {
                key: format!("concurrent:{version}"),
                node: Some(node.id),
                command: None,
                client_file: Some(node.client_file),
                name: node.name,
                path,
                mark: SyncMark::Conflict,
                reason: Reason::Queued,
                proposal: None,
                program: None,
                failure: None,
                holds_content: false,
                conflict: head
                    .map(|head| ConflictView { concurrent: version_view(concurrent), head: version_view(head) }),
                since,
            });
        }
        Ok(items)
    }

    fn held_items(&mut self) -> Result<Vec<SyncItem>> {
        let rows = self.tx.query(
            "SELECT h.node, h.kind, h.since, h.client_file, COALESCE(n.name, l.name), COALESCE(n.parent, l.parent) FROM held h \
             LEFT JOIN node n ON n.id = h.node AND n.firm = $1 LEFT JOIN local_node l ON l.node = h.node \
             WHERE h.decision IS NULL AND h.is_folder = 0 AND COALESCE(n.parent, l.parent) IS NOT NULL ORDER BY 4, 6, 5 LIMIT $2",
            &[Value::Text(self.firm_text.clone()), Value::Int(HELD_LISTED.into())],
        )?;
        let mut items: Vec<SyncItem> = Vec::new();
        let mut last = None;
        for row in rows {
            let node: NodeId = row.get(0)?;
            let parent: NodeId = row.get(5)?;
            let path = match last.take().filter(|(folder, _)| *folder == parent) {
                Some((_, path)) => path,
                None => self.path_of(parent)?,
            };
            let is_removal = row.get::<String>(1)? == "removal";
            items.push(SyncItem {
                key: format!("held:{node}"),
                node: Some(node),
                command: None,
                client_file: row.get(3)?,
                name: row.get(4)?,
                path: path.clone(),
                mark: SyncMark::Waiting,
                reason: if is_removal { Reason::RemovalHeld } else { Reason::EditHeld },
                proposal: None,
                program: None,
                failure: None,
                holds_content: false,
                conflict: None,
                since: row.get(2)?,
            });
            last = Some((parent, path));
        }
        Ok(items)
    }

    fn blocked_items(&mut self) -> Result<Vec<SyncItem>> {
        let rows = self.tx.query(
            "SELECT key, node, client_file, path, reason, proposal, waiting, since FROM blocked ORDER BY waiting, path",
            &[],
        )?;
        rows.iter()
            .map(|row| {
                let path: String = row.get(3)?;
                let reason: String = row.get(4)?;
                Ok(SyncItem {
                    key: row.get(0)?,
                    node: row.get(1)?,
                    command: None,
                    client_file: row.get(2)?,
                    name: path.rsplit('/').next().unwrap_or_default().to_owned(),
                    path,
                    mark: if row.get::<bool>(6)? { SyncMark::Waiting } else { SyncMark::Blocked },
                    reason: serde_json::from_str(&reason).map_err(|error| Error::Value(error.to_string()))?,
                    proposal: row.get(5)?,
                    program: None,
                    failure: None,
                    holds_content: false,
                    conflict: None,
                    since: row.get(7)?,
                })
            })
            .collect()
    }

    fn pending_items(&mut self, limit: u32) -> Result<Vec<SyncItem>> {
        let rows = self.tx.query(
            "SELECT o.envelope, (SELECT u.reason FROM outbox_content c JOIN upload u ON u.hash = c.hash AND u.sent = 0 WHERE c.number = o.number LIMIT 1) \
             FROM outbox o WHERE o.state = 'pending' ORDER BY o.number LIMIT $1",
            &[Value::Int(limit.into())],
        )?;
        let mut items = Vec::new();
        for row in rows {
            let envelope = super::outbox::read_envelope(&row.get::<String>(0)?)?;
            let blocked: Option<Reason> = row
                .get::<Option<String>>(1)?
                .map(|text| serde_json::from_str(&text))
                .transpose()
                .map_err(|error| Error::Value(error.to_string()))?;
            let (name, path) = self.name_and_path(node_of(&envelope.command), &envelope.command)?;
            let (node, client_file) = self.still_there(&envelope.command)?;
            items.push(SyncItem {
                key: format!("pending:{}", envelope.id),
                node,
                command: Some(envelope.id),
                client_file,
                name,
                path,
                mark: if blocked.is_some() { SyncMark::Waiting } else { SyncMark::Sending },
                reason: blocked.unwrap_or(Reason::Queued),
                proposal: None,
                program: None,
                failure: None,
                holds_content: false,
                conflict: None,
                since: envelope.made_at,
            });
        }
        Ok(items)
    }

    /// The folder or document that a command is about, where it is there without it, and its client file.
    fn still_there(&mut self, command: &Command) -> Result<(Option<NodeId>, Option<ClientFileId>)> {
        if let Some(node) = node_of(command)
            && let Some(row) = self.node(node)?
        {
            return Ok((Some(row.id), Some(row.client_file)));
        }
        let client_file = match command {
            Command::AddDocument { parent, .. } | Command::CreateFolder { parent, .. } => match self.node(*parent)? {
                Some(folder) => Some(folder.client_file),
                None => Some(ClientFileId(parent.0)),
            },
            Command::UpdateClientFile { client_file, .. }
            | Command::AssignPerson { client_file, .. }
            | Command::UnassignPerson { client_file, .. }
            | Command::AddFiscalYear { client_file, .. } => Some(*client_file),
            _ => None,
        };
        // One that was made or seen by this command alone is not there either.
        let known = match client_file {
            Some(id) => self.client_file(id)?.map(|row| row.id),
            None => None,
        };
        Ok((None, known))
    }

    fn name_and_path(&mut self, node: Option<NodeId>, command: &Command) -> Result<(String, String)> {
        if let Some(node) = node
            && let Some(row) = self.node(node)?
        {
            let path = self.path_of(row.parent)?;
            return Ok((row.name, path));
        }
        Ok(match command {
            Command::AddDocument { name, parent, .. } | Command::CreateFolder { name, parent, .. } => {
                (name.clone(), self.path_of(*parent)?)
            }
            Command::CreateClientFile { name, .. } => (name.clone(), String::new()),
            Command::AddPerson { email, .. } => (email.clone(), String::new()),
            _ => (String::new(), String::new()),
        })
    }

    /// Names of the folders down to `folder`, client file first, `/` between them.
    pub fn path_of(&mut self, folder: NodeId) -> Result<String> {
        let mut unit = self.unit();
        let above = crate::commands::naming::ancestors(&mut unit, folder)?;
        let client = match above.first() {
            Some(node) => node.client_file,
            None => domain::id::ClientFileId(folder.0),
        };
        let mut names: Vec<String> = above.into_iter().map(|node| node.name).collect();
        if let Some(row) = unit.find::<crate::rows::ClientFile>(&client.to_string())? {
            names.push(row.name);
        }
        names.reverse();
        Ok(names.join("/"))
    }
}

pub(super) fn node_of(command: &Command) -> Option<NodeId> {
    match command {
        Command::CreateFolder { node, .. }
        | Command::AddDocument { node, .. }
        | Command::AddVersion { node, .. }
        | Command::RestoreVersion { node, .. }
        | Command::SettleVersion { node, .. }
        | Command::Place { node, .. }
        | Command::Trash { node }
        | Command::Restore { node, .. }
        | Command::MarkReviewed { node, .. }
        | Command::SetPieceNumber { node, .. }
        | Command::AddComment { node, .. }
        | Command::MarkRead { node, .. } => Some(*node),
        _ => None,
    }
}
