//! Sessions, passwords and clocks.

use std::path::Path;
use std::time::Duration;

use protocol::view::Connection;
use serde_json::{Value, json};

use super::firm::{Firm, PURCHASES};
use super::workstation::NewWorkstation;
use super::{until, until_within};

#[test]
fn revoked_session_is_told_loses_nothing_and_goes_on_after_signing_in() {
    let firm = Firm::open();
    let (one, other) = (firm.workstation("bureau"), firm.other_workstation("portable"));
    one.save(&format!("{PURCHASES}/Avant.pdf"), b"avant");
    firm.holds(&format!("{PURCHASES}/Avant.pdf"), b"avant");
    let sessions: Value = one.ask("list_sessions", json!({}));
    let current = sessions["sessions"].as_array().unwrap().iter().find(|session| session["current"] == true).unwrap();
    firm.office().revoke(current["workstation"].as_str().unwrap());
    one.save(&format!("{PURCHASES}/Pendant.pdf"), b"pendant");
    one.is(Connection::SessionExpired);
    let said = String::from_utf8_lossy(&one.run(&["status"]).stdout).into_owned();
    assert!(said.starts_with("La session a expiré : reconnectez-vous, rien n'est perdu"), "{said}");
    until("what was saved meanwhile waits", || (one.status().pending_commands > 0).then_some(()));
    assert!(!one.status().up_to_date);
    let list: Value = one.ask("list_documents", json!({ "folder": one.folder_node(PURCHASES), "limit": 10 }));
    assert_eq!(list["total"], 2, "all can still be read and worked on");
    assert!(!firm.office().feed().tree().contains_key(&format!("{PURCHASES}/Pendant.pdf")));

    let signed_in = one.try_sign_in(firm.anne.password);
    assert_eq!(signed_in.status.code(), Some(0), "{}", String::from_utf8_lossy(&signed_in.stderr));
    firm.holds(&format!("{PURCHASES}/Pendant.pdf"), b"pendant");
    other.shows(&format!("{PURCHASES}/Pendant.pdf"), b"pendant");
    other.save(&format!("{PURCHASES}/Après.pdf"), b"apres");
    one.shows(&format!("{PURCHASES}/Après.pdf"), b"apres");
    until("all is up to date again", || one.status().up_to_date.then_some(()));
}

#[test]
fn wrong_password_many_times_is_slowed_down_for_that_account_alone() {
    let firm = Firm::open();
    let one = NewWorkstation::of(&firm, &firm.anne, "bureau").sign_in();
    let other = NewWorkstation::of(&firm, &firm.paul, "portable").sign_in();
    let try_with = |password: &str| {
        let output = one.try_sign_in(password);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for _ in 0..5 {
        let (code, said) = try_with("mauvais mot de passe");
        assert_eq!(code, Some(1));
        assert!(said.contains("E-mail ou mot de passe incorrect"), "{said}");
    }
    let (code, said) = try_with("mauvais mot de passe");
    assert_eq!(code, Some(1));
    let seconds = said.split_once("Trop d'essais. Attendez ").and_then(|(_, rest)| rest.split(' ').next());
    let seconds: u64 = seconds.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("it says how long: {said}"));
    assert!((1..=4).contains(&seconds), "{seconds} s after the fifth try");
    assert!(other.try_sign_in(firm.paul.password).status.success(), "a colleague is not slowed down");
    until_within(Duration::from_secs(seconds + 20), "the right password lets in again", || {
        (try_with(firm.anne.password).0 == Some(0)).then_some(())
    });
}

#[test]
fn clock_that_is_a_year_off_neither_stops_nor_reorders_anything() {
    let firm = Firm::open();
    let right = firm.workstation("bureau");
    let library = format!("/usr/lib/{}-linux-gnu/faketime/libfaketimeMT.so.1", std::env::consts::ARCH);
    assert!(Path::new(&library).exists(), "no {library}: `cargo xtask setup --for test` installs it");
    let preload = format!("LD_PRELOAD={library}");
    for (name, offset) in [("en avance", "+370d"), ("en retard", "-370d")] {
        // Only the time of day is wrong: clocks that count seconds, and times of files, are the system's own.
        let offset = format!("FAKETIME={offset}");
        let before = ["env", &preload, &offset, "FAKETIME_DONT_FAKE_MONOTONIC=1", "NO_FAKE_STAT=1"];
        let wrong = NewWorkstation::of(&firm, &firm.paul, name).runs_by(&before).open();
        let path = format!("{PURCHASES}/Poste {name}.txt");
        wrong.save(&path, b"un");
        right.shows(&path, b"un");
        right.save(&path, b"deux");
        wrong.shows(&path, b"deux");
        wrong.save(&path, b"trois");
        right.shows(&path, b"trois");
        right.rest();
        wrong.rest();
        let feed = firm.office().feed();
        let versions = feed.versions(feed.at(&path).unwrap().id);
        let contents: Vec<Vec<u8>> = versions.into_iter().map(|hash| firm.office().content(hash).unwrap()).collect();
        assert_eq!(contents, [b"un".to_vec(), b"deux".to_vec(), b"trois".to_vec()], "in the order they were made");
        assert!(feed.rows("version").iter().all(|row| row["state"] != "concurrent"), "the clock made no conflict");
        assert!(wrong.status().up_to_date && right.status().up_to_date);
    }
}
