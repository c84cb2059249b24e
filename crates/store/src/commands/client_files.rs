//! Client files, their fiscal years and assignments.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::access::{Act, Scope};
use domain::company::Siren;
use domain::fiscal_year::{FiscalYear, InvalidFiscalYear};
use domain::id::{ClientFileId, FiscalYearId, NodeId, PersonId};
use domain::name;
use domain::person::Role;
use domain::text::sort_key;
use domain::time::Instant;
use domain::tree::{DatedYear, THEMES, TemplateFolder, Theme, fiscal_year_id, folders_of};
use protocol::command::{Change, Command, FiscalYearDates};
use protocol::failure::{Failure, FailureCode};

use super::naming::{check_path, longest_below, utf16};
use super::{Context, Effect, Host, naming};
use crate::engine::Value;
use crate::error::{Error, Result};
use crate::rows::{Assignment, ClientFile, FiscalYearRow, Node, Person};
use crate::unit::Unit;

/// The most fiscal years one command opens a client file with: one of the smallest commands must not write the most rows.
const MAX_FISCAL_YEARS: usize = 30;
/// The longest name of a client file, in UTF-16 units: its tree must fit in the path that Excel opens.
const MAX_CLIENT_NAME: usize = 60;

pub(super) fn create(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    id: ClientFileId,
    wanted: &str,
    siren: Option<&str>,
    years: &[FiscalYearDates],
    assigned: &[PersonId],
) -> Result<Effect> {
    context.check(&Act::CreateClientFile)?;
    if years.len() > MAX_FISCAL_YEARS {
        return Err(Failure::new(FailureCode::InvalidFiscalYear, "too many fiscal years at once")
            .with("reason", "too_many")
            .with("limit", MAX_FISCAL_YEARS)
            .into());
    }
    if unit.find::<ClientFile>(&id.to_string())?.is_some() || unit.node(id.root())?.is_some() {
        return Err(Error::refused(FailureCode::BadRequest, "the id is taken"));
    }
    let name = checked_name(unit, context, id, wanted)?;
    let siren = checked_siren(unit, context, id, siren)?;
    let scope = Scope::Client(id);
    let (name_key, key) = (name::key(&name), sort_key(&name));
    unit.put(&ClientFile { id, scope: scope.clone(), name, name_key, sort_key: key, siren })?;
    let mut people: BTreeSet<PersonId> = assigned.iter().copied().collect();
    if context.actor.role != Role::Administrator {
        // Whoever opens a client file works on it.
        people.insert(context.actor.person);
    }
    for person in people {
        unit.need::<Person>(&person.to_string())?;
        put_assignment(unit, id, person, None)?;
    }
    let mut dated = Vec::new();
    for dates in years {
        let year = checked_year(*dates)?;
        let others: Vec<FiscalYear> = dated.iter().map(|other: &DatedYear| other.year).collect();
        // At creation the years are typed together: a gap among them is seen, and allowed.
        year.check_beside(&others, true).map_err(|invalid| refused_year(invalid, *dates))?;
        dated.push(put_year(unit, id, year)?);
    }
    put_folders(unit, id, &folders_of(context.template, id, &dated))?;
    Ok(Effect::default())
}

pub(super) fn update(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    id: ClientFileId,
    name: Option<&Change<String>>,
    siren: Option<&Change<Option<String>>>,
) -> Result<Effect> {
    context.check(&Act::ManageClientFile(id))?;
    let mut row = unit.need_client_file(id)?;
    let mut inverse = (None, None);
    if let Some(change) = name {
        context.check_seen(&change.seen, &row.name)?;
        let new = checked_name(unit, context, id, &change.value)?;
        let is_longer = utf16(&new) > utf16(&row.name);
        inverse.0 = Some(Change { seen: new.clone(), value: std::mem::replace(&mut row.name, new) });
        row.name_key = name::key(&row.name);
        row.sort_key = sort_key(&row.name);
        if is_longer {
            let whole = longest_below(unit, &row.name, id.root())?;
            check_path(&row, &[], whole.saturating_sub(utf16(&row.name) + 1))?;
        }
    }
    if let Some(change) = siren {
        context.check_seen(&change.seen, &row.siren)?;
        let new = checked_siren(unit, context, id, change.value.as_deref())?;
        inverse.1 = Some(Change { seen: new.clone(), value: std::mem::replace(&mut row.siren, new) });
    }
    unit.put(&row)?;
    Ok(Effect::undone_by(Command::UpdateClientFile { client_file: id, name: inverse.0, siren: inverse.1 }))
}

