//! The desktop's keep on a disk in memory and on the real one.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use content::{StagingError, StagingStore};
use disk::{Durability, ErrorKind, FaultyDisk, Filesystem, MemoryDisk, Operation, Personality, RealDisk, Sharing};
use domain::content::ContentHash;

use crate::sample;

pub(crate) fn write(disk: &dyn Filesystem, path: &Path, bytes: &[u8]) {
    let mut file = disk.create(path).unwrap();
    file.write_all(bytes).unwrap();
    file.finish(Durability::Lazy).unwrap();
}

/// The whole life of contents, small and large.
fn keeps_contents(disk: &Arc<dyn Filesystem>, root: &Path) {
    let staging = StagingStore::open(Arc::clone(disk), &root.join("staging")).unwrap();
    let mut total = 0;
    for length in [0, 1, 1_048_576, 1_048_577, 3_000_000] {
        let bytes = sample(1, length);
        let path = root.join(format!("{length}.pdf"));
        write(&**disk, &path, &bytes);
        let captured = staging.capture(&path).unwrap();
        let hash = ContentHash::of(&bytes);
        total += length as u64;
        assert_eq!((captured.hash, captured.size), (hash, length as u64));
        let meta = disk.stat(&path).unwrap().unwrap();
        assert_eq!(captured.fingerprint, meta.fingerprint());
        assert_eq!(staging.capture(&path).unwrap(), captured, "taking it again is harmless");

        disk.remove_file(&path).unwrap();
        assert!(staging.has(hash).unwrap() && staging.verify(hash).unwrap());
        assert!(staging.bytes(hash, length as u64).unwrap() == bytes);
        let (mut reader, size) = staging.open_content(hash).unwrap();
        let mut read = Vec::new();
        reader.read_to_end(&mut read).unwrap();
        assert!(size == length as u64 && read == bytes);
        staging.copy_out(hash, &path).unwrap();
        assert!(disk.read(&path, 1 << 22).unwrap() == bytes);
        let taken = staging.copy_out(hash, &path).unwrap_err();
        assert!(
            matches!(&taken, StagingError::Disk(error) if error.kind() == ErrorKind::AlreadyExists),
            "what is there is not replaced: {taken}"
        );
        assert!(disk.read(&path, 1 << 22).unwrap() == bytes);
    }
    assert_eq!(staging.put_bytes(b"mail").unwrap(), ContentHash::of(b"mail"));
    total += 4;
    let download = staging.temporary_path();
    write(&**disk, &download, b"downloaded");
    staging.put_file(&download, ContentHash::of(b"downloaded")).unwrap();
    assert_eq!(disk.stat(&download).unwrap(), None, "a download is moved");
    total += 10;
    staging.flush().unwrap();

    let staging = StagingStore::open(Arc::clone(disk), &root.join("staging")).unwrap();
    let listed = staging.list().unwrap();
    assert_eq!((listed.len(), staging.total_size().unwrap()), (7, total));
    assert_eq!(listed[&ContentHash::of(b"mail")], 4);
    let hash = ContentHash::of(b"mail");
    staging.remove(hash).unwrap();
    staging.remove(hash).unwrap();
    assert!(!staging.has(hash).unwrap() && !staging.verify(hash).unwrap());
    for missing in [
        staging.bytes(hash, 9).err(),
        staging.open_content(hash).err(),
        staging.copy_out(hash, &root.join("out")).err(),
    ] {
        assert!(matches!(missing, Some(StagingError::Missing { .. })), "{missing:?}");
    }
    assert!(disk.list(&root.join("staging/tmp")).unwrap().is_empty(), "nothing is left over");
}

#[test]
fn contents_are_kept_on_the_real_disk() {
    let folder = tempfile::tempdir().unwrap();
    keeps_contents(&(Arc::new(RealDisk) as Arc<dyn Filesystem>), folder.path());
}

#[test]
fn contents_are_kept_in_memory_in_every_personality() {
    for personality in [Personality::Ext4Like, Personality::NtfsLike, Personality::ApfsLike] {
        let disk: Arc<dyn Filesystem> = Arc::new(MemoryDisk::new(personality));
        keeps_contents(&disk, Path::new("/"));
    }
}

