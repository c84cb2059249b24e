//! The truth about synchronisation, from the replica's rows, the core's state and the traffic.

use std::sync::Mutex;
use std::time::Instant;

use protocol::failure::Failure;
use protocol::local::HeldKind;
use protocol::view::{Connection, Load, SyncStatus};

use super::profile::Profile;
use super::traffic::Way;
use super::{Rest, Session, Shared, lock, now};
use crate::core::Glance;

/// How synchronisation stands.
pub(super) fn of(shared: &Shared) -> Result<SyncStatus, Failure> {
    let Ok(session) = shared.session() else {
        let profile = lock(&shared.profile).clone();
        return Ok(SyncStatus {
            connection: Connection::SignedOut,
            since: now(),
            up_to_date: false,
            pending_commands: 0,
            sending: Load::default(),
            receiving: Load::default(),
            seconds_left: None,
            waiting: 0,
            blocked: 0,
            to_check: 0,
            held_removals: 0,
            held_edits: 0,
            scanning: false,
            last_up_to_date: None,
            mirror_root: mirror_root(&profile),
        });
    };
    let glance = session.runner.glance();
    let counts = counts(&session)?;
    Ok(of_session(shared, &session, glance, &counts))
}

fn mirror_root(profile: &Profile) -> Option<String> {
    profile.mirror_root().map(|root| root.display().to_string())
}

fn of_session(shared: &Shared, session: &Session, glance: Glance, counts: &Counts) -> SyncStatus {
    let mirror_root = mirror_root(&lock(&shared.profile));
    let Counts { held_up, dirty, unsettled, waiting, to_check, held_removals, held_edits, .. } = *counts;
    let sending = Load {
        files: counts.sending.files.saturating_sub(held_up.files),
        bytes: counts.sending.bytes.saturating_sub(held_up.bytes),
    };
    let mirrors = mirror_root.is_some();
    let receiving = if mirrors { counts.receiving } else { glance.receiving };
    // What arrived of contents that are not whole yet is not left to do.
    let sending = without(sending, shared.traffic.under_way(Way::Up) + glance.sent_in_part);
    let receiving = without(receiving, shared.traffic.under_way(Way::Down));
    let settled = counts.are_settled() && (!mirrors || (dirty == 0 && !glance.scanning));
    // What an import has not taken in yet is on neither side.
    let settled = settled && !shared.imports.are_under_way();
    let up_to_date = settled && glance.connection == Connection::Online && !glance.busy;
    let last_up_to_date = if up_to_date {
        let at = now();
        *lock(&session.last_up_to_date) = Some(at);
        Some(at)
    } else {
        *lock(&session.last_up_to_date)
    };
    SyncStatus {
        connection: glance.connection,
        since: glance.since,
        up_to_date,
        pending_commands: counts.pending.max(counts.unconfirmed),
        sending,
        receiving,
        seconds_left: seconds_left(shared, glance.connection, sending, receiving),
        waiting: waiting + held_up.files,
        blocked: unsettled.saturating_sub(waiting),
        to_check,
        held_removals,
        held_edits,
        scanning: glance.scanning,
        last_up_to_date,
        mirror_root,
    }
}

/// What the replica's rows say, counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    pending: u32,
    unconfirmed: u32,
    /// All that the server does not have.
    sending: Load,
    /// What of it waits for the server, or for a staged copy that can be read, and the commands that wait with it.
    held_up: Load,
    held_up_commands: u32,
    pub(super) receiving: Load,
    dirty: u32,
    unsettled: u32,
    waiting: u32,
    to_check: u32,
    held_removals: u32,
    held_edits: u32,
}

impl Counts {
    fn are_settled(&self) -> bool {
        self.unconfirmed == 0
            && self.sending.files == 0
            && self.unsettled == 0
            && self.to_check == 0
            && self.held_removals + self.held_edits == 0
    }
}

/// Counts that are asked for again and again while a hundred thousand commands wait are those of a moment ago: they are
/// made anew after ten times as long as it took to make them. Settled ones never are.
pub(super) type Kept = Mutex<Option<(Instant, Counts)>>;

pub(super) fn counts(session: &Session) -> Result<Counts, Failure> {
    let mut kept = lock(&session.counts);
    if let Some((until, counts)) = *kept
        && Instant::now() < until
    {
        return Ok(counts);
    }
    let began = Instant::now();
    let counts = session
        .replica
        .read(|tx| {
            let (dirty, unsettled) = tx.unsettled()?;
            let held_up = tx.held_up_load()?;
            Ok(Counts {
                pending: tx.pending_commands()?,
                unconfirmed: tx.unconfirmed_commands()?,
                sending: tx.upload_load()?,
                held_up,
                held_up_commands: if held_up.files > 0 { tx.held_up_commands()? } else { 0 },
                receiving: tx.download_load()?,
                dirty,
                unsettled,
                waiting: tx.waiting_files()?,
                to_check: tx.to_check()?,
                held_removals: tx.held_count(HeldKind::Removal)?,
                held_edits: tx.held_count(HeldKind::Edit)?,
            })
        })
        .map_err(store::Error::into_failure)?;
    let made = Instant::now();
    *kept = (!counts.are_settled()).then(|| (made + (made - began) * 10, counts));
    Ok(counts)
}

/// Whether there is anything left to do.
pub(super) fn rest(shared: &Shared) -> Result<Rest, Failure> {
    let session = shared.session()?;
    let glance = session.runner.glance();
    let counts = counts(&session)?;
    let status = of_session(shared, &session, glance, &counts);
    if status.up_to_date {
        return Ok(Rest { up_to_date: true, at_rest: true, stuck: 0, unavailable: 0, is_refused: false });
    }
    let Glance { unavailable, is_refused, .. } = glance;
    let stuck = status.needs_somebody() + status.waiting + unavailable + u32::from(is_refused);
    // With files that wait for somebody, the rest of the work can still be over.
    let commands = status.pending_commands.saturating_sub(counts.held_up_commands);
    let is_exchanging = if is_refused {
        // What is to be sent waits with all else, and is tried again and again.
        glance.receiving.files > 0
    } else {
        glance.busy || commands > 0 || status.sending.files > 0
    };
    let at_rest = !is_exchanging && !glance.scanning && !shared.imports.are_under_way();
    Ok(Rest { up_to_date: false, at_rest, stuck, unavailable, is_refused })
}

fn without(load: Load, bytes: u64) -> Load {
    Load { files: load.files, bytes: load.bytes.saturating_sub(bytes) }
}

/// The longer of both ways, where all that is left has a pace to go by.
fn seconds_left(shared: &Shared, connection: Connection, sending: Load, receiving: Load) -> Option<u32> {
    if connection != Connection::Online {
        return None;
    }
    let ways = [(Way::Up, sending), (Way::Down, receiving)];
    let left = ways.into_iter().filter(|(_, load)| load.files > 0);
    let seconds: Option<Vec<u32>> = left.map(|(way, load)| shared.traffic.seconds_for(way, load)).collect();
    seconds?.into_iter().max()
}
