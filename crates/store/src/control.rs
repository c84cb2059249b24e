//! Credentials and routing: who may sign in to which firm.
//!
//! This database is the server's own and is never replicated. It holds no fact of a firm: people and their roles live in
//! the firm's store, and no transaction spans the two, so every write here can be done again without harm. Secrets come
//! in as [`Token`]s and are kept as hashes; passwords come in hashed already. Time comes in as an argument.

use domain::id::{FirmId, PersonId};
use domain::time::Instant;
use protocol::failure::{Failure, FailureCode};

use crate::engine::{Column as _, Engine, Row, Tx, Value};
use crate::error::{Error, Result};

mod invitations;
mod sessions;
mod token;
mod tries;

pub use invitations::{INVITATION_MILLIS, Invitation, InvitationState};
pub use sessions::{ABSOLUTE_MILLIS, IDLE_MILLIS, NewSession, Session};
pub use token::Token;
pub use tries::{FREE_TRIES, FREE_TRIES_OF_SOURCE, MAX_COUNTERS, MAX_WAIT_SECONDS, Try};

/// The control database.
pub struct Control {
    engine: Engine,
}

/// A firm that this server hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedFirm {
    /// Identity.
    pub id: FirmId,
    /// What people read.
    pub name: String,
    /// When it was made.
    pub created_at: Instant,
}

/// Somebody who can sign in, or will once they choose a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Lower case.
    pub email: String,
    /// The firm they sign in to.
    pub firm: FirmId,
    /// Who they are there.
    pub person: PersonId,
    /// The password's hash in PHC form; `None` until one is chosen.
    pub password: Option<String>,
}

impl Control {
    /// Opens the control database over an engine of [`crate::engine::Schema::Control`].
    pub fn open(engine: Engine) -> Self {
        Self { engine }
    }

    /// Records a firm. A second call changes nothing.
    pub fn create_firm(&self, id: FirmId, name: &str, now: Instant) -> Result<()> {
        self.engine.write(|tx| {
            tx.execute(
                "INSERT INTO firm (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
                &[id.to_value(), Value::Text(name.to_owned()), now.to_value()],
            )?;
            Ok(())
        })
    }

    /// The firms, by identity.
    pub fn firms(&self) -> Result<Vec<HostedFirm>> {
        self.engine.read(|tx| {
            let rows = tx.query("SELECT id, name, created_at FROM firm ORDER BY id", &[])?;
            rows.iter().map(hosted_firm).collect()
        })
    }

    /// A firm, or a refusal.
    pub fn firm(&self, id: FirmId) -> Result<HostedFirm> {
        self.engine.read(|tx| {
            let row = tx.first("SELECT id, name, created_at FROM firm WHERE id = $1", &[id.to_value()])?;
            hosted_firm(&row.ok_or_else(|| Error::refused(FailureCode::NotFound, "no such firm"))?)
        })
    }

    /// The account of an e-mail.
    pub fn account(&self, email: &str) -> Result<Option<Account>> {
        self.engine.read(|tx| account(tx, &normal(email)))
    }

    /// Reserves an e-mail for somebody who will choose a password. A second call changes nothing.
    ///
    /// [`FailureCode::InvalidEmail`] where the e-mail is somebody else's.
    pub fn reserve_account(&self, email: &str, firm: FirmId, person: PersonId) -> Result<()> {
        self.engine.write(|tx| {
            let email = normal(email);
            tx.execute(
                "INSERT INTO account (email, firm, person, password) VALUES ($1, $2, $3, '') ON CONFLICT (email) DO NOTHING",
                &[Value::Text(email.clone()), firm.to_value(), person.to_value()],
            )?;
            check_free(tx, &email, firm, person)
        })
    }

    /// Sets the password of an account, making the account where there is none. `hash` is in PHC form.
    ///
    /// [`FailureCode::InvalidEmail`] where the e-mail is somebody else's.
    pub fn set_password(&self, email: &str, firm: FirmId, person: PersonId, hash: &str) -> Result<()> {
        self.engine.write(|tx| set_password(tx, &normal(email), firm, person, hash))
    }
}

/// E-mails are compared in lower case, without the blanks that come with copying.
fn normal(email: &str) -> String {
    email.trim().to_lowercase()
}

fn hosted_firm(row: &Row) -> Result<HostedFirm> {
    Ok(HostedFirm { id: row.get(0)?, name: row.get(1)?, created_at: row.get(2)? })
}

fn account(tx: &mut Tx<'_>, email: &str) -> Result<Option<Account>> {
    let row = tx.first(
        "SELECT email, firm, person, password FROM account WHERE email = $1",
        &[Value::Text(email.to_owned())],
    )?;
    row.map(|row| {
        let password: String = row.get(3)?;
        let password = (!password.is_empty()).then_some(password);
        Ok(Account { email: row.get(0)?, firm: row.get(1)?, person: row.get(2)?, password })
    })
    .transpose()
}

/// Refuses an e-mail that is the account of somebody else.
fn check_free(tx: &mut Tx<'_>, email: &str, firm: FirmId, person: PersonId) -> Result<()> {
    match account(tx, email)? {
        Some(account) if (account.firm, account.person) != (firm, person) => Err(email_used()),
        _ => Ok(()),
    }
}

fn set_password(tx: &mut Tx<'_>, email: &str, firm: FirmId, person: PersonId, hash: &str) -> Result<()> {
    let written = tx.execute(
        "INSERT INTO account (email, firm, person, password) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (email) DO UPDATE SET password = excluded.password \
         WHERE account.firm = excluded.firm AND account.person = excluded.person",
        &[Value::Text(email.to_owned()), firm.to_value(), person.to_value(), Value::Text(hash.to_owned())],
    )?;
    if written == 0 { Err(email_used()) } else { Ok(()) }
}

fn email_used() -> Error {
    Failure::new(FailureCode::InvalidEmail, "the e-mail is another account's").with("reason", "used").into()
}
