//! The menu bar of macOS, without which copying and pasting have no keys there.
//!
//! Undo is left out on purpose: the page undoes actions on documents, and a menu would take the key from it.

use tauri::AppHandle;
use tauri::menu::{Menu, PredefinedMenuItem, Submenu};

/// Sets the menu bar.
pub(crate) fn set(app: &AppHandle) -> tauri::Result<()> {
    let gedeon = Submenu::with_items(
        app,
        "Gédéon",
        true,
        &[
            &PredefinedMenuItem::about(app, Some("À propos de Gédéon"), None)?,
            &PredefinedMenuItem::separator(app)?,
            &PredefinedMenuItem::hide(app, Some("Masquer Gédéon"))?,
            &PredefinedMenuItem::hide_others(app, Some("Masquer les autres"))?,
            &PredefinedMenuItem::show_all(app, Some("Tout afficher"))?,
            &PredefinedMenuItem::separator(app)?,
            &PredefinedMenuItem::quit(app, Some("Quitter Gédéon"))?,
        ],
    )?;
    let edit = Submenu::with_items(
        app,
        "Édition",
        true,
        &[
            &PredefinedMenuItem::cut(app, Some("Couper"))?,
            &PredefinedMenuItem::copy(app, Some("Copier"))?,
            &PredefinedMenuItem::paste(app, Some("Coller"))?,
            &PredefinedMenuItem::select_all(app, Some("Tout sélectionner"))?,
        ],
    )?;
    let window = Submenu::with_items(
        app,
        "Fenêtre",
        true,
        &[
            &PredefinedMenuItem::minimize(app, Some("Placer dans le Dock"))?,
            &PredefinedMenuItem::fullscreen(app, Some("Plein écran"))?,
            &PredefinedMenuItem::close_window(app, Some("Fermer la fenêtre"))?,
        ],
    )?;
    app.set_menu(Menu::with_items(app, &[&gedeon, &edit, &window])?)?;
    Ok(())
}
