//! The rows: what is done with an engine, and what is measured.
//!
//! Nothing here knows an engine: what differs between them is behind [`Pair`]. Every row ends with a proof that the bytes
//! arrived, outside of what is measured.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use super::corpus::{Corpus, LARGE_FILE, LARGE_NAME, Random};
use super::engine::{Carried, Change, Engine, Pair};
use super::memory::Peak;
use super::room::{Room, change_one_byte, cold, loopback_bytes, until};
use super::tree;

/// An engine that takes longer is cut.
pub(super) const LIMIT: Duration = Duration::from_mins(4);
/// A row that took longer than this is not run again.
const ENOUGH: Duration = Duration::from_secs(90);
/// Folder of the files, below the workstation's.
const FILES: &str = "Corpus";

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
#[value(rename_all = "kebab-case")]
pub(super) enum Row {
    /// 10,000 files of 8 to 24 KB, sent for the first time.
    #[value(name = "first-upload-10k")]
    FirstUpload10k,
    /// 100,000 files of 0.5 to 1.5 KB, sent for the first time.
    #[value(name = "first-upload-100k")]
    FirstUpload100k,
    /// Finding that none of 10,000 files changed.
    #[value(name = "no-change-10k")]
    NoChange10k,
    /// Receiving 100,000 files in an empty folder.
    #[value(name = "download-100k")]
    Download100k,
    /// Finding that none of 100,000 files changed.
    #[value(name = "no-change-100k")]
    NoChange100k,
    /// From a file saved among 10,000 to its bytes on the second workstation's disk.
    OneSaveVisible,
    /// One byte changed in place in the middle of 500 MB.
    #[value(name = "one-byte-in-500mb")]
    OneByteIn500mb,
    /// The folder of 10,000 files renamed.
    #[value(name = "rename-folder-10k")]
    RenameFolder10k,
}

impl Row {
    /// Its name in the table and on the command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::FirstUpload10k => "first-upload-10k",
            Self::FirstUpload100k => "first-upload-100k",
            Self::NoChange10k => "no-change-10k",
            Self::NoChange100k => "no-change-100k",
            Self::Download100k => "download-100k",
            Self::OneSaveVisible => "one-save-visible",
            Self::OneByteIn500mb => "one-byte-in-500mb",
            Self::RenameFolder10k => "rename-folder-10k",
        }
    }
}

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Runs of which the median is taken.
    pub(super) runs: usize,
    /// Saves of which the percentiles are taken.
    pub(super) saves: usize,
}

/// What came out of a row.
pub(super) struct Measured {
    /// Name of the row in the table.
    pub(super) row: &'static str,
    /// Unit of the values.
    pub(super) unit: &'static str,
    /// One for each run, or the one percentile of all saves.
    pub(super) values: Vec<f64>,
    /// How many runs are behind them.
    pub(super) runs: usize,
    /// Greatest memory of each end.
    pub(super) peak: Option<Peak>,
    /// What has to be known to read it.
    pub(super) note: Option<String>,
}

/// Where a row is measured.
pub(super) struct Bench<'b> {
    /// Folder of the corpora and the rooms.
    pub(super) folder: &'b Path,
    /// How much.
    pub(super) effort: Effort,
}

/// A moment that came, or an engine cut at the limit.
fn in_time(moment: Option<Instant>) -> Result<Instant> {
    moment.with_context(|| format!("cut after {} s", LIMIT.as_secs()))
}

