//! What the product owes: every content that a file had while closed and stable for two seconds with the engine running.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::content::ContentHash;

/// How long a file is to rest with the engine running before its content is owed for good.
const STABLE: Duration = Duration::from_secs(2);

/// When an engine ran.
#[derive(Default)]
pub(super) struct Runs(Vec<(Instant, Option<Instant>)>);

impl Runs {
    pub(super) fn begin(&mut self) {
        self.0.push((Instant::now(), None));
    }

    pub(super) fn end(&mut self) {
        self.0.last_mut().unwrap().1 = Some(Instant::now());
    }

    /// Whether it ran for long enough at a stretch since a moment.
    fn has_seen(&self, since: Instant) -> bool {
        let now = Instant::now();
        self.0.iter().any(|(from, to)| to.unwrap_or(now).saturating_duration_since((*from).max(since)) >= STABLE)
    }
}

/// Contents saved, with the workstation and when.
#[derive(Default)]
pub(super) struct History {
    saved: BTreeMap<ContentHash, Saved>,
    hasty: usize,
}

struct Saved {
    workstation: usize,
    at: Instant,
    path: String,
    /// How long it was there before it was written over or removed, on the workstation that saved it.
    lasted: Option<Duration>,
}

impl History {
    /// A file was saved on a workstation.
    pub(super) fn save(&mut self, workstation: usize, path: &str, bytes: &[u8]) {
        let saved = Saved { workstation, at: Instant::now(), path: path.to_owned(), lasted: None };
        self.saved.insert(ContentHash::of(bytes), saved);
    }

    /// A file with these bytes is about to be written over or removed on a workstation. What was saved there a moment ago
    /// is then nobody's to find again; what came from elsewhere is on the server.
    pub(super) fn destroy(&mut self, workstation: usize, runs: &Runs, bytes: &[u8]) {
        let hash = ContentHash::of(bytes);
        let Some(saved) = self.saved.get_mut(&hash).filter(|saved| saved.workstation == workstation) else { return };
        if runs.has_seen(saved.at) {
            saved.lasted = Some(saved.at.elapsed());
        } else {
            self.saved.remove(&hash);
            self.hasty += 1;
        }
    }

    /// What must be reachable, with where it was saved and what became of it.
    pub(super) fn owed(&self) -> impl Iterator<Item = (ContentHash, String)> {
        self.saved.iter().map(|(hash, saved)| {
            let end = saved.lasted.map_or("left there".to_owned(), |lasted| format!("gone after {lasted:?}"));
            (*hash, format!("{} ({end})", saved.path))
        })
    }

    /// How many contents were replaced before they rested.
    pub(super) fn hasty(&self) -> usize {
        self.hasty
    }
}
