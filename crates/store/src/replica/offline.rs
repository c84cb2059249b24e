//! What is available offline: by client file, and in each by fiscal year.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{ClientFileId, FiscalYearId};

use super::ReplicaTx;
use crate::engine::{Tx, Value};
use crate::error::Result;

/// Joins to a node `n` of the firm `$1` the choice by which it is on this disk; a node that is not has none. What a node
/// belongs to is said by the nearest folder above that stands in a fiscal year.
pub(crate) const BY_WHICH_IT_IS_HERE: &str = "JOIN offline_client o ON o.client_file = n.client_file \
     AND (o.whole = 1 OR NOT EXISTS ( \
       WITH RECURSIVE above(parent, fiscal_year) AS ( \
         SELECT n.parent, n.fiscal_year UNION SELECT a.parent, a.fiscal_year FROM above b \
         JOIN node a ON a.firm = $1 AND a.id = b.parent WHERE b.fiscal_year IS NULL) \
       SELECT 1 FROM above WHERE fiscal_year IS NOT NULL AND fiscal_year NOT IN \
         (SELECT y.fiscal_year FROM offline_year y WHERE y.client_file = n.client_file)))";

/// What of a client file is available offline.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Offline {
    /// Nothing.
    #[default]
    Nothing,
    /// These fiscal years, and what belongs to none.
    Years(BTreeSet<FiscalYearId>),
    /// All of it, years to come included.
    Everything,
}

impl Offline {
    /// Whether what stands in a fiscal year, or in none, is.
    pub fn includes(&self, fiscal_year: Option<FiscalYearId>) -> bool {
        match self {
            Self::Nothing => false,
            Self::Years(years) => fiscal_year.is_none_or(|year| years.contains(&year)),
            Self::Everything => true,
        }
    }
}

impl ReplicaTx<'_, '_> {
    /// Client files of which something is available offline.
    pub fn offline_clients(&mut self) -> Result<Vec<ClientFileId>> {
        let rows = self.tx.query("SELECT client_file FROM offline_client ORDER BY client_file", &[])?;
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// What of a client file in sight is available offline.
    pub fn offline(&mut self, client_file: ClientFileId) -> Result<Offline> {
        let client = Value::Text(client_file.to_string());
        let in_sight = self.tx.first(
            "SELECT 1 FROM client_file WHERE firm = $1 AND id = $2 AND deleted = 0",
            &[Value::Text(self.firm_text.clone()), client.clone()],
        )?;
        if in_sight.is_none() {
            return Ok(Offline::Nothing);
        }
        let row =
            self.tx.first("SELECT whole FROM offline_client WHERE client_file = $1", std::slice::from_ref(&client))?;
        let Some(row) = row else { return Ok(Offline::Nothing) };
        if row.get::<bool>(0)? {
            return Ok(Offline::Everything);
        }
        let years = self.tx.query("SELECT fiscal_year FROM offline_year WHERE client_file = $1", &[client])?;
        Ok(Offline::Years(years.iter().map(|row| row.get(0)).collect::<Result<_>>()?))
    }

    /// Makes all of a client file available offline, or nothing.
    pub fn set_offline(&mut self, client_file: ClientFileId, offline: bool) -> Result<()> {
        self.choose_offline(client_file, &if offline { Offline::Everything } else { Offline::Nothing })
    }

    /// Chooses what of a client file is available offline, and puts its nodes on the mirror's list.
    pub fn choose_offline(&mut self, client_file: ClientFileId, chosen: &Offline) -> Result<()> {
        let client = Value::Text(client_file.to_string());
        for table in ["offline_client", "offline_year"] {
            self.tx.execute(&format!("DELETE FROM {table} WHERE client_file = $1"), std::slice::from_ref(&client))?;
        }
        let none = BTreeSet::new();
        let (whole, years) = match chosen {
            Offline::Nothing => (None, &none),
            Offline::Years(years) => (Some(0), years),
            Offline::Everything => (Some(1), &none),
        };
        if let Some(whole) = whole {
            self.tx.execute(
                "INSERT INTO offline_client (client_file, whole) VALUES ($1, $2)",
                &[client.clone(), Value::Int(whole)],
            )?;
        }
        for year in years {
            self.tx.execute(
                "INSERT INTO offline_year (client_file, fiscal_year) VALUES ($1, $2)",
                &[client.clone(), Value::Text(year.to_string())],
            )?;
        }
        self.tx.execute(
            "INSERT INTO dirty_node (node) SELECT id FROM node WHERE firm = $2 AND client_file = $1 \
             ON CONFLICT (node) DO UPDATE SET due = 0, stamp = dirty_node.stamp + 1, waits_for = NULL",
            &[client, Value::Text(self.firm_text.clone())],
        )?;
        self.mark_dirty(client_file.root())
    }
}

/// Client files of which something is available offline, with the fiscal years chosen; `None` for all of them.
pub(crate) fn all(tx: &mut Tx<'_>) -> Result<BTreeMap<ClientFileId, Option<Vec<FiscalYearId>>>> {
    let mut found = BTreeMap::new();
    for row in tx.query("SELECT client_file, whole FROM offline_client", &[])? {
        found.insert(row.get(0)?, if row.get::<bool>(1)? { None } else { Some(Vec::new()) });
    }
    for row in tx.query("SELECT client_file, fiscal_year FROM offline_year ORDER BY fiscal_year", &[])? {
        if let Some(Some(years)) = found.get_mut(&row.get::<ClientFileId>(0)?) {
            years.push(row.get(1)?);
        }
    }
    Ok(found)
}
