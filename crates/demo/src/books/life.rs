//! A company's months: what it buys, sells, pays and is paid.
//!
//! Buying and selling are in `trade`, payroll and VAT in `dues`. Closing entries are not made here: they need the whole
//! of a year.

mod dues;
mod trade;

use chrono::NaiveDate;
use domain::fiscal_year::Month;

use super::{BANK, Entry, Journal, Posting, Takings, VatReturn};
use crate::chance::Chance;
use crate::companies::{Company, Loan};
use crate::firm::TODAY;
use crate::french::{day_of, last_day};
use crate::invoice::Invoice;
use crate::money::{Cents, VatRate};
use crate::payroll::Payslip;

/// Card payments of any company: label, account, least and most in cents.
const CARD_PAYMENTS: [(&str, &str, i64, i64); 8] = [
    ("PEAGE COFIROUTE", "625100", 380, 3_460),
    ("PARKING GRASLIN NANTES", "625100", 240, 1_850),
    ("STATION RELAIS DE LOIRE", "606150", 3_100, 9_400),
    ("LA POSTE BUREAU", "626000", 516, 2_890),
    ("BRICO OUEST", "606300", 1_240, 18_700),
    ("RESTAURANT LA CIGOGNE", "625700", 1_680, 9_600),
    ("DROGUERIE DU CENTRE", "606300", 690, 5_400),
    ("BOULANGERIE DU COIN", "625700", 560, 3_900),
];

/// Everything that happened, in no order.
pub(super) struct Life {
    pub(super) entries: Vec<Entry>,
    pub(super) invoices: Vec<Invoice>,
    pub(super) payslips: Vec<Payslip>,
    pub(super) takings: Vec<Takings>,
    pub(super) vat_returns: Vec<VatReturn>,
    company: &'static Company,
    seed: u64,
    start: NaiveDate,
    /// The last day of which something is known.
    horizon: NaiveDate,
    sales_made: usize,
}

impl Life {
    /// Plays the life of a company from its first fiscal year to today.
    pub(super) fn play(company: &'static Company, seed: u64) -> Self {
        let years = company.fiscal_years();
        let start = years.first().expect("BUG: a company has a fiscal year").start;
        let horizon = years.last().map_or(TODAY, |year| year.end.min(TODAY));
        let mut life = Self {
            entries: Vec::new(),
            invoices: Vec::new(),
            payslips: Vec::new(),
            takings: Vec::new(),
            vat_returns: Vec::new(),
            company,
            seed,
            start,
            horizon,
            sales_made: 0,
        };
        life.found();
        life.buy_assets();
        let mut month = Month::of(start);
        let mut credit = Cents::ZERO;
        for number in 0u32.. {
            if month > Month::of(horizon) {
                break;
            }
            life.buy(month, number);
            life.spend(month);
            life.sell(month);
            if last_day(month) <= horizon {
                life.pay_people(month);
                life.pay_bank(month);
                credit = life.declare_vat(month, credit);
            }
            month = month.next();
        }
        life.repay();
        life
    }

    fn enter(&mut self, journal: Journal, date: NaiveDate, piece: &str, label: &str, postings: Vec<Posting>) {
        if date >= self.start && date <= self.horizon {
            self.entries.push(Entry { journal, date, piece: piece.to_owned(), label: label.to_owned(), postings });
        }
    }

    fn found(&mut self) {
        if self.company.founded >= self.start {
            let advance = Cents::euros(14_000);
            let capital = self.company.capital;
            let postings = vec![line(BANK, capital + advance), line("101000", -capital), line("455100", -advance)];
            self.enter(Journal::Bank, self.start, "CONST", "VIR DEPOT CAPITAL ET COMPTE COURANT", postings);
        }
    }

    fn buy_assets(&mut self) {
        let (company, start) = (self.company, self.start);
        for asset in company.assets.iter().filter(|asset| asset.bought >= start) {
            let vat = if company.pays_vat { asset.cost.at_rate(VatRate::Standard.hundredths()) } else { Cents::ZERO };
            let mut postings = vec![line(asset.account, asset.cost)];
            if vat > Cents::ZERO {
                postings.push(line("445620", vat));
            }
            postings.push(line(BANK, -(asset.cost + vat)));
            let label = format!("VIR {}", asset.label.to_uppercase());
            self.enter(Journal::Bank, asset.bought, "IMMO", &label, postings);
        }
    }

    /// What is paid by card without an invoice of a known supplier; its VAT is not claimed.
    fn spend(&mut self, month: Month) {
        let mut chance = Chance::new(self.seed, &format!("spend {} {}", self.company.key, month.folder_name()));
        let payments = if self.company.employees.is_empty() { 1 } else { chance.day_between(8, 17) };
        for _ in 0..payments {
            let (label, account, low, high) = chance.pick(&CARD_PAYMENTS);
            let (date, paid) = (day_of(month, chance.day_between(1, 28)), Cents(chance.between(*low, *high)));
            let label = format!("CB {label} {}", date.format("%d/%m"));
            self.enter(Journal::Bank, date, "CB", &label, vec![line(account, paid), line(BANK, -paid)]);
        }
    }

    fn pay_bank(&mut self, month: Month) {
        let pay = self.company.director_pay;
        if pay > Cents::ZERO {
            let label = format!("VIR REMUNERATION {}", self.company.director.last_name.to_uppercase());
            self.enter(Journal::Bank, day_of(month, 30), "REMU", &label, vec![line("644000", pay), line(BANK, -pay)]);
        }
        let fee = Cents(2_450);
        self.enter(
            Journal::Bank,
            last_day(month),
            "FRAIS",
            "COTISATION FORMULE PRO ET TENUE DE COMPTE",
            vec![line("627000", fee), line(BANK, -fee)],
        );
    }

    fn repay(&mut self) {
        let instalments = self.company.loan.as_ref().map(Loan::schedule).unwrap_or_default();
        for instalment in instalments {
            let paid = instalment.principal + instalment.interest;
            let postings =
                vec![line("164000", instalment.principal), line("661160", instalment.interest), line(BANK, -paid)];
            self.enter(
                Journal::Bank,
                instalment.date,
                "PRET",
                &format!("ECHEANCE PRET N°{}", instalment.number),
                postings,
            );
        }
    }
}

/// A posting without a third party.
pub(super) fn line(account: &str, amount: Cents) -> Posting {
    Posting { account: account.to_owned(), auxiliary: None, amount }
}
