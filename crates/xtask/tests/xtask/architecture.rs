//! The invariants of `docs/architecture.md` that a look at the sources can hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Which of our crates each may depend on, tests aside.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("disk", &[]),
    ("failpoints", &[]),
    ("xtask", &[]),
    ("protocol", &["domain"]),
    ("demo", &["domain"]),
    ("content", &["domain", "disk", "failpoints"]),
    ("store", &["domain", "protocol", "failpoints"]),
    ("mirror", &["domain", "protocol", "store", "content", "disk", "failpoints"]),
    ("agent", &["domain", "protocol", "store", "content", "disk", "mirror", "failpoints"]),
    ("gedeon-server", &["domain", "protocol", "store", "content", "disk", "demo", "failpoints"]),
    ("testkit", &["domain", "protocol", "store", "content", "disk", "mirror", "agent"]),
    ("gedeon-desktop", &["domain", "protocol", "agent"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn packages() -> BTreeMap<String, Vec<(String, bool)>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap();
            let uses = dependencies.iter().map(|each| (text(&each["name"]), each["kind"] == "dev")).collect();
            (text(&package["name"]), uses)
        })
        .collect()
}

/// Sources below a folder that end in one of `endings`, with their text.
fn sources(folder: &str, endings: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !matches!(name.as_str(), "node_modules" | "dist" | "target" | "test-results") {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root()).unwrap().to_path_buf(), text));
            }
        }
    }
    found
}

fn offenders<'a>(sources: &'a [(PathBuf, String)], allowed: &[&str], forbidden: &[&str]) -> Vec<&'a PathBuf> {
    sources
        .iter()
        .filter(|(path, _)| !allowed.iter().any(|prefix| path.starts_with(prefix)))
        .filter(|(_, text)| {
            text.lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .any(|line| forbidden.iter().any(|word| line.contains(word)))
        })
        .map(|(path, _)| path)
        .collect()
}

#[test]
fn dependencies_point_one_way() {
    let packages = packages();
    let ours: BTreeSet<&str> = packages.keys().map(String::as_str).collect();
    let ruled: BTreeSet<&str> = MAY_USE.iter().map(|(name, _)| *name).collect();
    assert_eq!(ours, ruled, "every package has its rule, and every rule its package");
    for (name, allowed) in MAY_USE {
        for (used, for_tests) in &packages[*name] {
            if ours.contains(used.as_str()) && !for_tests {
                assert!(allowed.contains(&used.as_str()), "{name} must not depend on {used}");
            }
        }
    }
}

#[test]
fn testkit_is_for_tests_only() {
    for (name, uses) in packages() {
        assert!(uses.iter().all(|(used, for_tests)| used != "testkit" || *for_tests), "{name} ships the test kit");
    }
}

#[test]
fn only_the_desktop_knows_tauri() {
    for (name, uses) in packages() {
        if name != "gedeon-desktop" {
            assert!(
                !uses.iter().any(|(used, _)| used.starts_with("tauri") || used == "wry"),
                "{name} depends on tauri"
            );
        }
    }
    let sources = sources("crates", &[".rs"]);
    // This test has to name what it looks for.
    let this = "crates/xtask/tests/xtask/architecture.rs";
    assert_eq!(offenders(&sources, &[this], &["tauri::"]), Vec::<&PathBuf>::new(), "tauri is named in src-tauri only");
}

#[test]
fn only_the_store_contains_sql() {
    let sources = sources("crates", &[".rs"]);
    let allowed = ["crates/store", "crates/xtask", "crates/testkit/src/postgres"];
    let found =
        offenders(&sources, &allowed, &["SELECT ", "INSERT INTO", "DELETE FROM", "rusqlite::", "postgres::Client"]);
    assert_eq!(found, Vec::<&PathBuf>::new(), "SQL lives in crates/store");
}

