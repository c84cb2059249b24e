//! The store, told from outside: every story of the server on SQLite and on PostgreSQL.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of a transaction is not general enough for the closure that a transaction takes"
)]

mod access;
mod badges;
mod client_files;
mod control;
mod desk;
mod documents;
mod engines;
mod feed;
mod office;
mod offline;
mod outbox;
mod people;
mod places;
mod push;
mod queries;
mod rebase;
mod sight;
mod speed;
mod statements;
mod versions;
