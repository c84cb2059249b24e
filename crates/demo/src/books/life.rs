//! A company's months: what it buys, sells, pays and is paid.
//!
//! Closing entries are elsewhere: they need the whole of a year.

use chrono::NaiveDate;
use domain::fiscal_year::Month;

use super::{Auxiliary, BANK, CUSTOMERS, Entry, Journal, Posting, SUPPLIERS, Takings, VatReturn};
use crate::chance::Chance;
use crate::companies::{Company, Customer, Item, Sales, Supplier, ascii};
use crate::firm::TODAY;
use crate::french::{after, compact, day_of, last_day, month_and_year};
use crate::invoice::{Direction, Invoice, InvoiceLine, VatTotal};
use crate::money::{Cents, VatRate};
use crate::payroll::{Fund, Payslip};

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
    sales_made: i64,
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

    fn buy(&mut self, month: Month, number: u32) {
        let company = self.company;
        for (supplier, invoices) in company.suppliers {
            if (number + supplier.siren) % supplier.period == 0 {
                for rank in 0..*invoices {
                    let issued = day_of(month, 1 + (supplier.day - 1 + rank * 28 / invoices) % 28);
                    self.buy_from(supplier, issued, number * invoices + rank);
                }
            }
        }
    }

    /// `number` counts the invoices of this supplier.
    fn buy_from(&mut self, supplier: &'static Supplier, issued: NaiveDate, number: u32) {
        let mut chance = Chance::new(self.seed, &format!("buy {} {} {issued}", self.company.key, supplier.name));
        if issued < self.start || issued > self.horizon {
            return;
        }
        let lines = chosen_lines(&mut chance, supplier.items, supplier.lines);
        // A supplier has other customers: its numbers start anywhere and skip.
        let own = (supplier.siren + self.company.siren) % 7_000;
        let invoice = Invoice {
            direction: Direction::Purchase,
            issuer: supplier.party(),
            customer: self.company.party(),
            number: format!("{}{:04}", supplier.prefix, 1_000 + own + number * 17),
            issued,
            due: after(issued, supplier.term),
            lines,
            payment: supplier.payment,
            account: supplier.account,
        };
        let who = auxiliary('F', supplier.name);
        let (cost, vat) = if self.company.pays_vat { (invoice.net(), invoice.vat()) } else { (invoice.gross(), Cents::ZERO) };
        let mut postings = vec![line(supplier.account, cost)];
        if vat > Cents::ZERO {
            postings.push(line("445660", vat));
        }
        postings.push(third_party(SUPPLIERS, &who, -invoice.gross()));
        self.enter(Journal::Purchases, issued, &invoice.number, &format!("{} {}", supplier.name, invoice.number), postings);
        let means = match supplier.payment {
            "Virement" => "VIR SEPA",
            "Prélèvement" => "PRLV SEPA",
            _ => "CB",
        };
        let paid = vec![third_party(SUPPLIERS, &who, invoice.gross()), line(BANK, -invoice.gross())];
        self.enter(Journal::Bank, invoice.due, &invoice.number, &format!("{means} {} {}", supplier.name.to_uppercase(), invoice.number), paid);
        self.invoices.push(invoice);
    }

    fn sell(&mut self, month: Month) {
        match &self.company.sales {
            Sales::Invoiced { customers, items, per_month, lines } => {
                let mut chance = Chance::new(self.seed, &format!("sell {} {}", self.company.key, month.folder_name()));
                let count = chance.day_between(per_month.0, per_month.1);
                for rank in 0..count {
                    // Spread over the month, and in the order of the numbers.
                    let issued = day_of(month, 2 + rank * 26 / count + chance.day_between(0, 1));
                    let customer = &customers[(self.sales_made as usize) % customers.len()];
                    let sold = chosen_lines(&mut chance, items, *lines);
                    let delay = chance.day_between(12, 50);
                    self.sell_to(customer, issued, sold, delay);
                }
            }
            Sales::Takings { weekly, mix } => {
                for day in [4, 7, 11, 14, 18, 21, 25, 28] {
                    self.take(day_of(month, day), weekly.share(1, 2), mix);
                }
            }
        }
    }

    fn sell_to(&mut self, customer: &'static Customer, issued: NaiveDate, lines: Vec<InvoiceLine>, delay: u32) {
        if issued < self.start || issued > self.horizon {
            return;
        }
        self.sales_made += 1;
        let invoice = Invoice {
            direction: Direction::Sale,
            issuer: self.company.party(),
            customer: customer.party(),
            number: format!("FA-{}-{:04}", issued.format("%Y"), 100 + self.sales_made),
            issued,
            due: after(issued, 30),
            lines,
            payment: "Virement",
            account: "706000",
        };
        let who = auxiliary('C', customer.name);
        let mut postings = vec![third_party(CUSTOMERS, &who, invoice.gross()), line("706000", -invoice.net())];
        if invoice.vat() > Cents::ZERO {
            postings.push(line("445710", -invoice.vat()));
        }
        self.enter(Journal::Sales, issued, &invoice.number, &format!("{} {}", customer.name, invoice.number), postings);
        let paid = vec![line(BANK, invoice.gross()), third_party(CUSTOMERS, &who, -invoice.gross())];
        self.enter(Journal::Bank, after(issued, delay), &invoice.number, &format!("VIR RECU {} {}", customer.name.to_uppercase(), invoice.number), paid);
        self.invoices.push(invoice);
    }

    fn take(&mut self, date: NaiveDate, usual: Cents, mix: &[(VatRate, i64)]) {
        if date < self.start || date > self.horizon {
            return;
        }
        let mut chance = Chance::new(self.seed, &format!("take {} {date}", self.company.key));
        let gross = usual.share(chance.between(960, 1_230), 1_000);
        let mut by_rate = Vec::new();
        let mut left = gross;
        for (position, (rate, percent)) in mix.iter().enumerate() {
            let part = if position + 1 == mix.len() { left } else { gross.share(*percent, 100) };
            left -= part;
            let base = part.share(10_000, 10_000 + rate.hundredths());
            by_rate.push(VatTotal { rate: *rate, base, vat: part - base });
        }
        let cash = gross.share(chance.between(8, 22), 100);
        let cards = gross - cash;
        let net: Cents = by_rate.iter().map(|total| total.base).sum();
        let vat: Cents = by_rate.iter().map(|total| total.vat).sum();
        let account = if self.company.pays_vat { "707000" } else { "706000" };
        let piece = format!("Z{}", compact(date));
        let mut postings = vec![line("511500", cards), line("530000", cash), line(account, -net)];
        if vat > Cents::ZERO {
            postings.push(line("445710", -vat));
        }
        self.enter(Journal::Sales, date, &piece, &format!("Recettes au {}", date.format("%d/%m")), postings);
        let banked = after(date, 2);
        self.enter(Journal::Bank, banked, &piece, &format!("REMISE CB {piece}"), vec![line(BANK, cards), line("511500", -cards)]);
        self.enter(Journal::Bank, banked, &piece, &format!("VERSEMENT ESPECES {piece}"), vec![line(BANK, cash), line("530000", -cash)]);
        self.takings.push(Takings { date, cards, cash, by_rate });
    }

    fn pay_people(&mut self, month: Month) {
        let end = last_day(month);
        let company = self.company;
        let slips: Vec<Payslip> = (0..company.employees.len())
            .filter(|&employee| company.employees[employee].hired <= crate::french::first_day(month).max(self.start))
            .map(|employee| Payslip::of(company, employee, month, self.seed))
            .collect();
        if slips.is_empty() {
            return;
        }
        let total = |amount: fn(&Payslip) -> Cents| slips.iter().map(amount).sum::<Cents>();
        let fund = |fund: Fund| {
            slips.iter().map(|slip| slip.due_to(fund)).fold((Cents::ZERO, Cents::ZERO), |sum, due| (sum.0 + due.0, sum.1 + due.1))
        };
        let (gross, net, tax) = (total(|slip| slip.gross), total(|slip| slip.net), total(|slip| slip.tax));
        let (urssaf, pension, health) = (fund(Fund::Urssaf), fund(Fund::Pension), fund(Fund::Health));
        let dues = [
            ("431000", urssaf.0 + urssaf.1, "PRLV SEPA URSSAF"),
            ("437300", pension.0 + pension.1, "PRLV SEPA RETRAITE COMPLEMENTAIRE"),
            ("437200", health.0 + health.1, "PRLV SEPA MUTUELLE"),
            ("442100", tax, "PRLV SEPA DGFIP PRELEVEMENT A LA SOURCE"),
        ];
        let mut postings = vec![line("641100", gross), line("645100", urssaf.1), line("645300", pension.1), line("645200", health.1), line("421000", -net)];
        postings.extend(dues.iter().filter(|(_, due, _)| *due > Cents::ZERO).map(|(account, due, _)| line(account, -*due)));
        let piece = format!("PAIE{}", end.format("%Y%m"));
        self.enter(Journal::Miscellaneous, end, &piece, &format!("Paie {}", month_and_year(month)), postings);
        self.enter(Journal::Bank, end, &piece, &format!("VIR SALAIRES {}", end.format("%m/%Y")), vec![line("421000", net), line(BANK, -net)]);
        for (account, due, label) in dues.into_iter().filter(|(_, due, _)| *due > Cents::ZERO) {
            self.enter(Journal::Bank, day_of(month.next(), 15), &piece, label, vec![line(account, due), line(BANK, -due)]);
        }
        self.payslips.extend(slips);
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
        self.enter(Journal::Bank, last_day(month), "FRAIS", "COTISATION FORMULE PRO ET TENUE DE COMPTE", vec![line("627000", fee), line(BANK, -fee)]);
    }

    fn repay(&mut self) {
        let instalments = self.company.loan.as_ref().map(crate::companies::Loan::schedule).unwrap_or_default();
        for instalment in instalments {
            let paid = instalment.principal + instalment.interest;
            let postings = vec![line("164000", instalment.principal), line("661160", instalment.interest), line(BANK, -paid)];
            self.enter(Journal::Bank, instalment.date, "PRET", &format!("ECHEANCE PRET N°{}", instalment.number), postings);
        }
    }

    /// Declares a month and returns the credit to carry forward.
    fn declare_vat(&mut self, month: Month, brought_forward: Cents) -> Cents {
        if !self.company.pays_vat {
            return Cents::ZERO;
        }
        let sum = |account: &str| -> Cents {
            let of_month = self.entries.iter().filter(|entry| Month::of(entry.date) == month);
            of_month.flat_map(|entry| &entry.postings).filter(|posting| posting.account == account).map(|posting| posting.amount).sum()
        };
        let (collected, deductible, on_assets) = (-sum("445710"), sum("445660"), sum("445620"));
        let mut by_rate = std::collections::BTreeMap::new();
        let sold = self.invoices.iter().filter(|invoice| invoice.direction == Direction::Sale && Month::of(invoice.issued) == month);
        let taken = self.takings.iter().filter(|takings| Month::of(takings.date) == month);
        for total in sold.flat_map(Invoice::vat_totals).chain(taken.flat_map(|takings| takings.by_rate.clone())) {
            let (base, vat): &mut (Cents, Cents) = by_rate.entry(total.rate).or_default();
            *base += total.base;
            *vat += total.vat;
        }
        let rounded = collected.to_whole_euros() - deductible.to_whole_euros() - on_assets.to_whole_euros() - brought_forward;
        let (due, credit) = (rounded.max(Cents::ZERO), (-rounded).max(Cents::ZERO));
        let rounding = due - credit + brought_forward + deductible + on_assets - collected;
        let all = [
            ("445710", collected),
            ("445660", -deductible),
            ("445620", -on_assets),
            ("445670", credit - brought_forward),
            ("445510", -due),
            (if rounding > Cents::ZERO { "658000" } else { "758000" }, rounding),
        ];
        let postings = all.into_iter().filter(|(_, amount)| *amount != Cents::ZERO).map(|(account, amount)| line(account, amount)).collect();
        let end = last_day(month);
        let piece = format!("CA3{}", end.format("%Y%m"));
        self.enter(Journal::Miscellaneous, end, &piece, &format!("TVA {}", month_and_year(month)), postings);
        if due > Cents::ZERO {
            self.enter(Journal::Bank, day_of(month.next(), 24), &piece, &format!("PRLV SEPA DGFIP TVA {}", end.format("%m/%Y")), vec![line("445510", due), line(BANK, -due)]);
        }
        self.vat_returns.push(VatReturn { month, collected: by_rate, deductible, deductible_on_assets: on_assets, brought_forward, due, credit });
        credit
    }
}

