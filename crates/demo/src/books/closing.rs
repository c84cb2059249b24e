//! From a life to fiscal years: opening balances, depreciation, tax, appropriation of the result.

use chrono::NaiveDate;
use domain::fiscal_year::{FiscalYear, Month};

use super::life::{Life, line};
use super::{BANK, Balances, Entry, Journal, Posting, YearBooks};
use crate::companies::Company;
use crate::firm::TODAY;
use crate::french::{after, short};
use crate::money::Cents;

/// Profits up to this are taxed at the reduced rate.
const REDUCED_RATE_LIMIT: Cents = Cents::euros(42_500);

/// Cuts a life into fiscal years and closes those that are over.
pub(super) fn years_of(company: &'static Company, mut life: Life) -> Vec<YearBooks> {
    let mut years: Vec<YearBooks> = Vec::new();
    let mut later: Vec<Entry> = Vec::new();
    let mut opening = first_opening(company);
    for year in company.fiscal_years() {
        let mut entries = Vec::new();
        if !opening.is_empty() {
            entries.push(opening_entry(year, &opening));
        }
        let inside = |date: NaiveDate| date >= year.start && date <= year.end;
        entries.extend(life.entries.extract_if(.., |entry| inside(entry.date)));
        entries.extend(later.extract_if(.., |entry| inside(entry.date)));
        let mut books = YearBooks {
            year,
            entries,
            invoices: life.invoices.extract_if(.., |invoice| inside(invoice.issued)).collect(),
            payslips: life.payslips.extract_if(.., |slip| year.months().contains(&slip.month)).collect(),
            takings: life.takings.extract_if(.., |takings| inside(takings.date)).collect(),
            vat_returns: life.vat_returns.extract_if(.., |vat| year.months().contains(&vat.month)).collect(),
        };
        if books.is_closed() {
            close(company, &mut books, &mut later);
            later.extend(appropriation(&books));
            later.retain(|entry| entry.date <= TODAY);
        }
        // Stable, so that what happened on one day keeps its order.
        books.entries.sort_by_key(|entry| (entry.date, entry.journal));
        books.invoices.sort_by_key(|invoice| invoice.issued);
        opening = carried_over(&books);
        years.push(books);
    }
    years
}

fn first_opening(company: &Company) -> Balances {
    let mut balances = Balances::new();
    let start = company.fiscal_years[0].0;
    if company.founded >= start {
        return balances;
    }
    let eve = start.pred_opt().expect("BUG: a fiscal year starts after the first day of the calendar");
    let mut add = |account: &str, amount: Cents| *balances.entry((account.to_owned(), None)).or_default() += amount;
    for asset in company.assets.iter().filter(|asset| asset.bought < start) {
        add(asset.account, asset.cost);
        add(&asset.depreciation_account(), -asset.depreciated_at(eve));
    }
    if let Some(loan) = &company.loan {
        add("164000", -loan.outstanding_at(eve));
    }
    add(BANK, company.opening_cash);
    add("101000", -company.capital);
    let rest: Cents = balances.values().copied().sum();
    let account = if rest > Cents::ZERO { "110000" } else { "119000" };
    balances.insert((account.to_owned(), None), -rest);
    balances.retain(|_, amount| *amount != Cents::ZERO);
    balances
}

fn opening_entry(year: FiscalYear, opening: &Balances) -> Entry {
    let postings = opening
        .iter()
        .map(|((account, auxiliary), amount)| Posting {
            account: account.clone(),
            auxiliary: auxiliary.clone(),
            amount: *amount,
        })
        .collect();
    Entry {
        journal: Journal::Opening,
        date: year.start,
        piece: "AN".to_owned(),
        label: format!("À-nouveaux au {}", short(year.start)),
        postings,
    }
}

fn close(company: &Company, books: &mut YearBooks, later: &mut Vec<Entry>) {
    let year = books.year;
    let entry = |date: NaiveDate, journal: Journal, piece: &str, label: String, postings: Vec<Posting>| Entry {
        journal,
        date,
        piece: piece.to_owned(),
        label,
        postings,
    };
    for asset in company.assets.iter().filter(|asset| asset.bought <= year.end) {
        let charge = asset.charge_of(year);
        if charge > Cents::ZERO {
            let postings = vec![line("681120", charge), line(&asset.depreciation_account(), -charge)];
            books.entries.push(entry(
                year.end,
                Journal::Miscellaneous,
                "DOTA",
                format!("Dotation {}", asset.label),
                postings,
            ));
        }
    }
    let profit = books.result();
    if company.pays_corporate_tax && profit > Cents::ZERO {
        let low = profit.min(REDUCED_RATE_LIMIT);
        let tax = (low.at_rate(1_500) + (profit - low).at_rate(2_500)).to_whole_euros();
        let postings = vec![line("695000", tax), line("444000", -tax)];
        books.entries.push(entry(
            year.end,
            Journal::Miscellaneous,
            "IS",
            format!("Impôt sur les sociétés {}", year.end.format("%Y")),
            postings,
        ));
        let paid = vec![line("444000", tax), line(BANK, -tax)];
        later.push(entry(after(year.end, 135), Journal::Bank, "IS", "PRLV SEPA DGFIP SOLDE IS".to_owned(), paid));
    }
}

/// What the members decide of the result, less than six months after the closing.
fn appropriation(books: &YearBooks) -> Option<Entry> {
    let result = books.result();
    if result == Cents::ZERO {
        return None;
    }
    let (from, to) = if result > Cents::ZERO { ("120000", "110000") } else { ("129000", "119000") };
    Some(Entry {
        journal: Journal::Miscellaneous,
        date: general_meeting(books.year),
        piece: "AGO".to_owned(),
        label: format!("Affectation du résultat {}", books.year.end.format("%Y")),
        postings: vec![line(from, result), line(to, -result)],
    })
}

/// The day of the ordinary general meeting that approves a year's accounts.
pub(crate) fn general_meeting(year: FiscalYear) -> NaiveDate {
    crate::french::day_of((0..4).fold(Month::of(year.end), |month, _| month.next()), 22)
}

fn carried_over(books: &YearBooks) -> Balances {
    let mut balances = books.balances_at(books.year.end);
    let result = books.result();
    balances.retain(|(account, _), amount| !account.starts_with(['6', '7']) && *amount != Cents::ZERO);
    if result != Cents::ZERO {
        let account = if result > Cents::ZERO { "120000" } else { "129000" };
        *balances.entry((account.to_owned(), None)).or_default() -= result;
    }
    balances
}
