//! Folders and where things are: renamed, moved, trashed, restored; what may not be is refused.

use domain::id::{ClientFileId, NodeId};
use domain::name::MAX_PATH_UTF16;
use domain::person::Role;
use protocol::command::{Command, Naming, Outcome};
use protocol::failure::FailureCode;
use protocol::query::ListTrash;
use protocol::view::TrashList;

use crate::desk::Desk;
use crate::office::{Office, YEAR_2026, change, on_both_engines, relocate, rename};

/// A client file, and two months of its purchases.
fn months(office: &Office) -> (ClientFileId, NodeId, NodeId) {
    let client = office.client("Alter Ce", &[YEAR_2026]);
    (client, office.month(client, "Achats", "2026-03"), office.month(client, "Achats", "2026-04"))
}

fn place_of(office: &Office, node: NodeId) -> (NodeId, String) {
    let row = office.document(office.anne, node).row;
    (row.parent, row.name)
}

fn trash(office: &Office) -> TrashList {
    office.ask(office.anne, "list_trash", ListTrash { limit: 500, ..ListTrash::default() }).expect("the trash")
}

#[test]
fn folders_of_the_tree_itself_are_fixed() {
    on_both_engines(|office| {
        let (client, march, april) = months(office);
        let year = office.folder(client, "02 Dossier annuel/2026");
        for folder in [march, year, office.folder(client, "04 À classer")] {
            office.cannot_because(office.anne, rename(folder, "?", "Autre"), FailureCode::FixedFolder);
            office.cannot_because(office.anne, relocate(folder, folder, april), FailureCode::FixedFolder);
            office.cannot_because(office.anne, Command::Trash { node: folder }, FailureCode::FixedFolder);
        }
    });
}

#[test]
fn containers_and_the_root_take_nothing() {
    on_both_engines(|office| {
        let (client, march, _) = months(office);
        let (node, _) = office.files(office.anne, march, "Facture.pdf", "one");
        let container = office.folder(client, "02 Dossier annuel/2026");
        for parent in [container, client.root()] {
            let (_, _, add) = office.add_document(parent, "Autre.pdf", office.content(office.anne, "two"));
            office.cannot_because(office.anne, add, FailureCode::NoDocumentsHere);
            let folder =
                Command::CreateFolder { node: office.node(), parent, name: "X".to_owned(), naming: Naming::Typed };
            office.cannot_because(office.anne, folder, FailureCode::NoDocumentsHere);
            office.cannot_because(office.anne, relocate(node, march, parent), FailureCode::NoDocumentsHere);
        }
        office.cannot_because(office.anne, relocate(node, march, office.node()), FailureCode::NotFound);
        office.cannot_because(office.anne, relocate(node, march, node), FailureCode::NotFound);
    });
}

#[test]
fn a_folder_does_not_go_into_itself() {
    on_both_engines(|office| {
        let (_, march, _) = months(office);
        let outer = office.makes_folder(office.anne, march, "Dehors");
        let inner = office.makes_folder(office.anne, outer, "Dedans");
        office.cannot_because(office.anne, relocate(outer, march, outer), FailureCode::WouldCycle);
        office.cannot_because(office.anne, relocate(outer, march, inner), FailureCode::WouldCycle);
    });
}

#[test]
fn a_rename_keeps_case_changes_and_refuses_a_neighbour_s_name() {
    on_both_engines(|office| {
        let (_, march, _) = months(office);
        let (node, _) = office.files(office.anne, march, "facture.pdf", "one");
        office.files(office.anne, march, "Autre.pdf", "two");
        office.does(office.anne, rename(node, "facture.pdf", "Facture.PDF"));
        assert_eq!(place_of(office, node).1, "Facture.PDF");
        let failure = office.cannot(office.anne, rename(node, "Facture.PDF", "autre.pdf"));
        assert_eq!((failure.code, failure.details["proposal"].as_str()), (FailureCode::NameTaken, "autre (2).pdf"));
    });
}

#[test]
fn a_move_onto_a_name_that_is_taken_is_numbered_and_its_undo_gives_the_name_back() {
    on_both_engines(|office| {
        let (_, march, april) = months(office);
        let (node, _) = office.files(office.anne, march, "Facture.pdf", "one");
        office.files(office.anne, april, "Facture.pdf", "two");
        office.does(office.anne, relocate(node, march, april));
        assert_eq!(place_of(office, node), (april, "Facture (2).pdf".to_owned()));
        let undo = office.strict(Command::Place {
            node,
            name: Some(change("Facture (2).pdf".to_owned(), "Facture.pdf".to_owned())),
            parent: Some(change(april, march)),
            naming: Naming::ByMachine,
        });
        let again = office.strict(undo.command.clone());
        assert!(matches!(office.sends(office.anne, undo), Outcome::Done { .. }));
        assert_eq!(place_of(office, node), (march, "Facture.pdf".to_owned()));
        let Outcome::Refused { failure } = office.sends(office.anne, again) else { panic!("undone twice") };
        assert_eq!(failure.code, FailureCode::ChangedSince);
    });
}

