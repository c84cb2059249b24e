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
