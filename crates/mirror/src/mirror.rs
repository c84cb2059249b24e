//! The mirror as a state machine: events in, effects out, one bounded piece of work a step.
//!
//! The host owns the watcher, the clock and the transfers. The mirror never speaks to the network, and nothing else writes
//! in its folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use content::StagingStore;
use disk::{ErrorKind, Filesystem};
use domain::content::ContentHash;
use domain::id::{NodeId, WorkstationId};
use domain::time::Instant;
use failpoints::Point;
use protocol::command::ContentRef;
use protocol::event::Tag;
use protocol::view::Reason;
use store::replica::Replica;
use store::replica::trees::Blocked;
use uuid::Uuid;

use crate::desk::Desk;
use crate::execute::{self, Worked};
use crate::observe::Observer;
use crate::place::{self, Checked, Opened, PlaceProblem};
use crate::{generation, recover};

/// How often a place that cannot be used is tried again.
const PLACE_RETRY_MS: i64 = 5_000;
/// How long what was saved may wait to be flushed.
const FLUSH_MS: i64 = 5_000;
/// How often everything is looked at, hints or not: watchers lose events.
const RESCAN_MS: i64 = 6 * 60 * 60 * 1000;
/// From this many files on, one flush of everything is quicker than one for each, where the system has it.
const FILES_FLUSHED_APART: usize = 16;
/// The key of the entry that says that the mirror's place cannot be used.
const PLACE_KEY: &str = "mirror";

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// Time passed, or the mirror begins.
    Timer,
    /// Folders may have changed: absolute paths, of folders or of what is in them.
    Touched(Vec<PathBuf>),
    /// Anything may have changed, and what waits is to be tried at once.
    RescanAll,
    /// Rows changed.
    RemoteChanged,
    /// Contents are in the staging.
    ContentArrived(Vec<ContentHash>),
}

/// What the host is to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// Have these contents brought into the staging; [`Event::ContentArrived`] says that they are.
    NeedContents(Vec<ContentRef>),
    /// Commands were executed on the replica.
    OutboxChanged,
    /// Come back with [`Event::Timer`] at this time at the latest.
    WakeAt(Instant),
    /// Data of these groups changed.
    Changed(Vec<Tag>),
    /// The place can be used, for the first time or again: listen for changes in it from now on. The first look at it
    /// comes with the next step, so that nothing changes unseen in between.
    Watch,
}

/// What a step is taken with.
pub struct Context<'c> {
    /// The workstation's clock.
    pub now: Instant,
    /// New ids, in the order of time.
    pub ids: &'c mut dyn FnMut() -> Uuid,
    /// Whose commands these are.
    pub workstation: WorkstationId,
}

