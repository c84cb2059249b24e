//! Every statement of the store runs on both engines, and the hot ones find their rows by an index.
//!
//! The statements are those the engine tells of as it runs them; the sources say whether one was left out.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Once;

use domain::fiscal_year::FiscalYear;
use domain::id::{CommandId, PersonId};
use domain::person::Role;
use protocol::command::{Command, Outcome, VersionChoice};
use protocol::failure::{Failure, FailureCode};
use protocol::query as ask;
use protocol::view::{DocumentOrder, Reason};
use rusqlite::Connection;
use store::engine::{Durability, Engine, STATEMENTS, Schema};
use store::replica::{Offline, Owner, Replica};
use tracing::field::{Field, Visit};
use tracing::span;

use crate::desk::Desk;
use crate::office::{Office, YEAR_2026, change, content_of, dates, relocate, rename};

thread_local! {
    /// The statements run on this thread, while somebody collects them.
    static RUN: RefCell<Option<BTreeSet<String>>> = const { RefCell::new(None) };
}

/// Hears the engine of every thread: what a place that tells is heard by is decided once, for the whole process.
struct Collector;

struct Statement(Option<String>);

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "sql" {
            self.0 = Some(normal(value));
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

impl tracing::Subscriber for Collector {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == STATEMENTS
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut statement = Statement(None);
        event.record(&mut statement);
        RUN.with_borrow_mut(|run| {
            if let Some(run) = run {
                run.extend(statement.0);
            }
        });
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

fn normal(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn collected(work: impl FnOnce()) -> BTreeSet<String> {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| tracing::subscriber::set_global_default(Collector).expect("nobody else listens"));
    RUN.set(Some(BTreeSet::new()));
    work();
    let found = RUN.take().unwrap_or_default();
    assert!(!found.is_empty(), "the engine tells of its statements");
    found
}

/// Every command and every query of a firm, with the rarer turns they take.
fn drive_firm(office: &Office) {
    let anne = office.anne;
    let marc = office.hire("Marc", Role::Collaborator);
    let client_file = office.client("Alter Ce", &[YEAR_2026]);
    office.does(
        anne,
        Command::UpdateClientFile { client_file, name: None, siren: Some(change(None, Some("732829320".into()))) },
    );
    office.does(
        anne,
        Command::UpdatePerson {
            person: marc,
            first_name: None,
            last_name: None,
            role: Some(change(Role::Collaborator, Role::Manager)),
            email: None,
        },
    );
    let first = change(Role::Administrator, Role::Manager);
    office.cannot(
        anne,
        Command::UpdatePerson { person: anne, first_name: None, last_name: None, role: Some(first), email: None },
    );
    office.assign(client_file, marc, Some(&["achats"]));
    office.does(anne, Command::UnassignPerson { client_file, person: marc });
    office.assign(client_file, marc, Some(&["achats"]));
    office.does(
        anne,
        Command::AddFiscalYear { client_file, dates: dates(("2027-01-01", "2027-12-31")), gap_confirmed: false },
    );
    let march = office.month(client_file, "Achats", "2026-03");
    let sales = office.month(client_file, "Ventes", "2026-03");
    let folder = office.makes_folder(anne, march, "Lot");
    let (node, version) = office.files(anne, folder, "a.pdf", "a");
    office.files(anne, folder, "a.pdf", "another a");
    office.files(anne, folder, "a.pdf", "a");
    let (second, save) = office.save(anne, node, version, "b");
    office.does(anne, save);
    office.does(anne, Command::RestoreVersion { node, version: office.version(), from: version, base: Some(second) });
    let comment = office.comment();
    office.does(anne, Command::AddComment { comment, node, text: "Vu".into() });
    office.does(anne, rename(folder, "Lot", "Lot 1"));
    office.does(anne, relocate(folder, march, sales));
    office.does(anne, Command::RemoveComment { comment });
    office.does(anne, Command::MarkReviewed { node, reviewed: change(false, true) });
    office.does(anne, Command::SetPieceNumber { node, piece_number: change(None, Some("1".into())) });
    let (read, version_read) = office.files(anne, march, "m.pdf", "m");
    office.does(marc, Command::MarkRead { node: read, version: version_read });
    office.does(anne, Command::Trash { node });
    office.does(anne, Command::Restore { node, parent: Some(march) });
    office.does(anne, Command::Trash { node: folder });
    let (other, base) = office.files(anne, march, "c.pdf", "c");
    for (text, choice) in [("d", None), ("e", Some((office.node(), office.version())))] {
        let (_, save) = office.save(anne, other, base, text);
        office.does(anne, save);
        let (late, save) = office.save(anne, other, base, &format!("{text} late"));
        office.does(anne, save);
        let choice = choice.map_or(VersionChoice::Leave, |(node, version)| VersionChoice::Both { node, version });
        office.does(anne, Command::SettleVersion { node: other, version: late, choice });
    }
    let sub = office.makes_folder(marc, march, "Sans place");
    let (homeless, _) = office.files(marc, sub, "h.pdf", "h");
    office.does(marc, Command::Trash { node: homeless });
    office.does(marc, Command::Trash { node: sub });
    office.does(marc, Command::Restore { node: homeless, parent: None });
    let lucie = office.hire("Lucie", Role::Collaborator);
    office.does(anne, Command::SuspendPerson { person: lucie });
    office.does(anne, Command::ResumePerson { person: lucie });
    office.firm.join(lucie, office.now()).expect("an answer");
    office.firm.begin_epoch("first epoch").expect("an answer");
    assert_eq!(office.firm.missing(marc, &[content_of("a"), content_of("nowhere")]).expect("an answer").len(), 1);
    office.firm.stored(content_of("a").hash).expect("an answer").expect("held");
    office.firm.readable(marc, content_of("b").hash).expect("an answer").expect("a version that he sees");
    office.firm.check(anne, &domain::access::Act::ManagePeople).expect("an answer");
    ask_everything(client_file, march, node, |name, request| {
        for person in [anne, marc] {
            office.firm.answer(person, name, request.clone()).expect("a query").expect("an answer");
        }
    });
    let desk = Desk::ready(office, marc);
    office.assign(client_file, marc, Some(&["achats", "ventes"]));
    desk.pulls(office);
}

fn ask_everything(
    client_file: domain::id::ClientFileId,
    folder: domain::id::NodeId,
    document: domain::id::NodeId,
    mut answer: impl FnMut(&str, serde_json::Value),
) {
    use DocumentOrder as O;
    let mut asked = BTreeSet::new();
    let mut once = |name: &'static str, request: serde_json::Result<serde_json::Value>| {
        asked.insert(name);
        answer(name, request.expect("a request"));
    };
    once("get_overview", serde_json::to_value(ask::GetOverview {}));
    once("list_people", serde_json::to_value(ask::ListPeople {}));
    once("list_client_files", serde_json::to_value(ask::ListClientFiles { limit: 10, ..Default::default() }));
    once("get_client_file", serde_json::to_value(ask::GetClientFile { client_file }));
    once("get_tree", serde_json::to_value(ask::GetTree { client_file }));
    for (order, search) in [(O::Name, ""), (O::Modified, ""), (O::Size, ""), (O::PieceNumber, ""), (O::Name, "a")] {
        for descending in [false, true] {
            let search = search.to_owned();
            let request = ask::ListDocuments { folder, order, descending, search, offset: 0, limit: 10 };
            once("list_documents", serde_json::to_value(request));
        }
    }
    once("get_document", serde_json::to_value(ask::GetDocument { document }));
    once("list_trash", serde_json::to_value(ask::ListTrash { limit: 500, ..ask::ListTrash::default() }));
    for client_file in [None, Some(client_file)] {
        once("search", serde_json::to_value(ask::Search { text: "a".into(), client_file, limit: 10 }));
    }
    let all: BTreeSet<&str> = ask::QUERIES.iter().map(|query| query.name).collect();
    assert_eq!(asked, all, "every query of the list");
}

/// What a workstation does with its replica beside pulling.
fn drive_replica(office: &Office, replica: &Replica, client_file: domain::id::ClientFileId) {
    let march = office.month(client_file, "Achats", "2026-03");
    let (node, version, add) = office.add_document(march, "z.pdf", content_of("z"));
    let envelope = office.envelope(add);
    let save = Command::AddVersion {
        node,
        version: office.version(),
        base: None,
        content: content_of("y"),
        modified_at: office.now(),
    };
    let save = office.envelope(save);
    let read = office.envelope(Command::MarkRead { node, version });
    let elsewhere = office.envelope(Command::Trash { node });
    let dates = dates(YEAR_2026);
    let year = FiscalYear::new(dates.start, dates.end).expect("a fiscal year");
    let year = domain::tree::fiscal_year_id(client_file, year);
    let refusal = || Outcome::Refused { failure: Failure::new(FailureCode::Denied, "for the test") };
    let missing = || Outcome::Refused { failure: Failure::new(FailureCode::ContentMissing, "for the test") };
    replica
        .write(|tx| {
            tx.set_offline(client_file, true)?;
            for envelope in [&envelope, &save, &read] {
                tx.execute(envelope)?;
            }
            tx.child(march, "z.pdf")?;
            tx.some_nodes(false, 10)?;
            tx.some_nodes(true, 10)?;
            tx.confirmed_node(node)?;
            tx.confirmed_children(march)?;
            tx.version(version)?;
            tx.is_confirmed_version(version)?;
            tx.client_file(client_file)?;
            tx.pending_on(node)?;
            tx.next_uploads(10)?;
            tx.upload_blocked(content_of("z").hash, Some(Reason::ServerFull))?;
            tx.retry_uploads()?;
            tx.content_is_lost(content_of("nowhere").hash)?;
            tx.upload_load()?;
            tx.held_up_load()?;
            tx.held_up_commands()?;
            tx.download_load()?;
            tx.receiving_items(10)?;
            tx.unlisted_items(10)?;
            tx.unsettled()?;
            tx.waiting_files()?;
            tx.inbox_of(client_file)?;
            tx.folders_down_to(march)?;
            tx.unconfirmed_commands()?;
            tx.pending_commands()?;
            tx.to_check()?;
            tx.sync_items(10)?;
            tx.offline_clients()?;
            tx.uploaded(&[content_of("z").hash, content_of("y").hash])?;
            tx.next_batch(10)?;
            tx.answered(&[(envelope.id, missing())])?;
            tx.answered(&[(read.id, Outcome::Done { seq: 1_000_000 })])?;
            tx.answered(&[(envelope.id, refusal())])?;
            tx.refuse_here(&elsewhere, &Failure::new(FailureCode::Denied, "for the test"))?;
            tx.refused()?;
            tx.sync_items(10)?;
            tx.dismiss_refused(envelope.id)?;
            tx.take_settled_uploads(10)?;
            tx.is_of_a_version(content_of("z").hash)?;
            tx.mark_flushed_but(&[node])?;
            tx.is_to_offer_again()?;
            tx.offers_again()?;
            tx.push_undo("action", &[Command::Trash { node }])?;
            tx.pop_undo(false)?;
            tx.begin_epoch("first epoch")?;
            tx.answered(&[(CommandId::derived(&["never sent"]), refusal())])?;
            tx.set_offline(client_file, false)?;
            tx.offline(client_file)?;
            tx.set_offline(client_file, true)?;
            tx.download_load()?;
            tx.urgent_uploads(10)?;
            tx.hurry_if_few(&[content_of("y").hash])?;
            tx.choose_offline(client_file, &Offline::Years([year].into()))?;
            tx.offline(client_file).map(|_| ())
        })
        .expect("every function of the replica");
}

/// A pull of a new replica, then one with a change of sight and a departure, then everything it does by itself.
fn drive_workstation(office: &Office, replica: &Replica, person: PersonId) {
    let client_file = domain::id::ClientFileId::derived(&["Alter Ce"]);
    let march = office.month(client_file, "Achats", "2026-03");
    let pull = |staged: bool| {
        let mut request = replica
            .write(|tx| {
                tx.discard_stage()?;
                tx.grants()?;
                tx.epoch()?;
                tx.pull_request(if staged { 50 } else { 10_000 })
            })
            .expect("an answer");
        request.held = Some(replica.write(|tx| tx.grants()).expect("an answer"));
        while let protocol::feed::PullReply::Page(page) = office.firm.pull(person, &request).expect("an answer") {
            request.resume.clone_from(&page.next);
            if page.next.is_none() {
                replica.write(|tx| tx.apply(&page)).expect("a pull applied");
                break;
            }
            replica.write(|tx| tx.stage(&page)).expect("a page staged");
        }
    };
    pull(true);
    drive_replica(office, replica, client_file);
    let (node, _) = office.files(office.anne, march, "parti.pdf", "p");
    pull(false);
    let reviewed = change(false, true);
    replica.write(|tx| tx.execute(&office.envelope(Command::MarkReviewed { node, reviewed }))).expect("an answer");
    // Confirmed, and done again after the server was set back.
    let confirmed = office.envelope(Command::CreateFolder {
        node: domain::id::NodeId::derived(&["Dossier gardé"]),
        parent: march,
        name: "Dossier gardé".to_owned(),
        naming: protocol::command::Naming::ByMachine,
    });
    let seq = office.firm.seq().expect("a sequence");
    replica
        .write(|tx| {
            tx.execute(&confirmed)?;
            tx.answered(&[(confirmed.id, Outcome::Done { seq })])
        })
        .expect("an answer");
    pull(false);
    replica.write(|tx| tx.begin_epoch("first epoch")).expect("an answer");
    pull(false);
    office
        .does(office.anne, relocate(node, march, office.folder(client_file, "02 Dossier annuel/2026/Social/Charges")));
    office.assign(client_file, person, Some(&["achats"]));
    pull(false);
    ask_everything(client_file, march, office.files(office.anne, march, "vu.pdf", "v").0, |name, request| {
        pull(false);
        replica.answer(name, request).expect("a query").expect("an answer");
    });
}

/// The texts of statements and conditions in the sources of `area`, each cut at its variable parts.
fn written(area: impl Fn(&str) -> bool) -> Vec<(String, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                std::fs::read_dir(&path).expect("a folder of sources").map(|entry| entry.expect("a source").path()),
            );
            continue;
        }
        let name = path.strip_prefix(&root).expect("a source").to_string_lossy().replace('\\', "/");
        if area(&name) {
            let source = std::fs::read_to_string(&path).expect("a source");
            found.extend(
                literals(&source).into_iter().filter(|text| is_sql(text)).map(|text| (name.clone(), parts(&text))),
            );
        }
    }
    found.sort();
    assert!(!found.is_empty());
    found
}

