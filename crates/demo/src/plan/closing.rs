//! What a closed fiscal year leaves: accounts, returns, the FEC, the firm's working papers.

use std::sync::Arc;

use super::{Shelf, in_year};
use crate::content::Content;
use crate::documents::{accounts, returns, workings};
use crate::french::{after, compact};

pub(super) fn fill(shelf: &mut Shelf, rank: usize) {
    let company = shelf.company;
    let closed: Vec<_> = shelf.books.iter().filter(|books| books.is_closed()).cloned().collect();
    let years = if shelf.is_large { 2 } else { 1 };
    for books in closed.iter().rev().take(years) {
        let year = books.year;
        let code = year.end.format("%Y");
        let ready = |days: u32| after(year.end, days);
        // The year that closed in September is still being worked on.
        let is_finished = ready(134) < crate::TODAY;
        let fec = format!("{}FEC{}", company.siren(), compact(year.end));
        let origin = shelf.from_firm(ready(48));
        shelf.add(in_year(year, &["Comptes annuels", "FEC"]), &fec, &origin, Content::Fec(Arc::clone(books)));
        let origin = shelf.from_firm(ready(46));
        let balance = Content::Workbook(Arc::new(workings::trial_balance(company, books)));
        shelf.add(in_year(year, &["Comptes annuels", "Balance et grand livre"]), &format!("{} - Balance générale {code}", company.name), &origin, balance);
        if !company.assets.is_empty() && (shelf.is_large || !rank.is_multiple_of(2)) {
            let depreciation = Content::Workbook(Arc::new(workings::depreciation(company, year)));
            let origin = shelf.from_firm(ready(40));
            shelf.add(in_year(year, &["Révision"]), &format!("{} - Tableau des amortissements {code}", company.name), &origin, depreciation);
        }
        if shelf.is_large || rank.is_multiple_of(2) {
            let review = Content::Workbook(Arc::new(workings::review(company, books)));
            let origin = shelf.from_firm(ready(49));
            shelf.add(in_year(year, &["Révision"]), &format!("{} - Dossier de révision {code}", company.name), &origin, review);
        }
        if shelf.is_large {
            let origin = shelf.from_firm(ready(90));
            let ledger = Content::GeneralLedger(company, Arc::clone(books));
            shelf.add(in_year(year, &["Comptes annuels", "Balance et grand livre"]), &format!("{} - Grand livre {code}", company.name), &origin, ledger);
        }
        if is_finished {
            let booklet = accounts::booklet(company, books);
            let origin = shelf.from_firm(booklet.date);
            let name = format!("{} - {} - Plaquette {code}", compact(booklet.date), company.name);
            shelf.add(in_year(year, &["Comptes annuels", "Plaquette"]), &name, &origin, Content::Report(Arc::new(booklet)));
            let tax_return = accounts::tax_return(company, books);
            let origin = shelf.from_firm(tax_return.date);
            let name = format!("{} - {} - Liasse fiscale {code}", compact(tax_return.date), company.name);
            shelf.add(in_year(year, &["Fiscal", "Liasse"]), &name, &origin, Content::Report(Arc::new(tax_return)));
            if company.pays_corporate_tax && books.balance_of(&["695"]) > crate::Cents::ZERO {
                let statement = returns::corporate_tax(company, books);
                let origin = shelf.from_firm(statement.date);
                let name = format!("{} - {} - Relevé de solde IS {code}", compact(statement.date), company.name);
                shelf.add(in_year(year, &["Fiscal", "IS"]), &name, &origin, Content::Report(Arc::new(statement)));
            }
        }
    }
}
