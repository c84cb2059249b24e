//! What fails around an engine: links, processes, machines, disks, clocks, backups.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use agent::core::Event;
use disk::{CrashMoment, ErrorKind, Filesystem as _, ProgramHandle};
use rand::Rng as _;
use store::replica::Replica;

use super::history::{Act, Step};
use super::network::Weather;
use super::station::{ROOT, STAGING, Station};
use super::users::write;
use super::{Due, World};

/// How long after a fault the engine has tried again what failed.
const TRIED_AGAIN_MS: i64 = 9_000;
/// What was saved so shortly before a power cut may not have reached the platter.
const UNFLUSHED_MS: i64 = 10_000;
/// How long a commit of the replica may wait for the system to write it.
const UNWRITTEN_MS: i64 = 30_000;

/// A fault that lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Link,
    Full,
    Unreadable,
    Errors,
    Deafness,
    Hold,
}

/// Until when each of them lasts.
#[derive(Debug, Default)]
pub(super) struct Periods {
    link: i64,
    full: i64,
    unreadable: i64,
    errors: i64,
    late: i64,
    clock: i64,
}

impl Periods {
    /// From when on the engine can see and take files again.
    pub(super) fn sound_from(&self) -> i64 {
        let lasting = [self.full, self.unreadable, self.errors, self.late, self.clock];
        lasting.into_iter().max().map_or(0, |until| until + TRIED_AGAIN_MS)
    }
}

/// A file that a program keeps open.
pub(super) struct Held {
    pub(super) until: i64,
    pub(super) handle: ProgramHandle,
    /// The file by which the program marks it as open.
    pub(super) owner: Option<PathBuf>,
    /// Whether the program saves before it closes.
    pub(super) saves: bool,
}

/// A workstation's profile as it was.
pub(super) struct Backup {
    replica: Replica,
    staging: Vec<(PathBuf, Arc<Vec<u8>>)>,
}

impl World {
    /// Lets something fail; how, in words. `None` where there was nothing to fail.
    pub(super) fn fault(&mut self, step: &Step) -> Option<String> {
        let Step { station: index, numbers, act, .. } = *step;
        let [one, two, three] = numbers.map(i64::from);
        let now = self.now;
        let lasting = |shortest: i64, longest: i64| now + shortest + one % (longest - shortest);
        let station = &mut self.stations[index];
        match act {
            Act::Offline => {
                station.online = false;
                station.periods.link = station.periods.link.max(lasting(2_000, 60_000));
                self.ends(index, Fault::Link);
                Some("no link".to_owned())
            }
            Act::Kill if station.is_running() => {
                let moment = if two % 2 == 0 { CrashMoment::Before } else { CrashMoment::After };
                let operations = u64::from(numbers[0] % 120);
                station.crash_in(operations, moment);
                Some(format!("the process ends in {operations} operations, {moment:?}"))
            }
            Act::Checkpoint => {
                let copy = station.replica.copy().expect("a copy of the replica");
                station.checkpoint = Some((now, copy));
                Some("the replica is on the platter".to_owned())
            }
            Act::PowerCut if !station.is_off => Some(self.power_cut(index, numbers)),
            Act::Full => {
                let used = station.disk.used_bytes();
                station.disk.set_capacity(Some(used + u64::from(numbers[1] % 120)));
                station.periods.full = station.periods.full.max(lasting(2_000, 25_000));
                self.ends(index, Fault::Full);
                Some("the disk is full".to_owned())
            }
            Act::Unreadable => {
                let entries = station.disk.everything_below(Path::new(ROOT)).unwrap_or_default();
                let entries: Vec<&Path> = entries
                    .iter()
                    .map(|entry| entry.path.as_path())
                    .filter(|path| !path.starts_with(Path::new(ROOT).join(".gedeon.d")))
                    .collect();
                let path = *entries.get(usize::try_from(two).ok()? % entries.len().max(1))?;
                let line = format!("{} cannot be read", path.display());
                station.disk.set_unreadable(path, true).ok()?;
                station.periods.unreadable = station.periods.unreadable.max(lasting(2_000, 25_000));
                self.ends(index, Fault::Unreadable);
                Some(line)
            }
            Act::DiskErrors if station.is_running() => {
                const KINDS: [ErrorKind; 4] =
                    [ErrorKind::Busy, ErrorKind::PermissionDenied, ErrorKind::NoSpace, ErrorKind::Other];
                let one_in = 5 + numbers[1] % 60;
                station.faulty.fail_randomly(u64::from(numbers[2]), one_in, &KINDS);
                station.periods.errors = station.periods.errors.max(lasting(1_000, 15_000));
                self.ends(index, Fault::Errors);
                Some(format!("one operation in {one_in} fails"))
            }
            Act::Clock => {
                const JUMPS: [i64; 6] = [1_000, 20_000, 600_000, 18_000_000, 260_000_000, 35_000_000_000];
                let by = JUMPS[numbers[0] as usize % JUMPS.len()] * if two % 2 == 0 { 1 } else { -1 };
                station.skew += by + three % 1_000;
                station.periods.clock = now;
                self.ends(index, Fault::Link);
                Some(format!("the clock jumps by {by} ms"))
            }
            Act::Deaf => {
                let until = station.watcher.deaf_until.max(lasting(1_000, 20_000));
                station.watcher.deaf_until = until;
                self.after(until - now + 1, Due::End(index, Fault::Deafness));
                Some("the watcher loses events".to_owned())
            }
            Act::Overflow => {
                station.watcher.overflows_until = station.watcher.overflows_until.max(lasting(500, 8_000));
                Some("the watcher loses count".to_owned())
            }
            Act::Late => {
                station.watcher.late_until = station.watcher.late_until.max(lasting(1_000, 20_000));
                station.periods.late = station.watcher.late_until;
                self.ends(index, Fault::Link);
                Some("the watcher gathers events".to_owned())
            }
            Act::Invent if station.is_running() => Some(self.invent(index, numbers)),
            Act::BackUp => {
                let replica = station.replica.copy().expect("a copy of the replica");
                let entries = station.disk.everything_below(Path::new(STAGING)).unwrap_or_default();
                let staging = entries.into_iter().filter_map(|entry| Some((entry.path, entry.content?))).collect();
                station.backup = Some(Backup { replica, staging });
                Some("the profile is backed up".to_owned())
            }
            Act::RestoreBackUp if !station.is_off => self.restore_backup(index),
            Act::BackUpServer => {
                self.server.back_up();
                Some("the server is backed up".to_owned())
            }
            Act::RestoreServer => self.restore_server(one),
            _ => None,
        }
    }

