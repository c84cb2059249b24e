//! The machine: its clock and its randomness, given to the rest of the server as values.
//!
//! Tests give a clock of their own; nothing else in the server reads one.

use std::fmt;
use std::sync::Arc;

use domain::time::Instant;
use store::control::Token;

type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// A clock and a source of secrets.
#[derive(Clone)]
pub struct Host {
    clock: Clock,
}

impl fmt::Debug for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Host").finish_non_exhaustive()
    }
}

impl Host {
    /// This machine's own clock.
    pub fn system() -> Self {
        Self::with_clock(system_time)
    }

    /// Another clock, for tests.
    pub fn with_clock(clock: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self { clock: Arc::new(clock) }
    }

    /// The time.
    pub fn now(&self) -> Instant {
        (self.clock)()
    }

    /// A new secret.
    ///
    /// # Panics
    ///
    /// Where the system has no randomness to give: nothing safe can be done then.
    pub fn token(&self) -> Token {
        Token::from_random(random())
    }

    /// A new identity, ordered by time.
    pub fn uuid(&self) -> uuid::Uuid {
        let millis = u64::try_from(self.now().0).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random()).into_uuid()
    }

    /// Random bytes, for what is neither of these.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        random()
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("BUG: the system has no randomness to give");
    bytes
}

#[expect(clippy::disallowed_methods, reason = "the one place of the server that reads the clock")]
fn system_time() -> Instant {
    chrono::Utc::now().into()
}
