//! Badges: what each person has not opened yet, counted on the folders concerned, and nothing else.
//!
//! Here with a collaborator's first sign-in; the client's portal brings its own.

use domain::id::{ClientFileId, NodeId, PersonId, VersionId};
use domain::person::Role;
use protocol::command::Command;
use protocol::query::{GetOverview, GetTree, ListClientFiles, ListDocuments, Search};
use protocol::view::{ClientFileList, DocumentList, DocumentOrder, OverviewView, SearchResults, TreeView};

use crate::desk::Desk;
use crate::office::{Office, YEAR_2026, on_both_engines};

/// The badges that are not zero, by the folder's name.
fn badges(tree: &TreeView) -> Vec<(String, u32)> {
    tree.folders.iter().filter(|folder| folder.unread > 0).map(|folder| (folder.name.clone(), folder.unread)).collect()
}

fn expected(badges: &[(&str, u32)]) -> Vec<(String, u32)> {
    badges.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

/// What was filed on Monday: three documents in Juridique, one in Achats of March.
fn monday(office: &Office) -> (ClientFileId, Vec<(NodeId, VersionId)>) {
    let client = office.client("Alter Ce", &[YEAR_2026]);
    let legal = office.folder(client, "01 Dossier permanent/Juridique");
    let march = office.month(client, "Achats", "2026-03");
    let mut filed: Vec<_> = ["Statuts.pdf", "Kbis.pdf", "PV.pdf"]
        .into_iter()
        .map(|name| office.files(office.anne, legal, name, name))
        .collect();
    filed.push(office.files(office.anne, march, "Facture.pdf", "invoice"));
    (client, filed)
}

#[test]
fn act_04_deposits_before_the_first_sign_in_show_as_badges_on_the_folders_concerned() {
    on_both_engines(|office| {
        let (client, filed) = monday(office);
        // Friday: somebody joins the firm and signs in for the first time.
        let marc = office.hire("Marc", Role::Collaborator);
        office.assign(client, marc, None);
        let desk = Desk::ready(office, marc);
        let at_desk = |desk: &Desk| -> TreeView { desk.ask("get_tree", GetTree { client_file: client }).unwrap() };
        let first = expected(&[
            ("01 Dossier permanent", 3),
            ("Juridique", 3),
            ("02 Dossier annuel", 1),
            ("2026", 1),
            ("Achats", 1),
            ("2026-03", 1),
        ]);
        assert_eq!(badges(&office.tree(marc, client)), first, "on the server");
        assert_eq!(badges(&at_desk(&desk)), first, "on the workstation");
        let overview: OverviewView = desk.ask("get_overview", GetOverview {}).unwrap();
        assert_eq!((overview.unread, overview.client_files), (4, 1));
        assert!(badges(&office.tree(office.anne, client)).is_empty(), "nobody has badges of what they filed");

        // Opening the last unread document of a folder clears its badge, offline as online.
        let (invoice, version) = filed[3];
        desk.does(office, Command::MarkRead { node: invoice, version });
        let legal_only = expected(&[("01 Dossier permanent", 3), ("Juridique", 3)]);
        assert_eq!(badges(&at_desk(&desk)), legal_only);
        for (node, version) in &filed[..2] {
            desk.does(office, Command::MarkRead { node: *node, version: *version });
        }
        desk.pushes(office);
        desk.pulls(office);
        let one_left = expected(&[("01 Dossier permanent", 1), ("Juridique", 1)]);
        assert_eq!(badges(&at_desk(&desk)), one_left);
        assert_eq!(badges(&office.tree(marc, client)), one_left);

        // Another version is news again, for whoever did not make it; the trash is none.
        let (save, command) = office.save(office.anne, invoice, version, "another invoice");
        office.does(office.anne, command);
        office.does(office.anne, Command::Trash { node: filed[2].0 });
        assert_eq!(
            badges(&office.tree(marc, client)),
            expected(&[("02 Dossier annuel", 1), ("2026", 1), ("Achats", 1), ("2026-03", 1)])
        );
        office.does(marc, Command::MarkRead { node: invoice, version: save });
        assert!(badges(&office.tree(marc, client)).is_empty());
    });
}

/// Everything that could count or show a document, as `person` gets it.
fn all_that_counts(office: &Office, person: PersonId, client: ClientFileId) -> String {
    let overview: OverviewView = office.ask(person, "get_overview", GetOverview {}).expect("an answer");
    let list: ClientFileList = office
        .ask(person, "list_client_files", ListClientFiles { limit: 10, ..Default::default() })
        .expect("an answer");
    let found: SearchResults = office
        .ask(person, "search", Search { text: "salaire".to_owned(), client_file: None, limit: 10 })
        .expect("an answer");
    format!("{overview:?} {list:?} {:?} {found:?}", office.tree(person, client))
}

#[test]
fn act_05_badges_count_only_what_the_person_may_see() {
    on_both_engines(|office| {
        let (client, _) = monday(office);
        let marc = office.hire("Marc", Role::Collaborator);
        office.assign(client, marc, Some(&["juridique", "achats"]));
        let before = all_that_counts(office, marc, client);
        let desk = Desk::ready(office, marc);
        let payroll = office.month(client, "Social/Bulletins", "2026-03");
        for name in ["Salaire 1.pdf", "Salaire 2.pdf"] {
            office.files(office.anne, payroll, name, name);
        }
        assert_eq!(all_that_counts(office, marc, client), before, "no badge, no count, no trace");
        desk.pulls(office);
        let at_desk: TreeView = desk.ask("get_tree", GetTree { client_file: client }).unwrap();
        assert_eq!(badges(&at_desk), badges(&office.tree(marc, client)));
        assert!(at_desk.folders.iter().all(|folder| folder.name != "Social"));

        office.assign(client, marc, Some(&["juridique", "achats", "social"]));
        let payroll_badge = ("Bulletins".to_owned(), 2);
        assert!(badges(&office.tree(marc, client)).contains(&payroll_badge), "counted as soon as it is granted");
        desk.pulls(office);
        let list: ClientFileList =
            desk.ask("list_client_files", ListClientFiles { limit: 10, ..Default::default() }).unwrap();
        assert_eq!((list.rows[0].unread, list.rows[0].documents), (6, 6));
    });
}

#[test]
fn a_trashed_folder_counts_nowhere() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let marc = office.hire("Marc", Role::Collaborator);
        office.assign(client, marc, None);
        let folder = office.makes_folder(office.anne, office.month(client, "Achats", "2026-03"), "Lot");
        let (node, _) = office.files(office.anne, folder, "Devis.pdf", "one");
        let counts = || {
            let list: ClientFileList =
                office.ask(marc, "list_client_files", ListClientFiles { limit: 10, ..Default::default() }).unwrap();
            (list.rows[0].unread, list.rows[0].documents)
        };
        assert_eq!(counts(), (1, 1));
        office.does(office.anne, Command::Trash { node: folder });
        assert_eq!(counts(), (0, 0));
        let found: SearchResults =
            office.ask(marc, "search", Search { text: "devis".to_owned(), client_file: None, limit: 10 }).unwrap();
        assert!(found.hits.is_empty(), "found in the trash only");
        let list = ListDocuments {
            folder,
            order: DocumentOrder::default(),
            descending: false,
            search: String::new(),
            offset: 0,
            limit: 10,
        };
        let list: DocumentList = office.ask(marc, "list_documents", list).unwrap();
        assert_eq!(list.rows[0].id, node, "the trash itself still shows what is in it");
    });
}