    /// A fault lasts: until it ends, and a while after, nothing is promised there.
    fn ends(&mut self, index: usize, fault: Fault) {
        let now = self.now;
        let station = &mut self.stations[index];
        let periods = &station.periods;
        let until = match fault {
            Fault::Link => periods.link,
            Fault::Full => periods.full,
            Fault::Unreadable => periods.unreadable,
            Fault::Errors => periods.errors,
            Fault::Deafness | Fault::Hold => now,
        };
        station.sound_since = station.sound_since.max(station.periods.sound_from());
        self.after((until - now).max(1), Due::End(index, fault));
    }

    /// A fault ends, where nothing prolonged it.
    pub(super) fn end(&mut self, index: usize, fault: Fault) {
        let now = self.now;
        let station = &mut self.stations[index];
        match fault {
            Fault::Link if station.periods.link <= now && !station.online => {
                station.online = true;
                self.after(1, Due::Hint(index));
            }
            Fault::Full if station.periods.full <= now => station.disk.set_capacity(None),
            Fault::Unreadable if station.periods.unreadable <= now => station.disk.make_all_readable(),
            Fault::Errors if station.periods.errors <= now => station.faulty.clear_faults(),
            // What is lost is lost until everything is looked at: now and then that is soon.
            Fault::Deafness
                if station.watcher.deaf_until <= now && station.watcher.has_lost && station.random.random_bool(0.5) =>
            {
                self.look_at_everything(index);
            }
            Fault::Hold => self.release(index),
            _ => {}
        }
    }

    /// The look at everything that the engine has every six hours.
    fn look_at_everything(&mut self, index: usize) {
        let now = self.now;
        self.step(index, Event::Rescan);
        let station = &mut self.stations[index];
        station.watcher.has_lost = false;
        if station.is_running() {
            station.sound_since = now.max(station.periods.sound_from());
        }
    }

    /// Programs close files they kept open long enough.
    fn release(&mut self, index: usize) {
        let now = self.now;
        let held = std::mem::take(&mut self.stations[index].held);
        let (ended, kept): (Vec<Held>, Vec<Held>) = held.into_iter().partition(|held| held.until <= now);
        self.stations[index].held = kept;
        for held in ended {
            if held.saves {
                let token = self.tokens.new_token(index, now);
                let saved = held.handle.write(token.as_bytes()).is_ok();
                self.note(|| format!("user {index}: saves {token} in the open file: {saved}"));
            }
            if let Some(owner) = &held.owner {
                // Somebody may have moved the folder.
                let _ = self.stations[index].disk.remove_file(owner);
            }
        }
        self.disk_changed(index);
    }

    fn power_cut(&mut self, index: usize, numbers: [u32; 3]) -> String {
        let now = self.now;
        let station = &mut self.stations[index];
        station.stop();
        station.is_off = true;
        station.session += 1;
        station.held.clear();
        let unwritten =
            station.checkpoint.take().filter(|(at, _)| now - at <= UNWRITTEN_MS && !numbers[0].is_multiple_of(4));
        let lost_ms = unwritten.as_ref().map(|(at, _)| now - at);
        if let Some((_, replica)) = unwritten {
            station.replica = Arc::new(replica);
        }
        station.disk.crash(u64::from(numbers[1]));
        station.seen.clear();
        let wait = station.random.random_range(1_000..8_000);
        self.after(wait, Due::Boot(index));
        let kept = self.kept_anywhere();
        let excused = self.tokens.excuse(index, now - UNFLUSHED_MS, &kept);
        self.has_forgotten = true;
        format!("the power fails; the replica lost {lost_ms:?} ms, and {excused} contents were not flushed")
    }

