//! Working papers of the firm, as spreadsheets whose totals are formulas.

use domain::fiscal_year::FiscalYear;

use crate::books::chart::label;
use crate::books::{VatReturn, YearBooks};
use crate::companies::{Company, Loan};
use crate::files::sheet::{Cell, Sheet, Workbook};
use crate::french::{after, day_of, month_and_year, short};
use crate::money::{Cents, VatRate};

/// The trial balance of a year.
pub(crate) fn trial_balance(company: &Company, books: &YearBooks) -> Workbook {
    let rows: Vec<Vec<Cell>> = books
        .trial_balance()
        .into_iter()
        .map(|(account, (debit, credit))| {
            let text = label(&account).to_owned();
            vec![
                Cell::Text(account),
                Cell::Text(text),
                Cell::Amount(debit),
                Cell::Amount(credit),
                Cell::Difference(2, 3, debit - credit),
            ]
        })
        .collect();
    let title = format!("Balance générale – {} – exercice clos le {}", company.name, short(books.year.end));
    let sheet = Sheet {
        name: "Balance".to_owned(),
        title,
        headers: strings(&["Compte", "Libellé", "Débit", "Crédit", "Solde"]),
        rows,
        totals: vec![2, 3, 4],
    };
    Workbook { date: after(books.year.end, 60).min(crate::firm::TODAY), sheets: vec![sheet] }
}

/// The depreciation table of a year, and the loan's schedule when there is one.
pub(crate) fn depreciation(company: &Company, year: FiscalYear) -> Workbook {
    let rows: Vec<Vec<Cell>> = company
        .assets
        .iter()
        .filter(|asset| asset.bought <= year.end)
        .map(|asset| {
            let (charge, whole) = (asset.charge_of(year), asset.depreciated_at(year.end));
            vec![
                Cell::Text(asset.label.to_owned()),
                Cell::Date(asset.bought),
                Cell::Number(asset.years),
                Cell::Amount(asset.cost),
                Cell::Amount(whole - charge),
                Cell::Amount(charge),
                Cell::Amount(whole),
                Cell::Difference(3, 6, asset.cost - whole),
            ]
        })
        .collect();
    let headers = strings(&[
        "Immobilisation",
        "Acquise le",
        "Durée (ans)",
        "Valeur brute",
        "Cumul antérieur",
        "Dotation",
        "Cumul",
        "Valeur nette",
    ]);
    let title = format!("Tableau des amortissements – {} – {}", company.name, short(year.end));
    let sheet = Sheet { name: "Amortissements".to_owned(), title, headers, rows, totals: vec![3, 4, 5, 6, 7] };
    Workbook { date: after(year.end, 55).min(crate::firm::TODAY), sheets: vec![sheet] }
}

/// The schedule of a loan.
pub(crate) fn loan(company: &Company, loan: &Loan) -> Workbook {
    let rows = loan
        .schedule()
        .into_iter()
        .map(|row| {
            vec![
                Cell::Number(i64::from(row.number)),
                Cell::Date(row.date),
                Cell::Amount(row.interest),
                Cell::Amount(row.principal),
                Cell::Sum(vec![2, 3], row.interest + row.principal),
                Cell::Amount(row.outstanding),
            ]
        })
        .collect();
    let title = format!("Échéancier – {} – {} ({})", company.name, loan.purpose, company.bank.name);
    let headers = strings(&["N°", "Échéance", "Intérêts", "Capital", "Mensualité", "Restant dû"]);
    let sheet = Sheet { name: "Échéancier".to_owned(), title, headers, rows, totals: vec![2, 3, 4] };
    Workbook { date: loan.first_payment, sheets: vec![sheet] }
}

