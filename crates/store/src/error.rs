//! What can go wrong in the store.

use protocol::failure::{Failure, FailureCode};

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command or query is not allowed or not possible; nothing was changed.
    #[error("refused: {0}")]
    Refused(Failure),
    /// The database answered with an error.
    #[error("database: {0}")]
    Database(String),
    /// A value that the database cannot hold, or that breaks one of its rules: the fault of whoever sent it.
    #[error("not acceptable to the database: {0}")]
    Data(String),
    /// The database is on another machine, which it would be reached on without encryption.
    #[error(
        "PostgreSQL is on {host}: it is reached without encryption, so it must be on this machine, or behind a tunnel that ends on it"
    )]
    Exposed {
        /// The host of the URL.
        host: String,
    },
    /// The disk that holds the database is full.
    #[error("no room left for the database")]
    Full,
    /// A stored value is not what its column says.
    #[error("unreadable value in {0}")]
    Value(String),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migration(String),
}

/// The result of the store's functions.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A refusal.
    pub fn refused(code: FailureCode, message: impl Into<String>) -> Self {
        Self::Refused(Failure::new(code, message))
    }

    /// The failure to answer a caller with. The one place where the store's errors become failures.
    pub fn into_failure(self) -> Failure {
        match self {
            Self::Refused(failure) => failure,
            Self::Full => Failure::new(FailureCode::DiskFull, "no room left for the database"),
            Self::Data(cause) => Failure::new(FailureCode::BadRequest, cause),
            other => Failure::new(FailureCode::Internal, other.to_string()),
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            Some(
                rusqlite::ErrorCode::ConstraintViolation
                | rusqlite::ErrorCode::TypeMismatch
                | rusqlite::ErrorCode::TooBig,
            ) => Self::Data(error.to_string()),
            _ => Self::Database(error.to_string()),
        }
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        match error.code() {
            Some(code) if *code == postgres::error::SqlState::DISK_FULL => Self::Full,
            code => {
                let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
                let text = format!("{error} {cause}");
                // Classes 22, data exceptions, and 23, integrity constraints.
                match code {
                    Some(code) if code.code().starts_with("22") || code.code().starts_with("23") => Self::Data(text),
                    _ => Self::Database(text),
                }
            }
        }
    }
}