    fn restore_backup(&mut self, index: usize) -> Option<String> {
        let station = &mut self.stations[index];
        let Backup { replica, staging } = station.backup.take()?;
        let held = station.staged();
        station.stop();
        station.replica = Arc::new(replica);
        station.checkpoint = None;
        for entry in station.disk.everything_below(Path::new(STAGING)).unwrap_or_default() {
            if entry.content.is_some() {
                let _ = station.disk.remove_file(&entry.path);
            }
        }
        for (path, bytes) in staging {
            let folder = path.parent().unwrap_or(&path);
            let restored = station.disk.create_dir_all(folder).is_ok() && write(&station.disk, &path, &bytes).is_ok();
            debug_assert!(restored || station.periods.full > 0, "a backup is restored where there is room");
        }
        station.disk.sync_tree(Path::new("/")).expect("a flushed disk");
        let wait = station.random.random_range(500..4_000);
        self.after(wait, Due::Boot(index));
        // What only the profile held and its backup did not have is not promised.
        let elsewhere = self.kept_anywhere();
        let excused = self.tokens.excuse_all(&held, &elsewhere);
        self.has_forgotten = true;
        Some(format!("the profile is restored from its backup; {excused} contents were only in it"))
    }

    /// The server is set back to its backup, and what it alone held since is not promised. A file of which it lost the content
    /// counts as saved anew when its workstation hears of it: until then nobody could know that it is the last copy. The server
    /// is away for longer than an answer takes, so that none of the former one's comes after one of the new one's.
    fn restore_server(&mut self, number: i64) -> Option<String> {
        let before = self.server.versions();
        let away = 500 + number % 5_000;
        self.server.set_back(self.now + away)?;
        let mut kept = self.server.versions();
        self.lost_by_server = before.difference(&kept).cloned().collect();
        for station in &mut self.stations {
            station.is_unaware = true;
            kept.extend(station.staged_and_needed());
        }
        let taken_back = self.tokens.excuse_all(&before, &kept);
        self.has_forgotten = true;
        Some(format!("the server is restored from its backup in {away} ms; it lost {taken_back} promised contents"))
    }

    /// A workstation applied the first pull of a server that was set back: what its files hold is promised again.
    pub(super) fn hear_of_set_back(&mut self, index: usize) {
        let now = self.now;
        let station = &mut self.stations[index];
        if station.is_unaware && station.knows_epoch(&self.server.epoch()) {
            station.is_unaware = false;
            station.sound_since = station.sound_since.max(now);
            station.checked_at = -1;
            self.check_soon(index);
        }
    }

    /// Every content that a version at the server names, or that a workstation keeps.
    pub(super) fn kept_anywhere(&self) -> BTreeSet<Vec<u8>> {
        let mut kept = self.server.versions();
        for station in &self.stations {
            kept.extend(station.kept());
        }
        kept
    }

    /// Ends the faults: every link is up, every machine on, users finish what they began and go home.
    pub(super) fn heal(&mut self) {
        self.is_over = true;
        self.weather = Weather::fair();
        self.server.away_until = 0;
        self.queue.retain(|_, due| !matches!(due, Due::Step(_) | Due::End(..)));
        for index in 0..self.stations.len() {
            let station = &mut self.stations[index];
            station.online = true;
            station.periods = Periods::default();
            for held in &mut station.held {
                held.until = 0;
            }
            station.disk.set_capacity(None);
            station.disk.make_all_readable();
            station.faulty.clear_faults();
            station.watcher.deaf_until = 0;
            station.watcher.overflows_until = 0;
            station.watcher.late_until = 0;
            self.release(index);
            self.after(1, Due::Hint(index));
        }
        for _ in 0..60 {
            if !self.queue.values().any(|due| matches!(due, Due::Script(..) | Due::Boot(_))) {
                break;
            }
            self.play(1_000);
        }
        for index in 0..self.stations.len() {
            self.stations[index].close_all_programs();
            if self.stations[index].watcher.has_lost {
                self.look_at_everything(index);
            }
            self.disk_changed(index);
        }
        self.choose_everything();
        self.promise_all();
    }
}

impl Station {
    /// Programs that ended badly left the files behind by which they mark others as open: opening and closing the
    /// documents once more removes them.
    fn close_all_programs(&self) {
        for entry in self.disk.everything_below(Path::new(ROOT)).unwrap_or_default() {
            let name = entry.path.file_name().unwrap_or_default().to_string_lossy();
            if (name.starts_with("~$") || name.starts_with(".~lock.")) && entry.content.is_some() {
                let _ = self.disk.remove_file(&entry.path);
            }
        }
    }
}
