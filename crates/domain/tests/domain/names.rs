//! Names that every disk can hold: examples, then laws over the nastiest texts.

use domain::name::{
    InvalidName, MAX_NAME_BYTES, MAX_NAME_UTF16, check, compose, is_temporary, key, numbered, portable, split_extension,
};
use proptest::prelude::*;

#[test]
fn names_are_accepted_or_refused_with_a_repair() {
    use InvalidName as I;
    let table = [
        ("Facture 12.pdf", Ok(()), "Facture 12.pdf"),
        ("Relevé n° 4 – août.pdf", Ok(()), "Relevé n° 4 – août.pdf"),
        (".gitignore", Ok(()), ".gitignore"),
        ("..pdf", Ok(()), "..pdf"),
        ("console", Ok(()), "console"),
        ("COM10", Ok(()), "COM10"),
        ("", Err(I::Empty), "Sans nom"),
        (" . ", Err(I::Empty), "Sans nom"),
        ("a:b", Err(I::ForbiddenCharacter(':')), "a_b"),
        ("Achats/Ventes", Err(I::ForbiddenCharacter('/')), "Achats_Ventes"),
        ("ligne\n2", Err(I::ForbiddenCharacter('\n')), "ligne_2"),
        ("nul", Err(I::Reserved), "_nul"),
        ("CON.txt", Err(I::Reserved), "_CON.txt"),
        ("aux .tar.gz", Err(I::Reserved), "_aux .tar.gz"),
        ("com1", Err(I::Reserved), "_com1"),
        ("LPT².pdf", Err(I::Reserved), "_LPT².pdf"),
        ("fin.", Err(I::TrailingSpaceOrDot), "fin"),
        ("fin ", Err(I::TrailingSpaceOrDot), "fin"),
        (" début", Err(I::TrailingSpaceOrDot), "début"),
        ("~$Lettre.docx", Err(I::Temporary), "_~$Lettre.docx"),
        ("._photo.jpg", Err(I::Temporary), "_._photo.jpg"),
        ("Thumbs.db", Err(I::Temporary), "_Thumbs.db"),
        ("export.tmp", Err(I::Temporary), "export.tmp_"),
        ("gros.zip.crdownload", Err(I::Temporary), "gros.zip.crdownload_"),
    ];
    for (name, expected, repaired) in table {
        assert_eq!(check(name), expected, "{name:?}");
        assert_eq!(portable(name), repaired, "{name:?}");
    }
}

#[test]
fn a_long_name_is_cut_before_its_extension() {
    let name = format!("{}.pdf", "é".repeat(300));
    assert_eq!(check(&name), Err(InvalidName::TooLong));
    let cut = portable(&name);
    assert!(cut.ends_with("é.pdf"), "{cut}");
    assert_eq!(cut.encode_utf16().count(), MAX_NAME_UTF16, "no shorter than it must be");
    // Three bytes for one unit of UTF-16: the limit in bytes comes first.
    let cut = portable(&format!("{}.pdf", "漢".repeat(100)));
    assert!(cut.len() <= MAX_NAME_BYTES && cut.len() > MAX_NAME_BYTES - 3, "{} bytes", cut.len());
}

#[test]
fn a_cut_that_uncovers_a_temporary_ending_is_repaired() {
    let name = format!("{}.tmp{}", "a".repeat(MAX_NAME_UTF16 - 4), "b".repeat(40));
    let repaired = portable(&name);
    assert_eq!(check(&repaired), Ok(()), "{repaired}");
}

#[test]
fn two_names_of_one_folder_are_the_same_without_case_and_form() {
    for (a, b) in [
        ("Été.pdf", "ÉTÉ.PDF"),
        ("e\u{301}te\u{301}.pdf", "\u{e9}t\u{e9}.pdf"),
        ("STRASSE", "straße"),
        ("ΟΔΟΣ", "οδος"),
    ] {
        assert_eq!(key(a), key(b), "{a:?} and {b:?}");
    }
    for (a, b) in [("Ete.pdf", "Été.pdf"), ("facture 1", "facture 01"), ("a b", "a  b")] {
        assert_ne!(key(a), key(b), "{a:?} and {b:?}");
    }
}

