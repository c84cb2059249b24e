//! The data folder of `start`: what a first start makes and the next ones find again.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::place;

/// The data folder.
pub(super) struct Data {
    folder: PathBuf,
}

impl Data {
    /// Opens the folder given, or the user's own.
    pub(super) fn open(folder: Option<PathBuf>) -> Result<Self> {
        let folder = match folder {
            Some(folder) => folder,
            None => place::user_data().context("no folder for the data: give one with --data")?.join("gedeon-demo"),
        };
        let folder = std::path::absolute(&folder)?;
        let data = Self { folder };
        for needed in [data.logs(), data.profile(), data.mirror()] {
            fs::create_dir_all(&needed).with_context(|| format!("{} cannot be made", needed.display()))?;
        }
        Ok(data)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn server(&self) -> PathBuf {
        self.folder.join("server")
    }

    pub(super) fn profile(&self) -> PathBuf {
        self.folder.join("desktop")
    }

    pub(super) fn mirror(&self) -> PathBuf {
        self.folder.join("Gédéon")
    }

    pub(super) fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    pub(super) fn log(&self, name: &str) -> PathBuf {
        self.logs().join(format!("{name}.log"))
    }

    /// The server's port: a free one at first, then always the same, as workstations remember it.
    pub(super) fn port(&self) -> Result<u16> {
        let file = self.folder.join("port");
        if let Ok(text) = fs::read_to_string(&file) {
            return text.trim().parse().with_context(|| format!("{} holds no port", file.display()));
        }
        let port = free_port()?;
        write(&file, &port.to_string())?;
        Ok(port)
    }

    /// Whether an earlier start signed the workstation in and mirrored the documents.
    pub(super) fn is_prepared(&self) -> bool {
        self.prepared().exists()
    }

    /// Remembers that it did.
    pub(super) fn remember_preparation(&self) -> Result<()> {
        write(&self.prepared(), "")
    }

    fn prepared(&self) -> PathBuf {
        self.folder.join("prepared")
    }
}

/// A port that nobody listens on.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

/// Writes a small file whole: a start that is cut short leaves none rather than half of one.
fn write(file: &Path, text: &str) -> Result<()> {
    let half = file.with_extension("half");
    fs::write(&half, text)
        .and_then(|()| fs::rename(&half, file))
        .with_context(|| format!("{} cannot be written", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_start_finds_what_the_first_made() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let first = Data::open(Some(folder.path().to_owned()))?;
        let port = first.port()?;
        assert!(!first.is_prepared(), "nobody is signed in yet");
        first.remember_preparation()?;
        fs::write(first.mirror().join("Note.txt"), "gardée")?;

        let second = Data::open(Some(folder.path().to_owned()))?;
        assert_eq!(second.port()?, port, "the workstation remembers the server by its port");
        assert!(second.is_prepared(), "it is not signed in again");
        assert_eq!(fs::read_to_string(second.mirror().join("Note.txt"))?, "gardée");
        Ok(())
    }
}
