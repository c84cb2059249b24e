//! Secrets that open something: sessions and one-use links.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::engine::Value;

/// 256 random bits, written as 64 lower-case hexadecimal digits. Only its hash is ever stored, and `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// The token of these random bytes.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads a token that came back; `None` for what cannot be one.
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        let mut bytes = [0; 32];
        if digits.len() != 2 * bytes.len() {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// The text to hand over to whom it belongs, and to nobody else.
    pub fn reveal(&self) -> String {
        hexadecimal(&self.0)
    }

    /// The stored form: a token is random enough that one plain hash hides it.
    pub(super) fn hashed(&self) -> Value {
        Value::Text(hexadecimal(&Sha256::digest(self.0)))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("BUG: writing to a string cannot fail");
        text
    })
}
