//! The tray icon. Everything is in its menu: Linux tells nobody of a click on the icon itself.

use std::sync::Arc;

use protocol::local::SettingsView;
use protocol::view::{Connection, SyncStatus};
use serde_json::json;
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Wry, include_image};

use crate::engine::Engine;
use crate::status::{self, Mark};
use crate::words::{self, Words};
use crate::{open_file, shell_calls, window};

const OPEN: &str = "open";
const FOLDER: &str = "folder";
const PAUSE: &str = "pause";
const QUIT: &str = "quit";

/// The tray icon with the parts of its menu that change.
pub(crate) struct Tray {
    icon: TrayIcon,
    state: MenuItem<Wry>,
    pause: MenuItem<Wry>,
    /// What the rest of the menu was worded in.
    words: &'static Words,
}

/// Makes the tray icon; `None` where the system shows none.
pub(crate) fn create(app: &AppHandle, engine: &Arc<Engine>) -> tauri::Result<Option<Tray>> {
    if !is_shown_here() {
        return Ok(None);
    }
    let words = language(engine);
    let state = MenuItem::new(app, words.syncing, false, None::<&str>)?;
    let pause = MenuItem::with_id(app, PAUSE, words.pause, true, None::<&str>)?;
    let menu = Menu::with_items(
        app,
        &[
            &state,
            &PredefinedMenuItem::separator(app)?,
            &MenuItem::with_id(app, OPEN, words.open, true, None::<&str>)?,
            &MenuItem::with_id(app, FOLDER, words.open_folder, true, None::<&str>)?,
            &pause,
            &PredefinedMenuItem::separator(app)?,
            &MenuItem::with_id(app, QUIT, words.quit, true, None::<&str>)?,
        ],
    )?;
    let for_menu = Arc::clone(engine);
    let icon = TrayIconBuilder::new()
        .menu(&menu)
        .icon(picture(Mark::Syncing))
        .tooltip("Gédéon")
        .on_menu_event(move |app, event| chosen(app, &for_menu, event.id().as_ref()))
        .build(app)?;
    Ok(Some(Tray { icon, state, pause, words }))
}

impl Tray {
    /// Shows a state.
    pub(crate) fn show(&self, status: &SyncStatus) -> tauri::Result<()> {
        let line = status::line(status, self.words);
        self.icon.set_icon(Some(picture(Mark::of(status))))?;
        self.icon.set_tooltip(Some(format!("Gédéon — {line}")))?;
        self.state.set_text(line)?;
        self.pause.set_text(if is_paused(status) { self.words.resume } else { self.words.pause })
    }
}

/// The words of the user's language.
pub(crate) fn language(engine: &Engine) -> &'static Words {
    let settings = shell_calls::ask::<SettingsView>(engine, "get_settings", json!({}));
    settings.map_or(&words::FRENCH, |settings| words::of(&settings.language))
}

fn is_paused(status: &SyncStatus) -> bool {
    status.connection == Connection::Paused
}

fn picture(mark: Mark) -> Image<'static> {
    match mark {
        Mark::Idle => include_image!("icons/tray/idle.png"),
        Mark::Syncing => include_image!("icons/tray/syncing.png"),
        Mark::Paused => include_image!("icons/tray/paused.png"),
        Mark::Attention => include_image!("icons/tray/attention.png"),
    }
}

fn chosen(app: &AppHandle, engine: &Arc<Engine>, item: &str) {
    match item {
        OPEN => window::show(app),
        QUIT => app.exit(0),
        FOLDER => off_the_window(app, engine, |app, engine| {
            let opened = shell_calls::mirror_root(engine).and_then(|root| open_file::open_folder(app, root.as_ref()));
            // Without a folder yet, the window is where one is chosen.
            if opened.is_err() {
                window::show(app);
            }
        }),
        PAUSE => off_the_window(app, engine, |app, engine| {
            let toggled = shell_calls::ask::<SyncStatus>(engine, "get_sync_status", json!({}))
                .and_then(|status| engine.rpc("set_paused", json!({ "paused": !is_paused(&status) })));
            if toggled.is_err() {
                window::show(app);
            }
        }),
        _ => {}
    }
}

fn off_the_window(app: &AppHandle, engine: &Arc<Engine>, work: impl FnOnce(&AppHandle, &Engine) + Send + 'static) {
    let (app, engine) = (app.clone(), Arc::clone(engine));
    tauri::async_runtime::spawn_blocking(move || work(&app, &engine));
}

/// Whether this system shows tray icons. On Linux that is a program of the desktop environment, present or not; a window
/// hidden to a tray that nobody shows would be lost.
#[cfg(target_os = "linux")]
fn is_shown_here() -> bool {
    let owned = || -> zbus::Result<bool> {
        let bus = zbus::blocking::Connection::session()?;
        Ok(zbus::blocking::fdo::DBusProxy::new(&bus)?.name_has_owner("org.kde.StatusNotifierWatcher".try_into()?)?)
    };
    owned().unwrap_or(false)
}

/// Whether this system shows tray icons.
#[cfg(not(target_os = "linux"))]
fn is_shown_here() -> bool {
    true
}
