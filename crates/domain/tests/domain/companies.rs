//! SIREN and SIRET numbers: INSEE's vectors, La Poste's exception included.

use domain::company::{InvalidCompanyNumber, Siren, Siret};

#[test]
fn sirets_are_checked_as_insee_does() {
    let table = [
        ("73282932000074", Ok("73282932000074")),
        ("732 829 320 00074", Ok("73282932000074")),
        ("73282932000075", Err(InvalidCompanyNumber::Key)),
        ("20003452800014", Ok("20003452800014")),
        ("20003452800041", Err(InvalidCompanyNumber::Key)),
        ("13002526500013", Ok("13002526500013")),
        // La Poste: Luhn, or a sum of digits that is a multiple of five.
        ("35600000000048", Ok("35600000000048")),
        ("35600000009075", Ok("35600000009075")),
        ("35600000009076", Err(InvalidCompanyNumber::Key)),
        // The exception is La Poste's alone: this sum is a multiple of five too.
        ("73282932000070", Err(InvalidCompanyNumber::Key)),
        ("7328293200007", Err(InvalidCompanyNumber::Shape)),
        ("732829320000744", Err(InvalidCompanyNumber::Shape)),
        ("7328293200007A", Err(InvalidCompanyNumber::Shape)),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", Err(InvalidCompanyNumber::Shape)),
        ("", Err(InvalidCompanyNumber::Shape)),
    ];
    for (text, expected) in table {
        let found = Siret::parse(text).map(|siret| siret.to_string());
        assert_eq!(found, expected.map(str::to_owned), "{text:?}");
    }
}

#[test]
fn sirens_are_checked_by_their_key() {
    let table = [
        ("732829320", Ok("732829320")),
        (" 732 829 320 ", Ok("732829320")),
        ("732\u{a0}829\u{202f}320", Ok("732829320")),
        ("732829321", Err(InvalidCompanyNumber::Key)),
        ("356000000", Ok("356000000")),
        ("552100554", Ok("552100554")),
        ("130025265", Ok("130025265")),
        ("73282932", Err(InvalidCompanyNumber::Shape)),
        ("73282932000074", Err(InvalidCompanyNumber::Shape)),
        ("732-829-320", Err(InvalidCompanyNumber::Shape)),
    ];
    for (text, expected) in table {
        let found = Siren::parse(text).map(|siren| siren.as_str().to_owned());
        assert_eq!(found, expected.map(str::to_owned), "{text:?}");
    }
}

#[test]
fn an_establishment_knows_its_legal_unit() {
    let siret = Siret::parse("35600000009075").unwrap();
    assert_eq!(siret.siren(), Siren::parse("356000000").unwrap());
    assert_eq!(siret.as_str(), "35600000009075");
}

#[test]
fn every_single_wrong_digit_is_seen() {
    let right = "73282932000074";
    for position in 0..right.len() {
        for digit in b'0'..=b'9' {
            let mut wrong = right.as_bytes().to_vec();
            if wrong[position] == digit {
                continue;
            }
            wrong[position] = digit;
            let wrong = String::from_utf8(wrong).unwrap();
            assert_eq!(Siret::parse(&wrong), Err(InvalidCompanyNumber::Key), "{wrong}");
        }
    }
}
