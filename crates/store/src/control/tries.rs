//! Tries at signing in, counted so that guessing is slow, and so that who guesses does not lock the owner out.
//!
//! A try counts for the e-mail, whether or not it has an account, and for the address it comes from. One made on a
//! workstation where the account's owner signed in before counts for that workstation instead: strangers elsewhere cannot
//! make the owner wait. A try is counted before its password is looked at: a thousand sent at the same moment are a
//! thousand tries.

use std::net::IpAddr;

use domain::id::WorkstationId;
use domain::time::Instant;
use protocol::failure::{Failure, FailureCode};

use super::{Control, account, normal};
use crate::engine::{Column as _, Tx, Value};
use crate::error::{Error, Result};

/// Failures for an account, or on a known workstation, after which one has to wait.
pub const FREE_TRIES: i64 = 5;
/// Failures from one address after which one has to wait: a whole office may share it.
pub const FREE_TRIES_OF_SOURCE: i64 = 100;
/// The longest wait, in seconds: 15 minutes.
pub const MAX_WAIT_SECONDS: i64 = 15 * 60;
/// The most counters kept: the oldest make room, so that strangers cannot fill the disk.
pub const MAX_COUNTERS: i64 = 20_000;
/// A day without a try forgets the failures, in milliseconds.
const FORGET_MILLIS: i64 = 24 * 60 * 60 * 1_000;
/// An hour without a failure forgets those of an address, in milliseconds.
const FORGET_SOURCE_MILLIS: i64 = 60 * 60 * 1_000;
/// Counters removed at once where there are too many.
const SWEPT: i64 = 1_000;

/// A try at signing in.
#[derive(Debug, Clone)]
pub struct Try {
    /// Whose account is tried.
    pub email: String,
    /// The workstation, as it calls itself.
    pub workstation: WorkstationId,
    /// Where it comes from.
    pub source: IpAddr,
}

impl Control {
    /// Counts a try, to be [forgiven](Self::forgive_try) when its password is right.
    ///
    /// [`FailureCode::TooManyTries`] with `seconds` to wait; such a try is not counted.
    pub fn begin_try(&self, one: &Try, now: Instant) -> Result<()> {
        self.engine.write(|tx| {
            sweep(tx, now)?;
            let subject = subject_of(tx, one)?;
            if matches!(subject, Subject::Account(_)) {
                // The address before the account, always: two tries never wait for each other's counters.
                count(tx, &source_of(one.source), FREE_TRIES_OF_SOURCE, FORGET_SOURCE_MILLIS, now)?;
            }
            count(tx, subject.text(), FREE_TRIES, FORGET_MILLIS, now)
        })
    }

    /// Takes back a try whose password was right, with the failures before it.
    pub fn forgive_try(&self, one: &Try) -> Result<()> {
        self.engine.write(|tx| {
            let subject = subject_of(tx, one)?;
            if matches!(subject, Subject::Account(_)) {
                tx.execute(
                    "UPDATE sign_in_try SET failures = failures - 1 WHERE subject = $1 AND failures > 0",
                    &[Value::Text(source_of(one.source))],
                )?;
            }
            forget(tx, subject.text())
        })
    }
}

/// Forgets all the failures of an e-mail, those of its owner's workstations included: its password is another one.
pub(super) fn clear(tx: &mut Tx<'_>, email: &str) -> Result<()> {
    forget(tx, &format!("account:{email}"))?;
    tx.execute(
        "DELETE FROM sign_in_try WHERE subject >= $1 AND subject < $2",
        &[Value::Text(format!("workstation:{email}:")), Value::Text(format!("workstation:{email};"))],
    )?;
    Ok(())
}

/// What a try counts for.
enum Subject {
    Account(String),
    KnownWorkstation(String),
}

impl Subject {
    fn text(&self) -> &str {
        match self {
            Self::Account(text) | Self::KnownWorkstation(text) => text,
        }
    }
}

fn subject_of(tx: &mut Tx<'_>, one: &Try) -> Result<Subject> {
    let email = normal(&one.email);
    if let Some(account) = account(tx, &email)? {
        let known = tx.first(
            "SELECT last_at FROM known_workstation WHERE firm = $1 AND person = $2 AND workstation = $3",
            &[account.firm.to_value(), account.person.to_value(), one.workstation.to_value()],
        )?;
        if known.is_some() {
            return Ok(Subject::KnownWorkstation(format!("workstation:{email}:{}", one.workstation)));
        }
    }
    Ok(Subject::Account(format!("account:{email}")))
}

/// The part of an address that one owner has: an IPv6 network, not one of its countless addresses.
fn source_of(source: IpAddr) -> String {
    match source.to_canonical() {
        IpAddr::V4(address) => format!("source:{address}"),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("source:{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

fn forget(tx: &mut Tx<'_>, subject: &str) -> Result<()> {
    tx.execute("DELETE FROM sign_in_try WHERE subject = $1", &[Value::Text(subject.to_owned())]).map(|_| ())
}

fn sweep(tx: &mut Tx<'_>, now: Instant) -> Result<()> {
    tx.execute("DELETE FROM sign_in_try WHERE last_at < $1", &[now.plus(-FORGET_MILLIS).to_value()])?;
    tx.execute(
        "DELETE FROM sign_in_try WHERE subject IN \
         (SELECT subject FROM sign_in_try ORDER BY last_at DESC LIMIT $1 OFFSET $2)",
        &[Value::Int(SWEPT), Value::Int(MAX_COUNTERS)],
    )?;
    Ok(())
}

fn count(tx: &mut Tx<'_>, subject: &str, free: i64, forget_millis: i64, now: Instant) -> Result<()> {
    let subject = Value::Text(subject.to_owned());
    // Takes the row's lock, so that tries of the same moment are counted one after the other.
    tx.execute(
        "INSERT INTO sign_in_try (subject, failures, last_at) VALUES ($1, 0, 0) \
         ON CONFLICT (subject) DO UPDATE SET failures = sign_in_try.failures",
        std::slice::from_ref(&subject),
    )?;
    let row =
        tx.first("SELECT failures, last_at FROM sign_in_try WHERE subject = $1", std::slice::from_ref(&subject))?;
    let row = row.ok_or_else(|| Error::Value("sign_in_try".to_owned()))?;
    let last_at: Instant = row.get(1)?;
    let failures = if last_at.plus(forget_millis) < now { 0 } else { row.get(0)? };
    let left = millis_to_wait(failures, free, last_at, now);
    if left > 0 {
        let seconds = (left + 999) / 1_000;
        return Err(Failure::new(FailureCode::TooManyTries, "too many tries").with("seconds", seconds).into());
    }
    tx.execute(
        "UPDATE sign_in_try SET failures = $2, last_at = $3 WHERE subject = $1",
        &[subject, Value::Int(failures + 1), now.to_value()],
    )?;
    Ok(())
}

/// 2 seconds after the last free failure, 4 after the next, and so on.
fn millis_to_wait(failures: i64, free: i64, last_at: Instant, now: Instant) -> i64 {
    // A clock that was set back must not lock anybody out for as long as it was wrong.
    if failures < free || now < last_at {
        return 0;
    }
    let doublings = u32::try_from(failures - free + 1).unwrap_or(u32::MAX).min(32);
    let seconds = 1_i64.checked_shl(doublings).unwrap_or(i64::MAX).min(MAX_WAIT_SECONDS);
    (last_at.0 + seconds * 1_000 - now.0).max(0)
}
