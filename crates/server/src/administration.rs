//! What the server's owner does on its folder while it does not serve: making firms, and saying that it was restored.

use std::path::Path;

use domain::id::{FirmId, PersonId};
use domain::person::Role;
use store::control::Control;
use store::firm::{Firm, FirstAdministrator};

use crate::data::{DataFolder, StartError};
use crate::host::Host;

mod demonstration;

pub use demonstration::{DemonstrationFirm, DemonstrationPerson, create_demonstration};

/// A firm to make.
#[derive(Debug, Clone)]
pub struct NewFirm {
    /// Its name.
    pub name: String,
    /// E-mail of its first administrator.
    pub email: String,
    /// First name of that administrator.
    pub first_name: String,
    /// Last name of that administrator.
    pub last_name: String,
}

/// Makes a firm and gives the one-use link, under `base`, with which its first administrator chooses a password.
///
/// Again, for the same e-mail and name, it gives another link to the firm made then: a lost link, or a lost password.
pub fn create_firm(
    folder: &Path,
    postgres: Option<&str>,
    new: &NewFirm,
    base: &str,
    host: &Host,
) -> Result<String, StartError> {
    let data = DataFolder::open(folder, postgres)?;
    let control = Control::open(data.control()?);
    let name = new.name.trim();
    if name.is_empty() {
        return Err(StartError::Refused("a firm has a name".to_owned()));
    }
    // Before anything is written: what is refused leaves nothing behind.
    if !domain::person::is_email(&new.email) {
        return Err(StartError::Refused(format!("«{}» is not an e-mail address", new.email)));
    }
    let now = host.now();
    let (firm, person) = match control.account(&new.email)? {
        Some(account) => {
            let known = control.firm(account.firm)?.name;
            if known != name {
                return Err(StartError::Refused(format!("{} is already an account of «{known}»", new.email)));
            }
            (account.firm, account.person)
        }
        None => (FirmId(host.uuid()), PersonId(host.uuid())),
    };
    let administrator = FirstAdministrator {
        person,
        email: new.email.clone(),
        first_name: new.first_name.clone(),
        last_name: new.last_name.clone(),
    };
    // The account first: if this stops half way, the next call finds what it made and goes on with it.
    control.create_firm(firm, name, now)?;
    control.reserve_account(&new.email, firm, person)?;
    let epoch = host.uuid().to_string();
    let store = Firm::create(data.firm(firm)?, firm, name, &epoch, &administrator)?;
    let person = store.person(person)?;
    if person.role != Role::Administrator || person.suspended_at.is_some() {
        let who = &new.email;
        return Err(StartError::Refused(format!(
            "{who} is not an administrator of «{name}»: an administrator invites them from the settings"
        )));
    }
    let token = host.token();
    control.invite(&token, firm, person.id, &person.email, now)?;
    Ok(format!("{}/invitation/{}", base.trim_end_matches('/'), token.reveal()))
}

/// Says that the folder was restored from a backup: workstations then bring again what they have and it lost, and take none
/// of it for removed. Gives the names of its firms.
pub fn restored(folder: &Path, postgres: Option<&str>, host: &Host) -> Result<Vec<String>, StartError> {
    let data = DataFolder::open(folder, postgres)?;
    let control = Control::open(data.control()?);
    let mut names = Vec::new();
    for firm in control.firms()? {
        Firm::open(data.firm(firm.id)?, firm.id).begin_epoch(&host.uuid().to_string())?;
        names.push(firm.name);
    }
    Ok(names)
}
