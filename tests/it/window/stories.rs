//! A collaborator's day in the real window: the firm, a file dragged from another window, a server that goes away.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::desk::{Desk, names, says};
use super::driver::Workstation;
use super::firm::Firm;
use super::hand::{self, DragSource, Place};

/// Where what is dropped on a client goes.
const INBOX: &str = "À classer (cabinet)";

/// A one-page PDF with a black square, under a name with a space, an accent and an apostrophe.
fn statement(folder: &Path) -> PathBuf {
    let drawing = "0 g 100 500 200 200 re f";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{drawing}\nendstream", drawing.len()),
    ];
    let mut pdf = "%PDF-1.4\n".to_owned();
    let mut index = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in objects.iter().enumerate() {
        writeln!(index, "{:010} 00000 n ", pdf.len()).unwrap();
        write!(pdf, "{} 0 obj\n{object}\nendobj\n", number + 1).unwrap();
    }
    let start = pdf.len();
    write!(pdf, "{index}trailer << /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).unwrap();
    let file = folder.join("Relevé d'avril.pdf");
    std::fs::write(&file, pdf).unwrap();
    file
}

/// Drags a file from another program's window onto an element, and lets go once the page says that it takes it.
async fn drop_on(workstation: &Workstation, file: &Path, row: &str) {
    let corner = hand::place_desktop();
    let target = workstation.middle(&workstation.row(row).await).await;
    let source = DragSource::open(file);
    source.drag_over(Place { x: corner.x + target.x, y: corner.y + target.y });
    workstation.find("[data-drop-over]").await;
    hand::let_go();
}

fn is_at_rest(status: &Value) -> bool {
    status["connection"] == "online" && status["up_to_date"] == true
}

#[tokio::test]
async fn syn_03_file_dragged_from_another_window_is_filed_and_shown() {
    let files = tempfile::tempdir().unwrap();
    let firm = Firm::serve();
    let workstation = Workstation::open().await;
    workstation.sign_in(&firm).await;
    drop_on(&workstation, &statement(files.path()), "Alter Ce").await;
    workstation.text("1 fichier ajouté dans Alter Ce").await;

    workstation.open_row("Alter Ce").await;
    workstation.folder(INBOX).await.click().await.unwrap();
    workstation.row("Relevé d'avril").await.click().await.unwrap();
    workstation.find("canvas").await;
    let is_drawn = workstation
        .run_until_true(
            "const canvas = document.querySelector('canvas'); const drawing = canvas?.getContext('2d'); \
             if (!drawing || canvas.width === 0) return false; \
             const { data } = drawing.getImageData(0, 0, canvas.width, canvas.height); \
             return data.some((value, index) => index % 4 !== 3 && value < 128);",
        )
        .await;
    assert!(is_drawn, "the page of the document is drawn, not blank");
    workstation.until("get_sync_status", is_at_rest).await;
    workstation.close().await;
}

#[tokio::test]
async fn window_stays_useful_while_the_server_is_away() {
    let mut firm = Firm::serve();
    let workstation = Workstation::open().await;
    workstation.sign_in(&firm).await;
    workstation.open_row("Alter Ce").await;
    workstation.folder("Juridique").await.click().await.unwrap();
    workstation.until("get_sync_status", is_at_rest).await;

    firm.stop();
    workstation.text("Hors ligne.").await;
    let document = workstation.row(".pdf").await;
    document.click().await.unwrap();
    document.send_keys("r").await.unwrap();
    workstation.text("1 document revu").await;
    let status = workstation.rpc("get_sync_status", json!({})).await.unwrap();
    assert_eq!(status["up_to_date"], false, "a mark that has not left is not up to date");

    firm.start();
    let status = workstation.until("get_sync_status", is_at_rest).await;
    assert_eq!(status["pending_commands"], 0, "the mark has arrived, once");
    workstation.close().await;
}

#[tokio::test]
async fn syn_01_window_opens_without_a_network_on_what_it_knows() {
    let mut firm = Firm::serve();
    let workstation = Workstation::open().await;
    workstation.sign_in(&firm).await;
    workstation.row("Alter Ce").await;
    workstation.until("get_sync_status", is_at_rest).await;

    firm.stop();
    let workstation = workstation.restart().await;
    workstation.open_row("Alter Ce").await;
    workstation.folder(INBOX).await;
    workstation.text("Hors ligne.").await;
    workstation.close().await;
}

