//! A whole tree as a value, to compare disks.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use disk::{Durability, FileKind, Filesystem};

/// Relative path → content of a file, or `None` for a folder or a link.
pub(crate) type Tree = BTreeMap<String, Option<Vec<u8>>>;

/// Reads everything below `root`.
pub(crate) fn tree(disk: &dyn Filesystem, root: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut queue = vec![root.to_path_buf()];
    while let Some(dir) = queue.pop() {
        for entry in disk.list(&dir).unwrap() {
            let path = dir.join(&entry.name);
            let relative: Vec<_> = path.strip_prefix(root).unwrap().iter().map(|name| name.to_str().unwrap()).collect();
            let relative = relative.join("/");
            let content = match entry.meta.unwrap().kind {
                FileKind::File => Some(disk.read(&path, 1 << 20).unwrap()),
                FileKind::Folder => {
                    queue.push(path);
                    None
                }
                FileKind::Symlink | FileKind::Other => None,
            };
            tree.insert(relative, content);
        }
    }
    tree
}

/// Creates a file with this content.
pub(crate) fn write(disk: &dyn Filesystem, path: &Path, bytes: &[u8], durability: Durability) {
    let mut file = disk.create(path).unwrap();
    file.write_all(bytes).unwrap();
    assert_eq!(file.finish(durability).unwrap().size, bytes.len() as u64);
}
