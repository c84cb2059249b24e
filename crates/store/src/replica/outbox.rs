//! The outbox: commands executed here, in order, with what each depends on.
//!
//! It is a graph, not a queue: a command waits for the rows and contents it needs, and holds back nothing else.

use std::collections::BTreeSet;

use domain::content::ContentHash;
use domain::id::{CommandId, NodeId};
use domain::time::Instant;
use protocol::command::{Command, Envelope, Executed, Outcome};
use protocol::failure::{Failure, FailureCode};

use super::{ReplicaTx, before_image};
use crate::commands::{Context, Effect, Host, execute};
use crate::engine::{Tx, Value};
use crate::error::{Error, Result};
use crate::unit::{Journal, Unit};

/// Not yet answered by the server.
const PENDING: &str = "pending";
/// Refused by the server, or needing one that was.
const REFUSED: &str = "refused";

/// Commands ready to be sent, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// The commands.
    pub commands: Vec<Envelope>,
}

/// A command the server refused, with those that needed its effects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The command.
    pub envelope: Envelope,
    /// Why.
    pub failure: Failure,
    /// Those that needed it.
    pub dependents: Vec<Envelope>,
}

impl ReplicaTx<'_, '_> {
    /// Executes a command here and puts it in the outbox. A refusal changes nothing.
    pub fn execute(&mut self, envelope: &Envelope) -> Result<Executed> {
        let known =
            self.tx.first("SELECT number FROM outbox WHERE command = $1", &[Value::Text(envelope.id.to_string())])?;
        if known.is_some() {
            return Ok(executed(envelope.id, Effect::default()));
        }
        let owner = self.owner;
        let effect = self.tx.savepoint(|tx| {
            let number = insert(tx, envelope)?;
            let effect = run(tx, owner, number, envelope)?;
            record_needs(tx, number, envelope)?;
            Ok(effect)
        })?;
        if matches!(envelope.command, Command::AddDocument { .. } | Command::CreateFolder { .. }) {
            self.send_again()?;
        }
        Ok(executed(envelope.id, effect))
    }

    /// The next commands to send, at most `limit`: those whose contents the server holds and whose needs are met by the
    /// server or earlier in the same batch.
    pub fn next_batch(&mut self, limit: usize) -> Result<Batch> {
        let mut commands = Vec::new();
        let mut sent = BTreeSet::new();
        let mut after = 0;
        // Any number of commands that wait for others may stand before one that can go.
        while commands.len() < limit {
            let rows = self.tx.query(
                "SELECT number, envelope FROM outbox WHERE state = 'pending' AND waits = 0 AND number > $1 \
                 ORDER BY number LIMIT $2",
                &[Value::Int(after), Value::Int(i64::try_from(limit).unwrap_or(i64::MAX))],
            )?;
            let Some(last) = rows.last() else { break };
            after = last.get(0)?;
            for row in rows {
                let number: i64 = row.get(0)?;
                if commands.len() < limit && self.needs_are_met(number, &sent)? {
                    sent.insert(number);
                    commands.push(read_envelope(&row.get::<String>(1)?)?);
                }
            }
        }
        Ok(Batch { commands })
    }

    fn needs_are_met(&mut self, number: i64, sent: &BTreeSet<i64>) -> Result<bool> {
        let needs = self.tx.query(
            "SELECT d.needs FROM dependency d JOIN outbox o ON o.number = d.needs WHERE d.number = $1 AND o.state = 'pending'",
            &[Value::Int(number)],
        )?;
        let needs: Vec<i64> = needs.iter().map(|need| need.get(0)).collect::<Result<_>>()?;
        Ok(needs.iter().all(|need| sent.contains(need)))
    }

    /// Records what the server answered to a batch. Refused commands are undone here with all that needed them. An answer
    /// that comes twice, or for a command already settled, changes nothing.
    pub fn answered(&mut self, answers: &[(CommandId, Outcome)]) -> Result<()> {
        // What was done comes first: a refused command does not take with it what the server did all the same.
        for (command, outcome) in answers {
            if let Outcome::Done { seq } = outcome {
                self.tx.execute(
                    "UPDATE outbox SET state = 'acknowledged', seq = $2 WHERE command = $1 AND state = 'pending'",
                    &[Value::Text(command.to_string()), Value::Int(*seq)],
                )?;
            }
        }
        for (command, outcome) in answers {
            let Outcome::Refused { failure } = outcome else { continue };
            let row = self.tx.first(
                "SELECT number, again FROM outbox WHERE command = $1 AND state = 'pending'",
                &[Value::Text(command.to_string())],
            )?;
            let Some(row) = row else { continue };
            let number: i64 = row.get(0)?;
            if row.get(1)? {
                self.drop_again(number)?;
            } else if failure.code == FailureCode::ContentMissing {
                self.tx.execute(
                    "UPDATE upload SET sent = 0 WHERE hash IN (SELECT hash FROM outbox_content WHERE number = $1)",
                    &[Value::Int(number)],
                )?;
                self.tx.execute(
                    "UPDATE outbox SET waits = 1 WHERE number IN (SELECT b.number FROM outbox_content a \
                     JOIN outbox_content b ON b.hash = a.hash WHERE a.number = $1)",
                    &[Value::Int(number)],
                )?;
            } else {
                self.refuse(number, failure)?;
            }
        }
        Ok(())
    }

