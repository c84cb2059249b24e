//! Who has which document open, in memory: a workstation tells it, and is believed for a while.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use domain::id::{PersonId, WorkstationId};
use domain::time::Instant;
use protocol::presence::{LEASE, MAX_OPEN, MAX_PROGRAM, OpenDocument, OpenedElsewhere};
use tokio::sync::watch;

/// What the workstations of a firm tell of.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    leases: Mutex<BTreeMap<WorkstationId, Lease>>,
    changed: watch::Sender<u64>,
}

#[derive(Debug)]
struct Lease {
    person: PersonId,
    since: Instant,
    open: Vec<OpenDocument>,
}

impl Presence {
    /// Takes in all that a workstation has open, and gives what others have.
    pub(crate) fn tell(
        &self,
        workstation: WorkstationId,
        person: PersonId,
        open: Vec<OpenDocument>,
        now: Instant,
    ) -> Vec<OpenedElsewhere> {
        let mut open: Vec<OpenDocument> = open.into_iter().take(MAX_OPEN).map(shown).collect();
        open.sort();
        let mut leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        leases.retain(|_, lease| (0..LEASE).contains(&now.0.saturating_sub(lease.since.0)));
        let before = leases.remove(&workstation);
        let told = before.map_or((person, Vec::new()), |lease| (lease.person, lease.open));
        let is_new = told != (person, open.clone());
        let elsewhere = leases.values().flat_map(|lease| {
            let opened = |open: &OpenDocument| OpenedElsewhere {
                document: open.document,
                person: lease.person,
                program: open.program.clone(),
            };
            lease.open.iter().map(opened)
        });
        let mut elsewhere: Vec<OpenedElsewhere> = elsewhere.collect();
        elsewhere.sort_by_key(|opened| (opened.document, opened.person));
        if !open.is_empty() {
            leases.insert(workstation, Lease { person, since: now, open });
        }
        drop(leases);
        if is_new {
            self.changed.send_modify(|count| *count += 1);
        }
        elsewhere
    }

    /// Moves on when somebody opens or closes something.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}

/// A program's name as others will read it: one line, not too long.
fn shown(open: OpenDocument) -> OpenDocument {
    let program = open.program.chars().filter(|c| !c.is_control()).take(MAX_PROGRAM).collect();
    OpenDocument { program, ..open }
}

#[cfg(test)]
mod tests {
    use domain::id::NodeId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_told_is_believed_for_a_while_and_by_the_others_only() {
        let presence = Presence::default();
        let (one, other) = (WorkstationId(Uuid::from_u128(1)), WorkstationId(Uuid::from_u128(2)));
        let (marie, paul) = (PersonId(Uuid::from_u128(3)), PersonId(Uuid::from_u128(4)));
        let document = NodeId(Uuid::from_u128(5));
        let open = vec![OpenDocument { document, program: "Excel\n".repeat(20) }];
        assert!(presence.tell(one, marie, open.clone(), Instant(0)).is_empty(), "one's own is not told back");
        let seen = presence.tell(other, paul, Vec::new(), Instant(1_000));
        assert_eq!(seen, [OpenedElsewhere { document, person: marie, program: "Excel".repeat(8) }]);
        assert_eq!(presence.tell(other, paul, Vec::new(), Instant(LEASE)), [], "it ends by itself");
        let mut changes = presence.changes();
        presence.tell(one, marie, open.clone(), Instant(LEASE));
        assert!(changes.has_changed().expect("it is there"));
        changes.mark_unchanged();
        presence.tell(one, marie, open, Instant(LEASE + 30_000));
        assert!(!changes.has_changed().expect("it is there"), "told again it is no news");
        presence.tell(one, marie, Vec::new(), Instant(LEASE + 31_000));
        assert_eq!(presence.tell(other, paul, Vec::new(), Instant(LEASE + 32_000)), [], "and when it is closed");
    }
}
