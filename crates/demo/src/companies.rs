//! The twelve companies of the firm and the world they buy from and sell to, as tables.
//!
//! Names and people are invented; telephone numbers are of the ranges kept for fiction and e-mail addresses end in
//! `.example`, so that nothing written here can reach anybody.

mod clients;
mod customers;
mod suppliers;

use chrono::NaiveDate;
use domain::company::Siret;
use domain::fiscal_year::FiscalYear;

use crate::identifiers::{iban, siren, siret, vat_number};
use crate::invoice::Party;
use crate::money::{Cents, VatRate};

pub(crate) use clients::COMPANIES;
pub(crate) use suppliers::FIRM;

/// Something bought or sold.
pub(crate) struct Item {
    pub(crate) label: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) price: Cents,
    /// The largest quantity on a line.
    pub(crate) most: i64,
    pub(crate) rate: VatRate,
}

/// A company that sends invoices regularly.
pub(crate) struct Supplier {
    pub(crate) name: &'static str,
    pub(crate) legal: &'static str,
    pub(crate) street: &'static str,
    pub(crate) city: &'static str,
    pub(crate) siren: u32,
    /// Account of the purchase in the books.
    pub(crate) account: &'static str,
    /// An invoice every so many months.
    pub(crate) period: u32,
    /// Day of the month.
    pub(crate) day: u32,
    /// What its invoice numbers begin with.
    pub(crate) prefix: &'static str,
    pub(crate) payment: &'static str,
    /// Days to pay.
    pub(crate) term: u32,
    /// The most lines of an invoice; one line means always the same ones.
    pub(crate) lines: usize,
    pub(crate) items: &'static [Item],
}

/// A company, or a person without SIREN, that is sent invoices.
pub(crate) struct Customer {
    pub(crate) name: &'static str,
    pub(crate) legal: &'static str,
    pub(crate) street: &'static str,
    pub(crate) city: &'static str,
    pub(crate) siren: Option<u32>,
}

/// Where the money of a company comes from.
pub(crate) enum Sales {
    /// Invoices to named customers.
    Invoiced { customers: &'static [Customer], items: &'static [Item], per_month: (u32, u32), lines: usize },
    /// Till takings, by week, all taxes included, split by rate in percent.
    Takings { weekly: Cents, mix: &'static [(VatRate, i64)] },
}

/// Someone on the payroll.
pub(crate) struct Employee {
    pub(crate) first_name: &'static str,
    pub(crate) last_name: &'static str,
    pub(crate) job: &'static str,
    /// A month, before contributions.
    pub(crate) gross: Cents,
    pub(crate) hired: NaiveDate,
    pub(crate) social_security: u64,
    /// Rate of income tax withheld, in hundredths of a percent.
    pub(crate) tax_rate: i64,
    pub(crate) street: &'static str,
}

/// Something that is depreciated.
pub(crate) struct Asset {
    pub(crate) label: &'static str,
    /// Asset account; its depreciation account is derived.
    pub(crate) account: &'static str,
    pub(crate) cost: Cents,
    pub(crate) bought: NaiveDate,
    pub(crate) years: i64,
}

/// A loan with constant monthly payments.
pub(crate) struct Loan {
    pub(crate) purpose: &'static str,
    pub(crate) principal: Cents,
    /// A year, in hundredths of a percent.
    pub(crate) rate: i64,
    pub(crate) months: u32,
    pub(crate) first_payment: NaiveDate,
}

/// A bank, as its statements name it.
pub(crate) struct Bank {
    pub(crate) name: &'static str,
    pub(crate) branch: &'static str,
    pub(crate) code: u32,
    pub(crate) bic: &'static str,
}

/// Who runs a company.
pub(crate) struct Director {
    pub(crate) title: &'static str,
    pub(crate) first_name: &'static str,
    pub(crate) last_name: &'static str,
    pub(crate) born: &'static str,
}

/// A client of the firm.
pub(crate) struct Company {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) legal_form: &'static str,
    pub(crate) capital: Cents,
    /// First eight digits.
    pub(crate) siren: u32,
    /// Head office among its establishments.
    pub(crate) establishment: u32,
    pub(crate) activity_code: &'static str,
    pub(crate) activity: &'static str,
    pub(crate) street: &'static str,
    pub(crate) postcode: &'static str,
    pub(crate) town: &'static str,
    pub(crate) founded: NaiveDate,
    pub(crate) director: Director,
    pub(crate) phone: &'static str,
    pub(crate) bank: Bank,
    /// Bank balance on the first day of the first fiscal year.
    pub(crate) opening_cash: Cents,
    /// What its director takes each month, contributions included.
    pub(crate) director_pay: Cents,
    pub(crate) fiscal_years: &'static [(NaiveDate, NaiveDate)],
    pub(crate) pays_vat: bool,
    pub(crate) pays_corporate_tax: bool,
    pub(crate) sales: Sales,
    /// With how many invoices each sends when it sends any.
    pub(crate) suppliers: &'static [(&'static Supplier, u32)],
    pub(crate) employees: &'static [Employee],
    pub(crate) assets: &'static [Asset],
    pub(crate) loan: Option<Loan>,
}

