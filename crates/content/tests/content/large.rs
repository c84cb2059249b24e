//! Large contents: in parts, in any order, over restarts, and never visible before they are whole and right.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use content::{PART_SIZE, PackOptions, PackStore, PartSet, Place, StoreError, Upload};
use domain::content::ContentHash;
use tempfile::TempDir;

use crate::packs::open;
use crate::sample;

const PART: usize = 8 * 1024 * 1024;

fn parts_of(bytes: &[u8]) -> Vec<(u32, &[u8])> {
    (0..).zip(bytes.chunks(PART)).collect()
}

fn expected(store: &PackStore, hash: ContentHash, size: u64) -> PartSet {
    match store.begin_large(hash, size).unwrap() {
        Upload::Parts(parts) => parts,
        Upload::Stored(place) => panic!("stored already at {place}"),
    }
}

#[test]
fn parts_in_any_order_make_the_content() {
    let bytes = sample(1, 2 * PART + 123);
    let (hash, size) = (ContentHash::of(&bytes), bytes.len() as u64);
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let folder = TempDir::new().unwrap();
        let store = open(folder.path());
        let begun = expected(&store, hash, size);
        assert_eq!((begun.size, begun.count), (size, 3));
        assert_eq!([0, 1, 2, 3].map(|part| begun.length_of(part)), [PART_SIZE, PART_SIZE, 123, 0]);
        let parts = parts_of(&bytes);
        for (sent, part) in order.into_iter().enumerate() {
            let missing = store.finish_large(hash).unwrap_err();
            assert!(
                matches!(missing, StoreError::Incomplete { missing, .. }
                    if usize::try_from(missing).unwrap() == 3 - sent),
                "{missing}"
            );
            let (number, bytes) = parts[part];
            store.write_part(hash, number, bytes).unwrap();
            store.write_part(hash, number, bytes).unwrap();
        }
        assert_eq!(store.finish_large(hash).unwrap(), Place::File);
        assert_eq!(store.finish_large(hash).unwrap(), Place::File, "a repeated request is harmless");
        assert_eq!(store.begin_large(hash, size).unwrap(), Upload::Stored(Place::File));
        assert_eq!(store.open_uploads().unwrap(), []);

        let mut read = Vec::new();
        store.read(hash, Place::File, None).unwrap().read_to_end(&mut read).unwrap();
        assert!(read == bytes, "the content is what was sent, in order {order:?}");
        let around = size - 200..size - 100;
        let mut range = Vec::new();
        store.read(hash, Place::File, Some(around)).unwrap().read_to_end(&mut range).unwrap();
        assert_eq!(range, bytes[bytes.len() - 200..bytes.len() - 100]);
        assert!(store.bytes(hash, Place::File, size).unwrap() == bytes);
        assert!(matches!(store.bytes(hash, Place::File, size - 1), Err(StoreError::TooLarge { .. })));
    }
}

#[test]
fn an_upload_goes_on_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let bytes = sample(2, 2 * PART + 1);
    let (hash, size) = (ContentHash::of(&bytes), bytes.len() as u64);
    let parts = parts_of(&bytes);
    for (number, part) in &parts {
        // The server is stopped after each part.
        let store = open(folder.path());
        let begun = expected(&store, hash, size);
        assert_eq!(begun.stored, (0..*number).collect::<BTreeSet<_>>());
        assert_eq!(begun, store.parts(hash).unwrap());
        assert_eq!(begun.missing().next(), Some(*number));
        store.write_part(hash, *number, part).unwrap();
    }
    let store = open(folder.path());
    assert_eq!(store.open_uploads().unwrap(), [hash]);
    store.finish_large(hash).unwrap();
    assert!(store.bytes(hash, Place::File, size).unwrap() == bytes);
}

#[test]
fn a_part_is_stored_only_once_it_is_flushed() {
    let folder = TempDir::new().unwrap();
    let is_failing = Arc::new(AtomicBool::new(false));
    let fails = Arc::clone(&is_failing);
    let flush = move |_: &File| {
        if fails.load(Ordering::Relaxed) { Err(io::Error::other("the cable was pulled")) } else { Ok(()) }
    };
    let options = PackOptions { flush: Arc::new(flush), ..PackOptions::default() };
    let store = PackStore::open(folder.path(), options).unwrap();
    let bytes = sample(3, 1000);
    let hash = ContentHash::of(&bytes);
    expected(&store, hash, 1000);
    is_failing.store(true, Ordering::Relaxed);
    store.write_part(hash, 0, &bytes).unwrap_err();
    assert!(store.parts(hash).unwrap().stored.is_empty());
    is_failing.store(false, Ordering::Relaxed);
    store.write_part(hash, 0, &bytes).unwrap();
    is_failing.store(true, Ordering::Relaxed);
    store.finish_large(hash).unwrap_err();
    assert!(store.read(hash, Place::File, None).is_err(), "not visible before the last flush");
    is_failing.store(false, Ordering::Relaxed);
    store.finish_large(hash).unwrap();
    assert_eq!(store.bytes(hash, Place::File, 1000).unwrap(), bytes);
}

