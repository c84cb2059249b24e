//! A disk in memory, deterministic, that behaves like ext4, NTFS or APFS and can lose what was never flushed.
//!
//! It serves the simulator and the tests: time moves only by [`MemoryDisk::set_now`], identities are counted, and a
//! power cut ([`MemoryDisk::crash`]) is decided by a seed. The death of a process loses nothing: just keep the disk.
//! Methods beyond [`Filesystem`](crate::Filesystem) play the user's programs (saving in place, keeping a file open)
//! and the machine (a full disk, another volume, a backup restored).
//!
//! Deliberately absent: hard links, permissions beyond "unreadable" and "read-only", and links above the last
//! component of a path (they are not followed).

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{Durability, Entry, Error, ErrorKind, Filesystem, Meta, Operation, Result, VolumeId, WriteNew};

mod crash;
mod handles;
mod journal;
mod names;
mod personality;
mod resolve;
mod state;
mod survey;

pub use handles::{ProgramHandle, Sharing};
pub use personality::Personality;
pub use survey::Surveyed;

use handles::{MemoryReader, MemoryWriter};
use state::State;

/// A whole volume in memory, with `/` as its root. Clones share the volume; see [`MemoryDisk::snapshot`] for a copy.
#[derive(Debug, Clone)]
pub struct MemoryDisk {
    state: Arc<Mutex<State>>,
}

