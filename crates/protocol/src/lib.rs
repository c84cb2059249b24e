//! What crosses a boundary of Gédéon: commands, queries, views, events, failures and frames.
//!
//! Each list exists once, here. Tauri, HTTP, the command line and tests are callers of the same functions, whose bodies
//! are in `store` (firm) and `agent` (this workstation). The types carry no behaviour beyond their wire form; the
//! TypeScript of `ui/protocol/` is generated from them.

pub mod command;
pub mod event;
pub mod failure;
pub mod feed;
pub mod local;
pub mod presence;
pub mod query;
pub mod session;
pub mod transfer;
pub mod view;

/// Version of the rows and commands this build writes. A server answers a lower one as long as it can, and says
/// *mise à jour nécessaire* when it cannot.
pub const SCHEMA_VERSION: u32 = 1;
