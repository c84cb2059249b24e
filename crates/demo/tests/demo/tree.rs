//! Every document lies in a folder that the standard tree really makes.

use std::collections::{BTreeMap, BTreeSet};

use domain::fiscal_year::{FiscalYear, Month};
use domain::id::{ClientFileId, NodeId};
use domain::tree::{DatedYear, STANDARD_TREE, fiscal_year_id, folders_of};

use crate::{FIRM, place};

/// The paths of the folders that hold documents, in a client file with these fiscal years.
fn folders(years: &[FiscalYear]) -> BTreeSet<Vec<String>> {
    let file = ClientFileId::derived(&["test"]);
    let years: Vec<DatedYear> =
        years.iter().map(|year| DatedYear { id: fiscal_year_id(file, *year), year: *year }).collect();
    let mut paths: BTreeMap<NodeId, Vec<String>> = BTreeMap::new();
    let mut holding = BTreeSet::new();
    for folder in folders_of(STANDARD_TREE, file, &years) {
        let mut path = paths.get(&folder.parent).cloned().unwrap_or_default();
        path.push(folder.name.clone());
        paths.insert(folder.id, path.clone());
        if folder.theme.is_some() {
            holding.insert(path);
        }
    }
    holding
}

#[test]
fn documents_are_in_folders_of_the_standard_tree() {
    for file in &FIRM.client_files {
        let known = folders(&file.fiscal_years);
        for document in FIRM.documents.iter().filter(|document| document.client_file == file.key) {
            assert!(
                known.contains(&document.folder),
                "{} is in a folder that exists and may hold documents",
                place(document)
            );
        }
    }
}

#[test]
fn monthly_folders_hold_what_is_of_their_month() {
    let mut seen = 0;
    for document in FIRM.documents.iter().filter(|document| document.folder[0].starts_with("02")) {
        if let (Some(invoice), "Achats" | "Ventes") = (document.invoice(), document.folder[2].as_str()) {
            assert_eq!(
                document.folder[3],
                Month::of(invoice.issued).folder_name(),
                "{} is filed by date",
                place(document)
            );
            seen += 1;
        }
    }
    assert!(seen > 40, "there are invoices to look at, {seen} were");
}

#[test]
fn names_are_portable_and_distinct_in_a_folder() {
    let mut names = BTreeSet::new();
    for document in &FIRM.documents {
        assert_eq!(domain::name::check(&document.name), Ok(()), "{} is a name for every system", place(document));
        assert!(
            names.insert((document.client_file, &document.folder, domain::name::key(&document.name))),
            "{} is alone",
            place(document)
        );
        assert!(place(document).chars().count() < 218, "{} can be opened by Excel", place(document));
    }
    for file in &FIRM.client_files {
        assert_eq!(domain::name::check(file.name), Ok(()), "{} is a folder name", file.name);
    }
}

#[test]
fn every_part_of_the_tree_is_used_somewhere() {
    let used: BTreeSet<&str> = FIRM.documents.iter().map(|document| document.folder[0].as_str()).collect();
    let wanted: BTreeSet<&str> = STANDARD_TREE.iter().map(|directory| directory.name).collect();
    assert_eq!(used, wanted);
}
