//! A mirror in what another program keeps in step, in another mirror, or around one: refused before anything is written.

use std::fs;
use std::path::Path;

use super::firm::{CLIENT, Firm};
use super::until;
use super::workstation::NewWorkstation;

/// What `gedeon mirror --root` says of a folder that it refuses.
fn refused(workstation: &super::workstation::Workstation, root: &Path) -> String {
    let output = workstation.run(&["mirror", "--once", "--root", root.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn folder_that_another_program_keeps_in_step_is_refused_before_anything_is_written() {
    let firm = Firm::open();
    let workstation = NewWorkstation::of(&firm, &firm.anne, "bureau").sign_in();
    let home = firm.folder().join("maison");
    fs::create_dir_all(home.join("OneDrive - Cabinet Leroy")).unwrap();
    fs::create_dir_all(home.join("Partage/.stfolder")).unwrap();
    for (root, program) in [("OneDrive - Cabinet Leroy/GED", "OneDrive"), ("Partage/clients/GED", "Syncthing")] {
        let said = refused(&workstation, &home.join(root));
        assert!(said.contains(&format!("est dans un dossier de {program}")), "{said}");
        // Where somebody else of this machine has the usual one, the name of the person stands behind.
        assert!(said.contains("prenez plutôt « ") && said.contains("/Gédéon"), "another is proposed: {said}");
        assert!(!home.join(root).exists(), "nothing was written");
    }
    let said = refused(&workstation, &home);
    assert!(said.contains("contient un dossier de"), "{said}");
    assert_eq!(fs::read_dir(&home).unwrap().count(), 2, "nothing was written");
}

#[test]
fn mirror_in_a_mirror_is_refused_and_the_chosen_one_can_be_chosen_again() {
    let firm = Firm::open();
    let mut one = firm.workstation("bureau");
    let second = NewWorkstation::of(&firm, &firm.paul, "portable").sign_in();
    let inside = one.path(CLIENT).join("Miroir");
    let said = refused(&second, &inside);
    assert!(said.contains("est dans un dossier de Gédéon"), "{said}");
    assert!(!inside.exists(), "nothing was written");
    let said = refused(&second, one.path("").parent().unwrap());
    assert!(said.contains("contient un dossier de Gédéon"), "{said}");

    one.kill();
    // What another program left around it since does not shut out who had chosen it before.
    fs::create_dir(one.path("").parent().unwrap().join(".stfolder")).unwrap();
    one.begin(&[]);
    until("it is mirrored again", || one.status().up_to_date.then_some(()));
}
