//! Names that not every disk can hold, and paths longer than Excel opens.

use std::fs;

use protocol::local::ImportView;
use protocol::view::Reason;
use serde_json::{Value, json};

use super::firm::{CLIENT, Firm, PURCHASES};
use super::until;

#[test]
fn names_that_windows_refuses_are_told_with_a_name_that_it_takes() {
    let firm = Firm::open();
    let (one, other) = (firm.workstation("bureau"), firm.other_workstation("portable"));
    let names = [
        ("Devis 12/06 : urgent?.pdf".replace('/', "|"), "Devis 12_06 _ urgent_.pdf"),
        ("CON.txt".to_owned(), "_CON.txt"),
        ("fin.".to_owned(), "fin"),
        ("saut\nde ligne.pdf".to_owned(), "saut_de ligne.pdf"),
        // 250 bytes: ext4 takes it, other disks and the server do not.
        (format!("{}.pdf", "é".repeat(123)), ""),
    ];
    for (number, (name, _)) in names.iter().enumerate() {
        one.save(&format!("{PURCHASES}/{name}"), format!("contenu {number}").as_bytes());
    }
    one.save(&format!("{PURCHASES}/Bon.pdf"), b"bon");
    other.shows(&format!("{PURCHASES}/Bon.pdf"), b"bon");
    for (number, (name, expected)) in names.iter().enumerate() {
        let item = one.told(name, Reason::InvalidName);
        let proposal = item.proposal.expect("a name is proposed");
        assert!(domain::name::check(&proposal).is_ok(), "{proposal} suits every disk");
        assert!(expected.is_empty() || proposal == *expected, "{name}: {proposal}");
        let _: Value = one.ask("repair_name", json!({ "key": item.key }));
        other.shows(&format!("{PURCHASES}/{proposal}"), format!("contenu {number}").as_bytes());
    }
    until("nothing waits any more", || one.status().up_to_date.then_some(()));
}

#[test]
fn refused_name_is_mended_by_renaming_the_file_too() {
    let firm = Firm::open();
    let one = firm.workstation("bureau");
    let refused = format!("{PURCHASES}/Solde : juin.pdf");
    one.save(&refused, b"solde");
    one.told("Solde : juin.pdf", Reason::InvalidName);
    fs::rename(one.path(&refused), one.path(&format!("{PURCHASES}/Solde juin.pdf"))).unwrap();
    firm.holds(&format!("{PURCHASES}/Solde juin.pdf"), b"solde");
    until("the panel is empty again", || one.waiting().is_empty().then_some(()));
}

#[test]
fn name_of_300_bytes_is_shortened_when_it_is_dropped_and_the_person_is_told() {
    let firm = Firm::open();
    let one = firm.workstation("bureau");
    let long = format!("{}.pdf", "Attestation ".repeat(25).trim_end());
    assert!(long.len() > 300);
    let drop = |place: &str| -> ImportView {
        let paths = json!([long, "Court.pdf"]);
        let target = one.folder_node(place);
        let ticket: Value = one.ask("begin_drop", json!({ "relative_paths": paths, "target": target }));
        let import = ticket["import"].as_u64().unwrap();
        one.upload(import, 0, b"long");
        one.upload(import, 1, b"court");
        until("the import ends", || {
            Some(one.ask::<ImportView>("get_import", json!({ "import": import }))).filter(|view| view.ended)
        })
    };
    let place = format!("{CLIENT}/04 À classer");
    let view = drop(&place);
    assert_eq!((view.found, view.done, view.problems.len()), (2, 2, 0));
    let [renamed] = &view.renamed[..] else { panic!("one file has another name: {:?}", view.renamed) };
    assert_eq!(renamed.path, long);
    assert!(
        renamed.name.rsplit('.').next() == Some("pdf") && domain::name::check(&renamed.name).is_ok(),
        "{}",
        renamed.name
    );
    firm.holds(&format!("{place}/{}", renamed.name), b"long");
    firm.holds(&format!("{place}/Court.pdf"), b"court");
    one.shows(&format!("{place}/{}", renamed.name), b"long");

    // Deep in the tree even the shortened name makes a path that Excel does not open: the file stays where it was.
    let view = drop(PURCHASES);
    assert_eq!((view.found, view.done), (2, 1), "the other file is in");
    let [problem] = &view.problems[..] else { panic!("one file is left out: {:?}", view.problems) };
    assert_eq!((problem.path.as_str(), problem.reason), (long.as_str(), Reason::PathTooLong));
    firm.holds(&format!("{PURCHASES}/Court.pdf"), b"court");
}

#[test]
fn path_longer_than_excel_opens_is_told_and_goes_once_it_is_shorter() {
    let firm = Firm::open();
    let one = firm.workstation("bureau");
    let deep = format!("{PURCHASES}/{}/{}", "Dossier de révision".repeat(2), "Contrôle des factures".repeat(2));
    let path = format!("{deep}/{}.xlsx", "Récapitulatif".repeat(3));
    assert!(path.encode_utf16().count() > domain::name::MAX_PATH_UTF16);
    fs::create_dir_all(one.path(&deep)).unwrap();
    one.save(&path, b"trop loin");
    one.save(&format!("{PURCHASES}/Près.pdf"), b"pres");
    firm.holds(&format!("{PURCHASES}/Près.pdf"), b"pres");
    one.told(path.rsplit('/').next().unwrap(), Reason::PathTooLong);
    assert!(!one.status().up_to_date, "what is left out is not hidden");
    fs::rename(one.path(&path), one.path(&format!("{deep}/R.xlsx"))).unwrap();
    firm.holds(&format!("{deep}/R.xlsx"), b"trop loin");
    until("nothing waits any more", || one.status().up_to_date.then_some(()));
}
