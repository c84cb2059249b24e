//! A disk that fills up while contents come: the sender is told, nothing half stored is recorded, what was there stays.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command as Program;

use domain::content::ContentHash;
use protocol::failure::FailureCode;
use protocol::transfer::PART_BYTES;
use reqwest::Method;

use crate::support::{House, content_of, noise};

/// A small disk in memory, unmounted when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Only root can mount one; `None`, and a word on it, where one is not. Continuous integration is root: a test left out there
    /// would count as one that passed.
    fn mount(folder: &Path, mebibytes: u32) -> Option<Self> {
        let mounted = Program::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={mebibytes}m"), "gedeon-test"])
            .arg(folder)
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(folder.to_path_buf()));
        }
        assert!(std::env::var_os("CI").is_none(), "no small disk could be mounted at {}", folder.display());
        // Not by `println!`, whose words a test that passes keeps for itself.
        let _ = writeln!(std::io::stderr(), "left out: full_disk: mounting a small disk needs root");
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // It is lazy, so it only fails where nothing is mounted any more.
        let _ = Program::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(disk) = SmallDisk::mount(folder.path(), 32) else { return };
    let mut house = House::open_with(|options| options.data = folder.path().join("data")).await;
    let anne = house.administrator().await;
    let client = anne.open_client_file("Alter Ce").await;
    let before = noise(1, 200_000);
    let before_ref = anne.add_document(client, "avant.pdf", &before).await;

    let part = usize::try_from(PART_BYTES).expect("it fits");
    let large = noise(2, 5 * part);
    let hash = ContentHash::of(&large);
    let mut stored = Vec::new();
    let mut refused = None;
    for (number, bytes) in large.chunks(part).enumerate() {
        let path = format!("/api/contents/{hash}/parts/{number}?size={}", large.len());
        let answer = anne.caller.send_bytes(Method::PUT, &path, bytes.to_vec()).await;
        if answer.0.status().is_success() {
            stored.push(u32::try_from(number).expect("it fits"));
        } else {
            refused = Some(answer.refused(507).await);
            break;
        }
    }
    assert_eq!(refused.expect("40 MiB do not fit in 32").code, FailureCode::DiskFull);
    assert_eq!(anne.missing(&[content_of(&large)]).await.missing[0].parts, stored, "what came whole is kept");

    let mut small_refused = None;
    for seed in 100..160 {
        let bytes = noise(seed, 1_000_000);
        let answer = anne.send_small(&[&bytes]).await;
        if !answer.0.status().is_success() {
            answer.refused_as(507, FailureCode::DiskFull).await;
            assert_eq!(anne.missing(&[content_of(&bytes)]).await.missing.len(), 1, "it is not recorded");
            small_refused = Some(bytes);
            break;
        }
    }
    let small = small_refused.expect("60 MB do not fit");
    assert!(anne.get_content(before_ref.hash).await.bytes().await == before, "what was there is still read");

    // Room is made, as an administrator would: everything goes on.
    let remounted = Program::new("mount").args(["-o", "remount,size=128m"]).arg(&disk.0).status();
    assert!(remounted.is_ok_and(|status| status.success()));
    anne.send_small(&[&small]).await.done().await;
    for (number, bytes) in large.chunks(part).enumerate().skip(stored.len()) {
        let path = format!("/api/contents/{hash}/parts/{number}?size={}", large.len());
        anne.caller.send_bytes(Method::PUT, &path, bytes.to_vec()).await.done().await;
    }
    let path = format!("/api/contents/{hash}/finish?size={}", large.len());
    anne.caller.send(Method::POST, &path).await.done().await;
    house.restart().await;
    let anne = anne.again(&house);
    for bytes in [&before, &small, &large] {
        assert!(anne.get_content(ContentHash::of(bytes)).await.bytes().await == *bytes, "the same bytes");
    }
    house.stop().await;
    drop(disk);
}
