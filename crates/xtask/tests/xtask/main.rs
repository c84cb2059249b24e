//! The project's commands, run as programs on small checkouts.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod architecture;
mod requirements;
