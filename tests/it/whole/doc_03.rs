//! DOC-3: a document edited with the user's own program, LibreOffice in a real window.

use std::fs;
use std::time::{Duration, Instant};

use super::firm::{Firm, PURCHASES};
use super::spreadsheet::LibreOffice;
use super::until_within;

/// How long a save may take to be a version on the server.
const VERSION: Duration = Duration::from_secs(10);

#[test]
fn doc_03_spreadsheet_saved_in_libreoffice_is_a_version_within_ten_seconds() {
    let firm = Firm::open_alone();
    let (one, other) = (firm.workstation("bureau"), firm.other_workstation("portable"));
    let office = LibreOffice::new();
    let made = office.make("Balance");
    let path = format!("{PURCHASES}/Balance.xlsx");
    fs::copy(&made, one.path(&path)).unwrap();
    firm.holds(&path, &fs::read(&made).unwrap());
    one.rest();
    let document = firm.office().feed().at(&path).unwrap().id;
    let versions = || firm.office().feed().versions(document).len();
    assert_eq!(versions(), 1);

    let window = office.open(&one.path(&path));
    window.type_and_save("corrige");
    let saved = Instant::now();
    until_within(VERSION, "the save is version 2", || (versions() == 2).then_some(()));
    println!("version 2 on the server {:.1} s after the save", saved.elapsed().as_secs_f64());
    other.shows(&path, &fs::read(one.path(&path)).unwrap());

    window.type_and_save("encore");
    window.type_and_save("et encore");
    let last = fs::read(one.path(&path)).unwrap();
    let saved = Instant::now();
    until_within(VERSION, "the last save is the one shown", || {
        let tree = firm.office().feed().tree();
        let head = super::folder::Entry::File(domain::content::ContentHash::of(&last));
        (tree.get(&path) == Some(&head)).then_some(())
    });
    println!("the last of two rapid saves on the server {:.1} s after it", saved.elapsed().as_secs_f64());
    window.close();
    one.rest();
    assert!((3..=4).contains(&versions()), "two rapid saves are at most two versions: {}", versions() - 2);
    other.shows(&path, &last);
    let feed = firm.office().feed();
    let documents: Vec<String> =
        feed.nodes().into_iter().filter(|node| !node.is_folder).map(|node| node.path).collect();
    assert_eq!(documents, [path.as_str()], "no passing file of the program became a document");
    assert!(feed.rows("version").iter().all(|row| row["state"] != "concurrent"), "and no save a conflict");
}
