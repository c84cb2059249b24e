//! Schema changes, in order, the same text for both engines.
//!
//! `{c}` stands for the byte-wise collation that PostgreSQL must be told and SQLite has by default.

use refinery::{Migration, Runner};

use crate::engine::Schema;
use crate::error::{Error, Result};

const FIRM: &[(&str, &str)] = &[
    ("V1__rows", include_str!("../migrations/rows.sql")),
    ("V2__firm", include_str!("../migrations/firm.sql")),
    ("V3__people", include_str!("../migrations/people.sql")),
];
const CONTROL: &[(&str, &str)] = &[
    ("V1__control", include_str!("../migrations/control.sql")),
    ("V2__tries", include_str!("../migrations/tries.sql")),
];
const REPLICA: &[(&str, &str)] = &[
    ("V1__rows", include_str!("../migrations/rows.sql")),
    ("V2__replica", include_str!("../migrations/replica.sql")),
    ("V3__people", include_str!("../migrations/people.sql")),
];

fn runner(schema: Schema, collation: &str) -> Result<Runner> {
    let files = match schema {
        Schema::Firm => FIRM,
        Schema::Control => CONTROL,
        Schema::Replica => REPLICA,
    };
    let migrations = files
        .iter()
        .map(|(name, sql)| Migration::unapplied(name, &sql.replace("{c}", collation)))
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(|error| Error::Migration(error.to_string()))?;
    Ok(Runner::new(&migrations))
}

pub(crate) fn run_sqlite(connection: &mut rusqlite::Connection, schema: Schema) -> Result<()> {
    runner(schema, "")?.run(connection).map(|_| ()).map_err(|error| Error::Migration(error.to_string()))
}

/// Makes the namespace and brings it up to date.
pub(crate) fn run_postgres(client: &mut postgres::Client, namespace: &str, schema: Schema) -> Result<()> {
    // Several nodes may start at once: one makes and migrates, the others wait.
    client.batch_execute("SELECT pg_advisory_lock(7226334)")?;
    let result = make(client, namespace, schema);
    client.batch_execute("SELECT pg_advisory_unlock(7226334)")?;
    result
}

fn make(client: &mut postgres::Client, namespace: &str, schema: Schema) -> Result<()> {
    client.batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS {namespace}"))?;
    let run = runner(schema, "COLLATE \"C\"")?.run(client);
    run.map(|_| ()).map_err(|error| Error::Migration(error.to_string()))
}
