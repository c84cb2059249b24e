//! The sync loop: commands out, rows in. A state machine; it opens no socket and reads no clock.
//!
//! One push and one pull may be under way at a time, independently. It never touches the mirrored folder.

use domain::id::CommandId;
use domain::time::Instant;
use failpoints::Point;
use protocol::feed::{PullReply, PullRequest, PushReply, PushRequest};
use protocol::view::Connection;
use store::replica::{Applied, Replica};

use crate::backoff::Backoff;
use crate::remote::{Answer, RemoteError};

/// Commands in one push.
const PUSH_LIMIT: usize = 1_000;
/// Rows in one page.
const PAGE_ROWS: u32 = 5_000;
/// How often to pull without a hint, in milliseconds: the fallback where live events do not get through.
const POLL_EVERY: i64 = 30_000;

/// What happened.
#[derive(Debug)]
pub enum SyncEvent {
    /// Commands were executed here, or contents they waited for were sent.
    OutboxChanged,
    /// The server says that something changed, or the way to it is open again.
    Hint,
    /// A push was answered, or not.
    Pushed(Answer<PushReply>),
    /// A pull was answered, or not.
    Pulled(Answer<PullReply>),
    /// Time passed.
    Timer,
    /// Somebody signed in again, or asks to try at once.
    Resume,
}

/// What to do about it.
#[derive(Debug, PartialEq)]
pub enum SyncEffect {
    /// Send commands.
    Push(PushRequest),
    /// Ask for rows.
    Pull(PullRequest),
    /// A pull was applied.
    Applied(Applied),
    /// Answers to commands were recorded: marks and counts changed.
    Answered,
}

/// What the server last refused as a whole.
#[derive(Debug, Default)]
struct Refused {
    push: bool,
    pull: bool,
}

/// What becomes of a connection that only a person can mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Halt {
    /// Nothing is asked.
    Heeded,
    /// It is tried all the same, until the server has answered.
    Tried,
}

/// The sync loop's state. What must survive a kill is in the replica.
#[derive(Debug)]
pub struct SyncLoop {
    connection: Connection,
    since: Instant,
    pushing: Option<Vec<CommandId>>,
    pulling: Option<PullRequest>,
    push_wanted: bool,
    pull_wanted: bool,
    refused: Refused,
    halt: Halt,
    backoff: Backoff,
    polled_at: Instant,
    paused: bool,
}

impl SyncLoop {
    /// A loop that begins with a push of what waits and a pull.
    pub fn new(now: Instant) -> Self {
        Self {
            connection: Connection::Offline,
            since: now,
            pushing: None,
            pulling: None,
            push_wanted: true,
            pull_wanted: true,
            refused: Refused::default(),
            halt: Halt::Heeded,
            backoff: Backoff::default(),
            polled_at: now,
            paused: false,
        }
    }

