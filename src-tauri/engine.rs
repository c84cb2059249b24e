//! How the window finds its profile and starts its engine.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use agent::Options;
use agent::host::default_profile;

pub(crate) use agent::{Engine, Subscription};

/// Names a profile's folder instead of the user's own.
const PROFILE: &str = "GEDEON_PROFILE";

/// The profile's folder that the window was given.
fn given_profile() -> Option<PathBuf> {
    std::env::var_os(PROFILE).map(PathBuf::from)
}

/// Whether the window was given a profile of its own.
pub(crate) fn has_own_profile() -> bool {
    given_profile().is_some()
}

/// Starts the engine on the profile given, or on the user's own. The command line reaches it through its door.
pub(crate) fn start() -> Result<Arc<Engine>, Box<dyn Error>> {
    let profile = given_profile().unwrap_or_else(default_profile);
    Ok(Engine::start(Options { profile, door: true, interface: None })?)
}

/// Says why the program cannot start, to whoever started it from a terminal.
pub(crate) fn report(message: &str) {
    // Nobody may be listening.
    let _ = writeln!(std::io::stderr(), "gedeon-desktop: {message}");
}
