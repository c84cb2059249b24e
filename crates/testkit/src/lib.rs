//! Builders, fake clock and ids, and the simulator.
//!
//! For tests only: nothing that ships depends on this crate.

pub mod postgres;
#[cfg(feature = "simulator")]
pub mod simulator;
