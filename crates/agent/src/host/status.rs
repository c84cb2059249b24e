//! The truth about synchronisation, from the replica's rows, the core's state and the traffic.

use std::sync::Mutex;
use std::time::Instant;

use protocol::failure::Failure;
use protocol::local::HeldKind;
use protocol::view::{Connection, Load, SyncStatus};

use super::traffic::Way;
use super::{Rest, Session, Shared, lock, now};

/// How synchronisation stands.
pub(super) fn of(shared: &Shared) -> Result<SyncStatus, Failure> {
    let profile = lock(&shared.profile).clone();
    let mirror_root = profile.mirror_root().map(|root| root.display().to_string());
    let Ok(session) = shared.session() else {
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
            mirror_root,
        });
    };
    let glance = session.runner.glance();
    let counts = counts(&session)?;
    let Counts { sending, dirty, unsettled, waiting, to_check, held_removals, held_edits, .. } = counts;
    let mirrors = mirror_root.is_some();
    let receiving = if mirrors { counts.receiving } else { glance.receiving };
    // What arrived of contents that are not whole yet is not left to do.
    let sending = without(sending, shared.traffic.under_way(Way::Up) + glance.sent_in_part);
    let receiving = without(receiving, shared.traffic.under_way(Way::Down));
    let settled = counts.are_settled() && (!mirrors || (dirty == 0 && !glance.scanning));
    let up_to_date = settled && glance.connection == Connection::Online && !glance.busy;
    let last_up_to_date = if up_to_date {
        let at = now();
        *lock(&session.last_up_to_date) = Some(at);
        Some(at)
    } else {
        *lock(&session.last_up_to_date)
    };
    Ok(SyncStatus {
        connection: glance.connection,
        since: glance.since,
        up_to_date,
        pending_commands: counts.pending.max(counts.unconfirmed),
        sending,
        receiving,
        seconds_left: seconds_left(shared, glance.connection, sending, receiving),
        waiting,
        blocked: unsettled.saturating_sub(waiting),
        to_check,
        held_removals,
        held_edits,
        scanning: glance.scanning,
        last_up_to_date,
        mirror_root,
    })
}

/// What the replica's rows say, counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    pending: u32,
    unconfirmed: u32,
    sending: Load,
    receiving: Load,
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

fn counts(session: &Session) -> Result<Counts, Failure> {
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
            Ok(Counts {
                pending: tx.pending_commands()?,
                unconfirmed: tx.unconfirmed_commands()?,
                sending: tx.upload_load()?,
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
    let status = of(shared)?;
    let glance = shared.session()?.runner.glance();
    let stuck = status.needs_somebody() + status.waiting;
    // With files that wait for somebody, the rest of the work can still be over.
    let nothing_moves = !glance.busy && !glance.scanning && status.pending_commands == 0 && status.sending.files == 0;
    Ok(Rest { up_to_date: status.up_to_date, at_rest: nothing_moves, stuck })
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
