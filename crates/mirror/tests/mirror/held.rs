//! Too many removals at once, and saves that look encrypted, wait for a person; nothing else waits for them.

use std::collections::BTreeMap;

use disk::Personality;
use domain::content::ContentHash;
use domain::id::ClientFileId;
use mirror::Event;
use mirror::plan::caution::{FEW, MOST_ENCRYPTED, MOST_REMOVED, Removed, looks_encrypted, too_many};
use protocol::command::Command;
use protocol::local::HeldKind;
use protocol::view::{Reason, SyncMark};
use store::replica::trees::Decision;
use uuid::Uuid;

use crate::desktop::Desktop;
use crate::office::Office;
use crate::stories::{INBOX, ready};

/// Bytes as good as drawn by chance.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}

fn pdf(number: usize) -> Vec<u8> {
    format!("%PDF-1.7 facture {number}").into_bytes()
}

/// A desktop with so many documents in its inbox, all of them told.
fn with_documents(count: usize) -> (Office, Desktop) {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    for n in 0..count {
        desktop.save(&format!("{INBOX}/{n:03}.pdf"), &pdf(n));
    }
    desktop.sync(&office);
    desktop.is_at_rest();
    desktop.commands.clear();
    (office, desktop)
}

fn remove(desktop: &Desktop, numbers: std::ops::Range<usize>) {
    for n in numbers {
        desktop.disk.remove_file(&desktop.path(&format!("{INBOX}/{n:03}.pdf"))).unwrap();
    }
}

fn held(desktop: &Desktop, kind: HeldKind) -> u32 {
    desktop.replica.read(|tx| tx.held_count(kind)).unwrap()
}

fn decide(office: &Office, desktop: &mut Desktop, kind: HeldKind, decision: Decision) {
    desktop.replica.write(|tx| tx.decide_held(kind, decision)).unwrap();
    desktop.step(office, Event::RemoteChanged).unwrap();
    desktop.sync(office);
    desktop.is_at_rest();
    assert_eq!(held(desktop, kind), 0);
}

fn trashes(desktop: &Desktop) -> usize {
    desktop.commands.iter().filter(|command| matches!(command, Command::Trash { .. })).count()
}

#[test]
fn many_removals_are_held_and_the_rest_goes_on_until_they_are_confirmed() {
    let (office, mut desktop) = with_documents(120);
    remove(&desktop, 0..60);
    desktop.save(&format!("{INBOX}/119.pdf"), b"%PDF-1.7 saved meanwhile");
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(held(&desktop, HeldKind::Removal), 60);
    assert!(matches!(desktop.commands[..], [Command::AddVersion { .. }]), "{:?}", desktop.commands);
    assert_eq!(desktop.files().len(), 60, "what is held stays away");
    let items = desktop.replica.read(|tx| tx.sync_items(100)).unwrap();
    assert_eq!(items.len(), 60);
    assert!(items.iter().all(|item| item.reason == Reason::RemovalHeld && item.mark == SyncMark::Waiting));

    // It outlives the process, and another full look at the disk.
    desktop.restart();
    desktop.sync(&office);
    assert_eq!((held(&desktop, HeldKind::Removal), trashes(&desktop)), (60, 0));

    decide(&office, &mut desktop, HeldKind::Removal, Decision::Confirmed);
    assert_eq!(trashes(&desktop), 60);
    assert_eq!(desktop.files().len(), 60);
}

#[test]
fn removals_that_are_undone_are_on_the_disk_again() {
    for personality in [Personality::Ext4Like, Personality::NtfsLike, Personality::ApfsLike] {
        let (office, mut desktop) = ready(personality);
        desktop.disk.create_dir(&desktop.path(&format!("{INBOX}/Lot"))).unwrap();
        for n in 0..40 {
            desktop.save(&format!("{INBOX}/Lot/{n}.pdf"), &pdf(n));
        }
        desktop.sync(&office);
        desktop.commands.clear();
        let before = desktop.files();
        for n in 0..40 {
            desktop.disk.remove_file(&desktop.path(&format!("{INBOX}/Lot/{n}.pdf"))).unwrap();
        }
        desktop.disk.remove_dir(&desktop.path(&format!("{INBOX}/Lot"))).unwrap();
        desktop.sync(&office);
        assert_eq!(held(&desktop, HeldKind::Removal), 40, "a folder is as many as its documents");
        decide(&office, &mut desktop, HeldKind::Removal, Decision::Undone);
        assert_eq!(desktop.files(), before);
        assert_eq!(desktop.commands, Vec::<Command>::new());
    }
}

