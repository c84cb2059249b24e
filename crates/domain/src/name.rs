//! Names that every disk can hold.
//!
//! The server accepts a folder's or document's name only if Windows, macOS and Linux can all write it, so that no
//! workstation ever has to invent another one. A name typed by a person is refused with the repair proposed; a name that
//! comes by machine (a dropped folder, an import) is repaired by [`portable`].

use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization as _;

/// The longest name, in UTF-16 units: below the 255 of NTFS and APFS and, in UTF-8, of ext4 for Latin text.
pub const MAX_NAME_UTF16: usize = 120;
/// The longest name in UTF-8 bytes: ext4 and most Linux file systems stop at 255.
pub const MAX_NAME_BYTES: usize = 240;
/// The longest path below the mirror's root, in UTF-16 units. With a root of at most 60 it stays below the 218 that
/// Excel opens (Microsoft KB 213983).
pub const MAX_PATH_UTF16: usize = 150;

/// Why a name is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing, or only spaces and dots.
    #[error("the name is empty")]
    Empty,
    /// A character that Windows forbids, or a control character.
    #[error("the name has the forbidden character {0:?}")]
    ForbiddenCharacter(char),
    /// `CON`, `nul.txt`, `COM1`…
    #[error("the name is reserved by Windows")]
    Reserved,
    /// Windows drops trailing spaces and dots, so two names would become one.
    #[error("the name ends with a space or a dot")]
    TrailingSpaceOrDot,
    /// Longer than [`MAX_NAME_UTF16`] or [`MAX_NAME_BYTES`].
    #[error("the name is too long")]
    TooLong,
    /// A name that programs use for their own passing files (`~$…`, `.~lock…`, `desktop.ini`), which the mirror ignores.
    #[error("the name is one that programs use for temporary files")]
    Temporary,
}

/// What a name of nothing but spaces and dots becomes.
const UNNAMED: &str = "Sans nom";
const FORBIDDEN: &str = "<>:\"/\\|?*";

/// Checks that `name` can be written on every disk.
pub fn check(name: &str) -> Result<(), InvalidName> {
    if name.trim_matches([' ', '.']).is_empty() {
        return Err(InvalidName::Empty);
    }
    if let Some(c) = name.chars().find(|c| is_forbidden(*c)) {
        return Err(InvalidName::ForbiddenCharacter(c));
    }
    if name.ends_with([' ', '.']) || name.starts_with(' ') {
        return Err(InvalidName::TrailingSpaceOrDot);
    }
    if is_reserved(name) {
        return Err(InvalidName::Reserved);
    }
    if is_too_long(name) {
        return Err(InvalidName::TooLong);
    }
    if is_temporary(name) {
        return Err(InvalidName::Temporary);
    }
    Ok(())
}

/// The nearest name that [`check`] accepts: NFC, forbidden characters as `_`, trailing dots removed, cut before the
/// extension when too long. Applying it twice changes nothing more.
pub fn portable(name: &str) -> String {
    let composed: String = name.nfc().map(|c| if is_forbidden(c) { '_' } else { c }).collect();
    let mut repaired = trimmed(&composed);
    // Each repair can make another one necessary: a name cut short may end with `.tmp`.
    loop {
        if is_too_long(&repaired) {
            repaired = shortened(&repaired);
        } else if has_temporary_extension(&repaired.to_lowercase()) {
            repaired.push('_');
        } else if is_reserved(&repaired) || is_temporary(&repaired) {
            repaired.insert(0, '_');
        } else {
            return repaired;
        }
    }
}

/// `name` without the spaces and dots that Windows drops.
fn trimmed(name: &str) -> String {
    let trimmed = name.trim_start_matches(' ').trim_end_matches([' ', '.']);
    if trimmed.trim_matches([' ', '.']).is_empty() { UNNAMED.to_owned() } else { trimmed.to_owned() }
}

/// The key under which two names of one folder are the same: NFC and case aside. Stored, never recomputed elsewhere.
pub fn key(name: &str) -> String {
    name.chars().nfc().default_case_fold().nfc().collect()
}

/// `name` with ` (n)` before its extension: the only form in which the product makes a name up.
pub fn numbered(name: &str, n: u32) -> String {
    let (stem, extension) = split_extension(name);
    cut(stem, &format!(" ({n}){extension}"))
}

/// `stem` and `ending`, the stem cut where the whole is too long for a name.
fn cut(stem: &str, ending: &str) -> String {
    let mut stem = stem.to_owned();
    while is_too_long(&format!("{stem}{ending}")) && stem.pop().is_some() {}
    format!("{}{ending}", trimmed(&stem))
}

/// Files that programs make in passing and that are nobody's documents: never synced, never shown.
pub fn is_temporary(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.starts_with("~$")
        || lower.starts_with(".~lock.")
        || lower.starts_with("._")
        || lower.starts_with(".gedeon")
        || has_temporary_extension(&lower)
        || matches!(lower.as_str(), ".ds_store" | "thumbs.db" | "desktop.ini" | ".directory")
}

/// Splits `facture.pdf` into `facture` and `.pdf`. A leading dot or a very long tail is not an extension.
pub fn split_extension(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at <= 12 && !name[at..].contains(' ') => name.split_at(at),
        _ => (name, ""),
    }
}

fn has_temporary_extension(lower: &str) -> bool {
    ["tmp", "part", "crdownload", "swp"].iter().any(|extension| has_extension(lower, extension))
}

fn has_extension(lower: &str, extension: &str) -> bool {
    lower.len() > extension.len() + 1
        && lower.ends_with(extension)
        && lower.as_bytes()[lower.len() - extension.len() - 1] == b'.'
}

fn is_forbidden(c: char) -> bool {
    FORBIDDEN.contains(c) || c.is_control()
}

/// Device names of Windows, with or without an extension, the superscript digits included (Microsoft, "Naming files").
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") {
        return true;
    }
    let mut chars = stem.chars();
    let prefix: String = chars.by_ref().take(3).collect();
    matches!(prefix.as_str(), "COM" | "LPT")
        && matches!((chars.next(), chars.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
}

fn is_too_long(name: &str) -> bool {
    name.len() > MAX_NAME_BYTES || name.encode_utf16().count() > MAX_NAME_UTF16
}

fn shortened(name: &str) -> String {
    let (stem, extension) = split_extension(name);
    cut(stem, extension)
}

/// `name` in NFC, the form the server stores.
pub fn compose(name: &str) -> String {
    name.nfc().collect()
}
