//! The outbox: commands executed at once, sent in order of need, settled once, and undone with all that needed them.

use std::collections::BTreeMap;

use domain::id::NodeId;
use domain::person::Role;
use protocol::command::{Command, Envelope, Naming, Outcome};
use protocol::failure::{Failure, FailureCode};
use protocol::query::{ListClientFiles, ListDocuments};
use protocol::view::{ClientFileList, DocumentList, DocumentOrder, Load, Reason, SyncMark};
use store::replica::trees::{Place, SyncedNode};

use crate::desk::{Desk, Rows, differences};
use crate::office::{Office, YEAR_2026, change, content_of, on_both_engines, relocate, rename};

struct Scene {
    office: Office,
    desk: Desk,
    march: NodeId,
    april: NodeId,
}

/// Anne's desk in a small firm. The server's engine makes no difference to a replica.
fn scene() -> Scene {
    let office = Office::sqlite();
    let client = office.client("Alter Ce", &[YEAR_2026]);
    let (march, april) = (office.month(client, "Achats", "2026-03"), office.month(client, "Achats", "2026-04"));
    let desk = Desk::ready(&office, office.anne);
    Scene { office, desk, march, april }
}

fn folder(office: &Office, parent: NodeId, name: &str) -> (NodeId, Command) {
    let node = office.node();
    (node, Command::CreateFolder { node, parent, name: name.to_owned(), naming: Naming::ByMachine })
}

fn refusal(code: FailureCode) -> Outcome {
    Outcome::Refused { failure: Failure::new(code, "for the test") }
}

fn ids(envelopes: &[Envelope]) -> Vec<domain::id::CommandId> {
    envelopes.iter().map(|envelope| envelope.id).collect()
}

#[test]
fn a_command_waits_for_its_content_and_for_what_it_needs_and_holds_back_nothing_else() {
    let Scene { office, desk, march, april } = scene();
    let (lot, make_lot) = folder(&office, march, "Lot");
    let make_lot = desk.does(&office, make_lot);
    let (big, version, add_big) = office.add_document(lot, "3 Gio.zip", content_of("three gibibytes"));
    let add_big = desk.does(&office, add_big);
    // A week of work on the document that is still on its way, more than a batch of it.
    let waiting: Vec<Envelope> =
        (0..30).map(|_| desk.does(&office, Command::MarkRead { node: big, version })).collect();
    let moved = desk.does(&office, relocate(lot, march, april));
    let (_, make_other) = folder(&office, march, "Autre");
    let make_other = desk.does(&office, make_other);

    assert_eq!(ids(&desk.batch(2)), [make_lot.id, moved.id], "with what it needs in the same batch");
    assert_eq!(ids(&desk.batch(3)), [make_lot.id, moved.id, make_other.id]);
    assert_eq!(ids(&desk.batch(1)), [make_lot.id]);
    let batch = desk.batch(1_000);
    let outcomes = office.push(office.anne, batch.clone());
    desk.hears(&batch, &outcomes);
    assert!(desk.batch(1_000).is_empty());
    desk.sends_contents(&office);
    let expected: Vec<_> = std::iter::once(&add_big).chain(&waiting).map(|envelope| envelope.id).collect();
    assert_eq!(ids(&desk.batch(1_000)), expected, "in the order they were made");
    desk.pushes(&office);
    desk.pulls(&office);
    assert!(desk.unsettled().is_empty());
}

#[test]
fn an_answer_that_comes_twice_changes_nothing_more() {
    let Scene { office, desk, march, .. } = scene();
    let (node, make) = folder(&office, march, "Lot");
    let envelope = desk.does(&office, make);
    let batch = desk.batch(10);
    assert_eq!(ids(&batch), [envelope.id]);
    let outcomes = office.push(office.anne, batch.clone());
    desk.hears(&batch, &outcomes);
    desk.hears(&batch, &outcomes);
    desk.hears(&batch, &[refusal(FailureCode::Denied)]);
    assert_eq!(desk.states(), ["acknowledged"], "the first answer counts");
    assert!(desk.batch(10).is_empty(), "not sent again");
    desk.pulls(&office);
    desk.hears(&batch, &outcomes);
    assert!(desk.unsettled().is_empty());
    assert!(desk.replica.read(|tx| tx.node(node)).unwrap().is_some());
}