#[test]
fn few_removals_go_at_once_and_those_of_ten_minutes_count_together() {
    let (office, mut desktop) = with_documents(300);
    // 5 % of the client file is 15 documents.
    remove(&desktop, 0..15);
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!((trashes(&desktop), held(&desktop, HeldKind::Removal)), (15, 0));
    office.wait(5 * 60_000);
    remove(&desktop, 15..18);
    desktop.sync(&office);
    assert_eq!((trashes(&desktop), held(&desktop, HeldKind::Removal)), (15, 3), "eighteen in ten minutes are too many");
    decide(&office, &mut desktop, HeldKind::Removal, Decision::Confirmed);
    assert_eq!(trashes(&desktop), 18);
    office.wait(11 * 60_000);
    remove(&desktop, 18..24);
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!((trashes(&desktop), held(&desktop, HeldKind::Removal)), (24, 0), "later ones are few again");
}

#[test]
fn a_slow_removal_of_everything_is_counted_as_one() {
    let (office, mut desktop) = with_documents(100);
    for n in 0..100 {
        remove(&desktop, n..n + 1);
        desktop.hint(&office);
        office.wait(700);
        desktop.step(&office, Event::Timer).unwrap();
    }
    desktop.sync(&office);
    assert_eq!((trashes(&desktop), held(&desktop, HeldKind::Removal)), (0, 100));
}

#[test]
fn what_changes_at_the_firm_while_its_removal_is_held_comes_back_and_what_goes_there_is_gone() {
    let (office, mut desktop) = with_documents(60);
    let (saved, trashed) =
        (desktop.node(&format!("{INBOX}/000.pdf")).unwrap(), desktop.node(&format!("{INBOX}/001.pdf")).unwrap());
    remove(&desktop, 0..50);
    desktop.sync(&office);
    office.saves(saved.id, saved.head, b"%PDF-1.7 saved by somebody else");
    office.does(Command::Trash { node: trashed.id });
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.read(&format!("{INBOX}/000.pdf")).as_deref(), Some(&b"%PDF-1.7 saved by somebody else"[..]));
    assert_eq!(held(&desktop, HeldKind::Removal), 48);
    // The same file put back by hand is no removal any more.
    desktop.save(&format!("{INBOX}/002.pdf"), &pdf(2));
    desktop.sync(&office);
    assert_eq!(held(&desktop, HeldKind::Removal), 47);
    assert_eq!(desktop.commands, Vec::<Command>::new());
}

#[test]
fn a_folder_of_the_tree_itself_is_put_back_and_asks_nothing() {
    let (office, mut desktop) = with_documents(60);
    remove(&desktop, 0..60);
    desktop.disk.remove_dir(&desktop.path(INBOX)).unwrap();
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!((held(&desktop, HeldKind::Removal), desktop.files().len()), (0, 60));
    assert_eq!(desktop.commands, Vec::<Command>::new());
}

/// A program encrypts the documents, one after the other, each in its place.
fn encrypt(desktop: &Desktop, count: usize) {
    for n in 0..count {
        desktop.save(&format!("{INBOX}/{n:03}.pdf"), &noise(n as u64 + 1, 3_000));
    }
}

fn add_extension(desktop: &Desktop, count: usize) {
    for n in 0..count {
        let path = desktop.path(&format!("{INBOX}/{n:03}.pdf"));
        desktop.disk.rename_exclusive(&path, &path.with_extension("pdf.locked")).unwrap();
    }
}

/// All is as before it was encrypted, and what was encrypted is in the quarantine.
#[track_caller]
fn is_as_before(desktop: &Desktop, count: usize) {
    assert_eq!(desktop.commands, Vec::<Command>::new(), "neither bytes nor names were told");
    let files = desktop.files();
    let before: BTreeMap<String, Vec<u8>> = (0..count).map(|n| (format!("{INBOX}/{n:03}.pdf"), pdf(n))).collect();
    assert_eq!(files, before);
    for n in 0..count {
        assert!(desktop.quarantine().contains(&noise(n as u64 + 1, 3_000)), "what was saved is kept");
    }
}

