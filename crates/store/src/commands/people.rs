//! People of the firm.

use domain::access::{Act, Scope};
use domain::id::PersonId;
use domain::person::{Role, is_email};
use domain::text::sort_key;
use protocol::command::{Change, Command};
use protocol::failure::{Failure, FailureCode};

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
    if let Some(mut existing) = unit.find::<Person>(&person.to_string())? {
        // The same command, or a retry that lost its outcome: absorbed.
        (existing.suspended_at, existing.joined_at) = (None, None);
        return if existing == row {
            Ok(Effect::default())
        } else {
            Err(Error::refused(FailureCode::BadRequest, "the id is taken"))
        };
    }
    checked_email(unit, person, &row.email)?;
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
    let email = normal_email(email)?;
    let (first_name, last_name) = (checked_name(first_name)?, checked_name(last_name)?);
    let sort_key = sort_key(&format!("{last_name} {first_name}"));
    Ok(Person {
        id: person,
        scope: Scope::Firm,
        email,
        first_name,
        last_name,
        role,
        sort_key,
        suspended_at: None,
        joined_at: None,
    })
}

/// What is to change about somebody.
pub(super) struct Changes<'a> {
    pub(super) first_name: Option<&'a Change<String>>,
    pub(super) last_name: Option<&'a Change<String>>,
    pub(super) role: Option<&'a Change<Role>>,
    pub(super) email: Option<&'a Change<String>>,
}

pub(super) fn update(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    person: PersonId,
    changes: &Changes<'_>,
) -> Result<Effect> {
    context.check(&Act::ManagePeople)?;
    let mut row: Person = unit.need(&person.to_string())?;
    let (mut first_name, mut last_name, mut role, mut email) = (None, None, None, None);
    if let Some(change) = changes.first_name {
        context.check_seen(&change.seen, &row.first_name)?;
        let before = std::mem::replace(&mut row.first_name, checked_name(&change.value)?);
        first_name = Some(Change { seen: row.first_name.clone(), value: before });
    }
    if let Some(change) = changes.last_name {
        context.check_seen(&change.seen, &row.last_name)?;
        let before = std::mem::replace(&mut row.last_name, checked_name(&change.value)?);
        last_name = Some(Change { seen: row.last_name.clone(), value: before });
    }
    if let Some(change) = changes.role {
        context.check_seen(&change.seen, &row.role)?;
        if row.role == Role::Administrator
            && change.value != Role::Administrator
            && !another_administrator(unit, person)?
        {
            return Err(denied("last_administrator", "the last administrator stays one"));
        }
        role = Some(Change { seen: change.value, value: row.role });
        row.role = change.value;
    }
    if let Some(change) = changes.email {
        context.check_seen(&change.seen, &row.email)?;
        let new = checked_email(unit, person, &change.value)?;
        if row.joined_at.is_some() && new != row.email {
            return Err(denied("joined", "the e-mail is the one its owner signs in with"));
        }
        let before = std::mem::replace(&mut row.email, new);
        email = Some(Change { seen: row.email.clone(), value: before });
    }
    row.sort_key = sort_key(&format!("{} {}", row.last_name, row.first_name));
    unit.put(&row)?;
    Ok(Effect::undone_by(Command::UpdatePerson { person, first_name, last_name, role, email }))
}

pub(super) fn suspend(unit: &mut Unit<'_, '_>, context: &Context<'_>, person: PersonId) -> Result<Effect> {
    context.check(&Act::ManagePeople)?;
    let mut row: Person = unit.need(&person.to_string())?;
    if row.suspended_at.is_some() {
        return Ok(Effect::default());
    }
    // Whoever does this is an administrator who is not suspended: one always remains.
    if person == context.actor.person {
        return Err(denied("oneself", "nobody suspends themselves"));
    }
    row.suspended_at = Some(context.made_at);
    unit.put(&row)?;
    Ok(Effect::undone_by(Command::ResumePerson { person }))
}

pub(super) fn resume(unit: &mut Unit<'_, '_>, context: &Context<'_>, person: PersonId) -> Result<Effect> {
    context.check(&Act::ManagePeople)?;
    let mut row: Person = unit.need(&person.to_string())?;
    if row.suspended_at.is_none() {
        return Ok(Effect::default());
    }
    row.suspended_at = None;
    unit.put(&row)?;
    Ok(Effect::undone_by(Command::SuspendPerson { person }))
}

fn denied(reason: &str, message: &str) -> Error {
    Failure::new(FailureCode::Denied, message).with("reason", reason).into()
}

/// The e-mail as it is kept, refused where it is not one or somebody else's.
fn checked_email(unit: &mut Unit<'_, '_>, person: PersonId, email: &str) -> Result<String> {
    let email = normal_email(email)?;
    let twins: Vec<Person> = unit.list("email = $2", &[Value::Text(email.clone())])?;
    if twins.iter().any(|twin| twin.id != person) {
        return Err(Failure::new(FailureCode::InvalidEmail, "the e-mail is already used")
            .with("reason", "used")
            .into());
    }
    Ok(email)
}

fn normal_email(email: &str) -> Result<String> {
    let email = email.trim().to_lowercase();
    if is_email(&email) { Ok(email) } else { Err(Error::refused(FailureCode::InvalidEmail, "not an e-mail address")) }
}

fn another_administrator(unit: &mut Unit<'_, '_>, person: PersonId) -> Result<bool> {
    let administrators: Vec<Person> = unit.list("role = 'administrator' AND suspended_at IS NULL", &[])?;
    Ok(administrators.iter().any(|other| other.id != person))
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.contains(char::is_control) {
        return Err(Error::refused(FailureCode::BadRequest, "a person has a first and a last name"));
    }
    Ok(name.to_owned())
}
