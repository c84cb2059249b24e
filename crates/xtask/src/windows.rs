//! `cargo xtask windows`: builds every crate for Windows, runs what has no window under Wine, compiles the window.
//!
//! Wine is the Windows API without Windows: files that programs hold, names without case, drive letters, but no NTFS and
//! no web view. What cannot hold there is left out by name, with the reason; `docs/manual-tests.md` is for a real machine.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::cargo::WINDOW_FEATURES;
use crate::foreign::{self, Foreign};
use crate::setup::{self, Extra, Purpose};
use crate::test::Tally;
use crate::{interface, interrupt, output};

mod engine;
mod programs;
mod wine;

use wine::Wine;

const TARGET: &str = "x86_64-pc-windows-gnu";
const LINKER: (&str, &str) = ("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", "x86_64-w64-mingw32-gcc");
/// Asks `cargo xtask test` for the Windows step where nothing is built for it yet.
const WANTED: &str = "GEDEON_WINDOWS";

/// Arguments of `windows`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Does only one part.
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// Installs what is missing without asking.
    #[arg(long)]
    yes: bool,
}

/// A part of what is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The tests of the engine's crates, under Wine.
    Engine,
    /// The server and a workstation, as programs, under Wine.
    Programs,
    /// The window, compiled.
    Window,
}

/// A line of the summary.
struct Outcome {
    name: String,
    tally: Tally,
    left_out: u64,
    duration: Duration,
}

impl Outcome {
    /// Of one check, told where it fails.
    fn of(name: &str, work: impl FnOnce() -> Result<()>) -> Self {
        let began = Instant::now();
        let tally = match work() {
            Ok(()) => Tally::passed(),
            Err(error) => {
                output::say(&format!("✗ {name}: {error:#}"));
                Tally::failed()
            }
        };
        Self { name: name.to_owned(), tally, left_out: 0, duration: began.elapsed() }
    }
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("Wine is used on Linux only; on Windows, `cargo xtask test` runs the same tests");
    }
    setup::prepare(Purpose::Start, arguments.yes)?;
    setup::install(Extra::Windows, arguments.yes)?;
    let foreign = Foreign::find(TARGET, arguments.yes)?;
    output::say(&format!("{TARGET}: {}", foreign.words()));
    let is_wanted = |part| arguments.only.is_none_or(|only| only == part);
    let mut outcomes = Vec::new();
    if is_wanted(Part::Engine) {
        output::step("engine");
        outcomes.extend(engine::run(&foreign)?);
    }
    if is_wanted(Part::Programs) && !interrupt::wait(Duration::ZERO) {
        output::step("programs");
        outcomes.extend(programs::run(&foreign)?);
    }
    if is_wanted(Part::Window) && !interrupt::wait(Duration::ZERO) {
        output::step("window");
        outcomes.push(Outcome::of("gedeon-desktop (compiled, not run)", || compile_window(&foreign)));
    }
    report(&outcomes)
}

/// The engine's tests, as a step of `cargo xtask test`: where they can be had without building everything first.
pub(crate) fn in_tests() -> Result<Tally> {
    let is_asked = std::env::var(WANTED).is_ok_and(|value| value == "1");
    let left_out = |why: &str| {
        output::say(&format!("left out: {why}"));
        Ok(Tally::default())
    };
    if !cfg!(target_os = "linux") {
        return left_out("Wine is used on Linux only");
    }
    if !is_asked && !foreign::target_folder(TARGET)?.is_dir() {
        return left_out(&format!("nothing is built for Windows yet; {WANTED}=1 or `cargo xtask windows` builds it"));
    }
    if !is_asked && !setup::has(Extra::Windows) {
        return left_out("Wine or the compiler for Windows is missing; `cargo xtask windows` installs them");
    }
    setup::install(Extra::Windows, false)?;
    let outcomes = engine::run(&Foreign::find(TARGET, false)?)?;
    Ok(outcomes.into_iter().map(|outcome| outcome.tally).sum())
}

fn compile_window(foreign: &Foreign) -> Result<()> {
    // The window carries the interface.
    interface::build()?;
    let arguments = [["--package", "gedeon-desktop"].as_slice(), &WINDOW_FEATURES].concat();
    foreign.build("build", &arguments, |cargo| {
        cargo.env(LINKER.0, LINKER.1);
    })?;
    Ok(())
}

fn report(outcomes: &[Outcome]) -> Result<()> {
    let rows: Vec<Vec<String>> = outcomes
        .iter()
        .map(|Outcome { name, tally, left_out, duration }| {
            let duration = format!("{:.1} s", duration.as_secs_f64());
            vec![name.clone(), tally.passed.to_string(), tally.failed.to_string(), left_out.to_string(), duration]
        })
        .collect();
    output::say("");
    output::say(&output::table(&["program", "passed", "failed", "left out", "time"], &rows));
    let total: Tally = outcomes.iter().map(|outcome| outcome.tally.clone()).sum();
    output::result(&format!("{TARGET}: {} passed, {} failed", total.passed, total.failed));
    if interrupt::wait(Duration::ZERO) {
        bail!("interrupted");
    }
    if total.failed > 0 {
        bail!("{} failed", total.failed);
    }
    Ok(())
}
