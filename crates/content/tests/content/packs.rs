//! Small contents: stored many at a time, one flush for all who wait, nothing believed.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};

use content::{PackOptions, PackStore, Place, SMALL_LIMIT, StoreError};
use domain::content::ContentHash;
use tempfile::TempDir;

use crate::sample;

pub(crate) fn open(folder: &Path) -> PackStore {
    PackStore::open(folder, PackOptions::default()).unwrap()
}

pub(crate) fn put(store: &PackStore, contents: &[Vec<u8>]) -> Vec<(ContentHash, Place)> {
    let named: Vec<_> = contents.iter().map(|bytes| (ContentHash::of(bytes), bytes.as_slice())).collect();
    let places = store.put_many(&named).unwrap();
    named.into_iter().map(|(hash, _)| hash).zip(places).collect()
}

#[test]
fn what_is_put_is_read_back_also_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let contents: Vec<_> = [0, 1, 40, 1000, 1_048_576].into_iter().map(|length| sample(9, length)).collect();
    let stored = {
        let store = open(folder.path());
        put(&store, &contents)
    };
    let store = open(folder.path());
    for ((hash, place), bytes) in stored.into_iter().zip(&contents) {
        assert_eq!(&store.bytes(hash, place, SMALL_LIMIT).unwrap(), bytes);
        let mut read = Vec::new();
        store.read(hash, place, None).unwrap().read_to_end(&mut read).unwrap();
        assert_eq!(&read, bytes);
        assert_eq!(place.to_string().parse::<Place>().unwrap(), place);
    }
}

#[test]
fn places_have_one_text_each() {
    let place = Place::Pack { number: 1, offset: 4096, size: 1234 };
    assert_eq!(place.to_string(), "pack:1:4096:1234");
    assert_eq!("file".parse::<Place>().unwrap(), Place::File);
    for wrong in ["", "pack", "pack:1:2", "pack:1:2:3:4", "pack:01:2:3", "pack:1:-2:3", "File"] {
        assert!(wrong.parse::<Place>().is_err(), "{wrong:?}");
    }
}

#[test]
fn a_range_is_read_and_a_wrong_one_refused() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    let (hash, place) = put(&store, &[b"0123456789".to_vec()])[0];
    for (range, expected) in [(2..5, "234"), (0..10, "0123456789"), (10..10, "")] {
        let mut text = String::new();
        store.read(hash, place, Some(range)).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, expected);
    }
    for range in [5..11, 11..11] {
        let refused = store.read(hash, place, Some(range)).err().unwrap();
        assert!(matches!(refused, StoreError::WrongRange { size: 10, .. }), "{refused}");
    }
    let refused = store.bytes(hash, place, 9).unwrap_err();
    assert!(matches!(refused, StoreError::TooLarge { size: 10, limit: 9 }), "{refused}");
}

#[test]
fn one_wrong_content_refuses_the_call_and_writes_nothing() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    let right = (ContentHash::of(b"right"), b"right".as_slice());
    let wrong = (ContentHash::of(b"announced"), b"sent".as_slice());
    let refused = store.put_many(&[right, wrong]).unwrap_err();
    assert!(
        matches!(refused, StoreError::WrongHash { expected, found }
            if expected == wrong.0 && found == ContentHash::of(b"sent")),
        "{refused}"
    );
    let pack = folder.path().join("packs/000001.pack");
    assert_eq!(pack.metadata().unwrap().len(), 0);
}

#[test]
fn limits_hold_on_everything_that_comes_in() {
    let folder = TempDir::new().unwrap();
    let options = PackOptions { batch_count: 3, batch_size: 100, ..PackOptions::default() };
    let store = PackStore::open(folder.path(), options).unwrap();
    let large = sample(1, 1_048_577);
    let refused = store.put_many(&[(ContentHash::of(&large), &large)]).unwrap_err();
    assert!(matches!(refused, StoreError::TooLarge { limit: SMALL_LIMIT, .. }), "{refused}");
    let item = (ContentHash::of(b"x"), b"x".as_slice());
    let refused = store.put_many(&[item; 4]).unwrap_err();
    assert!(matches!(refused, StoreError::TooMany { count: 4, limit: 3 }), "{refused}");
    let half = sample(1, 51);
    let half = (ContentHash::of(&half), half.as_slice());
    let refused = store.put_many(&[half; 2]).unwrap_err();
    assert!(matches!(refused, StoreError::TooLarge { size: 102, limit: 100 }), "{refused}");
    assert_eq!(store.put_many(&[]).unwrap(), []);
}

#[test]
fn the_same_content_twice_in_a_call_is_stored_once() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    let stored = put(&store, &[b"one".to_vec(), b"two".to_vec(), b"one".to_vec()]);
    assert_eq!(stored[0], stored[2]);
    assert_ne!(stored[0].1, stored[1].1);
    assert_eq!(store.bytes(stored[2].0, stored[2].1, 9).unwrap(), b"one");
}

