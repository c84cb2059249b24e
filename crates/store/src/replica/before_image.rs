//! The confirmed state of the rows that pending commands wrote.

use crate::engine::{Row, Tx, Value};
use crate::error::{Error, Result};
use crate::rows::TABLES;
use crate::table::Table;

/// Keeps the state of a row before command `number` writes it, once.
pub(crate) fn record(tx: &mut Tx<'_>, number: i64, table: &'static Table, firm: &str, key: &str) -> Result<()> {
    let image = match table.raw(tx, firm, key)? {
        None => Value::Null,
        Some(row) => Value::Text(write(&row)?),
    };
    tx.execute(
        "INSERT INTO before_image (number, table_name, row_id, image) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        &[Value::Int(number), Value::Text(table.name.to_owned()), Value::Text(key.to_owned()), image],
    )?;
    Ok(())
}

/// What the server last said of a row, as far as pending commands hide it.
pub(crate) enum Confirmed {
    /// No pending command wrote it: it is as shown.
    AsShown,
    /// There was no such row.
    Absent,
    /// The row.
    Present(Row),
}

/// What the server last said of a row.
pub(crate) fn confirmed(tx: &mut Tx<'_>, table: &'static Table, key: &str) -> Result<Confirmed> {
    let first = tx.first(
        "SELECT image FROM before_image WHERE row_id = $1 AND table_name = $2 ORDER BY number LIMIT 1",
        &[Value::Text(key.to_owned()), Value::Text(table.name.to_owned())],
    )?;
    let Some(first) = first else { return Ok(Confirmed::AsShown) };
    match first.get::<Option<String>>(0)? {
        None => Ok(Confirmed::Absent),
        Some(image) => read(&image).map(Confirmed::Present),
    }
}

/// Puts back every row that command `number` wrote, and forgets its images.
pub(crate) fn restore(tx: &mut Tx<'_>, number: i64, firm: &str) -> Result<()> {
    let images =
        tx.query("SELECT table_name, row_id, image FROM before_image WHERE number = $1", &[Value::Int(number)])?;
    for row in images {
        let name: String = row.get(0)?;
        let key: String = row.get(1)?;
        let table = table(&name)?;
        match row.get::<Option<String>>(2)? {
            None => table.erase(tx, firm, &key)?,
            Some(image) => table.upsert(tx, &read(&image)?.0)?,
        }
    }
    forget(tx, number)
}

/// Forgets the images of command `number`: its effect stands.
pub(crate) fn forget(tx: &mut Tx<'_>, number: i64) -> Result<()> {
    tx.execute("DELETE FROM before_image WHERE number = $1", &[Value::Int(number)]).map(|_| ())
}

/// The replicated table called `name`.
pub(crate) fn table(name: &str) -> Result<&'static Table> {
    TABLES.iter().copied().find(|table| table.name == name).ok_or_else(|| Error::Value(format!("no table {name}")))
}

fn write(row: &Row) -> Result<String> {
    let values: Vec<serde_json::Value> = row.0.iter().map(Value::to_json).collect();
    serde_json::to_string(&values).map_err(|error| Error::Value(error.to_string()))
}

fn read(image: &str) -> Result<Row> {
    let values: Vec<serde_json::Value> =
        serde_json::from_str(image).map_err(|error| Error::Value(error.to_string()))?;
    Ok(Row(values.into_iter().map(Value::from_json).collect()))
}
