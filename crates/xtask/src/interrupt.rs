//! Ctrl-C and termination: remembered, so that whoever waits stops what it started before the program ends.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};

static REQUESTED: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

fn state() -> MutexGuard<'static, bool> {
    REQUESTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Listens to Ctrl-C, termination and hang-up. Called once.
pub(crate) fn listen() -> Result<()> {
    ctrlc::set_handler(|| {
        *state() = true;
        CHANGED.notify_all();
    })
    .context("Ctrl-C cannot be listened to")
}

/// Waits this long, or less where somebody asks to stop. Says whether they did.
pub(crate) fn wait(limit: Duration) -> bool {
    let (requested, _) =
        CHANGED.wait_timeout_while(state(), limit, |requested| !*requested).unwrap_or_else(PoisonError::into_inner);
    *requested
}
