//! A payslip on one page, with headings grouped as French law asks.

use crate::companies::Company;
use crate::french::{first_day, last_day, month_and_year, short};
use crate::identifiers::{social_security, spaced_siret};
use crate::money::Cents;
use crate::page::{A4, BLACK, LINE, MARGIN, PALE, Paper, WHITE, accent, bold, footer, grey, mentions, regular};
use crate::payroll::{LEGAL_HOURS, Payslip};

const RIGHT: f32 = A4.0 - MARGIN;
/// Right edges: base, employee's rate, employee's amount, employer's amount.
const EDGES: [f32; 4] = [330.0, 388.0, 458.0, RIGHT - 4.0];

/// The payslip of an employee of `company`.
pub(crate) fn paper(company: &Company, slip: &Payslip) -> Paper {
    let person = &company.employees[slip.employee];
    let mut paper = Paper::new(
        &format!("Bulletin de paie {} {}", person.name(), month_and_year(slip.month)),
        company.name,
        last_day(slip.month),
        A4,
    );
    head(&mut paper, company, slip);
    let mut y = 214.0;
    header(&mut paper, y, accent(company.name));
    y += 19.0;
    let hours = |hundredths: i64| format!("{},{:02} h", hundredths / 100, hundredths % 100);
    row(&mut paper, &mut y, "Salaire de base", [&hours(LEGAL_HOURS), "", &slip.base_pay.to_string(), ""], false);
    if slip.overtime_hours > 0 {
        row(
            &mut paper,
            &mut y,
            "Heures supplémentaires majorées à 25 %",
            [&hours(slip.overtime_hours), "", &slip.overtime.to_string(), ""],
            false,
        );
    }
    row(&mut paper, &mut y, "SALAIRE BRUT", ["", "", &slip.gross.to_string(), ""], true);
    for line in &slip.lines {
        let base = if line.base == Cents::ZERO { String::new() } else { line.base.to_string() };
        let rate = if line.employee_rate == 0 { String::new() } else { percent(line.employee_rate) };
        let employee = if line.employee == Cents::ZERO { String::new() } else { line.employee.to_string() };
        let employer = if line.employer == Cents::ZERO { String::new() } else { line.employer.to_string() };
        row(&mut paper, &mut y, line.label, [&base, &rate, &employee, &employer], false);
    }
    row(
        &mut paper,
        &mut y,
        "TOTAL DES COTISATIONS ET CONTRIBUTIONS",
        ["", "", &slip.withheld.to_string(), &slip.charges.to_string()],
        true,
    );
    y += 6.0;
    row(&mut paper, &mut y, "Net imposable", ["", "", &slip.taxable.to_string(), ""], false);
    row(
        &mut paper,
        &mut y,
        "NET À PAYER AVANT IMPÔT SUR LE REVENU",
        ["", "", &slip.net_before_tax.to_string(), ""],
        true,
    );
    let rate = percent(person.tax_rate);
    row(
        &mut paper,
        &mut y,
        "Impôt sur le revenu prélevé à la source",
        [&slip.taxable.to_string(), &rate, &slip.tax.to_string(), ""],
        false,
    );
    y += 6.0;
    paper.fill((MARGIN, y - 12.0), (RIGHT - MARGIN, 27.0), accent(company.name));
    paper.text(MARGIN + 8.0, y + 5.0, bold(11.0).in_ink(WHITE), "NET PAYÉ EN EUROS");
    paper.text_to(RIGHT - 8.0, y + 5.5, bold(13.0).in_ink(WHITE), &slip.net.with_sign());
    summary(&mut paper, slip, y + 40.0);
    footer(&mut paper, &mentions(&company.party()));
    paper
}

fn head(paper: &mut Paper, company: &Company, slip: &Payslip) {
    let person = &company.employees[slip.employee];
    paper.text(MARGIN, 56.0, bold(15.0).in_ink(accent(company.name)), "BULLETIN DE PAIE");
    paper.text_to(RIGHT, 56.0, bold(11.0), &month_and_year(slip.month));
    paper.text_to(
        RIGHT,
        70.0,
        grey(8.4),
        &format!("Période du {} au {}", short(first_day(slip.month)), short(last_day(slip.month))),
    );
    paper.rule(MARGIN, RIGHT, 78.0, 1.2, accent(company.name));
    paper.text(MARGIN, 98.0, bold(10.0), company.name);
    let siret = company.siret().to_string();
    let employer = [
        company.street.to_owned(),
        company.city(),
        format!("SIRET {}", spaced_siret(&siret)),
        format!("Code NAF {}", company.activity_code),
    ];
    paper.lines(MARGIN, 112.0, regular(8.8), &employer);
    paper.frame((310.0, 86.0), (RIGHT - 310.0, 98.0), LINE);
    paper.text(320.0, 102.0, bold(10.5), &person.name());
    let (street, city) = person.street.split_once(", ").unwrap_or((person.street, ""));
    let facts = [
        street.to_owned(),
        city.to_owned(),
        format!("N° de sécurité sociale {}", social_security(person.social_security)),
        format!("Emploi : {}", person.job),
        format!("Entrée le {}", short(person.hired)),
    ];
    paper.lines(320.0, 116.0, regular(8.8), &facts);
}

fn header(paper: &mut Paper, y: f32, ink: [u8; 3]) {
    paper.fill((MARGIN, y - 12.0), (RIGHT - MARGIN, 18.0), ink);
    let style = bold(8.2).in_ink(WHITE);
    paper.text(MARGIN + 6.0, y, style, "Rubriques");
    for (edge, title) in EDGES.iter().zip(["Base", "Taux", "Part salarié", "Part employeur"]) {
        paper.text_to(*edge, y, style, title);
    }
}

fn row(paper: &mut Paper, y: &mut f32, label: &str, figures: [&str; 4], strong: bool) {
    if strong {
        paper.fill((MARGIN, *y - 10.5), (RIGHT - MARGIN, 15.0), PALE);
    }
    let style = if strong { bold(8.6) } else { regular(8.6) };
    paper.text(MARGIN + 6.0, *y, style, label);
    for (edge, figure) in EDGES.iter().zip(figures) {
        if !figure.is_empty() {
            paper.text_to(*edge, *y, style, figure);
        }
    }
    *y += 16.0;
}

fn summary(paper: &mut Paper, slip: &Payslip, y: f32) {
    let cells = [
        ("Brut du mois", slip.gross),
        ("Charges salariales", slip.withheld),
        ("Charges patronales", slip.charges),
        ("Coût total employeur", slip.gross + slip.charges),
        ("Net imposable", slip.taxable),
    ];
    let width = (RIGHT - MARGIN) / 5.0;
    for (position, (label, amount)) in (0u8..).zip(&cells) {
        let x = MARGIN + f32::from(position) * width;
        paper.frame((x, y), (width, 34.0), LINE);
        paper.text(x + 6.0, y + 13.0, grey(7.8), label);
        paper.text(x + 6.0, y + 26.0, bold(9.4).in_ink(BLACK), &amount.to_string());
    }
    let notes = [
        "Congés payés acquis sur la période : 2,50 jours. Virement effectué le dernier jour du mois.",
        "Dans votre intérêt et pour vous aider à faire valoir vos droits, conservez ce bulletin de paie sans limitation de durée.",
    ];
    paper.lines(MARGIN, y + 54.0, grey(7.8), &notes);
}

/// `6,80 %`.
fn percent(hundredths: i64) -> String {
    format!("{},{:02} %", hundredths / 100, hundredths % 100)
}
