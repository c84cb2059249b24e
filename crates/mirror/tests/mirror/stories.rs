//! The main job: what is at the firm is on the disk, and what is done on the disk is done at the firm.

use disk::Personality;
use domain::id::PersonId;
use domain::person::Role;
use domain::tree::Theme;
use protocol::command::{Change, Command, Naming};

use crate::desktop::Desktop;
use crate::office::Office;

const PERSONALITIES: [Personality; 3] = [Personality::Ext4Like, Personality::NtfsLike, Personality::ApfsLike];

/// A desktop with the whole tree on its disk.
pub(crate) fn ready(personality: Personality) -> (Office, Desktop) {
    let office = Office::open();
    let mut desktop = Desktop::new(&office, personality);
    desktop.sync(&office);
    desktop.is_at_rest();
    (office, desktop)
}

pub(crate) const INBOX: &str = "Alter Ce/05 À classer (cabinet)";

#[test]
fn the_tree_is_made_on_an_empty_disk() {
    for personality in PERSONALITIES {
        let (_office, desktop) = ready(personality);
        let tree = desktop.tree();
        assert!(tree.contains(&"Alter Ce/02 Dossier annuel/2026/Achats/2026-03/".to_owned()), "{tree:#?}");
    }
}

#[test]
fn what_the_firm_files_is_on_the_disk_and_what_is_saved_is_a_version() {
    for personality in PERSONALITIES {
        let (office, mut desktop) = ready(personality);
        let node = office.adds(office.folder("contrats"), "Bail.pdf", b"one");
        desktop.sync(&office);
        let path = "Alter Ce/01 Dossier permanent/Contrats et baux/Bail.pdf";
        assert_eq!(desktop.read(path).as_deref(), Some(&b"one"[..]));
        let meta = desktop.disk.stat(&desktop.path(path)).unwrap().unwrap();
        assert_eq!(meta.modified_ns / 1_000_000, crate::office::START - 5_000, "the file has the document's time");

        desktop.save(path, b"two, saved here");
        desktop.sync(&office);
        assert!(office.has_bytes(b"two, saved here"));
        let row = desktop.node(path).unwrap();
        assert_eq!((row.id, row.size), (node, 15));
        assert_eq!(desktop.commands.len(), 1, "{:?}", desktop.commands);

        office.saves(node, row.head, b"three, saved there");
        desktop.sync(&office);
        assert_eq!(desktop.read(path).as_deref(), Some(&b"three, saved there"[..]));
        assert!(desktop.quarantine().contains(&b"two, saved here"[..]), "what was replaced is kept a while");
        desktop.is_at_rest();
    }
}

#[test]
fn a_file_dropped_on_the_disk_is_filed_and_is_not_sent_twice() {
    for personality in PERSONALITIES {
        let (office, mut desktop) = ready(personality);
        desktop.save(&format!("{INBOX}/Facture.pdf"), b"facture");
        desktop.save(&format!("{INBOX}/vide.txt"), b"");
        desktop.sync(&office);
        desktop.is_at_rest();
        assert_eq!(desktop.commands.len(), 2);
        assert!(desktop.node(&format!("{INBOX}/vide.txt")).is_some(), "an empty file is a document like any other");
        desktop.restart();
        desktop.sync(&office);
        assert_eq!(desktop.commands.len(), 2, "a new scan finds nothing new");
        desktop.is_at_rest();
    }
}

/// A file moved and copied at once is two files: one of them is the document that was moved, the other a new one.
#[test]
fn two_files_of_the_same_bytes_are_never_taken_for_one_document() {
    for personality in PERSONALITIES {
        let (office, mut desktop) = ready(personality);
        let node = office.adds(office.folder("contrats"), "Bail.pdf", b"bail");
        desktop.sync(&office);
        let before = desktop.path("Alter Ce/01 Dossier permanent/Contrats et baux/Bail.pdf");
        desktop.disk.rename_exclusive(&before, &desktop.path(&format!("{INBOX}/Bail signé.pdf"))).unwrap();
        desktop.save(&format!("{INBOX}/Bail 1.pdf"), b"bail");
        desktop.save(&format!("{INBOX}/Bail 2.pdf"), b"bail");
        desktop.sync(&office);
        desktop.is_at_rest();
        let nodes: Vec<_> = ["Bail signé.pdf", "Bail 1.pdf", "Bail 2.pdf"]
            .map(|name| {
                desktop.node(&format!("{INBOX}/{name}")).unwrap_or_else(|| panic!("{name} is not at the firm")).id
            })
            .into();
        assert_eq!(nodes.iter().filter(|found| **found == node).count(), 1, "{nodes:?}");
        assert_eq!(nodes.iter().collect::<std::collections::BTreeSet<_>>().len(), 3, "{nodes:?}");
    }
}

