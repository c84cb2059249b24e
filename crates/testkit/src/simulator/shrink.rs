//! Making a history that ends badly as short as it can be while it still does.

use std::time::{Duration, Instant};

use super::{History, Report, run};

/// How long is spent on shortening one history.
const TIME: Duration = Duration::from_mins(2);

/// Leaves out steps, many at a time and then fewer, as long as the history still ends as badly: with something lost, where
/// something was lost. What it ends with then.
pub fn shrink(history: &History) -> (History, Report) {
    let mut best = history.clone();
    let mut report = run(&best, false);
    let is_as_bad = |other: &Report| !other.is_good() && (report.lost.is_empty() || !other.lost.is_empty());
    let began = Instant::now();
    let mut size = best.steps.len().div_ceil(2).max(1);
    let mut found = None;
    while began.elapsed() < TIME {
        let mut from = 0;
        let mut is_shorter = false;
        while from < best.steps.len() && began.elapsed() < TIME {
            let mut shorter = best.clone();
            shorter.steps.drain(from..(from + size).min(best.steps.len()));
            let ended = run(&shorter, false);
            if is_as_bad(&ended) {
                best = shorter;
                found = Some(ended);
                is_shorter = true;
            } else {
                from += size;
            }
        }
        if size == 1 && !is_shorter {
            break;
        }
        size = (size / 2).max(1);
    }
    if let Some(found) = found {
        report = found;
    }
    (best, report)
}
