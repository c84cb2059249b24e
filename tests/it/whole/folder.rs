//! Folders as values, to be compared, and bytes to fill files with.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use domain::content::ContentHash;

/// What lies at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    Folder,
    File(ContentHash),
}

/// Everything below a folder by its path, the mirror's hidden corner and programs' passing files left out.
pub(super) fn tree(root: &Path) -> BTreeMap<String, Entry> {
    let mut tree = BTreeMap::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        // A folder that was moved away since it was listed is found at its new place by the next look.
        let Ok(entries) = fs::read_dir(root.join(&below)) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            if domain::name::is_temporary(&name.to_string_lossy()) {
                continue;
            }
            let path = below.join(&name);
            let shown = path.to_string_lossy().into_owned();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => {
                    folders.push(path);
                    tree.insert(shown, Entry::Folder);
                }
                Ok(_) => {
                    if let Ok(bytes) = fs::read(entry.path()) {
                        tree.insert(shown, Entry::File(ContentHash::of(&bytes)));
                    }
                }
                Err(_) => {}
            }
        }
    }
    tree
}

/// What differs between two trees, in words; empty where they are equal.
pub(super) fn differences(
    (one_name, one): (&str, &BTreeMap<String, Entry>),
    (other_name, other): (&str, &BTreeMap<String, Entry>),
) -> Vec<String> {
    let mut found = Vec::new();
    for (path, entry) in one {
        match other.get(path) {
            None => found.push(format!("{path}: on {one_name}, not on {other_name}")),
            Some(there) if there != entry => {
                found.push(format!("{path}: {entry:?} on {one_name}, {there:?} on {other_name}"));
            }
            Some(_) => {}
        }
    }
    let missing = other.keys().filter(|path| !one.contains_key(*path));
    found.extend(missing.map(|path| format!("{path}: on {other_name}, not on {one_name}")));
    found
}

/// Files of a tree.
pub(super) fn files(tree: &BTreeMap<String, Entry>) -> usize {
    tree.values().filter(|entry| matches!(entry, Entry::File(_))).count()
}

/// Bytes that do not compress or repeat, the same for the same seed.
pub(super) fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
