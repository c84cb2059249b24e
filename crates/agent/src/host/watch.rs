//! The disk's own events: hints that folders changed. The mirror's scan is the truth.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use notify::{Config, EventKindMask, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::runner::Message;
use crate::core::Event;

/// What is listened to: not who opens and reads, which this program does itself for every file it takes.
const CHANGES: EventKindMask = EventKindMask::CORE.union(EventKindMask::ACCESS_CLOSE);

/// A watch on the mirror's folder; it ends when dropped.
pub(super) struct Watch {
    _watcher: RecommendedWatcher,
}

/// Holds the mirror's folder for this engine as long as it lives, so that another profile cannot be given it meanwhile.
/// `None` where it cannot be held: some network drives know no locks.
pub(super) fn hold(root: &Path) -> Option<File> {
    let file =
        lock_file(root).inspect_err(|error| tracing::warn!(%error, "the mirror's folder cannot be held")).ok()?;
    file.try_lock()
        .inspect_err(|error| tracing::warn!(%error, "the mirror's folder is held by another engine"))
        .ok()?;
    Some(file)
}

/// Whether another engine that runs holds a mirror's folder.
pub(super) fn is_mirrored_by_another(root: &Path) -> bool {
    lock_file(root).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

fn lock_file(root: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).open(root.join(".gedeon.d").join("lock"))
}

impl Watch {
    /// Watches a folder. Where it cannot, the mirror's regular scans go on alone.
    pub(super) fn start(root: &Path, messages: Sender<Message>) -> Option<Self> {
        let tell = move |event: notify::Result<notify::Event>| {
            let event = match event {
                Ok(event) if event.need_rescan() => Event::Rescan,
                Ok(event) => Event::Touched(folders(&event.paths)),
                Err(error) => {
                    tracing::warn!(%error, "the watch lost events");
                    Event::Rescan
                }
            };
            let _ = messages.send(Message::Event(event));
        };
        let config = Config::default().with_event_kinds(CHANGES);
        let mut watcher = match RecommendedWatcher::new(tell, config) {
            Ok(watcher) => watcher,
            Err(error) => {
                tracing::warn!(%error, "the mirror is not watched");
                return None;
            }
        };
        match watcher.watch(root, RecursiveMode::Recursive) {
            Ok(()) => Some(Self { _watcher: watcher }),
            Err(error) => {
                tracing::warn!(%error, "the mirror is not watched");
                None
            }
        }
    }
}

/// The folders whose lists may have changed: those the paths are in, and the paths themselves where they are folders. One
/// that is no more is seen from above.
fn folders(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut touched = BTreeSet::new();
    for path in paths {
        touched.extend(path.parent().map(Path::to_owned));
        if std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir()) {
            touched.insert(path.clone());
        }
    }
    touched.into_iter().collect()
}