fn is_sql(text: &str) -> bool {
    let verb = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "].iter().any(|verb| text.starts_with(verb));
    verb || text.contains(" = $")
}

fn parts(text: &str) -> Vec<String> {
    let fixed = text
        .split('{')
        .enumerate()
        .map(|(n, part)| if n == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) });
    fixed.map(normal).filter(|part| part.len() > 8).collect()
}

/// The string literals of a source.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in source.replace("\\\n", " ").lines() {
        if line.trim_start().starts_with("//") {
            continue;
        }
        let line = line.replace("'\"'", "").replace("\\\"", "");
        found.extend(line.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    found
}

fn none_left_out(written: Vec<(String, Vec<String>)>, run: &BTreeSet<String>) {
    let left_out: Vec<_> = written
        .into_iter()
        .filter(|(_, parts)| !run.iter().any(|sql| parts.iter().all(|part| sql.contains(part.as_str()))))
        .collect();
    assert!(left_out.is_empty(), "written and never run: {left_out:#?}");
}

#[test]
fn every_statement_of_the_server_runs_on_both_engines() {
    let sqlite = collected(|| drive_firm(&Office::sqlite()));
    let postgres = collected(|| drive_firm(&Office::postgres()));
    assert_eq!(sqlite, postgres, "one text for both");
    let of_server = |name: &str| {
        !name.starts_with("control")
            && !name.starts_with("replica")
            && !name.starts_with("engine")
            && name != "migrations.rs"
    };
    let marks_of_a_replica = |name: &str| name == "queries/sync_marks.rs";
    none_left_out(written(|name| of_server(name) && !marks_of_a_replica(name)), &sqlite);
}

