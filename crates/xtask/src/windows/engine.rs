//! The tests of the engine's crates, built for Windows and run under Wine.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::{LINKER, Outcome, Wine};
use crate::cargo::Executable;
use crate::foreign::Foreign;
use crate::test::Tally;
use crate::{interrupt, output, process};

/// What is run: the crates that touch files, and the rules beneath them.
const CRATES: &[&str] = &["disk", "content", "mirror", "domain"];
/// How long one program of tests may run before it counts as hung.
const LIMIT: Duration = Duration::from_mins(20);

/// Tests that do not hold under Wine, for a reason of Wine's.
const NOT_UNDER_WINE: &[(&str, &str, &str)] = &[
    (
        "disk",
        "conformance::the_real_disk_takes_another_spelling_of_a_name",
        "Wine takes a rename that changes case alone for done",
    ),
    ("disk", "windows::case_alone_can_be_renamed", "Wine takes a rename that changes case alone for done"),
    ("disk", "holders::the_program_that_holds_a_file_is_named", "Wine's Restart Manager lists no program"),
    (
        "disk",
        "windows::a_folder_with_an_open_file_is_busy_and_not_forbidden",
        "Wine moves a folder though a file in it is open",
    ),
    (
        "disk",
        "windows::a_removed_file_that_is_still_held_is_busy_or_gone",
        "Wine opens a removed file again as long as a program holds it",
    ),
];

/// Builds and runs them.
pub(super) fn run(foreign: &Foreign) -> Result<Vec<Outcome>> {
    let packages: Vec<&str> = CRATES.iter().flat_map(|name| ["--package", name]).collect();
    let arguments = [["--no-run", "--lib", "--tests"].as_slice(), &packages].concat();
    let built = foreign.build("test", &arguments, |cargo| {
        cargo.env(LINKER.0, LINKER.1);
    })?;
    let wine = Wine::open()?;
    for (package, test, reason) in NOT_UNDER_WINE {
        output::say(&format!("left out under Wine: {package}, {test}: {reason}"));
    }
    let mut outcomes = Vec::new();
    for program in built.iter().filter(|program| program.is_test) {
        if interrupt::wait(Duration::ZERO) {
            break;
        }
        let outcome = run_tests(&wine, program)?;
        // Not every library has tests inside.
        if outcome.tally != Tally::default() {
            outcomes.push(outcome);
        }
    }
    Ok(outcomes)
}

fn run_tests(wine: &Wine, program: &Executable) -> Result<Outcome> {
    let began = Instant::now();
    let package = program.package.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut command = wine.program(&program.path);
    command.current_dir(&program.package).env("CARGO_MANIFEST_DIR", &program.package).arg("--exact");
    for (_, test, _) in NOT_UNDER_WINE.iter().filter(|(of, ..)| *of == package) {
        command.args(["--skip", test]);
    }
    let finished = process::capture_all(&mut command, LIMIT)?;
    let tally = Tally::of_rust(&finished);
    if tally.failed > 0 {
        output::say(&finished.output);
        let reason = if finished.status.is_none() { " (took too long)" } else { "" };
        output::say(&format!("✗ tests of {package}: {} failed{reason}", tally.failed));
    } else if tally.passed > 0 {
        output::say(&format!("✓ tests of {package}: {} passed", tally.passed));
    }
    let left_out = left_out(&finished.output);
    Ok(Outcome { name: format!("tests of {package}"), tally, left_out, duration: began.elapsed() })
}

/// How many tests were skipped: `…; 5 filtered out; …`.
fn left_out(output: &str) -> u64 {
    let summary = output.lines().find(|line| line.starts_with("test result:")).unwrap_or_default();
    let count = summary.split(';').find_map(|part| part.trim().strip_suffix(" filtered out")?.parse().ok());
    count.unwrap_or(0)
}
