//! A disk that fails where it is told to: an error at the n-th operation, on some paths, by a seed, or a dead machine.
//!
//! Operations are counted from 1, reads and writes of open files included. It decides nothing about what was lost by
//! a power cut: pair it with [`MemoryDisk::crash`](crate::MemoryDisk::crash).

use std::fmt;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::dice::Dice;
use crate::{Durability, Entry, Error, ErrorKind, Filesystem, Meta, Operation, Result, WriteNew};

/// Whether the operation at which the machine stops still happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrashMoment {
    /// It does not, except that half of the bytes of a write reach the disk.
    Before,
    /// It does, but its caller never learns it.
    After,
}

type Predicate = Box<dyn Fn(Operation, &Path) -> bool + Send>;

struct AimedFault {
    applies: Predicate,
    kind: ErrorKind,
    /// How many more times; `None` is for ever.
    times: Option<u32>,
}

#[derive(Default)]
struct Plan {
    operations: u64,
    is_crashed: bool,
    is_full: bool,
    crash: Option<(u64, CrashMoment)>,
    numbered: Vec<(u64, ErrorKind)>,
    aimed: Vec<AimedFault>,
    random: Option<(Dice, u32, Vec<ErrorKind>)>,
}

/// What the plan says about one operation.
enum Verdict {
    Run,
    RunThenCrash,
    /// The error, and whether a write still leaves half of its bytes.
    Fail(ErrorKind, bool),
}

impl Plan {
    fn next(&mut self, operation: Operation, path: &Path) -> Verdict {
        if self.is_crashed {
            return Verdict::Fail(ErrorKind::Crashed, false);
        }
        self.operations += 1;
        if let Some((at, moment)) = self.crash
            && self.operations >= at
        {
            self.is_crashed = true;
            self.crash = None;
            return match moment {
                CrashMoment::Before => Verdict::Fail(ErrorKind::Crashed, true),
                CrashMoment::After => Verdict::RunThenCrash,
            };
        }
        if let Some(position) = self.numbered.iter().position(|(at, _)| *at == self.operations) {
            return Verdict::Fail(self.numbered.swap_remove(position).1, false);
        }
        for fault in &mut self.aimed {
            if fault.times != Some(0) && (fault.applies)(operation, path) {
                fault.times = fault.times.map(|times| times - 1);
                return Verdict::Fail(fault.kind, false);
            }
        }
        if self.is_full && operation.takes_space() {
            return Verdict::Fail(ErrorKind::NoSpace, operation == Operation::Write);
        }
        if let Some((dice, sides, kinds)) = &mut self.random
            && dice.one_in(*sides)
            && !kinds.is_empty()
        {
            return Verdict::Fail(kinds[dice.below(kinds.len())], false);
        }
        Verdict::Run
    }
}

/// A file system with planned faults around another one. Clones share the plan.
#[derive(Clone)]
pub struct FaultyDisk {
    inner: Arc<dyn Filesystem>,
    plan: Arc<Mutex<Plan>>,
}

impl fmt::Debug for FaultyDisk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.lock();
        formatter
            .debug_struct("FaultyDisk")
            .field("operations", &plan.operations)
            .field("is_crashed", &plan.is_crashed)
            .finish_non_exhaustive()
    }
}

