//! The feed's pages.
//!
//! A pull goes from the replica's cursor to the head at its first page, table after table, then sends the whole of the
//! scopes gained since. A row that changes between two pages is skipped there, so the pull goes on, round after round,
//! with what changed meanwhile, and ends with a page whose view shows nothing newer: what the replica applies is exactly
//! the state at the last page's head, and a row never goes back or vanishes for the time of a pull.

use std::collections::HashMap;

use domain::access::{Actor, Scope};
use domain::id::PersonId;
use protocol::feed::{Page, PageMark, PullReply, PullRequest, TableRows};

use crate::engine::{Row, Value};
use crate::error::Result;
use crate::rows::TABLES;
use crate::table::Table;
use crate::unit::{Unit, actor_of_grants, grants};

/// The most rows a page holds, whatever is asked.
const MAX_ROWS: u32 = 10_000;

/// A part of a pull: what changed in a table, or a table's rows of a range of scopes gained.
enum Part {
    Changes(&'static Table),
    Gained(&'static Table, ScopeRange),
}

/// Scopes from `from` (included) to `to` (not included), in byte order.
#[derive(Clone)]
struct ScopeRange {
    from: String,
    to: String,
}

pub(super) fn page(
    unit: &mut Unit<'_, '_>,
    person: PersonId,
    request: &PullRequest,
    head: i64,
    epoch: &str,
) -> Result<PullReply> {
    if !request.epoch.is_empty() && request.epoch != epoch {
        return Ok(PullReply::NewEpoch { epoch: epoch.to_owned() });
    }
    let actor = unit.actor(person)?;
    let holds = grants(&actor);
    let sight = sight_of(&holds);
    let changed = request.cursor > 0 && request.sight != sight;
    let held = match (&request.held, changed) {
        (None, true) => return Ok(PullReply::SightChanged),
        (Some(held), true) => actor_of_grants(person, held),
        (_, false) => actor.clone(),
    };
    // A cursor beyond the head would be another server's: it starts again.
    let from_start = request.cursor > head || gains_all(&held, &actor);
    let cursor = if from_start { 0 } else { request.cursor };
    let gained = if from_start { Vec::new() } else { gained_ranges(&held, &actor) };
    let first = PageMark { head, part: 0, after: cursor, since: None, sight: sight.clone() };
    let mut mark = request.resume.clone().unwrap_or(first);
    if mark.sight != sight {
        return Ok(PullReply::SightChanged);
    }
    let mut reader = PageReader {
        unit,
        actor: &actor,
        seen: HashMap::new(),
        left: request.limit.clamp(1, MAX_ROWS),
        tables: Vec::new(),
    };
    let next = loop {
        let gained = if mark.since.is_none() { gained.as_slice() } else { &[] };
        let next = reader.fill(&parts(gained), &mark, mark.since.unwrap_or(cursor))?;
        if next.is_some() || mark.head >= head {
            break next;
        }
        mark = PageMark { head, part: 0, after: mark.head, since: Some(mark.head), ..mark };
    };
    let tables = reader.tables;
    let scopes = (next.is_none() && (changed || request.cursor == 0)).then_some(holds);
    Ok(PullReply::Page(Page { head: mark.head, epoch: epoch.to_owned(), tables, next, sight, scopes }))
}

fn parts(gained: &[ScopeRange]) -> Vec<Part> {
    let changes = TABLES.iter().map(|table| Part::Changes(table));
    let whole = gained.iter().flat_map(|range| TABLES.iter().map(|table| Part::Gained(table, range.clone())));
    changes.chain(whole).collect()
}

fn sight_of(grants: &[String]) -> String {
    blake3::hash(grants.join("\n").as_bytes()).to_hex()[..16].to_owned()
}

fn gains_all(held: &Actor, now: &Actor) -> bool {
    now.role == domain::person::Role::Administrator && held.role != domain::person::Role::Administrator
}

/// The ranges of scopes that `now` sees and `held` did not.
fn gained_ranges(held: &Actor, now: &Actor) -> Vec<ScopeRange> {
    use domain::access::ThemeGrant;
    let exactly = |scope: &Scope| ScopeRange { from: scope.to_string(), to: format!("{scope}\u{1}") };
    let mut ranges = Vec::new();
    for (client, grant) in &now.assignments {
        if !held.sees(&Scope::Client(*client)) {
            ranges.push(exactly(&Scope::Client(*client)));
        }
        match (grant, held.assignments.get(client)) {
            _ if held.role == domain::person::Role::Administrator => {}
            (_, Some(ThemeGrant::All)) => {}
            // Themes that were already held are sent again: simpler, and harmless since rows are states.
            (ThemeGrant::All, _) => {
                ranges.push(ScopeRange { from: format!("theme:{client}:"), to: format!("theme:{client};") });
            }
            (ThemeGrant::Only(themes), before) => {
                for theme in themes {
                    if !before.is_some_and(|before| before.covers(theme)) {
                        ranges.push(exactly(&Scope::Theme(*client, theme.clone())));
                    }
                }
            }
        }
    }
    ranges
}

struct PageReader<'r, 'a, 'b> {
    unit: &'r mut Unit<'a, 'b>,
    actor: &'r Actor,
    seen: HashMap<String, bool>,
    left: u32,
    tables: Vec<TableRows>,
}

impl PageReader<'_, '_, '_> {
    /// Reads rows from `mark` on until the page is full; where to go on, if anywhere.
    fn fill(&mut self, parts: &[Part], mark: &PageMark, cursor: i64) -> Result<Option<PageMark>> {
        let mut after = mark.after;
        for (index, part) in parts.iter().enumerate().skip(mark.part as usize) {
            loop {
                if self.left == 0 {
                    let part = u32::try_from(index).unwrap_or(u32::MAX);
                    return Ok(Some(PageMark { part, after, ..mark.clone() }));
                }
                let rows = self.read(part, after, mark.head)?;
                let Some(last) = rows.last() else { break };
                after = last.get(3)?;
                self.keep(part.table(), rows)?;
            }
            after = match parts.get(index + 1) {
                Some(Part::Changes(_)) => cursor,
                _ => 0,
            };
        }
        Ok(None)
    }

