//! Failures: a code for machines, the values that make a sentence of it for people, and a cause for logs.
//!
//! The sentence itself is made by the interface, in the reader's language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What went wrong, as far as a caller acts on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "protocol.ts")]
pub enum FailureCode {
    /// Not understood or out of limits.
    BadRequest,
    /// No session, or one that expired or was revoked.
    SignedOut,
    /// Wrong e-mail or password.
    WrongPassword,
    /// Too many tries; `seconds` says how long to wait.
    TooManyTries,
    /// A link that was used, expired or never existed.
    LinkInvalid,
    /// A password that is too short or too common.
    WeakPassword,
    /// The person may not do this.
    Denied,
    /// The row does not exist, or is out of sight.
    NotFound,
    /// A name that not every disk can hold; `proposal` is the repaired one, `reason` says why.
    InvalidName,
    /// Another folder or document of the place has this name; `proposal` is a free one.
    NameTaken,
    /// The path would be longer than Excel opens.
    PathTooLong,
    /// A folder cannot be moved into itself.
    WouldCycle,
    /// A folder of the tree itself: not to be renamed, moved or trashed.
    FixedFolder,
    /// Documents cannot be put here: the place is a container, or the root.
    NoDocumentsHere,
    /// Somebody changed the row since: the change, or its undoing, no longer applies.
    ChangedSince,
    /// An e-mail address that cannot be one, or is already used.
    InvalidEmail,
    /// A SIREN or SIRET with a wrong shape or key, or already used.
    InvalidCompanyNumber,
    /// Dates that are not a fiscal year; `reason` is `order`, `too_long` or `overlap`.
    InvalidFiscalYear,
    /// The fiscal year leaves a gap with its neighbour: allowed once confirmed.
    FiscalYearGap,
    /// The server does not hold the content yet.
    ContentMissing,
    /// The bytes are not those their hash announces.
    ContentDamaged,
    /// More than is accepted: `limit` says how much.
    TooLarge,
    /// No room left on the disk of whoever answers.
    DiskFull,
    /// The server cannot be reached.
    Offline,
    /// The desktop is too old for this server.
    UpdateNeeded,
    /// A file or folder of this workstation cannot be read or written; `path` and `reason` say which and why.
    LocalFile,
    /// The mirror's place is not usable; `reason` says why.
    MirrorPlace,
    /// A fault of the product: logged with its cause.
    Internal,
}

/// A failure as it crosses boundaries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{code:?}: {message}")]
#[ts(export_to = "protocol.ts")]
pub struct Failure {
    /// For machines.
    pub code: FailureCode,
    /// For logs: English, lower case. Never shown as it is.
    pub message: String,
    /// Values for the sentence, such as `name` or `proposal`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(type = "Record<string, string>")]
    pub details: BTreeMap<String, String>,
}

impl Failure {
    /// A failure with its message for logs.
    pub fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: BTreeMap::new() }
    }

    /// Adds a value for the sentence.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.details.insert(key.to_owned(), value.to_string());
        self
    }
}
