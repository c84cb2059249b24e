//! The desktop's window around the engine: window, tray, menu, notifications, dragging out, and three IPC commands.
//!
//! The one place that says `tauri::`. It holds no logic of the firm: what could run without a window lives in `agent`.

use std::process::ExitCode;
use std::sync::Arc;

use tauri::{App, Manager, RunEvent, Wry};

mod content_scheme;
mod drag_out;
mod engine;
mod ipc;
#[cfg(target_os = "macos")]
mod menu_bar;
mod open_file;
mod shell_calls;
pub mod status;
mod status_watch;
mod tray;
mod window;
pub mod words;

use engine::Engine;
use ipc::Subscriptions;

/// Opens the window and stays until the user quits.
pub fn run() -> ExitCode {
    let app = match build() {
        Ok(app) => app,
        Err(error) => {
            engine::report(&format!("the window cannot be opened: {error}"));
            return ExitCode::FAILURE;
        }
    };
    app.run(|app, event| match event {
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        RunEvent::Exit => {
            if let Some(engine) = app.try_state::<Arc<Engine>>() {
                engine.stop();
            }
        }
        _ => {}
    });
    ExitCode::SUCCESS
}

fn build() -> tauri::Result<App<Wry>> {
    let mut builder = tauri::Builder::default();
    // A profile of its own is another workstation: it may run beside the user's.
    if !engine::has_own_profile() {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| window::show(app)));
    }
    builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .plugin(window::remembered())
        .manage(Subscriptions::default())
        .invoke_handler(tauri::generate_handler![ipc::rpc, ipc::upload, ipc::subscribe])
        .register_asynchronous_uri_scheme_protocol(content_scheme::NAME, content_scheme::answer)
        .setup(|app| {
            let engine = match engine::start() {
                Ok(engine) => engine,
                Err(error) => {
                    engine::explain(app.handle(), &error);
                    return Ok(());
                }
            };
            app.manage(Arc::clone(&engine));
            #[cfg(target_os = "macos")]
            menu_bar::set(app.handle())?;
            let tray = tray::create(app.handle(), &engine)?;
            window::create(app.handle(), tray.is_some())?;
            status_watch::begin(app.handle(), engine, tray);
            quit_when_asked(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!())
}

/// Ends in order when the system asks the program to end.
fn quit_when_asked(app: &tauri::AppHandle) {
    #[cfg(unix)]
    {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            use tokio::signal::unix::{SignalKind, signal};
            if let Ok(mut terminate) = signal(SignalKind::terminate()) {
                terminate.recv().await;
                app.exit(0);
            }
        });
    }
    #[cfg(not(unix))]
    let _ = app;
}