/// How a VAT return was worked out. `forgotten` is left out of the deductible VAT, as in a first version to be corrected.
pub(crate) fn vat(company: &Company, books: &YearBooks, vat: &VatReturn, forgotten: Option<&str>) -> Workbook {
    let mut sales = Vec::new();
    for (rate, (base, tax)) in &vat.collected {
        sales.push(vec![
            Cell::Text(format!("Taux {}", rate.label())),
            Cell::Amount(*base),
            Cell::Amount(*tax),
            Cell::Sum(vec![1, 2], *base + *tax),
        ]);
    }
    let month = |date| domain::fiscal_year::Month::of(date) == vat.month;
    let purchases = books
        .invoices
        .iter()
        .filter(|invoice| {
            invoice.direction == crate::Direction::Purchase
                && month(invoice.issued)
                && forgotten != Some(invoice.number.as_str())
        })
        .map(|invoice| {
            vec![
                Cell::Date(invoice.issued),
                Cell::Text(invoice.issuer.name.clone()),
                Cell::Text(invoice.number.clone()),
                Cell::Amount(invoice.net()),
                Cell::Amount(invoice.vat()),
                Cell::Sum(vec![3, 4], invoice.gross()),
            ]
        })
        .collect();
    let period = month_and_year(vat.month);
    let collected = Sheet {
        name: "TVA collectée".to_owned(),
        title: format!("TVA collectée – {} – {period}", company.name),
        headers: strings(&["Taux", "Base HT", "TVA", "TTC"]),
        rows: sales,
        totals: vec![1, 2, 3],
    };
    let deductible = Sheet {
        name: "TVA déductible".to_owned(),
        title: format!("TVA déductible – {} – {period}", company.name),
        headers: strings(&["Date", "Fournisseur", "Pièce", "HT", "TVA", "TTC"]),
        rows: purchases,
        totals: vec![3, 4, 5],
    };
    Workbook { date: day_of(vat.month.next(), 16), sheets: vec![collected, deductible] }
}

/// Takings by week, for a month's till control; the difference column is zero in a well-kept till.
pub(crate) fn till(company: &Company, books: &YearBooks, month: domain::fiscal_year::Month) -> Workbook {
    let rows = books
        .takings
        .iter()
        .filter(|takings| domain::fiscal_year::Month::of(takings.date) == month)
        .map(|takings| {
            let vat = |rate: VatRate| {
                takings.by_rate.iter().filter(|total| total.rate == rate).map(|total| total.vat).sum::<Cents>()
            };
            vec![
                Cell::Date(takings.date),
                Cell::Amount(takings.cards),
                Cell::Amount(takings.cash),
                Cell::Sum(vec![1, 2], takings.cards + takings.cash),
                Cell::Amount(vat(VatRate::Standard)),
                Cell::Amount(vat(VatRate::Intermediate)),
                Cell::Amount(vat(VatRate::Reduced)),
            ]
        })
        .collect();
    let headers = strings(&["Semaine au", "CB", "Espèces", "Total TTC", "TVA 20 %", "TVA 10 %", "TVA 5,5 %"]);
    let title = format!("Feuille de caisse – {} – {}", company.name, month_and_year(month));
    let sheet = Sheet { name: "Caisse".to_owned(), title, headers, rows, totals: vec![1, 2, 3, 4, 5, 6] };
    Workbook { date: day_of(month.next(), 2), sheets: vec![sheet] }
}

/// The firm's review notes on a year, cycle by cycle.
pub(crate) fn review(company: &Company, books: &YearBooks) -> Workbook {
    let cycles: [(&str, &[&str], &str); 7] = [
        ("Immobilisations", &["2"], "Pointé avec le tableau des amortissements"),
        ("Emprunts", &["164"], "Rapproché de l'échéancier"),
        ("Fournisseurs", &["401"], "Factures non parvenues : néant"),
        ("Clients", &["411"], "Relance à faire au-delà de 60 jours"),
        ("Personnel et organismes", &["42", "43"], "Soldé le mois suivant"),
        ("État", &["44"], "TVA rapprochée des CA3"),
        ("Trésorerie", &["51", "53"], "Rapprochement bancaire sans écart"),
    ];
    let rows = cycles
        .iter()
        .map(|(cycle, prefixes, note)| {
            let balance = books.balance_of(prefixes);
            vec![
                Cell::Text((*cycle).to_owned()),
                Cell::Amount(balance),
                Cell::Text((*note).to_owned()),
                Cell::Text("Revu".to_owned()),
            ]
        })
        .collect();
    let title = format!("Dossier de révision – {} – {}", company.name, short(books.year.end));
    let sheet = Sheet {
        name: "Révision".to_owned(),
        title,
        headers: strings(&["Cycle", "Solde", "Observation", "État"]),
        rows,
        totals: vec![1],
    };
    Workbook { date: after(books.year.end, 80).min(crate::firm::TODAY), sheets: vec![sheet] }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
