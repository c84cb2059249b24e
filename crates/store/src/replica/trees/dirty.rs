//! The planner's list: nodes whose three trees may differ.

use domain::content::ContentHash;
use domain::id::NodeId;
use domain::time::Instant;

use super::text;
use crate::engine::{Column as _, Value};
use crate::error::Result;
use crate::replica::ReplicaTx;

/// A due that no clock reaches: it waits for a content.
const NEVER: i64 = i64::MAX;

/// A node on the planner's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dirty {
    /// Which.
    pub node: NodeId,
    /// How often it was marked, so that a mark made meanwhile is not taken for this one.
    pub stamp: i64,
}

impl ReplicaTx<'_, '_> {
    /// Puts all that is in a folder, and in those below it, on the planner's list.
    pub(in crate::replica) fn mark_dirty_below(&mut self, folder: NodeId) -> Result<()> {
        self.tx
            .execute(
                "INSERT INTO dirty_node (node) WITH RECURSIVE below (id) AS (SELECT id FROM node \
                 WHERE firm = $1 AND parent = $2 AND deleted = 0 UNION SELECT n.id FROM below b \
                 CROSS JOIN node n ON n.firm = $1 AND n.parent = b.id AND n.deleted = 0) SELECT id FROM below WHERE 1 \
                 ON CONFLICT (node) DO UPDATE SET due = 0, stamp = dirty_node.stamp + 1, waits_for = NULL",
                &[Value::Text(self.firm_text.clone()), text(folder)],
            )
            .map(|_| ())
    }

    /// Puts a node on the planner's list, to be looked at now.
    pub fn mark_dirty(&mut self, node: NodeId) -> Result<()> {
        self.tx
            .execute(
                "INSERT INTO dirty_node (node) VALUES ($1) \
                 ON CONFLICT (node) DO UPDATE SET due = 0, stamp = dirty_node.stamp + 1, waits_for = NULL",
                &[text(node)],
            )
            .map(|_| ())
    }

    /// The nodes to look at now, at most `limit`.
    pub fn dirty_nodes(&mut self, now: Instant, limit: usize) -> Result<Vec<Dirty>> {
        let rows = self.tx.query(
            "SELECT node, stamp FROM dirty_node WHERE due <= $1 ORDER BY due, node LIMIT $2",
            &[Value::Int(now.0), Value::Int(i64::try_from(limit).unwrap_or(i64::MAX))],
        )?;
        rows.iter().map(|row| Ok(Dirty { node: row.get(0)?, stamp: row.get(1)? })).collect()
    }

    /// Takes a node off the list, unless it was marked again since.
    pub fn settle_dirty(&mut self, dirty: Dirty) -> Result<()> {
        self.tx
            .execute(
                "DELETE FROM dirty_node WHERE node = $1 AND stamp = $2",
                &[text(dirty.node), Value::Int(dirty.stamp)],
            )
            .map(|_| ())
    }

    /// Puts a node on the list, to be looked at later.
    pub fn mark_dirty_at(&mut self, node: NodeId, due: Instant) -> Result<()> {
        self.tx
            .execute(
                "INSERT INTO dirty_node (node, due) VALUES ($1, $2) \
                 ON CONFLICT (node) DO UPDATE SET due = excluded.due, stamp = dirty_node.stamp + 1, waits_for = NULL",
                &[text(node), Value::Int(due.0)],
            )
            .map(|_| ())
    }

    /// Puts a node on the list, to be looked at when a content is here.
    pub fn mark_dirty_until_content(&mut self, node: NodeId, content: ContentHash) -> Result<()> {
        self.tx
            .execute(
                "INSERT INTO dirty_node (node, due, waits_for) VALUES ($1, $2, $3) \
                 ON CONFLICT (node) DO UPDATE SET due = excluded.due, stamp = dirty_node.stamp + 1, \
                 waits_for = excluded.waits_for",
                &[text(node), Value::Int(NEVER), content.to_value()],
            )
            .map(|_| ())
    }

    /// Lets the nodes that wait for a content be looked at.
    pub fn content_arrived(&mut self, content: ContentHash) -> Result<()> {
        self.tx
            .execute(
                "UPDATE dirty_node SET due = 0, stamp = stamp + 1, waits_for = NULL WHERE waits_for = $1",
                &[content.to_value()],
            )
            .map(|_| ())
    }

    /// Lets every node of the list be looked at now, whatever it waits for.
    pub fn wake_dirty(&mut self) -> Result<()> {
        self.tx
            .execute(
                "UPDATE dirty_node SET due = 0, stamp = stamp + 1, waits_for = NULL WHERE due <> $1",
                &[Value::Int(0)],
            )
            .map(|_| ())
    }

    /// When the next node of the list is to be looked at, those that wait for a content aside.
    pub fn next_dirty(&mut self) -> Result<Option<Instant>> {
        let row = self.tx.first("SELECT MIN(due) FROM dirty_node WHERE due < $1", &[Value::Int(NEVER)])?;
        row.map_or(Ok(None), |row| row.get(0))
    }
}