pub(super) fn assign(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    id: ClientFileId,
    person: PersonId,
    themes: Option<&[Theme]>,
) -> Result<Effect> {
    context.check(&Act::AssignPeople(id))?;
    unit.need_client_file(id)?;
    unit.need::<Person>(&person.to_string())?;
    for theme in themes.unwrap_or_default() {
        if !THEMES.iter().any(|known| known.key == theme.0) {
            return Err(Error::refused(FailureCode::BadRequest, "no such theme"));
        }
    }
    check_holds(context, id, themes)?;
    if let Some(row) = unit.find::<Assignment>(&assignment_id(id, person))? {
        check_holds(context, id, themes_of(&row).as_deref())?;
    }
    let before = put_assignment(unit, id, person, themes)?;
    let inverse = match before {
        None => Command::UnassignPerson { client_file: id, person },
        Some(row) => Command::AssignPerson { client_file: id, person, themes: themes_of(&row) },
    };
    Ok(Effect::undone_by(inverse))
}

pub(super) fn unassign(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    id: ClientFileId,
    person: PersonId,
) -> Result<Effect> {
    context.check(&Act::AssignPeople(id))?;
    let Some(row) = unit.find::<Assignment>(&assignment_id(id, person))? else { return Ok(Effect::default()) };
    let themes = themes_of(&row);
    check_holds(context, id, themes.as_deref())?;
    unit.delete(&row)?;
    Ok(Effect::undone_by(Command::AssignPerson { client_file: id, person, themes }))
}

/// Nobody gives or takes away what they do not hold: each of these themes, or all of them.
fn check_holds(context: &Context<'_>, id: ClientFileId, themes: Option<&[Theme]>) -> Result<()> {
    let Some(themes) = themes else {
        return THEMES.iter().try_for_each(|theme| context.check(&Act::Read(id, &Theme::new(theme.key))));
    };
    themes.iter().try_for_each(|theme| context.check(&Act::Read(id, theme)))
}

fn themes_of(row: &Assignment) -> Option<Vec<Theme>> {
    match crate::unit::grant_of(row.themes.as_deref()) {
        domain::access::ThemeGrant::All => None,
        domain::access::ThemeGrant::Only(themes) => Some(themes.into_iter().collect()),
    }
}

fn assignment_id(client_file: ClientFileId, person: PersonId) -> String {
    NodeId::derived(&["assignment", &client_file.to_string(), &person.to_string()]).to_string()
}

/// Writes an assignment and gives the one it replaces.
fn put_assignment(
    unit: &mut Unit<'_, '_>,
    client_file: ClientFileId,
    person: PersonId,
    themes: Option<&[Theme]>,
) -> Result<Option<Assignment>> {
    let id = assignment_id(client_file, person);
    let before = unit.find::<Assignment>(&id)?;
    let themes = match themes {
        None => None,
        Some(list) => {
            let sorted: BTreeSet<&str> = list.iter().map(|theme| theme.0.as_str()).collect();
            Some(serde_json::to_string(&sorted).map_err(|error| Error::Value(error.to_string()))?)
        }
    };
    unit.put(&Assignment { id, scope: Scope::Client(client_file), client_file, person, themes })?;
    Ok(before)
}

