//! The whole volume at once, as no program sees it: for whoever judges what became of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::MemoryDisk;
use super::state::{Body, State};
use crate::{ErrorKind, Meta, Operation, Result};

/// A file or a folder of a [`MemoryDisk`], found below another.
#[derive(Debug, Clone)]
pub struct Surveyed {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub meta: Meta,
    /// The bytes of a plain file; `None` for all else.
    pub content: Option<Arc<Vec<u8>>>,
}

impl MemoryDisk {
    /// All that lies below a folder, readable or not: a folder before what is in it, the order else left to the volume,
    /// the same each time.
    pub fn everything_below(&self, dir: &Path) -> Result<Vec<Surveyed>> {
        self.run(Operation::List, dir, |state| state.everything_below(dir))
    }

    /// The bytes of all files together, as [`MemoryDisk::set_capacity`] counts them.
    pub fn used_bytes(&self) -> u64 {
        self.lock().used()
    }

    /// Makes readable again whatever [`MemoryDisk::set_unreadable`] made unreadable, wherever it is by now.
    pub fn make_all_readable(&self) {
        for inode in self.lock().inodes.values_mut() {
            inode.is_unreadable = false;
        }
    }

    /// A number that grows with each change of a name, a content or an attribute.
    pub fn changes(&self) -> i64 {
        self.lock().last_change_ns
    }

    /// Whether [`MemoryDisk::take_touched_folders`] has something to give.
    pub fn has_touched_folders(&self) -> bool {
        !self.lock().touched.is_empty()
    }
}

impl State {
    /// Notes a change of a file in the folder that holds it by now, whatever path it was opened by.
    pub(super) fn touch_where_it_lies(&mut self, inode: u64) {
        let mut queue = vec![(PathBuf::from("/"), super::state::ROOT)];
        while let Some((path, folder)) = queue.pop() {
            for child in self.children(folder).values() {
                if child.inode == inode {
                    self.touched.insert(path);
                    return;
                }
                if matches!(self.inode(child.inode).body, Body::Folder(_)) {
                    queue.push((path.join(&child.name), child.inode));
                }
            }
        }
    }

    fn everything_below(&self, dir: &Path) -> std::result::Result<Vec<Surveyed>, ErrorKind> {
        let mut found = Vec::new();
        let mut queue = vec![(dir.to_path_buf(), self.folder_at(dir)?)];
        while let Some((above, folder)) = queue.pop() {
            for child in self.children(folder).values() {
                let path = above.join(&child.name);
                let content = match &self.inode(child.inode).body {
                    Body::File { bytes, .. } => Some(Arc::clone(bytes)),
                    Body::Folder(_) => {
                        queue.push((path.clone(), child.inode));
                        None
                    }
                    Body::Symlink => None,
                };
                found.push(Surveyed { path, meta: self.meta(child.inode), content });
            }
        }
        Ok(found)
    }
}
