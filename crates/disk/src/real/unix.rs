//! Linux and macOS: exchange and exclusive rename by `renameat2`/`renameatx_np`, flush of a whole volume on Linux.

use std::fs::{self, DirEntry, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, OFlags, RenameFlags, Timespec, Timestamps, UTIME_OMIT};
use rustix::io::Errno;

use super::three_renames;
use crate::{FileId, FileKind, Meta, VolumeId};

#[cfg(target_os = "linux")]
mod holders;

const NANOSECONDS: i64 = 1_000_000_000;
const OWNER_MAY_WRITE: u32 = 0o200;
const ANYONE_MAY_WRITE: u32 = 0o222;

fn meta_from(metadata: &Metadata) -> Meta {
    let kind = metadata.file_type();
    let kind = if kind.is_file() {
        FileKind::File
    } else if kind.is_dir() {
        FileKind::Folder
    } else if kind.is_symlink() {
        FileKind::Symlink
    } else {
        FileKind::Other
    };
    let nanoseconds = |seconds: i64, rest: i64| seconds.saturating_mul(NANOSECONDS).saturating_add(rest);
    Meta {
        kind,
        size: if kind == FileKind::File { metadata.len() } else { 0 },
        modified_ns: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
        changed_ns: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        file_id: FileId { volume: VolumeId(metadata.dev()), index: metadata.ino().into() },
        links: metadata.nlink(),
        is_read_only: metadata.mode() & OWNER_MAY_WRITE == 0,
    }
}

pub(super) fn meta_of_path(path: &Path) -> io::Result<Meta> {
    fs::symlink_metadata(path).map(|metadata| meta_from(&metadata))
}

pub(super) fn meta_of_entry(entry: &DirEntry) -> io::Result<Meta> {
    entry.metadata().map(|metadata| meta_from(&metadata))
}

pub(super) fn meta_of_open(file: &File) -> io::Result<Meta> {
    file.metadata().map(|metadata| meta_from(&metadata))
}

/// What a file is once its writer has closed it.
pub(super) fn meta_of_closed(file: File) -> io::Result<Meta> {
    meta_of_open(&file)
}

pub(super) fn create_new(path: &Path) -> io::Result<File> {
    File::create_new(path)
}

pub(super) fn create_dir(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

/// Keeps file managers from showing an entry: its name begins with a dot, which is enough here.
#[expect(clippy::unnecessary_wraps, reason = "Windows may fail here")]
pub(super) fn hide(_path: &Path) -> io::Result<()> {
    Ok(())
}

pub(super) fn open_unfollowed(path: &Path, writable: bool) -> io::Result<File> {
    // Without O_NONBLOCK, opening a pipe that someone left in the folder would wait for a writer.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    OpenOptions::new().read(true).write(writable).custom_flags(flags.bits().cast_signed()).open(path)
}

/// Whether a volume answered that it does not know the flag of a rename.
fn is_unsupported(error: Errno) -> bool {
    error == Errno::INVAL || error == Errno::NOSYS || error == Errno::NOTSUP
}

pub(super) fn rename_exclusive(from: &Path, to: &Path) -> io::Result<()> {
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        Err(Errno::EXIST) if is_other_spelling(from, to) => fs::rename(from, to),
        Err(error) if is_unsupported(error) && !to.starts_with(from) => rename_by_steps(from, to),
        Err(error) => Err(error.into()),
    }
}

/// Whether both paths are the one name of one entry, on a volume that ignores case or normal form.
fn is_other_spelling(from: &Path, to: &Path) -> bool {
    let (Ok(a), Ok(b)) = (meta_of_path(from), meta_of_path(to)) else {
        return false;
    };
    from != to && from.parent() == to.parent() && a.file_id == b.file_id && (a.kind == FileKind::Folder || a.links == 1)
}

/// The exclusive rename of volumes without a flag for it (old network drives).
///
/// A hard link is exclusive by nature. A folder has no hard link: there a folder created at the same instant by another
/// program, and still empty, may be replaced.
fn rename_by_steps(from: &Path, to: &Path) -> io::Result<()> {
    if meta_of_path(from)?.kind == FileKind::Folder {
        return if meta_of_path(to).is_ok() { Err(io::ErrorKind::AlreadyExists.into()) } else { fs::rename(from, to) };
    }
    fs::hard_link(from, to)?;
    fs::remove_file(from)
}

pub(super) fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    match rustix::fs::renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        // Exchanging a folder with its own content is invalid everywhere, and must not be tried in steps.
        Err(error) if is_unsupported(error) && !a.starts_with(b) && !b.starts_with(a) => {
            three_renames::exchange(a, b, rename_exclusive)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) fn copy_content(mut source: &File, mut target: &File) -> io::Result<u64> {
    #[cfg(target_os = "linux")]
    if rustix::fs::ioctl_ficlone(target, source).is_ok() {
        return target.metadata().map(|metadata| metadata.len());
    }
    io::copy(&mut source, &mut target)
}

pub(super) fn set_modified(path: &Path, modified_ns: i64) -> io::Result<()> {
    let times = Timestamps {
        last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
        last_modification: Timespec {
            tv_sec: modified_ns.div_euclid(NANOSECONDS),
            tv_nsec: modified_ns.rem_euclid(NANOSECONDS),
        },
    };
    Ok(rustix::fs::utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW)?)
}

pub(super) fn set_read_only(path: &Path, read_only: bool) -> io::Result<()> {
    let mode = fs::symlink_metadata(path)?.mode();
    let mode = if read_only { mode & !ANYONE_MAY_WRITE } else { mode | OWNER_MAY_WRITE };
    fs::set_permissions(path, Permissions::from_mode(mode))
}

pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Flushes the whole volume in one call; `false` where the system has no such call.
#[cfg_attr(not(target_os = "linux"), expect(clippy::unnecessary_wraps, reason = "Linux may fail here"))]
pub(super) fn sync_volume(root: &Path) -> io::Result<bool> {
    #[cfg(target_os = "linux")]
    {
        rustix::fs::syncfs(File::open(root)?)?;
        Ok(true)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = root;
        Ok(false)
    }
}

/// The names of the programs, other than this one, that have the file open; none are found on macOS.
#[cfg_attr(not(target_os = "linux"), expect(clippy::unnecessary_wraps, reason = "Linux may fail here"))]
pub(super) fn holders(path: &Path) -> io::Result<Vec<String>> {
    #[cfg(target_os = "linux")]
    {
        holders::holders(path)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        Ok(Vec::new())
    }
}

pub(super) fn free_space(path: &Path) -> io::Result<u64> {
    let volume = rustix::fs::statvfs(path)?;
    Ok(volume.f_bavail.saturating_mul(volume.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Volumes without the flag are rare: the steps are tried by themselves.
    #[test]
    fn a_rename_by_steps_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a"), "a").unwrap();
        fs::write(at("b"), "b").unwrap();
        fs::create_dir(at("d")).unwrap();
        fs::create_dir(at("e")).unwrap();
        for (from, to) in [("a", "b"), ("a", "d"), ("d", "a"), ("d", "e")] {
            let refused = rename_by_steps(&at(from), &at(to)).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists, "{from} to {to}");
        }
        rename_by_steps(&at("a"), &at("c")).unwrap();
        rename_by_steps(&at("d"), &at("f")).unwrap();
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["b", "c", "e", "f"]);
        assert_eq!(fs::read(at("c")).unwrap(), b"a");
    }
}
