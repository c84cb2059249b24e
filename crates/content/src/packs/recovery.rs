//! What a crash leaves at the end of the last pack, and how it is cut off.
//!
//! Nobody was told that an unfinished record is stored, so it may go. A damaged record *before* a whole one is not the
//! work of a crash: it stays, and reading it says so.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use disk::{Error, Filesystem, Operation, RealDisk};
use domain::content::ContentHash;

use super::append::Tail;
use super::record::{HEADER, MAGIC, pack_path, parse};
use super::{PackOptions, SMALL_LIMIT, StoreError};

/// Opens the last pack at the end of its last whole record, or creates the first one.
pub(super) fn recover_tail(packs: &Path, options: &PackOptions) -> Result<Tail, StoreError> {
    let last = RealDisk
        .list(packs)?
        .iter()
        .filter_map(|entry| entry.name.to_str()?.strip_suffix(".pack")?.parse::<u32>().ok())
        .max();
    let Some(number) = last else {
        return Tail::create(packs, 1);
    };
    let path = pack_path(packs, number);
    let at = |operation| {
        let path = path.clone();
        move |error| Error::from_io(operation, &path, error)
    };
    let file = File::options().read(true).write(true).open(&path).map_err(at(Operation::Open))?;
    let size = file.metadata().map_err(at(Operation::Stat))?.len();
    let length = end_of_last_record(&file).map_err(at(Operation::Read))?;
    if length < size {
        file.set_len(length).map_err(at(Operation::Write))?;
    }
    // What the former process wrote and did not flush is not promised, but from here on it is read as if it were.
    (options.flush)(&file).map_err(at(Operation::SyncFile))?;
    Ok(Tail::new(number, file, length))
}

/// Read at a time; several times the largest record, so that little is moved about.
const PIECE: u64 = 4 * SMALL_LIMIT;

/// Where the last record ends whose bytes have its hash.
fn end_of_last_record(mut file: &File) -> io::Result<u64> {
    // `window` holds what was read from `start` on; what lies before `position` in it is understood.
    let (mut window, mut start, mut position) = (Vec::new(), 0, 0);
    let (mut end, mut is_read) = (0, false);
    loop {
        if !is_read && (window.len() - position) as u64 <= HEADER as u64 + SMALL_LIMIT {
            window.drain(..position);
            start += position as u64;
            position = 0;
            is_read = file.by_ref().take(PIECE).read_to_end(&mut window)? as u64 != PIECE;
            continue;
        }
        let rest = &window[position..];
        position += match parse(rest) {
            Some(record) if ContentHash::of(record.bytes) == record.hash => {
                let length = HEADER + record.bytes.len();
                end = start + (position + length) as u64;
                length
            }
            // Damaged: the next record may begin anywhere behind this byte.
            _ => match rest.iter().skip(1).position(|byte| *byte == MAGIC[0]) {
                Some(distance) => distance + 1,
                None => rest.len(),
            },
        };
        if is_read && position == window.len() {
            return Ok(end);
        }
    }
}
