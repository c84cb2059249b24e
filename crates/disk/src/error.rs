//! What went wrong on a disk: which operation, on which path, and of which kind the engine can act on.
//!
//! The French sentence that a person reads is made elsewhere, from [`ErrorKind`] and the path.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The result of every operation of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// The kinds of failure that an engine treats differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorKind {
    /// Nothing has this name.
    NotFound,
    /// Something already has this name, and nothing was replaced.
    AlreadyExists,
    /// The system refuses this user this operation, or the volume is read-only.
    PermissionDenied,
    /// A program keeps the file open or locked; trying again later may succeed.
    Busy,
    /// The volume or the user's quota is full.
    NoSpace,
    /// A name or a whole path is longer than the volume allows.
    NameTooLong,
    /// The volume refuses the characters or the form of the name.
    InvalidName,
    /// A folder was needed and something else was found.
    NotADirectory,
    /// A plain file was needed and a folder, a symbolic link or a device was found.
    NotAFile,
    /// The folder to remove still holds entries.
    DirectoryNotEmpty,
    /// The file is larger than the limit given by the caller.
    TooLarge,
    /// Source and target lie on different volumes, so nothing can be moved at once.
    OtherVolume,
    /// The machine stopped here (fault injection only).
    Crashed,
    /// Anything else; the source says what.
    Other,
}

/// The operations of [`crate::Filesystem`], to name them in errors and to aim faults at them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Reading the entries of a folder.
    List,
    /// Reading the metadata of an entry.
    Stat,
    /// Opening a file to read it.
    Open,
    /// Reading bytes of a file.
    Read,
    /// Creating a file.
    Create,
    /// Writing bytes to a file just created.
    Write,
    /// Closing a file just created.
    Finish,
    /// Creating a folder.
    CreateDir,
    /// Moving an entry to a free name.
    Rename,
    /// Exchanging two entries.
    Exchange,
    /// Copying a file to a free name.
    Copy,
    /// Removing a file or a symbolic link.
    RemoveFile,
    /// Removing an empty folder.
    RemoveDir,
    /// Setting the time of modification.
    SetModified,
    /// Setting or clearing the read-only attribute.
    SetReadOnly,
    /// Keeping file managers from showing an entry.
    Hide,
    /// Flushing a file's content.
    SyncFile,
    /// Flushing a folder's entries.
    SyncDir,
    /// Flushing a whole tree.
    SyncTree,
    /// Asking for the free space.
    FreeSpace,
}

impl Operation {
    /// Whether the operation changes what the disk holds (flushing does not).
    pub fn is_change(self) -> bool {
        matches!(
            self,
            Self::Create
                | Self::Write
                | Self::Finish
                | Self::CreateDir
                | Self::Rename
                | Self::Exchange
                | Self::Copy
                | Self::RemoveFile
                | Self::RemoveDir
                | Self::SetModified
                | Self::SetReadOnly
                | Self::Hide
        )
    }

    /// Whether the operation needs room on the volume.
    pub fn takes_space(self) -> bool {
        matches!(self, Self::Create | Self::Write | Self::CreateDir | Self::Copy)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::List => "list",
            Self::Stat => "stat",
            Self::Open => "open",
            Self::Read => "read",
            Self::Create => "create",
            Self::Write => "write",
            Self::Finish => "finish",
            Self::CreateDir => "create folder",
            Self::Rename => "rename",
            Self::Exchange => "exchange",
            Self::Copy => "copy",
            Self::RemoveFile => "remove file",
            Self::RemoveDir => "remove folder",
            Self::SetModified => "set modification time",
            Self::SetReadOnly => "set read-only",
            Self::Hide => "hide",
            Self::SyncFile => "flush file",
            Self::SyncDir => "flush folder",
            Self::SyncTree => "flush tree",
            Self::FreeSpace => "free space",
        })
    }
}

/// A failed operation on a disk.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{operation} {}: {kind:?}", path.display())]
pub struct Error {
    kind: ErrorKind,
    operation: Operation,
    path: PathBuf,
    #[source]
    source: Option<Arc<io::Error>>,
}

impl Error {
    /// An error that this crate found by itself, without the system's saying so.
    pub fn new(kind: ErrorKind, operation: Operation, path: &Path) -> Self {
        Self { kind, operation, path: path.to_path_buf(), source: None }
    }

    /// Names the path and the operation of a system's error.
    ///
    /// An [`io::Error`] that a reader or a writer of this crate gave out comes back as the error it carried.
    pub fn from_io(operation: Operation, path: &Path, error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(carried) => carried,
            Err(error) => {
                Self { kind: kind_of(&error), operation, path: path.to_path_buf(), source: Some(Arc::new(error)) }
            }
        }
    }

    /// What the engine can act on.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The operation that failed.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// The path it failed on.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl From<Error> for io::Error {
    /// Carries the error through the `Read` and `Write` traits; [`Error::from_io`] takes it out again.
    fn from(error: Error) -> Self {
        let kind = match error.kind {
            ErrorKind::NotFound => io::ErrorKind::NotFound,
            ErrorKind::AlreadyExists => io::ErrorKind::AlreadyExists,
            ErrorKind::PermissionDenied => io::ErrorKind::PermissionDenied,
            ErrorKind::Busy => io::ErrorKind::ResourceBusy,
            ErrorKind::NoSpace => io::ErrorKind::StorageFull,
            ErrorKind::TooLarge => io::ErrorKind::FileTooLarge,
            _ => io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}

fn kind_of(error: &io::Error) -> ErrorKind {
    if let Some(kind) = error.raw_os_error().and_then(kind_of_code) {
        return kind;
    }
    match error.kind() {
        io::ErrorKind::NotFound => ErrorKind::NotFound,
        io::ErrorKind::AlreadyExists => ErrorKind::AlreadyExists,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => ErrorKind::PermissionDenied,
        io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy => ErrorKind::Busy,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorKind::NoSpace,
        io::ErrorKind::InvalidFilename => ErrorKind::NameTooLong,
        io::ErrorKind::NotADirectory => ErrorKind::NotADirectory,
        io::ErrorKind::IsADirectory => ErrorKind::NotAFile,
        io::ErrorKind::DirectoryNotEmpty => ErrorKind::DirectoryNotEmpty,
        io::ErrorKind::CrossesDevices => ErrorKind::OtherVolume,
        io::ErrorKind::FileTooLarge => ErrorKind::TooLarge,
        _ => ErrorKind::Other,
    }
}

/// The codes that the standard library has no stable kind for.
#[cfg(unix)]
fn kind_of_code(code: i32) -> Option<ErrorKind> {
    use rustix::io::Errno;
    // A symbolic link opened without following it.
    (code == Errno::LOOP.raw_os_error()).then_some(ErrorKind::NotAFile)
}

/// The codes that the standard library has no stable kind for.
#[cfg(windows)]
fn kind_of_code(code: i32) -> Option<ErrorKind> {
    match code {
        // Sharing violation, lock violation, delete pending (an antivirus still holds a removed file), a file that a
        // program maps into its memory, and the three ways in which a replacement is kept from its name.
        32 | 33 | 303 | 1224 | 1175..=1177 => Some(ErrorKind::Busy),
        // Invalid name, bad path name.
        123 | 161 => Some(ErrorKind::InvalidName),
        206 => Some(ErrorKind::NameTooLong),
        _ => None,
    }
}
