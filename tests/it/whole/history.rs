//! What the product owes: every content that a file had while closed and stable for two seconds with the engine running.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::content::ContentHash;

/// How long a file is to rest with the engine running before its content is owed for good. An engine that waits for a
/// processor does not run.
const STABLE: Duration = Duration::from_secs(2);

/// The engine's threads that see what happens on the disk: the one that is told of it, and the one that looks.
pub(super) const EYES: [&str; 2] = ["notify", "core"];

/// When an engine ran.
#[derive(Default)]
pub(super) struct Runs(Vec<Run>);

struct Run {
    from: Instant,
    to: Option<Instant>,
    /// How long its threads waited for a processor, as last read.
    waited: Duration,
}

impl Runs {
    pub(super) fn begin(&mut self) {
        self.0.push(Run { from: Instant::now(), to: None, waited: Duration::ZERO });
    }

    /// Reads how long the engine that runs has waited for a processor.
    pub(super) fn read(&mut self, waited: Duration) {
        self.0.last_mut().unwrap().waited = waited;
    }

    pub(super) fn end(&mut self) {
        self.0.last_mut().unwrap().to = Some(Instant::now());
    }

    /// How long it ran at a stretch since a moment, at most: by the clock, and without the time that a busy machine did not let
    /// it run in.
    fn ran_since(&self, saved: &Saved) -> (Duration, Duration) {
        let now = Instant::now();
        let stretches = self.0.iter().enumerate().map(|(number, run)| {
            let ran = run.to.unwrap_or(now).saturating_duration_since(run.from.max(saved.at));
            let before = if number + 1 == saved.run { saved.waited } else { Duration::ZERO };
            (ran, ran.saturating_sub(run.waited.saturating_sub(before)))
        });
        stretches.max_by_key(|(_, alone)| *alone).unwrap_or_default()
    }
}

/// Contents saved, with the workstation and when.
#[derive(Default)]
pub(super) struct History {
    saved: BTreeMap<ContentHash, Saved>,
    hasty: usize,
    starved: usize,
}

struct Saved {
    workstation: usize,
    at: Instant,
    /// Which run of the engine it was, counted from one, and how long that had waited for a processor.
    run: usize,
    waited: Duration,
    path: String,
    /// How long it was there before it was written over or removed, on the workstation that saved it.
    lasted: Option<Duration>,
}

impl History {
    /// A file was saved on a workstation.
    pub(super) fn save(&mut self, workstation: usize, runs: &Runs, path: &str, bytes: &[u8]) {
        let waited = runs.0.last().map_or(Duration::ZERO, |run| run.waited);
        let (at, run) = (Instant::now(), runs.0.len());
        let saved = Saved { workstation, at, run, waited, path: path.to_owned(), lasted: None };
        self.saved.insert(ContentHash::of(bytes), saved);
    }

    /// A file with these bytes is about to be written over or removed on a workstation. What was saved there a moment ago
    /// is then nobody's to find again; what came from elsewhere is on the server.
    pub(super) fn destroy(&mut self, workstation: usize, runs: &Runs, bytes: &[u8]) {
        let hash = ContentHash::of(bytes);
        let Some(saved) = self.saved.get_mut(&hash).filter(|saved| saved.workstation == workstation) else { return };
        let (ran, alone) = runs.ran_since(saved);
        if alone >= STABLE {
            saved.lasted = Some(saved.at.elapsed());
        } else {
            self.saved.remove(&hash);
            self.hasty += 1;
            self.starved += usize::from(ran >= STABLE);
        }
    }

    /// What must be reachable, with where it was saved and what became of it.
    pub(super) fn owed(&self) -> impl Iterator<Item = (ContentHash, String)> {
        self.saved.iter().map(|(hash, saved)| {
            let end = saved.lasted.map_or("left there".to_owned(), |lasted| format!("gone after {lasted:?}"));
            (*hash, format!("{} ({end})", saved.path))
        })
    }

    /// How many contents were replaced before they rested, and how many of those because the machine was too busy.
    pub(super) fn hasty(&self) -> (usize, usize) {
        (self.hasty, self.starved)
    }
}
