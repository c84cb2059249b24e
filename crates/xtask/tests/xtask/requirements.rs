//! Requirements are proven by the names of tests, and by nothing else.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

fn checkout(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

fn requirements(checkout: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["requirements", "--json"])
        .env("CARGO_MANIFEST_DIR", checkout.join("crates/xtask"))
        .output()
        .unwrap()
}

const LIST: (&str, &str) = (
    "docs/requirements.md",
    "# Requirements\n\n| ID | Requirement | Example |\n|---|---|---|\n| SYN-3 | drop | 40 files |\n| DOC-2 | any type | zip |\n| SYN-9 | loss of access | purge |\n",
);

#[test]
fn lists_the_tests_of_each_requirement_and_an_empty_list_where_nothing_proves_it() {
    let checkout = checkout(&[
        LIST,
        (
            "crates/store/tests/store/drop.rs",
            "#[test]\nfn syn_03_doc_02_folder_is_dropped() {}\n\nfn syn_09_is_no_test() {}\n\n#[tokio::test(flavor = \"current_thread\")]\nasync fn syn_3_again() {}\n",
        ),
        (
            "ui/e2e/drop.spec.ts",
            "test(\"[DOC-2] une archive se télécharge\", async () => {});\n// [SYN-9] in a comment\n",
        ),
        ("ui/node_modules/other/x.spec.ts", "test(\"[SYN-9] not ours\");\n"),
    ]);
    let output = requirements(checkout.path());
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        printed,
        json!({
            "SYN-3": ["crates/store/tests/store/drop.rs::syn_03_doc_02_folder_is_dropped", "crates/store/tests/store/drop.rs::syn_3_again"],
            "DOC-2": ["crates/store/tests/store/drop.rs::syn_03_doc_02_folder_is_dropped", "ui/e2e/drop.spec.ts::[DOC-2] une archive se télécharge"],
            "SYN-9": [],
        }),
        "a function that is no test, a comment and another project's test prove nothing"
    );
}

#[test]
fn refuses_a_test_of_a_requirement_that_does_not_exist() {
    let checkout = checkout(&[LIST, ("tests/it/main.rs", "#[test]\nfn syn_99_is_nothing() {}\n")]);
    let output = requirements(checkout.path());
    assert!(!output.status.success(), "a mistyped requirement must not look proven");
    assert!(String::from_utf8_lossy(&output.stderr).contains("SYN-99"), "the message names it");
}

#[test]
fn the_projects_own_list_has_every_family() {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let output = requirements(checkout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    for id in
        ["ACT-1", "DOS-24", "CIR-6", "SIG-8", "RET-2", "TSK-11", "REQ-5", "APP-22", "COL-6", "DOC-3", "WPA-2", "SYN-10"]
    {
        assert!(printed.get(id).is_some(), "{id} is in the list");
    }
}
