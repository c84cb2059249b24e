//! Stories of the mirror, told from outside.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of a unit of work is not a function of all its lifetimes"
)]
#![expect(clippy::needless_raw_string_hashes, reason = "the form in which expect-test writes what it found")]

mod cells;
mod convergence;
mod crashes;
mod desktop;
mod held;
mod office;
mod problems;
mod restored;
mod saves;
mod stories;
mod world;
mod years;
