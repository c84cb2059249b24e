//! Which removals and saves are too many, or too strange, to be told to the firm without a person's yes: pure.
//!
//! A hand on the wrong folder, a disk that fails and a program that encrypts everything look like work. What they do is
//! held: the rest goes on, and the person is asked where they will see it.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::ClientFileId;

/// How long ago a removal or a save may be to count together with others.
pub const WINDOW_MS: i64 = 10 * 60 * 1000;
/// More documents than this removed in that time are held, wherever they were.
pub const MOST_REMOVED: u32 = 25;
/// So are more than this share of a client file, in percent…
pub const MOST_OF_CLIENT_FILE: u32 = 5;
/// …where they are more than this: of a small client file a few documents are many percent.
pub const FEW: u32 = 10;
/// From this many documents on, saves that look encrypted are held.
pub const MOST_ENCRYPTED: u32 = 10;
/// How much of a content is looked at.
pub const BEGINNING: u64 = 4096;

/// Fewer bytes than this say nothing.
const FEWEST_BYTES: usize = 256;

/// How a client file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// Documents removed in the time that counts.
    pub documents: u32,
    /// Documents it has, those included.
    pub of: u32,
}

/// The client files whose removals are held.
pub fn too_many(removed: &BTreeMap<ClientFileId, Removed>) -> BTreeSet<ClientFileId> {
    let all: u32 = removed.values().map(|removed| removed.documents).sum();
    let is_held = |Removed { documents, of }: Removed| {
        let is_a_share = u64::from(documents) * 100 > u64::from(of) * u64::from(MOST_OF_CLIENT_FILE);
        all > MOST_REMOVED || (documents > FEW && is_a_share)
    };
    removed.iter().filter(|(_, removed)| is_held(**removed)).map(|(client_file, _)| *client_file).collect()
}

/// Extensions of what a firm files.
const KNOWN: [&str; 40] = [
    "pdf", "doc", "docx", "docm", "dot", "dotx", "xls", "xlsx", "xlsm", "xlsb", "ppt", "pptx", "odt", "ods", "odp",
    "rtf", "txt", "csv", "tsv", "xml", "json", "html", "htm", "md", "eml", "msg", "png", "jpg", "jpeg", "gif", "tif",
    "tiff", "bmp", "webp", "heic", "svg", "zip", "7z", "rar", "gz",
];

/// What contents of dense bytes begin with, where a program made them: at which byte, and what.
const BEGINNINGS: [(usize, &[u8]); 18] = [
    (0, b"%PDF"),
    (0, b"PK\x03\x04"),
    (0, b"PK\x05\x06"),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
    (0, b"\x89PNG"),
    (0, b"\xFF\xD8\xFF"),
    (0, b"GIF8"),
    (0, b"II*\0"),
    (0, b"MM\0*"),
    (0, b"BM"),
    (0, b"RIFF"),
    (4, b"ftyp"),
    (0, b"7z\xBC\xAF\x27\x1C"),
    (0, b"Rar!"),
    (0, b"\x1F\x8B"),
    (0, b"{\\rtf"),
    (0, b"<?xml"),
    (0, b"<svg"),
];

/// Whether a content that was saved as a document of this name is none that its type has, and looks encrypted. `name` may
/// carry one more extension, as programs that encrypt give; of a type that is not known nothing is said.
pub fn looks_encrypted(name: &str, beginning: &[u8]) -> bool {
    let mut extensions = name.rsplit('.').take(2).map(str::to_lowercase);
    let is_known = extensions.any(|extension| KNOWN.contains(&extension.as_str()));
    let has_a_beginning =
        BEGINNINGS.iter().any(|(at, bytes)| beginning.get(*at..).is_some_and(|rest| rest.starts_with(bytes)));
    is_known && !has_a_beginning && is_dense(beginning)
}

/// Whether a name is that of a document with one more extension, which is of no type known.
pub fn has_one_more_extension(name: &str) -> bool {
    let mut extensions = name.rsplit('.').map(str::to_lowercase);
    let is_known = |extension: Option<String>| extension.is_some_and(|extension| KNOWN.contains(&extension.as_str()));
    !is_known(extensions.next()) && is_known(extensions.next())
}

/// Whether bytes are as good as drawn by chance: two of them are the same less than once in a hundred times. Text and its
/// encodings, base64 included, repeat themselves more.
fn is_dense(bytes: &[u8]) -> bool {
    let mut counts = [0_u64; 256];
    for byte in bytes {
        counts[usize::from(*byte)] += 1;
    }
    let same: u64 = counts.iter().map(|count| count * count.saturating_sub(1)).sum();
    let pairs: u64 = counts.iter().sum::<u64>().pow(2);
    bytes.len() >= FEWEST_BYTES && same * 100 < pairs
}
