//! Failures as HTTP answers: the one place where the server's errors become failures, and failures become statuses.
//!
//! An answer is an RFC 9457 problem that is also a [`Failure`]: clients read `code`, `message` and `details`.

use std::any::Any;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use content::{FrameError, StoreError};
use protocol::failure::{Failure, FailureCode};

use crate::contents::ContentsError;
use crate::data::StartError;

/// A failure to answer with.
#[derive(Debug)]
pub(crate) struct Problem(pub(crate) Failure);

/// The status of each code.
pub(crate) fn status_of(code: FailureCode) -> StatusCode {
    use FailureCode as Code;
    match code {
        Code::BadRequest => StatusCode::BAD_REQUEST,
        Code::SignedOut | Code::WrongPassword => StatusCode::UNAUTHORIZED,
        Code::Denied => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::LinkInvalid => StatusCode::GONE,
        Code::NameTaken
        | Code::WouldCycle
        | Code::FixedFolder
        | Code::NoDocumentsHere
        | Code::ChangedSince
        | Code::FiscalYearGap
        | Code::ContentMissing => StatusCode::CONFLICT,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::WeakPassword
        | Code::InvalidName
        | Code::PathTooLong
        | Code::InvalidEmail
        | Code::InvalidCompanyNumber
        | Code::InvalidFiscalYear
        | Code::ContentDamaged
        | Code::LocalFile
        | Code::MirrorPlace => StatusCode::UNPROCESSABLE_ENTITY,
        Code::UpdateNeeded => StatusCode::UPGRADE_REQUIRED,
        Code::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Code::Offline => StatusCode::SERVICE_UNAVAILABLE,
        Code::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self(mut failure) = self;
        let status = status_of(failure.code);
        if failure.code == FailureCode::Internal {
            tracing::error!(cause = failure.message, "a request failed");
            // The cause may hold what is nobody's business, such as a path: it stays in the log.
            "a fault of the server, which logged it".clone_into(&mut failure.message);
        } else {
            tracing::debug!(code = ?failure.code, cause = failure.message, "a request was refused");
        }
        let body = serde_json::json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or("Error"),
            "status": status.as_u16(),
            "detail": failure.message,
            "code": failure.code,
            "message": failure.message,
            "details": failure.details,
        });
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
        let mut response = (status, kind, body.to_string()).into_response();
        if let Some(seconds) = failure.details.get("seconds")
            && let Ok(seconds) = seconds.parse()
        {
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

/// The answer where a handler panicked.
pub(crate) fn of_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("something that is not text");
    Problem(Failure::new(FailureCode::Internal, format!("panic: {said}"))).into_response()
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        Self(error.into_failure())
    }
}

impl From<StartError> for Problem {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Store(error) => error.into(),
            StartError::Contents(error) => error.into(),
            StartError::Disk(error) => error.into(),
            other => Self(Failure::new(FailureCode::Internal, other.to_string())),
        }
    }
}

impl From<disk::Error> for Problem {
    fn from(error: disk::Error) -> Self {
        let code = match error.kind() {
            disk::ErrorKind::NoSpace => FailureCode::DiskFull,
            _ => FailureCode::Internal,
        };
        Self(Failure::new(code, described(&error)))
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        Self(match error {
            StoreError::WrongHash { .. } | StoreError::Damaged(_) => Failure::new(FailureCode::ContentDamaged, message),
            StoreError::TooLarge { limit, .. } => Failure::new(FailureCode::TooLarge, message).with("limit", limit),
            StoreError::TooMany { limit, .. } => Failure::new(FailureCode::TooLarge, message).with("limit", limit),
            StoreError::NoUpload { .. } | StoreError::Incomplete { .. } => {
                Failure::new(FailureCode::ContentMissing, message)
            }
            StoreError::OtherSize { .. } | StoreError::WrongPart { .. } | StoreError::WrongRange { .. } => {
                Failure::new(FailureCode::BadRequest, message)
            }
            StoreError::InUse { .. } | StoreError::Broken => Failure::new(FailureCode::Internal, message),
            StoreError::Disk(error) => return error.into(),
        })
    }
}

impl From<ContentsError> for Problem {
    fn from(error: ContentsError) -> Self {
        let message = error.to_string();
        match error {
            ContentsError::Store(error) => error.into(),
            ContentsError::Disk(error) => error.into(),
            ContentsError::NotAllSent { missing, .. } => {
                Self(Failure::new(FailureCode::ContentMissing, message).with("missing", missing))
            }
            ContentsError::OtherBytes { .. } => Self(Failure::new(FailureCode::ContentDamaged, message)),
            ContentsError::Place(_) => Self(Failure::new(FailureCode::Internal, message)),
        }
    }
}

impl From<FrameError> for Problem {
    fn from(error: FrameError) -> Self {
        let message = error.to_string();
        Self(match error {
            FrameError::ItemTooLarge { limit, .. }
            | FrameError::TotalTooLarge { limit }
            | FrameError::TooMany { limit } => Failure::new(FailureCode::TooLarge, message).with("limit", limit),
            FrameError::WrongHash { expected } => {
                Failure::new(FailureCode::ContentDamaged, message).with("content", expected)
            }
            FrameError::Cut => Failure::new(FailureCode::BadRequest, message),
        })
    }
}

/// An error with its causes, for the log.
fn described(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
