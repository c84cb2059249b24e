//! `cargo xtask bench`: ours beside other engines, on the same files, in the same run.
//!
//! One engine at a time, over loopback, each with a fresh copy of the files and with the settings that serve it best;
//! how they are set is printed and written with the figures. An engine that is not installed is listed as absent. It
//! sets no goal and judges nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};

use crate::{cargo, output, place};

mod corpus;
mod engine;
pub(crate) mod http;
mod loss;
mod memory;
mod nextcloud;
mod ours;
mod rclone;
mod report;
pub(crate) mod room;
mod row;
mod rsync;
mod syncthing;
mod tree;
mod unison;

use engine::Engine;
use report::{Line, Outcome};
use row::{Bench, Effort, Row};

/// Runs of each row, unless told otherwise.
const RUNS: usize = 3;
/// Saves of `one-save-visible`.
const SAVES: usize = 30;
const QUICK_SAVES: usize = 10;

/// Arguments of `bench`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    suite: Suite,
}

#[derive(Subcommand)]
enum Suite {
    /// Files from one workstation to the server and to the next workstation.
    Sync(SyncArguments),
    /// One script of saves, moves, deletions and kills for every engine, and what each lost of it.
    Loss(loss::Arguments),
}

#[derive(Args)]
struct SyncArguments {
    /// Rows to measure, all by default.
    #[arg(long, value_delimiter = ',')]
    rows: Vec<Row>,
    /// Engines to measure, all by default: gedeon, rsync, unison, rclone, syncthing, nextcloudcmd.
    #[arg(long, value_delimiter = ',')]
    engines: Vec<String>,
    /// One run of each row and fewer saves.
    #[arg(long)]
    quick: bool,
    /// Runs of each row, of which the median is taken.
    #[arg(long, conflicts_with = "quick")]
    runs: Option<usize>,
}

/// Rows measured on one preparation, in the order of the table.
const SHARED: [&[Row]; 5] = [
    &[Row::FirstUpload10k, Row::NoChange10k],
    &[Row::FirstUpload100k, Row::NoChange100k, Row::Download100k],
    &[Row::OneSaveVisible],
    &[Row::OneByteIn500mb],
    &[Row::RenameFolder10k],
];

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let folder = place::root().join("target/bench");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    match &arguments.suite {
        Suite::Sync(arguments) => sync(arguments, &folder),
        Suite::Loss(arguments) => loss::run(arguments, &folder),
    }
}

fn sync(arguments: &SyncArguments, folder: &Path) -> Result<()> {
    let engines = engines(&arguments.engines)?;
    let described: Vec<(&dyn Engine, Option<String>)> =
        engines.iter().map(|engine| (engine.as_ref(), engine.version())).collect();
    describe(&described);

    let runs = if arguments.quick { 1 } else { arguments.runs.unwrap_or(RUNS) };
    let effort = Effort { runs, saves: if arguments.quick { QUICK_SAVES } else { SAVES } };
    let wanted = |row: &Row| arguments.rows.is_empty() || arguments.rows.contains(row);
    let bench = Bench { folder, effort };
    let file = folder.join("sync.json");
    let mut lines = Vec::new();
    for shared in SHARED {
        let rows: Vec<Row> = shared.iter().copied().filter(wanted).collect();
        for (engine, version) in &described {
            for outcome in outcomes(&bench, &rows, *engine, version.as_deref())? {
                let version = version.as_deref().unwrap_or_default();
                lines.push(Line::new(engine.name(), version, engine.settings(), outcome));
            }
            // After each, so that a run that is stopped leaves what it measured.
            report::write(&file, &lines)?;
        }
    }
    tree::remove(&folder.join("room"))?;
    output::result(&format!("\n{}\n\nwritten to {}", report::table(&lines), file.display()));
    Ok(())
}

fn engines(names: &[String]) -> Result<Vec<Box<dyn Engine>>> {
    let known = ["rsync", "gedeon", "unison", "rclone", "syncthing", "nextcloudcmd"];
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        bail!("no engine {unknown}; there are {}", known.join(", "));
    }
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let mut engines: Vec<Box<dyn Engine>> = Vec::new();
    for name in known {
        if !names.is_empty() && !names.contains(name) {
            continue;
        }
        engines.push(match name {
            "rsync" => Box::new(rsync::Rsync),
            "gedeon" => Box::new(ours()?),
            "unison" => Box::new(unison::Unison),
            "rclone" => Box::new(rclone::Rclone),
            "syncthing" => Box::new(syncthing::Syncthing),
            _ => Box::new(nextcloud::Nextcloud),
        });
    }
    Ok(engines)
}

fn ours() -> Result<ours::Gedeon> {
    output::step("gedeon and gedeon-server, for release");
    let built = cargo::build(&["build", "--release", "--package", "agent", "--package", "gedeon-server"])?;
    Ok(ours::Gedeon::new(cargo::named(&built, "gedeon-server")?, cargo::named(&built, "gedeon")?))
}

fn describe(engines: &[(&dyn Engine, Option<String>)]) {
    let machine = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = machine.split_whitespace().next().unwrap_or("unknown");
    output::say(&format!("{cores} cores, load {load} before the first run"));
    for (engine, version) in engines {
        let version = version.as_deref().unwrap_or("absent (`cargo xtask setup --for bench` installs it)");
        output::say(&format!("{} · {version} · {}", engine.name(), engine.settings()));
    }
}

/// What an engine makes of some rows. Only an interruption is an error: what fails is told and the rest goes on.
fn outcomes(bench: &Bench<'_>, rows: &[Row], engine: &dyn Engine, version: Option<&str>) -> Result<Vec<Outcome>> {
    let missing = |reason: &str| -> Vec<Outcome> {
        rows.iter().map(|row| Outcome::Missing { row: row.name(), reason: reason.to_owned() }).collect()
    };
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    if version.is_none() {
        return Ok(missing("not installed"));
    }
    let names: Vec<&str> = rows.iter().map(|row| row.name()).collect();
    output::step(&format!("{} · {}", names.join(", "), engine.name()));
    match bench.measure(rows, engine) {
        Ok(measured) => {
            for one in &measured {
                let values: Vec<String> = one.values.iter().map(|value| format!("{value:.3}")).collect();
                output::say(&format!("{}: {} {}", one.row, values.join(" "), one.unit));
            }
            Ok(measured.into_iter().map(Outcome::Measured).collect())
        }
        Err(error) if crate::interrupt::wait(std::time::Duration::ZERO) => Err(error),
        Err(error) => {
            keep_logs(bench.folder, engine.name())?;
            output::say(&format!("not measured: {error:#}"));
            let first = format!("{error:#}").lines().next().unwrap_or_default().to_owned();
            Ok(missing(&first))
        }
    }
}

/// Keeps what the programs of a failed run wrote, which the next run would remove.
fn keep_logs(bench: &Path, engine: &str) -> Result<()> {
    let kept = bench.join("failed").join(engine);
    tree::remove(&kept)?;
    fs::create_dir_all(&kept).with_context(|| format!("{} cannot be made", kept.display()))?;
    let Ok(entries) = fs::read_dir(bench.join("room")) else { return Ok(()) };
    for entry in entries.flatten().filter(|entry| entry.path().extension().is_some_and(|ending| ending == "log")) {
        fs::copy(entry.path(), kept.join(entry.file_name())).context("a log cannot be kept")?;
    }
    Ok(())
}
