//! The twelve client files.

mod offices;
mod shops;
mod trades;

use chrono::NaiveDate;

use super::{Asset, Bank, Company, Director, Employee, Loan};
use crate::french::day;
use crate::money::Cents;

/// In the order of their names.
pub(crate) static COMPANIES: [&Company; 12] = [
    &offices::ALTER_CE,
    &shops::BOULANGERIE_LAVIGNE,
    &shops::CABINET_DENTAIRE_DES_TILLEULS,
    &trades::DOMAINE_ROCHE_BLONDE,
    &trades::DUPONT_MACONNERIE,
    &shops::FLEURS_DE_GARANCE,
    &trades::GARAGE_BENALI,
    &shops::COMPTOIR_D_ADELE,
    &trades::MENUISERIE_THEVENOT,
    &offices::PIXEL_ET_VAGUE,
    &offices::SCI_LES_GLYCINES,
    &trades::TRANSPORTS_KERBRAT,
];

const MUTUAL: Bank =
    Bank { name: "Banque Mutuelle Atlantique", branch: "Nantes Graslin", code: 15_519, bic: "BMAFFR2N" };
const CREDIT: Bank = Bank {
    name: "Crédit Coopératif des Deux Rives",
    branch: "Agence Entreprises Ouest",
    code: 42_559,
    bic: "CCDRFRPP",
};
const SAVINGS: Bank =
    Bank { name: "Caisse d'Escompte de Bretagne", branch: "Rennes République", code: 18_706, bic: "CEBRFR2R" };

const fn director(
    title: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    born: &'static str,
) -> Director {
    Director { title, first_name, last_name, born }
}

#[expect(clippy::too_many_arguments, reason = "a row of the tables below")]
const fn employee(
    first_name: &'static str,
    last_name: &'static str,
    job: &'static str,
    gross: i64,
    hired: NaiveDate,
    social_security: u64,
    tax_rate: i64,
    street: &'static str,
) -> Employee {
    Employee { first_name, last_name, job, gross: Cents(gross), hired, social_security, tax_rate, street }
}

const fn asset(label: &'static str, account: &'static str, euros: i64, bought: NaiveDate, years: i64) -> Asset {
    Asset { label, account, cost: Cents::euros(euros), bought, years }
}

const fn loan(purpose: &'static str, euros: i64, rate: i64, months: u32, first_payment: NaiveDate) -> Loan {
    Loan { purpose, principal: Cents::euros(euros), rate, months, first_payment }
}

/// The calendar year.
const fn calendar(year: i32) -> (NaiveDate, NaiveDate) {
    (day(year, 1, 1), day(year, 12, 31))
}
