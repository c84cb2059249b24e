//! Pushes: a command's effect happens once, whatever is sent twice, lost, or refused beside it.

use domain::id::{CommandId, WorkstationId};
use domain::person::Role;
use protocol::command::{Command, Envelope, Naming, Outcome};
use protocol::failure::FailureCode;
use protocol::feed::PushRequest;
use store::firm::{Caller, MAX_COMMANDS};

use crate::office::{Office, YEAR_2026, on_both_engines};

fn folder_envelope(office: &Office, parent: domain::id::NodeId, name: &str) -> Envelope {
    let node = office.node();
    office.envelope(Command::CreateFolder { node, parent, name: name.to_owned(), naming: Naming::Typed })
}

#[test]
fn a_command_sent_again_gets_the_answer_it_got() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let march = office.month(client, "Achats", "2026-03");
        let good = folder_envelope(office, march, "Lot");
        let bad = folder_envelope(office, march, "a:b");
        // The reply is lost: the same batch comes again, then once more beside other commands, and twice in one batch.
        let first = office.push(office.anne, vec![good.clone(), bad.clone()]);
        let seq = office.firm.seq().unwrap();
        assert_eq!(office.push(office.anne, vec![good.clone(), bad.clone()]), first);
        let other = folder_envelope(office, march, "Lot 2");
        let again = office.push(office.anne, vec![bad.clone(), other.clone(), other.clone(), good.clone()]);
        assert_eq!((&again[0], &again[3]), (&first[1], &first[0]));
        assert_eq!(again[1], again[2]);
        assert_eq!(office.firm.seq().unwrap(), seq + 1, "one folder more");
        // What was refused stays refused, even once it would be possible.
        let Outcome::Refused { failure } = &first[1] else { panic!("accepted") };
        assert_eq!(failure.code, FailureCode::InvalidName);
    });
}

#[test]
fn a_refused_command_in_the_middle_leaves_the_others_done() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let march = office.month(client, "Achats", "2026-03");
        let before = office.firm.seq().unwrap();
        let first = folder_envelope(office, march, "Lot");
        let twin = folder_envelope(office, march, "LOT");
        let Command::CreateFolder { node, .. } = first.command else { panic!("BUG: a folder is made") };
        let inside = folder_envelope(office, node, "Dedans");
        let orphan = folder_envelope(office, office.node(), "Orphelin");
        let last = folder_envelope(office, march, "Fin");
        let outcomes = office.push(office.anne, vec![first, twin, inside, orphan, last]);
        let seqs: Vec<Option<i64>> = outcomes
            .iter()
            .map(|outcome| match outcome {
                Outcome::Done { seq } => Some(*seq),
                Outcome::Refused { .. } => None,
            })
            .collect();
        assert_eq!(seqs, [Some(before + 1), None, Some(before + 2), None, Some(before + 3)], "no gap in the numbers");
        assert_eq!(office.firm.seq().unwrap(), before + 3);
    });
}

#[test]
fn a_command_s_id_is_its_author_s() {
    on_both_engines(|office| {
        let marc = office.hire("Marc", Role::Administrator);
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let envelope = folder_envelope(office, office.month(client, "Achats", "2026-03"), "Lot");
        office.sends(office.anne, envelope.clone());
        let Outcome::Refused { failure } = office.sends(marc, envelope.clone()) else {
            panic!("told another's answer")
        };
        assert_eq!(failure.code, FailureCode::Denied);
        assert!(matches!(office.sends(office.anne, envelope), Outcome::Done { .. }), "its author still gets it");
    });
}

#[test]
fn a_push_has_a_limit_and_comes_from_no_later_version() {
    on_both_engines(|office| {
        let caller = Caller { person: office.anne, workstation_name: String::new() };
        let one = office.envelope(Command::Trash { node: office.node() });
        let many =
            (0..=MAX_COMMANDS).map(|n| Envelope { id: CommandId::derived(&[&n.to_string()]), ..one.clone() }).collect();
        let push = |commands, schema_version| {
            let request = PushRequest { commands, schema_version };
            office.firm.push(&caller, &request, office.now()).map_err(store::Error::into_failure)
        };
        assert_eq!(push(many, protocol::SCHEMA_VERSION).unwrap_err().code, FailureCode::TooLarge);
        let later = push(vec![one.clone()], protocol::SCHEMA_VERSION + 1);
        assert_eq!(later.unwrap_err().code, FailureCode::BadRequest);
        assert_eq!(push(vec![one], protocol::SCHEMA_VERSION).unwrap().outcomes.len(), 1);
    });
}

#[test]
fn the_workstation_s_clock_is_shown_and_decides_nothing() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let march = office.month(client, "Achats", "2026-03");
        let (node, first) = office.files(office.anne, march, "Facture.pdf", "one");
        let (second, save) = office.save(office.anne, node, first, "two");
        // A clock that is ten years behind.
        let mut envelope = office.envelope(save);
        envelope.made_at = envelope.made_at.plus(-315_360_000_000);
        envelope.workstation = WorkstationId::derived(&["poste 2"]);
        office.sends(office.anne, envelope.clone());
        let view = office.document(office.anne, node);
        assert_eq!(view.row.version, second, "the last received is the head");
        assert_eq!((view.versions[0].id, view.versions[0].made_at), (second, envelope.made_at));
    });
}

#[test]
fn what_the_database_cannot_take_refuses_its_own_command_and_no_other() {
    let on = |office: &Office| -> Vec<Outcome> {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let march = office.month(client, "Achats", "2026-03");
        let (_, _, add) = office.add_document(march, "Facture.pdf", office.content(office.anne, "one"));
        let after = folder_envelope(office, march, "Lot");
        // PostgreSQL keeps no NUL in a text.
        let caller = Caller { person: office.anne, workstation_name: "poste\0 1".to_owned() };
        let request =
            PushRequest { commands: vec![office.envelope(add), after], schema_version: protocol::SCHEMA_VERSION };
        office.firm.push(&caller, &request, office.now()).expect("never the whole push").outcomes
    };
    let postgres = on(&Office::postgres());
    let Outcome::Refused { failure } = &postgres[0] else { panic!("PostgreSQL kept a NUL") };
    assert_eq!(failure.code, FailureCode::BadRequest);
    assert!(matches!(postgres[1], Outcome::Done { .. }), "{postgres:?}");
    assert!(matches!(on(&Office::sqlite())[..], [Outcome::Done { .. }, Outcome::Done { .. }]), "SQLite takes it");
}
