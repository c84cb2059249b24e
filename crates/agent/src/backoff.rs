//! When to try again: soon at first, then less and less often, never at the same moment as everybody else.

use domain::time::Instant;

/// Waits between tries, in milliseconds. The last one repeats.
const WAITS: [i64; 6] = [500, 1_000, 2_000, 5_000, 10_000, 20_000];

/// Tries that failed in a row, and when the next is due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: usize,
    due: Option<Instant>,
}

impl Backoff {
    /// Records a failure. `random` spreads the tries of many workstations over a quarter of the wait.
    pub fn failed(&mut self, now: Instant, random: u64) {
        let wait = WAITS[self.failures.min(WAITS.len() - 1)];
        let jitter = i64::try_from(random % 256).unwrap_or(0) * wait / 1024;
        self.failures += 1;
        self.due = Some(now.plus(wait + jitter));
    }

    /// Records a success, or a wish to try at once.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Whether a try may be made now. A wait that is over is forgotten, so that nobody is woken for it again.
    pub fn is_open(&mut self, now: Instant) -> bool {
        // A clock set back must not stop the engine: a wait longer than the longest is over.
        if self.due.is_some_and(|due| now >= due || due.0 - now.0 > WAITS[WAITS.len() - 1] * 2) {
            self.due = None;
        }
        self.due.is_none()
    }

    /// When the next try is due, if one waits.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }
}
