//! Contents on the wire. Binary frames are in `content::frame`; these are the questions around them.

use domain::content::ContentHash;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::command::ContentRef;

/// The most hashes one question may hold.
pub const MAX_HASHES: usize = 5_000;
/// Contents up to this many bytes travel many to a request.
pub const SMALL_CONTENT: u64 = 1024 * 1024;
/// The most bytes of small contents in one request.
pub const PACK_BYTES: u64 = 8 * 1024 * 1024;
/// The size of the parts of larger contents.
pub const PART_BYTES: u64 = 8 * 1024 * 1024;
/// The largest content accepted, in bytes.
pub const MAX_CONTENT: u64 = 64 * 1024 * 1024 * 1024;

/// Asks which contents the server does not hold for this person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct MissingRequest {
    /// At most [`MAX_HASHES`].
    pub contents: Vec<ContentRef>,
}

/// The contents to send, each with the parts already received of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct MissingReply {
    /// Those not held.
    pub missing: Vec<Missing>,
}

/// A content to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct Missing {
    /// Which.
    pub hash: ContentHash,
    /// Numbers of the parts already received, from 0.
    #[serde(default)]
    pub parts: Vec<u32>,
}

/// Asks for many small contents in one reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct FetchRequest {
    /// Hashes; the reply stops before [`PACK_BYTES`] is passed, so ask again for the rest.
    pub hashes: Vec<ContentHash>,
}
