//! Wine with a private prefix: a Windows of its own for one run, of which nothing stays.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::{output, process};

/// Where Debian keeps Wine's programs.
const FOLDER: &str = "/usr/lib/wine";
/// How long making the prefix, or ending what runs in it, may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// The standard library draws its random numbers from `bcryptprimitives.dll`, which Wine before 9 does not have.
const SHIM: &str = include_str!("bcryptprimitives.c");

/// A private prefix.
pub(super) struct Wine {
    prefix: TempDir,
}

impl Wine {
    /// Makes a prefix.
    pub(super) fn open() -> Result<Self> {
        let wine = Self { prefix: tempfile::Builder::new().prefix("gedeon-wine-").tempdir()? };
        let mut boot = wine.command(&Path::new(FOLDER).join("wine64"));
        // What Wine starts in the background must not keep our own output open.
        boot.args(["wineboot", "--init"]).stdout(Stdio::null()).stderr(Stdio::null());
        process::run(&mut boot).context("Wine could not make a prefix")?;
        let library = wine.drive().join("windows/system32/bcryptprimitives.dll");
        if !library.exists() {
            wine.make_shim(&library)?;
        }
        Ok(wine)
    }

    /// Its drive C.
    pub(super) fn drive(&self) -> PathBuf {
        self.prefix.path().join("drive_c")
    }

    /// A command that runs a program of Windows.
    pub(super) fn program(&self, program: &Path) -> Command {
        let mut command = self.command(&Path::new(FOLDER).join("wine64"));
        command.arg(program);
        command
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = process::program(program);
        command.env("WINEPREFIX", self.prefix.path()).env("WINEARCH", "win64").env("WINEDEBUG", "-all");
        // No menus in the user's desktop, no offer to fetch .NET and a browser, no window.
        command.env("WINEDLLOVERRIDES", "winemenubuilder.exe,mscoree,mshtml=").env_remove("DISPLAY");
        // Wine takes from here how names are written on the disk below.
        command.env("LC_ALL", "C.UTF-8");
        command
    }

    fn make_shim(&self, library: &Path) -> Result<()> {
        let source = self.prefix.path().join("bcryptprimitives.c");
        fs::write(&source, SHIM)?;
        let mut compile = process::program("x86_64-w64-mingw32-gcc");
        compile.args(["-shared", "-O2", "-o"]).arg(library).arg(&source).arg("-ladvapi32");
        process::run(&mut compile).context("the shim of bcryptprimitives.dll does not compile")
    }

    fn close(&self) -> Result<()> {
        for argument in ["--kill", "--wait"] {
            let mut end = self.command(&Path::new(FOLDER).join("wineserver64"));
            end.arg(argument).stdout(Stdio::null());
            let ended = process::capture_all(&mut end, PATIENCE)?;
            // Killing says 1 where nothing ran any more.
            if ended.status.is_none() {
                bail!("Wine does not end");
            }
        }
        Ok(())
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        if let Err(error) = self.close() {
            output::say(&format!("{error:#}"));
        }
    }
}
