//! The machine or the process stops at any moment: nothing is lost, nothing is doubled, nothing half-written is sent.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use disk::{CrashMoment, FaultyDisk, Filesystem as _, MemoryDisk, Personality};
use mirror::{Event, PlaceProblem};
use protocol::command::Command;
use protocol::view::Reason;

use crate::desktop::Desktop;
use crate::office::{Office, START};
use crate::stories::{INBOX, paul, ready};

/// Every so many operations of a round the machine stops: each takes a while to play.
const STEP: usize = 5;

const FOLDER: &str = "Alter Ce/01 Dossier permanent/Contrats et baux";

/// A desktop whose disk can be told to stop.
fn on_a_faulty_disk(office: &Office) -> (Desktop, FaultyDisk, MemoryDisk) {
    let memory = MemoryDisk::new(Personality::Ext4Like);
    memory.set_now(START * 1_000_000);
    let faulty = FaultyDisk::new(Arc::new(memory.clone()));
    let disk = Arc::new(faulty.clone());
    let staging = Path::new("/profile/staging");
    let desktop = Desktop::on(office, disk, Some(memory.clone()), PathBuf::from("/mirror"), staging, None);
    (desktop, faulty, memory)
}

/// Everything the mirror does on a disk in one round: files made, replaced, moved, taken away, folders made and removed,
/// a file saved by the user and taken.
fn a_busy_round(office: &Office, desktop: &mut Desktop) {
    let folder = office.folder("contrats");
    let node = |desktop: &Desktop, name: &str| desktop.node(&format!("{FOLDER}/{name}")).unwrap();
    let (replaced, moved, gone) =
        (node(desktop, "replaced.pdf"), node(desktop, "moved.pdf"), node(desktop, "gone.pdf"));
    let (one, other) = (node(desktop, "one.pdf"), node(desktop, "other.pdf"));
    office.adds(folder, "new.pdf", b"new");
    office.saves(replaced.id, replaced.head, b"replaced there");
    let rename = |node: &store::rows::Node, to: &str| Command::Place {
        node: node.id,
        name: Some(protocol::command::Change { seen: node.name.clone(), value: to.into() }),
        parent: None,
        naming: protocol::command::Naming::Typed,
    };
    office.does(rename(&moved, "moved away.pdf"));
    office.does(rename(&one, "passing.pdf"));
    office.does(rename(&other, "one.pdf"));
    office.does(rename(&one, "other.pdf"));
    office.does(Command::Trash { node: gone.id });
    office.does(Command::CreateFolder {
        node: domain::id::NodeId(office.fresh()),
        parent: folder,
        name: "Nouveau".into(),
        naming: protocol::command::Naming::Typed,
    });
    desktop.pull(office);
    desktop.save(&format!("{FOLDER}/saved.pdf"), b"saved by the user meanwhile");
}

const AT_THE_END: [(&str, &[u8]); 6] = [
    ("moved away.pdf", b"moved"),
    ("new.pdf", b"new"),
    ("one.pdf", b"other"),
    ("other.pdf", b"one"),
    ("replaced.pdf", b"replaced there"),
    ("saved.pdf", b"saved by the user meanwhile"),
];

fn prepared() -> (Office, Desktop, FaultyDisk, MemoryDisk) {
    let office = Office::open();
    let folder = office.folder("contrats");
    for name in ["replaced", "moved", "gone", "one", "other", "saved"] {
        office.adds(folder, &format!("{name}.pdf"), name.as_bytes());
    }
    let (mut desktop, faulty, memory) = on_a_faulty_disk(&office);
    desktop.sync(&office);
    desktop.is_at_rest();
    // What the machine did before is on stable storage.
    memory.sync_tree(Path::new("/")).unwrap();
    (office, desktop, faulty, memory)
}

/// Works until the disk stops, or until all is done; whether it stopped.
fn works_until_it_stops(office: &Office, desktop: &mut Desktop, memory: &MemoryDisk) -> bool {
    let touched = memory.take_touched_folders().into_iter().collect();
    let mut result = desktop.step(office, Event::Touched(touched));
    for _ in 0..40 {
        if result.is_err() {
            return true;
        }
        desktop.push(office);
        desktop.pull(office);
        desktop.fetch_unless_stopped(office);
        office.wait(500);
        memory.set_now(office.now().0 * 1_000_000);
        result = desktop.step(office, Event::RemoteChanged);
    }
    result.is_err()
}