impl MemoryDisk {
    /// An empty volume at time 0.
    pub fn new(personality: Personality) -> Self {
        Self { state: Arc::new(Mutex::new(State::new(personality))) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A test that panicked while holding the lock has failed already; others may look at what is left.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run<T>(
        &self,
        operation: Operation,
        path: &Path,
        work: impl FnOnce(&mut State) -> std::result::Result<T, ErrorKind>,
    ) -> Result<T> {
        work(&mut self.lock()).map_err(|kind| Error::new(kind, operation, path))
    }

    /// Sets the clock that stamps changes, in nanoseconds since 1970.
    pub fn set_now(&self, now_ns: i64) {
        self.lock().now_ns = now_ns;
    }

    /// Limits the bytes of all files together; `None` is without limit.
    pub fn set_capacity(&self, bytes: Option<u64>) {
        self.lock().capacity = bytes;
    }

    /// Makes every entry appear on another volume, as when another disk is mounted in the place of the first.
    pub fn set_volume(&self, volume: VolumeId) {
        self.lock().volume = volume;
    }

    /// Makes a file or a folder refuse to be read, or readable again.
    pub fn set_unreadable(&self, path: &Path, unreadable: bool) -> Result<()> {
        self.run(Operation::Stat, path, |state| {
            let inode = state.resolve(path)?;
            state.inode_mut(inode).is_unreadable = unreadable;
            Ok(())
        })
    }

    /// A program saves: creates the file, or overwrites its content in place (the identity stays).
    pub fn save_in_place(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        self.run(Operation::Write, path, |state| state.save_in_place(path, bytes))
    }

    /// A program renames over an existing file, as POSIX programs save: the replaced file loses its name.
    pub fn rename_replacing(&self, from: &Path, to: &Path) -> Result<()> {
        self.run(Operation::Rename, from, |state| state.rename_replacing(from, to))
    }

    /// A program keeps the file open until the handle is dropped; on NTFS others are refused as `sharing` says.
    pub fn open_as_program(&self, path: &Path, sharing: Sharing) -> Result<ProgramHandle> {
        let (inode, epoch) = self.run(Operation::Open, path, |state| {
            let inode = state.open_for_reading(path)?;
            state.hold(inode, sharing);
            Ok((inode, state.epoch))
        })?;
        Ok(ProgramHandle::new(self.clone(), path, inode, epoch, sharing))
    }

    /// A program creates a symbolic link. Nothing here follows links, so it has no target.
    pub fn create_symlink(&self, path: &Path) -> Result<()> {
        self.run(Operation::Create, path, |state| state.create_symlink(path))
    }

    /// The folders in which something changed since the last call: what a perfect watcher would have said.
    pub fn take_touched_folders(&self) -> BTreeSet<PathBuf> {
        std::mem::take(&mut self.lock().touched)
    }

    /// An independent copy of the volume as it is, with the same identities: a backup, or a clone of the machine.
    ///
    /// Contents are shared until one side changes them. The copy has no open handle, and all of it is flushed.
    #[must_use]
    pub fn snapshot(&self) -> Self {
        let mut copy = self.lock().clone();
        copy.forget_handles();
        copy.flush_all();
        Self { state: Arc::new(Mutex::new(copy)) }
    }

    /// Cuts the power: what was not flushed may be lost, as `seed` decides, and every open handle is dead.
    ///
    /// Each name change not flushed by `sync_dir` or `sync_tree` is kept or undone, with those that depend on it. A
    /// content not flushed becomes what it was when last flushed (or empty), a part, zeros, or survives.
    pub fn crash(&self, seed: u64) {
        self.lock().crash(seed);
    }
}

impl Filesystem for MemoryDisk {
    fn list(&self, dir: &Path) -> Result<Vec<Entry>> {
        self.run(Operation::List, dir, |state| state.list(dir))
    }

    fn stat(&self, path: &Path) -> Result<Option<Meta>> {
        self.run(Operation::Stat, path, |state| match state.resolve(path) {
            Ok(inode) => Ok(Some(state.meta(inode))),
            Err(ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(kind) => Err(kind),
        })
    }

    fn open(&self, path: &Path) -> Result<Box<dyn Read + Send>> {
        let (inode, epoch) = self.run(Operation::Open, path, |state| {
            let inode = state.open_for_reading(path)?;
            state.hold(inode, Sharing::All);
            Ok((inode, state.epoch))
        })?;
        let handle = ProgramHandle::new(self.clone(), path, inode, epoch, Sharing::All);
        Ok(Box::new(MemoryReader::new(handle)))
    }

    fn create(&self, path: &Path) -> Result<Box<dyn WriteNew>> {
        let (inode, epoch) = self.run(Operation::Create, path, |state| {
            let inode = state.create_file(path)?;
            state.hold(inode, Sharing::All);
            Ok((inode, state.epoch))
        })?;
        let handle = ProgramHandle::new(self.clone(), path, inode, epoch, Sharing::All);
        Ok(Box::new(MemoryWriter::new(handle)))
    }

    fn create_dir(&self, path: &Path) -> Result<()> {
        self.run(Operation::CreateDir, path, |state| state.create_dir(path))
    }

    fn rename_exclusive(&self, from: &Path, to: &Path) -> Result<()> {
        self.run(Operation::Rename, from, |state| state.rename_exclusive(from, to))
    }

    fn exchange(&self, a: &Path, b: &Path) -> Result<()> {
        self.run(Operation::Exchange, a, |state| state.exchange(a, b))
    }

    fn copy(&self, from: &Path, to: &Path) -> Result<u64> {
        self.run(Operation::Copy, from, |state| state.copy(from, to))
    }

    fn remove_file(&self, path: &Path) -> Result<()> {
        self.run(Operation::RemoveFile, path, |state| state.remove(path, false))
    }

    fn remove_dir(&self, path: &Path) -> Result<()> {
        self.run(Operation::RemoveDir, path, |state| state.remove(path, true))
    }

    fn set_modified(&self, path: &Path, modified_ns: i64) -> Result<()> {
        self.run(Operation::SetModified, path, |state| state.set_modified(path, modified_ns))
    }

    fn set_read_only(&self, path: &Path, read_only: bool) -> Result<()> {
        self.run(Operation::SetReadOnly, path, |state| state.set_read_only(path, read_only))
    }

    fn sync_file(&self, path: &Path) -> Result<()> {
        self.run(Operation::SyncFile, path, |state| {
            let inode = state.file_at(path)?;
            state.flush_content(inode);
            Ok(())
        })
    }

    fn sync_dir(&self, dir: &Path) -> Result<()> {
        self.run(Operation::SyncDir, dir, |state| {
            let inode = state.folder_at(dir)?;
            state.flush_names_in(inode);
            Ok(())
        })
    }

    fn sync_tree(&self, root: &Path) -> Result<()> {
        self.run(Operation::SyncTree, root, |state| {
            state.folder_at(root)?;
            // Like `syncfs`, which knows volumes and no trees.
            state.flush_all();
            Ok(())
        })
    }

    fn free_space(&self, path: &Path) -> Result<u64> {
        self.run(Operation::FreeSpace, path, |state| {
            state.resolve(path)?;
            Ok(state.free_space())
        })
    }
}

impl Read for MemoryReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(self.read_on(buffer)?)
    }
}

impl Write for MemoryWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.append(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteNew for MemoryWriter {
    fn finish(self: Box<Self>, durability: Durability) -> Result<Meta> {
        self.close(durability)
    }
}
