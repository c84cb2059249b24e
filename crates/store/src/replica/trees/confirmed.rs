//! The firm's confirmed rows as the planner asks for them: by folder, by name, and what is in flight.

use std::collections::{BTreeMap, BTreeSet};

use domain::content::ContentHash;
use domain::id::{ClientFileId, NodeId};
use protocol::command::Command;

use super::text;
use crate::engine::{Column as _, Value};
use crate::error::Result;
use crate::replica::before_image::{self, Confirmed};
use crate::replica::{Pending, ReplicaTx, outbox};
use crate::rows::Node;
use crate::table::Replicated as _;

/// What pending commands changed of rows that the server has: read once for a plan.
#[derive(Debug, Clone, Default)]
pub struct PendingRows {
    /// The confirmed rows behind them.
    rows: BTreeMap<NodeId, Node>,
    /// Nodes that pending commands name whose effect is hidden.
    hidden: BTreeSet<NodeId>,
    /// Nodes whose creation the server refused.
    refused: BTreeSet<NodeId>,
}

impl PendingRows {
    /// Whether the server refused to create a node.
    pub fn is_refused(&self, node: NodeId) -> bool {
        self.refused.contains(&node)
    }
}

impl ReplicaTx<'_, '_> {
    /// What pending commands changed.
    pub fn pending_rows(&mut self) -> Result<PendingRows> {
        let mut pending = PendingRows::default();
        let changed = self.tx.query(
            "SELECT DISTINCT row_id FROM before_image WHERE table_name = $1 AND image IS NOT NULL ORDER BY row_id",
            &[Value::Text(Node::TABLE.name.to_owned())],
        )?;
        for row in changed {
            let id: NodeId = row.get(0)?;
            if let Some(node) = self.confirmed_node(id)? {
                pending.rows.insert(id, node);
            }
        }
        let hidden = self
            .tx
            .query("SELECT envelope FROM outbox WHERE hidden = 1 AND state <> $1", &[Value::Text("refused".into())])?;
        for row in hidden {
            pending.hidden.extend(node_named(&outbox::read_envelope(&row.get::<String>(0)?)?.command));
        }
        for row in self.tx.query("SELECT envelope FROM outbox WHERE state = $1", &[Value::Text("refused".into())])? {
            if let Command::AddDocument { node, .. } | Command::CreateFolder { node, .. } =
                outbox::read_envelope(&row.get::<String>(0)?)?.command
            {
                pending.refused.insert(node);
            }
        }
        Ok(pending)
    }

    /// The nodes whose confirmed rows name this folder, the trash included.
    pub fn confirmed_in(&mut self, folder: NodeId, pending: &PendingRows) -> Result<Vec<NodeId>> {
        self.confirmed_where("parent = $2", &[text(folder)], pending, |node| node.parent == folder)
    }

    /// Those of them of this name's key that are not in the trash themselves.
    pub fn confirmed_at(&mut self, folder: NodeId, key: &str, pending: &PendingRows) -> Result<Vec<NodeId>> {
        self.confirmed_where(
            "parent = $2 AND name_key = $3 AND trashed_at = 0",
            &[text(folder), Value::Text(key.to_owned())],
            pending,
            |node| node.parent == folder && node.name_key == key && !node.is_trashed(),
        )
    }

    /// Those of a folder that the disk does not have in it.
    pub fn confirmed_missing_in(&mut self, folder: NodeId, pending: &PendingRows) -> Result<Vec<NodeId>> {
        self.confirmed_where(
            "parent = $2 AND trashed_at = 0 AND NOT EXISTS \
             (SELECT 1 FROM local_node l WHERE l.node = node.id AND l.parent = node.parent)",
            &[text(folder)],
            pending,
            |node| node.parent == folder && !node.is_trashed(),
        )
    }

    /// Those of a folder that are elsewhere on the disk, and its folders that are nowhere on it.
    pub fn confirmed_strays_of(&mut self, folder: NodeId, pending: &PendingRows) -> Result<Vec<NodeId>> {
        self.confirmed_where(
            "parent = $2 AND (EXISTS (SELECT 1 FROM local_node l WHERE l.node = node.id AND l.parent <> node.parent) \
             OR (is_folder = 1 AND NOT EXISTS (SELECT 1 FROM local_node l WHERE l.node = node.id)))",
            &[text(folder)],
            pending,
            |node| node.parent == folder,
        )
    }

