//! Client files: opened with the standard tree, and given fiscal years with their folders.

use std::collections::BTreeSet;

use domain::id::{ClientFileId, NodeId, PersonId};
use domain::name::MAX_PATH_UTF16;
use domain::person::Role;
use domain::tree::{ClientRight, DirectorySpec};
use protocol::command::{Command, Naming, Outcome};
use protocol::failure::FailureCode;
use protocol::query::{GetClientFile, ListClientFiles};
use protocol::view::{ClientFileList, ClientFileView, FolderView};

use crate::office::{Office, YEAR_2026, change, dates, on_both_engines, on_both_engines_with};

fn add_year(client_file: ClientFileId, year: (&str, &str), gap_confirmed: bool) -> Command {
    Command::AddFiscalYear { client_file, dates: dates(year), gap_confirmed }
}

fn open(name: &str, siren: Option<&str>) -> Command {
    Command::CreateClientFile {
        client_file: ClientFileId::derived(&[name, "another id"]),
        name: name.to_owned(),
        siren: siren.map(str::to_owned),
        fiscal_years: Vec::new(),
        assigned: Vec::new(),
    }
}

fn folders(office: &Office, client: ClientFileId) -> Vec<FolderView> {
    office.tree(office.anne, client).folders
}

fn months(folders: &[FolderView]) -> Vec<&FolderView> {
    folders.iter().filter(|folder| folder.month.is_some()).collect()
}

/// The directories of the standard tree that have a folder for each month.
const MONTHLY: usize = 8;

#[test]
fn dos_09_a_fiscal_year_makes_its_month_folders_in_every_linked_directory() {
    on_both_engines(|office| {
        let none = office.client("Sans exercice", &[]);
        assert_eq!(months(&folders(office, none)).len(), 0, "no fiscal year, no month");

        let client = office.client("Alter Ce", &[("2025-10-01", "2026-09-30")]);
        let all = folders(office, client);
        assert_eq!(months(&all).len(), MONTHLY * 12);
        let of_purchases: Vec<&str> = {
            let purchases = office.folder(client, "02 Dossier annuel/2026/Achats");
            all.iter().filter(|folder| folder.parent == purchases).map(|folder| folder.name.as_str()).collect()
        };
        let expected: Vec<String> =
            (10..=12).map(|m| format!("2025-{m:02}")).chain((1..=9).map(|m| format!("2026-{m:02}"))).collect();
        assert_eq!(of_purchases, expected, "from the first month to the last, in order");
    });
    let directory = |key, name, yearly, monthly, children| DirectorySpec {
        key,
        name,
        theme: Some("achats"),
        client: ClientRight::None,
        yearly,
        monthly,
        children,
    };
    let annual = |inside: Vec<DirectorySpec>| -> &'static [DirectorySpec] {
        Vec::leak(vec![directory("annuel", "Annuel", true, false, Vec::leak(inside))])
    };
    let with_three = annual(vec![
        directory("achats", "Achats", false, true, &[]),
        directory("ventes", "Ventes", false, true, &[]),
        directory("banque", "Banque", false, true, &[]),
        directory("fiscal", "Fiscal", false, false, &[]),
    ]);
    on_both_engines_with(with_three, |office| {
        let client = office.client("Alter Ce", &[("2025-10-01", "2026-09-30")]);
        let all = folders(office, client);
        assert_eq!(months(&all).len(), 3 * 12, "three directories, twelve months each");
        for (name, count) in [("Achats", 12), ("Ventes", 12), ("Banque", 12), ("Fiscal", 0)] {
            let directory = office.folder(client, &format!("Annuel/2026/{name}"));
            assert_eq!(all.iter().filter(|folder| folder.parent == directory).count(), count, "{name}");
        }
    });
    // A firm whose tree binds no directory to the months of its years.
    let without_months = annual(vec![directory("factures", "Factures", false, false, &[])]);
    on_both_engines_with(without_months, |office| {
        let client = office.client("Alter Ce", &[("2025-10-01", "2026-09-30")]);
        let all = folders(office, client);
        assert_eq!(months(&all).len(), 0, "none makes none");
        let names: Vec<&str> = all.iter().map(|folder| folder.name.as_str()).collect();
        assert_eq!(names, ["Annuel", "2026", "Factures"], "and the year's own folders are there");
    });
}

