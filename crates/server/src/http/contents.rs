//! Contents over HTTP: asking what to send, sending it, and getting it back.
//!
//! Small contents travel many to a request, large ones in parts. An answer that says yes means that the bytes are on
//! stable storage and that the sender may name them in a version.

use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use content::{FrameDecoder, FrameLimits, FrameWriter, HEADER_LENGTH};
use domain::content::ContentHash;
use failpoints::Point;
use protocol::command::ContentRef;
use protocol::failure::{Failure, FailureCode};
use protocol::transfer::{
    FetchRequest, MAX_CONTENT, MAX_HASHES, Missing, MissingReply, MissingRequest, PACK_BYTES, SMALL_CONTENT,
};
use serde::Deserialize;

use super::body::{Payload, Raw};
use super::problem::Problem;
use super::{App, Signed};

/// The most bytes of a pack of small contents, headers included.
pub(super) const PACK_LIMIT: u64 = PACK_BYTES + (MAX_HASHES * HEADER_LENGTH) as u64;
const _: () = assert!(content::MAX_SIZE == MAX_CONTENT, "workstations take what the server takes");
/// Bytes of a large content read at a time.
const CHUNK: u64 = 256 * 1024;

/// The size of a content sent in parts: `?size=`.
#[derive(Debug, Deserialize)]
pub(super) struct Total {
    size: u64,
}

impl FromRequestParts<Arc<App>> for Total {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        let Query(total) = Query::<Self>::try_from_uri(&parts.uri)
            .map_err(|error| Failure::new(FailureCode::BadRequest, error.to_string()))?;
        if total.size > MAX_CONTENT {
            let failure = Failure::new(FailureCode::TooLarge, "the content is too large");
            return Err(failure.with("limit", MAX_CONTENT).into());
        }
        Ok(total)
    }
}

/// Which contents are to be sent, with what came of them already.
pub(super) async fn missing(
    State(app): State<Arc<App>>,
    signed: Signed,
    Payload(request): Payload<MissingRequest>,
) -> Result<Json<MissingReply>, Problem> {
    app.disk
        .run(move || {
            let person = signed.session.person;
            let missing = signed.firm.firm.missing(person, &request.contents)?;
            let missing = missing.into_iter().map(|content| {
                let parts = if content.size > SMALL_CONTENT {
                    signed.firm.contents.parts_sent(person, content.hash)?
                } else {
                    Vec::new()
                };
                Ok(Missing { hash: content.hash, parts })
            });
            let missing = missing.collect::<Result<_, Problem>>()?;
            Ok(Json(MissingReply { missing }))
        })
        .await
}