    /// Lists a command that was refused here, before it was ever sent, among the refused ones.
    pub fn refuse_here(&mut self, envelope: &Envelope, failure: &Failure) -> Result<()> {
        let number = insert(self.tx, envelope)?;
        let text = serde_json::to_string(failure).map_err(|error| Error::Value(error.to_string()))?;
        self.tx
            .execute(
                "UPDATE outbox SET state = 'refused', failure = $2 WHERE number = $1",
                &[Value::Int(number), Value::Text(text)],
            )
            .map(|_| ())
    }

    /// Undoes a command here with all those that need it, and lists it among the refused ones. The nodes they wrote.
    pub(super) fn refuse(&mut self, number: i64, failure: &Failure) -> Result<BTreeSet<NodeId>> {
        let refused = self.with_dependents(number, PENDING)?;
        let nodes = self.nodes_written(&refused)?;
        self.rebase(&refused, |replica| {
            for dropped in &refused {
                replica.tx.execute("UPDATE outbox SET state = 'refused' WHERE number = $1", &[Value::Int(*dropped)])?;
            }
            let text = serde_json::to_string(failure).map_err(|error| Error::Value(error.to_string()))?;
            replica
                .tx
                .execute("UPDATE outbox SET failure = $2 WHERE number = $1", &[Value::Int(number), Value::Text(text)])
                .map(|_| ())
        })?;
        for node in &nodes {
            self.mark_dirty(*node)?;
        }
        Ok(nodes)
    }

    /// A command of the outbox and all those in `state` that need it, directly or not.
    fn with_dependents(&mut self, number: i64, state: &str) -> Result<BTreeSet<i64>> {
        let mut found = BTreeSet::from([number]);
        let mut frontier = vec![number];
        while let Some(next) = frontier.pop() {
            let rows = self.tx.query(
                "SELECT d.number FROM dependency d JOIN outbox o ON o.number = d.number WHERE d.needs = $1 AND o.state = $2",
                &[Value::Int(next), Value::Text(state.to_owned())],
            )?;
            for row in rows {
                let dependent: i64 = row.get(0)?;
                if found.insert(dependent) {
                    frontier.push(dependent);
                }
            }
        }
        Ok(found)
    }

    /// Undoes the commands of `undo` and every later one that shares rows with them, runs `between`, and does again those
    /// that are still pending. One that can no longer be done keeps waiting with its effect hidden: the server decides.
    pub(super) fn rebase(&mut self, undo: &BTreeSet<i64>, between: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let undo = self.sharing_rows(undo)?;
        for number in undo.iter().rev() {
            before_image::restore(self.tx, *number, &self.firm_text)?;
        }
        between(self)?;
        let owner = self.owner;
        for number in &undo {
            let row = self.tx.first(
                "SELECT envelope FROM outbox WHERE number = $1 AND state <> 'refused'",
                &[Value::Int(*number)],
            )?;
            let Some(row) = row else { continue };
            let envelope = read_envelope(&row.get::<String>(0)?)?;
            let redone = self.tx.savepoint(|tx| run(tx, owner, *number, &envelope));
            let hidden = match redone {
                Ok(_) => 0,
                Err(Error::Refused(_)) => 1,
                Err(error) => return Err(error),
            };
            self.tx.execute(
                "UPDATE outbox SET hidden = $2 WHERE number = $1",
                &[Value::Int(*number), Value::Int(hidden)],
            )?;
        }
        Ok(())
    }

    /// `numbers` and every later command that wrote a row one of them wrote.
    fn sharing_rows(&mut self, numbers: &BTreeSet<i64>) -> Result<BTreeSet<i64>> {
        let mut found = BTreeSet::new();
        let mut left = numbers.clone();
        let mut followed = BTreeSet::new();
        // In order: a command joins when it writes a row that an earlier one of the set wrote.
        while let Some(number) = left.pop_first() {
            found.insert(number);
            for row in self.rows_written(number)? {
                if !followed.contains(&row) {
                    left.extend(self.writers(&row, number)?);
                    followed.insert(row);
                }
            }
        }
        Ok(found)
    }

