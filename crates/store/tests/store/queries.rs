//! Queries: windows, orders and searches, the same on both engines and on a replica.

use domain::id::{ClientFileId, NodeId};
use protocol::command::Command;
use protocol::query::{GetDocument, ListClientFiles, ListDocuments, Search};
use protocol::view::{ClientFileList, DocumentList, DocumentOrder, DocumentView, SearchHit, SearchResults};

use crate::desk::Desk;
use crate::office::{Office, YEAR_2026, change, on_both_engines};

/// A query answered by the server, and by a replica of the same person: the same answer, the marks of sync aside.
fn documents(office: &Office, desk: &Desk, request: &ListDocuments) -> Vec<String> {
    let server: DocumentList = office.ask(office.anne, "list_documents", request).expect("a list");
    let here: DocumentList = desk.ask("list_documents", request).expect("a list");
    let names = |list: &DocumentList| list.rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>();
    assert_eq!((server.total, names(&server)), (here.total, names(&here)));
    names(&server)
}

fn window(folder: NodeId) -> ListDocuments {
    ListDocuments {
        folder,
        order: DocumentOrder::Name,
        descending: false,
        search: String::new(),
        offset: 0,
        limit: 100,
    }
}

fn march(office: &Office) -> (ClientFileId, NodeId) {
    let client = office.client("Alter Ce", &[YEAR_2026]);
    (client, office.month(client, "Achats", "2026-03"))
}

#[test]
fn documents_come_in_windows_in_every_order() {
    on_both_engines(|office| {
        let (_, folder) = march(office);
        let mut nodes = Vec::new();
        for (name, text) in [("facture 10.pdf", "x"), ("Facture 9.pdf", "xxx"), ("Écart.xlsx", "xx"), ("zéro.txt", "")]
        {
            nodes.push(office.files(office.anne, folder, name, text).0);
        }
        for (node, number) in [(nodes[0], "B-2"), (nodes[2], "B-1")] {
            let piece_number = change(None, Some(number.to_owned()));
            office.does(office.anne, Command::SetPieceNumber { node, piece_number });
        }
        let desk = Desk::ready(office, office.anne);
        let ordered =
            |order, descending| documents(office, &desk, &ListDocuments { order, descending, ..window(folder) });
        let by_name = ["Écart.xlsx", "Facture 9.pdf", "facture 10.pdf", "zéro.txt"];
        assert_eq!(ordered(DocumentOrder::Name, false), by_name);
        let mut reversed = by_name;
        reversed.reverse();
        assert_eq!(ordered(DocumentOrder::Name, true), reversed);
        assert_eq!(ordered(DocumentOrder::Size, false), ["zéro.txt", "facture 10.pdf", "Écart.xlsx", "Facture 9.pdf"]);
        assert_eq!(
            ordered(DocumentOrder::Modified, true),
            ["zéro.txt", "Écart.xlsx", "Facture 9.pdf", "facture 10.pdf"]
        );
        for descending in [false, true] {
            let found = ordered(DocumentOrder::PieceNumber, descending);
            let mut with_number = vec!["Écart.xlsx", "facture 10.pdf"];
            if descending {
                with_number.reverse();
            }
            assert_eq!(found[..2], with_number, "those without a number come last");
            assert_eq!(found[2..], ["Facture 9.pdf", "zéro.txt"]);
        }
        let pages: Vec<String> = (0..4)
            .flat_map(|offset| documents(office, &desk, &ListDocuments { offset, limit: 1, ..window(folder) }))
            .collect();
        assert_eq!(pages, by_name, "windows neither overlap nor leave out");
        let searched = documents(office, &desk, &ListDocuments { search: "FACT 1".to_owned(), ..window(folder) });
        assert_eq!(searched, ["facture 10.pdf"]);
        let none = documents(office, &desk, &ListDocuments { search: "écarts".to_owned(), ..window(folder) });
        assert!(none.is_empty());
    });
}

#[test]
fn client_files_are_found_by_name_and_number() {
    on_both_engines(|office| {
        for (name, siren) in [("Zinc & Cie", None), ("Œuvres d'art", None), ("Électricité 9", Some("732829320"))] {
            let command = Command::CreateClientFile {
                client_file: ClientFileId::derived(&[name]),
                name: name.to_owned(),
                siren: siren.map(str::to_owned),
                fiscal_years: Vec::new(),
                assigned: Vec::new(),
            };
            office.does(office.anne, command);
        }
        let desk = Desk::ready(office, office.anne);
        let found = |search: &str| {
            let request = ListClientFiles { search: search.to_owned(), limit: 10, ..Default::default() };
            let server: ClientFileList = office.ask(office.anne, "list_client_files", &request).unwrap();
            let here: ClientFileList = desk.ask("list_client_files", &request).unwrap();
            let names = |list: ClientFileList| list.rows.into_iter().map(|row| row.name).collect::<Vec<_>>();
            let names = (names(server), names(here));
            assert_eq!(names.0, names.1);
            names.0
        };
        assert_eq!(found(""), ["Électricité 9", "Œuvres d'art", "Zinc & Cie"]);
        assert_eq!(found("oeuvre ART"), ["Œuvres d'art"]);
        assert_eq!(found("829 320"), ["Électricité 9"]);
        assert!(found("inconnu").is_empty());
    });
}

