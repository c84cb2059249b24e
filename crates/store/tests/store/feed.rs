//! The feed: the same replica however it is cut into pages, and nothing in it that is not to be replicated.

use std::collections::{BTreeMap, BTreeSet};

use domain::person::Role;
use protocol::command::Command;
use protocol::feed::{PullReply, PullRequest};

use crate::desk::{Desk, TABLES, differences};
use crate::office::{Office, YEAR_2026, change, on_both_engines, relocate};

/// A firm with a bit of everything, deletions and departures included.
fn lively(office: &Office) {
    let marc = office.hire("Marc", Role::Collaborator);
    let client = office.client("Alter Ce", &[YEAR_2026]);
    office.client("Dupont", &[("2025-07-01", "2026-06-30")]);
    office.assign(client, marc, Some(&["achats", "ventes"]));
    let march = office.month(client, "Achats", "2026-03");
    let payroll = office.folder(client, "02 Dossier annuel/2026/Social/Charges");
    for name in ["a.pdf", "b.pdf", "c.pdf"] {
        let (node, first) = office.files(office.anne, march, name, name);
        let (_, save) = office.save(office.anne, node, first, &format!("{name} 2"));
        office.does(office.anne, save);
        let comment = office.comment();
        office.does(marc, Command::AddComment { comment, node, text: "Vu".to_owned() });
        office.does(marc, Command::MarkRead { node, version: first });
        match name {
            "a.pdf" => drop(office.does(office.anne, relocate(node, march, payroll))),
            "b.pdf" => drop(office.does(marc, Command::RemoveComment { comment })),
            _ => drop(office.does(marc, Command::Trash { node })),
        }
    }
    let sales = office.month(client, "Ventes", "2026-03");
    let folder = office.makes_folder(office.anne, march, "Lot");
    office.files(office.anne, folder, "d.pdf", "d");
    office.does(office.anne, relocate(folder, march, payroll));
    office.does(office.anne, relocate(folder, payroll, sales));
    office.does(office.anne, relocate(folder, sales, march));
    let paul = office.hire("Paul", Role::Manager);
    office.assign(client, paul, None);
    office.does(office.anne, Command::UnassignPerson { client_file: client, person: paul });
}

#[test]
fn pages_of_any_size_give_the_same_replica() {
    on_both_engines(|office| {
        lively(office);
        for name in ["Marc", "Paul", "anne"] {
            let person = domain::id::PersonId::derived(&[name]);
            let whole = Desk::ready(office, person);
            assert_eq!(whole.unsettled(), BTreeMap::new());
            for limit in [1, 2, 3, 7, 50, 331] {
                let desk = Desk::of(office, person);
                let pages = desk.pulls_by(office, limit, |_| {});
                let most =
                    pages.iter().map(|page| page.tables.iter().map(|table| table.rows.len()).sum::<usize>()).max();
                assert!(most <= Some(limit as usize), "a page of {most:?} rows where {limit} were asked");
                assert_eq!(
                    differences(&desk.rows(), &whole.rows()),
                    Vec::<String>::new(),
                    "{name}, {limit} rows a page"
                );
            }
        }
    });
}

#[test]
fn a_row_that_left_and_came_back_is_there() {
    on_both_engines(|office| {
        lively(office);
        let marc = Desk::ready(office, domain::id::PersonId::derived(&["Marc"]));
        let names: Vec<String> = marc
            .rows()
            .into_iter()
            .filter(|((table, _), row)| table == "node" && row[7] == 0)
            .map(|(_, row)| row[8].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(
            names.iter().collect::<BTreeSet<_>>(),
            BTreeSet::from([&"b.pdf".into(), &"c.pdf".into(), &"d.pdf".into()])
        );
    });
}

/// Tables of a migration, with their columns in order.
fn tables(sql: &str) -> BTreeMap<String, Vec<String>> {
    sql.split("CREATE TABLE ")
        .skip(1)
        .map(|part| {
            let (name, rest) = part.split_once('(').expect("a table of a migration");
            let body = &rest[..rest.find(");").or_else(|| rest.find(") WITHOUT")).expect("a table of a migration")];
            let columns = body
                .split(',')
                .map(|column| column.split_whitespace().next().unwrap_or_default().to_owned())
                .take_while(|column| column != "PRIMARY")
                .collect();
            (name.trim().to_owned(), columns)
        })
        .collect()
}

#[test]
fn the_feed_holds_the_replicated_tables_and_nothing_of_the_server_s_or_of_a_replica_s_own() {
    on_both_engines(|office| {
        lively(office);
        let pages = Desk::of(office, office.anne).pulls_by(office, 100, |_| {});
        let mut sent: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for table in pages.iter().flat_map(|page| &page.tables) {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
            sent.insert(table.table.clone(), table.columns.clone());
        }
        let mut replicated = tables(include_str!("../../migrations/rows.sql"));
        for added in include_str!("../../migrations/people.sql").split("ALTER TABLE ").skip(1) {
            let (table, column) = added.split_once(" ADD COLUMN ").expect("a column added");
            let column = column.split_whitespace().next().expect("its name").to_owned();
            replicated.get_mut(table).expect("a table of the first migration").push(column);
        }
        // Read marks are each person's own, and Anne opened nothing.
        let expected: BTreeMap<_, _> =
            replicated.iter().filter(|(name, _)| *name != "read_mark").map(|(a, b)| (a.clone(), b.clone())).collect();
        assert_eq!(sent, expected);
        for own in [
            include_str!("../../migrations/firm.sql"),
            include_str!("../../migrations/control.sql"),
            include_str!("../../migrations/replica.sql"),
        ] {
            for table in tables(own).into_keys().filter(|table| table != "firm") {
                assert!(!replicated.contains_key(&table) && !sent.contains_key(&table), "{table} is not replicated");
            }
        }
        let kept: BTreeSet<&str> = TABLES.into_iter().chain(["departure"]).collect();
        assert_eq!(
            replicated.keys().map(String::as_str).collect::<BTreeSet<_>>(),
            kept,
            "the tests look at every table"
        );
    });
}

#[test]
fn rows_written_during_a_pull_are_in_it_and_nothing_goes_back() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let (march, april) = (office.month(client, "Achats", "2026-03"), office.month(client, "Achats", "2026-04"));
        let (node, _) = office.files(office.anne, march, "Facture.pdf", "one");
        let desk = Desk::ready(office, office.anne);
        let moved = desk.does(office, relocate(node, march, april));
        let outcomes = office.push(office.anne, vec![moved.clone()]);
        desk.hears(&[moved], &outcomes);
        // Somebody marks the document while its page is on the way: its row is newer than the head of the first page.
        let mut marked = false;
        desk.pulls_by(office, 1, |_| {
            if !std::mem::replace(&mut marked, true) {
                office.does(office.anne, Command::MarkReviewed { node, reviewed: change(false, true) });
            }
        });
        let row = desk.replica.read(|tx| tx.node(node)).unwrap().unwrap();
        assert_eq!((row.parent, row.reviewed_by), (april, Some(office.anne)), "never back in its old place");
        assert_eq!(desk.unsettled(), BTreeMap::new());
        let fresh = Desk::ready(office, office.anne);
        assert_eq!(differences(&desk.rows(), &fresh.rows()), Vec::<String>::new());
    });
}

