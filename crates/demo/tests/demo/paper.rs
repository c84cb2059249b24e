//! What `pdftotext` reads on the papers. Without that program these tests say so and stop: the rest does not need it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::{files, place};

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn say_skipped() {
    eprintln!("pdftotext is not installed: the text of the papers is not checked");
}

/// The text of a PDF as it is laid out, or `None` where the program is missing.
fn text_of(pdf: &[u8]) -> Option<String> {
    let started = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut program) = started else {
        say_skipped();
        return None;
    };
    let mut input = program.stdin.take().expect("the input is piped");
    // The program reads everything before it writes.
    input.write_all(pdf).expect("the program reads the PDF");
    drop(input);
    let output = program.wait_with_output().expect("the program ends");
    assert!(output.status.success(), "the PDF opens");
    Some(String::from_utf8(output.stdout).expect("the text is UTF-8").replace('\u{a0}', " "))
}

/// The amounts at the end of the first line that holds `label`, in cents.
fn amounts(text: &str, label: &str) -> Vec<i64> {
    let line =
        text.lines().find(|line| line.contains(label)).unwrap_or_else(|| panic!("a line holds {label:?} in:\n{text}"));
    let figures = line.split_once(label).map(|(_, rest)| rest).unwrap_or_default().replace('€', "");
    let amounts = figures.split("  ").map(str::trim).filter(|cell| cell.contains(',') && !cell.contains('%'));
    amounts
        .map(|cell| cell.replace([' ', ','], "").parse().unwrap_or_else(|_| panic!("{cell:?} is an amount")))
        .collect()
}

#[test]
fn invoices_show_their_totals_and_their_accents() {
    let mut read = 0;
    for (document, bytes) in files("pdf") {
        let Some(invoice) = document.invoice() else { continue };
        let Some(text) = text_of(bytes) else { return };
        if text.trim().is_empty() {
            // A scan has no text.
            continue;
        }
        assert!(
            text.contains("Désignation") && text.contains("Échéance") && text.contains("Conditions de règlement"),
            "{} has its accents",
            place(document)
        );
        assert!(
            text.contains(&invoice.number)
                && text.contains(&invoice.issuer.name)
                && text.contains(&invoice.customer.name)
        );
        assert_eq!(amounts(&text, "Total HT"), [invoice.net().0], "{} shows its net total", place(document));
        assert_eq!(amounts(&text, "Total TTC"), [invoice.gross().0], "{} shows its total", place(document));
        assert!(text.contains("SIRET"), "the foot of {} has the legal mentions", place(document));
        read += 1;
    }
    assert!(read >= 40, "{read} invoices have a text");
}

#[test]
fn payslips_go_from_gross_to_net() {
    let mut read = 0;
    for (document, bytes) in files("pdf").filter(|(document, _)| document.name.contains("Bulletin de paie")) {
        let Some(text) = text_of(bytes) else { return };
        let one = |label: &str| {
            *amounts(&text, label).first().unwrap_or_else(|| panic!("{label} has an amount in {}", place(document)))
        };
        let before_tax = one("NET À PAYER AVANT IMPÔT SUR LE REVENU");
        assert_eq!(
            one("SALAIRE BRUT") - one("TOTAL DES COTISATIONS ET CONTRIBUTIONS"),
            before_tax,
            "contributions are withheld in {}",
            place(document)
        );
        let tax = *amounts(&text, "Impôt sur le revenu prélevé à la source").last().expect("the tax has an amount");
        assert_eq!(before_tax - tax, one("NET PAYÉ EN EUROS"), "tax is withheld in {}", place(document));
        read += 1;
    }
    assert!(read >= 10, "{read} payslips were read");
}

#[test]
fn statements_run_from_one_balance_to_the_next() {
    let mut last: Option<(&str, i64)> = None;
    let (mut read, mut long, mut followed) = (0, 0, 0);
    for (document, bytes) in files("pdf").filter(|(document, _)| document.name.contains("Relevé de compte")) {
        let Some(text) = text_of(bytes) else { return };
        let opening = amounts(&text, "SOLDE EN DÉBUT DE PÉRIODE")[0];
        let movements = amounts(&text, "TOTAL DES MOUVEMENTS");
        let closing = amounts(&text, "SOLDE AU ")[0];
        assert_eq!(opening - movements[0] + movements[1], closing, "{} runs", place(document));
        if let Some((file, balance)) = last
            && file == document.client_file
        {
            assert_eq!(balance, opening, "{} begins where the month before ended", place(document));
            followed += 1;
        }
        last = Some((document.client_file, closing));
        long += usize::from(text.contains("(suite)"));
        read += 1;
    }
    assert!(
        read >= 15 && long >= 3 && followed >= 4,
        "{read} statements, {long} of several pages, {followed} that follow another"
    );
}

#[test]
fn balance_sheets_balance() {
    let mut read = 0;
    for (document, bytes) in files("pdf").filter(|(document, _)| document.name.contains("Plaquette")) {
        let Some(text) = text_of(bytes) else { return };
        assert_eq!(
            amounts(&text, "TOTAL DE L'ACTIF"),
            amounts(&text, "TOTAL DU PASSIF"),
            "{} balances",
            place(document)
        );
        read += 1;
    }
    assert!(read >= 8, "{read} annual accounts were read");
}
