//! The transfer scheduler: contents out and in. A state machine; bytes are the host's.
//!
//! What somebody just saved or waits for has ways of its own, beside any number of others; of those the small ones go
//! first. Small contents travel many to a request, large ones in parts that survive a restart of either side. A content
//! is sent once whatever the number of versions that name it.

use std::collections::BTreeMap;

use domain::content::ContentHash;
use domain::time::Instant;
use protocol::command::ContentRef;
use protocol::failure::{Failure, FailureCode};
use protocol::transfer::{MissingReply, MissingRequest, PACK_BYTES, SMALL_CONTENT};
use protocol::view::{Load, Reason};
use store::replica::{PendingUpload, Replica};

use crate::backoff::Backoff;
use crate::remote::{Answer, RemoteError};

mod line;
mod receiving;

use line::{Large, Line};
use receiving::{Ended, Receiving};

/// Contents asked about at a time.
const ASK: usize = 2_000;
/// Packs and parts under way at a time, and as many of what somebody waits for: one is read while another is on the wire.
const UNDER_WAY: usize = 2;
/// Contents in one pack, whatever their size.
const PACK_ITEMS: usize = 1_000;
/// When contents that the server refused are offered again, in milliseconds.
const REFUSED_FOR: i64 = 120_000;

/// What happened.
#[expect(missing_docs, reason = "each variant says what its fields are")]
#[derive(Debug)]
pub enum TransferEvent {
    /// Commands that name new contents were executed.
    OutboxChanged,
    /// The mirror wishes for contents.
    Wanted(Vec<ContentRef>),
    /// Somebody waits for contents, such as a preview's.
    Asked(Vec<ContentRef>),
    /// The server said which contents it lacks.
    Missing(Answer<MissingReply>),
    /// A pack was sent. Contents whose staged copies could not be read are in `unreadable`.
    PackSent { sent: Vec<ContentHash>, unreadable: Vec<ContentHash>, answer: Answer<()> },
    /// A part of a large content was sent.
    PartSent { hash: ContentHash, part: u32, answer: Answer<()> },
    /// A large content was put together.
    Finished { hash: ContentHash, answer: Answer<()> },
    /// Contents were received into the staging.
    Fetched { asked: Vec<ContentHash>, arrived: Vec<ContentHash>, answer: Answer<()> },
    /// Time passed.
    Timer,
    /// The way to the server is open again, or somebody asks to try at once.
    Resume,
}

/// What to do about it.
#[expect(missing_docs, reason = "each variant says what its fields are")]
#[derive(Debug, PartialEq, Eq)]
pub enum TransferEffect {
    /// Ask which contents the server lacks.
    AskMissing(MissingRequest),
    /// Send small contents in one request.
    SendPack { contents: Vec<ContentRef>, is_urgent: bool },
    /// Send a part of a large content.
    SendPart { content: ContentRef, part: u32, is_urgent: bool },
    /// Have a large content put together.
    Finish(ContentRef),
    /// Receive small contents in one request.
    Fetch { contents: Vec<ContentRef>, is_urgent: bool },
    /// Receive a large content.
    FetchLarge { content: ContentRef, is_urgent: bool },
    /// Contents are on the server: commands that waited for them may go.
    Sent,
    /// Contents are in the staging.
    Arrived(Vec<ContentHash>),
}

/// The scheduler's state. What must survive a kill is in the replica and on the server.
#[derive(Debug, Default)]
pub struct Transfers {
    asking: Option<Vec<PendingUpload>>,
    /// What somebody just saved.
    first: Line,
    /// All else.
    rest: Line,
    /// Small contents under way, with whether they are urgent.
    packs: BTreeMap<ContentHash, (ContentRef, bool)>,
    uploads_wanted: bool,
    receiving: Receiving,
    /// When the server last refused contents: a disk that was full may have room again. A new life tries at once.
    refused_at: Option<Instant>,
    /// The server could not be reached by a request since this was last asked.
    is_cut: bool,
    backoff: Backoff,
    paused: bool,
}

