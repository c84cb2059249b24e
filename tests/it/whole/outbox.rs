//! SYN-5: what was done offline outlives a kill, and happens once.

use domain::id::{CommentId, NodeId};
use protocol::command::{Change, Command, Naming};
use protocol::view::Connection;
use uuid::Uuid;

use super::firm::{Firm, PURCHASES};
use super::office::{Feed, number, text};
use super::until;

/// The five effects, as often as the server has each.
fn effects(feed: &Feed, document: NodeId, folder: NodeId) -> [usize; 5] {
    let (document, folder) = (document.to_string(), folder.to_string());
    let row = feed.rows("node").iter().find(|row| text(row, "id") == document).unwrap();
    [
        feed.rows("node").iter().filter(|row| text(row, "id") == folder || text(row, "name") == "Avoirs").count(),
        usize::from(text(row, "name") == "Facture 18.pdf"),
        usize::from(row["reviewed_by"].is_string() && number(row, "reviewed_at") > 0),
        usize::from(row["piece_number"] == "AC-0042"),
        feed.rows("comment").iter().filter(|row| text(row, "node") == document).count(),
    ]
}

#[test]
fn syn_05_five_actions_made_offline_survive_kill_9_and_happen_once() {
    let firm = Firm::open();
    let mut one = firm.workstation("bureau");
    let path = format!("{PURCHASES}/Facture 17.pdf");
    one.save(&path, b"une facture");
    firm.holds(&path, b"une facture");
    one.rest();
    let head = firm.office().feed().head;
    let (document, purchases) = (one.node(&path), one.folder_node(PURCHASES));

    one.wire.cut();
    one.is(Connection::Offline);
    let folder = NodeId(Uuid::now_v7());
    let name = Change { seen: "Facture 17.pdf".to_owned(), value: "Facture 18.pdf".to_owned() };
    let actions = [
        Command::CreateFolder { node: folder, parent: purchases, name: "Avoirs".to_owned(), naming: Naming::Typed },
        Command::Place { node: document, name: Some(name), parent: None, naming: Naming::Typed },
        Command::MarkReviewed { node: document, reviewed: Change { seen: false, value: true } },
        Command::SetPieceNumber {
            node: document,
            piece_number: Change { seen: None, value: Some("AC-0042".to_owned()) },
        },
        Command::AddComment { comment: CommentId(Uuid::now_v7()), node: document, text: "À revoir".to_owned() },
    ];
    for action in actions {
        one.execute(&[action]).unwrap();
    }
    one.kill();
    assert_eq!(effects(&firm.office().feed(), document, folder), [0; 5], "the server knows nothing of them yet");

    one.start();
    assert_eq!(one.status().pending_commands, 5, "all five wait after the restart");
    assert!(!one.status().up_to_date, "and nothing claims that all is up to date");
    one.wire.mend();
    until("the five have happened", || (effects(&firm.office().feed(), document, folder) == [1; 5]).then_some(()));
    one.rest();
    assert_eq!(one.status().pending_commands, 0);
    assert_eq!(firm.office().feed().head - head, 5, "five rows were written, and no other");

    one.kill();
    one.start();
    one.rest();
    assert_eq!(effects(&firm.office().feed(), document, folder), [1; 5], "another restart sends nothing again");
    assert_eq!(firm.office().feed().head - head, 5);
    assert!(one.path(&format!("{PURCHASES}/Facture 18.pdf")).exists(), "the mirror follows");
    assert!(!one.path(&path).exists());
}
