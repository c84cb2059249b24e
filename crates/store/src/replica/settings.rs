//! Settings and small facts of this workstation, and its undo list.

use protocol::command::Command;

use super::ReplicaTx;
use crate::engine::Value;
use crate::error::{Error, Result};

/// How many actions the undo list keeps.
const UNDO_DEPTH: i64 = 200;

impl ReplicaTx<'_, '_> {
    /// A setting.
    pub fn setting(&mut self, name: &str) -> Result<Option<String>> {
        let row = self.tx.first("SELECT value FROM setting WHERE name = $1", &[Value::Text(name.to_owned())])?;
        row.map(|row| row.get(0)).transpose()
    }

    /// Sets a setting.
    pub fn set_setting(&mut self, name: &str, value: &str) -> Result<()> {
        self.tx
            .execute(
                "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                &[Value::Text(name.to_owned()), Value::Text(value.to_owned())],
            )
            .map(|_| ())
    }

    /// Adds an action to the undo list: the commands that undo it, in the order to execute them. What had been undone can
    /// no longer be done again.
    pub fn push_undo(&mut self, action: &str, inverses: &[Command]) -> Result<()> {
        self.tx.execute("DELETE FROM undo WHERE undone = $1", &[Value::Int(1)])?;
        self.insert_undo(action, inverses, false)?;
        self.tx.execute(
            "DELETE FROM undo WHERE number <= (SELECT MAX(number) FROM undo) - $1",
            &[Value::Int(UNDO_DEPTH)],
        )?;
        Ok(())
    }

    fn insert_undo(&mut self, action: &str, commands: &[Command], undone: bool) -> Result<()> {
        let text = serde_json::to_string(commands).map_err(|error| Error::Value(error.to_string()))?;
        self.tx.execute(
            "INSERT INTO undo (action, commands, undone) VALUES ($1, $2, $3)",
            &[Value::Text(action.to_owned()), Value::Text(text), Value::Int(undone.into())],
        )?;
        Ok(())
    }

    /// Takes the last action off the list (`undone`: of those undone, to do it again).
    pub fn pop_undo(&mut self, undone: bool) -> Result<Option<(String, Vec<Command>)>> {
        let row = self.tx.first(
            "SELECT number, action, commands FROM undo WHERE undone = $1 ORDER BY number DESC LIMIT 1",
            &[Value::Int(undone.into())],
        )?;
        let Some(row) = row else { return Ok(None) };
        self.tx.execute("DELETE FROM undo WHERE number = $1", &[Value::Int(row.get(0)?)])?;
        let commands = serde_json::from_str(&row.get::<String>(2)?).map_err(|error| Error::Value(error.to_string()))?;
        Ok(Some((row.get(1)?, commands)))
    }

    /// Puts an action that was just undone (`undone`) or done again on the other side of the list.
    pub fn push_redo(&mut self, action: &str, inverses: &[Command], undone: bool) -> Result<()> {
        self.insert_undo(action, inverses, undone)
    }
}
