//! Returns to the tax office and the social bodies.

use domain::fiscal_year::{FiscalYear, Month};

use crate::books::{VatReturn, YearBooks};
use crate::companies::Company;
use crate::documents::legal::pair;
use crate::french::{after, day_of, last_day, long, month_and_year, short};
use crate::identifiers::{social_security, spaced_siren, spaced_siret};
use crate::money::Cents;
use crate::page::{Align, Block, Letterhead, Report, Row, Table};
use crate::payroll::{Fund, Payslip};

const TAX_OFFICE: &str = "DIRECTION GÉNÉRALE DES FINANCES PUBLIQUES";

/// The monthly VAT return, form 3310-CA3.
pub(crate) fn vat(company: &Company, vat: &VatReturn) -> Report {
    let mut rows = vec![Row::strong(["A", "Opérations imposables (hors taxe)", "", ""])];
    let bases: Cents = vat.collected.values().map(|(base, _)| *base).sum();
    rows.push(Row::plain([
        "A1".to_owned(),
        "Ventes, prestations de services".to_owned(),
        bases.rounded(),
        String::new(),
    ]));
    rows.push(Row::strong(["B", "Décompte de la TVA à payer", "Base", "Taxe"]));
    for (code, (rate, (base, tax))) in ["08", "9B", "09"].iter().zip(&vat.collected) {
        rows.push(Row::plain([(*code).to_owned(), format!("Taux {}", rate.label()), base.rounded(), tax.rounded()]));
    }
    let collected: Cents = vat.collected.values().map(|(_, tax)| *tax).sum();
    rows.extend([
        Row::strong(["16".to_owned(), "Total de la TVA brute due".to_owned(), String::new(), collected.rounded()]),
        Row::plain([
            "19".to_owned(),
            "TVA déductible sur immobilisations".to_owned(),
            String::new(),
            vat.deductible_on_assets.rounded(),
        ]),
        Row::plain([
            "20".to_owned(),
            "TVA déductible sur autres biens et services".to_owned(),
            String::new(),
            vat.deductible.rounded(),
        ]),
        Row::plain([
            "22".to_owned(),
            "Report du crédit de la déclaration précédente".to_owned(),
            String::new(),
            vat.brought_forward.rounded(),
        ]),
        Row::strong(["25".to_owned(), "Crédit de TVA".to_owned(), String::new(), vat.credit.rounded()]),
        Row::strong(["28".to_owned(), "TVA nette due – à payer".to_owned(), String::new(), vat.due.rounded()]),
    ]);
    let filed = day_of(vat.month.next(), 19);
    Report {
        letterhead: Letterhead::Administration {
            name: TAX_OFFICE,
            office: format!("Service des impôts des entreprises – {}", company.town),
        },
        title: format!("TVA – déclaration 3310-CA3, {}", month_and_year(vat.month)),
        subtitle: "Taxe sur la valeur ajoutée et taxes assimilées – régime du réel normal".to_owned(),
        date: filed,
        blocks: vec![
            Block::Pairs(vec![
                pair("Redevable", company.name),
                pair("SIREN", spaced_siren(&company.siren())),
                pair("N° de TVA", company.vat_number().unwrap_or_default()),
                pair("Période", month_and_year(vat.month)),
            ]),
            Block::Table(Table::new(
                &[
                    ("Ligne", 1, Align::Left),
                    ("Nature", 6, Align::Left),
                    ("Base (€)", 2, Align::Right),
                    ("Taxe (€)", 2, Align::Right),
                ],
                rows,
            )),
            Block::Paragraph(format!(
                "Déposée le {} par EDI-TVA. Prélèvement le {} sur le compte {}.",
                long(filed),
                short(day_of(vat.month.next(), 24)),
                company.iban()
            )),
        ],
    }
}

/// The monthly social declaration, as its summary.
pub(crate) fn social(company: &Company, month: Month, slips: &[&Payslip]) -> Report {
    let mut rows: Vec<Row> = slips
        .iter()
        .map(|slip| {
            let person = &company.employees[slip.employee];
            Row::plain([
                person.name(),
                social_security(person.social_security),
                slip.gross.to_string(),
                slip.taxable.to_string(),
                slip.tax.to_string(),
            ])
        })
        .collect();
    let total = |amount: fn(&Payslip) -> Cents| slips.iter().map(|slip| amount(slip)).sum::<Cents>().to_string();
    rows.push(Row::strong([
        "Total".to_owned(),
        String::new(),
        total(|slip| slip.gross),
        total(|slip| slip.taxable),
        total(|slip| slip.tax),
    ]));
    let due = |fund: Fund| {
        let amount: Cents =
            slips.iter().map(|slip| slip.due_to(fund)).map(|(employee, employer)| employee + employer).sum();
        amount.to_string()
    };
    let funds = vec![
        Row::plain(["URSSAF".to_owned(), due(Fund::Urssaf)]),
        Row::plain(["Retraite complémentaire".to_owned(), due(Fund::Pension)]),
        Row::plain(["Mutuelle".to_owned(), due(Fund::Health)]),
    ];
    let filed = day_of(month.next(), 14);
    Report {
        letterhead: Letterhead::Administration {
            name: "NET-ENTREPRISES",
            office: "Déclaration sociale nominative – compte rendu métier".to_owned(),
        },
        title: format!("DSN {}", month_and_year(month)),
        subtitle: format!("{} – SIRET {}", company.name, spaced_siret(company.siret().as_str())),
        date: filed,
        blocks: vec![
            Block::Heading("Salariés".to_owned()),
            Block::Table(Table::new(
                &[
                    ("Salarié", 4, Align::Left),
                    ("N° sécurité sociale", 4, Align::Left),
                    ("Brut", 2, Align::Right),
                    ("Net imposable", 3, Align::Right),
                    ("PAS", 2, Align::Right),
                ],
                rows,
            )),
            Block::Heading("Versements".to_owned()),
            Block::Table(Table::new(&[("Organisme", 6, Align::Left), ("Montant (€)", 3, Align::Right)], funds)),
            Block::Paragraph(format!("Déclaration déposée le {} et acceptée sans anomalie bloquante.", long(filed))),
        ],
    }
}

