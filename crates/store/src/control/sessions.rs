//! Sessions: one a person and workstation, ended by time, by their owner or by a new password.

use domain::id::{FirmId, PersonId, WorkstationId};
use domain::time::Instant;
use protocol::failure::{Failure, FailureCode};

use super::{Control, Token};
use crate::engine::{Column as _, Row, Tx, Value};
use crate::error::{Error, Result};

/// A session not used for this long ends, in milliseconds: 30 days.
pub const IDLE_MILLIS: i64 = 30 * DAY;
/// A session ends this long after it began, in milliseconds: 180 days.
pub const ABSOLUTE_MILLIS: i64 = 180 * DAY;
/// A workstation that nobody signed in on for this long is a stranger's again, in milliseconds: 400 days.
const KNOWN_MILLIS: i64 = 400 * DAY;
const DAY: i64 = 24 * 60 * 60 * 1_000;
/// The last contact is written at most once in this many milliseconds: a busy desktop must not write at each request.
const TOUCH_MILLIS: i64 = 60 * 1_000;

const COLUMNS: &str = "firm, person, workstation, workstation_name, created_at, last_seen, expires_at, revoked";

/// What a session is opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The firm.
    pub firm: FirmId,
    /// Who signed in.
    pub person: PersonId,
    /// Where.
    pub workstation: WorkstationId,
    /// What people call that workstation.
    pub workstation_name: String,
}

/// An open session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The firm.
    pub firm: FirmId,
    /// Who signed in.
    pub person: PersonId,
    /// Where.
    pub workstation: WorkstationId,
    /// What people call that workstation.
    pub workstation_name: String,
    /// When it began.
    pub created_at: Instant,
    /// Last contact, to the minute.
    pub last_seen: Instant,
}

/// A session with what tells whether it is still open.
struct Stored {
    session: Session,
    expires_at: Instant,
    is_revoked: bool,
}

impl Stored {
    fn from_row(row: &Row) -> Result<Self> {
        let session = Session {
            firm: row.get(0)?,
            person: row.get(1)?,
            workstation: row.get(2)?,
            workstation_name: row.get(3)?,
            created_at: row.get(4)?,
            last_seen: row.get(5)?,
        };
        Ok(Self { session, expires_at: row.get(6)?, is_revoked: row.get(7)? })
    }

    /// Why it is no longer open.
    fn end(&self, now: Instant) -> Option<&'static str> {
        if self.is_revoked {
            Some("revoked")
        } else if self.expires_at <= now || self.session.last_seen.plus(IDLE_MILLIS) <= now {
            Some("expired")
        } else {
            None
        }
    }
}

fn signed_out(reason: &str) -> Error {
    Failure::new(FailureCode::SignedOut, format!("the session is {reason}")).with("reason", reason).into()
}

impl Control {
    /// Opens a session; an earlier one of the same person on the same workstation ends.
    pub fn open_session(&self, token: &Token, new: &NewSession, now: Instant) -> Result<()> {
        self.engine.write(|tx| {
            tx.execute(
                "DELETE FROM session WHERE firm = $1 AND person = $2 AND workstation = $3",
                &[new.firm.to_value(), new.person.to_value(), new.workstation.to_value()],
            )?;
            tx.execute(
                "INSERT INTO known_workstation (firm, person, workstation, last_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (firm, person, workstation) DO UPDATE SET last_at = excluded.last_at",
                &[new.firm.to_value(), new.person.to_value(), new.workstation.to_value(), now.to_value()],
            )?;
            // Those that ended long ago have nothing left to tell anybody.
            tx.execute(
                "DELETE FROM known_workstation WHERE firm = $1 AND person = $2 AND last_at < $3",
                &[new.firm.to_value(), new.person.to_value(), now.plus(-KNOWN_MILLIS).to_value()],
            )?;
            tx.execute("DELETE FROM session WHERE expires_at < $1", &[now.plus(-ABSOLUTE_MILLIS).to_value()])?;
            tx.execute(
                "INSERT INTO session (token, firm, person, workstation, workstation_name, created_at, last_seen, expires_at, revoked) \
                 VALUES ($1, $2, $3, $4, $5, $6, $6, $7, 0)",
                &[
                    token.hashed(),
                    new.firm.to_value(),
                    new.person.to_value(),
                    new.workstation.to_value(),
                    Value::Text(new.workstation_name.clone()),
                    now.to_value(),
                    now.plus(ABSOLUTE_MILLIS).to_value(),
                ],
            )?;
            Ok(())
        })
    }

