//! The transfer scheduler: contents out and in, small ones first. A state machine; bytes are the host's.
//!
//! Small contents travel many to a request, large ones in parts that survive a restart of either side. A content is sent
//! once whatever the number of versions that name it.

use std::collections::{BTreeMap, BTreeSet};

use domain::content::ContentHash;
use domain::time::Instant;
use protocol::command::ContentRef;
use protocol::failure::{Failure, FailureCode};
use protocol::transfer::{MissingReply, MissingRequest, PACK_BYTES, PART_BYTES, SMALL_CONTENT};
use protocol::view::{Load, Reason};
use store::replica::Replica;

use crate::backoff::Backoff;
use crate::remote::{Answer, RemoteError};

/// Contents asked about at a time.
const ASK: usize = 2_000;
/// Packs and parts under way at a time: one is read while another is on the wire.
const UNDER_WAY: usize = 2;
/// Contents in one pack, whatever their size.
const PACK_ITEMS: usize = 1_000;
/// How long a content that the server does not give is left alone, in milliseconds.
const UNAVAILABLE_FOR: i64 = 60_000;
/// When contents that the server refused are offered again, in milliseconds.
const REFUSED_FOR: i64 = 120_000;

/// What happened.
#[expect(missing_docs, reason = "each variant says what its fields are")]
#[derive(Debug)]
pub enum TransferEvent {
    /// Commands that name new contents were executed.
    OutboxChanged,
    /// The mirror or the interface wants contents.
    Wanted(Vec<ContentRef>),
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
    SendPack(Vec<ContentRef>),
    /// Send a part of a large content.
    SendPart { content: ContentRef, part: u32 },
    /// Have a large content put together.
    Finish(ContentRef),
    /// Receive small contents in one request.
    Fetch(Vec<ContentRef>),
    /// Receive a large content.
    FetchLarge(ContentRef),
    /// Contents are on the server: commands that waited for them may go.
    Sent,
    /// Contents are in the staging.
    Arrived(Vec<ContentHash>),
}

/// A large content being sent.
#[derive(Debug)]
struct Large {
    content: ContentRef,
    /// Parts not yet sent, in order.
    left: BTreeSet<u32>,
    under_way: BTreeSet<u32>,
    finishing: bool,
}

/// The scheduler's state. What must survive a kill is in the replica and on the server.
#[derive(Debug, Default)]
pub struct Transfers {
    asking: Option<Vec<ContentRef>>,
    to_send: Vec<ContentRef>,
    large_to_send: Vec<(ContentRef, BTreeSet<u32>)>,
    packs: BTreeMap<ContentHash, ContentRef>,
    packs_under_way: usize,
    large: Option<Large>,
    uploads_wanted: bool,
    wanted: BTreeMap<ContentHash, u64>,
    fetching: BTreeMap<ContentHash, u64>,
    fetches_under_way: usize,
    /// What the server did not give: asked for again later.
    unavailable: BTreeMap<ContentHash, (u64, Instant)>,
    /// When the server last refused contents: a disk that was full may have room again. A new life tries at once.
    refused_at: Option<Instant>,
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

    /// Whether something is on its way or waits to be.
    pub fn is_busy(&self) -> bool {
        self.asking.is_some()
            || self.uploads_wanted
            || !self.to_send.is_empty()
            || !self.large_to_send.is_empty()
            || self.packs_under_way > 0
            || self.large.is_some()
            || !self.wanted.is_empty()
            || !self.fetching.is_empty()
    }

    /// What is wanted and not here yet.
    pub fn receiving(&self) -> Load {
        let files = u32::try_from(self.wanted.len() + self.fetching.len()).unwrap_or(u32::MAX);
        Load { files, bytes: self.wanted.values().chain(self.fetching.values()).sum() }
    }

