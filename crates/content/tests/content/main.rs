//! Stories of contents, from outside: hashing, the wire form, the server's store, the desktop's staging.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod frames;
mod hashing;
mod large;
mod packs;
mod recovery;
mod staging;
mod staging_faults;

/// Bytes that depend on a seed and do not repeat, so that moved or swapped bytes show.
pub(crate) fn sample(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
    .flatten()
    .take(length)
    .collect()
}