#[test]
fn a_client_file_opens_with_a_bounded_number_of_fiscal_years() {
    on_both_engines(|office| {
        let years = |count: i32| -> Vec<(String, String)> {
            (0..count).map(|n| (format!("{}-01-01", 1990 + n), format!("{}-12-31", 1990 + n))).collect()
        };
        let opened = |name: &str, count: i32| Command::CreateClientFile {
            client_file: ClientFileId::derived(&[name]),
            name: name.to_owned(),
            siren: None,
            fiscal_years: years(count).iter().map(|(start, end)| dates((start, end))).collect(),
            assigned: Vec::new(),
        };
        let failure = office.cannot(office.anne, opened("Trop", 31));
        let details = (failure.details["reason"].as_str(), failure.details["limit"].as_str());
        assert_eq!((failure.code, details), (FailureCode::InvalidFiscalYear, ("too_many", "30")));
        office.does(office.anne, opened("Assez", 30));
    });
}

/// A document whose path is as long as can be, in a folder of purchases of 2026.
fn longest_path(office: &Office, client: ClientFileId, name: &str) {
    let above = format!("{name}/02 Dossier annuel/2026/Achats/2026-03/").len();
    let march = office.month(client, "Achats", "2026-03");
    office.files(office.anne, march, &"x".repeat(MAX_PATH_UTF16 - above), "one");
}

#[test]
fn a_client_file_takes_no_name_under_which_its_paths_would_be_too_long() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        longest_path(office, client, "Alter Ce");
        let named = |value: &str| Command::UpdateClientFile {
            client_file: client,
            name: Some(change("Alter Ce".to_owned(), value.to_owned())),
            siren: None,
        };
        office.cannot_because(office.anne, named("Alter Ces"), FailureCode::PathTooLong);
        office.does(office.anne, named("Alter Ec"));
        office.does(office.anne, named("Alter"));
    });
}

#[test]
fn a_second_year_of_the_same_closing_lengthens_no_path_beyond_what_opens() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[("2025-07-01", "2026-06-30")]);
        let march = office.month(client, "Achats", "2026-03");
        let above = "Alter Ce/02 Dossier annuel/2026/Achats/2026-03/".len();
        let (node, _) = office.files(office.anne, march, &"x".repeat(MAX_PATH_UTF16 - above), "one");
        let second = add_year(client, ("2026-07-01", "2026-12-31"), false);
        let before = folders(office, client);
        // `2026` would become `2026 (au 30-06)`.
        office.cannot_because(office.anne, second.clone(), FailureCode::PathTooLong);
        assert_eq!(folders(office, client), before, "nothing was made");
        office.does(office.anne, Command::Trash { node });
        office.does(office.anne, second);
    });
}

#[test]
fn dos_10_the_next_fiscal_year_adds_its_folders_and_leaves_the_first_untouched() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[("2025-01-01", "2025-12-31")]);
        let before = folders(office, client);
        office.does(office.anne, add_year(client, YEAR_2026, false));
        let after = folders(office, client);
        assert_eq!(months(&after).len(), 2 * MONTHLY * 12);
        for folder in &before {
            assert!(after.contains(folder), "{} changed", folder.name);
        }

        let overlap = office.cannot(office.anne, add_year(client, ("2026-12-31", "2027-12-30"), true));
        assert_eq!(overlap.code, FailureCode::InvalidFiscalYear);
        assert_eq!(overlap.details["reason"], "overlap", "refused even when confirmed");

        let gap = ("2027-02-01", "2028-01-31");
        office.cannot_because(office.anne, add_year(client, gap, false), FailureCode::FiscalYearGap);
        assert_eq!(months(&folders(office, client)).len(), 2 * MONTHLY * 12, "nothing was made");
        office.does(office.anne, add_year(client, gap, true));
        assert_eq!(months(&folders(office, client)).len(), 3 * MONTHLY * 12);

        let view: ClientFileView =
            office.ask(office.anne, "get_client_file", GetClientFile { client_file: client }).unwrap();
        let years: Vec<&str> = view.fiscal_years.iter().map(|year| year.start.as_str()).collect();
        assert_eq!(years, ["2027-02-01", "2026-01-01", "2025-01-01"], "latest first");
    });
}

