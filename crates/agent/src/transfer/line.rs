//! What is to be sent of one urgency: small contents first, large ones one after the other.

use std::collections::{BTreeSet, VecDeque};

use domain::content::ContentHash;
use protocol::command::ContentRef;
use protocol::transfer::PART_BYTES;

use super::{TransferEffect, UNDER_WAY, take_pack};

/// A large content being sent.
#[derive(Debug)]
pub(super) struct Large {
    pub(super) content: ContentRef,
    /// Parts not yet sent, in order.
    left: BTreeSet<u32>,
    pub(super) under_way: BTreeSet<u32>,
    finishing: bool,
}

impl Large {
    /// Bytes of it that the server has.
    pub(super) fn sent(&self) -> u64 {
        let missing = self.left.iter().chain(&self.under_way);
        let bytes = |part: &u32| PART_BYTES.min(self.content.size - u64::from(*part) * PART_BYTES);
        self.content.size - missing.map(bytes).sum::<u64>()
    }
}

/// What is to be sent of one urgency.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) small: VecDeque<ContentRef>,
    /// With the parts that the server has.
    pub(super) large: VecDeque<(ContentRef, BTreeSet<u32>)>,
    pub(super) packs_under_way: usize,
    /// The large content under way.
    pub(super) sending: Option<Large>,
}

impl Line {
    pub(super) fn is_busy(&self) -> bool {
        !self.small.is_empty() || !self.large.is_empty() || self.packs_under_way > 0 || self.sending.is_some()
    }

    /// Whether a large content is under way.
    pub(super) fn is_sending(&self, hash: ContentHash) -> bool {
        self.sending.as_ref().is_some_and(|large| large.content.hash == hash)
    }

    /// Whether a content waits for its turn.
    pub(super) fn holds(&self, hash: ContentHash) -> bool {
        self.large.iter().any(|(content, _)| content.hash == hash)
            || self.small.iter().any(|content| content.hash == hash)
    }

    /// Takes a content out of what waits.
    pub(super) fn drop(&mut self, hash: ContentHash) {
        self.small.retain(|content| content.hash != hash);
        self.large.retain(|(content, _)| content.hash != hash);
    }

    /// The next packs to send.
    pub(super) fn begin_packs(&mut self) -> Vec<Vec<ContentRef>> {
        let mut packs = Vec::new();
        while self.packs_under_way < UNDER_WAY && !self.small.is_empty() {
            let pack = take_pack(self.small.iter().copied());
            self.small.drain(..pack.len());
            self.packs_under_way += 1;
            packs.push(pack);
        }
        packs
    }

    /// Large contents go one after the other, and only when no small one of the same urgency waits.
    pub(super) fn begin_large(&mut self, is_urgent: bool, effects: &mut Vec<TransferEffect>) {
        if self.sending.is_none()
            && self.small.is_empty()
            && let Some((content, received)) = self.large.pop_front()
        {
            let parts = u32::try_from(content.size.div_ceil(PART_BYTES)).unwrap_or(u32::MAX);
            let left = (0..parts).filter(|part| !received.contains(part)).collect();
            self.sending = Some(Large { content, left, under_way: BTreeSet::new(), finishing: false });
        }
        let Some(large) = &mut self.sending else { return };
        while large.under_way.len() < UNDER_WAY
            && let Some(part) = large.left.pop_first()
        {
            large.under_way.insert(part);
            effects.push(TransferEffect::SendPart { content: large.content, part, is_urgent });
        }
        if large.left.is_empty() && large.under_way.is_empty() && !large.finishing {
            large.finishing = true;
            effects.push(TransferEffect::Finish(large.content));
        }
    }
}