/// A posting without a third party.
pub(super) fn line(account: &str, amount: Cents) -> Posting {
    Posting { account: account.to_owned(), auxiliary: None, amount }
}

fn third_party(account: &str, auxiliary: &Auxiliary, amount: Cents) -> Posting {
    Posting { account: account.to_owned(), auxiliary: Some(auxiliary.clone()), amount }
}

fn auxiliary(kind: char, name: &str) -> Auxiliary {
    let letters: String = ascii(name).chars().filter(char::is_ascii_alphabetic).take(7).collect();
    Auxiliary { code: format!("{kind}{}", letters.to_uppercase()), name: name.to_owned() }
}

fn chosen_lines(chance: &mut Chance, items: &[Item], most: usize) -> Vec<InvoiceLine> {
    let first = if most <= 1 { 0 } else { chance.between(0, items.len() as i64 - 1) as usize };
    // A supplier that always bills the same things bills all of them.
    let count = if most <= 1 { items.len() } else { chance.between(2, most as i64) as usize };
    (0..count.min(items.len()))
        .map(|rank| {
            let item = &items[(first + rank) % items.len()];
            let quantity = if item.most == 1 { 1 } else { chance.between((item.most * 2 / 5).max(1), item.most) };
            InvoiceLine { label: item.label.to_owned(), quantity, unit: item.unit, unit_price: item.price, rate: item.rate }
        })
        .collect()
}

