//! What is available offline by fiscal year: the permanent folders always, of the years those chosen.

use std::collections::BTreeSet;

use disk::Personality;
use domain::fiscal_year::FiscalYear;
use domain::id::{FiscalYearId, NodeId};
use domain::tree::fiscal_year_id;
use protocol::command::{Change, Command, FiscalYearDates, Naming};
use store::replica::Offline;

use crate::desktop::Desktop;
use crate::office::Office;
use crate::stories::ready;

const PERMANENT: &str = "Alter Ce/01 Dossier permanent/Contrats et baux";
const MARCH_2026: &str = "Alter Ce/02 Dossier annuel/2026/Achats/2026-03";
const MARCH_2025: &str = "Alter Ce/02 Dossier annuel/2025/Achats/2025-03";

fn dates(year: i32) -> FiscalYearDates {
    let day = |text: &str| format!("{year}-{text}").parse().unwrap();
    FiscalYearDates { start: day("01-01"), end: day("12-31") }
}

fn year(office: &Office, year: i32) -> FiscalYearId {
    let FiscalYearDates { start, end } = dates(year);
    fiscal_year_id(office.client, FiscalYear::new(start, end).unwrap())
}

fn chooses(desktop: &Desktop, office: &Office, chosen: &Offline) {
    desktop.replica.write(|tx| tx.choose_offline(office.client, chosen)).unwrap();
}

fn keeps(desktop: &mut Desktop, office: &Office, years: &[i32]) {
    let chosen = years.iter().map(|of| year(office, *of)).collect::<BTreeSet<_>>();
    chooses(desktop, office, &Offline::Years(chosen));
    desktop.sync(office);
    desktop.is_at_rest();
}

fn trashes(desktop: &Desktop) -> usize {
    desktop.commands.iter().filter(|command| matches!(command, Command::Trash { .. })).count()
}

/// A client file of two years with a document in each and one in the permanent folders, all on the disk.
fn of_two_years(personality: Personality) -> (Office, Desktop, [NodeId; 3]) {
    let (office, mut desktop) = ready(personality);
    office.does(Command::AddFiscalYear { client_file: office.client, dates: dates(2025), gap_confirmed: false });
    desktop.sync(&office);
    let folder = |path: &str| desktop.node(path).unwrap().id;
    let places = [(PERMANENT, "Bail.pdf"), (MARCH_2026, "Facture 26.pdf"), (MARCH_2025, "Facture 25.pdf")];
    let documents = places.map(|(path, name)| office.adds(folder(path), name, name.as_bytes()));
    desktop.sync(&office);
    desktop.is_at_rest();
    assert_eq!(desktop.files().len(), 3, "{:?}", desktop.tree());
    (office, desktop, documents)
}

#[test]
fn years_that_are_not_chosen_leave_the_disk_and_come_back() {
    for personality in [Personality::Ext4Like, Personality::NtfsLike, Personality::ApfsLike] {
        let (office, mut desktop, _) = of_two_years(personality);
        keeps(&mut desktop, &office, &[2026]);
        assert!(!desktop.tree().iter().any(|path| path.contains("/2025")), "{:?}", desktop.tree());
        let files: Vec<String> = desktop.files().into_keys().collect();
        assert_eq!(files, [format!("{PERMANENT}/Bail.pdf"), format!("{MARCH_2026}/Facture 26.pdf")]);
        keeps(&mut desktop, &office, &[2025]);
        let files: Vec<String> = desktop.files().into_keys().collect();
        assert_eq!(files, [format!("{PERMANENT}/Bail.pdf"), format!("{MARCH_2025}/Facture 25.pdf")]);
        keeps(&mut desktop, &office, &[]);
        assert_eq!(desktop.files().into_keys().collect::<Vec<_>>(), [format!("{PERMANENT}/Bail.pdf")]);
        assert!(!desktop.tree().iter().any(|path| path.contains("02 Dossier annuel")), "{:?}", desktop.tree());
        chooses(&desktop, &office, &Offline::Everything);
        desktop.sync(&office);
        desktop.is_at_rest();
        assert_eq!(desktop.files().len(), 3);
        assert_eq!(desktop.commands, [], "nobody's documents were touched");
    }
}

