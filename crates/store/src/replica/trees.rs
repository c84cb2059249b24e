//! The mirror's trees: what is on the disk, what disk and firm agreed on, and what is to be looked at.
//!
//! Rows only: who decides what they should be is the mirror.

use std::collections::{BTreeMap, BTreeSet};

use domain::content::ContentHash;
use domain::id::{NodeId, VersionId};
use domain::name;

use super::ReplicaTx;
use crate::engine::{Column, Row, Value};
use crate::error::{Error, Result};
use crate::table::changes;

mod blocked;
mod confirmed;
mod dirty;
mod held;

pub use blocked::Blocked;
pub use confirmed::PendingRows;
pub use dirty::Dirty;
pub use held::{Decision, Held, HeldKind};

/// A name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The folder.
    pub parent: NodeId,
    /// The name.
    pub name: String,
}

/// The cheap sign of a file's state on its disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Identity of the file on its machine.
    pub file_id: String,
    /// Bytes.
    pub size: u64,
    /// Time of modification, in nanoseconds since 1970.
    pub modified_ns: i64,
    /// Time of change, in nanoseconds since 1970.
    pub changed_ns: i64,
}

/// A node on the disk, as last observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalNode {
    /// Where it is, its name as the disk spells it.
    pub place: Place,
    /// Folder or document.
    pub is_folder: bool,
    /// Sign of its state.
    pub stamp: Stamp,
    /// Its bytes, for a document.
    pub content: Option<ContentHash>,
    /// The version whose bytes these are; `None` where it was saved since and the firm was not told.
    pub version: Option<VersionId>,
    /// The version whose bytes it held last.
    pub base: Option<VersionId>,
    /// The place last asked for at the firm, until the feed confirms it.
    pub sent: Option<Place>,
    /// Whether bytes and name reached stable storage.
    pub is_flushed: bool,
}

/// What disk and firm agreed on last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncedNode {
    /// Where.
    pub place: Place,
    /// Folder or document.
    pub is_folder: bool,
    /// The version, for a document.
    pub version: Option<VersionId>,
}

const LOCAL: &str = "SELECT node, parent, name, is_folder, file_id, size, modified_ns, changed_ns, content, version, base, \
                     sent_parent, sent_name, flushed FROM local_node";

/// The most nodes that a transaction remembers of a kind.
const REMEMBERED: usize = 4_096;

/// What a transaction read and wrote of the trees: each step asks for the same nodes again and again.
#[derive(Debug, Default)]
pub(super) struct Known {
    local: BTreeMap<NodeId, Option<LocalNode>>,
    synced: BTreeMap<NodeId, Option<SyncedNode>>,
    /// Whether anything is held.
    has_held: Option<bool>,
}

impl Known {
    fn keep_local(&mut self, node: NodeId, local: Option<LocalNode>) {
        if self.local.len() >= REMEMBERED {
            self.local.clear();
        }
        self.local.insert(node, local);
    }

    fn keep_synced(&mut self, node: NodeId, synced: Option<SyncedNode>) {
        if self.synced.len() >= REMEMBERED {
            self.synced.clear();
        }
        self.synced.insert(node, synced);
    }
}

impl ReplicaTx<'_, '_> {
    /// A node on the disk.
    pub fn local_node(&mut self, node: NodeId) -> Result<Option<LocalNode>> {
        if let Some(known) = self.known.local.get(&node) {
            return Ok(known.clone());
        }
        let found = self.local_where("node = $1", &[text(node)])?.pop().map(|(_, local)| local);
        self.known.keep_local(node, found.clone());
        Ok(found)
    }

    /// The nodes of a folder on the disk, in the order of their ids.
    pub fn local_children(&mut self, folder: NodeId) -> Result<Vec<(NodeId, LocalNode)>> {
        self.local_where("parent = $1 ORDER BY node", &[text(folder)])
    }

    /// Whether a folder on the disk has a node in it.
    pub fn has_local_children(&mut self, folder: NodeId) -> Result<bool> {
        let found = self.tx.first("SELECT 1 FROM local_node WHERE parent = $1 LIMIT 1", &[text(folder)])?;
        Ok(found.is_some())
    }

    /// The node of a key in a folder, on the disk.
    pub fn local_at(&mut self, folder: NodeId, key: &str) -> Result<Option<(NodeId, LocalNode)>> {
        let mut found = self.local_where(
            "parent = $1 AND name_key = $2 ORDER BY node LIMIT 1",
            &[text(folder), Value::Text(key.to_owned())],
        )?;
        Ok(found.pop())
    }

    /// The nodes that were last seen as this file of the machine.
    pub fn local_by_file_id(&mut self, file_id: &str) -> Result<Vec<(NodeId, LocalNode)>> {
        self.local_where("file_id = $1 ORDER BY node", &[Value::Text(file_id.to_owned())])
    }

    /// The documents that were last seen with these bytes.
    pub fn local_by_content(&mut self, content: ContentHash) -> Result<Vec<(NodeId, LocalNode)>> {
        self.local_where("content = $1 ORDER BY node", &[content.to_value()])
    }