#[test]
fn a_folder_moves_with_all_it_holds_and_its_longest_path_is_checked() {
    on_both_engines(|office| {
        let (client, march, _) = months(office);
        let folder = office.makes_folder(office.anne, march, "Lot");
        let above = "Alter Ce/02 Dossier annuel/2026/Achats/2026-03/Lot/".len();
        let (node, _) = office.files(office.anne, folder, &"x".repeat(MAX_PATH_UTF16 - above), "one");
        let failure = office.cannot(office.anne, rename(folder, "Lot", "Lots"));
        assert_eq!(failure.code, FailureCode::PathTooLong, "what is inside would be too far down");
        let inbox = office.folder(client, "04 À classer");
        office.does(office.anne, relocate(folder, march, inbox));
        assert_eq!(office.document(office.anne, node).path, ["04 À classer", "Lot"]);
        assert_eq!(office.document(office.anne, node).theme.0, "a_classer");
        office.does(office.anne, rename(folder, "Lot", "Lots"));
    });
}

#[test]
fn nothing_goes_to_another_client_file() {
    on_both_engines(|office| {
        let (_, march, _) = months(office);
        let other = office.client("Dupont", &[YEAR_2026]);
        let elsewhere = office.month(other, "Achats", "2026-03");
        let (node, _) = office.files(office.anne, march, "Facture.pdf", "one");
        let failure = office.cannot(office.anne, relocate(node, march, elsewhere));
        assert_eq!((failure.code, failure.details["reason"].as_str()), (FailureCode::Denied, "other_client_file"));
        office.does(office.anne, Command::Trash { node });
        let failure = office.cannot(office.anne, Command::Restore { node, parent: Some(elsewhere) });
        assert_eq!((failure.code, failure.details["reason"].as_str()), (FailureCode::Denied, "other_client_file"));
    });
}

#[test]
fn the_trash_frees_the_name_and_a_restored_document_is_numbered() {
    on_both_engines(|office| {
        let (_, march, _) = months(office);
        let (node, _) = office.files(office.anne, march, "Facture.pdf", "one");
        office.does(office.anne, Command::Trash { node });
        office.files(office.anne, march, "Facture.pdf", "two");
        let found = trash(office);
        assert_eq!(found.rows.len(), 1);
        assert_eq!(found.rows[0].path, ["Alter Ce", "02 Dossier annuel", "2026", "Achats", "2026-03"]);
        assert_eq!(found.rows[0].trashed_by, office.anne);
        office.does(office.anne, Command::Restore { node, parent: None });
        assert_eq!(place_of(office, node), (march, "Facture (2).pdf".to_owned()));
        assert!(trash(office).rows.is_empty());
        let seq = office.firm.seq().unwrap();
        assert_eq!(office.does(office.anne, Command::Restore { node, parent: None }), seq, "nothing to restore");
    });
}

#[test]
fn what_is_under_a_trashed_folder_is_out_of_reach_until_it_comes_back() {
    on_both_engines(|office| {
        let (client, march, april) = months(office);
        let folder = office.makes_folder(office.anne, march, "Lot");
        let (node, _) = office.files(office.anne, folder, "Facture.pdf", "one");
        let (alone, _) = office.files(office.anne, folder, "Seule.pdf", "two");
        office.does(office.anne, Command::Trash { node: alone });
        office.does(office.anne, Command::Trash { node: folder });
        let (_, _, add) = office.add_document(folder, "Autre.pdf", office.content(office.anne, "three"));
        office.cannot_because(office.anne, add, FailureCode::NotFound);
        office.cannot_because(office.anne, relocate(node, folder, folder), FailureCode::NotFound);
        assert!(office.tree(office.anne, client).folders.iter().all(|shown| shown.id != folder));

        office.does(office.anne, Command::Restore { node: alone, parent: None });
        let inbox = office.folder(client, "05 À classer (cabinet)");
        assert_eq!(place_of(office, alone).0, inbox, "its own place is gone for now");
        office.does(office.anne, Command::Restore { node: folder, parent: Some(april) });
        assert_eq!(place_of(office, node).0, folder);
        assert_eq!(office.document(office.anne, node).path[3], "2026-04");
    });
}

