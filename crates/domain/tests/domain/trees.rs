//! The standard tree: sound by itself, and short enough for Excel under the longest client name.

use std::collections::{BTreeMap, BTreeSet};

use domain::fiscal_year::FiscalYear;
use domain::id::{ClientFileId, NodeId};
use domain::name::{self, MAX_PATH_UTF16};
use domain::tree::{
    ClientRight, DatedYear, DirectorySpec, FIRM_INBOX, STANDARD_TREE, THEMES, TemplateFolder, fiscal_year_id,
    folders_of, permanent_folder_id,
};

fn client() -> ClientFileId {
    ClientFileId::derived(&["Alter Ce"])
}

fn dated(start: &str, end: &str) -> DatedYear {
    let year = FiscalYear::new(start.parse().expect("a valid example"), end.parse().expect("a valid example"))
        .expect("a valid example");
    DatedYear { id: fiscal_year_id(client(), year), year }
}

fn folders(years: &[DatedYear]) -> Vec<TemplateFolder> {
    folders_of(STANDARD_TREE, client(), years)
}

fn directories() -> Vec<&'static DirectorySpec> {
    fn below(found: &mut Vec<&'static DirectorySpec>, directories: &'static [DirectorySpec]) {
        for directory in directories {
            found.push(directory);
            below(found, directory.children);
        }
    }
    let mut found = Vec::new();
    below(&mut found, STANDARD_TREE);
    found
}

fn path_of(folder: &TemplateFolder, by_id: &BTreeMap<NodeId, &TemplateFolder>) -> String {
    match by_id.get(&folder.parent) {
        Some(parent) => format!("{}/{}", path_of(parent, by_id), folder.name),
        None => folder.name.clone(),
    }
}

/// Two years that close in the same calendar year, the longest names there are.
fn two_years() -> [DatedYear; 2] {
    [dated("2025-07-01", "2026-06-30"), dated("2026-07-01", "2026-12-31")]
}

#[test]
fn every_directory_has_its_own_key_and_a_known_theme() {
    let known: BTreeSet<&str> = THEMES.iter().map(|theme| theme.key).collect();
    assert_eq!(known.len(), THEMES.len(), "themes have their own keys");
    let mut keys = BTreeSet::new();
    for directory in directories() {
        assert!(keys.insert(directory.key), "{} is there twice", directory.key);
        assert_eq!(name::check(directory.name), Ok(()), "{}", directory.name);
        if let Some(theme) = directory.theme {
            assert!(known.contains(theme), "{theme} of {}", directory.key);
        } else {
            assert!(!directory.children.is_empty(), "{} holds nothing and takes nothing", directory.key);
            assert_eq!(directory.client, ClientRight::None, "{}: a container gives no right", directory.key);
        }
    }
    let used: BTreeSet<&str> = directories().iter().filter_map(|directory| directory.theme).collect();
    assert_eq!(used, known, "each theme is that of a directory");
    assert!(keys.contains(FIRM_INBOX));
}

#[test]
fn siblings_have_different_names_and_identities() {
    let all = folders(&two_years());
    let mut names = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for folder in &all {
        assert!(names.insert((folder.parent, name::key(&folder.name))), "two {} in one folder", folder.name);
        assert!(ids.insert(folder.id), "{} has another's id", folder.name);
    }
}

#[test]
fn parents_come_before_children_and_the_top_stands_in_the_root() {
    let mut known = BTreeSet::from([client().root()]);
    for folder in folders(&two_years()) {
        assert!(known.contains(&folder.parent), "{} comes before its parent", folder.name);
        known.insert(folder.id);
    }
}

#[test]
fn every_leaf_takes_documents_and_a_subfolder_has_its_parent_s_theme() {
    let all = folders(&two_years());
    let by_id: BTreeMap<NodeId, &TemplateFolder> = all.iter().map(|folder| (folder.id, folder)).collect();
    let parents: BTreeSet<NodeId> = all.iter().map(|folder| folder.parent).collect();
    for folder in &all {
        if !parents.contains(&folder.id) {
            assert!(folder.theme.is_some(), "{} is a leaf without a theme", folder.name);
        }
        if let Some(parent) = by_id.get(&folder.parent)
            && parent.theme.is_some()
        {
            assert_eq!(folder.theme, parent.theme, "{}", path_of(folder, &by_id));
        }
    }
}

#[test]
fn a_year_has_its_months_in_each_monthly_directory_and_nothing_has_without_a_year() {
    let monthly = directories().iter().filter(|directory| directory.monthly).count();
    assert_eq!(monthly, 8, "Achats, Ventes, Banque, Notes de frais, Caisse, TVA, Bulletins, DSN");
    let count = |years: &[DatedYear]| folders(years).iter().filter(|folder| folder.month.is_some()).count();
    assert_eq!(count(&[]), 0);
    assert_eq!(count(&[dated("2025-10-01", "2026-09-30")]), 12 * monthly);
    assert_eq!(count(&[dated("2025-10-15", "2026-10-14")]), 13 * monthly);
    assert_eq!(count(&[dated("2026-03-15", "2027-12-31")]), 22 * monthly);
}

#[test]
fn a_second_year_leaves_the_first_one_s_folders_as_they_are() {
    let first = dated("2025-01-01", "2025-12-31");
    let second = dated("2026-01-01", "2026-12-31");
    let before = folders(&[first]);
    let after = folders(&[second, first]);
    for folder in &before {
        assert!(after.contains(folder), "{} changed", folder.name);
    }
    // Where both close in one calendar year the name tells them apart, and the identity stays.
    let [june, december] = two_years();
    let alone = folders(&[december]).into_iter().find(|folder| folder.name == "2026").unwrap();
    let both = folders(&[june, december]);
    assert_eq!(both.iter().find(|folder| folder.id == alone.id).unwrap().name, "2026 (au 31-12)");
    assert!(both.iter().any(|folder| folder.name == "2026 (au 30-06)"));
}

#[test]
fn the_longest_path_leaves_room_for_a_document() {
    let all = folders(&two_years());
    let by_id: BTreeMap<NodeId, &TemplateFolder> = all.iter().map(|folder| (folder.id, folder)).collect();
    let client_name = "X".repeat(60);
    let room = |folder: &TemplateFolder| {
        let path = format!("{client_name}/{}/", path_of(folder, &by_id));
        MAX_PATH_UTF16 - path.encode_utf16().count()
    };
    let tightest = all.iter().min_by_key(|folder| room(folder)).unwrap();
    assert_eq!(tightest.name, "Balance et grand livre", "with {} left", room(tightest));
    assert!(room(tightest) >= "Balance 2026.pdf".len(), "{} left", room(tightest));
    let ledger = all.iter().find(|folder| folder.directory == "fec").unwrap();
    assert!(room(ledger) >= "732829320FEC20261231.txt".len(), "{} left: the law gives the name", room(ledger));
}

#[test]
fn permanent_folders_are_found_by_their_directory() {
    let all = folders(&[]);
    let inbox = all.iter().find(|folder| folder.directory == FIRM_INBOX).unwrap();
    assert_eq!(inbox.id, permanent_folder_id(client(), FIRM_INBOX));
    assert_eq!(inbox.parent, client().root());
    let elsewhere = permanent_folder_id(ClientFileId::derived(&["another"]), FIRM_INBOX);
    assert_ne!(inbox.id, elsewhere, "each client file has its own");
}
