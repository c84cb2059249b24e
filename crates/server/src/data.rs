//! The server's folder, held by one process at a time, and the databases in it or beside it.

use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use disk::{Filesystem as _, Operation, RealDisk};
use domain::id::FirmId;
use store::engine::{Durability, Engine, Schema};

/// Why the server cannot start, or cannot administer its folder.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another process has the folder open.
    #[error("{} is open in another process: stop the server that runs on it, then try again", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// Passwords would travel in the clear.
    #[error(
        "{address} is reachable from other machines: give a certificate, or say --behind-proxy when a proxy encrypts"
    )]
    Exposed {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The certificate or its key is not usable.
    #[error("the certificate or its key is not usable: {reason}")]
    Certificate {
        /// Why.
        reason: String,
    },
    /// What was asked for is refused, for a reason a person can act on.
    #[error("{0}")]
    Refused(String),
    /// The folder cannot be used.
    #[error(transparent)]
    Disk(#[from] disk::Error),
    /// A database cannot be used.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The store of contents cannot be used.
    #[error(transparent)]
    Contents(#[from] content::StoreError),
}

/// The server's folder.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    postgres: Option<String>,
    lock: File,
}

impl DataFolder {
    /// Opens the folder, making it where it does not exist. With a PostgreSQL URL the databases are there, and the
    /// folder holds the contents only.
    pub fn open(path: &Path, postgres: Option<&str>) -> Result<Self, StartError> {
        let path = std::path::absolute(path).map_err(|error| disk::Error::from_io(Operation::Open, path, error))?;
        let is_new = RealDisk.stat(&path)?.is_none();
        RealDisk.create_dir_all(&path.join("firms"))?;
        if is_new {
            keep_private(&path)?;
        }
        let lock_path = path.join("lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(|error| disk::Error::from_io(Operation::Open, &lock_path, error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, postgres: postgres.map(str::to_owned), lock }),
            Err(TryLockError::WouldBlock) => Err(StartError::InUse { folder: path }),
            Err(TryLockError::Error(error)) => Err(disk::Error::from_io(Operation::Open, &lock_path, error).into()),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The control database.
    pub(crate) fn control(&self) -> Result<Engine, StartError> {
        let file = self.path.join("control.db");
        Ok(self.engine(&file, "gedeon_control", Schema::Control)?)
    }

    /// A firm's database. On PostgreSQL all firms share one: every table is keyed by firm first.
    pub(crate) fn firm(&self, firm: FirmId) -> Result<Engine, StartError> {
        let folder = self.firm_folder(firm);
        RealDisk.create_dir_all(&folder)?;
        Ok(self.engine(&folder.join("firm.db"), "gedeon_firms", Schema::Firm)?)
    }

    /// What a firm keeps beside its database.
    pub(crate) fn firm_folder(&self, firm: FirmId) -> PathBuf {
        self.path.join("firms").join(firm.to_string())
    }

    /// Lets another process open the folder.
    pub(crate) fn release(&self) {
        if let Err(error) = self.lock.unlock() {
            tracing::warn!(%error, "the data folder's lock could not be released before the process ends");
        }
    }

    fn engine(&self, file: &Path, namespace: &str, schema: Schema) -> store::Result<Engine> {
        match &self.postgres {
            Some(url) => Engine::postgres(url, namespace, schema),
            None => Engine::sqlite(file, schema, Durability::Full),
        }
    }
}

/// Whatever is in the folder is for the server's user alone. On Windows a folder inherits who may read it.
fn keep_private(folder: &Path) -> Result<(), StartError> {
    #[cfg(unix)]
    {
        let for_owner = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(folder, for_owner)
            .map_err(|error| disk::Error::from_io(Operation::CreateDir, folder, error))?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
