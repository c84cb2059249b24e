//! Contents in their turn: what somebody waits for before what came in bulk, limits, the pause, and how long it takes.

use std::fs;
use std::time::{Duration, Instant};

use domain::content::ContentHash;
use protocol::local::SettingsView;
use protocol::view::Connection;
use serde_json::{Value, json};

use super::firm::{Firm, INBOX, PURCHASES, SALES};
use super::folder::noise;
use super::until;
use super::workstation::{NewWorkstation, Workstation};

/// Limits contents, in thousands of bytes a second.
fn limit(workstation: &Workstation, up: Option<u32>, down: Option<u32>) {
    let bandwidth = json!({ "up": up, "down": down, "hours": null });
    let settings: SettingsView = workstation.ask("change_settings", json!({ "bandwidth": bandwidth }));
    assert_eq!((settings.bandwidth.up, settings.bandwidth.down), (up, down));
}

#[test]
fn single_save_and_a_preview_overtake_twenty_thousand_files_both_ways() {
    const FILES: u64 = 20_000;
    let firm = Firm::open_alone();
    let one = firm.workstation("bureau");
    let saved = format!("{SALES}/Bilan.xlsx");
    one.save(&saved, b"first");
    firm.holds(&saved, b"first");
    one.rest();
    let desk = firm.folder().join("Archives");
    for file in 0..FILES {
        let folder = desk.join(format!("Carton {:02}", file / 500));
        if file % 500 == 0 {
            fs::create_dir_all(&folder).unwrap();
        }
        fs::write(folder.join(format!("Pièce {file:05}.pdf")), noise(file, 2_000)).unwrap();
    }
    // 40 MB at this pace take more than three minutes.
    limit(&one, Some(200), None);
    let ticket: Value = one.ask("import_paths", json!({ "paths": [desk], "target": one.folder_node(PURCHASES) }));
    assert!(ticket["import"].is_u64());
    until("the bulk is under way", || (one.status().sending.files > 5_000).then_some(()));
    let bytes = noise(1_000_000, 300_000);
    let began = Instant::now();
    one.save(&saved, &bytes);
    firm.holds(&saved, &bytes);
    let overtook = began.elapsed();
    let left = one.status().sending.files;
    println!("the save was on the server after {overtook:?}, with {left} files of the bulk still to go");
    assert!(left > 5_000, "the bulk was still under way: {left}");
    assert!(overtook < Duration::from_secs(20), "{overtook:?}");

    limit(&one, None, None);
    super::until_within(Duration::from_mins(4), "all is up to date", || one.status().up_to_date.then_some(()));
    let mut other = NewWorkstation::of(&firm, &firm.paul, "portable").sign_in();
    other.start();
    limit(&other, None, Some(200));
    let mirror = other.path("").display().to_string();
    let _: SettingsView = other.ask("change_settings", json!({ "mirror_root": mirror }));
    until("the client file is known", || other.call("get_client_file", &json!({ "client_file": firm.client })).ok());
    let _: Value = other.ask("set_offline", json!({ "client_files": [firm.client], "offline": true }));
    until("the bulk is under way", || (other.status().receiving.files > 5_000).then_some(()));
    let document = other.node(&saved);
    let began = Instant::now();
    let file: Value = other.ask("file_of", json!({ "document": document }));
    let waited = began.elapsed();
    assert_eq!(fs::read(file["path"].as_str().unwrap()).unwrap(), bytes);
    let left = other.status().receiving.files;
    println!("the preview was there after {waited:?}, with {left} files of the bulk still to come");
    assert!(left > 5_000, "the bulk was still under way: {left}");
    assert!(waited < Duration::from_secs(20), "the bulk takes more than three minutes: {waited:?}");
}

