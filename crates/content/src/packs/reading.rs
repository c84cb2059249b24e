//! Reading contents back, never without a check of the hash where the whole is read.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::ops::Range;

use disk::{Error, Operation};
use domain::content::ContentHash;

use super::record::{HEADER, parse};
use super::{PackStore, Place, SMALL_LIMIT, StoreError, check_size};
use crate::verify::{DamagedContent, VerifyingReader};

impl PackStore {
    /// Reads a content, or a range of its bytes.
    ///
    /// A small content is checked before its first byte is given, a large one before its last; a range of a large one
    /// is not checked. [`StoreError::Damaged`] when the place does not hold the content.
    pub fn read(
        &self,
        hash: ContentHash,
        place: Place,
        range: Option<Range<u64>>,
    ) -> Result<Box<dyn Read + Send>, StoreError> {
        match place {
            Place::Pack { number, offset, size } => {
                let bytes = self.packed(hash, number, offset, size)?;
                let whole = bytes.len() as u64;
                let Range { start, end } = checked(range.unwrap_or(0..whole), whole)?;
                let mut reader = Cursor::new(bytes);
                reader.set_position(start);
                Ok(Box::new(reader.take(end - start)))
            }
            Place::File => {
                let (mut file, size) = self.open_large(hash)?;
                let Some(range) = range else {
                    return Ok(Box::new(VerifyingReader::new(file, hash, size)));
                };
                let Range { start, end } = checked(range, size)?;
                let path = self.file_path(hash);
                file.seek(SeekFrom::Start(start)).map_err(|error| Error::from_io(Operation::Read, &path, error))?;
                Ok(Box::new(file.take(end - start)))
            }
        }
    }

    /// The whole content in memory, checked, if it has at most `limit` bytes.
    pub fn bytes(&self, hash: ContentHash, place: Place, limit: u64) -> Result<Vec<u8>, StoreError> {
        match place {
            Place::Pack { number, offset, size } => {
                check_size(size.into(), limit)?;
                self.packed(hash, number, offset, size)
            }
            Place::File => {
                let (file, size) = self.open_large(hash)?;
                check_size(size, limit)?;
                let mut bytes = Vec::new();
                VerifyingReader::new(file, hash, size).read_to_end(&mut bytes).map_err(|error| match error
                    .downcast::<DamagedContent>(
                ) {
                    Ok(damaged) => StoreError::Damaged(damaged),
                    Err(error) => Error::from_io(Operation::Read, &self.file_path(hash), error).into(),
                })?;
                Ok(bytes)
            }
        }
    }

    fn open_large(&self, hash: ContentHash) -> Result<(File, u64), StoreError> {
        let path = self.file_path(hash);
        let named = |error| Error::from_io(Operation::Open, &path, error);
        let file = File::open(&path).map_err(named)?;
        let size = file.metadata().map_err(named)?.len();
        Ok((file, size))
    }

    fn packed(&self, hash: ContentHash, number: u32, offset: u64, size: u32) -> Result<Vec<u8>, StoreError> {
        check_size(size.into(), SMALL_LIMIT)?;
        let path = self.pack_path(number);
        let named = |error| Error::from_io(Operation::Read, &path, error);
        let mut file = File::open(&path).map_err(named)?;
        file.seek(SeekFrom::Start(offset)).map_err(named)?;
        let mut bytes = Vec::new();
        file.take(HEADER as u64 + u64::from(size)).read_to_end(&mut bytes).map_err(named)?;
        match parse(&bytes) {
            Some(record) if record.size() == size && record.hash == hash && ContentHash::of(record.bytes) == hash => {
                bytes.drain(..HEADER);
                Ok(bytes)
            }
            _ => Err(DamagedContent { hash }.into()),
        }
    }
}

fn checked(range: Range<u64>, size: u64) -> Result<Range<u64>, StoreError> {
    if range.start <= range.end && range.end <= size {
        Ok(range)
    } else {
        Err(StoreError::WrongRange { start: range.start, end: range.end, size })
    }
}