#[test]
fn a_command_executed_twice_here_is_executed_once() {
    let Scene { office, desk, march, .. } = scene();
    let (_, make) = folder(&office, march, "Lot");
    let envelope = desk.does(&office, make);
    let after = desk.rows();
    desk.tries(&envelope).expect("known already");
    assert_eq!(desk.rows(), after);
    assert_eq!(desk.states(), ["pending"]);
}

#[test]
fn a_refusal_here_changes_nothing() {
    let Scene { office, desk, march, .. } = scene();
    let before = desk.rows();
    let node = office.node();
    let bad = office.envelope(Command::CreateFolder { node, parent: march, name: "a:b".into(), naming: Naming::Typed });
    assert_eq!(desk.tries(&bad).unwrap_err().code, FailureCode::InvalidName);
    assert_eq!(desk.rows(), before);
    assert!(desk.unsettled().is_empty());
}

#[test]
fn a_refused_command_takes_those_that_needed_it_and_no_others() {
    let Scene { office, desk, march, april } = scene();
    let before = desk.rows();
    let (lot, make_lot) = folder(&office, march, "Lot");
    let make_lot = desk.does(&office, make_lot);
    let (node, version, add) = office.add_document(lot, "Facture.pdf", content_of("one"));
    let add = desk.does(&office, add);
    let comment = office.comment();
    let remark = desk.does(&office, Command::AddComment { comment, node, text: "Vu".to_owned() });
    let (other, make_other) = folder(&office, april, "Autre");
    let make_other = desk.does(&office, make_other);
    let read = desk.does(&office, Command::MarkRead { node, version });
    desk.hears(std::slice::from_ref(&make_lot), &[refusal(FailureCode::Denied)]);

    let refused = desk.replica.write(|tx| tx.refused()).unwrap();
    assert_eq!(refused.len(), 1, "one entry");
    assert_eq!(refused[0].envelope.id, make_lot.id);
    assert_eq!(
        ids(&refused[0].dependents),
        [add.id, remark.id, read.id],
        "the remark needs the document, not the folder"
    );
    assert!(desk.replica.read(|tx| tx.node(lot)).unwrap().is_none());
    assert!(desk.replica.read(|tx| tx.node(other)).unwrap().is_some());
    assert_eq!(ids(&desk.batch(10)), [make_other.id]);

    desk.replica.write(|tx| tx.dismiss_refused(make_lot.id)).unwrap();
    assert_eq!(desk.states(), ["pending"]);
    desk.hears(std::slice::from_ref(&make_other), &[refusal(FailureCode::Denied)]);
    desk.replica.write(|tx| tx.dismiss_refused(make_other.id)).unwrap();
    assert_eq!(differences(&desk.rows(), &before), Vec::<String>::new());
    assert!(desk.unsettled().is_empty());
}

#[test]
fn what_a_refused_command_holds_is_told_by_name_until_it_is_dismissed_and_is_not_sent_after() {
    let Scene { office, desk, march, .. } = scene();
    let (lot, make_lot) = folder(&office, march, "Lot");
    let make_lot = desk.does(&office, make_lot);
    let (node, first, add) = office.add_document(lot, "Facture.pdf", content_of("one"));
    desk.does(&office, add);
    desk.does(&office, rename(node, "Facture.pdf", "Avoir.pdf"));
    let (version, content, modified_at) = (office.version(), content_of("two"), office.now());
    desk.does(&office, Command::AddVersion { node, version, base: Some(first), content, modified_at });
    desk.hears(std::slice::from_ref(&make_lot), &[refusal(FailureCode::Denied)]);

    let held = desk.replica.read(|tx| tx.refused_contents(make_lot.id)).unwrap();
    let named: Vec<_> = held.iter().map(|held| (held.name.as_str(), held.content)).collect();
    assert_eq!(named, [("Facture.pdf", content_of("one")), ("Avoir.pdf", content)], "by the names they had then");
    let items = desk.replica.read(|tx| tx.sync_items(10)).unwrap();
    assert!(items[0].holds_content, "those that needed the folder hold contents");
    assert_eq!(desk.replica.read(|tx| tx.upload_load()).unwrap().files, 2);

    desk.replica.write(|tx| tx.dismiss_refused(make_lot.id)).unwrap();
    assert!(desk.replica.read(|tx| tx.refused_contents(make_lot.id)).unwrap().is_empty());
    assert_eq!(desk.replica.read(|tx| tx.upload_load()).unwrap().files, 0, "nothing is sent that nobody names");
    let mut settled = desk.replica.write(|tx| tx.take_settled_uploads(10)).unwrap();
    settled.sort();
    let mut both = [content_of("one").hash, content.hash];
    both.sort();
    assert_eq!(settled, both, "their staged copies may go");
}