/// A user's file, and a disk on which `meddle` happens just before the file is read or copied.
fn meddled(
    length: usize,
    meddle: impl Fn(&MemoryDisk, &Path) + Send + 'static,
) -> Result<content::Captured, StagingError> {
    let memory = MemoryDisk::new(Personality::Ext4Like);
    let faulty = FaultyDisk::new(Arc::new(memory.clone()));
    let path = PathBuf::from("/f");
    memory.save_in_place(&path, &sample(1, length)).unwrap();
    let staging = StagingStore::open(Arc::new(faulty.clone()), Path::new("/s")).unwrap();
    let user = memory.clone();
    faulty.fail_when(
        move |operation, path| {
            let is_taken = matches!(operation, Operation::Read | Operation::Copy);
            if is_taken && path == Path::new("/f") {
                meddle(&user, path);
            }
            false
        },
        ErrorKind::Other,
        None,
    );
    let captured = staging.capture(&path);
    if captured.is_err() {
        assert!(staging.list().unwrap().is_empty(), "nothing is kept of a moving file");
        assert!(memory.list(Path::new("/s/tmp")).unwrap().is_empty());
    }
    captured
}

#[test]
fn a_file_that_changes_while_it_is_read_is_not_taken() {
    for length in [2_000, 2_000_000] {
        assert!(meddled(length, |_, _| {}).is_ok(), "a quiet file is taken");
        let grown = meddled(length, move |disk, path| {
            disk.save_in_place(path, &sample(1, length + 10)).unwrap();
        });
        let lying = meddled(length, move |disk, path| {
            let before = disk.stat(path).unwrap().unwrap();
            disk.save_in_place(path, &sample(2, length)).unwrap();
            disk.set_modified(path, before.modified_ns).unwrap();
        });
        let replaced = meddled(length, move |disk, path| {
            disk.save_in_place(Path::new("/g"), &sample(1, length)).unwrap();
            disk.rename_replacing(Path::new("/g"), path).unwrap();
        });
        for (outcome, why) in [(grown, "grown"), (lying, "edited with its time put back"), (replaced, "replaced")] {
            let refused = outcome.unwrap_err();
            assert!(
                matches!(&refused, StagingError::Changed { path } if path == Path::new("/f")),
                "{why}, {length} bytes: {refused}"
            );
        }
    }
}

#[test]
fn what_is_no_quiet_file_is_refused_with_its_reason() {
    let memory = MemoryDisk::new(Personality::NtfsLike);
    let staging = StagingStore::open(Arc::new(memory.clone()), Path::new("/s")).unwrap();
    let path = Path::new("/f.xlsx");
    let kind = |path: &Path| match staging.capture(path) {
        Err(StagingError::Disk(error)) => Some(error.kind()),
        _ => None,
    };
    assert_eq!(kind(path), Some(ErrorKind::NotFound));
    memory.save_in_place(path, b"x").unwrap();
    let excel = memory.open_as_program(path, Sharing::Nothing).unwrap();
    assert_eq!(kind(path), Some(ErrorKind::Busy));
    drop(excel);
    memory.set_unreadable(path, true).unwrap();
    assert_eq!(kind(path), Some(ErrorKind::PermissionDenied));
    memory.create_symlink(Path::new("/link")).unwrap();
    assert_eq!(kind(Path::new("/link")), Some(ErrorKind::NotAFile));
    assert_eq!(kind(Path::new("/s")), Some(ErrorKind::NotAFile));
}

#[test]
fn a_download_that_is_another_content_stays_where_it_is() {
    let memory = MemoryDisk::new(Personality::Ext4Like);
    let staging = StagingStore::open(Arc::new(memory.clone()), Path::new("/s")).unwrap();
    memory.save_in_place(Path::new("/part"), b"half of it").unwrap();
    let refused = staging.put_file(Path::new("/part"), ContentHash::of(b"all of it")).unwrap_err();
    assert!(
        matches!(refused, StagingError::WrongHash { found, .. }
            if found == ContentHash::of(b"half of it")),
        "{refused}"
    );
    assert_eq!(memory.read(Path::new("/part"), 99).unwrap(), b"half of it");
    assert!(staging.list().unwrap().is_empty());
}
