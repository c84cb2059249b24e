//! The permanent file: what outlives fiscal years.

use std::sync::Arc;

use super::{Origin, Shelf, in_file};
use crate::books::{YearBooks, general_meeting};
use crate::companies::FIRM;
use crate::content::Content;
use crate::documents::{legal, letters, workings};
use crate::firm::{Author, TODAY};
use crate::french::{after, compact, day};

const PERMANENT: &str = "01 Dossier permanent";

pub(super) fn fill(shelf: &mut Shelf, rank: usize) {
    company_papers(shelf, rank);
    meetings(shelf, rank);
    contracts(shelf, rank);
    mission(shelf, rank);
    people(shelf);
    loans(shelf);
}

fn company_papers(shelf: &mut Shelf, rank: usize) {
    let company = shelf.company;
    let folder = in_file(&[PERMANENT, "Juridique"]);
    let statutes = Arc::new(legal::statutes(company));
    let noise = shelf.noise();
    // Old companies only have their articles on paper.
    let content =
        if rank.is_multiple_of(4) { Content::ScannedReport(statutes, noise) } else { Content::Report(statutes) };
    let origin = shelf.filed(day(2025, 1, 14));
    shelf.add(folder.clone(), &format!("{} - {} - Statuts", compact(company.founded), company.name), &origin, content);
    let date = day(2026, 4, 1 + u32::try_from(rank).unwrap_or(0));
    let origin = shelf.brought(date);
    shelf.add(
        folder,
        &format!("{} - {} - Extrait Kbis", compact(date), company.name),
        &origin,
        Content::Report(Arc::new(legal::kbis(company, date))),
    );
}

fn meetings(shelf: &mut Shelf, rank: usize) {
    let company = shelf.company;
    let is_held = |books: &&Arc<YearBooks>| books.is_closed() && general_meeting(books.year) < TODAY;
    let closed: Vec<_> = shelf.books.iter().filter(is_held).cloned().collect();
    for books in closed.iter().rev().take(if shelf.is_large { 2 } else { 1 }) {
        let date = general_meeting(books.year);
        let folder = in_file(&[PERMANENT, "Juridique"]);
        let year = books.year.end.format("%Y");
        let draft = Content::Letter(Arc::new(letters::minutes(company, books, date, true)));
        let final_text = Arc::new(letters::minutes(company, books, date, false));
        let drafted = shelf.filed(date - chrono::Days::new(20));
        let held = shelf.filed(after(date, 1));
        let second = shelf.version(&held, Content::Letter(Arc::clone(&final_text)));
        shelf
            .add(
                folder.clone(),
                &format!("{} - {} - PV AGO comptes {year}", compact(date), company.name),
                &drafted,
                draft,
            )
            .versions
            .push(second);
        if shelf.is_large || rank.is_multiple_of(3) {
            let (signed, noise) = (shelf.brought(after(date, 6)), shelf.noise());
            let name = format!("{} - {} - PV AGO comptes {year} signé", compact(date), company.name);
            shelf.add(folder, &name, &signed, Content::ScannedReport(final_text, noise));
        }
    }
}

fn contracts(shelf: &mut Shelf, rank: usize) {
    let company = shelf.company;
    let landlord = company.suppliers.iter().find(|(supplier, _)| supplier.account == "613200");
    if let Some((landlord, _)) = landlord {
        let lease = Arc::new(legal::lease(company, &landlord.party(), landlord.items[0].price));
        let name = format!("{} - {} - Bail commercial", compact(lease.date), landlord.name);
        let noise = shelf.noise();
        let content =
            if rank.is_multiple_of(2) { Content::ScannedReport(lease, noise) } else { Content::Report(lease) };
        let origin = shelf.brought(day(2025, 1, 20));
        shelf.add(in_file(&[PERMANENT, "Contrats et baux"]), &name, &origin, content);
    }
}

fn mission(shelf: &mut Shelf, rank: usize) {
    let company = shelf.company;
    let date = day(2026, 1, 8).max(after(company.founded, 9));
    let letter = Arc::new(legal::engagement_letter(company, date));
    let folder = in_file(&[PERMANENT, "Lettre de mission"]);
    let name = format!("{} - {} - Lettre de mission 2026", compact(date), FIRM.name);
    if rank.is_multiple_of(3) {
        let origin = shelf.filed(date);
        shelf.add(folder.clone(), &name, &origin, Content::Letter(Arc::clone(&letter)));
    }
    let (origin, noise) = (shelf.brought(after(date, 5)), shelf.noise());
    let content =
        if rank == 1 || shelf.is_large { Content::ScannedReport(letter, noise) } else { Content::Report(letter) };
    shelf.add(folder, &format!("{name} signée"), &origin, content);
    let date = after(date, 12);
    let origin = Origin { date, author: Author::Collaborator(super::ADMINISTRATOR) };
    let form = Content::Report(Arc::new(legal::due_diligence(company, date)));
    shelf.add(
        in_file(&[PERMANENT, "LAB - KYC"]),
        &format!("{} - {} - Fiche de vigilance LCB-FT", compact(date), company.name),
        &origin,
        form,
    );
}

fn people(shelf: &mut Shelf) {
    let company = shelf.company;
    let count = if shelf.is_large { 2 } else { 1 };
    for person in company.employees.iter().take(count) {
        let contract = Content::Letter(Arc::new(letters::employment(company, person)));
        let origin = shelf.filed(person.hired.max(day(2025, 1, 15)));
        let name = format!(
            "{} - {} {} - Contrat de travail CDI",
            compact(person.hired),
            person.last_name.to_uppercase(),
            person.first_name
        );
        shelf.add(in_file(&[PERMANENT, "Social permanent"]), &name, &origin, contract);
    }
}

fn loans(shelf: &mut Shelf) {
    let company = shelf.company;
    let Some(loan) = &company.loan else { return };
    let folder = in_file(&[PERMANENT, "Emprunts et immobilisations"]);
    let contract = legal::loan_contract(company, loan);
    let name = format!("{} - {} - Prêt {}", compact(contract.date), company.bank.name, loan.purpose);
    let origin = shelf.brought(day(2025, 1, 22));
    shelf.add(folder.clone(), &name, &origin, Content::Report(Arc::new(contract)));
    let schedule = Content::Workbook(Arc::new(workings::loan(company, loan)));
    let origin = shelf.filed(day(2025, 2, 3));
    shelf.add(folder, &format!("Échéancier - {} - {}", company.bank.name, loan.purpose), &origin, schedule);
}
