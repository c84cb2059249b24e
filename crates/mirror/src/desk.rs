//! The mirror's folder on the disk: its hidden corner, paths of nodes, and the quarantine.
//!
//! `.gedeon` marks the folder as a mirror and names the replica it belongs to. `.gedeon.d` holds what is being written
//! (`tmp`), what waits for its name (`parked`) and what was taken away (`quarantine`), all on the mirror's own volume.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use content::{Evidence, StagingStore, hash_file};
use disk::{Error, ErrorKind, FileKind, Filesystem, Meta};
use domain::content::ContentHash;
use domain::id::NodeId;
use domain::time::Instant;
use failpoints::Point;
use store::replica::ReplicaTx;

use crate::plan::Proof;
use crate::trees::{PARKED, ROOT, Stamp};

/// The marker's name.
pub(crate) const MARKER: &str = ".gedeon";
const HIDDEN: &str = ".gedeon.d";
const TEMPORARY: &str = "tmp";
const PARKED_DIR: &str = "parked";
const QUARANTINE: &str = "quarantine";

/// How long what the server holds stays in the quarantine: a program may still write to it through an open handle.
const KEPT_FOR_MS: i64 = 72 * 60 * 60 * 1000;

/// The mirror's folder with the disk it is on and the staging.
pub(crate) struct Desk {
    pub(crate) root: PathBuf,
    pub(crate) disk: Arc<dyn Filesystem>,
    pub(crate) staging: Arc<StagingStore>,
    /// Bytes that what comes from the firm leaves free on each volume.
    pub(crate) kept_free: u64,
    next_name: std::cell::Cell<u64>,
}

impl Desk {
    pub(crate) fn new(root: PathBuf, disk: Arc<dyn Filesystem>, staging: Arc<StagingStore>) -> Self {
        Self { root, disk, staging, kept_free: 0, next_name: std::cell::Cell::new(0) }
    }

    /// The path of the marker.
    pub(crate) fn marker(&self) -> PathBuf {
        self.root.join(MARKER)
    }

