//! The engine's core: sync loop, transfers and mirror over one replica, as one state machine.
//!
//! A host feeds it events and carries out its effects; the simulator is another host. It reads no clock, draws no random
//! number and opens no socket: those come with each step.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use content::StagingStore;
use disk::Filesystem;
use domain::content::ContentHash;
use domain::id::WorkstationId;
use domain::time::Instant;
use failpoints::Point;
use mirror::Mirror;
use protocol::command::ContentRef;
use protocol::event::Tag;
use protocol::feed::{PullReply, PullRequest, PushReply, PushRequest};
use protocol::transfer::{MissingReply, MissingRequest};
use protocol::view::{Connection, Load};
use store::replica::Replica;
use uuid::Uuid;

use crate::remote::Answer;
use crate::sync::{SyncEffect, SyncEvent, SyncLoop};
use crate::transfer::{TransferEffect, TransferEvent, Transfers};

/// How long after a fault the mirror looks again, in milliseconds.
const MIRROR_AGAIN: i64 = 2_000;

/// What happened, outside or inside.
#[derive(Debug)]
pub enum Event {
    /// Time passed, or the engine begins.
    Timer,
    /// Commands were executed on the replica by somebody else than the mirror.
    OutboxChanged,
    /// The server says that something changed, or the way to it is open.
    Hint,
    /// Somebody signed in again, or asks to try at once.
    Resume,
    /// Client files were made available offline, or not.
    OfflineChanged,
    /// Somebody decided on what was held.
    HeldDecided,
    /// Folders of the mirror may have changed.
    Touched(Vec<PathBuf>),
    /// The whole mirror may have changed: look at all of it.
    Rescan,
    /// Somebody waits for contents, such as a preview's.
    Asked(Vec<ContentRef>),
    /// A push was answered, or not.
    Pushed(Answer<PushReply>),
    /// A pull was answered, or not.
    Pulled(Answer<PullReply>),
    /// The server said which contents it lacks.
    Missing(Answer<MissingReply>),
    /// A pack was sent.
    PackSent {
        /// Contents in it.
        sent: Vec<ContentHash>,
        /// Contents whose staged copies could not be read.
        unreadable: Vec<ContentHash>,
        /// The answer.
        answer: Answer<()>,
    },
    /// A part of a large content was sent.
    PartSent {
        /// Content.
        hash: ContentHash,
        /// Its number.
        part: u32,
        /// The answer.
        answer: Answer<()>,
    },
    /// A large content was put together.
    Finished {
        /// Content.
        hash: ContentHash,
        /// The answer.
        answer: Answer<()>,
    },
    /// Contents were received into the staging.
    Fetched {
        /// Those asked for.
        asked: Vec<ContentHash>,
        /// Those that are in the staging.
        arrived: Vec<ContentHash>,
        /// The answer.
        answer: Answer<()>,
    },
}

/// What the host is to do.
#[derive(Debug)]
pub enum Effect {
    /// Send commands; answer with [`Event::Pushed`].
    Push(PushRequest),
    /// Ask for rows; answer with [`Event::Pulled`].
    Pull(PullRequest),
    /// Ask which contents the server lacks; answer with [`Event::Missing`].
    AskMissing(MissingRequest),
    /// Send small contents in one request; answer with [`Event::PackSent`].
    SendPack {
        /// Contents.
        contents: Vec<ContentRef>,
        /// Somebody just saved them.
        is_urgent: bool,
    },
    /// Send a part of a large content; answer with [`Event::PartSent`].
    SendPart {
        /// Content.
        content: ContentRef,
        /// Its number, from 0.
        part: u32,
        /// Somebody just saved it.
        is_urgent: bool,
    },
    /// Have a large content put together; answer with [`Event::Finished`].
    Finish(ContentRef),
    /// Receive small contents in one request; answer with [`Event::Fetched`].
    Fetch {
        /// Contents.
        contents: Vec<ContentRef>,
        /// Somebody waits for them.
        is_urgent: bool,
    },
    /// Receive a large content; answer with [`Event::Fetched`].
    FetchLarge {
        /// Content.
        content: ContentRef,
        /// Somebody waits for it.
        is_urgent: bool,
    },
    /// Data of these groups changed.
    Changed(BTreeSet<Tag>),
    /// Contents the interface may wait for are in the staging.
    Arrived(Vec<ContentHash>),
    /// Watch the mirror's folder from now on: it is there, for the first time or again.
    Watch,
}

