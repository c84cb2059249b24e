//! A record of a pack: `GDC1`, hash (32 bytes), length (u32, little-endian), bytes.

use std::path::{Path, PathBuf};

use domain::content::ContentHash;

use super::SMALL_LIMIT;

/// Begins each record, so that a scan finds the next one behind a damaged header.
pub(super) const MAGIC: [u8; 4] = *b"GDC1";

/// The bytes before the content.
pub(super) const HEADER: usize = 40;

/// A content on its way into a pack.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    pub(super) hash: ContentHash,
    pub(super) bytes: &'a [u8],
}

impl Record<'_> {
    /// The content's size, which `SMALL_LIMIT` keeps within an `u32`.
    pub(super) fn size(&self) -> u32 {
        u32::try_from(self.bytes.len()).expect("BUG: small contents only")
    }

    pub(super) fn write_to(&self, pack: &mut Vec<u8>) {
        pack.extend_from_slice(&MAGIC);
        pack.extend_from_slice(&self.hash.0);
        pack.extend_from_slice(&self.size().to_le_bytes());
        pack.extend_from_slice(self.bytes);
    }
}

/// Reads the record that begins `bytes`: its hash and its content, unverified; `None` if there is no whole one.
pub(super) fn parse(bytes: &[u8]) -> Option<Record<'_>> {
    let rest = bytes.strip_prefix(&MAGIC)?;
    let (hash, rest) = rest.split_first_chunk::<32>()?;
    let (size, rest) = rest.split_first_chunk::<4>()?;
    let size = u32::from_le_bytes(*size);
    if u64::from(size) > SMALL_LIMIT {
        return None;
    }
    let bytes = rest.get(..usize::try_from(size).ok()?)?;
    Some(Record { hash: ContentHash(*hash), bytes })
}

pub(super) fn pack_path(packs: &Path, number: u32) -> PathBuf {
    packs.join(format!("{number:06}.pack"))
}
