//! A unit of work on one firm: typed reads and writes of replicated rows.
//!
//! Commands write through a [`Unit`] and nothing else. On the server each write takes the next number of the firm's
//! sequence; on a replica it first records the row's before-image.

use domain::access::{Actor, Scope, ThemeGrant};
use domain::id::{ClientFileId, FirmId, NodeId, PersonId};
use domain::person::Role;
use protocol::failure::{Failure, FailureCode};

use crate::engine::{Column as _, Row, Tx, Value};
use crate::error::{Error, Result};
use crate::rows::{Assignment, ClientFile, Departure, Node, Person};
use crate::table::{Replicated, Table};

/// Where a unit's writes are recorded.
pub(crate) enum Journal {
    /// The server: the next number of the firm's sequence.
    Sequence(i64),
    /// A replica: the outbox number whose before-images are kept.
    BeforeImages(i64),
}

/// A unit of work on a firm.
pub(crate) struct Unit<'a, 'b> {
    pub(crate) tx: &'a mut Tx<'b>,
    pub(crate) firm: FirmId,
    pub(crate) firm_text: String,
    pub(crate) journal: Journal,
}

impl<'a, 'b> Unit<'a, 'b> {
    pub(crate) fn new(tx: &'a mut Tx<'b>, firm: FirmId, journal: Journal) -> Self {
        Self { tx, firm, firm_text: firm.to_string(), journal }
    }

    /// `$1` of every statement.
    pub(crate) fn firm_value(&self) -> Value {
        Value::Text(self.firm_text.clone())
    }

    /// Rows of `T` that satisfy `condition`, which may use `$2…`; deleted ones aside.
    pub(crate) fn list<T: Replicated>(&mut self, condition: &str, params: &[Value]) -> Result<Vec<T>> {
        let sql = format!("{} WHERE firm = $1 AND deleted = 0 AND {condition}", T::TABLE.select());
        let rows = self.select(&sql, params)?;
        rows.iter().map(T::from_row).collect()
    }

    /// Runs `sql` with the firm as `$1` and `params` after it.
    pub(crate) fn select(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let mut all = Vec::with_capacity(params.len() + 1);
        all.push(self.firm_value());
        all.extend_from_slice(params);
        self.tx.query(sql, &all)
    }

    /// The row of an id.
    pub(crate) fn find<T: Replicated>(&mut self, id: &str) -> Result<Option<T>> {
        let row = T::TABLE.raw(self.tx, &self.firm_text, id)?;
        match row {
            Some(row) if !row.get::<bool>(4)? => T::from_row(&row).map(Some),
            _ => Ok(None),
        }
    }

    /// The row of an id, or a refusal.
    pub(crate) fn need<T: Replicated>(&mut self, id: &str) -> Result<T> {
        self.find(id)?.ok_or_else(|| Error::refused(FailureCode::NotFound, format!("no {} {id}", T::TABLE.name)))
    }

    /// Writes a row.
    pub(crate) fn put<T: Replicated>(&mut self, row: &T) -> Result<()> {
        self.write(row, false)
    }

    /// Marks a row as deleted.
    pub(crate) fn delete<T: Replicated>(&mut self, row: &T) -> Result<()> {
        self.write(row, true)
    }

    fn write<T: Replicated>(&mut self, row: &T, deleted: bool) -> Result<()> {
        let key = row.key();
        let seq = match &mut self.journal {
            Journal::Sequence(next) => {
                *next += 1;
                *next
            }
            Journal::BeforeImages(number) => {
                let number = *number;
                crate::replica::before_image::record(self.tx, number, T::TABLE, &self.firm_text, &key)?;
                0
            }
        };
        let mut values = vec![
            Value::Text(self.firm_text.clone()),
            Value::Text(key),
            row.scope().to_value(),
            Value::Int(seq),
            Value::Int(deleted.into()),
        ];
        values.extend(row.own_values());
        T::TABLE.upsert(self.tx, &values)
    }

    /// Records that a row left `scope`, for those who see nothing else of it.
    pub(crate) fn depart(&mut self, table: &Table, row: &str, scope: Scope) -> Result<()> {
        let id = format!("{}:{row}:{scope}", table.name);
        self.put(&Departure { id, scope, table_name: table.name.to_owned(), row_id: row.to_owned() })
    }

    /// Somebody with all that decides what they may do.
    pub(crate) fn actor(&mut self, person: PersonId) -> Result<Actor> {
        let row: Person = self
            .find(&person.to_string())?
            .ok_or_else(|| Error::refused(FailureCode::Denied, "not a person of the firm"))?;
        if row.suspended_at.is_some() {
            return Err(Failure::new(FailureCode::Denied, "suspended").with("reason", "suspended").into());
        }
        let assignments: Vec<Assignment> = self.list("person = $2", &[Value::Text(person.to_string())])?;
        let assignments =
            assignments.into_iter().map(|row| (row.client_file, grant_of(row.themes.as_deref()))).collect();
        Ok(Actor { person, role: row.role, assignments })
    }

    /// A node by its id.
    pub(crate) fn node(&mut self, id: NodeId) -> Result<Option<Node>> {
        self.find(&id.to_string())
    }

    /// A node by its id, or a refusal.
    pub(crate) fn need_node(&mut self, id: NodeId) -> Result<Node> {
        self.need(&id.to_string())
    }

    /// A client file by its id, or a refusal.
    pub(crate) fn need_client_file(&mut self, id: ClientFileId) -> Result<ClientFile> {
        self.need(&id.to_string())
    }
}

/// Reads the stored form of an assignment's themes.
pub(crate) fn grant_of(themes: Option<&str>) -> ThemeGrant {
    match themes {
        None => ThemeGrant::All,
        // An unreadable list grants nothing: deny by default.
        Some(json) => ThemeGrant::Only(serde_json::from_str(json).unwrap_or_default()),
    }
}

/// What an actor holds, in the form the feed compares: one line for the role, one for each assignment.
pub(crate) fn grants(actor: &Actor) -> Vec<String> {
    if actor.role == Role::Administrator {
        return vec!["all".to_owned()];
    }
    actor
        .assignments
        .iter()
        .map(|(client, grant)| match grant {
            ThemeGrant::All => format!("{client}:*"),
            ThemeGrant::Only(themes) => {
                let themes: Vec<&str> = themes.iter().map(|theme| theme.0.as_str()).collect();
                format!("{client}:{}", themes.join(","))
            }
        })
        .collect()
}

/// Reads [`grants`] back.
pub(crate) fn actor_of_grants(person: PersonId, grants: &[String]) -> Actor {
    let mut actor = Actor { person, role: Role::Collaborator, assignments: std::collections::BTreeMap::new() };
    for grant in grants {
        if grant == "all" {
            actor.role = Role::Administrator;
        } else if let Some((client, themes)) = grant.split_once(':')
            && let Ok(client) = client.parse()
        {
            let themes = match themes {
                "*" => ThemeGrant::All,
                list => ThemeGrant::Only(
                    list.split(',').filter(|key| !key.is_empty()).map(domain::tree::Theme::new).collect(),
                ),
            };
            actor.assignments.insert(client, themes);
        }
    }
    actor
}