impl Bench<'_> {
    /// Measures the rows asked for that share a preparation, in the order of the table.
    pub(super) fn measure(&self, rows: &[Row], engine: &dyn Engine) -> Result<Vec<Measured>> {
        match rows.first() {
            Some(Row::FirstUpload10k | Row::NoChange10k) => self.first_upload(engine, rows),
            Some(Row::FirstUpload100k | Row::NoChange100k | Row::Download100k) => self.many_files(engine, rows),
            Some(Row::OneSaveVisible) => self.one_save(engine),
            Some(Row::OneByteIn500mb) => self.one_byte(engine),
            Some(Row::RenameFolder10k) => self.rename(engine),
            None => Ok(Vec::new()),
        }
    }

    fn open(&self, engine: &dyn Engine, corpus: Corpus) -> Result<(Rc<Room>, Box<dyn Pair>)> {
        let source = corpus.prepare(self.folder)?;
        let room = Rc::new(Room::open(&self.folder.join("room"))?);
        let pair = engine.open(Rc::clone(&room))?;
        tree::copy(&source, &pair.near().join(FILES))?;
        Ok((room, pair))
    }

    fn first_upload(&self, engine: &dyn Engine, rows: &[Row]) -> Result<Vec<Measured>> {
        let mut first = Measured::empty("first-upload-10k", "s");
        let mut again = Measured::empty("no-change-10k", "s");
        let mut repeat = Repeat::new(if rows.contains(&Row::FirstUpload10k) { self.effort.runs.max(1) } else { 1 });
        while repeat.again() {
            let (room, mut pair) = self.open(engine, Corpus::Small)?;
            first.add(timed_sync(&room, pair.as_mut(), Corpus::Small)?, &room);
            if rows.contains(&Row::NoChange10k) {
                pair.rest()?;
                again.add(timed_sync(&room, pair.as_mut(), Corpus::Small)?, &room);
            }
            prove(pair.as_mut(), Corpus::Small)?;
        }
        Ok(wanted(rows, [(Row::FirstUpload10k, first), (Row::NoChange10k, again)]))
    }

    /// Sent once, as it takes long; looked at again as often as asked, and received once.
    fn many_files(&self, engine: &dyn Engine, rows: &[Row]) -> Result<Vec<Measured>> {
        let (room, mut pair) = self.open(engine, Corpus::Tiny)?;
        let mut first = Measured::empty("first-upload-100k", "s");
        first.add(timed_sync(&room, pair.as_mut(), Corpus::Tiny)?, &room);
        let mut again = Measured::empty("no-change-100k", "s");
        let mut repeat = Repeat::new(if rows.contains(&Row::NoChange100k) { self.effort.runs.max(1) } else { 0 });
        while repeat.again() {
            pair.rest()?;
            again.add(timed_sync(&room, pair.as_mut(), Corpus::Tiny)?, &room);
        }
        let mut download = Measured::empty("download-100k", "s");
        if rows.contains(&Row::Download100k) && pair.has_second() {
            cold()?;
            room.begin_measure();
            let started = Instant::now();
            let ended = in_time(pair.join_second(Corpus::Tiny.files(), LIMIT)?)?;
            download.add(ended - started, &room);
            if let Some(difference) = tree::difference(&pair.near().join(FILES), &pair.second().join(FILES))? {
                bail!("the second workstation is not equal: {difference}");
            }
        } else {
            download.note = Some("has no second workstation beside its far end".to_owned());
        }
        prove(pair.as_mut(), Corpus::Tiny)?;
        Ok(wanted(rows, [(Row::FirstUpload100k, first), (Row::NoChange100k, again), (Row::Download100k, download)]))
    }

    fn one_save(&self, engine: &dyn Engine) -> Result<Vec<Measured>> {
        let (room, mut pair) = self.open(engine, Corpus::Small)?;
        in_time(pair.sync(Corpus::Small.files(), LIMIT)?)?;
        in_time(pair.join_second(Corpus::Small.files(), LIMIT)?)?;
        let documents: Vec<PathBuf> = tree::files(&pair.near().join(FILES))?.into_iter().collect();
        let mut random = Random(11);
        room.begin_measure();
        let mut seconds = Vec::new();
        let mut repeat = Repeat::new(self.effort.saves.max(1));
        while repeat.again() {
            let chosen = usize::try_from(random.next() % documents.len() as u64)?;
            let document = Path::new(FILES).join(&documents[chosen]);
            // A document of its type: one after the other that looks encrypted would be held.
            let bytes = [b"%PDF-1.7\n", &random.bytes(16_000)[..]].concat();
            seconds.push(seen_after(pair.as_mut(), &document, &bytes)?.as_secs_f64());
        }
        let runs = seconds.len();
        let percentile = |row, share| Measured {
            row,
            unit: "s",
            values: vec![super::report::percentile(&seconds, share)],
            runs,
            peak: room.peak(),
            note: None,
        };
        let rows = vec![percentile("one-save-visible p50", 50), percentile("one-save-visible p95", 95)];
        prove(pair.as_mut(), Corpus::Small)?;
        Ok(rows)
    }

    fn one_byte(&self, engine: &dyn Engine) -> Result<Vec<Measured>> {
        let (room, mut pair) = self.open(engine, Corpus::Large)?;
        in_time(pair.sync(1, LIMIT)?)?;
        let file = pair.near().join(FILES).join(LARGE_NAME);
        let mut took = Measured::empty("one-byte-in-500mb", "s");
        let mut sent = Measured::empty("one-byte-in-500mb sent", "MB");
        let mut repeat = Repeat::new(self.effort.runs.max(1));
        while repeat.again() {
            cold()?;
            room.begin_measure();
            let before = loopback_bytes();
            let started = Instant::now();
            change_one_byte(&file, LARGE_FILE / 2 + took.values.len() as u64)?;
            let ended = in_time(pair.sync(1, LIMIT)?)?;
            took.add(ended - started, &room);
            if let (Some(before), Some(after)) = (before, loopback_bytes()) {
                #[expect(clippy::cast_precision_loss, reason = "megabytes, shown with one decimal")]
                sent.values.push((after - before) as f64 / 1e6);
                sent.runs += 1;
            }
        }
        sent.note = Some("all that crossed the loopback interface meanwhile".to_owned());
        prove(pair.as_mut(), Corpus::Large)?;
        Ok(vec![took, sent])
    }

    fn rename(&self, engine: &dyn Engine) -> Result<Vec<Measured>> {
        let (room, mut pair) = self.open(engine, Corpus::Small)?;
        let files = Corpus::Small.files();
        in_time(pair.sync(files, LIMIT)?)?;
        in_time(pair.show_far(files, LIMIT)?)?;
        let mut measured = Measured::empty("rename-folder-10k", "s");
        let mut repeat = Repeat::new(self.effort.runs.max(1));
        let mut name = FILES.to_owned();
        while repeat.again() {
            let old = std::mem::replace(&mut name, format!("{FILES} {}", measured.runs + 1));
            room.begin_measure();
            let started = Instant::now();
            fs::rename(pair.near().join(&old), pair.near().join(&name)).context("the folder cannot be renamed")?;
            let ended = arrived_under(pair.as_mut(), &old, &name, files)?;
            measured.add(ended - started, &room);
        }
        if let Some(difference) = tree::difference(&pair.near().join(&name), &pair.far().join(&name))? {
            bail!("the far end is not equal: {difference}");
        }
        Ok(vec![measured])
    }
}

