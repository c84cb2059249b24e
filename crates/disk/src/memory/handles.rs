//! Open files: they keep their inode whatever becomes of its name, and die with a power cut.

use std::path::{Path, PathBuf};

use super::MemoryDisk;
use crate::{Durability, ErrorKind, Meta, Operation, Result};

/// What a program that keeps a file open lets others do; only NTFS enforces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Everything, as this crate opens files.
    All,
    /// Reading, but not writing, moving or removing, as Word does.
    Read,
    /// Nothing, as a program does that writes the file.
    Nothing,
}

/// A file that a program keeps open, until this is dropped.
#[derive(Debug)]
pub struct ProgramHandle {
    disk: MemoryDisk,
    path: PathBuf,
    inode: u64,
    epoch: u64,
    sharing: Sharing,
}

impl ProgramHandle {
    pub(super) fn new(disk: MemoryDisk, path: &Path, inode: u64, epoch: u64, sharing: Sharing) -> Self {
        Self { disk, path: path.to_path_buf(), inode, epoch, sharing }
    }

    fn alive<T>(
        &self,
        operation: Operation,
        work: impl FnOnce(&mut super::State) -> std::result::Result<T, ErrorKind>,
    ) -> Result<T> {
        self.disk.run(operation, &self.path, |state| {
            if state.epoch == self.epoch { work(state) } else { Err(ErrorKind::Crashed) }
        })
    }

    /// Overwrites the content of the file that was opened, even if its name leads elsewhere by now.
    pub fn write(&self, bytes: &[u8]) -> Result<()> {
        self.alive(Operation::Write, |state| {
            state.touch_where_it_lies(self.inode);
            state.write(self.inode, bytes.to_vec())
        })
    }

    /// The whole content of the file that was opened.
    pub fn content(&self) -> Result<Vec<u8>> {
        self.alive(Operation::Read, |state| Ok(state.content(self.inode).to_vec()))
    }
}

impl Drop for ProgramHandle {
    fn drop(&mut self) {
        let mut state = self.disk.lock();
        // A crash closed the handle already, and its inode may be gone.
        if state.epoch == self.epoch {
            state.release(self.inode, self.sharing);
        }
    }
}

/// Reads a file from its beginning.
pub(super) struct MemoryReader {
    handle: ProgramHandle,
    position: usize,
}

impl MemoryReader {
    pub(super) fn new(handle: ProgramHandle) -> Self {
        Self { handle, position: 0 }
    }

    pub(super) fn read_on(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let (inode, position) = (self.handle.inode, self.position);
        let read = self.handle.alive(Operation::Read, |state| {
            let content = state.content(inode);
            let rest = content.get(position..).unwrap_or_default();
            let length = rest.len().min(buffer.len());
            buffer[..length].copy_from_slice(&rest[..length]);
            Ok(length)
        })?;
        self.position += read;
        Ok(read)
    }
}

/// Writes a file that was just created.
pub(super) struct MemoryWriter {
    handle: ProgramHandle,
}

impl MemoryWriter {
    pub(super) fn new(handle: ProgramHandle) -> Self {
        Self { handle }
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.handle.alive(Operation::Write, |state| state.append(self.handle.inode, bytes))
    }

    pub(super) fn close(self, durability: Durability) -> Result<Meta> {
        self.handle.alive(Operation::Finish, |state| {
            if durability == Durability::Flushed {
                state.flush_content(self.handle.inode);
            }
            Ok(state.meta(self.handle.inode))
        })
    }
}
