//! How the window finds and starts its engine.

use std::path::PathBuf;
use std::sync::Arc;

use domain::id::{NodeId, VersionId};
use protocol::event::AppEvent;
use protocol::failure::{Failure, FailureCode};
use serde_json::Value;
use tauri::App;

/// Names a profile's folder instead of the user's own.
const PROFILE: &str = "GEDEON_PROFILE";

/// Whether the window was given a profile of its own.
pub(crate) fn has_own_profile() -> bool {
    std::env::var_os(PROFILE).is_some()
}

pub(crate) struct Engine;
pub(crate) struct Subscription;
pub(crate) struct ContentFile {
    pub(crate) path: PathBuf,
    pub(crate) size: u64,
    pub(crate) media_type: String,
}

impl Engine {
    pub(crate) fn rpc(&self, name: &str, _payload: Value) -> Result<Value, Failure> {
        Err(Failure::new(FailureCode::Offline, name))
    }
    pub(crate) fn upload(&self, _: u32, _: u32, _: u64, _: &[u8], _: bool) -> Result<(), Failure> {
        Err(Failure::new(FailureCode::Offline, "upload"))
    }
    pub(crate) fn subscribe(&self, _: Box<dyn Fn(AppEvent) + Send + Sync>) -> Subscription {
        Subscription
    }
    pub(crate) fn content(&self, _: NodeId, _: VersionId) -> Result<ContentFile, Failure> {
        Err(Failure::new(FailureCode::Offline, "content"))
    }
    pub(crate) fn stop(&self) {}
}

pub(crate) fn start(_app: &App) -> tauri::Result<Arc<Engine>> {
    Ok(Arc::new(Engine))
}

/// Says why the program cannot start, to whoever started it from a terminal.
pub(crate) fn report(message: &str) {
    use std::io::Write;
    // Nobody may be listening.
    let _ = writeln!(std::io::stderr(), "gedeon-desktop: {message}");
}
