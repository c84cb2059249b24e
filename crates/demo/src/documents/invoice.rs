//! An invoice on paper, in one of three arrangements, so that not all suppliers look alike.

use crate::french::{long, short};
use crate::invoice::{Direction, Invoice, Party};
use crate::money::VatRate;
use crate::page::{A4, BLACK, GREY, Ink, LINE, MARGIN, PALE, Paper, WHITE, bold, footer, grey, logo, regular};
use crate::page::{accent, mentions};

const RIGHT: f32 = A4.0 - MARGIN;
/// Right edges of the columns of figures: quantity, unit price, VAT, amount.
const EDGES: [f32; 4] = [352.0, 428.0, 478.0, RIGHT - 4.0];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrangement {
    /// A coloured band across the top.
    Band,
    /// Logo at the left, title at the right.
    Classic,
    /// Title across, the address under it.
    Plain,
}

/// The invoice on A4 pages.
pub(crate) fn paper(invoice: &Invoice) -> Paper {
    let arrangement = match invoice.issuer.name.len() % 3 {
        0 => Arrangement::Band,
        1 => Arrangement::Classic,
        _ => Arrangement::Plain,
    };
    let title = format!("Facture {}", invoice.number);
    let mut paper = Paper::new(&title, &invoice.issuer.name, invoice.issued, A4);
    let ink = accent(&invoice.issuer.name);
    head(&mut paper, invoice, arrangement, ink);
    addressee(&mut paper, &invoice.customer);
    reference(&mut paper, invoice);
    let y = lines(&mut paper, invoice, ink, arrangement);
    let y = totals(&mut paper, invoice, y, ink);
    payment(&mut paper, invoice, y.max(560.0));
    footer(&mut paper, &mentions(&invoice.issuer));
    paper
}

fn head(paper: &mut Paper, invoice: &Invoice, arrangement: Arrangement, ink: Ink) {
    let issuer = &invoice.issuer;
    let address = [issuer.street.as_str(), &issuer.city, &issuer.phone, &issuer.email];
    match arrangement {
        Arrangement::Band => {
            paper.fill((0.0, 0.0), (A4.0, 74.0), ink);
            paper.text(MARGIN, 38.0, bold(18.0).in_ink(WHITE), &issuer.name);
            paper.text(MARGIN, 55.0, regular(8.5).in_ink(WHITE), &issuer.legal);
            paper.text_to(RIGHT, 45.0, bold(20.0).in_ink(WHITE), "FACTURE");
            paper.lines(MARGIN, 104.0, grey(9.0), &address);
        }
        Arrangement::Classic => {
            logo(paper, MARGIN, 40.0, 44.0, &issuer.name);
            paper.text(MARGIN + 56.0, 56.0, bold(14.0).in_ink(ink), &issuer.name);
            paper.text(MARGIN + 56.0, 69.0, grey(8.2), &issuer.legal);
            paper.lines(MARGIN, 104.0, grey(9.0), &address);
            paper.text_to(RIGHT, 60.0, bold(22.0).in_ink(ink), "Facture");
        }
        Arrangement::Plain => {
            paper.text(MARGIN, 60.0, bold(24.0).in_ink(ink), "Facture");
            paper.rule(MARGIN, RIGHT, 72.0, 1.6, ink);
            paper.text(MARGIN, 92.0, bold(10.5), &issuer.name);
            paper.lines(MARGIN, 106.0, grey(9.0), &address);
        }
    }
}

fn addressee(paper: &mut Paper, customer: &Party) {
    let (x, y) = (318.0, 108.0);
    paper.frame((x, y), (RIGHT - x, 78.0), LINE);
    paper.text(x + 10.0, y + 14.0, grey(7.5), "FACTURÉ À");
    let after = paper.lines(x + 10.0, y + 30.0, bold(10.5), &[customer.name.as_str()]);
    let mut address = vec![customer.street.clone(), customer.city.clone()];
    if !customer.vat_number.is_empty() {
        address.push(format!("N° TVA : {}", customer.vat_number));
    }
    paper.lines(x + 10.0, after, regular(9.2), &address);
}

