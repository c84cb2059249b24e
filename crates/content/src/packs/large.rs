//! Large contents, sent in parts that survive a restart of either side.
//!
//! `uploads/<hash>-<size>/` holds `data`, written part by part, and an empty `000012.part` for each part that is
//! flushed. Only when the whole has the hash does it become `files/aa/<hash>`. Parts that come in order are hashed on
//! the way, so that finishing need not read the file again.
//!
//! Whoever asks to resume an upload learns which parts are there, and can finish it without having sent them: who may
//! know of which upload is for the caller to decide.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use disk::{Error, ErrorKind, Filesystem, Operation, RealDisk};
use domain::content::ContentHash;
use failpoints::Point;

use super::{PackOptions, PackStore, Place, StoreError, check_hash, check_size};
use crate::hash::{Digest, Evidence, Hasher};

/// The length of each part but the last, in bytes.
pub const PART_SIZE: u64 = 8 * 1024 * 1024;

/// How a large content stands before its parts are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upload {
    /// The store holds it already.
    Stored(Place),
    /// Parts are expected.
    Parts(PartSet),
}

/// Which parts of a large content are on stable storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartSet {
    /// The content's size in bytes.
    pub size: u64,
    /// How many parts it has.
    pub count: u32,
    /// The numbers, from 0, of those that are stored.
    pub stored: BTreeSet<u32>,
}

impl PartSet {
    fn new(size: u64, limit: u64) -> Result<Self, StoreError> {
        check_size(size, limit)?;
        let count = u32::try_from(size.div_ceil(PART_SIZE))
            .map_err(|_| StoreError::TooLarge { size, limit: PART_SIZE * u64::from(u32::MAX) })?;
        Ok(Self { size, count, stored: BTreeSet::new() })
    }

    /// The bytes that part `number` must have; 0 when there is no such part.
    pub fn length_of(&self, number: u32) -> u64 {
        self.size.saturating_sub(u64::from(number) * PART_SIZE).min(PART_SIZE)
    }

    /// The numbers of the parts still to send.
    pub fn missing(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.count).filter(|number| !self.stored.contains(number))
    }
}

const STILL_OPEN: &str = "BUG: an upload that is not over has its file";

/// One upload, whose parts are written one at a time.
#[derive(Debug)]
struct OpenUpload {
    folder: PathBuf,
    parts: PartSet,
    /// `None` once the upload is over: Windows removes no folder with an open file in it.
    data: Option<File>,
    /// Hash of the first parts, as far as they came in order since the store was opened.
    hasher: Hasher,
}

/// The uploads that were begun and not finished.
#[derive(Debug, Default)]
pub(super) struct Uploads {
    open: BTreeMap<ContentHash, Arc<Mutex<OpenUpload>>>,
}

impl Uploads {
    /// Finds the uploads that a former process left, and removes what is not one.
    pub(super) fn find(folder: &Path, options: &PackOptions) -> Result<Self, StoreError> {
        let mut uploads = Self::default();
        for entry in RealDisk.list(folder)? {
            let path = folder.join(&entry.name);
            let begun = entry.name.to_str().and_then(|name| {
                let (hash, size) = name.split_once('-')?;
                let parts = PartSet::new(size.parse().ok()?, options.content_limit).ok()?;
                Some((hash.parse::<ContentHash>().ok()?, parts))
            });
            if let Some((hash, parts)) = begun {
                let mut upload = OpenUpload::open(path, parts)?;
                upload.find_parts()?;
                uploads.open.insert(hash, Arc::new(Mutex::new(upload)));
            } else {
                remove_folder(&path)?;
            }
        }
        Ok(uploads)
    }
}

