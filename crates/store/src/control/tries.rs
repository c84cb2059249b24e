//! Tries at signing in, counted for an e-mail whether or not it has an account, so that guessing is slow.
//!
//! A try is counted before its password is looked at: a thousand tries sent at the same moment are a thousand tries.

use domain::time::Instant;
use protocol::failure::{Failure, FailureCode};

use super::{Control, normal};
use crate::engine::{Column as _, Tx, Value};
use crate::error::{Error, Result};

/// Failures after which one has to wait.
pub const FREE_TRIES: i64 = 5;
/// The longest wait, in seconds: 15 minutes.
pub const MAX_WAIT_SECONDS: i64 = 15 * 60;
/// A day without a try forgets the failures, in milliseconds.
const FORGET_MILLIS: i64 = 24 * 60 * 60 * 1_000;

impl Control {
    /// Counts a try, to be [cleared](Self::clear_tries) when its password is right.
    ///
    /// [`FailureCode::TooManyTries`] with `seconds` to wait; such a try is not counted.
    pub fn begin_try(&self, email: &str, now: Instant) -> Result<()> {
        self.engine.write(|tx| {
            let email = Value::Text(normal(email));
            tx.execute("DELETE FROM sign_in_try WHERE last_at < $1", &[now.plus(-FORGET_MILLIS).to_value()])?;
            // Takes the row's lock, so that tries of the same moment are counted one after the other.
            tx.execute(
                "INSERT INTO sign_in_try (email, failures, last_at) VALUES ($1, 0, 0) \
                 ON CONFLICT (email) DO UPDATE SET failures = sign_in_try.failures",
                std::slice::from_ref(&email),
            )?;
            let row =
                tx.first("SELECT failures, last_at FROM sign_in_try WHERE email = $1", std::slice::from_ref(&email))?;
            let row = row.ok_or_else(|| Error::Value("sign_in_try".to_owned()))?;
            let left = millis_to_wait(row.get(0)?, row.get(1)?, now);
            if left > 0 {
                let seconds = (left + 999) / 1_000;
                return Err(Failure::new(FailureCode::TooManyTries, "too many tries").with("seconds", seconds).into());
            }
            tx.execute(
                "UPDATE sign_in_try SET failures = failures + 1, last_at = $2 WHERE email = $1",
                &[email, now.to_value()],
            )?;
            Ok(())
        })
    }

    /// Forgets the failures of an e-mail: the password was right.
    pub fn clear_tries(&self, email: &str) -> Result<()> {
        self.engine.write(|tx| clear(tx, &normal(email)))
    }
}

pub(super) fn clear(tx: &mut Tx<'_>, email: &str) -> Result<()> {
    tx.execute("DELETE FROM sign_in_try WHERE email = $1", &[Value::Text(email.to_owned())])?;
    Ok(())
}

/// 2 seconds after the fifth failure, 4 after the sixth, and so on.
fn millis_to_wait(failures: i64, last_at: Instant, now: Instant) -> i64 {
    // A clock that was set back must not lock anybody out for as long as it was wrong.
    if failures < FREE_TRIES || now < last_at {
        return 0;
    }
    let doublings = u32::try_from(failures - FREE_TRIES + 1).unwrap_or(u32::MAX).min(32);
    let seconds = 1_i64.checked_shl(doublings).unwrap_or(i64::MAX).min(MAX_WAIT_SECONDS);
    (last_at.0 + seconds * 1_000 - now.0).max(0)
}
