//! Annual accounts: balance sheet, income statement, general ledger, tax return, all from the books.

use crate::books::YearBooks;
use crate::books::chart::label;
use crate::companies::{Company, FIRM};
use crate::french::{after, long, short};
use crate::identifiers::spaced_siren;
use crate::money::Cents;
use crate::page::{Align, Block, Letterhead, Report, Row, Table};

/// Lines of the income statement: label, prefixes of accounts, whether it is income.
const INCOME: [(&str, &[&str]); 3] = [
    ("Ventes de marchandises", &["707"]),
    ("Production vendue de services", &["706"]),
    ("Autres produits de gestion", &["75"]),
];
const EXPENSES: [(&str, &[&str]); 9] = [
    ("Achats de marchandises", &["607"]),
    ("Achats de matières premières et approvisionnements", &["601", "602"]),
    ("Autres achats et charges externes", &["604", "605", "606", "61", "62"]),
    ("Salaires et rémunérations", &["641", "644"]),
    ("Charges sociales", &["645"]),
    ("Dotations aux amortissements", &["681"]),
    ("Autres charges de gestion", &["65"]),
    ("Intérêts et charges assimilées", &["66"]),
    ("Impôts sur les bénéfices", &["69"]),
];
const ASSETS: [(&str, &[&str]); 3] = [
    ("Constructions", &["213", "2813"]),
    ("Installations techniques et matériel", &["2154", "28154"]),
    ("Autres immobilisations corporelles", &["218", "2818"]),
];
const RECEIVABLES: [(&str, &[&str]); 4] = [
    ("Clients et comptes rattachés", &["411"]),
    ("Crédit de TVA", &["44567"]),
    ("Valeurs à l'encaissement", &["511"]),
    ("Disponibilités", &["512", "530"]),
];
const EQUITY: [(&str, &[&str]); 2] = [("Capital", &["101"]), ("Report à nouveau", &["11", "12"])];
const LIABILITIES: [(&str, &[&str]); 5] = [
    ("Emprunts auprès des établissements de crédit", &["164"]),
    ("Comptes courants d'associés", &["455"]),
    ("Fournisseurs et comptes rattachés", &["401"]),
    ("Dettes sociales", &["42", "43"]),
    ("Dettes fiscales", &["4421", "444", "44551"]),
];

const TWO: [(&str, u16, Align); 2] = [("", 7, Align::Left), ("Montant (€)", 3, Align::Right)];

struct Section {
    rows: Vec<Row>,
    total: Cents,
}

/// One line for each heading that is worth something; `sign` is 1 for what is a debit in the books, -1 for a credit.
fn section(books: &YearBooks, headings: &[(&str, &[&str])], sign: i64) -> Section {
    let mut section = Section { rows: Vec::new(), total: Cents::ZERO };
    for (heading, prefixes) in headings {
        let amount = books.balance_of(prefixes) * sign;
        if amount != Cents::ZERO {
            section.rows.push(Row::plain([(*heading).to_owned(), amount.to_string()]));
            section.total += amount;
        }
    }
    section
}

impl Section {
    fn close(mut self, title: &str) -> Vec<Row> {
        self.rows.push(Row::strong([title.to_owned(), self.total.to_string()]));
        self.rows
    }
}

fn balance_sheet(books: &YearBooks) -> Vec<Block> {
    let result = books.result();
    let assets = section(books, &ASSETS, 1);
    let current = section(books, &RECEIVABLES, 1);
    let whole = assets.total + current.total;
    let mut active = assets.close("ACTIF IMMOBILISÉ");
    active.extend(current.close("ACTIF CIRCULANT"));
    active.push(Row::strong(["TOTAL DE L'ACTIF".to_owned(), whole.to_string()]));
    let mut equity = section(books, &EQUITY, -1);
    equity.rows.push(Row::plain(["Résultat de l'exercice".to_owned(), result.to_string()]));
    equity.total += result;
    let debts = section(books, &LIABILITIES, -1);
    let whole = equity.total + debts.total;
    let mut passive = equity.close("CAPITAUX PROPRES");
    passive.extend(debts.close("DETTES"));
    passive.push(Row::strong(["TOTAL DU PASSIF".to_owned(), whole.to_string()]));
    vec![
        Block::Heading("Bilan – actif".to_owned()),
        Block::Table(Table::new(&TWO, active)),
        Block::Heading("Bilan – passif".to_owned()),
        Block::Table(Table::new(&TWO, passive)),
    ]
}

