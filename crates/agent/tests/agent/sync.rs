//! The sync loop.

use agent::remote::RemoteError;
use agent::sync::{SyncEffect, SyncEvent, SyncLoop};
use domain::id::{FirmId, PersonId};
use domain::time::Instant;
use protocol::failure::{Failure, FailureCode};
use protocol::view::Connection;
use store::replica::{Owner, Replica};
use uuid::Uuid;

fn replica() -> Replica {
    let owner = Owner { firm: FirmId(Uuid::from_u128(1)), person: PersonId(Uuid::from_u128(2)) };
    Replica::memory(owner).expect("a replica in memory")
}

fn step(sync: &mut SyncLoop, replica: &Replica, event: SyncEvent, now: i64) -> Vec<SyncEffect> {
    let mut effects = Vec::new();
    sync.step(event, Instant(now), 0, replica, &mut effects).expect("a step");
    effects
}

fn pulls(effects: &[SyncEffect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, SyncEffect::Pull(_))).count()
}

#[test]
fn answer_that_comes_during_a_pause_is_taken_in_and_work_goes_on_after_it() {
    let replica = replica();
    let mut sync = SyncLoop::new(Instant(0));
    assert_eq!(pulls(&step(&mut sync, &replica, SyncEvent::Timer, 0)), 1, "it begins with a pull");
    sync.set_paused(true);
    let cut = SyncEvent::Pulled(Err(RemoteError::Unreachable("the wire was cut".to_owned())));
    assert_eq!(step(&mut sync, &replica, cut, 10), [], "paused, it asks for nothing");
    assert_eq!(sync.connection().0, Connection::Offline);
    assert_eq!(step(&mut sync, &replica, SyncEvent::Timer, 60_000), []);
    assert!(sync.wake_at() > Instant(60_000), "it does not spin while it is paused");
    sync.set_paused(false);
    assert_eq!(pulls(&step(&mut sync, &replica, SyncEvent::Resume, 60_010)), 1, "it goes on");
}

#[test]
fn server_that_refuses_whole_requests_is_told_from_one_that_does_not_answer() {
    let replica = replica();
    let mut sync = SyncLoop::new(Instant(0));
    step(&mut sync, &replica, SyncEvent::Timer, 0);
    let full = RemoteError::Refused(Failure::new(FailureCode::DiskFull, "for the test"));
    step(&mut sync, &replica, SyncEvent::Pulled(Err(full)), 10);
    assert!(sync.is_refused() && sync.is_busy(), "it is tried again");
    assert_eq!(pulls(&step(&mut sync, &replica, SyncEvent::Resume, 20)), 1);
    let cut = RemoteError::Unreachable("the wire was cut".to_owned());
    step(&mut sync, &replica, SyncEvent::Pulled(Err(cut)), 30);
    assert!(!sync.is_refused());
}

/// Whoever types their password into the banner of an expired session keeps the banner, whatever the machine does.
#[test]
fn expired_session_is_tried_again_without_being_shown_as_anything_else() {
    let replica = replica();
    let mut sync = SyncLoop::new(Instant(0));
    step(&mut sync, &replica, SyncEvent::Timer, 0);
    for now in [10, 100_000] {
        step(&mut sync, &replica, SyncEvent::Pulled(Err(RemoteError::SignedOut)), now);
        assert_eq!(step(&mut sync, &replica, SyncEvent::Timer, now + 60_000), [], "only a person makes it go on");
        assert_eq!(pulls(&step(&mut sync, &replica, SyncEvent::Resume, now + 60_010)), 1);
        assert_eq!(sync.connection().0, Connection::SessionExpired);
    }
}
