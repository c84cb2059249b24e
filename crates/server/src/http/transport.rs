//! What all requests share: a number in the log and in the answer, headers that keep browsers careful, and answers to
//! what does not exist.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
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

/// Answers a path that is no endpoint.
pub(crate) async fn no_such_endpoint() -> Problem {
    Failure::new(FailureCode::NotFound, "no such endpoint").into()
}

/// Answers a method that an endpoint does not have.
pub(crate) async fn no_such_method() -> Problem {
    Failure::new(FailureCode::BadRequest, "the endpoint does not have this method").into()
}
