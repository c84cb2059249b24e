//! The end of the last pack: appending, and one flush for all who wait.
//!
//! The first who has to wait flushes for everyone who has appended by then; those who append meanwhile are served by
//! the next flush.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard};

use disk::{Error, Filesystem, Operation, RealDisk};
use domain::content::ContentHash;

use super::record::{HEADER, Record, pack_path};
use super::{PackStore, Place, StoreError};

/// The state of the last pack.
#[derive(Debug)]
pub(super) struct Tail {
    pub(super) number: u32,
    pub(super) file: Arc<File>,
    /// Bytes of whole records.
    pub(super) length: u64,
    /// Calls that have appended, and those of them that are on stable storage.
    appended: u64,
    flushed: u64,
    is_flushing: bool,
    is_broken: bool,
}

impl Tail {
    pub(super) fn new(number: u32, file: File, length: u64) -> Self {
        Self { number, file: Arc::new(file), length, appended: 0, flushed: 0, is_flushing: false, is_broken: false }
    }

    /// Creates the pack of this number, its name durable.
    pub(super) fn create(packs: &Path, number: u32) -> Result<Self, StoreError> {
        let path = pack_path(packs, number);
        let file = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(|error| Error::from_io(Operation::Create, &path, error))?;
        RealDisk.sync_dir(packs)?;
        Ok(Self::new(number, file, 0))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut file = &*self.file;
        let written = file.seek(SeekFrom::Start(self.length)).and_then(|_| file.write_all(bytes));
        match written {
            Ok(()) => {
                self.length += bytes.len() as u64;
                Ok(())
            }
            Err(error) => {
                // Half a record must not stay between two whole ones.
                self.is_broken = self.file.set_len(self.length).is_err();
                Err(error)
            }
        }
    }
}

impl PackStore {
    fn tail(&self) -> Result<MutexGuard<'_, Tail>, StoreError> {
        let tail = self.tail.lock().map_err(|_| StoreError::Broken)?;
        if tail.is_broken { Err(StoreError::Broken) } else { Ok(tail) }
    }

    fn current_path(&self, tail: &Tail) -> PathBuf {
        self.pack_path(tail.number)
    }

    /// Appends records, without flushing; returns their places and the ticket to wait for.
    pub(super) fn append(&self, records: &[Record<'_>]) -> Result<(Vec<Place>, u64), StoreError> {
        let mut bytes = Vec::new();
        let mut offsets: BTreeMap<ContentHash, u64> = BTreeMap::new();
        for record in records {
            offsets.entry(record.hash).or_insert_with(|| {
                let offset = bytes.len() as u64;
                bytes.reserve(HEADER + record.bytes.len());
                record.write_to(&mut bytes);
                offset
            });
        }
        let mut tail = self.tail()?;
        if tail.length > 0 && tail.length + bytes.len() as u64 > self.options.pack_limit {
            self.roll(&mut tail)?;
        }
        let (number, start) = (tail.number, tail.length);
        tail.write(&bytes).map_err(|error| Error::from_io(Operation::Write, &self.current_path(&tail), error))?;
        tail.appended += 1;
        let places = records
            .iter()
            .map(|record| Place::Pack { number, offset: start + offsets[&record.hash], size: record.size() })
            .collect();
        Ok((places, tail.appended))
    }

    /// Begins the next pack, once all of this one is durable.
    fn roll(&self, tail: &mut Tail) -> Result<(), StoreError> {
        if let Err(error) = (self.options.flush)(&tail.file) {
            tail.is_broken = true;
            self.flushed.notify_all();
            return Err(Error::from_io(Operation::SyncFile, &self.current_path(tail), error).into());
        }
        let next = Tail::create(&self.folder.join("packs"), tail.number + 1)?;
        tail.flushed = tail.appended;
        tail.number = next.number;
        tail.file = next.file;
        tail.length = 0;
        self.flushed.notify_all();
        Ok(())
    }

    /// Returns when everything up to `ticket` is on stable storage.
    pub(super) fn wait_flushed(&self, ticket: u64) -> Result<(), StoreError> {
        let mut tail = self.tail()?;
        loop {
            if tail.flushed >= ticket {
                return Ok(());
            }
            if tail.is_broken {
                return Err(StoreError::Broken);
            }
            if tail.is_flushing {
                tail = self.flushed.wait(tail).map_err(|_| StoreError::Broken)?;
                continue;
            }
            tail.is_flushing = true;
            let (file, target) = (Arc::clone(&tail.file), tail.appended);
            let path = self.current_path(&tail);
            drop(tail);
            let outcome = (self.options.flush)(&file);
            tail = self.tail.lock().map_err(|_| StoreError::Broken)?;
            tail.is_flushing = false;
            self.flushed.notify_all();
            match outcome {
                Ok(()) => tail.flushed = tail.flushed.max(target),
                Err(error) => {
                    // After a failed flush the system may have dropped the bytes, and say yes to the next one.
                    tail.is_broken = true;
                    return Err(Error::from_io(Operation::SyncFile, &path, error).into());
                }
            }
        }
    }
}
