//! The engine's state machines, fed by hand: what each asks for, and that no answer is ever lost.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod pace;
mod sync;
mod transfers;
