//! What differs between the disks in memory, and the programs and machines they play.

use std::io::Read;
use std::path::Path;

use disk::{Durability, ErrorKind, FileKind, Filesystem, MemoryDisk, Personality, Sharing, VolumeId};

use crate::tree::write;

fn refusal(disk: &MemoryDisk, name: &str) -> Option<ErrorKind> {
    // Not joined: on Windows `a:b` names a drive, and replaces what it is joined to.
    disk.create(Path::new(&format!("/{name}"))).err().map(|error| error.kind())
}

#[test]
fn each_volume_has_its_own_idea_of_the_same_name() {
    let same = [
        // Second spelling, then whether ext4, NTFS and APFS hold it to be the first.
        ("Bilan.pdf", "BILAN.PDF", [false, true, true]),
        ("été.pdf", "e\u{301}te\u{301}.pdf", [false, false, true]),
        ("straße", "STRASSE", [false, false, true]),
        ("Bilan.pdf", "Bilan 2.pdf", [false, false, false]),
    ];
    for (first, second, expected) in same {
        for (personality, is_same) in
            [Personality::Ext4Like, Personality::NtfsLike, Personality::ApfsLike].into_iter().zip(expected)
        {
            let disk = MemoryDisk::new(personality);
            write(&disk, &Path::new("/").join(first), b"1", Durability::Lazy);
            let refused = refusal(&disk, second) == Some(ErrorKind::AlreadyExists);
            assert_eq!(refused, is_same, "{first} and {second} on {personality:?}");
            let names: Vec<_> = disk.list(Path::new("/")).unwrap().into_iter().map(|entry| entry.name).collect();
            assert!(names.contains(&first.into()), "the first spelling is kept");
        }
    }
}

#[test]
fn ntfs_refuses_the_names_that_windows_refuses() {
    let ntfs = MemoryDisk::new(Personality::NtfsLike);
    for name in ["CON", "nul.txt", "Com1.tar.gz", "a:b.pdf", "a?", "fin ", "fin.", "tab\t"] {
        assert_eq!(refusal(&ntfs, name), Some(ErrorKind::InvalidName), "{name:?}");
        let ext4 = MemoryDisk::new(Personality::Ext4Like);
        assert_eq!(refusal(&ext4, name), None, "{name:?} is fine on Linux");
    }
    for name in ["CONSEIL.pdf", "COM10.txt", ".ged", "a.b"] {
        assert_eq!(refusal(&ntfs, name), None, "{name:?}");
    }
    write(&ntfs, Path::new("/f"), b"", Durability::Lazy);
    let error = ntfs.rename_exclusive(Path::new("/f"), Path::new("/f|")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidName, "a rename is refused too");
    assert_eq!(refusal(&ntfs, &"é".repeat(255)), None, "255 units, though 510 bytes");
    let ext4 = MemoryDisk::new(Personality::Ext4Like);
    assert_eq!(refusal(&ext4, &"é".repeat(255)), Some(ErrorKind::NameTooLong));
}

#[test]
fn word_keeps_its_file_on_ntfs_and_not_elsewhere() {
    let (folder, path, aside) = (Path::new("/d"), Path::new("/d/a.docx"), Path::new("/b.docx"));
    for (personality, is_kept) in
        [(Personality::NtfsLike, true), (Personality::Ext4Like, false), (Personality::ApfsLike, false)]
    {
        let disk = MemoryDisk::new(personality);
        disk.create_dir(folder).unwrap();
        write(&disk, path, b"v1", Durability::Lazy);
        write(&disk, aside, b"v2", Durability::Lazy);
        let word = disk.open_as_program(path, Sharing::Read).unwrap();
        assert_eq!(disk.read(path, 9).unwrap(), b"v1", "Word lets others read");
        let exchanged = disk.exchange(path, aside);
        if is_kept {
            assert_eq!(exchanged.unwrap_err().kind(), ErrorKind::Busy);
            assert_eq!(disk.remove_file(path).unwrap_err().kind(), ErrorKind::Busy);
            let moved = disk.rename_exclusive(folder, Path::new("/e"));
            assert_eq!(moved.unwrap_err().kind(), ErrorKind::Busy, "nor may its folder move");
            drop(word);
            disk.exchange(path, aside).unwrap();
        } else {
            exchanged.unwrap();
            word.write(b"v1 edited").unwrap();
            assert_eq!(disk.read(path, 9).unwrap(), b"v2");
            assert_eq!(
                disk.read(aside, 9).unwrap(),
                b"v1 edited",
                "the program still writes the file it opened, by then aside"
            );
        }
    }
}

