//! The one window: how it is made, shown again and closed.

use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent, Wry};
use tauri_plugin_window_state::StateFlags;

use crate::ipc::Subscriptions;

/// The window's label, which its permissions go by.
pub(crate) const LABEL: &str = "main";

/// Makes closing quit, for whoever has no tray to come back from.
const QUIT_ON_CLOSE: &str = "GEDEON_QUIT_ON_CLOSE";

/// Starts without showing the window: how the system starts it at sign-in.
const HIDDEN: &str = "--hidden";

/// Size of a first window, in logical pixels.
const FIRST_SIZE: (f64, f64) = (1280.0, 800.0);

/// The least size that the interface is laid out for.
const LEAST_SIZE: (f64, f64) = (900.0, 600.0);

/// Remembers place and size between starts; not whether it was shown, which is decided at each start.
pub(crate) fn remembered() -> tauri::plugin::TauriPlugin<Wry> {
    tauri_plugin_window_state::Builder::new().with_state_flags(StateFlags::all() - StateFlags::VISIBLE).build()
}

/// Makes the window. It shows once its page is there, so that nothing white flashes. With a tray, closing it hides it.
pub(crate) fn create(app: &AppHandle, has_tray: bool) -> tauri::Result<()> {
    let is_hidden = std::env::args().any(|argument| argument == HIDDEN);
    let builder = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Gédéon")
        .inner_size(FIRST_SIZE.0, FIRST_SIZE.1)
        .min_inner_size(LEAST_SIZE.0, LEAST_SIZE.1)
        .visible(false)
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(move |window, payload| match payload.event() {
            PageLoadEvent::Started => window.state::<Subscriptions>().clear(),
            PageLoadEvent::Finished if !is_hidden => show(window.app_handle()),
            PageLoadEvent::Finished => {}
        });
    // On Windows and macOS the window's own handler would take files from the page, and an attachment dragged from
    // Outlook would come as nothing at all. On Linux the page gets no files, so the window's handler gives their paths.
    #[cfg(not(target_os = "linux"))]
    let builder = builder.disable_drag_drop_handler();
    let window = builder.build()?;
    if has_tray && std::env::var_os(QUIT_ON_CLOSE).is_none() {
        let hidden = window.clone();
        window.on_window_event(move |event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                api.prevent_close();
                // A window that cannot hide stays: nothing is lost.
                let _ = hidden.hide();
            }
        });
    }
    Ok(())
}

/// The window, unless it is closed.
pub(crate) fn main(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window(LABEL)
}

/// Shows the window, in front.
pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = main(app) {
        // Each only asks the system, which may refuse to bring a window in front of another program's.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// The window shows the product's own page and no other.
fn is_own_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => true,
        "http" | "https" => {
            url.host_str() == Some("tauri.localhost")
                || (tauri::is_dev() && url.host_str() == Some("localhost") && url.port() == Some(1420))
        }
        _ => false,
    }
}
