//! The transfer scheduler.

use agent::remote::RemoteError;
use agent::transfer::{TransferEffect, TransferEvent, Transfers};
use domain::content::ContentHash;
use domain::id::{ClientFileId, CommandId, FirmId, NodeId, PersonId, VersionId, WorkstationId};
use domain::time::Instant;
use protocol::command::{Command, ContentRef, Envelope, Naming};
use protocol::failure::{Failure, FailureCode};
use protocol::feed::{PullReply, PushRequest};
use protocol::transfer::{Missing, MissingReply, SMALL_CONTENT};
use protocol::view::{Load, Reason, SyncMark};
use store::engine::{Engine, Schema};
use store::firm::{Caller, Firm, FirstAdministrator};
use store::replica::{Owner, Replica};
use uuid::Uuid;

struct Wire {
    replica: Replica,
    transfers: Transfers,
    ids: u128,
}

const CLIENT: ClientFileId = ClientFileId(Uuid::from_u128(4));

impl Wire {
    fn new() -> Self {
        let owner = Owner { firm: FirmId(Uuid::from_u128(1)), person: PersonId(Uuid::from_u128(2)) };
        let replica = Replica::memory(owner).expect("a replica in memory");
        let mut wire = Self { replica, transfers: Transfers::new(), ids: 100 };
        assert_eq!(wire.step(TransferEvent::Timer), [], "there is nothing to send");
        wire
    }

    /// Of the administrator of a firm with one client file.
    fn of_a_firm() -> Self {
        let mut wire = Self::new();
        let Owner { firm, person } = wire.replica.owner();
        let first = FirstAdministrator {
            person,
            email: "a@cabinet.fr".into(),
            first_name: "Anne".into(),
            last_name: "Martin".into(),
        };
        let firm = Firm::create(Engine::memory(Schema::Firm).unwrap(), firm, "Cabinet", "epoch", &first).unwrap();
        let create = Command::CreateClientFile {
            client_file: CLIENT,
            name: "Alter Ce".into(),
            siren: None,
            fiscal_years: Vec::new(),
            assigned: Vec::new(),
        };
        let request = PushRequest { commands: vec![wire.envelope(create)], schema_version: protocol::SCHEMA_VERSION };
        let caller = Caller { person, workstation_name: "poste".into() };
        firm.push(&caller, &request, Instant(0)).unwrap();
        let request = wire.replica.write(|tx| tx.pull_request(10_000)).unwrap();
        let PullReply::Page(page) = firm.pull(person, &request).unwrap() else { panic!("a first pull gives pages") };
        wire.replica.write(|tx| tx.apply(&page)).unwrap();
        wire
    }

