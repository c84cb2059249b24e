//! The steps in Rust: format, lints, licences, the tests of every crate, the simulator, the window and the whole.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::{Ground, Tally, seconds};
use crate::cargo::{self, Executable, WINDOW_FEATURES};
use crate::display::{Display, Layout};
use crate::private_user::{self, PrivateUser};
use crate::{output, place, process, simulate};

/// How long one program of tests may run before it counts as hung.
const LIMIT: Duration = Duration::from_mins(20);

/// Module name of tests that mean nothing as root, such as those of unreadable files: they run under an ordinary user.
const UNPRIVILEGED: &str = "unprivileged::";

/// Modules of the desktop's tests that have a step of their own.
const WINDOW: &str = "window::";
const WHOLE: &str = "whole::";

/// rustfmt.
pub(super) fn format() -> Result<Tally> {
    process::run(cargo::cargo().args(["fmt", "--all", "--check"]))?;
    Ok(Tally::passed())
}

/// Clippy: no warning.
pub(super) fn lints() -> Result<Tally> {
    let mut clippy = cargo::cargo();
    clippy.args(["clippy", "--workspace", "--all-targets"]).args(WINDOW_FEATURES).args(["--", "--deny", "warnings"]);
    process::run(&mut clippy)?;
    Ok(Tally::passed())
}

/// cargo-deny. A developer may go without; continuous integration may not. Advisories need a database that is fetched,
/// and are not looked at.
pub(super) fn deny() -> Result<Tally> {
    let Some(deny) = place::program("cargo-deny") else {
        if place::is_ci() {
            bail!("cargo-deny is not installed: licences and sources were not checked");
        }
        output::say("left out: cargo-deny is not installed (`cargo install cargo-deny`)");
        return Ok(Tally::default());
    };
    // It reads what every system's build would take, also of systems that were never built for here.
    process::run(cargo::cargo().args(["fetch", "--locked"]))?;
    let mut command = process::program(deny);
    command.current_dir(place::root()).args(["--offline", "check"]);
    process::run(command.args(["--hide-inclusion-graph", "bans", "licenses", "sources"]))?;
    Ok(Tally::passed())
}

/// The tests of every crate, both database engines included; the generated types among them.
pub(super) fn tests(ground: &mut Ground) -> Result<Tally> {
    let folder = ground.file("");
    let programs = tests_of(ground)?;
    let user = PrivateUser::find()?;
    let mut total = Vec::new();
    for program in &programs {
        let mut own = test_command(Command::new(&program.path), program);
        if is_desktop(program) {
            own.args(["--skip", WINDOW, "--skip", WHOLE]);
        }
        if user == PrivateUser::Made {
            own.args(["--skip", UNPRIVILEGED]).env("GEDEON_TEST_USER", private_user::NAME);
        }
        total.push(run_tests(program, &mut own)?);
        if user == PrivateUser::Made && has_unprivileged(program)? {
            total.push(run_unprivileged(program, user, &folder)?);
        }
    }
    Ok(total.into_iter().sum())
}

/// The examples in the documentation.
pub(super) fn examples() -> Result<Tally> {
    let mut command = cargo::cargo();
    command.args(["test", "--workspace", "--doc"]).args(WINDOW_FEATURES);
    let finished = process::capture_all(&mut command, LIMIT)?;
    let tally = Tally::of_rust(&finished);
    if tally.failed > 0 {
        output::say(&finished.output);
    }
    Ok(tally)
}

/// Histories of the simulator: those kept because they once ended badly, then 200 drawn ones, 20 of them played twice.
pub(super) fn simulator() -> Result<Tally> {
    output::say(&simulate::simulate(200, 0, 20)?);
    Ok(Tally::passed())
}

/// The real window, on a private display.
pub(super) fn window(ground: &mut Ground) -> Result<Tally> {
    let display = Display::open(&ground.file(""), Layout::Free)?;
    run_desktop(ground, WINDOW, |command| {
        // One window at a time: they would take the keyboard from each other.
        display.show(command).arg("--test-threads=1");
    })
}

/// Server and workstations as programs of their own.
pub(super) fn whole(ground: &mut Ground) -> Result<Tally> {
    build_failing(ground)?;
    run_desktop(ground, WHOLE, |_| {})
}

