//! Where the store put a content, as the database keeps it.

use std::fmt;
use std::str::FromStr;

/// The place of a content in a [`PackStore`](crate::PackStore). Written `pack:1:4096:1234` or `file`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A record of a pack.
    Pack {
        /// The pack's number, from 1.
        number: u32,
        /// Where the record begins, in bytes.
        offset: u64,
        /// The content's size in bytes.
        size: u32,
    },
    /// A file of its own.
    File,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pack { number, offset, size } => write!(formatter, "pack:{number}:{offset}:{size}"),
            Self::File => formatter.write_str("file"),
        }
    }
}

/// Text that is not a place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a place of a content: {0:?}")]
pub struct InvalidPlace(pub String);

impl FromStr for Place {
    type Err = InvalidPlace;

    fn from_str(text: &str) -> Result<Self, InvalidPlace> {
        let invalid = || InvalidPlace(text.to_owned());
        if text == "file" {
            return Ok(Self::File);
        }
        let mut fields = text.strip_prefix("pack:").ok_or_else(invalid)?.split(':');
        let mut field = || fields.next().ok_or_else(invalid);
        let place = Self::Pack {
            number: field()?.parse().map_err(|_| invalid())?,
            offset: field()?.parse().map_err(|_| invalid())?,
            size: field()?.parse().map_err(|_| invalid())?,
        };
        // One text a place: no leading zeros or signs, nothing behind.
        if place.to_string() == text { Ok(place) } else { Err(invalid()) }
    }
}
