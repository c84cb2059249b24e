//! How texts are ordered and found, and what an e-mail address looks like.

use domain::person::is_email;
use domain::text::{folded, sort_key};
use proptest::prelude::*;

#[test]
fn names_sort_as_a_french_reader_expects() {
    let sorted = [
        "2 contrats",
        "10 contrats",
        "Achats",
        "avenant",
        "Éclair",
        "écluse",
        "Facture",
        "facture 9",
        "Facture 10",
        "facture 010 bis",
        "FACTURE 100",
        "Œuvre",
        "Oguz",
        "relevé 2026-02",
        "Relevé 2026-10",
        "relevé 2027-01",
        "Zoé",
    ];
    for pair in sorted.windows(2) {
        assert!(sort_key(pair[0]) < sort_key(pair[1]), "{:?} before {:?}", pair[0], pair[1]);
    }
}

#[test]
fn accents_case_and_ligatures_do_not_count() {
    for (a, b) in [("Déclaration", "DECLARATION"), ("Œuvre", "oeuvre"), ("Ægis", "aegis"), ("ﬁn", "FIN"), ("İ", "i")]
    {
        assert_eq!(folded(a), folded(b), "{a:?} and {b:?}");
    }
    assert_ne!(folded("a b"), folded("ab"));
}

#[test]
fn numbers_sort_by_value_however_they_are_written() {
    for (smaller, larger) in
        [("0", "1"), ("9", "10"), ("099", "100"), ("99999999999999999999", "100000000000000000000")]
    {
        assert!(sort_key(smaller) < sort_key(larger), "{smaller} before {larger}");
    }
    assert_eq!(sort_key("facture 007"), sort_key("facture 7"), "the id decides then");
}

#[test]
fn an_address_has_one_at_and_a_dotted_domain() {
    for text in ["a@b.fr", "jean.dupont+ged@cabinet-martin.fr", "é@exemple.fr", "a@b.c.d"] {
        assert!(is_email(text), "{text:?}");
    }
    let long = format!("{}@b.fr", "a".repeat(260));
    for text in [
        "", "a", "a@", "@b.fr", "a@b", "a@b..fr", "a@.fr", "a@b.", "a b@c.fr", "a@b@c.fr", "<a@b.fr>", "a,b@c.fr",
        &long,
    ] {
        assert!(!is_email(text), "{text:?}");
    }
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing_more(text in any::<String>()) {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once);
    }

    #[test]
    fn counted_names_sort_by_their_count(a in 0..u64::MAX, b in 0..u64::MAX) {
        let keys = (sort_key(&format!("pièce {a}")), sort_key(&format!("Piece {b:03}")));
        prop_assert_eq!(keys.0.cmp(&keys.1), a.cmp(&b));
    }
}
