//! Documents and their versions: saved, restored, concurrent, and never lost to the trash.

use domain::id::NodeId;
use domain::name::MAX_PATH_UTF16;
use domain::person::Role;
use protocol::command::{Command, Naming, Outcome};
use protocol::failure::FailureCode;
use protocol::query::ListDocuments;
use protocol::view::{DocumentList, DocumentOrder, VersionState};

use crate::office::{Office, YEAR_2026, content_of, on_both_engines};

fn march(office: &Office) -> NodeId {
    let client = office.client("Alter Ce", &[YEAR_2026]);
    office.month(client, "Achats", "2026-03")
}

fn listed(office: &Office, folder: NodeId) -> Vec<String> {
    let request = ListDocuments {
        folder,
        order: DocumentOrder::default(),
        descending: false,
        search: String::new(),
        offset: 0,
        limit: 100,
    };
    let list: DocumentList = office.ask(office.anne, "list_documents", request).expect("a list");
    list.rows.into_iter().map(|row| row.name).collect()
}

#[test]
fn a_saved_file_is_a_new_version_and_an_older_one_comes_back_as_another() {
    on_both_engines(|office| {
        let (node, first) = office.files(office.anne, march(office), "Facture.pdf", "one");
        let (second, save) = office.save(office.anne, node, first, "two");
        office.does(office.anne, save);
        let third = office.version();
        let restore = Command::RestoreVersion { node, version: third, from: first, base: Some(second) };
        office.does(office.anne, restore);
        let view = office.document(office.anne, node);
        assert_eq!((view.row.version, view.row.content), (third, content_of("one").hash));
        let history: Vec<_> = view.versions.iter().map(|version| (version.id, version.state)).collect();
        assert_eq!(history, [(third, VersionState::Head), (second, VersionState::Older), (first, VersionState::Older)]);
        assert_eq!(view.versions[0].restored_from, Some(first));
        assert_eq!(view.row.versions, 3);
    });
}

#[test]
fn two_files_saved_from_one_version_are_both_kept() {
    on_both_engines(|office| {
        let (node, first) = office.files(office.anne, march(office), "Facture.pdf", "one");
        let (mine, save_mine) = office.save(office.anne, node, first, "mine");
        let (theirs, save_theirs) = office.save(office.anne, node, first, "theirs");
        office.does(office.anne, save_mine);
        office.does(office.anne, save_theirs);
        let view = office.document(office.anne, node);
        assert_eq!(view.row.version, mine, "the first received is the head");
        assert!(view.row.concurrent, "the other one waits for a decision");
        let state = |id| view.versions.iter().find(|version| version.id == id).unwrap().state;
        assert_eq!((state(theirs), state(first)), (VersionState::Concurrent, VersionState::Older));

        let stale = Command::RestoreVersion { node, version: office.version(), from: theirs, base: Some(first) };
        office.cannot_because(office.anne, stale, FailureCode::ChangedSince);
        office.does(
            office.anne,
            Command::RestoreVersion { node, version: office.version(), from: theirs, base: Some(mine) },
        );
        let view = office.document(office.anne, node);
        assert_eq!(view.row.content, content_of("theirs").hash);
        assert!(!view.row.concurrent, "taking it settled it");
    });
}

#[test]
fn the_bytes_of_the_head_saved_again_leave_nothing_to_decide() {
    on_both_engines(|office| {
        let (node, first) = office.files(office.anne, march(office), "Facture.pdf", "one");
        let (second, save) = office.save(office.anne, node, first, "two");
        office.does(office.anne, save);
        let (same, save_same) = office.save(office.anne, node, first, "two");
        office.does(office.anne, save_same);
        let view = office.document(office.anne, node);
        assert_eq!((view.row.version, view.row.concurrent), (second, false));
        assert!(view.versions.iter().any(|version| version.id == same && version.state == VersionState::Older));
    });
}