#[test]
fn a_refused_change_leads_to_its_document_where_there_is_one() {
    let Scene { office, desk, march, .. } = scene();
    let (node, _) = office.files(office.anne, march, "Bail.pdf", "signed");
    desk.pulls(&office);
    let renamed = desk.does(&office, rename(node, "Bail.pdf", "Bail signé.pdf"));
    let (_, _, add) = office.add_document(march, "Facture.pdf", content_of("one"));
    let added = desk.does(&office, add);
    desk.hears(&[renamed.clone(), added.clone()], &[refusal(FailureCode::Denied), refusal(FailureCode::Denied)]);

    let client_file = desk.replica.read(|tx| tx.node(node)).unwrap().unwrap().client_file;
    let items = desk.replica.read(|tx| tx.sync_items(10)).unwrap();
    let places: Vec<_> = items.iter().map(|item| (item.command, item.node, item.client_file)).collect();
    assert_eq!(
        places,
        [(Some(renamed.id), Some(node), Some(client_file)), (Some(added.id), None, Some(client_file))],
        "a document that was not taken in is nowhere to be seen, but its client file is"
    );
    assert_eq!(items.iter().map(|item| item.holds_content).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn what_the_server_did_does_not_go_down_with_a_refused_neighbour() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let march = office.month(client, "Achats", "2026-03");
        let (node, _) = office.files(office.anne, march, "Facture.pdf", "one");
        let desk = Desk::ready(office, office.anne);
        let renamed = desk.does(office, rename(node, "Facture.pdf", "Avoir.pdf"));
        desk.does(office, Command::MarkReviewed { node, reviewed: change(false, true) });
        office.files(office.anne, march, "Avoir.pdf", "two");
        desk.pushes(office);
        desk.pulls(office);
        let refused = desk.replica.write(|tx| tx.refused()).unwrap();
        assert_eq!(refused.len(), 1);
        assert_eq!((refused[0].envelope.id, refused[0].failure.code), (renamed.id, FailureCode::NameTaken));
        assert!(refused[0].dependents.is_empty(), "the mark is done: it is not shown as refused");
        let row = desk.replica.read(|tx| tx.node(node)).unwrap().unwrap();
        assert_eq!((row.name.as_str(), row.reviewed_by), ("Facture.pdf", Some(office.anne)));
    });
}

#[test]
fn a_content_that_the_server_lost_is_sent_again() {
    let Scene { office, desk, march, .. } = scene();
    let (_, _, add) = office.add_document(march, "Facture.pdf", content_of("one"));
    desk.does(&office, add);
    assert!(desk.batch(10).is_empty(), "it waits for its content");
    desk.replica.write(|tx| tx.uploaded(&[content_of("one").hash])).unwrap();
    let batch = desk.batch(10);
    let outcomes = office.push(office.anne, batch.clone());
    desk.hears(&batch, &outcomes);
    assert_eq!(desk.states(), ["pending"], "the server says that it does not hold the content");
    assert!(desk.batch(10).is_empty());
    let load = desk.replica.read(|tx| tx.upload_load()).unwrap();
    assert_eq!((load.files, load.bytes), (1, 3));

    let hash = content_of("one").hash;
    desk.replica.write(|tx| tx.upload_blocked(hash, Some(Reason::ServerFull))).unwrap();
    assert!(desk.replica.read(|tx| tx.next_uploads(10)).unwrap().is_empty());
    desk.replica.write(|tx| tx.retry_uploads()).unwrap();
    desk.pushes(&office);
    assert!(desk.replica.write(|tx| tx.take_settled_uploads(10)).unwrap().is_empty(), "not before it is confirmed");
    desk.pulls(&office);
    assert_eq!(desk.replica.write(|tx| tx.take_settled_uploads(10)).unwrap(), [hash]);
    assert!(desk.unsettled().is_empty());
}