    /// Ids of the rows shown that satisfy `condition` and are confirmed so, and of the confirmed rows that pending
    /// commands hide and that satisfy `holds`.
    fn confirmed_where(
        &mut self,
        condition: &str,
        params: &[Value],
        pending: &PendingRows,
        holds: impl Fn(&Node) -> bool,
    ) -> Result<Vec<NodeId>> {
        let mut all = vec![Value::Text(self.firm_text.clone())];
        all.extend_from_slice(params);
        let sql = format!("SELECT id FROM node WHERE firm = $1 AND deleted = 0 AND {condition}");
        let mut found = BTreeSet::new();
        for row in self.tx.query(&sql, &all)? {
            let id: NodeId = row.get(0)?;
            let is_as_shown = !pending.rows.contains_key(&id)
                && matches!(before_image::confirmed(self.tx, Node::TABLE, &id.to_string())?, Confirmed::AsShown);
            if is_as_shown {
                found.insert(id);
            }
        }
        found.extend(pending.rows.iter().filter(|(_, node)| holds(node)).map(|(id, _)| *id));
        Ok(found.into_iter().collect())
    }

    /// Which attributes of a node wait for the server, those of commands whose effect is hidden included.
    pub fn in_flight(&mut self, node: NodeId, pending: &PendingRows) -> Result<Pending> {
        if pending.hidden.contains(&node) {
            return Ok(Pending { place: true, content: true, existence: true });
        }
        self.pending_with(node, Vec::new())
    }

    /// Whether a command that the server has not confirmed names this node. Reads the whole outbox.
    pub fn is_named_by_outbox(&mut self, node: NodeId) -> Result<bool> {
        let found = self.tx.first(
            "SELECT 1 FROM outbox WHERE state <> 'refused' AND envelope LIKE $1 LIMIT 1",
            &[Value::Text(format!("%{node}%"))],
        )?;
        Ok(found.is_some())
    }

    /// Whether a content waits to be sent, or a command here names it.
    pub fn is_needed(&mut self, content: ContentHash) -> Result<bool> {
        let found = self.tx.first(
            // A file that was saved may have been taken before the command that tells of it could be made.
            "SELECT 1 FROM upload WHERE hash = $1 UNION ALL SELECT 1 FROM outbox_content WHERE hash = $1 \
             UNION ALL SELECT 1 FROM local_node WHERE content = $1 AND version IS NULL \
             UNION ALL SELECT 1 FROM held WHERE content = $1 UNION ALL SELECT 1 FROM displaced WHERE content = $1 LIMIT 1",
            &[content.to_value()],
        )?;
        Ok(found.is_some())
    }

    /// Whether a version has this content, here or at the firm.
    pub fn is_of_a_version(&mut self, content: ContentHash) -> Result<bool> {
        let found = self.tx.first(
            "SELECT 1 FROM version WHERE firm = $1 AND content = $2 AND deleted = 0 LIMIT 1",
            &[Value::Text(self.firm_text.clone()), content.to_value()],
        )?;
        Ok(found.is_some())
    }

    /// Client files whose folder's name has this key, among those in sight.
    pub fn client_files_named(&mut self, key: &str) -> Result<Vec<ClientFileId>> {
        let rows = self.tx.query(
            "SELECT id FROM client_file WHERE firm = $1 AND deleted = 0 AND name_key = $2 ORDER BY id",
            &[Value::Text(self.firm_text.clone()), Value::Text(key.to_owned())],
        )?;
        rows.iter().map(|row| row.get(0)).collect()
    }
}

fn node_named(command: &Command) -> Option<NodeId> {
    match command {
        Command::AddDocument { node, .. }
        | Command::CreateFolder { node, .. }
        | Command::AddVersion { node, .. }
        | Command::RestoreVersion { node, .. }
        | Command::SettleVersion { node, .. }
        | Command::Place { node, .. }
        | Command::Trash { node }
        | Command::Restore { node, .. } => Some(*node),
        _ => None,
    }
}
