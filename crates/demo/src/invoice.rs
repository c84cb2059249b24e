//! Invoices as data: lines, VAT by rate and totals that add up.
//!
//! How one looks on paper is elsewhere.

use chrono::NaiveDate;

use crate::money::{Cents, VatRate};

/// One side of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Party {
    /// Trade name.
    pub name: String,
    /// Legal form and capital: `SARL au capital de 10 000 €`.
    pub legal: String,
    /// Street and number.
    pub street: String,
    /// Postcode and town.
    pub city: String,
    /// 14 digits; empty for a private person.
    pub siret: String,
    /// `FR…`; empty for a private person or an exempt company.
    pub vat_number: String,
    /// Landline or mobile.
    pub phone: String,
    /// Address for questions.
    pub email: String,
    /// Account to pay to, in groups of four.
    pub iban: String,
}

/// Seen from the client file that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Received from a supplier.
    Purchase,
    /// Sent to a customer.
    Sale,
}

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InvoiceLine {
    /// What is sold.
    pub label: String,
    /// How many.
    pub quantity: i64,
    /// Of what: `h`, `kg`, `u`.
    pub unit: &'static str,
    /// Before VAT.
    pub unit_price: Cents,
    /// Rate of VAT.
    pub rate: VatRate,
}

impl InvoiceLine {
    /// Amount of the line before VAT.
    pub fn total(&self) -> Cents {
        self.unit_price * self.quantity
    }
}

/// VAT of an invoice at one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VatTotal {
    /// The rate.
    pub rate: VatRate,
    /// Sum of the lines at that rate, before VAT.
    pub base: Cents,
    /// VAT, rounded once for the rate.
    pub vat: Cents,
}

/// An invoice, received or sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Invoice {
    /// Received or sent.
    pub direction: Direction,
    /// Who asks for the money.
    pub issuer: Party,
    /// Who pays.
    pub customer: Party,
    /// Number given by the issuer.
    pub number: String,
    /// Date of the invoice.
    pub issued: NaiveDate,
    /// Last day to pay.
    pub due: NaiveDate,
    /// Never empty.
    pub lines: Vec<InvoiceLine>,
    /// How it is paid: `Virement`, `Prélèvement`, `Carte bancaire`.
    pub payment: &'static str,
    /// Account of the books of the client file.
    pub account: &'static str,
}

impl Invoice {
    /// VAT by rate, highest rate first.
    pub fn vat_totals(&self) -> Vec<VatTotal> {
        [VatRate::Standard, VatRate::Intermediate, VatRate::Reduced, VatRate::Exempt]
            .into_iter()
            .filter_map(|rate| {
                let mut lines = self.lines.iter().filter(|line| line.rate == rate).peekable();
                lines.peek()?;
                let base: Cents = lines.map(InvoiceLine::total).sum();
                Some(VatTotal { rate, base, vat: base.at_rate(rate.hundredths()) })
            })
            .collect()
    }

    /// Before VAT.
    pub fn net(&self) -> Cents {
        self.lines.iter().map(InvoiceLine::total).sum()
    }

    /// VAT of all rates.
    pub fn vat(&self) -> Cents {
        self.vat_totals().iter().map(|total| total.vat).sum()
    }

    /// To be paid, VAT included.
    pub fn gross(&self) -> Cents {
        self.net() + self.vat()
    }
}
