//! How texts are ordered and searched, the same on every machine and database.
//!
//! Databases disagree on collation; a key computed here and stored beside the text does not.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Folds accents, ligatures and case: «Déclaration» and «DECLARATION» become `declaration`, «Œuvre» becomes `oeuvre`.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            _ => folded.push(c),
        }
    }
    folded
}

/// The key that sorts `text` as a French reader expects: accents and case aside, and numbers by their value
/// (`facture 9` before `facture 10`).
pub fn sort_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len() + 8);
    let mut digits = String::new();
    for c in folded(text).chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        push_number(&mut key, &mut digits);
        key.push(c);
    }
    push_number(&mut key, &mut digits);
    key
}

/// Appends a run of digits after its length, so that longer numbers sort after shorter ones.
fn push_number(key: &mut String, digits: &mut String) {
    if digits.is_empty() {
        return;
    }
    let significant = digits.trim_start_matches('0');
    // Lengths above 61 share one letter: no one writes such numbers, and the order stays total.
    let length = u8::try_from(significant.len().min(61)).unwrap_or(61);
    key.push(char::from(b'0' + length));
    key.push_str(significant);
    digits.clear();
}
