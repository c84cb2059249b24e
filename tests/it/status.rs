//! The tray tells the truth: never « à jour » while anything waits, and what needs somebody comes first.

use gedeon_desktop::status::{Mark, line};
use gedeon_desktop::words::{ENGLISH, FRENCH};
use protocol::view::{Connection, Load, SyncStatus};

fn status(connection: Connection) -> SyncStatus {
    serde_json::from_value(serde_json::json!({
        "connection": connection,
        "since": 0,
        "up_to_date": true,
        "pending_commands": 0,
        "sending": Load::default(),
        "receiving": Load::default(),
        "waiting": 0,
        "blocked": 0,
        "to_check": 0,
        "held_removals": 0,
        "held_edits": 0,
        "scanning": false,
        "last_up_to_date": null,
        "mirror_root": null,
    }))
    .unwrap()
}

#[test]
fn tray_is_idle_only_when_all_is_on_both_sides() {
    assert_eq!(Mark::of(&status(Connection::Online)), Mark::Idle);
    assert_eq!(line(&status(Connection::Online), &FRENCH), "Tout est à jour");
    let pending = SyncStatus { up_to_date: false, pending_commands: 3, ..status(Connection::Online) };
    assert_eq!(Mark::of(&pending), Mark::Syncing, "commands not yet answered are not up to date");
    let moving = SyncStatus { sending: Load { files: 2, bytes: 10 }, ..pending };
    assert_eq!(line(&moving, &FRENCH), "2 fichiers en cours de transfert");
    for connection in [Connection::Offline, Connection::Paused, Connection::SignedOut] {
        assert_eq!(Mark::of(&status(connection)), Mark::Paused, "nothing moves while {connection:?}");
        assert_ne!(line(&status(connection), &FRENCH), FRENCH.up_to_date, "{connection:?} is not up to date");
    }
}

#[test]
fn what_needs_somebody_comes_before_what_moves() {
    let blocked = SyncStatus { up_to_date: false, blocked: 1, to_check: 2, ..status(Connection::Offline) };
    assert_eq!(Mark::of(&blocked), Mark::Attention, "a decision is needed, online or not");
    assert_eq!(line(&blocked, &FRENCH), "3 éléments à vérifier");
    assert_eq!(line(&SyncStatus { to_check: 0, ..blocked }, &ENGLISH), "1 item to check");
    let held = SyncStatus { up_to_date: false, held_removals: 312, ..status(Connection::Online) };
    assert_eq!(Mark::of(&held), Mark::Attention, "what is held waits for somebody");
    assert_eq!(line(&held, &FRENCH), "312 suppressions en attente");
    let open_in_excel = SyncStatus { up_to_date: false, waiting: 1, ..status(Connection::Online) };
    assert_eq!(Mark::of(&open_in_excel), Mark::Syncing, "a file that waits for its program calls nobody");
    assert_eq!(line(&open_in_excel, &FRENCH), "1 fichier en attente");
    for connection in [Connection::SessionExpired, Connection::UpdateNeeded] {
        assert_eq!(Mark::of(&status(connection)), Mark::Attention, "only somebody can end {connection:?}");
    }
}
