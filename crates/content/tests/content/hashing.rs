//! The two hashes, and the reader that lets no damage through.

use std::io::{self, Read};

use content::{DamagedContent, Digest, Evidence, Hasher, Sha256Hash, VerifyingReader, hash_reader};
use domain::content::ContentHash;

use crate::sample;

#[test]
fn both_hashes_are_the_published_ones() {
    // Test vectors of the two specifications for "abc".
    let digest = hash_reader(&mut b"abc".as_slice(), Evidence::Sha256).unwrap();
    assert_eq!(digest.hash.to_string(), "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85");
    let sha256 = digest.sha256.unwrap();
    assert_eq!(sha256.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(sha256.to_string().parse::<Sha256Hash>().unwrap(), sha256);
    assert!("ba78".parse::<Sha256Hash>().is_err());
    assert_eq!(digest.size, 3);
}

#[test]
fn pieces_hash_as_the_whole() {
    let bytes = sample(1, 500_000);
    let mut hasher = Hasher::new(Evidence::None);
    for piece in bytes.chunks(7_777) {
        hasher.update(piece);
    }
    let expected = Digest { hash: ContentHash::of(&bytes), sha256: None, size: 500_000 };
    assert_eq!(hasher.finish(), expected);
    assert_eq!(hash_reader(&mut bytes.as_slice(), Evidence::None).unwrap(), expected);
}

fn read_all(stored: &[u8], hash: ContentHash, size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    VerifyingReader::new(stored, hash, size).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[test]
fn a_verified_reader_gives_the_content_or_an_error() {
    let bytes = sample(2, 300_000);
    let hash = ContentHash::of(&bytes);
    assert_eq!(read_all(&bytes, hash, 300_000).unwrap(), bytes);
    assert_eq!(read_all(&[], ContentHash::of(b""), 0).unwrap(), b"");

    let mut flipped = bytes.clone();
    flipped[123_456] ^= 1;
    for (stored, size, why) in [
        (flipped.as_slice(), 300_000, "a flipped bit"),
        (&bytes[..299_999], 300_000, "a byte missing"),
        (&bytes, 299_999, "a shorter size than the content's"),
        (&[], 300_000, "nothing there"),
    ] {
        let error = read_all(stored, hash, size).unwrap_err();
        assert_eq!(error.downcast::<DamagedContent>().unwrap().hash, hash, "{why}");
    }
    assert!(read_all(&[], hash, 0).is_err(), "an empty file is not the content");
}

#[test]
fn damage_is_told_before_the_last_byte_and_again() {
    let bytes = sample(3, 1000);
    let wrong = ContentHash::of(b"another");
    let mut reader = VerifyingReader::new(bytes.as_slice(), wrong, 1000);
    let mut exact = [0; 1000];
    assert!(reader.read_exact(&mut exact).is_err(), "who knows the size never reads the end");
    assert!(reader.read(&mut exact).is_err(), "the second try must not look like the end");
}
