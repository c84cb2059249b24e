//! Who has which document open: told between workstations while it lasts, never kept, and in nobody's way.

use domain::id::{NodeId, PersonId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How long what a workstation told is believed, in milliseconds: it tells it again before.
pub const LEASE: i64 = 90_000;
/// The most documents a workstation tells of.
pub const MAX_OPEN: usize = 200;
/// The longest name of a program, in characters.
pub const MAX_PROGRAM: usize = 40;

/// A document that a program of this workstation has open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct OpenDocument {
    /// Which.
    pub document: NodeId,
    /// In what: `Word`, `Excel`, `LibreOffice`.
    pub program: String,
}

/// Tells which documents are open on this workstation, all of them, and asks which are on others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct PresenceRequest {
    /// At most [`MAX_OPEN`].
    pub open: Vec<OpenDocument>,
}

/// A document that somebody has open on another workstation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct OpenedElsewhere {
    /// Which.
    pub document: NodeId,
    /// By whom.
    pub person: PersonId,
    /// In what.
    pub program: String,
}

/// What is open on other workstations, of what the asker may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct PresenceReply {
    /// In the order of documents.
    pub elsewhere: Vec<OpenedElsewhere>,
}
