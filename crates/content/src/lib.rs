//! Contents of documents, known by their hash: hashing, the server's store, the desktop's staging, the wire form.
//!
//! A content is a sequence of bytes named by its BLAKE3 hash ([`domain::content::ContentHash`]). What refers to it,
//! who may see it and where the server put it are facts, and live in the database: here are bytes alone. Nothing that
//! comes in is believed: each content is hashed before it gets its name, and again when it is read.
//!
//! Deliberately absent: compression, the choice of what to send, and the collection of contents nobody refers to.

mod frame;
mod hash;
mod packs;
mod staging;
mod verify;

pub use frame::{FrameDecoder, FrameError, FrameLimits, FrameWriter, HEADER_LENGTH};
pub use hash::{Digest, Evidence, Hasher, InvalidSha256, Sha256Hash, hash_file, hash_reader};
pub use packs::{
    Flush, InvalidPlace, PART_SIZE, PackOptions, PackStore, PartSet, Place, SMALL_LIMIT, StoreError, Upload,
};
pub use staging::{Captured, MAX_SIZE, StagingError, StagingStore};
pub use verify::{DamagedContent, VerifyingReader};