impl Transfers {
    /// A scheduler that begins by asking what there is to send.
    pub fn new() -> Self {
        Self { uploads_wanted: true, refused_at: Some(Instant(0)), ..Self::default() }
    }

    /// Pauses or resumes: paused, it takes answers in and begins nothing.
    pub fn set_paused(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// Whether a request found no server since this was last asked.
    pub fn take_cut(&mut self) -> bool {
        std::mem::take(&mut self.is_cut)
    }

    /// Whether something is on its way or waits to be.
    pub fn is_busy(&self) -> bool {
        self.asking.is_some()
            || self.uploads_wanted
            || self.first.is_busy()
            || self.rest.is_busy()
            || self.receiving.is_busy()
    }

    /// What is wanted and not here yet.
    pub fn receiving(&self) -> Load {
        self.receiving.load()
    }

    /// How many contents the server did not give, and are asked for again later.
    pub fn unavailable(&self) -> u32 {
        self.receiving.unavailable()
    }

    /// Bytes that the server has of large contents that are not whole there yet.
    pub fn sent_in_part(&self) -> u64 {
        [&self.first, &self.rest].into_iter().filter_map(|line| line.sending.as_ref()).map(Large::sent).sum()
    }

    /// When to be woken at the latest, if ever.
    pub fn wake_at(&self) -> Option<Instant> {
        let refused = self.refused_at.map(|at| at.plus(REFUSED_FOR));
        self.receiving.wake_at().into_iter().chain(self.backoff.due()).chain(refused).min()
    }

    /// Takes an event in, and says what to do: also where it fails under way, for what was said is counted on.
    pub fn step(
        &mut self,
        event: TransferEvent,
        now: Instant,
        random: u64,
        replica: &Replica,
        effects: &mut Vec<TransferEffect>,
    ) -> store::Result<()> {
        match event {
            TransferEvent::OutboxChanged => self.uploads_wanted = true,
            TransferEvent::Wanted(contents) => contents.into_iter().for_each(|content| self.receiving.want(content)),
            TransferEvent::Asked(contents) => contents.into_iter().for_each(|content| self.receiving.ask(content)),
            TransferEvent::Missing(answer) => self.missing(answer, now, random, replica, effects)?,
            TransferEvent::PackSent { sent, unreadable, answer } => {
                let mut is_urgent = false;
                let mut contents = Vec::new();
                for hash in &sent {
                    if let Some((content, urgent)) = self.packs.remove(hash) {
                        is_urgent |= urgent;
                        contents.push(content);
                    }
                }
                for hash in unreadable {
                    is_urgent |= self.packs.remove(&hash).is_some_and(|(_, urgent)| urgent);
                    self.refused_at = Some(now);
                    replica.write(|tx| tx.upload_blocked(hash, Some(Reason::Damaged)))?;
                }
                let line = self.line(is_urgent);
                line.packs_under_way = line.packs_under_way.saturating_sub(1);
                self.settle(contents, answer, now, random, replica, effects)?;
            }
            TransferEvent::PartSent { hash, part, answer } => {
                self.part_sent(hash, part, answer, now, random, replica)?;
            }
            TransferEvent::Finished { hash, answer } => {
                if let Some(content) = self.end_large(hash) {
                    self.settle(vec![content], answer, now, random, replica, effects)?;
                }
            }
            TransferEvent::Fetched { asked, arrived, answer } => {
                self.fetched(&asked, arrived, answer, now, random, effects);
            }
            TransferEvent::Timer => {
                self.receiving.want_again(Some(now));
                if self.refused_at.is_some_and(|at| at.plus(REFUSED_FOR) <= now || now < at) {
                    self.refused_at = None;
                    self.uploads_wanted = true;
                    replica.write(|tx| tx.retry_uploads())?;
                }
            }
            TransferEvent::Resume => {
                self.backoff.reset();
                self.receiving.want_again(None);
                self.uploads_wanted = true;
            }
        }
        self.begin(now, replica, effects)
    }

    fn line(&mut self, is_urgent: bool) -> &mut Line {
        if is_urgent { &mut self.first } else { &mut self.rest }
    }

    /// Ends the sending of a large content, if it is under way.
    fn end_large(&mut self, hash: ContentHash) -> Option<ContentRef> {
        let mut lines = [&mut self.first, &mut self.rest].into_iter();
        let ended = lines.find_map(|line| line.sending.take_if(|large| large.content.hash == hash));
        ended.map(|large| large.content)
    }

    fn begin(&mut self, now: Instant, replica: &Replica, effects: &mut Vec<TransferEffect>) -> store::Result<()> {
        if !self.backoff.is_open(now) {
            return Ok(());
        }
        // A pause is for what goes on by itself: somebody who opens a document still sees it.
        self.receiving.begin_asked(effects);
        if self.paused {
            return Ok(());
        }
        self.ask(replica, effects)?;
        for is_urgent in [true, false] {
            for contents in self.line(is_urgent).begin_packs() {
                self.packs.extend(contents.iter().map(|content| (content.hash, (*content, is_urgent))));
                effects.push(TransferEffect::SendPack { contents, is_urgent });
            }
            self.line(is_urgent).begin_large(is_urgent, effects);
        }
        self.receiving.begin_wanted(effects);
        Ok(())
    }

    /// Asks which of the next contents the server lacks. Large contents that wait hold nobody up: a small one is asked
    /// about, and sent, before the next of them. While many small ones wait, what somebody just saved is asked about.
    fn ask(&mut self, replica: &Replica, effects: &mut Vec<TransferEffect>) -> store::Result<()> {
        if !self.uploads_wanted || self.asking.is_some() {
            return Ok(());
        }
        let is_urgent_only = !self.rest.small.is_empty();
        let next = replica.read(|tx| if is_urgent_only { tx.urgent_uploads(ASK) } else { tx.next_uploads(ASK) })?;
        self.uploads_wanted = false;
        // One that waits in the other line is asked about again where it became urgent.
        let waits = |upload: &PendingUpload| {
            let hash = upload.content.hash;
            self.packs.contains_key(&hash)
                || [&self.first, &self.rest].into_iter().any(|line| line.is_sending(hash))
                || self.first.holds(hash)
                || (self.rest.holds(hash) && !upload.is_urgent)
        };
        let uploads: Vec<PendingUpload> = next.into_iter().filter(|upload| !waits(upload)).collect();
        if !uploads.is_empty() {
            let contents = uploads.iter().map(|upload| upload.content).collect();
            self.asking = Some(uploads);
            effects.push(TransferEffect::AskMissing(MissingRequest { contents }));
        }
        Ok(())
    }

    fn missing(
        &mut self,
        answer: Answer<MissingReply>,
        now: Instant,
        random: u64,
        replica: &Replica,
        effects: &mut Vec<TransferEffect>,
    ) -> store::Result<()> {
        let Some(asked) = self.asking.take() else { return Ok(()) };
        match answer {
            Ok(reply) => {
                self.backoff.reset();
                let missing: BTreeMap<ContentHash, Vec<u32>> =
                    reply.missing.into_iter().map(|missing| (missing.hash, missing.parts)).collect();
                for upload in asked.iter().filter(|upload| upload.is_urgent) {
                    self.rest.drop(upload.content.hash);
                }
                let (to_send, held): (Vec<PendingUpload>, Vec<PendingUpload>) =
                    asked.into_iter().partition(|upload| missing.contains_key(&upload.content.hash));
                for PendingUpload { content, is_urgent } in to_send {
                    let line = self.line(is_urgent);
                    if content.size <= SMALL_CONTENT {
                        line.small.push_back(content);
                    } else {
                        let received = missing.get(&content.hash).into_iter().flatten().copied().collect();
                        line.large.push_back((content, received));
                    }
                }
                let held = held.into_iter().map(|upload| upload.content).collect();
                self.settle(held, Ok(()), now, random, replica, effects)?;
            }
            Err(error) => self.failed(&error, now, random),
        }
        Ok(())
    }

    /// Records contents as sent, or has them tried again.
    fn settle(
        &mut self,
        contents: Vec<ContentRef>,
        answer: Answer<()>,
        now: Instant,
        random: u64,
        replica: &Replica,
        effects: &mut Vec<TransferEffect>,
    ) -> store::Result<()> {
        match answer {
            Ok(()) => {
                self.backoff.reset();
                let hashes: Vec<ContentHash> = contents.iter().map(|content| content.hash).collect();
                self.uploads_wanted = true;
                if !hashes.is_empty() {
                    replica.write(|tx| tx.uploaded(&hashes))?;
                    effects.push(TransferEffect::Sent);
                }
            }
            Err(RemoteError::Refused(failure)) => self.refused(&contents, &failure, now, replica)?,
            Err(error) => self.failed(&error, now, random),
        }
        Ok(())
    }

    /// The server answered and does not take the contents, or a staged copy cannot be read: they wait with the reason, and
    /// the rest goes on.
    fn refused(
        &mut self,
        contents: &[ContentRef],
        failure: &Failure,
        now: Instant,
        replica: &Replica,
    ) -> store::Result<()> {
        let reason = match failure.code {
            FailureCode::DiskFull => Reason::ServerFull,
            FailureCode::ContentDamaged => Reason::Damaged,
            FailureCode::TooLarge => Reason::TooLarge,
            FailureCode::LocalFile => Reason::DiskError,
            _ => Reason::Refused,
        };
        tracing::warn!(%failure, contents = contents.len(), "contents were refused");
        self.uploads_wanted = true;
        self.refused_at = Some(now);
        replica.write(|tx| contents.iter().try_for_each(|content| tx.upload_blocked(content.hash, Some(reason))))
    }

    fn part_sent(
        &mut self,
        hash: ContentHash,
        part: u32,
        answer: Answer<()>,
        now: Instant,
        random: u64,
        replica: &Replica,
    ) -> store::Result<()> {
        let lines = [&mut self.first, &mut self.rest].into_iter();
        let sending = lines.filter_map(|line| line.sending.as_mut()).find(|large| large.content.hash == hash);
        let Some(large) = sending else { return Ok(()) };
        large.under_way.remove(&part);
        match answer {
            Ok(()) => self.backoff.reset(),
            Err(RemoteError::Refused(failure)) => {
                let content = large.content;
                self.end_large(hash);
                self.refused(&[content], &failure, now, replica)?;
            }
            Err(error) => {
                // Asking again tells which parts the server has; what is still on its way is then nobody's.
                self.end_large(hash);
                self.failed(&error, now, random);
            }
        }
        Ok(())
    }

    fn fetched(
        &mut self,
        asked: &[ContentHash],
        arrived: Vec<ContentHash>,
        answer: Answer<()>,
        now: Instant,
        random: u64,
        effects: &mut Vec<TransferEffect>,
    ) {
        let reached = match answer {
            Ok(()) => true,
            Err(RemoteError::Refused(failure)) => {
                tracing::warn!(%failure, contents = asked.len(), "contents were not given");
                true
            }
            Err(error) => {
                self.failed(&error, now, random);
                false
            }
        };
        self.receiving.ended(&Ended { asked, arrived: &arrived, reached }, now);
        if !arrived.is_empty() {
            effects.push(TransferEffect::Arrived(arrived));
        }
    }

    fn failed(&mut self, error: &RemoteError, now: Instant, random: u64) {
        tracing::debug!(%error, "a transfer failed");
        self.is_cut |= matches!(error, RemoteError::Unreachable(_));
        self.backoff.failed(now, random);
        self.uploads_wanted = true;
        // The server says again what it lacks once it can be reached.
        for line in [&mut self.first, &mut self.rest] {
            line.small.clear();
            line.large.clear();
        }
    }
}

/// The first contents of a list, up to a pack's size.
fn take_pack(contents: impl Iterator<Item = ContentRef>) -> Vec<ContentRef> {
    let mut bytes = 0;
    let mut pack = Vec::new();
    for content in contents.take(PACK_ITEMS) {
        bytes += content.size;
        if bytes > PACK_BYTES && !pack.is_empty() {
            break;
        }
        pack.push(content);
    }
    pack
}
