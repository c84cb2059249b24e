//! The habits of Windows, on a real disk of it: programs that hold files, names, long paths, attributes.
//!
//! Run on Windows itself, and under Wine where Wine does as Windows does.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::windows::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use disk::{Durability, ErrorKind, FileKind, Filesystem, RealDisk};
use tempfile::TempDir;

use crate::tree::{tree, write};

const SHARE_READ: u32 = 1;
const SHARE_ALL: u32 = 7;
const ATTRIBUTE_READ_ONLY: u32 = 1;
const ATTRIBUTE_HIDDEN: u32 = 2;

/// A folder with two files: one of the user, and one to be put in its place.
struct Desk {
    folder: TempDir,
    path: PathBuf,
    aside: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (path, aside) = (folder.path().join("Bilan.xlsx"), folder.path().join("x1"));
        write(&RealDisk, &path, b"theirs", Durability::Lazy);
        write(&RealDisk, &aside, b"new", Durability::Lazy);
        Self { folder, path, aside }
    }

    fn hold(&self, share: u32) -> File {
        OpenOptions::new().read(true).write(true).share_mode(share).open(&self.path).unwrap()
    }

    fn exchange(&self) -> Result<(), ErrorKind> {
        RealDisk.exchange(&self.aside, &self.path).map_err(|error| error.kind())
    }

    fn names(&self) -> Vec<String> {
        tree(&RealDisk, self.folder.path()).into_keys().collect()
    }
}

fn read(path: &Path) -> Vec<u8> {
    RealDisk.read(path, 99).unwrap()
}

#[test]
fn a_program_that_shares_nothing_keeps_everybody_out() {
    let desk = Desk::new();
    let excel = desk.hold(0);
    assert_eq!(RealDisk.read(&desk.path, 99).unwrap_err().kind(), ErrorKind::Busy);
    assert_eq!(RealDisk.copy(&desk.path, &desk.folder.path().join("c")).unwrap_err().kind(), ErrorKind::Busy);
    assert_eq!(RealDisk.remove_file(&desk.path).unwrap_err().kind(), ErrorKind::Busy);
    let moved = RealDisk.rename_exclusive(&desk.path, &desk.folder.path().join("m"));
    assert_eq!(moved.unwrap_err().kind(), ErrorKind::Busy);
    assert_eq!(RealDisk.stat(&desk.path).unwrap().unwrap().size, 6, "its metadata can be had");
    assert_eq!(RealDisk.list(desk.folder.path()).unwrap().len(), 2, "and nothing was left behind");
    drop(excel);
    assert_eq!(read(&desk.path), b"theirs");
}

#[test]
fn a_program_that_shares_reading_keeps_its_file_in_place() {
    let desk = Desk::new();
    let word = desk.hold(SHARE_READ);
    // Word's own handle writes: whoever reads must let it.
    assert_eq!(read(&desk.path), b"theirs");
    let moved = RealDisk.rename_exclusive(&desk.path, &desk.folder.path().join("m"));
    assert_eq!(moved.unwrap_err().kind(), ErrorKind::Busy);
    drop(word);
    RealDisk.rename_exclusive(&desk.path, &desk.folder.path().join("m")).unwrap();
}

#[test]
fn an_exchange_with_a_held_file_changes_nothing() {
    let desk = Desk::new();
    let before = desk.names();
    for share in [0, SHARE_READ] {
        let word = desk.hold(share);
        assert_eq!(desk.exchange(), Err(ErrorKind::Busy), "shared as {share}");
        drop(word);
        assert_eq!((read(&desk.path), read(&desk.aside)), (b"theirs".to_vec(), b"new".to_vec()));
        assert_eq!(desk.names(), before, "no backup is left");
    }
    assert_eq!(desk.exchange(), Ok(()));
    assert_eq!((read(&desk.path), read(&desk.aside)), (b"new".to_vec(), b"theirs".to_vec()));
}

#[test]
fn a_program_that_shares_everything_goes_on_with_the_file_that_came_out() {
    let desk = Desk::new();
    let mut reader = desk.hold(SHARE_ALL);
    assert_eq!(desk.exchange(), Ok(()));
    let mut content = Vec::new();
    reader.read_to_end(&mut content).unwrap();
    assert_eq!(content, b"theirs", "it still reads what it opened");
    reader.write_all(b" and more").unwrap();
    drop(reader);
    assert_eq!(read(&desk.aside), b"theirs and more", "and writes there, where it is looked at before it goes");
    assert_eq!(read(&desk.path), b"new");
}

