//! Finds tests in sources by their names.
//!
//! It reads text, not syntax: a name counts where an attribute ending in `test]` stands before the function, so that a
//! function of the same name that is no test does not.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Id;

const FOLDERS: [&str; 4] = ["crates", "src-tauri", "tests", "ui"];

/// Sources that may hold tests, in a stable order.
pub(super) fn sources(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> =
        FOLDERS.iter().map(|folder| root.join(folder)).filter(|folder| folder.is_dir()).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "node_modules" && name != "dist" {
                    folders.push(path);
                }
            } else if is_rust(&path) || is_interface_test(&name) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

fn is_interface_test(name: &str) -> bool {
    [".test.ts", ".test.tsx", ".spec.ts"].iter().any(|ending| name.ends_with(ending))
}

/// The requirements that a source's tests prove, with each test's name.
pub(super) fn tests(file: &Path, source: &str) -> Vec<(Id, String)> {
    if is_rust(file) { rust_tests(source) } else { interface_tests(source) }
}

fn rust_tests(source: &str) -> Vec<(Id, String)> {
    let mut found = Vec::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[") {
            is_test |= line
                .split(['(', ' '])
                .next()
                .is_some_and(|attribute| attribute.trim_end_matches(']').ends_with("test"));
            continue;
        }
        let declared = ["fn ", "async fn ", "pub fn "].iter().find_map(|prefix| line.strip_prefix(prefix));
        if let (true, Some(rest)) = (is_test, declared) {
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            found.extend(ids_of_name(name).into_iter().map(|id| (id, name.to_owned())));
        }
        is_test &= line.is_empty() || line.starts_with("//");
    }
    found
}

/// `syn_03_doc_02_saved_file` proves SYN-3 and DOC-2.
fn ids_of_name(name: &str) -> Vec<Id> {
    let mut words = name.split('_').peekable();
    let mut ids = Vec::new();
    while let (Some(family), Some(number)) = (words.next(), words.next()) {
        match Id::parse(&format!("{}-{number}", family.to_uppercase())) {
            Some(id) => ids.push(id),
            None => break,
        }
    }
    ids
}

/// `test("[SYN-3] un dossier déposé", …`: the title is the first quoted text after the bracket's own quote.
fn interface_tests(source: &str) -> Vec<(Id, String)> {
    let mut found = Vec::new();
    for line in source.lines() {
        for quote in ['"', '\'', '`'] {
            for title in line.split(quote).skip(1).step_by(2) {
                let ids = title.split('[').skip(1).filter_map(|part| Id::parse(part.split(']').next()?));
                found.extend(ids.map(|id| (id, title.to_owned())));
            }
        }
    }
    found
}
