//! The three commands of the page. All else the page can do is a name that `rpc` is given.
//!
//! Nothing here panics across the boundary and nothing runs on the window's thread: a call may wait for a disk.

use std::sync::{Arc, Mutex, PoisonError};

use protocol::event::AppEvent;
use protocol::failure::{Failure, FailureCode};
use serde_json::Value;
use tauri::ipc::{Channel, InvokeBody, Request};
use tauri::{AppHandle, State};

use crate::engine::{Engine, Subscription};
use crate::shell_calls;

/// What the page listens to. A page that is loaded again begins anew.
#[derive(Default)]
pub(crate) struct Subscriptions(Mutex<Vec<Subscription>>);

impl Subscriptions {
    /// Ends all of them.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn add(&self, subscription: Subscription) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(subscription);
    }
}

/// Carries out a named call: one of the shell's, or else the engine's.
#[tauri::command]
pub(crate) async fn rpc(
    app: AppHandle,
    engine: State<'_, Arc<Engine>>,
    name: String,
    payload: Value,
) -> Result<Value, Failure> {
    let engine = Arc::clone(&engine);
    off_the_window(move || match shell_calls::answer(&app, &engine, &name, &payload) {
        Some(answer) => answer,
        None => engine.rpc(&name, payload),
    })
    .await
}

/// Bytes of a file dropped on the page, as the raw body; the headers say of which file and where in it.
#[tauri::command]
pub(crate) async fn upload(request: Request<'_>, engine: State<'_, Arc<Engine>>) -> Result<(), Failure> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(Failure::new(FailureCode::BadRequest, "an upload is raw bytes"));
    };
    let (import, index, offset) =
        (header(&request, "x-import")?, header(&request, "x-index")?, header(&request, "x-offset")?);
    let is_end: bool = header(&request, "x-end")?;
    let (engine, bytes) = (Arc::clone(&engine), bytes.clone());
    off_the_window(move || engine.upload(import, index, offset, &bytes, is_end)).await
}

/// Sends events to the page until it is loaded again.
#[tauri::command]
pub(crate) fn subscribe(
    engine: State<'_, Arc<Engine>>,
    subscriptions: State<'_, Subscriptions>,
    channel: Channel<AppEvent>,
) {
    subscriptions.add(engine.subscribe(Box::new(move |event| {
        // Fails only once the window is gone, and then nobody listens.
        let _ = channel.send(event);
    })));
}

async fn off_the_window<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    // A panic ends the task, not the program, and comes back as an error.
    tauri::async_runtime::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(Failure::new(FailureCode::Internal, format!("a call ended badly: {error}"))))
}

fn header<T: std::str::FromStr>(request: &Request<'_>, name: &str) -> Result<T, Failure> {
    request
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .ok_or_else(|| Failure::new(FailureCode::BadRequest, format!("an upload needs a header {name}")))
}
