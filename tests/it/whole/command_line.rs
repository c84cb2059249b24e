//! What `gedeon` says and ends with where something is wrong: scripts decide by its exit codes, people by `gedeon doctor`.

use std::fs;
use std::process::Output;

use protocol::local::SettingsView;
use protocol::view::{Connection, Reason};
use serde_json::json;

use super::firm::{Firm, PURCHASES};
use super::program;
use super::workstation::{NewWorkstation, Workstation};

/// The exit code, and what was said to the standard output and error.
fn ended(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn runs(workstation: &Workstation, words: &[&str]) -> (i32, String, String) {
    ended(&workstation.run(words))
}

/// Runs `gedeon` on a profile that nobody has signed in on.
fn runs_anew(firm: &Firm, words: &[&str]) -> (i32, String, String) {
    let mut command = program::command(program::path("gedeon"));
    ended(&command.arg("--profile").arg(firm.folder().join("neuf")).args(words).output().unwrap())
}

#[test]
fn doctor_tells_what_is_there_and_what_to_do() {
    let firm = Firm::open();
    let (code, said, why) = runs_anew(&firm, &["doctor"]);
    assert_eq!(code, 5, "{said}{why}");
    for line in [
        format!("Profil : {}", firm.folder().join("neuf").display()),
        "Moteur : aucun autre ne tourne sur ce profil".to_owned(),
        "Serveur : aucun — gedeon sign-in".to_owned(),
        "Compte : personne n'est connecté — gedeon sign-in".to_owned(),
        "Miroir : aucun — gedeon mirror --root DOSSIER".to_owned(),
    ] {
        assert!(said.lines().any(|told| told == line), "{line:?} in {said}");
    }
    assert!(why.contains("lancez « gedeon sign-in »"), "{why}");

    let mut one = firm.workstation("bureau");
    let (code, said, why) = runs(&one, &["doctor"]);
    assert_eq!(code, 0, "{said}{why}");
    let mirror = format!("Miroir : {}", one.path("").display()).trim_end_matches('/').to_owned();
    for line in
        ["Moteur : en marche", &format!("Serveur : {}", one.wire.url()), "Compte : anne@leroy.fr", &mirror, "À jour"]
    {
        assert!(said.lines().any(|told| told == line), "{line:?} in {said}");
    }

    one.save(&format!("{PURCHASES}/CON.pdf"), b"refused by Windows");
    one.told("CON.pdf", Reason::InvalidName);
    let (code, said, _) = runs(&one, &["doctor"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("CON.pdf : nom refusé par Windows ; renommez-le — nom proposé : _CON.pdf"), "{said}");
    fs::remove_file(one.path(&format!("{PURCHASES}/CON.pdf"))).unwrap();

    one.stop();
    one.wire.cut();
    let (code, said, why) = runs(&one, &["doctor"]);
    assert_eq!(code, 4, "{said}{why}");
    assert!(said.contains("Moteur : aucun autre ne tourne sur ce profil") && said.contains("Hors ligne"), "{said}");
    assert!(why.contains("Le serveur ne répond pas. Rien n'est perdu"), "{why}");
}

#[test]
fn server_that_does_not_answer_ends_it_with_4() {
    let firm = Firm::open();
    let one = NewWorkstation::of(&firm, &firm.anne, "bureau").sign_in();
    one.wire.cut();
    let root = one.path("").display().to_string();
    let address = "Aucun serveur Gédéon ne répond à l'adresse";
    let tries = [
        (one.try_sign_in(firm.anne.password), address),
        (one.run(&["mirror", "--root", &root, "--once"]), "Le serveur ne répond pas. Rien n'est perdu"),
    ];
    for (said, sentence) in tries {
        let (code, _, why) = ended(&said);
        assert_eq!(code, 4, "{why}");
        assert!(why.contains(sentence), "{why}");
    }
    one.wire.mend();
    assert_eq!(runs(&one, &["mirror", "--all", "--once"]).0, 0, "it goes on once the server answers");
}

#[test]
fn nobody_signed_in_or_a_session_that_is_over_ends_it_with_5() {
    let firm = Firm::open();
    for words in [&["status"][..], &["mirror", "--once"], &["mirror", "--once", "--all"], &["doctor"]] {
        let (code, said, why) = runs_anew(&firm, words);
        assert_eq!(code, 5, "{words:?}: {said}{why}");
        assert!(why.contains("lancez « gedeon sign-in »"), "{words:?}: {why}");
    }
    let mut one = firm.workstation("bureau");
    let sessions: serde_json::Value = one.ask("list_sessions", json!({}));
    let current = sessions["sessions"].as_array().unwrap().iter().find(|session| session["current"] == true).unwrap();
    firm.office().revoke(current["workstation"].as_str().unwrap());
    one.is(Connection::SessionExpired);
    assert_eq!(runs(&one, &["doctor"]).0, 5, "asked of the engine that runs");
    one.stop();
    let (code, _, why) = runs(&one, &["mirror", "--once"]);
    assert_eq!(code, 5, "{why}");
    assert!(why.contains("la session a expiré : lancez « gedeon sign-in »"), "{why}");
    assert!(one.try_sign_in(firm.anne.password).status.success());
    assert_eq!(runs(&one, &["mirror", "--once"]).0, 0);
}

#[test]
fn profile_that_another_program_runs_on_ends_it_with_6() {
    let firm = Firm::open();
    let mut one = firm.workstation("bureau");
    for words in [&["mirror"][..], &["mirror", "--once"]] {
        let (code, _, why) = runs(&one, words);
        assert_eq!(code, 6, "{words:?}: {why}");
        assert!(why.contains("Gédéon tourne déjà sur ce profil"), "{why}");
    }
    assert_eq!(runs(&one, &["status"]).0, 0, "what only asks is answered by the one that runs");
    one.stop();
    assert_eq!(runs(&one, &["mirror", "--once"]).0, 0);
}

#[test]
fn profile_that_makes_no_sense_is_left_as_it_is_and_nothing_starts_on_it() {
    let firm = Firm::open();
    let mut one = firm.workstation("bureau");
    let settings: SettingsView = one.ask("get_settings", json!({}));
    one.stop();
    let file = one.profile().join("profile.json");
    let whole = fs::read(&file).unwrap();
    let torn = &whole[..whole.len() / 2];
    fs::write(&file, torn).unwrap();
    for words in [&["status"][..], &["mirror", "--once"]] {
        let (code, _, why) = runs(&one, words);
        assert_eq!(code, 1, "{why}");
        assert!(why.contains(&file.display().to_string()), "it says which file: {why}");
        assert_eq!(fs::read(&file).unwrap(), torn, "it is there for whoever mends it");
    }
    fs::write(&file, whole).unwrap();
    one.start();
    one.rest();
    let again: SettingsView = one.ask("get_settings", json!({}));
    assert_eq!((again.email, again.mirror_root), (settings.email, settings.mirror_root));
}
