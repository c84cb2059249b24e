//! PostgreSQL: a small pool of connections, each with its prepared statements.
//!
//! Calls block: a host that runs tasks calls the store from its blocking threads.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use bytes::BytesMut;
use postgres::config::{Config, Host};
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, IsolationLevel, NoTls, Statement, Transaction};

use super::{Row, Schema, Tx, TxKind, Value};
use crate::error::{Error, Result};
use crate::migrations;

/// How many connections stay open between uses.
const IDLE_CONNECTIONS: usize = 8;
/// Statements prepared on one connection, by their text.
type Prepared = HashMap<String, Statement>;

pub(super) struct PostgresEngine {
    config: Config,
    namespace: String,
    idle: Mutex<Vec<(Client, Prepared)>>,
}

pub(super) struct PostgresTx<'a> {
    transaction: Transaction<'a>,
    prepared: &'a mut Prepared,
}

impl PostgresEngine {
    pub(super) fn open(url: &str, namespace: &str, schema: Schema) -> Result<Self> {
        if namespace.is_empty() || !namespace.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        {
            return Err(Error::Database(format!("not a namespace: {namespace:?}")));
        }
        let config: Config = url.parse()?;
        check_on_this_machine(&config)?;
        let engine = Self { config, namespace: namespace.to_owned(), idle: Mutex::default() };
        let (mut client, prepared) = engine.connect()?;
        migrations::run_postgres(&mut client, namespace, schema)?;
        engine.give_back(client, prepared);
        Ok(engine)
    }

    fn connect(&self) -> Result<(Client, Prepared)> {
        let mut client = self.config.connect(NoTls)?;
        client.batch_execute(&format!("SET search_path TO {}", self.namespace))?;
        Ok((client, Prepared::new()))
    }

    fn give_back(&self, client: Client, prepared: Prepared) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_CONNECTIONS && !client.is_closed() {
            idle.push((client, prepared));
        }
    }

    /// One view for all statements of `work`: with the default isolation each would have its own.
    pub(super) fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.run(work, |client| {
            client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true).start()
        })
    }

    pub(super) fn write<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.run(work, Client::transaction)
    }

    fn run<T, W: FnOnce(&mut Tx<'_>) -> Result<T>>(
        &self,
        mut work: W,
        begin: impl Fn(&mut Client) -> std::result::Result<Transaction<'_>, postgres::Error>,
    ) -> Result<T> {
        if let Some((mut client, mut prepared)) = self.idle_connection() {
            let result = match begin(&mut client) {
                Ok(transaction) => Ok(unit_of_work(transaction, &mut prepared, work)),
                Err(error) => Err((error, work)),
            };
            let (failed, again) = match result {
                Ok(result) => {
                    self.give_back(client, prepared);
                    return result;
                }
                Err(failed) => failed,
            };
            work = again;
            // Nothing was asked yet: what PostgreSQL closed while nobody used it, as its restart does, is replaced.
            tracing::info!(error = %failed, "a connection to PostgreSQL had ended");
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        let (mut client, mut prepared) = self.connect()?;
        let result = begin(&mut client).map_err(Error::from).and_then(|tx| unit_of_work(tx, &mut prepared, work));
        self.give_back(client, prepared);
        result
    }

    fn idle_connection(&self) -> Option<(Client, Prepared)> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|(client, _)| !client.is_closed());
        idle.pop()
    }
}

/// Refuses a server on another machine: without TLS documents' names and passwords' hashes would travel in the clear.
fn check_on_this_machine(config: &Config) -> Result<()> {
    for host in config.get_hosts() {
        let name = match host {
            Host::Tcp(name) => name,
            #[cfg(unix)]
            Host::Unix(_) => continue,
        };
        let is_here = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        if !is_here {
            return Err(Error::Exposed { host: name.clone() });
        }
    }
    match config.get_hostaddrs().iter().find(|address| !address.is_loopback()) {
        Some(address) => Err(Error::Exposed { host: address.to_string() }),
        None => Ok(()),
    }
}

fn unit_of_work<T>(
    transaction: Transaction<'_>,
    prepared: &mut Prepared,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    let mut tx = Tx::new(TxKind::Postgres(PostgresTx { transaction, prepared }));
    let result = work(&mut tx);
    let TxKind::Postgres(PostgresTx { transaction, .. }) = tx.kind else {
        unreachable!("BUG: a PostgreSQL transaction")
    };
    if result.is_ok() {
        transaction.commit()?;
    } else {
        transaction.rollback()?;
    }
    result
}

impl PostgresTx<'_> {
    fn statement(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.transaction.prepare(sql)?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(super) fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let statement = self.statement(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> =
            params.iter().take(statement.params().len()).map(|value| value as &(dyn ToSql + Sync)).collect();
        self.transaction.query(&statement, &params)?.iter().map(read).collect()
    }

    pub(super) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        if params.is_empty() {
            // SAVEPOINT and its kin cannot be prepared usefully.
            self.transaction.batch_execute(sql)?;
            return Ok(0);
        }
        let statement = self.statement(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> =
            params.iter().take(statement.params().len()).map(|value| value as &(dyn ToSql + Sync)).collect();
        Ok(self.transaction.execute(&statement, &params)?)
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(int) if *ty == Type::INT4 => i32::try_from(*int)?.to_sql(ty, out),
            Self::Int(int) => int.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::TEXT | Type::VARCHAR)
    }

    to_sql_checked!();
}

fn read(row: &postgres::Row) -> Result<Row> {
    let values = row.columns().iter().enumerate().map(|(index, column)| {
        let value = match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(index)?.map_or(Value::Null, Value::Int),
            Type::INT4 => row.try_get::<_, Option<i32>>(index)?.map_or(Value::Null, |int| Value::Int(int.into())),
            Type::TEXT | Type::VARCHAR => row.try_get::<_, Option<String>>(index)?.map_or(Value::Null, Value::Text),
            ref other => return Err(Error::Value(format!("{}: {other}", column.name()))),
        };
        Ok(value)
    });
    values.collect::<Result<_>>().map(Row)
}
