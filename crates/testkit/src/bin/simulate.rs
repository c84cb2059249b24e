//! Runs many histories of the simulator: `simulate --seeds 200 [--from 0] [--twice 10] [--threads 2]`.
//!
//! Histories that once ended badly are played first. One that ends badly is made shorter and printed; `--long` prints it
//! as it is. `simulate --history FILE [--print]` plays one from a file, `--draw SEED` prints the history of a seed.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use testkit::simulator::{self, History, Report};

/// Histories that once ended badly, each with what it showed in its first line.
const KEPT: &[(&str, &str)] = &[
    ("blocked-in-a-folder-moved-by-another", include_str!("../../seeds/blocked-in-a-folder-moved-by-another.history")),
    ("change-in-a-folder-renamed-twice", include_str!("../../seeds/change-in-a-folder-renamed-twice.history")),
    ("content-lost-by-a-power-cut", include_str!("../../seeds/content-lost-by-a-power-cut.history")),
    ("folder-moved-under-a-slow-save", include_str!("../../seeds/folder-moved-under-a-slow-save.history")),
    ("move-undone-by-a-power-cut", include_str!("../../seeds/move-undone-by-a-power-cut.history")),
    (
        "trashed-document-moved-to-another-client-file",
        include_str!("../../seeds/trashed-document-moved-to-another-client-file.history"),
    ),
];

/// The most histories that end badly before nothing more is played.
const MOST_FAILURES: usize = 5;

#[derive(Default)]
struct Arguments {
    seeds: u64,
    from: u64,
    twice: u64,
    threads: usize,
    is_long: bool,
    print: bool,
    history: Option<String>,
    draw: Option<u64>,
}

#[derive(Default)]
struct Sum {
    lost: usize,
    diverged: usize,
    operations: u64,
    promised: u64,
    faults: BTreeMap<&'static str, u64>,
    /// How often users confirmed what was held, and had it undone.
    answers: (u64, u64),
    failures: usize,
}

#[expect(clippy::print_stdout, reason = "the report is what the program is for")]
fn say(line: &str) {
    println!("{line}");
}

fn main() -> ExitCode {
    let arguments = match read_arguments() {
        Ok(arguments) => arguments,
        Err(word) => {
            say(&format!("{word} is not understood"));
            return ExitCode::from(2);
        }
    };
    if let Some(seed) = arguments.draw {
        say(&History::drawn(seed).to_text());
        return ExitCode::SUCCESS;
    }
    if !arguments.print {
        // What a history panics with is in its report; a thousand backtraces would hide it.
        std::panic::set_hook(Box::new(|_| {}));
    }
    if let Some(path) = &arguments.history {
        return play_file(path, arguments.print);
    }
    run(&arguments)
}

fn read_arguments() -> Result<Arguments, String> {
    let mut arguments = Arguments { seeds: 200, ..Arguments::default() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|text| text.parse::<u64>().ok()).ok_or_else(|| word.clone());
        match word.as_str() {
            "--seeds" => arguments.seeds = number()?,
            "--from" => arguments.from = number()?,
            "--twice" => arguments.twice = number()?,
            "--threads" => arguments.threads = usize::try_from(number()?).unwrap_or(1),
            "--draw" => arguments.draw = Some(number()?),
            "--long" => arguments.is_long = true,
            "--print" => arguments.print = true,
            "--history" => arguments.history = Some(words.next().ok_or(word)?),
            _ => return Err(word),
        }
    }
    Ok(arguments)
}

fn play_file(path: &str, print: bool) -> ExitCode {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let Some(history) = History::from_text(&text) else {
        say(&format!("{path} is no history"));
        return ExitCode::from(2);
    };
    let report = simulator::run(&history, print);
    tell(&report);
    if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tell(report: &Report) {
    report.lost.iter().for_each(|line| say(&format!("  lost: {line}")));
    report.diverged.iter().for_each(|line| say(&format!("  diverged: {line}")));
}

fn run(arguments: &Arguments) -> ExitCode {
    let began = Instant::now();
    let sum = Mutex::new(Sum::default());
    for (name, text) in KEPT {
        let history = History::from_text(text).expect("BUG: a kept history can be read");
        let report = simulator::run(&history, false);
        if !report.is_good() {
            say(&format!("the kept history {name} ends badly:"));
            tell(&report);
        }
        lock(&sum).add(&report);
    }
    let next = AtomicU64::new(arguments.from);
    let end = arguments.from + arguments.seeds;
    let available = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if arguments.threads == 0 { available } else { arguments.threads };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while lock(&sum).failures < MOST_FAILURES {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        break;
                    }
                    play_seed(seed, arguments, &sum);
                }
            });
        }
    });
    let sum = sum.into_inner().unwrap_or_default();
    let faults: Vec<String> = sum.faults.iter().map(|(name, count)| format!("{count} {name}")).collect();
    say(&format!(
        "{} operations, {} contents to be kept, {} s",
        sum.operations,
        sum.promised,
        began.elapsed().as_secs()
    ));
    say(&format!("faults: {}", faults.join(", ")));
    say(&format!("held: {} confirmed, {} undone", sum.answers.0, sum.answers.1));
    if sum.failures >= MOST_FAILURES {
        say("stopped: too many end badly");
    }
    say(&format!("{} seeds, {} lost, {} diverged", arguments.seeds, sum.lost, sum.diverged));
    if sum.lost + sum.diverged == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn play_seed(seed: u64, arguments: &Arguments, sum: &Mutex<Sum>) {
    let history = History::drawn(seed);
    let mut report = simulator::run(&history, arguments.print);
    if seed - arguments.from < arguments.twice && simulator::run(&history, false).trace != report.trace {
        report.diverged.push("a second run of the same history went otherwise".to_owned());
    }
    lock(sum).add(&report);
    if report.is_good() {
        return;
    }
    let steps = history.steps.len();
    let shown = if arguments.is_long { (history, report) } else { simulator::shrink(&history) };
    let text = format!("seed {seed}, {steps} steps, of which {} are left:\n{}", shown.0.steps.len(), shown.0.to_text());
    let guard = lock(sum);
    say(&text);
    tell(&shown.1);
    drop(guard);
}

impl Sum {
    fn add(&mut self, report: &Report) {
        self.lost += usize::from(!report.lost.is_empty());
        self.diverged += usize::from(!report.diverged.is_empty());
        self.operations += u64::from(report.operations);
        self.promised += report.promised as u64;
        self.failures += usize::from(!report.is_good());
        self.answers.0 += u64::from(report.answers.0);
        self.answers.1 += u64::from(report.answers.1);
        for (name, count) in &report.faults {
            *self.faults.entry(name).or_default() += u64::from(*count);
        }
    }
}

fn lock(sum: &Mutex<Sum>) -> std::sync::MutexGuard<'_, Sum> {
    sum.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
