//! When a changed file is quiet enough to be taken.
//!
//! One look is enough for most: the folder was left alone for a while before it. A file that still grows, or that a
//! program marks as open, is left until it was not written for a while: less than the two seconds after which its content
//! is promised to be kept.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use disk::Fingerprint;
use domain::time::Instant;

/// How long a folder is left alone after it was touched.
pub(crate) const SETTLE_MS: i64 = 300;
/// How long a file must be the same that grows, or that a program has open.
pub(crate) const QUIET_MS: i64 = 1_200;
/// How long a file that was taken is known again: one that a slow program writes is looked at every second or so.
const REMEMBERED_MS: i64 = 10_000;

#[derive(Debug, Clone, Copy)]
struct Seen {
    fingerprint: Fingerprint,
    /// Since when it is the same, as far as known.
    since: Instant,
    /// When it was looked at last.
    looked: Instant,
    must_wait: bool,
}

/// Files seen to change lately.
#[derive(Debug, Default)]
pub(crate) struct Settling {
    files: BTreeMap<PathBuf, Seen>,
    forgot_at: Instant,
}

impl Settling {
    /// Whether the file may be taken now; else when to look again.
    pub(crate) fn look(
        &mut self,
        path: &Path,
        fingerprint: Fingerprint,
        is_open: bool,
        now: Instant,
    ) -> Result<(), Instant> {
        let seen = self.files.get(path).copied();
        let next = match seen {
            Some(seen) if seen.fingerprint == fingerprint => Seen { looked: now, ..seen },
            Some(seen) => {
                let is_growing = fingerprint.size > seen.fingerprint.size;
                let since = written_between(fingerprint, seen.looked, now);
                Seen { fingerprint, since, looked: now, must_wait: is_open || is_growing || seen.must_wait }
            }
            None => Seen { fingerprint, since: now, looked: now, must_wait: is_open },
        };
        self.files.insert(path.to_owned(), next);
        let ready_at = if next.must_wait { next.since.plus(QUIET_MS) } else { next.since };
        if ready_at <= now { Ok(()) } else { Err(ready_at) }
    }

    /// Notes that a file changed while it was taken: it is left for a while.
    pub(crate) fn changed_under_way(&mut self, path: &Path, now: Instant) -> Instant {
        if let Some(seen) = self.files.get_mut(path) {
            seen.since = now;
            seen.must_wait = true;
        }
        now.plus(QUIET_MS)
    }

    /// Notes that a file was taken: seen to grow soon after, it is left for a while.
    pub(crate) fn taken(&mut self, path: &Path, now: Instant) {
        if let Some(seen) = self.files.get_mut(path) {
            seen.since = now;
            seen.must_wait = false;
        }
    }

    /// Forgets what did not change lately: now and then, for there may be thousands.
    pub(crate) fn forget_old(&mut self, now: Instant) {
        if now.0.saturating_sub(self.forgot_at.0) < QUIET_MS {
            return;
        }
        self.forgot_at = now;
        self.files.retain(|_, seen| seen.must_wait || now.0.saturating_sub(seen.since.0) < REMEMBERED_MS);
    }

    /// Keeps what is known of the files of a folder that was moved.
    pub(crate) fn folder_was_moved(&mut self, from: &Path, to: &Path) {
        let moved: Vec<PathBuf> = self.files.keys().filter(|file| file.starts_with(from)).cloned().collect();
        for file in moved {
            if let (Some(seen), Ok(below)) = (self.files.remove(&file), file.strip_prefix(from)) {
                self.files.insert(to.join(below), seen);
            }
        }
    }

    /// Forgets a file that is no more.
    pub(crate) fn forget(&mut self, path: &Path) {
        self.files.remove(path);
    }
}

/// When a file was last written that changed between two looks: as it says itself, so that a look that came late does not
/// begin the wait anew. A time that cannot be (another clock, one put back by a copy) is not believed.
fn written_between(fingerprint: Fingerprint, earlier: Instant, now: Instant) -> Instant {
    let modified = Instant(fingerprint.modified_ns.div_euclid(1_000_000));
    if (earlier..=now).contains(&modified) { modified } else { now }
}
