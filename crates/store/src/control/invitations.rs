//! One-use links: the only way to a first password, and to another one.

use domain::id::{FirmId, PersonId};
use domain::time::Instant;
use protocol::failure::{Failure, FailureCode};

use super::{Control, Token, check_free, normal, sessions, set_password, tries};
use crate::engine::{Column as _, Tx, Value};
use crate::error::{Error, Result};

/// How long a link works, in milliseconds: seven days.
pub const INVITATION_MILLIS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// A one-use link, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The firm.
    pub firm: FirmId,
    /// Who chooses a password with it.
    pub person: PersonId,
    /// Their e-mail, lower case.
    pub email: String,
    /// What the link is still good for.
    pub state: InvitationState,
}

/// What a link is still good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    /// It works.
    Open,
    /// A password was chosen with it.
    Used,
    /// It is too old, or a later one replaced it.
    Expired,
}

impl Invitation {
    /// Refuses a link that no longer works, with `reason` `used` or `expired`.
    pub fn check(&self) -> Result<()> {
        match self.state {
            InvitationState::Open => Ok(()),
            InvitationState::Used => Err(invalid("used")),
            InvitationState::Expired => Err(invalid("expired")),
        }
    }
}

fn invalid(reason: &str) -> Error {
    Failure::new(FailureCode::LinkInvalid, format!("the link is {reason}")).with("reason", reason).into()
}

impl Control {
    /// Records a link for somebody; their earlier links end.
    ///
    /// [`FailureCode::InvalidEmail`] where the e-mail is already somebody else's account.
    pub fn invite(&self, token: &Token, firm: FirmId, person: PersonId, email: &str, now: Instant) -> Result<()> {
        self.engine.write(|tx| {
            let email = normal(email);
            check_free(tx, &email, firm, person)?;
            tx.execute(
                "UPDATE invitation SET expires_at = $3 WHERE firm = $1 AND person = $2 AND used_at = 0 AND expires_at > $3",
                &[firm.to_value(), person.to_value(), now.to_value()],
            )?;
            tx.execute(
                "INSERT INTO invitation (token, firm, person, email, expires_at, used_at) VALUES ($1, $2, $3, $4, $5, 0)",
                &[
                    token.hashed(),
                    firm.to_value(),
                    person.to_value(),
                    Value::Text(email),
                    now.plus(INVITATION_MILLIS).to_value(),
                ],
            )?;
            Ok(())
        })
    }

    /// What a link is for, whether or not it still works.
    ///
    /// [`FailureCode::LinkInvalid`] with `reason` `unknown` where it never existed.
    pub fn invitation(&self, token: &Token, now: Instant) -> Result<Invitation> {
        self.engine.read(|tx| find(tx, token, now))
    }

    /// Spends a link: its person gets the password whose PHC hash is given, and has to sign in again everywhere.
    pub fn accept(&self, token: &Token, hash: &str, now: Instant) -> Result<Invitation> {
        self.engine.write(|tx| {
            let spent = tx.execute(
                "UPDATE invitation SET used_at = $2 WHERE token = $1 AND used_at = 0 AND expires_at > $2",
                &[token.hashed(), now.to_value()],
            )?;
            if spent == 0 {
                find(tx, token, now)?.check()?;
                return Err(invalid("used"));
            }
            let invitation = find(tx, token, now)?;
            let Invitation { firm, person, ref email, .. } = invitation;
            set_password(tx, email, firm, person, hash)?;
            // An e-mail that was corrected before anybody chose a password is free again.
            tx.execute(
                "DELETE FROM account WHERE firm = $1 AND person = $2 AND email <> $3 AND password = ''",
                &[firm.to_value(), person.to_value(), Value::Text(email.clone())],
            )?;
            sessions::end_all(tx, firm, person)?;
            tries::clear(tx, email)?;
            Ok(invitation)
        })
    }
}

fn find(tx: &mut Tx<'_>, token: &Token, now: Instant) -> Result<Invitation> {
    let row = tx
        .first("SELECT firm, person, email, expires_at, used_at FROM invitation WHERE token = $1", &[token.hashed()])?;
    let row = row.ok_or_else(|| invalid("unknown"))?;
    let (expires_at, used_at): (Instant, Instant) = (row.get(3)?, row.get(4)?);
    let state = match (used_at, expires_at) {
        (used, _) if used.0 > 0 => InvitationState::Used,
        (_, expiry) if expiry <= now => InvitationState::Expired,
        _ => InvitationState::Open,
    };
    Ok(Invitation { firm: row.get(0)?, person: row.get(1)?, email: row.get(2)?, state })
}
