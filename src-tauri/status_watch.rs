//! Follows the engine's events for what is outside of the page: the tray's state, and notifications.
//!
//! One thread; events that come together are looked at once, and what happened within a moment is one notification.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use protocol::event::{AppEvent, Tag};
use protocol::view::{Connection, SyncStatus};
use serde_json::json;
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;

use crate::engine::Engine;
use crate::tray::{self, Tray};
use crate::{shell_calls, status, window};

/// How long events are gathered before they are looked at: one import makes hundreds.
const GATHER: Duration = Duration::from_millis(400);

/// Begins to follow. Ends with the engine.
pub(crate) fn begin(app: &AppHandle, engine: Arc<Engine>, tray: Option<Tray>) {
    let (sender, events) = mpsc::channel();
    let subscription = engine.subscribe(Box::new(move |event| {
        if is_about_state(&event) {
            // The thread below ends only with the program.
            let _ = sender.send(());
        }
    }));
    let app = app.clone();
    std::thread::spawn(move || {
        follow(&app, &engine, tray.as_ref(), &events);
        drop(subscription);
    });
}

fn is_about_state(event: &AppEvent) -> bool {
    match event {
        AppEvent::Changed { tags } => tags.iter().any(|tag| matches!(tag, Tag::Sync | Tag::Settings)),
        AppEvent::Notice { .. } => false,
    }
}

fn follow(app: &AppHandle, engine: &Engine, tray: Option<&Tray>, events: &Receiver<()>) {
    let mut before: Option<SyncStatus> = None;
    loop {
        if let Ok(status) = shell_calls::ask::<SyncStatus>(engine, "get_sync_status", json!({})) {
            if let Some(tray) = tray {
                // A tray that went away with its desktop environment has nothing to show on.
                let _ = tray.show(&status);
            }
            if before.as_ref().is_some_and(|before| is_worth_telling(before, &status)) {
                notify(app, &status::line(&status, tray::language(engine)));
            }
            before = Some(status);
        }
        if events.recv().is_err() {
            return;
        }
        let gathered = Instant::now() + GATHER;
        while events.recv_timeout(gathered.saturating_duration_since(Instant::now())).is_ok() {}
    }
}

/// Only what needs somebody: more things to check than before, something that is held, or a session that ended.
fn is_worth_telling(before: &SyncStatus, status: &SyncStatus) -> bool {
    let needs_somebody = |connection| matches!(connection, Connection::SessionExpired | Connection::UpdateNeeded);
    let held = |status: &SyncStatus| status.held_removals + status.held_edits;
    status.to_check > before.to_check
        || (held(status) > 0 && held(before) == 0)
        || (needs_somebody(status.connection) && !needs_somebody(before.connection))
}

/// Tells it where the user is not looking at the window already.
fn notify(app: &AppHandle, text: &str) {
    let is_seen = window::main(app).is_some_and(|window| window.is_focused().unwrap_or(false));
    if !is_seen {
        // The system may have notifications turned off.
        let _ = app.notification().builder().title("Gédéon").body(text).show();
    }
}
