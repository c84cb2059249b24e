//! What a backup brings back is older than what it is put beside: nothing that is missing then was removed by the user.

use disk::Personality;
use domain::content::ContentHash;
use mirror::Event;
use protocol::command::Command;

use crate::stories::ready;

const FOLDER: &str = "Alter Ce/01 Dossier permanent/Contrats et baux";

#[test]
fn a_profile_restored_from_its_backup_takes_nothing_that_is_missing_for_removed() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    office.adds(office.folder("contrats"), "Bail.pdf", b"bail");
    desktop.sync(&office);
    let backup = desktop.replica.copy().unwrap();
    desktop.restart();
    desktop.replica.write(|tx| tx.set_offline(office.client, false)).unwrap();
    desktop.sync(&office);
    assert!(desktop.tree().is_empty(), "all of it left the disk: {:?}", desktop.tree());
    desktop.replica = backup;
    desktop.restart();
    desktop.sync(&office);
    desktop.is_at_rest();
    let trashes = desktop.commands.iter().filter(|command| matches!(command, Command::Trash { .. })).count();
    assert_eq!(trashes, 0, "{:?}", desktop.commands);
    assert_eq!(desktop.read(&format!("{FOLDER}/Bail.pdf")).as_deref(), Some(&b"bail"[..]));
}

#[test]
fn a_start_after_another_is_no_restored_profile() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    office.adds(office.folder("contrats"), "Bail.pdf", b"bail");
    desktop.sync(&office);
    for _ in 0..3 {
        desktop.restart();
        desktop.sync(&office);
    }
    // What was removed while nothing ran was removed all the same.
    desktop.disk.remove_file(&desktop.path(&format!("{FOLDER}/Bail.pdf"))).unwrap();
    desktop.restart();
    desktop.sync(&office);
    desktop.is_at_rest();
    assert!(matches!(desktop.commands[..], [Command::Trash { .. }]), "{:?}", desktop.commands);
}

#[test]
fn a_content_that_is_nowhere_any_more_holds_up_no_later_save() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    office.adds(office.folder("contrats"), "Bail.pdf", b"bail");
    desktop.sync(&office);
    desktop.is_online = false;
    let path = format!("{FOLDER}/Bail.pdf");
    for bytes in [&b"lost"[..], b"kept"] {
        desktop.save(&path, bytes);
        desktop.hint(&office);
        office.wait(400);
        desktop.step(&office, Event::Timer).unwrap();
    }
    assert_eq!(desktop.replica.read(|tx| tx.pending_commands()).unwrap(), 2, "both were taken");
    // The power goes before the first is flushed.
    desktop.staging.remove(ContentHash::of(b"lost")).unwrap();
    desktop.restart();
    desktop.is_online = true;
    desktop.sync(&office);
    assert!(office.has_bytes(b"kept"), "{:?}", desktop.commands);
    assert_eq!(desktop.read(&path).as_deref(), Some(&b"kept"[..]));
    let refused = desktop.replica.read(|tx| tx.refused()).unwrap();
    assert_eq!(refused.len(), 1, "what is lost is told");
}

#[test]
fn a_server_set_back_to_its_backup_is_brought_what_the_disk_holds_and_what_was_done() {
    let (mut office, mut desktop) = ready(Personality::Ext4Like);
    let kept = office.adds(office.folder("contrats"), "Bail.pdf", b"bail");
    let edited = office.adds(office.folder("contrats"), "Avenant.docx", b"first");
    let removed = office.adds(office.folder("contrats"), "Brouillon.txt", b"draft");
    desktop.sync(&office);
    let backup = office.firm.copy().unwrap();

    desktop.save(&format!("{FOLDER}/Nouveau.pdf"), b"new");
    desktop.save(&format!("{FOLDER}/Avenant.docx"), b"second");
    desktop.disk.remove_file(&desktop.path(&format!("{FOLDER}/Brouillon.txt"))).unwrap();
    let renamed = desktop.path(&format!("{FOLDER}/Bail signé.pdf"));
    desktop.disk.rename_exclusive(&desktop.path(&format!("{FOLDER}/Bail.pdf")), &renamed).unwrap();
    desktop.sync(&office);
    desktop.is_at_rest();
    let before = desktop.files();
    let new = desktop.node(&format!("{FOLDER}/Nouveau.pdf")).unwrap().id;

    backup.begin_epoch("epoch 2").unwrap();
    office.firm = backup;
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.files(), before, "nothing is taken from the disk, or put there");
    let row = |node| desktop.replica.read(|tx| tx.confirmed_node(node)).unwrap().unwrap();
    assert_eq!(row(new).content, Some(ContentHash::of(b"new")), "the same document, offered again");
    assert_eq!(row(edited).content, Some(ContentHash::of(b"second")), "its head, and not a version beside it");
    assert_eq!(row(kept).name, "Bail signé.pdf");
    assert!(row(removed).is_trashed());
    assert_eq!(desktop.replica.read(|tx| tx.to_check()).unwrap(), 0, "nobody has anything to decide");
}

#[test]
fn a_server_set_back_takes_the_proof_from_what_lies_in_the_quarantine() {
    let (mut office, mut desktop) = ready(Personality::Ext4Like);
    let backup = office.firm.copy().unwrap();
    let node = office.adds(office.folder("contrats"), "Bail.pdf", b"bail");
    desktop.sync(&office);
    office.does(Command::Trash { node });
    desktop.sync(&office);
    assert_eq!(desktop.read(&format!("{FOLDER}/Bail.pdf")), None);
    backup.begin_epoch("epoch 2").unwrap();
    office.firm = backup;
    desktop.sync(&office);
    // Longer than what the server is known to hold is kept for.
    office.wait(100 * 60 * 60 * 1000);
    desktop.restart();
    desktop.sync(&office);
    let aside = desktop.disk.list(&desktop.path(".gedeon.d/quarantine")).unwrap();
    assert_eq!(aside.len(), 1, "the server knows it no more: {aside:?}");
}

#[test]
fn bytes_saved_over_before_the_firm_could_be_told_lie_in_the_quarantine() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    office.adds(office.folder("contrats"), "Bail.pdf", b"bail");
    desktop.sync(&office);
    // As an engine leaves it that is killed after it looked and before it planned.
    let node = desktop.node(&format!("{FOLDER}/Bail.pdf")).unwrap().id;
    desktop.save(&format!("{FOLDER}/Bail.pdf"), b"seen");
    let captured = desktop.staging.capture(&desktop.path(&format!("{FOLDER}/Bail.pdf"))).unwrap();
    desktop
        .replica
        .write(|tx| {
            let mut local = tx.local_node(node)?.expect("a node on the disk");
            (local.content, local.version) = (Some(captured.hash), None);
            tx.put_local(node, &local)
        })
        .unwrap();
    desktop.save(&format!("{FOLDER}/Bail.pdf"), b"saved over it");
    desktop.restart();
    desktop.sync(&office);
    desktop.is_at_rest();
    let quarantine = desktop.path(".gedeon.d/quarantine");
    let aside = desktop.disk.list(&quarantine).unwrap();
    let folder = aside.iter().map(|entry| quarantine.join(&entry.name)).next().expect("something is kept");
    assert_eq!(desktop.disk.read(&folder.join("Bail.pdf"), 100).unwrap(), b"seen");
    assert!(office.has_bytes(b"saved over it"));
}
