//! The transfer scheduler.

use agent::transfer::{TransferEffect, TransferEvent, Transfers};
use domain::content::ContentHash;
use domain::id::{FirmId, PersonId};
use domain::time::Instant;
use protocol::command::ContentRef;
use protocol::transfer::SMALL_CONTENT;
use store::replica::{Owner, Replica};
use uuid::Uuid;

struct Wire {
    replica: Replica,
    transfers: Transfers,
}

impl Wire {
    fn new() -> Self {
        let owner = Owner { firm: FirmId(Uuid::from_u128(1)), person: PersonId(Uuid::from_u128(2)) };
        let mut wire =
            Self { replica: Replica::memory(owner).expect("a replica in memory"), transfers: Transfers::new() };
        assert_eq!(wire.step(TransferEvent::Timer), [], "there is nothing to send");
        wire
    }

    fn step(&mut self, event: TransferEvent) -> Vec<TransferEffect> {
        let mut effects = Vec::new();
        self.transfers.step(event, Instant(0), 0, &self.replica, &mut effects).expect("a step");
        effects
    }

    fn arrived(&mut self, content: ContentRef) -> Vec<TransferEffect> {
        self.step(TransferEvent::Fetched { asked: vec![content.hash], arrived: vec![content.hash], answer: Ok(()) })
    }
}

fn small(number: u8) -> ContentRef {
    ContentRef { hash: ContentHash([number; 32]), size: 1_000 + u64::from(number) }
}

fn large(number: u8) -> ContentRef {
    ContentRef { hash: ContentHash([number; 32]), size: SMALL_CONTENT + u64::from(number) }
}

#[test]
fn content_that_arrives_during_a_pause_frees_the_way_for_the_next() {
    let mut wire = Wire::new();
    assert_eq!(wire.step(TransferEvent::Wanted(vec![large(1)])), [TransferEffect::FetchLarge(large(1))]);
    wire.transfers.set_paused(true);
    assert_eq!(wire.arrived(large(1)), [TransferEffect::Arrived(vec![large(1).hash])]);
    assert_eq!(wire.step(TransferEvent::Wanted(vec![large(2)])), [], "paused, it begins nothing");
    wire.transfers.set_paused(false);
    assert_eq!(wire.step(TransferEvent::Resume), [TransferEffect::FetchLarge(large(2))]);
}

#[test]
fn small_content_overtakes_any_number_of_large_ones() {
    let mut wire = Wire::new();
    let asked = wire.step(TransferEvent::Wanted(vec![large(1), large(2), large(3)]));
    assert_eq!(asked, [TransferEffect::FetchLarge(large(1))], "one way in stays free");
    assert_eq!(wire.step(TransferEvent::Wanted(vec![small(9)])), [TransferEffect::Fetch(vec![small(9)])]);
    assert_eq!(wire.arrived(small(9)), [TransferEffect::Arrived(vec![small(9).hash])]);
    let then = [TransferEffect::Arrived(vec![large(1).hash]), TransferEffect::FetchLarge(large(2))];
    assert_eq!(wire.arrived(large(1)), then, "the next large one follows the first");
}
