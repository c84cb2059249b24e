//! Denials: each role, assignment and theme, for every kind of command, and queries that show nothing more.

use domain::id::PersonId;
use domain::person::Role;
use domain::tree::Theme;
use protocol::command::{Command, VersionChoice};
use protocol::failure::FailureCode;
use protocol::query::{GetClientFile, GetDocument, GetTree, ListDocuments};
use protocol::view::{ClientFileView, DocumentList, DocumentOrder, DocumentView, TreeView};

use crate::office::{Office, YEAR_2026, change, dates, on_both_engines, relocate, rename};

fn denied(office: &Office, person: PersonId, command: Command, reason: &str) {
    let failure = office.cannot(person, command.clone());
    assert_eq!((failure.code, failure.details["reason"].as_str()), (FailureCode::Denied, reason), "{command:?}");
}

#[test]
fn each_command_names_the_rule_that_refuses_it() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let marc = office.hire("Marc", Role::Collaborator);
        let zoe = office.hire("Zoé", Role::Manager);
        let away = office.hire("Paul", Role::Manager);
        office.assign(client, marc, Some(&["achats"]));
        office.assign(client, zoe, Some(&["achats", "social"]));
        let payroll = office.folder(client, "02 Dossier annuel/2026/Social/Charges");
        let march = office.month(client, "Achats", "2026-03");
        let (slip, head) = office.files(office.anne, payroll, "Paie.pdf", "slip");
        let (invoice, _) = office.files(office.anne, march, "Facture.pdf", "invoice");
        let (_, _, add) = office.add_document(payroll, "Autre.pdf", office.content(marc, "mine"));
        let (_, save) = office.save(marc, slip, head, "mine");
        let comment = Command::AddComment { comment: office.comment(), node: slip, text: "Vu".to_owned() };
        let of_theme = [
            add,
            save,
            comment,
            rename(slip, "Paie.pdf", "Autre.pdf"),
            relocate(slip, payroll, march),
            relocate(invoice, march, payroll),
            Command::Trash { node: slip },
            Command::Restore { node: slip, parent: None },
            Command::SettleVersion { node: slip, version: head, choice: VersionChoice::Leave },
            Command::RestoreVersion { node: slip, version: office.version(), from: head, base: Some(head) },
            Command::MarkReviewed { node: slip, reviewed: change(false, true) },
            Command::SetPieceNumber { node: slip, piece_number: change(None, Some("1".to_owned())) },
            Command::MarkRead { node: slip, version: head },
        ];
        for command in &of_theme {
            denied(office, marc, command.clone(), "theme");
        }
        let of_client = [
            Command::UpdateClientFile {
                client_file: client,
                name: Some(change("Alter Ce".to_owned(), "Autre".to_owned())),
                siren: None,
            },
            Command::AddFiscalYear {
                client_file: client,
                dates: dates(("2027-01-01", "2027-12-31")),
                gap_confirmed: false,
            },
            Command::AssignPerson { client_file: client, person: away, themes: None },
            Command::UnassignPerson { client_file: client, person: marc },
        ];
        denied(office, marc, of_client[0].clone(), "role");
        denied(office, marc, of_client[1].clone(), "theme");
        for command in of_client.iter().chain(&of_theme) {
            denied(office, away, command.clone(), "not_assigned");
        }
        let of_role = [
            Command::AssignPerson { client_file: client, person: away, themes: None },
            Command::UnassignPerson { client_file: client, person: zoe },
            Command::CreateClientFile {
                client_file: domain::id::ClientFileId::derived(&["new"]),
                name: "New".to_owned(),
                siren: None,
                fiscal_years: Vec::new(),
                assigned: Vec::new(),
            },
        ];
        for command in of_role {
            denied(office, marc, command, "role");
        }
        for person in [marc, zoe] {
            let update = Command::UpdatePerson {
                person,
                first_name: None,
                last_name: None,
                role: Some(change(Role::Collaborator, Role::Administrator)),
                email: None,
            };
            denied(office, person, update, "role");
            denied(office, person, Command::SuspendPerson { person: away }, "role");
            denied(office, person, Command::ResumePerson { person: away }, "role");
        }
        // Nobody gives what they do not hold.
        let give = |themes: Option<Vec<Theme>>| Command::AssignPerson { client_file: client, person: away, themes };
        denied(office, zoe, give(Some(vec![Theme::new("banque")])), "theme");
        denied(office, zoe, give(None), "theme");
        office.cannot_because(zoe, give(Some(vec![Theme::new("unknown")])), FailureCode::BadRequest);
        office.does(zoe, give(Some(vec![Theme::new("social")])));
        assert_eq!(office.document(office.anne, slip).row.version, head, "nothing of all that happened");
    });
}