    fn fresh(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    fn envelope(&mut self, command: Command) -> Envelope {
        let (id, workstation) = (CommandId(self.fresh()), WorkstationId(Uuid::from_u128(3)));
        Envelope { id, workstation, made_at: Instant(0), strict: false, command }
    }

    fn does(&mut self, command: Command) {
        let envelope = self.envelope(command);
        self.replica.write(|tx| tx.execute(&envelope)).expect("a command");
    }

    fn adds(&mut self, parent: NodeId, content: ContentRef) -> NodeId {
        let (node, version) = (NodeId(self.fresh()), VersionId(self.fresh()));
        let (name, naming) = (format!("{}.pdf", self.ids), Naming::ByMachine);
        self.does(Command::AddDocument { node, parent, name, naming, version, content, modified_at: Instant(0) });
        node
    }

    fn saves(&mut self, node: NodeId, content: ContentRef) {
        let version = VersionId(self.fresh());
        self.does(Command::AddVersion { node, version, base: None, content, modified_at: Instant(0) });
    }

    /// The server says that it has none of these.
    fn lacks(&mut self, contents: &[ContentRef]) -> Vec<TransferEffect> {
        let missing = contents.iter().map(|content| Missing { hash: content.hash, parts: Vec::new() }).collect();
        self.step(TransferEvent::Missing(Ok(MissingReply { missing })))
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

/// A content of another number than the small and large ones.
fn content(number: u128, size: u64) -> ContentRef {
    ContentRef { hash: ContentHash::of(&number.to_be_bytes()), size }
}

/// The contents asked about.
fn asked(effects: &[TransferEffect]) -> Option<Vec<ContentRef>> {
    effects.iter().find_map(|effect| match effect {
        TransferEffect::AskMissing(request) => Some(request.contents.clone()),
        _ => None,
    })
}

fn fetch_large(number: u8) -> TransferEffect {
    TransferEffect::FetchLarge { content: large(number), is_urgent: false }
}

#[test]
fn content_that_arrives_during_a_pause_frees_the_way_for_the_next() {
    let mut wire = Wire::new();
    assert_eq!(wire.step(TransferEvent::Wanted(vec![large(1)])), [fetch_large(1)]);
    wire.transfers.set_paused(true);
    assert_eq!(wire.arrived(large(1)), [TransferEffect::Arrived(vec![large(1).hash])]);
    assert_eq!(wire.step(TransferEvent::Wanted(vec![large(2)])), [], "paused, it begins nothing");
    wire.transfers.set_paused(false);
    assert_eq!(wire.step(TransferEvent::Resume), [fetch_large(2)]);
}

#[test]
fn a_request_that_finds_no_server_is_told_once() {
    let mut wire = Wire::new();
    let refused = RemoteError::Refused(Failure::new(FailureCode::NotFound, "for the test"));
    for (error, is_cut) in [(refused, false), (RemoteError::Unreachable("the wire was cut".to_owned()), true)] {
        wire.step(TransferEvent::Wanted(vec![small(1)]));
        let asked = vec![small(1).hash];
        wire.step(TransferEvent::Fetched { asked, arrived: Vec::new(), answer: Err(error) });
        assert_eq!((wire.transfers.take_cut(), wire.transfers.take_cut()), (is_cut, false));
        wire.step(TransferEvent::Resume);
    }
}

#[test]
fn small_content_overtakes_any_number_of_large_ones() {
    let mut wire = Wire::new();
    let asked = wire.step(TransferEvent::Wanted(vec![large(1), large(2), large(3)]));
    assert_eq!(asked, [fetch_large(1)], "one way in stays free");
    assert_eq!(
        wire.step(TransferEvent::Wanted(vec![small(9)])),
        [TransferEffect::Fetch { contents: vec![small(9)], is_urgent: false }]
    );
    assert_eq!(wire.arrived(small(9)), [TransferEffect::Arrived(vec![small(9).hash])]);
    let then = [TransferEffect::Arrived(vec![large(1).hash]), fetch_large(2)];
    assert_eq!(wire.arrived(large(1)), then, "the next large one follows the first");
}

#[test]
fn what_somebody_waits_for_goes_beside_all_the_mirror_wishes_for() {
    let mut wire = Wire::new();
    let pack: Vec<ContentRef> = (10..15).map(small).collect();
    wire.step(TransferEvent::Wanted(vec![large(1), large(2)]));
    let begun = wire.step(TransferEvent::Wanted(pack.clone()));
    assert_eq!(begun, [TransferEffect::Fetch { contents: pack.clone(), is_urgent: false }], "both ways are taken");
    wire.step(TransferEvent::Wanted((20..60).map(small).collect()));

    let now = |content| [TransferEffect::Fetch { contents: vec![content], is_urgent: true }];
    assert_eq!(wire.step(TransferEvent::Asked(vec![small(9)])), now(small(9)), "at once");
    let large_now = [TransferEffect::FetchLarge { content: large(3), is_urgent: true }];
    assert_eq!(wire.step(TransferEvent::Asked(vec![large(3)])), large_now, "a large one too");
    assert_eq!(wire.step(TransferEvent::Asked(vec![small(30)])), [], "two at a time");
    assert_eq!(wire.arrived(small(9))[1..], now(small(30)), "then the next");
    wire.arrived(small(30));
    assert_eq!(wire.step(TransferEvent::Asked(vec![large(1)])), [], "one that is under way alone is on its way");
    let again = wire.step(TransferEvent::Asked(vec![pack[4]]));
    assert_eq!(again, now(pack[4]), "not when all that is beside it has come");

    let asked: Vec<_> = pack.iter().map(|content| content.hash).collect();
    let arrived = TransferEvent::Fetched { asked: asked.clone(), arrived: asked, answer: Ok(()) };
    let next = wire.step(arrived);
    let rest: Vec<ContentRef> = (20..60).filter(|number| *number != 30).map(small).collect();
    assert_eq!(
        next[1..],
        [TransferEffect::Fetch { contents: rest, is_urgent: false }],
        "what came is not asked for twice"
    );
}

#[test]
fn what_somebody_opens_during_a_pause_is_received() {
    let mut wire = Wire::new();
    wire.transfers.set_paused(true);
    assert_eq!(wire.step(TransferEvent::Wanted(vec![small(1)])), []);
    let now = [TransferEffect::Fetch { contents: vec![small(2)], is_urgent: true }];
    assert_eq!(wire.step(TransferEvent::Asked(vec![small(2)])), now);
}

#[test]
fn what_was_not_to_be_had_is_asked_for_again_when_somebody_opens_it() {
    let mut wire = Wire::new();
    wire.step(TransferEvent::Wanted(vec![small(1)]));
    let nothing = TransferEvent::Fetched { asked: vec![small(1).hash], arrived: Vec::new(), answer: Ok(()) };
    assert_eq!(wire.step(nothing), []);
    assert_eq!(wire.step(TransferEvent::Wanted(vec![small(1)])), [], "left alone for a while");
    let now = [TransferEffect::Fetch { contents: vec![small(1)], is_urgent: true }];
    assert_eq!(wire.step(TransferEvent::Asked(vec![small(1)])), now);
}

#[test]
fn single_save_goes_before_thousands_of_files_that_came_in_bulk() {
    let mut wire = Wire::of_a_firm();
    let folder = domain::tree::permanent_folder_id(CLIENT, "contrats");
    let document = wire.adds(folder, content(1, 1_000));
    wire.replica.write(|tx| tx.uploaded(&[content(1, 1_000).hash])).unwrap();
    for number in 2..3_002 {
        wire.adds(folder, content(number, 800));
    }
    let asked = asked(&wire.step(TransferEvent::OutboxChanged)).expect("a question");
    assert_eq!(asked.len(), 2_000, "as many as one question holds");
    let begun = wire.lacks(&asked);
    assert!(
        matches!(&begun[..], [TransferEffect::SendPack { is_urgent: false, .. }, TransferEffect::SendPack { .. }]),
        "both ways are taken: {begun:?}"
    );

    let (save, large_save) = (content(9_001, 900_000), content(9_002, 5 * SMALL_CONTENT));
    wire.saves(document, save);
    assert_eq!(self::asked(&wire.step(TransferEvent::OutboxChanged)), Some(vec![save]), "it alone, at once");
    assert_eq!(wire.lacks(&[save]), [TransferEffect::SendPack { contents: vec![save], is_urgent: true }]);
    wire.saves(document, large_save);
    assert_eq!(self::asked(&wire.step(TransferEvent::OutboxChanged)), Some(vec![large_save]));
    let part = TransferEffect::SendPart { content: large_save, part: 0, is_urgent: true };
    assert_eq!(wire.lacks(&[large_save]), [part], "a large one does not wait for the small ones that came in bulk");
    let sent = wire.step(TransferEvent::PackSent { sent: vec![save.hash], unreadable: Vec::new(), answer: Ok(()) });
    assert_eq!(sent, [TransferEffect::Sent], "its command may go, and nothing of the bulk takes its way");
}

#[test]
fn few_files_taken_in_at_once_go_before_thousands_and_thousands_do_not() {
    let mut wire = Wire::of_a_firm();
    let folder = domain::tree::permanent_folder_id(CLIENT, "contrats");
    let bulk: Vec<ContentHash> = (1..60).map(|number| content(number, 100).hash).collect();
    for number in 1..60 {
        wire.adds(folder, content(number, 100));
    }
    wire.replica.write(|tx| tx.hurry_if_few(&bulk)).unwrap();
    let dropped = content(100, 5_000);
    wire.adds(folder, dropped);
    wire.replica.write(|tx| tx.hurry_if_few(&[dropped.hash])).unwrap();
    let asked = asked(&wire.step(TransferEvent::OutboxChanged)).expect("a question");
    assert_eq!((asked.len(), asked[0]), (60, dropped));
    let begun = wire.lacks(&asked);
    assert_eq!(begun[0], TransferEffect::SendPack { contents: vec![dropped], is_urgent: true });
    assert!(matches!(&begun[1..], [TransferEffect::SendPack { contents, is_urgent: false }] if contents.len() == 59));
}

#[test]
fn staged_copy_of_a_large_content_that_cannot_be_read_is_the_disk_s_fault_and_not_the_server_s() {
    let mut wire = Wire::of_a_firm();
    wire.adds(domain::tree::permanent_folder_id(CLIENT, "contrats"), large(1));
    wire.step(TransferEvent::OutboxChanged);
    wire.lacks(&[large(1)]);
    let failure = Failure::new(FailureCode::LocalFile, "for the test");
    wire.step(TransferEvent::PartSent { hash: large(1).hash, part: 0, answer: Err(RemoteError::Refused(failure)) });
    let items = wire.replica.read(|tx| tx.sync_items(10)).unwrap();
    let told: Vec<_> = items.iter().map(|item| (item.mark, item.reason)).collect();
    assert_eq!(told, [(SyncMark::Waiting, Reason::DiskError)]);
    assert!(!wire.transfers.is_busy(), "nothing goes on until it is tried again");
    assert_eq!(wire.replica.read(|tx| tx.held_up_load()).unwrap(), Load { files: 1, bytes: large(1).size });
}

#[test]
fn what_the_server_does_not_give_is_counted_until_it_is_here() {
    let mut wire = Wire::new();
    wire.step(TransferEvent::Wanted(vec![small(1)]));
    assert_eq!(wire.transfers.unavailable(), 0, "it is on its way");
    wire.step(TransferEvent::Fetched { asked: vec![small(1).hash], arrived: Vec::new(), answer: Ok(()) });
    assert_eq!((wire.transfers.unavailable(), wire.transfers.is_busy()), (1, false));
    wire.step(TransferEvent::Resume);
    wire.arrived(small(1));
    assert_eq!((wire.transfers.unavailable(), wire.transfers.is_busy()), (0, false));
}
