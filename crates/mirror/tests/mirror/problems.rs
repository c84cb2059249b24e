//! What cannot be synced as it is: each says why, blocks only itself, and goes away with its cause.

use std::path::Path;
use std::sync::Arc;

use disk::{ErrorKind, FaultyDisk, Filesystem as _, MemoryDisk, Operation, Personality, Sharing};
use domain::content::ContentHash;
use mirror::Event;
use protocol::command::Command;
use protocol::view::Reason;

use crate::desktop::Desktop;
use crate::office::Office;
use crate::stories::{INBOX, ready};

fn at(name: &str) -> String {
    format!("{INBOX}/{name}")
}

/// A good file beside the bad one goes its way.
fn goes_on(office: &Office, desktop: &mut Desktop) {
    desktop.save(&at("sain.pdf"), b"sain");
    desktop.sync(office);
    assert!(desktop.node(&at("sain.pdf")).is_some(), "the rest goes on");
}

#[test]
fn a_name_that_windows_refuses_is_blocked_and_repaired_on_demand() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    let bad_names = [("a:b.pdf", "a_b.pdf"), ("CON.txt", "_CON.txt"), ("fin. ", "fin")];
    // To Windows, `a:b` is no name at all but a drive.
    for (bad, good) in bad_names.into_iter().filter(|(bad, _)| cfg!(not(windows)) || !bad.contains(':')) {
        desktop.save(&at(bad), bad.as_bytes());
        goes_on(&office, &mut desktop);
        assert_eq!(desktop.blocked(), [(at(bad), Reason::InvalidName)]);
        let (key, proposal) = desktop.proposal(&at(bad)).unwrap();
        assert_eq!(proposal, good);
        desktop.mirror.repair(&key, &desktop.replica).unwrap();
        desktop.sync(&office);
        desktop.is_at_rest();
        assert_eq!(desktop.read(&at(good)).as_deref(), Some(bad.as_bytes()));
        assert!(office.has_bytes(bad.as_bytes()));
    }
    assert!(desktop.mirror.repair("disk:nowhere", &desktop.replica).is_err());
}

#[test]
fn a_name_of_250_bytes_is_shortened_on_demand() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    let long = "é".repeat(123) + ".pdf";
    desktop.save(&at(&long), b"long");
    goes_on(&office, &mut desktop);
    assert_eq!(desktop.blocked(), [(at(&long), Reason::InvalidName)]);
    let (key, proposal) = desktop.proposal(&at(&long)).unwrap();
    assert!(proposal.len() <= domain::name::MAX_NAME_BYTES);
    desktop.mirror.repair(&key, &desktop.replica).unwrap();
    desktop.sync(&office);
    desktop.is_at_rest();
}

#[test]
fn a_path_too_long_for_excel_is_blocked_until_it_is_shorter() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    let folder = at("Un dossier au nom long comme une journée de clôture en plein mois de mai");
    desktop.disk.create_dir(&desktop.path(&folder)).unwrap();
    let file = format!("{folder}/une facture dont le nom raconte toute l'histoire de la commande.pdf");
    desktop.save(&file, b"x");
    goes_on(&office, &mut desktop);
    assert_eq!(desktop.blocked(), [(file.clone(), Reason::PathTooLong)]);
    let (key, _) = desktop.proposal(&file).unwrap();
    desktop.mirror.repair(&key, &desktop.replica).unwrap();
    desktop.sync(&office);
    desktop.is_at_rest();
    assert!(office.has_bytes(b"x"));
}

