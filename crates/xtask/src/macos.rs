//! `cargo xtask macos`: type-checks everything, the window too, for macOS.
//!
//! Checking needs no linker and none of Apple's files: the C compiler is a stub that writes empty objects. It proves that
//! what is for macOS alone compiles, and nothing more; `docs/manual-tests.md` is for a real machine.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;

use crate::cargo::WINDOW_FEATURES;
use crate::foreign::{self, Foreign};
use crate::setup::{self, Purpose};
use crate::{interface, output, place, process};

const TARGET: &str = "aarch64-apple-darwin";
const STUB: &str = include_str!("macos/cc.sh");

/// Arguments of `macos`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Installs what is missing without asking.
    #[arg(long)]
    yes: bool,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    setup::prepare(Purpose::Start, arguments.yes)?;
    interface::build()?;
    let foreign = Foreign::find(TARGET, arguments.yes)?;
    output::say(&format!("{TARGET}: {}", foreign.words()));
    let mut check = foreign.cargo("check");
    check.arg("--workspace").args(WINDOW_FEATURES);
    if !cfg!(target_os = "macos") {
        // Beside what cargo keeps: build scripts run again when the path of their compiler changes.
        let folder = foreign::target_folder(TARGET)?;
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let stub = make_stub(&folder)?;
        check.env("CC_aarch64_apple_darwin", &stub).env("CXX_aarch64_apple_darwin", &stub);
        check.env("AR_aarch64_apple_darwin", place::program("true").context("there is no program `true`")?);
        check.env("SDKROOT", &folder).env("MACOSX_DEPLOYMENT_TARGET", "11.0");
    }
    process::run(&mut check)?;
    output::result(&format!("{TARGET}: everything type-checks"));
    Ok(())
}

fn make_stub(folder: &Path) -> Result<std::path::PathBuf> {
    let stub = folder.join("stub-cc");
    if fs::read_to_string(&stub).is_ok_and(|text| text == STUB) {
        return Ok(stub);
    }
    fs::write(&stub, STUB).with_context(|| format!("{} cannot be written", stub.display()))?;
    #[cfg(unix)]
    fs::set_permissions(&stub, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(stub)
}
