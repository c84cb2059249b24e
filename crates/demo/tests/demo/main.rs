//! The demonstration firm seen from outside: what a store, a mirror and a person opening its files would find.

mod accounting;
mod files;
mod firm;
mod paper;
mod tree;

use std::sync::LazyLock;

use demo::{Document, Firm, demonstration_firm};

const SEED: u64 = 2026;

/// The firm, made once for all tests.
static FIRM: LazyLock<Firm> = LazyLock::new(|| demonstration_firm(SEED));

/// The bytes of every document, in the firm's order.
static BYTES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| FIRM.documents.iter().map(Document::bytes).collect());

/// The documents whose names end so, with their bytes.
fn files(extension: &str) -> impl Iterator<Item = (&'static Document, &'static [u8])> {
    let end = format!(".{extension}");
    FIRM.documents
        .iter()
        .zip(BYTES.iter().map(Vec::as_slice))
        .filter(move |(document, _)| document.name.ends_with(&end))
}

/// For messages.
fn place(document: &Document) -> String {
    format!("{}/{}/{}", document.client_file, document.folder.join("/"), document.name)
}
