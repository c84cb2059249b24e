//! Contents on their way here: what somebody waits for at once and beside all else, what the mirror wishes for the
//! smallest first.

use std::collections::{BTreeMap, BTreeSet};

use domain::content::ContentHash;
use domain::time::Instant;
use protocol::command::ContentRef;
use protocol::transfer::SMALL_CONTENT;
use protocol::view::Load;

use super::{TransferEffect, UNDER_WAY, take_pack};

/// How long a content that the server does not give is left alone, in milliseconds.
const UNAVAILABLE_FOR: i64 = 60_000;

/// How a request for contents ended.
pub(super) struct Ended<'e> {
    pub(super) asked: &'e [ContentHash],
    pub(super) arrived: &'e [ContentHash],
    /// Whether the server answered, with contents or a refusal.
    pub(super) reached: bool,
}

/// Contents to receive.
#[derive(Debug, Default)]
pub(super) struct Receiving {
    /// What somebody waits for.
    asked: BTreeSet<(u64, ContentHash)>,
    /// What is under way for them, each in a request of its own.
    hurrying: BTreeMap<ContentHash, u64>,
    /// What the mirror wishes for, by size.
    wanted: BTreeSet<(u64, ContentHash)>,
    wanted_bytes: u64,
    /// What is under way for it.
    fetching: BTreeMap<ContentHash, u64>,
    requests: usize,
    /// What the server did not give: asked for again later.
    unavailable: BTreeMap<ContentHash, (u64, Instant)>,
}

impl Receiving {
    /// The mirror wishes for a content.
    pub(super) fn want(&mut self, content: ContentRef) {
        let ContentRef { hash, size } = content;
        let is_known = self.fetching.contains_key(&hash)
            || self.hurrying.contains_key(&hash)
            || self.unavailable.contains_key(&hash)
            || self.asked.contains(&(size, hash));
        if !is_known {
            self.insert(size, hash);
        }
    }

    /// Somebody waits for a content: now, whatever the mirror's wishes, and also where it is one of many small ones that
    /// are under way together, or was not to be had a moment ago.
    pub(super) fn ask(&mut self, content: ContentRef) {
        let ContentRef { hash, size } = content;
        let is_alone_under_way = size > SMALL_CONTENT && self.fetching.contains_key(&hash);
        if is_alone_under_way || self.hurrying.contains_key(&hash) {
            return;
        }
        self.remove(size, hash);
        self.unavailable.remove(&hash);
        self.asked.insert((size, hash));
    }

    fn insert(&mut self, size: u64, hash: ContentHash) {
        if self.wanted.insert((size, hash)) {
            self.wanted_bytes += size;
        }
    }

    fn remove(&mut self, size: u64, hash: ContentHash) {
        if self.wanted.remove(&(size, hash)) {
            self.wanted_bytes -= size;
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        !(self.asked.is_empty() && self.hurrying.is_empty() && self.wanted.is_empty() && self.fetching.is_empty())
    }

    /// What is not here yet.
    pub(super) fn load(&self) -> Load {
        let files = self.asked.len() + self.hurrying.len() + self.wanted.len() + self.fetching.len();
        let asked: u64 = self.asked.iter().map(|(size, _)| size).sum();
        let under_way: u64 = self.hurrying.values().chain(self.fetching.values()).sum();
        Load { files: u32::try_from(files).unwrap_or(u32::MAX), bytes: asked + under_way + self.wanted_bytes }
    }

    /// How many contents were not to be had.
    pub(super) fn unavailable(&self) -> u32 {
        u32::try_from(self.unavailable.len()).unwrap_or(u32::MAX)
    }

    /// When what was not to be had is next asked for.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        self.unavailable.values().map(|(_, at)| *at).min()
    }

    /// Asks again for what was not to be had: all of it, or what is due.
    pub(super) fn want_again(&mut self, due: Option<Instant>) {
        let is_due = |at: Instant| due.is_none_or(|now| at <= now);
        let again: Vec<(ContentHash, u64)> = self
            .unavailable
            .iter()
            .filter(|(_, (_, at))| is_due(*at))
            .map(|(hash, (size, _))| (*hash, *size))
            .collect();
        for (hash, size) in again {
            self.unavailable.remove(&hash);
            self.insert(size, hash);
        }
    }

    /// Begins what somebody waits for. It has ways of its own: no request of the mirror's has to end first.
    pub(super) fn begin_asked(&mut self, effects: &mut Vec<TransferEffect>) {
        while self.hurrying.len() < UNDER_WAY
            && let Some((size, hash)) = self.asked.pop_first()
        {
            self.hurrying.insert(hash, size);
            let content = ContentRef { hash, size };
            effects.push(if size > SMALL_CONTENT {
                TransferEffect::FetchLarge { content, is_urgent: true }
            } else {
                TransferEffect::Fetch { contents: vec![content], is_urgent: true }
            });
        }
    }

    /// Begins what the mirror wishes for.
    pub(super) fn begin_wanted(&mut self, effects: &mut Vec<TransferEffect>) {
        while self.requests < UNDER_WAY
            && let Some((size, hash)) = self.wanted.first().copied()
        {
            // One way in stays free for small contents.
            if size > SMALL_CONTENT && self.fetching.values().any(|size| *size > SMALL_CONTENT) {
                break;
            }
            let taken = if size > SMALL_CONTENT {
                let content = ContentRef { hash, size };
                effects.push(TransferEffect::FetchLarge { content, is_urgent: false });
                vec![content]
            } else {
                let small = self.wanted.iter().take_while(|(size, _)| *size <= SMALL_CONTENT);
                let contents = take_pack(small.map(|(size, hash)| ContentRef { hash: *hash, size: *size }));
                effects.push(TransferEffect::Fetch { contents: contents.clone(), is_urgent: false });
                contents
            };
            self.requests += 1;
            for content in taken {
                self.remove(content.size, content.hash);
                self.fetching.insert(content.hash, content.size);
            }
        }
    }

    /// Takes in how a request ended.
    pub(super) fn ended(&mut self, ended: &Ended<'_>, now: Instant) {
        let here: BTreeSet<ContentHash> = ended.arrived.iter().copied().collect();
        let hurried = match ended.asked {
            [alone] => self.hurrying.remove(alone).map(|size| (*alone, size)),
            _ => None,
        };
        let is_hurried = hurried.is_some();
        let mut left: Vec<(ContentHash, u64)> = hurried.into_iter().collect();
        if !is_hurried {
            self.requests = self.requests.saturating_sub(1);
            left = ended.asked.iter().filter_map(|hash| Some((*hash, self.fetching.remove(hash)?))).collect();
        }
        for (hash, size) in left {
            if here.contains(&hash) {
                // Whoever else wished for it has it too.
                self.asked.remove(&(size, hash));
                self.remove(size, hash);
            } else if ended.reached {
                self.unavailable.insert(hash, (size, now.plus(UNAVAILABLE_FOR)));
            } else if is_hurried {
                self.asked.insert((size, hash));
            } else {
                self.insert(size, hash);
            }
        }
    }
}
