//! Identities: newtypes over UUIDs, so that a document's id can never be taken for a person's.
//!
//! A new thing gets a UUIDv7 made by the workstation that creates it. A thing that two machines must be able to create
//! independently (the month folder of a fiscal year) gets a *derived* id: a UUIDv8 that hashes what the thing is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Text that is not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: {0:?}")]
pub struct InvalidId(pub String);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(pub Uuid);

        impl $name {
            /// The id that hashes `parts`: the same parts give the same id on every machine (UUIDv8 over BLAKE3).
            pub fn derived(parts: &[&str]) -> Self {
                Self(derived_uuid(stringify!($name), parts))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text).map(Self).map_err(|_| InvalidId(text.to_owned()))
            }
        }
    )*};
}

ids! {
    /// An accounting firm (*cabinet*).
    FirmId;
    /// Somebody who signs in: a collaborator of the firm.
    PersonId;
    /// A client of the firm (*dossier client*).
    ClientFileId;
    /// A fiscal year (*exercice*) of a client file.
    FiscalYearId;
    /// A folder or a document of a client file's tree. A client file's own id, read as a node, is the root of its tree.
    NodeId;
    /// One content of a document, in its history.
    VersionId;
    /// A remark on a document.
    CommentId;
    /// A workstation on which somebody signed in.
    WorkstationId;
    /// A command: made once by its author, executed once whatever the number of sends.
    CommandId;
}

impl ClientFileId {
    /// The root of the client file's tree.
    pub fn root(self) -> NodeId {
        NodeId(self.0)
    }
}

fn derived_uuid(kind: &str, parts: &[&str]) -> Uuid {
    let mut hasher = blake3::Hasher::new_derive_key("gedeon derived id v1");
    for part in std::iter::once(&kind).chain(parts) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Uuid::from_bytes(with_version_8(bytes))
}

/// RFC 9562 §5.8: version nibble 8, variant bits 10.
fn with_version_8(mut bytes: [u8; 16]) -> [u8; 16] {
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    bytes
}
