//! The league: a row an engine, for people and for machines.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::play::Verdict;
use crate::output;

/// What an engine made of all scripts.
#[derive(Serialize, Deserialize)]
pub(super) struct Row {
    engine: String,
    version: String,
    settings: String,
    /// The first seed.
    from: u64,
    /// Scripts played.
    seeds: usize,
    /// Contents saved.
    tokens: usize,
    /// Work that nobody chose to destroy, and that is nowhere.
    lost: usize,
    /// Scripts with such a loss.
    losing_seeds: Vec<u64>,
    /// What the lost contents were saved in.
    lost_in: BTreeMap<String, usize>,
    /// Contents that somebody overwrote or deleted knowingly, after they had rested.
    earlier_versions: usize,
    /// Those of them that can be found again.
    earlier_versions_kept: usize,
    /// Files at the end with a name that nobody gave.
    conflict_files: usize,
    /// Scripts at whose end the two folders differ.
    diverged: usize,
    /// How often a person had to act for the engine to go on.
    repairs: usize,
    /// Scripts in which something still moved at the limit.
    not_at_rest: usize,
    /// How much later than its moment a step was done, at most, in milliseconds.
    latest_step_ms: u128,
}

impl Row {
    /// A row of no script yet.
    pub(super) fn new(engine: &str, version: &str, settings: &str, from: u64) -> Self {
        Self {
            engine: engine.to_owned(),
            version: version.to_owned(),
            settings: settings.to_owned(),
            from,
            seeds: 0,
            tokens: 0,
            lost: 0,
            losing_seeds: Vec::new(),
            lost_in: BTreeMap::new(),
            earlier_versions: 0,
            earlier_versions_kept: 0,
            conflict_files: 0,
            diverged: 0,
            repairs: 0,
            not_at_rest: 0,
            latest_step_ms: 0,
        }
    }

    /// Adds what a script came to.
    pub(super) fn add(&mut self, seed: u64, verdict: &Verdict) {
        self.seeds += 1;
        self.tokens += verdict.fate.tokens;
        self.lost += verdict.fate.lost.len();
        if !verdict.fate.lost.is_empty() {
            self.losing_seeds.push(seed);
        }
        for (_, written) in &verdict.fate.lost {
            *self.lost_in.entry(written.situation.to_owned()).or_default() += 1;
        }
        self.earlier_versions += verdict.fate.earlier;
        self.earlier_versions_kept += verdict.fate.earlier - verdict.fate.earlier_gone.len();
        self.conflict_files += verdict.litter;
        self.diverged += usize::from(verdict.difference.is_some());
        self.repairs += verdict.repairs;
        self.not_at_rest += usize::from(!verdict.is_at_rest);
        self.latest_step_ms = self.latest_step_ms.max(verdict.late.as_millis());
    }
}

/// The rows of earlier runs.
pub(super) fn read(file: &Path) -> Result<Vec<Row>> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} holds no table: remove it", file.display()))
}

/// Puts a row among those of earlier runs, in the place of the one that its engine had.
pub(super) fn put(file: &Path, row: Row) -> Result<()> {
    let mut rows = read(file)?;
    match rows.iter_mut().find(|known| known.engine == row.engine) {
        Some(known) => *known = row,
        None => rows.push(row),
    }
    let half = file.with_extension("half");
    let text = serde_json::to_string_pretty(&rows).context("BUG: rows are plain")?;
    fs::write(&half, text + "\n")
        .and_then(|()| fs::rename(&half, file))
        .with_context(|| format!("{} cannot be written", file.display()))
}

/// The table.
pub(super) fn table(rows: &[Row]) -> String {
    let cells = |row: &Row| {
        vec![
            row.engine.clone(),
            row.seeds.to_string(),
            row.tokens.to_string(),
            row.lost.to_string(),
            row.losing_seeds.len().to_string(),
            format!("{} of {}", row.earlier_versions_kept, row.earlier_versions),
            row.conflict_files.to_string(),
            row.diverged.to_string(),
            row.repairs.to_string(),
            row.lost_in.iter().map(|(situation, count)| format!("{count} {situation}")).collect::<Vec<_>>().join("; "),
        ]
    };
    let headings = [
        "engine",
        "scripts",
        "tokens",
        "lost",
        "in scripts",
        "earlier kept",
        "litter",
        "diverged",
        "repairs",
        "lost in",
    ];
    output::table(&headings, &rows.iter().map(cells).collect::<Vec<_>>())
}
