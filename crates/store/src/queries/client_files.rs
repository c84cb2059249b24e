//! The firm, its people and its client files.

use std::collections::BTreeMap;

use domain::access::{Act, Scope};
use domain::id::{ClientFileId, FiscalYearId, PersonId};
use domain::text::folded;
use domain::tree::{THEMES, Theme};
use protocol::failure::FailureCode;
use protocol::query::ListClientFiles;
use protocol::view::{
    AssignmentView, ClientFileList, ClientFileRow, ClientFileView, FiscalYearView, OverviewView, PeopleView,
    PersonView, ThemeView,
};

use super::{Asked, MAX_WINDOW, sync_marks};
use crate::engine::Value;
use crate::error::{Error, Result};
use crate::rows::{Assignment, ClientFile, FirmInfo, FiscalYearRow, Person};

fn person_view(row: Person) -> PersonView {
    PersonView {
        id: row.id,
        first_name: row.first_name,
        last_name: row.last_name,
        email: row.email,
        role: row.role,
        suspended: row.suspended_at.is_some(),
        joined: row.joined_at.is_some(),
    }
}

pub(super) fn overview(asked: &mut Asked<'_, '_>) -> Result<OverviewView> {
    let firm: FirmInfo = asked.unit.need(&asked.unit.firm.to_string())?;
    let me: Person = asked.unit.need(&asked.actor.person.to_string())?;
    let unread = asked.unread_by_folder(None)?.values().map(|(_, count)| count).sum();
    let client_files = u32::try_from(seen_client_files(asked)?.len()).unwrap_or(u32::MAX);
    Ok(OverviewView { firm: firm.id, firm_name: firm.name, me: person_view(me), unread, client_files })
}

pub(super) fn people(asked: &mut Asked<'_, '_>) -> Result<PeopleView> {
    let mut people: Vec<Person> = asked.unit.list("id <> ''", &[])?;
    people.sort_by(|a, b| (&a.sort_key, a.id).cmp(&(&b.sort_key, b.id)));
    let themes =
        THEMES.iter().map(|theme| ThemeView { key: Theme::new(theme.key), label: theme.label.to_owned() }).collect();
    Ok(PeopleView { people: people.into_iter().map(person_view).collect(), themes })
}

fn seen_client_files(asked: &mut Asked<'_, '_>) -> Result<Vec<ClientFile>> {
    let mut rows: Vec<ClientFile> = asked.unit.list("id <> ''", &[])?;
    rows.retain(|row| asked.actor.sees(&Scope::Client(row.id)));
    rows.sort_by(|a, b| (&a.sort_key, a.id).cmp(&(&b.sort_key, b.id)));
    Ok(rows)
}

/// What the table of client files shows beside their own rows, gathered in one query each.
#[derive(Default)]
struct Beside {
    closing: BTreeMap<ClientFileId, String>,
    people: BTreeMap<ClientFileId, Vec<PersonId>>,
    unread: BTreeMap<ClientFileId, u32>,
    documents: BTreeMap<ClientFileId, u32>,
    offline: BTreeMap<ClientFileId, Option<Vec<FiscalYearId>>>,
    marks: BTreeMap<ClientFileId, protocol::view::SyncMark>,
}

