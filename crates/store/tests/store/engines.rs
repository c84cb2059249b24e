//! Databases: opened twice, closed and opened again, and refused where their name is no name.

use store::Error;
use store::engine::{Durability, Engine, Schema};

use crate::office::{Office, YEAR_2026};

#[test]
fn a_file_opened_again_has_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("firm.db");
    for schema in [Schema::Firm, Schema::Control, Schema::Replica] {
        let path = folder.path().join(format!("{schema:?}.db"));
        for _ in 0..2 {
            Engine::sqlite(&path, schema, Durability::Full).expect("migrations run once");
        }
    }
    let seq = {
        let office = Office::open(Engine::sqlite(&file, Schema::Firm, Durability::Full).unwrap());
        office.client("Alter Ce", &[YEAR_2026]);
        office.firm.seq().unwrap()
    };
    let office = Office::open(Engine::sqlite(&file, Schema::Firm, Durability::Full).unwrap());
    assert_eq!(office.firm.seq().unwrap(), seq, "creating the firm again changes nothing");
}

#[test]
fn a_namespace_opened_by_two_nodes_is_one_firm() {
    let url = testkit::postgres::url();
    let namespace = testkit::postgres::namespace("nodes");
    let open = || Engine::postgres(&url, &namespace, Schema::Firm).expect("migrations run once");
    let nodes: Vec<_> = std::thread::scope(|scope| {
        let starting: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
        starting.into_iter().map(|node| node.join().expect("a node starts")).collect()
    });
    let mut offices = nodes.into_iter().map(Office::open);
    let (first, second) = (offices.next().unwrap(), offices.next().unwrap());
    first.client("Alter Ce", &[YEAR_2026]);
    assert_eq!(first.firm.seq().unwrap(), second.firm.seq().unwrap());
}

#[test]
fn a_namespace_is_a_plain_word() {
    let url = testkit::postgres::url();
    for namespace in ["", "Firm", "a b", "a;DROP SCHEMA public", "a\"b"] {
        let opened = Engine::postgres(&url, namespace, Schema::Firm);
        assert!(matches!(opened, Err(Error::Database(_))), "{namespace:?}");
    }
}

#[test]
fn commands_of_two_people_at_once_get_numbers_without_gaps() {
    let namespace = testkit::postgres::namespace("crowd");
    let url = testkit::postgres::url();
    let postgres = || Office::open(Engine::postgres(&url, &namespace, Schema::Firm).unwrap());
    let office = postgres();
    let client = office.client("Alter Ce", &[YEAR_2026]);
    let folder = office.month(client, "Achats", "2026-03");
    let before = office.firm.seq().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (postgres, anne) = (&postgres, office.anne);
            scope.spawn(move || {
                let office = postgres();
                for n in 0..10 {
                    // Ids of this thread's own: each office counts from one.
                    let node = domain::id::NodeId::derived(&[&format!("{writer} {n}")]);
                    let mut envelope = office.envelope(protocol::command::Command::CreateFolder {
                        node,
                        parent: folder,
                        name: format!("Dossier {writer} {n}"),
                        naming: protocol::command::Naming::Typed,
                    });
                    envelope.id = domain::id::CommandId(node.0);
                    let outcome = office.sends(anne, envelope);
                    assert!(matches!(outcome, protocol::command::Outcome::Done { .. }), "{outcome:?}");
                }
            });
        }
    });
    assert_eq!(office.firm.seq().unwrap(), before + 40, "one number for each row written");
    let pages = crate::desk::Desk::of(&office, office.anne).pulls(&office);
    let mut numbers: Vec<i64> = pages
        .iter()
        .flat_map(|page| &page.tables)
        .flat_map(|table| &table.rows)
        .map(|row| row[3].as_i64().unwrap())
        .filter(|seq| *seq > before)
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (before + 1..=before + 40).collect::<Vec<_>>());
}

#[test]
fn postgresql_on_another_machine_is_refused_without_encryption() {
    for url in [
        "postgres://gedeon:secret@db.cabinet.fr/gedeon",
        "host=192.0.2.1 user=gedeon",
        "host=localhost hostaddr=192.0.2.1 user=gedeon",
    ] {
        let Err(error) = Engine::postgres(url, "firm", Schema::Firm) else { panic!("{url} was opened") };
        assert!(matches!(error, Error::Exposed { .. }), "{url}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn connections_that_postgresql_closed_are_replaced_without_an_error() {
    let url = testkit::postgres::url();
    let name = testkit::postgres::namespace("restarted");
    let separator = if url.contains('?') { '&' } else { '?' };
    let named = if url.contains("://") {
        format!("{url}{separator}application_name={name}")
    } else {
        format!("{url} application_name={name}")
    };
    let office = Office::open(Engine::postgres(&named, &name, Schema::Firm).unwrap());
    let mut other = postgres::Client::connect(&url, postgres::NoTls).expect("PostgreSQL");
    for round in 0..3 {
        let ended = other
            .query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", &[&name])
            .expect("an answer");
        assert!(!ended.is_empty(), "there were connections to end");
        office.client(&format!("Client {round}"), &[]);
    }
}
