//! Invoices received, invoices sent, takings of a till, and their payment.

use chrono::NaiveDate;
use domain::fiscal_year::Month;

use super::{Life, line};
use crate::books::{Auxiliary, BANK, CUSTOMERS, Journal, Posting, SUPPLIERS, Takings};
use crate::chance::Chance;
use crate::companies::{Customer, Item, Sales, Supplier, ascii};
use crate::french::{after, compact, day_of};
use crate::invoice::{Direction, Invoice, InvoiceLine, VatTotal};
use crate::money::{Cents, VatRate};

impl Life {
    pub(super) fn buy(&mut self, month: Month, number: u32) {
        let company = self.company;
        for (supplier, invoices) in company.suppliers {
            if (number + supplier.siren).is_multiple_of(supplier.period) {
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
        let (cost, vat) =
            if self.company.pays_vat { (invoice.net(), invoice.vat()) } else { (invoice.gross(), Cents::ZERO) };
        let mut postings = vec![line(supplier.account, cost)];
        if vat > Cents::ZERO {
            postings.push(line("445660", vat));
        }
        postings.push(third_party(SUPPLIERS, &who, -invoice.gross()));
        self.enter(
            Journal::Purchases,
            issued,
            &invoice.number,
            &format!("{} {}", supplier.name, invoice.number),
            postings,
        );
        let means = match supplier.payment {
            "Virement" => "VIR SEPA",
            "Prélèvement" => "PRLV SEPA",
            _ => "CB",
        };
        let paid = vec![third_party(SUPPLIERS, &who, invoice.gross()), line(BANK, -invoice.gross())];
        self.enter(
            Journal::Bank,
            invoice.due,
            &invoice.number,
            &format!("{means} {} {}", supplier.name.to_uppercase(), invoice.number),
            paid,
        );
        self.invoices.push(invoice);
    }

    pub(super) fn sell(&mut self, month: Month) {
        match &self.company.sales {
            Sales::Invoiced { customers, items, per_month, lines } => {
                let mut chance = Chance::new(self.seed, &format!("sell {} {}", self.company.key, month.folder_name()));
                let count = chance.day_between(per_month.0, per_month.1);
                for rank in 0..count {
                    // Spread over the month, and in the order of the numbers.
                    let issued = day_of(month, 2 + rank * 26 / count + chance.day_between(0, 1));
                    let customer = &customers[self.sales_made % customers.len()];
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
        self.enter(
            Journal::Bank,
            after(issued, delay),
            &invoice.number,
            &format!("VIR RECU {} {}", customer.name.to_uppercase(), invoice.number),
            paid,
        );
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
        self.enter(
            Journal::Bank,
            banked,
            &piece,
            &format!("REMISE CB {piece}"),
            vec![line(BANK, cards), line("511500", -cards)],
        );
        self.enter(
            Journal::Bank,
            banked,
            &piece,
            &format!("VERSEMENT ESPECES {piece}"),
            vec![line(BANK, cash), line("530000", -cash)],
        );
        self.takings.push(Takings { date, cards, cash, by_rate });
    }
}

fn third_party(account: &str, auxiliary: &Auxiliary, amount: Cents) -> Posting {
    Posting { account: account.to_owned(), auxiliary: Some(auxiliary.clone()), amount }
}

fn auxiliary(kind: char, name: &str) -> Auxiliary {
    let letters: String = ascii(name).chars().filter(char::is_ascii_alphabetic).take(7).collect();
    Auxiliary { code: format!("{kind}{}", letters.to_uppercase()), name: name.to_owned() }
}

fn chosen_lines(chance: &mut Chance, items: &[Item], most: usize) -> Vec<InvoiceLine> {
    let first = if most <= 1 { 0 } else { chance.index(items.len()) };
    // A supplier that always bills the same things bills all of them.
    let count = if most <= 1 { items.len() } else { 2 + chance.index(most - 1) };
    (0..count.min(items.len()))
        .map(|rank| {
            let item = &items[(first + rank) % items.len()];
            let quantity = if item.most == 1 { 1 } else { chance.between((item.most * 2 / 5).max(1), item.most) };
            InvoiceLine {
                label: item.label.to_owned(),
                quantity,
                unit: item.unit,
                unit_price: item.price,
                rate: item.rate,
            }
        })
        .collect()
}
