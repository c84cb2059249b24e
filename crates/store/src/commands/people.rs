//! People of the firm.

use domain::access::{Act, Scope};
use domain::id::PersonId;
use domain::person::{Role, is_email};
use domain::text::sort_key;
use protocol::command::{Change, Command};
use protocol::failure::FailureCode;

use super::{Context, Effect};
use crate::engine::Value;
use crate::error::{Error, Result};
use crate::rows::Person;
use crate::unit::Unit;

/// The longest first or last name, in characters.
const MAX_NAME: usize = 100;

pub(super) fn add(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    person: PersonId,
    email: &str,
    [first_name, last_name]: [&String; 2],
    role: Role,
) -> Result<Effect> {
    context.check(&Act::ManagePeople)?;
    let row = new_person(person, email, first_name, last_name, role)?;
    if let Some(existing) = unit.find::<Person>(&person.to_string())? {
        // The same command, or a retry that lost its outcome: absorbed.
        return if existing == row {
            Ok(Effect::default())
        } else {
            Err(Error::refused(FailureCode::BadRequest, "the id is taken"))
        };
    }
    if !unit.list::<Person>("email = $2", &[Value::Text(row.email.clone())])?.is_empty() {
        return Err(Error::refused(FailureCode::InvalidEmail, "the e-mail is already used"));
    }
    unit.put(&row)?;
    Ok(Effect::default())
}

/// Checks and makes a person's row.
pub(crate) fn new_person(
    person: PersonId,
    email: &str,
    first_name: &str,
    last_name: &str,
    role: Role,
) -> Result<Person> {
    let email = email.trim().to_lowercase();
    if !is_email(&email) {
        return Err(Error::refused(FailureCode::InvalidEmail, "not an e-mail address"));
    }
    let (first_name, last_name) = (checked_name(first_name)?, checked_name(last_name)?);
    let sort_key = sort_key(&format!("{last_name} {first_name}"));
    Ok(Person { id: person, scope: Scope::Firm, email, first_name, last_name, role, sort_key })
}

pub(super) fn update(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    person: PersonId,
    [first_name, last_name]: [Option<&Change<String>>; 2],
    role: Option<&Change<Role>>,
) -> Result<Effect> {
    context.check(&Act::ManagePeople)?;
    let mut row: Person = unit.need(&person.to_string())?;
    let mut inverse = (None, None, None);
    if let Some(change) = first_name {
        context.check_seen(&change.seen, &row.first_name)?;
        inverse.0 = Some(Change { seen: change.value.clone(), value: row.first_name });
        row.first_name = checked_name(&change.value)?;
    }
    if let Some(change) = last_name {
        context.check_seen(&change.seen, &row.last_name)?;
        inverse.1 = Some(Change { seen: change.value.clone(), value: row.last_name });
        row.last_name = checked_name(&change.value)?;
    }
    if let Some(change) = role {
        context.check_seen(&change.seen, &row.role)?;
        if row.role == Role::Administrator
            && change.value != Role::Administrator
            && !another_administrator(unit, person)?
        {
            return Err(Error::refused(FailureCode::Denied, "the last administrator stays one"));
        }
        inverse.2 = Some(Change { seen: change.value, value: row.role });
        row.role = change.value;
    }
    row.sort_key = sort_key(&format!("{} {}", row.last_name, row.first_name));
    unit.put(&row)?;
    Ok(Effect::undone_by(Command::UpdatePerson {
        person,
        first_name: inverse.0,
        last_name: inverse.1,
        role: inverse.2,
    }))
}

fn another_administrator(unit: &mut Unit<'_, '_>, person: PersonId) -> Result<bool> {
    let administrators: Vec<Person> = unit.list("role = 'administrator'", &[])?;
    Ok(administrators.iter().any(|other| other.id != person))
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.contains(char::is_control) {
        return Err(Error::refused(FailureCode::BadRequest, "a person has a first and a last name"));
    }
    Ok(name.to_owned())
}
