//! Why the server's store refuses or fails.

use std::path::PathBuf;

use domain::content::ContentHash;

use crate::verify::DamagedContent;

/// A failure of [`PackStore`](crate::PackStore).
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The bytes that came are not the content announced.
    #[error("the bytes sent as content {expected} are content {found}")]
    WrongHash {
        /// The hash announced.
        expected: ContentHash,
        /// The hash of the bytes.
        found: ContentHash,
    },
    /// A content, or a batch, is larger than allowed.
    #[error("{size} bytes are more than {limit}")]
    TooLarge {
        /// Bytes that came or were announced.
        size: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// More items at once than allowed.
    #[error("{count} items are more than {limit}")]
    TooMany {
        /// Items that came.
        count: usize,
        /// Items allowed.
        limit: usize,
    },
    /// No upload of this content was begun.
    #[error("no upload of content {hash} was begun")]
    NoUpload {
        /// The content.
        hash: ContentHash,
    },
    /// The upload was begun with another size.
    #[error("the upload of content {hash} was begun with {begun} bytes")]
    OtherSize {
        /// The content.
        hash: ContentHash,
        /// The size it was begun with, in bytes.
        begun: u64,
    },
    /// A part has a number or a length that it cannot have.
    #[error("part {number} of content {hash} has {length} bytes instead of {expected}")]
    WrongPart {
        /// The content.
        hash: ContentHash,
        /// The number of the part, from 0.
        number: u32,
        /// The bytes that came.
        length: u64,
        /// The bytes it must have; 0 when there is no such part.
        expected: u64,
    },
    /// Parts are missing.
    #[error("{missing} parts of content {hash} are missing")]
    Incomplete {
        /// The content.
        hash: ContentHash,
        /// How many parts.
        missing: u32,
    },
    /// The range is not within the content.
    #[error("the range {start}..{end} is not within {size} bytes")]
    WrongRange {
        /// First byte asked for.
        start: u64,
        /// The byte after the last.
        end: u64,
        /// The content's size in bytes.
        size: u64,
    },
    /// What is stored is not the content any more.
    #[error(transparent)]
    Damaged(#[from] DamagedContent),
    /// Another process has the store open.
    #[error("{} is open in another process", folder.display())]
    InUse {
        /// The store's folder.
        folder: PathBuf,
    },
    /// A flush failed before: what the system holds is uncertain, and only opening the store again tells.
    #[error("the store failed to flush and must be opened again")]
    Broken,
    /// The disk failed.
    #[error(transparent)]
    Disk(#[from] disk::Error),
}
