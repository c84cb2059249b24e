//! The interface: its packages and its build, each done again only where what it is made of changed.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{output, place, process};

/// npm, in the interface's folder.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut command = process::program("npm");
    command.args(arguments).current_dir(place::ui());
    command
}

/// Installs the interface's packages where the list of them changed.
pub(crate) fn install() -> Result<()> {
    let lock = place::ui().join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    let installed = place::ui().join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    output::step("packages of the interface");
    process::run(&mut npm(&["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&installed, wanted).with_context(|| format!("{} cannot be written", installed.display()))
}

/// Builds the interface where its sources changed, packages included.
pub(crate) fn build() -> Result<()> {
    install()?;
    let mark = place::ui().join("node_modules/.built-sources");
    let sources = fingerprint(&place::ui())?.to_string();
    if place::ui().join("dist/index.html").exists() && fs::read_to_string(&mark).is_ok_and(|built| built == sources) {
        return Ok(());
    }
    output::step("interface");
    let script = |name: &str| process::run(&mut npm(&["run", "--silent", name]));
    script("build").context("the interface does not build")?;
    fs::write(&mark, sources).with_context(|| format!("{} cannot be written", mark.display()))
}

/// A number that changes with any source: names, sizes and times, which is what a build tool goes by.
fn fingerprint(folder: &Path) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<PathBuf> = fs::read_dir(&folder)
            .with_context(|| format!("{} cannot be read", folder.display()))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        entries.sort();
        for path in entries {
            let name = path.file_name().unwrap_or_default();
            if name == "node_modules" || name == "dist" || name == "test-results" {
                continue;
            }
            let metadata = fs::metadata(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            if metadata.is_dir() {
                folders.push(path);
            } else {
                (&path, metadata.len(), metadata.modified()?).hash(&mut hasher);
            }
        }
    }
    if !folder.join("package.json").exists() {
        bail!("{} is not the interface's folder", folder.display());
    }
    Ok(hasher.finish())
}
