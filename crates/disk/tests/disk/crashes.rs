//! Power cuts: what was flushed stays, what was not may go, and the tree is a tree in any case.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use disk::{Durability, ErrorKind, FileId, Filesystem, MemoryDisk, Personality, Sharing};
use proptest::prelude::*;

use crate::tree::{tree, write};

const ROOT: &str = "/";

fn ext4() -> MemoryDisk {
    MemoryDisk::new(Personality::Ext4Like)
}

#[test]
fn a_flushed_content_under_a_flushed_name_survives_every_crash() {
    for seed in 0..200 {
        let disk = ext4();
        disk.create_dir_all(Path::new("/a/b")).unwrap();
        write(&disk, Path::new("/a/b/f"), b"kept", Durability::Flushed);
        disk.sync_dir(Path::new("/a/b")).unwrap();
        disk.crash(seed);
        let content = disk.read(Path::new("/a/b/f"), 9).unwrap();
        assert_eq!(content, b"kept", "seed {seed}: the folders above came with the flush");
    }
}

#[test]
fn a_barrier_makes_lazy_writes_safe() {
    for seed in 0..100 {
        let disk = ext4();
        disk.create_dir(Path::new("/d")).unwrap();
        for number in 0..5 {
            let path = format!("/d/{number}");
            write(&disk, Path::new(&path), path.as_bytes(), Durability::Lazy);
        }
        disk.sync_tree(Path::new("/d")).unwrap();
        let before = tree(&disk, Path::new(ROOT));
        disk.crash(seed);
        assert_eq!(tree(&disk, Path::new(ROOT)), before, "seed {seed}");
    }
}

#[test]
fn what_was_not_flushed_is_damaged_in_every_way_over_the_seeds() {
    let mut seen = BTreeSet::new();
    for seed in 0..200 {
        let disk = ext4();
        write(&disk, Path::new("/f"), b"content", Durability::Lazy);
        disk.crash(seed);
        seen.insert(match disk.read(Path::new("/f"), 99) {
            Err(_) => "no name",
            Ok(content) if content.is_empty() => "empty",
            Ok(content) if content == b"content" => "whole",
            Ok(content) if content == [0; 7] => "zeros",
            Ok(content) => {
                assert!(b"content".starts_with(content.as_slice()), "{content:?}");
                "cut"
            }
        });
    }
    assert_eq!(seen, BTreeSet::from(["no name", "empty", "whole", "zeros", "cut"]));
}

#[test]
fn an_edit_in_place_that_was_not_flushed_may_go_back() {
    let mut went_back = 0;
    for seed in 0..100 {
        let disk = ext4();
        disk.save_in_place(Path::new("/f"), b"old").unwrap();
        disk.sync_tree(Path::new(ROOT)).unwrap();
        disk.save_in_place(Path::new("/f"), b"newer").unwrap();
        disk.crash(seed);
        went_back += u32::from(disk.read(Path::new("/f"), 9).unwrap() == b"old");
    }
    assert!((1..100).contains(&went_back), "{went_back} of 100 crashes undid the edit");
}

#[test]
fn an_exchange_is_done_or_not_and_nothing_between() {
    let mut undone = 0;
    for seed in 0..200 {
        let disk = ext4();
        disk.create_dir(Path::new("/tmp")).unwrap();
        write(&disk, Path::new("/f"), b"old", Durability::Flushed);
        write(&disk, Path::new("/tmp/f"), b"new", Durability::Flushed);
        disk.sync_tree(Path::new(ROOT)).unwrap();
        disk.exchange(Path::new("/f"), Path::new("/tmp/f")).unwrap();
        disk.crash(seed);
        let pair = ["/f", "/tmp/f"].map(|path| disk.read(Path::new(path), 9).unwrap());
        match [pair[0].as_slice(), pair[1].as_slice()] {
            [b"old", b"new"] => undone += 1,
            [b"new", b"old"] => {}
            other => panic!("seed {seed}: {other:?}"),
        }
    }
    assert!((1..200).contains(&undone), "a crash may undo it, and need not: {undone}");
}

