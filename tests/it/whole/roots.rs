//! The mirror's folder itself: moved away, replaced, or on a volume that is gone. Nothing is taken for removed.

use std::fs;

use protocol::view::{Connection, Reason};
use serde_json::{Value, json};

use super::firm::{Firm, PURCHASES};
use super::small_disk::SmallDisk;
use super::until;
use super::workstation::{NewWorkstation, Workstation};

fn says_that_it_is_away(workstation: &Workstation) {
    until("the panel tells that the folder is away", || {
        workstation.waiting().iter().any(|item| item.reason == Reason::MirrorAway).then_some(())
    });
    let said = String::from_utf8_lossy(&workstation.run(&["status"]).stdout).into_owned();
    assert!(said.contains("le dossier miroir n'est pas là : rebranchez son disque"), "{said}");
    let status = workstation.status();
    assert!(status.connection == Connection::Online && !status.up_to_date, "{status:?}");
}

#[test]
fn mirror_that_is_moved_away_or_replaced_deletes_nothing_and_goes_on_when_it_is_back() {
    let firm = Firm::open();
    let (mut one, other) = (firm.workstation("bureau"), firm.other_workstation("portable"));
    let path = format!("{PURCHASES}/Facture.pdf");
    one.save(&path, b"facture");
    other.shows(&path, b"facture");
    one.rest();
    let tree = firm.office().feed().tree();
    let root = one.path("");
    let away = root.with_file_name("ailleurs");
    fs::rename(&root, &away).unwrap();
    says_that_it_is_away(&one);
    // An empty folder in its place is not it, for an engine that runs or that begins.
    fs::create_dir(&root).unwrap();
    one.kill();
    one.start();
    says_that_it_is_away(&one);
    assert_eq!(fs::read_dir(&root).unwrap().count(), 0, "nothing is put in a folder that is not known");
    assert_eq!(firm.office().feed().tree(), tree, "nothing was taken for removed");

    fs::remove_dir(&root).unwrap();
    fs::rename(&away, &root).unwrap();
    one.save(&path, b"facture, relue");
    other.shows(&path, b"facture, relue");
    one.rest();
    assert_eq!(one.tree(), other.tree());
    until("nothing waits any more", || one.status().up_to_date.then_some(()));
}

#[test]
fn volume_that_is_gone_deletes_nothing() {
    let firm = Firm::open();
    let Some(disk) = SmallDisk::mount(&firm.folder().join("clé"), 64) else { return };
    let one = NewWorkstation::of(&firm, &firm.anne, "bureau").mirrors_in(disk.path()).keeps_free(0).open();
    let other = firm.other_workstation("portable");
    let path = format!("{PURCHASES}/Facture.pdf");
    one.save(&path, b"facture");
    other.shows(&path, b"facture");
    one.rest();
    let tree = firm.office().feed().tree();
    drop(disk);
    says_that_it_is_away(&one);
    let more = format!("{PURCHASES}/Avoir.pdf");
    other.save(&more, b"avoir");
    firm.holds(&more, b"avoir");
    until("the workstation knows of what came since", || {
        let request = json!({ "folder": one.folder_node(PURCHASES), "limit": 10 });
        let list: Value = one.ask("list_documents", request);
        (list["total"] == 2).then_some(())
    });
    assert_eq!(fs::read_dir(one.path("")).unwrap().count(), 0, "nothing is put where the volume was");
    let mut now = firm.office().feed().tree();
    assert!(now.remove(&more).is_some());
    assert_eq!(now, tree, "nothing was taken for removed");
}
