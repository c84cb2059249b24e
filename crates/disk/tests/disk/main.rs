//! Stories of disks, from outside: what every file system must do, what a power cut may do, and planned faults.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod conformance;
mod crashes;
mod faults;
#[cfg(any(windows, target_os = "linux"))]
mod holders;
mod likeness;
mod personalities;
mod tree;
#[cfg(windows)]
mod windows;
