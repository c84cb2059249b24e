//! Removals and saves that are held: too many at once, or of files that look encrypted, so that a person is asked before the
//! firm is told. What goes on meanwhile is elsewhere; how many are too many is the mirror's to say.

use std::collections::BTreeMap;

use domain::content::ContentHash;
use domain::id::{ClientFileId, NodeId};
use domain::time::Instant;

use super::text;
use crate::engine::{Column as _, Value};
use crate::error::{Error, Result};
use crate::replica::ReplicaTx;

pub use protocol::local::HeldKind;

/// What a person said of what is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is done as it was meant.
    Confirmed,
    /// It is undone on this disk.
    Undone,
}

/// A removal or a save that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Of what.
    pub node: NodeId,
    /// Its client file.
    pub client_file: ClientFileId,
    /// What is held.
    pub kind: HeldKind,
    /// Folder or document.
    pub is_folder: bool,
    /// The bytes saved, which stay in the staging.
    pub content: Option<ContentHash>,
    /// What a person said; `None` until somebody did.
    pub decision: Option<Decision>,
    /// Since when.
    pub since: Instant,
}

impl ReplicaTx<'_, '_> {
    /// Holds a removal or a save; with other bytes than before, those before are to be set aside.
    pub fn hold(&mut self, held: &Held) -> Result<()> {
        if self.held(held.node)?.is_some_and(|before| before.content != held.content) {
            self.displace(held.node)?;
        }
        self.known.has_held = Some(true);
        self.tx
            .execute(
                "INSERT INTO held (node, client_file, kind, is_folder, content, decision, since) \
                 VALUES ($1, $2, $3, $4, $5, NULL, $6) ON CONFLICT (node) DO UPDATE SET kind = excluded.kind, \
                 content = excluded.content, decision = NULL",
                &[
                    text(held.node),
                    Value::Text(held.client_file.to_string()),
                    Value::Text(word(held.kind).to_owned()),
                    held.is_folder.to_value(),
                    held.content.to_value(),
                    held.since.to_value(),
                ],
            )
            .map(|_| ())
    }

    /// What is held of a node.
    pub fn held(&mut self, node: NodeId) -> Result<Option<Held>> {
        if !self.has_held()? {
            return Ok(None);
        }
        let row = self.tx.first(
            "SELECT client_file, kind, is_folder, content, decision, since FROM held WHERE node = $1",
            &[text(node)],
        )?;
        row.map(|row| {
            let kind = kind_of(&row.get::<String>(1)?)?;
            let decision = match row.get::<Option<String>>(4)?.as_deref() {
                None => None,
                Some("confirmed") => Some(Decision::Confirmed),
                Some("undone") => Some(Decision::Undone),
                Some(other) => return Err(Error::Value(other.to_owned())),
            };
            Ok(Held {
                node,
                client_file: row.get(0)?,
                kind,
                is_folder: row.get(2)?,
                content: row.get(3)?,
                decision,
                since: row.get(5)?,
            })
        })
        .transpose()
    }

    /// Whether anything is held: mostly nothing is, and each node asks.
    fn has_held(&mut self) -> Result<bool> {
        if let Some(known) = self.known.has_held {
            return Ok(known);
        }
        let found = self.tx.first("SELECT 1 FROM held LIMIT 1", &[])?.is_some();
        self.known.has_held = Some(found);
        Ok(found)
    }

    /// How many documents are held and not decided on; folders, where nothing but folders is left of what was held.
    pub fn held_count(&mut self, kind: HeldKind) -> Result<u32> {
        let row = self.tx.first(
            "SELECT COALESCE(NULLIF(SUM(is_folder = 0), 0), COUNT(*)) FROM held WHERE kind = $1 AND decision IS NULL",
            &[Value::Text(word(kind).to_owned())],
        )?;
        row.map_or(Ok(0), |row| row.get(0))
    }

    /// Decides on all that is held of a kind, and lets the planner see to it. How many documents that were.
    pub fn decide_held(&mut self, kind: HeldKind, decision: Decision) -> Result<u32> {
        let count = self.held_count(kind)?;
        let nodes = self.undecided(kind)?;
        let decided = match decision {
            Decision::Confirmed => "confirmed",
            Decision::Undone => "undone",
        };
        self.tx.execute(
            "UPDATE held SET decision = $2 WHERE kind = $1 AND decision IS NULL",
            &[Value::Text(word(kind).to_owned()), Value::Text(decided.to_owned())],
        )?;
        for node in nodes {
            self.mark_dirty(node)?;
        }
        Ok(count)
    }

