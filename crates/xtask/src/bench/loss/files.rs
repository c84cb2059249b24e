//! What people and their programs do with files, and what they see.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::super::tree;
use super::script::{How, Side};

/// Saves a document as a program does.
pub(super) fn write(file: &Path, content: &[u8], how: How) -> io::Result<()> {
    let into = |file: &Path| {
        file.parent().map_or(Ok(()), fs::create_dir_all)?;
        File::create(file)?.write_all(content)
    };
    match how {
        How::InPlace => into(file),
        How::Beside => {
            let beside = sibling(file, "~enregistrement.tmp");
            into(&beside)?;
            fs::rename(&beside, file)
        }
        How::AsWord => {
            let (new, old) = (sibling(file, "~WRD0001.tmp"), sibling(file, "~WRL0002.tmp"));
            into(&new)?;
            let is_away = forgive(fs::rename(file, &old))?;
            fs::rename(&new, file)?;
            if is_away {
                forgive(fs::remove_file(&old))?;
            }
            Ok(())
        }
    }
}

/// The bytes of a file, where there is one.
pub(super) fn read(file: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_gone(&error) || error.kind() == io::ErrorKind::IsADirectory => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
    }
}

/// Whether what was looked for is not there.
pub(super) fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Whether it was done; what was not there need not be.
pub(super) fn forgive(done: io::Result<()>) -> io::Result<bool> {
    match done {
        Ok(()) => Ok(true),
        Err(error) if is_gone(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

fn sibling(file: &Path, name: &str) -> PathBuf {
    file.with_file_name(name)
}

/// The file by which Excel says that a document is open.
pub(super) fn owner(file: &Path) -> PathBuf {
    sibling(file, &format!("~${}", name_of(file).unwrap_or_default()))
}

/// Its last part.
pub(super) fn name_of(path: &Path) -> Option<&str> {
    path.file_name().and_then(|name| name.to_str())
}

/// Removes a folder and those in it that are empty.
pub(super) fn remove_empty(folder: &Path) -> Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if is_gone(&error) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_empty(&entry.path())?;
        }
    }
    match fs::remove_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::DirectoryNotEmpty && !is_gone(&error) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Whether a file is of people, and neither of the engine nor of a program that saves.
pub(super) fn is_a_persons(path: &Path) -> bool {
    path.iter().all(|part| !part.to_str().is_some_and(|name| name.starts_with(['.', '~'])))
}

/// What first differs between what people see in two folders.
pub(super) fn difference(one: &Path, other: &Path) -> Result<Option<String>> {
    let (mut here, mut there) = (tree::files(one)?, tree::files(other)?);
    here.retain(|path| is_a_persons(path));
    there.retain(|path| is_a_persons(path));
    if let Some(path) = here.symmetric_difference(&there).next() {
        let side = if here.contains(path) { Side::A } else { Side::B };
        return Ok(Some(format!("{} is on {side:?} alone", path.display())));
    }
    for path in &here {
        if read(&one.join(path))? != read(&other.join(path))? {
            return Ok(Some(format!("{} holds two contents", path.display())));
        }
    }
    Ok(None)
}