pub(super) fn add_fiscal_year(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    id: ClientFileId,
    dates: FiscalYearDates,
    gap_confirmed: bool,
) -> Result<Effect> {
    context.check(&Act::AddFiscalYear(id))?;
    unit.need_client_file(id)?;
    let year = checked_year(dates)?;
    let rows: Vec<FiscalYearRow> = unit.list("client_file = $2", &[Value::Text(id.to_string())])?;
    let mut dated: Vec<DatedYear> = rows.iter().filter_map(dated_year).collect();
    if dated.iter().any(|other| other.year == year) {
        // Two workstations added the same year: it is one year.
        return Ok(Effect { fiscal_year: Some(fiscal_year_id(id, year)), ..Effect::default() });
    }
    let others: Vec<FiscalYear> = dated.iter().map(|other| other.year).collect();
    year.check_beside(&others, gap_confirmed).map_err(|invalid| refused_year(invalid, dates))?;
    let added = put_year(unit, id, year)?;
    dated.push(added);
    let folders = folders_of(context.template, id, &dated);
    put_folders(unit, id, &folders)?;
    Ok(Effect { fiscal_year: Some(added.id), ..Effect::default() })
}

/// The year of a stored row.
fn dated_year(row: &FiscalYearRow) -> Option<DatedYear> {
    let parse = |text: &str| text.parse::<NaiveDate>().ok();
    let year = FiscalYear { start: parse(&row.start_date)?, end: parse(&row.end_date)? };
    Some(DatedYear { id: row.id, year })
}

fn put_year(unit: &mut Unit<'_, '_>, client_file: ClientFileId, year: FiscalYear) -> Result<DatedYear> {
    let id: FiscalYearId = fiscal_year_id(client_file, year);
    unit.put(&FiscalYearRow {
        id,
        scope: Scope::Client(client_file),
        client_file,
        start_date: year.start.to_string(),
        end_date: year.end.to_string(),
    })?;
    Ok(DatedYear { id, year })
}

/// Writes the folders that are missing, and the names that changed: a year's, when a second one closes in the same year.
fn put_folders(unit: &mut Unit<'_, '_>, client_file: ClientFileId, folders: &[TemplateFolder]) -> Result<()> {
    let existing: Vec<Node> =
        unit.list("client_file = $2 AND is_folder = 1", &[Value::Text(client_file.to_string())])?;
    let existing: std::collections::BTreeMap<NodeId, Node> = existing.into_iter().map(|node| (node.id, node)).collect();
    let mut longer = Vec::new();
    for folder in folders {
        match existing.get(&folder.id) {
            Some(row) if row.name == folder.name => {}
            Some(row) => {
                let row = renamed(row.clone(), &folder.name);
                unit.put(&row)?;
                longer.push(row);
            }
            None => {
                // A folder of the tree takes its name; whoever made one of the same name there by hand keeps it, numbered.
                longer.extend(make_room(unit, folder)?);
                unit.put(&folder_row(client_file, folder))?;
            }
        }
    }
    // What was renamed on the way may hold paths that only just fitted.
    let client = unit.need_client_file(client_file)?;
    for row in longer {
        let below = if row.is_folder { longest_below(unit, &row.name, row.id)? } else { utf16(&row.name) };
        check_path(&client, &naming::ancestors(unit, row.parent)?, below)?;
    }
    Ok(())
}

/// Renames what has the name of a folder to be made, and gives it.
fn make_room(unit: &mut Unit<'_, '_>, folder: &TemplateFolder) -> Result<Vec<Node>> {
    let twins: Vec<Node> = unit.list(
        "parent = $2 AND trashed_at = 0 AND name_key = $3",
        &[Value::Text(folder.parent.to_string()), Value::Text(name::key(&folder.name))],
    )?;
    let mut moved = Vec::new();
    for twin in twins {
        let free = naming::free_name(unit, twin.parent, folder.id, &twin.name, protocol::command::Naming::ByMachine)?;
        let twin = renamed(twin, &free);
        unit.put(&twin)?;
        moved.push(twin);
    }
    Ok(moved)
}

