//! A PostgreSQL for tests: the one that `GEDEON_TEST_POSTGRES` names, else a private one, started once for the process.

use std::sync::OnceLock;

#[cfg(unix)]
mod private;

#[cfg(unix)]
use private::Private;

/// The variable that names a PostgreSQL to use instead of a private one.
pub const VARIABLE: &str = "GEDEON_TEST_POSTGRES";

/// Where tests connect. Starts the private server at the first call.
///
/// # Panics
///
/// When PostgreSQL is not installed or does not start: a test of both engines cannot go on with one.
pub fn url() -> String {
    static PRIVATE: OnceLock<Private> = OnceLock::new();
    match std::env::var(VARIABLE) {
        Ok(url) if !url.is_empty() => url,
        _ => PRIVATE.get_or_init(Private::start).url().to_owned(),
    }
}

/// A namespace that no other test uses, in this process or another.
pub fn namespace(purpose: &str) -> String {
    format!("{purpose}_{}", uuid::Uuid::now_v7().simple())
}

/// Where there is no Unix shell, the tests are given a server.
#[cfg(not(unix))]
struct Private;

#[cfg(not(unix))]
impl Private {
    fn start() -> Self {
        panic!("set {VARIABLE} to a PostgreSQL for the tests");
    }

    fn url(&self) -> &str {
        ""
    }
}
