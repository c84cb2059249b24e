//! The files are of the type that their names say, and are the same each time.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use demo::{Document, demonstration_firm};
use mail_parser::{MessageParser, MimeHeaders as _};

use crate::{BYTES, FIRM, SEED, files, place};

fn archive(bytes: &[u8]) -> zip::ZipArchive<Cursor<&[u8]>> {
    zip::ZipArchive::new(Cursor::new(bytes)).expect("it is an archive")
}

fn entry(bytes: &[u8], name: &str) -> String {
    let mut text = String::new();
    archive(bytes)
        .by_name(name)
        .expect("the archive has this part")
        .read_to_string(&mut text)
        .expect("the part is text");
    text
}

#[test]
fn files_begin_as_their_type_does() {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for (document, bytes) in FIRM.documents.iter().zip(&*BYTES) {
        let extension = document.name.rsplit('.').next().expect("a name has an extension");
        let (at, magic): (usize, &[u8]) = match extension {
            "pdf" => (0, b"%PDF-1."),
            "jpg" => (0, &[0xff, 0xd8, 0xff]),
            "png" => (0, b"\x89PNG\r\n"),
            "xlsx" | "docx" | "zip" => (0, b"PK\x03\x04"),
            "heic" => (4, b"ftypheic"),
            "txt" => (0, b"JournalCode\tJournalLib\t"),
            "csv" => (0, "\u{feff}Date;Libellé".as_bytes()),
            "eml" => (0, b"From: "),
            other => panic!("{other} is not a type of the firm"),
        };
        assert!(bytes[at..].starts_with(magic), "{} is a real {extension}", place(document));
        *kinds.entry(extension).or_default() += 1;
    }
    assert_eq!(kinds.len(), 10, "every type is there: {kinds:?}");
    assert!(
        kinds["pdf"] > 150 && kinds["xlsx"] > 30 && kinds["docx"] > 20 && kinds["jpg"] > 15,
        "in believable numbers: {kinds:?}"
    );
}

#[test]
fn the_firm_weighs_what_a_demonstration_can() {
    let total: usize = BYTES.iter().map(Vec::len).sum();
    assert!((15_000_000..60_000_000).contains(&total), "{total} bytes are between 15 and 60 MB");
    for (document, bytes) in files("jpg") {
        assert!(
            (60_000..420_000).contains(&bytes.len()),
            "{} weighs {} bytes, as a photograph does",
            place(document),
            bytes.len()
        );
    }
}

/// Rendered in the other order, so that a counter hidden in a library would show.
#[test]
fn the_same_seed_gives_the_same_bytes() {
    let again = demonstration_firm(SEED);
    assert_eq!(again.documents.len(), FIRM.documents.len());
    let first = FIRM.documents.iter().zip(&*BYTES);
    for ((document, bytes), other) in first.zip(&again.documents).rev() {
        assert_eq!((&document.folder, &document.name), (&other.folder, &other.name));
        assert!(*bytes == other.bytes(), "{} has the same bytes when it is made again", place(document));
    }
}

#[test]
fn messages_carry_their_invoice() {
    let mut messages = 0;
    for (document, bytes) in files("eml") {
        let message = MessageParser::default().parse(bytes).expect("it is a message");
        let subject = message.subject().expect("it has a subject");
        assert!(
            subject.starts_with("Votre facture n° ") && subject.contains("échéance"),
            "the accents of {subject:?} survive"
        );
        assert!(message.date().is_some() && message.message_id().is_some());
        assert!(message.body_text(0).expect("it has a text").contains("Veuillez trouver ci-joint notre facture"));
        let attachment = message.attachment(0).expect("it has an attachment");
        assert!(attachment.attachment_name().is_some_and(|name| name.starts_with("Facture ")));
        assert!(attachment.contents().starts_with(b"%PDF"), "the attachment of {} is a PDF", place(document));
        messages += 1;
    }
    assert!(messages >= 4, "{messages} messages are waiting to be filed");
}

#[test]
fn the_archive_holds_invoices() {
    let (document, bytes) = files("zip").next().expect("there is an archive");
    let names: Vec<String> =
        archive(bytes).file_names().map(|name| name.expect("names are text").into_owned()).collect();
    assert!(names.len() >= 3, "{} has several files: {names:?}", place(document));
    assert!(names.iter().all(|name| name.starts_with("Factures mai/")));
}

/// Cells of a column that hold a number, by row; and the formula of the last.
fn column(sheet: &str, letter: char) -> (Vec<f64>, String) {
    let cells = sheet.split("<c r=\"").skip(1).filter(|cell| {
        cell.starts_with(letter)
            && cell[1..].starts_with(|next: char| next.is_ascii_digit())
            && !cell.split('>').next().unwrap_or_default().contains("t=\"s\"")
    });
    let between = |cell: &str, open: &str, close: &str| {
        cell.split_once(open).and_then(|(_, rest)| rest.split_once(close)).map(|(inside, _)| inside.to_owned())
    };
    let mut values = Vec::new();
    let mut formula = String::new();
    for cell in cells {
        if let Some(value) = between(cell, "<v>", "</v>") {
            values.push(value.parse().expect("a cell holds a number"));
            formula = between(cell, "<f>", "</f>").unwrap_or_default();
        }
    }
    (values, formula)
}

#[test]
fn totals_of_workbooks_are_formulas_that_agree_with_their_results() {
    let mut checked = 0;
    for (document, bytes) in files("xlsx").filter(|(document, _)| document.name.contains("Balance")) {
        let sheet = entry(bytes, "xl/worksheets/sheet1.xml");
        let mut totals = Vec::new();
        for letter in ['C', 'D'] {
            let (mut values, formula) = column(&sheet, letter);
            let total = values.pop().expect("the column has a total");
            assert!(
                formula.starts_with(&format!("SUM({letter}4:")),
                "the total of {} is a formula: {formula}",
                place(document)
            );
            assert!((values.iter().sum::<f64>() - total).abs() < 0.005, "and its result is right");
            totals.push(total);
        }
        assert!((totals[0] - totals[1]).abs() < 0.005, "debits equal credits in {}", place(document));
        checked += 1;
    }
    assert!(checked >= 10, "{checked} balances were checked");
}

#[test]
fn letters_keep_their_accents() {
    for (document, bytes) in files("docx").filter(|(document, _)| document.name.contains("PV AGO")) {
        let text = entry(bytes, "word/document.xml");
        assert!(
            text.contains("Première résolution") && text.contains("assemblée générale ordinaire"),
            "{} is in French",
            place(document)
        );
    }
    let letters: Vec<&Document> = files("docx").map(|(document, _)| document).collect();
    assert!(letters.iter().any(|document| document.versions.len() == 2), "minutes go from draft to final");
}
