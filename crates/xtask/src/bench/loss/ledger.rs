//! Tokens: what was saved, who knew what they wrote over, and where each is at the end.
//!
//! A token is *given up* once a person destroys it who has it before their eyes: they save the document or delete it, and
//! the file on their own disk held that token when they opened it. Every other token is work that nobody chose to destroy.
//! It must be somewhere at the end; where it is nowhere, it is *lost*.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::super::corpus::Random;
use super::script::Side;

/// How long a document rests before its content is owed as an earlier version.
const STABLE: Duration = Duration::from_secs(2);
const OPENS: &[u8] = b"[jeton ";
const CLOSES: u8 = b']';

/// A content that is nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Token(u32);

impl std::fmt::Display for Token {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "jeton {}", self.0)
    }
}

impl Token {
    /// Bytes by which a document with this token is longer than usual: no two of a script are equally long.
    pub(super) fn spread(self) -> usize {
        usize::try_from(self.0).unwrap_or(0) * 7
    }

    /// A document with this token, that many bytes long where they are enough for it.
    pub(super) fn content(self, length: usize) -> Vec<u8> {
        let mut content = format!("[{self}] ").into_bytes();
        let rest = length.saturating_sub(content.len());
        content.extend(Random(u64::from(self.0)).bytes(rest));
        content
    }
}

/// The tokens among some bytes.
pub(super) fn tokens(bytes: &[u8]) -> BTreeSet<Token> {
    let mut found = BTreeSet::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(OPENS.len()).position(|window| window == OPENS) {
        rest = &rest[at + OPENS.len()..];
        let digits = rest.split(|byte| *byte == CLOSES).next().unwrap_or_default();
        if let Some(number) = std::str::from_utf8(digits).ok().and_then(|text| text.parse().ok()) {
            found.insert(Token(number));
        }
    }
    found
}

/// What is known of a token.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) situation: &'static str,
    pub(super) side: Side,
    pub(super) path: String,
    at: Instant,
    /// How long it was there when somebody who saw it destroyed it.
    given_up: Option<Duration>,
}

/// All tokens of a script.
#[derive(Default)]
pub(super) struct Ledger {
    written: BTreeMap<Token, Written>,
}

/// What became of the tokens.
#[derive(Debug, Clone, Default)]
pub(super) struct Fate {
    /// All that were written.
    pub(super) tokens: usize,
    /// Work that nobody chose to destroy, and that is nowhere.
    pub(super) lost: Vec<(Token, Written)>,
    /// Given up after they had rested.
    pub(super) earlier: usize,
    /// Those of them that are nowhere any more.
    pub(super) earlier_gone: Vec<(Token, Written)>,
}

impl Ledger {
    /// The token of a document that is about to be saved.
    pub(super) fn write(&mut self, situation: &'static str, side: Side, path: &str) -> Token {
        let token = Token(u32::try_from(self.written.len()).unwrap_or(u32::MAX));
        let written = Written { situation, side, path: path.to_owned(), at: Instant::now(), given_up: None };
        self.written.insert(token, written);
        token
    }

    /// Somebody who saw these bytes writes over them or deletes them.
    pub(super) fn give_up(&mut self, seen: &[u8]) {
        for token in tokens(seen) {
            if let Some(written) = self.written.get_mut(&token) {
                written.given_up.get_or_insert(written.at.elapsed());
            }
        }
    }

    /// What became of all, by what was found anywhere.
    pub(super) fn fate(&self, found: &BTreeSet<Token>) -> Fate {
        let mut fate = Fate { tokens: self.written.len(), ..Fate::default() };
        for (token, written) in &self.written {
            match written.given_up {
                None if !found.contains(token) => fate.lost.push((*token, written.clone())),
                Some(rested) if rested >= STABLE => {
                    fate.earlier += 1;
                    if !found.contains(token) {
                        fate.earlier_gone.push((*token, written.clone()));
                    }
                }
                _ => {}
            }
        }
        fate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_found_among_any_bytes() {
        let mut bytes = vec![0, b'[', 0xFF];
        bytes.extend(Token(12).content(300));
        bytes.extend(Token(7).content(0));
        assert_eq!(tokens(&bytes), BTreeSet::from([Token(7), Token(12)]), "wherever they stand");
        assert!(tokens(b"[jeton ] [jeton 1x] jeton 4]").is_empty(), "only whole ones count");
        assert_eq!(Token(3).content(300).len(), 300, "a document has the length that is asked for");
    }

    #[test]
    fn what_nobody_chose_to_destroy_is_lost_when_it_is_nowhere() {
        let mut ledger = Ledger::default();
        let tokens: Vec<Token> = (0..3).map(|_| ledger.write("edit", Side::A, "a.txt")).collect();
        ledger.give_up(&tokens[0].content(64));
        let fate = ledger.fate(&BTreeSet::from([tokens[1]]));
        assert_eq!(fate.tokens, 3, "all are counted");
        let lost: Vec<Token> = fate.lost.iter().map(|(token, _)| *token).collect();
        assert_eq!(lost, [tokens[2]], "the first was given up, the second is somewhere");
        assert_eq!(fate.earlier, 0, "what was written over at once had not rested");
    }
}
