//! Scopes gained and lost: what comes, what goes, and what is still on its way to the server.

use std::collections::BTreeSet;

use domain::id::{ClientFileId, PersonId};
use domain::person::Role;
use protocol::command::Command;
use protocol::failure::FailureCode;

use crate::desk::{Desk, differences};
use crate::office::{Office, YEAR_2026, change, content_of, on_both_engines, relocate};

fn documents(desk: &Desk) -> BTreeSet<String> {
    desk.rows()
        .into_iter()
        .filter(|((table, _), row)| table == "node" && row[7] == 0)
        .map(|(_, row)| row[8].as_str().expect("a name").to_owned())
        .collect()
}

fn names(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

#[track_caller]
fn is_as_fresh(office: &Office, desk: &Desk) {
    let fresh = Desk::ready(office, desk.person);
    assert_eq!(differences(&desk.rows(), &fresh.rows()), Vec::<String>::new());
}

fn two_themes(office: &Office) -> (ClientFileId, PersonId) {
    let client = office.client("Alter Ce", &[YEAR_2026]);
    let marc = office.hire("Marc", Role::Collaborator);
    office.files(office.anne, office.month(client, "Achats", "2026-03"), "achat.pdf", "a");
    office.files(office.anne, office.month(client, "Ventes", "2026-03"), "vente.pdf", "v");
    (client, marc)
}

#[test]
fn a_theme_gained_comes_whole_and_a_theme_lost_goes_whole() {
    on_both_engines(|office| {
        let (client, marc) = two_themes(office);
        let desk = Desk::ready(office, marc);
        assert_eq!(documents(&desk), names(&[]));
        for (themes, expected) in [
            (Some(vec!["achats"]), names(&["achat.pdf"])),
            (Some(vec!["achats", "ventes"]), names(&["achat.pdf", "vente.pdf"])),
            (Some(vec!["ventes"]), names(&["vente.pdf"])),
            (None, names(&["achat.pdf", "vente.pdf"])),
            (Some(vec![]), names(&[])),
        ] {
            office.assign(client, marc, themes.as_deref());
            desk.pulls_by(office, 7, |_| {});
            assert_eq!(documents(&desk), expected, "{themes:?}");
            is_as_fresh(office, &desk);
        }
        office.does(office.anne, Command::UnassignPerson { client_file: client, person: marc });
        desk.pulls(office);
        is_as_fresh(office, &desk);
        assert!(desk.rows().keys().all(|(table, _)| table != "client_file"), "nothing of the client file is left");
    });
}

#[test]
fn an_administrator_sees_all_and_keeps_what_is_theirs_when_they_no_longer_are() {
    on_both_engines(|office| {
        let (client, marc) = two_themes(office);
        office.assign(client, marc, Some(&["achats"]));
        let desk = Desk::ready(office, marc);
        let role = |seen, value| Command::UpdatePerson {
            person: marc,
            first_name: None,
            last_name: None,
            role: Some(change(seen, value)),
            email: None,
        };
        office.does(office.anne, role(Role::Collaborator, Role::Administrator));
        desk.pulls_by(office, 50, |_| {});
        assert_eq!(documents(&desk), names(&["achat.pdf", "vente.pdf"]));
        is_as_fresh(office, &desk);
        office.does(office.anne, role(Role::Administrator, Role::Manager));
        desk.pulls(office);
        assert_eq!(documents(&desk), names(&["achat.pdf"]));
        is_as_fresh(office, &desk);
    });
}

#[test]
fn a_document_moved_to_another_theme_leaves_the_disks_that_may_not_see_it() {
    on_both_engines(|office| {
        let (client, marc) = two_themes(office);
        office.assign(client, marc, Some(&["achats"]));
        let desk = Desk::ready(office, marc);
        let (march, payroll) =
            (office.month(client, "Achats", "2026-03"), office.folder(client, "02 Dossier annuel/2026/Social/Charges"));
        let folder = office.makes_folder(office.anne, march, "Lot");
        let (node, version) = office.files(office.anne, folder, "paie.pdf", "slip");
        office.does(marc, Command::AddComment { comment: office.comment(), node, text: "Vu".to_owned() });
        desk.pulls(office);
        assert_eq!(documents(&desk), names(&["achat.pdf", "paie.pdf"]));
        office.does(office.anne, relocate(folder, march, payroll));
        desk.pulls_by(office, 1, |_| {});
        assert_eq!(documents(&desk), names(&["achat.pdf"]));
        assert!(desk.replica.read(|tx| tx.version(version)).unwrap().is_none(), "its versions left with it");
        is_as_fresh(office, &desk);
        office.does(office.anne, relocate(folder, payroll, march));
        desk.pulls_by(office, 1, |_| {});
        assert_eq!(documents(&desk), names(&["achat.pdf", "paie.pdf"]), "and came back with it");
        is_as_fresh(office, &desk);
    });
}

#[test]
fn a_document_that_leaves_sight_while_a_change_waits_stays_away() {
    on_both_engines(|office| {
        let (client, marc) = two_themes(office);
        office.assign(client, marc, Some(&["achats"]));
        let march = office.month(client, "Achats", "2026-03");
        let payroll = office.folder(client, "02 Dossier annuel/2026/Social/Charges");
        let (node, head) = office.files(office.anne, march, "paie.pdf", "slip");
        let desk = Desk::ready(office, marc);
        desk.does(office, Command::MarkReviewed { node, reviewed: change(false, true) });
        let (_, save) = {
            let version = office.version();
            let content = content_of("my own work");
            let modified_at = office.now();
            (version, Command::AddVersion { node, version, base: Some(head), content, modified_at })
        };
        let save = desk.does(office, save);
        office.does(office.anne, relocate(node, march, payroll));
        desk.pulls(office);
        assert!(desk.replica.read(|tx| tx.node(node)).unwrap().is_none(), "hidden, whatever waits");
        let pending = desk.replica.read(|tx| tx.pending_on(node)).unwrap();
        assert!(pending.content, "and still on its way: the mirror leaves the file alone");
        desk.pushes(office);
        let refused = desk.replica.write(|tx| tx.refused()).unwrap();
        let codes: Vec<FailureCode> = refused.iter().map(|entry| entry.failure.code).collect();
        assert!(codes.iter().all(|code| *code == FailureCode::Denied) && !codes.is_empty(), "{codes:?}");
        let kept = refused.iter().flat_map(|entry| std::iter::once(&entry.envelope).chain(&entry.dependents));
        assert!(kept.into_iter().any(|envelope| envelope.id == save.id), "the work is in the list, not lost");
        desk.pulls(office);
        is_as_fresh(office, &desk);
    });
}

#[test]
fn work_in_a_client_file_that_is_lost_waits_for_the_server_to_refuse_it() {
    on_both_engines(|office| {
        let (client, marc) = two_themes(office);
        office.assign(client, marc, None);
        let march = office.month(client, "Achats", "2026-03");
        let desk = Desk::ready(office, marc);
        let (node, _, add) = office.add_document(march, "à moi.pdf", content_of("mine"));
        desk.does(office, add);
        office.does(office.anne, Command::UnassignPerson { client_file: client, person: marc });
        desk.pulls(office);
        assert!(documents(&desk).is_empty());
        assert_eq!(desk.states(), ["pending"]);
        // Assigned again before anything was sent: the document is simply filed.
        office.assign(client, marc, None);
        desk.pulls(office);
        desk.pushes(office);
        desk.pulls(office);
        assert!(desk.replica.read(|tx| tx.node(node)).unwrap().is_some());
        assert!(desk.unsettled().is_empty());
        is_as_fresh(office, &desk);
    });
}
