//! The desktop from outside: what its tray says, the real window driven as a person would, and the whole of server and
//! workstations as programs of their own.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
#![expect(clippy::print_stdout, reason = "a test that fails says what it was doing")]

mod status;
mod whole;
mod window;
