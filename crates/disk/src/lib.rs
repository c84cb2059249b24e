//! The file system as a trait, so that the engine that moves users' files can be tested against disks that fail.
//!
//! [`Filesystem`] is implemented by [`RealDisk`] (Linux, macOS, Windows), by [`MemoryDisk`] (deterministic, with the
//! habits of ext4, NTFS or APFS, and able to lose what was never flushed) and by [`FaultyDisk`] (a wrapper that fails
//! or stops where it is told to). Every error names its path and its operation.
//!
//! Deliberately absent: which names are portable between systems (`domain` decides that), watching for changes, and
//! any policy such as retries. A symbolic link is reported and never followed in the last component of a path.

mod dice;
mod error;
mod faulty;
mod filesystem;
mod memory;
mod meta;
mod real;

pub use error::{Error, ErrorKind, Operation, Result};
pub use faulty::{CrashMoment, FaultyDisk};
pub use filesystem::{Durability, Filesystem, WriteNew};
pub use memory::{MemoryDisk, Personality, ProgramHandle, Sharing, Surveyed};
pub use meta::{Entry, FileId, FileKind, Fingerprint, InvalidFileId, Meta, VolumeId};
pub use real::RealDisk;
