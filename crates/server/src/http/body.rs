//! Reading request bodies: never more than the endpoint takes, and not from somebody who stops sending.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{FromRequest, Request};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use protocol::failure::{Failure, FailureCode};
use serde::de::DeserializeOwned;

use super::App;
use super::problem::Problem;

/// How long a sender may stay silent in the middle of a body.
const SILENCE: Duration = Duration::from_mins(1);

/// The most bytes of a request's body; set by the endpoint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyLimit(pub(crate) u64);

/// A whole body.
pub(crate) struct Raw(pub(crate) Bytes);

/// A body in JSON.
pub(crate) struct Payload<T>(pub(crate) T);

impl FromRequest<Arc<App>> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Problem> {
        let BodyLimit(limit) = request.extensions().get().copied().expect("BUG: each endpoint has a limit");
        read(request.into_body(), limit).await.map(Self)
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Payload<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let Raw(bytes) = Raw::from_request(request, app).await?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| Failure::new(FailureCode::BadRequest, error.to_string()).into())
    }
}

async fn read(body: Body, limit: u64) -> Result<Bytes, Problem> {
    let too_large = || Failure::new(FailureCode::TooLarge, "the body is too large").with("limit", limit);
    let announced = body.size_hint().lower();
    if announced > limit {
        return Err(too_large().into());
    }
    let mut stream = body.into_data_stream();
    let mut bytes = BytesMut::with_capacity(usize::try_from(announced).unwrap_or_default());
    loop {
        let next = tokio::time::timeout(SILENCE, stream.next())
            .await
            .map_err(|_| Failure::new(FailureCode::BadRequest, "the sender stopped in the middle of the body"))?;
        let Some(chunk) = next else {
            return Ok(bytes.freeze());
        };
        let chunk =
            chunk.map_err(|error| Failure::new(FailureCode::BadRequest, format!("the body was cut: {error}")))?;
        if (bytes.len() + chunk.len()) as u64 > limit {
            return Err(too_large().into());
        }
        bytes.extend_from_slice(&chunk);
    }
}
