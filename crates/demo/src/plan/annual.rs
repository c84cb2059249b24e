//! The annual file, month by month: purchases, sales, bank, expenses, till, VAT, payroll.

use std::sync::Arc;

use domain::fiscal_year::Month;

use super::{Shelf, in_month, in_year};
use crate::books::YearBooks;
use crate::companies::Sales;
use crate::content::Content;
use crate::documents::receipt::Receipt;
use crate::documents::statement::Statement;
use crate::documents::{returns, workings};
use crate::french::{after, compact, day_of, first_day, last_day, month_and_year};
use crate::invoice::{Direction, Invoice};
use crate::money::{Cents, VatRate};
use crate::payroll::Payslip;

pub(super) fn fill(shelf: &mut Shelf, rank: usize) {
    let count = if shelf.is_large { 3 } else { 1 + usize::from(rank.is_multiple_of(6)) };
    let months = shelf.recent_months(count);
    let last = months.len().saturating_sub(1);
    for (position, (month, books)) in months.iter().enumerate() {
        let is_last = position == last;
        invoices(shelf, books, *month, is_last);
        bank(shelf, books, *month, is_last && rank.is_multiple_of(3));
        if is_last || shelf.is_large {
            expenses(shelf, books, *month, is_last);
        }
        till(shelf, books, *month, is_last);
        vat(shelf, books, *month, position, is_last && (shelf.is_large || !rank.is_multiple_of(3)));
        payroll(shelf, books, *month, is_last, rank);
    }
    contributions(shelf, rank);
    local_tax(shelf, rank);
}

fn invoices(shelf: &mut Shelf, books: &YearBooks, month: Month, is_last: bool) {
    let of = |direction: Direction| -> Vec<Invoice> {
        books
            .invoices
            .iter()
            .filter(|invoice| invoice.direction == direction && Month::of(invoice.issued) == month)
            .cloned()
            .collect()
    };
    let mut purchases: Vec<Invoice> = of(Direction::Purchase);
    purchases.retain(|invoice| invoice.account != "622600");
    let wanted = if shelf.is_large { 3 } else { 1 + usize::from(is_last) };
    while purchases.len() > wanted {
        let out = shelf.chance.index(purchases.len());
        purchases.remove(out);
    }
    for invoice in purchases {
        let name = format!("{} - {} - Facture {}", compact(invoice.issued), invoice.issuer.name, invoice.number);
        let (origin, noise) = (shelf.brought(invoice.issued), shelf.noise());
        let invoice = Arc::new(invoice);
        let content = match shelf.chance.between(0, 9) {
            0 | 1 => Content::ScannedInvoice(invoice, noise),
            2 => Content::PhotographedInvoice(invoice, noise),
            _ => Content::Invoice(invoice),
        };
        shelf.add(in_month(books.year, &["Achats"], month), &name, &origin, content);
    }
    let kept = if shelf.is_large { 2 } else { 1 };
    for invoice in of(Direction::Sale).into_iter().take(kept) {
        let name = format!("{} - {} - Facture {}", compact(invoice.issued), invoice.customer.name, invoice.number);
        let origin = shelf.brought(invoice.issued);
        shelf.add(in_month(books.year, &["Ventes"], month), &name, &origin, Content::Invoice(Arc::new(invoice)));
    }
}

fn bank(shelf: &mut Shelf, books: &YearBooks, month: Month, with_export: bool) {
    let company = shelf.company;
    let (opening, movements) = books.bank_month(month);
    let end = last_day(month);
    let folder = in_month(books.year, &["Banque"], month);
    if with_export {
        let origin = shelf.brought(end);
        let export = Content::BankExport(opening, movements.clone().into());
        shelf.add(
            folder.clone(),
            &format!("{} - {} - Export des opérations", compact(end), company.bank.name),
            &origin,
            export,
        );
    }
    let statement = Statement {
        bank: company.bank.name,
        branch: company.bank.branch,
        bic: company.bank.bic,
        holder: company.party(),
        month,
        opening,
        movements,
    };
    let origin = shelf.brought(end);
    let name = format!("{} - {} - Relevé de compte {}", compact(end), company.bank.name, month.folder_name());
    shelf.add(folder, &name, &origin, Content::Statement(Arc::new(statement)));
}

/// Label, price with VAT in cents, rate.
type Goods = &'static [(&'static str, i64, VatRate)];