    /// Pauses or resumes: paused, it takes answers in and asks for nothing more than the rest of a pull under way.
    pub fn set_paused(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// How the workstation stands with the server, and since when.
    pub fn connection(&self) -> (Connection, Instant) {
        (self.connection, self.since)
    }

    /// Whether a push or pull is under way or wanted.
    pub fn is_busy(&self) -> bool {
        self.pushing.is_some() || self.pulling.is_some() || self.push_wanted || self.pull_wanted
    }

    /// Whether the server answers, and last refused a push or a pull as a whole, such as one whose disk is full.
    pub fn is_refused(&self) -> bool {
        self.refused.push || self.refused.pull
    }

    /// When to be woken at the latest.
    pub fn wake_at(&self) -> Instant {
        let poll = self.polled_at.plus(POLL_EVERY);
        self.backoff.due().map_or(poll, |due| due.min(poll))
    }

    /// Takes an event in, and says what to do: also where it fails under way, for what was said is counted on.
    pub fn step(
        &mut self,
        event: SyncEvent,
        now: Instant,
        random: u64,
        replica: &Replica,
        effects: &mut Vec<SyncEffect>,
    ) -> store::Result<()> {
        match event {
            SyncEvent::OutboxChanged => self.push_wanted = true,
            SyncEvent::Hint => {
                self.pull_wanted = true;
                self.backoff.reset();
            }
            SyncEvent::Resume => {
                self.backoff.reset();
                // Shown as it was until the server has answered: whoever types their password is not interrupted.
                self.halt = if self.is_halted() { Halt::Tried } else { Halt::Heeded };
                (self.push_wanted, self.pull_wanted) = (true, true);
            }
            SyncEvent::Timer => {
                if now.0 - self.polled_at.0 >= POLL_EVERY || now < self.polled_at {
                    self.pull_wanted = true;
                    self.polled_at = now;
                }
            }
            SyncEvent::Pushed(answer) => self.pushed(answer, now, random, replica, effects)?,
            SyncEvent::Pulled(answer) => self.pulled(answer, now, random, replica, effects)?,
        }
        self.begin(now, replica, effects)
    }

    /// Whether only a person can make it go on.
    fn is_halted(&self) -> bool {
        matches!(self.connection, Connection::SessionExpired | Connection::UpdateNeeded)
    }

    fn begin(&mut self, now: Instant, replica: &Replica, effects: &mut Vec<SyncEffect>) -> store::Result<()> {
        let is_halted = self.is_halted() && self.halt == Halt::Heeded;
        if !self.backoff.is_open(now) || is_halted || self.paused {
            return Ok(());
        }
        if self.push_wanted && self.pushing.is_none() {
            let batch = replica.read(|tx| tx.next_batch(PUSH_LIMIT))?;
            self.push_wanted = false;
            // Where nothing is left to send, nothing is refused any more.
            self.refused.push &= !batch.commands.is_empty();
            if !batch.commands.is_empty() {
                self.pushing = Some(batch.commands.iter().map(|envelope| envelope.id).collect());
                effects.push(SyncEffect::Push(PushRequest {
                    commands: batch.commands,
                    schema_version: protocol::SCHEMA_VERSION,
                }));
            }
        }
        if self.pull_wanted && self.pulling.is_none() {
            let request = replica.write(|tx| {
                tx.discard_stage()?;
                tx.pull_request(PAGE_ROWS)
            })?;
            self.pull_wanted = false;
            self.polled_at = now;
            self.pulling = Some(request.clone());
            effects.push(SyncEffect::Pull(request));
        }
        Ok(())
    }

    fn pushed(
        &mut self,
        answer: Answer<PushReply>,
        now: Instant,
        random: u64,
        replica: &Replica,
        effects: &mut Vec<SyncEffect>,
    ) -> store::Result<()> {
        let Some(sent) = self.pushing.take() else { return Ok(()) };
        self.refused.push = matches!(answer, Err(RemoteError::Refused(_)));
        match answer {
            Ok(reply) => {
                self.reached(now);
                let answers: Vec<_> = sent.into_iter().zip(reply.outcomes).collect();
                // What was acknowledged is confirmed by the pull that brings its rows.
                (self.push_wanted, self.pull_wanted) = (true, true);
                failpoints::reached(Point::Pushed);
                replica.write(|tx| tx.answered(&answers))?;
                failpoints::reached(Point::Answered);
                effects.push(SyncEffect::Answered);
            }
            Err(error) => {
                self.push_wanted = true;
                self.failed(error, now, random);
            }
        }
        Ok(())
    }

    fn pulled(
        &mut self,
        answer: Answer<PullReply>,
        now: Instant,
        random: u64,
        replica: &Replica,
        effects: &mut Vec<SyncEffect>,
    ) -> store::Result<()> {
        let Some(mut request) = self.pulling.take() else { return Ok(()) };
        self.refused.pull = matches!(answer, Err(RemoteError::Refused(_)));
        // Until it is applied, it is to be asked for again.
        let was_wanted = std::mem::replace(&mut self.pull_wanted, true);
        match answer {
            Ok(PullReply::Page(page)) => {
                failpoints::reached(Point::Pulled);
                self.reached(now);
                if let Some(next) = page.next.clone() {
                    replica.write(|tx| tx.stage(&page))?;
                    request.resume = Some(next);
                    self.pulling = Some(request.clone());
                    effects.push(SyncEffect::Pull(request));
                } else {
                    effects.push(SyncEffect::Applied(replica.write(|tx| tx.apply(&page))?));
                    // After a server was set back, a pull puts kept commands in line.
                    self.push_wanted = true;
                    failpoints::reached(Point::Applied);
                }
                self.pull_wanted = was_wanted;
            }
            Ok(PullReply::SightChanged) => {
                self.reached(now);
                request.resume = None;
                request.held = Some(replica.write(|tx| {
                    tx.discard_stage()?;
                    tx.grants()
                })?);
                self.pulling = Some(request.clone());
                effects.push(SyncEffect::Pull(request));
                self.pull_wanted = was_wanted;
            }
            Ok(PullReply::NewEpoch { epoch }) => {
                self.reached(now);
                // Commands that the former server had acknowledged wait again.
                self.push_wanted = true;
                replica.write(|tx| tx.begin_epoch(&epoch))?;
            }
            Err(error) => self.failed(error, now, random),
        }
        Ok(())
    }

    fn reached(&mut self, now: Instant) {
        self.halt = Halt::Heeded;
        self.backoff.reset();
        self.set_connection(Connection::Online, now);
    }

    fn failed(&mut self, error: RemoteError, now: Instant, random: u64) {
        self.backoff.failed(now, random);
        self.halt = Halt::Heeded;
        match error {
            RemoteError::SignedOut => self.set_connection(Connection::SessionExpired, now),
            RemoteError::UpdateNeeded => self.set_connection(Connection::UpdateNeeded, now),
            RemoteError::Unreachable(_) => self.set_connection(Connection::Offline, now),
            RemoteError::Refused(failure) => tracing::error!(%failure, "the server refused a whole request"),
        }
    }

    fn set_connection(&mut self, connection: Connection, now: Instant) {
        if self.connection != connection {
            self.connection = connection;
            self.since = now;
        }
    }
}