    /// The rows that a command wrote here and that the server has not confirmed.
    pub(super) fn rows_written(&mut self, number: i64) -> Result<Vec<String>> {
        let rows = self.tx.query("SELECT row_id FROM before_image WHERE number = $1", &[Value::Int(number)])?;
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// The commands after `number` that wrote a row, in order.
    pub(super) fn writers(&mut self, row: &str, number: i64) -> Result<Vec<i64>> {
        let rows = self.tx.query(
            "SELECT DISTINCT number FROM before_image WHERE row_id = $1 AND number > $2 ORDER BY number",
            &[Value::Text(row.to_owned()), Value::Int(number)],
        )?;
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// Commands the server refused and nobody dismissed.
    pub fn refused(&mut self) -> Result<Vec<Refused>> {
        let rows = self.tx.query(
            "SELECT number, envelope, failure FROM outbox WHERE state = 'refused' AND failure IS NOT NULL ORDER BY number",
            &[],
        )?;
        let mut entries = Vec::new();
        for row in rows {
            let number: i64 = row.get(0)?;
            let mut dependents = Vec::new();
            for dependent in self.with_dependents(number, REFUSED)?.into_iter().filter(|found| *found != number) {
                dependents.push(self.envelope(dependent)?);
            }
            entries.push(Refused {
                envelope: read_envelope(&row.get::<String>(1)?)?,
                failure: serde_json::from_str(&row.get::<String>(2)?)
                    .map_err(|error| Error::Value(error.to_string()))?,
                dependents,
            });
        }
        Ok(entries)
    }

    fn envelope(&mut self, number: i64) -> Result<Envelope> {
        let row = self.tx.first("SELECT envelope FROM outbox WHERE number = $1", &[Value::Int(number)])?;
        let row = row.ok_or_else(|| Error::Value("outbox".to_owned()))?;
        read_envelope(&row.get::<String>(0)?)
    }

    /// Drops a refused command and those that needed it from the list, and lets go of their contents: whoever calls has
    /// kept what [`refused_contents`](Self::refused_contents) tells.
    pub fn dismiss_refused(&mut self, command: CommandId) -> Result<()> {
        for number in self.refused_numbers(command)? {
            self.release_contents(number)?;
            forget(self.tx, Settled::One(number))?;
        }
        Ok(())
    }

    /// A refused command and those that needed it, in order; none where it is not refused.
    pub(super) fn refused_with_dependents(&mut self, command: CommandId) -> Result<Vec<Envelope>> {
        let numbers = self.refused_numbers(command)?;
        numbers.into_iter().map(|number| self.envelope(number)).collect()
    }

    fn refused_numbers(&mut self, command: CommandId) -> Result<BTreeSet<i64>> {
        let row = self.tx.first(
            "SELECT number FROM outbox WHERE command = $1 AND state = 'refused'",
            &[Value::Text(command.to_string())],
        )?;
        row.map_or_else(|| Ok(BTreeSet::new()), |row| self.with_dependents(row.get(0)?, REFUSED))
    }

    /// How many commands the server has not answered.
    pub fn pending_commands(&mut self) -> Result<u32> {
        let row = self.tx.first("SELECT COUNT(*) FROM outbox WHERE state = 'pending'", &[])?;
        row.map_or(Ok(0), |row| row.get(0))
    }
}

/// Which settled commands are forgotten.
#[derive(Debug, Clone, Copy)]
pub(super) enum Settled {
    /// One, by its number.
    One(i64),
    /// Those acknowledged up to a number of the firm's sequence.
    UpTo(i64),
}

/// Removes settled commands and all that is kept about them.
pub(super) fn forget(tx: &mut Tx<'_>, settled: Settled) -> Result<()> {
    let (those, value) = match settled {
        Settled::One(number) => ("= $1", number),
        Settled::UpTo(head) => ("IN (SELECT number FROM outbox WHERE state = 'acknowledged' AND seq <= $1)", head),
    };
    let value = [Value::Int(value)];
    tx.execute(
        &format!(
            "UPDATE upload SET sent = 2 WHERE sent = 1 AND hash IN (SELECT hash FROM outbox_content WHERE number {those}) \
             AND NOT EXISTS (SELECT 1 FROM outbox_content c WHERE c.hash = upload.hash AND NOT c.number {those})"
        ),
        &value,
    )?;
    for table in ["before_image", "dependency", "outbox_content", "outbox"] {
        tx.execute(&format!("DELETE FROM {table} WHERE number {those}"), &value)?;
    }
    Ok(())
}

pub(super) fn insert(tx: &mut Tx<'_>, envelope: &Envelope) -> Result<i64> {
    let text = serde_json::to_string(envelope).map_err(|error| Error::Value(error.to_string()))?;
    let row = tx.first(
        "INSERT INTO outbox (command, envelope, state, hidden, made_at) VALUES ($1, $2, 'pending', 0, $3) RETURNING number",
        &[Value::Text(envelope.id.to_string()), Value::Text(text), Value::Int(envelope.made_at.0)],
    )?;
    row.ok_or_else(|| Error::Value("outbox".to_owned()))?.get(0)
}

/// Executes a command on the replica's rows, keeping before-images under `number`.
pub(super) fn run(tx: &mut Tx<'_>, owner: super::Owner, number: i64, envelope: &Envelope) -> Result<Effect> {
    let mut unit = Unit::new(tx, owner.firm, Journal::BeforeImages(number));
    let actor = unit.actor(owner.person)?;
    let context = Context {
        actor: &actor,
        host: Host::Replica,
        workstation_name: "",
        made_at: envelope.made_at,
        received_at: Instant(0),
        strict: envelope.strict,
        template: domain::tree::STANDARD_TREE,
    };
    execute(&mut unit, &context, envelope)
}

/// Records the contents a command names and the pending commands whose rows it names or writes.
pub(super) fn record_needs(tx: &mut Tx<'_>, number: i64, envelope: &Envelope) -> Result<()> {
    if let Some(content) = envelope.command.content() {
        let hash = Value::Text(content.hash.to_string());
        tx.execute(
            "INSERT INTO outbox_content (number, hash) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            &[Value::Int(number), hash.clone()],
        )?;
        // A save of a document is somebody's own; what is new may have come in bulk.
        let is_urgent = matches!(envelope.command, Command::AddVersion { .. });
        let size = Value::Int(i64::try_from(content.size).unwrap_or(i64::MAX));
        let upload = tx.first(
            "INSERT INTO upload (hash, size, sent, urgent) VALUES ($1, $2, 0, $3) \
             ON CONFLICT (hash) DO UPDATE SET sent = MIN(upload.sent, 1), urgent = MAX(upload.urgent, excluded.urgent) \
             RETURNING sent = 0",
            &[hash, size, Value::Int(is_urgent.into())],
        )?;
        let waits = upload.ok_or_else(|| Error::Value("upload".to_owned()))?.get(0)?;
        tx.execute("UPDATE outbox SET waits = $2 WHERE number = $1", &[Value::Int(number), Value::Int(waits)])?;
    }
    let mut named = BTreeSet::new();
    let json = serde_json::to_value(&envelope.command).map_err(|error| Error::Value(error.to_string()))?;
    collect_ids(&json, &mut named);
    let named = serde_json::to_string(&named).map_err(|error| Error::Value(error.to_string()))?;
    tx.execute(
        "INSERT INTO dependency (number, needs) SELECT DISTINCT $1, b.number FROM json_each($2) named \
         CROSS JOIN before_image b ON b.row_id = named.value AND b.number < $1 \
         CROSS JOIN outbox o ON o.number = b.number AND o.state = 'pending' WHERE 1 ON CONFLICT DO NOTHING",
        &[Value::Int(number), Value::Text(named)],
    )?;
    Ok(())
}

/// Every id a command names: found by its form, so that a new command needs no list here.
fn collect_ids(json: &serde_json::Value, found: &mut BTreeSet<String>) {
    match json {
        serde_json::Value::String(text) if text.len() == 36 && uuid::Uuid::parse_str(text).is_ok() => {
            found.insert(text.clone());
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect_ids(item, found)),
        serde_json::Value::Object(fields) => fields.values().for_each(|value| collect_ids(value, found)),
        _ => {}
    }
}

pub(super) fn read_envelope(text: &str) -> Result<Envelope> {
    serde_json::from_str(text).map_err(|error| Error::Value(error.to_string()))
}

fn executed(command: CommandId, effect: Effect) -> Executed {
    let Effect { inverse, renamed_to, fiscal_year, restored_to } = effect;
    Executed { command, inverse, renamed_to, fiscal_year, restored_to }
}

/// The hash a content of the outbox has.
pub(super) fn hash_of(text: &str) -> Result<ContentHash> {
    text.parse().map_err(|error: domain::content::InvalidHash| Error::Value(error.to_string()))
}
