//! The desktop's engine without a window: sync loop, transfers, mirror, and the command line `gedeon`.
//!
//! [`core::Core`] joins three state machines that read no clock and open no socket, so that the simulator runs the same
//! code; `host` is the one module that spawns, sleeps and speaks to the network.

pub mod backoff;
pub mod core;
pub mod host;
pub mod pace;
pub mod remote;
pub mod sync;
pub mod transfer;

pub use host::{ContentFile, Engine, Options, Subscription};
