//! A tiny seeded generator (SplitMix64), so that a crash or a random fault replays exactly from its seed.
//!
//! Not for secrets, identifiers or anything that leaves this crate.

/// A stream of numbers that depends on its seed alone.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `0..sides`; 0 when there is no side.
    pub(crate) fn below(&mut self, sides: usize) -> usize {
        let sides = u64::try_from(sides).unwrap_or(u64::MAX);
        usize::try_from(self.next().checked_rem(sides).unwrap_or(0)).unwrap_or(0)
    }

    pub(crate) fn one_in(&mut self, sides: u32) -> bool {
        sides != 0 && self.next().is_multiple_of(u64::from(sides))
    }
}
