//! The disk of the machine, on Linux, macOS and Windows.
//!
//! What the three systems do alike is here; what they do differently is in `unix` and `windows`. The type keeps no
//! state and may be used from any number of threads.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::{Durability, Entry, Error, ErrorKind, FileKind, Filesystem, Meta, Operation, Result, WriteNew};

#[cfg(any(windows, test))]
mod long_path;
mod three_renames;
#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

/// From this length on, Windows takes no ordinary path.
const LONG_PATH: usize = 248;

/// The file system of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

/// Gives a system's error its operation and the path that the caller used.
trait Named<T> {
    fn named(self, operation: Operation, path: &Path) -> Result<T>;
}

impl<T> Named<T> for io::Result<T> {
    fn named(self, operation: Operation, path: &Path) -> Result<T> {
        self.map_err(|error| Error::from_io(operation, path, error))
    }
}

fn native(path: &Path) -> Cow<'_, Path> {
    #[cfg(windows)]
    {
        long_path::extended(path)
    }
    #[cfg(unix)]
    {
        Cow::Borrowed(path)
    }
}

/// Refuses a name that must not be made: in the extended form of a path, Windows would make a file `nul`, or `fin.`,
/// that Explorer can then neither open nor remove, and a part of the file `a` for `a:b`.
#[cfg(windows)]
fn check_new(path: &Path, operation: Operation) -> Result<()> {
    let name = path.file_name().ok_or_else(|| Error::new(ErrorKind::InvalidName, operation, path))?;
    crate::Personality::NtfsLike.check_name(name).map_err(|kind| Error::new(kind, operation, path))
}

/// The volume itself refuses what it cannot hold.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "Windows may refuse")]
fn check_new(_path: &Path, _operation: Operation) -> Result<()> {
    Ok(())
}

impl RealDisk {
    /// The one path of an existing entry, links resolved, in the form that other programs take.
    pub fn canonical(&self, path: &Path) -> Result<PathBuf> {
        let canonical = fs::canonicalize(native(path)).named(Operation::Stat, path)?;
        #[cfg(windows)]
        let canonical = long_path::ordinary(canonical);
        Ok(canonical)
    }

    /// Opens a plain file; the error names `operation`.
    fn open_plain(path: &Path, operation: Operation, writable: bool) -> Result<File> {
        let file = system::open_unfollowed(&native(path), writable).named(operation, path)?;
        let meta = system::meta_of_open(&file).named(operation, path)?;
        if meta.is_file() { Ok(file) } else { Err(Error::new(ErrorKind::NotAFile, operation, path)) }
    }

    fn needs(path: &Path, operation: Operation, folder: bool) -> Result<Meta> {
        let wrong = if folder { ErrorKind::NotADirectory } else { ErrorKind::NotAFile };
        match Self.stat(path)? {
            None => Err(Error::new(ErrorKind::NotFound, operation, path)),
            Some(meta) if folder == meta.is_folder() => Ok(meta),
            Some(_) => Err(Error::new(wrong, operation, path)),
        }
    }
}

/// The most threads that work on a disk at once: beyond, they wait for each other.
const THREADS: usize = 4;

impl Filesystem for RealDisk {
    fn concurrency(&self) -> usize {
        std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(THREADS)
    }

    fn list(&self, dir: &Path) -> Result<Vec<Entry>> {
        // `read_dir` would follow a link.
        Self::needs(dir, Operation::List, true)?;
        let mut entries = Vec::new();
        for item in fs::read_dir(native(dir)).named(Operation::List, dir)? {
            let item = item.named(Operation::List, dir)?;
            let name = item.file_name();
            let meta = match system::meta_of_entry(&item) {
                // Removed since the folder was read: it is not an entry any more.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                result => result.named(Operation::Stat, &dir.join(&name)),
            };
            entries.push(Entry { name, meta });
        }
        entries.sort_by(|a, b| a.name.as_encoded_bytes().cmp(b.name.as_encoded_bytes()));
        Ok(entries)
    }

