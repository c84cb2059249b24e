//! What the engine tells the interface: which data to read again, and progress.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Groups of data that change together; queries declare which they show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "protocol.ts")]
pub enum Tag {
    /// People and who is signed in.
    People,
    /// Client files, their fiscal years and assignments.
    ClientFiles,
    /// Folders, documents, versions, comments, marks and badges.
    Documents,
    /// The state of synchronisation.
    Sync,
    /// Settings of this workstation.
    Settings,
    /// What others have open.
    Presence,
}

#[expect(missing_docs, reason = "each variant says what its fields are")]
/// An event, sent at most ten times a second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "event", rename_all = "snake_case")]
#[ts(export_to = "protocol.ts")]
pub enum AppEvent {
    /// Data of these groups changed.
    Changed { tags: Vec<Tag> },
    /// Something to tell the user once, made of a code and values.
    Notice {
        code: String,
        #[ts(type = "Record<string, string>")]
        details: std::collections::BTreeMap<String, String>,
    },
}
