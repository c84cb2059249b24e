//! The scheme `gedeon`: the bytes of a version for previews, at `/{document}/{version}`.
//!
//! It takes ids, never a path, and only the one window may ask. What it answers can be shown but not run.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;

use domain::id::{NodeId, VersionId};
use protocol::failure::{Failure, FailureCode};
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, Wry};

use crate::engine::Engine;
use crate::window;

/// The scheme's name.
pub(crate) const NAME: &str = "gedeon";

/// A preview is held in memory whole: more than this is opened with the user's program instead.
const LIMIT: u64 = 512 * 1024 * 1024;

/// Answers a request, off the window's thread.
pub(crate) fn answer(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let is_ours = context.webview_label() == window::LABEL;
    let app = context.app_handle().clone();
    tauri::async_runtime::spawn_blocking(move || {
        let origin = request.headers().get(header::ORIGIN).cloned();
        let content = match (is_ours, app.try_state::<Arc<Engine>>()) {
            (true, Some(engine)) => content(&engine, request.uri().path()),
            _ => Err(Failure::new(FailureCode::Denied, "contents are for the window only")),
        };
        let mut response = content.unwrap_or_else(|failure| refusal(&failure));
        let headers = response.headers_mut();
        // The page's own origin differs from this scheme's; the window shows no other page.
        if let Some(origin) = origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
        for (name, value) in [
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        ] {
            headers.insert(name, header::HeaderValue::from_static(value));
        }
        responder.respond(response);
    });
}

fn content(engine: &Engine, path: &str) -> Result<Response<Vec<u8>>, Failure> {
    let (document, version) =
        ids(path).ok_or_else(|| Failure::new(FailureCode::BadRequest, "no document and version"))?;
    let found = engine.content(document, version)?;
    if found.size > LIMIT {
        return Err(Failure::new(FailureCode::TooLarge, "too large to be shown").with("limit", LIMIT));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(found.size).unwrap_or_default());
    File::open(&found.path).and_then(|mut file| file.read_to_end(&mut bytes)).map_err(|error| {
        Failure::new(FailureCode::LocalFile, error.to_string())
            .with("path", found.path.display())
            .with("reason", "read")
    })?;
    Response::builder()
        .header(header::CONTENT_TYPE, found.media_type)
        .body(bytes)
        .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))
}

fn ids(path: &str) -> Option<(NodeId, VersionId)> {
    let (document, version) = path.strip_prefix('/')?.split_once('/')?;
    Some((document.parse().ok()?, version.parse().ok()?))
}

fn refusal(failure: &Failure) -> Response<Vec<u8>> {
    let mut response = Response::new(serde_json::to_vec(failure).unwrap_or_default());
    *response.status_mut() = match failure.code {
        FailureCode::BadRequest => StatusCode::BAD_REQUEST,
        FailureCode::NotFound => StatusCode::NOT_FOUND,
        FailureCode::Denied | FailureCode::SignedOut => StatusCode::FORBIDDEN,
        FailureCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}
