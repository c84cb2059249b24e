//! Small contents: sent many at once, read by whoever may, and by nobody else.

use content::{FrameDecoder, FrameLimits};
use domain::content::ContentHash;
use protocol::command::{Command, Outcome};
use protocol::failure::FailureCode;
use protocol::transfer::{FetchRequest, PACK_BYTES};
use reqwest::Method;

use crate::support::{House, Somebody, content_of, noise};

async fn fetch(somebody: &Somebody, hashes: Vec<ContentHash>) -> Vec<Vec<u8>> {
    let bytes = somebody.caller.post("/api/contents/fetch", &FetchRequest { hashes }).await.bytes().await;
    let mut frames = FrameDecoder::new(FrameLimits { item: u64::MAX, total: u64::MAX, count: u64::MAX });
    frames.feed(&bytes).expect("frames");
    let mut contents = Vec::new();
    while let Some((_, bytes)) = frames.next_content().expect("a whole content") {
        contents.push(bytes);
    }
    frames.finish().expect("a whole list");
    contents
}

#[tokio::test(flavor = "multi_thread")]
async fn contents_are_sent_once_and_read_back() {
    let mut house = House::open().await;
    let anne = house.administrator().await;
    let client = anne.open_client_file("Alter Ce").await;
    let (letter, empty) = (noise(1, 10_000), Vec::new());
    let refs = [content_of(&letter), content_of(&empty)];
    assert_eq!(anne.missing(&refs).await.missing.len(), 2);

    let early = anne.try_add_document(client, "lettre.pdf", refs[0]).await;
    assert!(matches!(early, Outcome::Refused { failure } if failure.code == FailureCode::ContentMissing));
    anne.send_small(&[&letter, &empty]).await.done().await;
    assert!(anne.missing(&refs).await.missing.is_empty());
    anne.send_small(&[&letter]).await.done().await;
    for (name, content) in [("lettre.pdf", refs[0]), ("vide.txt", refs[1])] {
        assert!(matches!(anne.try_add_document(client, name, content).await, Outcome::Done { .. }), "{name}");
    }

    house.restart().await;
    let anne = anne.again(&house);
    let answer = anne.get_content(refs[0].hash).await.0;
    assert_eq!(answer.headers()["content-disposition"], "attachment");
    assert_eq!(answer.headers()["content-type"], "application/octet-stream");
    assert_eq!(answer.headers()["content-length"], "10000");
    assert_eq!(answer.bytes().await.expect("the body comes"), letter);
    assert!(anne.get_content(refs[1].hash).await.bytes().await.is_empty());
    assert_eq!(fetch(&anne, vec![refs[1].hash, refs[0].hash]).await, [empty, letter.clone()]);

    let part =
        anne.caller.request(Method::GET, &format!("/api/contents/{}", refs[0].hash)).header("range", "bytes=100-199");
    let part = part.send().await.expect("an answer");
    assert_eq!(
        (part.status().as_u16(), &part.headers()["content-range"]),
        (206, &"bytes 100-199/10000".parse().expect("a header"))
    );
    assert_eq!(part.bytes().await.expect("the body comes"), letter[100..200]);
    let beyond =
        anne.caller.request(Method::GET, &format!("/api/contents/{}", refs[0].hash)).header("range", "bytes=10000-");
    let beyond = beyond.send().await.expect("an answer");
    assert_eq!(
        (beyond.status().as_u16(), &beyond.headers()["content-range"]),
        (416, &"bytes */10000".parse().expect("a header"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hash_is_not_a_key_to_somebody_elses_document() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let paul = house.collaborator(&anne, "paul").await;
    let client = anne.open_client_file("Alter Ce").await;
    let letter = b"le contrat secret".to_vec();
    let content = anne.add_document(client, "contrat.pdf", &letter).await;

    paul.get_content(content.hash).await.refused_as(404, FailureCode::NotFound).await;
    let nothing = paul.get_content(ContentHash::of(b"never sent")).await.refused(404).await;
    let hidden = paul.get_content(content.hash).await.refused(404).await;
    assert_eq!(nothing, hidden, "nothing tells that the content is here");
    assert_eq!(paul.missing(&[content]).await.missing.len(), 1, "he is told to send it");
    assert!(fetch(&paul, vec![content.hash]).await.is_empty());

    // He has the same file by other means: he sends it, and may then name it.
    paul.send_small(&[&letter]).await.done().await;
    assert!(paul.missing(&[content]).await.missing.is_empty());
    assert_eq!(paul.get_content(content.hash).await.bytes().await, letter);

    // Given the client file, he reads what is in it without having sent it.
    let other = anne.add_document(client, "annexe.pdf", b"l'annexe").await;
    paul.get_content(other.hash).await.refused_as(404, FailureCode::NotFound).await;
    anne.execute(Command::AssignPerson { client_file: client, person: paul.person, themes: None }).await;
    assert_eq!(paul.get_content(other.hash).await.bytes().await, b"l'annexe");
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_bytes_are_refused_with_all_that_came_with_them() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let (good, bad) = (noise(1, 500), noise(2, 500));
    let mut frames = content::FrameWriter::new(Vec::new());
    frames.push(ContentHash::of(&good), &good).expect("memory");
    frames.push(ContentHash::of(&bad), &noise(3, 500)).expect("memory");
    let mut frames = frames.into_inner();
    let send = |bytes: Vec<u8>| anne.caller.send_bytes(Method::POST, "/api/contents/pack", bytes);
    let failure = send(frames.clone()).await.refused(422).await;
    assert_eq!(failure.code, FailureCode::ContentDamaged);
    assert_eq!(failure.details["content"], ContentHash::of(&bad).to_string());
    assert_eq!(anne.missing(&[content_of(&good), content_of(&bad)]).await.missing.len(), 2, "nothing was recorded");

    frames.truncate(700);
    send(frames).await.refused_as(400, FailureCode::BadRequest).await;
    let large = usize::try_from(PACK_BYTES).expect("it fits") + 1024 * 1024;
    send(vec![0; large]).await.refused_as(413, FailureCode::TooLarge).await;
    anne.send_small(&[&noise(4, 1024 * 1024 + 1)]).await.refused_as(413, FailureCode::TooLarge).await;
    assert_eq!(anne.missing(&[content_of(&good)]).await.missing.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_content_damaged_on_the_servers_disk_is_not_given_out() {
    let mut house = House::open().await;
    let anne = house.administrator().await;
    let client = anne.open_client_file("Alter Ce").await;
    let (whole, broken) = (noise(1, 5_000), noise(2, 5_000));
    let whole_ref = anne.add_document(client, "entier.pdf", &whole).await;
    let broken_ref = anne.add_document(client, "abîmé.pdf", &broken).await;
    house.stop().await;
    let packs = house.data().join("firms").join(anne.session.firm.to_string()).join("contents/packs");
    let pack = std::fs::read_dir(packs).expect("packs").next().expect("one").expect("an entry").path();
    let mut bytes = std::fs::read(&pack).expect("a pack");
    let place = bytes.windows(64).position(|window| window == &broken[100..164]).expect("the content is in the pack");
    bytes[place] ^= 1;
    std::fs::write(&pack, bytes).expect("the pack is writable");
    house.start().await;
    let anne = anne.again(&house);
    anne.get_content(broken_ref.hash).await.refused_as(422, FailureCode::ContentDamaged).await;
    assert_eq!(fetch(&anne, vec![broken_ref.hash, whole_ref.hash]).await, [whole], "the others still come");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fetch_stops_before_it_is_too_long() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let contents: Vec<Vec<u8>> = (0..10).map(|seed| noise(seed, 1_000_000)).collect();
    for half in contents.chunks(5) {
        let half: Vec<&[u8]> = half.iter().map(Vec::as_slice).collect();
        anne.send_small(&half).await.done().await;
    }
    let hashes = contents.iter().map(|bytes| ContentHash::of(bytes)).collect();
    assert_eq!(fetch(&anne, hashes).await, contents[..8], "8 MiB at most");
}