#[test]
fn packs_roll_and_all_of_them_are_read() {
    let folder = TempDir::new().unwrap();
    let options = || PackOptions { pack_limit: 10_000, ..PackOptions::default() };
    let contents: Vec<_> = (0..40).map(|seed| sample(seed, 900)).collect();
    let mut stored = Vec::new();
    for half in contents.chunks(20) {
        let store = PackStore::open(folder.path(), options()).unwrap();
        for bytes in half {
            stored.extend(put(&store, std::slice::from_ref(bytes)));
        }
    }
    let store = PackStore::open(folder.path(), options()).unwrap();
    for ((hash, place), bytes) in stored.iter().zip(&contents) {
        assert_eq!(&store.bytes(*hash, *place, SMALL_LIMIT).unwrap(), bytes);
    }
    let Place::Pack { number, .. } = stored[39].1 else { panic!("a small content is in a pack") };
    assert_eq!(number, 4, "ten records of 940 bytes fit into 10,000, and a restart goes on");
}

#[test]
fn a_place_that_does_not_hold_the_content_is_told() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    let stored = put(&store, &[b"one".to_vec(), b"two".to_vec()]);
    let (one, other) = (stored[0], stored[1]);
    for place in [
        other.1,
        Place::Pack { number: 1, offset: 1, size: 3 },
        Place::Pack { number: 1, offset: 1 << 40, size: 3 },
        Place::Pack { number: 1, offset: 0, size: 2 },
    ] {
        let refused = store.bytes(one.0, place, 99).unwrap_err();
        assert!(matches!(refused, StoreError::Damaged(_)), "{place}: {refused}");
    }
    for place in [Place::File, Place::Pack { number: 7, offset: 0, size: 3 }] {
        let refused = store.read(one.0, place, None).err().unwrap();
        assert!(matches!(refused, StoreError::Disk(_)), "{place}: {refused}");
    }
}

#[test]
fn a_second_process_is_kept_out() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    let refused = PackStore::open(folder.path(), PackOptions::default()).unwrap_err();
    assert!(matches!(refused, StoreError::InUse { .. }), "{refused}");
    drop(store);
    open(folder.path());
}

/// A flush that reports each call and waits for permission.
fn gated() -> (PackOptions, Receiver<()>, Sender<()>) {
    let (begun, begins) = mpsc::channel();
    let (permit, permits) = mpsc::channel::<()>();
    let permits = Mutex::new(permits);
    let flush = move |_: &File| {
        begun.send(()).unwrap();
        permits.lock().unwrap().recv().unwrap();
        Ok(())
    };
    let options = PackOptions { flush: Arc::new(flush), ..PackOptions::default() };
    (options, begins, permit)
}

#[test]
fn those_who_come_during_a_flush_share_the_next_one() {
    let folder = TempDir::new().unwrap();
    let (options, begins, permit) = gated();
    permit.send(()).unwrap();
    PackStore::open(folder.path(), PackOptions::default()).unwrap();
    let store = PackStore::open(folder.path(), options).unwrap();
    begins.recv().unwrap();
    let pack = folder.path().join("packs/000001.pack");
    std::thread::scope(|scope| {
        let first = scope.spawn(|| put(&store, &[sample(0, 100)]));
        begins.recv().unwrap();
        let others: Vec<_> = (1..8)
            .map(|seed| {
                let store = &store;
                scope.spawn(move || put(store, &[sample(seed, 100)]))
            })
            .collect();
        // All have appended when the pack is that long; only then may the first flush end.
        while pack.metadata().unwrap().len() < 8 * 140 {
            std::thread::yield_now();
        }
        assert!(!first.is_finished(), "nobody is answered before the flush");
        permit.send(()).unwrap();
        first.join().unwrap();
        begins.recv().unwrap();
        assert!(others.iter().all(|other| !other.is_finished()), "they wait for their own flush");
        permit.send(()).unwrap();
        for (seed, other) in (1..8).zip(others) {
            let (hash, place) = other.join().unwrap()[0];
            assert_eq!(store.bytes(hash, place, 100).unwrap(), sample(seed, 100));
        }
        assert!(begins.try_recv().is_err(), "seven calls shared one flush");
    });
}

#[test]
fn after_a_failed_flush_nothing_is_promised_until_the_store_is_opened_again() {
    let folder = TempDir::new().unwrap();
    let flushes = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&flushes);
    let flush = move |_: &File| match counted.fetch_add(1, Ordering::Relaxed) {
        1 => Err(io::Error::from(io::ErrorKind::StorageFull)),
        _ => Ok(()),
    };
    let options = PackOptions { flush: Arc::new(flush), ..PackOptions::default() };
    let store = PackStore::open(folder.path(), options.clone()).unwrap();
    let first = put(&store, &[b"kept".to_vec()])[0];
    let lost = (ContentHash::of(b"lost"), b"lost".as_slice());
    let refused = store.put_many(&[lost]).unwrap_err();
    assert!(matches!(&refused, StoreError::Disk(error) if error.kind() == disk::ErrorKind::NoSpace));
    let refused = store.put_many(&[lost]).unwrap_err();
    assert!(matches!(refused, StoreError::Broken), "a second flush may lie: {refused}");
    assert_eq!(store.bytes(first.0, first.1, 9).unwrap(), b"kept", "reading goes on");
    drop(store);
    let store = PackStore::open(folder.path(), options).unwrap();
    let (hash, place) = put(&store, &[b"lost".to_vec()])[0];
    assert_eq!(store.bytes(hash, place, 9).unwrap(), b"lost");
    assert_eq!(store.bytes(first.0, first.1, 9).unwrap(), b"kept");
}