#[test]
fn dates_that_make_no_fiscal_year_are_refused_with_the_reason() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[]);
        for (year, reason) in [(("2026-12-31", "2026-01-01"), "order"), (("2026-01-01", "2028-01-01"), "too_long")] {
            let failure = office.cannot(office.anne, add_year(client, year, true));
            assert_eq!((failure.code, failure.details["reason"].as_str()), (FailureCode::InvalidFiscalYear, reason));
        }
    });
}

#[test]
fn two_workstations_that_add_the_same_year_add_one() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[]);
        office.does(office.anne, add_year(client, YEAR_2026, false));
        let after_first = (folders(office, client), office.firm.seq().unwrap());
        office.does(office.anne, add_year(client, YEAR_2026, false));
        assert_eq!((folders(office, client), office.firm.seq().unwrap()), after_first, "absorbed");
    });
}

#[test]
fn two_years_that_close_in_one_calendar_year_are_told_apart() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[("2025-07-01", "2026-06-30")]);
        let first = office.folder(client, "02 Dossier annuel/2026");
        office.does(office.anne, add_year(client, ("2026-07-01", "2026-12-31"), false));
        assert_eq!(office.folder(client, "02 Dossier annuel/2026 (au 30-06)"), first, "renamed, the same folder");
        office.folder(client, "02 Dossier annuel/2026 (au 31-12)/Achats/2026-07");
    });
}

#[test]
fn a_month_takes_its_name_back_from_a_folder_made_by_hand() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let purchases = office.folder(client, "02 Dossier annuel/2026/Achats");
        let by_hand = office.makes_folder(office.anne, purchases, "2027-01");
        // No year of the client file has that month in this place: the folder stands.
        office.does(office.anne, add_year(client, ("2027-01-01", "2027-12-31"), false));
        assert_eq!(office.folder(client, "02 Dossier annuel/2026/Achats/2027-01"), by_hand);
        office.folder(client, "02 Dossier annuel/2027/Achats/2027-01");
    });
}

#[test]
fn a_client_file_has_a_name_and_a_siren_of_its_own() {
    on_both_engines(|office| {
        office.client("Alter Ce", &[]);
        let taken = office.cannot(office.anne, open("ALTER CE", None));
        assert_eq!(taken.code, FailureCode::NameTaken, "its folder on disk would be the same");
        assert_eq!(taken.details["proposal"], "ALTER CE (2)");
        let invalid = office.cannot(office.anne, open("A/B Conseil", None));
        assert_eq!((invalid.code, invalid.details["proposal"].as_str()), (FailureCode::InvalidName, "A_B Conseil"));
        office.cannot_because(office.anne, open(&"x".repeat(61), None), FailureCode::InvalidName);

        office.does(office.anne, open("Dupont Maçonnerie", Some("732 829 320")));
        let used = office.cannot(office.anne, open("Autre", Some("732829320")));
        assert_eq!((used.code, used.details["reason"].as_str()), (FailureCode::InvalidCompanyNumber, "used"));
        let wrong = office.cannot(office.anne, open("Autre", Some("732829321")));
        assert_eq!((wrong.code, wrong.details["reason"].as_str()), (FailureCode::InvalidCompanyNumber, "key"));
        office.does(office.anne, open("Autre", Some(" ")));
        let list: ClientFileList =
            office.ask(office.anne, "list_client_files", ListClientFiles { limit: 10, ..Default::default() }).unwrap();
        let sirens: Vec<Option<&str>> = list.rows.iter().map(|row| row.siren.as_deref()).collect();
        assert_eq!(sirens, [None, None, Some("732829320")], "Alter Ce, Autre, Dupont Maçonnerie");
    });
}