#[test]
fn a_year_that_comes_later_is_on_the_disk_where_everything_is_chosen_only() {
    let (office, mut desktop) = ready(Personality::Ext4Like);
    keeps(&mut desktop, &office, &[2026]);
    office.does(Command::AddFiscalYear { client_file: office.client, dates: dates(2025), gap_confirmed: false });
    desktop.sync(&office);
    desktop.is_at_rest();
    assert!(!desktop.tree().iter().any(|path| path.contains("/2025")));
    chooses(&desktop, &office, &Offline::Everything);
    desktop.sync(&office);
    assert!(desktop.tree().contains(&format!("{MARCH_2025}/")));
}

#[test]
fn what_is_unsent_in_a_year_that_leaves_stays_until_the_server_has_it() {
    let (office, mut desktop, _) = of_two_years(Personality::Ext4Like);
    desktop.is_online = false;
    desktop.save(&format!("{MARCH_2025}/Facture 25.pdf"), b"saved just before");
    desktop.save(&format!("{MARCH_2025}/nouveau.pdf"), b"new");
    let chosen = Offline::Years(BTreeSet::from([year(&office, 2026)]));
    chooses(&desktop, &office, &chosen);
    desktop.sync(&office);
    let read = |desktop: &Desktop, name: &str| desktop.read(&format!("{MARCH_2025}/{name}"));
    assert_eq!(
        read(&desktop, "Facture 25.pdf").as_deref(),
        Some(&b"saved just before"[..]),
        "its bytes are here alone"
    );
    assert_eq!(read(&desktop, "nouveau.pdf").as_deref(), Some(&b"new"[..]));
    assert!(!office.has_bytes(b"new"));
    desktop.is_online = true;
    desktop.sync(&office);
    desktop.is_at_rest();
    assert!(office.has_bytes(b"saved just before") && office.has_bytes(b"new"));
    assert!(!desktop.tree().iter().any(|path| path.contains("/2025")), "{:?}", desktop.tree());
    assert_eq!(trashes(&desktop), 0);
    keeps(&mut desktop, &office, &[2025, 2026]);
    assert_eq!(read(&desktop, "Facture 25.pdf").as_deref(), Some(&b"saved just before"[..]));
    assert_eq!(read(&desktop, "nouveau.pdf").as_deref(), Some(&b"new"[..]));
}

#[test]
fn a_file_removed_just_before_its_year_leaves_is_not_removed_at_the_firm() {
    let (office, mut desktop, [_, _, invoice]) = of_two_years(Personality::Ext4Like);
    desktop.disk.remove_file(&desktop.path(&format!("{MARCH_2025}/Facture 25.pdf"))).unwrap();
    desktop.hint(&office);
    keeps(&mut desktop, &office, &[2026]);
    assert_eq!(trashes(&desktop), 0, "that it is not there no longer says what a person wants");
    let row = desktop.replica.read(|tx| tx.node(invoice)).unwrap().unwrap();
    assert!(!row.is_trashed());
}

#[test]
fn documents_follow_when_they_move_from_a_year_to_another() {
    let (office, mut desktop, [bail, recent, old]) = of_two_years(Personality::Ext4Like);
    let folders = [PERMANENT, MARCH_2026, MARCH_2025].map(|path| desktop.node(path).unwrap().id);
    keeps(&mut desktop, &office, &[2026]);
    let place = |node, from, to| Command::Place {
        node,
        name: None,
        parent: Some(Change { seen: from, value: to }),
        naming: Naming::ByMachine,
    };
    office.does(place(recent, folders[1], folders[2]));
    office.does(place(old, folders[2], folders[1]));
    desktop.sync(&office);
    desktop.is_at_rest();
    let files: Vec<String> = desktop.files().into_keys().collect();
    assert_eq!(files, [format!("{PERMANENT}/Bail.pdf"), format!("{MARCH_2026}/Facture 25.pdf")]);

    // Moved in the window from what is here to a year that is not: its unsent save goes first.
    desktop.save(&format!("{PERMANENT}/Bail.pdf"), b"avenant");
    office.does(place(bail, folders[0], folders[2]));
    desktop.sync(&office);
    desktop.is_at_rest();
    assert!(office.has_bytes(b"avenant"));
    assert_eq!(desktop.files().len(), 1, "{:?}", desktop.tree());
    assert_eq!(trashes(&desktop), 0);
}
