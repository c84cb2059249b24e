//! `cargo xtask bench loss`: the same people do the same things with every engine between them, and every content they
//! saved is looked for at the end.
//!
//! What a script is: [`script`]. What is lost: [`ledger`]. Method and figures: `docs/loss-league.md`.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;

use super::ours::Gedeon;
use super::room::Room;
use super::tree;
use crate::{interrupt, output};

mod contender;
mod files;
mod ledger;
mod nextcloud;
mod ours;
mod play;
mod rclone;
mod script;
mod syncthing;
mod table;
mod unison;

use contender::Setting;
use play::Verdict;
use table::Row;

/// Arguments of `bench loss`.
#[derive(Args)]
pub(super) struct Arguments {
    /// How many scripts each engine plays.
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Plays this one and prints all that happened.
    #[arg(long, conflicts_with_all = ["seeds", "from"])]
    seed: Option<u64>,
    /// Engines, all by default: gedeon, unison, rclone, syncthing, nextcloudcmd. A second row of some keeps backups.
    #[arg(long, value_delimiter = ',')]
    engines: Vec<String>,
    /// How many scripts are played side by side. Most of a script is waiting.
    #[arg(long, default_value_t = 4)]
    rooms: usize,
    /// Folder with `gedeon` and `gedeon-server` for release; they are built where it is not given.
    #[arg(long)]
    programs: Option<PathBuf>,
}

/// The command.
pub(super) fn run(arguments: &Arguments, bench: &Path) -> Result<()> {
    let folder = bench.join("loss");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let (from, seeds) = arguments.seed.map_or((arguments.from, arguments.seeds), |seed| (seed, 1));
    let file = bench.join("loss.json");
    for setting in settings(arguments)? {
        let Some(version) = setting.version() else {
            output::say(&format!("{}: not installed (`cargo xtask setup --for bench`)", setting.name()));
            continue;
        };
        output::step(&format!("{} · {version} · {}", setting.name(), setting.settings()));
        let mut row = Row::new(setting.name(), &version, setting.settings(), from);
        for (seed, verdict) in verdicts(setting.as_ref(), from..from + seeds, arguments.rooms, &folder)? {
            if arguments.seed.is_some() {
                output::result(&verdict.history);
            }
            row.add(seed, &verdict);
        }
        // A script that is looked into is not a row. After each, so that a run that is stopped leaves what it found.
        if arguments.seed.is_none() {
            table::put(&file, row)?;
        }
        if interrupt::wait(Duration::ZERO) {
            bail!("interrupted");
        }
    }
    if arguments.seed.is_some() {
        return Ok(());
    }
    output::result(&format!("\n{}\n\nkept in {}", table::table(&table::read(&file)?), file.display()));
    Ok(())
}

fn settings(arguments: &Arguments) -> Result<Vec<Box<dyn Setting>>> {
    let names = &arguments.engines;
    let is_wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let known = ["gedeon", "unison", "rclone", "syncthing", "nextcloudcmd"];
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        bail!("no engine {unknown}; there are {}", known.join(", "));
    }
    let mut settings: Vec<Box<dyn Setting>> = Vec::new();
    if is_wanted("gedeon") {
        let ours = match &arguments.programs {
            Some(folder) => Gedeon::new(folder.join("gedeon-server"), folder.join("gedeon")),
            None => super::ours()?,
        };
        settings.push(Box::new(ours::Set(ours)));
    }
    for keeps in [false, true] {
        if is_wanted("unison") {
            settings.push(Box::new(unison::Set { has_backups: keeps }));
        }
        if is_wanted("rclone") {
            settings.push(Box::new(rclone::Set { has_backups: keeps }));
        }
        if is_wanted("syncthing") {
            settings.push(Box::new(syncthing::Set { has_versions: keeps }));
        }
    }
    if is_wanted("nextcloudcmd") {
        settings.push(Box::new(nextcloud::Set));
    }
    Ok(settings)
}

/// Plays the scripts of these seeds, some side by side; in the order of the seeds.
fn verdicts(
    setting: &dyn Setting,
    seeds: std::ops::Range<u64>,
    rooms: usize,
    folder: &Path,
) -> Result<Vec<(u64, Verdict)>> {
    let next = Mutex::new(seeds);
    let done = Mutex::new(Vec::new());
    let work = |number: usize| -> Result<()> {
        loop {
            let seed = next.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(seed) = seed else { return Ok(()) };
            let began = Instant::now();
            let room = folder.join(format!("room-{}-{number}", stem(setting)));
            match verdict(setting, seed, &room, folder) {
                Ok(verdict) => {
                    output::say(&line(seed, &verdict, began.elapsed()));
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((seed, verdict));
                }
                // What was played until then is a row all the same.
                Err(_) if interrupt::wait(Duration::ZERO) => return Ok(()),
                // What could not be played proves nothing, and is counted as not played.
                Err(error) => {
                    let kept = keep(&room, folder, setting, seed)?;
                    output::say(&format!("seed {seed}: not played: {error:#} (see {})", kept.display()));
                }
            }
            tree::remove(&room)?;
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..rooms.max(1)).map(|number| scope.spawn(move || work(number))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| bail!("BUG: a room broke down")))
    })?;
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(seed, _)| *seed);
    Ok(done)
}

fn verdict(setting: &dyn Setting, seed: u64, place: &Path, folder: &Path) -> Result<Verdict> {
    let room = Rc::new(Room::open_unmeasured(place)?);
    let mut engine = setting.open(Rc::clone(&room))?;
    let verdict = play::play(&script::draw(seed), engine.as_mut())?;
    let is_ours = setting.name() == "gedeon";
    let is_worth_reading = !verdict.fate.lost.is_empty()
        || is_ours && !verdict.fate.earlier_gone.is_empty()
        || verdict.difference.is_some()
        || !verdict.is_at_rest;
    if is_worth_reading {
        fs::write(folder.join(format!("{}-{seed}.txt", stem(setting))), &verdict.history)
            .context("a history cannot be kept")?;
    }
    // Ended before its files are copied.
    drop(engine);
    if is_worth_reading && is_ours {
        keep(place, folder, setting, seed)?;
    }
    Ok(verdict)
}

fn stem(setting: &dyn Setting) -> String {
    setting.name().replace([' ', ','], "-")
}

/// Keeps all that a room holds, to be looked into.
fn keep(room: &Path, folder: &Path, setting: &dyn Setting, seed: u64) -> Result<PathBuf> {
    let kept = folder.join(format!("{}-{seed}", stem(setting)));
    tree::remove(&kept)?;
    tree::copy(room, &kept)?;
    Ok(kept)
}

fn line(seed: u64, verdict: &Verdict, took: Duration) -> String {
    let Verdict { fate, litter, difference, repairs, is_at_rest, late, .. } = verdict;
    let diverged = difference.as_ref().map(|difference| format!(", diverged: {difference}")).unwrap_or_default();
    let moving = if *is_at_rest { "" } else { ", not at rest" };
    format!(
        "seed {seed}: {} tokens, {} lost, {}/{} earlier, {litter} litter, {repairs} repairs, {:.0} s, {:.0} ms \
         late{diverged}{moving}",
        fate.tokens,
        fate.lost.len(),
        fate.earlier - fate.earlier_gone.len(),
        fate.earlier,
        took.as_secs_f64(),
        late.as_secs_f64() * 1e3,
    )
}