    /// The nodes of a kind that wait for an answer.
    pub fn undecided(&mut self, kind: HeldKind) -> Result<Vec<NodeId>> {
        let rows = self.tx.query(
            "SELECT node FROM held WHERE kind = $1 AND decision IS NULL ORDER BY node",
            &[Value::Text(word(kind).to_owned())],
        )?;
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// What was held of a node is no more, where its row or the disk's says so: the file of a removal is there again, that of
    /// a save has a version.
    pub fn release(&mut self, node: NodeId, has_version: bool) -> Result<()> {
        if !self.has_held()? {
            return Ok(());
        }
        self.tx
            .execute(
                "DELETE FROM held WHERE node = $1 AND (kind = 'removal' OR $2 = 1)",
                &[text(node), has_version.to_value()],
            )
            .map(|_| ())
    }

    /// The file of a save that is held is gone: its bytes are to be set aside, and nothing is held any more.
    pub(super) fn release_removed(&mut self, node: NodeId) -> Result<()> {
        if !self.has_held()? {
            return Ok(());
        }
        self.displace(node)?;
        self.tx.execute("DELETE FROM held WHERE node = $1 AND kind = 'edit'", &[text(node)]).map(|_| ())
    }

    /// Lists the bytes of a save that is held among those to be set aside.
    fn displace(&mut self, node: NodeId) -> Result<()> {
        self.tx
            .execute(
                "INSERT INTO displaced (content, name) SELECT h.content, l.name FROM held h JOIN local_node l ON l.node = h.node \
                 WHERE h.node = $1 AND h.content IS NOT NULL ON CONFLICT DO NOTHING",
                &[text(node)],
            )
            .map(|_| ())
    }

    /// Bytes of saves that were held and saved over or removed since, with the names of their files: to be set aside.
    pub fn displaced(&mut self) -> Result<Vec<(ContentHash, String)>> {
        let rows = self.tx.query("SELECT content, name FROM displaced ORDER BY content", &[])?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// They were set aside.
    pub fn forget_displaced(&mut self, content: ContentHash) -> Result<()> {
        self.tx.execute("DELETE FROM displaced WHERE content = $1", &[content.to_value()]).map(|_| ())
    }

    /// Notes that documents of a client file were removed or saved, and the firm was told.
    pub fn note_told(&mut self, kind: HeldKind, client_file: ClientFileId, documents: u32, at: Instant) -> Result<()> {
        self.tx
            .execute(
                "INSERT INTO told (kind, client_file, documents, at) VALUES ($1, $2, $3, $4)",
                &[
                    Value::Text(word(kind).to_owned()),
                    Value::Text(client_file.to_string()),
                    Value::Int(documents.into()),
                    at.to_value(),
                ],
            )
            .map(|_| ())
    }

    /// How many documents of each client file were removed or saved since a time, the firm told or not; what is noted of
    /// earlier ones is forgotten. A time that a clock set back has not reached yet counts too.
    pub fn lately(&mut self, kind: HeldKind, since: Instant) -> Result<BTreeMap<ClientFileId, u32>> {
        self.tx.execute("DELETE FROM told WHERE at < $1", &[since.to_value()])?;
        let rows = self.tx.query(
            "SELECT client_file, CAST(SUM(documents) AS BIGINT) FROM (\
             SELECT client_file, documents FROM told WHERE kind = $1 UNION ALL \
             SELECT client_file, 1 FROM held WHERE kind = $1 AND is_folder = 0 AND decision IS NULL AND since >= $2) \
             GROUP BY client_file ORDER BY client_file",
            &[Value::Text(word(kind).to_owned()), since.to_value()],
        )?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Documents that left the disk and that the planner has still to look at, with their client files; those held aside.
    pub fn removed_documents(&mut self) -> Result<Vec<(NodeId, ClientFileId)>> {
        let rows = self.tx.query(
            "SELECT d.node, n.client_file FROM dirty_node d JOIN synced_node s ON s.node = d.node AND s.is_folder = 0 \
             JOIN node n ON n.id = d.node AND n.firm = $1 AND n.trashed_at = 0 AND n.deleted = 0 \
             WHERE NOT EXISTS (SELECT 1 FROM local_node l WHERE l.node = d.node) \
             AND NOT EXISTS (SELECT 1 FROM held h WHERE h.node = d.node) ORDER BY d.node",
            &[Value::Text(self.firm_text.clone())],
        )?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// What left the disk with a node: itself and all that was agreed on below it, with whether each is a folder.
    pub fn removed_with(&mut self, node: NodeId) -> Result<Vec<(NodeId, bool)>> {
        let Some(top) = self.synced_node(node)? else { return Ok(Vec::new()) };
        let mut found = vec![(node, top.is_folder)];
        let mut next = 0;
        while let Some((folder, is_folder)) = found.get(next).copied() {
            next += 1;
            if !is_folder {
                continue;
            }
            let below = self.tx.query(
                "SELECT s.node, s.is_folder FROM synced_node s LEFT JOIN local_node l ON l.node = s.node \
                 WHERE s.parent = $1 AND l.node IS NULL ORDER BY s.node",
                &[text(folder)],
            )?;
            for row in below {
                found.push((row.get(0)?, row.get(1)?));
            }
        }
        Ok(found)
    }

    /// Client files available offline whose folders are on the disk: those out of sight, and how many are in sight.
    pub fn mirrored_in_sight(&mut self) -> Result<(Vec<ClientFileId>, u32)> {
        let rows = self.tx.query(
            "SELECT o.client_file, EXISTS (SELECT 1 FROM client_file c WHERE c.firm = $1 AND c.id = o.client_file AND c.deleted = 0) \
             FROM offline_client o JOIN local_node l ON l.node = o.client_file ORDER BY o.client_file",
            &[Value::Text(self.firm_text.clone())],
        )?;
        let (mut lost, mut seen) = (Vec::new(), 0);
        for row in rows {
            if row.get::<bool>(1)? {
                seen += 1;
            } else {
                lost.push(row.get(0)?);
            }
        }
        Ok((lost, seen))
    }

    /// How many documents a client file has.
    pub fn document_count(&mut self, client_file: ClientFileId) -> Result<u32> {
        let row = self.tx.first(
            "SELECT COUNT(*) FROM node WHERE firm = $1 AND client_file = $2 AND is_folder = 0 AND trashed_at = 0 AND deleted = 0",
            &[Value::Text(self.firm_text.clone()), Value::Text(client_file.to_string())],
        )?;
        row.map_or(Ok(0), |row| row.get(0))
    }
}

fn word(kind: HeldKind) -> &'static str {
    match kind {
        HeldKind::Removal => "removal",
        HeldKind::Edit => "edit",
    }
}

fn kind_of(word: &str) -> Result<HeldKind> {
    match word {
        "removal" => Ok(HeldKind::Removal),
        "edit" => Ok(HeldKind::Edit),
        other => Err(Error::Value(other.to_owned())),
    }
}
