//! The mirror's trees: local, synced, and what is to be looked at.

use domain::id::NodeId;

use super::ReplicaTx;
use crate::engine::Value;
use crate::error::Result;

impl ReplicaTx<'_, '_> {
    /// Puts a node on the planner's list.
    pub fn mark_dirty(&mut self, node: NodeId) -> Result<()> {
        self.tx()
            .execute(
                "INSERT INTO dirty_node (node) VALUES ($1) ON CONFLICT DO NOTHING",
                &[Value::Text(node.to_string())],
            )
            .map(|_| ())
    }
}
