//! Nouns and rules of an accounting firm's GED, pure: no disk, no network, no clock.
//!
//! Everything here is a function of its arguments. Time, randomness and storage belong to the crates above; this one
//! can therefore be tested with tables of examples and trusted on both sides of the wire.

pub mod access;
pub mod company;
pub mod content;
pub mod fiscal_year;
pub mod id;
pub mod name;
pub mod person;
pub mod text;
pub mod time;
pub mod tree;