/// What a step is taken with.
pub struct Moment<'m> {
    /// The workstation's clock.
    pub now: Instant,
    /// Random numbers.
    pub random: &'m mut dyn FnMut() -> u64,
    /// New ids, in the order of time.
    pub ids: &'m mut dyn FnMut() -> Uuid,
}

/// What cannot be mended by trying again.
#[derive(Debug, thiserror::Error)]
pub enum CoreError {
    /// The replica failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The mirror failed.
    #[error(transparent)]
    Mirror(#[from] mirror::Error),
}

/// The engine's core.
pub struct Core {
    replica: Arc<Replica>,
    staging: Arc<StagingStore>,
    workstation: WorkstationId,
    sync: SyncLoop,
    transfers: Transfers,
    mirror: Option<Mirror>,
    mirror_wakes_at: Option<Instant>,
    /// What failed in the mirror during this step.
    mirror_fault: Option<mirror::Error>,
    paused: bool,
    kept_free: u64,
}

/// A glance at the core's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance {
    /// How the workstation stands with the server.
    pub connection: Connection,
    /// Since when.
    pub since: Instant,
    /// Requests are under way, or wanted.
    pub busy: bool,
    /// The server refuses whole requests: what is wanted of it waits for somebody to see to it.
    pub is_refused: bool,
    /// The mirror looks at the disk, or has something to do.
    pub scanning: bool,
    /// Contents on their way here.
    pub receiving: Load,
    /// Contents that the server did not give, left alone for a while.
    pub unavailable: u32,
    /// Bytes that the server has of large contents that are not whole there yet.
    pub sent_in_part: u64,
}

impl Core {
    /// A core over a replica and a staging.
    pub fn new(replica: Arc<Replica>, staging: Arc<StagingStore>, workstation: WorkstationId, now: Instant) -> Self {
        Self {
            replica,
            staging,
            workstation,
            sync: SyncLoop::new(now),
            transfers: Transfers::new(),
            mirror: None,
            mirror_wakes_at: None,
            mirror_fault: None,
            paused: false,
            kept_free: 0,
        }
    }

    /// Has mirrors that begin from now on leave this many bytes free on each volume.
    pub fn keep_free(&mut self, bytes: u64) {
        self.kept_free = bytes;
    }

    /// Begins to mirror in a folder.
    pub fn begin_mirror(&mut self, disk: Arc<dyn Filesystem>, root: PathBuf, now: Instant) {
        self.mirror = Some(Mirror::new(root, disk, Arc::clone(&self.staging)).keeping_free(self.kept_free));
        self.mirror_wakes_at = Some(now);
    }

    /// The mirror, where there is one.
    pub fn mirror(&mut self) -> Option<&mut Mirror> {
        self.mirror.as_mut()
    }

    /// Pauses or resumes: a paused core looks at the disk, and sends and receives nothing but what somebody opens.
    pub fn set_paused(&mut self, paused: bool) {
        self.paused = paused;
        self.sync.set_paused(paused);
        self.transfers.set_paused(paused);
    }

    /// A glance at the state.
    pub fn glance(&self) -> Glance {
        let (connection, since) = self.sync.connection();
        Glance {
            connection: if self.paused { Connection::Paused } else { connection },
            since,
            busy: self.sync.is_busy() || self.transfers.is_busy(),
            is_refused: self.sync.is_refused(),
            scanning: self.mirror.as_ref().is_some_and(Mirror::is_busy),
            receiving: self.transfers.receiving(),
            unavailable: self.transfers.unavailable(),
            sent_in_part: self.transfers.sent_in_part(),
        }
    }

    /// When to be woken at the latest.
    pub fn wake_at(&self) -> Instant {
        let mut wake = self.sync.wake_at();
        for other in [self.transfers.wake_at(), self.mirror_wakes_at].into_iter().flatten() {
            wake = wake.min(other);
        }
        wake
    }

    /// Takes an event in, and says what to do. `effects` are to be carried out where it fails too: those that were asked
    /// for before the fault are counted on.
    pub fn step(&mut self, event: Event, moment: &mut Moment<'_>, effects: &mut Vec<Effect>) -> Result<(), CoreError> {
        self.take(event, moment, effects)?;
        self.mirror_fault.take().map_or(Ok(()), |fault| Err(fault.into()))
    }

