//! The server's store of contents in a folder: small ones appended to packs, large ones as files.
//!
//! A small file written and flushed alone costs a disk some 4 ms; appended to a pack, with one flush for everyone who
//! is waiting, tens of thousands a second are durable. Packs are never rewritten. Where a content lies (its [`Place`])
//! is for the database to keep: there is no index here.
//!
//! One process at a time; any number of threads. Deliberately absent: deletion.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};

use disk::{Filesystem, Operation, RealDisk};
use domain::content::ContentHash;
use failpoints::Point;

mod append;
mod error;
mod large;
mod place;
mod reading;
mod record;
mod recovery;

pub use error::StoreError;
pub use large::{PART_SIZE, PartSet, Upload};
pub use place::{InvalidPlace, Place};

use append::Tail;
use large::Uploads;
use record::Record;

/// The largest content that goes into a pack, in bytes.
pub const SMALL_LIMIT: u64 = 1024 * 1024;

/// How a file's bytes are brought to stable storage.
pub type Flush = Arc<dyn Fn(&File) -> io::Result<()> + Send + Sync>;

/// The limits of a [`PackStore`], and how it flushes.
#[derive(Clone)]
pub struct PackOptions {
    /// Bytes after which a new pack is begun.
    pub pack_limit: u64,
    /// Contents in one call of `put_many`.
    pub batch_count: usize,
    /// Bytes in one call of `put_many`.
    pub batch_size: u64,
    /// The largest content, in bytes.
    pub content_limit: u64,
    /// Large contents being sent at the same time.
    pub upload_limit: usize,
    /// How to flush; simulators and tests give their own.
    pub flush: Flush,
}

impl fmt::Debug for PackOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PackOptions")
            .field("pack_limit", &self.pack_limit)
            .field("batch_count", &self.batch_count)
            .field("batch_size", &self.batch_size)
            .field("content_limit", &self.content_limit)
            .field("upload_limit", &self.upload_limit)
            .finish_non_exhaustive()
    }
}

impl Default for PackOptions {
    /// Packs of 256 MiB; batches of 5,000 contents and 64 MiB; contents up to 64 GiB; 256 uploads.
    fn default() -> Self {
        Self {
            pack_limit: 256 * 1024 * 1024,
            batch_count: 5_000,
            batch_size: 64 * 1024 * 1024,
            content_limit: 64 * 1024 * 1024 * 1024,
            upload_limit: 256,
            flush: Arc::new(File::sync_data),
        }
    }
}

/// A store of contents in a folder of this machine.
pub struct PackStore {
    folder: PathBuf,
    options: PackOptions,
    tail: Mutex<Tail>,
    flushed: Condvar,
    uploads: Mutex<Uploads>,
    /// Keeps other processes out for as long as the store is open.
    _lock: File,
}

impl fmt::Debug for PackStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PackStore").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl PackStore {
    /// Opens the store in `folder`, creating it, and cuts off what a crash left unfinished in the last pack.
    ///
    /// [`StoreError::InUse`] when another process has it open.
    pub fn open(folder: &Path, options: PackOptions) -> Result<Self, StoreError> {
        for part in ["packs", "files", "uploads"] {
            RealDisk.create_dir_all(&folder.join(part))?;
        }
        RealDisk.sync_dir(folder)?;
        let path = folder.join("lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| disk::Error::from_io(Operation::Open, &path, error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                return Err(StoreError::InUse { folder: folder.to_path_buf() });
            }
            Err(std::fs::TryLockError::Error(error)) => {
                return Err(disk::Error::from_io(Operation::Open, &path, error).into());
            }
        }
        let tail = recovery::recover_tail(&folder.join("packs"), &options)?;
        let uploads = Uploads::find(&folder.join("uploads"), &options)?;
        Ok(Self {
            folder: folder.to_path_buf(),
            options,
            tail: Mutex::new(tail),
            flushed: Condvar::new(),
            uploads: Mutex::new(uploads),
            _lock: lock,
        })
    }

    /// Stores small contents, and returns when all are on stable storage, in the order given.
    ///
    /// Each hash is checked before anything is written: one wrong content refuses the call. The same content twice in
    /// a call is stored once. Calls of several threads share a flush.
    pub fn put_many(&self, contents: &[(ContentHash, &[u8])]) -> Result<Vec<Place>, StoreError> {
        if contents.len() > self.options.batch_count {
            return Err(StoreError::TooMany { count: contents.len(), limit: self.options.batch_count });
        }
        let mut total = 0_u64;
        for (_, bytes) in contents {
            check_size(bytes.len() as u64, SMALL_LIMIT)?;
            total += bytes.len() as u64;
        }
        check_size(total, self.options.batch_size)?;
        for (hash, bytes) in contents {
            check_hash(*hash, ContentHash::of(bytes))?;
        }
        if contents.is_empty() {
            return Ok(Vec::new());
        }
        let records: Vec<Record<'_>> = contents.iter().map(|(hash, bytes)| Record { hash: *hash, bytes }).collect();
        let (places, ticket) = self.append(&records)?;
        failpoints::reached(Point::ServerAppended);
        self.wait_flushed(ticket)?;
        Ok(places)
    }

    fn pack_path(&self, number: u32) -> PathBuf {
        record::pack_path(&self.folder.join("packs"), number)
    }

    fn file_path(&self, hash: ContentHash) -> PathBuf {
        let name = hash.to_string();
        self.folder.join("files").join(&name[..2]).join(name)
    }
}

fn check_size(size: u64, limit: u64) -> Result<(), StoreError> {
    if size > limit { Err(StoreError::TooLarge { size, limit }) } else { Ok(()) }
}

fn check_hash(expected: ContentHash, found: ContentHash) -> Result<(), StoreError> {
    if expected == found { Ok(()) } else { Err(StoreError::WrongHash { expected, found }) }
}