#[test]
fn search_finds_words_by_their_beginnings_the_latest_first() {
    on_both_engines(|office| {
        let (client, folder) = march(office);
        for name in
            ["Facture EDF 2026-03.pdf", "facture_orange.pdf", "Relevé 100%.pdf", "préfacture.pdf", "a\u{301}.txt"]
        {
            office.files(office.anne, folder, name, name);
        }
        office.makes_folder(office.anne, folder, "Factures en litige");
        office.client("Facturation SARL", &[]);
        let desk = Desk::ready(office, office.anne);
        let found = |text: &str, limit: u32, client_file: Option<ClientFileId>| {
            let request = Search { text: text.to_owned(), client_file, limit };
            let server: SearchResults = office.ask(office.anne, "search", &request).unwrap();
            let here: SearchResults = desk.ask("search", &request).unwrap();
            assert_eq!(server, here);
            let name = |hit: SearchHit| match hit {
                SearchHit::ClientFile { name, .. }
                | SearchHit::Folder { name, .. }
                | SearchHit::Document { name, .. } => name,
            };
            server.hits.into_iter().map(name).collect::<Vec<_>>()
        };
        assert_eq!(
            found("fact", 10, None),
            [
                "Facturation SARL",
                "facture_orange.pdf",
                "Facture EDF 2026-03.pdf",
                "Factures en litige",
                "03 Factures du cabinet",
                "03 Factures du cabinet",
            ],
            "not in the middle of a word; folders after documents"
        );
        assert_eq!(found("fact", 2, None), ["Facturation SARL", "facture_orange.pdf"]);
        assert_eq!(found("fact edf", 10, Some(client)), ["Facture EDF 2026-03.pdf"]);
        assert_eq!(found("facture_o", 10, Some(client)), ["facture_orange.pdf"], "an underscore is itself");
        assert_eq!(found("100%", 10, None), ["Relevé 100%.pdf"], "so is a percent sign");
        assert_eq!(found("2026-03", 1, Some(client)), ["Facture EDF 2026-03.pdf"]);
        assert_eq!(found("á txt", 10, Some(client)), ["\u{e1}.txt"], "accents and their form aside");
        assert!(found("  ", 10, None).is_empty());
    });
}

#[test]
fn a_document_shows_its_marks_and_remarks() {
    on_both_engines(|office| {
        let (_, folder) = march(office);
        let (node, _) = office.files(office.anne, folder, "Facture.pdf", "one");
        office.does(office.anne, Command::MarkReviewed { node, reviewed: change(false, true) });
        let piece_number = change(None, Some(" AC-0007 ".to_owned()));
        office.does(office.anne, Command::SetPieceNumber { node, piece_number });
        for text in ["first", "second"] {
            let comment = office.comment();
            office.does(office.anne, Command::AddComment { comment, node, text: text.to_owned() });
        }
        let desk = Desk::ready(office, office.anne);
        let server = office.document(office.anne, node);
        let here: DocumentView = desk.ask("get_document", GetDocument { document: node }).unwrap();
        for view in [&server, &here] {
            assert_eq!(view.row.piece_number.as_deref(), Some("AC-0007"));
            assert_eq!(view.row.reviewed_by, Some(office.anne));
            assert_eq!(
                view.comments.iter().map(|remark| remark.text.as_str()).collect::<Vec<_>>(),
                ["first", "second"]
            );
            assert_eq!(view.path, ["02 Dossier annuel", "2026", "Achats", "2026-03"]);
            assert_eq!((view.row.comments, view.row.versions, view.trashed), (2, 1, false));
        }
        office.does(office.anne, Command::MarkReviewed { node, reviewed: change(true, false) });
        let too_long = change(None, Some("x".repeat(41)));
        let command = Command::SetPieceNumber { node, piece_number: too_long };
        office.cannot_because(office.anne, command, protocol::failure::FailureCode::BadRequest);
        assert_eq!(office.document(office.anne, node).row.reviewed_by, None);
    });
}
