//! Replicated rows that a transaction has read or written, by their ids.

use std::collections::BTreeMap;

use super::Row;

/// How many are remembered before all are forgotten: bounds the memory of a pull of a whole firm.
const MOST: usize = 4_096;

/// Rows of one firm as they are in a transaction; `None` where there is none of an id.
#[derive(Debug, Default)]
pub(crate) struct KnownRows {
    firm: String,
    rows: BTreeMap<(&'static str, String), Option<Row>>,
}

impl KnownRows {
    /// The row of an id, where it is known whether there is one.
    pub(crate) fn get(&self, table: &'static str, firm: &str, id: &str) -> Option<&Option<Row>> {
        if self.firm == firm { self.rows.get(&(table, id.to_owned())) } else { None }
    }

    /// Remembers what was read or written.
    pub(crate) fn keep(&mut self, table: &'static str, firm: &str, id: &str, row: Option<Row>) {
        if self.firm != firm || self.rows.len() >= MOST {
            self.rows.clear();
            firm.clone_into(&mut self.firm);
        }
        self.rows.insert((table, id.to_owned()), row);
    }

    /// Forgets all: they may have changed.
    pub(crate) fn forget(&mut self) {
        self.rows.clear();
    }
}
