//! How fast contents may go, and how fast they do. Time is an argument: nothing here reads a clock.

use std::collections::VecDeque;

use domain::time::Instant;
use protocol::local::{Bandwidth, OfficeHours};
use protocol::view::Load;

/// What may go at once after a silence, in microseconds of the rate.
const BURST: u64 = 250_000;
/// How far what somebody waits for may go ahead of the rate, in microseconds: a large content is held to it in the end.
const AHEAD: u64 = 10_000_000;
/// The slowest limit, in thousands of bytes a second: slower than this, a part takes longer than a server waits.
pub const SLOWEST: u32 = 16;
/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// How far back the pace is looked at, in seconds.
const WINDOW: i64 = 30;
/// The shortest time that a pace can be told from, in seconds.
const BASIS: i64 = 5;
/// How long without anything until there is no pace any more, in seconds.
const SILENCE: i64 = 20;
/// How long nothing is asked for until what comes after has a pace of its own, in seconds.
const REST: i64 = 2;
/// What a file takes beside its bytes, as so many more bytes.
const PER_FILE: u64 = 4_096;

/// Whether a limit can be held: neither too slow to get anywhere nor at hours that are none.
pub fn is_sound(bandwidth: &Bandwidth) -> bool {
    let rates = [bandwidth.up, bandwidth.down];
    let hours = bandwidth.hours.as_ref();
    rates.into_iter().flatten().all(|rate| rate >= SLOWEST)
        && hours.is_none_or(|hours| {
            hours.from < DAY && hours.to < DAY && hours.days.iter().all(|day| (1..=7).contains(day))
        })
}

/// Whether limits hold at a minute of a day of the week, 1 for Monday.
pub fn holds(bandwidth: &Bandwidth, day: u8, minute: u16) -> bool {
    let Some(OfficeHours { days, from, to }) = &bandwidth.hours else { return true };
    let (from, to) = (*from, *to);
    if from < to {
        return days.contains(&day) && (from..to).contains(&minute);
    }
    // They end on the day after.
    let before = if day == 1 { 7 } else { day - 1 };
    (days.contains(&day) && minute >= from) || (days.contains(&before) && minute < to)
}

/// Bytes that may go at a rate.
#[derive(Debug, Default)]
pub struct Bucket {
    /// When all that was taken is paid for, in microseconds.
    paid_at: u64,
}

impl Bucket {
    /// Takes bytes at `rate` bytes a second, at `now` microseconds of a clock that is never set back: how many microseconds
    /// they have to wait. What somebody waits for goes ahead, and what comes after makes up for it.
    pub fn take(&mut self, bytes: u64, rate: u64, is_urgent: bool, now: u64) -> u64 {
        let from = self.paid_at.max(now.saturating_sub(BURST));
        self.paid_at = from.saturating_add(bytes.saturating_mul(1_000_000) / rate.max(1));
        from.saturating_sub(now).saturating_sub(if is_urgent { AHEAD } else { 0 })
    }
}

/// The pace of the last half minute.
#[derive(Debug, Default)]
pub struct Meter {
    /// What moved in each second that something moved in.
    seconds: VecDeque<(i64, u64)>,
}

impl Meter {
    /// A request begins where none was under way: the rest before it is no part of the pace.
    pub fn begins(&mut self, now: Instant) {
        if self.seconds.back().is_some_and(|(last, _)| now.0.div_euclid(1_000) - last > REST) {
            self.seconds.clear();
        }
    }

    /// Bytes moved.
    pub fn moved(&mut self, bytes: u64, now: Instant) {
        let second = now.0.div_euclid(1_000);
        // A clock that was set, or a silence: it begins again.
        if self.seconds.back().is_some_and(|(last, _)| second < *last || second - last > SILENCE) {
            self.seconds.clear();
        }
        match self.seconds.back_mut() {
            Some((last, moved)) if *last == second => *moved += bytes,
            _ => self.seconds.push_back((second, bytes)),
        }
        while self.seconds.front().is_some_and(|(first, _)| second - first > WINDOW) {
            self.seconds.pop_front();
        }
    }

    /// Files were whole.
    pub fn ended(&mut self, files: usize, now: Instant) {
        self.moved(PER_FILE * files as u64, now);
    }

    /// How many seconds a load takes at this pace; `None` where there is none to go by.
    pub fn seconds_for(&self, load: Load, now: Instant) -> Option<u32> {
        let now = now.0.div_euclid(1_000);
        let (first, last) = (self.seconds.front()?.0, self.seconds.back()?.0);
        let span = now - first;
        if span < BASIS || now - last > SILENCE {
            return None;
        }
        let moved: u64 = self.seconds.iter().map(|(_, moved)| moved).sum();
        let left = load.bytes + PER_FILE * u64::from(load.files);
        let seconds = left.checked_mul(u64::try_from(span).ok()?)?.div_ceil(moved.max(1));
        u32::try_from(seconds).ok()
    }
}