#[test]
fn twins_by_case_or_accents_are_told_apart() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    for (first, twin) in [("Bilan.pdf", "BILAN.pdf"), ("\u{e9}t\u{e9}.pdf", "e\u{301}te\u{301}.pdf")] {
        desktop.save(&at(first), b"first");
        desktop.sync(&office);
        desktop.save(&at(twin), b"twin");
        goes_on(&office, &mut desktop);
        assert_eq!(desktop.blocked(), [(at(twin), Reason::NameTaken)], "the later one waits");
        let (key, proposal) = desktop.proposal(&at(twin)).unwrap();
        desktop.mirror.repair(&key, &desktop.replica).unwrap();
        desktop.sync(&office);
        desktop.is_at_rest();
        assert_eq!(desktop.read(&at(&proposal)).as_deref(), Some(&b"twin"[..]));
    }
}

#[test]
fn accents_written_apart_are_the_same_name() {
    let (office, mut desktop) = ready(Personality::ApfsLike);
    desktop.save(&at("e\u{301}te\u{301}.pdf"), b"x");
    desktop.sync(&office);
    desktop.is_at_rest();
    let node = desktop.node(&at("\u{e9}t\u{e9}.pdf")).unwrap();
    assert_eq!(node.name, "\u{e9}t\u{e9}.pdf", "the firm composes");
    assert_eq!(desktop.commands.len(), 1, "and the disk keeps its own spelling without a quarrel");
}

#[test]
fn links_and_unreadable_files_are_never_followed_and_never_removed() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    let memory = desktop.memory.clone().unwrap();
    memory.create_symlink(&desktop.path(&at("lien"))).unwrap();
    desktop.save(&at("secret.pdf"), b"secret");
    memory.set_unreadable(&desktop.path(&at("secret.pdf")), true).unwrap();
    goes_on(&office, &mut desktop);
    let mut blocked = desktop.blocked();
    blocked.sort();
    assert_eq!(blocked, [(at("lien"), Reason::NotAFile), (at("secret.pdf"), Reason::NoPermission)]);
    memory.set_unreadable(&desktop.path(&at("secret.pdf")), false).unwrap();
    memory.remove_file(&desktop.path(&at("lien"))).unwrap();
    office.wait(6_000);
    desktop.sync(&office);
    desktop.is_at_rest();
    assert!(office.has_bytes(b"secret"));
}

#[test]
fn an_unreadable_folder_is_not_an_empty_one() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    let folder = at("Lot");
    desktop.disk.create_dir(&desktop.path(&folder)).unwrap();
    desktop.save(&at("Lot/a.pdf"), b"a");
    desktop.sync(&office);
    let sent = desktop.commands.len();
    let memory = desktop.memory.clone().unwrap();
    memory.set_unreadable(&desktop.path(&folder), true).unwrap();
    desktop.step(&office, Event::RescanAll).unwrap();
    for _ in 0..5 {
        office.wait(5_000);
        desktop.step(&office, Event::Timer).unwrap();
    }
    assert_eq!(desktop.commands.len(), sent, "nothing is taken for removed");
    memory.set_unreadable(&desktop.path(&folder), false).unwrap();
    office.wait(6_000);
    desktop.sync(&office);
    desktop.is_at_rest();
}

#[test]
fn a_file_that_grows_is_taken_when_it_is_whole() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    let mut bytes = Vec::new();
    for _ in 0..200 {
        bytes.extend_from_slice(&[7; 1000]);
        desktop.save(&at("scan.pdf"), &bytes);
        office.wait(150);
        desktop.hint(&office);
        desktop.step(&office, Event::Timer).unwrap();
    }
    desktop.sync(&office);
    desktop.is_at_rest();
    let node = desktop.node(&at("scan.pdf")).unwrap();
    assert_eq!(node.size, 200_000);
    assert!(desktop.commands.len() <= 2, "at most one look was too early: {:?}", desktop.commands.len());
}