#[test]
fn a_lost_reply_is_settled_by_the_feed_and_the_same_answer() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let march = office.month(client, "Achats", "2026-03");
        let desk = Desk::ready(office, office.anne);
        let (node, _, add) = office.add_document(march, "Facture.pdf", office.content(office.anne, "one"));
        desk.does(office, add);
        desk.does(office, rename(node, "Facture.pdf", "Avoir.pdf"));
        desk.sends_contents(office);
        let batch = desk.batch(10);
        assert_eq!(batch.len(), 2);
        office.push(office.anne, batch.clone());
        // No answer; the feed brings the rows first.
        desk.pulls(office);
        assert_eq!(desk.replica.read(|tx| tx.node(node)).unwrap().unwrap().name, "Avoir.pdf");
        assert_eq!(desk.states(), ["pending", "pending"]);
        desk.pushes(office);
        desk.pulls(office);
        assert!(desk.unsettled().is_empty());
        let fresh = Desk::ready(office, office.anne);
        assert_eq!(differences(&desk.rows(), &fresh.rows()), Vec::<String>::new());
    });
}

#[test]
fn the_same_file_added_on_two_desks_becomes_the_one_that_came_first() {
    on_both_engines(|office| {
        let client = office.client("Alter Ce", &[YEAR_2026]);
        let march = office.month(client, "Achats", "2026-03");
        let desks = [Desk::ready(office, office.anne), Desk::ready(office, office.anne)];
        let nodes = desks.each_ref().map(|desk| {
            let (node, _, add) = office.add_document(march, "Facture.pdf", content_of("one"));
            desk.does(office, add);
            node
        });
        for desk in &desks {
            desk.pushes(office);
        }
        for desk in &desks {
            desk.pulls(office);
            assert!(desk.unsettled().is_empty());
            assert!(desk.replica.read(|tx| tx.node(nodes[0])).unwrap().is_some());
            assert!(desk.replica.read(|tx| tx.node(nodes[1])).unwrap().is_none(), "the other id gave way");
        }
    });
}

/// The marks shown of a document, and of its client file.
/// What is in a folder has no row of its own when the folder comes out of the trash, and is on the planner's list all the same.
#[test]
fn what_is_in_a_folder_is_looked_at_when_it_comes_out_of_the_trash() {
    let Scene { office, desk, march, april } = scene();
    let lot = office.makes_folder(office.anne, march, "Lot");
    let inner = office.makes_folder(office.anne, lot, "Baux");
    let (document, _) = office.files(office.anne, inner, "Bail.pdf", "bail");
    let listed = || {
        let nodes = desk.replica.write(|tx| {
            let dirty = tx.dirty_nodes(domain::time::Instant(i64::MAX), 10_000)?;
            let nodes: Vec<NodeId> = dirty.iter().map(|dirty| dirty.node).collect();
            dirty.into_iter().try_for_each(|dirty| tx.settle_dirty(dirty))?;
            Ok(nodes)
        });
        nodes.unwrap()
    };
    for own in [false, true] {
        office.does(office.anne, Command::Trash { node: lot });
        desk.pulls(&office);
        listed();
        let restore = Command::Restore { node: lot, parent: Some(april) };
        if own {
            desk.does(&office, restore);
            desk.pushes(&office);
        } else {
            office.does(office.anne, restore);
        }
        desk.pulls(&office);
        let listed = listed();
        assert!([lot, inner, document].iter().all(|node| listed.contains(node)), "own: {own}, {listed:?}");
    }
    desk.does(&office, rename(inner, "Baux", "Contrats"));
    desk.pushes(&office);
    desk.pulls(&office);
    assert!(!listed().contains(&document), "a folder that was never in the trash is looked at alone");
}

fn marks(desk: &Desk, folder: NodeId) -> (SyncMark, SyncMark) {
    let request = ListDocuments {
        folder,
        order: DocumentOrder::default(),
        descending: false,
        search: String::new(),
        offset: 0,
        limit: 10,
    };
    let documents: DocumentList = desk.ask("list_documents", request).expect("documents");
    let request = ListClientFiles { limit: 10, ..ListClientFiles::default() };
    let clients: ClientFileList = desk.ask("list_client_files", request).expect("client files");
    (documents.rows[0].sync, clients.rows[0].sync)
}

