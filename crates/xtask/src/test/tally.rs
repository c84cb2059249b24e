//! How many tests passed and which failed, read from what each runner writes.

use std::iter::Sum;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process::Finished;

/// Passed and failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// The names of tests that failed.
    pub(crate) names: Vec<String>,
}

impl Tally {
    /// One check that passed.
    pub(crate) fn passed() -> Self {
        Self { passed: 1, ..Self::default() }
    }

    /// One check that failed.
    pub(crate) fn failed() -> Self {
        Self { failed: 1, ..Self::default() }
    }

    /// A runner that failed without a failed test (it crashed, or took too long) is one failure.
    pub(crate) fn with_end(self, is_success: bool) -> Self {
        if is_success || self.failed > 0 { self } else { Self { failed: 1, ..self } }
    }

    /// From a Rust test program: `test result: ok. 12 passed; 0 failed; …`, once or more.
    pub(crate) fn of_rust(finished: &Finished) -> Self {
        let before = |line: &str, word: &str| -> u64 {
            line.split([';', '.']).find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok()).unwrap_or(0)
        };
        let names = finished.output.lines().filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"));
        let counted = finished
            .output
            .lines()
            .filter(|line| line.starts_with("test result:"))
            .map(|line| Self { passed: before(line, "passed"), failed: before(line, "failed"), ..Self::default() })
            .sum::<Self>();
        Self { names: names.map(str::to_owned).collect(), ..counted }.with_end(finished.is_success())
    }

    /// From the report of Vitest.
    pub(crate) fn of_vitest(report: &Path) -> Result<Self> {
        let report = read(report)?;
        let count = |name: &str| report[name].as_u64().unwrap_or(0);
        let files = report["testResults"].as_array().into_iter().flatten();
        let failed = files
            .flat_map(|file| file["assertionResults"].as_array().into_iter().flatten())
            .filter(|test| test["status"] == "failed")
            .map(|test| text(&test["fullName"]));
        Ok(Self { passed: count("numPassedTests"), failed: count("numFailedTests"), names: failed.collect() })
    }

    /// From the report of Playwright. A test that passed at its second try has failed.
    pub(crate) fn of_playwright(report: &Path) -> Result<Self> {
        let report = read(report)?;
        let count = |name: &str| report["stats"][name].as_u64().unwrap_or(0);
        let mut names = Vec::new();
        failed_in(&report, &mut names);
        Ok(Self { passed: count("expected"), failed: count("unexpected") + count("flaky"), names })
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |one, other| Self {
            passed: one.passed + other.passed,
            failed: one.failed + other.failed,
            names: [one.names, other.names].concat(),
        })
    }
}

/// The failed tests of a Playwright suite and of those in it.
fn failed_in(suite: &Value, names: &mut Vec<String>) {
    let specs = suite["specs"].as_array().into_iter().flatten();
    names.extend(specs.filter(|spec| spec["ok"] == false).map(|spec| text(&spec["title"])));
    for inner in suite["suites"].as_array().into_iter().flatten() {
        failed_in(inner, names);
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("?").to_owned()
}

fn read(report: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(report).context("the runner wrote no report")?;
    serde_json::from_str(&text).context("the runner's report is not JSON")
}
