//! Till receipts and card slips, on narrow paper; they arrive photographed.

use chrono::NaiveDate;

use crate::french::short;
use crate::identifiers::{siren, siret, spaced_siret};
use crate::money::{Cents, VatRate};
use crate::page::{BLACK, Face, Paper, Style};

const WIDTH: f32 = 226.0;
const COLUMNS: usize = 34;
const LEADING: f32 = 12.4;

/// What is bought in a shop.
#[derive(Debug, Clone)]
pub(crate) struct Receipt {
    pub(crate) shop: &'static str,
    pub(crate) street: &'static str,
    pub(crate) city: &'static str,
    pub(crate) siren: u32,
    pub(crate) date: NaiveDate,
    pub(crate) number: i64,
    /// Label, price with VAT, rate.
    pub(crate) lines: Vec<(&'static str, Cents, VatRate)>,
}

impl Receipt {
    /// To pay, VAT included.
    pub(crate) fn total(&self) -> Cents {
        self.lines.iter().map(|line| line.1).sum()
    }

    /// The receipt on a strip of paper.
    pub(crate) fn paper(&self) -> Paper {
        let lines = self.text();
        let height = lines.iter().fold(44.0, |height, _| height + LEADING);
        let mut paper = Paper::new(self.shop, self.shop, self.date, (WIDTH, height));
        let mut y = 26.0;
        for line in &lines {
            // A line of stars is set larger: the shop's name and the total.
            let (size, line) = line.strip_prefix('*').map_or((9.4, line.as_str()), |large| (12.2, large));
            let style = Style { face: Face::Mono, size, ink: BLACK };
            if size > 10.0 {
                paper.text_around(WIDTH / 2.0, y, style, line);
            } else {
                paper.text(17.0, y, style, line);
            }
            y += LEADING;
        }
        paper
    }

    fn text(&self) -> Vec<String> {
        let siren = siren(self.siren);
        let rule = "-".repeat(COLUMNS);
        let mut text = vec![
            format!("*{}", self.shop),
            centred(self.street),
            centred(self.city),
            centred(&format!("SIRET {}", spaced_siret(&siret(&siren, 1)))),
            String::new(),
            spread(
                &format!("Ticket {}", self.number),
                &format!("{} {:02}:{:02}", short(self.date), 11 + self.number % 9, self.number % 60),
            ),
            rule.clone(),
        ];
        text.extend(self.lines.iter().map(|(label, price, _)| spread(label, &price.to_string())));
        text.push(rule.clone());
        text.push(format!("*TOTAL  {} EUR", self.total()));
        text.push(String::new());
        for rate in [VatRate::Standard, VatRate::Intermediate, VatRate::Reduced] {
            let gross: Cents = self.lines.iter().filter(|line| line.2 == rate).map(|line| line.1).sum();
            if gross > Cents::ZERO {
                let base = gross.share(10_000, 10_000 + rate.hundredths());
                text.push(spread(&format!("TVA {} / HT {base}", rate.label()), &(gross - base).to_string()));
            }
        }
        text.extend([
            rule,
            spread("CB SANS CONTACT", &self.total().to_string()),
            centred(&format!("Carte ************{:04}", 1_000 + self.number * 7 % 9_000)),
            centred("DÉBIT – Ticket client à conserver"),
            String::new(),
            centred("Merci de votre visite, à bientôt !"),
        ]);
        text
    }
}

fn centred(text: &str) -> String {
    format!("{text:^COLUMNS$}")
}

/// A label at the left and a figure at the right.
fn spread(label: &str, figure: &str) -> String {
    let room = COLUMNS.saturating_sub(figure.chars().count() + 1);
    let label: String = label.chars().take(room).collect();
    format!("{label:<room$} {figure}")
}
