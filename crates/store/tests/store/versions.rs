//! Concurrent versions: settled for one, for the other, or for both, once.

use domain::id::{NodeId, PersonId, VersionId};
use domain::person::Role;
use protocol::command::{Command, VersionChoice};
use protocol::failure::FailureCode;
use protocol::view::{DocumentView, VersionState};

use crate::desk::{Desk, differences};
use crate::office::{Office, YEAR_2026, content_of, on_both_engines};

/// A document saved by Anne and by Paul from the same version: Anne's is the head.
struct Conflict {
    node: NodeId,
    anne_s: VersionId,
    paul_s: VersionId,
    paul: PersonId,
}

impl Conflict {
    fn of(office: &Office) -> Self {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let paul = office.hire("Paul", Role::Collaborator);
        office.assign(client, paul, None);
        let march = office.month(client, "Achats", "2026-03");
        let (node, first) = office.files(office.anne, march, "Bilan.xlsx", "first");
        let (anne_s, save) = office.save(office.anne, node, first, "anne's");
        office.does(office.anne, save);
        let (paul_s, save) = office.save(paul, node, first, "paul's");
        office.does(paul, save);
        Self { node, anne_s, paul_s, paul }
    }

    fn settle(&self, choice: VersionChoice) -> Command {
        Command::SettleVersion { node: self.node, version: self.paul_s, choice }
    }

    fn take(&self, office: &Office, base: VersionId) -> Command {
        self.settle(VersionChoice::Take { version: office.version(), base: Some(base) })
    }

    fn both(&self, office: &Office) -> Command {
        self.settle(VersionChoice::Both { node: office.node(), version: office.version() })
    }

    fn state(&self, office: &Office) -> (VersionState, DocumentView) {
        let view = office.document(office.anne, self.node);
        let state =
            view.versions.iter().find(|version| version.id == self.paul_s).expect("it stays in the history").state;
        (state, view)
    }
}

#[test]
fn the_concurrent_version_is_taken_over_the_head_it_was_compared_with() {
    on_both_engines(|office| {
        let conflict = Conflict::of(office);
        office.cannot_because(conflict.paul, conflict.take(office, conflict.paul_s), FailureCode::ChangedSince);
        office.does(conflict.paul, conflict.take(office, conflict.anne_s));
        let (state, view) = conflict.state(office);
        assert_eq!((state, view.row.concurrent), (VersionState::Older, false));
        assert_eq!(view.row.content, content_of("paul's").hash);
        assert_eq!(view.versions[0].restored_from, Some(conflict.paul_s));
        assert!(view.versions.iter().any(|version| version.id == conflict.anne_s), "Anne's stays in the history");
        office.cannot_because(office.anne, conflict.take(office, view.row.version), FailureCode::ChangedSince);
    });
}

#[test]
fn the_head_is_left_and_the_concurrent_version_goes_to_the_history() {
    on_both_engines(|office| {
        let conflict = Conflict::of(office);
        office.does(office.anne, conflict.settle(VersionChoice::Leave));
        let (state, view) = conflict.state(office);
        assert_eq!((state, view.row.concurrent, view.row.version), (VersionState::Older, false, conflict.anne_s));
        let seq = office.firm.seq().unwrap();
        assert_eq!(office.does(conflict.paul, conflict.settle(VersionChoice::Leave)), seq, "settled already");
        office.cannot_because(conflict.paul, conflict.both(office), FailureCode::ChangedSince);
        let other = Command::SettleVersion {
            node: conflict.node,
            version: office.files(office.anne, view.row.parent, "Autre.xlsx", "other").1,
            choice: VersionChoice::Leave,
        };
        office.cannot_because(office.anne, other, FailureCode::NotFound);
    });
}

#[test]
fn both_are_kept_as_two_documents_side_by_side() {
    on_both_engines(|office| {
        let conflict = Conflict::of(office);
        let (_, before) = conflict.state(office);
        office.files(office.anne, before.row.parent, "Bilan (2).xlsx", "there before");
        let both = conflict.both(office);
        office.does(office.anne, both.clone());
        let (state, view) = conflict.state(office);
        assert_eq!((state, view.row.concurrent, view.row.version), (VersionState::Older, false, conflict.anne_s));
        let Command::SettleVersion { choice: VersionChoice::Both { node, .. }, .. } = both else { unreachable!() };
        let beside = office.document(office.anne, node);
        assert_eq!((beside.row.name.as_str(), beside.row.parent), ("Bilan (3).xlsx", view.row.parent));
        assert_eq!((beside.row.content, beside.row.author), (content_of("paul's").hash, conflict.paul));
        assert_eq!((beside.row.versions, beside.versions[0].state), (1, VersionState::Head));
    });
}

#[test]
fn a_workstation_shows_both_versions_settles_them_offline_and_agrees_with_the_server() {
    on_both_engines(|office| {
        let conflict = Conflict::of(office);
        for choice in ["take", "leave", "both"] {
            let desk = Desk::ready(office, conflict.paul);
            let items = desk.replica.read(|tx| tx.sync_items(10)).unwrap();
            let [item] = items.as_slice() else { panic!("one thing to decide: {items:?}") };
            let shown = item.conflict.as_ref().expect("the two versions");
            assert_eq!((shown.concurrent.author, shown.head.author), (conflict.paul, office.anne));
            assert_eq!((shown.concurrent.id, shown.concurrent.state), (conflict.paul_s, VersionState::Concurrent));
            assert_eq!(shown.head.workstation, "poste 1");
            let command = match choice {
                "take" => conflict.take(office, conflict.anne_s),
                "leave" => conflict.settle(VersionChoice::Leave),
                _ => conflict.both(office),
            };
            desk.does(office, command);
            assert_eq!(desk.replica.read(|tx| tx.to_check()).unwrap(), 0, "{choice}: decided here at once");
            if choice == "both" {
                desk.pushes(office);
                desk.pulls(office);
                assert!(desk.unsettled().is_empty());
                let fresh = Desk::ready(office, conflict.paul);
                assert_eq!(differences(&desk.rows(), &fresh.rows()), Vec::<String>::new());
            }
        }
    });
}
