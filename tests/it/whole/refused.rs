//! What the server refused is not lost: it can be copied while it is listed, and is a file once it is dismissed.

use std::fs;
use std::path::Path;

use protocol::command::Command;
use protocol::local::KeptFiles;
use protocol::view::{Connection, Reason};
use serde_json::json;

use super::firm::{Firm, PURCHASES};
use super::folder::noise;
use super::until;

#[test]
fn bytes_of_a_refused_change_can_be_copied_and_are_a_file_once_it_is_dismissed() {
    let firm = Firm::open();
    let mut other = firm.other_workstation("portable");
    other.wire.cut();
    other.is(Connection::Offline);
    let bytes = noise(7, 40_000);
    other.save(&format!("{PURCHASES}/Grand livre.xlsx"), &bytes);
    until("the document waits", || (other.status().pending_commands > 0).then_some(()));
    firm.office().execute(Command::UnassignPerson { client_file: firm.client, person: firm.paul.id });
    other.wire.mend();
    // The file that stays on the disk has an entry of its own, which is not the change's.
    let listed = || other.waiting().into_iter().find(|item| item.reason == Reason::Refused && item.command.is_some());
    let item = until("the change is listed", listed);
    assert!(item.holds_content, "the entry says that there is something to keep");
    let command = item.command.unwrap();

    let chosen = firm.folder().join("mes copies");
    let copied: KeptFiles = other.ask("save_refused", json!({ "command": command, "folder": chosen }));
    assert_eq!(copied.names, ["Grand livre.xlsx"]);
    assert_eq!(fs::read(chosen.join("Grand livre.xlsx")).unwrap(), bytes);
    let again: KeptFiles = other.ask("save_refused", json!({ "command": command, "folder": chosen }));
    assert_eq!(again, copied, "the copy that is there is the copy asked for");
    fs::write(chosen.join("Grand livre.xlsx"), "annoté").unwrap();
    let beside: KeptFiles = other.ask("save_refused", json!({ "command": command, "folder": chosen }));
    assert_eq!(beside.names, ["Grand livre (2).xlsx"], "a file of somebody's is never replaced");
    assert!(listed().is_some(), "it stays in the list");

    let kept: KeptFiles = other.ask("dismiss_refused", json!({ "command": command }));
    let [name] = &kept.names[..] else { panic!("one file is kept: {kept:?}") };
    assert!(name.starts_with("Grand livre (20") && name.ends_with(").xlsx"), "{name}: its name and its date");
    until("the change is off the list", || listed().is_none().then_some(()));
    other.rest();
    other.kill();
    other.start();
    other.rest();
    let file = Path::new(&kept.folder).join(name);
    assert_eq!(fs::read(&file).unwrap(), bytes, "the bytes outlive the entry, the clean-up and a kill");
    let settings: protocol::local::SettingsView = other.ask("get_settings", json!({}));
    assert_eq!(settings.kept_folder, Some(kept.folder), "the settings say where");
}
