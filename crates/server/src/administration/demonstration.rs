//! The demonstration firm: the people, client files and documents of `demo`, brought in as its authors would.
//!
//! Everything goes through the commands and the content store that serve real firms; nothing is written beside them.
//! Ids are derived from the firm's, so that a run that was cut short is taken up where it stopped. Passwords are made
//! here, for this demonstration alone, and kept in a file that only the server's owner reads.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use chrono::{DateTime, Utc};
use demo::Firm as Plan;
use disk::{Filesystem as _, Operation, RealDisk};
use domain::id::{FirmId, PersonId};
use domain::person::Role;
use serde::{Deserialize, Serialize};
use store::control::Control;
use store::firm::{Firm, FirstAdministrator};

use super::StartError;
use crate::contents::Contents;
use crate::data::DataFolder;
use crate::host::Host;

mod filling;

use filling::Filling;

/// The demonstration is the same everywhere.
const SEED: u64 = 1;
/// Syllables that nobody misreads.
const CONSONANTS: &[u8; 16] = b"bcdfghjklmnprstv";
const VOWELS: &[u8; 4] = b"aiou";
/// The file that keeps what was printed, so that a second run prints the same.
const MADE: &str = "demonstration.json";
/// That file is never larger, in bytes.
const MAX_MADE: u64 = 64 * 1024;

/// The demonstration firm and who signs in to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DemonstrationFirm {
    /// The firm's name.
    pub firm: String,
    /// Its people, the administrator first.
    pub people: Vec<DemonstrationPerson>,
}

/// Somebody of the demonstration firm.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DemonstrationPerson {
    /// First and last name.
    pub name: String,
    /// E-mail to sign in with.
    pub email: String,
    /// Password made for the demonstration.
    pub password: String,
    /// Role in the firm.
    pub role: Role,
}

/// Makes the demonstration firm in a folder. Where it is there already, nothing changes and the same is returned.
pub fn create_demonstration(
    folder: &Path,
    postgres: Option<&str>,
    host: &Host,
) -> Result<DemonstrationFirm, StartError> {
    let data = DataFolder::open(folder, postgres)?;
    let made = data.path().join(MADE);
    if RealDisk.stat(&made)?.is_some() {
        let text = RealDisk.read(&made, MAX_MADE)?;
        return serde_json::from_slice(&text)
            .map_err(|error| StartError::Refused(format!("{} is not readable: {error}", made.display())));
    }
    let control = Control::open(data.control()?);
    let plan = demo::demonstration_firm(SEED);
    let first = plan.collaborators.first().expect("BUG: the demonstration has people");
    let (firm, administrator) = match control.account(&first.email)? {
        Some(account) => (account.firm, account.person),
        None => (FirmId(host.uuid()), PersonId(host.uuid())),
    };
    let now = host.now();
    control.create_firm(firm, &plan.name, now)?;
    control.reserve_account(&first.email, firm, administrator)?;
    let epoch = host.uuid().to_string();
    let administrator = FirstAdministrator {
        person: administrator,
        email: first.email.clone(),
        first_name: first.first_name.clone(),
        last_name: first.last_name.clone(),
    };
    let store = Firm::create(data.firm(firm)?, firm, &plan.name, &epoch, &administrator)?;
    let contents = Contents::open(&data.firm_folder(firm), now)?;
    let people = people_of(&plan, firm, administrator.person);
    Filling::new(&plan, &store, &contents, &people).fill()?;
    let firm = give_passwords(&plan, &control, &store, &people, host)?;
    keep(&made, &firm)?;
    Ok(firm)
}

/// The identities of the collaborators, by place.
fn people_of(plan: &Plan, firm: FirmId, administrator: PersonId) -> BTreeMap<usize, PersonId> {
    let firm = firm.to_string();
    plan.collaborators
        .iter()
        .enumerate()
        .map(|(place, person)| match place {
            0 => (place, administrator),
            _ => (place, PersonId::derived(&[&firm, "demonstration", &person.email])),
        })
        .collect()
}

fn give_passwords(
    plan: &Plan,
    control: &Control,
    store: &Firm,
    people: &BTreeMap<usize, PersonId>,
    host: &Host,
) -> Result<DemonstrationFirm, StartError> {
    let mut listed = Vec::new();
    for (place, person) in plan.collaborators.iter().enumerate() {
        let password = spoken_password(host);
        let hash = password_auth::generate_hash(&password);
        control.set_password(&person.email, store.id(), people[&place], &hash)?;
        store.join(people[&place], host.now())?;
        listed.push(DemonstrationPerson {
            name: format!("{} {}", person.first_name, person.last_name),
            email: person.email.clone(),
            password,
            role: role_of(person.role),
        });
    }
    Ok(DemonstrationFirm { firm: plan.name.clone(), people: listed })
}

fn role_of(role: demo::Role) -> Role {
    match role {
        demo::Role::Administrator => Role::Administrator,
        demo::Role::Collaborator => Role::Collaborator,
    }
}

/// Ten random syllables, six bits each, that can be read out and typed: `bako-rimu-tela-vosa-dina`.
fn spoken_password(host: &Host) -> String {
    let groups = host.random::<10>().map(|byte| {
        let consonant = char::from(CONSONANTS[usize::from(byte >> 4)]);
        let vowel = char::from(VOWELS[usize::from(byte & 3)]);
        format!("{consonant}{vowel}")
    });
    groups.chunks(2).map(<[String]>::concat).collect::<Vec<_>>().join("-")
}

/// Writes the file whole: a run that is cut short leaves none, and the next one makes other passwords.
fn keep(path: &Path, firm: &DemonstrationFirm) -> Result<(), StartError> {
    let text = serde_json::to_string_pretty(firm).map_err(|error| StartError::Refused(error.to_string()))?;
    let half = path.with_extension("half");
    if RealDisk.stat(&half)?.is_some() {
        RealDisk.remove_file(&half)?;
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(&half)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .map_err(|error| disk::Error::from_io(Operation::Write, &half, error))?;
    RealDisk.rename_exclusive(&half, path)?;
    Ok(())
}

/// When something of the demonstration happened.
fn instant(time: DateTime<Utc>) -> domain::time::Instant {
    time.into()
}
