//! A month's bank statement, with its running balance.

use chrono::NaiveDate;
use domain::fiscal_year::Month;

use crate::french::{first_day, last_day, long, month_and_year, short};
use crate::invoice::Party;
use crate::money::Cents;
use crate::page::{A4, GREY, LINE, MARGIN, PALE, Paper, WHITE, accent, bold, footer, grey, logo, regular};

const RIGHT: f32 = A4.0 - MARGIN;
/// Right edges of debit, credit and balance.
const EDGES: [f32; 3] = [405.0, 476.0, RIGHT - 2.0];
const BOTTOM: f32 = A4.1 - 84.0;

/// A month of an account.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) bank: &'static str,
    pub(crate) branch: &'static str,
    pub(crate) bic: &'static str,
    pub(crate) holder: Party,
    pub(crate) month: Month,
    pub(crate) opening: Cents,
    /// Positive when money comes in.
    pub(crate) movements: Vec<(NaiveDate, String, Cents)>,
}

impl Statement {
    /// Balance at the end of the month.
    pub(crate) fn closing(&self) -> Cents {
        self.opening + self.movements.iter().map(|movement| movement.2).sum()
    }

    /// The statement on A4 pages.
    pub(crate) fn paper(&self) -> Paper {
        let date = last_day(self.month);
        let mut paper = Paper::new(&format!("Relevé de compte {}", month_and_year(self.month)), self.bank, date, A4);
        let mut y = self.head(&mut paper);
        Self::row(&mut paper, y, first_day(self.month), "SOLDE EN DÉBUT DE PÉRIODE", None, self.opening);
        y += 17.0;
        let mut balance = self.opening;
        for (rank, (day, label, amount)) in self.movements.iter().enumerate() {
            if y > BOTTOM {
                paper.text_to(RIGHT, y + 2.0, grey(8.0), "Suite page suivante");
                paper.turn();
                paper.text(
                    MARGIN,
                    60.0,
                    bold(10.0),
                    &format!("Relevé de compte – {} (suite)", month_and_year(self.month)),
                );
                y = self.columns(&mut paper, 84.0);
            }
            balance += *amount;
            if rank % 2 == 1 {
                paper.fill((MARGIN, y - 10.5), (RIGHT - MARGIN, 15.0), [246, 247, 250]);
            }
            Self::row(&mut paper, y, *day, label, Some(*amount), balance);
            y += 15.0;
        }
        paper.rule(MARGIN, RIGHT, y - 4.0, 0.8, GREY);
        let incoming: Cents = self.movements.iter().map(|movement| movement.2.max(Cents::ZERO)).sum();
        let outgoing: Cents = self.movements.iter().map(|movement| (-movement.2).max(Cents::ZERO)).sum();
        paper.text(MARGIN + 60.0, y + 10.0, bold(8.8), "TOTAL DES MOUVEMENTS");
        paper.text_to(EDGES[0], y + 10.0, bold(8.8), &outgoing.to_string());
        paper.text_to(EDGES[1], y + 10.0, bold(8.8), &incoming.to_string());
        paper.fill((MARGIN, y + 18.0), (RIGHT - MARGIN, 21.0), PALE);
        paper.text(MARGIN + 60.0, y + 32.0, bold(9.6), &format!("SOLDE AU {}", short(date)));
        paper.text_to(EDGES[2], y + 32.0, bold(9.6), &self.closing().with_sign());
        footer(
            &mut paper,
            &format!(
                "{} – {} – Dépôts couverts par la garantie des dépôts dans la limite de 100 000 €",
                self.bank, self.branch
            ),
        );
        paper
    }

    fn head(&self, paper: &mut Paper) -> f32 {
        let ink = logo(paper, MARGIN, 38.0, 38.0, self.bank);
        paper.text(MARGIN + 48.0, 54.0, bold(13.0).in_ink(ink), self.bank);
        paper.text(MARGIN + 48.0, 68.0, grey(8.6), self.branch);
        paper.text_to(RIGHT, 54.0, bold(15.0), "Relevé de compte");
        paper.text_to(
            RIGHT,
            69.0,
            grey(9.2),
            &format!("du {} au {}", long(first_day(self.month)), long(last_day(self.month))),
        );
        paper.lines(330.0, 104.0, bold(10.0), &[self.holder.name.as_str()]);
        paper.lines(330.0, 118.0, regular(9.2), &[self.holder.street.as_str(), &self.holder.city]);
        paper.frame((MARGIN, 94.0), (250.0, 52.0), LINE);
        paper.text(MARGIN + 8.0, 108.0, grey(7.8), "COMPTE COURANT PROFESSIONNEL EN EUROS");
        paper.text(MARGIN + 8.0, 123.0, bold(9.2), &format!("IBAN {}", self.holder.iban));
        paper.text(MARGIN + 8.0, 137.0, regular(8.6), &format!("BIC {}", self.bic));
        self.columns(paper, 176.0)
    }

    fn columns(&self, paper: &mut Paper, y: f32) -> f32 {
        paper.fill((MARGIN, y - 12.0), (RIGHT - MARGIN, 18.0), accent(self.bank));
        let style = bold(8.4).in_ink(WHITE);
        paper.text(MARGIN + 4.0, y, style, "Date");
        paper.text(MARGIN + 60.0, y, style, "Nature de l'opération");
        for (edge, title) in EDGES.iter().zip(["Débit", "Crédit", "Solde"]) {
            paper.text_to(*edge, y, style, title);
        }
        y + 20.0
    }

    fn row(paper: &mut Paper, y: f32, day: NaiveDate, label: &str, amount: Option<Cents>, balance: Cents) {
        let style = if amount.is_none() { bold(8.6) } else { regular(8.6) };
        paper.text(MARGIN + 4.0, y, style, &short(day));
        let first = style.wrap(label, EDGES[0] - MARGIN - 112.0).remove(0);
        paper.text(MARGIN + 60.0, y, style, &first);
        if let Some(amount) = amount {
            let edge = if amount < Cents::ZERO { EDGES[0] } else { EDGES[1] };
            paper.text_to(edge, y, style, &Cents(amount.0.abs()).to_string());
        }
        paper.text_to(EDGES[2], y, style, &balance.to_string());
    }
}