#[test]
fn saves_that_look_encrypted_are_held_with_their_names_and_undone_on_the_disk() {
    let (office, mut desktop) = with_documents(30);
    encrypt(&desktop, 30);
    desktop.sync(&office);
    add_extension(&desktop, 30);
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(held(&desktop, HeldKind::Edit), 30);
    desktop.restart();
    desktop.sync(&office);
    assert_eq!(held(&desktop, HeldKind::Edit), 30);
    decide(&office, &mut desktop, HeldKind::Edit, Decision::Undone);
    is_as_before(&desktop, 30);
}

#[test]
fn documents_replaced_by_encrypted_ones_of_another_name_are_both_held() {
    let (office, mut desktop) = with_documents(30);
    encrypt(&desktop, 30);
    add_extension(&desktop, 30);
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!((held(&desktop, HeldKind::Removal), held(&desktop, HeldKind::Edit)), (30, 30));
    let items = desktop.replica.read(|tx| tx.sync_items(100)).unwrap();
    assert!(items.iter().any(|item| item.name == "007.pdf.locked" && item.reason == Reason::EditHeld));
    desktop.replica.write(|tx| tx.decide_held(HeldKind::Removal, Decision::Undone)).unwrap();
    decide(&office, &mut desktop, HeldKind::Edit, Decision::Undone);
    is_as_before(&desktop, 30);
}

#[test]
fn saves_that_are_confirmed_are_versions() {
    let (office, mut desktop) = with_documents(30);
    encrypt(&desktop, 30);
    desktop.sync(&office);
    add_extension(&desktop, 30);
    desktop.sync(&office);
    decide(&office, &mut desktop, HeldKind::Edit, Decision::Confirmed);
    let saves = desktop.commands.iter().filter(|command| matches!(command, Command::AddVersion { .. })).count();
    assert_eq!(saves, 30, "{:?}", desktop.commands);
    assert!(desktop.node(&format!("{INBOX}/007.pdf.locked")).is_some());
    assert!(office.has_bytes(&noise(8, 3_000)));
}

#[test]
fn what_is_saved_over_or_removed_while_it_is_held_is_kept() {
    let (office, mut desktop) = with_documents(30);
    encrypt(&desktop, 30);
    desktop.sync(&office);
    desktop.save(&format!("{INBOX}/000.pdf"), &noise(500, 3_000));
    desktop.disk.remove_file(&desktop.path(&format!("{INBOX}/001.pdf"))).unwrap();
    desktop.sync(&office);
    for seed in [1, 2] {
        let hash = ContentHash::of(&noise(seed, 3_000));
        assert!(desktop.quarantine().contains(&noise(seed, 3_000)), "the bytes of {seed}");
        assert!(!desktop.staging.has(hash).unwrap(), "and no longer in the staging");
    }
    assert_eq!(held(&desktop, HeldKind::Edit), 29);
    decide(&office, &mut desktop, HeldKind::Edit, Decision::Undone);
    assert!(desktop.quarantine().contains(&noise(500, 3_000)));
    assert_eq!(desktop.files().len(), 29);
}

#[test]
fn saves_that_are_few_or_ordinary_are_never_held() {
    let (office, mut desktop) = with_documents(60);
    for n in 0..60 {
        desktop.save(&format!("{INBOX}/{n:03}.pdf"), &[&pdf(n)[..], &noise(n as u64, 3_000)].concat());
    }
    let few = MOST_ENCRYPTED as usize - 1;
    for n in 0..few {
        desktop.save(&format!("{INBOX}/{n:03}.pdf"), &noise(n as u64, 3_000));
    }
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(held(&desktop, HeldKind::Edit), 0);
    assert_eq!(desktop.commands.len(), 60);
    // One more within ten minutes is one too many.
    desktop.save(&format!("{INBOX}/050.pdf"), &noise(900, 3_000));
    desktop.sync(&office);
    assert_eq!(held(&desktop, HeldKind::Edit), 1);
}