#[test]
fn flushing_either_folder_of_a_move_keeps_the_move() {
    for flushed in ["/a", "/b"] {
        for seed in 0..100 {
            let disk = ext4();
            disk.create_dir(Path::new("/a")).unwrap();
            disk.create_dir(Path::new("/b")).unwrap();
            write(&disk, Path::new("/a/f"), b"f", Durability::Flushed);
            disk.rename_exclusive(Path::new("/a/f"), Path::new("/b/f")).unwrap();
            disk.sync_dir(Path::new(flushed)).unwrap();
            disk.crash(seed);
            assert_eq!(disk.read(Path::new("/b/f"), 9).unwrap(), b"f", "{flushed}, seed {seed}");
            assert_eq!(disk.stat(Path::new("/a/f")).unwrap(), None, "{flushed}, seed {seed}");
        }
    }
}

#[test]
fn independent_names_are_lost_one_without_the_other() {
    let mut seen = BTreeSet::new();
    for seed in 0..100 {
        let disk = ext4();
        write(&disk, Path::new("/first"), b"1", Durability::Flushed);
        write(&disk, Path::new("/second"), b"2", Durability::Flushed);
        disk.crash(seed);
        seen.insert(["/first", "/second"].map(|path| disk.stat(Path::new(path)).unwrap().is_some()));
    }
    assert_eq!(seen.len(), 4, "no order among names is promised: {seen:?}");
}

/// Flushes a tree, plays steps that are not flushed, and cuts the power in many ways.
fn after_crashes(
    start: impl Fn(&MemoryDisk),
    steps: impl Fn(&MemoryDisk) -> disk::Result<()>,
) -> BTreeSet<Vec<String>> {
    let states = (0..300).map(|seed| {
        let disk = ext4();
        start(&disk);
        disk.sync_tree(Path::new(ROOT)).unwrap();
        steps(&disk).unwrap();
        disk.crash(seed);
        tree(&disk, Path::new(ROOT)).into_keys().collect()
    });
    states.collect()
}

#[test]
fn a_folder_emptied_by_a_move_is_not_removed_before_the_move() {
    let states = after_crashes(
        |disk| {
            disk.create_dir(Path::new("/old")).unwrap();
            disk.save_in_place(Path::new("/old/f"), b"f").unwrap();
        },
        |disk| {
            disk.rename_exclusive(Path::new("/old/f"), Path::new("/f"))?;
            disk.remove_dir(Path::new("/old"))
        },
    );
    let expected = [vec!["f"], vec!["f", "old"], vec!["old", "old/f"]];
    assert_eq!(states, expected.map(|names| names.into_iter().map(str::to_owned).collect()).into());
}

#[test]
fn moved_folders_never_come_back_inside_one_another() {
    let states = after_crashes(
        |disk| disk.create_dir_all(Path::new("/a/b/d")).unwrap(),
        |disk| {
            disk.rename_exclusive(Path::new("/a/b"), Path::new("/c"))?;
            disk.rename_exclusive(Path::new("/a"), Path::new("/c/d/a"))
        },
    );
    let expected = [vec!["a", "a/b", "a/b/d"], vec!["a", "c", "c/d"], vec!["c", "c/d", "c/d/a"]];
    assert_eq!(states, expected.map(|names| names.into_iter().map(str::to_owned).collect()).into());
}

#[test]
fn the_same_seed_leaves_the_same_disk() {
    let after = |seed| {
        let disk = ext4();
        for number in 0..20 {
            let path = format!("/{number}");
            write(&disk, Path::new(&path), &[1; 30], Durability::Lazy);
        }
        disk.crash(seed);
        tree(&disk, Path::new(ROOT))
    };
    assert_eq!(after(7), after(7));
    assert_ne!(after(7), after(8), "another seed is another accident");
}

