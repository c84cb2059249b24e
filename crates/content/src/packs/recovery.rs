//! What a crash leaves at the end of the last pack, and how it is cut off.
//!
//! Nobody was told that an unfinished record is stored, so it may go. A damaged record *before* a whole one is not the
//! work of a crash: it stays, and reading it says so.

use std::fs::{self, File};
use std::path::Path;

use disk::{Error, Filesystem, Operation, RealDisk};
use domain::content::ContentHash;

use super::append::Tail;
use super::record::{HEADER, MAGIC, pack_path, parse};
use super::{PackOptions, StoreError};

/// Opens the last pack at the end of its last whole record, or creates the first one.
pub(super) fn recover_tail(packs: &Path, options: &PackOptions) -> Result<Tail, StoreError> {
    let last = RealDisk
        .list(packs)?
        .iter()
        .filter_map(|entry| {
            entry
                .name
                .to_str()?
                .strip_suffix(".pack")?
                .parse::<u32>()
                .ok()
        })
        .max();
    let Some(number) = last else {
        return Tail::create(packs, 1);
    };
    let path = pack_path(packs, number);
    let at = |operation| {
        let path = path.clone();
        move |error| Error::from_io(operation, &path, error)
    };
    let file = File::options()
        .read(true)
        .write(true)
        .open(&path)
        .map_err(at(Operation::Open))?;
    let bytes = fs::read(&path).map_err(at(Operation::Read))?;
    let length = end_of_last_record(&bytes);
    if length < bytes.len() {
        file.set_len(length as u64).map_err(at(Operation::Write))?;
    }
    // What the former process wrote and did not flush is not promised, but from here on it is read as if it were.
    (options.flush)(&file).map_err(at(Operation::SyncFile))?;
    Ok(Tail::new(number, file, length as u64))
}

/// Where the last record ends whose bytes have its hash.
fn end_of_last_record(pack: &[u8]) -> usize {
    let (mut position, mut end) = (0, 0);
    while let Some(found) = next_magic(pack, position) {
        position = match parse(&pack[found..]) {
            Some(record) if ContentHash::of(record.bytes) == record.hash => {
                end = found + HEADER + record.bytes.len();
                end
            }
            // Damaged: the next record may begin anywhere behind its mark.
            _ => found + MAGIC.len(),
        };
    }
    end
}

fn next_magic(pack: &[u8], from: usize) -> Option<usize> {
    let rest = pack.get(from..)?;
    if rest.starts_with(&MAGIC) {
        return Some(from);
    }
    rest.windows(MAGIC.len())
        .position(|window| window == MAGIC)
        .map(|found| from + found)
}
