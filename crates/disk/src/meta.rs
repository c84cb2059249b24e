//! What a file system says about an entry, and the fingerprint by which a change is noticed.
//!
//! Times are nanoseconds since 1970 in UTC; nothing here compares them with a clock.

use std::ffi::OsString;
use std::fmt;
use std::str::FromStr;

use crate::Error;

/// What an entry of a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// A plain file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link (on Windows: any reparse point that leads elsewhere).
    Symlink,
    /// A device, a pipe, a socket.
    Other,
}

/// The volume that an entry lies on: device number or serial number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VolumeId(pub u64);

/// What identifies a file on its machine while it exists, whatever its name.
///
/// A system may give the number of a removed file to another: a match also needs the content or the times to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId {
    /// The volume it lies on.
    pub volume: VolumeId,
    /// Inode number, or file index on Windows.
    pub index: u128,
}

impl fmt::Display for FileId {
    /// `volume:index`, both in hexadecimal.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:x}:{:x}", self.volume.0, self.index)
    }
}

/// A text is not the form that [`FileId`] displays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a file id is written volume:index in hexadecimal")]
pub struct InvalidFileId;

impl FromStr for FileId {
    type Err = InvalidFileId;

    fn from_str(text: &str) -> Result<Self, InvalidFileId> {
        let (volume, index) = text.split_once(':').ok_or(InvalidFileId)?;
        Ok(Self {
            volume: VolumeId(u64::from_str_radix(volume, 16).map_err(|_| InvalidFileId)?),
            index: u128::from_str_radix(index, 16).map_err(|_| InvalidFileId)?,
        })
    }
}

/// The metadata of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta {
    /// What it is.
    pub kind: FileKind,
    /// Bytes of content; 0 for all but plain files.
    pub size: u64,
    /// When the content was last modified, as programs may set it, in nanoseconds since 1970.
    pub modified_ns: i64,
    /// When content, name or attributes last changed, in nanoseconds since 1970. Programs cannot set it back.
    ///
    /// On volumes that do not keep it (FAT) it is the time of modification.
    pub changed_ns: i64,
    /// Its identity on this machine.
    pub file_id: FileId,
    /// How many names the file has; 1 for almost all.
    pub links: u64,
    /// Whether the owner may not write it.
    pub is_read_only: bool,
}

impl Meta {
    /// What to compare to notice that a file is not the one that was read.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint {
            size: self.size,
            modified_ns: self.modified_ns,
            changed_ns: self.changed_ns,
            file_id: self.file_id,
        }
    }

    /// Whether it is a plain file.
    pub fn is_file(&self) -> bool {
        self.kind == FileKind::File
    }

    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.kind == FileKind::Folder
    }
}

/// The cheap sign of a file's state: equal fingerprints mean that the content was not touched.
///
/// Size and time of modification alone miss an edit of the same length whose time was put back; the time of change
/// and the identity catch it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint {
    /// Bytes of content.
    pub size: u64,
    /// Time of modification, in nanoseconds since 1970.
    pub modified_ns: i64,
    /// Time of change, in nanoseconds since 1970.
    pub changed_ns: i64,
    /// Identity of the file.
    pub file_id: FileId,
}

/// One name of a folder, and what it leads to.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The name as the volume spells it.
    pub name: OsString,
    /// Its metadata, or why it could not be had: one unreadable entry does not hide its siblings.
    pub meta: Result<Meta, Error>,
}