#[test]
fn renames_and_moves_are_moves() {
    for personality in PERSONALITIES {
        let (office, mut desktop) = ready(personality);
        let node = office.adds(office.folder("contrats"), "Bail.pdf", b"one");
        desktop.sync(&office);
        let from = desktop.path("Alter Ce/01 Dossier permanent/Contrats et baux/Bail.pdf");
        let to = desktop.path("Alter Ce/01 Dossier permanent/Juridique/Bail signé.pdf");
        desktop.disk.rename_exclusive(&from, &to).unwrap();
        desktop.sync(&office);
        desktop.is_at_rest();
        assert_eq!(desktop.commands.len(), 1);
        assert!(matches!(&desktop.commands[0], Command::Place { node: moved, .. } if *moved == node));
        // And only the case.
        let upper = desktop.path("Alter Ce/01 Dossier permanent/Juridique/BAIL signé.pdf");
        desktop.disk.rename_exclusive(&to, &upper).unwrap();
        desktop.sync(&office);
        desktop.is_at_rest();
        assert_eq!(desktop.commands.len(), 2, "{:?}", desktop.commands);
        assert_eq!(desktop.replica.read(|tx| tx.node(node)).unwrap().unwrap().name, "BAIL signé.pdf");
        // The other way too.
        let name = Some(Change { seen: "BAIL signé.pdf".into(), value: "bail SIGNÉ.pdf".into() });
        office.does(Command::Place { node, name, parent: None, naming: Naming::Typed });
        desktop.sync(&office);
        desktop.is_at_rest();
        let names: Vec<_> = desktop.disk.list(upper.parent().unwrap()).unwrap();
        let names: Vec<_> = names.iter().map(|entry| entry.name.to_string_lossy().into_owned()).collect();
        assert_eq!(names, ["bail SIGNÉ.pdf"], "one file, under its new spelling");
        assert_eq!(desktop.commands.len(), 2, "and nothing to tell back");
    }
}

#[test]
fn a_folder_of_a_thousand_files_moves_by_one_command() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    let folder = desktop.path(&format!("{INBOX}/Reprise"));
    desktop.disk.create_dir(&folder).unwrap();
    for n in 0..1_000 {
        desktop.save(&format!("{INBOX}/Reprise/{n:04}.pdf"), format!("piece {n}").as_bytes());
    }
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.commands.len(), 1_001);
    let target = desktop.path("Alter Ce/01 Dossier permanent/Juridique/Reprise 2025");
    desktop.disk.rename_exclusive(&folder, &target).unwrap();
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.commands.len(), 1_002);
    assert_eq!(desktop.files().len(), 1_000);
    // And the other way.
    let moved = desktop.node("Alter Ce/01 Dossier permanent/Juridique/Reprise 2025").unwrap();
    office.does(Command::Place {
        node: moved.id,
        name: None,
        parent: Some(protocol::command::Change { seen: moved.parent, value: office.folder("contrats") }),
        naming: Naming::Typed,
    });
    desktop.sync(&office);
    desktop.is_at_rest();
    assert!(desktop.read("Alter Ce/01 Dossier permanent/Contrats et baux/Reprise 2025/0999.pdf").is_some());
    assert_eq!(desktop.commands.len(), 1_002);
}

#[test]
fn a_removal_is_one_command_and_the_trash_of_the_firm_empties_the_disk() {
    for personality in PERSONALITIES {
        let (office, mut desktop) = ready(personality);
        let folder = format!("{INBOX}/Lot");
        desktop.disk.create_dir(&desktop.path(&folder)).unwrap();
        for n in 0..5 {
            desktop.save(&format!("{folder}/{n}.pdf"), format!("piece {n}").as_bytes());
        }
        desktop.sync(&office);
        let sent = desktop.commands.len();
        let node = desktop.node(&folder).unwrap().id;
        for n in 0..5 {
            desktop.disk.remove_file(&desktop.path(&format!("{folder}/{n}.pdf"))).unwrap();
        }
        desktop.disk.remove_dir(&desktop.path(&folder)).unwrap();
        desktop.sync(&office);
        desktop.is_at_rest();
        assert_eq!(desktop.commands.len(), sent + 1, "{:?}", desktop.commands);
        assert!(matches!(desktop.commands[sent], Command::Trash { node: trashed } if trashed == node));

        office.does(Command::Restore { node, parent: None });
        desktop.sync(&office);
        assert_eq!(desktop.files().len(), 5, "what comes out of the trash comes back");
        office.does(Command::Trash { node });
        desktop.sync(&office);
        desktop.is_at_rest();
        assert!(!desktop.tree().contains(&format!("{folder}/")));
        assert_eq!(desktop.quarantine().len(), 5, "what was taken off the disk is kept a while");
        assert_eq!(desktop.commands.len(), sent + 1);
    }
}

