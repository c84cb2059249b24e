//! The firms that are open: each with its store, its contents, and the sequence number that listeners wait for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::id::{FirmId, PersonId};
use domain::time::Instant;
use protocol::command::Outcome;
use protocol::feed::{PushReply, PushRequest};
use store::firm::{Caller, Firm};
use tokio::sync::watch;

use crate::contents::Contents;
use crate::data::{DataFolder, StartError};
use crate::pool::ClosedAside;
use crate::presence::Presence;

/// A firm being served.
pub(crate) struct OpenFirm {
    pub(crate) firm: ClosedAside<Firm>,
    pub(crate) contents: Contents,
    pub(crate) presence: Presence,
    head: watch::Sender<i64>,
}

impl OpenFirm {
    /// Executes commands, and wakes whoever waits for changes.
    pub(crate) fn push(&self, caller: &Caller, request: &PushRequest, now: Instant) -> store::Result<PushReply> {
        let reply = self.firm.push(caller, request, now)?;
        let last = reply.outcomes.iter().filter_map(|outcome| match outcome {
            Outcome::Done { seq } => Some(*seq),
            Outcome::Refused { .. } => None,
        });
        if let Some(last) = last.max() {
            self.wake(last);
        }
        Ok(reply)
    }

    /// Records that somebody chose a password, and wakes whoever waits for changes.
    pub(crate) fn join(&self, person: PersonId, now: Instant) -> store::Result<()> {
        if let Some(seq) = self.firm.join(person, now)? {
            self.wake(seq);
        }
        Ok(())
    }

    fn wake(&self, last: i64) {
        // A command received before tells an old number: nobody is woken for it.
        self.head.send_if_modified(|head| {
            let is_later = last > *head;
            *head = (*head).max(last);
            is_later
        });
    }

    /// The firm's sequence number, as it grows.
    pub(crate) fn head(&self) -> watch::Receiver<i64> {
        self.head.subscribe()
    }
}

/// The firms of a data folder, opened when somebody first asks for them.
pub(crate) struct Firms {
    data: Arc<DataFolder>,
    open: Mutex<BTreeMap<FirmId, Arc<OpenFirm>>>,
}

impl Firms {
    pub(crate) fn new(data: Arc<DataFolder>) -> Self {
        Self { data, open: Mutex::default() }
    }

    /// The firm, opening it if need be. Blocks.
    pub(crate) fn get(&self, id: FirmId, now: Instant) -> Result<Arc<OpenFirm>, StartError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(firm) = open.get(&id) {
            return Ok(Arc::clone(firm));
        }
        let firm = ClosedAside::new(Firm::open(self.data.firm(id)?, id));
        let contents = Contents::open(&self.data.firm_folder(id), now)?;
        let head = watch::Sender::new(firm.seq()?);
        let firm = Arc::new(OpenFirm { firm, contents, presence: Presence::default(), head });
        open.insert(id, Arc::clone(&firm));
        Ok(firm)
    }

    /// Closes all. Blocks.
    pub(crate) fn close(&self) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
