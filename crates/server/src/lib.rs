//! The firm's server: API, sign-in, contents, live events, administration.
//!
//! One program serves any number of firms from a folder (SQLite) or from PostgreSQL. It decides nothing about documents:
//! every command and query is executed by `store`, every byte is kept by `content`; here they meet the network, the
//! clock and the sessions of people. [`Server::start`] runs it inside another process; the binary is a thin caller.
//!
//! Deliberately absent: the clients' portal, mail, backups.

pub mod administration;
mod contents;
mod data;
mod firms;
pub mod host;
mod http;
mod password;
mod pool;
mod presence;
mod server;

pub use data::{DataFolder, StartError};
pub use host::Host;
pub use server::{Certificate, Options, Running, Server};
