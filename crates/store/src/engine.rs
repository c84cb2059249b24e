//! One SQL text, two engines: SQLite and PostgreSQL behind units of work.
//!
//! A unit of work is one closure that runs on the caller's thread with a [`Tx`]. Statements use `$1…$n`, portable types
//! (`BIGINT`, `TEXT`) and nothing that only one engine knows; booleans are 0 and 1, ids and hashes are text.

use std::path::Path;

use crate::error::{Error, Result};

mod known_rows;
mod postgres_engine;
mod sqlite_engine;
mod value;

pub(crate) use value::Column;
pub use value::{Row, Value};

use known_rows::KnownRows;
use postgres_engine::PostgresEngine;
use sqlite_engine::SqliteEngine;

/// The tracing target under which every statement's text is told, in its field `sql`; never a parameter, which may be a
/// client's.
pub const STATEMENTS: &str = "store::statements";

/// How much a commit survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A commit survives a power cut: `synchronous=FULL`. For whoever acknowledges to others.
    Full,
    /// A commit survives the process; a power cut may lose the last ones, never half of one.
    Process,
}

/// Which tables a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// A firm on the server.
    Firm,
    /// Credentials and routing on the server.
    Control,
    /// What one person sees of a firm, on a workstation.
    Replica,
}

/// A database.
pub struct Engine(Kind);

enum Kind {
    Sqlite(SqliteEngine),
    Postgres(PostgresEngine),
}

/// A transaction, or a consistent view for reading.
pub struct Tx<'a> {
    kind: TxKind<'a>,
    /// Replicated rows read or written in it: a thousand documents of one folder read its folders once.
    known: KnownRows,
}

enum TxKind<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(postgres_engine::PostgresTx<'a>),
}

impl Engine {
    /// Opens (and creates or migrates) a SQLite file.
    pub fn sqlite(path: &Path, schema: Schema, durability: Durability) -> Result<Self> {
        SqliteEngine::open(Some(path), schema, durability).map(|engine| Self(Kind::Sqlite(engine)))
    }

    /// A SQLite database in memory, for tests and the simulator.
    pub fn memory(schema: Schema) -> Result<Self> {
        SqliteEngine::open(None, schema, Durability::Process).map(|engine| Self(Kind::Sqlite(engine)))
    }

    /// Opens a PostgreSQL database by URL, in the PostgreSQL schema `namespace`.
    pub fn postgres(url: &str, namespace: &str, schema: Schema) -> Result<Self> {
        PostgresEngine::open(url, namespace, schema).map(|engine| Self(Kind::Postgres(engine)))
    }

    /// Runs `work` on a consistent view; what it writes is an error of the caller.
    pub fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        match &self.0 {
            Kind::Sqlite(engine) => engine.read(work),
            Kind::Postgres(engine) => engine.read(work),
        }
    }

    /// Runs `work` in a transaction, committed when it succeeds and undone when it fails.
    pub fn write<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        match &self.0 {
            Kind::Sqlite(engine) => engine.write(work),
            Kind::Postgres(engine) => engine.write(work),
        }
    }

    /// A copy in memory of a SQLite database, whole and consistent.
    pub(crate) fn copy(&self) -> Result<Self> {
        match &self.0 {
            Kind::Sqlite(engine) => engine.copy().map(|engine| Self(Kind::Sqlite(engine))),
            Kind::Postgres(_) => Err(Error::Database("a PostgreSQL database is not copied into memory".to_owned())),
        }
    }

    /// Copies a SQLite database, whole and consistent, to `target`. PostgreSQL has its own tools for that.
    pub fn backup_to(&self, target: &Path) -> Result<()> {
        match &self.0 {
            Kind::Sqlite(engine) => engine.backup_to(target),
            Kind::Postgres(_) => Err(Error::Database("use pg_dump to back up a PostgreSQL database".to_owned())),
        }
    }
}

impl<'a> Tx<'a> {
    fn new(kind: TxKind<'a>) -> Self {
        Self { kind, known: KnownRows::default() }
    }
}

impl Tx<'_> {
    /// The replicated rows known in this transaction. Whoever writes one by another way than its table's own has them
    /// forgotten.
    pub(crate) fn known_rows(&mut self) -> &mut KnownRows {
        &mut self.known
    }

    /// All rows of a query.
    pub(crate) fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        tracing::trace!(target: STATEMENTS, sql);
        match &mut self.kind {
            TxKind::Sqlite(connection) => sqlite_engine::query(connection, sql, params),
            TxKind::Postgres(tx) => tx.query(sql, params),
        }
    }

    /// The first row of a query.
    pub(crate) fn first(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// Executes a statement and says how many rows it changed.
    pub(crate) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        tracing::trace!(target: STATEMENTS, sql);
        match &mut self.kind {
            TxKind::Sqlite(connection) => sqlite_engine::execute(connection, sql, params),
            TxKind::Postgres(tx) => tx.execute(sql, params),
        }
    }

    /// Runs `work` so that its failure undoes only its own writes.
    pub(crate) fn savepoint<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.execute("SAVEPOINT unit", &[])?;
        match work(self) {
            Ok(value) => {
                self.execute("RELEASE SAVEPOINT unit", &[])?;
                Ok(value)
            }
            Err(error) => {
                self.known.forget();
                self.execute("ROLLBACK TO SAVEPOINT unit", &[])?;
                self.execute("RELEASE SAVEPOINT unit", &[])?;
                Err(error)
            }
        }
    }
}