#[test]
fn wrong_bytes_never_become_the_content() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    let bytes = sample(4, 5000);
    let hash = ContentHash::of(&bytes);
    expected(&store, hash, 5000);
    store.write_part(hash, 0, &sample(5, 5000)).unwrap();
    let refused = store.finish_large(hash).unwrap_err();
    assert!(matches!(refused, StoreError::WrongHash { expected, .. } if expected == hash));
    assert!(matches!(store.finish_large(hash), Err(StoreError::NoUpload { .. })));
    let again = expected(&store, hash, 5000);
    assert!(again.stored.is_empty(), "the wrong parts are gone");
    store.write_part(hash, 0, &bytes).unwrap();
    store.finish_large(hash).unwrap();
    assert_eq!(store.bytes(hash, Place::File, 5000).unwrap(), bytes);
}

#[test]
fn parts_that_cannot_be_are_refused() {
    let folder = TempDir::new().unwrap();
    let options = PackOptions { content_limit: 1 << 30, upload_limit: 2, ..PackOptions::default() };
    let store = PackStore::open(folder.path(), options).unwrap();
    let hash = ContentHash::of(b"large");
    expected(&store, hash, PART_SIZE + 10);
    for (number, length) in [(0, PART - 1), (1, PART), (1, 9), (2, 10), (2, 0), (u32::MAX, 1)] {
        let refused = store.write_part(hash, number, &vec![0; length]).unwrap_err();
        assert!(matches!(refused, StoreError::WrongPart { .. }), "{number}, {length}: {refused}");
    }
    let refused = store.begin_large(hash, PART_SIZE).unwrap_err();
    assert!(matches!(refused, StoreError::OtherSize { begun, .. } if begun == PART_SIZE + 10));
    let refused = store.begin_large(ContentHash::of(b"huge"), (1 << 30) + 1).unwrap_err();
    assert!(matches!(refused, StoreError::TooLarge { .. }), "{refused}");
    expected(&store, ContentHash::of(b"second"), 1);
    let refused = store.begin_large(ContentHash::of(b"third"), 1).unwrap_err();
    assert!(matches!(refused, StoreError::TooMany { limit: 2, .. }), "{refused}");
    store.abandon_large(hash).unwrap();
    expected(&store, ContentHash::of(b"third"), 1);
    let unknown = store.write_part(hash, 0, b"x").unwrap_err();
    assert!(matches!(unknown, StoreError::NoUpload { .. }), "{unknown}");
}

#[test]
fn an_empty_content_has_no_part() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    let hash = ContentHash::of(b"");
    assert_eq!(expected(&store, hash, 0).count, 0);
    store.finish_large(hash).unwrap();
    assert_eq!(store.bytes(hash, Place::File, 0).unwrap(), b"");
}

#[test]
fn a_large_file_that_rots_is_told_before_its_end() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    let bytes = sample(6, 3_000_000);
    let hash = ContentHash::of(&bytes);
    expected(&store, hash, 3_000_000);
    store.write_part(hash, 0, &bytes).unwrap();
    store.finish_large(hash).unwrap();
    let name = hash.to_string();
    let path = folder.path().join("files").join(&name[..2]).join(&name);
    let mut rotten = bytes.clone();
    rotten[1_234_567] ^= 1;
    fs::write(&path, &rotten).unwrap();
    let mut read = Vec::new();
    let failed = store.read(hash, Place::File, None).unwrap().read_to_end(&mut read);
    assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::InvalidData);
    assert!(read.len() < bytes.len());
    let refused = store.bytes(hash, Place::File, 3_000_000).unwrap_err();
    assert!(matches!(refused, StoreError::Damaged(damaged) if damaged.hash == hash));
}

#[test]
fn parts_sent_by_several_threads_make_the_content() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    let bytes = sample(7, 3 * PART + 5);
    let (hash, size) = (ContentHash::of(&bytes), bytes.len() as u64);
    expected(&store, hash, size);
    let store = &store;
    std::thread::scope(|scope| {
        for (number, part) in parts_of(&bytes) {
            // Each part twice: a retry may overtake what it retries.
            for _ in 0..2 {
                scope.spawn(move || store.write_part(hash, number, part).unwrap());
            }
        }
    });
    store.finish_large(hash).unwrap();
    assert!(store.bytes(hash, Place::File, size).unwrap() == bytes);
}