#[test]
fn a_client_file_is_renamed_and_the_renaming_undone() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[]);
        office.client("Dupont", &[]);
        let named = |seen: &str, value: &str| Command::UpdateClientFile {
            client_file: client,
            name: Some(change(seen.to_owned(), value.to_owned())),
            siren: None,
        };
        office.cannot_because(office.anne, named("Alter Ce", "dupont"), FailureCode::NameTaken);
        office.does(office.anne, named("Alter Ce", "Alter Ego"));
        let undo = office.strict(named("Alter Ego", "Alter Ce"));
        assert!(matches!(office.sends(office.anne, undo), Outcome::Done { .. }));
        let again = office.strict(named("Alter Ego", "Alter Ce"));
        let Outcome::Refused { failure } = office.sends(office.anne, again) else { panic!("undone twice") };
        assert_eq!(failure.code, FailureCode::ChangedSince);
    });
}

#[test]
fn a_manager_works_on_the_client_file_they_open_and_may_give_it_to_people_of_the_firm_only() {
    on_both_engines(|office| {
        let marc = office.hire("Marc", Role::Manager);
        let zoe = office.hire("Zoé", Role::Collaborator);
        let create = |name: &str, assigned: Vec<PersonId>| Command::CreateClientFile {
            client_file: ClientFileId::derived(&[name]),
            name: name.to_owned(),
            siren: None,
            fiscal_years: vec![dates(YEAR_2026)],
            assigned,
        };
        office.does(marc, create("Alter Ce", vec![zoe]));
        let client = ClientFileId::derived(&["Alter Ce"]);
        let view: ClientFileView = office.ask(zoe, "get_client_file", GetClientFile { client_file: client }).unwrap();
        let people: BTreeSet<PersonId> = view.assignments.iter().map(|assignment| assignment.person).collect();
        assert_eq!(people, BTreeSet::from([marc, zoe]));
        assert!(!view.may_manage && view.may_add_fiscal_years && !view.may_assign, "a collaborator with all themes");
        let view: ClientFileView = office.ask(marc, "get_client_file", GetClientFile { client_file: client }).unwrap();
        assert!(view.may_manage && view.may_add_fiscal_years && view.may_assign);
        office.does(zoe, add_year(client, ("2027-01-01", "2027-12-31"), false));
        let rename = Command::UpdateClientFile {
            client_file: client,
            name: Some(change("Alter Ce".to_owned(), "Alter Ego".to_owned())),
            siren: None,
        };
        office.cannot_because(zoe, rename.clone(), FailureCode::Denied);
        office.does(marc, rename);
        let stranger = create("Dupont", vec![PersonId::derived(&["a stranger"])]);
        office.cannot_because(marc, stranger, FailureCode::NotFound);
    });
}

#[test]
fn an_id_is_taken_once_by_a_client_file_or_a_node() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let folder = office.month(client, "Achats", "2026-03");
        let again = Command::CreateClientFile {
            client_file: client,
            name: "Autre".to_owned(),
            siren: None,
            fiscal_years: Vec::new(),
            assigned: Vec::new(),
        };
        office.cannot_because(office.anne, again, FailureCode::BadRequest);
        let at_a_node = Command::CreateClientFile {
            client_file: ClientFileId(folder.0),
            name: "Autre".to_owned(),
            siren: None,
            fiscal_years: Vec::new(),
            assigned: Vec::new(),
        };
        office.cannot_because(office.anne, at_a_node, FailureCode::BadRequest);
        // A node with a root's id would stand above a whole client file, and take it to the trash with it.
        let at_a_root = Command::CreateFolder {
            node: NodeId(client.0),
            parent: folder,
            name: "Piège".to_owned(),
            naming: Naming::Typed,
        };
        office.cannot_because(office.anne, at_a_root, FailureCode::BadRequest);
    });
}
