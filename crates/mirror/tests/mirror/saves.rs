//! How programs save: through other files, in steps, and always the same document.

use disk::Personality;
use mirror::Event;
use protocol::command::Command;

use crate::desktop::Desktop;
use crate::office::Office;
use crate::stories::{INBOX, ready};

/// A document on the disk and at the firm.
fn with(name: &str) -> (Office, Desktop, String) {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    let path = format!("{INBOX}/{name}");
    desktop.save(&path, b"first");
    desktop.sync(&office);
    (office, desktop, path)
}

/// One step of a program, with the watcher's hint and a look soon after, which comes too early.
fn then(office: &Office, desktop: &mut Desktop, millis: i64, act: impl FnOnce(&Desktop)) {
    act(desktop);
    desktop.hint(office);
    office.wait(millis);
    desktop.step(office, Event::Timer).unwrap();
}

#[track_caller]
fn is_one_more_version(office: &Office, desktop: &mut Desktop, path: &str, sent: usize) {
    desktop.sync(office);
    desktop.is_at_rest();
    assert_eq!(desktop.commands.len(), sent + 1, "{:?}", desktop.commands);
    assert!(matches!(desktop.commands[sent], Command::AddVersion { .. }), "{:?}", desktop.commands[sent]);
    assert_eq!(desktop.node(path).unwrap().size, 13, "the document has the new bytes");
}

#[test]
fn word_writes_another_file_and_exchanges_the_names() {
    let (office, mut desktop, path) = with("Lettre.docx");
    let sent = desktop.commands.len();
    let other = |desktop: &Desktop, name: &str| desktop.path(&format!("{INBOX}/{name}"));
    then(&office, &mut desktop, 10, |desktop| desktop.save(&format!("{INBOX}/~$ttre.docx"), b"Anne"));
    then(&office, &mut desktop, 400, |desktop| desktop.save(&format!("{INBOX}/~WRD0001.tmp"), b"second, saved"));
    then(&office, &mut desktop, 400, |desktop| {
        desktop.disk.rename_exclusive(&desktop.path(&path), &other(desktop, "~WRL0002.tmp")).unwrap();
    });
    then(&office, &mut desktop, 400, |desktop| {
        desktop.disk.rename_exclusive(&other(desktop, "~WRD0001.tmp"), &desktop.path(&path)).unwrap();
        desktop.disk.remove_file(&other(desktop, "~WRL0002.tmp")).unwrap();
    });
    then(&office, &mut desktop, 400, |desktop| desktop.disk.remove_file(&other(desktop, "~$ttre.docx")).unwrap());
    is_one_more_version(&office, &mut desktop, &path, sent);
}

#[test]
fn excel_writes_a_nameless_file_removes_the_old_one_and_renames() {
    let (office, mut desktop, path) = with("Bilan.xlsx");
    let sent = desktop.commands.len();
    let other = |desktop: &Desktop| desktop.path(&format!("{INBOX}/A1B2C3D4"));
    then(&office, &mut desktop, 100, |desktop| desktop.save(&format!("{INBOX}/A1B2C3D4"), b"second, saved"));
    then(&office, &mut desktop, 100, |desktop| desktop.disk.remove_file(&desktop.path(&path)).unwrap());
    then(&office, &mut desktop, 100, |desktop| {
        desktop.disk.rename_exclusive(&other(desktop), &desktop.path(&path)).unwrap();
    });
    is_one_more_version(&office, &mut desktop, &path, sent);
}

#[test]
fn libreoffice_renames_over_the_old_one_under_its_lock() {
    let (office, mut desktop, path) = with("Note.odt");
    let sent = desktop.commands.len();
    let lock = format!("{INBOX}/.~lock.Note.odt#");
    then(&office, &mut desktop, 100, |desktop| desktop.save(&lock, b"Anne"));
    then(&office, &mut desktop, 100, |desktop| {
        desktop.save(&format!("{INBOX}/lu1234.tmp"), b"second, saved");
        let memory = desktop.memory.clone().unwrap();
        memory.rename_replacing(&desktop.path(&format!("{INBOX}/lu1234.tmp")), &desktop.path(&path)).unwrap();
    });
    is_one_more_version(&office, &mut desktop, &path, sent);
    desktop.disk.remove_file(&desktop.path(&lock)).unwrap();
    desktop.sync(&office);
    assert_eq!(desktop.commands.len(), sent + 1);
}

#[test]
fn a_copy_kept_under_another_name_is_another_document() {
    let (office, mut desktop, path) = with("Note.txt");
    let sent = desktop.commands.len();
    let backup = desktop.path(&format!("{INBOX}/Note.bak"));
    desktop.disk.rename_exclusive(&desktop.path(&path), &backup).unwrap();
    desktop.save(&path, b"second, saved");
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.commands.len(), sent + 2, "{:?}", desktop.commands);
    assert_eq!(desktop.node(&path).unwrap().size, 13);
    assert_eq!(desktop.read(&format!("{INBOX}/Note.bak")).as_deref(), Some(&b"first"[..]));
    assert!(!desktop.commands.iter().any(|command| matches!(command, Command::Trash { .. })));
}

#[test]
fn names_exchanged_are_two_renames() {
    let (office, mut desktop, path) = with("a.txt");
    desktop.save(&format!("{INBOX}/b.txt"), b"other");
    desktop.sync(&office);
    let (a, b) = (desktop.node(&path).unwrap().id, desktop.node(&format!("{INBOX}/b.txt")).unwrap().id);
    desktop.disk.exchange(&desktop.path(&path), &desktop.path(&format!("{INBOX}/b.txt"))).unwrap();
    desktop.sync(&office);
    desktop.is_at_rest();
    let name = |node| desktop.replica.read(|tx| tx.node(node)).unwrap().unwrap().name;
    assert_eq!((name(a).as_str(), name(b).as_str()), ("b.txt", "a.txt"));
    assert!(!desktop.commands.iter().any(|command| matches!(command, Command::AddVersion { .. })));
}

#[test]
fn the_same_bytes_saved_again_are_no_version() {
    let (office, mut desktop, path) = with("a.txt");
    let sent = desktop.commands.len();
    desktop.save(&path, b"first");
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.commands.len(), sent);
    assert_eq!(desktop.staging.list().unwrap().len(), 1, "only what waits to be settled is staged");
}