impl OpenUpload {
    fn open(folder: PathBuf, parts: PartSet) -> Result<Self, StoreError> {
        let path = folder.join("data");
        let data = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| Error::from_io(Operation::Open, &path, error))?;
        let hasher = Hasher::new(Evidence::None);
        Ok(Self { folder, parts, data: Some(data), hasher })
    }

    fn is_over(&self) -> bool {
        self.data.is_none()
    }

    fn find_parts(&mut self) -> Result<(), StoreError> {
        for entry in RealDisk.list(&self.folder)? {
            let number = entry.name.to_str().and_then(|name| name.strip_suffix(".part")?.parse::<u32>().ok());
            self.parts.stored.extend(number.filter(|number| *number < self.parts.count));
        }

        Ok(())
    }

    fn write(&mut self, number: u32, bytes: &[u8], options: &PackOptions) -> disk::Result<()> {
        let path = self.folder.join("data");
        let offset = u64::from(number) * PART_SIZE;
        let data = self.data.as_mut().expect(STILL_OPEN);
        data.seek(SeekFrom::Start(offset))
            .and_then(|_| data.write_all(bytes))
            .map_err(|error| Error::from_io(Operation::Write, &path, error))?;
        (options.flush)(data).map_err(|error| Error::from_io(Operation::SyncFile, &path, error))?;
        let mark = self.folder.join(format!("{number:06}.part"));
        match File::create_new(&mark) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(Error::from_io(Operation::Create, &mark, error));
            }
            _ => {}
        }
        if self.hasher.size() == offset {
            self.hasher.update(bytes);
        }
        self.parts.stored.insert(number);
        Ok(())
    }

    /// Hashes what did not come in order, from the file.
    fn digest(&mut self) -> disk::Result<Digest> {
        let rest = self.parts.size - self.hasher.size();
        let (data, hasher) = (self.data.as_mut().expect(STILL_OPEN), &mut self.hasher);
        data.seek(SeekFrom::Start(hasher.size()))
            .and_then(|_| io::copy(&mut data.take(rest), hasher))
            .map_err(|error| Error::from_io(Operation::Read, &self.folder.join("data"), error))?;
        Ok(self.hasher.clone().finish())
    }
}