fn reference(paper: &mut Paper, invoice: &Invoice) {
    let y = 214.0;
    let labels = [
        ("Facture n°", invoice.number.clone()),
        ("Date", long(invoice.issued)),
        ("Échéance", long(invoice.due)),
        ("Règlement", invoice.payment.to_owned()),
    ];
    paper.fill((MARGIN, y - 14.0), (RIGHT - MARGIN, 36.0), PALE);
    for (position, (label, value)) in (0u8..).zip(&labels) {
        let x = MARGIN + 10.0 + f32::from(position) * 124.0;
        paper.text(x, y, grey(7.8), label);
        paper.text(x, y + 13.5, bold(9.6), value);
    }
}

fn lines(paper: &mut Paper, invoice: &Invoice, ink: Ink, arrangement: Arrangement) -> f32 {
    let top = 268.0;
    let filled = arrangement != Arrangement::Plain;
    let heading = if filled {
        paper.fill((MARGIN, top - 13.0), (RIGHT - MARGIN, 19.0), ink);
        bold(8.6).in_ink(WHITE)
    } else {
        paper.rule(MARGIN, RIGHT, top + 5.0, 1.0, BLACK);
        bold(8.6)
    };
    paper.text(MARGIN + 6.0, top, heading, "Désignation");
    for (edge, title) in EDGES.iter().zip(["Quantité", "P.U. HT", "TVA", "Montant HT"]) {
        paper.text_to(*edge, top, heading, title);
    }
    let mut y = top + 22.0;
    for line in &invoice.lines {
        let style = regular(9.0);
        let text = style.wrap(&line.label, EDGES[0] - 62.0 - MARGIN);
        paper.text_to(EDGES[0], y, style, &format!("{} {}", line.quantity, line.unit));
        paper.text_to(EDGES[1], y, style, &line.unit_price.to_string());
        paper.text_to(EDGES[2], y, style, line.rate.label());
        paper.text_to(EDGES[3], y, style, &line.total().to_string());
        for part in &text {
            paper.text(MARGIN + 6.0, y, style, part);
            y += 12.0;
        }
        y += 6.0;
        paper.rule(MARGIN, RIGHT, y - 8.0, 0.4, LINE);
        y += 4.0;
    }
    y
}

fn totals(paper: &mut Paper, invoice: &Invoice, y: f32, ink: Ink) -> f32 {
    let (label, figure) = (EDGES[1] - 82.0, EDGES[3]);
    let mut y = y + 14.0;
    paper.text(label, y, regular(9.4), "Total HT");
    paper.text_to(figure, y, regular(9.4), &invoice.net().with_sign());
    let vat = invoice.vat_totals();
    for total in vat.iter().filter(|total| total.rate != VatRate::Exempt) {
        y += 15.0;
        paper.text(label, y, regular(9.4), &format!("TVA {} sur {}", total.rate.label(), total.base));
        paper.text_to(figure, y, regular(9.4), &total.vat.with_sign());
    }
    y += 12.0;
    paper.fill((label - 8.0, y), (RIGHT - label + 8.0, 24.0), ink);
    paper.text(label, y + 16.0, bold(11.0).in_ink(WHITE), "Total TTC");
    paper.text_to(figure, y + 16.0, bold(12.0).in_ink(WHITE), &invoice.gross().with_sign());
    if vat.iter().any(|total| total.rate == VatRate::Exempt) {
        paper.text_to(RIGHT, y + 38.0, grey(8.0), "Opération exonérée de TVA, article 261 du CGI");
    }
    y + 56.0
}

fn payment(paper: &mut Paper, invoice: &Invoice, y: f32) {
    let mut lines =
        vec![format!("À régler au plus tard le {} par {}.", short(invoice.due), invoice.payment.to_lowercase())];
    if invoice.payment == "Virement" && !invoice.issuer.iban.is_empty() {
        lines.push(format!("IBAN : {}", invoice.issuer.iban));
    }
    if invoice.direction == Direction::Sale || invoice.payment == "Virement" {
        lines.push("Escompte pour paiement anticipé : néant.".to_owned());
    }
    lines.push("En cas de retard : pénalités de trois fois le taux d'intérêt légal et indemnité forfaitaire de 40 € (art. L441-10 C. com.).".to_owned());
    paper.text(MARGIN, y, bold(9.0), "Conditions de règlement");
    paper.lines(MARGIN, y + 15.0, regular(8.4).in_ink(GREY), &lines);
}