#[test]
fn syn_10_no_mark_says_that_all_is_settled_while_something_waits() {
    let Scene { office, desk, march, .. } = scene();
    let client_file = domain::id::ClientFileId::derived(&["Alter Ce"]);
    let (node, version) = office.files(office.anne, march, "Facture.pdf", "one");
    let marc = office.hire("Marc", Role::Collaborator);
    desk.pulls(&office);
    // As it is once the mirror has the document, and has nothing left to look at.
    let settle = |tx: &mut store::replica::ReplicaTx<'_, '_>| {
        tx.set_offline(client_file, true)?;
        let place = Place { parent: march, name: "Facture.pdf".to_owned() };
        tx.set_synced(node, Some(&SyncedNode { place, is_folder: false, version: Some(version) }))?;
        for dirty in tx.dirty_nodes(domain::time::Instant(i64::MAX), 10_000)? {
            tx.settle_dirty(dirty)?;
        }
        Ok(())
    };
    let settled = (SyncMark::Synced, SyncMark::Synced);
    desk.replica.write(settle).unwrap();
    assert_eq!(marks(&desk, march), settled);
    let comment = office.comment();
    let sending = (SyncMark::Sending, SyncMark::Sending);
    let of_client = (SyncMark::Synced, SyncMark::Sending);
    let waiting = [
        (Command::AddComment { comment, node, text: "Vu".to_owned() }, sending),
        (Command::RemoveComment { comment }, sending),
        (
            Command::UpdateClientFile {
                client_file,
                name: None,
                siren: Some(change(None, Some("732829320".to_owned()))),
            },
            of_client,
        ),
        (Command::AssignPerson { client_file, person: marc, themes: None }, of_client),
        (
            Command::AddFiscalYear {
                client_file,
                dates: crate::office::dates(("2027-01-01", "2027-12-31")),
                gap_confirmed: false,
            },
            of_client,
        ),
    ];
    for (command, expected) in waiting {
        desk.does(&office, command.clone());
        assert_eq!(marks(&desk, march), expected, "{command:?}");
        desk.pushes(&office);
        assert_eq!(marks(&desk, march), expected, "acknowledged and not confirmed: {command:?}");
        desk.pulls(&office);
        desk.replica.write(settle).unwrap();
        assert_eq!(marks(&desk, march), settled, "{command:?}");
    }
    // A version saved beside the head: sent first, then to be decided.
    let (_, save) = office.save(office.anne, node, version, "hers");
    office.does(office.anne, save);
    let (_, save) = office.save(office.anne, node, version, "here");
    desk.does(&office, save);
    assert_eq!(marks(&desk, march), sending);
    desk.pushes(&office);
    desk.pulls(&office);
    desk.replica.write(settle).unwrap();
    assert_eq!(marks(&desk, march), (SyncMark::Conflict, SyncMark::Conflict));
}

#[test]
fn a_remark_removed_by_mistake_comes_back() {
    let Scene { office, desk, march, .. } = scene();
    let (node, _) = office.files(office.anne, march, "Facture.pdf", "one");
    desk.pulls(&office);
    let comment = office.comment();
    desk.does(&office, Command::AddComment { comment, node, text: "Vu avec le client".to_owned() });
    let mut last = comment;
    for _ in 0..2 {
        let removed = desk.tries(&office.envelope(Command::RemoveComment { comment: last })).unwrap();
        let back = removed.inverse.expect("it can be undone");
        desk.tries(&office.strict(back.clone())).expect("undone");
        let Command::AddComment { comment, text, .. } = back else { panic!("not a remark: {back:?}") };
        assert_eq!(text, "Vu avec le client");
        assert_ne!(comment, last, "the one removed stays removed");
        last = comment;
    }
    desk.pushes(&office);
    let remarks = office.document(office.anne, node).comments;
    assert_eq!(remarks.iter().map(|remark| remark.id).collect::<Vec<_>>(), [last]);
}

