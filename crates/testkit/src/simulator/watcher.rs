//! The disk's watcher: it speaks late, says nothing, says that it lost count, or speaks of what never was.

use std::path::PathBuf;

use agent::core::Event;
use rand::Rng as _;

use super::station::ROOT;
use super::{Due, World};

/// What a watcher is doing.
#[derive(Debug, Default)]
pub(super) struct Watcher {
    /// It is about to speak.
    pub(super) is_due: bool,
    /// Until when it loses events and knows nothing of it.
    pub(super) deaf_until: i64,
    /// Until when it loses events and says so.
    pub(super) overflows_until: i64,
    /// Until when it gathers events for seconds.
    pub(super) late_until: i64,
    /// Events were lost that only a look at everything makes good.
    pub(super) has_lost: bool,
}

impl World {
    /// Something changed on a disk: its watcher will say so, and the oracle looks.
    pub(super) fn disk_changed(&mut self, index: usize) {
        let now = self.now;
        let station = &mut self.stations[index];
        if !station.watcher.is_due && station.disk.has_touched_folders() {
            station.watcher.is_due = true;
            let late = now < station.watcher.late_until;
            let wait = station.random.random_range(if late { 500..3_500 } else { 1..100 });
            self.after(wait, Due::Watch(index));
        }
        if self.stations[index].disk.changes() != self.stations[index].checked_at {
            self.check_soon(index);
        }
    }

    pub(super) fn watch(&mut self, index: usize) {
        let now = self.now;
        let station = &mut self.stations[index];
        station.watcher.is_due = false;
        let touched = station.touched();
        if touched.is_empty() || !station.is_running() {
            return;
        }
        if now < station.watcher.deaf_until {
            station.watcher.has_lost = true;
            station.sound_since = i64::MAX;
        } else if now < station.watcher.overflows_until {
            self.note(|| format!("station {index}: the watcher lost count"));
            self.step(index, Event::Rescan);
        } else {
            self.step(index, Event::Touched(touched));
        }
    }

    /// The watcher speaks of folders and files that did not change, or are not there.
    pub(super) fn invent(&mut self, index: usize, numbers: [u32; 3]) -> String {
        let known = self.stations[index].disk.everything_below(ROOT.as_ref()).unwrap_or_default();
        let mut paths: Vec<PathBuf> = Vec::new();
        for number in numbers {
            let path =
                if known.is_empty() { PathBuf::from(ROOT) } else { known[number as usize % known.len()].path.clone() };
            paths.push(path.join("nowhere"));
            paths.push(path);
        }
        let line = format!("the watcher speaks of {paths:?}");
        self.step(index, Event::Touched(paths));
        line
    }
}