#[test]
fn only_the_disk_the_content_stores_and_the_hosts_touch_files() {
    let sources = sources("crates", &[".rs"]);
    let allowed = [
        "crates/disk",
        "crates/failpoints",
        "crates/content",
        "crates/agent/src/host",
        "crates/agent/src/host.rs",
        "crates/agent/src/cli",
        "crates/agent/src/cli.rs",
        "crates/server",
        "crates/testkit",
        "crates/xtask",
        "crates/agent/tests",
        "crates/demo/examples",
        "crates/demo/tests",
        "crates/mirror/tests",
        "crates/protocol/tests",
        "crates/store/tests",
    ];
    assert_eq!(
        offenders(&sources, &allowed, &["std::fs", "tokio::fs"]),
        Vec::<&PathBuf>::new(),
        "files are the disk's"
    );
}

#[test]
fn the_window_reads_no_file_but_those_it_shows() {
    let sources = sources("src-tauri", &[".rs"]);
    let found = offenders(&sources, &["src-tauri/content_scheme.rs"], &["std::fs", "tokio::fs"]);
    assert_eq!(found, Vec::<&PathBuf>::new(), "the engine has the files");
}

#[test]
fn only_the_hosts_start_programs() {
    for (folder, allowed) in
        [("crates", ["crates/xtask", "crates/testkit/src/postgres"].as_slice()), ("src-tauri", &[])]
    {
        let all = sources(folder, &[".rs"]);
        // A test may run the program it is about.
        let shipped: Vec<_> =
            all.into_iter().filter(|(path, _)| !path.components().any(|part| part.as_os_str() == "tests")).collect();
        let found = offenders(&shipped, allowed, &["process::Command", "Command::new("]);
        assert_eq!(found, Vec::<&PathBuf>::new(), "the product starts no program of its own");
    }
}

#[test]
fn only_calls_of_the_system_lift_the_ban_on_unsafe_code() {
    for folder in ["crates", "src-tauri", "tests"] {
        let sources = sources(folder, &[".rs"]);
        // This test has to name what it looks for.
        let allowed = ["crates/disk/src/real", "crates/xtask/tests/xtask/architecture.rs"];
        let found = offenders(&sources, &allowed, &["unsafe_code"]);
        assert_eq!(found, Vec::<&PathBuf>::new(), "the workspace denies unsafe code");
    }
}

#[test]
fn the_domain_and_the_engine_read_no_clock_and_draw_no_chance() {
    let words =
        ["SystemTime::now", "Instant::now()", "Utc::now", "Local::now", "thread_rng", "rand::random", "now_v7()"];
    for folder in
        ["crates/domain/src", "crates/protocol/src", "crates/store/src", "crates/mirror/src", "crates/disk/src"]
    {
        assert_eq!(offenders(&sources(folder, &[".rs"]), &[], &words), Vec::<&PathBuf>::new(), "in {folder}");
    }
    let engine = sources("crates/agent/src", &[".rs"]);
    let hosts =
        ["crates/agent/src/host", "crates/agent/src/host.rs", "crates/agent/src/cli", "crates/agent/src/cli.rs"];
    assert_eq!(offenders(&engine, &hosts, &words), Vec::<&PathBuf>::new(), "in the state machines of the agent");
}

#[test]
fn the_domain_does_no_work_of_its_own() {
    let sources = sources("crates/domain/src", &[".rs"]);
    let found = offenders(&sources, &[], &["async fn", "tokio", "std::net", "std::thread", "std::env"]);
    assert_eq!(found, Vec::<&PathBuf>::new(), "the domain is pure");
}

#[test]
fn only_the_platform_imports_the_window() {
    let sources = sources("ui", &[".ts", ".tsx"]);
    assert_eq!(
        offenders(&sources, &["ui/platform"], &["@tauri-apps"]),
        Vec::<&PathBuf>::new(),
        "ui/platform is the only importer"
    );
}

#[test]
fn the_project_speaks_of_itself_alone() {
    // Written in pieces, so that this file does not say them.
    let words = [concat!("/wo", "rk/"), concat!("tool ", "library"), concat!("/tm", "p/bash_jobs")];
    for folder in ["crates", "src-tauri", "docs", "ui", "tests"] {
        let sources = sources(folder, &[".rs", ".ts", ".tsx", ".md", ".css", ".toml", ".py"]);
        let found: Vec<&PathBuf> = sources
            .iter()
            .filter(|(_, text)| words.iter().any(|word| text.contains(word)))
            .map(|(path, _)| path)
            .collect();
        assert_eq!(found, Vec::<&PathBuf>::new(), "in {folder}");
    }
}