/// Keeps a client file on the window's disk; the folder of what has no place, there.
async fn inbox_on_disk(workstation: &Workstation) -> PathBuf {
    workstation.row("Alter Ce").await;
    let wanted = json!({ "search": "Alter Ce", "unread_only": false, "offline_only": false, "offset": 0, "limit": 1 });
    let clients = workstation.rpc("list_client_files", wanted).await.unwrap();
    let client = clients["rows"][0]["id"].clone();
    workstation.rpc("set_offline", json!({ "client_files": [client], "offline": true })).await.unwrap();
    let root = workstation.path("Gédéon");
    workstation.rpc("change_settings", json!({ "mirror_root": root, "language": null })).await.unwrap();
    workstation.until("get_sync_status", is_at_rest).await;
    root.join("Alter Ce").join(format!("05 {INBOX}"))
}

async fn press(workstation: &Workstation, label: &str) {
    workstation.text(label).await.click().await.unwrap();
}

#[tokio::test]
async fn syn_06_one_file_edited_on_two_disks_offline_is_settled_in_the_window() {
    let mut firm = Firm::serve();
    let workstation = Workstation::open().await;
    workstation.sign_in(&firm).await;
    let here = inbox_on_disk(&workstation).await;
    let mut desk = Desk::open(&firm);
    let there = desk.path("Alter Ce").join(format!("05 {INBOX}"));
    std::fs::write(here.join("Balance.txt"), "avant").unwrap();
    says(&there.join("Balance.txt"), "avant").await;
    workstation.until("get_sync_status", is_at_rest).await;

    firm.stop();
    workstation.until("get_sync_status", |status| status["connection"] == "offline").await;
    desk.stop();
    std::fs::write(there.join("Balance.txt"), "de la collègue").unwrap();
    std::fs::write(here.join("Balance.txt"), "d'ici").unwrap();
    workstation.until("get_sync_status", |status| status["pending_commands"] == 1).await;
    firm.start();
    workstation.until("get_sync_status", is_at_rest).await;
    desk.start();
    workstation.until("get_sync_status", |status| status["to_check"] == 1).await;
    says(&there.join("Balance.txt"), "d'ici").await;
    assert_eq!(names(&here).iter().filter(|name| name.contains("Balance")).count(), 1, "no copy lies in the folder");
    assert_eq!(names(&there).iter().filter(|name| name.contains("Balance")).count(), 1, "nor in the other");

    press(&workstation, "À vérifier").await;
    press(&workstation, "Prendre celle").await;
    says(&here.join("Balance.txt"), "de la collègue").await;
    says(&there.join("Balance.txt"), "de la collègue").await;
    workstation.until("get_sync_status", is_at_rest).await;
    workstation.close().await;
}

#[tokio::test]
async fn syn_07_files_deleted_in_the_folder_wait_in_the_window_and_come_back() {
    let firm = Firm::serve();
    let workstation = Workstation::open().await;
    workstation.sign_in(&firm).await;
    let here = inbox_on_disk(&workstation).await;
    let desk = Desk::open(&firm);
    let there = desk.path("Alter Ce").join(format!("05 {INBOX}"));
    let files: Vec<String> = (0..30).map(|number| format!("Pièce {number:02}.txt")).collect();
    for file in &files {
        std::fs::write(here.join(file), file).unwrap();
    }
    for file in &files {
        says(&there.join(file), file).await;
    }
    workstation.until("get_sync_status", is_at_rest).await;

    for file in &files {
        std::fs::remove_file(here.join(file)).unwrap();
    }
    workstation.until("get_sync_status", |status| status["held_removals"] == 30).await;
    let status = workstation.rpc("get_sync_status", json!({})).await.unwrap();
    assert_eq!(status["up_to_date"], false, "what waits for an answer is not up to date");
    workstation.text("suppressions en attente").await;
    press(&workstation, "Annuler").await;
    for file in &files {
        says(&here.join(file), file).await;
    }
    workstation.until("get_sync_status", is_at_rest).await;
    assert!(files.iter().all(|file| there.join(file).exists()), "nothing left the server, nor the other disk");
    workstation.close().await;
}
