//! Building for a system other than this one: which compiler has its standard library, and where what it makes is kept.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::cargo::{self, Executable};
use crate::setup::{self, Extra};
use crate::{place, process};

/// Debian's recent compiler, which is packaged with the sources of the standard library.
const DEBIAN_COMPILER: &str = "/usr/bin/rustc";

/// A system that is built for.
pub(crate) struct Foreign {
    target: &'static str,
    /// Whether the standard library is built too.
    from_source: bool,
}

impl Foreign {
    /// Finds a compiler: the one in use where it has this target's standard library, else Debian's with the sources.
    pub(crate) fn find(target: &'static str, yes: bool) -> Result<Self> {
        let from_source = !has_standard_library(target)?;
        if from_source {
            setup::install(Extra::StandardLibrary, yes)?;
        }
        Ok(Self { target, from_source })
    }

    /// A command of cargo for this target.
    pub(crate) fn cargo(&self, command: &str) -> Command {
        let mut cargo = cargo::cargo();
        cargo.args([command, "--target", self.target]);
        if self.from_source {
            // Allows what building the standard library takes to a compiler that is not a nightly one.
            cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTC", DEBIAN_COMPILER).arg("-Zbuild-std=std,panic_abort");
        }
        cargo
    }

    /// Builds by [`cargo`](Self::cargo), and lists the programs that came out.
    pub(crate) fn build(
        &self,
        command: &str,
        arguments: &[&str],
        also: impl Fn(&mut Command),
    ) -> Result<Vec<Executable>> {
        let mut cargo = self.cargo(command);
        also(cargo.args(arguments));
        cargo::executables(&mut cargo)
    }

    /// In words, for a report.
    pub(crate) fn words(&self) -> &'static str {
        if self.from_source { "standard library built from Debian's sources" } else { "standard library of rustup" }
    }
}

fn has_standard_library(target: &str) -> Result<bool> {
    let mut rustc = process::program(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.current_dir(place::root()).args(["--print", "target-libdir", "--target", target]);
    let answer = process::capture(&mut rustc)?;
    if !answer.is_success() {
        bail!("the compiler does not know {target}");
    }
    Ok(Path::new(answer.output.trim()).is_dir())
}

/// Where cargo keeps what it builds for a target.
pub(crate) fn target_folder(target: &str) -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let mut metadata = cargo::cargo();
    metadata.args(["metadata", "--format-version", "1", "--no-deps"]);
    let answer = process::capture(&mut metadata)?;
    let metadata: Metadata = serde_json::from_str(&answer.output).context("cargo does not say where it builds")?;
    Ok(metadata.target_directory.join(target))
}
