//! What is available offline, by client file and by fiscal year: what lists and counts say of it.

use std::collections::BTreeSet;

use domain::id::{ClientFileId, FiscalYearId, NodeId};
use domain::time::Instant;
use protocol::local::HeldKind;
use protocol::query::{GetClientFile, ListClientFiles, ListDocuments};
use protocol::view::{ClientFileList, ClientFileView, DocumentList, DocumentOrder, Reason, SyncMark};
use store::replica::Offline;
use store::replica::trees::{Blocked, Held};

use crate::desk::Desk;
use crate::office::{Office, YEAR_2026};

const YEAR_2025: (&str, &str) = ("2025-01-01", "2025-12-31");

struct Scene {
    desk: Desk,
    client: ClientFileId,
    legal: NodeId,
    recent: NodeId,
    old: NodeId,
}

/// A document in the permanent folders, one in each of two years, one of them in a folder of somebody's own.
fn scene() -> Scene {
    let office = Office::sqlite();
    let client = office.client("Alter Ce", &[YEAR_2026, YEAR_2025]);
    let legal = office.folder(client, "01 Dossier permanent/Juridique");
    let (recent, march) = (office.month(client, "Achats", "2026-03"), office.month(client, "Achats", "2025-03"));
    let old = office.node();
    let (name, naming) = ("Lot".to_owned(), protocol::command::Naming::ByMachine);
    office.does(office.anne, protocol::command::Command::CreateFolder { node: old, parent: march, name, naming });
    for folder in [legal, recent, old] {
        office.files(office.anne, folder, "Pièce.pdf", "four");
    }
    let desk = Desk::ready(&office, office.anne);
    Scene { desk, client, legal, recent, old }
}

impl Scene {
    fn year(&self, closing: &str) -> FiscalYearId {
        let view: ClientFileView =
            self.desk.ask("get_client_file", GetClientFile { client_file: self.client }).expect("a client file");
        view.fiscal_years.iter().find(|year| year.end == closing).expect("a fiscal year").id
    }

    fn choose(&self, chosen: &Offline) {
        self.desk.replica.write(|tx| tx.choose_offline(self.client, chosen)).expect("an answer");
        assert_eq!(&self.desk.replica.read(|tx| tx.offline(self.client)).expect("an answer"), chosen);
    }

    fn mark(&self, folder: NodeId) -> SyncMark {
        let request = ListDocuments {
            folder,
            order: DocumentOrder::Name,
            descending: false,
            search: String::new(),
            offset: 0,
            limit: 10,
        };
        let list: DocumentList = self.desk.ask("list_documents", request).expect("documents");
        list.rows[0].sync
    }

    /// Marks of the permanent document, of this year's and of the last one's; then how many are to be received.
    fn said(&self) -> ([SyncMark; 3], u32) {
        let load = self.desk.replica.read(|tx| tx.download_load()).expect("an answer");
        assert_eq!(load.bytes, u64::from(load.files) * 4);
        ([self.legal, self.recent, self.old].map(|folder| self.mark(folder)), load.files)
    }
}

#[test]
fn lists_and_counts_are_of_the_years_chosen_and_of_what_belongs_to_none() {
    use SyncMark::{OnlineOnly, Receiving};
    let scene = scene();
    let (recent, old) = (scene.year("2026-12-31"), scene.year("2025-12-31"));
    assert_eq!(scene.said(), ([OnlineOnly; 3], 0));
    scene.choose(&Offline::Years(BTreeSet::from([recent])));
    assert_eq!(scene.said(), ([Receiving, Receiving, OnlineOnly], 2));
    scene.choose(&Offline::Years(BTreeSet::from([old])));
    assert_eq!(scene.said(), ([Receiving, OnlineOnly, Receiving], 2), "what lies in somebody's folder is of its year");
    scene.choose(&Offline::Years(BTreeSet::new()));
    assert_eq!(scene.said(), ([Receiving, OnlineOnly, OnlineOnly], 1));
    scene.choose(&Offline::Everything);
    assert_eq!(scene.said(), ([Receiving; 3], 3));
    scene.choose(&Offline::Nothing);
    assert_eq!(scene.said(), ([OnlineOnly; 3], 0));
}

#[test]
fn what_is_left_to_receive_is_listed_where_it_goes() {
    let scene = scene();
    scene.choose(&Offline::Years(BTreeSet::from([scene.year("2025-12-31")])));
    let listed = |limit| scene.desk.replica.read(|tx| tx.receiving_items(limit)).expect("an answer");
    let mut places: Vec<_> = listed(10).into_iter().map(|item| (item.mark, item.path, item.name)).collect();
    places.sort();
    let places: Vec<_> =
        places.iter().map(|(_, path, name)| (path.rsplit('/').next().unwrap(), name.as_str())).collect();
    assert_eq!(places, [("Juridique", "Pièce.pdf"), ("Lot", "Pièce.pdf")]);
    assert!(listed(10).iter().all(|item| item.mark == SyncMark::Receiving && item.node.is_some()));
    assert_eq!(listed(1).len(), 1);
    scene.choose(&Offline::Nothing);
    assert!(listed(10).is_empty());
}

#[test]
fn what_somebody_decides_on_alone_is_listed_before_what_waits_and_what_is_held_and_only_once() {
    let scene = scene();
    scene.choose(&Offline::Everything);
    let replica = &scene.desk.replica;
    let nodes: Vec<NodeId> =
        replica.read(|tx| tx.receiving_items(10)).unwrap().into_iter().filter_map(|item| item.node).collect();
    let entry = |node, path: &str, reason, is_waiting| Blocked {
        key: path.to_owned(),
        node: Some(node),
        client_file: Some(scene.client),
        folder: None,
        path: path.to_owned(),
        reason,
        proposal: None,
        is_waiting,
        since: Instant(0),
    };
    let held = Held {
        node: nodes[0],
        client_file: scene.client,
        kind: HeldKind::Removal,
        is_folder: false,
        content: None,
        decision: None,
        since: Instant(0),
    };
    let made = replica.write(|tx| {
        tx.hold(&held)?;
        tx.put_blocked(&entry(nodes[1], "a.pdf", Reason::InUse, true))?;
        tx.put_blocked(&entry(nodes[2], "b.pdf", Reason::NameTaken, false))
    });
    made.unwrap();
    let listed: Vec<_> = replica.read(|tx| tx.sync_items(0)).unwrap().into_iter().map(|item| item.reason).collect();
    assert_eq!(listed, [Reason::NameTaken, Reason::InUse, Reason::RemovalHeld]);
    let receiving = replica.read(|tx| tx.receiving_items(10)).unwrap();
    assert!(receiving.iter().all(|item| item.node == Some(nodes[0])), "those that wait have entries of their own");
}

#[test]
fn a_client_file_says_which_years_of_it_are_kept() {
    let scene = scene();
    let kept = || {
        let request = ListClientFiles { limit: 10, ..ListClientFiles::default() };
        let list: ClientFileList = scene.desk.ask("list_client_files", request).expect("client files");
        (list.rows[0].offline, list.rows[0].offline_years.clone())
    };
    assert_eq!(kept(), (false, None));
    let recent = scene.year("2026-12-31");
    scene.choose(&Offline::Years(BTreeSet::from([recent])));
    assert_eq!(kept(), (true, Some(vec![recent])));
    scene.choose(&Offline::Years(BTreeSet::new()));
    assert_eq!(kept(), (true, Some(Vec::new())));
    scene.choose(&Offline::Everything);
    assert_eq!(kept(), (true, None));
    scene.choose(&Offline::Nothing);
    assert_eq!(kept(), (false, None));
}
