//! A firm's contents: received with proof that the sender has the bytes, and read back.
//!
//! A hash is not a key: somebody who names a content they may not read must send all its bytes, even those that are
//! here already, and each part is held to them ([`Ledger`]). What is on stable storage is then recorded in the firm's
//! store by the caller. Everything here blocks. Deliberately absent: who may read what, which is the firm's store's to
//! say.

use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use content::{PART_SIZE, PackOptions, PackStore, Place, StoreError, Upload};
use domain::content::ContentHash;
use domain::id::PersonId;
use domain::time::Instant;
use failpoints::Point;

mod ledger;

use ledger::{Ledger, Proof};

/// An upload that got no part for this long is dropped when the firm is next opened, in milliseconds: 7 days.
const ABANDONED_MILLIS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// Large contents being sent at the same time in a firm.
const UPLOADS: usize = 4_096;
/// Parts received at the same time for contents whose hashes begin alike wait for each other.
const STRIPES: usize = 16;

/// Why a content cannot be received or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ContentsError {
    /// The store of contents refuses or fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The list of parts sent cannot be kept.
    #[error(transparent)]
    Disk(#[from] disk::Error),
    /// Parts are missing, or were lost: ask which.
    #[error("{missing} parts of content {hash} are still to be sent")]
    NotAllSent {
        /// The content.
        hash: ContentHash,
        /// How many parts.
        missing: usize,
    },
    /// The parts sent are not those of the content held.
    #[error("the parts sent as content {hash} are not its own")]
    OtherBytes {
        /// The content.
        hash: ContentHash,
    },
    /// The place recorded is not one.
    #[error(transparent)]
    Place(#[from] content::InvalidPlace),
}

type Result<T> = std::result::Result<T, ContentsError>;

/// The contents of one firm.
pub(crate) struct Contents {
    folder: PathBuf,
    /// With how many times it was opened. `None` where it could not be opened again.
    store: RwLock<(u64, Option<PackStore>)>,
    ledger: Ledger,
    receiving: [Mutex<()>; STRIPES],
}

impl Contents {
    /// Opens the contents in a firm's folder.
    pub(crate) fn open(folder: &Path, now: Instant) -> std::result::Result<Self, StoreError> {
        let contents = Self {
            folder: folder.join("contents"),
            store: RwLock::new((0, Some(open_store(&folder.join("contents"))?))),
            ledger: Ledger::open(&folder.join("sending"))?,
            receiving: std::array::from_fn(|_| Mutex::default()),
        };
        if let Err(error) = contents.drop_abandoned(now) {
            // They only take room: not a reason to keep a firm closed.
            tracing::warn!(%error, "abandoned uploads could not be removed");
        }
        Ok(contents)
    }

    fn drop_abandoned(&self, now: Instant) -> Result<()> {
        let oldest = now.plus(-ABANDONED_MILLIS);
        for hash in self.with(PackStore::open_uploads)? {
            if self.ledger.last_part(hash)?.is_none_or(|last| last < oldest) {
                self.with(|store| store.abandon_large(hash))?;
                self.ledger.forget(hash)?;
            }
        }
        Ok(())
    }

    /// Stores small contents whose hashes were checked; returns their places once all are on stable storage.
    pub(crate) fn put_small(&self, contents: &[(ContentHash, Vec<u8>)]) -> Result<Vec<Place>> {
        let batch: Vec<(ContentHash, &[u8])> = contents.iter().map(|(hash, bytes)| (*hash, bytes.as_slice())).collect();
        Ok(self.with(|store| store.put_many(&batch))?)
    }

    /// The parts of a large content that `person` sent and that are still here.
    pub(crate) fn parts_sent(&self, person: PersonId, hash: ContentHash) -> Result<Vec<u32>> {
        let proofs = self.ledger.proofs(hash, person)?;
        if proofs.is_empty() {
            return Ok(Vec::new());
        }
        match self.with(|store| store.parts(hash)) {
            Ok(parts) => Ok(proofs.into_keys().filter(|number| parts.stored.contains(number)).collect()),
            // Somebody finished it meanwhile, or it was dropped: finishing tells.
            Err(StoreError::NoUpload { .. }) if self.is_file(hash)? => Ok(proofs.into_keys().collect()),
            Err(StoreError::NoUpload { .. }) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    /// Receives a part of a content of `size` bytes; it is on stable storage on return.
    pub(crate) fn put_part(
        &self,
        person: PersonId,
        hash: ContentHash,
        size: u64,
        number: u32,
        bytes: &[u8],
    ) -> Result<()> {
        let _alone = self.alone(hash);
        let proof = match self.begin(hash, size)? {
            Upload::Parts(parts) if !parts.stored.contains(&number) => {
                self.with(|store| store.write_part(hash, number, bytes))?;
                failpoints::reached(Point::ServerPart);
                Proof::Written
            }
            Upload::Parts(parts) if parts.length_of(number) != bytes.len() as u64 => {
                return Err(StoreError::WrongPart {
                    hash,
                    number,
                    length: bytes.len() as u64,
                    expected: parts.length_of(number),
                }
                .into());
            }
            // These bytes are here. Whether they are the same is seen at the end, against the whole.
            Upload::Parts(_) | Upload::Stored(_) => Proof::Claimed(ContentHash::of(bytes)),
        };
        Ok(self.ledger.record(hash, person, number, proof)?)
    }

    /// Makes a content of the parts that `person` sent; it is on stable storage on return. Again is harmless until the
    /// caller says [`settled`](Self::settled).
    pub(crate) fn finish(&self, person: PersonId, hash: ContentHash, size: u64) -> Result<Place> {
        let _alone = self.alone(hash);
        if (size == 0) != (hash == ContentHash::of(&[])) {
            return Err(StoreError::OtherSize { hash, begun: 0 }.into());
        }
        let upload = self.begin(hash, size)?;
        let proofs = self.ledger.proofs(hash, person)?;
        let count = size.div_ceil(PART_SIZE);
        let is_here = |number: u32| match &upload {
            Upload::Stored(_) => true,
            Upload::Parts(parts) => parts.stored.contains(&number),
        };
        let sent = proofs.keys().filter(|number| u64::from(**number) < count && is_here(**number));
        let missing = usize::try_from(count).unwrap_or(usize::MAX) - sent.count();
        if missing > 0 {
            return Err(ContentsError::NotAllSent { hash, missing });
        }
        let place = match upload {
            Upload::Stored(place) => place,
            Upload::Parts(_) => match self.with(|store| store.finish_large(hash)) {
                Err(wrong @ StoreError::WrongHash { .. }) => {
                    self.ledger.forget(hash)?;
                    return Err(wrong.into());
                }
                place => place?,
            },
        };
        let has_claims = proofs.values().any(|proof| matches!(proof, Proof::Claimed(_)));
        if has_claims && !self.are_parts_of(&proofs, hash, place, size)? {
            self.ledger.forget_person(hash, person)?;
            return Err(ContentsError::OtherBytes { hash });
        }
        Ok(place)
    }

    /// Forgets what `person` sent of a content, since the firm's store now says that they hold it.
    pub(crate) fn settled(&self, person: PersonId, hash: ContentHash) -> Result<()> {
        let _alone = self.alone(hash);
        Ok(self.ledger.forget_person(hash, person)?)
    }

    /// Reads a content, or a range of it: see [`PackStore::read`].
    pub(crate) fn read(
        &self,
        hash: ContentHash,
        place: &str,
        range: Option<Range<u64>>,
    ) -> Result<Box<dyn Read + Send>> {
        let place: Place = place.parse()?;
        Ok(self.with(|store| store.read(hash, place, range.clone()))?)
    }

    /// A small content, checked.
    pub(crate) fn bytes(&self, hash: ContentHash, place: &str, limit: u64) -> Result<Vec<u8>> {
        let place: Place = place.parse()?;
        Ok(self.with(|store| store.bytes(hash, place, limit))?)
    }

    /// The upload of a content, begun again where somebody had announced another size: one of the two is wrong, and
    /// only the right one can be finished.
    fn begin(&self, hash: ContentHash, size: u64) -> Result<Upload> {
        match self.with(|store| store.begin_large(hash, size)) {
            Err(StoreError::OtherSize { .. }) => {
                self.with(|store| store.abandon_large(hash))?;
                self.ledger.forget(hash)?;
                Ok(self.with(|store| store.begin_large(hash, size))?)
            }
            upload => Ok(upload?),
        }
    }

    fn is_file(&self, hash: ContentHash) -> Result<bool> {
        match self.with(|store| store.read(hash, Place::File, Some(0..0))) {
            Ok(_) => Ok(true),
            Err(StoreError::Disk(error)) if error.kind() == disk::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the parts claimed are those of the content, which has `size` bytes.
    fn are_parts_of(
        &self,
        proofs: &std::collections::BTreeMap<u32, Proof>,
        hash: ContentHash,
        place: Place,
        size: u64,
    ) -> Result<bool> {
        let mut reader = self.with(|store| store.read(hash, place, None))?;
        let mut total = 0;
        for number in 0_u32.. {
            let mut part = Vec::new();
            reader.by_ref().take(PART_SIZE).read_to_end(&mut part).map_err(|error| {
                match error.downcast::<content::DamagedContent>() {
                    Ok(damaged) => StoreError::Damaged(damaged),
                    Err(error) => disk::Error::from_io(disk::Operation::Read, &self.folder, error).into(),
                }
            })?;
            if part.is_empty() {
                break;
            }
            total += part.len() as u64;
            match proofs.get(&number) {
                Some(Proof::Claimed(claimed)) if *claimed != ContentHash::of(&part) => {
                    return Ok(false);
                }
                None => return Ok(false),
                Some(_) => {}
            }
        }
        Ok(total == size)
    }

    fn alone(&self, hash: ContentHash) -> MutexGuard<'_, ()> {
        self.receiving[usize::from(hash.0[0]) % STRIPES].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` on the store, and once more on the store opened again if a flush had failed: what the disk holds
    /// after that is only known by looking.
    fn with<T>(
        &self,
        work: impl Fn(&PackStore) -> std::result::Result<T, StoreError>,
    ) -> std::result::Result<T, StoreError> {
        let seen = {
            let guard = self.store.read().unwrap_or_else(PoisonError::into_inner);
            match &*guard {
                (seen, Some(store)) => match work(store) {
                    Err(StoreError::Broken) => *seen,
                    result => return result,
                },
                (seen, None) => *seen,
            }
        };
        let mut guard = self.store.write().unwrap_or_else(PoisonError::into_inner);
        if guard.0 == seen {
            // The old one must let go of its lock first.
            *guard = (seen + 1, None);
            guard.1 = Some(open_store(&self.folder)?);
            tracing::warn!("the store of contents was opened again after a failed flush");
        }
        match &guard.1 {
            Some(store) => work(store),
            None => Err(StoreError::Broken),
        }
    }
}

fn open_store(folder: &Path) -> std::result::Result<PackStore, StoreError> {
    PackStore::open(folder, PackOptions { upload_limit: UPLOADS, ..PackOptions::default() })
}