    fn stat(&self, path: &Path) -> Result<Option<Meta>> {
        let meta = system::meta_of_path(&native(path));
        match meta.named(Operation::Stat, path) {
            Ok(meta) => Ok(Some(meta)),
            // A name that the volume cannot hold is a name that is not there.
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidName) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn open(&self, path: &Path) -> Result<Box<dyn Read + Send>> {
        let file = Self::open_plain(path, Operation::Open, false)?;
        Ok(Box::new(OpenFile { file, path: path.to_path_buf() }))
    }

    fn create(&self, path: &Path) -> Result<Box<dyn WriteNew>> {
        check_new(path, Operation::Create)?;
        let file = system::create_new(&native(path)).named(Operation::Create, path)?;
        Ok(Box::new(NewFile { file, path: path.to_path_buf() }))
    }

    fn create_dir(&self, path: &Path) -> Result<()> {
        check_new(path, Operation::CreateDir)?;
        system::create_dir(&native(path)).named(Operation::CreateDir, path)
    }

    fn rename_exclusive(&self, from: &Path, to: &Path) -> Result<()> {
        check_new(to, Operation::Rename)?;
        system::rename_exclusive(&native(from), &native(to)).named(Operation::Rename, from)
    }

    fn exchange(&self, a: &Path, b: &Path) -> Result<()> {
        system::exchange(&native(a), &native(b)).named(Operation::Exchange, a)
    }

    fn copy(&self, from: &Path, to: &Path) -> Result<u64> {
        let source = Self::open_plain(from, Operation::Copy, false)?;
        check_new(to, Operation::Copy)?;
        let target = system::create_new(&native(to)).named(Operation::Copy, to)?;
        let copied = system::copy_content(&source, &target).named(Operation::Copy, from);
        if copied.is_err() {
            drop(target);
            // The copy's own error matters more than this one.
            let _ = fs::remove_file(native(to));
        }
        copied
    }

    fn remove_file(&self, path: &Path) -> Result<()> {
        if self.stat(path)?.is_some_and(|meta| meta.is_folder()) {
            return Err(Error::new(ErrorKind::NotAFile, Operation::RemoveFile, path));
        }
        system::remove_file(&native(path)).named(Operation::RemoveFile, path)
    }

    fn remove_dir(&self, path: &Path) -> Result<()> {
        Self::needs(path, Operation::RemoveDir, true)?;
        fs::remove_dir(native(path)).named(Operation::RemoveDir, path)
    }

    fn set_modified(&self, path: &Path, modified_ns: i64) -> Result<()> {
        system::set_modified(&native(path), modified_ns).named(Operation::SetModified, path)
    }

    fn set_read_only(&self, path: &Path, read_only: bool) -> Result<()> {
        Self::needs(path, Operation::SetReadOnly, false)?;
        system::set_read_only(&native(path), read_only).named(Operation::SetReadOnly, path)
    }

    fn hide(&self, path: &Path) -> Result<()> {
        system::hide(&native(path)).named(Operation::Hide, path)
    }

    fn holders(&self, path: &Path) -> Vec<String> {
        // The Restart Manager reads ordinary paths, and the extended form where there is no other.
        let path = if path.as_os_str().len() < LONG_PATH { Cow::Borrowed(path) } else { native(path) };
        let mut names = system::holders(&path).unwrap_or_default();
        names.sort();
        names.dedup();
        names
    }

    fn sync_file(&self, path: &Path) -> Result<()> {
        // Windows flushes through a writable handle only.
        let file = Self::open_plain(path, Operation::SyncFile, cfg!(windows))?;
        file.sync_all().named(Operation::SyncFile, path)
    }

    fn sync_dir(&self, dir: &Path) -> Result<()> {
        Self::needs(dir, Operation::SyncDir, true)?;
        system::sync_dir(&native(dir)).named(Operation::SyncDir, dir)
    }

    fn sync_tree(&self, root: &Path) -> Result<()> {
        Self::needs(root, Operation::SyncTree, true)?;
        if system::sync_volume(&native(root)).named(Operation::SyncTree, root)? {
            return Ok(());
        }
        for entry in self.list(root)? {
            let path = root.join(&entry.name);
            let flushed = entry.meta.and_then(|meta| match meta.kind {
                FileKind::File => self.sync_file(&path),
                FileKind::Folder => self.sync_tree(&path),
                FileKind::Symlink | FileKind::Other => Ok(()),
            });
            match flushed {
                // Removed meanwhile, or not ours to open: neither is something we wrote and must wait for.
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => {}
                flushed => flushed?,
            }
        }
        self.sync_dir(root)
    }

    fn free_space(&self, path: &Path) -> Result<u64> {
        system::free_space(&native(path)).named(Operation::FreeSpace, path)
    }
}

struct OpenFile {
    file: File,
    path: PathBuf,
}

impl Read for OpenFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer).map_err(|error| Error::from_io(Operation::Read, &self.path, error).into())
    }
}

struct NewFile {
    file: File,
    path: PathBuf,
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).map_err(|error| Error::from_io(Operation::Write, &self.path, error).into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteNew for NewFile {
    fn finish(self: Box<Self>, durability: Durability) -> Result<Meta> {
        let Self { file, path } = *self;
        if durability == Durability::Flushed {
            file.sync_all().named(Operation::Finish, &path)?;
        }
        system::meta_of_closed(file).named(Operation::Finish, &path)
    }
}