    fn read(&mut self, part: &Part, after: i64, head: i64) -> Result<Vec<Row>> {
        let limit = Value::Int(self.left.into());
        match part {
            Part::Changes(table) => {
                let sql =
                    format!("{} WHERE firm = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4", table.select());
                self.unit.select(&sql, &[Value::Int(after), Value::Int(head), limit])
            }
            Part::Gained(table, range) => {
                let sql = format!(
                    "{} WHERE firm = $1 AND scope >= $2 AND scope < $3 AND seq > $4 AND seq <= $5 ORDER BY seq LIMIT $6",
                    table.select()
                );
                let range = [Value::Text(range.from.clone()), Value::Text(range.to.clone())];
                let [from, to] = range;
                self.unit.select(&sql, &[from, to, Value::Int(after), Value::Int(head), limit])
            }
        }
    }

    /// Adds the rows the actor sees. Rows out of sight use up the page too, so that a page's work is bounded.
    fn keep(&mut self, table: &Table, rows: Vec<Row>) -> Result<()> {
        self.left = self.left.saturating_sub(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        let mut visible = Vec::new();
        for row in rows {
            if self.sees(&row.get::<String>(2)?)? {
                visible.push(row.0.iter().map(Value::to_json).collect());
            }
        }
        if visible.is_empty() {
            return Ok(());
        }
        match self.tables.last_mut() {
            Some(last) if last.table == table.name => last.rows.extend(visible),
            _ => {
                let columns = table.columns().into_iter().map(str::to_owned).collect();
                self.tables.push(TableRows { table: table.name.to_owned(), columns, rows: visible });
            }
        }
        Ok(())
    }

    fn sees(&mut self, scope: &str) -> Result<bool> {
        if let Some(seen) = self.seen.get(scope) {
            return Ok(*seen);
        }
        let parsed: Scope = scope
            .parse()
            .map_err(|error: domain::access::InvalidScope| crate::error::Error::Value(error.to_string()))?;
        let sees = self.actor.sees(&parsed);
        self.seen.insert(scope.to_owned(), sees);
        Ok(sees)
    }
}

impl Part {
    fn table(&self) -> &'static Table {
        match self {
            Self::Changes(table) | Self::Gained(table, _) => table,
        }
    }
}
