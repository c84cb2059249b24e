//! Runs a session's core on its own thread, and carries out its effects.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use content::StagingStore;
use disk::Filesystem;
use domain::content::ContentHash;
use domain::id::WorkstationId;
use domain::time::Instant;
use protocol::command::ContentRef;
use protocol::event::{AppEvent, Tag};
use protocol::presence::PresenceReply;
use protocol::view::Connection;
use store::replica::Replica;
use tokio::task::JoinHandle as Task;
use uuid::Uuid;

use super::http::{Heard, Remote};
use super::presence::{Elsewhere, Presence};
use super::traffic::Traffic;
use super::watch::Watch;
use super::{Arrivals, Listeners, lock, now, random};
use crate::core::{Core, Effect, Event, Glance, Moment};
use crate::remote::Answer;

/// At most ten events a second reach the interface; the last state is always sent.
const TELL_EVERY: i64 = 100;
/// How often it is told how far contents under way have come, in milliseconds.
const TELL_PROGRESS_EVERY: i64 = 1_000;
/// The most messages taken together, so that a flood of them still lets the rest of the loop happen.
const GATHERED: usize = 10_000;
/// How often a folder that cannot be watched is looked at, in milliseconds.
const UNWATCHED_RESCAN: i64 = 60_000;
/// A step that takes longer than this, in milliseconds, is told in the log: meanwhile nothing is seen of the disk.
const LONG_STEP: i64 = 500;
/// How long to wait before listening again to a server that closed.
const LISTEN_AGAIN: Duration = Duration::from_secs(2);

/// What the runner is told.
pub(super) enum Message {
    /// For the core.
    Event(Event),
    /// Data changed outside of it.
    Changed(BTreeSet<Tag>),
    /// Work that needs the core between two steps.
    With(Box<dyn FnOnce(&mut Core) + Send>),
    /// Mirror in this folder.
    Mirror(PathBuf),
    /// Pause or resume.
    Pause(bool),
    /// Others opened or closed a document.
    Presence,
    /// The server was told what is open here.
    PresenceTold(Answer<PresenceReply>),
    /// End.
    Stop,
}

/// What a runner is made of.
pub(super) struct Setup {
    pub(super) replica: Arc<Replica>,
    pub(super) staging: Arc<StagingStore>,
    pub(super) disk: Arc<dyn Filesystem>,
    pub(super) remote: Remote,
    pub(super) workstation: WorkstationId,
    pub(super) mirror_root: Option<PathBuf>,
    pub(super) kept_free: u64,
    pub(super) paused: bool,
    pub(super) traffic: Arc<Traffic>,
    pub(super) runtime: tokio::runtime::Handle,
    pub(super) listeners: Arc<Listeners>,
    pub(super) arrivals: Arc<Arrivals>,
    pub(super) elsewhere: Arc<Elsewhere>,
}

/// A running core.
pub(super) struct Runner {
    messages: Sender<Message>,
    glance: Arc<Mutex<Glance>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    listening: Task<()>,
}

impl Runner {
    pub(super) fn start(setup: Setup) -> Self {
        let (messages, received) = channel();
        let mut core = Core::new(Arc::clone(&setup.replica), Arc::clone(&setup.staging), setup.workstation, now());
        core.keep_free(setup.kept_free);
        core.set_paused(setup.paused);
        let glance = Arc::new(Mutex::new(core.glance()));
        let listening = setup.runtime.spawn(listen(setup.remote.clone(), messages.clone()));
        let running = Running {
            core,
            presence: Presence::new(Arc::clone(&setup.elsewhere)),
            setup,
            messages: messages.clone(),
            glance: Arc::clone(&glance),
            root: None,
            watch: None,
            held: None,
            scanned_at: Instant(0),
            untold: BTreeSet::new(),
            told_at: Instant(0),
            progress_at: Instant(0),
            is_moving: false,
        };
        let thread = std::thread::Builder::new().name("core".to_owned()).spawn(move || running.run(&received));
        let thread = thread.inspect_err(|error| tracing::error!(%error, "the core's thread did not start")).ok();
        Self { messages, glance, thread: Mutex::new(thread), listening }
    }

    /// Tells the runner something; one that has ended hears nothing.
    pub(super) fn send(&self, message: Message) {
        let _ = self.messages.send(message);
    }

    /// The core's state after its last step.
    pub(super) fn glance(&self) -> Glance {
        *lock(&self.glance)
    }