    /// Those of these files of the machine that nodes were last seen as.
    pub fn local_file_ids(&mut self, file_ids: &[String]) -> Result<BTreeSet<String>> {
        self.known_among("file_id", Value::Text(json(file_ids)?))
    }

    /// Those of these contents that documents were last seen with.
    pub fn local_contents(&mut self, contents: &[ContentHash]) -> Result<BTreeSet<ContentHash>> {
        self.known_among("content", Value::Text(json(contents)?))
    }

    fn known_among<T: Column + Ord>(&mut self, column: &str, values: Value) -> Result<BTreeSet<T>> {
        let sql = format!(
            "SELECT DISTINCT l.{column} FROM json_each($1) asked CROSS JOIN local_node l ON l.{column} = asked.value"
        );
        self.tx.query(&sql, &[values])?.iter().map(|row| row.get(0)).collect()
    }

    /// All nodes on the disk, in the order of their ids.
    pub(super) fn local_nodes(&mut self) -> Result<Vec<(NodeId, LocalNode)>> {
        self.local_where("is_folder >= 0 ORDER BY node", &[])
    }

    /// The nodes whose bytes or name may not have reached stable storage.
    pub fn unflushed_nodes(&mut self) -> Result<Vec<(NodeId, LocalNode)>> {
        self.local_where("flushed = 0 ORDER BY node", &[])
    }

    /// Records that all of the disk reached stable storage, but for these nodes.
    pub fn mark_flushed_but(&mut self, left: &[NodeId]) -> Result<()> {
        self.known.local.clear();
        self.tx.execute("UPDATE local_node SET flushed = 1 WHERE flushed = $1", &[Value::Int(0)])?;
        for node in left {
            self.tx.execute("UPDATE local_node SET flushed = 0 WHERE node = $1", &[text(*node)])?;
        }
        Ok(())
    }

    /// How many nodes are on the disk.
    pub fn local_count(&mut self) -> Result<u64> {
        let row = self.tx.first("SELECT COUNT(*) FROM local_node", &[])?;
        row.map_or(Ok(0), |row| row.get(0))
    }

    fn local_where(&mut self, condition: &str, params: &[Value]) -> Result<Vec<(NodeId, LocalNode)>> {
        let rows = self.tx.query(&format!("{LOCAL} WHERE {condition}"), params)?;
        rows.iter().map(read_local).collect()
    }

    /// Writes a node of the disk: of one that is known, only the columns that change, as a replicated row's.
    pub fn put_local(&mut self, node: NodeId, local: &LocalNode) -> Result<()> {
        self.release(node, local.version.is_some())?;
        let known = self.local_node(node)?;
        if known.as_ref() == Some(local) {
            return Ok(());
        }
        let mut parameters = vec![text(node)];
        let sql = if let Some(known) = &known {
            let sets = changes(&LOCAL_COLUMNS, &local_values(known), &local_values(local), &mut parameters);
            format!("UPDATE local_node SET {sets} WHERE node = $1")
        } else {
            parameters.extend(local_values(local));
            let places: Vec<String> = (1..=parameters.len()).map(|number| format!("${number}")).collect();
            format!("INSERT INTO local_node (node, {}) VALUES ({})", LOCAL_COLUMNS.join(", "), places.join(", "))
        };
        self.tx.execute(&sql, &parameters)?;
        self.known.keep_local(node, Some(local.clone()));
        Ok(())
    }

    /// Forgets a node of the disk.
    pub fn remove_local(&mut self, node: NodeId) -> Result<()> {
        self.release_removed(node)?;
        self.tx.execute("DELETE FROM local_node WHERE node = $1", &[text(node)])?;
        self.known.keep_local(node, None);
        Ok(())
    }

    /// Gives a node of the disk another identity, and what lies in it another folder.
    pub fn rename_local(&mut self, from: NodeId, to: NodeId) -> Result<()> {
        self.release(to, false)?;
        self.release_removed(from)?;
        self.known.local.clear();
        self.tx.execute("UPDATE local_node SET node = $2 WHERE node = $1", &[text(from), text(to)])?;
        self.tx.execute("UPDATE local_node SET parent = $2 WHERE parent = $1", &[text(from), text(to)])?;
        self.tx.execute("UPDATE blocked SET node = $2 WHERE node = $1", &[text(from), text(to)])?;
        self.tx.execute("DELETE FROM dirty_node WHERE node = $1", &[text(from)]).map(|_| ())
    }

    /// Forgets the disk and all that was agreed on, and puts all that belongs on it on the planner's list: for a disk seen
    /// for the first time.
    pub fn forget_disk(&mut self) -> Result<()> {
        self.known = Known::default();
        for table in ["local_node", "synced_node", "dirty_node", "blocked", "held"] {
            self.tx.execute(&format!("DELETE FROM {table}"), &[])?;
        }
        self.tx.execute(
            "INSERT INTO dirty_node (node) SELECT n.id FROM node n JOIN offline_client o ON o.client_file = n.client_file \
             WHERE n.firm = $1 AND n.trashed_at = 0 AND n.deleted = 0",
            &[Value::Text(self.firm_text.clone())],
        )?;
        for client_file in self.offline_clients()? {
            self.mark_dirty(client_file.root())?;
        }
        Ok(())
    }