#[track_caller]
fn all_is_well(office: &Office, desktop: &mut Desktop, at: u64) {
    desktop.sync(office);
    let files = desktop.files();
    for (name, bytes) in AT_THE_END {
        let path = format!("{FOLDER}/{name}");
        assert_eq!(files.get(&path).map(Vec::as_slice), Some(bytes), "{name}, stopped at {at}");
    }
    assert_eq!(files.len(), AT_THE_END.len(), "no file too many, stopped at {at}: {:?}", files.keys());
    assert!(desktop.tree().contains(&format!("{FOLDER}/Nouveau/")));
    assert!(office.has_bytes(b"saved by the user meanwhile"), "stopped at {at}: {:?}", desktop.commands);
    let versions = desktop.commands.iter().filter(|command| matches!(command, Command::AddVersion { .. })).count();
    assert_eq!((desktop.commands.len(), versions), (1, 1), "stopped at {at}: {:?}", desktop.commands);
    desktop.is_at_rest();
}

#[test]
fn a_process_killed_at_any_operation_goes_on_where_it_was() {
    for (moment, first) in [(CrashMoment::Before, 1), (CrashMoment::After, 3)] {
        for at in (first..).step_by(STEP) {
            let (office, mut desktop, faulty, memory) = prepared();
            a_busy_round(&office, &mut desktop);
            faulty.crash_at(at, moment);
            let stopped = works_until_it_stops(&office, &mut desktop, &memory) || faulty.is_crashed();
            faulty.revive();
            desktop.restart();
            all_is_well(&office, &mut desktop, at);
            if !stopped {
                assert!(at > 40, "the round is a busy one");
                break;
            }
        }
    }
}

#[test]
fn a_power_cut_at_any_operation_is_no_edit() {
    for at in (1..).step_by(STEP) {
        let (office, mut desktop, faulty, memory) = prepared();
        a_busy_round(&office, &mut desktop);
        memory.sync_tree(Path::new("/")).unwrap();
        faulty.crash_at(at, CrashMoment::After);
        let stopped = works_until_it_stops(&office, &mut desktop, &memory) || faulty.is_crashed();
        memory.crash(at);
        faulty.revive();
        desktop.restart();
        all_is_well(&office, &mut desktop, at);
        if !stopped {
            break;
        }
    }
}

#[test]
fn what_a_power_cut_emptied_is_had_again_and_never_sent() {
    for damage in [&b""[..], &[0; 9], b"what"] {
        let (office, mut desktop) = ready(Personality::Ext4Like);
        let path = format!("{INBOX}/Note.txt");
        desktop.save(&path, b"whatever.");
        desktop.is_online = false;
        desktop.hint(&office);
        office.wait(400);
        desktop.step(&office, Event::Timer).unwrap();
        // The power goes before the flush.
        desktop.save(&path, damage);
        desktop.restart();
        desktop.sync(&office);
        desktop.is_online = true;
        desktop.sync(&office);
        desktop.is_at_rest();
        assert_eq!(desktop.read(&path).as_deref(), Some(&b"whatever."[..]), "{damage:?}");
        assert_eq!(desktop.commands.len(), 1, "{:?}", desktop.commands);
    }
}

#[test]
fn a_content_lost_from_the_staging_is_taken_again_from_its_file() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    desktop.save(&format!("{INBOX}/Note.txt"), b"whatever.");
    desktop.is_online = false;
    desktop.hint(&office);
    office.wait(400);
    desktop.step(&office, Event::Timer).unwrap();
    let content = domain::content::ContentHash::of(b"whatever.");
    desktop.staging.remove(content).unwrap();
    desktop.restart();
    desktop.is_online = true;
    desktop.sync(&office);
    desktop.is_at_rest();
    assert!(office.has_bytes(b"whatever."));
}

#[test]
fn a_place_that_is_gone_pauses_the_mirror_and_removes_nothing() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    office.adds(office.folder("contrats"), "Bail.pdf", b"bail");
    desktop.sync(&office);
    let away = Path::new("/unmounted");
    desktop.disk.rename_exclusive(&desktop.root, away).unwrap();
    for _ in 0..5 {
        office.wait(5_000);
        desktop.step(&office, Event::Timer).unwrap();
    }
    assert_eq!(desktop.mirror.place_problem(), Some(PlaceProblem::Missing));
    assert_eq!(desktop.blocked(), [("/mirror".to_owned(), Reason::MirrorAway)]);
    // An empty folder in its place is not it.
    desktop.disk.create_dir(&desktop.root).unwrap();
    desktop.restart();
    desktop.step(&office, Event::Timer).unwrap();
    assert_eq!(desktop.mirror.place_problem(), Some(PlaceProblem::NotMarked));
    assert_eq!(desktop.tree(), Vec::<String>::new());
    desktop.disk.remove_dir(&desktop.root).unwrap();
    desktop.disk.rename_exclusive(away, &desktop.root).unwrap();
    office.wait(5_000);
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.mirror.place_problem(), None);
    assert!(desktop.commands.is_empty(), "{:?}", desktop.commands);
    assert_eq!(desktop.files().len(), 1);
}