/// A firm and a workstation of it in files, driven through everything, with the statements that ran.
fn driven(folder: &Path) -> BTreeSet<String> {
    let firm = Engine::sqlite(&folder.join("firm.db"), Schema::Firm, Durability::Process).expect("a database");
    let office = Office::open(firm);
    collected(|| {
        drive_firm(&office);
        let person = PersonId::derived(&["Marc"]);
        let owner = Owner { firm: office.firm.id(), person };
        let replica = Replica::open(&folder.join("replica.db"), owner).expect("a replica");
        drive_workstation(&office, &replica, person);
    })
}

#[test]
fn every_statement_of_a_replica_runs() {
    let folder = tempfile::tempdir().unwrap();
    let run = driven(folder.path());
    // The mirror's own trees are driven by the mirror's tests.
    let of_replica = |name: &str| name.starts_with("replica") && !name.starts_with("replica/trees");
    none_left_out(written(|name| of_replica(name) || name == "queries/sync_marks.rs"), &run);
}

/// What reads all of a firm's nodes or versions, and why it may.
const WHOLE_READS: [(&str, &str); 6] = [
    ("WHERE firm = $1 ORDER BY id", "what a restored server lost: once for each restore"),
    ("ORDER BY id LIMIT $2", "stops at the first few"),
    ("sort_key LIKE $2", "a search by a part of the name, narrowed in the database"),
    ("GROUP BY n.parent, n.client_file", "badges of all client files"),
    ("GROUP BY client_file, parent, scope", "counts of all client files"),
    ("scope", "scopes lost: once for each change of sight"),
];