/// Shops where directors spend with a card: name, street, town, first digits of the SIREN, what they sell.
const SHOPS: [(&str, &str, &str, u32, Goods); 4] = [
    (
        "BRASSERIE DU PALAIS",
        "2 place Aristide Briand",
        "44000 NANTES",
        41_822_907,
        &[
            ("Formule déjeuner", 2_150, VatRate::Intermediate),
            ("Plat du jour", 1_690, VatRate::Intermediate),
            ("Eau gazeuse 50 cl", 450, VatRate::Intermediate),
            ("Café expresso", 220, VatRate::Intermediate),
            ("Verre de muscadet", 520, VatRate::Standard),
        ],
    ),
    (
        "PARKING GARE SUD",
        "Rue de Cornulier",
        "44000 NANTES",
        50_339_118,
        &[("Stationnement 1 jour", 1_840, VatRate::Standard), ("Supplément 2 h", 480, VatRate::Standard)],
    ),
    (
        "QUINCAILLERIE MELLINET",
        "12 boulevard Mellinet",
        "44100 NANTES",
        33_901_746,
        &[
            ("Ampoules LED x4", 1_590, VatRate::Standard),
            ("Rallonge 5 m", 1_290, VatRate::Standard),
            ("Cadenas laiton", 1_150, VatRate::Standard),
            ("Vis inox boîte 200", 1_480, VatRate::Standard),
        ],
    ),
    (
        "STATION DU PONT ROUSSEAU",
        "Route de Pornic",
        "44400 REZÉ",
        44_671_083,
        &[("SP95-E10  38,42 L", 6_760, VatRate::Standard), ("Lave-glace 5 L", 890, VatRate::Standard)],
    ),
];

fn expenses(shelf: &mut Shelf, books: &YearBooks, month: Month, is_last: bool) {
    let first = shelf.chance.index(SHOPS.len());
    for turn in 0..if shelf.is_large && is_last { 2 } else { 1 } {
        let (shop, street, city, siren, goods) = SHOPS[(first + turn) % SHOPS.len()];
        let date = day_of(month, shelf.chance.day_between(3, 27));
        let bought = 1 + shelf.chance.index(goods.len());
        let receipt = Receipt {
            shop,
            street,
            city,
            siren,
            date,
            number: shelf.chance.between(10_200, 98_700),
            lines: goods.iter().take(bought).map(|(label, price, rate)| (*label, Cents(*price), *rate)).collect(),
        };
        let name = format!("{} - {} - Ticket {}", compact(date), title_case(shop), receipt.total().plain());
        let (origin, noise) = (shelf.brought(date), shelf.noise());
        shelf.add(
            in_month(books.year, &["Notes de frais"], month),
            &name,
            &origin,
            Content::Receipt(Arc::new(receipt), noise),
        );
    }
}

/// `BRASSERIE DU PALAIS` gives `Brasserie du Palais`.
fn title_case(shop: &str) -> String {
    let word = |word: &str| match word {
        "DU" => "du".to_owned(),
        _ => word.chars().take(1).chain(word.chars().skip(1).flat_map(char::to_lowercase)).collect(),
    };
    shop.split(' ').map(word).collect::<Vec<String>>().join(" ")
}

fn till(shelf: &mut Shelf, books: &Arc<YearBooks>, month: Month, is_last: bool) {
    if !matches!(shelf.company.sales, Sales::Takings { .. }) || !is_last {
        return;
    }
    let workbook = Content::Workbook(Arc::new(workings::till(shelf.company, books, month)));
    let origin = shelf.brought(last_day(month));
    shelf.add(
        in_month(books.year, &["Caisse"], month),
        &format!("{} - Feuille de caisse", month.folder_name()),
        &origin,
        workbook,
    );
}