    fn take(&mut self, event: Event, moment: &mut Moment<'_>, effects: &mut Vec<Effect>) -> Result<(), CoreError> {
        match event {
            Event::Timer => {
                self.sync_step(SyncEvent::Timer, moment, effects)?;
                self.transfer_step(TransferEvent::Timer, moment, effects)?;
                if self.mirror_wakes_at.is_some_and(|at| at <= moment.now) {
                    self.mirror_step(mirror::Event::Timer, moment, effects)?;
                }
                self.drop_settled_contents()?;
            }
            Event::OutboxChanged => self.outbox_changed(moment, effects)?,
            Event::Hint => {
                self.sync_step(SyncEvent::Hint, moment, effects)?;
                self.transfer_step(TransferEvent::Resume, moment, effects)?;
            }
            Event::Resume => {
                self.replica.write(|tx| tx.retry_uploads())?;
                self.sync_step(SyncEvent::Resume, moment, effects)?;
                self.transfer_step(TransferEvent::Resume, moment, effects)?;
                self.mirror_step(mirror::Event::RescanAll, moment, effects)?;
            }
            Event::OfflineChanged | Event::HeldDecided => {
                self.mirror_step(mirror::Event::RemoteChanged, moment, effects)?;
            }
            Event::Touched(paths) => self.mirror_step(mirror::Event::Touched(paths), moment, effects)?,
            Event::Rescan => self.mirror_step(mirror::Event::RescanAll, moment, effects)?,
            Event::Asked(contents) => self.transfer_step(TransferEvent::Asked(contents), moment, effects)?,
            Event::Pushed(answer) => self.sync_step(SyncEvent::Pushed(answer), moment, effects)?,
            Event::Pulled(answer) => self.sync_step(SyncEvent::Pulled(answer), moment, effects)?,
            Event::Missing(answer) => self.transfer_step(TransferEvent::Missing(answer), moment, effects)?,
            Event::PackSent { sent, unreadable, answer } => {
                self.transfer_step(TransferEvent::PackSent { sent, unreadable, answer }, moment, effects)?;
            }
            Event::PartSent { hash, part, answer } => {
                self.transfer_step(TransferEvent::PartSent { hash, part, answer }, moment, effects)?;
            }
            Event::Finished { hash, answer } => {
                self.transfer_step(TransferEvent::Finished { hash, answer }, moment, effects)?;
            }
            Event::Fetched { asked, arrived, answer } => {
                self.transfer_step(TransferEvent::Fetched { asked, arrived, answer }, moment, effects)?;
            }
        }
        Ok(())
    }

    fn outbox_changed(&mut self, moment: &mut Moment<'_>, effects: &mut Vec<Effect>) -> Result<(), CoreError> {
        effects.push(Effect::Changed(BTreeSet::from([Tag::Sync])));
        self.transfer_step(TransferEvent::OutboxChanged, moment, effects)?;
        self.sync_step(SyncEvent::OutboxChanged, moment, effects)
    }

    fn sync_step(
        &mut self,
        event: SyncEvent,
        moment: &mut Moment<'_>,
        effects: &mut Vec<Effect>,
    ) -> Result<(), CoreError> {
        let before = self.sync.connection();
        let mut steps = Vec::new();
        let stepped = self.sync.step(event, moment.now, (moment.random)(), &self.replica, &mut steps);
        for step in steps {
            match step {
                SyncEffect::Push(request) => effects.push(Effect::Push(request)),
                SyncEffect::Pull(request) => effects.push(Effect::Pull(request)),
                SyncEffect::Answered => effects.push(Effect::Changed(BTreeSet::from([Tag::Sync, Tag::Documents]))),
                SyncEffect::Applied(applied) => {
                    let mut tags = applied.tags;
                    if !tags.is_empty() {
                        tags.insert(Tag::Sync);
                        effects.push(Effect::Changed(tags));
                    }
                    if applied.set_back {
                        // Contents that the server was known to hold are asked about again.
                        self.transfer_step(TransferEvent::OutboxChanged, moment, effects)?;
                    }
                    // An empty pull can still confirm what was acknowledged.
                    self.mirror_step(mirror::Event::RemoteChanged, moment, effects)?;
                    self.drop_settled_contents()?;
                }
            }
        }
        if self.sync.connection() != before {
            effects.push(Effect::Changed(BTreeSet::from([Tag::Sync])));
        }
        Ok(stepped?)
    }