    /// Has the core's thread do `work` between two steps, and waits for it.
    pub(super) fn with<T: Send + 'static>(&self, work: impl FnOnce(&mut Core) -> T + Send + 'static) -> Option<T> {
        let (done, answer) = channel();
        self.send(Message::With(Box::new(move |core| {
            // Whoever asked may have gone.
            let _ = done.send(work(core));
        })));
        answer.recv().ok()
    }

    pub(super) fn stop(&self) {
        self.listening.abort();
        self.send(Message::Stop);
        let thread = lock(&self.thread).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the core's thread panicked");
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Hears of changes as they happen. That the way opens is a hint too, and so is that it closes or does not open: the pull
/// that follows finds out whether the server is gone, and the person is told at once rather than at the next poll.
async fn listen(remote: Remote, messages: Sender<Message>) {
    let tell = |heard| {
        let _ = messages.send(match heard {
            Heard::Change => Message::Event(Event::Hint),
            Heard::Presence => Message::Presence,
        });
    };
    let mut is_lost = false;
    loop {
        let mut was_open = false;
        let hear = |heard| {
            was_open = true;
            tell(heard);
        };
        if let Err(error) = remote.listen(hear).await {
            tracing::debug!(%error, "no live events");
        }
        if was_open || !is_lost {
            tell(Heard::Change);
        }
        is_lost = !was_open;
        tokio::time::sleep(LISTEN_AGAIN).await;
    }
}

/// A message with those that wait behind it, the disk's hints among them as one: thousands of files dropped at once are
/// thousands of hints, and none of them must keep an answer of the server waiting.
fn gather(first: Message, received: &Receiver<Message>) -> Vec<Message> {
    let mut messages = Vec::new();
    let mut touched = BTreeSet::new();
    for message in std::iter::once(first).chain(received.try_iter().take(GATHERED)) {
        match message {
            Message::Event(Event::Touched(paths)) => touched.extend(paths),
            other => messages.push(other),
        }
    }
    if !touched.is_empty() {
        messages.push(Message::Event(Event::Touched(touched.into_iter().collect())));
    }
    messages
}

struct Running {
    core: Core,
    presence: Presence,
    setup: Setup,
    messages: Sender<Message>,
    glance: Arc<Mutex<Glance>>,
    root: Option<PathBuf>,
    watch: Option<Watch>,
    /// The mirror's folder, held against other engines.
    held: Option<std::fs::File>,
    scanned_at: Instant,
    untold: BTreeSet<Tag>,
    told_at: Instant,
    /// When the traffic was last looked at, and whether something moved then.
    progress_at: Instant,
    is_moving: bool,
}

impl Running {
    fn run(mut self, received: &Receiver<Message>) {
        if let Some(root) = self.setup.mirror_root.clone() {
            self.begin_mirror(root);
        }
        self.step(Event::Timer);
        loop {
            let first = match received.recv_timeout(self.wait()) {
                Err(RecvTimeoutError::Disconnected) => return,
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => Message::Event(Event::Timer),
            };
            for message in gather(first, received) {
                match message {
                    Message::Event(event) => self.step(event),
                    Message::Changed(tags) => self.untold.extend(tags),
                    Message::With(work) => work(&mut self.core),
                    Message::Mirror(root) => {
                        self.begin_mirror(root);
                        self.step(Event::Timer);
                    }
                    Message::Pause(paused) => {
                        self.core.set_paused(paused);
                        self.step(if paused { Event::Timer } else { Event::Resume });
                        self.untold.insert(Tag::Sync);
                    }
                    Message::Presence => self.presence.ask(),
                    Message::PresenceTold(answer) => {
                        if self.presence.answered(answer, now()) {
                            self.untold.insert(Tag::Presence);
                        }
                    }
                    Message::Stop => return,
                }
            }
            self.look_without_watch();
            self.tell_what_is_open();
            self.look_at_traffic();
            let glance = self.core.glance();
            if *lock(&self.glance) != glance {
                *lock(&self.glance) = glance;
                self.untold.insert(Tag::Sync);
            }
            self.tell();
        }
    }

    fn begin_mirror(&mut self, root: PathBuf) {
        self.watch = None;
        self.root = Some(root.clone());
        self.core.begin_mirror(Arc::clone(&self.setup.disk), root, now());
    }

    /// Where the folder cannot be watched (a network drive, a system's limit), all of it is looked at now and then.
    fn look_without_watch(&mut self) {
        if self.root.is_some() && self.watch.is_none() && now().0 - self.scanned_at.0 >= UNWATCHED_RESCAN {
            self.scanned_at = now();
            self.step(Event::Rescan);
        }
    }

    /// Tells the server what is open here, where that changed or is to be told again.
    fn tell_what_is_open(&mut self) {
        if self.core.glance().connection != Connection::Online {
            return;
        }
        let open = self.core.mirror().map(|mirror| mirror.open_documents()).unwrap_or_default();
        let Some(request) = self.presence.next(&open, now()) else { return };
        let (remote, messages) = (self.setup.remote.clone(), self.messages.clone());
        self.setup.runtime.spawn(async move {
            // A runner that ended tells nobody any more.
            let _ = messages.send(Message::PresenceTold(remote.presence(&request).await));
        });
    }

    /// While contents move, how far they have come is told now and then.
    fn look_at_traffic(&mut self) {
        let now = now();
        if now.0 - self.progress_at.0 >= TELL_PROGRESS_EVERY || now < self.progress_at {
            self.progress_at = now;
            self.is_moving = self.setup.traffic.take_moved();
            if self.is_moving {
                self.untold.insert(Tag::Sync);
            }
        }
    }

    /// How long nothing has to be done.
    fn wait(&self) -> Duration {
        let mut until = self.core.wake_at();
        if self.is_moving {
            until = until.min(self.progress_at.plus(TELL_PROGRESS_EVERY));
        }
        if !self.untold.is_empty() {
            until = until.min(self.told_at.plus(TELL_EVERY));
        }
        let millis = until.0.saturating_sub(now().0).clamp(0, 30_000);
        Duration::from_millis(u64::try_from(millis).unwrap_or_default())
    }

    fn tell(&mut self) {
        let now = now();
        let quiet = now.0 - self.told_at.0 >= TELL_EVERY || now < self.told_at;
        if quiet && !self.untold.is_empty() {
            self.told_at = now;
            let tags = std::mem::take(&mut self.untold).into_iter().collect();
            self.setup.listeners.tell(&AppEvent::Changed { tags });
        }
    }

    fn step(&mut self, event: Event) {
        let began = now();
        let mut draw = random;
        let mut ids = Uuid::now_v7;
        let mut moment = Moment { now: began, random: &mut draw, ids: &mut ids };
        let mut effects = Vec::new();
        if let Err(error) = self.core.step(event, &mut moment, &mut effects) {
            // The replica or the mirror's disk failed: whatever it was is tried again at the next wake.
            tracing::error!(%error, "a step of the engine failed");
        }
        let took = now().0 - began.0;
        if took >= LONG_STEP {
            tracing::info!(took, "a step of the engine took long");
        }
        for effect in effects {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        self.is_moving |= matches!(
            effect,
            Effect::SendPack { .. } | Effect::SendPart { .. } | Effect::Fetch { .. } | Effect::FetchLarge { .. }
        );
        let remote = self.setup.remote.clone();
        let staging = Arc::clone(&self.setup.staging);
        match effect {
            Effect::Push(request) => self.spawn(async move { Event::Pushed(remote.push(&request).await) }),
            Effect::Pull(request) => self.spawn(async move { Event::Pulled(remote.pull(&request).await) }),
            Effect::AskMissing(request) => self.spawn(async move { Event::Missing(remote.missing(&request).await) }),
            Effect::SendPack { contents, is_urgent } => self.spawn(async move {
                let (unreadable, answer) = remote.send_pack(&staging, &contents, is_urgent).await;
                let sent = hashes(&contents).into_iter().filter(|hash| !unreadable.contains(hash)).collect();
                Event::PackSent { sent, unreadable, answer }
            }),
            Effect::SendPart { content, part, is_urgent } => self.spawn(async move {
                let answer = remote.send_part(&staging, content, part, is_urgent).await;
                Event::PartSent { hash: content.hash, part, answer }
            }),
            Effect::Finish(content) => {
                self.spawn(async move { Event::Finished { hash: content.hash, answer: remote.finish(content).await } });
            }
            Effect::Fetch { contents, is_urgent } => self.spawn(async move {
                let asked = hashes(&contents);
                let (arrived, answer) = remote.fetch(&staging, asked.clone(), is_urgent).await;
                Event::Fetched { asked, arrived, answer }
            }),
            Effect::FetchLarge { content, is_urgent } => self.spawn(async move {
                let answer = remote.fetch_large(&staging, content, is_urgent).await;
                let arrived = if answer.is_ok() { vec![content.hash] } else { Vec::new() };
                Event::Fetched { asked: vec![content.hash], arrived, answer }
            }),
            Effect::Watch => {
                self.held = None;
                self.held = self.root.as_deref().and_then(super::watch::hold);
                self.watch = self.root.as_ref().and_then(|root| Watch::start(root, self.messages.clone()));
                self.scanned_at = now();
            }
            Effect::Changed(tags) => self.untold.extend(tags),
            Effect::Arrived(_) => self.setup.arrivals.tell(),
        }
    }

    fn spawn(&self, work: impl Future<Output = Event> + Send + 'static) {
        let messages = self.messages.clone();
        self.setup.runtime.spawn(async move {
            // A runner that ended hears nothing; the work is done again by the next one.
            let _ = messages.send(Message::Event(work.await));
        });
    }
}

fn hashes(contents: &[ContentRef]) -> Vec<ContentHash> {
    contents.iter().map(|content| content.hash).collect()
}