#[test]
fn a_file_that_a_program_holds_waits_for_it() {
    let (office, mut desktop) = ready(Personality::NtfsLike);
    let node = office.adds(office.folder("contrats"), "Bail.docx", b"one");
    desktop.sync(&office);
    let path = "Alter Ce/01 Dossier permanent/Contrats et baux/Bail.docx";
    let word = desktop.memory.clone().unwrap().open_as_program(&desktop.path(path), Sharing::Read).unwrap();
    let head = desktop.node(path).unwrap().head;
    office.saves(node, head, b"two");
    desktop.sync(&office);
    assert_eq!(desktop.blocked(), [(path.to_owned(), Reason::InUse)]);
    assert_eq!(desktop.read(path).as_deref(), Some(&b"one"[..]));
    goes_on(&office, &mut desktop);
    drop(word);
    office.wait(6_000);
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.read(path).as_deref(), Some(&b"two"[..]));
}

#[test]
fn a_file_that_writes_in_secret_is_never_replaced_under_its_editor() {
    // Linux and macOS let a file be replaced while it is open: the owner file says that it is.
    for owner in ["~$Bail.docx", "~$il.docx", ".~lock.Bail.docx#"] {
        let (office, mut desktop) = ready(Personality::Ext4Like);
        let node = office.adds(office.folder("contrats"), "Bail.docx", b"one");
        desktop.sync(&office);
        let folder = "Alter Ce/01 Dossier permanent/Contrats et baux";
        let path = format!("{folder}/Bail.docx");
        desktop.save(&format!("{folder}/{owner}"), b"Anne");
        office.saves(node, desktop.node(&path).unwrap().head, b"two");
        desktop.sync(&office);
        assert_eq!(desktop.blocked(), [(path.clone(), Reason::InUse)]);
        desktop.save(&path, b"edited in Word");
        desktop.sync(&office);
        office.wait(10_000);
        desktop.sync(&office);
        desktop.disk.remove_file(&desktop.path(&format!("{folder}/{owner}"))).unwrap();
        office.wait(10_000);
        desktop.sync(&office);
        desktop.is_at_rest();
        assert_eq!(desktop.read(&path).as_deref(), Some(&b"two"[..]), "the first to arrive stays the head");
        assert!(office.has_bytes(b"edited in Word"), "and the other is a version too");
    }
}

#[test]
fn a_file_opened_while_it_is_replaced_is_saved_as_an_edit_of_what_was_opened() {
    for is_saved in [true, false] {
        let office = Office::open();
        let memory = MemoryDisk::new(Personality::Ext4Like);
        let disk = FaultyDisk::new(Arc::new(memory.clone()));
        let staging = Path::new("/profile/staging");
        let on = Arc::new(disk.clone());
        let mut desktop = Desktop::on(&office, on, Some(memory.clone()), "/mirror".into(), staging, None);
        let node = office.adds(office.folder("contrats"), "Bail.docx", b"one");
        desktop.sync(&office);
        let folder = "Alter Ce/01 Dossier permanent/Contrats et baux";
        let (path, owner) = (format!("{folder}/Bail.docx"), format!("{folder}/~$Bail.docx"));
        let opened = desktop.path(&owner);
        // Word opens it after the mirror looked whether it is open, and before the names change.
        let opens = move |operation, _: &Path| {
            if operation == Operation::Exchange && memory.stat(&opened).unwrap().is_none() {
                memory.save_in_place(&opened, b"Anne").unwrap();
            }
            false
        };
        disk.fail_when(opens, ErrorKind::Busy, None);
        office.saves(node, desktop.node(&path).unwrap().head, b"two, of Paul");
        desktop.sync(&office);
        assert_eq!(desktop.read(&path).as_deref(), Some(&b"two, of Paul"[..]));
        disk.clear_faults();
        if is_saved {
            desktop.save(&path, b"three, made of one");
            desktop.sync(&office);
        }
        desktop.disk.remove_file(&desktop.path(&owner)).unwrap();
        office.wait(10_000);
        desktop.sync(&office);
        desktop.is_at_rest();
        assert_eq!(desktop.read(&path).as_deref(), Some(&b"two, of Paul"[..]), "Paul's edit stays what is shown");
        assert_eq!(office.has_bytes(b"three, made of one"), is_saved, "and Anne's is a version too");

        desktop.save(&path, b"four, made of two");
        desktop.sync(&office);
        desktop.is_at_rest();
        assert_eq!(desktop.read(&path).as_deref(), Some(&b"four, made of two"[..]), "opened anew, it is the next");
        let head = desktop.node(&path).unwrap().content;
        assert_eq!(head, Some(ContentHash::of(b"four, made of two")));
    }
}

