//! Amounts add up: invoices by themselves, accounting files by entry and as a whole.

use std::collections::BTreeMap;

use demo::{Cents, Invoice, VatRate};

use crate::{FIRM, files, place};

/// VAT of an amount, rounded half up, by other means than the library's.
fn vat_of(base: i64, rate: VatRate) -> i64 {
    let thousandths = match rate {
        VatRate::Standard => 200,
        VatRate::Intermediate => 100,
        VatRate::Reduced => 55,
        VatRate::Exempt => 0,
    };
    (base * thousandths + 500).div_euclid(1_000)
}

#[test]
fn invoices_add_up_to_the_cent() {
    let invoices: Vec<&Invoice> = FIRM.documents.iter().filter_map(|document| document.invoice()).collect();
    assert!(invoices.len() > 60, "{} invoices are enough to check", invoices.len());
    let mut rates = std::collections::BTreeSet::new();
    for invoice in invoices {
        let mut bases: BTreeMap<VatRate, i64> = BTreeMap::new();
        for line in &invoice.lines {
            assert!(line.quantity > 0 && line.unit_price > Cents::ZERO, "{} sells something", invoice.number);
            *bases.entry(line.rate).or_default() += line.quantity * line.unit_price.0;
        }
        let net: i64 = bases.values().sum();
        let vat: i64 = bases.iter().map(|(rate, base)| vat_of(*base, *rate)).sum();
        assert_eq!(
            (invoice.net().0, invoice.vat().0, invoice.gross().0),
            (net, vat, net + vat),
            "{} adds up",
            invoice.number
        );
        assert!(invoice.due >= invoice.issued);
        rates.extend(bases.into_keys());
    }
    assert_eq!(rates.len(), 4, "all rates are met");
}

struct FecLine<'a> {
    cells: Vec<&'a str>,
}

impl FecLine<'_> {
    fn amount(&self, column: usize) -> i64 {
        let (euros, cents) = self.cells[column].split_once(',').expect("amounts have a decimal comma");
        assert_eq!(cents.len(), 2);
        format!("{euros}{cents}").parse().expect("an amount is digits")
    }
}

#[test]
fn accounting_files_balance_and_follow_article_a47() {
    let mut checked = 0;
    for (document, bytes) in files("txt") {
        let file =
            FIRM.client_files.iter().find(|file| file.key == document.client_file).expect("the client file exists");
        let year = file
            .fiscal_years
            .iter()
            .find(|year| year.folder_name(false) == document.folder[1])
            .expect("the year exists");
        let expected = format!("{}FEC{}.txt", file.siret.siren(), year.end.format("%Y%m%d"));
        assert_eq!(document.name, expected, "the name is SIREN and closing date");
        let text = std::str::from_utf8(bytes).expect("the file is text");
        let mut lines = text.lines().map(|line| FecLine { cells: line.split('\t').collect() });
        let header = lines.next().expect("there is a header");
        assert_eq!((header.cells.len(), header.cells[2], header.cells[17]), (18, "EcritureNum", "Idevise"));
        let mut entries: BTreeMap<String, i64> = BTreeMap::new();
        let mut order: BTreeMap<String, u32> = BTreeMap::new();
        let mut last_date = String::new();
        let bounds = (year.start.format("%Y%m%d").to_string(), year.end.format("%Y%m%d").to_string());
        for (rank, line) in lines.enumerate() {
            assert_eq!(line.cells.len(), 18);
            let (journal, number, date) = (line.cells[0], line.cells[2], line.cells[3]);
            assert!(bounds.0.as_str() <= date && date <= bounds.1.as_str(), "{number} is inside the year");
            assert!(last_date.as_str() <= date, "{number} is in the order of dates");
            assert!(
                line.cells[4][..3].bytes().all(|digit| digit.is_ascii_digit()),
                "an account begins with three digits"
            );
            assert!(
                !line.cells[5].is_empty() && line.cells[5] != "Compte d'attente",
                "{} is in the chart of accounts",
                line.cells[4]
            );
            assert!(rank > 0 || journal == "AN", "opening balances come first");
            let (debit, credit) = (line.amount(11), line.amount(12));
            assert!(debit >= 0 && credit >= 0 && (debit == 0) != (credit == 0), "{number} is a debit or a credit");
            if !entries.contains_key(number) {
                let count = order.entry(journal.to_owned()).or_default();
                *count += 1;
                assert_eq!(number, format!("{journal}{count:06}"), "numbers have no gap in a journal");
            }
            *entries.entry(number.to_owned()).or_default() += debit - credit;
            date.clone_into(&mut last_date);
        }
        let unbalanced: Vec<&String> = entries.iter().filter(|(_, sum)| **sum != 0).map(|(number, _)| number).collect();
        assert!(unbalanced.is_empty(), "every entry of {} balances, not {unbalanced:?}", place(document));
        assert!(entries.len() > 60, "{} has a year's entries", place(document));
        checked += 1;
    }
    assert!(checked >= 10, "{checked} accounting files were checked");
}

#[test]
fn bank_exports_run_to_their_balance() {
    let cents = |text: &str| -> i64 {
        if text.is_empty() { 0 } else { text.replace(',', "").parse().expect("an amount is digits") }
    };
    let mut checked = 0;
    for (document, bytes) in files("csv") {
        let text = std::str::from_utf8(bytes).expect("the file is text");
        let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(';').collect()).collect();
        assert!(rows.len() > 5, "{} has movements", place(document));
        for pair in rows.windows(2) {
            let next = &pair[1];
            assert_eq!(
                cents(pair[0][4]) - cents(next[2]) + cents(next[3]),
                cents(next[4]),
                "the balance runs in {}",
                place(document)
            );
        }
        checked += 1;
    }
    assert!(checked >= 3);
}
