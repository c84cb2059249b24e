//! Pulls: pages staged, then applied in one transaction at their head.

use std::collections::BTreeSet;

use domain::access::Scope;
use domain::id::NodeId;
use protocol::command::{Command as C, VersionChoice};
use protocol::event::Tag;
use protocol::feed::{Page, PullRequest, TableRows};

use super::outbox::Settled;
use super::{ReplicaTx, before_image, outbox};
use crate::engine::{Column as _, Row, Value};
use crate::error::{Error, Result};
use crate::rows::{Node, TABLES};
use crate::table::{LEADING, Replicated as _};
use crate::unit::actor_of_grants;

/// What applying a pull changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// The head the replica is at.
    pub head: i64,
    /// Groups of data that changed.
    pub tags: BTreeSet<Tag>,
    /// Rows applied.
    pub rows: usize,
    /// The server had been set back to a backup: what the disk holds and the firm no longer has is to be offered again.
    pub set_back: bool,
}

pub(super) const CURSOR: &str = "cursor";
const SIGHT: &str = "sight";
const GRANTS: &str = "grants";
pub(super) const EPOCH: &str = "epoch";
const ANSWERS: &str = "answers";

impl ReplicaTx<'_, '_> {
    /// The request that begins a pull.
    pub fn pull_request(&mut self, limit: u32) -> Result<PullRequest> {
        Ok(PullRequest {
            cursor: self.setting(CURSOR)?.and_then(|text| text.parse().ok()).unwrap_or(0),
            sight: self.setting(SIGHT)?.unwrap_or_default(),
            held: None,
            resume: None,
            limit,
            epoch: self.setting(EPOCH)?.unwrap_or_default(),
        })
    }

    /// The scopes held, in the words of the feed.
    pub fn grants(&mut self) -> Result<Vec<String>> {
        let text = self.setting(GRANTS)?.unwrap_or_else(|| "[]".to_owned());
        serde_json::from_str(&text).map_err(|error| Error::Value(error.to_string()))
    }

    /// The server's epoch known here; empty before the first pull.
    pub fn epoch(&mut self) -> Result<String> {
        Ok(self.setting(EPOCH)?.unwrap_or_default())
    }

