//! Windows: metadata through open handles, exclusive rename by `MoveFileExW`, exchange by `ReplaceFileW` with a backup.
//!
//! Paths come here in their extended form. Nothing is opened in a way that would keep the user's programs from
//! renaming or removing the file.

use std::ffi::OsString;
use std::fs::{self, DirEntry, File, OpenOptions};
use std::io;
use std::os::windows::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_ALREADY_EXISTS, ERROR_DELETE_PENDING, ERROR_DIRECTORY, ERROR_INVALID_FUNCTION,
    ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED, ERROR_PATH_NOT_FOUND, ERROR_SHARING_VIOLATION,
    ERROR_UNABLE_TO_MOVE_REPLACEMENT_2,
};
use windows_sys::Win32::Storage::FileSystem::{
    DELETE, FILE_ADD_FILE, FILE_ADD_SUBDIRECTORY, FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_HIDDEN,
    FILE_ATTRIBUTE_READONLY, FILE_ATTRIBUTE_REPARSE_POINT, FILE_ATTRIBUTE_TAG_INFO, FILE_BASIC_INFO,
    FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT, FILE_ID_INFO, FILE_STANDARD_INFO, FILE_WRITE_ATTRIBUTES,
};

use super::three_renames;
use crate::{FileId, FileKind, Meta, VolumeId};

mod call;
mod holders;

/// From 1601 to 1970, in steps of 100 ns.
const EPOCH_STEPS: i64 = 116_444_736_000_000_000;
/// The bit of a reparse point's tag by which it leads elsewhere (links, junctions). Others, such as those of OneDrive's
/// files, are the file itself.
const NAME_SURROGATE: u32 = 0x2000_0000;

/// A backup's name is never used twice by one process: an antivirus may still hold the former one.
static BACKUPS: AtomicU64 = AtomicU64::new(0);

fn is_code(error: &io::Error, code: u32) -> bool {
    error.raw_os_error() == Some(code.cast_signed())
}

fn of_code(code: u32) -> io::Error {
    io::Error::from_raw_os_error(code.cast_signed())
}

/// Tells apart what Windows calls by one name: «access denied» of a removed file that a program still holds, and «path
/// not found» below a file.
fn explained(error: io::Error, path: &Path) -> io::Error {
    // Asked first: any other call would change the answer.
    let was_delete_pending = call::was_delete_pending();
    if is_code(&error, ERROR_ACCESS_DENIED) && was_delete_pending {
        return of_code(ERROR_DELETE_PENDING);
    }
    if is_code(&error, ERROR_PATH_NOT_FOUND) {
        let above = path.ancestors().skip(1).find_map(|above| fs::metadata(above).ok());
        if above.is_some_and(|above| !above.is_dir()) {
            return of_code(ERROR_DIRECTORY);
        }
    }
    error
}

fn open(path: &Path, access: u32, flags: u32) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.access_mode(access).custom_flags(FILE_FLAG_BACKUP_SEMANTICS | flags);
    options.open(path).map_err(|error| explained(error, path))
}

/// Nanoseconds since 1970.
fn nanoseconds(steps: i64) -> i64 {
    steps.saturating_sub(EPOCH_STEPS).saturating_mul(100)
}

fn identity(file: &File) -> io::Result<FileId> {
    match call::told::<FILE_ID_INFO>(file) {
        Ok(id) => {
            Ok(FileId { volume: VolumeId(id.VolumeSerialNumber), index: u128::from_le_bytes(id.FileId.Identifier) })
        }
        // FAT and old network drives.
        Err(error)
            if [ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED, ERROR_INVALID_FUNCTION]
                .iter()
                .any(|code| is_code(&error, *code)) =>
        {
            let (volume, index) = call::short_identity(file)?;
            Ok(FileId { volume: VolumeId(volume.into()), index: index.into() })
        }
        Err(error) => Err(error),
    }
}

/// Whether an open entry is a reparse point that leads elsewhere.
fn leads_elsewhere(file: &File, attributes: u32) -> io::Result<bool> {
    Ok(attributes & FILE_ATTRIBUTE_REPARSE_POINT != 0
        && call::told::<FILE_ATTRIBUTE_TAG_INFO>(file)?.ReparseTag & NAME_SURROGATE != 0)
}

