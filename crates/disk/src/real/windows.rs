//! Windows: metadata through open handles, exclusive rename by `MoveFileExW`, exchange by three renames.
//!
//! Paths come here in their extended form. Nothing is opened in a way that would keep the user's programs from
//! renaming or removing the file.

use std::fs::{self, DirEntry, File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use winapi_util::file::{Information, information};

use super::three_renames;
use crate::{FileId, FileKind, Meta, VolumeId};

const ATTRIBUTE_READ_ONLY: u64 = 0x1;
const ATTRIBUTE_DIRECTORY: u64 = 0x10;
const ATTRIBUTE_REPARSE_POINT: u64 = 0x400;
const FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;
const FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
const WRITE_ATTRIBUTES: u32 = 0x100;
/// From 1601 to 1970, in steps of 100 ns.
const EPOCH_STEPS: i64 = 116_444_736_000_000_000;

fn meta_from(information: &Information) -> Meta {
    let attributes = information.file_attributes();
    let has = |flag: u64| attributes & flag != 0;
    let kind = if has(ATTRIBUTE_REPARSE_POINT) {
        FileKind::Symlink
    } else if has(ATTRIBUTE_DIRECTORY) {
        FileKind::Folder
    } else {
        FileKind::File
    };
    let written = information.last_write_time().unwrap_or(0).cast_signed();
    let modified_ns = written.saturating_sub(EPOCH_STEPS).saturating_mul(100);
    Meta {
        kind,
        size: if kind == FileKind::File { information.file_size() } else { 0 },
        modified_ns,
        changed_ns: modified_ns,
        file_id: FileId {
            volume: VolumeId(information.volume_serial_number()),
            index: information.file_index().into(),
        },
        links: information.number_of_links(),
        is_read_only: has(ATTRIBUTE_READ_ONLY) && kind == FileKind::File,
    }
}

pub(super) fn meta_of_path(path: &Path) -> io::Result<Meta> {
    // Access 0 asks for metadata alone: it is granted on files that a program has locked.
    let file =
        OpenOptions::new().access_mode(0).custom_flags(FLAG_BACKUP_SEMANTICS | FLAG_OPEN_REPARSE_POINT).open(path)?;
    meta_of_open(&file)
}

pub(super) fn meta_of_entry(entry: &DirEntry) -> io::Result<Meta> {
    meta_of_path(&entry.path())
}

pub(super) fn meta_of_open(file: &File) -> io::Result<Meta> {
    information(file).map(|information| meta_from(&information))
}

pub(super) fn open_unfollowed(path: &Path, writable: bool) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(writable)
        .custom_flags(FLAG_BACKUP_SEMANTICS | FLAG_OPEN_REPARSE_POINT)
        .open(path)
}

pub(super) fn rename_exclusive(from: &Path, to: &Path) -> io::Result<()> {
    renamore::rename_exclusive(from, to)
}

pub(super) fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    three_renames::exchange(a, b, rename_exclusive)
}

pub(super) fn copy_content(mut source: &File, mut target: &File) -> io::Result<u64> {
    io::copy(&mut source, &mut target)
}

pub(super) fn set_modified(path: &Path, modified_ns: i64) -> io::Result<()> {
    let distance = Duration::from_nanos(modified_ns.unsigned_abs());
    let time = if modified_ns < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance };
    OpenOptions::new()
        .access_mode(WRITE_ATTRIBUTES)
        .custom_flags(FLAG_BACKUP_SEMANTICS | FLAG_OPEN_REPARSE_POINT)
        .open(path)?
        .set_modified(time)
}

pub(super) fn set_read_only(path: &Path, read_only: bool) -> io::Result<()> {
    let mut permissions = fs::symlink_metadata(path)?.permissions();
    permissions.set_readonly(read_only);
    fs::set_permissions(path, permissions)
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

pub(super) fn free_space(path: &Path) -> io::Result<u64> {
    fs4::available_space(path)
}
