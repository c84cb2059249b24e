//! Hashing in one pass: BLAKE3 as the identity, SHA-256 beside it for evidence and archives.

use std::fmt;
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;

use disk::{Error, Filesystem, Operation};
use domain::content::ContentHash;
use sha2::{Digest as _, Sha256};

/// Large enough for BLAKE3 to hash many of its blocks at a time, small enough to stay in the processor's cache.
const BUFFER_LENGTH: usize = 128 * 1024;

/// SHA-256 of a content, as archives and courts know it. Written as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256Hash(pub [u8; 32]);

impl fmt::Display for Sha256Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// Text that is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 is written as 64 hexadecimal digits")]
pub struct InvalidSha256;

impl FromStr for Sha256Hash {
    type Err = InvalidSha256;

    fn from_str(text: &str) -> Result<Self, InvalidSha256> {
        // The two hashes are written alike.
        let ContentHash(bytes) = text.parse().map_err(|_| InvalidSha256)?;
        Ok(Self(bytes))
    }
}

/// Whether SHA-256 is wanted too; it costs several times what BLAKE3 does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// BLAKE3 alone.
    None,
    /// SHA-256 beside it.
    Sha256,
}

/// What one pass over a content tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    /// Its identity.
    pub hash: ContentHash,
    /// Its SHA-256, when asked for.
    pub sha256: Option<Sha256Hash>,
    /// Its length in bytes.
    pub size: u64,
}

/// Hashes bytes as they come.
#[derive(Debug, Clone)]
pub struct Hasher {
    blake3: blake3::Hasher,
    sha256: Option<Sha256>,
    size: u64,
}

impl Hasher {
    /// Starts with no bytes.
    pub fn new(evidence: Evidence) -> Self {
        Self { blake3: blake3::Hasher::new(), sha256: (evidence == Evidence::Sha256).then(Sha256::new), size: 0 }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.blake3.update(bytes);
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(bytes);
        }
        self.size += bytes.len() as u64;
    }

    /// The bytes taken so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What the bytes taken so far amount to.
    pub fn finish(self) -> Digest {
        Digest {
            hash: ContentHash(*self.blake3.finalize().as_bytes()),
            sha256: self.sha256.map(|sha256| Sha256Hash(sha256.finalize().into())),
            size: self.size,
        }
    }
}

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Hashes all that a reader gives.
pub fn hash_reader(reader: &mut dyn Read, evidence: Evidence) -> io::Result<Digest> {
    let mut hasher = Hasher::new(evidence);
    let mut buffer = vec![0; BUFFER_LENGTH];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(length) => hasher.update(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Hashes a whole file of a disk.
pub fn hash_file(disk: &dyn Filesystem, path: &Path, evidence: Evidence) -> disk::Result<Digest> {
    hash_reader(&mut disk.open(path)?, evidence).map_err(|error| Error::from_io(Operation::Read, path, error))
}
