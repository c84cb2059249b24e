//! The staging when the machine stops, the power goes or the disk is full: no content is ever wrong or hidden.

use std::path::Path;
use std::sync::Arc;

use content::{StagingError, StagingStore};
use disk::{CrashMoment, ErrorKind, FaultyDisk, Filesystem, MemoryDisk, Personality};
use domain::content::ContentHash;

use crate::sample;

fn open(disk: Arc<dyn Filesystem>) -> Result<StagingStore, StagingError> {
    StagingStore::open(disk, Path::new("/s"))
}

#[test]
fn a_stop_at_any_operation_leaves_a_staging_that_works() {
    for length in [500, 1_100_000] {
        for moment in [CrashMoment::Before, CrashMoment::After] {
            let mut is_finished = false;
            for nth in 1.. {
                let memory = MemoryDisk::new(Personality::Ext4Like);
                let faulty = FaultyDisk::new(Arc::new(memory.clone()));
                let (path, bytes) = (Path::new("/f"), sample(1, length));
                memory.save_in_place(path, &bytes).unwrap();
                memory.sync_tree(Path::new("/")).unwrap();
                faulty.crash_at(nth, moment);
                let outcome = open(Arc::new(faulty.clone())).and_then(|staging| {
                    let captured = staging.capture(path)?;
                    staging.flush()?;
                    Ok(captured)
                });
                is_finished = outcome.is_ok();
                memory.crash(nth);
                faulty.revive();

                let staging = open(Arc::new(faulty)).unwrap();
                let hash = ContentHash::of(&bytes);
                if is_finished {
                    assert!(staging.verify(hash).unwrap(), "what was flushed is whole");
                }
                for (listed, _) in staging.list().unwrap() {
                    assert_eq!(listed, hash, "no name is invented");
                }
                let captured = staging.capture(path).unwrap();
                assert_eq!(captured.hash, hash, "the user's file is as it was");
                assert!(
                    staging.bytes(hash, 1 << 21).unwrap() == bytes,
                    "stop {moment:?} operation {nth}: a damaged leftover hides nothing"
                );
                if is_finished {
                    break;
                }
                assert!(nth < 100, "capturing takes a bounded number of operations");
            }
            assert!(is_finished);
        }
    }
}

#[test]
fn a_leftover_damaged_by_a_power_cut_is_replaced_by_the_good_content() {
    let memory = MemoryDisk::new(Personality::Ext4Like);
    let staging = open(Arc::new(memory.clone())).unwrap();
    let small = sample(1, 300);
    let large = sample(2, 1_200_000);
    for (bytes, name) in [(&small, "/small"), (&large, "/large")] {
        let hash = staging.put_bytes(bytes).unwrap();
        // Full of zeros, of the right length: what ext4 leaves of a file that was not flushed.
        memory.save_in_place(&staging.path_of(hash), &vec![0; bytes.len()]).unwrap();
        assert!(staging.has(hash).unwrap() && !staging.verify(hash).unwrap());
        assert!(matches!(staging.bytes(hash, 1 << 21), Err(StagingError::Damaged(_))));
        let out = staging.copy_out(hash, Path::new("/out"));
        assert!(matches!(out, Err(StagingError::Damaged(_))));
        assert_eq!(memory.stat(Path::new("/out")).unwrap(), None, "nothing wrong is handed out");

        memory.save_in_place(Path::new(name), bytes).unwrap();
        staging.capture(Path::new(name)).unwrap();
        assert!(&staging.bytes(hash, 1 << 21).unwrap() == bytes);
    }
}

#[test]
fn a_full_disk_is_told_and_leaves_nothing_behind() {
    for length in [500, 1_100_000] {
        let memory = MemoryDisk::new(Personality::Ext4Like);
        let faulty = FaultyDisk::new(Arc::new(memory.clone()));
        let staging = open(Arc::new(faulty.clone())).unwrap();
        memory.save_in_place(Path::new("/f"), &sample(1, length)).unwrap();
        faulty.set_full(true);
        let refused = staging.capture(Path::new("/f")).unwrap_err();
        assert!(matches!(&refused, StagingError::Disk(error) if error.kind() == ErrorKind::NoSpace), "{refused}");
        assert!(staging.list().unwrap().is_empty());
        assert!(memory.list(Path::new("/s/tmp")).unwrap().is_empty());
        faulty.set_full(false);
        staging.capture(Path::new("/f")).unwrap();
    }
}