#[test]
fn a_program_that_shares_nothing_keeps_readers_out_on_ntfs() {
    let disk = MemoryDisk::new(Personality::NtfsLike);
    let path = Path::new("/a.xlsx");
    write(&disk, path, b"v1", Durability::Lazy);
    let excel = disk.open_as_program(path, Sharing::Nothing).unwrap();
    assert_eq!(disk.read(path, 9).unwrap_err().kind(), ErrorKind::Busy);
    assert_eq!(disk.copy(path, Path::new("/b")).unwrap_err().kind(), ErrorKind::Busy);
    assert!(disk.stat(path).unwrap().is_some(), "its metadata can be had");
    drop(excel);
    assert_eq!(disk.read(path, 9).unwrap(), b"v1");
}

#[test]
fn time_of_change_moves_though_the_clock_stands_or_goes_back() {
    for personality in [Personality::Ext4Like, Personality::NtfsLike, Personality::ApfsLike] {
        let disk = MemoryDisk::new(personality);
        let path = Path::new("/f");
        disk.set_now(1_000_050);
        write(&disk, path, b"abc", Durability::Lazy);
        let before = disk.stat(path).unwrap().unwrap();
        disk.set_now(500);
        disk.save_in_place(path, b"xyz").unwrap();
        disk.set_modified(path, before.modified_ns).unwrap();
        let after = disk.stat(path).unwrap().unwrap();
        assert_eq!(
            (after.size, after.modified_ns, after.file_id),
            (before.size, before.modified_ns, before.file_id),
            "the lying edit looks the same by size and time of modification"
        );
        assert_ne!(after.fingerprint(), before.fingerprint(), "and is noticed all the same");
    }
}

#[test]
fn a_reader_keeps_the_file_it_opened() {
    let disk = MemoryDisk::new(Personality::Ext4Like);
    let (a, b) = (Path::new("/a"), Path::new("/b"));
    write(&disk, a, b"first", Durability::Lazy);
    write(&disk, b, b"second", Durability::Lazy);
    let mut reader = disk.open(a).unwrap();
    disk.rename_replacing(b, a).unwrap();
    disk.sync_tree(Path::new("/")).unwrap();
    let mut content = String::new();
    reader.read_to_string(&mut content).unwrap();
    assert_eq!(content, "first", "though its name leads to another file, and the first has none");
    assert_eq!(disk.read(a, 9).unwrap(), b"second");
}

#[test]
fn the_machine_can_be_full_another_or_a_clone() {
    let disk = MemoryDisk::new(Personality::Ext4Like);
    let path = Path::new("/f");
    write(&disk, path, b"12345678", Durability::Lazy);
    disk.set_capacity(Some(10));
    assert_eq!(disk.free_space(path).unwrap(), 2);
    let full = disk.save_in_place(Path::new("/g"), b"123").unwrap_err();
    assert_eq!(full.kind(), ErrorKind::NoSpace);
    disk.save_in_place(path, b"1234567890").unwrap();
    disk.set_capacity(None);

    let backup = disk.snapshot();
    disk.save_in_place(path, b"after the backup").unwrap();
    assert_eq!(backup.read(path, 99).unwrap(), b"1234567890", "a backup does not follow");
    assert_eq!(
        backup.stat(path).unwrap().unwrap().file_id,
        disk.stat(path).unwrap().unwrap().file_id,
        "a clone of the machine has the same identities"
    );
    let before = disk.volume_of(path).unwrap();
    disk.set_volume(VolumeId(77));
    assert_ne!(disk.volume_of(path).unwrap(), before);
}

#[test]
fn what_cannot_be_read_says_so_and_hides_nothing_else() {
    let disk = MemoryDisk::new(Personality::Ext4Like);
    write(&disk, Path::new("/secret"), b"s", Durability::Lazy);
    write(&disk, Path::new("/open"), b"o", Durability::Lazy);
    disk.create_symlink(Path::new("/link")).unwrap();
    disk.set_unreadable(Path::new("/secret"), true).unwrap();
    let refused = disk.read(Path::new("/secret"), 9).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
    let kinds: Vec<_> = disk.list(Path::new("/")).unwrap().into_iter().map(|entry| entry.meta.unwrap().kind).collect();
    assert_eq!(kinds, [FileKind::Symlink, FileKind::File, FileKind::File], "link, open, secret");
    let link = disk.open(Path::new("/link")).err().map(|error| error.kind());
    assert_eq!(link, Some(ErrorKind::NotAFile), "a link is not followed");
}

#[test]
fn a_perfect_watcher_names_the_folders_that_changed() {
    let disk = MemoryDisk::new(Personality::Ext4Like);
    disk.create_dir_all(Path::new("/a/b")).unwrap();
    disk.create_dir(Path::new("/c")).unwrap();
    disk.take_touched_folders();
    disk.save_in_place(Path::new("/a/b/f"), b"f").unwrap();
    disk.rename_exclusive(Path::new("/a/b/f"), Path::new("/c/f")).unwrap();
    let touched: Vec<_> = disk.take_touched_folders().into_iter().collect();
    assert_eq!(touched, [Path::new("/a/b"), Path::new("/c")]);
    disk.read(Path::new("/c/f"), 9).unwrap();
    assert!(disk.take_touched_folders().is_empty(), "reading changes nothing");
}
