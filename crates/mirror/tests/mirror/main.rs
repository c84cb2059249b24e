//! Stories of the mirror, told from outside.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod cells;
mod convergence;
mod crashes;
mod desktop;
mod office;
mod problems;
mod saves;
mod stories;
mod world;
