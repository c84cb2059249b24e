//! The feed: how rows reach a replica.
//!
//! A replica asks for everything its user may see that changed after its cursor. Pages are staged and applied in one
//! transaction at the head that the last one announces. Rows are states, not events.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::command::{Envelope, Outcome};

/// Asks for the next page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct PullRequest {
    /// The head of the last pull applied; 0 for an empty replica.
    #[ts(type = "number")]
    pub cursor: i64,
    /// Hash of the set of scopes held, as the last pull gave it.
    pub sight: String,
    /// Scopes held, sent only when the server answered [`PullReply::SightChanged`].
    #[serde(default)]
    pub held: Option<Vec<String>>,
    /// Where the last page of this pull stopped.
    #[serde(default)]
    pub resume: Option<PageMark>,
    /// How many rows a page may have at most.
    pub limit: u32,
    /// The server's epoch the replica knows; empty at first.
    pub epoch: String,
}

/// The place a page stopped at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct PageMark {
    /// The head this pull goes to.
    #[ts(type = "number")]
    pub head: i64,
    /// Position among the tables and scopes still to send.
    pub part: u32,
    /// The last sequence number sent in that part.
    #[ts(type = "number")]
    pub after: i64,
    /// Set once everything up to an earlier head was sent, while rows were still being written: that head.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub since: Option<i64>,
    /// The scopes this pull is made for: if they change between two pages, the pull starts again.
    pub sight: String,
}

/// The answer to a pull.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum PullReply {
    /// A page of rows.
    Page(Page),
    /// The scopes changed: ask again with the scopes held.
    SightChanged,
    /// The server was restored from a backup, or is another one: its epoch differs.
    NewEpoch {
        /// The server's own.
        epoch: String,
    },
}

/// Rows of a pull.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct Page {
    /// The head this pull goes to, as far as this page knows: the last page's is the one the replica is at.
    #[ts(type = "number")]
    pub head: i64,
    /// The server's epoch.
    pub epoch: String,
    /// Rows, by table.
    pub tables: Vec<TableRows>,
    /// Where to go on; `None` on the last page.
    pub next: Option<PageMark>,
    /// On the last page: hash of the scopes now held.
    pub sight: String,
    /// On the last page, where the scopes changed: all the scopes now held.
    pub scopes: Option<Vec<String>>,
}

/// Rows of one table, as arrays in the order of `columns`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct TableRows {
    /// Table.
    pub table: String,
    /// Column names.
    pub columns: Vec<String>,
    /// Values: text, whole number or null.
    #[ts(type = "(string | number | null)[][]")]
    pub rows: Vec<Vec<serde_json::Value>>,
}

/// Sends commands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct PushRequest {
    /// At most 1,000, in the order they were made.
    pub commands: Vec<Envelope>,
    /// [`crate::SCHEMA_VERSION`] of the sender.
    pub schema_version: u32,
}

/// Outcomes, in the order of the commands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct PushReply {
    /// One for each command sent.
    pub outcomes: Vec<Outcome>,
}

/// A live hint: something changed; pull.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct Hint {
    /// The firm's sequence.
    #[ts(type = "number")]
    pub seq: i64,
}
