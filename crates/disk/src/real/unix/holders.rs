//! Which programs hold a file, as `/proc` tells of those that this user may look into.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The names of the programs, other than this one, that have the file open.
pub(super) fn holders(path: &Path) -> io::Result<Vec<String>> {
    let file = fs::symlink_metadata(path)?;
    let mut names = Vec::new();
    for process in fs::read_dir("/proc")?.flatten() {
        let id = process.file_name().to_str().and_then(|name| name.parse::<u32>().ok());
        if id.is_none_or(|id| id == std::process::id()) {
            continue;
        }
        // Another user's program, or one that has just ended: it tells nothing.
        let handles = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
        let is_file = |handle: fs::DirEntry| {
            // What the handle leads to, though its name may have changed since.
            fs::metadata(handle.path()).is_ok_and(|open| (open.dev(), open.ino()) == (file.dev(), file.ino()))
        };
        if handles.into_iter().any(is_file) {
            names.extend(fs::read_to_string(process.path().join("comm")).ok().map(|name| name.trim_end().to_owned()));
        }
    }
    Ok(names)
}