pub(super) fn meta_of_open(file: &File) -> io::Result<Meta> {
    let basic: FILE_BASIC_INFO = call::told(file)?;
    let standard: FILE_STANDARD_INFO = call::told(file)?;
    let kind = if leads_elsewhere(file, basic.FileAttributes)? {
        FileKind::Symlink
    } else if basic.FileAttributes & FILE_ATTRIBUTE_DIRECTORY != 0 {
        FileKind::Folder
    } else {
        FileKind::File
    };
    // Volumes that keep no time of change say 0.
    let changed = if basic.ChangeTime == 0 { basic.LastWriteTime } else { basic.ChangeTime };
    Ok(Meta {
        kind,
        size: if kind == FileKind::File { standard.EndOfFile.cast_unsigned() } else { 0 },
        modified_ns: nanoseconds(basic.LastWriteTime),
        changed_ns: nanoseconds(changed),
        file_id: identity(file)?,
        links: standard.NumberOfLinks.into(),
        is_read_only: basic.FileAttributes & FILE_ATTRIBUTE_READONLY != 0 && kind == FileKind::File,
    })
}

/// What a file is once its writer has closed it: only then does NTFS write its times.
pub(super) fn meta_of_closed(file: File) -> io::Result<Meta> {
    let again = call::reopened(&file)?;
    drop(file);
    meta_of_open(&again)
}

pub(super) fn meta_of_path(path: &Path) -> io::Result<Meta> {
    // Access 0 asks for metadata alone: it is granted on files that a program has locked.
    meta_of_open(&open(path, 0, FILE_FLAG_OPEN_REPARSE_POINT)?)
}

pub(super) fn meta_of_entry(entry: &DirEntry) -> io::Result<Meta> {
    meta_of_path(&entry.path())
}

pub(super) fn open_unfollowed(path: &Path, writable: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(writable).custom_flags(FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT);
    let file = options.open(path).map_err(|error| explained(error, path))?;
    let attributes = file.metadata()?.file_attributes();
    if attributes & FILE_ATTRIBUTE_REPARSE_POINT == 0 || leads_elsewhere(&file, attributes)? {
        return Ok(file);
    }
    // Opened as such, a file of OneDrive shows what it is made of and not its content.
    options.custom_flags(FILE_FLAG_BACKUP_SEMANTICS).open(path).map_err(|error| explained(error, path))
}

pub(super) fn create_new(path: &Path) -> io::Result<File> {
    File::create_new(path).map_err(|error| explained(error, path))
}

pub(super) fn create_dir(path: &Path) -> io::Result<()> {
    fs::create_dir(path).map_err(|error| explained(error, path))
}

pub(super) fn rename_exclusive(from: &Path, to: &Path) -> io::Result<()> {
    if to == from {
        // Its own name is taken, as on other systems.
        meta_of_path(from)?;
        return Err(of_code(ERROR_ALREADY_EXISTS));
    }
    if to.starts_with(from) {
        return Err(of_code(ERROR_INVALID_PARAMETER));
    }
    match call::move_to_free_name(from, to) {
        Err(error) if is_code(&error, ERROR_ACCESS_DENIED) && is_held_below(from, to) => {
            Err(of_code(ERROR_SHARING_VIOLATION))
        }
        moved => moved.map_err(|error| explained(error, to)),
    }
}

/// Whether a folder could not be moved because a program has something open in it, which Windows calls «access denied»:
/// this user may remove the one name and write the other.
fn is_held_below(from: &Path, to: &Path) -> bool {
    let may_add = |folder: &Path| open(folder, FILE_ADD_SUBDIRECTORY | FILE_ADD_FILE, 0).is_ok();
    meta_of_path(from).is_ok_and(|meta| meta.is_folder())
        && open(from, DELETE, FILE_FLAG_OPEN_REPARSE_POINT).is_ok()
        && to.parent().is_some_and(may_add)
}