/// The programs that die where a test says, in a folder beside the ordinary ones. Cargo gives both the same names: the
/// ordinary ones are put back, which takes a moment since nothing of them changed.
fn build_failing(ground: &mut Ground) -> Result<()> {
    let folder = programs_folder(ground)?.with_file_name("failing");
    let mut build = vec!["build", "--workspace", "--bin", "gedeon", "--bin", "gedeon-server"];
    build.extend(WINDOW_FEATURES);
    build.extend(["--features", "agent/failpoints,gedeon-server/failpoints"]);
    let built = cargo::build(&build)?;
    std::fs::create_dir_all(&folder)?;
    for name in ["gedeon", "gedeon-server"] {
        let program = cargo::named(&built, name)?;
        let target = folder.join(program.file_name().context("BUG: a program has a name")?);
        // Written anew, never over: an ordinary program may be the same file.
        if target.exists() {
            std::fs::remove_file(&target)?;
        }
        std::fs::copy(&program, &target).with_context(|| format!("{} cannot be copied", program.display()))?;
    }
    ground.programs = None;
    ground.programs()?;
    Ok(())
}

fn run_desktop(ground: &mut Ground, module: &str, prepare: impl Fn(&mut Command)) -> Result<Tally> {
    let programs = tests_of(ground)?;
    let program = programs.iter().find(|program| is_desktop(program)).context("BUG: the desktop has tests")?;
    let mut command = test_command(Command::new(&program.path), program);
    command.arg(module).env("GEDEON_PROGRAMS", programs_folder(ground)?);
    prepare(&mut command);
    run_tests(program, &mut command)
}

fn tests_of(ground: &mut Ground) -> Result<Vec<Executable>> {
    Ok(ground.programs()?.iter().filter(|program| program.is_test).cloned().collect())
}

fn programs_folder(ground: &mut Ground) -> Result<std::path::PathBuf> {
    let server = cargo::named(ground.programs()?, "gedeon-server")?;
    Ok(server.parent().context("BUG: a program lies in a folder")?.to_path_buf())
}

/// Whether these are the tests of `tests/it`, which are the desktop's and the whole's.
fn is_desktop(program: &Executable) -> bool {
    program.is_test && program.name == "it" && program.package == place::root()
}

/// As cargo would run it: in its package's folder.
fn test_command(mut command: Command, program: &Executable) -> Command {
    command.current_dir(&program.package).env("CARGO_MANIFEST_DIR", &program.package);
    command
}

fn run_tests(program: &Executable, command: &mut Command) -> Result<Tally> {
    let began = Instant::now();
    let finished = process::capture_all(command, LIMIT)?;
    let tally = Tally::of_rust(&finished);
    let package = program.package.file_name().unwrap_or_default().to_string_lossy();
    let name = format!("{package} {}", program.name);
    if tally.failed > 0 {
        output::say(&finished.output);
        let reason = if finished.status.is_none() { " (took too long)" } else { "" };
        output::say(&format!("✗ {name}: {} failed{reason}", tally.failed));
    } else if tally.passed > 0 {
        output::say(&format!("✓ {name}: {} passed in {}", tally.passed, seconds(began.elapsed())));
    }
    Ok(tally)
}

fn has_unprivileged(program: &Executable) -> Result<bool> {
    let mut list = test_command(Command::new(&program.path), program);
    Ok(process::capture(list.args([UNPRIVILEGED, "--list"]))?.output.contains(": test"))
}

/// Runs the tests that mean nothing as root. Their program is copied: the ordinary user may not be able to read the
/// folder that it was built in.
fn run_unprivileged(program: &Executable, user: PrivateUser, folder: &Path) -> Result<Tally> {
    let home = tempfile::Builder::new().prefix("gedeon-unprivileged-").tempdir_in(std::env::temp_dir())?;
    user.own(home.path())?;
    let copy = home.path().join(&program.name);
    std::fs::copy(&program.path, &copy).with_context(|| format!("{} cannot be copied", folder.display()))?;
    let mut command = user.command(&copy, home.path());
    command.current_dir(home.path()).env("CARGO_MANIFEST_DIR", home.path()).arg(UNPRIVILEGED);
    run_tests(program, &mut command)
}
