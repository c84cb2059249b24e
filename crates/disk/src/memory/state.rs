//! The inodes of a [`MemoryDisk`](super::MemoryDisk), their contents and their attributes.
//!
//! Errors are kinds alone; the caller names path and operation.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Sharing;
use super::journal::{Children, Journal};
use super::personality::Personality;
use crate::{Entry, ErrorKind, FileId, FileKind, Meta, VolumeId};

/// The inode of `/`.
pub(super) const ROOT: u64 = 2;

type Outcome<T> = Result<T, ErrorKind>;

/// What an inode holds.
#[derive(Debug, Clone)]
pub(super) enum Body {
    File {
        bytes: Arc<Vec<u8>>,
        /// What is on the platter; `None` before the first flush.
        durable: Option<Arc<Vec<u8>>>,
    },
    Folder(Children),
    Symlink,
}

/// A file, a folder or a link, whatever its names.
#[derive(Debug, Clone)]
pub(super) struct Inode {
    pub(super) body: Body,
    modified_ns: i64,
    changed_ns: i64,
    pub(super) is_read_only: bool,
    pub(super) is_unreadable: bool,
    /// Open handles of any sort.
    pub(super) handles: u32,
    /// Handles that keep others from moving and removing the file.
    pub(super) blockers: u32,
    /// Handles that keep others from reading too.
    pub(super) exclusive: u32,
}

/// The whole volume.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) personality: Personality,
    pub(super) now_ns: i64,
    pub(super) volume: VolumeId,
    pub(super) capacity: Option<u64>,
    pub(super) inodes: BTreeMap<u64, Inode>,
    pub(super) journal: Journal,
    pub(super) touched: BTreeSet<PathBuf>,
    /// Moves on at each crash: handles of an older epoch are dead.
    pub(super) epoch: u64,
    next_inode: u64,
    pub(super) last_change_ns: i64,
}

impl State {
    pub(super) fn new(personality: Personality) -> Self {
        let mut state = Self {
            personality,
            now_ns: 0,
            volume: VolumeId(1),
            capacity: None,
            inodes: BTreeMap::new(),
            journal: Journal::default(),
            touched: BTreeSet::new(),
            epoch: 0,
            next_inode: ROOT,
            last_change_ns: 0,
        };
        state.add_inode(Body::Folder(Children::new()));
        state
    }

    pub(super) fn inode(&self, id: u64) -> &Inode {
        self.inodes.get(&id).expect("BUG: every name and handle leads to an inode")
    }

    pub(super) fn inode_mut(&mut self, id: u64) -> &mut Inode {
        self.inodes.get_mut(&id).expect("BUG: every name and handle leads to an inode")
    }

    pub(super) fn add_inode(&mut self, body: Body) -> u64 {
        let id = self.next_inode;
        self.next_inode += 1;
        let changed_ns = self.stamp();
        let inode = Inode {
            body,
            modified_ns: self.personality.stored_time(self.now_ns),
            changed_ns,
            is_read_only: false,
            is_unreadable: false,
            handles: 0,
            blockers: 0,
            exclusive: 0,
        };
        self.inodes.insert(id, inode);
        id
    }

    /// A time of change that no earlier change has, even when the clock stands or is set back.
    fn stamp(&mut self) -> i64 {
        let least = self.last_change_ns + self.personality.time_step();
        self.last_change_ns = self.personality.stored_time(self.now_ns).max(least);
        self.last_change_ns
    }

    pub(super) fn mark_changed(&mut self, id: u64) {
        let stamp = self.stamp();
        self.inode_mut(id).changed_ns = stamp;
    }

    pub(super) fn mark_modified(&mut self, id: u64) {
        let now = self.personality.stored_time(self.now_ns);
        self.inode_mut(id).modified_ns = now;
        self.mark_changed(id);
    }

    pub(super) fn meta(&self, id: u64) -> Meta {
        let inode = self.inode(id);
        let (kind, size) = match &inode.body {
            Body::File { bytes, .. } => (FileKind::File, bytes.len() as u64),
            Body::Folder(_) => (FileKind::Folder, 0),
            Body::Symlink => (FileKind::Symlink, 0),
        };
        Meta {
            kind,
            size,
            modified_ns: inode.modified_ns,
            changed_ns: inode.changed_ns,
            file_id: FileId { volume: self.volume, index: id.into() },
            links: 1,
            is_read_only: inode.is_read_only,
        }
    }

