//! How the window finds its profile and starts its engine.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use agent::Options;
use agent::host::profile::ProfileError;
use agent::host::{StartError, default_profile};
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

use crate::words;

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

/// How long the profile is waited for: somebody who quits and opens again at once meets the former process on its way out.
const FORMER_PROCESS: Duration = Duration::from_secs(5);

/// Starts the engine on the profile given, or on the user's own. The command line reaches it through its door.
pub(crate) fn start() -> Result<Arc<Engine>, StartError> {
    let profile = given_profile().unwrap_or_else(default_profile);
    let started = Instant::now();
    loop {
        match Engine::start(Options { profile: profile.clone(), door: true, interface: None }) {
            Err(StartError::Profile(ProfileError::InUse)) if started.elapsed() < FORMER_PROCESS => {
                std::thread::sleep(Duration::from_millis(50));
            }
            started => return started,
        }
    }
}

/// Says to the user why there is no window, then quits.
pub(crate) fn explain(app: &AppHandle, error: &StartError) {
    report(&error.to_string());
    let sentence = match error {
        StartError::Profile(ProfileError::InUse) => words::ALREADY_OPEN.to_owned(),
        StartError::Profile(ProfileError::Damaged { path, source }) => {
            words::damaged_profile(path, &source.to_string())
        }
        other => words::cannot_start(&other.to_string()),
    };
    let quitting = app.clone();
    app.dialog().message(sentence).title("Gédéon").kind(MessageDialogKind::Error).show(move |_| quitting.exit(1));
}

/// Says why the program cannot start, to whoever started it from a terminal.
pub(crate) fn report(message: &str) {
    // Nobody may be listening.
    let _ = writeln!(std::io::stderr(), "gedeon-desktop: {message}");
}
