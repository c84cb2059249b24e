//! SYN-2: what a program saves on one disk is on the server and on the other disk, and the other way, without a click.

use std::fs;

use domain::id::NodeId;

use super::firm::{Firm, PURCHASES, SALES};
use super::folder::noise;
use super::office::Feed;
use super::until;

#[test]
fn syn_02_saved_file_reaches_the_server_and_the_other_disk_and_comes_back_edited() {
    let firm = Firm::open();
    let (one, other) = (firm.workstation("bureau"), firm.other_workstation("portable"));
    let path = format!("{PURCHASES}/Facture 17.pdf");
    let first = noise(1, 40_000);
    one.save(&path, &first);
    firm.holds(&path, &first);
    other.shows(&path, &first);

    let second = noise(2, 41_000);
    other.save(&path, &second);
    firm.holds(&path, &second);
    one.shows(&path, &second);

    // As Word and LibreOffice save: beside, then renamed over the document.
    let third = noise(3, 42_000);
    one.save(&format!("{PURCHASES}/passing.tmp"), &third);
    fs::rename(one.path(&format!("{PURCHASES}/passing.tmp")), one.path(&path)).unwrap();
    other.shows(&path, &third);
    one.rest();
    let feed = firm.office().feed();
    let document = feed.at(&path).unwrap();
    let versions: Vec<Vec<u8>> =
        feed.versions(document.id).into_iter().map(|hash| firm.office().content(hash).unwrap()).collect();
    assert!(versions == [first, second, third], "each save is a version of one document, each still there");
    assert!(one.status().up_to_date && other.status().up_to_date, "and both say so");
}

#[test]
fn syn_02_moved_folder_of_a_thousand_files_is_one_change_and_no_byte() {
    const FILES: u64 = 1_000;
    let firm = Firm::open();
    let (one, other) = (firm.workstation("bureau"), firm.other_workstation("portable"));
    let before = format!("{PURCHASES}/Pièces");
    fs::create_dir(one.path(&before)).unwrap();
    for number in 0..FILES {
        one.save(&format!("{before}/Pièce {number:04}.pdf"), &noise(number, 2_000));
    }
    until("the other disk has the folder", || {
        let count = fs::read_dir(other.path(&before)).map_or(0, Iterator::count);
        (count as u64 == FILES).then_some(())
    });
    one.rest();
    other.rest();
    let feed = firm.office().feed();
    let folder = feed.at(&before).unwrap();
    let ids = |feed: &Feed| -> Vec<NodeId> { feed.nodes().into_iter().map(|node| node.id).collect() };
    let move_to = |from: &str, to: &str| {
        let sent = one.wire.sent();
        fs::rename(one.path(from), one.path(to)).unwrap();
        until("the other disk has it at its new place", || {
            (other.path(to).is_dir() && !other.path(from).exists()).then_some(())
        });
        one.rest();
        other.rest();
        let moved = firm.office().feed();
        assert_eq!(moved.at(to).unwrap().id, folder.id, "it is the same folder");
        assert_eq!(ids(&feed), ids(&moved), "with the same documents");
        assert_eq!(other.tree(), one.tree(), "on both disks");
        let sent = one.wire.sent() - sent;
        assert!(sent < 20_000, "{sent} bytes went to the server: the {FILES} contents are not among them");
        moved.head
    };

    let elsewhere = format!("{}/Pièces de mars", PURCHASES.replace("2026-03", "2026-05"));
    assert_eq!(move_to(&before, &elsewhere) - feed.head, 1, "one row changed: the folder's");
    // Other people may see this place: each row changes whose it is, and still no content moves.
    move_to(&elsewhere, &format!("{SALES}/Pièces"));
}
