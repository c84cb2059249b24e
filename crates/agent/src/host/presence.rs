//! Who has which document open: told to the server while it lasts, and heard of others. A hint for people, which nothing
//! waits for: without the server there is none.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use domain::id::NodeId;
use domain::time::Instant;
use protocol::presence::{LEASE, MAX_OPEN, OpenDocument, OpenedElsewhere, PresenceReply, PresenceRequest};

use super::lock;
use crate::remote::Answer;

/// How often what is open is told again, and how long a server that did not answer is left alone.
const AGAIN: i64 = 30_000;

/// What others have open, as last heard.
#[derive(Default)]
pub(super) struct Elsewhere(Mutex<(Instant, Vec<OpenedElsewhere>)>);

impl Elsewhere {
    /// What others have open; nothing where it was heard too long ago.
    pub(super) fn list(&self, now: Instant) -> Vec<OpenedElsewhere> {
        let (heard_at, opened) = &*lock(&self.0);
        if (0..LEASE).contains(&now.0.saturating_sub(heard_at.0)) { opened.clone() } else { Vec::new() }
    }
}

/// What this workstation tells, and when.
#[derive(Default)]
pub(super) struct Presence {
    elsewhere: Arc<Elsewhere>,
    told: Vec<OpenDocument>,
    telling: Option<Vec<OpenDocument>>,
    told_at: Instant,
    is_wanted: bool,
    not_before: Instant,
}

impl Presence {
    pub(super) fn new(elsewhere: Arc<Elsewhere>) -> Self {
        Self { elsewhere, ..Self::default() }
    }

    /// Others opened or closed something.
    pub(super) fn ask(&mut self) {
        self.is_wanted = true;
    }

    /// What is to be told now, if anything.
    pub(super) fn next(&mut self, open: &BTreeMap<NodeId, &'static str>, now: Instant) -> Option<PresenceRequest> {
        let open: Vec<OpenDocument> = open
            .iter()
            .take(MAX_OPEN)
            .map(|(document, program)| OpenDocument { document: *document, program: (*program).to_owned() })
            .collect();
        let is_old = now.0.saturating_sub(self.told_at.0) >= AGAIN || now < self.told_at;
        let lasts = !open.is_empty() || !lock(&self.elsewhere.0).1.is_empty();
        let is_due = self.is_wanted || open != self.told || (is_old && lasts);
        if !is_due || self.telling.is_some() || now < self.not_before {
            return None;
        }
        self.is_wanted = false;
        self.telling = Some(open.clone());
        Some(PresenceRequest { open })
    }

    /// The server answered, or not. Whether what others have open changed.
    pub(super) fn answered(&mut self, answer: Answer<PresenceReply>, now: Instant) -> bool {
        let told = self.telling.take().unwrap_or_default();
        match answer {
            Ok(reply) => {
                (self.told, self.told_at) = (told, now);
                let mut elsewhere = lock(&self.elsewhere.0);
                let is_changed = elsewhere.1 != reply.elsewhere;
                *elsewhere = (now, reply.elsewhere);
                is_changed
            }
            Err(error) => {
                tracing::debug!(%error, "nobody was told what is open");
                self.not_before = now.plus(AGAIN);
                false
            }
        }
    }
}
