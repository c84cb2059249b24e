//! A disk so small that it fills up.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small disk in memory, unmounted when dropped.
pub(super) struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts one at a folder. Only root can; `None`, and a word on it, where one is not. Continuous integration is root: a story
    /// left out there would count as one that passed.
    pub(super) fn mount(folder: &Path, mebibytes: u32) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        let size = format!("size={mebibytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "gedeon-test"]).arg(folder).status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(folder.to_owned()));
        }
        assert!(std::env::var_os("CI").is_none(), "no small disk could be mounted at {}", folder.display());
        let story = std::thread::current().name().unwrap_or_default().to_owned();
        // Not by `println!`, whose words a test that passes keeps for itself.
        let _ = writeln!(std::io::stderr(), "left out: {story}: mounting a small disk needs root");
        None
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Makes room on it.
    pub(super) fn enlarge(&self, mebibytes: u32) {
        let size = format!("remount,size={mebibytes}m");
        let remounted = Command::new("mount").args(["-o", &size]).arg(&self.0).status().unwrap();
        assert!(remounted.success(), "room is made");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // It is lazy, so it only fails where nothing is mounted any more.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}
