//! Contents that wait to be sent.

use std::collections::BTreeSet;

use domain::content::ContentHash;
use domain::id::NodeId;
use protocol::command::ContentRef;
use protocol::failure::{Failure, FailureCode};
use protocol::view::{Load, Reason};

use super::{ReplicaTx, outbox};
use crate::engine::Value;
use crate::error::{Error, Result};

/// A content to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingUpload {
    /// Which.
    pub content: ContentRef,
    /// Somebody just saved it: it goes before what came in bulk.
    pub is_urgent: bool,
}

/// Up to so many contents at once are somebody's own doing; more come in bulk.
const FEW: usize = 10;

impl ReplicaTx<'_, '_> {
    /// Contents to send, at most `limit`: what somebody just saved first, then the smallest.
    pub fn next_uploads(&mut self, limit: usize) -> Result<Vec<PendingUpload>> {
        let mut uploads = self.urgent_uploads(limit)?;
        uploads.extend(self.uploads_of(false, limit - uploads.len())?);
        Ok(uploads)
    }

    /// What of them somebody just saved.
    pub fn urgent_uploads(&mut self, limit: usize) -> Result<Vec<PendingUpload>> {
        self.uploads_of(true, limit)
    }

    fn uploads_of(&mut self, is_urgent: bool, limit: usize) -> Result<Vec<PendingUpload>> {
        let rows = self.tx.query(
            "SELECT hash, size FROM upload WHERE sent = 0 AND reason IS NULL AND urgent = $1 ORDER BY size, hash LIMIT $2",
            &[Value::Int(is_urgent.into()), Value::Int(i64::try_from(limit).unwrap_or(i64::MAX))],
        )?;
        rows.iter()
            .map(|row| {
                let hash = outbox::hash_of(&row.get::<String>(0)?)?;
                Ok(PendingUpload { content: ContentRef { hash, size: row.get(1)? }, is_urgent })
            })
            .collect()
    }

    /// Lets contents that were taken in together go before what came in bulk, where they are few: with those that wait
    /// already, for what is copied slowly is bulk all the same.
    pub fn hurry_if_few(&mut self, contents: &[ContentHash]) -> Result<()> {
        if contents.is_empty() || self.urgent_uploads(FEW)?.len() + contents.len() > FEW {
            return Ok(());
        }
        for hash in contents {
            self.tx.execute("UPDATE upload SET urgent = 1 WHERE hash = $1", &[Value::Text(hash.to_string())])?;
        }
        Ok(())
    }

    /// Records that the server holds contents.
    pub fn uploaded(&mut self, hashes: &[ContentHash]) -> Result<()> {
        for hash in hashes {
            self.tx.execute(
                "UPDATE upload SET sent = 1, reason = NULL WHERE hash = $1 AND sent = 0",
                &[Value::Text(hash.to_string())],
            )?;
            self.tx.execute(
                "UPDATE outbox SET waits = 0 WHERE number IN (SELECT number FROM outbox_content WHERE hash = $1)",
                &[Value::Text(hash.to_string())],
            )?;
        }
        Ok(())
    }

    /// Records why a content cannot be sent for now; `None` puts it back in line.
    pub fn upload_blocked(&mut self, hash: ContentHash, reason: Option<Reason>) -> Result<()> {
        let reason = reason
            .map(|reason| serde_json::to_string(&reason))
            .transpose()
            .map_err(|error| Error::Value(error.to_string()))?;
        self.tx.execute(
            "UPDATE upload SET reason = $2 WHERE hash = $1 AND sent = 0",
            &[Value::Text(hash.to_string()), reason.map_or(Value::Null, Value::Text)],
        )?;
        Ok(())
    }

    /// Puts every blocked upload back in line.
    pub fn retry_uploads(&mut self) -> Result<()> {
        self.tx.execute("UPDATE upload SET reason = NULL WHERE sent = $1", &[Value::Int(0)]).map(|_| ())
    }

    /// Gives up a content that waits to be sent and is nowhere any more, after a power cut: the commands that name it are
    /// refused with those that need them, so that they hold up nothing that comes after. The nodes they were about.
    pub fn content_is_lost(&mut self, content: ContentHash) -> Result<BTreeSet<NodeId>> {
        let failure = Failure::new(FailureCode::ContentDamaged, "the content was lost before it was sent");
        let hash = Value::Text(content.to_string());
        let mut nodes = BTreeSet::new();
        loop {
            let waiting = self.tx.first(
                "SELECT c.number FROM outbox_content c JOIN outbox o ON o.number = c.number \
                 WHERE c.hash = $1 AND o.state = 'pending' ORDER BY c.number LIMIT 1",
                std::slice::from_ref(&hash),
            )?;
            let Some(waiting) = waiting else { break };
            nodes.extend(self.refuse(waiting.get(0)?, &failure)?);
        }
        self.tx.execute("DELETE FROM outbox_content WHERE hash = $1", std::slice::from_ref(&hash))?;
        self.tx.execute("DELETE FROM upload WHERE hash = $1 AND sent = 0", &[hash])?;
        Ok(nodes)
    }

    /// What is left to send.
    pub fn upload_load(&mut self) -> Result<Load> {
        let row =
            self.tx.first("SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM upload WHERE sent = 0", &[])?;
        row.map_or(Ok(Load::default()), |row| Ok(Load { files: row.get(0)?, bytes: row.get(1)? }))
    }

    /// What of it waits until the server takes it, or until its staged copy can be read.
    pub fn held_up_load(&mut self) -> Result<Load> {
        let row = self.tx.first(
            "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM upload WHERE sent = 0 AND reason IS NOT NULL",
            &[],
        )?;
        row.map_or(Ok(Load::default()), |row| Ok(Load { files: row.get(0)?, bytes: row.get(1)? }))
    }

    /// How many commands wait for such contents, themselves or through a command they need.
    pub fn held_up_commands(&mut self) -> Result<u32> {
        let row = self.tx.first(
            "WITH RECURSIVE held_up(number) AS ( \
               SELECT c.number FROM upload u CROSS JOIN outbox_content c ON c.hash = u.hash \
               CROSS JOIN outbox o ON o.number = c.number AND o.state = 'pending' \
               WHERE u.sent = 0 AND u.reason IS NOT NULL \
               UNION SELECT d.number FROM held_up h CROSS JOIN dependency d ON d.needs = h.number \
               CROSS JOIN outbox o ON o.number = d.number AND o.state = 'pending') \
             SELECT COUNT(*) FROM held_up",
            &[],
        )?;
        row.map_or(Ok(0), |row| row.get(0))
    }

    /// Contents sent whose commands are settled: nothing here needs their staged copies any more. Forgets them.
    pub fn take_settled_uploads(&mut self, limit: usize) -> Result<Vec<ContentHash>> {
        let rows = self.tx.query(
            "SELECT hash FROM upload WHERE sent = 2 LIMIT $1",
            &[Value::Int(i64::try_from(limit).unwrap_or(i64::MAX))],
        )?;
        let mut settled = Vec::new();
        for row in rows {
            let text: String = row.get(0)?;
            self.tx.execute("DELETE FROM upload WHERE hash = $1", &[Value::Text(text.clone())])?;
            settled.push(outbox::hash_of(&text)?);
        }
        Ok(settled)
    }
}