#[test]
fn open_files_die_with_the_machine() {
    let disk = MemoryDisk::new(Personality::NtfsLike);
    let path = Path::new("/f");
    write(&disk, path, b"f", Durability::Flushed);
    disk.sync_dir(Path::new(ROOT)).unwrap();
    let word = disk.open_as_program(path, Sharing::Nothing).unwrap();
    let mut reader = disk.open(path).err().map_or_else(
        || panic!("a program that shares nothing keeps readers out"),
        |error| {
            assert_eq!(error.kind(), ErrorKind::Busy);
            disk.crash(0);
            disk.open(path).unwrap()
        },
    );
    assert_eq!(word.write(b"ghost").unwrap_err().kind(), ErrorKind::Crashed);
    drop(word);
    let mut content = Vec::new();
    reader.read_to_end(&mut content).unwrap();
    assert_eq!(content, b"f", "nothing holds the file after the crash");
}

#[test]
fn a_long_life_without_flush_is_bounded_and_loses_only_recent_names() {
    let disk = ext4();
    for number in 0..10_000 {
        disk.create_dir(Path::new(&format!("/{number}"))).unwrap();
        disk.remove_dir(Path::new(&format!("/{number}"))).unwrap();
    }
    disk.create_dir(Path::new("/last")).unwrap();
    disk.crash(3);
    for entry in disk.list(Path::new(ROOT)).unwrap() {
        let name = entry.name.into_string().unwrap();
        let recent = name.parse::<u32>().map_or(name == "last", |number| number > 7_000);
        assert!(recent, "{name} was removed long before the crash");
    }
}

/// The identity of everything below the root, as often as it is found.
fn identities(disk: &MemoryDisk) -> Vec<FileId> {
    let root = Path::new(ROOT);
    let paths = tree(disk, root).into_keys();
    paths.map(|path| disk.stat(&root.join(path)).unwrap().unwrap().file_id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn after_any_crash_nothing_flushed_is_lost_or_doubled(
        steps in prop::collection::vec((0_u8..16, 0_usize..14, 0_usize..14), 10..80),
        seed: u64,
    ) {
        let paths: Vec<PathBuf> = ["a", "b"]
            .into_iter()
            .flat_map(|one| {
                let deeper = ["a", "b"].into_iter().flat_map(move |two| {
                    [format!("/{one}/{two}"), format!("/{one}/{two}/a"), format!("/{one}/{two}/b")]
                });
                std::iter::once(format!("/{one}")).chain(deeper)
            })
            .map(PathBuf::from)
            .collect();
        let disk = ext4();
        let mut safe = BTreeSet::new();
        for (what, one, other) in steps {
            let (one, other) = (&paths[one], &paths[other]);
            let id = disk.stat(one).unwrap().map(|meta| meta.file_id);
            // Refused steps are part of the story.
            match what {
                0..3 => drop(disk.create_dir(one)),
                3 => drop(disk.save_in_place(one, b"content")),
                4..9 => drop(disk.rename_exclusive(one, other)),
                9..12 => drop(disk.exchange(one, other)),
                12 => if disk.remove_file(one).or_else(|_| disk.remove_dir(one)).is_ok() {
                    safe.remove(&id.unwrap());
                },
                13 => drop(disk.sync_dir(one)),
                14 => drop(disk.sync_dir(Path::new(ROOT))),
                _ => {
                    disk.sync_tree(Path::new(ROOT)).unwrap();
                    safe = identities(&disk).into_iter().collect();
                }
            }
        }
        disk.crash(seed);
        let found = identities(&disk);
        let once: BTreeSet<_> = found.iter().copied().collect();
        prop_assert_eq!(found.len(), once.len(), "nothing has two names");
        prop_assert!(safe.is_subset(&once), "{:?} are lost", safe.difference(&once));
        // It is a disk like any other: all of it can be removed.
        for path in tree(&disk, Path::new(ROOT)).keys().rev() {
            let path = Path::new(ROOT).join(path);
            disk.remove_file(&path).or_else(|_| disk.remove_dir(&path)).unwrap();
        }
        disk.crash(seed);
        disk.sync_tree(Path::new(ROOT)).unwrap();
    }
}
