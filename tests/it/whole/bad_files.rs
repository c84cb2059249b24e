//! Files that are not as files should be: empty, growing, unreadable, or no files at all.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use protocol::view::{Reason, SyncMark};
use serde_json::{Value, json};

use super::firm::{Firm, PURCHASES, SALES};
use super::folder::{files, noise};
use super::until;
use super::workstation::{NewWorkstation, as_ordinary_user};

#[test]
fn empty_file_is_a_document_like_any_other() {
    let firm = Firm::open();
    let (one, other) = (firm.workstation("bureau"), firm.other_workstation("portable"));
    let path = format!("{PURCHASES}/À remplir.xlsx");
    one.save(&path, b"");
    firm.holds(&path, b"");
    other.shows(&path, b"");
    other.save(&path, b"rempli");
    one.shows(&path, b"rempli");
    one.save(&path, b"");
    other.shows(&path, b"");
    one.rest();
    let feed = firm.office().feed();
    assert_eq!(feed.versions(feed.at(&path).unwrap().id).len(), 3, "emptying it is a version too");
}

#[test]
fn file_that_grows_is_taken_once_it_rests_and_holds_up_nobody() {
    let firm = Firm::open();
    let one = firm.workstation("bureau");
    let path = format!("{PURCHASES}/Export.csv");
    let neighbour = format!("{PURCHASES}/Voisin.pdf");
    let file = fs::File::create(one.path(&path)).unwrap();
    let whole = std::thread::scope(|threads| {
        let (go_on, going_on) = mpsc::channel();
        let writer = threads.spawn(|| write_slowly(file, going_on));
        one.told("Export.csv", Reason::Changing);
        one.save(&neighbour, b"voisin");
        firm.holds(&neighbour, b"voisin");
        assert!(!writer.is_finished(), "the file beside it did not wait for it");
        drop(go_on);
        writer.join().unwrap()
    });
    firm.holds(&path, &whole);
    one.rest();
    assert!(one.status().up_to_date, "nothing waits any more");
    let feed = firm.office().feed();
    let versions = feed.versions(feed.at(&path).unwrap().id);
    assert!(versions.len() <= 2, "{} versions of one slow save", versions.len());
}

/// Writes as a slow program does for as long as the other end lives; gives what it wrote.
fn write_slowly(mut file: fs::File, going_on: Receiver<()>) -> Vec<u8> {
    let mut whole = Vec::new();
    while going_on.recv_timeout(Duration::from_millis(150)) == Err(RecvTimeoutError::Timeout) {
        let piece = noise(whole.len() as u64, 100_000);
        file.write_all(&piece).unwrap();
        whole.extend_from_slice(&piece);
    }
    whole
}

#[test]
fn file_that_a_program_has_open_waits_and_the_program_is_named() {
    let firm = Firm::open();
    let (one, other) = (firm.workstation("bureau"), firm.other_workstation("portable"));
    let path = format!("{PURCHASES}/Bilan.xlsx");
    one.save(&path, b"un");
    other.shows(&path, b"un");
    // As Excel does: the document is kept open, and a file beside it says by whom.
    let open = fs::File::open(one.path(&path)).unwrap();
    let owner = format!("{PURCHASES}/~$Bilan.xlsx");
    one.save(&owner, b"Claire");
    other.save(&path, b"deux");
    let item = one.told("Bilan.xlsx", Reason::InUse);
    assert_eq!(item.mark, SyncMark::Waiting, "it goes on by itself");
    let this_program = fs::read_to_string("/proc/self/comm").unwrap();
    assert_eq!(item.program.as_deref(), Some(this_program.trim_end()), "the person is told what to close");
    assert_eq!(fs::read(one.path(&path)).unwrap(), b"un", "nothing changes under an open program");
    drop(open);
    fs::remove_file(one.path(&owner)).unwrap();
    one.shows(&path, b"deux");
}

