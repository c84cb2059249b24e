//! The desktop's own keep of contents: those not yet on the server, and those that came from it.
//!
//! A content is captured the moment it is noticed, so that what the user does next cannot lose it. It lies in
//! `aa/<hash>` and gets that name only when whole. Writes are lazy: [`StagingStore::flush`] is the barrier, and a
//! content damaged by a power cut is found by [`StagingStore::verify`] and never hides a good one.
//!
//! Deliberately absent: what may be removed. The caller removes a content only when it has proof that another holds it.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use disk::{Durability, Error, ErrorKind, Filesystem, Fingerprint, Meta, Operation};
use domain::content::ContentHash;
use failpoints::Point;

use crate::hash::{Evidence, hash_file};
use crate::verify::{DamagedContent, VerifyingReader};

/// Files up to this size are read into memory, larger ones are copied first, so that they are hashed at rest.
const IN_MEMORY_LIMIT: u64 = 1024 * 1024;

/// The most bytes of a content: no server takes more, and half a disk is not copied to learn that.
pub const MAX_SIZE: u64 = 64 * 1024 * 1024 * 1024;

/// Where files lie until they are whole.
const TEMPORARY: &str = "tmp";

/// A user's file whose content is safe in the staging.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Captured {
    /// The content.
    pub hash: ContentHash,
    /// Its size in bytes.
    pub size: u64,
    /// The file's fingerprint, the same before and after its content was taken.
    pub fingerprint: Fingerprint,
}

/// A failure of [`StagingStore`].
#[derive(Debug, thiserror::Error)]
pub enum StagingError {
    /// The file changed while it was read: try again when it is quiet.
    #[error("{} changed while it was read", path.display())]
    Changed {
        /// The user's file.
        path: PathBuf,
    },
    /// A file that came is not the content announced. It stays where it was.
    #[error("{} is content {found}, not {expected}", path.display())]
    WrongHash {
        /// The file.
        path: PathBuf,
        /// The hash announced.
        expected: ContentHash,
        /// The hash of its bytes.
        found: ContentHash,
    },
    /// The content is not in the staging.
    #[error("content {hash} is not in the staging")]
    Missing {
        /// The content.
        hash: ContentHash,
    },
    /// What is in the staging is not the content any more.
    #[error(transparent)]
    Damaged(#[from] DamagedContent),
    /// The disk failed.
    #[error(transparent)]
    Disk(#[from] Error),
}

/// Contents in a folder, over any [`Filesystem`].
pub struct StagingStore {
    disk: Arc<dyn Filesystem>,
    root: PathBuf,
    next_temporary: AtomicU64,
}

impl std::fmt::Debug for StagingStore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("StagingStore").field("root", &self.root).finish_non_exhaustive()
    }
}

impl StagingStore {
    /// Opens the staging in `root`, creating it, and removes what was being written when the last process ended.
    ///
    /// Only one store at a time may be open on a folder: the profile's lock sees to that.
    pub fn open(disk: Arc<dyn Filesystem>, root: &Path) -> Result<Self, StagingError> {
        let temporary = root.join(TEMPORARY);
        disk.create_dir_all(&temporary)?;
        let mut next = 0;
        for entry in disk.list(&temporary)? {
            // One that an antivirus still reads may stay: its name is not used again.
            let _ = disk.remove_file(&temporary.join(&entry.name));
            let number = entry.name.to_str().and_then(|name| name.parse::<u64>().ok());
            next = next.max(number.map_or(0, |number| number.saturating_add(1)));
        }
        Ok(Self { disk, root: root.to_path_buf(), next_temporary: AtomicU64::new(next) })
    }

    /// Takes the content of a user's file.
    ///
    /// [`StagingError::Changed`] when the file was written, replaced or removed meanwhile, and
    /// [`ErrorKind::TooLarge`] beyond [`MAX_SIZE`]; nothing is kept then.
    pub fn capture(&self, path: &Path) -> Result<Captured, StagingError> {
        let before = self.fingerprint(path)?;
        if before.size > MAX_SIZE {
            return Err(Error::new(ErrorKind::TooLarge, Operation::Read, path).into());
        }
        let (hash, size) = if before.size <= IN_MEMORY_LIMIT {
            let bytes = match self.disk.read(path, before.size) {
                Err(error) if error.kind() == ErrorKind::TooLarge => {
                    return Err(StagingError::Changed { path: path.to_path_buf() });
                }
                bytes => bytes?,
            };
            self.check_unchanged(path, before)?;
            (self.put_bytes(&bytes)?, bytes.len() as u64)
        } else {
            let (copy, _) = self.temporary(|temporary| self.disk.copy(path, temporary))?;
            let taken = self.check_unchanged(path, before).and_then(|()| {
                let digest = hash_file(&*self.disk, &copy, Evidence::None)?;
                self.settle(&copy, digest.hash)?;
                Ok((digest.hash, digest.size))
            });
            match taken {
                Ok(taken) => taken,
                Err(error) => {
                    self.discard(&copy);
                    return Err(error);
                }
            }
        };
        if size == before.size {
            Ok(Captured { hash, size, fingerprint: before })
        } else {
            Err(StagingError::Changed { path: path.to_path_buf() })
        }
    }

