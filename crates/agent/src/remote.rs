//! What the engine asks of a server, and the ways it can fail. The HTTP client is in `host`; the simulator has another.

use protocol::failure::{Failure, FailureCode};

/// Why a request had no answer to work with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// No answer: the network, the server, or a reply lost on the way. The request may have been carried out.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// The session expired or was revoked.
    #[error("the session is over")]
    SignedOut,
    /// This desktop is too old for the server.
    #[error("this desktop is too old for the server")]
    UpdateNeeded,
    /// The server answered with a failure.
    #[error("the server refused: {0}")]
    Refused(Failure),
}

impl RemoteError {
    /// The error of a failure the server answered with.
    pub fn of(failure: Failure) -> Self {
        match failure.code {
            FailureCode::SignedOut => Self::SignedOut,
            FailureCode::UpdateNeeded => Self::UpdateNeeded,
            FailureCode::Offline => Self::Unreachable(failure.message),
            _ => Self::Refused(failure),
        }
    }

    /// The failure to show, for a call that needs the server.
    pub fn into_failure(self) -> Failure {
        match self {
            Self::Unreachable(cause) => Failure::new(FailureCode::Offline, cause),
            Self::SignedOut => Failure::new(FailureCode::SignedOut, "the session is over"),
            Self::UpdateNeeded => Failure::new(FailureCode::UpdateNeeded, "this desktop is too old"),
            Self::Refused(failure) => failure,
        }
    }
}

/// The result of a request.
pub type Answer<T> = Result<T, RemoteError>;