/// What cannot be mended by trying the same again at once.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The replica failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The disk failed outside any one file.
    #[error(transparent)]
    Disk(#[from] disk::Error),
    /// The staging failed.
    #[error(transparent)]
    Staging(#[from] content::StagingError),
    /// There is no blocked file of this key that can be renamed.
    #[error("no file to rename for {0:?}")]
    NothingToRepair(String),
}

/// A mirror of the client files available offline, in a folder.
pub struct Mirror {
    desk: Desk,
    /// `None` until the place was found usable.
    observer: Option<Observer>,
    problem: Option<PlaceProblem>,
    /// The place, once it was found usable.
    opened: Option<Opened>,
    /// Until the first scan is over nothing is planned: what was done without its row is recognised first.
    has_scanned: bool,
    flush_at: Option<Instant>,
    rescan_at: Instant,
    /// When the last step was taken, to notice a clock that is set back.
    last_step: Instant,
    is_busy: bool,
}

impl Mirror {
    /// A mirror in `root`. The first step begins: it makes and marks the folder where it is new.
    pub fn new(root: PathBuf, disk: Arc<dyn Filesystem>, staging: Arc<StagingStore>) -> Self {
        Self {
            desk: Desk::new(root, disk, staging),
            observer: None,
            problem: None,
            opened: None,
            has_scanned: false,
            flush_at: None,
            rescan_at: Instant(0),
            last_step: Instant(0),
            is_busy: true,
        }
    }

    /// The same, which leaves this many bytes free on each volume: below, what the firm has waits, and what the disk has
    /// goes on.
    #[must_use]
    pub fn keeping_free(mut self, bytes: u64) -> Self {
        self.desk.kept_free = bytes;
        self
    }

    /// Takes an event in, does a bounded piece of work, and says what is to be done elsewhere.
    pub fn step(&mut self, event: Event, replica: &Replica, context: &mut Context<'_>) -> Result<Vec<Effect>, Error> {
        let mut effects = Vec::new();
        let now = context.now;
        if !self.is_usable(replica, context, &mut effects)? {
            effects.push(Effect::WakeAt(now.plus(PLACE_RETRY_MS)));
            return Ok(effects);
        }
        let has_begun = effects.contains(&Effect::Watch);
        self.note(event, replica, now)?;
        if has_begun {
            effects.push(Effect::WakeAt(now));
            return Ok(effects);
        }
        let mut is_changed = self.look(replica, context)?;
        let mut worked = Worked::default();
        if self.has_scanned {
            let removals_wait = self.observer.as_ref().is_some_and(Observer::is_missing_something);
            worked = execute::work(&self.desk, replica, context, removals_wait)?;
        }
        execute::set_aside_displaced(&self.desk, replica, now)?;
        is_changed |= worked.any;
        if worked.commands {
            self.flush_soon(now);
        }
        if let Some(observer) = &mut self.observer {
            for (from, to) in worked.moved_folders {
                observer.folder_was_moved(&from, &to);
            }
            for folder in worked.look_at {
                observer.look_at(folder, now, false);
            }
        }
        self.flush(replica, now)?;
        if worked.commands {
            effects.push(Effect::OutboxChanged);
        }
        if !worked.wanted.is_empty() {
            effects.push(Effect::NeedContents(worked.wanted));
        }
        if is_changed {
            effects.push(Effect::Changed(vec![Tag::Sync, Tag::Documents]));
        }
        effects.push(Effect::WakeAt(self.wake_at(replica, now)?));
        Ok(effects)
    }

    /// Whether there is something to look at, settle or do that needs no person and no other machine.
    pub fn is_busy(&self) -> bool {
        self.is_busy
    }

    /// The documents that a program has open, as far as the owner files beside them tell, with the program.
    pub fn open_documents(&self) -> BTreeMap<NodeId, &'static str> {
        self.observer.as_ref().map(Observer::open_documents).unwrap_or_default()
    }

    /// Why the mirror is paused, where it is.
    pub fn place_problem(&self) -> Option<PlaceProblem> {
        self.problem
    }

    /// Gives the blocked file of this key the name proposed for it, or that name with a number where it is taken.
    pub fn repair(&mut self, key: &str, replica: &Replica) -> Result<(), Error> {
        let nothing = || Error::NothingToRepair(key.to_owned());
        let blocked = replica.read(|tx| tx.blocked(key))?.ok_or_else(nothing)?;
        let proposal = blocked.proposal.ok_or_else(nothing)?;
        let folder = self.desk.root.join(blocked.folder.as_deref().unwrap_or_default());
        // The path is shown, not spelled: the entry is found again by what it is shown as.
        let entries = self.desk.disk.list(&folder)?;
        let found = entries.into_iter().find(|entry| self.desk.shown(&folder.join(&entry.name)) == blocked.path);
        let path = folder.join(found.ok_or_else(nothing)?.name);
        for number in 1..1000 {
            let name = if number == 1 { proposal.clone() } else { domain::name::numbered(&proposal, number) };
            match self.desk.disk.rename_exclusive(&path, &folder.join(name)) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                renamed => {
                    renamed?;
                    if let (Some(observer), Ok(below)) = (&mut self.observer, folder.strip_prefix(&self.desk.root)) {
                        observer.look_at(below.to_owned(), Instant(0), false);
                    }
                    self.is_busy = true;
                    return Ok(());
                }
            }
        }
        Err(nothing())
    }

    /// Whether the place can be used; begins or goes on where it can.
    fn is_usable(
        &mut self,
        replica: &Replica,
        context: &mut Context<'_>,
        effects: &mut Vec<Effect>,
    ) -> Result<bool, Error> {
        let now = context.now;
        let checked = self.opened.as_ref().map_or(Checked::Replaced, |opened| place::check(&self.desk, opened));
        let problem = match checked {
            Checked::Same => None,
            Checked::Problem(problem) => Some(problem),
            Checked::Replaced => {
                self.observer = None;
                self.has_scanned = false;
                let opened = place::open(&self.desk, replica, context)?;
                let problem = opened.as_ref().err().copied();
                self.opened = opened.ok();
                problem
            }
        };
        if problem != self.problem || (problem.is_some() && self.is_busy) {
            effects.push(Effect::Changed(vec![Tag::Sync]));
            replica.write(|tx| match problem {
                Some(problem) => tx.put_blocked(&Blocked {
                    key: PLACE_KEY.to_owned(),
                    node: None,
                    client_file: None,
                    folder: None,
                    path: self.desk.root.display().to_string(),
                    reason: match problem {
                        PlaceProblem::Missing | PlaceProblem::NotMarked => Reason::MirrorAway,
                        PlaceProblem::OtherReplica => Reason::OtherMirror,
                        PlaceProblem::Unusable => Reason::DiskError,
                    },
                    proposal: None,
                    // Somebody else's folder stays theirs: this waits for a person to choose another.
                    is_waiting: problem != PlaceProblem::OtherReplica,
                    since: now,
                }),
                None => tx.clear_blocked(PLACE_KEY).map(|_| ()),
            })?;
        }
        self.problem = problem;
        if problem.is_some() {
            // Whatever comes back in its place is looked at as if for the first time.
            self.observer = None;
            self.opened = None;
            self.has_scanned = false;
            self.is_busy = false;
            return Ok(false);
        }
        if self.observer.is_none() {
            let suspects = recover::begin(&self.desk, replica, context)?;
            self.observer = Some(Observer::new(suspects, now));
            // An entry that an earlier life left behind: it may have ended before it could take it back.
            replica.write(|tx| tx.clear_blocked(PLACE_KEY).map(|_| ()))?;
            self.rescan_at = now.plus(RESCAN_MS);
            self.is_busy = true;
            effects.push(Effect::Watch);
        }
        Ok(true)
    }

    fn note(&mut self, event: Event, replica: &Replica, now: Instant) -> Result<(), Error> {
        let Some(observer) = &mut self.observer else { return Ok(()) };
        if now < self.last_step {
            observer.clock_was_set_back(now);
            replica.write(|tx| tx.wake_dirty())?;
            self.flush_at = self.flush_at.map(|_| now);
            self.rescan_at = now.plus(RESCAN_MS);
        }
        self.last_step = now;
        if matches!(event, Event::RemoteChanged) || !self.has_scanned {
            self.offer_again(replica, now)?;
        }
        let Some(observer) = &mut self.observer else { return Ok(()) };
        match event {
            Event::Timer | Event::RemoteChanged => {}
            Event::Touched(paths) => {
                for path in paths {
                    if let Ok(below) = path.strip_prefix(&self.desk.root)
                        && !is_hidden(below)
                    {
                        observer.touch(below.to_owned(), now);
                    }
                }
            }
            Event::RescanAll => {
                observer.rescan(now);
                replica.write(|tx| tx.wake_dirty())?;
            }
            Event::ContentArrived(contents) => {
                replica.write(|tx| contents.iter().try_for_each(|content| tx.content_arrived(*content)))?;
            }
        }
        if self.rescan_at <= now {
            self.rescan_at = now.plus(RESCAN_MS);
            observer.rescan(now);
            self.desk.empty_quarantine(now)?;
            // A process that runs for weeks is to be told from its backup too.
            generation::advance(&self.desk, replica)?;
        }
        Ok(())
    }

    /// A server that was set back may have lost what it was known to hold: the quarantine keeps all it has, and all files are
    /// looked at.
    fn offer_again(&mut self, replica: &Replica, now: Instant) -> Result<(), Error> {
        if !replica.read(|tx| tx.is_to_offer_again())? {
            return Ok(());
        }
        self.desk.keep_quarantine()?;
        if let Some(observer) = &mut self.observer {
            observer.rescan(now);
        }
        replica.write(|tx| tx.offers_again())?;
        Ok(())
    }

    fn look(&mut self, replica: &Replica, context: &mut Context<'_>) -> Result<bool, Error> {
        let Some(observer) = &mut self.observer else { return Ok(false) };
        let is_changed = observer.look(&self.desk, replica, context)?;
        self.has_scanned |= !observer.is_scanning();
        if is_changed {
            self.flush_soon(context.now);
        }
        Ok(is_changed)
    }

    fn flush_soon(&mut self, now: Instant) {
        self.flush_at = Some(self.flush_at.unwrap_or(now.plus(FLUSH_MS)));
    }

    /// Brings to stable storage what users saved and the staging holds for them.
    fn flush(&mut self, replica: &Replica, now: Instant) -> Result<(), Error> {
        if self.flush_at.is_none_or(|at| now < at) {
            return Ok(());
        }
        self.flush_at = None;
        let unflushed = replica.read(|tx| tx.unflushed_nodes())?;
        let mut left = Vec::new();
        if cfg!(target_os = "linux") && unflushed.len() > FILES_FLUSHED_APART {
            self.desk.disk.sync_tree(&self.desk.root)?;
        } else {
            let paths = replica.read(|tx| {
                let mut paths = Vec::new();
                for (node, local) in &unflushed {
                    let folder = self.desk.folder_path(tx, local.place.parent)?;
                    paths.extend(folder.map(|folder| (*node, folder.join(&local.place.name))));
                }
                Ok(paths)
            })?;
            for (node, path) in paths {
                match self.desk.disk.sync_file(&path) {
                    Ok(()) => {}
                    Err(error) if error.kind() == ErrorKind::Crashed => return Err(error.into()),
                    // Gone, renamed or in use: its next look sees it, and it is not flushed until then.
                    Err(_) => left.push(node),
                }
            }
        }
        // Also where no file is left to flush: one that was taken and removed since is here alone.
        self.desk.staging.flush()?;
        failpoints::reached(Point::Flushed);
        replica.write(|tx| tx.mark_flushed_but(&left))?;
        failpoints::reached(Point::FlushNoted);
        Ok(())
    }

    fn wake_at(&mut self, replica: &Replica, now: Instant) -> Result<Instant, Error> {
        let looks = self.observer.as_ref().and_then(Observer::next);
        let plans = if self.has_scanned { replica.read(|tx| tx.next_dirty())? } else { None };
        self.is_busy = self.observer.as_ref().is_some_and(Observer::is_busy)
            || plans.is_some_and(|at| at <= now.plus(execute::STUCK_MS));
        let wake = [looks, plans, self.flush_at].into_iter().flatten().min();
        Ok(wake.unwrap_or(self.rescan_at).min(self.rescan_at).max(now))
    }
}

/// Where a document's file is in the mirror at `root`, if it is there: from the rows, whatever the mirror is busy with.
pub fn path_of(
    disk: &Arc<dyn Filesystem>,
    staging: &Arc<StagingStore>,
    root: PathBuf,
    node: NodeId,
    replica: &Replica,
) -> Option<PathBuf> {
    let desk = Desk::new(root, Arc::clone(disk), Arc::clone(staging));
    let found = replica.read(|tx| {
        let Some(local) = tx.local_node(node)? else { return Ok(None) };
        let folder = desk.folder_path(tx, local.place.parent)?;
        Ok(folder.map(|folder| folder.join(local.place.name)))
    });
    found.ok().flatten().filter(|path| desk.stat(path).is_ok_and(|meta| meta.is_some()))
}

fn is_hidden(below: &Path) -> bool {
    below.iter().next().and_then(|first| first.to_str()).is_some_and(|first| first.starts_with(crate::desk::MARKER))
}
