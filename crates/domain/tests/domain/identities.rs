//! Derived ids are the same on every machine and different for different things; hashes are read back.

use domain::content::ContentHash;
use domain::id::{ClientFileId, FiscalYearId, NodeId};
use domain::time::Instant;

#[test]
fn derived_ids_hash_what_the_thing_is() {
    let folder = NodeId::derived(&["client", "achats", "2026-03"]);
    assert_eq!(folder, NodeId::derived(&["client", "achats", "2026-03"]));
    // Written out, so that a change of the derivation, which would double every folder of every firm, is seen.
    assert_eq!(folder.to_string(), EXPECTED_FOLDER);
    assert_ne!(folder, NodeId::derived(&["client", "achats2026-03"]), "the parts' borders count");
    assert_ne!(folder, NodeId::derived(&["clientachats", "2026-03"]));
    assert_ne!(folder.0, FiscalYearId::derived(&["client", "achats", "2026-03"]).0, "the kind counts");
    assert_eq!(folder.0.get_version_num(), 8);
    assert_eq!(folder.0.get_variant(), uuid::Variant::RFC4122);
}

const EXPECTED_FOLDER: &str = "3d4a981d-9233-8d1c-a1d6-09229493ddf0";

#[test]
fn ids_are_read_back_from_their_text_and_json() {
    let id = ClientFileId::derived(&["Alter Ce"]);
    assert_eq!(id.to_string().parse(), Ok(id));
    assert_eq!(id.root().to_string(), id.to_string(), "a client file is the root of its tree");
    assert!("Alter Ce".parse::<ClientFileId>().is_err());
}

#[test]
fn a_content_is_its_blake3() {
    let empty = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";
    assert_eq!(ContentHash::of(b"").to_string(), empty);
    assert_eq!(empty.parse(), Ok(ContentHash::of(b"")));
    for text in ["", "af13", "zz", &empty[1..]] {
        assert!(text.parse::<ContentHash>().is_err(), "{text:?}");
    }
}

#[test]
fn instants_are_milliseconds_of_utc() {
    assert_eq!(Instant(1_798_761_600_000).to_utc().to_rfc3339(), "2027-01-01T00:00:00+00:00");
    assert_eq!(Instant::from(Instant(-1).to_utc()), Instant(-1));
    assert_eq!(Instant(i64::MAX).plus(1), Instant(i64::MAX), "no overflow");
}