impl Company {
    /// 9 digits.
    pub(crate) fn siren(&self) -> String {
        siren(self.siren)
    }

    /// The head office.
    pub(crate) fn siret(&self) -> Siret {
        Siret::parse(&siret(&self.siren(), self.establishment))
            .expect("BUG: the SIRET was computed with its check digit")
    }

    /// Postcode and town.
    pub(crate) fn city(&self) -> String {
        format!("{} {}", self.postcode, self.town)
    }

    /// `SARL au capital de 10 000 €`.
    pub(crate) fn legal(&self) -> String {
        format!("{} au capital de {} €", self.legal_form, self.capital.rounded())
    }

    /// Oldest first.
    pub(crate) fn fiscal_years(&self) -> Vec<FiscalYear> {
        let year = |(start, end): &(NaiveDate, NaiveDate)| {
            FiscalYear::new(*start, *end).expect("BUG: a fiscal year of the table is wrong")
        };
        self.fiscal_years.iter().map(year).collect()
    }

    /// `FR…`, when the company pays VAT.
    pub(crate) fn vat_number(&self) -> Option<String> {
        self.pays_vat.then(|| vat_number(&self.siren()))
    }

    /// The account that its bank statements are about.
    pub(crate) fn iban(&self) -> String {
        iban(self.bank.code, 1_420 + self.establishment, u64::from(self.siren) * 37 % 10_000_000_000)
    }

    /// Address of its director.
    pub(crate) fn director_email(&self) -> String {
        let person = ascii(&format!("{}.{}", self.director.first_name, self.director.last_name));
        format!("{person}@{}.example", self.key)
    }

    /// As a side of an invoice.
    pub(crate) fn party(&self) -> Party {
        Party {
            name: self.name.to_owned(),
            legal: self.legal(),
            street: self.street.to_owned(),
            city: self.city(),
            siret: self.siret().to_string(),
            vat_number: self.vat_number().unwrap_or_default(),
            phone: self.phone.to_owned(),
            email: format!("contact@{}.example", self.key),
            iban: self.iban(),
        }
    }
}

impl Supplier {
    /// As a side of an invoice.
    pub(crate) fn party(&self) -> Party {
        let siren = siren(self.siren);
        let digits = self.siren % 10_000;
        Party {
            name: self.name.to_owned(),
            legal: self.legal.to_owned(),
            street: self.street.to_owned(),
            city: self.city.to_owned(),
            siret: siret(&siren, 1 + self.siren % 7),
            vat_number: vat_number(&siren),
            phone: format!("01 99 00 {:02} {:02}", digits / 100, digits % 100),
            email: format!("facturation@{}.example", ascii(self.name.split(" & ").next().unwrap_or(self.name))),
            iban: iban(30_004 + self.siren % 9, 800 + self.siren % 100, u64::from(self.siren)),
        }
    }
}

impl Customer {
    /// As a side of an invoice.
    pub(crate) fn party(&self) -> Party {
        let siren = self.siren.map(siren);
        Party {
            name: self.name.to_owned(),
            legal: self.legal.to_owned(),
            street: self.street.to_owned(),
            city: self.city.to_owned(),
            siret: siren.as_deref().map(|siren| siret(siren, 1)).unwrap_or_default(),
            vat_number: siren.as_deref().map(vat_number).unwrap_or_default(),
            phone: String::new(),
            email: String::new(),
            iban: String::new(),
        }
    }
}

impl Director {
    /// `Hélène Marchetti`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

impl Employee {
    /// `Karim Haddad`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// Letters for an address or an account code: no accent, no space, lower case.
pub(crate) fn ascii(text: &str) -> String {
    text.chars()
        .filter_map(|letter| match letter.to_lowercase().next().unwrap_or(letter) {
            'à' | 'â' | 'ä' => Some('a'),
            'ç' => Some('c'),
            'é' | 'è' | 'ê' | 'ë' => Some('e'),
            'î' | 'ï' => Some('i'),
            'ô' | 'ö' => Some('o'),
            'ù' | 'û' | 'ü' => Some('u'),
            ' ' | '\'' | '’' => Some('-'),
            other if other.is_ascii_alphanumeric() || other == '.' || other == '-' => Some(other),
            _ => None,
        })
        .collect()
}

const fn item(label: &'static str, unit: &'static str, price: i64, most: i64, rate: VatRate) -> Item {
    Item { label, unit, price: Cents(price), most, rate }
}

const fn customer(
    name: &'static str,
    legal: &'static str,
    street: &'static str,
    city: &'static str,
    siren: u32,
) -> Customer {
    Customer { name, legal, street, city, siren: if siren == 0 { None } else { Some(siren) } }
}