#[test]
fn a_document_is_not_restored_where_its_path_would_be_too_long() {
    on_both_engines(|office| {
        let (_, march, _) = months(office);
        let above = "Alter Ce/02 Dossier annuel/2026/Achats/2026-03/".len();
        let deep = office.makes_folder(office.anne, march, &"d".repeat(40));
        let (node, _) = office.files(office.anne, march, &"x".repeat(MAX_PATH_UTF16 - above), "one");
        office.does(office.anne, Command::Trash { node });
        let below = Command::Restore { node, parent: Some(deep) };
        office.cannot_because(office.anne, below, FailureCode::PathTooLong);
        assert!(office.document(office.anne, node).trashed, "nothing changed");
    });
}

#[test]
fn a_document_saved_while_in_the_trash_does_not_come_back_to_a_path_that_nothing_opens() {
    on_both_engines(|office| {
        let (_, march, _) = months(office);
        let folder = office.makes_folder(office.anne, march, "Lot");
        let above = "Alter Ce/02 Dossier annuel/2026/Achats/2026-03/Lot/".len();
        let (node, first) = office.files(office.anne, folder, &"x".repeat(MAX_PATH_UTF16 - above), "one");
        office.does(office.anne, Command::Trash { node });
        // What is in the trash does not keep a folder from a longer name.
        office.does(office.anne, rename(folder, "Lot", "Lots"));
        let (_, save) = office.save(office.anne, node, first, "two");
        office.cannot_because(office.anne, save, FailureCode::PathTooLong);
        assert!(office.document(office.anne, node).trashed, "nothing changed");
    });
}

#[test]
fn what_has_no_place_goes_to_the_first_folder_that_its_owner_may_write_in() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[("2025-01-01", "2025-12-31"), YEAR_2026]);
        let marc = office.hire("Marc", Role::Collaborator);
        office.assign(client, marc, Some(&["achats"]));
        let folder = office.makes_folder(marc, office.month(client, "Achats", "2025-03"), "Lot");
        let (node, _) = office.files(marc, folder, "Facture.pdf", "one");
        office.does(marc, Command::Trash { node });
        office.does(marc, Command::Trash { node: folder });
        let desk = Desk::ready(office, marc);
        let purchases = office.folder(client, "02 Dossier annuel/2026/Achats");
        assert_eq!(desk.replica.read(|tx| tx.inbox_of(client)).unwrap(), Some(purchases), "of the latest year");

        let restored = desk.tries(&office.envelope(Command::Restore { node, parent: None })).unwrap();
        let place = restored.restored_to.expect("where it went");
        assert_eq!(
            (place.folder, place.path),
            (purchases, vec!["02 Dossier annuel".to_owned(), "2026".to_owned(), "Achats".to_owned(),])
        );
        desk.pushes(office);
        assert_eq!(place_of(office, node).0, purchases, "the server decides the same");

        let inbox = office.folder(client, "05 À classer (cabinet)");
        office.assign(client, marc, None);
        desk.pulls(office);
        assert_eq!(desk.replica.read(|tx| tx.inbox_of(client)).unwrap(), Some(inbox), "the firm's own, where he may");
        office.assign(client, marc, Some(&[]));
        desk.pulls(office);
        assert_eq!(desk.replica.read(|tx| tx.inbox_of(client)).unwrap(), None, "nowhere");
    });
}

#[test]
fn the_trash_is_read_window_by_window() {
    on_both_engines(|office| {
        let (_, march, _) = months(office);
        for n in 0..5 {
            let (node, _) = office.files(office.anne, march, &format!("{n}.pdf"), "one");
            office.does(office.anne, Command::Trash { node });
        }
        let window = |offset, limit| -> (u32, Vec<String>) {
            let request = ListTrash { offset, limit, ..ListTrash::default() };
            let list: TrashList = office.ask(office.anne, "list_trash", request).expect("the trash");
            (list.total, list.rows.into_iter().map(|row| row.name).collect())
        };
        assert_eq!(window(0, 2), (5, vec!["4.pdf".to_owned(), "3.pdf".to_owned()]), "latest first");
        assert_eq!(window(4, 2), (5, vec!["0.pdf".to_owned()]));
        assert_eq!(window(0, 0).1.len(), 1, "a window has a line at least");
        let found = |search: &str| -> Vec<String> {
            let request = ListTrash { search: search.to_owned(), limit: 500, ..ListTrash::default() };
            let list: TrashList = office.ask(office.anne, "list_trash", request).expect("the trash");
            assert_eq!(list.total as usize, list.rows.len(), "the count is of what was found");
            list.rows.into_iter().map(|row| row.name).collect()
        };
        assert_eq!(found("3.PDF"), ["3.pdf"], "by name, case aside");
        assert_eq!(found("alter 2"), ["2.pdf"], "by name and client file");
        assert_eq!(found("dupont"), Vec::<String>::new());
    });
}