#[test]
fn nobody_takes_away_what_they_do_not_hold() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let zoe = office.hire("Zoé", Role::Manager);
        let all = office.hire("Lucie", Role::Manager);
        let marc = office.hire("Marc", Role::Collaborator);
        office.assign(client, zoe, Some(&["achats", "social"]));
        office.assign(client, all, None);
        let assign = |person: PersonId, themes: Option<&[&str]>| Command::AssignPerson {
            client_file: client,
            person,
            themes: themes.map(|keys| keys.iter().map(|key| Theme::new(key)).collect()),
        };
        let unassign = |person: PersonId| Command::UnassignPerson { client_file: client, person };
        let sees = |person: PersonId| {
            let tree: Result<TreeView, _> = office.ask(person, "get_tree", GetTree { client_file: client });
            tree.map(|tree| tree.folders.len()).unwrap_or_default()
        };
        for (person, held) in [(all, None), (marc, None), (marc, Some(&["achats", "banque"][..]))] {
            office.does(office.anne, assign(person, held));
            let before = sees(person);
            denied(office, zoe, assign(person, Some(&["achats"])), "theme");
            denied(office, zoe, assign(person, Some(&[])), "theme");
            denied(office, zoe, unassign(person), "theme");
            assert_eq!(sees(person), before, "{held:?} is what they still see");
        }
        // What she holds she gives, narrows and takes away.
        office.does(office.anne, assign(marc, Some(&["achats"])));
        office.does(zoe, assign(marc, Some(&["achats", "social"])));
        office.does(zoe, assign(marc, Some(&["social"])));
        office.does(zoe, unassign(marc));
        office.does(zoe, unassign(marc));
        assert_eq!(sees(marc), 0);
        // Whoever holds all does so with all, and an administrator too.
        office.does(office.anne, assign(marc, Some(&["achats", "banque"])));
        office.does(all, unassign(marc));
        office.does(office.anne, unassign(all));
        assert_eq!(sees(all), 0);
    });
}

#[test]
fn what_is_out_of_sight_is_not_found() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let marc = office.hire("Marc", Role::Collaborator);
        let payroll = office.folder(client, "02 Dossier annuel/2026/Social/Charges");
        let (slip, _) = office.files(office.anne, payroll, "Paie.pdf", "slip");
        let not_found = |sees_client: bool| {
            let view: Result<ClientFileView, _> =
                office.ask(marc, "get_client_file", GetClientFile { client_file: client });
            assert_eq!(view.is_ok(), sees_client);
            let tree: Result<TreeView, _> = office.ask(marc, "get_tree", GetTree { client_file: client });
            assert_eq!(tree.is_ok(), sees_client);
            let document: Result<DocumentView, _> = office.ask(marc, "get_document", GetDocument { document: slip });
            assert_eq!(document.unwrap_err().code, FailureCode::NotFound);
            let request = ListDocuments {
                folder: payroll,
                order: DocumentOrder::default(),
                descending: false,
                search: String::new(),
                offset: 0,
                limit: 10,
            };
            let list: Result<DocumentList, _> = office.ask(marc, "list_documents", request);
            assert_eq!(list.unwrap_err().code, FailureCode::NotFound);
        };
        not_found(false);
        office.assign(client, marc, Some(&["achats"]));
        not_found(true);
    });
}

#[test]
fn a_remark_is_removed_by_its_author_only() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let marc = office.hire("Marc", Role::Collaborator);
        office.assign(client, marc, None);
        let (node, _) = office.files(office.anne, office.month(client, "Achats", "2026-03"), "F.pdf", "one");
        let comment = office.comment();
        office.does(marc, Command::AddComment { comment, node, text: " Vu avec le client\n\tle 3 ".to_owned() });
        let remarks = || office.document(office.anne, node).comments;
        assert_eq!(remarks()[0].text, "Vu avec le client\n\tle 3", "lines and tabs stay");
        office.cannot_because(office.anne, Command::RemoveComment { comment }, FailureCode::Denied);
        office.does(marc, Command::RemoveComment { comment });
        assert!(remarks().is_empty());
        let seq = office.firm.seq().unwrap();
        assert_eq!(office.does(marc, Command::RemoveComment { comment }), seq, "removed already");
        for text in ["", "  ", &"x".repeat(10_001), "Vu\0 avec le client", "Vu\u{1b}[2J"] {
            let empty = Command::AddComment { comment: office.comment(), node, text: text.to_owned() };
            office.cannot_because(marc, empty, FailureCode::BadRequest);
        }
    });
}

#[test]
fn a_stranger_sends_nothing_and_sees_nothing() {
    on_both_engines(|office| {
        let stranger = PersonId::derived(&["stranger"]);
        let caller = store::firm::Caller { person: stranger, workstation_name: String::new() };
        let request = protocol::feed::PushRequest {
            commands: vec![office.envelope(Command::Trash { node: office.node() })],
            schema_version: protocol::SCHEMA_VERSION,
        };
        let refused = office.firm.push(&caller, &request, office.now()).map_err(store::Error::into_failure);
        assert_eq!(refused.unwrap_err().code, FailureCode::Denied);
        let answer: Result<TreeView, _> =
            office.ask(stranger, "get_tree", GetTree { client_file: domain::id::ClientFileId::derived(&["x"]) });
        assert_eq!(answer.unwrap_err().code, FailureCode::Denied);
        assert!(office.firm.answer(office.anne, "no_such_query", serde_json::Value::Null).is_none());
    });
}
