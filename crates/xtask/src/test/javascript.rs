//! The steps of the interface: types, lints, its own tests, and browsers on the real engine.

use anyhow::{Context, Result};

use super::{Ground, Tally};
use crate::interface::npm;
use crate::{cargo, process};

/// TypeScript.
pub(super) fn types() -> Result<Tally> {
    process::run(&mut npm(&["run", "--silent", "check"]))?;
    Ok(Tally::passed())
}

/// oxlint.
pub(super) fn lints() -> Result<Tally> {
    process::run(&mut npm(&["run", "--silent", "lint"]))?;
    Ok(Tally::passed())
}

/// Vitest.
pub(super) fn interface(ground: &mut Ground) -> Result<Tally> {
    let report = ground.file("vitest.json");
    let mut vitest = npm(&["run", "--silent", "test", "--", "--reporter=default", "--reporter=json"]);
    let ended = process::run(vitest.arg(format!("--outputFile.json={}", report.display())));
    Ok(Tally::of_vitest(&report)?.with_end(ended.is_ok()))
}

/// Playwright, in the system's Chromium.
pub(super) fn browsers(ground: &mut Ground) -> Result<Tally> {
    let report = ground.file("playwright.json");
    let server = cargo::named(ground.programs()?, "gedeon-server")?;
    let folder = server.parent().context("BUG: a program lies in a folder")?.to_path_buf();
    let mut playwright = npm(&["run", "--silent", "e2e", "--", "--reporter=list,json"]);
    playwright.env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report).env("GEDEON_PROGRAMS", folder);
    let ended = process::run(&mut playwright);
    Ok(Tally::of_playwright(&report)?.with_end(ended.is_ok()))
}
