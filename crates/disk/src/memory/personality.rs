//! What the three file systems of our users hold to be the same name, and which names they refuse.

use std::ffi::OsStr;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

use crate::ErrorKind;

/// The habits that a [`MemoryDisk`](crate::MemoryDisk) takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Personality {
    /// Names are bytes; a file kept open may be moved and removed.
    Ext4Like,
    /// Names keep their case and ignore it; reserved names and characters are refused; a file that a program keeps
    /// open cannot be moved or removed; a read-only file cannot be removed; times have steps of 100 ns.
    NtfsLike,
    /// Names keep their case and normal form and ignore both; a file kept open may be moved and removed.
    ApfsLike,
}

const DEVICES: [&str; 24] = [
    "CON", "PRN", "AUX", "NUL", "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "LPT0",
    "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
];

impl Personality {
    /// The key under which a folder keeps a name.
    ///
    /// `InvalidName` for names that are no text where the volume stores text.
    pub(super) fn key(self, name: &OsStr) -> Result<Vec<u8>, ErrorKind> {
        match self {
            Self::Ext4Like => Ok(name.as_encoded_bytes().to_vec()),
            Self::NtfsLike => {
                let text = name.to_str().ok_or(ErrorKind::InvalidName)?;
                Ok(text.chars().map(upper_case).collect::<String>().into_bytes())
            }
            Self::ApfsLike => {
                let text = name.to_str().ok_or(ErrorKind::InvalidName)?;
                Ok(text.nfd().default_case_fold().nfd().collect::<String>().into_bytes())
            }
        }
    }

    /// Refuses a name longer than the volume stores: 255 bytes, or UTF-16 units on NTFS.
    pub(super) fn check_length(self, name: &OsStr) -> Result<(), ErrorKind> {
        let length = match self {
            Self::Ext4Like | Self::ApfsLike => name.len(),
            Self::NtfsLike => name.to_string_lossy().encode_utf16().count(),
        };
        if length > 255 { Err(ErrorKind::NameTooLong) } else { Ok(()) }
    }

    /// Refuses what the volume would not store.
    pub(crate) fn check_name(self, name: &OsStr) -> Result<(), ErrorKind> {
        self.check_length(name)?;
        match (self, name.to_str()) {
            (Self::Ext4Like, _) | (Self::ApfsLike, Some(_)) => Ok(()),
            (_, None) => Err(ErrorKind::InvalidName),
            (Self::NtfsLike, Some(text)) => {
                let is_device = DEVICES.iter().any(|device| {
                    let stem = text.split('.').next().unwrap_or(text);
                    stem.trim_end().eq_ignore_ascii_case(device)
                });
                let is_illegal =
                    text.contains(|character: char| (character as u32) < 32 || r#"<>:"/\|?*"#.contains(character));
                if is_device || is_illegal || text.ends_with(' ') || text.ends_with('.') {
                    Err(ErrorKind::InvalidName)
                } else {
                    Ok(())
                }
            }
        }
    }

    /// The longest whole path, in bytes.
    pub(super) fn path_limit(self) -> usize {
        match self {
            Self::Ext4Like => 4095,
            Self::NtfsLike => 32_767,
            Self::ApfsLike => 1024,
        }
    }

    /// A time as the volume stores it.
    pub(super) fn stored_time(self, nanoseconds: i64) -> i64 {
        match self {
            Self::NtfsLike => nanoseconds.div_euclid(100) * 100,
            Self::Ext4Like | Self::ApfsLike => nanoseconds,
        }
    }

    /// The distance between two stamps of change that the volume can tell apart.
    pub(super) fn time_step(self) -> i64 {
        match self {
            Self::NtfsLike => 100,
            Self::Ext4Like | Self::ApfsLike => 1,
        }
    }

    /// Whether a program that keeps a file open keeps others from moving and removing it.
    pub(super) fn has_sharing_violations(self) -> bool {
        self == Self::NtfsLike
    }
}

/// NTFS compares by a table of single upper-case letters: `ß` stays itself.
fn upper_case(character: char) -> char {
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None) => single,
        _ => character,
    }
}
