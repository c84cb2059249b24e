//! What a closed fiscal year leaves: accounts, returns, the FEC, the firm's working papers.

use std::sync::Arc;

use super::{Shelf, in_year};
use crate::books::YearBooks;
use crate::content::Content;
use crate::documents::{accounts, returns, workings};
use crate::firm::TODAY;
use crate::french::{after, compact};
use crate::money::Cents;

/// Days after a closing by which everything is filed.
const FINISHED_AFTER: u32 = 134;

pub(super) fn fill(shelf: &mut Shelf, rank: usize) {
    let closed: Vec<_> = shelf.books.iter().filter(|books| books.is_closed()).cloned().collect();
    let is_finished = |books: &YearBooks| after(books.year.end, FINISHED_AFTER) < TODAY;
    let Some(last) = closed.last().cloned() else { return };
    working_papers(shelf, &last, rank);
    // The year before has everything when the last one is still being worked on, or is shown too in a large file.
    for books in closed.iter().rev().take(2).filter(|books| is_finished(books)) {
        if shelf.is_large || Arc::ptr_eq(books, &last) || !is_finished(&last) {
            accounts_of(shelf, books);
            returns_of(shelf, books);
        }
    }
}

fn working_papers(shelf: &mut Shelf, books: &Arc<YearBooks>, rank: usize) {
    let (company, year) = (shelf.company, books.year);
    let code = year.end.format("%Y");
    let balance = Content::Workbook(Arc::new(workings::trial_balance(company, books)));
    let origin = shelf.filed(after(year.end, 46));
    let folder = in_year(year, &["Comptes annuels", "Balance et grand livre"]);
    shelf.add(folder.clone(), &format!("{} - Balance générale {code}", company.name), &origin, balance);
    if shelf.is_large {
        let origin = shelf.filed(after(year.end, 90));
        shelf.add(
            folder,
            &format!("{} - Grand livre {code}", company.name),
            &origin,
            Content::GeneralLedger(company, Arc::clone(books)),
        );
    }
    if !company.assets.is_empty() && (shelf.is_large || !rank.is_multiple_of(2)) {
        let depreciation = Content::Workbook(Arc::new(workings::depreciation(company, year)));
        let origin = shelf.filed(after(year.end, 40));
        shelf.add(
            in_year(year, &["Révision"]),
            &format!("{} - Tableau des amortissements {code}", company.name),
            &origin,
            depreciation,
        );
    }
    if shelf.is_large || rank.is_multiple_of(2) {
        let review = Content::Workbook(Arc::new(workings::review(company, books)));
        let origin = shelf.filed(after(year.end, 49));
        shelf.add(
            in_year(year, &["Révision"]),
            &format!("{} - Dossier de révision {code}", company.name),
            &origin,
            review,
        );
    }
}

fn accounts_of(shelf: &mut Shelf, books: &Arc<YearBooks>) {
    let (company, year) = (shelf.company, books.year);
    let origin = shelf.filed(after(year.end, 98));
    let fec = format!("{}FEC{}", company.siren(), compact(year.end));
    shelf.add(in_year(year, &["Comptes annuels", "FEC"]), &fec, &origin, Content::Fec(Arc::clone(books)));
    let booklet = accounts::booklet(company, books);
    let origin = shelf.filed(booklet.date);
    let name = format!("{} - {} - Plaquette {}", compact(booklet.date), company.name, year.end.format("%Y"));
    shelf.add(in_year(year, &["Comptes annuels", "Plaquette"]), &name, &origin, Content::Report(Arc::new(booklet)));
}

fn returns_of(shelf: &mut Shelf, books: &YearBooks) {
    let (company, year) = (shelf.company, books.year);
    let code = year.end.format("%Y");
    let tax_return = accounts::tax_return(company, books);
    let origin = shelf.filed(tax_return.date);
    let name = format!("{} - {} - Liasse fiscale {code}", compact(tax_return.date), company.name);
    shelf.add(in_year(year, &["Fiscal", "Liasse"]), &name, &origin, Content::Report(Arc::new(tax_return)));
    if books.balance_of(&["695"]) > Cents::ZERO {
        let statement = returns::corporate_tax(company, books);
        let origin = shelf.filed(statement.date);
        let name = format!("{} - {} - Relevé de solde IS {code}", compact(statement.date), company.name);
        shelf.add(in_year(year, &["Fiscal", "IS"]), &name, &origin, Content::Report(Arc::new(statement)));
    }
}