impl FaultyDisk {
    /// Wraps a disk, without any fault yet.
    pub fn new(inner: Arc<dyn Filesystem>) -> Self {
        Self { inner, plan: Arc::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many operations were asked for while the machine was alive.
    pub fn operations(&self) -> u64 {
        self.lock().operations
    }

    /// Fails the `nth` operation from here (1 is the next one).
    pub fn fail_at(&self, nth: u64, kind: ErrorKind) {
        let mut plan = self.lock();
        let at = plan.operations.saturating_add(nth);
        plan.numbered.push((at, kind));
    }

    /// Fails the operations that `applies` picks, `times` times or for ever.
    pub fn fail_when(
        &self,
        applies: impl Fn(Operation, &Path) -> bool + Send + 'static,
        kind: ErrorKind,
        times: Option<u32>,
    ) {
        self.lock().aimed.push(AimedFault { applies: Box::new(applies), kind, times });
    }

    /// Fails one operation in `one_in` with one of `kinds`, as `seed` decides.
    pub fn fail_randomly(&self, seed: u64, one_in: u32, kinds: &[ErrorKind]) {
        self.lock().random = Some((Dice::new(seed), one_in, kinds.to_vec()));
    }

    /// Stops the machine at the `nth` operation from here: from then on all is [`ErrorKind::Crashed`].
    pub fn crash_at(&self, nth: u64, moment: CrashMoment) {
        let mut plan = self.lock();
        plan.crash = Some((plan.operations.saturating_add(nth), moment));
    }

    /// Whether the machine is stopped.
    pub fn is_crashed(&self) -> bool {
        self.lock().is_crashed
    }

    /// Starts the machine again. Other planned faults stay.
    pub fn revive(&self) {
        let mut plan = self.lock();
        plan.is_crashed = false;
        plan.crash = None;
    }

    /// Refuses whatever needs room; half of the bytes of a write reach the disk first.
    pub fn set_full(&self, full: bool) {
        self.lock().is_full = full;
    }

    /// Forgets every planned fault; a stopped machine stays stopped.
    pub fn clear_faults(&self) {
        let mut plan = self.lock();
        *plan = Plan { operations: plan.operations, is_crashed: plan.is_crashed, ..Plan::default() };
    }

    fn run<T>(&self, operation: Operation, path: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
        // Decided before the work, so that the lock is not held during it.
        let verdict = self.lock().next(operation, path);
        match verdict {
            Verdict::Run => work(),
            Verdict::RunThenCrash => {
                // Done or not, nobody is left to learn it.
                let _ = work();
                Err(Error::new(ErrorKind::Crashed, operation, path))
            }
            Verdict::Fail(kind, _) => Err(Error::new(kind, operation, path)),
        }
    }
}

impl Filesystem for FaultyDisk {
    fn list(&self, dir: &Path) -> Result<Vec<Entry>> {
        let mut entries = self.run(Operation::List, dir, || self.inner.list(dir))?;
        // A fault aimed at one entry shows in the listing, as a broken entry of a real folder does.
        for entry in &mut entries {
            let path = dir.join(&entry.name);
            let mut plan = self.lock();
            let fault =
                plan.aimed.iter_mut().find(|fault| fault.times != Some(0) && (fault.applies)(Operation::Stat, &path));
            if let Some(fault) = fault {
                fault.times = fault.times.map(|times| times - 1);
                entry.meta = Err(Error::new(fault.kind, Operation::Stat, &path));
            }
        }
        Ok(entries)
    }

    fn stat(&self, path: &Path) -> Result<Option<Meta>> {
        self.run(Operation::Stat, path, || self.inner.stat(path))
    }

    fn open(&self, path: &Path) -> Result<Box<dyn Read + Send>> {
        let inner = self.run(Operation::Open, path, || self.inner.open(path))?;
        Ok(Box::new(FaultyReader { disk: self.clone(), path: path.to_path_buf(), inner }))
    }

    fn create(&self, path: &Path) -> Result<Box<dyn WriteNew>> {
        let inner = self.run(Operation::Create, path, || self.inner.create(path))?;
        Ok(Box::new(FaultyWriter { disk: self.clone(), path: path.to_path_buf(), inner }))
    }

    fn create_dir(&self, path: &Path) -> Result<()> {
        self.run(Operation::CreateDir, path, || self.inner.create_dir(path))
    }

    fn rename_exclusive(&self, from: &Path, to: &Path) -> Result<()> {
        self.run(Operation::Rename, from, || self.inner.rename_exclusive(from, to))
    }

    fn exchange(&self, a: &Path, b: &Path) -> Result<()> {
        self.run(Operation::Exchange, a, || self.inner.exchange(a, b))
    }

    fn copy(&self, from: &Path, to: &Path) -> Result<u64> {
        self.run(Operation::Copy, from, || self.inner.copy(from, to))
    }

    fn remove_file(&self, path: &Path) -> Result<()> {
        self.run(Operation::RemoveFile, path, || self.inner.remove_file(path))
    }

    fn remove_dir(&self, path: &Path) -> Result<()> {
        self.run(Operation::RemoveDir, path, || self.inner.remove_dir(path))
    }

    fn set_modified(&self, path: &Path, modified_ns: i64) -> Result<()> {
        self.run(Operation::SetModified, path, || self.inner.set_modified(path, modified_ns))
    }

    fn set_read_only(&self, path: &Path, read_only: bool) -> Result<()> {
        self.run(Operation::SetReadOnly, path, || self.inner.set_read_only(path, read_only))
    }

    fn hide(&self, path: &Path) -> Result<()> {
        self.run(Operation::Hide, path, || self.inner.hide(path))
    }

    fn holders(&self, path: &Path) -> Vec<String> {
        self.inner.holders(path)
    }

    fn sync_file(&self, path: &Path) -> Result<()> {
        self.run(Operation::SyncFile, path, || self.inner.sync_file(path))
    }

    fn sync_dir(&self, dir: &Path) -> Result<()> {
        self.run(Operation::SyncDir, dir, || self.inner.sync_dir(dir))
    }

    fn sync_tree(&self, root: &Path) -> Result<()> {
        self.run(Operation::SyncTree, root, || self.inner.sync_tree(root))
    }

    fn free_space(&self, path: &Path) -> Result<u64> {
        let free = self.run(Operation::FreeSpace, path, || self.inner.free_space(path))?;
        Ok(if self.lock().is_full { 0 } else { free })
    }
}

struct FaultyReader {
    disk: FaultyDisk,
    path: PathBuf,
    inner: Box<dyn Read + Send>,
}

impl Read for FaultyReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Self { disk, path, inner } = self;
        Ok(disk.run(Operation::Read, path, || {
            inner.read(buffer).map_err(|error| Error::from_io(Operation::Read, path, error))
        })?)
    }
}

struct FaultyWriter {
    disk: FaultyDisk,
    path: PathBuf,
    inner: Box<dyn WriteNew>,
}

impl Write for FaultyWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let verdict = self.disk.lock().next(Operation::Write, &self.path);
        match verdict {
            Verdict::Run => self.inner.write(bytes),
            Verdict::RunThenCrash => {
                self.inner.write_all(bytes)?;
                Err(Error::new(ErrorKind::Crashed, Operation::Write, &self.path).into())
            }
            Verdict::Fail(kind, is_torn) => {
                if is_torn {
                    self.inner.write_all(&bytes[..bytes.len() / 2])?;
                }
                Err(Error::new(kind, Operation::Write, &self.path).into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteNew for FaultyWriter {
    fn finish(self: Box<Self>, durability: Durability) -> Result<Meta> {
        let Self { disk, path, inner } = *self;
        disk.run(Operation::Finish, &path, || inner.finish(durability))
    }
}
