//! SYN-7: what looks like a mistake, a failing disk or a program that encrypts everything waits for a person, and a folder
//! that is not there is no removal.

use std::fs;

use protocol::view::Reason;
use serde_json::json;

use super::firm::{Firm, INBOX, PURCHASES};
use super::folder::noise;
use super::until;
use super::workstation::Workstation;

const FILES: u32 = 300;

fn name(number: u32) -> String {
    format!("{PURCHASES}/Facture {number:03}.pdf")
}

fn bytes(number: u32) -> Vec<u8> {
    [b"%PDF-1.7 ", &noise(number.into(), 2_000)[..]].concat()
}

/// How many of the invoices lie on a disk.
fn on_disk(workstation: &Workstation) -> u32 {
    (0..FILES).map(|number| u32::from(workstation.path(&name(number)).exists())).sum()
}

/// How many the server has, out of the trash.
fn on_server(firm: &Firm) -> u32 {
    let tree = firm.office().feed().tree();
    (0..FILES).map(|number| u32::from(tree.contains_key(&name(number)))).sum()
}

/// A firm whose two workstations have all the invoices.
fn with_invoices() -> (Firm, Workstation, Workstation) {
    let firm = Firm::open();
    let (one, other) = (firm.workstation("bureau"), firm.other_workstation("portable"));
    for number in 0..FILES {
        one.save(&name(number), &bytes(number));
    }
    until("the other disk has the invoices", || (on_disk(&other) == FILES).then_some(()));
    one.rest();
    other.rest();
    (firm, one, other)
}

fn remove_all(workstation: &Workstation) {
    for number in 0..FILES {
        fs::remove_file(workstation.path(&name(number))).unwrap();
    }
    until("all of them are held", || (workstation.status().held_removals == FILES).then_some(()));
}

fn said(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn syn_07_three_hundred_files_removed_wait_for_an_answer_and_the_rest_goes_on() {
    let (firm, mut one, other) = with_invoices();
    remove_all(&one);
    let saved = format!("{INBOX}/Note du jour.txt");
    one.save(&saved, b"le travail continue");
    firm.holds(&saved, b"le travail continue");
    one.rest();
    assert_eq!((on_server(&firm), on_disk(&other), on_disk(&one)), (FILES, FILES, 0), "nothing left the server");
    assert!(!one.status().up_to_date);
    let status = one.run(&["status"]);
    assert_eq!(status.status.code(), Some(3), "somebody is to answer");
    assert!(said(&status).contains("300 suppressions en attente"), "{}", said(&status));
    let told: serde_json::Value = serde_json::from_slice(&one.run(&["status", "--json"]).stdout).unwrap();
    assert_eq!(told["status"]["held_removals"], FILES);
    one.told("Facture 007.pdf", Reason::RemovalHeld);

    one.kill();
    one.start();
    one.rest();
    assert_eq!((one.status().held_removals, on_server(&firm)), (FILES, FILES), "a kill forgets nothing");

    let cancelled = one.run(&["held", "--cancel"]);
    assert!(said(&cancelled).contains("300 suppressions : annulation"), "{}", said(&cancelled));
    for number in 0..FILES {
        one.shows(&name(number), &bytes(number));
    }
    one.rest();
    assert!(one.status().up_to_date, "{:?}", one.status());

    remove_all(&one);
    let confirmed = one.run(&["held", "--confirm", "--only", "suppressions"]);
    assert!(said(&confirmed).contains("300 suppressions : à la corbeille"), "{}", said(&confirmed));
    until("they leave the server and the other disk", || (on_server(&firm) + on_disk(&other) == 0).then_some(()));
    one.rest();
    other.rest();
    assert!(one.status().up_to_date && other.status().up_to_date);
    let trash: protocol::view::TrashList = one.ask("list_trash", json!({ "limit": 500 }));
    assert_eq!(trash.total, FILES, "all of them are in the trash");
}

#[test]
fn syn_07_mirror_that_is_renamed_or_away_removes_nothing() {
    let (firm, mut one, other) = with_invoices();
    let (root, away) = (one.path(""), firm.folder().join("ailleurs"));
    fs::rename(&root, &away).unwrap();
    until("the panel tells that the mirror is away", || {
        one.waiting().into_iter().find(|item| item.reason == Reason::MirrorAway)
    });
    one.kill();
    one.start();
    // An empty folder in its place, as where a disk is not mounted.
    fs::create_dir_all(&root).unwrap();
    until("an empty folder is not the mirror either", || {
        one.waiting().into_iter().find(|item| item.reason == Reason::MirrorAway)
    });
    one.rest();
    let status = one.status();
    assert_eq!((status.pending_commands, status.held_removals), (0, 0));
    assert_eq!((on_server(&firm), on_disk(&other)), (FILES, FILES));

    fs::remove_dir(&root).unwrap();
    fs::rename(&away, &root).unwrap();
    until("it is up to date once it is back", || one.status().up_to_date.then_some(()));
    assert_eq!((on_server(&firm), on_disk(&one)), (FILES, FILES));
}

#[test]
fn files_that_a_program_encrypts_wait_and_are_the_servers_again() {
    const ENCRYPTED: u32 = 60;
    let (firm, one, other) = with_invoices();
    for number in 0..ENCRYPTED {
        let path = one.path(&name(number));
        fs::write(&path, noise(u64::from(number) + 1_000, 2_100)).unwrap();
        fs::rename(&path, path.with_extension("pdf.locked")).unwrap();
    }
    until("all of them are held", || {
        let status = one.status();
        (status.held_edits == ENCRYPTED && status.held_removals == ENCRYPTED).then_some(())
    });
    one.rest();
    assert_eq!((on_server(&firm), on_disk(&other)), (FILES, FILES), "neither bytes nor names were sent");
    for number in 0..ENCRYPTED {
        other.shows(&name(number), &bytes(number));
    }
    let cancelled = one.run(&["held", "--cancel"]);
    assert!(said(&cancelled).contains("60 suppressions : annulation"), "{}", said(&cancelled));
    assert!(said(&cancelled).contains("60 modifications suspectes : annulation"), "{}", said(&cancelled));
    for number in 0..FILES {
        one.shows(&name(number), &bytes(number));
    }
    one.rest();
    assert!(one.status().up_to_date, "{:?}", one.status());
    assert_eq!(one.tree(), other.tree());
    assert!(one.put_aside().len() >= ENCRYPTED as usize, "what was on the disk is in the quarantine");
}
