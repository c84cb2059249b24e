//! Files that wait or are blocked, with why: entries of the sync panel that go away with their cause.

use domain::id::{ClientFileId, NodeId};
use domain::time::Instant;
use protocol::view::Reason;

use super::text;
use crate::engine::{Column as _, Value};
use crate::error::{Error, Result};
use crate::replica::ReplicaTx;

/// A file that waits or is blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// Stable key of the entry.
    pub key: String,
    /// The node, where the file has one.
    pub node: Option<NodeId>,
    /// Its client file, where known.
    pub client_file: Option<ClientFileId>,
    /// Path of the folder whose look found it; `None` where an operation did.
    pub folder: Option<String>,
    /// Path below the mirror's folder, with `/`.
    pub path: String,
    /// Why.
    pub reason: Reason,
    /// A name that every disk can hold, for one that cannot be synced under its own.
    pub proposal: Option<String>,
    /// Whether it is tried again by itself.
    pub is_waiting: bool,
    /// Since when.
    pub since: Instant,
}

const COLUMNS: &str = "SELECT key, node, client_file, folder, path, reason, proposal, waiting, since FROM blocked";

impl ReplicaTx<'_, '_> {
    /// Records that a file waits or is blocked; an entry of the same key keeps its `since`.
    pub fn put_blocked(&mut self, blocked: &Blocked) -> Result<()> {
        self.has_blocked = Some(true);
        let reason = serde_json::to_string(&blocked.reason).map_err(|error| Error::Value(error.to_string()))?;
        self.tx
            .execute(
                "INSERT INTO blocked (key, node, client_file, folder, path, reason, proposal, waiting, since) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (key) DO UPDATE SET node = excluded.node, \
                 client_file = excluded.client_file, folder = excluded.folder, path = excluded.path, \
                 reason = excluded.reason, proposal = excluded.proposal, waiting = excluded.waiting",
                &[
                    Value::Text(blocked.key.clone()),
                    blocked.node.to_value(),
                    blocked.client_file.to_value(),
                    blocked.folder.to_value(),
                    Value::Text(blocked.path.clone()),
                    Value::Text(reason),
                    blocked.proposal.to_value(),
                    blocked.is_waiting.to_value(),
                    blocked.since.to_value(),
                ],
            )
            .map(|_| ())
    }

    /// The entry of a key.
    pub fn blocked(&mut self, key: &str) -> Result<Option<Blocked>> {
        Ok(self.blocked_where("key = $1", &[Value::Text(key.to_owned())])?.pop())
    }

    /// The entries that the last look at a folder left.
    pub fn blocked_in(&mut self, folder: &str) -> Result<Vec<Blocked>> {
        self.blocked_where("folder = $1 ORDER BY key", &[Value::Text(folder.to_owned())])
    }

    /// All entries, in the order of their paths.
    pub fn all_blocked(&mut self) -> Result<Vec<Blocked>> {
        self.blocked_where("waiting >= $1 ORDER BY path, key", &[Value::Int(0)])
    }

    fn blocked_where(&mut self, condition: &str, params: &[Value]) -> Result<Vec<Blocked>> {
        let rows = self.tx.query(&format!("{COLUMNS} WHERE {condition}"), params)?;
        rows.iter()
            .map(|row| {
                Ok(Blocked {
                    key: row.get(0)?,
                    node: row.get(1)?,
                    client_file: row.get(2)?,
                    folder: row.get(3)?,
                    path: row.get(4)?,
                    reason: serde_json::from_str(&row.get::<String>(5)?)
                        .map_err(|error| Error::Value(error.to_string()))?,
                    proposal: row.get(6)?,
                    is_waiting: row.get(7)?,
                    since: row.get(8)?,
                })
            })
            .collect()
    }

    fn has_blocked(&mut self) -> Result<bool> {
        if let Some(known) = self.has_blocked {
            return Ok(known);
        }
        let found = self.tx.first("SELECT 1 FROM blocked LIMIT 1", &[])?.is_some();
        self.has_blocked = Some(found);
        Ok(found)
    }

    /// Drops an entry; tells whether there was one.
    pub fn clear_blocked(&mut self, key: &str) -> Result<bool> {
        if !self.has_blocked()? {
            return Ok(false);
        }
        Ok(self.tx.execute("DELETE FROM blocked WHERE key = $1", &[Value::Text(key.to_owned())])? > 0)
    }

    /// Drops the entries of folders that are no more: `folder` itself and those below.
    pub fn clear_blocked_below(&mut self, folder: &str) -> Result<()> {
        self.tx
            .execute(
                "DELETE FROM blocked WHERE folder = $1 OR substr(folder, 1, length($1) + 1) = $1 || '/'",
                &[Value::Text(folder.to_owned())],
            )
            .map(|_| ())
    }

    /// Takes the entries of a folder that was moved, and of those below it, along to its new path.
    pub fn move_blocked_below(&mut self, from: &str, to: &str) -> Result<()> {
        let paths = [Value::Text(from.to_owned()), Value::Text(to.to_owned())];
        self.tx.execute(
            "UPDATE blocked SET path = $2 || substr(path, length($1) + 1) \
             WHERE folder IS NULL AND substr(path, 1, length($1) + 1) = $1 || '/'",
            &paths,
        )?;
        self.tx
            .execute(
                "UPDATE OR REPLACE blocked SET folder = $2 || substr(folder, length($1) + 1), \
                 path = $2 || substr(path, length($1) + 1), key = 'disk:' || $2 || substr(path, length($1) + 1) \
                 WHERE folder = $1 OR substr(folder, 1, length($1) + 1) = $1 || '/'",
                &paths,
            )
            .map(|_| ())
    }

    /// Whether an entry names this node.
    pub fn is_blocked(&mut self, node: NodeId) -> Result<bool> {
        if !self.has_blocked()? {
            return Ok(false);
        }
        Ok(self.tx.first("SELECT 1 FROM blocked WHERE node = $1 LIMIT 1", &[text(node)])?.is_some())
    }
}