    /// Makes the hidden folders.
    pub(crate) fn prepare(&self) -> disk::Result<()> {
        for name in [TEMPORARY, PARKED_DIR, QUARANTINE] {
            self.disk.create_dir_all(&self.hidden(name))?;
        }
        for path in [self.marker(), self.root.join(HIDDEN)] {
            match self.disk.hide(&path) {
                Err(error) if error.kind() == ErrorKind::Crashed => return Err(error),
                // A network drive may know no such thing: what is seen is not lost.
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// The hidden folder itself.
    pub(crate) fn hidden_dir(&self) -> PathBuf {
        self.root.join(HIDDEN)
    }

    fn hidden(&self, name: &str) -> PathBuf {
        self.hidden_dir().join(name)
    }

    pub(crate) fn temporary_dir(&self) -> PathBuf {
        self.hidden(TEMPORARY)
    }

    pub(crate) fn parked_dir(&self) -> PathBuf {
        self.hidden(PARKED_DIR)
    }

    pub(crate) fn quarantine_dir(&self) -> PathBuf {
        self.hidden(QUARANTINE)
    }

    /// A short path for something being written, that no other use of this process has.
    pub(crate) fn temporary_path(&self, now: Instant, kind: char) -> PathBuf {
        self.temporary_dir().join(format!("{kind}{}", self.fresh_name(now)))
    }

    fn fresh_name(&self, now: Instant) -> String {
        let number = self.next_name.get();
        self.next_name.set(number + 1);
        format!("{:x}-{number:x}", now.0)
    }

    /// The path of a folder of the disk, below the mirror's.
    pub(crate) fn folder_path(&self, tx: &mut ReplicaTx<'_, '_>, folder: NodeId) -> store::Result<Option<PathBuf>> {
        let mut names = Vec::new();
        let mut at = folder;
        while at != ROOT && at != PARKED {
            // A chain longer than any path is a circle: such a node is nowhere.
            let Some(local) = tx.local_node(at)?.filter(|_| names.len() < 200) else { return Ok(None) };
            names.push(local.place.name);
            at = local.place.parent;
        }
        let mut path = if at == PARKED { self.parked_dir() } else { self.root.clone() };
        path.extend(names.iter().rev());
        Ok(Some(path))
    }

    /// What lies at a path, `None` for nothing; a name on the way that is no folder is nothing too.
    pub(crate) fn stat(&self, path: &Path) -> disk::Result<Option<Meta>> {
        match self.disk.stat(path) {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            other => other,
        }
    }

    /// Whether so little is free on the volume of the mirror or of the staging that nothing more is to come. A volume that
    /// does not tell is taken to have room.
    pub(crate) fn is_nearly_full(&self) -> bool {
        let is_short = |free: u64| free < self.kept_free;
        self.kept_free > 0
            && (self.disk.free_space(&self.root).is_ok_and(is_short) || self.staging.free_space().is_ok_and(is_short))
    }

    /// The hash of a file's bytes.
    pub(crate) fn hash(&self, path: &Path) -> disk::Result<ContentHash> {
        hash_file(&*self.disk, path, Evidence::None).map(|digest| digest.hash)
    }

    /// Moves a file, or what else is in the way, into the quarantine; says where it lies then.
    pub(crate) fn put_aside(
        &self,
        path: &Path,
        proof: Proof,
        content: Option<ContentHash>,
        now: Instant,
    ) -> disk::Result<PathBuf> {
        let name = path.file_name().unwrap_or(OsStr::new("file"));
        self.put_aside_as(path, name, proof, content, now)
    }

    /// The same, under another name.
    pub(crate) fn put_aside_as(
        &self,
        path: &Path,
        name: impl AsRef<OsStr>,
        proof: Proof,
        content: Option<ContentHash>,
        now: Instant,
    ) -> disk::Result<PathBuf> {
        let kind = if matches!(proof, Proof::Held(_)) { "held" } else { "kept" };
        let content = content.map(|content| content.to_string()).unwrap_or_default();
        let folder = self.quarantine_dir().join(format!("{}-{kind}-{content}", self.fresh_name(now)));
        self.disk.create_dir_all(&folder)?;
        let target = folder.join(name.as_ref());
        match self.disk.rename_exclusive(path, &target) {
            Ok(()) => {
                failpoints::reached(Point::PutAside);
                Ok(target)
            }
            Err(error) => {
                // Left empty it would only be in the way of whoever looks into the quarantine.
                let _ = self.disk.remove_dir(&folder);
                Err(error)
            }
        }
    }

    /// Moves a content from the staging into the quarantine, under a name people know, where no command, file or version has
    /// it: it was taken from a file, and saved over or removed before the firm could be told.
    pub(crate) fn keep_untold(
        &self,
        tx: &mut ReplicaTx<'_, '_>,
        content: ContentHash,
        name: &str,
        now: Instant,
    ) -> store::Result<()> {
        if tx.is_needed(content)? || tx.is_of_a_version(content)? {
            return Ok(());
        }
        let folder = self.quarantine_dir().join(format!("{}-kept-{content}", self.fresh_name(now)));
        let made = self.disk.create_dir_all(&folder).map_err(content::StagingError::from);
        let moved = made.and_then(|()| self.staging.move_out(content, &folder.join(name)));
        if let Err(error) = moved {
            // Not there any more, or no room: what is in the staging stays there, and the next start tries again.
            let _ = self.disk.remove_dir(&folder);
            tracing::warn!(%error, "what was saved over could not be put aside");
        }
        Ok(())
    }

    /// Puts back what was put aside by mistake.
    pub(crate) fn take_back(&self, aside: &Path, path: &Path) -> disk::Result<()> {
        self.disk.rename_exclusive(aside, path)?;
        if let Some(folder) = aside.parent() {
            let _ = self.disk.remove_dir(folder);
        }
        Ok(())
    }

    /// Drops what lay long enough in the quarantine and is still what the server is known to hold. What cannot be read or
    /// removed now is tried again at the next start.
    pub(crate) fn empty_quarantine(&self, now: Instant) -> disk::Result<()> {
        for entry in self.disk.list(&self.quarantine_dir())? {
            let Some((since, content)) = entry.name.to_str().and_then(held_since) else { continue };
            if now.0.saturating_sub(since) < KEPT_FOR_MS {
                continue;
            }
            match self.drop_held(&self.quarantine_dir().join(&entry.name), content) {
                Err(error) if error.kind() == ErrorKind::Crashed => return Err(error),
                // Written to since it was put aside: it stays.
                Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => {}
                Err(error) => tracing::warn!(%error, "the quarantine could not be emptied"),
                Ok(()) => {}
            }
        }
        Ok(())
    }

    /// Keeps all that lies in the quarantine until a person decides, whatever the server was known to hold.
    pub(crate) fn keep_quarantine(&self) -> disk::Result<()> {
        for entry in self.disk.list(&self.quarantine_dir())? {
            let Some(name) = entry.name.to_str().filter(|name| held_since(name).is_some()) else { continue };
            let kept = self.quarantine_dir().join(name.replace("-held-", "-kept-"));
            self.disk.rename_exclusive(&self.quarantine_dir().join(name), &kept)?;
        }
        Ok(())
    }

    fn drop_held(&self, folder: &Path, content: ContentHash) -> disk::Result<()> {
        for file in self.disk.list(folder)? {
            let path = folder.join(&file.name);
            if file.meta.is_ok_and(|meta| meta.is_file()) && self.hash(&path)? == content {
                self.disk.remove_file(&path)?;
            }
        }
        self.disk.remove_dir(folder)
    }

    /// The path of a file below the mirror's folder, as people read it.
    pub(crate) fn shown(&self, path: &Path) -> String {
        let below = path.strip_prefix(&self.root).unwrap_or(path);
        let names: Vec<_> = below.iter().map(|name| name.to_string_lossy().into_owned()).collect();
        names.join("/")
    }

    /// The path of a folder of the disk, as people read it.
    pub(crate) fn shown_folder(&self, tx: &mut ReplicaTx<'_, '_>, folder: NodeId) -> store::Result<Option<String>> {
        Ok(self.folder_path(tx, folder)?.map(|path| self.shown(&path)))
    }

    /// Whether a program has this file open, as far as the owner files beside it tell.
    pub(crate) fn has_owner_file(&self, path: &Path) -> disk::Result<bool> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(OsStr::to_str)) else {
            return Ok(false);
        };
        for owner in owner_files(name) {
            if self.stat(&folder.join(owner))?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The names of the files by which programs mark this one as open: Word drops two letters of longer names.
pub(crate) fn owner_files(name: &str) -> Vec<String> {
    let tail: String = name.chars().skip(2).collect();
    vec![format!("~${name}"), format!("~${tail}"), format!(".~lock.{name}#")]
}

/// The program that leaves such an owner file beside a document of this name.
pub(crate) fn program_of(owner: &str, name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    if owner.starts_with(".~lock.") {
        return "LibreOffice";
    }
    match ending.as_str() {
        "doc" | "docx" | "docm" | "dot" | "dotx" | "rtf" => "Word",
        "xls" | "xlsx" | "xlsm" | "xlsb" | "xlt" | "xltx" | "csv" => "Excel",
        "ppt" | "pptx" | "pptm" => "PowerPoint",
        _ => "Office",
    }
}

fn held_since(name: &str) -> Option<(i64, ContentHash)> {
    let (fresh, content) = name.split_once("-held-")?;
    let millis = fresh.split('-').next()?;
    Some((i64::from_str_radix(millis, 16).ok()?, content.parse().ok()?))
}

/// The sign of an entry's state, as the trees keep it.
pub(crate) fn stamp_of(meta: &Meta) -> Stamp {
    Stamp {
        file_id: meta.file_id.to_string(),
        size: meta.size,
        modified_ns: meta.modified_ns,
        changed_ns: meta.changed_ns,
    }
}

/// Whether an entry is of the kind a node is.
pub(crate) fn is_of_kind(meta: &Meta, is_folder: bool) -> bool {
    meta.kind == if is_folder { FileKind::Folder } else { FileKind::File }
}

/// Why a file waits or is blocked, from the disk's error; and whether it is tried again by itself soon.
pub(crate) fn reason_of(error: &Error) -> protocol::view::Reason {
    use protocol::view::Reason;
    match error.kind() {
        ErrorKind::Busy => Reason::InUse,
        ErrorKind::PermissionDenied => Reason::NoPermission,
        ErrorKind::NoSpace => Reason::DiskFull,
        ErrorKind::NameTooLong => Reason::PathTooLong,
        ErrorKind::InvalidName => Reason::InvalidName,
        ErrorKind::AlreadyExists => Reason::NameTaken,
        ErrorKind::NotAFile => Reason::NotAFile,
        ErrorKind::TooLarge => Reason::TooLarge,
        _ => Reason::DiskError,
    }
}