#[test]
fn hot_statements_find_nodes_and_versions_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let run = driven(folder.path());
    let databases = ["firm.db", "replica.db"].map(|name| Connection::open(folder.path().join(name)).unwrap());
    let mut slow = Vec::new();
    let mut explained = 0;
    for sql in run.iter().filter(|sql| !sql.contains("SAVEPOINT")) {
        let allowed = WHOLE_READS.iter().any(|(text, _)| sql.contains(text) && !sql.contains("client_file = $3"));
        let mut known = false;
        for database in &databases {
            let Ok(mut statement) = database.prepare(&format!("EXPLAIN QUERY PLAN {sql}")) else { continue };
            known = true;
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next().unwrap() {
                let step: String = row.get(3).unwrap();
                explained += 1;
                if reads_whole(&step) && !allowed {
                    slow.push(format!("{step}: {sql}"));
                }
            }
        }
        assert!(known, "a statement of neither database: {sql}");
    }
    assert!(explained > 100, "{explained} steps");
    assert!(slow.is_empty(), "{slow:#?}");
}

/// Whether a step of a plan goes through all nodes or versions, or all of one firm's: a replica has one firm.
fn reads_whole(step: &str) -> bool {
    let mut words = step.split_whitespace();
    let (verb, table) = (words.next(), words.next());
    if step.contains("USING INDEX version_concurrent") {
        // It holds nothing but what waits for a decision.
        return false;
    }
    let big = matches!(table, Some("node" | "n" | "version" | "v"));
    big && (verb == Some("SCAN") || step.ends_with("(firm=?)"))
}