/// The statement of a quarter's contributions.
pub(crate) fn contributions(company: &Company, last: Month, slips: &[&Payslip]) -> Report {
    let mut rows = Vec::new();
    let (mut whole, mut months): (Cents, Vec<Month>) = (Cents::ZERO, slips.iter().map(|slip| slip.month).collect());
    months.dedup();
    for month in months {
        let of_month = || slips.iter().filter(|slip| slip.month == month);
        let gross: Cents = of_month().map(|slip| slip.gross).sum();
        let due: Cents =
            of_month().map(|slip| slip.due_to(Fund::Urssaf)).map(|(employee, employer)| employee + employer).sum();
        whole += due;
        rows.push(Row::plain([
            month_and_year(month),
            of_month().count().to_string(),
            gross.to_string(),
            due.to_string(),
        ]));
    }
    rows.push(Row::strong(["Total du trimestre".to_owned(), String::new(), String::new(), whole.to_string()]));
    Report {
        letterhead: Letterhead::Administration {
            name: "URSSAF",
            office: "Recouvrement des cotisations de sécurité sociale".to_owned(),
        },
        title: "Récapitulatif des cotisations".to_owned(),
        subtitle: format!("{} – trimestre clos en {}", company.name, month_and_year(last)),
        date: after(last_day(last), 20),
        blocks: vec![Block::Table(Table::new(
            &[
                ("Mois", 3, Align::Left),
                ("Effectif", 2, Align::Right),
                ("Assiette (€)", 3, Align::Right),
                ("Cotisations (€)", 3, Align::Right),
            ],
            rows,
        ))],
    }
}

/// The statement of corporate tax after a closing, form 2572.
pub(crate) fn corporate_tax(company: &Company, books: &YearBooks) -> Report {
    let tax = books.balance_of(&["695"]);
    let profit = books.result() + tax;
    let reduced = profit.min(Cents::euros(42_500));
    let rows = vec![
        Row::plain(["Bénéfice fiscal imposé à 15 %".to_owned(), reduced.rounded(), reduced.at_rate(1_500).rounded()]),
        Row::plain([
            "Bénéfice fiscal imposé à 25 %".to_owned(),
            (profit - reduced).rounded(),
            (profit - reduced).at_rate(2_500).rounded(),
        ]),
        Row::strong(["Impôt sur les sociétés dû".to_owned(), String::new(), tax.rounded()]),
        Row::plain(["Acomptes versés", "", "0"]),
        Row::strong(["Solde à payer".to_owned(), String::new(), tax.rounded()]),
    ];
    Report {
        letterhead: Letterhead::Administration {
            name: TAX_OFFICE,
            office: format!("Service des impôts des entreprises – {}", company.town),
        },
        title: format!("Relevé de solde IS {} – formulaire 2572-SD", books.year.end.format("%Y")),
        subtitle: format!("{} – SIREN {}", company.name, spaced_siren(&company.siren())),
        date: after(books.year.end, 134),
        blocks: vec![
            Block::Table(Table::new(
                &[("Élément", 6, Align::Left), ("Base (€)", 2, Align::Right), ("Impôt (€)", 2, Align::Right)],
                rows,
            )),
            Block::Paragraph(format!("Paiement télétransmis, prélèvement le {}.", long(after(books.year.end, 135)))),
        ],
    }
}

/// The notice of the local business tax.
pub(crate) fn business_tax(company: &Company, year: FiscalYear) -> Report {
    let base = Cents::euros(i64::from(company.siren % 4_000) + 2_600);
    let tax = base.at_rate(2_612).to_whole_euros();
    let fees = tax.at_rate(300).to_whole_euros();
    let rows = vec![
        Row::plain([
            "Cotisation foncière des entreprises".to_owned(),
            base.rounded(),
            "26,12 %".to_owned(),
            tax.rounded(),
        ]),
        Row::plain([
            "Frais de gestion de la fiscalité directe locale".to_owned(),
            String::new(),
            "3,00 %".to_owned(),
            fees.rounded(),
        ]),
        Row::strong(["Montant de votre impôt".to_owned(), String::new(), String::new(), (tax + fees).rounded()]),
    ];
    let month = Month { year: Month::of(year.start).year, month: 11 };
    let date = day_of(month, 3).min(crate::firm::TODAY);
    Report {
        letterhead: Letterhead::Administration {
            name: TAX_OFFICE,
            office: "Avis d'impôt – cotisation foncière des entreprises".to_owned(),
        },
        title: format!("Avis de CFE {}", month.year),
        subtitle: format!("{} – {}, {}", company.name, company.street, company.city()),
        date,
        blocks: vec![
            Block::Table(Table::new(
                &[
                    ("Détail", 6, Align::Left),
                    ("Base", 2, Align::Right),
                    ("Taux", 2, Align::Right),
                    ("Montant (€)", 2, Align::Right),
                ],
                rows,
            )),
            Block::Paragraph(format!("À payer au plus tard le 15 décembre {}.", month.year)),
        ],
    }
}
