//! Peak memory of programs: at each look, the sum of what each has held at most (`VmHWM`), and the greatest such sum.
//!
//! Only Linux tells it; elsewhere the peak is not known.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often it looks: often enough for a program that lives a tenth of a second.
const EVERY: Duration = Duration::from_millis(20);

/// Which end of the way a program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// The workstation where the files are.
    Near,
    /// What it brings them to: a server, another workstation, or both.
    Far,
}

/// The greatest memory of each end, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Peak {
    /// Of the workstation.
    pub(super) near: u64,
    /// Of what it brings its files to.
    pub(super) far: u64,
}

#[derive(Default)]
struct Seen {
    programs: Vec<(End, u32)>,
    peaks: BTreeMap<End, u64>,
}

/// Looks at programs and those they start, until dropped.
pub(super) struct Memory {
    seen: Arc<Mutex<Seen>>,
    over: Arc<AtomicBool>,
    looking: Option<JoinHandle<()>>,
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// Begins to look.
    pub(super) fn begin() -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let over = Arc::new(AtomicBool::new(false));
        let looking = thread::spawn({
            let (seen, over) = (Arc::clone(&seen), Arc::clone(&over));
            move || {
                while !over.load(Ordering::Relaxed) {
                    look(&mut lock(&seen));
                    thread::park_timeout(EVERY);
                }
            }
        });
        Self { seen, over, looking: Some(looking) }
    }

    /// Looks at this program too.
    pub(super) fn add(&self, end: End, process: u32) {
        lock(&self.seen).programs.push((end, process));
    }

    /// Forgets the peaks of what went before.
    pub(super) fn reset(&self) {
        lock(&self.seen).peaks.clear();
    }

    /// The peaks so far; `None` where the system does not tell.
    pub(super) fn peak(&self) -> Option<Peak> {
        let mut seen = lock(&self.seen);
        look(&mut seen);
        let of = |end| seen.peaks.get(&end).copied().unwrap_or_default();
        (!seen.peaks.is_empty()).then(|| Peak { near: of(End::Near), far: of(End::Far) })
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(looking) = self.looking.take() {
            looking.thread().unpark();
            // It holds nothing that a panic could spoil.
            let _ = looking.join();
        }
    }
}

fn look(seen: &mut Seen) {
    let mut sums: BTreeMap<End, u64> = BTreeMap::new();
    seen.programs.retain(|(end, process)| match of_family(*process) {
        Some(bytes) => {
            *sums.entry(*end).or_default() += bytes;
            true
        }
        None => false,
    });
    for (end, sum) in sums {
        let peak = seen.peaks.entry(end).or_default();
        *peak = sum.max(*peak);
    }
}

/// Peak of a program and of those it started that still run; `None` once it has ended.
fn of_family(process: u32) -> Option<u64> {
    let mut sum = high_water(process)?;
    let mut started = children(process);
    while let Some(child) = started.pop() {
        sum += high_water(child).unwrap_or_default();
        started.extend(children(child));
    }
    Some(sum)
}

fn high_water(process: u32) -> Option<u64> {
    parse_high_water(&fs::read_to_string(format!("/proc/{process}/status")).ok()?)
}

fn parse_high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1_024)
}

fn children(process: u32) -> Vec<u32> {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else { return Vec::new() };
    // Any thread may have started a program.
    let of_threads = threads.flatten().filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    of_threads.flat_map(|text| text.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_read_in_bytes() {
        let status = "Name:\tgedeon\nVmPeak:\t  90000 kB\nVmHWM:\t   12345 kB\nVmRSS:\t   12000 kB\n";
        assert_eq!(parse_high_water(status), Some(12_345 * 1_024), "the system counts in KiB");
        assert_eq!(parse_high_water("Name:\tzombie\n"), None, "a program that ended holds nothing");
    }
}
