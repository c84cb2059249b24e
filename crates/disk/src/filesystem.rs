//! The trait through which every other crate reaches files.
//!
//! It has the operations that a careful mirror needs and no other: nothing here replaces a file, and nothing removes a
//! folder that holds something.

use std::io::{self, Read};
use std::path::Path;

use crate::{Entry, Error, ErrorKind, Meta, Operation, Result, VolumeId};

/// Whether a file's bytes must be on stable storage before the call returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// The system writes them when it likes: a power cut may leave the file empty, cut or full of zeros.
    Lazy,
    /// The bytes are flushed. The *name* is durable only after [`Filesystem::sync_dir`] on its folder.
    Flushed,
}

/// A file being written for the first time.
///
/// Dropped without [`finish`](Self::finish), it leaves on disk what was written, as the death of the process would.
/// Errors of `write` carry an [`Error`]: take it out with [`Error::from_io`].
pub trait WriteNew: io::Write + Send {
    /// Closes the file and tells what it is.
    fn finish(self: Box<Self>, durability: Durability) -> Result<Meta>;
}

/// A file system, by absolute paths.
///
/// The last component of a path is never followed when it is a symbolic link; the folders above it may be links, since
/// a user's home often lies behind one. Whoever walks a tree must not enter what [`list`](Self::list) calls a link.
pub trait Filesystem: Send + Sync {
    /// The entries of a folder, in the order of their names' bytes.
    fn list(&self, dir: &Path) -> Result<Vec<Entry>>;

    /// The metadata of an entry, or `None` when nothing has this name or a folder on the way is missing.
    fn stat(&self, path: &Path) -> Result<Option<Meta>>;

    /// Opens a plain file. Errors of `read` carry an [`Error`] where they can: see [`Error::from_io`].
    fn open(&self, path: &Path) -> Result<Box<dyn Read + Send>>;

    /// Creates a file that must not exist.
    fn create(&self, path: &Path) -> Result<Box<dyn WriteNew>>;

    /// Creates a folder that must not exist, in a folder that must.
    fn create_dir(&self, path: &Path) -> Result<()>;

    /// Moves an entry to a name that must be free, on the same volume. Never replaces.
    ///
    /// Another spelling of the entry's own name (`bilan.pdf` to `Bilan.pdf`) is free on volumes that ignore case.
    fn rename_exclusive(&self, from: &Path, to: &Path) -> Result<()>;

    /// Exchanges two existing entries of one volume: at every moment both names lead to one of them.
    ///
    /// Windows puts the file `a` in the place of the file `b` at once and then gives `a`'s name to what came out; what a
    /// file at `b` had beside its content (creation time, rights, streams) stays with its name. A crash in between leaves
    /// what was at `b` under a name that begins with that of `a`, beside it. Folders, and volumes without any such
    /// operation (some network drives), take three renames: a crash between them leaves the first entry under a name
    /// beginning with `.gedeon-exchange-` beside it.
    fn exchange(&self, a: &Path, b: &Path) -> Result<()>;

    /// Copies the content of a plain file to a name that must be free; returns the bytes copied.
    ///
    /// Shares the blocks instead where the volume can. Times and permissions are those of a new file. On an error the
    /// incomplete target is removed.
    fn copy(&self, from: &Path, to: &Path) -> Result<u64>;

    /// Removes a file or a symbolic link, never a folder.
    fn remove_file(&self, path: &Path) -> Result<()>;

    /// Removes an empty folder.
    fn remove_dir(&self, path: &Path) -> Result<()>;

    /// Sets the time of modification, in nanoseconds since 1970 (Windows keeps steps of 100 ns).
    fn set_modified(&self, path: &Path, modified_ns: i64) -> Result<()>;

    /// Makes a plain file read-only for its owner, or writable again.
    fn set_read_only(&self, path: &Path, read_only: bool) -> Result<()>;

    /// Keeps file managers from showing an entry whose name begins with a dot, where the dot is not enough (Windows).
    fn hide(&self, path: &Path) -> Result<()> {
        let _ = path;
        Ok(())
    }

    /// The names of the programs other than this one that have the file open (`EXCEL.EXE`), in order, as far as the
    /// system tells: an empty answer proves nothing, and on macOS it is always empty.
    fn holders(&self, path: &Path) -> Vec<String> {
        let _ = path;
        Vec::new()
    }

    /// Waits until a file's content is on stable storage.
    fn sync_file(&self, path: &Path) -> Result<()>;

    /// Waits until a folder's entries (creations, renames, removals) are on stable storage.
    ///
    /// On Windows it does nothing: NTFS journals names by itself, and offers no flush of a folder to plain users.
    fn sync_dir(&self, dir: &Path) -> Result<()>;

    /// Waits until everything under a folder is on stable storage: the barrier after thousands of lazy writes.
    ///
    /// Where the volume has no such operation (all but Linux) each file is flushed, and those that this user may not
    /// open are passed over: on Windows, flush a file before making it read-only.
    fn sync_tree(&self, root: &Path) -> Result<()>;

    /// Bytes that this user may still write on the volume that holds `path`, which must exist.
    fn free_space(&self, path: &Path) -> Result<u64>;

    /// The volume that holds `path`, which must exist.
    fn volume_of(&self, path: &Path) -> Result<VolumeId> {
        match self.stat(path)? {
            Some(meta) => Ok(meta.file_id.volume),
            None => Err(Error::new(ErrorKind::NotFound, Operation::Stat, path)),
        }
    }

    /// How many threads are worth using on it at once. One where the order of operations matters, as in simulations.
    fn concurrency(&self) -> usize {
        1
    }

    /// The whole content of a plain file of at most `limit` bytes; [`ErrorKind::TooLarge`] beyond.
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(path)?
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| Error::from_io(Operation::Read, path, error))?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length <= limit) {
            Ok(bytes)
        } else {
            Err(Error::new(ErrorKind::TooLarge, Operation::Read, path))
        }
    }

    /// Creates a folder and the folders above it; a folder that exists is fine.
    fn create_dir_all(&self, path: &Path) -> Result<()> {
        match self.stat(path)? {
            Some(meta) if meta.is_folder() => return Ok(()),
            Some(_) => {
                return Err(Error::new(ErrorKind::NotADirectory, Operation::CreateDir, path));
            }
            None => {}
        }
        if let Some(parent) = path.parent() {
            create_above(self, parent)?;
        }
        match self.create_dir(path) {
            // Another thread made it meanwhile.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            result => result,
        }
    }
}

/// Above the folder asked for, a link to a folder is as good as a folder.
fn create_above(disk: &(impl Filesystem + ?Sized), path: &Path) -> Result<()> {
    match disk.stat(path)? {
        Some(_) => Ok(()),
        None => disk.create_dir_all(path),
    }
}
