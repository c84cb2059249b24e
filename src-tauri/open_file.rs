//! Opening files with the user's programs, and showing them in the file manager.

use std::path::Path;

use protocol::failure::{Failure, FailureCode};
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;

/// Endings that a system runs rather than shows. What a client sent must not run by a double click: its folder is shown.
const RUN_BY_THE_SYSTEM: &[&str] = &[
    "app",
    "appimage",
    "appref-ms",
    "bat",
    "cmd",
    "com",
    "command",
    "cpl",
    "desktop",
    "exe",
    "hta",
    "jar",
    "js",
    "jse",
    "lnk",
    "msc",
    "msi",
    "msp",
    "pif",
    "ps1",
    "py",
    "reg",
    "scf",
    "scpt",
    "scr",
    "sh",
    "terminal",
    "url",
    "vb",
    "vbe",
    "vbs",
    "wsf",
    "wsh",
];

/// Opens a document's file with the user's program.
pub(crate) fn open(app: &AppHandle, file: &Path) -> Result<(), Failure> {
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    if ending.is_some_and(|ending| RUN_BY_THE_SYSTEM.contains(&ending.as_str())) {
        return reveal(app, file);
    }
    app.opener().open_path(file.to_string_lossy(), None::<&str>).map_err(|error| failed(file, &error))
}

/// Opens a folder in the file manager.
pub(crate) fn open_folder(app: &AppHandle, folder: &Path) -> Result<(), Failure> {
    app.opener().open_path(folder.to_string_lossy(), None::<&str>).map_err(|error| failed(folder, &error))
}

/// Shows a file in its folder.
pub(crate) fn reveal(app: &AppHandle, file: &Path) -> Result<(), Failure> {
    app.opener().reveal_item_in_dir(file).map_err(|error| failed(file, &error))
}

fn failed(file: &Path, error: &dyn std::error::Error) -> Failure {
    Failure::new(FailureCode::LocalFile, error.to_string()).with("path", file.display()).with("reason", "open")
}