/// Receives small contents.
pub(super) async fn pack(State(app): State<Arc<App>>, signed: Signed, Raw(body): Raw) -> Result<StatusCode, Problem> {
    let now = app.host.now();
    app.disk
        .run(move || -> Result<(), Problem> {
            let mut frames =
                FrameDecoder::new(FrameLimits { item: SMALL_CONTENT, total: PACK_LIMIT, count: MAX_HASHES as u64 });
            frames.feed(&body)?;
            let mut recorded = Vec::new();
            let mut new = Vec::new();
            while let Some((hash, bytes)) = frames.next_content()? {
                let content = ContentRef { hash, size: bytes.len() as u64 };
                match signed.firm.firm.stored(hash)? {
                    // The sender has shown the bytes: they may name the copy that is here.
                    Some(stored) if stored.size == content.size => {
                        recorded.push((content, stored.place));
                    }
                    _ => new.push((hash, bytes)),
                }
            }
            frames.finish()?;
            let places = signed.firm.contents.put_small(&new)?;
            failpoints::reached(Point::ServerStored);
            recorded.extend(new.iter().zip(places).map(|((hash, bytes), place)| {
                let content = ContentRef { hash: *hash, size: bytes.len() as u64 };
                (content, place.to_string())
            }));
            signed.firm.firm.record_contents(signed.session.person, &recorded, now)?;
            failpoints::reached(Point::ServerNamed);
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Receives a part of a large content.
pub(super) async fn put_part(
    State(app): State<Arc<App>>,
    signed: Signed,
    Path((hash, number)): Path<(String, String)>,
    Total { size }: Total,
    Raw(body): Raw,
) -> Result<StatusCode, Problem> {
    let hash = read_hash(&hash)?;
    let number = number.parse::<u32>().map_err(|_| Failure::new(FailureCode::BadRequest, "not a part's number"))?;
    app.disk
        .run(move || {
            let person = signed.session.person;
            signed.firm.contents.put_part(person, hash, size, number, &body)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a large content of its parts.
pub(super) async fn finish(
    State(app): State<Arc<App>>,
    signed: Signed,
    Path(hash): Path<String>,
    Total { size }: Total,
) -> Result<StatusCode, Problem> {
    let hash = read_hash(&hash)?;
    let content = ContentRef { hash, size };
    let now = app.host.now();
    app.disk
        .run(move || -> Result<(), Problem> {
            let (firm, person) = (&signed.firm.firm, signed.session.person);
            if firm.missing(person, &[content])?.is_empty() {
                // The answer to an earlier request was lost.
                return Ok(());
            }
            let place = signed.firm.contents.finish(person, hash, content.size)?;
            failpoints::reached(Point::ServerFinished);
            firm.record_contents(person, &[(content, place.to_string())], now)?;
            signed.firm.contents.settled(person, hash)?;
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a content, or a range of it.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    signed: Signed,
    Path(hash): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let hash = read_hash(&hash)?;
    let (reader, size, range) = app
        .disk
        .run(move || -> Result<_, Problem> {
            let stored = signed.firm.firm.readable(signed.session.person, hash)?;
            let stored = stored.ok_or_else(no_content)?;
            let range = asked_range(&headers, stored.size);
            let part = match &range {
                Asked::All => None,
                Asked::Part(range) => Some(range.clone()),
                Asked::Nothing => return Ok((None, stored.size, range)),
            };
            let reader = signed.firm.contents.read(hash, &stored.place, part)?;
            Ok((Some(reader), stored.size, range))
        })
        .await?;
    let (status, length, described) = match &range {
        Asked::All => (StatusCode::OK, size, None),
        Asked::Part(part) => (
            StatusCode::PARTIAL_CONTENT,
            part.end - part.start,
            Some(format!("bytes {}-{}/{size}", part.start, part.end - 1)),
        ),
        Asked::Nothing => (StatusCode::RANGE_NOT_SATISFIABLE, 0, Some(format!("bytes */{size}"))),
    };
    let body = reader.map_or_else(Body::empty, |reader| streamed(app, reader));
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, length.into());
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    if let Some(described) = described.and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(header::CONTENT_RANGE, described);
    }
    Ok(response)
}

/// Gives many small contents. Those that the caller may not read, or that are too large, are left out.
pub(super) async fn fetch(
    State(app): State<Arc<App>>,
    signed: Signed,
    Payload(request): Payload<FetchRequest>,
) -> Result<Response, Problem> {
    if request.hashes.len() > MAX_HASHES {
        let failure = Failure::new(FailureCode::TooLarge, "too many hashes");
        return Err(failure.with("limit", MAX_HASHES).into());
    }
    let frames = app
        .disk
        .run(move || -> Result<Vec<u8>, Problem> {
            let mut frames = FrameWriter::new(Vec::new());
            let mut total = 0;
            for hash in request.hashes {
                let Some(stored) = signed.firm.firm.readable(signed.session.person, hash)? else {
                    continue;
                };
                if stored.size > SMALL_CONTENT {
                    continue;
                }
                if total + stored.size > PACK_BYTES {
                    break;
                }
                total += stored.size;
                match signed.firm.contents.bytes(hash, &stored.place, SMALL_CONTENT) {
                    Ok(bytes) => frames
                        .push(hash, &bytes)
                        .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?,
                    // One damaged content must not keep the others from coming.
                    Err(error) => tracing::error!(%hash, %error, "a content cannot be read"),
                }
            }
            Ok(frames.into_inner())
        })
        .await?;
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))];
    Ok((kind, frames).into_response())
}

/// The same answer for what does not exist and for what is not theirs.
fn no_content() -> Failure {
    Failure::new(FailureCode::NotFound, "no such content")
}

fn read_hash(text: &str) -> Result<ContentHash, Problem> {
    text.parse().map_err(|_| Failure::new(FailureCode::BadRequest, "not a content's hash").into())
}

/// What a `Range` header asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    All,
    Part(Range<u64>),
    /// Bytes that the content does not have.
    Nothing,
}

/// Reads one range of bytes; several, or what is not understood, is answered with the whole, as RFC 9110 allows.
fn asked_range(headers: &HeaderMap, size: u64) -> Asked {
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let Some((first, last)) =
        asked.and_then(|text| text.strip_prefix("bytes=")).and_then(|range| range.split_once('-'))
    else {
        return Asked::All;
    };
    let range = match (first.trim(), last.trim()) {
        ("", last) => last.parse().ok().map(|count: u64| size.saturating_sub(count)..size),
        (first, "") => first.parse().ok().map(|first: u64| first..size),
        (first, last) => first
            .parse()
            .ok()
            .zip(last.parse::<u64>().ok())
            .map(|(first, last)| first..last.saturating_add(1).min(size)),
    };
    match range {
        None => Asked::All,
        Some(range) if range.start < range.end && range.start < size => Asked::Part(range),
        Some(_) => Asked::Nothing,
    }
}

/// Reads a content as fast as its receiver takes it; a slow receiver holds no thread.
fn streamed(app: Arc<App>, reader: Box<dyn Read + Send>) -> Body {
    Body::from_stream(futures_util::stream::unfold(Some(reader), move |reader| {
        let pool = app.disk.clone();
        async move {
            let mut reader = reader?;
            let (chunk, reader) = pool
                .run(move || {
                    let mut chunk = Vec::new();
                    let read = reader.by_ref().take(CHUNK).read_to_end(&mut chunk);
                    (read.map(|_| Bytes::from(chunk)), reader)
                })
                .await;
            match chunk {
                Ok(chunk) if chunk.is_empty() => None,
                Ok(chunk) => Some((Ok(chunk), Some(reader))),
                Err(error) => {
                    // The connection is cut: a cut answer cannot be taken for the content.
                    tracing::error!(%error, "a content could not be read to its end");
                    Some((Err(error), None))
                }
            }
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str, size: u64) -> Asked {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(text).expect("a header"));
        asked_range(&headers, size)
    }

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        for (text, expected) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=2-5", Asked::Part(2..6)),
            ("bytes=2-99", Asked::Part(2..10)),
            ("bytes=9-", Asked::Part(9..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-99", Asked::Part(0..10)),
            ("bytes=10-", Asked::Nothing),
            ("bytes=5-2", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=0-1,4-5", Asked::All),
            ("bytes=a-b", Asked::All),
            ("items=0-1", Asked::All),
        ] {
            assert_eq!(asked(text, 10), expected, "{text}");
        }
        assert_eq!(asked("bytes=0-", 0), Asked::Nothing);
        assert_eq!(asked_range(&HeaderMap::new(), 10), Asked::All);
    }
}