fn renamed(mut node: Node, name: &str) -> Node {
    name.clone_into(&mut node.name);
    node.name_key = name::key(name);
    node.sort_key = sort_key(name);
    node
}

fn folder_row(client_file: ClientFileId, folder: &TemplateFolder) -> Node {
    let scope = match &folder.theme {
        Some(theme) => Scope::Theme(client_file, theme.clone()),
        None => Scope::Client(client_file),
    };
    Node {
        id: folder.id,
        scope,
        client_file,
        parent: folder.parent,
        is_folder: true,
        name: folder.name.clone(),
        name_key: name::key(&folder.name),
        sort_key: sort_key(&folder.name),
        theme: folder.theme.clone(),
        directory: Some(folder.directory.to_owned()),
        fiscal_year: folder.fiscal_year,
        month: folder.month.map(domain::fiscal_year::Month::folder_name),
        trashed_at: Instant(0),
        trashed_by: None,
        head: None,
        content: None,
        size: 0,
        modified_at: Instant(0),
        author: None,
        piece_number: None,
        reviewed_by: None,
        reviewed_at: None,
    }
}

fn checked_name(unit: &mut Unit<'_, '_>, context: &Context<'_>, id: ClientFileId, wanted: &str) -> Result<String> {
    let name = name::compose(wanted.trim());
    name::check(&name).map_err(|invalid| naming::refused(&invalid, &name))?;
    if utf16(&name) > MAX_CLIENT_NAME {
        return Err(naming::refused(&name::InvalidName::TooLong, &name));
    }
    let twins: Vec<ClientFile> = unit.list("name_key = $2", &[Value::Text(name::key(&name))])?;
    if context.host == Host::Server && twins.iter().any(|twin| twin.id != id) {
        // Its folder on disk would be the same as the other's.
        let proposal = name::numbered(&name, 2);
        return Err(Failure::new(FailureCode::NameTaken, "another client file has this name")
            .with("name", name)
            .with("proposal", proposal)
            .into());
    }
    Ok(name)
}

fn checked_siren(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    id: ClientFileId,
    siren: Option<&str>,
) -> Result<Option<String>> {
    let Some(text) = siren.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let siren = Siren::parse(text).map_err(|invalid| {
        Failure::new(FailureCode::InvalidCompanyNumber, invalid.to_string()).with("reason", "key")
    })?;
    let twins: Vec<ClientFile> = unit.list("siren = $2", &[Value::Text(siren.to_string())])?;
    if context.host == Host::Server && twins.iter().any(|twin| twin.id != id) {
        let failure = Failure::new(FailureCode::InvalidCompanyNumber, "another client file has this SIREN");
        return Err(failure.with("reason", "used").into());
    }
    Ok(Some(siren.to_string()))
}

fn checked_year(dates: FiscalYearDates) -> Result<FiscalYear> {
    FiscalYear::new(dates.start, dates.end).map_err(|invalid| refused_year(invalid, dates))
}

fn refused_year(invalid: InvalidFiscalYear, dates: FiscalYearDates) -> Error {
    let (code, reason) = match invalid {
        InvalidFiscalYear::EndBeforeStart => (FailureCode::InvalidFiscalYear, "order"),
        InvalidFiscalYear::TooLong => (FailureCode::InvalidFiscalYear, "too_long"),
        InvalidFiscalYear::Overlap => (FailureCode::InvalidFiscalYear, "overlap"),
        InvalidFiscalYear::Gap => (FailureCode::FiscalYearGap, "gap"),
    };
    Failure::new(code, invalid.to_string())
        .with("reason", reason)
        .with("start", dates.start)
        .with("end", dates.end)
        .into()
}
