//! The table for people and the rows for machines.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

use super::memory::Peak;
use super::row::Measured;
use crate::output;

/// The engine whose times the others are compared with.
const FLOOR: &str = "rsync";

/// What a row of an engine came to.
pub(super) enum Outcome {
    /// It was measured.
    Measured(Measured),
    /// It was not, for this reason.
    Missing {
        /// Name of the row.
        row: &'static str,
        /// Why.
        reason: String,
    },
}

/// A line of the results, as machines read it.
#[derive(Serialize)]
pub(super) struct Line {
    row: String,
    engine: String,
    version: String,
    settings: String,
    /// `null` where it was not measured.
    median: Option<f64>,
    unit: &'static str,
    runs: usize,
    /// Greatest memory of all processes, in MB; `null` where the system does not tell.
    rss_mb: Option<f64>,
    /// The part of the workstation.
    rss_near_mb: Option<f64>,
    /// The part of what it brings its files to.
    rss_far_mb: Option<f64>,
    /// Every value the median is of, in the order of the runs.
    values: Vec<f64>,
    note: Option<String>,
}

impl Line {
    /// The line of an engine's outcome.
    pub(super) fn new(engine: &str, version: &str, settings: &str, outcome: Outcome) -> Self {
        let line = |row: &str| Self {
            row: row.to_owned(),
            engine: engine.to_owned(),
            version: version.to_owned(),
            settings: settings.to_owned(),
            median: None,
            unit: "s",
            runs: 0,
            rss_mb: None,
            rss_near_mb: None,
            rss_far_mb: None,
            values: Vec::new(),
            note: None,
        };
        match outcome {
            Outcome::Missing { row, reason } => Self { note: Some(reason), ..line(row) },
            Outcome::Measured(measured) => Self {
                median: (!measured.values.is_empty()).then(|| percentile(&measured.values, 50)),
                unit: measured.unit,
                runs: measured.runs,
                rss_mb: measured.peak.map(|Peak { near, far }| megabytes(near + far)),
                rss_near_mb: measured.peak.map(|peak| megabytes(peak.near)),
                rss_far_mb: measured.peak.map(|peak| megabytes(peak.far)),
                values: measured.values,
                note: measured.note,
                ..line(measured.row)
            },
        }
    }
}

/// The value below which that share of a hundred of the values lie: the nearest one of them. There must be some.
pub(super) fn percentile(values: &[f64], share: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * share).div_ceil(100).clamp(1, sorted.len().max(1));
    sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
}

#[expect(clippy::cast_precision_loss, reason = "megabytes, shown with one decimal")]
fn megabytes(bytes: u64) -> f64 {
    (bytes as f64 / 1e5).round() / 10.0
}

/// Writes the lines, whole.
pub(super) fn write(file: &Path, lines: &[Line]) -> Result<()> {
    let half = file.with_extension("half");
    let text = serde_json::to_string_pretty(lines).context("BUG: lines are plain")?;
    fs::write(&half, text + "\n")
        .and_then(|()| fs::rename(&half, file))
        .with_context(|| format!("{} cannot be written", file.display()))
}

/// The table: each row's engines together, with their ratio to the floor of the same row.
pub(super) fn table(lines: &[Line]) -> String {
    let floors: BTreeMap<&str, f64> = lines
        .iter()
        .filter(|line| line.engine == FLOOR)
        .filter_map(|line| line.median.map(|median| (line.row.as_str(), median)))
        .collect();
    let mut order: Vec<&str> = Vec::new();
    for line in lines {
        if !order.contains(&line.row.as_str()) {
            order.push(&line.row);
        }
    }
    let mut rows = Vec::new();
    for row in order {
        let of_row = lines.iter().filter(|line| line.row == row);
        rows.extend(of_row.map(|line| cells(line, floors.get(row).copied())));
    }
    output::table(&["row", "engine", "median", "× rsync", "runs", "MB near + far", "note"], &rows)
}

fn cells(line: &Line, floor: Option<f64>) -> Vec<String> {
    let ratio = line.median.zip(floor.filter(|floor| *floor > 0.0)).map(|(median, floor)| median / floor);
    let memory = line.rss_near_mb.zip(line.rss_far_mb).map(|(near, far)| format!("{near:.0} + {far:.0}"));
    let dash = || "–".to_owned();
    vec![
        line.row.clone(),
        line.engine.clone(),
        line.median.map_or_else(dash, |median| value(median, line.unit)),
        ratio.map_or_else(dash, |ratio| format!("{ratio:.1}")),
        line.runs.to_string(),
        memory.unwrap_or_else(dash),
        line.note.clone().unwrap_or_default(),
    ]
}

fn value(median: f64, unit: &str) -> String {
    if median < 10.0 { format!("{median:.2} {unit}") } else { format!("{median:.1} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values = [3.0, 1.0, 2.0, 4.0];
        assert!((percentile(&values, 50) - 2.0).abs() < f64::EPSILON, "half of four are at or below the second");
        assert!((percentile(&values, 95) - 4.0).abs() < f64::EPSILON, "the slowest of few is their 95th percentile");
        assert!((percentile(&[7.0], 50) - 7.0).abs() < f64::EPSILON, "one value is its own median");
    }

    #[test]
    fn the_table_compares_each_row_with_rsync_and_hides_no_absence() {
        let measured = |values: Vec<f64>| {
            let peak = Some(Peak { near: 10_000_000, far: 20_000_000 });
            Outcome::Measured(Measured { row: "first", unit: "s", runs: values.len(), values, peak, note: None })
        };
        let lines = [
            Line::new("rsync", "rsync 3", "", measured(vec![1.0, 2.0, 9.0])),
            Line::new("gedeon", "gedeon 1", "", measured(vec![3.0])),
            Line::new("unison", "", "", Outcome::Missing { row: "first", reason: "not installed".to_owned() }),
        ];
        let shown = table(&lines);
        assert!(shown.contains("2.00 s"), "the median of three runs: {shown}");
        assert!(shown.contains("1.5"), "three seconds are one and a half times two: {shown}");
        assert!(shown.contains("10 + 20"), "both ends' memory: {shown}");
        assert!(shown.contains("not installed"), "an absent engine is listed: {shown}");
    }
}
