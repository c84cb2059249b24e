//! The one place with SQL: schema, execution of commands, queries, feed and replica.
//!
//! A firm's state is one relational schema with one set of commands and queries. The server hosts the whole of it
//! ([`firm::Firm`]); each workstation hosts a replica of what its user may see ([`replica::Replica`]). The same code
//! validates and applies a command on both. The store knows no network, no clock and no randomness: they come in as
//! arguments, and every call runs on its caller's thread.

mod commands;
pub mod control;
pub mod engine;
pub mod error;
pub mod firm;
mod migrations;
mod queries;
pub mod replica;
pub mod rows;
mod table;
mod unit;

pub use error::{Error, Result};