    /// What was agreed on for a node.
    pub fn synced_node(&mut self, node: NodeId) -> Result<Option<SyncedNode>> {
        if let Some(known) = self.known.synced.get(&node) {
            return Ok(known.clone());
        }
        let row =
            self.tx.first("SELECT parent, name, is_folder, version FROM synced_node WHERE node = $1", &[text(node)])?;
        let found = row.map(|row| -> Result<SyncedNode> {
            Ok(SyncedNode {
                place: Place { parent: row.get(0)?, name: row.get(1)? },
                is_folder: row.get(2)?,
                version: row.get(3)?,
            })
        });
        let found = found.transpose()?;
        self.known.keep_synced(node, found.clone());
        Ok(found)
    }

    /// Writes, or with `None` forgets, what was agreed on for a node.
    pub fn set_synced(&mut self, node: NodeId, synced: Option<&SyncedNode>) -> Result<()> {
        let Some(synced) = synced else {
            self.release(node, false)?;
            if self.synced_node(node)?.is_some() {
                self.tx.execute("DELETE FROM synced_node WHERE node = $1", &[text(node)])?;
                self.known.keep_synced(node, None);
            }
            return Ok(());
        };
        if self.synced_node(node)?.as_ref() == Some(synced) {
            return Ok(());
        }
        self.known.keep_synced(node, Some(synced.clone()));
        self.tx
            .execute(
                "INSERT INTO synced_node (node, parent, name, is_folder, version) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (node) DO UPDATE SET parent = excluded.parent, name = excluded.name, \
                 is_folder = excluded.is_folder, version = excluded.version",
                &[
                    text(node),
                    text(synced.place.parent),
                    Value::Text(synced.place.name.clone()),
                    synced.is_folder.to_value(),
                    synced.version.to_value(),
                ],
            )
            .map(|_| ())
    }

    /// Forgets what was agreed on for all that is below `folder` and not on the disk, and puts it on the planner's list.
    pub fn forget_synced_below(&mut self, folder: NodeId) -> Result<()> {
        let mut frontier = vec![folder];
        while let Some(folder) = frontier.pop() {
            let below = self.tx.query(
                "SELECT s.node FROM synced_node s LEFT JOIN local_node l ON l.node = s.node \
                 WHERE s.parent = $1 AND l.node IS NULL ORDER BY s.node",
                &[text(folder)],
            )?;
            for row in below {
                let node: NodeId = row.get(0)?;
                self.set_synced(node, None)?;
                self.mark_dirty(node)?;
                frontier.push(node);
            }
        }
        Ok(())
    }
}

/// The columns of a node on the disk that may change, in the order of [`local_values`].
const LOCAL_COLUMNS: [&str; 14] = [
    "parent",
    "name",
    "name_key",
    "is_folder",
    "file_id",
    "size",
    "modified_ns",
    "changed_ns",
    "content",
    "version",
    "base",
    "sent_parent",
    "sent_name",
    "flushed",
];

fn local_values(local: &LocalNode) -> [Value; 14] {
    let sent = local.sent.as_ref();
    [
        text(local.place.parent),
        Value::Text(local.place.name.clone()),
        Value::Text(name::key(&local.place.name)),
        local.is_folder.to_value(),
        Value::Text(local.stamp.file_id.clone()),
        local.stamp.size.to_value(),
        Value::Int(local.stamp.modified_ns),
        Value::Int(local.stamp.changed_ns),
        local.content.to_value(),
        local.version.to_value(),
        local.base.to_value(),
        sent.map(|place| place.parent).to_value(),
        sent.map(|place| place.name.clone()).to_value(),
        local.is_flushed.to_value(),
    ]
}

fn json(values: &[impl serde::Serialize]) -> Result<String> {
    serde_json::to_string(values).map_err(|error| Error::Value(error.to_string()))
}

pub(super) fn text(id: NodeId) -> Value {
    Value::Text(id.to_string())
}

fn read_local(row: &Row) -> Result<(NodeId, LocalNode)> {
    let sent = match (row.get::<Option<NodeId>>(11)?, row.get::<Option<String>>(12)?) {
        (Some(parent), Some(name)) => Some(Place { parent, name }),
        _ => None,
    };
    let local = LocalNode {
        place: Place { parent: row.get(1)?, name: row.get(2)? },
        is_folder: row.get(3)?,
        stamp: Stamp { file_id: row.get(4)?, size: row.get(5)?, modified_ns: row.get(6)?, changed_ns: row.get(7)? },
        content: row.get(8)?,
        version: row.get(9)?,
        base: row.get(10)?,
        sent,
        is_flushed: row.get(13)?,
    };
    Ok((row.get(0)?, local))
}