pub(super) fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    let (first, second) = (meta_of_path(a)?, meta_of_path(b)?);
    if first.file_id == second.file_id {
        return Ok(());
    }
    if a.starts_with(b) || b.starts_with(a) {
        return Err(of_code(ERROR_INVALID_PARAMETER));
    }
    if !first.is_file() || !second.is_file() {
        return three_renames::exchange(a, b, rename_exclusive);
    }
    // A read-only file neither replaces nor is replaced. The attribute goes with the file, to the other name.
    for (path, meta) in [(a, first), (b, second)] {
        if meta.is_read_only {
            set_read_only(path, false)?;
        }
    }
    let exchanged = exchange_files(a, b);
    let (at_a, at_b) = if exchanged.is_ok() { (second, first) } else { (first, second) };
    for (path, meta) in [(a, at_a), (b, at_b)] {
        if meta.is_read_only {
            set_read_only(path, true)?;
        }
    }
    exchanged
}

/// Exchanges two files by putting `a` in the place of `b`: a crash leaves what was at `b` under a name that begins with
/// that of `a`.
fn exchange_files(a: &Path, b: &Path) -> io::Result<()> {
    let backup = backup_of(a);
    match call::replace(b, a, &backup) {
        Ok(()) => rename_exclusive(&backup, a),
        Err(error) if is_code(&error, ERROR_UNABLE_TO_MOVE_REPLACEMENT_2) => {
            // What was at `b` already has the backup's name.
            rename_exclusive(&backup, b)?;
            Err(error)
        }
        Err(error) if [ERROR_NOT_SUPPORTED, ERROR_INVALID_FUNCTION].iter().any(|code| is_code(&error, *code)) => {
            three_renames::exchange(a, b, rename_exclusive)
        }
        Err(error) => Err(explained(error, b)),
    }
}

fn backup_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(format!(".gedeon-exchange-{}-{}", std::process::id(), BACKUPS.fetch_add(1, Ordering::Relaxed)));
    path.with_file_name(name)
}

pub(super) fn copy_content(mut source: &File, mut target: &File) -> io::Result<u64> {
    io::copy(&mut source, &mut target)
}

pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    let attributes = fs::symlink_metadata(path).map_err(|error| explained(error, path))?.file_attributes();
    if attributes & FILE_ATTRIBUTE_DIRECTORY != 0 {
        // A link or a junction to a folder.
        return fs::remove_dir(path);
    }
    if attributes & FILE_ATTRIBUTE_READONLY == 0 {
        return fs::remove_file(path).map_err(|error| explained(error, path));
    }
    // Windows removes no read-only file; on other systems its folder alone decides.
    call::set_attributes(path, attributes & !FILE_ATTRIBUTE_READONLY)?;
    let removed = fs::remove_file(path).map_err(|error| explained(error, path));
    if removed.is_err() {
        // The removal's own error matters more than this one.
        let _ = call::set_attributes(path, attributes);
    }
    removed
}

pub(super) fn set_modified(path: &Path, modified_ns: i64) -> io::Result<()> {
    let distance = Duration::from_nanos(modified_ns.unsigned_abs());
    let time = if modified_ns < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance };
    open(path, FILE_WRITE_ATTRIBUTES, FILE_FLAG_OPEN_REPARSE_POINT)?.set_modified(time)
}

pub(super) fn set_read_only(path: &Path, read_only: bool) -> io::Result<()> {
    let mut permissions = fs::symlink_metadata(path)?.permissions();
    permissions.set_readonly(read_only);
    fs::set_permissions(path, permissions)
}

/// Keeps Explorer from showing an entry: a name that begins with a dot hides nothing here.
pub(super) fn hide(path: &Path) -> io::Result<()> {
    let attributes = fs::symlink_metadata(path)?.file_attributes();
    call::set_attributes(path, attributes | FILE_ATTRIBUTE_HIDDEN)
}

#[expect(clippy::unnecessary_wraps, reason = "other systems may fail here")]
pub(super) fn sync_dir(_dir: &Path) -> io::Result<()> {
    Ok(())
}

/// Flushes the whole volume in one call; Windows keeps that call for administrators.
#[expect(clippy::unnecessary_wraps, reason = "other systems may fail here")]
pub(super) fn sync_volume(_root: &Path) -> io::Result<bool> {
    Ok(false)
}

/// The names of the programs, other than this one, that have the file open.
pub(super) fn holders(path: &Path) -> io::Result<Vec<String>> {
    holders::holders(path)
}

pub(super) fn free_space(path: &Path) -> io::Result<u64> {
    let is_file = meta_of_path(path)?.is_file();
    let folder = if is_file { path.parent().unwrap_or(path) } else { path };
    call::free_bytes(folder)
}