#[test]
fn a_server_of_another_epoch_sends_everything_and_gets_again_what_it_forgot() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let march = office.month(client, "Achats", "2026-03");
        let desk = Desk::ready(office, office.anne);
        let (_, _, add) = office.add_document(march, "Facture.pdf", crate::office::content_of("one"));
        let envelope = desk.does(office, add);
        // Acknowledged by a server that is then restored to before it.
        desk.hears(std::slice::from_ref(&envelope), &[protocol::command::Outcome::Done { seq: 1 }]);
        desk.replica.write(|tx| tx.begin_epoch("the epoch of a server since gone")).unwrap();
        let request = desk.replica.write(|tx| tx.pull_request(10)).unwrap();
        assert_eq!(request.cursor, 0);
        let reply = office.firm.pull(office.anne, &request).unwrap();
        assert_eq!(reply, PullReply::NewEpoch { epoch: "first epoch".to_owned() });
        let before = desk.rows();
        desk.pulls(office);
        assert_eq!(differences(&desk.rows(), &before), Vec::<String>::new(), "nothing is deleted, nothing hidden");
        assert_eq!(desk.states(), ["pending"], "its number meant something to the other server only");
        desk.pushes(office);
        desk.pulls(office);
        assert_eq!(desk.unsettled(), BTreeMap::new());
        let fresh = Desk::ready(office, office.anne);
        assert_eq!(differences(&desk.rows(), &fresh.rows()), Vec::<String>::new());
    });
}

#[test]
fn a_cursor_beyond_the_head_starts_again() {
    on_both_engines(|office| {
        office.client("Alter Ce", &[YEAR_2026]);
        let whole = office.firm.seq().unwrap();
        let request = PullRequest {
            cursor: whole + 1_000,
            sight: String::new(),
            held: Some(vec!["all".to_owned()]),
            resume: None,
            limit: 10_000,
            epoch: String::new(),
        };
        let PullReply::Page(page) = office.firm.pull(office.anne, &request).unwrap() else { panic!("no page") };
        let rows: usize = page.tables.iter().map(|table| table.rows.len()).sum();
        assert_eq!((page.head, rows), (whole, usize::try_from(whole).unwrap()), "every row ever written, once");
    });
}

#[test]
fn a_change_of_sight_in_mid_pull_starts_the_pull_again() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let marc = office.hire("Marc", Role::Collaborator);
        office.assign(client, marc, Some(&["achats"]));
        office.files(office.anne, office.month(client, "Achats", "2026-03"), "a.pdf", "a");
        office.files(office.anne, office.month(client, "Ventes", "2026-03"), "v.pdf", "v");
        let desk = Desk::ready(office, marc);
        office.files(office.anne, office.month(client, "Achats", "2026-04"), "b.pdf", "b");
        let mut turns = 0;
        desk.pulls_by(office, 1, |_| {
            turns += 1;
            match turns {
                1 => office.assign(client, marc, Some(&["ventes"])),
                9 => office.assign(client, marc, Some(&["ventes", "banque"])),
                _ => {}
            }
        });
        let fresh = Desk::ready(office, marc);
        assert_eq!(differences(&desk.rows(), &fresh.rows()), Vec::<String>::new());
        assert!(turns > 9, "the pull went on after both changes");
    });
}