    /// Takes the contents of several files, as many at a time as the disk serves; what came of each, in their order.
    pub fn capture_all(&self, paths: &[PathBuf]) -> Vec<Result<Captured, StagingError>> {
        let workers = self.disk.concurrency().min(paths.len());
        if workers <= 1 {
            return paths.iter().map(|path| self.capture(path)).collect();
        }
        let next = AtomicUsize::new(0);
        let work = || {
            let mut taken = Vec::new();
            while let Some((position, path)) = {
                let position = next.fetch_add(1, Ordering::Relaxed);
                paths.get(position).map(|path| (position, path))
            } {
                taken.push((position, self.capture(path)));
            }
            taken
        };
        let mut taken = std::thread::scope(|scope| {
            let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
            let mut taken = work();
            for other in others {
                taken.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            taken
        });
        taken.sort_unstable_by_key(|(position, _)| *position);
        taken.into_iter().map(|(_, captured)| captured).collect()
    }

    fn fingerprint(&self, path: &Path) -> Result<Fingerprint, StagingError> {
        match self.disk.stat(path)? {
            Some(meta) if meta.is_file() => Ok(meta.fingerprint()),
            Some(_) => Err(Error::new(ErrorKind::NotAFile, Operation::Open, path).into()),
            None => Err(Error::new(ErrorKind::NotFound, Operation::Open, path).into()),
        }
    }

    fn check_unchanged(&self, path: &Path, before: Fingerprint) -> Result<(), StagingError> {
        match self.disk.stat(path)? {
            Some(meta) if meta.fingerprint() == before => Ok(()),
            _ => Err(StagingError::Changed { path: path.to_path_buf() }),
        }
    }

    /// Keeps a content that is in memory.
    pub fn put_bytes(&self, bytes: &[u8]) -> Result<ContentHash, StagingError> {
        let hash = ContentHash::of(bytes);
        if self.verify(hash)? {
            return Ok(hash);
        }
        let (path, mut file) = self.temporary(|path| self.disk.create(path))?;
        let written = file
            .write_all(bytes)
            .map_err(|error| Error::from_io(Operation::Write, &path, error))
            .and_then(|()| file.finish(Durability::Lazy))
            .map_err(StagingError::from)
            .and_then(|_| self.settle(&path, hash));
        if let Err(error) = written {
            self.discard(&path);
            return Err(error);
        }
        Ok(hash)
    }

    /// Takes a whole file of the same volume into the staging, by moving it: a download that is complete.
    ///
    /// [`StagingError::WrongHash`] when it is not the content expected; the file is then left where it is.
    pub fn put_file(&self, path: &Path, expected: ContentHash) -> Result<(), StagingError> {
        let found = hash_file(&*self.disk, path, Evidence::None)?.hash;
        if found == expected {
            self.settle(path, expected)
        } else {
            Err(StagingError::WrongHash { path: path.to_path_buf(), expected, found })
        }
    }

    /// A path in the staging's temporary folder, for a download to be written to and then given to
    /// [`put_file`](Self::put_file). The next [`open`](Self::open) removes what was left.
    pub fn temporary_path(&self) -> PathBuf {
        let number = self.next_temporary.fetch_add(1, Ordering::Relaxed);
        self.root.join(TEMPORARY).join(number.to_string())
    }

    /// Makes something at a temporary path that is free.
    fn temporary<T>(&self, make: impl Fn(&Path) -> disk::Result<T>) -> Result<(PathBuf, T), StagingError> {
        loop {
            let path = self.temporary_path();
            match make(&path) {
                Ok(value) => return Ok((path, value)),
                // On Windows a removed file may keep its name while an antivirus reads it.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Gives a whole temporary file, known to have this hash, its name.
    fn settle(&self, temporary: &Path, hash: ContentHash) -> Result<(), StagingError> {
        failpoints::reached(Point::Staged);
        let path = self.path_of(hash);
        let parent = path.parent().expect("BUG: contents lie in a folder");
        let mut outcome = self.disk.rename_exclusive(temporary, &path);
        if outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            self.disk.create_dir_all(parent)?;
            outcome = self.disk.rename_exclusive(temporary, &path);
        }
        match outcome {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                // The one that is there may have been damaged by a power cut: then the good one takes its place.
                if self.digest_of(hash)? != Some(hash) {
                    self.disk.exchange(temporary, &path)?;
                }
                Ok(self.disk.remove_file(temporary)?)
            }
            outcome => Ok(outcome?),
        }
    }

    fn discard(&self, temporary: &Path) {
        // What stays is removed at the next start; the caller's error matters more than this one.
        let _ = self.disk.remove_file(temporary);
    }

    /// Where a content lies, if it is here. For reading only.
    pub fn path_of(&self, hash: ContentHash) -> PathBuf {
        let name = hash.to_string();
        self.root.join(&name[..2]).join(name)
    }

    fn meta_of(&self, hash: ContentHash) -> Result<Option<Meta>, StagingError> {
        Ok(self.disk.stat(&self.path_of(hash))?)
    }

    /// The hash of what lies under the name of `hash`; `None` when nothing does.
    fn digest_of(&self, hash: ContentHash) -> Result<Option<ContentHash>, StagingError> {
        match hash_file(&*self.disk, &self.path_of(hash), Evidence::None) {
            Ok(digest) => Ok(Some(digest.hash)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the content is here, by its name: see [`verify`](Self::verify) after a power cut.
    pub fn has(&self, hash: ContentHash) -> Result<bool, StagingError> {
        Ok(self.meta_of(hash)?.is_some())
    }

    /// Whether the content is here and whole, by reading it. One found damaged stays until a good one replaces it.
    pub fn verify(&self, hash: ContentHash) -> Result<bool, StagingError> {
        Ok(self.digest_of(hash)? == Some(hash))
    }

    /// Reads a content; damage is an error before the last byte. Also tells the size in bytes.
    pub fn open_content(
        &self,
        hash: ContentHash,
    ) -> Result<(VerifyingReader<Box<dyn Read + Send>>, u64), StagingError> {
        let size = self.meta_of(hash)?.ok_or(StagingError::Missing { hash })?.size;
        let reader = self.disk.open(&self.path_of(hash))?;
        Ok((VerifyingReader::new(reader, hash, size), size))
    }

    /// The whole content in memory, checked, if it has at most `limit` bytes.
    pub fn bytes(&self, hash: ContentHash, limit: u64) -> Result<Vec<u8>, StagingError> {
        let bytes = match self.disk.read(&self.path_of(hash), limit) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(StagingError::Missing { hash });
            }
            bytes => bytes?,
        };
        if ContentHash::of(&bytes) == hash { Ok(bytes) } else { Err(DamagedContent { hash }.into()) }
    }

    /// Copies a content to a free path of the same disk, and checks the copy; what is wrong is removed again.
    pub fn copy_out(&self, hash: ContentHash, target: &Path) -> Result<(), StagingError> {
        match self.disk.copy(&self.path_of(hash), target) {
            Err(error) if error.kind() == ErrorKind::NotFound && !self.has(hash)? => {
                return Err(StagingError::Missing { hash });
            }
            copied => copied?,
        };
        if hash_file(&*self.disk, target, Evidence::None)?.hash == hash {
            Ok(())
        } else {
            self.discard(target);
            Err(DamagedContent { hash }.into())
        }
    }

    /// Moves a content out to a free path of the same disk, checked first; across volumes it is copied and removed here.
    pub fn move_out(&self, hash: ContentHash, target: &Path) -> Result<(), StagingError> {
        let path = self.path_of(hash);
        match self.digest_of(hash)? {
            Some(found) if found == hash => {}
            Some(_) => return Err(DamagedContent { hash }.into()),
            None => return Err(StagingError::Missing { hash }),
        }
        match self.disk.rename_exclusive(&path, target) {
            Err(error) if error.kind() == ErrorKind::OtherVolume => {
                self.copy_out(hash, target)?;
                self.remove(hash)
            }
            moved => Ok(moved?),
        }
    }

    /// Removes a content; that it is not here is fine.
    pub fn remove(&self, hash: ContentHash) -> Result<(), StagingError> {
        match self.disk.remove_file(&self.path_of(hash)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// The contents that are here, with their sizes in bytes.
    pub fn list(&self) -> Result<BTreeMap<ContentHash, u64>, StagingError> {
        let mut contents = BTreeMap::new();
        for folder in self.disk.list(&self.root)? {
            if !folder.meta?.is_folder() || folder.name == TEMPORARY {
                continue;
            }
            for file in self.disk.list(&self.root.join(&folder.name))? {
                // What is not named by a hash is not ours.
                let hash = file.name.to_str().and_then(|name| name.parse::<ContentHash>().ok());
                if let Some(hash) = hash {
                    contents.insert(hash, file.meta?.size);
                }
            }
        }
        Ok(contents)
    }

    /// The bytes of all contents together.
    pub fn total_size(&self) -> Result<u64, StagingError> {
        Ok(self.list()?.values().sum())
    }

    /// Bytes that may still be written on the volume of the staging.
    pub fn free_space(&self) -> Result<u64, StagingError> {
        Ok(self.disk.free_space(&self.root)?)
    }

    /// Waits until all that was put here is on stable storage.
    pub fn flush(&self) -> Result<(), StagingError> {
        Ok(self.disk.sync_tree(&self.root)?)
    }
}
