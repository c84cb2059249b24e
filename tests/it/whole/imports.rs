//! SYN-3: files and folders taken in as they are, with what became of each, and undone as one.

use std::fs;
use std::path::Path;

use protocol::local::ImportView;
use protocol::view::Reason;
use serde_json::{Value, json};

use super::firm::{Firm, INBOX, PURCHASES};
use super::folder::{self, Entry, noise, tree};
use super::until;
use super::workstation::Workstation;

/// Forty files and a folder with folders in it, as they lie on somebody's desk.
fn lay_out(desk: &Path) {
    fs::create_dir_all(desk.join("Relevés/2025/Banque du Nord")).unwrap();
    fs::create_dir(desk.join("Relevés/vide")).unwrap();
    for number in 0..40 {
        fs::write(desk.join(format!("Facture {number:02}.pdf")), noise(number, 3_000)).unwrap();
    }
    for (number, name) in
        ["Relevé 01.pdf", "2025/Relevé 02.pdf", "2025/Banque du Nord/Relevé 03.pdf"].iter().enumerate()
    {
        fs::write(desk.join("Relevés").join(name), noise(100 + number as u64, 5_000)).unwrap();
    }
}

fn ended(workstation: &Workstation, import: u64) -> ImportView {
    until("the import ends", || {
        let view: ImportView = workstation.ask("get_import", json!({ "import": import }));
        assert!(view.done <= view.found, "the progress line never passes its end");
        view.ended.then_some(view)
    })
}

#[test]
fn syn_03_forty_files_and_a_folder_keep_their_shape_and_are_undone_as_one() {
    let firm = Firm::open();
    let one = firm.workstation("bureau");
    let before = one.tree();
    let desk = firm.folder().join("bureau de Marie");
    lay_out(&desk);
    std::os::unix::fs::symlink("/etc/hostname", desk.join("Relevés/raccourci")).unwrap();
    let paths: Vec<_> = fs::read_dir(&desk).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(paths.len(), 41, "40 files and a folder are dropped");

    let ticket: Value = one.ask("import_paths", json!({ "paths": paths, "target": one.folder_node(PURCHASES) }));
    let view = ended(&one, ticket["import"].as_u64().unwrap());
    assert_eq!((view.found, view.done), (43, 43), "every file is in");
    let problems: Vec<(&str, Reason)> =
        view.problems.iter().map(|problem| (problem.path.as_str(), problem.reason)).collect();
    assert_eq!(problems, [("Relevés/raccourci", Reason::NotAFile)], "what is left out is told, with why");

    one.rest();
    fs::remove_file(desk.join("Relevés/raccourci")).unwrap();
    let dropped = tree(&desk);
    let shown = tree(&one.path(PURCHASES));
    assert_eq!(shown, dropped, "the mirror shows the same files in the same folders");
    let on_server = firm.office().feed().tree();
    for (path, entry) in &dropped {
        assert_eq!(on_server.get(&format!("{PURCHASES}/{path}")), Some(entry), "{path} is on the server");
    }

    let undone: Value = one.ask("undo", json!({}));
    assert_eq!(undone["action"], "import");
    until("the mirror is as before", || (one.tree() == before).then_some(()));
    one.rest();
    assert_eq!(firm.office().feed().tree(), before, "and so is the server");
    let trash: Value = one.ask("list_trash", json!({ "limit": 500 }));
    assert_eq!(trash["rows"].as_array().unwrap().len(), 41, "what was undone is in the trash");
}

#[test]
fn syn_03_command_line_takes_a_folder_in_with_and_without_a_running_engine() {
    let firm = Firm::open();
    let mut one = firm.workstation("bureau");
    let desk = firm.folder().join("Clients 2025");
    lay_out(&desk);
    let desk_text = desk.to_str().unwrap().to_owned();
    let dropped = tree(&desk);

    let into = PURCHASES.split_once('/').unwrap().1;
    let output = one.run(&["import-folder", &desk_text, "--client", "alter ce", "--into", into]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("43 fichiers versés sur 43"), "{said}");
    until("the mirror shows the folder", || {
        (tree(&one.path(&format!("{PURCHASES}/Clients 2025"))) == dropped).then_some(())
    });

    one.stop();
    let output = one.run(&["import-folder", &desk_text, "--client", "Alter Ce"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let on_server = firm.office().feed().tree();
    let arrived =
        on_server.iter().filter(|(path, entry)| path.starts_with(INBOX) && matches!(entry, Entry::File(_))).count();
    assert_eq!(
        arrived,
        folder::files(&dropped),
        "without --into it goes to the inbox, and is there when the order ends"
    );

    let output = one.run(&["import-folder", &desk_text, "--client", "Alter Ego"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("Aucun dossier client ne s'appelle « Alter Ego »"), "{said}");
}
