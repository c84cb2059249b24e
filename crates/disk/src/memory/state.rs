//! The inodes of a [`MemoryDisk`](super::MemoryDisk) and every change of them.
//!
//! Errors are kinds alone; the caller names path and operation.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Sharing;
use super::journal::{Child, Children, Journal, NameChange, Step};
use super::personality::Personality;
use super::resolve::Place;
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
    Symlink(PathBuf),
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
    last_change_ns: i64,
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
        self.inodes
            .get(&id)
            .expect("BUG: every name and handle leads to an inode")
    }

    pub(super) fn inode_mut(&mut self, id: u64) -> &mut Inode {
        self.inodes
            .get_mut(&id)
            .expect("BUG: every name and handle leads to an inode")
    }

    fn add_inode(&mut self, body: Body) -> u64 {
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

    fn mark_changed(&mut self, id: u64) {
        let stamp = self.stamp();
        self.inode_mut(id).changed_ns = stamp;
    }

    fn mark_modified(&mut self, id: u64) {
        let now = self.personality.stored_time(self.now_ns);
        self.inode_mut(id).modified_ns = now;
        self.mark_changed(id);
    }

    pub(super) fn meta(&self, id: u64) -> Meta {
        let inode = self.inode(id);
        let (kind, size) = match &inode.body {
            Body::File { bytes, .. } => (FileKind::File, bytes.len() as u64),
            Body::Folder(_) => (FileKind::Folder, 0),
            Body::Symlink(_) => (FileKind::Symlink, 0),
        };
        Meta {
            kind,
            size,
            modified_ns: inode.modified_ns,
            changed_ns: inode.changed_ns,
            file_id: FileId {
                volume: self.volume,
                index: id.into(),
            },
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
            .map(|child| Entry {
                name: child.name.clone(),
                meta: Ok(self.meta(child.inode)),
            })
            .collect();
        entries.sort_by(|a, b| a.name.as_encoded_bytes().cmp(b.name.as_encoded_bytes()));
        Ok(entries)
    }

    /// Writes a change of names into the folders and the journal.
    fn change_names(&mut self, change: NameChange) {
        for step in &change.steps {
            let Body::Folder(children) = &mut self.inode_mut(step.dir).body else {
                continue;
            };
            match &step.child {
                Some(child) => children.insert(step.key.clone(), child.clone()),
                None => children.remove(&step.key),
            };
        }
        let folders: BTreeSet<u64> = change.steps.iter().map(|step| step.dir).collect();
        self.journal.record(change);
        for folder in folders {
            self.mark_modified(folder);
        }
    }

    fn link_new(&mut self, place: Place, body: Body) -> Outcome<u64> {
        if place.child.is_some() {
            return Err(ErrorKind::AlreadyExists);
        }
        self.personality.check_name(&place.name)?;
        let inode = self.add_inode(body);
        self.touched.insert(place.folder_path.clone());
        self.change_names(NameChange {
            steps: vec![place.lead_to(inode)],
            inodes: vec![inode],
            moves_folder: false,
        });
        Ok(inode)
    }

    pub(super) fn create_file(&mut self, path: &Path) -> Outcome<u64> {
        let place = self.place(path)?;
        self.link_new(
            place,
            Body::File {
                bytes: Arc::default(),
                durable: None,
            },
        )
    }

    pub(super) fn create_dir(&mut self, path: &Path) -> Outcome<()> {
        let place = self.place(path)?;
        self.link_new(place, Body::Folder(Children::new()))
            .map(|_| ())
    }

    pub(super) fn symlink(&mut self, path: &Path, target: &Path) -> Outcome<()> {
        let place = self.place(path)?;
        self.link_new(place, Body::Symlink(target.to_path_buf()))
            .map(|_| ())
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
        let inode = match self.place(path)?.child {
            None => self.create_file(path)?,
            Some(_) => {
                let inode = self.file_at(path)?;
                if self.inode(inode).is_read_only {
                    return Err(ErrorKind::PermissionDenied);
                }
                self.check_not_held(inode)?;
                inode
            }
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

    pub(super) fn rename_exclusive(&mut self, from: &Path, to: &Path) -> Outcome<()> {
        let source = self.place(from)?;
        let target = self.place(to)?;
        let inode = source.child.ok_or(ErrorKind::NotFound)?;
        if target.child.is_some_and(|other| other != inode) {
            return Err(ErrorKind::AlreadyExists);
        }
        if target.child.is_some() && source.name == target.name {
            // Its own name is taken, as `renameat2` says too.
            return Err(ErrorKind::AlreadyExists);
        }
        self.move_to(&source, target, inode)
    }

    pub(super) fn rename_replacing(&mut self, from: &Path, to: &Path) -> Outcome<()> {
        let source = self.place(from)?;
        let target = self.place(to)?;
        let inode = source.child.ok_or(ErrorKind::NotFound)?;
        if let Some(replaced) = target.child.filter(|other| *other != inode) {
            self.file_at(to)?;
            self.check_not_held(replaced)?;
        }
        self.move_to(&source, target, inode)
    }

    fn move_to(&mut self, source: &Place, target: Place, inode: u64) -> Outcome<()> {
        self.personality.check_name(&target.name)?;
        self.check_movable(inode)?;
        let moves_folder = matches!(self.inode(inode).body, Body::Folder(_));
        if moves_folder && self.is_within(target.folder, inode) {
            return Err(ErrorKind::Other);
        }
        self.touched
            .extend([source.folder_path.clone(), target.folder_path.clone()]);
        let mut inodes = vec![inode];
        inodes.extend(target.child);
        let unlink = Step {
            dir: source.folder,
            key: source.key.clone(),
            child: None,
        };
        // Removing first lets another spelling of the same key be written.
        let steps = vec![unlink, target.lead_to(inode)];
        self.change_names(NameChange {
            steps,
            inodes,
            moves_folder,
        });
        self.mark_changed(inode);
        Ok(())
    }

    pub(super) fn exchange(&mut self, a: &Path, b: &Path) -> Outcome<()> {
        let (first, second) = (self.place(a)?, self.place(b)?);
        let (Some(one), Some(other)) = (first.child, second.child) else {
            return Err(ErrorKind::NotFound);
        };
        if one == other {
            return Ok(());
        }
        self.check_movable(one)?;
        self.check_movable(other)?;
        if self.is_within(first.folder, other) || self.is_within(second.folder, one) {
            return Err(ErrorKind::Other);
        }
        let moves_folder = [one, other]
            .iter()
            .any(|id| matches!(self.inode(*id).body, Body::Folder(_)));
        self.touched
            .extend([first.folder_path.clone(), second.folder_path.clone()]);
        let steps = vec![first.lead_to(other), second.lead_to(one)];
        self.change_names(NameChange {
            steps,
            inodes: vec![one, other],
            moves_folder,
        });
        self.mark_changed(one);
        self.mark_changed(other);
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &Path, folder: bool) -> Outcome<()> {
        let place = self.place(path)?;
        let inode = place.child.ok_or(ErrorKind::NotFound)?;
        match (&self.inode(inode).body, folder) {
            (Body::Folder(children), true) if !children.is_empty() => {
                return Err(ErrorKind::DirectoryNotEmpty);
            }
            (Body::Folder(_), true) | (Body::File { .. } | Body::Symlink(_), false) => {}
            (Body::Folder(_), false) => return Err(ErrorKind::NotAFile),
            (_, true) => return Err(ErrorKind::NotADirectory),
        }
        self.check_movable(inode)?;
        if self.personality == Personality::NtfsLike && self.inode(inode).is_read_only {
            return Err(ErrorKind::PermissionDenied);
        }
        self.touched.insert(place.folder_path.clone());
        let unlink = Step {
            dir: place.folder,
            key: place.key,
            child: None,
        };
        self.change_names(NameChange {
            steps: vec![unlink],
            inodes: vec![inode],
            moves_folder: false,
        });
        self.mark_changed(inode);
        Ok(())
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
        let used: u64 = self.inodes.keys().map(|id| self.meta(*id).size).sum();
        capacity.saturating_sub(used)
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