/// Rows without what an undo does not put back: history, sequence numbers, and when something was trashed.
fn undone(rows: Rows) -> Rows {
    let mut rows = rows;
    rows.retain(|(table, _), _| table != "version");
    for ((table, _), row) in &mut rows {
        row[3] = serde_json::Value::Null;
        if table == "node" {
            row[15] = (row[15] != 0).into();
        }
    }
    rows
}

#[test]
fn an_undo_puts_back_what_was_and_is_refused_once_somebody_changed_it() {
    let Scene { office, desk, march, april } = scene();
    let marc = office.hire("Marc", Role::Collaborator);
    let client = domain::id::ClientFileId::derived(&["Alter Ce"]);
    let (node, head) = office.files(office.anne, march, "Facture.pdf", "one");
    let (trashed, _) = office.files(office.anne, march, "Vieux.pdf", "old");
    office.does(office.anne, Command::Trash { node: trashed });
    desk.pulls(&office);
    let (_, save) = office.save(office.anne, node, head, "two");
    let undoable = [
        (rename(node, "Facture.pdf", "Avoir.pdf"), true),
        (relocate(node, march, april), true),
        (Command::Trash { node }, false),
        (Command::Restore { node: trashed, parent: None }, false),
        (Command::MarkReviewed { node, reviewed: change(false, true) }, true),
        (Command::SetPieceNumber { node, piece_number: change(None, Some("7".to_owned())) }, true),
        (
            Command::UpdateClientFile {
                client_file: client,
                name: Some(change("Alter Ce".to_owned(), "Alter Ego".to_owned())),
                siren: Some(change(None, Some("732829320".to_owned()))),
            },
            true,
        ),
        (
            Command::UpdatePerson {
                person: marc,
                first_name: Some(change("Marc".to_owned(), "Marco".to_owned())),
                last_name: Some(change("Durand".to_owned(), "Petit".to_owned())),
                role: Some(change(Role::Collaborator, Role::Manager)),
                email: None,
            },
            true,
        ),
        (Command::AssignPerson { client_file: client, person: marc, themes: None }, false),
        (save, true),
    ];
    for (command, strictly) in undoable {
        let before = desk.rows();
        let executed = desk.tries(&office.envelope(command.clone())).unwrap();
        assert_ne!(undone(desk.rows()), undone(before.clone()), "{command:?} did something");
        let inverse = executed.inverse.unwrap_or_else(|| panic!("{command:?} can be undone"));
        let back = office.strict(inverse);
        let again = desk.tries(&back).unwrap_or_else(|failure| panic!("{failure}: {:?}", back.command));
        assert!(again.inverse.is_some(), "and done again");
        let rows = desk.rows();
        match &command {
            Command::AddVersion { .. } => {
                let row = desk.replica.read(|tx| tx.node(node)).unwrap().unwrap();
                assert_eq!(row.content, Some(content_of("one").hash));
            }
            // An assignment undone leaves a row that says so until the server has it.
            Command::AssignPerson { .. } => {
                let left: Vec<_> =
                    rows.iter().filter(|((table, _), row)| table == "assignment" && row[4] == 0).collect();
                assert!(left.is_empty(), "{left:?}");
            }
            _ => assert_eq!(differences(&undone(rows), &undone(before)), Vec::<String>::new(), "{command:?}"),
        }
        if strictly {
            let late = office.strict(back.command.clone());
            assert_eq!(desk.tries(&late).unwrap_err().code, FailureCode::ChangedSince, "{:?}", late.command);
        }
    }
    desk.pushes(&office);
    desk.pulls(&office);
    assert_eq!(desk.unsettled(), BTreeMap::new(), "the server did and undid the same");
    let fresh = Desk::ready(&office, office.anne);
    assert_eq!(differences(&desk.rows(), &fresh.rows()), Vec::<String>::new());
}

#[test]
fn the_undo_list_keeps_actions_in_order_and_forgets_what_can_no_longer_be_redone() {
    let Scene { office, desk, .. } = scene();
    let node = office.node();
    let trash = [Command::Trash { node }];
    let restore = [Command::Restore { node, parent: None }];
    desk.replica
        .write(|tx| {
            tx.push_undo("first", &trash)?;
            tx.push_undo("second", &restore)?;
            assert_eq!(tx.pop_undo(false)?, Some(("second".to_owned(), restore.to_vec())));
            tx.push_redo("second", &trash, true)?;
            assert_eq!(tx.pop_undo(true)?, Some(("second".to_owned(), trash.to_vec())));
            tx.push_redo("second", &restore, true)?;
            tx.push_undo("third", &trash)?;
            assert_eq!(tx.pop_undo(true)?, None, "a new action ends what could be done again");
            assert_eq!(tx.pop_undo(false)?.map(|(action, _)| action).as_deref(), Some("third"));
            assert_eq!(tx.pop_undo(false)?.map(|(action, _)| action).as_deref(), Some("first"));
            assert_eq!(tx.pop_undo(false)?, None);
            Ok(())
        })
        .unwrap();
}

