//! What refused commands hold: their contents, each under the name its document would have had, so that they can be kept
//! as files before the commands are forgotten.

use std::collections::BTreeMap;

use domain::id::{CommandId, NodeId};
use domain::time::Instant;
use protocol::command::{Command, ContentRef, Envelope};

use super::ReplicaTx;
use crate::engine::Value;
use crate::error::Result;

/// A content that a refused command names, or one that needed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedContent {
    /// Name of its document.
    pub name: String,
    /// The content.
    pub content: ContentRef,
    /// When the command was made.
    pub made_at: Instant,
}

impl ReplicaTx<'_, '_> {
    /// The contents that a refused command and those that needed it name, in the order in which they were made.
    pub fn refused_contents(&mut self, command: CommandId) -> Result<Vec<RefusedContent>> {
        let mut names = BTreeMap::new();
        let mut contents = Vec::new();
        for envelope in self.refused_with_dependents(command)? {
            let name = self.name_in(&envelope, &mut names)?;
            if let (Some(name), Some(content)) = (name, envelope.command.content()) {
                contents.push(RefusedContent { name, content, made_at: envelope.made_at });
            }
        }
        Ok(contents)
    }

    /// The name that a document has after a command; `names` are those that earlier refused commands gave.
    fn name_in(&mut self, envelope: &Envelope, names: &mut BTreeMap<NodeId, String>) -> Result<Option<String>> {
        match &envelope.command {
            Command::AddDocument { node, name, .. } => {
                names.insert(*node, name.clone());
                Ok(Some(name.clone()))
            }
            Command::Place { node, name: Some(name), .. } => {
                names.insert(*node, name.value.clone());
                Ok(None)
            }
            Command::AddVersion { node, .. } => {
                if let Some(name) = names.get(node) {
                    return Ok(Some(name.clone()));
                }
                // A document that was taken away meanwhile has no name here any more.
                Ok(Some(self.node(*node)?.map_or_else(|| node.to_string(), |row| row.name)))
            }
            _ => Ok(None),
        }
    }

    /// Lets go of the contents that a command alone names: what was not sent yet is not sent any more.
    pub(super) fn release_contents(&mut self, number: i64) -> Result<()> {
        self.tx.execute(
            "UPDATE upload SET sent = 1, reason = NULL WHERE hash IN (SELECT hash FROM outbox_content WHERE number = $1) \
             AND NOT EXISTS (SELECT 1 FROM outbox_content c WHERE c.hash = upload.hash AND c.number <> $1)",
            &[Value::Int(number)],
        )?;
        Ok(())
    }
}