/// The measures of the rows asked for, in the order of the table.
fn wanted(rows: &[Row], measured: impl IntoIterator<Item = (Row, Measured)>) -> Vec<Measured> {
    measured.into_iter().filter(|(row, _)| rows.contains(row)).map(|(_, measured)| measured).collect()
}

impl Measured {
    fn empty(row: &'static str, unit: &'static str) -> Self {
        Self { row, unit, values: Vec::new(), runs: 0, peak: None, note: None }
    }

    fn add(&mut self, took: Duration, room: &Room) {
        self.values.push(took.as_secs_f64());
        self.runs += 1;
        self.peak = match (self.peak, room.peak()) {
            (Some(one), Some(other)) => Some(Peak { near: one.near.max(other.near), far: one.far.max(other.far) }),
            (one, other) => one.or(other),
        };
    }
}

/// As many times as asked, unless it takes too long.
struct Repeat {
    left: usize,
    began: Instant,
    is_first: bool,
}

impl Repeat {
    fn new(times: usize) -> Self {
        Self { left: times, began: Instant::now(), is_first: true }
    }

    fn again(&mut self) -> bool {
        let goes_on = self.left > 0 && (self.is_first || self.began.elapsed() < ENOUGH);
        self.left = self.left.saturating_sub(1);
        self.is_first = false;
        goes_on
    }
}

fn timed_sync(room: &Room, pair: &mut dyn Pair, corpus: Corpus) -> Result<Duration> {
    cold()?;
    room.begin_measure();
    let started = Instant::now();
    let ended = in_time(pair.sync(corpus.files(), LIMIT)?)?;
    Ok(ended - started)
}

/// The far end holds the same files with the same bytes, or it is an error.
fn prove(pair: &mut dyn Pair, corpus: Corpus) -> Result<()> {
    in_time(pair.show_far(corpus.files(), LIMIT)?)?;
    match tree::difference(&pair.near().join(FILES), &pair.far().join(FILES))? {
        Some(difference) => bail!("the far end is not equal: {difference}"),
        None => Ok(()),
    }
}

/// Saves a file and measures until its bytes are on the second workstation's disk.
fn seen_after(pair: &mut dyn Pair, document: &Path, bytes: &[u8]) -> Result<Duration> {
    let (here, there) = (pair.near().join(document), pair.second().join(document));
    let over = AtomicBool::new(false);
    let started = Instant::now();
    fs::write(&here, bytes).with_context(|| format!("{} cannot be saved", here.display()))?;
    let seen = thread::scope(|scope| {
        let looking = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) && started.elapsed() < LIMIT {
                if fs::read(&there).is_ok_and(|found| found == bytes) {
                    return Some(Instant::now());
                }
                thread::park_timeout(Duration::from_millis(2));
            }
            None
        });
        let carried = (|| -> Result<()> {
            while !looking.is_finished() && pair.carry(Change::Save, LIMIT)? == Carried::ByThisRun {}
            until(Duration::from_millis(5), LIMIT, || Ok(looking.is_finished().then_some(())))?;
            Ok(())
        })();
        over.store(true, Ordering::Relaxed);
        let seen = looking.join().ok().flatten();
        carried.map(|()| seen)
    })?;
    Ok(in_time(seen)? - started)
}

/// The moment when the far end holds the folder under its new name only, whole.
fn arrived_under(pair: &mut dyn Pair, old: &str, new: &str, files: usize) -> Result<Instant> {
    let started = Instant::now();
    loop {
        let carried = pair.carry(Change::Rename, LIMIT)?;
        let far = pair.far();
        let arrived = || -> Result<Option<Instant>> {
            let looked = Instant::now();
            let is_alone = far.join(new).is_dir() && !far.join(old).exists();
            Ok((is_alone && tree::files(&far.join(new))?.len() == files).then_some(looked))
        };
        let left = LIMIT.saturating_sub(started.elapsed());
        // After a run that left something, only another run can bring it.
        let limit = if carried == Carried::ByThisRun { Duration::ZERO } else { left };
        if let Some(moment) = until(Duration::from_millis(10), limit, arrived)? {
            return Ok(moment);
        }
        if left.is_zero() {
            return in_time(None);
        }
    }
}
