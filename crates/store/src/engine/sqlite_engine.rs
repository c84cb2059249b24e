//! SQLite: one writer connection and several readers a file, in WAL.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql};

use super::{Durability, Row, Schema, Tx, TxKind, Value};
use crate::error::{Error, Result};
use crate::migrations;

/// How many reader connections stay open between uses.
const IDLE_READERS: usize = 4;
/// Statements kept prepared on each connection: more than the store has.
const PREPARED: usize = 256;

pub(super) struct SqliteEngine {
    path: Option<PathBuf>,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl SqliteEngine {
    pub(super) fn open(path: Option<&Path>, schema: Schema, durability: Durability) -> Result<Self> {
        let mut writer = match path {
            Some(path) => Connection::open(path)?,
            None => Connection::open_in_memory()?,
        };
        configure(&writer)?;
        if path.is_some() {
            writer.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        }
        let synchronous = match durability {
            Durability::Full => "FULL",
            Durability::Process => "NORMAL",
        };
        writer.pragma_update(None, "synchronous", synchronous)?;
        // A checkpoint fsyncs: thousands of files taken in make one every 32 MB, not every 4.
        writer.pragma_update(None, "wal_autocheckpoint", 8_000)?;
        migrations::run_sqlite(&mut writer, schema)?;
        // Statistics steer the plans of large firms; SQLite decides itself whether the tables changed enough.
        writer.execute_batch("PRAGMA optimize=0x10002")?;
        Ok(Self { path: path.map(Path::to_owned), writer: Mutex::new(writer), readers: Mutex::new(Vec::new()) })
    }

    pub(super) fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let Some(path) = &self.path else { return self.write(work) };
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = if let Some(reader) = idle { reader } else { open_reader(path)? };
        reader.execute_batch("BEGIN")?;
        let result = work(&mut Tx::new(TxKind::Sqlite(&reader)));
        reader.execute_batch("COMMIT")?;
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < IDLE_READERS {
            readers.push(reader);
        }
        result
    }

    pub(super) fn write<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.execute_batch("BEGIN IMMEDIATE")?;
        let undo = Undo { writer: &writer };
        let result = work(&mut Tx::new(TxKind::Sqlite(&writer)));
        if result.is_ok() {
            writer.execute_batch("COMMIT")?;
            std::mem::forget(undo);
        }
        result
    }

    pub(super) fn copy(&self) -> Result<Self> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut copy = Connection::open_in_memory()?;
        configure(&copy)?;
        copy.pragma_update(None, "synchronous", "NORMAL")?;
        rusqlite::backup::Backup::new(&writer, &mut copy)?.step(-1)?;
        Ok(Self { path: None, writer: Mutex::new(copy), readers: Mutex::new(Vec::new()) })
    }

    pub(super) fn backup_to(&self, target: &Path) -> Result<()> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.backup("main", target, None::<fn(rusqlite::backup::Progress)>)?;
        Ok(())
    }
}

/// Undoes the transaction when the unit of work fails, panics, or cannot commit.
struct Undo<'a> {
    writer: &'a Connection,
}

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        if !self.writer.is_autocommit() && self.writer.execute_batch("ROLLBACK").is_err() {
            tracing::error!("a transaction could not be undone");
        }
    }
}

fn open_reader(path: &Path) -> Result<Connection> {
    let reader = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    configure(&reader)?;
    Ok(reader)
}

fn configure(connection: &Connection) -> Result<()> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    // Without this promise of one plan for all values, a statement whose table has statistics or a partial index is
    // prepared again at each use: a fifth of the time that taking in thousands of files takes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(int) => ValueRef::Integer(*int),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// Binds by the number in each parameter's name: `$2` may come first in a text.
fn bind(statement: &mut rusqlite::Statement<'_>, params: &[Value]) -> Result<()> {
    for index in 1..=statement.parameter_count() {
        let number = statement.parameter_name(index).and_then(|name| name.get(1..)?.parse::<usize>().ok());
        if let Some(value) = number.and_then(|number| params.get(number.checked_sub(1)?)) {
            statement.raw_bind_parameter(index, value)?;
        }
    }
    Ok(())
}

pub(super) fn query(connection: &Connection, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    bind(&mut statement, params)?;
    let mut found = statement.raw_query();
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push(Row((0..columns).map(|index| read(row.get_ref(index)?)).collect::<Result<_>>()?));
    }
    Ok(rows)
}

pub(super) fn execute(connection: &Connection, sql: &str, params: &[Value]) -> Result<u64> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    Ok(statement.raw_execute()? as u64)
}

fn read(value: ValueRef<'_>) -> Result<Value> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(int) => Ok(Value::Int(int)),
        ValueRef::Text(bytes) => {
            String::from_utf8(bytes.to_vec()).map(Value::Text).map_err(|error| Error::Value(error.to_string()))
        }
        ValueRef::Real(_) | ValueRef::Blob(_) => Err(Error::Value("a kind of value the store does not use".to_owned())),
    }
}