#[test]
fn a_version_brings_its_document_back_from_the_trash_whichever_it_becomes() {
    on_both_engines(|office| {
        let folder = march(office);
        let (node, first) = office.files(office.anne, folder, "Facture.pdf", "one");
        office.does(office.anne, Command::Trash { node });
        let (second, save) = office.save(office.anne, node, first, "two");
        office.does(office.anne, save);
        assert_eq!(listed(office, folder), ["Facture.pdf"]);
        assert_eq!(office.document(office.anne, node).row.version, second);

        office.does(office.anne, Command::Trash { node });
        let (late, save) = office.save(office.anne, node, first, "late");
        office.does(office.anne, save);
        let view = office.document(office.anne, node);
        assert!(!view.trashed, "bytes that nobody saw are not left in the trash");
        assert!(view.row.concurrent && view.versions.iter().any(|version| version.id == late));
    });
}

#[test]
fn a_document_saved_under_a_trashed_folder_goes_to_the_firm_s_inbox() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let folder = office.makes_folder(office.anne, office.month(client, "Achats", "2026-03"), "Divers");
        let (node, first) = office.files(office.anne, folder, "Facture.pdf", "one");
        office.does(office.anne, Command::Trash { node: folder });
        assert!(office.document(office.anne, node).trashed);
        let (second, save) = office.save(office.anne, node, first, "two");
        office.does(office.anne, save);
        let view = office.document(office.anne, node);
        assert_eq!((view.path, view.theme.0.as_str()), (vec!["05 À classer (cabinet)".to_owned()], "interne"));
        assert_eq!((view.row.version, view.row.versions), (second, 2), "its history came along");
    });
}

#[test]
fn a_name_that_is_taken_is_refused_when_typed_and_numbered_when_it_comes_by_machine() {
    on_both_engines(|office| {
        let folder = march(office);
        office.files(office.anne, folder, "Facture.pdf", "one");
        let (_, _, by_machine) = office.add_document(folder, "FACTURE.pdf", office.content(office.anne, "two"));
        let Command::AddDocument { node, parent, name, version, content, modified_at, .. } = by_machine.clone() else {
            panic!("BUG: a document is added");
        };
        let typed = Command::AddDocument { node, parent, name, naming: Naming::Typed, version, content, modified_at };
        let failure = office.cannot(office.anne, typed);
        assert_eq!(failure.code, FailureCode::NameTaken);
        assert_eq!(failure.details["proposal"], "FACTURE (2).pdf");
        office.does(office.anne, by_machine);
        assert_eq!(listed(office, folder), ["FACTURE (2).pdf", "Facture.pdf"]);
        assert_eq!(office.document(office.anne, node).row.name, "FACTURE (2).pdf");
    });
}

#[test]
fn a_name_that_windows_refuses_is_refused_when_typed_and_repaired_when_it_comes_by_machine() {
    on_both_engines(|office| {
        let folder = march(office);
        let node = office.node();
        let typed =
            Command::CreateFolder { node, parent: folder, name: "Achats: mars".to_owned(), naming: Naming::Typed };
        let failure = office.cannot(office.anne, typed);
        assert_eq!(failure.code, FailureCode::InvalidName);
        let detail = |key: &str| failure.details[key].as_str();
        assert_eq!(
            (detail("reason"), detail("character"), detail("proposal")),
            ("forbidden_character", ":", "Achats_ mars")
        );
        office.files(office.anne, folder, "aux.pdf", "one");
        office.files(office.anne, folder, "e\u{301}te\u{301}.pdf", "two");
        assert_eq!(listed(office, folder), ["_aux.pdf", "\u{e9}t\u{e9}.pdf"]);
    });
}