#[test]
fn a_full_disk_waits_and_goes_on() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    let memory = desktop.memory.clone().unwrap();
    // Twice the same bytes, so that the second file takes room of its own.
    office.adds(office.folder("contrats"), "gros.pdf", &vec![1; 50_000]);
    office.adds(office.folder("juridique"), "gros.pdf", &vec![1; 50_000]);
    memory.set_capacity(Some(80_000));
    desktop.sync(&office);
    let path = "Alter Ce/01 Dossier permanent/Contrats et baux/gros.pdf";
    assert!(desktop.blocked().iter().any(|entry| *entry == (path.to_owned(), Reason::DiskFull)));
    memory.set_capacity(None);
    office.wait(31_000);
    desktop.sync(&office);
    desktop.is_at_rest();
    assert!(desktop.read(path).is_some());
}

#[test]
fn a_disk_that_is_nearly_full_receives_nothing_sends_all_and_goes_on() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    let memory = desktop.memory.clone().unwrap();
    desktop.keep_free(1_000_000);
    memory.set_capacity(Some(900_000));
    office.adds(office.folder("contrats"), "petit.pdf", b"petit");
    desktop.save(&at("à envoyer.pdf"), b"parti");
    desktop.sync(&office);
    let path = "Alter Ce/01 Dossier permanent/Contrats et baux/petit.pdf";
    assert_eq!(desktop.blocked(), [(path.to_owned(), Reason::DiskNearlyFull)]);
    assert!(office.has_bytes(b"parti"), "what is saved here still goes");
    assert!(desktop.read(path).is_none());
    memory.set_capacity(None);
    office.wait(31_000);
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.read(path).as_deref(), Some(&b"petit"[..]), "by itself, once there is room");
}

#[test]
fn a_drop_where_nothing_may_be_goes_to_the_inbox_and_one_at_the_root_stays() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    desktop.save("Alter Ce/02 Dossier annuel/perdu.pdf", b"perdu");
    desktop.disk.create_dir(&desktop.path("Alter Ce/Lot")).unwrap();
    desktop.save("Alter Ce/Lot/a.pdf", b"a");
    desktop.save("nulle part.pdf", b"x");
    desktop.sync(&office);
    assert_eq!(desktop.blocked(), [("nulle part.pdf".to_owned(), Reason::OutsideClient)]);
    assert_eq!(desktop.read(&at("perdu.pdf")).as_deref(), Some(&b"perdu"[..]));
    assert_eq!(desktop.read(&at("Lot/a.pdf")).as_deref(), Some(&b"a"[..]));
    assert!(desktop.read("Alter Ce/02 Dossier annuel/perdu.pdf").is_none());
    let from = desktop.path("nulle part.pdf");
    desktop.disk.rename_exclusive(&from, &desktop.path(&at("quelque part.pdf"))).unwrap();
    desktop.sync(&office);
    desktop.is_at_rest();
    assert!(office.has_bytes(b"x"));
}

