//! Seats for the stories: most share the machine, and those that need all of it have it alone.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

static MACHINE: RwLock<()> = RwLock::new(());

/// A place on the machine, until dropped.
#[expect(dead_code, reason = "held for as long as the story lasts")]
pub(super) enum Seat {
    Shared(RwLockReadGuard<'static, ()>),
    Alone(RwLockWriteGuard<'static, ()>),
}

/// A seat beside others.
pub(super) fn shared() -> Seat {
    // Another story's failure is not this one's.
    Seat::Shared(MACHINE.read().unwrap_or_else(PoisonError::into_inner))
}

/// The machine alone: for what is measured, and what takes gigabytes.
pub(super) fn alone() -> Seat {
    Seat::Alone(MACHINE.write().unwrap_or_else(PoisonError::into_inner))
}
