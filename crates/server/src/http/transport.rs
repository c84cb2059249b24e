//! What all requests share: a number in the log and in the answer, headers that keep browsers careful, a sender that is
//! listened to before it is answered, and answers to what does not exist.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures_util::StreamExt as _;
use http_body::{Frame, SizeHint};
use protocol::failure::{Failure, FailureCode};
use tracing::Instrument as _;

use super::problem::Problem;

/// The header that carries a request's number, to be found again in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static REQUESTS: AtomicU64 = AtomicU64::new(1);

/// What is allowed to an answer that a browser would take for a page; pages say more themselves.
const NO_CONTENT_OF_ITS_OWN: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Logs a request and guards its answer. Paths are logged as their pattern: a link's secret is in its path.
pub(crate) async fn seen_and_guarded(request: Request, next: Next) -> Response {
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed);
    let path = request.extensions().get::<MatchedPath>().map_or("?", MatchedPath::as_str);
    let span = tracing::info_span!("request", number, method = %request.method(), path);
    let started = Instant::now();
    async move {
        let mut response = next.run(request).await;
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(status = response.status().as_u16(), millis, "answered");
        let headers = response.headers_mut();
        headers.insert(REQUEST_ID, number.into());
        let mut guard = |name: HeaderName, value: &'static str| {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        };
        guard(header::CONTENT_SECURITY_POLICY, NO_CONTENT_OF_ITS_OWN);
        guard(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        guard(header::X_FRAME_OPTIONS, "DENY");
        guard(header::REFERRER_POLICY, "no-referrer");
        guard(header::CACHE_CONTROL, "no-store");
        guard(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        response
    }
    .instrument(span)
    .await
}

/// The most that is read of a body that nobody wanted: more than any body a workstation sends.
const UNWANTED: u64 = 32 * 1024 * 1024;
/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lets a sender end before it is answered. A server that answers and closes while bytes are under way resets the
/// connection, and the sender hears of a broken pipe where it should hear that its session ended.
pub(crate) async fn heard_out(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::EXPECT) {
        // It sends nothing before it is told to go on.
        return next.run(request).await;
    }
    let left = Arc::new(Mutex::new(None));
    let request = request.map(|body| Body::new(Lent { body: Some(body), left: Arc::clone(&left) }));
    let response = next.run(request).await;
    let unread = left.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(body) = unread {
        // In vain where the sender goes on: the answer is sent all the same.
        let _: Result<(), _> = tokio::time::timeout(PATIENCE, drain(body)).await;
    }
    response
}

async fn drain(body: Body) {
    let mut stream = body.into_data_stream();
    let mut read = 0;
    while let Some(Ok(bytes)) = stream.next().await {
        read += bytes.len() as u64;
        if read > UNWANTED {
            return;
        }
    }
}

/// A body that is given back where it is dropped before its end.
struct Lent {
    body: Option<Body>,
    left: Arc<Mutex<Option<Body>>>,
}

impl Lent {
    fn body(&mut self) -> Pin<&mut Body> {
        Pin::new(self.body.as_mut().expect("BUG: a body is given back when it is dropped"))
    }
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.body().poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(body) = self.body.take().filter(|body| !body.is_end_stream()) {
            *self.left.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        }
    }
}

/// Answers a path that is no endpoint.
pub(crate) async fn no_such_endpoint() -> Problem {
    Failure::new(FailureCode::NotFound, "no such endpoint").into()
}

/// Answers a method that an endpoint does not have.
pub(crate) async fn no_such_method() -> Problem {
    Failure::new(FailureCode::BadRequest, "the endpoint does not have this method").into()
}
