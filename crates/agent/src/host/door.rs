//! The local door: the engine's calls over HTTP on this machine only, for the command line and for tests in a browser.
//!
//! It listens on loopback, on a port of the system's choice, and answers only whoever knows the token that the profile's
//! owner alone can read.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Weak};

use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use domain::id::{NodeId, VersionId};
use futures_util::StreamExt as _;
use protocol::event::AppEvent;
use protocol::failure::{Failure, FailureCode};
use serde::{Deserialize, Serialize};
use tokio_stream::wrappers::UnboundedReceiverStream;

use super::profile::local_failure;
use super::{Engine, StartError};

/// The file of the profile that says where the door is.
pub const FILE: &str = "door.json";

/// The largest piece of a dropped file.
const MAX_PIECE: usize = 32 * 1024 * 1024;

/// Where the door is, and what opens it.
#[derive(Serialize, Deserialize)]
pub struct Door {
    /// Port on 127.0.0.1.
    pub port: u16,
    /// Secret.
    pub token: String,
    /// The engine's process.
    pub process: u32,
}

#[derive(Clone)]
struct Doorkeeper {
    engine: Weak<Engine>,
    token: Arc<str>,
}

pub(super) fn open(engine: &Arc<Engine>, interface: Option<PathBuf>) -> Result<(), StartError> {
    let mut secret = [0_u8; 32];
    getrandom::fill(&mut secret).map_err(|error| StartError::Staging(error.to_string()))?;
    let token: Arc<str> = blake3::Hash::from_bytes(secret).to_hex().as_str().into();
    let keeper = Doorkeeper { engine: Arc::downgrade(engine), token: Arc::clone(&token) };
    let guarded = Router::new()
        .route("/rpc/{name}", post(rpc))
        .route("/upload/{import}/{index}", put(upload))
        .route("/events", get(events))
        .route("/content/{document}/{version}", get(content))
        .layer(axum::extract::DefaultBodyLimit::max(MAX_PIECE))
        .route_layer(axum::middleware::from_fn_with_state(keeper.clone(), guard))
        .with_state(keeper);
    let router = match interface {
        Some(folder) => guarded.fallback_service(interface_files(folder)),
        None => guarded,
    };
    let listener =
        std::net::TcpListener::bind(("127.0.0.1", 0)).map_err(|error| StartError::Staging(error.to_string()))?;
    let port =
        listener.local_addr().as_ref().map(SocketAddr::port).map_err(|error| StartError::Staging(error.to_string()))?;
    listener.set_nonblocking(true).map_err(|error| StartError::Staging(error.to_string()))?;
    engine.shared.runtime.spawn(async move {
        let served = match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => axum::serve(listener, router).await,
            Err(error) => Err(error),
        };
        if let Err(error) = served {
            tracing::error!(%error, "the local door closed");
        }
    });
    let door = Door { port, token: token.to_string(), process: std::process::id() };
    let bytes = serde_json::to_vec(&door).map_err(|error| StartError::Staging(error.to_string()))?;
    engine.shared.folder.write_private(FILE, &bytes).map_err(|failure| StartError::Staging(failure.to_string()))
}

/// A built interface, every path of which that is no file is its first page.
fn interface_files(folder: PathBuf) -> tower_http::services::ServeDir<tower_http::services::ServeFile> {
    let first_page = tower_http::services::ServeFile::new(folder.join("index.html"));
    tower_http::services::ServeDir::new(folder).fallback(first_page)
}

#[derive(Deserialize)]
struct TokenQuery {
    token: Option<String>,
}

/// Lets in whoever knows the token and came by the loopback's own name: a page of another site can do neither.
async fn guard(
    State(keeper): State<Doorkeeper>,
    Query(query): Query<TokenQuery>,
    request: Request,
    next: Next,
) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let local = host.starts_with("127.0.0.1:") || host.starts_with("localhost:");
    let given = bearer(request.headers()).or(query.token);
    let known = given.is_some_and(|given| blake3::hash(given.as_bytes()) == blake3::hash(keeper.token.as_bytes()));
    if local && known { next.run(request).await } else { StatusCode::UNAUTHORIZED.into_response() }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::to_owned)
}

impl Doorkeeper {
    /// Runs `work` on the engine, off the network's threads.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let engine =
            self.engine.upgrade().ok_or_else(|| Failure::new(FailureCode::Internal, "the engine is stopping"))?;
        tokio::task::spawn_blocking(move || {
            let answer = work(&engine);
            // The last owner must not be one of the engine's own threads: whoever started it stops it.
            drop(engine);
            answer
        })
        .await
        .unwrap_or_else(|error| Err(Failure::new(FailureCode::Internal, error.to_string())))
    }
}

fn refused(failure: Failure) -> Response {
    let status = match failure.code {
        FailureCode::SignedOut => StatusCode::FORBIDDEN,
        FailureCode::NotFound => StatusCode::NOT_FOUND,
        FailureCode::Offline => StatusCode::SERVICE_UNAVAILABLE,
        FailureCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, Json(failure)).into_response()
}

async fn rpc(
    State(keeper): State<Doorkeeper>,
    Path(name): Path<String>,
    Json(payload): Json<serde_json::Value>,
) -> Response {
    match keeper.ask(move |engine| engine.rpc(&name, payload)).await {
        Ok(answer) => Json(answer).into_response(),
        Err(failure) => refused(failure),
    }
}

#[derive(Deserialize)]
struct Piece {
    offset: u64,
    end: bool,
}

async fn upload(
    State(keeper): State<Doorkeeper>,
    Path((import, index)): Path<(u32, u32)>,
    Query(piece): Query<Piece>,
    bytes: bytes::Bytes,
) -> Response {
    match keeper.ask(move |engine| engine.upload(import, index, piece.offset, &bytes, piece.end)).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(failure) => refused(failure),
    }
}

async fn events(State(keeper): State<Doorkeeper>) -> Response {
    let Some(engine) = keeper.engine.upgrade() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel::<AppEvent>();
    let subscription = engine.subscribe(Box::new(move |event| {
        // A reader that left is dropped with its subscription.
        let _ = sender.send(event);
    }));
    drop(engine);
    let stream = UnboundedReceiverStream::new(receiver).map(move |event| {
        let _ = &subscription;
        SseEvent::default().json_data(event)
    });
    Sse::new(stream).keep_alive(KeepAlive::default()).into_response()
}

async fn content(State(keeper): State<Doorkeeper>, Path((document, version)): Path<(String, String)>) -> Response {
    let file = keeper
        .ask(move |engine| {
            let invalid = |error: domain::id::InvalidId| Failure::new(FailureCode::BadRequest, error.to_string());
            let document: NodeId = document.parse().map_err(invalid)?;
            let version: VersionId = version.parse().map_err(invalid)?;
            engine.content(document, version)
        })
        .await;
    let file = match file {
        Ok(file) => file,
        Err(failure) => return refused(failure),
    };
    match tokio::fs::File::open(&file.path).await {
        Ok(open) => {
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
                (header::CONTENT_LENGTH, file.size.to_string()),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            ];
            (headers, Body::from_stream(tokio_util::io::ReaderStream::new(open))).into_response()
        }
        Err(error) => refused(local_failure(&file.path, &error)),
    }
}
