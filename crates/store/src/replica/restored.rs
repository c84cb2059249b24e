//! A server set back to a backup: what it lost, and this replica still has.
//!
//! Its first pull brings the firm as the backup has it. Rows that it does not bring are no longer the firm's; commands that
//! were confirmed go again, as far as they can still be done; and files whose versions are gone are to be offered again, by
//! what they hold: the mirror looks at them as at files that were just saved. Nothing on the disk is taken for removed.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{NodeId, VersionId};
use protocol::command::Command as C;
use protocol::event::Tag;
use protocol::feed::Page;

use super::trees::{LocalNode, Stamp};
use super::{Applied, ReplicaTx, apply, outbox};
use crate::engine::{Tx, Value};
use crate::error::{Error, Result};
use crate::rows::{TABLES, Version};

/// The setting that says that the next pull is the first of a server that was set back.
const SET_BACK: &str = "set_back";
/// The setting that says that the mirror has not yet done its part.
const TO_OFFER: &str = "to_offer_again";
/// How long commands are kept that the server confirmed, in milliseconds: thirty days.
const KEPT_FOR_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// What there is at the firm after a pull, and what this replica is about to add to it.
struct Known<'p> {
    rows: BTreeMap<&'p str, BTreeSet<&'p str>>,
    nodes: BTreeSet<NodeId>,
    versions: BTreeSet<VersionId>,
}

impl Known<'_> {
    fn has(&self, table: &str, id: &str) -> bool {
        self.rows.get(table).is_some_and(|ids| ids.contains(id))
    }

    fn has_node(&self, node: NodeId) -> bool {
        let id = node.to_string();
        self.nodes.contains(&node) || self.has("node", &id) || self.has("client_file", &id)
    }

    fn has_version(&self, version: VersionId) -> bool {
        self.versions.contains(&version) || self.has("version", &version.to_string())
    }
}

impl ReplicaTx<'_, '_> {
    /// After a restored server: forgets the cursor, so that the next pull sends everything. Commands that were acknowledged
    /// and not yet confirmed wait again, and so do contents: what the former server said of them means nothing here.
    pub fn begin_epoch(&mut self, epoch: &str) -> Result<()> {
        self.wait_again(-1)?;
        self.set_setting(SET_BACK, "1")?;
        self.set_setting(apply::CURSOR, "0")?;
        self.set_setting(apply::EPOCH, epoch)
    }

    /// Whether the server said that it was set back, and no pull of it was applied yet.
    pub fn is_set_back_told(&mut self) -> Result<bool> {
        Ok(self.setting(SET_BACK)?.as_deref() == Some("1"))
    }

    /// Whether a pull's last page is the first of a server that was set back: it says so, or its head is behind the cursor.
    pub(super) fn is_set_back(&mut self, last: &Page) -> Result<bool> {
        let cursor = self.setting(apply::CURSOR)?.and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
        let was_told = self.is_set_back_told()?;
        if was_told {
            self.set_setting(SET_BACK, "0")?;
        } else if last.head < cursor {
            self.wait_again(last.head)?;
        }
        Ok(was_told || last.head < cursor)
    }

    /// Puts back what was acknowledged with a number beyond `head`.
    fn wait_again(&mut self, head: i64) -> Result<()> {
        self.tx.execute(
            "UPDATE outbox SET state = 'pending', seq = NULL WHERE state = 'acknowledged' AND seq > $1",
            &[Value::Int(head)],
        )?;
        self.tx.execute("UPDATE upload SET sent = 0 WHERE sent = $1", &[Value::Int(1)])?;
        self.tx.execute(
            "UPDATE outbox SET waits = 1 WHERE number IN (SELECT c.number FROM outbox_content c \
             JOIN upload u ON u.hash = c.hash WHERE u.sent = $1)",
            &[Value::Int(0)],
        )?;
        Ok(())
    }

    /// Keeps the commands that a pull up to `head` confirms, but for those that name contents.
    pub(super) fn keep(&mut self, head: i64) -> Result<()> {
        let kept = self.tx.execute(
            "INSERT INTO kept_command (number, envelope, made_at, due) SELECT number, envelope, made_at, 0 FROM outbox o \
             WHERE o.state = 'acknowledged' AND o.seq <= $1 \
             AND NOT EXISTS (SELECT 1 FROM outbox_content c WHERE c.number = o.number)",
            &[Value::Int(head)],
        )?;
        if kept > 0 {
            self.tx.execute(
                "DELETE FROM kept_command WHERE made_at < (SELECT MAX(made_at) FROM kept_command) - $1",
                &[Value::Int(KEPT_FOR_MS)],
            )?;
        }
        Ok(())
    }

    /// Takes back what the server lost: drops its rows, has files offered again, and puts kept commands in line before those
    /// that wait. For the middle of a rebase, when the rows are the confirmed ones.
    pub(super) fn take_back(&mut self, pages: &[&Page], applied: &mut Applied) -> Result<()> {
        let known = self.known_after(pages)?;
        for (node, local) in self.local_nodes()? {
            self.offer_again(node, local, &known)?;
        }
        for table in TABLES.iter().copied() {
            let sql = format!("SELECT id FROM {} WHERE firm = $1 ORDER BY id", table.name);
            for row in self.tx.query(&sql, &[Value::Text(self.firm_text.clone())])? {
                let id: String = row.get(0)?;
                if known.has(table.name, &id) {
                    continue;
                }
                table.erase(self.tx, &self.firm_text, &id)?;
                if matches!(table.name, "node" | "client_file") {
                    self.mark_dirty(id.parse().map_err(|_| Error::Value(id.clone()))?)?;
                }
            }
        }
        self.set_setting(TO_OFFER, "1")?;
        applied.tags.extend([Tag::People, Tag::ClientFiles, Tag::Documents, Tag::Sync]);
        self.tx.execute("UPDATE kept_command SET due = 1 WHERE due = $1", &[Value::Int(0)])?;
        self.send_kept(true)
    }