    /// When to be woken at the latest, if ever.
    pub fn wake_at(&self) -> Option<Instant> {
        let refused = self.refused_at.map(|at| at.plus(REFUSED_FOR));
        self.unavailable.values().map(|(_, at)| *at).chain(self.backoff.due()).chain(refused).min()
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
            TransferEvent::Wanted(contents) => {
                for content in contents {
                    let known =
                        self.fetching.contains_key(&content.hash) || self.unavailable.contains_key(&content.hash);
                    if !known {
                        self.wanted.insert(content.hash, content.size);
                    }
                }
            }
            TransferEvent::Missing(answer) => self.missing(answer, now, random, replica, effects)?,
            TransferEvent::PackSent { sent, unreadable, answer } => {
                self.packs_under_way = self.packs_under_way.saturating_sub(1);
                let contents: Vec<ContentRef> = sent.iter().filter_map(|hash| self.packs.remove(hash)).collect();
                for hash in unreadable {
                    self.packs.remove(&hash);
                    self.refused_at = Some(now);
                    replica.write(|tx| tx.upload_blocked(hash, Some(Reason::Damaged)))?;
                }
                self.settle(contents, answer, now, random, replica, effects)?;
            }
            TransferEvent::PartSent { hash, part, answer } => {
                self.part_sent(hash, part, answer, now, random, replica)?;
            }
            TransferEvent::Finished { hash, answer } => {
                if let Some(large) = self.large.take_if(|large| large.content.hash == hash) {
                    self.settle(vec![large.content], answer, now, random, replica, effects)?;
                }
            }
            TransferEvent::Fetched { asked, arrived, answer } => {
                self.fetched(&asked, arrived, answer, now, random, effects);
            }
            TransferEvent::Timer => {
                let due: Vec<ContentHash> =
                    self.unavailable.iter().filter(|(_, (_, at))| *at <= now).map(|(hash, _)| *hash).collect();
                self.want_again(due);
                if self.refused_at.is_some_and(|at| at.plus(REFUSED_FOR) <= now || now < at) {
                    self.refused_at = None;
                    self.uploads_wanted = true;
                    replica.write(|tx| tx.retry_uploads())?;
                }
            }
            TransferEvent::Resume => {
                self.backoff.reset();
                self.want_again(self.unavailable.keys().copied().collect());
                self.uploads_wanted = true;
            }
        }
        self.begin(now, replica, effects)
    }

    fn begin(&mut self, now: Instant, replica: &Replica, effects: &mut Vec<TransferEffect>) -> store::Result<()> {
        if !self.backoff.is_open(now) || self.paused {
            return Ok(());
        }
        // Large contents that wait hold nobody up: a small one is asked about, and sent, before the next of them.
        if self.uploads_wanted && self.asking.is_none() && self.to_send.is_empty() {
            let next = replica.read(|tx| tx.next_uploads(ASK))?;
            self.uploads_wanted = false;
            let under_way = |hash| {
                self.packs.contains_key(&hash)
                    || self.large.as_ref().is_some_and(|large| large.content.hash == hash)
                    || self.large_to_send.iter().any(|(content, _)| content.hash == hash)
            };
            let contents: Vec<ContentRef> =
                next.into_iter().map(|upload| upload.content).filter(|content| !under_way(content.hash)).collect();
            if !contents.is_empty() {
                self.asking = Some(contents.clone());
                effects.push(TransferEffect::AskMissing(MissingRequest { contents }));
            }
        }
        while !self.to_send.is_empty() && self.packs_under_way < UNDER_WAY {
            let pack = take_pack(&mut self.to_send);
            self.packs_under_way += 1;
            self.packs.extend(pack.iter().map(|content| (content.hash, *content)));
            effects.push(TransferEffect::SendPack(pack));
        }
        self.begin_large(effects);
        self.begin_fetch(effects);
        Ok(())
    }

    /// Large contents go one after the other, and only when no small one waits.
    fn begin_large(&mut self, effects: &mut Vec<TransferEffect>) {
        if self.large.is_none() && self.to_send.is_empty() && !self.large_to_send.is_empty() {
            let (content, received) = self.large_to_send.remove(0);
            let parts = u32::try_from(content.size.div_ceil(PART_BYTES)).unwrap_or(u32::MAX);
            let left = (0..parts).filter(|part| !received.contains(part)).collect();
            self.large = Some(Large { content, left, under_way: BTreeSet::new(), finishing: false });
        }
        let Some(large) = &mut self.large else { return };
        while large.under_way.len() < UNDER_WAY
            && let Some(part) = large.left.pop_first()
        {
            large.under_way.insert(part);
            effects.push(TransferEffect::SendPart { content: large.content, part });
        }
        if large.left.is_empty() && large.under_way.is_empty() && !large.finishing {
            large.finishing = true;
            effects.push(TransferEffect::Finish(large.content));
        }
    }

    fn begin_fetch(&mut self, effects: &mut Vec<TransferEffect>) {
        while self.fetches_under_way < UNDER_WAY && !self.wanted.is_empty() {
            let mut by_size: Vec<ContentRef> =
                self.wanted.iter().map(|(hash, size)| ContentRef { hash: *hash, size: *size }).collect();
            by_size.sort_by_key(|content| content.size);
            let first = by_size[0];
            // One way in stays free for small contents.
            if first.size > SMALL_CONTENT && self.fetching.values().any(|size| *size > SMALL_CONTENT) {
                break;
            }
            let asked = if first.size > SMALL_CONTENT {
                effects.push(TransferEffect::FetchLarge(first));
                vec![first]
            } else {
                by_size.retain(|content| content.size <= SMALL_CONTENT);
                let pack = take_pack(&mut by_size);
                effects.push(TransferEffect::Fetch(pack.clone()));
                pack
            };
            self.fetches_under_way += 1;
            for content in asked {
                self.wanted.remove(&content.hash);
                self.fetching.insert(content.hash, content.size);
            }
        }
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
                let (to_send, held): (Vec<ContentRef>, Vec<ContentRef>) =
                    asked.into_iter().partition(|content| missing.contains_key(&content.hash));
                for content in to_send {
                    if content.size <= SMALL_CONTENT {
                        self.to_send.push(content);
                    } else {
                        let received = missing.get(&content.hash).into_iter().flatten().copied().collect();
                        self.large_to_send.push((content, received));
                    }
                }
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

    /// The server answered, and does not take the contents: they wait with the reason, and the rest goes on.
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
        let Some(large) = self.large.as_mut().filter(|large| large.content.hash == hash) else { return Ok(()) };
        large.under_way.remove(&part);
        match answer {
            Ok(()) => self.backoff.reset(),
            Err(RemoteError::Refused(failure)) => {
                let content = large.content;
                self.large = None;
                self.refused(&[content], &failure, now, replica)?;
            }
            Err(error) => {
                // Asking again tells which parts the server has; what is still on its way is then nobody's.
                self.large = None;
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
        self.fetches_under_way = self.fetches_under_way.saturating_sub(1);
        let here: BTreeSet<ContentHash> = arrived.iter().copied().collect();
        let reached = match answer {
            Ok(()) | Err(RemoteError::Refused(_)) => true,
            Err(error) => {
                self.failed(&error, now, random);
                false
            }
        };
        for hash in asked {
            let Some(size) = self.fetching.remove(hash) else { continue };
            if here.contains(hash) {
                continue;
            }
            if reached {
                self.unavailable.insert(*hash, (size, now.plus(UNAVAILABLE_FOR)));
            } else {
                self.wanted.insert(*hash, size);
            }
        }
        if !arrived.is_empty() {
            effects.push(TransferEffect::Arrived(arrived));
        }
    }

    fn want_again(&mut self, hashes: Vec<ContentHash>) {
        for hash in hashes {
            if let Some((size, _)) = self.unavailable.remove(&hash) {
                self.wanted.insert(hash, size);
            }
        }
    }

    fn failed(&mut self, error: &RemoteError, now: Instant, random: u64) {
        tracing::debug!(%error, "a transfer failed");
        self.backoff.failed(now, random);
        self.uploads_wanted = true;
        // The server says again what it lacks once it can be reached.
        self.to_send.clear();
        self.large_to_send.clear();
    }
}

/// Takes the first contents of a list, up to a pack's size.
fn take_pack(contents: &mut Vec<ContentRef>) -> Vec<ContentRef> {
    let mut bytes = 0;
    let fits = contents
        .iter()
        .take(PACK_ITEMS)
        .take_while(|content| {
            bytes += content.size;
            bytes <= PACK_BYTES
        })
        .count();
    contents.drain(..fits.max(1)).collect()
}