fn vat(shelf: &mut Shelf, books: &YearBooks, month: Month, position: usize, with_workings: bool) {
    let company = shelf.company;
    let Some(declared) = books.vat_returns.iter().find(|declared| declared.month == month) else { return };
    let folder = in_month(books.year, &["Fiscal", "TVA"], month);
    let filed = day_of(month.next(), 19);
    if shelf.is_large || with_workings {
        let forgotten: Vec<&str> = books
            .invoices
            .iter()
            .filter(|invoice| invoice.direction == Direction::Purchase && Month::of(invoice.issued) == month)
            .map(|invoice| invoice.number.as_str())
            .collect();
        // A first version without an invoice that came late, sometimes a second without another one.
        let drafts: Vec<Option<&str>> = match position % 3 {
            0 => vec![forgotten.last().copied()],
            1 => vec![forgotten.first().copied(), forgotten.last().copied()],
            _ => Vec::new(),
        };
        let mut versions = Vec::new();
        for (age, forgotten) in drafts.into_iter().chain([None]).enumerate() {
            let origin = shelf.filed(after(day_of(month.next(), 13), 2 * u32::try_from(age).unwrap_or(0)));
            let workbook = workings::vat(company, books, declared, forgotten);
            versions.push(shelf.version(&origin, Content::Workbook(Arc::new(workbook))));
        }
        let first = versions.remove(0);
        let origin = shelf.filed(filed);
        let document = shelf.add(
            folder.clone(),
            &format!("{} - TVA - Cadrage", month.folder_name()),
            &origin,
            first.content.clone(),
        );
        document.versions = std::iter::once(first).chain(versions).collect();
    }
    let origin = shelf.filed(filed);
    let report = Content::Report(Arc::new(returns::vat(company, declared)));
    shelf.add(
        folder,
        &format!("{} - {} - CA3 {}", compact(filed), company.name, month_and_year(month)),
        &origin,
        report,
    );
}

fn payroll(shelf: &mut Shelf, books: &YearBooks, month: Month, is_last: bool, rank: usize) {
    let company = shelf.company;
    let slips: Vec<Payslip> = books.payslips.iter().filter(|slip| slip.month == month).cloned().collect();
    if slips.is_empty() {
        return;
    }
    let references: Vec<&Payslip> = slips.iter().collect();
    if is_last && (shelf.is_large || rank.is_multiple_of(2)) {
        let filed = day_of(month.next(), 14);
        let origin = shelf.filed(filed);
        let report = Content::Report(Arc::new(returns::social(company, month, &references)));
        shelf.add(
            in_month(books.year, &["Social", "DSN"], month),
            &format!("{} - DSN {}", compact(filed), month_and_year(month)),
            &origin,
            report,
        );
    }
    let count = match (shelf.is_large, is_last) {
        (true, true) => 3,
        (false, false) => 0,
        _ => 1,
    };
    for slip in slips.into_iter().take(count) {
        let person = &company.employees[slip.employee];
        let name = format!(
            "{} - {} {} - Bulletin de paie",
            month.folder_name(),
            person.last_name.to_uppercase(),
            person.first_name
        );
        let origin = shelf.filed(day_of(month, 29));
        shelf.add(
            in_month(books.year, &["Social", "Bulletins"], month),
            &name,
            &origin,
            Content::Payslip(company, Arc::new(slip)),
        );
    }
}

fn contributions(shelf: &mut Shelf, rank: usize) {
    let company = shelf.company;
    let quarter = Month { year: 2026, month: 9 };
    let first = Month { year: 2026, month: 7 };
    if company.employees.is_empty() || !(shelf.is_large || rank.is_multiple_of(3)) {
        return;
    }
    let Some(books) = shelf.books.iter().find(|books| books.year.months().contains(&quarter)).cloned() else { return };
    let slips: Vec<&Payslip> =
        books.payslips.iter().filter(|slip| slip.month >= first && slip.month <= quarter).collect();
    let origin = shelf.filed(after(last_day(quarter), 20));
    let report = Content::Report(Arc::new(returns::contributions(company, quarter, &slips)));
    shelf.add(
        in_year(books.year, &["Social", "Charges"]),
        &format!("{} - URSSAF - Récapitulatif T3 2026", compact(origin.date)),
        &origin,
        report,
    );
}

fn local_tax(shelf: &mut Shelf, rank: usize) {
    let company = shelf.company;
    if !(shelf.is_large || rank.is_multiple_of(4)) {
        return;
    }
    let Some(books) =
        shelf.books.iter().find(|books| books.year.start >= first_day(Month { year: 2026, month: 1 })).cloned()
    else {
        return;
    };
    let report = returns::business_tax(company, books.year);
    let origin = shelf.brought(report.date);
    let name = format!("{} - SIE {} - Avis de CFE {}", compact(report.date), company.town, report.date.format("%Y"));
    shelf.add(in_year(books.year, &["Fiscal", "CFE-CVAE"]), &name, &origin, Content::Report(Arc::new(report)));
}
