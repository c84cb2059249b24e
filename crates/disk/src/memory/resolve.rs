//! From paths to inodes, and whether an inode may be read or moved.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::journal::{Child, Children, Step};
use super::state::{Body, ROOT, State};
use crate::ErrorKind;

type Outcome<T> = Result<T, ErrorKind>;

/// A name in an existing folder, taken or free.
pub(super) struct Place {
    pub(super) folder: u64,
    pub(super) folder_path: PathBuf,
    pub(super) key: Vec<u8>,
    pub(super) name: OsString,
    /// What the name leads to, if anything.
    pub(super) child: Option<u64>,
}

impl Place {
    /// The step that makes the name lead to `inode`.
    pub(super) fn lead_to(self, inode: u64) -> Step {
        let child = Child { name: self.name, inode };
        Step { dir: self.folder, key: self.key, child: Some(child) }
    }
}

impl State {
    fn names(&self, path: &Path) -> Outcome<Vec<OsString>> {
        if path.as_os_str().len() > self.personality.path_limit() {
            return Err(ErrorKind::NameTooLong);
        }
        path.components()
            .filter_map(|component| match component {
                Component::Normal(name) => Some(Ok(name.to_os_string())),
                Component::RootDir | Component::Prefix(_) | Component::CurDir => None,
                Component::ParentDir => Some(Err(ErrorKind::InvalidName)),
            })
            .collect()
    }

    fn walk(&self, names: &[OsString]) -> Outcome<u64> {
        let mut inode = ROOT;
        for name in names {
            let Body::Folder(children) = &self.inode(inode).body else {
                return Err(ErrorKind::NotADirectory);
            };
            // A name that cannot be is a name that is not there.
            let key = self.personality.key(name).map_err(|_| ErrorKind::NotFound)?;
            self.personality.check_length(name)?;
            inode = children.get(&key).ok_or(ErrorKind::NotFound)?.inode;
        }
        Ok(inode)
    }

    pub(super) fn resolve(&self, path: &Path) -> Outcome<u64> {
        self.walk(&self.names(path)?)
    }

    pub(super) fn folder_at(&self, path: &Path) -> Outcome<u64> {
        let inode = self.resolve(path)?;
        match self.inode(inode).body {
            Body::Folder(_) => Ok(inode),
            Body::File { .. } | Body::Symlink => Err(ErrorKind::NotADirectory),
        }
    }

    pub(super) fn file_at(&self, path: &Path) -> Outcome<u64> {
        let inode = self.resolve(path)?;
        match self.inode(inode).body {
            Body::File { .. } => Ok(inode),
            Body::Folder(_) | Body::Symlink => Err(ErrorKind::NotAFile),
        }
    }

    pub(super) fn children(&self, folder: u64) -> &Children {
        match &self.inode(folder).body {
            Body::Folder(children) => children,
            Body::File { .. } | Body::Symlink => unreachable!("BUG: checked to be a folder"),
        }
    }

    pub(super) fn content(&self, file: u64) -> Arc<Vec<u8>> {
        match &self.inode(file).body {
            Body::File { bytes, .. } => Arc::clone(bytes),
            Body::Folder(_) | Body::Symlink => unreachable!("BUG: checked to be a file"),
        }
    }

    /// The folder and the name of a path; the root has none.
    pub(super) fn place(&self, path: &Path) -> Outcome<Place> {
        let mut names = self.names(path)?;
        let name = names.pop().ok_or(ErrorKind::PermissionDenied)?;
        let folder = self.walk(&names)?;
        let Body::Folder(children) = &self.inode(folder).body else {
            return Err(ErrorKind::NotADirectory);
        };
        let key = self.personality.key(&name)?;
        let child = children.get(&key).map(|child| child.inode);
        let folder_path = path.parent().unwrap_or(path).to_path_buf();
        Ok(Place { folder, folder_path, key, name, child })
    }

    /// Whether folder `inode` is `ancestor` or lies below it.
    pub(super) fn is_within(&self, inode: u64, ancestor: u64) -> bool {
        if inode == ancestor {
            return true;
        }
        match &self.inode(ancestor).body {
            Body::Folder(children) => children.values().any(|child| self.is_within(inode, child.inode)),
            Body::File { .. } | Body::Symlink => false,
        }
    }

    pub(super) fn open_for_reading(&self, path: &Path) -> Outcome<u64> {
        let inode = self.file_at(path)?;
        if self.inode(inode).is_unreadable {
            Err(ErrorKind::PermissionDenied)
        } else if self.personality.has_sharing_violations() && self.inode(inode).exclusive > 0 {
            Err(ErrorKind::Busy)
        } else {
            Ok(inode)
        }
    }

    /// Refuses a file that a program keeps open without sharing it.
    pub(super) fn check_not_held(&self, inode: u64) -> Outcome<()> {
        if self.personality.has_sharing_violations() && self.inode(inode).blockers > 0 {
            Err(ErrorKind::Busy)
        } else {
            Ok(())
        }
    }

    /// The same for a folder: NTFS does not move one while a file in it is open.
    pub(super) fn check_movable(&self, inode: u64) -> Outcome<()> {
        self.check_not_held(inode)?;
        if let (true, Body::Folder(children)) = (self.personality.has_sharing_violations(), &self.inode(inode).body) {
            children.values().try_for_each(|child| self.check_movable(child.inode))
        } else {
            Ok(())
        }
    }
}
