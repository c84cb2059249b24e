//! What is at the top and at the bottom of a firm's paper: logo, address, legal mentions, page numbers.

use super::{A4, GREY, Ink, LINE, MARGIN, Paper, WHITE, bold, grey, regular};
use crate::identifiers::spaced_siret;
use crate::invoice::Party;

const ACCENTS: [Ink; 8] = [
    [31, 78, 121],
    [150, 54, 52],
    [56, 103, 71],
    [94, 66, 131],
    [176, 98, 22],
    [20, 108, 116],
    [70, 76, 90],
    [133, 45, 92],
];

/// Whose paper it is.
#[derive(Debug, Clone)]
pub(crate) enum Letterhead {
    /// A company's, with its logo.
    Company(Party),
    /// A public body's: its name over two lines, and what kind of paper this is.
    Administration { name: &'static str, office: String },
}

/// The colour of a company's paper, always the same for a name.
pub(crate) fn accent(name: &str) -> Ink {
    let sum = name.bytes().fold(7usize, |sum, byte| (sum * 31 + usize::from(byte)) % 1_000_003);
    ACCENTS[sum % ACCENTS.len()]
}

/// A square with the initials of a name; `side` in points.
pub(crate) fn logo(paper: &mut Paper, x: f32, y: f32, side: f32, name: &str) -> Ink {
    let ink = accent(name);
    let initials: String =
        name.split([' ', '\'']).filter(|word| word.len() > 2).filter_map(|word| word.chars().next()).take(2).collect();
    paper.fill((x, y), (side, side), ink);
    paper.text_around(x + side / 2.0, y + side * 0.66, bold(side * 0.44).in_ink(WHITE), &initials.to_uppercase());
    ink
}

impl Letterhead {
    /// Draws the head and returns where the page begins under it.
    pub(crate) fn draw(&self, paper: &mut Paper) -> f32 {
        match self {
            Self::Company(party) => {
                let ink = logo(paper, MARGIN, 40.0, 40.0, &party.name);
                paper.text(MARGIN + 52.0, 55.0, bold(14.0).in_ink(ink), &party.name);
                let contact = [party.phone.as_str(), party.email.as_str()].into_iter().filter(|part| !part.is_empty());
                paper.text(MARGIN + 52.0, 68.0, grey(8.5), &format!("{} – {}", party.street, party.city));
                paper.text(MARGIN + 52.0, 79.5, grey(8.5), &contact.collect::<Vec<_>>().join(" – "));
                paper.rule(MARGIN, A4.0 - MARGIN, 94.0, 0.8, LINE);
                118.0
            }
            Self::Administration { name, office } => {
                paper.fill((MARGIN, 40.0), (11.0, 22.0), [0, 38, 84]);
                paper.fill((MARGIN + 11.0, 40.0), (11.0, 22.0), [246, 246, 246]);
                paper.fill((MARGIN + 22.0, 40.0), (11.0, 22.0), [206, 17, 38]);
                paper.text(MARGIN + 44.0, 50.0, bold(11.0), name);
                paper.text(MARGIN + 44.0, 62.0, regular(9.0).in_ink(GREY), office);
                paper.rule(MARGIN, A4.0 - MARGIN, 76.0, 0.8, LINE);
                100.0
            }
        }
    }

    /// What stands at the foot of every page.
    pub(crate) fn mentions(&self) -> String {
        match self {
            Self::Company(party) => mentions(party),
            Self::Administration { name, office } => format!("{name} – {office}"),
        }
    }
}

/// Legal form, SIRET and VAT number.
pub(crate) fn mentions(party: &Party) -> String {
    let mut parts = vec![party.name.clone()];
    if !party.legal.is_empty() {
        parts.push(party.legal.clone());
    }
    if !party.siret.is_empty() {
        parts.push(format!("SIRET {}", spaced_siret(&party.siret)));
    }
    if !party.vat_number.is_empty() {
        parts.push(format!("TVA {}", party.vat_number));
    }
    parts.join(" – ")
}

/// Writes the foot of every page: the mentions, and the page's number when there are several.
pub(crate) fn footer(paper: &mut Paper, mentions: &str) {
    let (width, height) = paper.size;
    let count = paper.pages.len();
    let style = grey(7.2);
    for (number, page) in paper.pages.iter_mut().enumerate() {
        let mut foot = Paper::new("", "", paper.date, paper.size);
        foot.rule(MARGIN, width - MARGIN, height - 46.0, 0.6, LINE);
        for (row, line) in (0u8..).zip(style.wrap(mentions, width - 2.0 * MARGIN - 60.0)) {
            foot.text_around(width / 2.0, height - 35.0 + f32::from(row) * 9.5, style, &line);
        }
        foot.text_to(width - MARGIN, height - 35.0, style, &format!("Page {}/{count}", number + 1));
        page.extend(foot.pages.remove(0));
    }
}