    /// How many pulls the server has answered.
    pub fn answers(&mut self) -> Result<i64> {
        Ok(self.setting(ANSWERS)?.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Keeps a page that is not the last.
    pub fn stage(&mut self, page: &Page) -> Result<()> {
        let text = serde_json::to_string(page).map_err(|error| Error::Value(error.to_string()))?;
        self.tx.execute("INSERT INTO staged_page (page) VALUES ($1)", &[Value::Text(text)]).map(|_| ())
    }

    /// Forgets the staged pages: the pull starts again.
    pub fn discard_stage(&mut self) -> Result<()> {
        self.tx.execute("DELETE FROM staged_page WHERE position > $1", &[Value::Int(0)]).map(|_| ())
    }

    /// Applies the staged pages and the last one: the replica is then at the pull's head, with pending commands redone on
    /// top of it where they share rows.
    pub fn apply(&mut self, last: &Page) -> Result<Applied> {
        let mut pages = Vec::new();
        for row in self.tx.query("SELECT page FROM staged_page ORDER BY position", &[])? {
            pages.push(
                serde_json::from_str::<Page>(&row.get::<String>(0)?)
                    .map_err(|error| Error::Value(error.to_string()))?,
            );
        }
        self.discard_stage()?;
        let pages: Vec<&Page> = pages.iter().chain(std::iter::once(last)).collect();
        let set_back = self.is_set_back(last)?;
        let mut applied = Applied { head: last.head, set_back, ..Applied::default() };

        let row_id = LEADING.len() + 1;
        let page_rows: BTreeSet<&str> = pages
            .iter()
            .flat_map(|page| &page.tables)
            .flat_map(|table| table.rows.iter().map(move |row| (table, row)))
            // A departure is about the row that left.
            .filter_map(|(table, row)| row.get(if table.table == "departure" { row_id } else { 1 })?.as_str())
            .collect();
        let (confirmed, mut nodes) = self.acknowledged_up_to(last.head)?;
        let undo = self.commands_to_undo(&confirmed, &page_rows, last, set_back)?;
        self.keep(last.head)?;
        let in_trash = self.folders_in_trash(&pages)?;
        self.rebase(&undo, |replica| {
            outbox::forget(replica.tx, Settled::UpTo(last.head))?;
            for page in &pages {
                for table in &page.tables {
                    replica.apply_table(table, &mut applied, &mut nodes)?;
                }
            }
            if let Some(grants) = &last.scopes {
                replica.drop_out_of_sight(grants, &mut applied)?;
            }
            if set_back { replica.take_back(&pages, &mut applied) } else { Ok(()) }
        })?;
        self.send_again()?;
        for node in nodes {
            self.mark_dirty(node)?;
        }
        for folder in in_trash {
            self.mark_dirty_below(folder)?;
        }
        if !confirmed.is_empty() {
            applied.tags.extend([Tag::Sync, Tag::Documents]);
        }
        let answers = self.answers()? + 1;
        self.set_setting(ANSWERS, &answers.to_string())?;
        self.set_setting(CURSOR, &last.head.to_string())?;
        self.set_setting(SIGHT, &last.sight)?;
        self.set_setting(EPOCH, &last.epoch)?;
        Ok(applied)
    }

    /// Those of the rows a pull brings that are folders, and that the server last said to be in the trash, themselves or with
    /// a folder above them. Where they come out of it, so does what is in them, of which no row comes.
    fn folders_in_trash(&mut self, pages: &[&Page]) -> Result<Vec<NodeId>> {
        let tables = pages.iter().flat_map(|page| &page.tables).filter(|table| table.table == Node::TABLE.name);
        let mut found = Vec::new();
        for row in tables.flat_map(|table| &table.rows) {
            let Some(Ok(id)) = row.get(1).and_then(|id| id.as_str()).map(str::parse::<NodeId>) else { continue };
            if !self.node(id)?.is_some_and(|node| node.is_folder) {
                continue;
            }
            let mut at = self.confirmed_node(id)?;
            while let Some(node) = at {
                if node.is_trashed() {
                    found.push(id);
                    break;
                }
                at = self.confirmed_node(node.parent)?;
            }
        }
        Ok(found)
    }

    /// The commands that a pull up to `head` confirms, and the nodes whose rows they wrote.
    fn acknowledged_up_to(&mut self, head: i64) -> Result<(BTreeSet<i64>, BTreeSet<NodeId>)> {
        let rows = self.tx.query(
            "SELECT number, envelope FROM outbox WHERE state = 'acknowledged' AND seq <= $1",
            &[Value::Int(head)],
        )?;
        let (mut numbers, mut nodes) = (BTreeSet::new(), BTreeSet::new());
        for row in rows {
            numbers.insert(row.get(0)?);
            nodes.extend(nodes_of(&outbox::read_envelope(&row.get::<String>(1)?)?.command));
        }
        Ok((numbers, nodes))
    }

    /// The commands to undo: confirmed ones whose rows the pull does not all bring, and pending ones whose rows it does.
    fn commands_to_undo(
        &mut self,
        confirmed: &BTreeSet<i64>,
        page_rows: &BTreeSet<&str>,
        last: &Page,
        set_back: bool,
    ) -> Result<BTreeSet<i64>> {
        if set_back || last.scopes.is_some() {
            let rows = self.tx.query("SELECT DISTINCT number FROM before_image", &[])?;
            return rows.iter().map(|row| row.get(0)).collect();
        }
        let mut undo = BTreeSet::new();
        if self.tx.first("SELECT number FROM before_image LIMIT 1", &[])?.is_none() {
            return Ok(undo);
        }
        // By what came and what was confirmed, never by what waits: a hundred thousand commands may.
        let written = self.tx.query(
            "SELECT b.number, b.row_id FROM outbox o CROSS JOIN before_image b ON b.number = o.number \
             WHERE o.state = 'acknowledged' AND o.seq <= $1",
            &[Value::Int(last.head)],
        )?;
        for row in written {
            if !page_rows.contains(row.get::<String>(1)?.as_str()) {
                undo.insert(row.get(0)?);
            }
        }
        for row in page_rows {
            undo.extend(self.writers(row, 0)?.into_iter().filter(|number| !confirmed.contains(number)));
        }
        Ok(undo)
    }

    /// The nodes whose rows commands of the outbox wrote, themselves or through their versions.
    pub(super) fn nodes_written(&mut self, numbers: &BTreeSet<i64>) -> Result<BTreeSet<NodeId>> {
        let mut nodes = BTreeSet::new();
        for number in numbers {
            let row = self.tx.first("SELECT envelope FROM outbox WHERE number = $1", &[Value::Int(*number)])?;
            let Some(row) = row else { continue };
            nodes.extend(nodes_of(&outbox::read_envelope(&row.get::<String>(0)?)?.command));
        }
        Ok(nodes)
    }

    /// Writes the rows of a page; their nodes join `nodes`, to be looked at.
    fn apply_table(&mut self, rows: &TableRows, applied: &mut Applied, nodes: &mut BTreeSet<NodeId>) -> Result<()> {
        let Some(table) = TABLES.iter().copied().find(|table| table.name == rows.table) else {
            // A table of a later version: this desktop has no use for it.
            return Ok(());
        };
        let positions: Vec<Option<usize>> =
            table.columns().iter().map(|column| rows.columns.iter().position(|name| name == column)).collect();
        if positions.iter().take(LEADING.len()).any(Option::is_none) {
            return Err(Error::Value(format!("a page of {} without its leading columns", table.name)));
        }
        applied.tags.insert(tag_of(table.name));
        for row in &rows.rows {
            let values: Vec<Value> = positions
                .iter()
                .map(|position| position.and_then(|at| row.get(at)).cloned().map_or(Value::Null, Value::from_json))
                .collect();
            let Value::Text(id) = &values[1] else {
                return Err(Error::Value(format!("a row of {} without an id", table.name)));
            };
            let id = id.clone();
            applied.rows += 1;
            match table.name {
                "departure" => self.apply_departure(&values)?,
                _ if values[4] == Value::Int(0) => table.upsert(self.tx, &values)?,
                _ => table.erase(self.tx, &self.firm_text, &id)?,
            }
            if matches!(table.name, "node" | "client_file") {
                nodes.insert(id.parse().map_err(|_| Error::Value(id.clone()))?);
            }
        }
        Ok(())
    }

    /// A row that left a scope is dropped, unless it is here under the scope it went to, or came back since.
    fn apply_departure(&mut self, values: &[Value]) -> Result<()> {
        let text = |index: usize| {
            values.get(index).and_then(String::from_value).ok_or_else(|| Error::Value("departure".to_owned()))
        };
        let (scope, name, id) = (text(2)?, text(5)?, text(6)?);
        let departed_at =
            values.get(3).and_then(i64::from_value).ok_or_else(|| Error::Value("departure".to_owned()))?;
        let table = before_image::table(&name)?;
        let current = table.raw(self.tx, &self.firm_text, &id)?;
        let left =
            |row: Row| -> Result<bool> { Ok(row.get::<String>(2)? == scope && row.get::<i64>(3)? < departed_at) };
        if current.map_or(Ok(false), left)? {
            table.erase(self.tx, &self.firm_text, &id)?;
            if name == "node" {
                self.mark_dirty(id.parse().map_err(|_| Error::Value(id.clone()))?)?;
            }
        }
        Ok(())
    }

    /// Drops the rows of scopes no longer seen.
    fn drop_out_of_sight(&mut self, grants: &[String], applied: &mut Applied) -> Result<()> {
        let actor = actor_of_grants(self.owner.person, grants);
        for table in TABLES.iter().copied() {
            let sql = format!("SELECT DISTINCT scope FROM {} WHERE firm = $1", table.name);
            for row in self.tx.query(&sql, &[Value::Text(self.firm_text.clone())])? {
                let scope: Scope = row.get(0)?;
                if actor.sees(&scope) {
                    continue;
                }
                let of_scope = [Value::Text(self.firm_text.clone()), scope.to_value()];
                if table.name == "node" {
                    for row in self.tx.query("SELECT id FROM node WHERE firm = $1 AND scope = $2", &of_scope)? {
                        self.mark_dirty(row.get(0)?)?;
                    }
                }
                self.tx.execute(&format!("DELETE FROM {} WHERE firm = $1 AND scope = $2", table.name), &of_scope)?;
                self.tx.known_rows().forget();
                applied.tags.extend([Tag::ClientFiles, Tag::Documents]);
            }
        }
        let text = serde_json::to_string(grants).map_err(|error| Error::Value(error.to_string()))?;
        self.set_setting(GRANTS, &text)
    }
}

/// The nodes whose rows a command writes, itself or through their versions.
fn nodes_of(command: &C) -> Vec<NodeId> {
    match command {
        C::SettleVersion { node, choice: VersionChoice::Both { node: beside, .. }, .. } => vec![*node, *beside],
        C::AddDocument { node, .. }
        | C::CreateFolder { node, .. }
        | C::AddVersion { node, .. }
        | C::RestoreVersion { node, .. }
        | C::SettleVersion { node, .. }
        | C::Place { node, .. }
        | C::Trash { node }
        | C::Restore { node, .. } => vec![*node],
        _ => Vec::new(),
    }
}

fn tag_of(table: &str) -> Tag {
    match table {
        "firm_info" | "person" => Tag::People,
        "client_file" | "fiscal_year" | "assignment" => Tag::ClientFiles,
        _ => Tag::Documents,
    }
}
