//! Who sent which part of which large content: `sending/<hash>/<person>/000012.written`.
//!
//! Two people may send the same content at the same time, or one may send what is here already. Their parts are written
//! once, but each has to send all of them: a part that somebody else had written is kept as the hash of the bytes sent,
//! and compared with the whole at the end. The marks survive a restart; one that is lost makes its part be sent again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use disk::{Durability, ErrorKind, Filesystem as _, RealDisk};
use domain::content::ContentHash;
use domain::id::PersonId;
use domain::time::Instant;

const WRITTEN: &str = "written";

/// How somebody showed that they have a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// The part here is the one they sent.
    Written,
    /// They sent bytes of this hash when the part was here already.
    Claimed(ContentHash),
}

/// The marks, in a folder.
#[derive(Debug)]
pub(super) struct Ledger {
    folder: PathBuf,
}

impl Ledger {
    pub(super) fn open(folder: &Path) -> disk::Result<Self> {
        RealDisk.create_dir_all(folder)?;
        Ok(Self { folder: folder.to_path_buf() })
    }

    fn of_content(&self, hash: ContentHash) -> PathBuf {
        self.folder.join(hash.to_string())
    }

    fn of_person(&self, hash: ContentHash, person: PersonId) -> PathBuf {
        self.of_content(hash).join(person.to_string())
    }

    /// Records that `person` sent part `number`.
    pub(super) fn record(&self, hash: ContentHash, person: PersonId, number: u32, proof: Proof) -> disk::Result<()> {
        let kind = match proof {
            Proof::Written => WRITTEN.to_owned(),
            Proof::Claimed(sent) => sent.to_string(),
        };
        let folder = self.of_person(hash, person);
        RealDisk.create_dir_all(&folder)?;
        match RealDisk.create(&folder.join(format!("{number:06}.{kind}"))) {
            Ok(mark) => mark.finish(Durability::Lazy).map(|_| ()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The parts that `person` sent, each with its best proof: one claim among several that is wrong spoils the part.
    pub(super) fn proofs(&self, hash: ContentHash, person: PersonId) -> disk::Result<BTreeMap<u32, Proof>> {
        let mut proofs = BTreeMap::new();
        for name in names(&self.of_person(hash, person))? {
            let Some((number, kind)) = name.split_once('.') else {
                continue;
            };
            let Ok(number) = number.parse::<u32>() else {
                continue;
            };
            match kind.parse::<ContentHash>() {
                _ if kind == WRITTEN => {
                    proofs.insert(number, Proof::Written);
                }
                Ok(sent) => {
                    proofs.entry(number).or_insert(Proof::Claimed(sent));
                }
                Err(_) => {}
            }
        }
        Ok(proofs)
    }

    /// When somebody last sent a part of a content, by this machine's clock.
    pub(super) fn last_part(&self, hash: ContentHash) -> disk::Result<Option<Instant>> {
        let folder = self.of_content(hash);
        let mut last = None;
        for person in names(&folder)? {
            if let Some(meta) = RealDisk.stat(&folder.join(person))? {
                last = last.max(Some(Instant(meta.modified_ns / 1_000_000)));
            }
        }
        Ok(last)
    }

    /// Forgets what everybody sent of a content.
    pub(super) fn forget(&self, hash: ContentHash) -> disk::Result<()> {
        let folder = self.of_content(hash);
        for person in names(&folder)? {
            remove(&folder.join(person))?;
        }
        remove(&folder)
    }

    /// Forgets what `person` sent of a content.
    pub(super) fn forget_person(&self, hash: ContentHash, person: PersonId) -> disk::Result<()> {
        remove(&self.of_person(hash, person))?;
        let folder = self.of_content(hash);
        if names(&folder)?.is_empty() {
            remove(&folder)?;
        }
        Ok(())
    }
}

/// The names in a folder; none where it does not exist.
fn names(folder: &Path) -> disk::Result<Vec<String>> {
    match RealDisk.list(folder) {
        Ok(entries) => Ok(entries.into_iter().filter_map(|entry| entry.name.into_string().ok()).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Removes a folder of marks, if it is there.
fn remove(folder: &Path) -> disk::Result<()> {
    for name in names(folder)? {
        RealDisk.remove_file(&folder.join(name))?;
    }
    match RealDisk.remove_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => result,
    }
}
