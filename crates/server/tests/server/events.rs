//! Live events: a hint after each commit, for the session's own firm and for as long as the session lasts.

use std::time::Duration;

use futures_util::StreamExt as _;
use protocol::command::Command;
use protocol::failure::FailureCode;
use protocol::feed::Hint;
use reqwest::Method;

use crate::support::{House, Somebody};

/// Hints as they come.
pub(crate) struct Listening {
    stream: std::pin::Pin<Box<dyn futures_util::Stream<Item = reqwest::Result<bytes::Bytes>> + Send>>,
    text: String,
}

impl Listening {
    pub(crate) async fn start(somebody: &Somebody) -> Self {
        let answer = somebody.caller.get("/api/events").await.0;
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self { stream: Box::pin(answer.bytes_stream()), text: String::new() }
    }

    /// The next hint, or `None` at the end of the stream.
    pub(crate) async fn next(&mut self) -> Option<i64> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let id = event.lines().find_map(|line| line.strip_prefix("id: "));
                let data = event.lines().find_map(|line| line.strip_prefix("data: "));
                let found = id.zip(data).map(|(id, data)| {
                    let hint: Hint = serde_json::from_str(data).expect("a hint");
                    assert_eq!(id, hint.seq.to_string(), "the id is the cursor");
                    hint.seq
                });
                let rest = rest.to_owned();
                self.text = rest;
                if found.is_some() {
                    return found;
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(30), self.stream.next()).await;
            let chunk = chunk.expect("something happens")?.ok()?;
            self.text.push_str(std::str::from_utf8(&chunk).expect("text"));
        }
    }
}

fn someone_new(number: i64) -> Command {
    Command::AddPerson {
        person: domain::id::PersonId::derived(&[&number.to_string()]),
        email: format!("p{number}@cabinet.fr"),
        first_name: "Paul".to_owned(),
        last_name: "Martin".to_owned(),
        role: domain::person::Role::Collaborator,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_hinted_to_its_firm_alone() {
    let mut house = House::open().await;
    let anne = house.administrator().await;
    house.stop().await;
    house.admin_email = format!("zoe.{}", house.admin_email);
    house.link = house.make_firm("Cabinet Durand", &house.admin_email).await;
    house.start().await;
    let (zoe, anne) = (house.administrator().await, anne.again(&house));

    let mut heard_by_anne = Listening::start(&anne).await;
    let mut heard_by_zoe = Listening::start(&zoe).await;
    let head = anne.pull_all().await.1;
    assert_eq!(heard_by_anne.next().await, Some(head), "where things stand");
    assert_eq!(heard_by_zoe.next().await, Some(zoe.pull_all().await.1));

    for number in 0..3 {
        let seq = anne.execute(someone_new(number)).await;
        assert_eq!(heard_by_anne.next().await, Some(seq));
    }
    let of_zoe = zoe.execute(someone_new(10)).await;
    assert_eq!(heard_by_zoe.next().await, Some(of_zoe), "the first thing heard since is one's own change");
}

#[tokio::test(flavor = "multi_thread")]
async fn listening_ends_with_the_session_and_with_the_server() {
    let mut house = House::open().await;
    let desk = house.administrator().await;
    let laptop = house.sign_in(&house.admin_email, "portable").await;
    let (mut on_desk, mut on_laptop) = (Listening::start(&desk).await, Listening::start(&laptop).await);
    assert!(on_desk.next().await.is_some() && on_laptop.next().await.is_some());

    laptop.caller.send(Method::POST, "/api/sign-out").await.done().await;
    assert_eq!(on_laptop.next().await, None, "signed out");
    let seq = desk.execute(someone_new(1)).await;
    assert_eq!(on_desk.next().await, Some(seq), "the other workstation listens on");

    house.stop().await;
    assert_eq!(on_desk.next().await, None, "a listener does not keep the server from stopping");
    house.start().await;
    laptop.again(&house).caller.get("/api/events").await.refused_as(401, FailureCode::SignedOut).await;
}