    /// The session of a token, noting the contact.
    ///
    /// [`FailureCode::SignedOut`] with `reason` `unknown`, `expired`, or `revoked` where somebody ended it from afar.
    pub fn session(&self, token: &Token, now: Instant) -> Result<Session> {
        let sql = format!("SELECT {COLUMNS} FROM session WHERE token = $1");
        let found = self.engine.read(|tx| tx.first(&sql, &[token.hashed()]))?;
        let stored = Stored::from_row(&found.ok_or_else(|| signed_out("unknown"))?)?;
        if let Some(reason) = stored.end(now) {
            return Err(signed_out(reason));
        }
        if stored.session.last_seen.plus(TOUCH_MILLIS) <= now {
            self.engine.write(|tx| {
                tx.execute(
                    "UPDATE session SET last_seen = $2 WHERE token = $1 AND last_seen < $2",
                    &[token.hashed(), now.to_value()],
                )
            })?;
        }
        Ok(stored.session)
    }

    /// Somebody's open sessions, last contact first.
    pub fn sessions(&self, firm: FirmId, person: PersonId, now: Instant) -> Result<Vec<Session>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM session WHERE firm = $1 AND person = $2 ORDER BY last_seen DESC, workstation"
        );
        let rows = self.engine.read(|tx| tx.query(&sql, &[firm.to_value(), person.to_value()]))?;
        let stored = rows.iter().map(Stored::from_row).collect::<Result<Vec<_>>>()?;
        Ok(stored.into_iter().filter(|stored| stored.end(now).is_none()).map(|stored| stored.session).collect())
    }

    /// Ends a session from the workstation itself.
    pub fn sign_out(&self, token: &Token) -> Result<()> {
        self.engine.write(|tx| tx.execute("DELETE FROM session WHERE token = $1", &[token.hashed()]).map(|_| ()))
    }

    /// Ends somebody's session on a workstation from afar: the workstation learns it at its next contact. Whether there
    /// was one.
    pub fn revoke(&self, firm: FirmId, person: PersonId, workstation: WorkstationId) -> Result<bool> {
        self.engine.write(|tx| {
            let ended = tx.execute(
                "UPDATE session SET revoked = 1 WHERE firm = $1 AND person = $2 AND workstation = $3 AND revoked = 0",
                &[firm.to_value(), person.to_value(), workstation.to_value()],
            )?;
            // It may be in other hands.
            tx.execute(
                "DELETE FROM known_workstation WHERE firm = $1 AND person = $2 AND workstation = $3",
                &[firm.to_value(), person.to_value(), workstation.to_value()],
            )?;
            Ok(ended > 0)
        })
    }

    /// Ends all of somebody's sessions from afar.
    pub fn revoke_all(&self, firm: FirmId, person: PersonId) -> Result<()> {
        self.engine.write(|tx| {
            tx.execute(
                "UPDATE session SET revoked = 1 WHERE firm = $1 AND person = $2",
                &[firm.to_value(), person.to_value()],
            )?;
            tx.execute(
                "DELETE FROM known_workstation WHERE firm = $1 AND person = $2",
                &[firm.to_value(), person.to_value()],
            )?;
            Ok(())
        })
    }
}

/// Ends all of somebody's sessions because their password changed: they only have to sign in again.
pub(super) fn end_all(tx: &mut Tx<'_>, firm: FirmId, person: PersonId) -> Result<()> {
    tx.execute(
        "DELETE FROM session WHERE firm = $1 AND person = $2 AND revoked = 0",
        &[firm.to_value(), person.to_value()],
    )?;
    Ok(())
}
