//! The desktop from outside: what its tray says, and the real window driven as a person would.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod status;
mod window;
