//! The profile: one folder a user of this machine, locked by the engine that runs on it.
//!
//! ```text
//! profile.json     server, who signed in, mirror, language, bandwidth, pause
//! token            the session's secret, where the system has no keychain
//! lock, door.json  the running engine
//! replicas/        one a server, firm and person
//! staging/         contents not yet on the server, or fetched from it
//! opened/          read-only copies of documents that are not mirrored
//! Gardés/          what refused changes held, for people to find; nothing here ever removes from it
//! ```

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use domain::id::{FirmId, PersonId, WorkstationId};
use protocol::failure::{Failure, FailureCode};
use protocol::local::Bandwidth;
use serde::{Deserialize, Serialize};
use store::replica::Owner;

/// The file of what the profile remembers.
const FILE: &str = "profile.json";

/// What the profile remembers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Made once for this profile.
    pub workstation: WorkstationId,
    /// Who signed in last, and where.
    #[serde(default)]
    pub account: Option<Account>,
    /// The mirror's folder of each person who signed in here: one person's is never another's.
    #[serde(default)]
    mirrors: BTreeMap<String, PathBuf>,
    /// `fr` or `en`.
    pub language: String,
    /// Bytes that the mirror leaves free on its volume and on the profile's.
    #[serde(default = "kept_free")]
    pub kept_free: u64,
    /// How much of the network contents may take.
    #[serde(default)]
    pub bandwidth: Bandwidth,
    /// Whether synchronisation is paused: a pause lasts until somebody ends it.
    #[serde(default)]
    pub paused: bool,
}

/// A gigabyte: what a machine needs to be itself.
fn kept_free() -> u64 {
    1_000_000_000
}

/// A sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Address of the server.
    pub server: String,
    /// E-mail.
    pub email: String,
    /// Firm.
    pub firm: FirmId,
    /// Its name.
    pub firm_name: String,
    /// Person.
    pub person: PersonId,
}

impl Profile {
    /// The mirror's folder of who signed in last.
    pub fn mirror_root(&self) -> Option<&PathBuf> {
        self.mirrors.get(&self.account.as_ref()?.key())
    }

    /// Chooses the mirror's folder of who signed in last.
    pub fn set_mirror_root(&mut self, root: PathBuf) {
        if let Some(account) = &self.account {
            self.mirrors.insert(account.key(), root);
        }
    }
}

impl Account {
    fn key(&self) -> String {
        format!("{}-{}", self.firm, self.person)
    }

    /// Whose replica it is.
    pub fn owner(&self) -> Owner {
        Owner { firm: self.firm, person: self.person }
    }
}

/// A profile's folder, locked.
#[derive(Debug)]
pub struct ProfileFolder {
    path: PathBuf,
    _lock: File,
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Another engine runs on it.
    #[error("another engine runs on this profile")]
    InUse,
    /// The disk failed.
    #[error("{}: {source}", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// How.
        source: std::io::Error,
    },
    /// What the profile remembers is there and means nothing.
    #[error("{} says nothing that makes sense: {source}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl ProfileFolder {
    /// Opens (and makes) a profile's folder, for one engine at a time.
    pub fn open(path: &Path) -> Result<Self, ProfileError> {
        let failed = |source| ProfileError::Disk { path: path.to_owned(), source };
        for folder in ["replicas", "staging"] {
            fs::create_dir_all(path.join(folder)).map_err(failed)?;
        }
        owner_only(path).map_err(failed)?;
        let lock =
            OpenOptions::new().create(true).truncate(false).write(true).open(path.join("lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {
                // Copies for reading last as long as the engine: who may read them may have changed since.
                let opened = path.join("opened");
                if let Err(error) = fs::remove_dir_all(&opened).or_else(absent_is_fine) {
                    tracing::warn!(%error, "copies made for reading could not be removed");
                }
                fs::create_dir_all(&opened).map_err(failed)?;
                Ok(Self { path: path.to_owned(), _lock: lock })
            }
            Err(fs::TryLockError::WouldBlock) => Err(ProfileError::InUse),
            Err(fs::TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The replica's file for a sign-in.
    pub fn replica(&self, account: &Account) -> PathBuf {
        let server = blake3::hash(account.server.as_bytes()).to_hex()[..8].to_owned();
        self.path.join("replicas").join(format!("{server}-{}-{}.db", account.firm, account.person))
    }

    /// Where contents wait.
    pub fn staging(&self) -> PathBuf {
        self.path.join("staging")
    }

    /// Where copies for reading are put.
    pub fn opened(&self) -> PathBuf {
        self.path.join("opened")
    }

    /// Where people find what refused changes held. Made when something is first kept.
    pub fn kept(&self) -> PathBuf {
        self.path.join("Gardés")
    }

    /// Reads the profile, or makes a new one for `workstation` where there is none. One that cannot be read is left as it is:
    /// a new one in its place would forget who signed in and where their mirrors are.
    pub fn load(&self, workstation: impl FnOnce() -> WorkstationId) -> Result<Profile, ProfileError> {
        let path = self.path.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|source| ProfileError::Damaged { path, source }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Profile {
                workstation: workstation(),
                account: None,
                mirrors: BTreeMap::new(),
                language: "fr".to_owned(),
                kept_free: kept_free(),
                bandwidth: Bandwidth::default(),
                paused: false,
            }),
            Err(source) => Err(ProfileError::Disk { path, source }),
        }
    }

    /// Writes the profile.
    pub fn save(&self, profile: &Profile) -> Result<(), Failure> {
        let bytes = serde_json::to_vec_pretty(profile)
            .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
        self.write_private(FILE, &bytes)
    }

    /// Writes a file that its owner alone can read, whole or not at all.
    pub fn write_private(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.path.join(name);
        let written = tempfile::NamedTempFile::new_in(&self.path).and_then(|mut file| {
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|error| error.error)?;
            Ok(())
        });
        written.map_err(|error| local_failure(&path, &error))
    }

    /// Reads a file of the profile.
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.path.join(name)).ok()
    }

    /// Removes a file of the profile.
    pub fn remove(&self, name: &str) {
        if let Err(error) = fs::remove_file(self.path.join(name))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, name, "a file of the profile could not be removed");
        }
    }
}

fn absent_is_fine(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

/// The failure of a local file.
pub fn local_failure(path: &Path, error: &std::io::Error) -> Failure {
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => "not_found",
        std::io::ErrorKind::PermissionDenied => "no_permission",
        std::io::ErrorKind::StorageFull => "disk_full",
        _ => "disk_error",
    };
    let code = if reason == "disk_full" { FailureCode::DiskFull } else { FailureCode::LocalFile };
    Failure::new(code, error.to_string()).with("path", path.display()).with("reason", reason)
}

#[cfg(unix)]
fn owner_only(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same call on every system")]
fn owner_only(_: &Path) -> std::io::Result<()> {
    // A user's profile folder is private by the system's own rules.
    Ok(())
}
