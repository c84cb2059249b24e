//! Properties: the disk in memory does what the real one does, and no exchange or rename ever loses a content.

use std::path::{Path, PathBuf};

use disk::{Durability, ErrorKind, Filesystem, MemoryDisk, Personality, RealDisk};
use proptest::prelude::*;

use crate::tree::{tree, write};

/// A step on paths of a tiny tree, so that steps meet often.
#[derive(Debug, Clone)]
enum Step {
    Create(String, u8),
    Folder(String),
    Rename(String, String),
    Exchange(String, String),
    Copy(String, String),
    RemoveFile(String),
    RemoveFolder(String),
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "c"]), 1..4).prop_map(|names| names.join("/"))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (path(), any::<u8>()).prop_map(|(path, byte)| Step::Create(path, byte)),
        4 => path().prop_map(Step::Folder),
        3 => (path(), path()).prop_map(|(from, to)| Step::Rename(from, to)),
        3 => (path(), path()).prop_map(|(a, b)| Step::Exchange(a, b)),
        1 => (path(), path()).prop_map(|(from, to)| Step::Copy(from, to)),
        1 => path().prop_map(Step::RemoveFile),
        1 => path().prop_map(Step::RemoveFolder),
    ]
}

fn apply(disk: &dyn Filesystem, root: &Path, step: &Step) -> Result<(), ErrorKind> {
    let at = |path: &str| -> PathBuf { root.join(path) };
    let outcome = match step {
        Step::Create(path, byte) => disk.create(&at(path)).map(|mut file| {
            file.write_all(&[*byte; 3]).unwrap();
            file.finish(Durability::Lazy).unwrap();
        }),
        Step::Folder(path) => disk.create_dir(&at(path)),
        Step::Rename(from, to) => disk.rename_exclusive(&at(from), &at(to)),
        Step::Exchange(a, b) => disk.exchange(&at(a), &at(b)),
        Step::Copy(from, to) => disk.copy(&at(from), &at(to)).map(|_| ()),
        Step::RemoveFile(path) => disk.remove_file(&at(path)),
        Step::RemoveFolder(path) => disk.remove_dir(&at(path)),
    };
    outcome.map_err(|error| error.kind())
}

/// Every content of a tree, sorted.
fn contents(disk: &dyn Filesystem, root: &Path) -> Vec<Vec<u8>> {
    let mut contents: Vec<_> = tree(disk, root).into_values().flatten().collect();
    contents.sort();
    contents
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn memory_and_real_disk_agree(steps in prop::collection::vec(step(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let memory = MemoryDisk::new(Personality::Ext4Like);
        for step in &steps {
            let real = apply(&RealDisk, folder.path(), step);
            let played = apply(&memory, Path::new("/"), step);
            prop_assert_eq!(real.is_ok(), played.is_ok(), "{:?}: {:?} and {:?}", step, real, played);
        }
        prop_assert_eq!(tree(&RealDisk, folder.path()), tree(&memory, Path::new("/")));
    }

    #[test]
    fn renames_and_exchanges_keep_every_content(
        steps in prop::collection::vec(step(), 1..60),
        seed: u64,
    ) {
        for personality in [Personality::Ext4Like, Personality::NtfsLike, Personality::ApfsLike] {
            let disk = MemoryDisk::new(personality);
            let root = Path::new("/");
            for (number, name) in ["a", "b", "c"].into_iter().enumerate() {
                disk.create_dir(&root.join(name)).unwrap();
                let content = [u8::try_from(number).unwrap()];
                write(&disk, &root.join(name).join("a"), &content, Durability::Lazy);
            }
            disk.sync_tree(root).unwrap();
            let before = contents(&disk, root);
            for step in &steps {
                if matches!(step, Step::Rename(..) | Step::Exchange(..)) {
                    let _ = apply(&disk, root, step);
                    prop_assert_eq!(&contents(&disk, root), &before, "after {:?}", step);
                }
            }
            disk.crash(seed);
            prop_assert_eq!(contents(&disk, root), before, "flushed contents only moved");
        }
    }
}
