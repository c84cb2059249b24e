//! The firm's own invoices, and what nobody has put in its place yet.

use std::sync::Arc;

use domain::fiscal_year::Month;

use super::{Shelf, in_file};
use crate::companies::FIRM;
use crate::content::Content;
use crate::documents::{letters, returns};
use crate::files::mail::Mail;
use crate::french::{compact, day, long};
use crate::invoice::{Direction, Invoice};

pub(super) fn fill(shelf: &mut Shelf, rank: usize) {
    own_invoices(shelf);
    if rank.is_multiple_of(2) {
        mail(shelf);
    }
    match shelf.company.key {
        "alter-ce" => {
            photograph(shelf);
            screenshot(shelf);
            bundle(shelf);
            reminder(shelf);
        }
        "dupont-maconnerie" => {
            reminder(shelf);
            unnamed_scan(shelf);
        }
        "le-comptoir-d-adele" | "transports-kerbrat" => unnamed_scan(shelf),
        "fleurs-de-garance" => reminder(shelf),
        _ => {}
    }
}

/// Purchases of the last year, oldest first.
fn purchases(shelf: &Shelf) -> Vec<Invoice> {
    let last = shelf.books.iter().rev().find(|books| books.invoices.len() > 8).or(shelf.books.last());
    let invoices = last.map(|books| books.invoices.as_slice()).unwrap_or_default();
    invoices.iter().filter(|invoice| invoice.direction == Direction::Purchase).cloned().collect()
}

fn own_invoices(shelf: &mut Shelf) {
    let mut invoices: Vec<Invoice> = shelf.books.iter().flat_map(|books| books.invoices.clone()).collect();
    invoices.retain(|invoice| invoice.account == "622600");
    let kept = if shelf.is_large { 3 } else { 1 };
    for invoice in invoices.split_off(invoices.len().saturating_sub(kept)) {
        let name = format!("{} - {} - Note d'honoraires {}", compact(invoice.issued), FIRM.name, invoice.number);
        let origin = shelf.filed(invoice.issued);
        shelf.add(in_file(&["03 Factures du cabinet"]), &name, &origin, Content::Invoice(Arc::new(invoice)));
    }
}

/// A supplier's message with its invoice, forwarded as it is.
fn mail(shelf: &mut Shelf) {
    let company = shelf.company;
    let Some(invoice) = purchases(shelf).into_iter().rfind(|invoice| invoice.account != "622600") else { return };
    let issuer = invoice.issuer.clone();
    let sent = shelf.moment(invoice.issued);
    let body = format!(
        "Bonjour,\n\nVeuillez trouver ci-joint notre facture n° {} du {}, d'un montant de {} TTC, à échéance du {}.\n\nNous vous remercions de votre confiance et restons à votre disposition pour toute précision.\n\nCordialement,\n\nLe service facturation\n{}\n{} – {}\nTél. {}\n",
        invoice.number,
        long(invoice.issued),
        invoice.gross().with_sign(),
        long(invoice.due),
        issuer.name,
        issuer.street,
        issuer.city,
        issuer.phone,
    );
    let mail = Mail {
        from: (issuer.name.clone(), issuer.email),
        to: (company.director.name(), company.director_email()),
        subject: format!("Votre facture n° {} – échéance du {}", invoice.number, long(invoice.due)),
        body,
        sent,
        attachment: (format!("Facture {}.pdf", invoice.number), Content::Invoice(Arc::new(invoice.clone()))),
    };
    let origin = shelf.brought(invoice.issued);
    shelf.add(
        in_file(&["04 À classer"]),
        &format!("TR Votre facture n° {} - {}", invoice.number, issuer.name),
        &origin,
        Content::Mail(Arc::new(mail)),
    );
}

fn photograph(shelf: &mut Shelf) {
    let origin = shelf.brought(day(2026, 11, 9));
    let noise = shelf.noise();
    shelf.add(in_file(&["04 À classer"]), "IMG_4127", &origin, Content::Photo(noise));
}

fn screenshot(shelf: &mut Shelf) {
    let Some((_, books)) = shelf.recent_months(1).pop() else { return };
    let Some(declared) = books.vat_returns.last() else { return };
    let report = Content::Screenshot(Arc::new(returns::vat(shelf.company, declared)));
    let origin = shelf.filed(day(2026, 11, 19));
    shelf.add(in_file(&["05 À classer (cabinet)"]), "Capture d'écran 2026-11-19 à 10.42.17", &origin, report);
}

/// A month of purchases, zipped by a client who had no better idea.
fn bundle(shelf: &mut Shelf) {
    let month = Month { year: 2026, month: 5 };
    let files: Vec<_> = purchases(shelf)
        .into_iter()
        .filter(|invoice| Month::of(invoice.issued) == month)
        .map(|invoice| {
            let name = format!("Factures mai/{} {}.pdf", invoice.issuer.name, invoice.number);
            (name, invoice.issued, Content::Invoice(Arc::new(invoice)))
        })
        .collect();
    let origin = shelf.brought(day(2026, 6, 4));
    shelf.add(in_file(&["04 À classer"]), "Factures mai 2026", &origin, Content::Bundle(files.into()));
}

fn reminder(shelf: &mut Shelf) {
    let date = day(2026, 10, 12);
    let wanted: Vec<String> = purchases(shelf)
        .iter()
        .rev()
        .filter(|invoice| invoice.issued < date)
        .take(3)
        .map(|invoice| {
            format!("Facture {} du {} ({})", invoice.issuer.name, long(invoice.issued), invoice.gross().with_sign())
        })
        .collect();
    let letter = Content::Letter(Arc::new(letters::missing_papers(shelf.company, date, &wanted)));
    let origin = shelf.filed(date);
    shelf.add(
        in_file(&["05 À classer (cabinet)"]),
        &format!("{} - Courrier pièces manquantes", compact(date)),
        &origin,
        letter,
    );
}

/// What the copier sends: a scan whose name says nothing.
fn unnamed_scan(shelf: &mut Shelf) {
    let Some(invoice) = purchases(shelf).into_iter().rfind(|invoice| invoice.account != "622600") else { return };
    let (origin, noise) = (shelf.brought(invoice.issued), shelf.noise());
    let number = shelf.chance.between(210, 980);
    shelf.add(
        in_file(&["04 À classer"]),
        &format!("SCAN_{number:04}"),
        &origin,
        Content::ScannedInvoice(Arc::new(invoice), noise),
    );
}