#[test]
fn how_many_removals_are_too_many() {
    let client = |number: u128| ClientFileId(Uuid::from_u128(number));
    let held = |removed: &[(u32, u32)]| {
        let removed = removed
            .iter()
            .zip(1..)
            .map(|((documents, of), number)| (client(number), Removed { documents: *documents, of: *of }));
        too_many(&removed.collect::<BTreeMap<_, _>>()).len()
    };
    assert_eq!(held(&[(MOST_REMOVED, 10_000)]), 0);
    assert_eq!(held(&[(MOST_REMOVED + 1, 10_000)]), 1);
    assert_eq!(held(&[(MOST_REMOVED - 3, 10_000), (4, 10_000)]), 2, "wherever they were");
    assert_eq!(held(&[(15, 300)]), 0, "5 % are not more than 5 %");
    assert_eq!(held(&[(16, 300), (1, 10_000)]), 1, "only the client file that loses much");
    assert_eq!(held(&[(FEW, 12)]), 0, "of a small client file a few are many percent");
}

#[test]
fn what_looks_encrypted() {
    let dense = noise(7, 4_096);
    assert!(looks_encrypted("Bilan.xlsx", &dense));
    assert!(looks_encrypted("Bilan.XLSX.locked", &dense), "with one more extension too");
    assert!(looks_encrypted("notes.txt", &noise(7, 300)));
    assert!(!looks_encrypted("sauvegarde.qbk", &dense), "of a type that is not known nothing is said");
    for beginning in [&b"%PDF-1.4"[..], b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"\xFF\xD8\xFF\xE0"] {
        assert!(
            !looks_encrypted("Bilan.xlsx", &[beginning, &dense].concat()),
            "a protected workbook is another container"
        );
    }
    let text = "Facture du 3 mars 2026, montant 1 204,50 €. ".repeat(100);
    assert!(!looks_encrypted("Bilan.pdf", text.as_bytes()));
    let base64: Vec<u8> = dense.iter().map(|byte| b'0' + byte % 64).collect();
    assert!(!looks_encrypted("message.eml", &base64));
    assert!(!looks_encrypted("Bilan.pdf", &dense[..100]), "too little to say");
    assert!(!looks_encrypted("Bilan.pdf", b""));
}

#[test]
fn client_files_lost_many_at_once_stay_until_the_server_says_it_again() {
    let office = Office::open();
    let paul = crate::stories::paul(&office);
    let others: Vec<ClientFileId> = (0..12).map(|_| ClientFileId(office.fresh())).collect();
    for (number, client_file) in others.iter().enumerate() {
        let name = format!("Client {number}");
        let (client_file, siren) = (*client_file, None);
        office.does(Command::CreateClientFile {
            client_file,
            name,
            siren,
            fiscal_years: Vec::new(),
            assigned: vec![paul],
        });
    }
    let mut desktop = Desktop::of(&office, paul, Personality::Ext4Like);
    desktop.replica.write(|tx| others.iter().try_for_each(|client_file| tx.set_offline(*client_file, true))).unwrap();
    desktop.sync(&office);
    desktop.is_at_rest();
    let on_disk = |desktop: &Desktop| desktop.disk.list(&desktop.root).unwrap().len() - 2;
    assert_eq!(on_disk(&desktop), 13);
    let lose = |range: std::ops::Range<usize>| {
        for client_file in &others[range] {
            office.does(Command::UnassignPerson { client_file: *client_file, person: paul });
        }
    };

    lose(0..1);
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(on_disk(&desktop), 12, "one among others goes at once");

    lose(1..12);
    desktop.sync(&office);
    assert_eq!(on_disk(&desktop), 12);
    assert_eq!(desktop.blocked().into_iter().map(|(_, reason)| reason).collect::<Vec<_>>(), [Reason::SightLost]);
    desktop.pull(&office);
    desktop.sync(&office);
    assert_eq!(on_disk(&desktop), 12, "an answer at once is no second one");
    desktop.restart();
    office.wait(61_000);
    desktop.step(&office, Event::Timer).unwrap();
    assert_eq!(on_disk(&desktop), 12, "nor is the time that passes");
    desktop.pull(&office);
    office.wait(11_000);
    desktop.sync(&office);
    assert_eq!(on_disk(&desktop), 1, "a minute later it is");
    desktop.is_at_rest();
    assert!(desktop.commands.is_empty(), "{:?}", desktop.commands);
}
