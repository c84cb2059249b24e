//! Every change of names: creation, move, exchange, removal.
//!
//! All of them go through one function, which writes the folders and the journal alike.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::journal::{Children, NameChange, Step};
use super::personality::Personality;
use super::resolve::Place;
use super::state::{Body, State};
use crate::ErrorKind;

type Outcome<T> = Result<T, ErrorKind>;

impl State {
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
        for folder in folders {
            self.mark_modified(folder);
        }
        if self.journal.record(change) {
            self.purge();
        }
    }

    fn link_new(&mut self, place: Place, body: Body) -> Outcome<u64> {
        if place.child.is_some() {
            return Err(ErrorKind::AlreadyExists);
        }
        self.personality.check_name(&place.name)?;
        let inode = self.add_inode(body);
        self.touched.insert(place.folder_path.clone());
        self.change_names(NameChange { steps: vec![place.lead_to(inode)], inodes: vec![inode], moves_folder: false });
        Ok(inode)
    }

    pub(super) fn create_file(&mut self, path: &Path) -> Outcome<u64> {
        let place = self.place(path)?;
        self.link_new(place, Body::File { bytes: Arc::default(), durable: None })
    }

    pub(super) fn create_dir(&mut self, path: &Path) -> Outcome<()> {
        let place = self.place(path)?;
        self.link_new(place, Body::Folder(Children::new())).map(|_| ())
    }

    pub(super) fn create_symlink(&mut self, path: &Path) -> Outcome<()> {
        let place = self.place(path)?;
        self.link_new(place, Body::Symlink).map(|_| ())
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
        self.touched.extend([source.folder_path.clone(), target.folder_path.clone()]);
        let mut inodes = vec![inode];
        inodes.extend(target.child);
        let unlink = Step { dir: source.folder, key: source.key.clone(), child: None };
        // Removing first lets another spelling of the same key be written.
        let steps = vec![unlink, target.lead_to(inode)];
        self.change_names(NameChange { steps, inodes, moves_folder });
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
        let moves_folder = [one, other].iter().any(|id| matches!(self.inode(*id).body, Body::Folder(_)));
        self.touched.extend([first.folder_path.clone(), second.folder_path.clone()]);
        let steps = vec![first.lead_to(other), second.lead_to(one)];
        self.change_names(NameChange { steps, inodes: vec![one, other], moves_folder });
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
            (Body::Folder(_), true) | (Body::File { .. } | Body::Symlink, false) => {}
            (Body::Folder(_), false) => return Err(ErrorKind::NotAFile),
            (_, true) => return Err(ErrorKind::NotADirectory),
        }
        self.check_movable(inode)?;
        if self.personality == Personality::NtfsLike && self.inode(inode).is_read_only {
            return Err(ErrorKind::PermissionDenied);
        }
        self.touched.insert(place.folder_path.clone());
        self.mark_changed(inode);
        let unlink = Step { dir: place.folder, key: place.key, child: None };
        self.change_names(NameChange { steps: vec![unlink], inodes: vec![inode], moves_folder: false });
        Ok(())
    }
}