#[test]
fn limit_is_kept_and_the_time_left_is_told_from_the_pace_and_never_before() {
    const FILES: u64 = 40;
    const BYTES: u64 = FILES * 300_000;
    let firm = Firm::open();
    let one = firm.workstation("bureau");
    limit(&one, Some(400), None);
    let desk = firm.folder().join("Plans");
    fs::create_dir(&desk).unwrap();
    for file in 0..FILES {
        fs::write(desk.join(format!("Plan {file}.pdf")), noise(file, 300_000)).unwrap();
    }
    let began = Instant::now();
    let _: Value = one.ask("import_paths", json!({ "paths": [desk], "target": one.folder_node(INBOX) }));
    let (mut told, mut early) = (Vec::new(), Vec::new());
    until("it is on the server", || {
        let status = one.status();
        if status.sending.bytes > 0 && status.sending.bytes < BYTES {
            match status.seconds_left {
                Some(seconds) => told.push((Instant::now(), seconds)),
                None => early.push(began.elapsed()),
            }
        }
        (status.sending.files == 0 && began.elapsed() > Duration::from_secs(5)).then_some(())
    });
    let ended = Instant::now();
    let took = ended - began;
    assert!(took > Duration::from_secs(27), "12 MB at 400 kB/s take half a minute, not {took:?}");
    assert!(!early.is_empty() && !told.is_empty(), "first nothing, then a time: {early:?} {told:?}");
    assert!(told.len() > 20, "it is told all along");
    for (at, seconds) in told {
        let (said, is) = (f64::from(seconds), (ended - at).as_secs_f64());
        assert!((said - is).abs() < 3.0 + is * 0.4, "{said} s were told when {is:.1} s were left");
    }
}

#[test]
fn pause_survives_a_restart_and_is_ended_by_the_command_line() {
    let firm = Firm::open();
    let (mut one, other) = (firm.workstation("bureau"), firm.other_workstation("portable"));
    // Only its last version ever came to this disk.
    let read = format!("{SALES}/Bilan.pdf");
    one.wire.cut();
    for version in ["first", "second", "third"] {
        other.save(&read, version.as_bytes());
        firm.holds(&read, version.as_bytes());
    }
    one.wire.mend();
    one.shows(&read, b"third");
    one.rest();
    let said = one.run(&["pause"]);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    one.is(Connection::Paused);
    let path = format!("{PURCHASES}/Facture.pdf");
    let bytes = noise(3, 2_000_000);
    one.save(&path, &bytes);
    until("it is seen", || (one.status().sending.files == 1).then_some(()));
    one.stop();
    one.start();
    one.is(Connection::Paused);
    let status = one.run(&["status"]);
    let said = String::from_utf8(status.stdout).unwrap();
    assert!(said.starts_with("En pause"), "{said}");
    until("it is ready to be sent", || (one.status().sending.files == 1).then_some(()));
    // What somebody opens passes, one question after the other: were it not for the pause, the save would leave with them.
    let (document, feed, before) = (one.node(&read), firm.office().feed(), one.wire.sent());
    for version in ["first", "second"] {
        let hash = ContentHash::of(version.as_bytes()).to_string();
        let row = feed.rows("version").iter().find(|row| row["content"] == hash.as_str()).unwrap();
        let file: Value = one.ask("file_of", json!({ "document": document, "version": row["id"] }));
        assert_eq!(fs::read(file["path"].as_str().unwrap()).unwrap(), version.as_bytes());
    }
    let sent = one.wire.sent() - before;
    assert!((1..1_000_000).contains(&sent), "{sent} bytes left during the pause: two questions, and none of the save");
    assert!(!firm.office().feed().tree().contains_key(&path), "nothing leaves");
    one.stop();
    let once = one.run(&["mirror", "--once"]);
    assert_eq!(once.status.code(), Some(3), "a single run does not wait for ever");
    assert!(one.run(&["resume"]).status.success());
    one.start();
    firm.holds(&path, &bytes);
    one.rest();
}

#[test]
fn limits_that_make_no_sense_are_refused() {
    let firm = Firm::open();
    let one = firm.workstation("bureau");
    let bandwidth = json!({ "up": 1, "down": null, "hours": null });
    let failure = one.call("change_settings", &json!({ "bandwidth": bandwidth })).unwrap_err();
    assert_eq!(failure.details["reason"], "bandwidth");
    let settings: SettingsView = one.ask("get_settings", json!({}));
    assert_eq!(settings.bandwidth.up, None);
}