#[test]
fn an_exchange_takes_read_only_files_and_the_attribute_with_them() {
    let desk = Desk::new();
    RealDisk.set_read_only(&desk.path, true).unwrap();
    assert_eq!(desk.exchange(), Ok(()));
    let is_read_only = |path: &Path| RealDisk.stat(path).unwrap().unwrap().is_read_only;
    assert!(is_read_only(&desk.aside), "what came out is read-only as it was");
    assert!(!is_read_only(&desk.path), "what went in is not");
    assert_eq!(desk.exchange(), Ok(()), "the read-only one goes in as well");
    assert!(is_read_only(&desk.path) && !is_read_only(&desk.aside));
    RealDisk.remove_file(&desk.path).unwrap();
    assert_eq!(desk.names(), ["x1"], "a read-only file is removed where its folder may be written");
}

#[test]
fn a_folder_with_an_open_file_is_busy_and_not_forbidden() {
    let desk = Desk::new();
    let inside = desk.folder.path().join("Achats/2026");
    RealDisk.create_dir_all(&inside).unwrap();
    write(&RealDisk, &inside.join("f"), b"f", Durability::Lazy);
    let open = OpenOptions::new().read(true).share_mode(SHARE_READ).open(inside.join("f")).unwrap();
    let (from, to) = (desk.folder.path().join("Achats"), desk.folder.path().join("Ventes"));
    assert_eq!(RealDisk.rename_exclusive(&from, &to).unwrap_err().kind(), ErrorKind::Busy);
    drop(open);
    RealDisk.rename_exclusive(&from, &to).unwrap();
}

#[test]
fn a_removed_file_that_is_still_held_is_busy_or_gone() {
    let desk = Desk::new();
    let reader = desk.hold(SHARE_ALL);
    RealDisk.remove_file(&desk.path).unwrap();
    // Its name goes at once on current Windows, with the last handle on others: it never looks merely forbidden.
    match RealDisk.stat(&desk.path) {
        Ok(meta) => assert_eq!(meta, None),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Busy),
    }
    match RealDisk.create(&desk.path) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::Busy),
    }
    drop(reader);
    let _ = RealDisk.remove_file(&desk.path);
    assert_eq!(RealDisk.stat(&desk.path).unwrap(), None);
}

#[test]
fn names_that_explorer_cannot_open_are_not_made() {
    let desk = Desk::new();
    let before = desk.names();
    for name in ["CON", "nul.txt", "Com1.tar.gz", "Bilan.xlsx:note", "a?", "fin ", "fin.", "tab\t", "a*b", "<", "|"] {
        let path = desk.folder.path().join(name);
        let refused = |result: disk::Result<()>| result.unwrap_err().kind();
        assert_eq!(refused(RealDisk.create(&path).map(|_| ())), ErrorKind::InvalidName, "{name:?}");
        assert_eq!(refused(RealDisk.create_dir(&path)), ErrorKind::InvalidName, "{name:?}");
        assert_eq!(refused(RealDisk.rename_exclusive(&desk.path, &path)), ErrorKind::InvalidName, "{name:?}");
        assert_eq!(refused(RealDisk.copy(&desk.path, &path).map(|_| ())), ErrorKind::InvalidName, "{name:?}");
    }
    assert_eq!(desk.names(), before);
    assert_eq!(read(&desk.path), b"theirs", "nothing was written beside its content either");
    for name in ["CONSEIL.pdf", "COM10.txt", ".ged", "a.b", "Été 2026 – n° 1 (copie).pdf"] {
        write(&RealDisk, &desk.folder.path().join(name), b"", Durability::Lazy);
    }
}

#[test]
fn paths_longer_than_windows_own_limit_work() {
    let folder = tempfile::tempdir().unwrap();
    let mut deep = folder.path().to_path_buf();
    for number in 0..12 {
        deep.push(format!("{number:02} Dossier annuel clos au 31 décembre"));
    }
    assert!(deep.as_os_str().len() > 300);
    RealDisk.create_dir_all(&deep).unwrap();
    let (a, b, c) = (deep.join("a.pdf"), deep.join("b.pdf"), deep.join("c.pdf"));
    write(&RealDisk, &a, b"a", Durability::Flushed);
    write(&RealDisk, &b, b"b", Durability::Lazy);
    RealDisk.exchange(&a, &b).unwrap();
    RealDisk.rename_exclusive(&a, &c).unwrap();
    RealDisk.set_modified(&c, 1_700_000_000_000_000_000).unwrap();
    RealDisk.hide(&c).unwrap();
    RealDisk.sync_tree(folder.path()).unwrap();
    assert_eq!(RealDisk.read(&c, 9).unwrap(), b"b");
    assert!(RealDisk.free_space(&c).unwrap() > 0);
    let names: Vec<_> = RealDisk.list(&deep).unwrap().into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["b.pdf", "c.pdf"]);
    RealDisk.remove_file(&b).unwrap();
    RealDisk.remove_file(&c).unwrap();
    RealDisk.remove_dir(&deep).unwrap();
}

