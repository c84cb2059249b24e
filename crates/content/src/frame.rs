//! The wire form of many contents in one request: `[hash, 32 bytes][length, u64 little-endian][bytes]`, repeated.
//!
//! The decoder takes bytes as the network gives them and believes nothing: item, total and count are limited before
//! memory is used, and each content is hashed before it is given out. The end of the stream is the end of the list,
//! so the transport must tell a whole body from a cut one.

use std::io::{self, Write};

use domain::content::ContentHash;

/// The bytes before each content.
pub const HEADER_LENGTH: usize = 40;

/// What a sender may ask of the receiver's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameLimits {
    /// Bytes of one content.
    pub item: u64,
    /// Bytes of the whole stream, headers included.
    pub total: u64,
    /// Contents in the stream.
    pub count: u64,
}

/// Why a stream of contents is refused. The decoder gives nothing out after one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// One content is announced larger than allowed.
    #[error("a content of {size} bytes is larger than {limit}")]
    ItemTooLarge {
        /// Announced length in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The stream is longer than allowed.
    #[error("the contents together are larger than {limit} bytes")]
    TotalTooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// There are more contents than allowed.
    #[error("there are more than {limit} contents")]
    TooMany {
        /// The limit.
        limit: u64,
    },
    /// Bytes came that do not have the hash announced for them.
    #[error("the bytes sent as content {expected} are another content")]
    WrongHash {
        /// The announced hash.
        expected: ContentHash,
    },
    /// The stream ended inside a content or a header.
    #[error("the stream of contents is cut")]
    Cut,
}

/// Writes contents one after the other.
#[derive(Debug)]
pub struct FrameWriter<W> {
    inner: W,
}

impl<W: Write> FrameWriter<W> {
    /// Writes to `inner`, unbuffered.
    pub fn new(inner: W) -> Self {
        Self { inner }
    }

    /// Adds a content; `hash` must be its hash, which the receiver checks.
    pub fn push(&mut self, hash: ContentHash, bytes: &[u8]) -> io::Result<()> {
        let mut header = [0; HEADER_LENGTH];
        header[..32].copy_from_slice(&hash.0);
        header[32..].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.inner.write_all(&header)?;
        self.inner.write_all(bytes)
    }

    /// What was written to. There is no end mark.
    pub fn into_inner(self) -> W {
        self.inner
    }
}

/// Takes a stream apart as its bytes come.
#[derive(Debug)]
pub struct FrameDecoder {
    limits: FrameLimits,
    buffer: Vec<u8>,
    /// Where in the buffer the next header begins.
    position: usize,
    total: u64,
    count: u64,
    failure: Option<FrameError>,
}

impl FrameDecoder {
    /// Expects the beginning of a stream.
    pub fn new(limits: FrameLimits) -> Self {
        Self { limits, buffer: Vec::new(), position: 0, total: 0, count: 0, failure: None }
    }

    fn fail<T>(&mut self, error: FrameError) -> Result<T, FrameError> {
        self.failure = Some(error);
        self.buffer = Vec::new();
        self.position = 0;
        Err(error)
    }

    /// Takes the next bytes of the stream. Call [`next_content`](Self::next_content) until it has no more before
    /// feeding again, so that the memory in use stays near one content.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), FrameError> {
        if let Some(error) = self.failure {
            return Err(error);
        }
        self.total = self.total.saturating_add(bytes.len() as u64);
        if self.total > self.limits.total {
            return self.fail(FrameError::TotalTooLarge { limit: self.limits.total });
        }
        self.buffer.drain(..self.position);
        self.position = 0;
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    /// The next content that has come whole, with the bytes' hash checked; `None` when more bytes are needed.
    pub fn next_content(&mut self) -> Result<Option<(ContentHash, Vec<u8>)>, FrameError> {
        if let Some(error) = self.failure {
            return Err(error);
        }
        let rest = &self.buffer[self.position..];
        let Some((hash, rest)) = rest.split_first_chunk::<32>() else {
            return Ok(None);
        };
        let Some((size, rest)) = rest.split_first_chunk::<8>() else {
            return Ok(None);
        };
        let (hash, size) = (ContentHash(*hash), u64::from_le_bytes(*size));
        if self.count >= self.limits.count {
            return self.fail(FrameError::TooMany { limit: self.limits.count });
        }
        if size > self.limits.item {
            return self.fail(FrameError::ItemTooLarge { size, limit: self.limits.item });
        }
        let Some(bytes) = usize::try_from(size).ok().and_then(|size| rest.get(..size)) else {
            return Ok(None);
        };
        if ContentHash::of(bytes) != hash {
            return self.fail(FrameError::WrongHash { expected: hash });
        }
        let bytes = bytes.to_vec();
        self.position += HEADER_LENGTH + bytes.len();
        self.count += 1;
        Ok(Some((hash, bytes)))
    }

    /// Ends the stream: [`FrameError::Cut`] if something is left that is not a whole content.
    pub fn finish(self) -> Result<(), FrameError> {
        match self.failure {
            Some(error) => Err(error),
            None if self.position == self.buffer.len() => Ok(()),
            None => Err(FrameError::Cut),
        }
    }
}
