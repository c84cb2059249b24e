//! The accounts of a company, from which its documents are drawn.
//!
//! A company's life is played once, month by month, from its first fiscal year to [`TODAY`](crate::TODAY). Invoices,
//! payslips, bank statements, VAT returns, the FEC and the annual accounts all read the entries made here, and so agree
//! with each other. This is a demonstration, not accounting software: it knows just the cases it needs.

pub(crate) mod chart;
mod closing;
mod life;
pub(crate) mod schedule;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::fiscal_year::{FiscalYear, Month};

use crate::companies::Company;
use crate::firm::TODAY;
use crate::french::first_day;
use crate::invoice::{Invoice, VatTotal};
use crate::money::{Cents, VatRate};
use crate::payroll::Payslip;

pub(crate) use closing::general_meeting;

pub(crate) const BANK: &str = "512000";
pub(crate) const SUPPLIERS: &str = "401000";
pub(crate) const CUSTOMERS: &str = "411000";

/// Accounting journals, in the order in which a day's entries are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Journal {
    Opening,
    Purchases,
    Sales,
    Bank,
    Miscellaneous,
}

impl Journal {
    /// Code and label.
    pub(crate) const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Opening => ("AN", "À-nouveaux"),
            Self::Purchases => ("AC", "Achats"),
            Self::Sales => ("VE", "Ventes"),
            Self::Bank => ("BQ", "Banque"),
            Self::Miscellaneous => ("OD", "Opérations diverses"),
        }
    }
}

/// A supplier or a customer in the books: its code and its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Auxiliary {
    pub(crate) code: String,
    pub(crate) name: String,
}

/// A line of an entry.
#[derive(Debug, Clone)]
pub(crate) struct Posting {
    pub(crate) account: String,
    pub(crate) auxiliary: Option<Auxiliary>,
    /// Debits are positive, credits negative.
    pub(crate) amount: Cents,
}

/// A balanced entry.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) journal: Journal,
    pub(crate) date: NaiveDate,
    pub(crate) piece: String,
    pub(crate) label: String,
    pub(crate) postings: Vec<Posting>,
}

/// A week's takings of a shop.
#[derive(Debug, Clone)]
pub(crate) struct Takings {
    pub(crate) date: NaiveDate,
    pub(crate) cards: Cents,
    pub(crate) cash: Cents,
    pub(crate) by_rate: Vec<VatTotal>,
}

/// A monthly VAT return, in whole euros but for the sums it comes from.
#[derive(Debug, Clone)]
pub(crate) struct VatReturn {
    pub(crate) month: Month,
    /// Sales by rate, to the cent.
    pub(crate) collected: BTreeMap<VatRate, (Cents, Cents)>,
    /// To the cent.
    pub(crate) deductible: Cents,
    /// On fixed assets, to the cent.
    pub(crate) deductible_on_assets: Cents,
    /// Credit of the month before.
    pub(crate) brought_forward: Cents,
    /// To pay; zero when there is a credit.
    pub(crate) due: Cents,
    /// To carry forward.
    pub(crate) credit: Cents,
}

/// Balances by account and, for third parties, by auxiliary.
pub(crate) type Balances = BTreeMap<(String, Option<Auxiliary>), Cents>;

/// The books of a fiscal year.
#[derive(Debug, Clone)]
pub(crate) struct YearBooks {
    pub(crate) year: FiscalYear,
    /// By date, opening first.
    pub(crate) entries: Vec<Entry>,
    /// Received and sent in the year, by date.
    pub(crate) invoices: Vec<Invoice>,
    pub(crate) payslips: Vec<Payslip>,
    pub(crate) takings: Vec<Takings>,
    pub(crate) vat_returns: Vec<VatReturn>,
}

/// The books of a company, a fiscal year each.
pub(crate) struct Books {
    pub(crate) years: Vec<YearBooks>,
}

impl Books {
    /// Plays the life of a company.
    pub(crate) fn of(company: &'static Company, seed: u64) -> Self {
        let life = life::Life::play(company, seed);
        Self { years: closing::years_of(company, life) }
    }
}

impl YearBooks {
    /// Whether the year is over.
    pub(crate) fn is_closed(&self) -> bool {
        self.year.end < TODAY
    }

    /// Balances after the entries up to the end of `date`.
    pub(crate) fn balances_at(&self, date: NaiveDate) -> Balances {
        let mut balances = Balances::new();
        for entry in self.entries.iter().filter(|entry| entry.date <= date) {
            for posting in &entry.postings {
                *balances.entry((posting.account.clone(), posting.auxiliary.clone())).or_default() += posting.amount;
            }
        }
        balances
    }

    /// Balance by account at the end of the year, or today.
    pub(crate) fn trial_balance(&self) -> BTreeMap<String, (Cents, Cents)> {
        let mut accounts: BTreeMap<String, (Cents, Cents)> = BTreeMap::new();
        for posting in self.entries.iter().flat_map(|entry| &entry.postings) {
            let (debit, credit) = accounts.entry(posting.account.clone()).or_default();
            if posting.amount >= Cents::ZERO { *debit += posting.amount } else { *credit -= posting.amount }
        }
        accounts
    }

    /// Balance of the accounts that begin with one of the prefixes; debits are positive.
    pub(crate) fn balance_of(&self, prefixes: &[&str]) -> Cents {
        self.entries
            .iter()
            .flat_map(|entry| &entry.postings)
            .filter(|posting| prefixes.iter().any(|prefix| posting.account.starts_with(prefix)))
            .map(|posting| posting.amount)
            .sum()
    }

    /// Profit after tax; a loss is negative.
    pub(crate) fn result(&self) -> Cents {
        -self.balance_of(&["6", "7"])
    }

    /// Movements of the bank account in a month, with the balance before them.
    pub(crate) fn bank_month(&self, month: Month) -> (Cents, Vec<(NaiveDate, String, Cents)>) {
        let first = first_day(month);
        let mut opening = Cents::ZERO;
        let mut movements = Vec::new();
        for entry in &self.entries {
            for posting in entry.postings.iter().filter(|posting| posting.account == BANK) {
                if entry.date < first || entry.journal == Journal::Opening {
                    opening += posting.amount;
                } else if Month::of(entry.date) == month {
                    movements.push((entry.date, entry.label.clone(), posting.amount));
                }
            }
        }
        (opening, movements)
    }
}
