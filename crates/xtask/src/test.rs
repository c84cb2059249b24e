//! `cargo xtask test`: every check of the project, in order, on a bare machine as in front of a screen.
//!
//! The tests' programs are built once and run from here rather than by cargo, so that the window's tests get their
//! display, and what root cannot show runs under an ordinary user.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use tempfile::TempDir;

use crate::cargo::{self, Executable};
use crate::setup::{self, Purpose};
use crate::{interface, interrupt, output, windows};

mod javascript;
mod rust;
mod tally;

pub(crate) use tally::Tally;

/// Arguments of `test`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Runs only one part.
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// Leaves out the tests of the real window.
    #[arg(long)]
    no_window: bool,
    /// Installs what is missing without asking.
    #[arg(long)]
    yes: bool,
}

/// A part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Format, lints, Rust tests and the simulator.
    Rust,
    /// The interface by itself.
    Ui,
    /// The interface in a browser, on the real engine.
    Browsers,
    /// The real window.
    Window,
    /// Server and workstations as programs of their own.
    Whole,
}

struct Step {
    part: Part,
    name: &'static str,
    run: fn(&mut Ground) -> Result<Tally>,
}

const STEPS: &[Step] = &[
    Step { part: Part::Rust, name: "format", run: |_| rust::format() },
    Step { part: Part::Rust, name: "lints", run: |_| rust::lints() },
    Step { part: Part::Rust, name: "licences and sources", run: |_| rust::deny() },
    Step { part: Part::Rust, name: "Rust", run: rust::tests },
    Step { part: Part::Rust, name: "Rust examples", run: |_| rust::examples() },
    Step { part: Part::Rust, name: "Windows", run: |_| windows::in_tests() },
    Step { part: Part::Rust, name: "simulator", run: |_| rust::simulator() },
    Step { part: Part::Ui, name: "types of the interface", run: |_| javascript::types() },
    Step { part: Part::Ui, name: "lints of the interface", run: |_| javascript::lints() },
    Step { part: Part::Ui, name: "interface", run: javascript::interface },
    Step { part: Part::Browsers, name: "browsers", run: javascript::browsers },
    Step { part: Part::Window, name: "window", run: rust::window },
    Step { part: Part::Whole, name: "whole", run: rust::whole },
];

/// What steps stand on: made when first needed, kept for the next step.
struct Ground {
    folder: TempDir,
    tests: Option<&'static [&'static str]>,
    programs: Option<Vec<Executable>>,
}

impl Ground {
    /// A file for a step's own use.
    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The programs of the workspace, with the tests that the parts to run need. They are always chosen from the whole
    /// workspace, so that every choice shares what is compiled.
    fn programs(&mut self) -> Result<&[Executable]> {
        if self.programs.is_none() {
            let mut programs = Vec::new();
            if let Some(tests) = self.tests {
                let test = [["test", "--workspace", "--no-run"].as_slice(), tests, &cargo::WINDOW_FEATURES].concat();
                programs.extend(cargo::build(&test)?);
            }
            let build = [["build", "--workspace", "--bins"].as_slice(), &cargo::WINDOW_FEATURES].concat();
            programs.extend(cargo::build(&build)?);
            self.programs = Some(programs);
        }
        Ok(self.programs.as_deref().unwrap_or_default())
    }
}

/// Which tests a part needs, as words of cargo; `None` where it needs the product's programs only.
fn tests_needed(only: Option<Part>) -> Option<&'static [&'static str]> {
    match only {
        None | Some(Part::Rust) => Some(&[]),
        Some(Part::Window | Part::Whole) => Some(&["--test", "it"]),
        Some(Part::Ui | Part::Browsers) => None,
    }
}

struct Outcome {
    name: &'static str,
    tally: Tally,
    duration: Duration,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let started = Instant::now();
    setup::prepare(Purpose::Test, arguments.yes)?;
    // The window carries the interface: without it, the desktop does not compile.
    interface::build()?;
    let folder = tempfile::Builder::new().prefix("gedeon-tests-").tempdir()?;
    let mut ground = Ground { folder, tests: tests_needed(arguments.only), programs: None };
    let mut outcomes = Vec::new();
    for step in STEPS.iter().filter(|step| is_wanted(arguments, step.part)) {
        output::step(step.name);
        let began = Instant::now();
        let tally = (step.run)(&mut ground).unwrap_or_else(|error| {
            output::say(&format!("{error:#}"));
            Tally::failed()
        });
        if interrupt::wait(Duration::ZERO) {
            bail!("interrupted");
        }
        let duration = seconds(began.elapsed());
        output::say(&format!("{}: {} passed, {} failed in {duration}", step.name, tally.passed, tally.failed));
        outcomes.push(Outcome { name: step.name, tally, duration: began.elapsed() });
    }
    let total: Tally = outcomes.iter().map(|outcome| outcome.tally.clone()).sum();
    drop(ground);
    report(&outcomes, &total, started.elapsed());
    // The last line is for machines: failures are said above it, not again by an error below.
    if total.failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

fn is_wanted(arguments: &Arguments, part: Part) -> bool {
    arguments.only.is_none_or(|only| only == part) && !(part == Part::Window && arguments.no_window)
}

fn report(outcomes: &[Outcome], total: &Tally, duration: Duration) {
    let rows: Vec<Vec<String>> = outcomes
        .iter()
        .map(|outcome| {
            let Outcome { name, tally, duration } = outcome;
            vec![(*name).to_owned(), tally.passed.to_string(), tally.failed.to_string(), seconds(*duration)]
        })
        .collect();
    output::say("");
    output::say(&output::table(&["step", "passed", "failed", "time"], &rows));
    for outcome in outcomes.iter().filter(|outcome| outcome.tally.failed > 0) {
        let names = &outcome.tally.names;
        let which = if names.is_empty() { "see above".to_owned() } else { names.join(", ") };
        output::say(&format!("✗ {}: {which}", outcome.name));
    }
    output::say(&format!("all in {}", seconds(duration)));
    output::result(&format!("{} passed, {} failed", total.passed, total.failed));
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