#[test]
fn the_tree_itself_is_put_back_with_what_was_in_it() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    office.adds(office.folder("contrats"), "Bail.pdf", b"bail");
    desktop.sync(&office);
    let before = desktop.tree();
    // Renamed, moved, removed: a folder of the tree, and the client file's own.
    let permanent = "Alter Ce/01 Dossier permanent";
    desktop.disk.rename_exclusive(&desktop.path(permanent), &desktop.path("Alter Ce/Permanent")).unwrap();
    desktop.sync(&office);
    assert_eq!(desktop.tree(), before);
    desktop.disk.rename_exclusive(&desktop.path("Alter Ce"), &desktop.path("Alter")).unwrap();
    desktop.sync(&office);
    assert_eq!(desktop.tree(), before);
    let away = std::path::Path::new("/elsewhere");
    desktop.disk.rename_exclusive(&desktop.path(permanent), away).unwrap();
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.tree(), before);
    assert_eq!(desktop.read(&format!("{permanent}/Contrats et baux/Bail.pdf")).as_deref(), Some(&b"bail"[..]));
    assert!(!desktop.commands.iter().any(|command| matches!(command, Command::Trash { .. } | Command::Place { .. })));
}

#[test]
fn what_is_blocked_in_a_folder_follows_its_moves_and_goes_with_it() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    desktop.disk.create_dir(&desktop.path(&at("Lot"))).unwrap();
    desktop.save(&at("Lot/bon.pdf"), b"bon");
    desktop.save(&at("Lot/nul?.txt"), b"nul");
    desktop.sync(&office);
    assert_eq!(desktop.blocked(), [(at("Lot/nul?.txt"), Reason::InvalidName)]);
    desktop.disk.rename_exclusive(&desktop.path(&at("Lot")), &desktop.path(&at("Paquet"))).unwrap();
    desktop.sync(&office);
    assert_eq!(desktop.blocked(), [(at("Paquet/nul?.txt"), Reason::InvalidName)], "renamed here");
    let folder = desktop.node(&at("Paquet")).unwrap();
    office.does(Command::Place {
        node: folder.id,
        name: Some(protocol::command::Change { seen: folder.name, value: "Colis".to_owned() }),
        parent: None,
        naming: protocol::command::Naming::Typed,
    });
    desktop.sync(&office);
    assert_eq!(desktop.blocked(), [(at("Colis/nul?.txt"), Reason::InvalidName)], "renamed by the firm");
    let (key, _) = desktop.proposal(&at("Colis/nul?.txt")).unwrap();
    desktop.mirror.repair(&key, &desktop.replica).unwrap();
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.read(&at("Colis/nul_.txt")).as_deref(), Some(&b"nul"[..]));
}

#[test]
fn a_document_that_waits_is_named_where_its_folder_is() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    desktop.disk.create_dir(&desktop.path(&at("Lot"))).unwrap();
    desktop.save(&at("Lot/Bail.docx"), b"one");
    desktop.sync(&office);
    let (folder, document) = (desktop.node(&at("Lot")).unwrap(), desktop.node(&at("Lot/Bail.docx")).unwrap());
    desktop.save(&at("Lot/~$Bail.docx"), b"Anne");
    office.saves(document.id, document.head, b"two");
    desktop.sync(&office);
    assert_eq!(desktop.blocked(), [(at("Lot/Bail.docx"), Reason::InUse)]);
    office.does(Command::Place {
        node: folder.id,
        name: Some(protocol::command::Change { seen: folder.name, value: "Colis".to_owned() }),
        parent: None,
        naming: protocol::command::Naming::Typed,
    });
    desktop.sync(&office);
    assert_eq!(desktop.blocked(), [(at("Colis/Bail.docx"), Reason::InUse)]);
}

#[test]
fn file_saved_again_with_the_same_bytes_before_it_may_go_is_sent_once_it_may() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    desktop.save("Perdu.pdf", b"perdu");
    desktop.sync(&office);
    assert_eq!(desktop.blocked().len(), 1, "no document lies at the root");
    office.wait(1_000);
    desktop.save("Perdu.pdf", b"perdu");
    desktop.sync(&office);
    desktop.disk.rename_exclusive(&desktop.path("Perdu.pdf"), &desktop.path(&at("Perdu.pdf"))).unwrap();
    desktop.sync(&office);
    desktop.is_at_rest();
    assert!(office.has_bytes(b"perdu"), "the bytes were still there to be sent");
}
