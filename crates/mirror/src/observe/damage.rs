//! Files that a power cut emptied, cut or filled with zeros: what the user saved and the disk had not yet written.
//!
//! Only nodes that had not reached stable storage when the last process ended are suspected, and only these shapes of
//! damage: whatever else they hold now, somebody wrote.

use std::io::Read as _;
use std::path::Path;

use disk::{Error, Meta, Operation};

use crate::desk::Desk;
use crate::trees::LocalNode;

/// The largest content compared byte by byte.
const COMPARED: u64 = 64 * 1024 * 1024;

/// Whether a suspected file is what is left of the content it had.
pub(super) fn is_damaged(desk: &Desk, path: &Path, local: &LocalNode, meta: &Meta) -> disk::Result<bool> {
    // Bytes that nobody was told of can be had again from nowhere.
    if local.version.is_none() || local.stamp.size == 0 {
        return Ok(false);
    }
    if meta.size == 0 || (meta.size <= local.stamp.size && is_all_zeros(desk, path)?) {
        return Ok(true);
    }
    let Some(content) = local.content.filter(|_| meta.size < local.stamp.size && local.stamp.size <= COMPARED) else {
        return Ok(false);
    };
    match desk.staging.bytes(content, COMPARED) {
        Ok(whole) => Ok(whole.starts_with(&desk.disk.read(path, COMPARED)?)),
        // Sent already, so no longer here to compare with.
        Err(_) => Ok(false),
    }
}

fn is_all_zeros(desk: &Desk, path: &Path) -> disk::Result<bool> {
    let mut file = desk.disk.open(path)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer).map_err(|error| Error::from_io(Operation::Read, path, error))?;
        if read == 0 {
            return Ok(true);
        }
        if buffer[..read].iter().any(|byte| *byte != 0) {
            return Ok(false);
        }
    }
}