#[test]
fn a_save_here_wins_over_the_trash_there() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    let node = office.adds(office.folder("contrats"), "Bail.pdf", b"one");
    desktop.sync(&office);
    desktop.is_online = false;
    let path = "Alter Ce/01 Dossier permanent/Contrats et baux/Bail.pdf";
    desktop.save(path, b"worked on in the train");
    desktop.sync(&office);
    office.does(Command::Trash { node });
    desktop.is_online = true;
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.read(path).as_deref(), Some(&b"worked on in the train"[..]));
}

#[test]
fn two_saves_at_once_make_a_concurrent_version_and_no_second_file() {
    let office = Office::open();
    let node = office.adds(office.folder("contrats"), "Bail.pdf", b"one");
    let mut anne = Desktop::new(&office, Personality::NtfsLike);
    let mut paul = Desktop::new(&office, Personality::ApfsLike);
    anne.sync(&office);
    paul.sync(&office);
    let path = "Alter Ce/01 Dossier permanent/Contrats et baux/Bail.pdf";
    anne.save(path, b"Anne's");
    paul.save(path, b"Paul's");
    paul.is_online = false;
    paul.sync(&office);
    anne.sync(&office);
    paul.is_online = true;
    paul.sync(&office);
    anne.sync(&office);
    assert_eq!(anne.files(), paul.files());
    assert_eq!(paul.read(path).as_deref(), Some(&b"Anne's"[..]), "the first to arrive is the head");
    assert!(office.has_bytes(b"Paul's"), "the other is kept beside it");
    assert_eq!(anne.files().len(), 1);
    let head = anne.replica.read(|tx| tx.node(node)).unwrap().unwrap();
    assert_eq!(head.content, Some(domain::content::ContentHash::of(b"Anne's")));
}

#[test]
fn saved_many_times_offline_every_save_becomes_a_version_in_order() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    let path = format!("{INBOX}/Bilan.xlsx");
    desktop.is_online = false;
    for n in 0..5 {
        desktop.save(&path, format!("save {n}").as_bytes());
        desktop.sync(&office);
        office.wait(10_000);
    }
    let to = desktop.path(&format!("{INBOX}/Bilan 2026.xlsx"));
    desktop.disk.rename_exclusive(&desktop.path(&path), &to).unwrap();
    desktop.sync(&office);
    desktop.is_online = true;
    desktop.sync(&office);
    desktop.is_at_rest();
    for n in 0..5 {
        assert!(office.has_bytes(format!("save {n}").as_bytes()), "save {n} is recoverable");
    }
    assert_eq!(desktop.commands.len(), 6, "{:?}", desktop.commands);
    assert_eq!(desktop.node(&format!("{INBOX}/Bilan 2026.xlsx")).unwrap().size, 6);
}

/// A collaborator who sees all of the client file.
pub(crate) fn paul(office: &Office) -> PersonId {
    let person = PersonId(office.fresh());
    office.does(Command::AddPerson {
        person,
        email: "paul@cabinet.fr".into(),
        first_name: "Paul".into(),
        last_name: "Petit".into(),
        role: Role::Collaborator,
    });
    office.does(Command::AssignPerson { client_file: office.client, person, themes: None });
    person
}

#[test]
fn what_goes_out_of_sight_leaves_the_disk_and_nobody_is_told_of_a_removal() {
    let office = Office::open();
    let paul = paul(&office);
    office.adds(office.folder("contrats"), "Bail.pdf", b"bail");
    let mut desktop = Desktop::of(&office, paul, Personality::Ext4Like);
    desktop.sync(&office);
    desktop.is_at_rest();
    let juridique = vec![Theme::new("juridique")];
    office.does(Command::AssignPerson { client_file: office.client, person: paul, themes: Some(juridique) });
    desktop.sync(&office);
    desktop.is_at_rest();
    let permanent = "Alter Ce/01 Dossier permanent";
    assert!(
        !desktop.tree().contains(&"Alter Ce/02 Dossier annuel/".to_owned()),
        "no container without a theme in sight"
    );
    assert!(desktop.read(&format!("{permanent}/Contrats et baux/Bail.pdf")).is_some());
    desktop.save(&format!("{permanent}/Contrats et baux/Bail.pdf"), b"saved and not yet sent");
    office.does(Command::UnassignPerson { client_file: office.client, person: paul });
    desktop.pull(&office);
    desktop.sync(&office);
    assert!(!desktop.tree().is_empty(), "all of it at once: the server has to say it again");
    office.wait(61_000);
    desktop.pull(&office);
    desktop.sync(&office);
    assert_eq!(desktop.tree(), Vec::<String>::new());
    assert!(desktop.quarantine().contains(&b"saved and not yet sent"[..]), "what the server does not hold is kept");
    assert!(desktop.commands.is_empty(), "{:?}", desktop.commands);
}

#[test]
fn a_clock_set_back_stops_nothing() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    desktop.save(&format!("{INBOX}/a.pdf"), b"a");
    desktop.hint(&office);
    office.wait(-86_400_000);
    desktop.save(&format!("{INBOX}/b.pdf"), b"b");
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.commands.len(), 2);
}