impl Beside {
    fn gather(asked: &mut Asked<'_, '_>) -> Result<Self> {
        let mut beside = Self::default();
        for row in asked.unit.select(
            "SELECT client_file, MAX(end_date) FROM fiscal_year WHERE firm = $1 AND deleted = 0 GROUP BY client_file",
            &[],
        )? {
            beside.closing.insert(row.get(0)?, row.get(1)?);
        }
        for row in asked
            .unit
            .select("SELECT client_file, person FROM assignment WHERE firm = $1 AND deleted = 0 ORDER BY id", &[])?
        {
            beside.people.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        for (client, count) in asked.unread_by_folder(None)?.into_values() {
            *beside.unread.entry(client).or_default() += count;
        }
        let documents = asked.unit.select(
            "SELECT client_file, parent, scope, COUNT(*) FROM node \
             WHERE firm = $1 AND deleted = 0 AND is_folder = 0 AND trashed_at = 0 GROUP BY client_file, parent, scope",
            &[],
        )?;
        let trashed = asked.folders_out_of_use(None)?;
        for row in documents {
            // What the reader may not see is not counted either.
            if asked.actor.sees(&row.get(2)?) && !trashed.contains(&row.get(1)?) {
                *beside.documents.entry(row.get(0)?).or_default() += row.get::<u32>(3)?;
            }
        }
        beside.offline = sync_marks::offline_clients(asked)?;
        beside.marks = sync_marks::client_files(asked)?;
        Ok(beside)
    }

    fn row(&self, row: ClientFile) -> ClientFileRow {
        ClientFileRow {
            closing: self.closing.get(&row.id).cloned(),
            people: self.people.get(&row.id).cloned().unwrap_or_default(),
            unread: self.unread.get(&row.id).copied().unwrap_or_default(),
            documents: self.documents.get(&row.id).copied().unwrap_or_default(),
            offline: self.offline.contains_key(&row.id),
            offline_years: self.offline.get(&row.id).cloned().flatten(),
            sync: self.marks.get(&row.id).copied().unwrap_or(sync_marks::rest(self.offline.contains_key(&row.id))),
            id: row.id,
            name: row.name,
            siren: row.siren,
        }
    }
}

pub(super) fn list(asked: &mut Asked<'_, '_>, request: &ListClientFiles) -> Result<ClientFileList> {
    let beside = Beside::gather(asked)?;
    let words: Vec<String> = folded(&request.search).split_whitespace().map(str::to_owned).collect();
    let digits: String = request.search.chars().filter(char::is_ascii_digit).collect();
    let matches = |row: &ClientFile| {
        let name = folded(&row.name);
        let by_name = words.iter().all(|word| name.contains(word.as_str()));
        let by_siren = digits.len() >= 3 && row.siren.as_deref().is_some_and(|siren| siren.contains(&digits));
        by_name || by_siren
    };
    let rows: Vec<ClientFileRow> = seen_client_files(asked)?
        .into_iter()
        .filter(matches)
        .map(|row| beside.row(row))
        .filter(|row| (!request.unread_only || row.unread > 0) && (!request.offline_only || row.offline))
        .collect();
    let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let limit = request.limit.clamp(1, MAX_WINDOW) as usize;
    Ok(ClientFileList { total, rows: rows.into_iter().skip(request.offset as usize).take(limit).collect() })
}

pub(super) fn one(asked: &mut Asked<'_, '_>, id: ClientFileId) -> Result<ClientFileView> {
    if !asked.actor.sees(&Scope::Client(id)) {
        return Err(Error::refused(FailureCode::NotFound, "out of sight"));
    }
    let row = asked.unit.need_client_file(id)?;
    let of_client = [Value::Text(id.to_string())];
    let mut years: Vec<FiscalYearRow> = asked.unit.list("client_file = $2", &of_client)?;
    years.sort_by(|a, b| b.start_date.cmp(&a.start_date));
    let assignments: Vec<Assignment> = asked.unit.list("client_file = $2 ORDER BY id", &of_client)?;
    let row = Beside::gather(asked)?.row(row);
    Ok(ClientFileView {
        row,
        fiscal_years: years
            .into_iter()
            .map(|year| FiscalYearView { id: year.id, start: year.start_date, end: year.end_date })
            .collect(),
        assignments: assignments
            .into_iter()
            .map(|row| AssignmentView {
                person: row.person,
                themes: match crate::unit::grant_of(row.themes.as_deref()) {
                    domain::access::ThemeGrant::All => None,
                    domain::access::ThemeGrant::Only(themes) => Some(themes.into_iter().collect()),
                },
            })
            .collect(),
        may_manage: asked.actor.decide(&Act::ManageClientFile(id)).is_ok(),
        may_add_fiscal_years: asked.actor.decide(&Act::AddFiscalYear(id)).is_ok(),
        may_assign: asked.actor.decide(&Act::AssignPeople(id)).is_ok(),
    })
}
