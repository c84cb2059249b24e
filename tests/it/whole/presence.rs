//! A document that somebody has open: others are told, nothing is held up, and it ends by itself.

use std::fs;

use protocol::local::OpenedList;
use protocol::view::Reason;
use serde_json::json;

use super::firm::{Firm, PURCHASES};
use super::until;
use super::workstation::Workstation;

fn opened(workstation: &Workstation) -> OpenedList {
    workstation.ask("list_opened", json!({}))
}

#[test]
fn document_that_is_open_in_excel_is_told_to_others_and_saved_on_what_was_opened() {
    let firm = Firm::open();
    let (mut one, other) = (firm.workstation("bureau"), firm.other_workstation("portable"));
    let path = format!("{PURCHASES}/Bilan.xlsx");
    let owner = format!("{PURCHASES}/~$Bilan.xlsx");
    one.save(&path, b"premier");
    other.shows(&path, b"premier");
    one.rest();
    assert_eq!(opened(&other).rows, []);

    one.save(&owner, b"Anne");
    let document = other.node(&path);
    let told = until("the other is told", || opened(&other).rows.into_iter().next());
    assert_eq!((told.document, told.person, told.program.as_str()), (document, firm.anne.id, "Excel"));
    assert_eq!(opened(&one).rows, [], "one's own is no news");

    // Paul's save holds nobody up, and does not change what Anne has before her eyes.
    other.save(&path, b"de Paul");
    firm.holds(&path, b"de Paul");
    one.told("Bilan.xlsx", Reason::InUse);
    assert_eq!(fs::read(one.path(&path)).unwrap(), b"premier");
    one.save(&path, b"d'Anne, sur le premier");
    fs::remove_file(one.path(&owner)).unwrap();
    until("nobody has it open", || opened(&other).rows.is_empty().then_some(()));
    one.shows(&path, b"de Paul");
    let feed = firm.office().feed();
    let states: Vec<&str> = feed.rows("version").iter().map(|row| row["state"].as_str().unwrap()).collect();
    assert_eq!(states.iter().filter(|state| **state == "concurrent").count(), 1, "two edits of one: {states:?}");

    // Closed by a crash of the program, it is not told for ever either: the file goes with the next look.
    one.save(&owner, b"Anne");
    until("the other is told again", || (opened(&other).rows.len() == 1).then_some(()));
    one.stop();
    fs::remove_file(one.path(&owner)).unwrap();
    one.start();
    until("nobody has it open", || opened(&other).rows.is_empty().then_some(()));
}