impl PackStore {
    fn uploads(&self) -> Result<MutexGuard<'_, Uploads>, StoreError> {
        self.uploads.lock().map_err(|_| StoreError::Broken)
    }

    fn upload(&self, hash: ContentHash) -> Result<Arc<Mutex<OpenUpload>>, StoreError> {
        self.uploads()?.open.get(&hash).cloned().ok_or(StoreError::NoUpload { hash })
    }

    /// Begins to receive a content, or tells how far a former attempt came.
    pub fn begin_large(&self, hash: ContentHash, size: u64) -> Result<Upload, StoreError> {
        let parts = PartSet::new(size, self.options.content_limit)?;
        if RealDisk.stat(&self.file_path(hash))?.is_some() {
            return Ok(Upload::Stored(Place::File));
        }
        let mut uploads = self.uploads()?;
        if let Some(upload) = uploads.open.get(&hash).cloned() {
            drop(uploads);
            let upload = upload.lock().map_err(|_| StoreError::Broken)?;
            return if upload.parts.size == size {
                Ok(Upload::Parts(upload.parts.clone()))
            } else {
                Err(StoreError::OtherSize { hash, begun: upload.parts.size })
            };
        }
        if uploads.open.len() >= self.options.upload_limit {
            let limit = self.options.upload_limit;
            return Err(StoreError::TooMany { count: uploads.open.len() + 1, limit });
        }
        let folder = self.folder.join("uploads").join(format!("{hash}-{size}"));
        RealDisk.create_dir_all(&folder)?;
        let upload = OpenUpload::open(folder, parts.clone())?;
        uploads.open.insert(hash, Arc::new(Mutex::new(upload)));
        Ok(Upload::Parts(parts))
    }

    /// Stores part `number`, and returns when it is on stable storage. A part that is stored already is left as it is.
    pub fn write_part(&self, hash: ContentHash, number: u32, bytes: &[u8]) -> Result<(), StoreError> {
        let upload = self.upload(hash)?;
        let mut upload = upload.lock().map_err(|_| StoreError::Broken)?;
        if upload.is_over() {
            return Err(StoreError::NoUpload { hash });
        }
        let (length, expected) = (bytes.len() as u64, upload.parts.length_of(number));
        if length != expected || expected == 0 {
            return Err(StoreError::WrongPart { hash, number, length, expected });
        }
        if !upload.parts.stored.contains(&number) {
            upload.write(number, bytes, &self.options)?;
        }
        Ok(())
    }

    /// Which parts of an upload are stored.
    pub fn parts(&self, hash: ContentHash) -> Result<PartSet, StoreError> {
        let upload = self.upload(hash)?;
        let upload = upload.lock().map_err(|_| StoreError::Broken)?;
        Ok(upload.parts.clone())
    }

    /// Makes a content of its parts, and returns when it is on stable storage. Again is harmless.
    ///
    /// [`StoreError::WrongHash`] when the whole is not the content: the upload is then dropped with all its parts,
    /// since nothing tells which of them is wrong.
    pub fn finish_large(&self, hash: ContentHash) -> Result<Place, StoreError> {
        let upload = match self.upload(hash) {
            Err(StoreError::NoUpload { .. }) if RealDisk.stat(&self.file_path(hash))?.is_some() => {
                return Ok(Place::File);
            }
            upload => upload?,
        };
        let mut upload = upload.lock().map_err(|_| StoreError::Broken)?;
        if upload.is_over() {
            return if RealDisk.stat(&self.file_path(hash))?.is_some() {
                Ok(Place::File)
            } else {
                Err(StoreError::NoUpload { hash })
            };
        }
        let missing = u32::try_from(upload.parts.missing().count()).unwrap_or(u32::MAX);
        if missing > 0 {
            return Err(StoreError::Incomplete { hash, missing });
        }
        let found = upload.digest()?.hash;
        if let Err(wrong) = check_hash(hash, found) {
            self.end(hash, &mut upload)?;
            return Err(wrong);
        }
        self.publish(hash, &upload)?;
        failpoints::reached(Point::ServerPublished);
        self.end(hash, &mut upload)?;
        Ok(Place::File)
    }

    /// Drops an upload and its parts.
    pub fn abandon_large(&self, hash: ContentHash) -> Result<(), StoreError> {
        let upload = self.upload(hash)?;
        let mut upload = upload.lock().map_err(|_| StoreError::Broken)?;
        self.end(hash, &mut upload)
    }

    /// The contents of which an upload was begun and not finished.
    pub fn open_uploads(&self) -> Result<Vec<ContentHash>, StoreError> {
        Ok(self.uploads()?.open.keys().copied().collect())
    }

    fn publish(&self, hash: ContentHash, upload: &OpenUpload) -> Result<(), StoreError> {
        let target = self.file_path(hash);
        let parent = target.parent().expect("BUG: files lie in a folder");
        if RealDisk.stat(parent)?.is_none() {
            RealDisk.create_dir_all(parent)?;
            RealDisk.sync_dir(&self.folder.join("files"))?;
        }
        let data = upload.folder.join("data");
        // Each part was flushed; an empty content has none.
        (self.options.flush)(upload.data.as_ref().expect(STILL_OPEN))
            .map_err(|error| Error::from_io(Operation::SyncFile, &data, error))?;
        match RealDisk.rename_exclusive(&data, &target) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
            _ => {}
        }
        Ok(RealDisk.sync_dir(parent)?)
    }

    fn end(&self, hash: ContentHash, upload: &mut OpenUpload) -> Result<(), StoreError> {
        upload.data = None;
        self.uploads()?.open.remove(&hash);
        remove_folder(&upload.folder)
    }
}

fn remove_folder(path: &Path) -> Result<(), StoreError> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    Ok(removed.map_err(|error| Error::from_io(Operation::RemoveDir, path, error))?)
}
