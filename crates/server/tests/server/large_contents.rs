//! Large contents: parts that survive a restart, and proof that whoever names a content has its bytes.

use domain::content::ContentHash;
use protocol::command::Outcome;
use protocol::failure::FailureCode;
use protocol::transfer::PART_BYTES;
use reqwest::Method;

use crate::support::{Answer, House, Somebody, content_of, noise};

const PART: usize = 8 * 1024 * 1024;
const _: () = assert!(PART as u64 == PART_BYTES, "parts are as long as the protocol says");
/// Three parts, the last one short.
const LARGE: usize = 2 * PART + 1_000;

async fn put(somebody: &Somebody, hash: ContentHash, size: usize, number: usize, bytes: &[u8]) -> Answer {
    let path = format!("/api/contents/{hash}/parts/{number}?size={size}");
    somebody.caller.send_bytes(Method::PUT, &path, bytes.to_vec()).await
}

async fn put_own(somebody: &Somebody, bytes: &[u8], number: usize) {
    let part = bytes.chunks(PART).nth(number).expect("a part");
    put(somebody, ContentHash::of(bytes), bytes.len(), number, part).await.done().await;
}

async fn finish(somebody: &Somebody, hash: ContentHash, size: usize) -> Answer {
    somebody.caller.send(Method::POST, &format!("/api/contents/{hash}/finish?size={size}")).await
}

