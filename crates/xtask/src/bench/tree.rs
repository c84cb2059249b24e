//! Folders of files: copied, listed, compared byte for byte.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The files below a folder, by their path from it. A folder that is not there has none.
pub(super) fn files(folder: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        let entries = match fs::read_dir(folder.join(&below)) {
            Ok(entries) => entries,
            // It may be renamed by an engine while it is listed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("{} cannot be listed", folder.display())),
        };
        for entry in entries {
            let entry = entry?;
            let path = below.join(entry.file_name());
            match entry.file_type()? {
                kind if kind.is_dir() => folders.push(path),
                _ => {
                    found.insert(path);
                }
            }
        }
    }
    Ok(found)
}

/// What first differs between two folders, in words; `None` where they hold the same files with the same bytes.
pub(super) fn difference(one: &Path, other: &Path) -> Result<Option<String>> {
    let (here, there) = (files(one)?, files(other)?);
    if let Some(missing) = here.difference(&there).next() {
        return Ok(Some(format!("{} did not arrive", missing.display())));
    }
    if let Some(extra) = there.difference(&here).next() {
        return Ok(Some(format!("{} arrived and was never sent", extra.display())));
    }
    for file in &here {
        if !same_bytes(&one.join(file), &other.join(file))? {
            return Ok(Some(format!("{} arrived with other bytes", file.display())));
        }
    }
    Ok(None)
}

fn same_bytes(one: &Path, other: &Path) -> Result<bool> {
    let open = |path: &Path| File::open(path).with_context(|| format!("{} cannot be read", path.display()));
    let (mut here, mut there) = (open(one)?, open(other)?);
    if here.metadata()?.len() != there.metadata()?.len() {
        return Ok(false);
    }
    let (mut left, mut right) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let count = here.read(&mut left)?;
        if count == 0 {
            return Ok(true);
        }
        if there.read_exact(&mut right[..count]).is_err() || left[..count] != right[..count] {
            return Ok(false);
        }
    }
}

/// Copies a folder of files; the copies are dated now.
pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut made: Option<PathBuf> = None;
    for file in files(from)? {
        let target = to.join(&file);
        let parent = target.parent().unwrap_or(to);
        if made.as_deref() != Some(parent) {
            fs::create_dir_all(parent).with_context(|| format!("{} cannot be made", parent.display()))?;
            made = Some(parent.to_owned());
        }
        fs::copy(from.join(&file), &target).with_context(|| format!("{} cannot be copied", file.display()))?;
    }
    Ok(())
}

/// Removes a folder with all it holds; one that is not there is removed already.
pub(super) fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_whichever_side_it_is_on() {
        let place = tempfile::tempdir().unwrap();
        let (one, other) = (place.path().join("one"), place.path().join("other"));
        fs::create_dir_all(one.join("janvier")).unwrap();
        fs::write(one.join("janvier/a.pdf"), b"bytes").unwrap();
        copy(&one, &other).unwrap();
        assert_eq!(difference(&one, &other).unwrap(), None, "a copy is the same");

        fs::write(other.join("janvier/a.pdf"), b"bytez").unwrap();
        let told = difference(&one, &other).unwrap().unwrap_or_default();
        assert!(told.contains("other bytes"), "same size, another byte: {told}");

        fs::rename(other.join("janvier"), other.join("février")).unwrap();
        let told = difference(&one, &other).unwrap().unwrap_or_default();
        assert!(told.contains("did not arrive"), "{told}");

        fs::remove_dir_all(one.join("janvier")).unwrap();
        let told = difference(&one, &other).unwrap().unwrap_or_default();
        assert!(told.contains("never sent"), "{told}");
    }
}
