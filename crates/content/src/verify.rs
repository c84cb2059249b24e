//! Reading a content so that damage cannot go unnoticed.

use std::io::{self, Read};

use domain::content::ContentHash;

use crate::hash::{Evidence, Hasher};

/// Stored bytes are not the content that their name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored bytes of content {hash} are damaged")]
pub struct DamagedContent {
    /// The content that was asked for.
    pub hash: ContentHash,
}

/// Gives a content's bytes and fails before the last of them if they do not have the hash.
///
/// Whoever reads to the end, or exactly the known size, has therefore read the right bytes. The error is of kind
/// `InvalidData` and carries a [`DamagedContent`].
#[derive(Debug)]
pub struct VerifyingReader<R> {
    inner: R,
    hash: ContentHash,
    remaining: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    Reading(Box<Hasher>),
    Checked,
    Damaged,
}

impl<R: Read> VerifyingReader<R> {
    /// Reads from `inner`, which must give `size` bytes of hash `hash`.
    pub fn new(inner: R, hash: ContentHash, size: u64) -> Self {
        let state = State::Reading(Box::new(Hasher::new(Evidence::None)));
        Self { inner, hash, remaining: size, state }
    }

    fn damaged<T>(&mut self) -> io::Result<T> {
        self.state = State::Damaged;
        Err(io::Error::new(io::ErrorKind::InvalidData, DamagedContent { hash: self.hash }))
    }
}

impl<R: Read> Read for VerifyingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let hasher = match &mut self.state {
            State::Reading(hasher) => hasher,
            State::Checked => return Ok(0),
            State::Damaged => return self.damaged(),
        };
        if buffer.is_empty() {
            return Ok(0);
        }
        let limit = usize::try_from(self.remaining).unwrap_or(usize::MAX).min(buffer.len());
        let length = self.inner.read(&mut buffer[..limit])?;
        hasher.update(&buffer[..length]);
        self.remaining -= length as u64;
        if self.remaining == 0 {
            if hasher.clone().finish().hash != self.hash {
                return self.damaged();
            }
            self.state = State::Checked;
        } else if length == 0 {
            return self.damaged();
        }
        Ok(length)
    }
}