    pub(super) fn list(&self, dir: &Path) -> Outcome<Vec<Entry>> {
        let folder = self.folder_at(dir)?;
        if self.inode(folder).is_unreadable {
            return Err(ErrorKind::PermissionDenied);
        }
        let mut entries: Vec<Entry> = self
            .children(folder)
            .values()
            .map(|child| Entry { name: child.name.clone(), meta: Ok(self.meta(child.inode)) })
            .collect();
        entries.sort_by(|a, b| a.name.as_encoded_bytes().cmp(b.name.as_encoded_bytes()));
        Ok(entries)
    }

    /// Sets a file's content, keeping its identity.
    pub(super) fn write(&mut self, inode: u64, content: Vec<u8>) -> Outcome<()> {
        let old = self.meta(inode).size;
        if (content.len() as u64).saturating_sub(old) > self.free_space() {
            return Err(ErrorKind::NoSpace);
        }
        if let Body::File { bytes, .. } = &mut self.inode_mut(inode).body {
            *bytes = Arc::new(content);
        }
        self.mark_modified(inode);
        Ok(())
    }

    /// Adds to the end of a file.
    pub(super) fn append(&mut self, inode: u64, more: &[u8]) -> Outcome<()> {
        if more.len() as u64 > self.free_space() {
            return Err(ErrorKind::NoSpace);
        }
        if let Body::File { bytes, .. } = &mut self.inode_mut(inode).body {
            Arc::make_mut(bytes).extend_from_slice(more);
        }
        self.mark_modified(inode);
        Ok(())
    }

    pub(super) fn save_in_place(&mut self, path: &Path, content: &[u8]) -> Outcome<()> {
        let inode = if self.place(path)?.child.is_some() {
            let inode = self.file_at(path)?;
            if self.inode(inode).is_read_only {
                return Err(ErrorKind::PermissionDenied);
            }
            self.check_not_held(inode)?;
            inode
        } else {
            self.create_file(path)?
        };
        self.touch_parent(path);
        self.write(inode, content.to_vec())
    }

    pub(super) fn copy(&mut self, from: &Path, to: &Path) -> Outcome<u64> {
        let source = self.open_for_reading(from)?;
        let content = self.content(source);
        let size = content.len() as u64;
        if size > self.free_space() {
            return Err(ErrorKind::NoSpace);
        }
        let target = self.create_file(to)?;
        self.write(target, content.to_vec())?;
        Ok(size)
    }

    pub(super) fn set_modified(&mut self, path: &Path, modified_ns: i64) -> Outcome<()> {
        let inode = self.resolve(path)?;
        let stored = self.personality.stored_time(modified_ns);
        self.inode_mut(inode).modified_ns = stored;
        self.mark_changed(inode);
        self.touch_parent(path);
        Ok(())
    }

    pub(super) fn set_read_only(&mut self, path: &Path, read_only: bool) -> Outcome<()> {
        let inode = self.file_at(path)?;
        self.inode_mut(inode).is_read_only = read_only;
        self.mark_changed(inode);
        self.touch_parent(path);
        Ok(())
    }

    fn touch_parent(&mut self, path: &Path) {
        self.touched.extend(path.parent().map(Path::to_path_buf));
    }

    /// The bytes that the capacity leaves.
    pub(super) fn free_space(&self) -> u64 {
        let Some(capacity) = self.capacity else {
            return u64::MAX;
        };
        capacity.saturating_sub(self.used())
    }

    /// The bytes of all files together.
    pub(super) fn used(&self) -> u64 {
        self.inodes.keys().map(|id| self.meta(*id).size).sum()
    }

    pub(super) fn hold(&mut self, inode: u64, sharing: Sharing) {
        let inode = self.inode_mut(inode);
        inode.handles += 1;
        inode.blockers += u32::from(sharing != Sharing::All);
        inode.exclusive += u32::from(sharing == Sharing::Nothing);
    }

    pub(super) fn release(&mut self, inode: u64, sharing: Sharing) {
        let inode = self.inode_mut(inode);
        inode.handles -= 1;
        inode.blockers -= u32::from(sharing != Sharing::All);
        inode.exclusive -= u32::from(sharing == Sharing::Nothing);
    }
}
