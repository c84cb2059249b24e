//! Calls that need the desktop rather than the engine: the user's programs, dialogs, the mouse.
//!
//! They take documents by id; paths come from the engine only, never from the page.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use domain::id::NodeId;
use protocol::failure::{Failure, FailureCode};
use protocol::local::{FileOf, LocalFile, SettingsView};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;

use crate::engine::Engine;
use crate::{drag_out, open_file, window};

#[derive(Deserialize)]
struct Documents {
    documents: Vec<NodeId>,
}

/// The answer to a call of the shell; `None` where the name is not one of its.
pub(crate) fn answer(
    app: &AppHandle,
    engine: &Arc<Engine>,
    name: &str,
    payload: &Value,
) -> Option<Result<Value, Failure>> {
    let done = |result: Result<(), Failure>| result.map(|()| Value::Null);
    Some(match name {
        "shell_open_document" => {
            done(file_of(engine, payload).and_then(|file| open_file::open(app, Path::new(&file.path))))
        }
        "shell_reveal_document" => {
            done(file_of(engine, payload).and_then(|file| open_file::reveal(app, Path::new(&file.path))))
        }
        "shell_open_mirror" => done(mirror_root(engine).and_then(|root| open_file::open_folder(app, Path::new(&root)))),
        "shell_open_kept" => {
            done(kept_folder(engine).and_then(|folder| open_file::open_folder(app, Path::new(&folder))))
        }
        "shell_choose_folder" => Ok(choose_folder(app)),
        "shell_drag_out" => done(drag(app, engine, payload)),
        "shell_ready" => {
            announce();
            Ok(Value::Null)
        }
        _ => return None,
    })
}

/// The mirror's folder.
pub(crate) fn mirror_root(engine: &Engine) -> Result<String, Failure> {
    let settings: SettingsView = ask(engine, "get_settings", json!({}))?;
    settings
        .mirror_root
        .ok_or_else(|| Failure::new(FailureCode::MirrorPlace, "no folder is mirrored yet").with("reason", "missing"))
}

/// The folder of what was kept of refused changes.
fn kept_folder(engine: &Engine) -> Result<String, Failure> {
    let settings: SettingsView = ask(engine, "get_settings", json!({}))?;
    settings.kept_folder.ok_or_else(|| Failure::new(FailureCode::NotFound, "nothing was kept yet"))
}

/// Asks the engine, and reads its answer.
pub(crate) fn ask<T: DeserializeOwned>(engine: &Engine, name: &str, payload: Value) -> Result<T, Failure> {
    read(engine.rpc(name, payload)?)
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, Failure> {
    serde_json::from_value(value).map_err(|error| Failure::new(FailureCode::BadRequest, error.to_string()))
}

fn file_of(engine: &Engine, payload: &Value) -> Result<LocalFile, Failure> {
    ask(engine, "file_of", payload.clone())
}

fn choose_folder(app: &AppHandle) -> Value {
    let mut dialog = app.dialog().file();
    if let Some(window) = window::main(app) {
        dialog = dialog.set_parent(&window);
    }
    let chosen = dialog.blocking_pick_folder().and_then(|folder| folder.into_path().ok());
    chosen.map_or(Value::Null, |folder| Value::String(folder.to_string_lossy().into_owned()))
}

fn drag(app: &AppHandle, engine: &Engine, payload: &Value) -> Result<(), Failure> {
    let Documents { documents } = read(payload.clone())?;
    let files = documents
        .into_iter()
        .map(|document| {
            let request = serde_json::to_value(FileOf { document, version: None });
            let request = request.map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
            ask::<LocalFile>(engine, "file_of", request).map(|file| file.path.into())
        })
        .collect::<Result<Vec<_>, _>>()?;
    drag_out::start(app, files)
}

/// Tells whoever started this program that the window shows its first data.
fn announce() {
    let mut output = std::io::stdout();
    // Nobody may be listening.
    let _ = writeln!(output, "window ready").and_then(|()| output.flush());
}