#[test]
fn an_edit_of_the_same_length_whose_time_is_put_back_is_noticed() {
    let desk = Desk::new();
    let before = RealDisk.stat(&desk.path).unwrap().unwrap();
    // A disk's clock has steps; an edit in the same step as the one before looks the same on every system.
    while RealDisk.stat(&desk.path).unwrap().unwrap().changed_ns == before.changed_ns {
        fs::write(&desk.path, b"OTHERS").unwrap();
    }
    RealDisk.set_modified(&desk.path, before.modified_ns).unwrap();
    let after = RealDisk.stat(&desk.path).unwrap().unwrap();
    assert_eq!((after.size, after.modified_ns, after.file_id), (before.size, before.modified_ns, before.file_id));
    assert_ne!(after.fingerprint(), before.fingerprint(), "the time of change tells");
}

#[test]
fn names_that_differ_by_case_alone_are_one() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write(&RealDisk, &at("Éléments.pdf"), b"1", Durability::Lazy);
    for other in ["éléments.pdf", "ÉLÉMENTS.PDF"] {
        let taken = RealDisk.create(&at(other)).err().map(|error| error.kind());
        assert_eq!(taken, Some(ErrorKind::AlreadyExists), "accents included");
        let moved = RealDisk.copy(&at("Éléments.pdf"), &at(other)).unwrap_err().kind();
        assert_eq!(moved, ErrorKind::AlreadyExists);
        assert_eq!(RealDisk.stat(&at(other)).unwrap(), RealDisk.stat(&at("Éléments.pdf")).unwrap());
    }
    let names: Vec<_> = RealDisk.list(folder.path()).unwrap().into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["Éléments.pdf"], "as it was first spelt");
}

#[test]
fn case_alone_can_be_renamed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write(&RealDisk, &at("Éléments.pdf"), b"1", Durability::Lazy);
    RealDisk.create_dir(&at("achats")).unwrap();
    let id = |name: &str| RealDisk.stat(&at(name)).unwrap().unwrap().file_id;
    let (file, dir) = (id("éléments.pdf"), id("ACHATS"));
    RealDisk.rename_exclusive(&at("Éléments.pdf"), &at("éléments.PDF")).unwrap();
    RealDisk.rename_exclusive(&at("achats"), &at("Achats")).unwrap();
    let names: Vec<_> = RealDisk.list(folder.path()).unwrap().into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["Achats", "éléments.PDF"]);
    assert_eq!((id("éléments.PDF"), id("Achats")), (file, dir), "they are what they were");
}

#[test]
fn hidden_means_the_attribute_and_no_other_changes() {
    let desk = Desk::new();
    RealDisk.set_read_only(&desk.path, true).unwrap();
    RealDisk.hide(&desk.path).unwrap();
    let attributes = |path: &Path| fs::symlink_metadata(path).unwrap().file_attributes();
    let both = ATTRIBUTE_READ_ONLY | ATTRIBUTE_HIDDEN;
    assert_eq!(attributes(&desk.path) & both, both, "hidden, and still read-only");
    RealDisk.hide(desk.folder.path()).unwrap();
    assert_ne!(attributes(desk.folder.path()) & ATTRIBUTE_HIDDEN, 0, "folders too");
    assert_eq!(desk.names(), ["Bilan.xlsx", "x1"], "and nothing is hidden from us");
}

#[test]
fn below_a_file_there_is_no_folder() {
    let desk = Desk::new();
    let below = desk.path.join("f");
    assert_eq!(RealDisk.stat(&below).unwrap(), None);
    assert_eq!(RealDisk.create(&below).err().map(|error| error.kind()), Some(ErrorKind::NotADirectory));
    assert_eq!(RealDisk.create_dir(&below).unwrap_err().kind(), ErrorKind::NotADirectory);
    let meta = RealDisk.stat(&desk.path).unwrap().unwrap();
    assert_eq!((meta.kind, meta.links), (FileKind::File, 1));
}
