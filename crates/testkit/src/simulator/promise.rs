//! What the engine promised to keep: contents that it had the time to see, closed and unchanged, with nothing in its way.
//!
//! The oracle looks at each disk every second and a half or so. A content found twice in the same state under a real name,
//! with the engine running and able to read all the while, is promised, unless the engine says that it is blocked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use disk::Fingerprint;
use domain::content::ContentHash;
use domain::name::is_temporary;

use super::station::{ROOT, Station};
use super::{Due, World};

/// How often a disk is looked at while something new is on it.
const LOOK_MS: i64 = 1_500;
/// How long a content has to be closed and unchanged: two seconds, and the time that the engine's clock takes to notice.
const STABLE_MS: i64 = 3_000;

/// Unique contents that users saved.
#[derive(Default)]
pub(crate) struct Tokens {
    next: u32,
    saved: BTreeSet<Vec<u8>>,
    /// When and where each was promised.
    promised: BTreeMap<Vec<u8>, (i64, usize)>,
    /// Those that somebody copied: they may be there twice.
    copied: BTreeSet<Vec<u8>>,
}

/// A content on a disk that is not promised yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sighting {
    path: PathBuf,
    fingerprint: Fingerprint,
    since: i64,
}

impl Tokens {
    /// A content that nobody saved before.
    pub(super) fn new_token(&mut self, station: usize, now: i64) -> String {
        self.next += 1;
        let token = format!("contenu {} du poste {station} à {}", self.next, now - super::BEGINNING);
        self.saved.insert(token.clone().into_bytes());
        token
    }

    /// Notes that a content was copied by a person.
    pub(super) fn copied(&mut self, bytes: &[u8]) {
        self.copied.insert(bytes.to_vec());
    }

    /// The same, by its hash.
    pub(super) fn copied_content(&mut self, hash: ContentHash) {
        let found = self.saved.iter().find(|bytes| ContentHash::of(bytes) == hash).cloned();
        self.copied.extend(found);
    }

    /// Whether a content may be there twice.
    pub(super) fn is_copied(&self, bytes: &[u8]) -> bool {
        self.copied.contains(bytes)
    }

    /// Whether these bytes are a whole content of a user.
    pub(super) fn is_token(&self, bytes: &[u8]) -> bool {
        self.saved.contains(bytes)
    }

    /// What has to be found at the end.
    pub(super) fn promised(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.promised.keys()
    }

    fn promise(&mut self, bytes: &[u8], now: i64, station: usize) {
        self.promised.entry(bytes.to_vec()).or_insert((now, station));
    }

    /// Takes back what a station promised after `since` and what is not in `kept`: no machine could have kept it.
    pub(super) fn excuse(&mut self, station: usize, since: i64, kept: &BTreeSet<Vec<u8>>) -> usize {
        let before = self.promised.len();
        self.promised.retain(|bytes, (at, whose)| *whose != station || *at < since || kept.contains(bytes));
        before - self.promised.len()
    }

    /// Takes back what was in `held` and is nowhere else.
    pub(super) fn excuse_all(&mut self, held: &BTreeSet<Vec<u8>>, elsewhere: &BTreeSet<Vec<u8>>) -> usize {
        let before = self.promised.len();
        self.promised.retain(|bytes, _| !held.contains(bytes) || elsewhere.contains(bytes));
        before - self.promised.len()
    }
}

impl World {
    /// Has the oracle look at a disk soon.
    pub(super) fn check_soon(&mut self, index: usize) {
        if !self.stations[index].is_check_due {
            self.stations[index].is_check_due = true;
            self.after(LOOK_MS, Due::Check(index));
        }
    }

    pub(super) fn check(&mut self, index: usize) {
        let now = self.now;
        let station = &mut self.stations[index];
        station.is_check_due = false;
        let changes = station.disk.changes();
        if std::mem::replace(&mut station.checked_at, changes) == changes && station.seen.is_empty() {
            return;
        }
        let mut found = self.stations[index].visible(&self.tokens);
        if self.stations[index].is_unaware {
            found.retain(|(_, _, bytes)| !self.lost_by_server.contains(&**bytes));
        }
        let mut seen = BTreeMap::new();
        let mut stable = Vec::new();
        for (path, fingerprint, bytes) in found {
            let station = &self.stations[index];
            let since = match station.seen.get(&*bytes) {
                Some(seen) if seen.path == path && seen.fingerprint == fingerprint => seen.since,
                _ => now,
            };
            if now.saturating_sub(since.max(station.sound_since)) >= STABLE_MS && station.is_running() {
                stable.push((path.clone(), Arc::clone(&bytes)));
            }
            seen.insert(bytes.to_vec(), Sighting { path, fingerprint, since });
        }
        if !stable.is_empty() {
            let blocked = self.stations[index].blocked();
            for (path, bytes) in stable {
                if !is_below_any(&path, &blocked) {
                    seen.remove(&*bytes);
                    self.tokens.promise(&bytes, now, index);
                }
            }
        }
        let is_anything_new = !seen.is_empty();
        self.stations[index].seen = seen;
        if is_anything_new {
            self.check_soon(index);
        }
    }

    /// When everything is about to rest, all that lies on a disk has to be there at the end.
    pub(super) fn promise_all(&mut self) {
        let now = self.now;
        for index in 0..self.stations.len() {
            for bytes in self.stations[index].on_disk() {
                if self.tokens.is_token(&bytes) {
                    self.tokens.promise(&bytes, now, index);
                }
            }
        }
    }
}

impl Station {
    /// The files a person sees in the mirror with whole contents that are not promised yet: passing files aside.
    fn visible(&self, tokens: &Tokens) -> Vec<(PathBuf, Fingerprint, Arc<Vec<u8>>)> {
        let entries = self.disk.everything_below(Path::new(ROOT)).unwrap_or_default();
        entries
            .into_iter()
            .filter_map(|entry| {
                let bytes = entry.content.filter(|bytes| tokens.is_token(bytes))?;
                let below = entry.path.strip_prefix(ROOT).ok()?;
                let is_passing = below.iter().any(|name| is_temporary(&name.to_string_lossy()));
                let is_new = !is_passing && !tokens.promised.contains_key(&*bytes);
                is_new.then(|| (below.to_owned(), entry.meta.fingerprint(), bytes))
            })
            .collect()
    }
}

/// Whether a path, or a folder above it, is one of `blocked`, whatever case or accents.
pub(super) fn is_below_any(path: &Path, blocked: &BTreeSet<String>) -> bool {
    let mut at = Some(path);
    while let Some(path) = at {
        if blocked.contains(&key_of(path)) {
            return true;
        }
        at = path.parent().filter(|above| !above.as_os_str().is_empty());
    }
    false
}

/// A path as every volume compares it.
pub(super) fn key_of(path: &Path) -> String {
    domain::name::key(&path.to_string_lossy())
}