    fn transfer_step(
        &mut self,
        event: TransferEvent,
        moment: &mut Moment<'_>,
        effects: &mut Vec<Effect>,
    ) -> Result<(), CoreError> {
        let mut steps = Vec::new();
        let stepped = self.transfers.step(event, moment.now, (moment.random)(), &self.replica, &mut steps);
        for step in steps {
            match step {
                TransferEffect::AskMissing(request) => effects.push(Effect::AskMissing(request)),
                TransferEffect::SendPack { contents, is_urgent } => {
                    effects.push(Effect::SendPack { contents, is_urgent });
                }
                TransferEffect::SendPart { content, part, is_urgent } => {
                    effects.push(Effect::SendPart { content, part, is_urgent });
                }
                TransferEffect::Finish(content) => effects.push(Effect::Finish(content)),
                TransferEffect::Fetch { contents, is_urgent } => effects.push(Effect::Fetch { contents, is_urgent }),
                TransferEffect::FetchLarge { content, is_urgent } => {
                    effects.push(Effect::FetchLarge { content, is_urgent });
                }
                TransferEffect::Sent => {
                    effects.push(Effect::Changed(BTreeSet::from([Tag::Sync])));
                    self.sync_step(SyncEvent::OutboxChanged, moment, effects)?;
                }
                TransferEffect::Arrived(hashes) => {
                    self.mirror_step(mirror::Event::ContentArrived(hashes.clone()), moment, effects)?;
                    effects.push(Effect::Arrived(hashes));
                }
            }
        }
        if self.transfers.take_cut() && self.sync.connection().0 == Connection::Online {
            // A pull finds out, rather than the next poll.
            self.sync_step(SyncEvent::Hint, moment, effects)?;
        }
        Ok(stepped?)
    }

    fn mirror_step(
        &mut self,
        event: mirror::Event,
        moment: &mut Moment<'_>,
        effects: &mut Vec<Effect>,
    ) -> Result<(), CoreError> {
        let Some(mirror) = &mut self.mirror else { return Ok(()) };
        let mut context = mirror::Context { now: moment.now, ids: moment.ids, workstation: self.workstation };
        let steps = match mirror.step(event, &self.replica, &mut context) {
            Ok(steps) => steps,
            Err(error) => {
                // Whatever it was, the mirror looks again: not at once, so that a lasting fault does not eat the machine;
                // and it stops neither the commands nor the contents.
                self.mirror_wakes_at = Some(moment.now.plus(MIRROR_AGAIN));
                self.mirror_fault = Some(error);
                return Ok(());
            }
        };
        self.mirror_wakes_at = None;
        for step in steps {
            match step {
                mirror::Effect::NeedContents(contents) => {
                    self.transfer_step(TransferEvent::Wanted(contents), moment, effects)?;
                }
                mirror::Effect::OutboxChanged => self.outbox_changed(moment, effects)?,
                mirror::Effect::WakeAt(at) => {
                    self.mirror_wakes_at = Some(self.mirror_wakes_at.map_or(at, |earlier| earlier.min(at)));
                }
                mirror::Effect::Watch => effects.push(Effect::Watch),
                mirror::Effect::Changed(tags) => effects.push(Effect::Changed(tags.into_iter().collect())),
            }
        }
        Ok(())
    }

    /// Drops staged contents whose versions the server has confirmed.
    fn drop_settled_contents(&mut self) -> Result<(), CoreError> {
        // What the mirror is about to write on the disk need not be received again.
        if self.mirror.as_ref().is_some_and(Mirror::is_busy) {
            return Ok(());
        }
        let settled = self.replica.write(|tx| tx.take_settled_uploads(500))?;
        if !settled.is_empty() {
            failpoints::reached(Point::Settled);
        }
        for hash in settled {
            if let Err(error) = self.staging.remove(hash) {
                tracing::warn!(%error, "a staged content could not be removed");
            }
        }
        Ok(())
    }
}
