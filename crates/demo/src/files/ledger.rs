//! Plain text of accounting: the FEC and CSV exports.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::books::chart::label;
use crate::books::{Journal, YearBooks};
use crate::french::{compact, last_day, short};
use crate::money::Cents;

/// Columns of article A47 A-1 of the LPF.
const COLUMNS: &str = "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise";

/// The FEC of a fiscal year: tab-separated, one line a posting, numbered without a gap in each journal.
pub(crate) fn fec(books: &YearBooks) -> Vec<u8> {
    let mut text = format!("{COLUMNS}\r\n");
    let mut numbers: BTreeMap<Journal, u32> = BTreeMap::new();
    for entry in &books.entries {
        let number = numbers.entry(entry.journal).and_modify(|number| *number += 1).or_insert(1);
        let (code, name) = entry.journal.names();
        let date = compact(entry.date);
        let valid = compact(last_day(domain::fiscal_year::Month::of(entry.date)));
        for posting in &entry.postings {
            let (auxiliary, auxiliary_name) =
                posting.auxiliary.as_ref().map_or(("", ""), |who| (who.code.as_str(), who.name.as_str()));
            let (debit, credit) = (posting.amount.max(Cents::ZERO).plain(), (-posting.amount).max(Cents::ZERO).plain());
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "{code}\t{name}\t{code}{number:06}\t{date}\t{}\t{}\t{auxiliary}\t{auxiliary_name}\t{}\t{date}\t{}\t{debit}\t{credit}\t\t\t{valid}\t\t\r\n",
                posting.account,
                label(&posting.account),
                entry.piece,
                entry.label,
            );
        }
    }
    text.into_bytes()
}

/// Bank movements of a month as banks export them: semicolons, and the mark that makes Excel read accents.
pub(crate) fn bank_export(opening: Cents, movements: &[(chrono::NaiveDate, String, Cents)]) -> Vec<u8> {
    let mut text = String::from("\u{feff}Date;Libellé;Débit;Crédit;Solde\r\n");
    let mut balance = opening;
    for (date, label, amount) in movements {
        balance += *amount;
        let (debit, credit) =
            if *amount < Cents::ZERO { ((-*amount).plain(), String::new()) } else { (String::new(), amount.plain()) };
        // Writing to a string cannot fail.
        let _ = write!(text, "{};\"{label}\";{debit};{credit};{}\r\n", short(*date), balance.plain());
    }
    text.into_bytes()
}