fn income_statement(books: &YearBooks) -> Vec<Block> {
    let income = section(books, &INCOME, -1);
    let expenses = section(books, &EXPENSES, 1);
    let mut rows = income.close("TOTAL DES PRODUITS");
    rows.extend(expenses.close("TOTAL DES CHARGES"));
    let result = books.result();
    let title =
        if result >= Cents::ZERO { "RÉSULTAT DE L'EXERCICE (BÉNÉFICE)" } else { "RÉSULTAT DE L'EXERCICE (PERTE)" };
    rows.push(Row::strong([title.to_owned(), result.to_string()]));
    vec![Block::Heading("Compte de résultat".to_owned()), Block::Table(Table::new(&TWO, rows))]
}

fn trial_balance_table(books: &YearBooks) -> Table {
    let mut rows: Vec<Row> = Vec::new();
    let (mut debits, mut credits) = (Cents::ZERO, Cents::ZERO);
    for (account, (debit, credit)) in books.trial_balance() {
        debits += debit;
        credits += credit;
        let balance = debit - credit;
        rows.push(Row::plain([
            account.clone(),
            label(&account).to_owned(),
            debit.to_string(),
            credit.to_string(),
            balance.to_string(),
        ]));
    }
    rows.push(Row::strong([
        String::new(),
        "TOTAUX".to_owned(),
        debits.to_string(),
        credits.to_string(),
        (debits - credits).to_string(),
    ]));
    Table::new(
        &[
            ("Compte", 2, Align::Left),
            ("Libellé", 5, Align::Left),
            ("Débit", 3, Align::Right),
            ("Crédit", 3, Align::Right),
            ("Solde", 3, Align::Right),
        ],
        rows,
    )
}

/// The bound presentation of the accounts given to the client.
pub(crate) fn booklet(company: &Company, books: &YearBooks) -> Report {
    let year = books.year;
    let revenue = -books.balance_of(&["70"]);
    let mut blocks = vec![
        Block::Pairs(vec![
            ("Entreprise".to_owned(), format!("{} – {}", company.name, company.legal())),
            ("SIREN".to_owned(), spaced_siren(&company.siren())),
            ("Exercice".to_owned(), format!("du {} au {}", long(year.start), long(year.end))),
        ]),
        Block::Heading("Attestation de présentation des comptes".to_owned()),
        Block::Paragraph(format!(
            "Dans le cadre de la mission de présentation des comptes annuels de l'entreprise {} relatifs à l'exercice du {} au {} qui nous a été confiée, nous avons effectué les diligences prévues par les normes définies par l'Ordre des experts-comptables.",
            company.name,
            short(year.start),
            short(year.end)
        )),
        Block::Paragraph(format!(
            "À la date de nos travaux, qui ne constituent pas un audit, et à l'issue de ceux-ci, nous n'avons pas relevé d'éléments remettant en cause la cohérence et la vraisemblance des comptes annuels, qui se caractérisent par un chiffre d'affaires de {} et un résultat net comptable de {}.",
            revenue.with_sign(),
            books.result().with_sign()
        )),
        Block::Signatures("Claire Fontaine, expert-comptable".to_owned(), String::new()),
        Block::PageBreak,
    ];
    blocks.extend(balance_sheet(books));
    blocks.push(Block::PageBreak);
    blocks.extend(income_statement(books));
    blocks.push(Block::Heading("Annexe – règles et méthodes comptables".to_owned()));
    blocks.push(Block::Paragraph("Les comptes annuels sont établis conformément au plan comptable général, dans le respect du principe de prudence et de l'indépendance des exercices. Les immobilisations sont évaluées à leur coût d'acquisition et amorties selon le mode linéaire sur leur durée d'utilisation. Les créances sont valorisées à leur valeur nominale.".to_owned()));
    blocks.push(Block::PageBreak);
    blocks.push(Block::Heading("Balance générale".to_owned()));
    blocks.push(Block::Table(trial_balance_table(books)));
    Report {
        letterhead: Letterhead::Company(FIRM.party()),
        title: format!("Comptes annuels {}", year.end.format("%Y")),
        subtitle: company.name.to_owned(),
        date: after(year.end, 96),
        blocks,
    }
}

