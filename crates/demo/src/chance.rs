//! The only source of variety: a generator keyed by the firm's seed and by what it is for.
//!
//! A generator per subject, rather than one for all, keeps the rest of the firm unchanged when one subject draws once
//! more or once less.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// A reproducible sequence of draws.
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// The sequence of `subject` in the firm of `seed`.
    pub(crate) fn new(seed: u64, subject: &str) -> Self {
        Self(ChaCha8Rng::seed_from_u64(subject_seed(seed, subject)))
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn day_between(&mut self, low: u32, high: u32) -> u32 {
        self.0.random_range(low..=high)
    }

    /// A place in a list of `length`.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        self.0.random_range(0..length)
    }

    /// One of the choices.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.index(choices.len())]
    }

    /// True `percent` times out of a hundred.
    pub(crate) fn odds(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    /// A fraction from -1 to 1.
    pub(crate) fn fraction(&mut self) -> f32 {
        self.0.random_range(-1.0..=1.0)
    }

    /// Fills `bytes`.
    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
}

/// A seed for `subject`, by FNV-1a: short, and the same on every machine.
pub(crate) fn subject_seed(seed: u64, subject: &str) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    subject.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