    fn known_after<'p>(&mut self, pages: &[&'p Page]) -> Result<Known<'p>> {
        let mut known = Known { rows: BTreeMap::new(), nodes: BTreeSet::new(), versions: BTreeSet::new() };
        for table in pages.iter().flat_map(|page| &page.tables) {
            let ids = known.rows.entry(table.table.as_str()).or_default();
            for row in &table.rows {
                let (Some(id), deleted) = (row.get(1).and_then(|id| id.as_str()), row.get(4)) else { continue };
                // A row that changed between two pages comes twice: the last word counts.
                if deleted.and_then(serde_json::Value::as_i64) == Some(0) {
                    ids.insert(id);
                } else {
                    ids.remove(id);
                }
            }
        }
        for row in self.tx.query("SELECT envelope FROM outbox WHERE state <> 'refused'", &[])? {
            match outbox::read_envelope(&row.get::<String>(0)?)?.command {
                C::AddDocument { node, version, .. } => {
                    known.nodes.insert(node);
                    known.versions.insert(version);
                }
                C::CreateFolder { node, .. } => {
                    known.nodes.insert(node);
                }
                C::AddVersion { version, .. } => {
                    known.versions.insert(version);
                }
                _ => {}
            }
        }
        Ok(known)
    }

    /// Has a file of the disk looked at as if it had just been saved, where the firm has no version of its bytes any more.
    fn offer_again(&mut self, node: NodeId, mut local: LocalNode, known: &Known<'_>) -> Result<()> {
        let before = local.clone();
        if !known.has_node(node) {
            local.sent = None;
            self.set_synced(node, None)?;
        }
        match (local.version, local.base) {
            (Some(version), _) if !known.has_version(version) => {
                local.version = None;
                local.content = None;
                local.stamp = Stamp { file_id: local.stamp.file_id, ..Stamp::default() };
                local.base = self.nearest_known(version, known)?;
            }
            (None, Some(base)) => local.base = self.nearest_known(base, known)?,
            _ => {}
        }
        if local != before {
            self.put_local(node, &local)?;
            self.mark_dirty(node)?;
        }
        Ok(())
    }

    /// The version itself, or the nearest one it was made from, that the firm still has.
    fn nearest_known(&mut self, version: VersionId, known: &Known<'_>) -> Result<Option<VersionId>> {
        let mut at = Some(version);
        let mut seen = BTreeSet::new();
        while let Some(version) = at.filter(|version| !known.has_version(*version) && seen.insert(*version)) {
            at = self.unit().find::<Version>(&version.to_string())?.and_then(|row| row.base);
        }
        Ok(at.filter(|version| known.has_version(*version)))
    }

    /// Whether the mirror has to look at everything, since the server may have lost what it is known to have held.
    pub fn is_to_offer_again(&mut self) -> Result<bool> {
        Ok(self.setting(TO_OFFER)?.as_deref() == Some("1"))
    }

    /// Records that it does.
    pub fn offers_again(&mut self) -> Result<()> {
        self.set_setting(TO_OFFER, "0")
    }

    /// Puts kept commands in line that could not be done until now: what they are about may have been offered again.
    pub(super) fn send_again(&mut self) -> Result<()> {
        self.send_kept(false)
    }

    /// `first`: under the numbers they had, before all that waits.
    fn send_kept(&mut self, first: bool) -> Result<()> {
        let owner = self.owner;
        for row in self.tx.query("SELECT number, envelope FROM kept_command WHERE due = 1 ORDER BY number", &[])? {
            let kept: i64 = row.get(0)?;
            let envelope = outbox::read_envelope(&row.get::<String>(1)?)?;
            let sent = self.tx.savepoint(|tx| {
                let number = outbox::insert(tx, &envelope)?;
                let number = if first { renumber(tx, number, kept)? } else { number };
                tx.execute("UPDATE outbox SET again = 1 WHERE number = $1", &[Value::Int(number)])?;
                outbox::run(tx, owner, number, &envelope)?;
                outbox::record_needs(tx, number, &envelope)
            });
            match sent {
                Ok(()) => {
                    self.tx.execute("DELETE FROM kept_command WHERE number = $1", &[Value::Int(kept)])?;
                }
                Err(Error::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Undoes a command that was sent again and that the server did not take: what it did was done otherwise since. Those
    /// that came after it stand for themselves, and nobody has to look at it.
    pub(super) fn drop_again(&mut self, number: i64) -> Result<()> {
        let dropped = BTreeSet::from([number]);
        let nodes = self.nodes_written(&dropped)?;
        self.rebase(&dropped, |replica| outbox::forget(replica.tx, outbox::Settled::One(number)))?;
        for node in nodes {
            self.mark_dirty(node)?;
        }
        Ok(())
    }
}

fn renumber(tx: &mut Tx<'_>, from: i64, to: i64) -> Result<i64> {
    tx.execute("UPDATE outbox SET number = $2 WHERE number = $1", &[Value::Int(from), Value::Int(to)])?;
    Ok(to)
}
