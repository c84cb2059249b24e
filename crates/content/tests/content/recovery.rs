//! What a crash leaves at the end of a pack, and damage that is not the work of a crash.

use std::fs;
use std::path::PathBuf;

use content::{Place, SMALL_LIMIT, StoreError};
use domain::content::ContentHash;
use tempfile::TempDir;

use crate::packs::{open, put};
use crate::sample;

const HEADER: usize = 40;

struct Written {
    folder: TempDir,
    stored: Vec<(ContentHash, Place)>,
    contents: Vec<Vec<u8>>,
}

fn written(lengths: &[usize]) -> Written {
    let folder = TempDir::new().unwrap();
    let contents: Vec<_> = (1..).zip(lengths).map(|(seed, length)| sample(seed, *length)).collect();
    let stored = put(&open(folder.path()), &contents);
    Written { folder, stored, contents }
}

impl Written {
    fn pack(&self) -> PathBuf {
        self.folder.path().join("packs/000001.pack")
    }

    fn length(&self) -> usize {
        usize::try_from(self.pack().metadata().unwrap().len()).unwrap()
    }

    /// Opens the store, stores one content more, and tells which of the contents can be read.
    fn readable_after_more(&self) -> Vec<bool> {
        let store = open(self.folder.path());
        let more = sample(99, 77);
        let (hash, place) = put(&store, std::slice::from_ref(&more))[0];
        assert_eq!(store.bytes(hash, place, 77).unwrap(), more, "the store goes on");
        let readable = self.stored.iter().zip(&self.contents).map(|((hash, place), bytes)| {
            match store.bytes(*hash, *place, SMALL_LIMIT) {
                Ok(read) => {
                    assert_eq!(&read, bytes);
                    true
                }
                Err(StoreError::Damaged(_)) => false,
                Err(other) => panic!("{other}"),
            }
        });
        readable.collect()
    }
}

#[test]
fn a_record_cut_anywhere_goes_and_those_before_it_stay() {
    let whole = (HEADER + 30) + (HEADER + 50);
    for cut in whole..whole + HEADER + 20 {
        let written = written(&[30, 50, 20]);
        let pack = fs::read(written.pack()).unwrap();
        assert_eq!(pack.len(), whole + HEADER + 20);
        fs::write(written.pack(), &pack[..cut]).unwrap();
        assert_eq!(written.readable_after_more(), [true, true, false], "cut at {cut}");
        assert_eq!(written.length(), whole + HEADER + 77, "cut at {cut}: nothing lies between");
    }
}

#[test]
fn a_tail_of_zeros_or_rubbish_is_cut_off() {
    for tail in [vec![0; 5000], sample(5, 5000), b"GDC1".repeat(50), b"G".to_vec()] {
        let written = written(&[30, 50]);
        let mut pack = fs::read(written.pack()).unwrap();
        let whole = pack.len();
        pack.extend(&tail);
        fs::write(written.pack(), &pack).unwrap();
        assert_eq!(written.readable_after_more(), [true, true]);
        assert_eq!(written.length(), whole + HEADER + 77);
    }
}

#[test]
fn rot_in_the_middle_takes_one_content_and_nothing_behind_it() {
    let first = HEADER + 30;
    for position in first..first + HEADER + 50 {
        let written = written(&[30, 50, 20]);
        let mut pack = fs::read(written.pack()).unwrap();
        pack[position] ^= 0x10;
        fs::write(written.pack(), &pack).unwrap();
        assert_eq!(written.readable_after_more(), [true, false, true], "flipped at {position}");
        assert_eq!(written.length(), pack.len() + HEADER + 77, "nothing was cut off");
    }
}

#[test]
fn a_pack_longer_than_the_scan_s_window_is_recovered() {
    // 9 MiB, so that records lie across the pieces in which the pack is read.
    let mut lengths = vec![1_048_576; 4];
    lengths.extend([900_001; 5]);
    lengths.push(10);
    let written = written(&lengths);
    let whole = written.length();
    let mut pack = fs::read(written.pack()).unwrap();
    pack.extend(sample(3, 200_000));
    fs::write(written.pack(), &pack).unwrap();
    assert_eq!(written.readable_after_more(), [true; 10]);
    assert_eq!(written.length(), whole + HEADER + 77);
}