#[test]
fn somebody_elses_mirror_is_left_alone() {
    let (office, mut anne) = ready(Personality::Ext4Like);
    office.adds(office.folder("contrats"), "Paie.pdf", b"paie");
    anne.sync(&office);
    let mut paul = anne.beside(&office, paul(&office));
    for _ in 0..3 {
        paul.step(&office, Event::Timer).unwrap();
        office.wait(5_000);
    }
    assert_eq!(paul.mirror.place_problem(), Some(PlaceProblem::OtherReplica));
    assert_eq!(paul.blocked(), [("/mirror".to_owned(), Reason::OtherMirror)]);
    assert!(paul.commands.is_empty(), "none of it became his: {:?}", paul.commands);
    anne.sync(&office);
    anne.is_at_rest();
    assert_eq!(anne.files().len(), 1);
}

#[test]
fn what_a_copy_of_the_folder_lacks_was_not_removed() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    for name in ["a.pdf", "b.pdf", "c.pdf"] {
        office.adds(office.folder("contrats"), name, name.as_bytes());
    }
    desktop.sync(&office);
    let whole = Path::new("/whole");
    desktop.disk.rename_exclusive(&desktop.root, whole).unwrap();
    // A backup that was cut: one file came back of three.
    desktop.disk.create_dir_all(&desktop.path(FOLDER)).unwrap();
    for name in [".gedeon".to_owned(), format!("{FOLDER}/a.pdf")] {
        desktop.disk.copy(&whole.join(&name), &desktop.root.join(&name)).unwrap();
    }
    office.wait(5_000);
    desktop.sync(&office);
    desktop.is_at_rest();
    assert!(desktop.commands.is_empty(), "nothing is removed, nothing sent again: {:?}", desktop.commands);
    assert_eq!(desktop.files().len(), 3);
}

#[test]
fn a_first_link_adopts_what_is_the_same_and_removes_nothing() {
    let office = Office::open();
    office.adds(office.folder("contrats"), "same.pdf", b"same");
    office.adds(office.folder("contrats"), "other.pdf", b"the firm's");
    let mut desktop = Desktop::new(&office, Personality::Ext4Like);
    desktop.disk.create_dir_all(&desktop.path(FOLDER)).unwrap();
    desktop.save(&format!("{FOLDER}/same.pdf"), b"same");
    desktop.save(&format!("{FOLDER}/other.pdf"), b"one's own");
    desktop.save(&format!("{FOLDER}/more.pdf"), b"more");
    desktop.sync(&office);
    desktop.is_at_rest();
    let files = desktop.files();
    let bytes = |name: &str| files.get(&format!("{FOLDER}/{name}")).map(Vec::as_slice);
    assert_eq!(bytes("same.pdf"), Some(&b"same"[..]));
    assert_eq!(bytes("other.pdf"), Some(&b"the firm's"[..]));
    assert_eq!(bytes("other (2).pdf"), Some(&b"one's own"[..]));
    assert_eq!(bytes("more.pdf"), Some(&b"more"[..]));
    assert_eq!(desktop.commands.len(), 2, "{:?}", desktop.commands);
}

#[test]
fn a_client_file_no_longer_offline_leaves_the_disk_once_all_is_sent() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    office.adds(office.folder("contrats"), "Bail.pdf", b"bail");
    desktop.sync(&office);
    desktop.save(&format!("{FOLDER}/Bail.pdf"), b"saved just before");
    desktop.save(&format!("{INBOX}/nouveau.pdf"), b"new");
    desktop.replica.write(|tx| tx.set_offline(office.client, false)).unwrap();
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.tree(), Vec::<String>::new());
    assert!(office.has_bytes(b"saved just before") && office.has_bytes(b"new"));
    assert!(!desktop.commands.iter().any(|command| matches!(command, Command::Trash { .. })));
    desktop.replica.write(|tx| tx.set_offline(office.client, true)).unwrap();
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.files().len(), 2);
}

#[test]
fn the_real_disk_behaves_the_same() {
    let office = Office::open();
    let mut desktop = Desktop::real(&office);
    office.adds(office.folder("contrats"), "Bail.pdf", b"bail");
    desktop.sync(&office);
    desktop.save(&format!("{FOLDER}/Bail.pdf"), b"saved in place");
    std::fs::create_dir(desktop.path(&format!("{INBOX}/Lot"))).unwrap();
    desktop.save(&format!("{INBOX}/Lot/a.pdf"), b"a");
    desktop.sync(&office);
    desktop.is_at_rest();
    std::fs::rename(desktop.path(&format!("{INBOX}/Lot")), desktop.path("Alter Ce/01 Dossier permanent/Juridique/Lot"))
        .unwrap();
    desktop.sync(&office);
    std::fs::remove_file(desktop.path(&format!("{FOLDER}/Bail.pdf"))).unwrap();
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.files().into_keys().collect::<Vec<_>>(), ["Alter Ce/01 Dossier permanent/Juridique/Lot/a.pdf"]);
    assert_eq!(desktop.commands.len(), 5, "{:?}", desktop.commands);
}