#[test]
fn links_and_pipes_are_told_and_never_followed() {
    let firm = Firm::open();
    let (one, other) = (firm.workstation("bureau"), firm.other_workstation("portable"));
    let outside = firm.folder().join("ailleurs");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("secret.txt"), "hors de la GED").unwrap();
    symlink(outside.join("secret.txt"), one.path(&format!("{PURCHASES}/lien.txt"))).unwrap();
    symlink(&outside, one.path(&format!("{PURCHASES}/lien vers un dossier"))).unwrap();
    symlink(one.path(PURCHASES), one.path(&format!("{PURCHASES}/boucle"))).unwrap();
    let pipe = one.path(&format!("{PURCHASES}/tuyau"));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    one.save(&format!("{PURCHASES}/Vrai.pdf"), b"vrai");
    other.shows(&format!("{PURCHASES}/Vrai.pdf"), b"vrai");
    let links = ["lien.txt", "lien vers un dossier", "boucle", "tuyau"];
    for name in links {
        let item = one.told(name, Reason::NotAFile);
        assert_eq!(item.mark, SyncMark::Blocked, "{name} waits for somebody");
    }
    one.rest();
    assert_eq!(files(&firm.office().feed().tree()), 1, "only the file is on the server");
    assert!(!one.status().up_to_date, "what is left out is not hidden");
    for name in links {
        fs::remove_file(one.path(&format!("{PURCHASES}/{name}"))).unwrap();
    }
    until("the panel is empty again", || one.waiting().is_empty().then_some(()));
    assert!(outside.join("secret.txt").exists(), "what the links led to is untouched");
}

#[test]
fn syn_08_unreadable_file_and_refused_name_leave_three_hundred_others_alone() {
    let firm = Firm::open();
    let one = NewWorkstation::of(&firm, &firm.anne, "bureau").runs_by(as_ordinary_user()).open();
    let unreadable = one.path(&format!("{PURCHASES}/Fermé.xlsx"));
    fs::write(&unreadable, b"ferme").unwrap();
    fs::set_permissions(&unreadable, fs::Permissions::from_mode(0o000)).unwrap();
    one.save(&format!("{PURCHASES}/Solde 30:06?.pdf"), b"solde");
    for number in 0..300 {
        let folder = if number % 2 == 0 { PURCHASES } else { SALES };
        let path = one.path(&format!("{folder}/Pièce {number:03}.pdf"));
        fs::write(&path, noise(number, 1_000)).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    }
    until("the 300 good ones are on the server", || (files(&firm.office().feed().tree()) == 300).then_some(()));
    let item = one.told("Solde 30:06?.pdf", Reason::InvalidName);
    assert_eq!(item.proposal.as_deref(), Some("Solde 30_06_.pdf"), "the way out is proposed");
    one.told("Fermé.xlsx", Reason::NoPermission);
    one.rest();
    assert_eq!(one.waiting().len(), 2, "the two are listed, and they alone: {:?}", one.waiting());

    let output = one.run(&["status"]);
    assert_eq!(output.status.code(), Some(3), "the command line says that something waits for somebody");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("Fermé.xlsx : vous n'avez pas le droit de le lire"), "{said}");
    assert!(said.contains("nom refusé par Windows ; renommez-le — nom proposé : Solde 30_06_.pdf"), "{said}");
    let json: Value = serde_json::from_slice(&one.run(&["status", "--json"]).stdout).unwrap();
    assert_eq!((&json["status"]["waiting"], &json["status"]["blocked"]), (&json!(1), &json!(1)));

    let _: Value = one.ask("repair_name", json!({ "key": item.key }));
    firm.holds(&format!("{PURCHASES}/Solde 30_06_.pdf"), b"solde");
    fs::set_permissions(&unreadable, fs::Permissions::from_mode(0o644)).unwrap();
    firm.holds(&format!("{PURCHASES}/Fermé.xlsx"), b"ferme");
    until("nothing waits any more", || one.status().up_to_date.then_some(()));
    assert_eq!(files(&firm.office().feed().tree()), 302);
}