#[test]
fn a_number_goes_before_the_extension() {
    for (name, expected) in [
        ("Facture.pdf", "Facture (2).pdf"),
        ("archive.tar.gz", "archive.tar (2).gz"),
        ("Sans extension", "Sans extension (2)"),
        (".gitignore", ".gitignore (2)"),
        ("M. Dupont", "M. Dupont (2)"),
        ("..pdf", "Sans nom (2).pdf"),
    ] {
        assert_eq!(numbered(name, 2), expected, "{name:?}");
    }
}

#[test]
fn an_extension_is_short_and_has_no_space() {
    for (name, expected) in [
        ("a.pdf", ("a", ".pdf")),
        (".bashrc", (".bashrc", "")),
        ("M. Dupont", ("M. Dupont", "")),
        ("a.extensiontoolong", ("a.extensiontoolong", "")),
        ("a", ("a", "")),
    ] {
        assert_eq!(split_extension(name), expected, "{name:?}");
    }
}

#[test]
fn passing_files_of_programs_are_nobody_s_documents() {
    for name in ["~$a.docx", ".~lock.a.ods#", "~WRL0001.tmp", "x.TMP", ".DS_Store", "desktop.ini", "a.part", ".a.swp"] {
        assert!(is_temporary(name), "{name:?}");
    }
    for name in ["tmp", "partage.pdf", "a.partie", ".tmp", "~brouillon.docx", "ini"] {
        assert!(!is_temporary(name), "{name:?}");
    }
}

/// Texts with what breaks names: forbidden and combining characters, devices, temporary endings, and great length.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just(".".to_owned()),
        Just(" ".to_owned()),
        Just(".tmp".to_owned()),
        Just("~$".to_owned()),
        Just("CON".to_owned()),
        Just("com¹".to_owned()),
        Just("e\u{301}".to_owned()),
        Just("\u{338}".to_owned()),
        Just("\u{345}".to_owned()),
        Just("ﬁ".to_owned()),
        Just("İ".to_owned()),
        Just(".crdownload".to_owned()),
        Just("<".to_owned()),
        (1..130_usize).prop_map(|n| "x".repeat(n)),
        (1..70_usize).prop_map(|n| "𝄞".repeat(n)),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn a_repaired_name_is_accepted_composed_and_repaired_no_further(name in nasty()) {
        let repaired = portable(&name);
        prop_assert_eq!(check(&repaired), Ok(()), "{:?}", repaired);
        prop_assert_eq!(&compose(&repaired), &repaired, "NFC");
        prop_assert_eq!(&portable(&repaired), &repaired, "twice");
    }

    #[test]
    fn a_composed_name_that_is_accepted_needs_no_repair(name in nasty()) {
        let composed = compose(&name);
        if check(&composed).is_ok() {
            prop_assert_eq!(portable(&composed), composed);
        }
    }

    #[test]
    fn numbered_names_are_accepted_and_all_different(name in nasty(), a in 2..1_000_000_u32, b in 2..1_000_000_u32) {
        let base = portable(&name);
        let (first, second) = (numbered(&base, a), numbered(&base, b));
        prop_assert_eq!(check(&first), Ok(()), "{:?}", first);
        prop_assert_eq!(key(&first) == key(&second), a == b);
        prop_assert_ne!(key(&first), key(&base));
    }

    #[test]
    fn the_key_does_not_depend_on_the_form(name in nasty()) {
        use unicode_normalization::UnicodeNormalization as _;
        let decomposed: String = name.nfd().collect();
        prop_assert_eq!(key(&decomposed), key(&name));
        prop_assert_eq!(key(&compose(&name)), key(&name));
    }
}
