//! What is available offline by fiscal year.

use std::fs;

use protocol::command::{Command, FiscalYearDates};
use protocol::view::ClientFileView;
use serde_json::{Value, json};

use super::firm::{CLIENT, Firm, PURCHASES};
use super::until;
use super::workstation::{NewWorkstation, Workstation};

const OLD: &str = "Alter Ce/02 Dossier annuel/2025/Achats/2025-03";
const PERMANENT: &str = "Alter Ce/01 Dossier permanent/Contrats et baux";

/// Adds the year before to the firm's client file.
fn add_2025(firm: &Firm) {
    firm.office().execute(Command::AddFiscalYear {
        client_file: firm.client,
        dates: FiscalYearDates { start: "2025-01-01".parse().unwrap(), end: "2025-12-31".parse().unwrap() },
        gap_confirmed: false,
    });
}

/// Keeps the fiscal years on the disk that close in these.
fn keep(workstation: &Workstation, firm: &Firm, closing: &[&str]) {
    let view: ClientFileView = workstation.ask("get_client_file", json!({ "client_file": firm.client }));
    let chosen: Vec<_> = view.fiscal_years.iter().filter(|year| closing.contains(&&year.end[..4])).collect();
    assert_eq!(chosen.len(), closing.len(), "{view:?}");
    let years: Vec<_> = chosen.iter().map(|year| year.id).collect();
    let _: Value =
        workstation.ask("set_offline", json!({ "client_files": [firm.client], "offline": true, "years": years }));
}

#[test]
fn year_that_leaves_while_a_file_in_it_is_unsent_keeps_its_bytes_until_the_server_has_them() {
    let firm = Firm::open();
    add_2025(&firm);
    let one = firm.workstation("bureau");
    one.save(&format!("{OLD}/Ancienne.pdf"), b"sent");
    one.save(&format!("{OLD}/Partie.pdf"), b"sent and left alone");
    one.save(&format!("{PURCHASES}/Facture.pdf"), b"this year's");
    one.save(&format!("{PERMANENT}/Bail.pdf"), b"permanent");
    firm.holds(&format!("{OLD}/Ancienne.pdf"), b"sent");
    firm.holds(&format!("{OLD}/Partie.pdf"), b"sent and left alone");
    one.rest();
    one.wire.cut();
    let saved = format!("{OLD}/Ancienne.pdf");
    let new = format!("{OLD}/Nouvelle.pdf");
    one.save(&saved, b"saved without a network");
    one.save(&new, b"made without a network");
    until("both wait to be sent", || (one.status().sending.files == 2).then_some(()));
    keep(&one, &firm, &["2026"]);
    until("what the server holds leaves the disk", || (!one.path(&format!("{OLD}/Partie.pdf")).exists()).then_some(()));
    assert_eq!(fs::read(one.path(&saved)).unwrap(), b"saved without a network");
    assert_eq!(fs::read(one.path(&new)).unwrap(), b"made without a network");
    one.wire.mend();
    firm.holds(&saved, b"saved without a network");
    firm.holds(&new, b"made without a network");
    until("the year leaves the disk", || (!one.path("Alter Ce/02 Dossier annuel/2025").exists()).then_some(()));
    one.rest();
    assert!(one.status().up_to_date, "{:?}", one.waiting());
    one.shows(&format!("{PURCHASES}/Facture.pdf"), b"this year's");
    one.shows(&format!("{PERMANENT}/Bail.pdf"), b"permanent");
    // Nothing was removed at the firm: another disk has it all.
    let other = firm.other_workstation("portable");
    other.shows(&saved, b"saved without a network");
    other.shows(&new, b"made without a network");
    keep(&one, &firm, &["2025", "2026"]);
    one.shows(&saved, b"saved without a network");
    one.shows(&new, b"made without a network");
}

#[test]
fn command_line_keeps_the_years_it_is_told() {
    let firm = Firm::open();
    add_2025(&firm);
    let one = NewWorkstation::of(&firm, &firm.anne, "bureau").sign_in();
    let root = one.path("").display().to_string();
    let mirror =
        |words: &[&str]| one.run(&[&["mirror", "--root", &root, "--once", "--client", CLIENT], words].concat());
    let shows = |year: &str| one.path(&format!("{CLIENT}/02 Dossier annuel/{year}")).exists();
    assert!(mirror(&["--year", "2025"]).status.success());
    assert_eq!((shows("2025"), shows("2026")), (true, false));
    assert!(one.path(PERMANENT).is_dir(), "what is permanent comes with any year");
    assert!(mirror(&["--year", "2025", "--year", "2026"]).status.success());
    assert_eq!((shows("2025"), shows("2026")), (true, true));
    assert!(mirror(&["--year", "2026", "--all"]).status.success(), "all leaves what was chosen as it is");
    assert_eq!((shows("2025"), shows("2026")), (false, true));
    let unknown = mirror(&["--year", "1999"]);
    assert_eq!(unknown.status.code(), Some(1));
    let said = String::from_utf8(unknown.stderr).unwrap();
    assert!(said.contains("n'a pas d'exercice clos en 1999"), "{said}");
    assert!(mirror(&[]).status.success());
    assert_eq!((shows("2025"), shows("2026")), (true, true), "without a year all of it");
}
