//! Builds by cargo, and which files came out of them.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{place, process};

/// Feature that makes the desktop carry its interface instead of waiting for a development server. Every build of the
/// window uses it, so that there is one build to keep.
pub(crate) const WINDOW_FEATURES: [&str; 2] = ["--features", "gedeon-desktop/custom-protocol"];

/// A program that a build made.
#[derive(Debug, Clone)]
pub(crate) struct Executable {
    /// Folder of its package.
    pub(crate) package: PathBuf,
    /// Name of the program or test.
    pub(crate) name: String,
    /// Whether it is a test.
    pub(crate) is_test: bool,
    /// Where it is.
    pub(crate) path: PathBuf,
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
    profile: Option<Profile>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

/// Cargo, in the checkout.
pub(crate) fn cargo() -> Command {
    let mut command = process::program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(place::root());
    command
}

/// Builds, and lists the programs that came out, in a stable order.
pub(crate) fn build(arguments: &[&str]) -> Result<Vec<Executable>> {
    executables(cargo().args(arguments))
}

/// Runs a build of cargo, and lists the programs that came out, in a stable order.
pub(crate) fn executables(command: &mut Command) -> Result<Vec<Executable>> {
    let built = process::capture(command.arg("--message-format=json-render-diagnostics"))?;
    if !built.is_success() {
        let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
        bail!("`cargo {}` failed", arguments.join(" "));
    }
    let mut executables: Vec<Executable> = built.output.lines().filter_map(executable).collect();
    executables
        .sort_by(|one, other| (&one.package, &one.name, &one.path).cmp(&(&other.package, &other.name, &other.path)));
    Ok(executables)
}

fn executable(line: &str) -> Option<Executable> {
    let message: Message = serde_json::from_str(line).ok()?;
    if message.reason != "compiler-artifact" {
        return None;
    }
    Some(Executable {
        package: message.manifest_path?.parent()?.to_path_buf(),
        name: message.target?.name,
        is_test: message.profile?.test,
        path: message.executable?,
    })
}

/// The program of this name among those of a build.
pub(crate) fn named(executables: &[Executable], name: &str) -> Result<PathBuf> {
    executables
        .iter()
        .find(|executable| !executable.is_test && executable.name == name)
        .map(|executable| executable.path.clone())
        .with_context(|| format!("the build made no program {name}"))
}