#[test]
fn commands_and_contents_are_found_by_what_can_go_and_not_by_all_that_waits() {
    let Scene { office, desk, march, .. } = scene();
    let add = |name: String| desk.does(&office, office.add_document(march, &name, content_of(&name)).2);
    for number in 0..40 {
        add(format!("vrac {number}"));
    }
    let (node, _, add_one) = office.add_document(march, "Bail.pdf", content_of("bail"));
    let added = desk.does(&office, add_one);
    assert!(desk.batch(10).is_empty(), "every content is on its way");
    let uploads = |limit| desk.replica.read(|tx| tx.next_uploads(limit)).unwrap();
    assert!(uploads(100).iter().all(|upload| !upload.is_urgent));
    let content = content_of("a longer text than any of the others");
    let (version, base, modified_at) = (office.version(), None, office.now());
    let saved = desk.does(&office, Command::AddVersion { node, version, base, content, modified_at });
    let first = uploads(1)[0];
    assert_eq!((first.content, first.is_urgent), (content, true), "a save goes first, whatever its size");
    assert_eq!(desk.replica.read(|tx| tx.urgent_uploads(100)).unwrap().len(), 1);
    desk.replica.write(|tx| tx.uploaded(&[content.hash])).unwrap();
    assert!(desk.batch(10).is_empty(), "it needs the document");
    desk.replica.write(|tx| tx.uploaded(&[content_of("bail").hash])).unwrap();
    assert_eq!(ids(&desk.batch(10)), [added.id, saved.id]);
    desk.hears(std::slice::from_ref(&added), &[refusal(FailureCode::ContentMissing)]);
    assert!(desk.batch(10).is_empty(), "the server lost it: it is sent again before the command");
    desk.replica.write(|tx| tx.uploaded(&[content_of("bail").hash])).unwrap();
    assert_eq!(ids(&desk.batch(10)), [added.id, saved.id]);
}

#[test]
fn commands_that_wait_for_a_content_that_is_held_up_are_counted_with_those_that_need_them() {
    let Scene { office, desk, march, april } = scene();
    let held_up = || {
        let held_up = |tx: &mut store::replica::ReplicaTx<'_, '_>| Ok((tx.held_up_load()?, tx.held_up_commands()?));
        desk.replica.read(held_up).unwrap()
    };
    let (node, _, add) = office.add_document(march, "Facture.pdf", content_of("one"));
    desk.does(&office, add);
    desk.does(&office, rename(node, "Facture.pdf", "Avoir.pdf"));
    let (_, _, other) = office.add_document(april, "Bail.pdf", content_of("lease"));
    desk.does(&office, other);
    assert_eq!(held_up(), (Load::default(), 0), "all of it goes by itself");

    desk.replica.write(|tx| tx.upload_blocked(content_of("one").hash, Some(Reason::ServerFull))).unwrap();
    assert_eq!(held_up(), (Load { files: 1, bytes: 3 }, 2), "the document, and its other name");
    desk.replica.write(|tx| tx.retry_uploads()).unwrap();
    assert_eq!(held_up(), (Load::default(), 0));
}

#[test]
fn entries_beyond_the_bound_are_counted() {
    let Scene { office, desk, march, .. } = scene();
    for name in ["a.pdf", "b.pdf", "c.pdf"] {
        let (_, _, add) = office.add_document(march, name, content_of(name));
        desk.does(&office, add);
    }
    for (bound, counted) in [(2, (2, 1)), (3, (3, 0))] {
        let listed = desk.replica.read(|tx| Ok((tx.sync_items(bound)?.len(), tx.unlisted_items(bound)?))).unwrap();
        assert_eq!(listed, counted);
    }
}
