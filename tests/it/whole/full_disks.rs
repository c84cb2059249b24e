//! Disks that fill up, a workstation's and the server's: what does not fit waits and says why, the rest goes on, and all
//! arrives once there is room.

use std::fs;

use domain::id::CommentId;
use protocol::command::Command;
use protocol::view::{Connection, Reason, SyncMark};
use serde_json::{Value, json};
use uuid::Uuid;

use super::firm::{Firm, PURCHASES, SALES};
use super::folder::{files, noise};
use super::small_disk::SmallDisk;
use super::until;
use super::workstation::NewWorkstation;

#[test]
fn mirror_on_a_full_disk_says_so_goes_on_and_catches_up() {
    let firm = Firm::open();
    let Some(disk) = SmallDisk::mount(&firm.folder().join("petit disque"), 8) else { return };
    let one = NewWorkstation::of(&firm, &firm.anne, "bureau").mirrors_in(disk.path()).keeps_free(0).open();
    let other = firm.other_workstation("portable");
    let before = format!("{SALES}/Avant.pdf");
    one.save(&before, b"avant");
    other.shows(&before, b"avant");
    for number in 0..12 {
        other.save(&format!("{PURCHASES}/Scan {number:02}.pdf"), &noise(number, 1_000_000));
    }
    other.rest();
    until("the panel tells that the disk is full", || {
        one.waiting().iter().any(|item| item.reason == Reason::DiskFull).then_some(())
    });
    let said = String::from_utf8_lossy(&one.run(&["status"]).stdout).into_owned();
    assert!(said.contains("plus de place sur ce disque"), "{said}");
    assert!(!one.status().up_to_date);
    assert_eq!(fs::read(one.path(&before)).unwrap(), b"avant", "what was there is there");

    let comment =
        Command::AddComment { comment: CommentId(Uuid::now_v7()), node: one.node(&before), text: "vu".to_owned() };
    one.execute(&[comment]).unwrap();
    until("a remark still reaches the server", || (firm.office().feed().rows("comment").len() == 1).then_some(()));
    fs::rename(one.path(&before), one.path(&format!("{SALES}/Après.pdf"))).unwrap();
    other.shows(&format!("{SALES}/Après.pdf"), b"avant");

    disk.enlarge(64);
    until("all files are on the disk", || (files(&one.tree()) == 13).then_some(()));
    one.rest();
    assert_eq!(one.tree(), other.tree());
    until("nothing waits any more", || one.status().up_to_date.then_some(()));
}

#[test]
fn nearly_full_disk_receives_nothing_sends_all_and_goes_on_by_itself() {
    let firm = Firm::open();
    let Some(disk) = SmallDisk::mount(&firm.folder().join("petit disque"), 8) else { return };
    let one = NewWorkstation::of(&firm, &firm.anne, "bureau").mirrors_in(disk.path()).keeps_free(6_000_000).open();
    let other = firm.other_workstation("portable");
    let (large, after) = (format!("{SALES}/Gros.pdf"), format!("{SALES}/Après.pdf"));
    one.save(&large, &noise(1, 3_000_000));
    other.shows(&large, &noise(1, 3_000_000));
    other.save(&after, b"apres");
    let item = one.told("Après.pdf", Reason::DiskNearlyFull);
    assert_eq!(item.mark, SyncMark::Waiting, "nobody has to do anything about that file");
    let said = String::from_utf8_lossy(&one.run(&["status"]).stdout).into_owned();
    assert!(said.contains("presque plus de place sur ce disque"), "{said}");
    assert!(!one.status().up_to_date);
    let mine = format!("{SALES}/Envoyé.pdf");
    one.save(&mine, b"envoi");
    other.shows(&mine, b"envoi");
    assert!(!one.path(&after).exists(), "and still nothing comes");

    disk.enlarge(64);
    one.shows(&after, b"apres");
    until("nothing waits any more", || one.status().up_to_date.then_some(()));
}

#[test]
fn server_with_a_full_disk_says_so_and_takes_everything_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(folder.path(), 24) else { return };
    let firm = Firm::open_on(&disk.path().join("data"));
    let one = firm.workstation("bureau");
    let before = format!("{SALES}/Avant.pdf");
    one.save(&before, b"avant");
    firm.holds(&before, b"avant");
    for number in 0..10 {
        one.save(&format!("{PURCHASES}/Scan {number:02}.pdf"), &noise(number, 4_000_000));
    }
    until("the panel tells that the server is full", || {
        one.waiting().iter().any(|item| item.reason == Reason::ServerFull).then_some(())
    });
    let said = String::from_utf8_lossy(&one.run(&["status"]).stdout).into_owned();
    assert!(said.contains("plus de place sur le serveur"), "{said}");
    let status = one.status();
    assert!(status.connection == Connection::Online && !status.up_to_date, "{status:?}");
    let content = firm.office().feed().at(&before).unwrap().content.unwrap();
    assert_eq!(firm.office().content(content).unwrap(), b"avant", "the server still gives what it has");
    let list: Value = one.ask("list_documents", json!({ "folder": one.folder_node(PURCHASES), "limit": 50 }));
    assert_eq!(list["total"], 10, "the workstation works on with all of it");

    disk.enlarge(256);
    let _: Value = one.ask("retry_now", json!({}));
    for number in 0..10 {
        firm.holds(&format!("{PURCHASES}/Scan {number:02}.pdf"), &noise(number, 4_000_000));
    }
    until("nothing waits any more", || one.status().up_to_date.then_some(()));
}