/// The numbers of the parts that are here, of a content that is missing.
async fn parts_here(somebody: &Somebody, bytes: &[u8]) -> Vec<u32> {
    let missing = somebody.missing(&[content_of(bytes)]).await.missing;
    assert_eq!(missing.len(), 1, "the content is missing");
    missing[0].parts.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_after_the_server_was_restarted() {
    let mut house = House::open().await;
    let anne = house.administrator().await;
    let client = anne.open_client_file("Alter Ce").await;
    let bytes = noise(1, LARGE);
    let hash = ContentHash::of(&bytes);
    assert!(parts_here(&anne, &bytes).await.is_empty());
    put_own(&anne, &bytes, 2).await;
    put_own(&anne, &bytes, 0).await;
    house.restart().await;
    let anne = anne.again(&house);
    assert_eq!(parts_here(&anne, &bytes).await, [0, 2]);
    let early = finish(&anne, hash, LARGE).await.refused(409).await;
    assert_eq!((early.code, early.details["missing"].as_str()), (FailureCode::ContentMissing, "1"));
    put_own(&anne, &bytes, 1).await;
    finish(&anne, hash, LARGE).await.done().await;
    finish(&anne, hash, LARGE).await.done().await;
    assert!(anne.missing(&[content_of(&bytes)]).await.missing.is_empty());
    assert!(matches!(anne.try_add_document(client, "plan.pdf", content_of(&bytes)).await, Outcome::Done { .. }));

    house.restart().await;
    let anne = anne.again(&house);
    assert!(anne.get_content(hash).await.bytes().await == bytes, "the same bytes");
    let request = anne.caller.request(Method::GET, &format!("/api/contents/{hash}"));
    let tail = request.header("range", "bytes=-1500").send().await.expect("an answer");
    assert_eq!(tail.status(), 206);
    assert!(tail.bytes().await.expect("the body comes") == bytes[LARGE - 1500..], "the end of it");
    let sending = house.data().join("firms").join(anne.session.firm.to_string()).join("sending");
    assert_eq!(std::fs::read_dir(sending).expect("a folder").count(), 0, "nothing is left of the upload");
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_that_are_not_the_content_are_refused() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let bytes = noise(1, LARGE);
    let hash = ContentHash::of(&bytes);
    put_own(&anne, &bytes, 0).await;
    put(&anne, hash, LARGE, 1, &noise(9, PART)).await.done().await;
    put_own(&anne, &bytes, 2).await;
    finish(&anne, hash, LARGE).await.refused_as(422, FailureCode::ContentDamaged).await;
    assert!(parts_here(&anne, &bytes).await.is_empty(), "all of it is sent again: nothing tells which part was wrong");

    put(&anne, hash, LARGE, 1, &bytes[..1_000]).await.refused_as(400, FailureCode::BadRequest).await;
    put(&anne, hash, LARGE, 3, &bytes[..1_000]).await.refused_as(400, FailureCode::BadRequest).await;
    put(&anne, hash, LARGE, 0, &noise(1, PART + 1)).await.refused_as(413, FailureCode::TooLarge).await;
    let path = format!("/api/contents/{hash}/parts/0");
    anne.caller.send_bytes(Method::PUT, &path, Vec::new()).await.refused_as(400, FailureCode::BadRequest).await;
    let path = format!("/api/contents/{hash}/parts/0?size={}", u64::MAX);
    anne.caller.send_bytes(Method::PUT, &path, Vec::new()).await.refused_as(413, FailureCode::TooLarge).await;
    for number in 0..3 {
        put_own(&anne, &bytes, number).await;
    }
    finish(&anne, hash, LARGE).await.done().await;
}

/// Not a broken pipe: a workstation would take that for a server that is gone, and try again for ever.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_out_hears_so_after_a_large_body() {
    let house = House::open().await;
    let mut anne = house.administrator().await;
    let bytes = noise(1, PART);
    anne.caller.token = None;
    for _ in 0..5 {
        put(&anne, ContentHash::of(&bytes), LARGE, 0, &bytes).await.refused_as(401, FailureCode::SignedOut).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_size_does_not_stand_in_the_way_of_the_right_one() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let bytes = noise(1, LARGE);
    let hash = ContentHash::of(&bytes);
    put(&anne, hash, LARGE + 5, 0, &bytes[..PART]).await.done().await;
    for number in 0..3 {
        put_own(&anne, &bytes, number).await;
    }
    finish(&anne, hash, LARGE).await.done().await;
    assert!(anne.get_content(hash).await.bytes().await == bytes, "the same bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_content_that_is_here_has_to_be_sent_by_who_names_it() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let paul = house.collaborator(&anne, "paul").await;
    let bytes = noise(1, LARGE);
    let hash = ContentHash::of(&bytes);
    for number in 0..3 {
        put_own(&anne, &bytes, number).await;
        assert!(parts_here(&paul, &bytes).await.is_empty(), "nothing tells that Anne is sending it");
    }
    let unsent = finish(&paul, hash, LARGE).await.refused(409).await;
    assert_eq!(unsent.details["missing"], "3", "Anne's parts are not his");
    finish(&anne, hash, LARGE).await.done().await;

    finish(&paul, hash, LARGE).await.refused_as(409, FailureCode::ContentMissing).await;
    finish(&paul, hash, 0).await.refused_as(400, FailureCode::BadRequest).await;
    for number in 0..3 {
        let length = bytes.chunks(PART).nth(number).expect("a part").len();
        put(&paul, hash, LARGE, number, &noise(7, length)).await.done().await;
    }
    finish(&paul, hash, LARGE).await.refused_as(422, FailureCode::ContentDamaged).await;
    paul.get_content(hash).await.refused_as(404, FailureCode::NotFound).await;
    // Half of the bytes and the length are not the content either.
    put(&paul, hash, PART, 0, &bytes[..PART]).await.done().await;
    finish(&paul, hash, PART).await.refused_as(422, FailureCode::ContentDamaged).await;

    for number in 0..3 {
        put_own(&paul, &bytes, number).await;
    }
    finish(&paul, hash, LARGE).await.done().await;
    assert!(paul.get_content(hash).await.bytes().await == bytes, "he has it, and may name it");
    assert!(anne.get_content(hash).await.bytes().await == bytes, "and Anne's is untouched");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_send_the_same_content_at_the_same_time() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let paul = house.collaborator(&anne, "paul").await;
    let bytes = noise(1, LARGE);
    let hash = ContentHash::of(&bytes);
    put_own(&anne, &bytes, 0).await;
    put_own(&paul, &bytes, 0).await;
    put_own(&paul, &bytes, 1).await;
    put_own(&anne, &bytes, 1).await;
    put_own(&anne, &bytes, 2).await;
    let unsent = finish(&paul, hash, LARGE).await.refused(409).await;
    assert_eq!(unsent.details["missing"], "1");
    put_own(&paul, &bytes, 2).await;
    finish(&paul, hash, LARGE).await.done().await;
    finish(&anne, hash, LARGE).await.done().await;
    for somebody in [&anne, &paul] {
        assert!(somebody.get_content(hash).await.bytes().await == bytes, "the same bytes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_nobody_goes_on_with_is_dropped() {
    let mut house = House::open().await;
    let anne = house.administrator().await;
    let bytes = noise(1, LARGE);
    put_own(&anne, &bytes, 0).await;
    house.restart().await;
    let anne = anne.again(&house);
    assert_eq!(parts_here(&anne, &bytes).await, [0], "a restart alone drops nothing");
    // Marks carry the time of the disk, which is this machine's, and the house's clock may be far from it.
    let real = std::time::SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").as_millis();
    house.set_clock(i64::try_from(real).expect("it fits") + 8 * crate::support::DAY);
    house.restart().await;
    let anne = house.sign_in(&house.admin_email, "bureau").await;
    assert!(parts_here(&anne, &bytes).await.is_empty(), "after a week it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_content_damaged_on_disk_never_comes_whole() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let bytes = noise(1, LARGE);
    let hash = ContentHash::of(&bytes);
    for number in 0..3 {
        put_own(&anne, &bytes, number).await;
    }
    finish(&anne, hash, LARGE).await.done().await;
    let name = hash.to_string();
    let files = house.data().join("firms").join(anne.session.firm.to_string()).join("contents/files");
    let file = files.join(&name[..2]).join(&name);
    let mut damaged = bytes.clone();
    damaged[LARGE / 2] ^= 1;
    std::fs::write(file, damaged).expect("the file is writable");
    let answer = anne.get_content(hash).await.0;
    assert_eq!(answer.headers()["content-length"], LARGE.to_string());
    assert!(answer.bytes().await.is_err(), "the answer is cut before its end");
}
