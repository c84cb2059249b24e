//! What the tray says of synchronisation: one of four marks and one line, both from the engine's own truth.

use protocol::view::{Connection, SyncStatus};

use crate::words::Words;

/// The tray's picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Everything is on both sides.
    Idle,
    /// Something moves, or is about to.
    Syncing,
    /// Nothing moves until something comes back: paused, offline, signed out.
    Paused,
    /// Somebody must look.
    Attention,
}

impl Mark {
    /// The mark of a state. What needs somebody comes before what moves, and what moves before what is done.
    pub fn of(status: &SyncStatus) -> Self {
        match status.connection {
            Connection::SessionExpired | Connection::UpdateNeeded => Self::Attention,
            Connection::SignedOut => Self::Paused,
            _ if status.needs_somebody() > 0 => Self::Attention,
            Connection::Offline | Connection::Paused => Self::Paused,
            Connection::Online if status.up_to_date => Self::Idle,
            Connection::Online => Self::Syncing,
        }
    }
}

/// The tray's line.
pub fn line(status: &SyncStatus, words: &Words) -> String {
    let files = status.sending.files + status.receiving.files;
    let to_check = status.blocked + status.to_check;
    match status.connection {
        Connection::SessionExpired => words.sign_in_again.to_owned(),
        Connection::UpdateNeeded => words.update_needed.to_owned(),
        Connection::SignedOut => words.signed_out.to_owned(),
        _ if status.held_removals > 0 => (words.held_removals)(status.held_removals),
        _ if status.held_edits > 0 => (words.held_edits)(status.held_edits),
        _ if to_check > 0 => (words.to_check)(to_check),
        Connection::Offline => words.offline.to_owned(),
        Connection::Paused => words.paused.to_owned(),
        Connection::Online if status.up_to_date => words.up_to_date.to_owned(),
        Connection::Online if status.scanning => words.scanning.to_owned(),
        Connection::Online if files > 0 => (words.moving)(files),
        Connection::Online if status.waiting > 0 => (words.waiting)(status.waiting),
        Connection::Online => words.syncing.to_owned(),
    }
}