#[test]
fn the_same_file_dropped_twice_is_one_document() {
    on_both_engines(|office| {
        let folder = march(office);
        office.files(office.anne, folder, "Facture.pdf", "one");
        let seq = office.firm.seq().unwrap();
        let (twin, _, add) = office.add_document(folder, "facture.PDF", office.content(office.anne, "one"));
        assert_eq!(office.does(office.anne, add), seq, "absorbed: no row was written");
        assert_eq!(listed(office, folder), ["Facture.pdf"]);
        let gone: Result<protocol::view::DocumentView, _> =
            office.ask(office.anne, "get_document", protocol::query::GetDocument { document: twin });
        assert_eq!(gone.unwrap_err().code, FailureCode::NotFound);
    });
}

#[test]
fn a_path_that_excel_cannot_open_is_refused() {
    on_both_engines(|office| {
        let folder = march(office);
        let above = "Alter Ce/02 Dossier annuel/2026/Achats/2026-03/".encode_utf16().count();
        let longest = "x".repeat(MAX_PATH_UTF16 - above);
        office.makes_folder(office.anne, folder, &longest);
        let failure = office.cannot(
            office.anne,
            Command::CreateFolder {
                node: office.node(),
                parent: folder,
                name: format!("y{longest}"),
                naming: Naming::Typed,
            },
        );
        assert_eq!(failure.code, FailureCode::PathTooLong);
        assert_eq!(failure.details["length"], (MAX_PATH_UTF16 + 1).to_string());
        assert_eq!(failure.details["limit"], MAX_PATH_UTF16.to_string());
    });
}

#[test]
fn a_version_waits_for_its_content_and_a_hash_is_no_key_to_another_s() {
    on_both_engines(|office| {
        let folder = march(office);
        let (node, version, add) = office.add_document(folder, "Facture.pdf", content_of("not yet sent"));
        let envelope = office.envelope(add);
        let Outcome::Refused { failure } = office.sends(office.anne, envelope.clone()) else { panic!("accepted") };
        assert_eq!(failure.code, FailureCode::ContentMissing);
        office.content(office.anne, "not yet sent");
        assert!(matches!(office.sends(office.anne, envelope), Outcome::Done { .. }), "that answer was not for good");
        assert_eq!(office.document(office.anne, node).row.version, version);

        let marc = office.hire("Marc", Role::Collaborator);
        let client = office.document(office.anne, node).client_file;
        office.assign(client, marc, Some(&["ventes"]));
        let sales = office.month(client, "Ventes", "2026-03");
        let (_, _, steal) = office.add_document(sales, "Copie.pdf", content_of("not yet sent"));
        office.cannot_because(marc, steal, FailureCode::ContentMissing);
        assert!(office.firm.readable(marc, content_of("not yet sent").hash).unwrap().is_none());
        assert_eq!(office.firm.missing(marc, &[content_of("not yet sent")]).unwrap().len(), 1, "he has to send it");
        assert!(office.firm.missing(office.anne, &[content_of("not yet sent")]).unwrap().is_empty());
    });
}

#[test]
fn a_version_s_id_is_taken_once() {
    on_both_engines(|office| {
        let folder = march(office);
        let (private, kept) = office.files(office.anne, folder, "Paie.pdf", "kept");
        let (node, first) = office.files(office.anne, folder, "Facture.pdf", "one");
        let (_, save) = office.save(office.anne, node, first, "two");
        let Command::AddVersion { base, content, modified_at, .. } = save else { panic!("BUG: a version is added") };
        let over = Command::AddVersion { node, version: kept, base, content, modified_at };
        office.cannot_because(office.anne, over, FailureCode::BadRequest);
        let over = Command::RestoreVersion { node, version: kept, from: first, base: Some(first) };
        office.cannot_because(office.anne, over, FailureCode::BadRequest);
        let foreign = Command::RestoreVersion { node, version: office.version(), from: kept, base: Some(first) };
        office.cannot_because(office.anne, foreign, FailureCode::NotFound);
        assert_eq!(office.document(office.anne, private).row.content, content_of("kept").hash);
    });
}
