//! Replicated rows: how a struct and its table go together.
//!
//! Every replicated row has the same five leading columns; the rest is declared once by [`rows!`], which is all that the
//! feed, before-images and upserts need to know.

use std::fmt::Write as _;
use std::sync::OnceLock;

use domain::access::Scope;

use crate::engine::{Row, Tx, Value};
use crate::error::{Error, Result};

/// The columns every replicated table starts with.
pub(crate) const LEADING: [&str; 5] = ["firm", "id", "scope", "seq", "deleted"];

/// A row that replicas hold.
pub(crate) trait Replicated: Sized {
    /// Its table.
    const TABLE: &'static Table;
    /// Its identity, as text.
    fn key(&self) -> String;
    /// What it is shown to.
    fn scope(&self) -> &Scope;
    /// Own columns' values, after the leading ones.
    fn own_values(&self) -> Vec<Value>;
    /// Reads a row of [`Table::select`].
    fn from_row(row: &Row) -> Result<Self>;
}

/// A replicated table.
#[derive(Debug)]
pub(crate) struct Table {
    /// Name.
    pub(crate) name: &'static str,
    /// Own columns, after the leading ones.
    pub(crate) own: &'static [&'static str],
    texts: OnceLock<Texts>,
}

#[derive(Debug)]
struct Texts {
    select: String,
    upsert: String,
    by_id: String,
    delete: String,
}

impl Table {
    pub(crate) const fn new(name: &'static str, own: &'static [&'static str]) -> Self {
        Self { name, own, texts: OnceLock::new() }
    }

    /// All columns, in order.
    pub(crate) fn columns(&self) -> Vec<&'static str> {
        LEADING.iter().chain(self.own).copied().collect()
    }

    fn texts(&self) -> &Texts {
        self.texts.get_or_init(|| {
            let columns = self.columns();
            let list = columns.join(", ");
            let places = (1..=columns.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
            let mut sets = String::new();
            for column in columns.iter().skip(2) {
                let comma = if sets.is_empty() { "" } else { ", " };
                write!(sets, "{comma}{column} = excluded.{column}").expect("BUG: writing to a string");
            }
            let name = self.name;
            Texts {
                select: format!("SELECT {list} FROM {name}"),
                upsert: format!(
                    "INSERT INTO {name} ({list}) VALUES ({places}) ON CONFLICT (firm, id) DO UPDATE SET {sets}"
                ),
                by_id: format!("SELECT {list} FROM {name} WHERE firm = $1 AND id = $2"),
                delete: format!("DELETE FROM {name} WHERE firm = $1 AND id = $2"),
            }
        })
    }

    /// `SELECT … FROM table`, to be followed by a condition.
    pub(crate) fn select(&self) -> &str {
        &self.texts().select
    }

    /// Writes a whole row, over the one of the same id. Of one that is there only the columns that change are written: a
    /// column that is written costs the pages of all its indexes, whether it changes or not.
    pub(crate) fn upsert(&self, tx: &mut Tx<'_>, values: &[Value]) -> Result<()> {
        let [Value::Text(firm), Value::Text(id), ..] = values else {
            // It came with a page of the server's.
            return Err(Error::Value(format!("a row of {} without its key", self.name)));
        };
        match self.raw(tx, firm, id)? {
            Some(known) if known.0 == values => return Ok(()),
            Some(known) => {
                let (text, changed) = self.update(&known.0, values);
                tx.execute(&text, &changed)?;
            }
            None => {
                tx.execute(&self.texts().upsert, values)?;
            }
        }
        tx.known_rows().keep(self.name, firm, id, Some(Row(values.to_vec())));
        Ok(())
    }

    /// What makes one row the other of the same key.
    fn update(&self, known: &[Value], values: &[Value]) -> (String, Vec<Value>) {
        let mut parameters = values[..2].to_vec();
        let sets = changes(&self.columns()[2..], &known[2..], &values[2..], &mut parameters);
        (format!("UPDATE {} SET {sets} WHERE firm = $1 AND id = $2", self.name), parameters)
    }

    /// The whole row of an id, deleted or not.
    pub(crate) fn raw(&self, tx: &mut Tx<'_>, firm: &str, id: &str) -> Result<Option<Row>> {
        if let Some(known) = tx.known_rows().get(self.name, firm, id) {
            return Ok(known.clone());
        }
        let row = tx.first(&self.texts().by_id, &[Value::Text(firm.to_owned()), Value::Text(id.to_owned())])?;
        tx.known_rows().keep(self.name, firm, id, row.clone());
        Ok(row)
    }

    /// Removes a row for good: only a replica does, for what is deleted or out of sight.
    pub(crate) fn erase(&self, tx: &mut Tx<'_>, firm: &str, id: &str) -> Result<()> {
        tx.execute(&self.texts().delete, &[Value::Text(firm.to_owned()), Value::Text(id.to_owned())])?;
        tx.known_rows().keep(self.name, firm, id, None);
        Ok(())
    }
}

/// `column = $n, …` of the columns whose values differ; the new ones join `parameters`.
pub(crate) fn changes(columns: &[&str], before: &[Value], after: &[Value], parameters: &mut Vec<Value>) -> String {
    let mut sets = Vec::new();
    for (column, (_, value)) in columns.iter().zip(before.iter().zip(after)).filter(|(_, (old, new))| old != new) {
        parameters.push(value.clone());
        sets.push(format!("{column} = ${}", parameters.len()));
    }
    sets.join(", ")
}

/// Declares rows: struct, table and conversions.
macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident $table:literal $table_const:ident { $id:ident: $id_type:ty, $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq)]
            pub struct $name {
                /// Identity.
                pub $id: $id_type,
                /// What it is shown to.
                pub scope: Scope,
                $($(#[$field_doc])* pub $field: $type,)*
            }

            pub(crate) static $table_const: Table = Table::new($table, &[$(stringify!($field)),*]);

            impl Replicated for $name {
                const TABLE: &'static Table = &$table_const;
                fn key(&self) -> String {
                    self.$id.to_string()
                }
                fn scope(&self) -> &Scope {
                    &self.scope
                }
                fn own_values(&self) -> Vec<Value> {
                    vec![$(self.$field.to_value()),*]
                }
                fn from_row(row: &Row) -> Result<Self> {
                    let mut column = 4;
                    let mut next = || { column += 1; column };
                    Ok(Self {
                        $id: row.get(1)?,
                        scope: row.get(2)?,
                        $($field: row.get(next())?,)*
                    })
                }
            }
        )*

        /// Every replicated table, in the order the feed sends them.
        pub(crate) static TABLES: &[&Table] = &[$(&$table_const),*];
    };
}

pub(crate) use rows;
