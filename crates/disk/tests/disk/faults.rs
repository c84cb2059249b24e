//! Planned faults: at a number, on a path, by a seed, a full disk, a machine that stops.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use disk::{CrashMoment, Durability, Error, ErrorKind, FaultyDisk, Filesystem, MemoryDisk, Operation, Personality};

use crate::tree::write;

fn faulty() -> (FaultyDisk, MemoryDisk) {
    let memory = MemoryDisk::new(Personality::Ext4Like);
    (FaultyDisk::new(Arc::new(memory.clone())), memory)
}

#[test]
fn the_numbered_operation_fails_and_the_next_does_not() {
    let (disk, _) = faulty();
    let path = Path::new("/d");
    disk.fail_at(2, ErrorKind::Busy);
    assert_eq!(disk.stat(path).unwrap(), None);
    let error = disk.create_dir(path).unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Busy, Operation::CreateDir));
    disk.create_dir(path).unwrap();
    assert_eq!(disk.operations(), 3);
}

#[test]
fn an_aimed_fault_hits_its_path_as_often_as_asked() {
    let (disk, _) = faulty();
    for name in ["/a", "/b"] {
        write(&disk, Path::new(name), b"x", Durability::Lazy);
    }
    disk.fail_when(|operation, path| operation == Operation::Open && path == Path::new("/a"), ErrorKind::Busy, Some(2));
    for _ in 0..2 {
        assert_eq!(disk.read(Path::new("/a"), 9).unwrap_err().kind(), ErrorKind::Busy);
        assert_eq!(disk.read(Path::new("/b"), 9).unwrap(), b"x", "only the aimed path fails");
    }
    assert_eq!(disk.read(Path::new("/a"), 9).unwrap(), b"x");
}

#[test]
fn one_broken_entry_does_not_hide_its_siblings() {
    let (disk, _) = faulty();
    for name in ["/a", "/b", "/c"] {
        write(&disk, Path::new(name), b"x", Durability::Lazy);
    }
    disk.fail_when(
        |operation, path| operation == Operation::Stat && path == Path::new("/b"),
        ErrorKind::PermissionDenied,
        None,
    );
    let entries = disk.list(Path::new("/")).unwrap();
    let broken: Vec<_> = entries.iter().filter_map(|entry| entry.meta.as_ref().err().map(Error::path)).collect();
    assert_eq!((entries.len(), broken), (3, vec![Path::new("/b")]));
}

#[test]
fn a_fault_while_reading_and_writing_keeps_its_kind() {
    let (disk, _) = faulty();
    let path = Path::new("/f");
    write(&disk, path, &[7; 100], Durability::Lazy);
    disk.fail_when(|operation, _| operation == Operation::Read, ErrorKind::PermissionDenied, None);
    let error = disk.read(path, 1000).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::PermissionDenied, path));
    disk.clear_faults();
    assert_eq!(disk.read(path, 1000).unwrap(), [7; 100]);
}

#[test]
fn a_full_disk_tears_the_write_and_still_lets_one_tidy_up() {
    let (disk, _) = faulty();
    let path = Path::new("/f");
    let mut file = disk.create(path).unwrap();
    disk.set_full(true);
    let error = Error::from_io(Operation::Write, path, file.write_all(b"12345678").unwrap_err());
    assert_eq!((error.kind(), error.path()), (ErrorKind::NoSpace, path));
    assert_eq!(disk.read(path, 99).unwrap(), b"1234", "half of it is on the disk");
    assert_eq!(disk.create(Path::new("/g")).err().unwrap().kind(), ErrorKind::NoSpace);
    assert_eq!(disk.free_space(path).unwrap(), 0);
    disk.remove_file(path).unwrap();
    disk.set_full(false);
    write(&disk, path, b"12345678", Durability::Lazy);
}

#[test]
fn a_stopped_machine_does_nothing_more_until_revived() {
    let (disk, memory) = faulty();
    let mut file = disk.create(Path::new("/f")).unwrap();
    disk.crash_at(1, CrashMoment::Before);
    assert!(file.write_all(b"12345678").is_err());
    assert!(disk.is_crashed());
    assert!(file.write_all(b"9").is_err(), "open files are dead too");
    assert_eq!(file.finish(Durability::Flushed).unwrap_err().kind(), ErrorKind::Crashed);
    let error = disk.remove_file(Path::new("/f")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Crashed);
    assert_eq!(memory.read(Path::new("/f"), 99).unwrap(), b"1234", "the last write was torn");
    disk.revive();
    disk.remove_file(Path::new("/f")).unwrap();
}

#[test]
fn an_operation_may_happen_though_nobody_learns_it() {
    for (moment, happened) in [(CrashMoment::Before, false), (CrashMoment::After, true)] {
        let (disk, memory) = faulty();
        disk.crash_at(1, moment);
        let error = disk.create_dir(Path::new("/d")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Crashed);
        assert_eq!(memory.stat(Path::new("/d")).unwrap().is_some(), happened, "{moment:?}");
    }
}

#[test]
fn random_faults_replay_from_their_seed() {
    let history = |seed| {
        let (disk, _) = faulty();
        disk.fail_randomly(seed, 3, &[ErrorKind::Busy, ErrorKind::NoSpace]);
        (0..60)
            .map(|number| disk.create_dir(Path::new(&format!("/{number}"))).err().map(|e| e.kind()))
            .collect::<Vec<_>>()
    };
    let first = history(1);
    assert_eq!(first, history(1));
    assert_ne!(first, history(2));
    for expected in [None, Some(ErrorKind::Busy), Some(ErrorKind::NoSpace)] {
        assert!(first.contains(&expected), "{expected:?} is among 60 outcomes");
    }
}
