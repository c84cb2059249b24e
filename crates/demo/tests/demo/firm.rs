//! The firm, its people and its client files.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use demo::{Author, Role, TODAY, demonstration_firm};
use domain::tree::THEMES;

use crate::{FIRM, SEED, place};

/// Luhn's sum, written apart from the one that made the numbers.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(byte, weight)| u32::from(byte - b'0') * weight)
        .map(|value| value / 10 + value % 10)
        .sum();
    sum.is_multiple_of(10)
}

#[test]
fn twelve_client_files_have_valid_numbers() {
    assert_eq!(FIRM.client_files.len(), 12);
    let sirets: BTreeSet<&str> = FIRM.client_files.iter().map(|file| file.siret.as_str()).collect();
    assert_eq!(sirets.len(), 12, "no two client files share a SIRET");
    for siret in sirets.iter().copied().chain([FIRM.siret.as_str()]) {
        assert!(luhn(siret) && luhn(&siret[..9]), "{siret} satisfies Luhn on 14 and on 9 digits");
    }
    for (name, siret) in [("Alter Ce", "73282932000074"), ("Dupont Maçonnerie", "20003452800014")] {
        let file = FIRM.client_files.iter().find(|file| file.name == name).expect("the two known clients are there");
        assert_eq!(file.siret.as_str(), siret);
    }
    let alter_ce = &FIRM.client_files[0];
    assert_eq!(alter_ce.vat_number.as_deref(), Some("FR44732829320"), "the key of a VAT number follows from the SIREN");
}

#[test]
fn issuers_and_customers_have_valid_numbers_too() {
    for invoice in FIRM.documents.iter().filter_map(|document| document.invoice()) {
        for party in [&invoice.issuer, &invoice.customer] {
            assert!(
                party.siret.is_empty() || luhn(&party.siret) && luhn(&party.siret[..9]),
                "{} has a valid SIRET",
                party.name
            );
        }
    }
}

#[test]
fn fiscal_years_follow_each_other_up_to_today() {
    for file in &FIRM.client_files {
        assert!((1..=3).contains(&file.fiscal_years.len()), "{} has one to three fiscal years", file.name);
        for pair in file.fiscal_years.windows(2) {
            assert_eq!(pair[0].end.succ_opt(), Some(pair[1].start), "{} has no gap and no overlap", file.name);
        }
        let last = file.fiscal_years.last().expect("counted above");
        assert!(last.start <= TODAY && TODAY <= last.end, "the last year of {} is the current one", file.name);
    }
    let october = FIRM
        .client_files
        .iter()
        .find(|file| file.fiscal_years[0].start.month() == 10)
        .expect("one closes in September");
    assert_eq!(october.fiscal_years[1].start, NaiveDate::from_ymd_opt(2025, 10, 1).unwrap());
    assert_eq!(october.fiscal_years[1].end, NaiveDate::from_ymd_opt(2026, 9, 30).unwrap());
}

#[test]
fn collaborators_know_their_clients_and_one_is_kept_out_of_payroll() {
    let roles: Vec<Role> = FIRM.collaborators.iter().map(|person| person.role).collect();
    assert_eq!(roles, [Role::Administrator, Role::Collaborator, Role::Collaborator]);
    let keys: BTreeSet<&str> = FIRM.client_files.iter().map(|file| file.key).collect();
    let assignments = || FIRM.collaborators.iter().flat_map(|person| &person.assignments);
    assert!(
        assignments().all(|assignment| keys.contains(assignment.client_file)),
        "assignments name client files of the firm"
    );
    for key in &keys {
        let by = FIRM.collaborators[1..]
            .iter()
            .filter(|person| person.assignments.iter().any(|work| work.client_file == *key))
            .count();
        assert!(by >= 1, "somebody keeps {key}");
    }
    let withheld: Vec<&str> = assignments().flat_map(|assignment| assignment.withheld_themes.iter().copied()).collect();
    assert_eq!(withheld, ["social"]);
    assert!(THEMES.iter().any(|theme| theme.key == withheld[0]), "what is withheld is a theme of the standard tree");
}

#[test]
fn documents_have_a_life() {
    let count = FIRM.documents.len();
    assert!((290..=400).contains(&count), "{count} documents are about three hundred");
    for document in &FIRM.documents {
        let moments: Vec<_> = document.versions.iter().map(|version| version.modified).collect();
        assert!(moments.is_sorted(), "versions of {} are in order", place(document));
        let comments = document.comments.iter().map(|comment| comment.at);
        let review = document.review.iter().map(|review| review.at);
        for moment in moments.iter().copied().chain(comments).chain(review) {
            assert!(moment.date_naive() <= TODAY, "nothing of {} is later than today", place(document));
        }
        for author in document
            .versions
            .iter()
            .map(|version| version.author)
            .chain(document.comments.iter().map(|comment| comment.author))
        {
            assert!(
                !matches!(author, Author::Collaborator(rank) if rank >= FIRM.collaborators.len()),
                "authors are people of the firm"
            );
        }
    }
    let having = |what: fn(&demo::Document) -> bool| FIRM.documents.iter().filter(|document| what(document)).count();
    assert!(having(|document| document.versions.len() == 2) >= 5, "some were corrected once");
    assert!(having(|document| document.versions.len() == 3) >= 2, "some were corrected twice");
    assert!(having(|document| document.review.is_some()) >= 20, "some are reviewed");
    assert!(having(|document| !document.comments.is_empty()) >= 10, "some are discussed");
    assert!(having(|document| document.piece_number.is_some()) >= 20, "some have a piece number");
    assert!(having(|document| document.head().author == Author::Client) >= 100, "the clients send things");
}

#[test]
fn versions_of_a_document_differ() {
    for document in FIRM.documents.iter().filter(|document| document.versions.len() > 1) {
        let contents: BTreeSet<Vec<u8>> = document.versions.iter().map(demo::Version::bytes).collect();
        assert_eq!(contents.len(), document.versions.len(), "{} was really corrected", place(document));
    }
}

#[test]
fn another_seed_changes_amounts_and_not_people() {
    let other = demonstration_firm(SEED + 1);
    let gross = |firm: &demo::Firm| -> i64 {
        firm.documents.iter().filter_map(|document| document.invoice()).map(|invoice| invoice.gross().0).sum()
    };
    assert_ne!(gross(&other), gross(&FIRM));
    let names = |firm: &demo::Firm| -> Vec<&str> { firm.client_files.iter().map(|file| file.name).collect() };
    assert_eq!(names(&other), names(&FIRM));
}