/// The tax return, as its tables 2050 to 2053.
pub(crate) fn tax_return(company: &Company, books: &YearBooks) -> Report {
    let year = books.year;
    let mut blocks = vec![
        Block::Pairs(vec![
            ("Désignation de l'entreprise".to_owned(), company.name.to_owned()),
            ("SIREN".to_owned(), spaced_siren(&company.siren())),
            ("Adresse".to_owned(), format!("{}, {}", company.street, company.city())),
            ("Exercice clos le".to_owned(), short(year.end)),
            (
                "Régime".to_owned(),
                if company.pays_corporate_tax {
                    "Impôt sur les sociétés – réel normal"
                } else {
                    "Impôt sur le revenu – réel"
                }
                .to_owned(),
            ),
        ]),
        Block::Heading("2050-SD et 2051-SD".to_owned()),
    ];
    blocks.extend(balance_sheet(books));
    blocks.push(Block::PageBreak);
    blocks.push(Block::Heading("2052-SD et 2053-SD".to_owned()));
    blocks.extend(income_statement(books));
    blocks.push(Block::Paragraph(format!(
        "Télétransmis le {} – procédure EDI-TDFC – accusé de réception n° {}{:06}.",
        short(after(year.end, 118)),
        year.end.format("%Y%m"),
        company.siren % 1_000_000
    )));
    Report {
        letterhead: Letterhead::Administration {
            name: "DIRECTION GÉNÉRALE DES FINANCES PUBLIQUES",
            office: "Liasse fiscale – déclaration de résultat".to_owned(),
        },
        title: format!("Liasse fiscale {}", year.end.format("%Y")),
        subtitle: "Formulaires 2050 à 2053".to_owned(),
        date: after(year.end, 118),
        blocks,
    }
}

/// The general ledger of a year, account after account.
pub(crate) fn general_ledger(company: &Company, books: &YearBooks) -> Report {
    let mut rows = Vec::new();
    for (account, (debit, credit)) in books.trial_balance() {
        rows.push(Row::strong([
            account.clone(),
            String::new(),
            label(&account).to_owned(),
            String::new(),
            String::new(),
        ]));
        for entry in &books.entries {
            for posting in entry.postings.iter().filter(|posting| posting.account == account) {
                let amount = Cents(posting.amount.0.abs()).to_string();
                let (debit, credit) =
                    if posting.amount >= Cents::ZERO { (amount, String::new()) } else { (String::new(), amount) };
                rows.push(Row::plain([
                    short(entry.date),
                    entry.journal.names().0.to_owned(),
                    entry.label.clone(),
                    debit,
                    credit,
                ]));
            }
        }
        rows.push(Row::plain([
            String::new(),
            String::new(),
            format!("Total {account}"),
            debit.to_string(),
            credit.to_string(),
        ]));
    }
    let columns = [
        ("Date", 2, Align::Left),
        ("Jal", 1, Align::Left),
        ("Libellé", 7, Align::Left),
        ("Débit", 3, Align::Right),
        ("Crédit", 3, Align::Right),
    ];
    Report {
        letterhead: Letterhead::Company(FIRM.party()),
        title: format!("Grand livre {}", books.year.end.format("%Y")),
        subtitle: format!("{} – du {} au {}", company.name, short(books.year.start), short(books.year.end)),
        date: after(books.year.end, 90),
        blocks: vec![Block::Table(Table::new(&columns, rows))],
    }
}
