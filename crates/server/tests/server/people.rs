//! People who leave, whose address was wrong, or who are not administrators.

use domain::id::PersonId;
use domain::person::Role;
use protocol::command::{Change, Command};
use protocol::failure::FailureCode;
use protocol::feed::PushReply;
use protocol::session::{AcceptInvitationRequest, InvitationView, InviteReply, InviteRequest};

use crate::events::Listening;
use crate::support::{House, PASSWORD, Somebody, push_of, sign_in_request};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_suspended_is_out_at_once_and_stays_out() {
    let mut house = House::open().await;
    let anne = house.administrator().await;
    let paul = house.collaborator(&anne, "paul").await;
    let email = email_of(&anne, paul.person).await;
    let laptop = house.sign_in(&email, "portable").await;
    let client = anne.open_client_file("Alter Ce").await;
    anne.execute(Command::AssignPerson { client_file: client, person: paul.person, themes: None }).await;
    let content = paul.add_document(client, "bilan.pdf", b"le bilan").await;
    let mut listening = Listening::start(&paul).await;
    listening.next().await.expect("where things stand");

    anne.execute(Command::SuspendPerson { person: paul.person }).await;
    while listening.next().await.is_some() {}
    for session in [&paul, &laptop] {
        session.caller.get("/api/sessions").await.refused_because(401, FailureCode::SignedOut, "revoked").await;
        session.get_content(content.hash).await.refused_as(401, FailureCode::SignedOut).await;
        let push = push_of(vec![Command::SuspendPerson { person: anne.person }]);
        session.caller.post("/api/push", &push).await.refused_as(401, FailureCode::SignedOut).await;
    }
    let again = sign_in_request(&email, PASSWORD, "bureau");
    house.visitor().post("/api/sign-in", &again).await.refused_because(403, FailureCode::Denied, "suspended").await;
    let link = anne.caller.post("/api/invitations", &InviteRequest { person: paul.person }).await;
    link.refused_because(403, FailureCode::Denied, "suspended").await;

    house.restart().await;
    let anne = anne.again(&house);
    house.visitor().post("/api/sign-in", &again).await.refused_as(403, FailureCode::Denied).await;
    anne.execute(Command::ResumePerson { person: paul.person }).await;
    paul.again(&house).caller.get("/api/sessions").await.refused_as(401, FailureCode::SignedOut).await;
    let paul = house.sign_in(&email, "bureau").await;
    assert_eq!(paul.get_content(content.hash).await.bytes().await, b"le bilan", "what was theirs is again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_given_to_whoever_is_suspended_opens_nothing() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let (person, _) = add(&anne, "marie.faute@cabinet-leroy.fr").await;
    let link = invite(&anne, person).await;
    anne.execute(Command::SuspendPerson { person }).await;
    accept(&house, &link).await.refused_because(410, FailureCode::LinkInvalid, "expired").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_is_corrected_before_its_owner_joins() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let (person, wrong) = add(&anne, "marie.faute@cabinet-leroy.fr").await;
    let to_the_wrong = invite(&anne, person).await;
    let correct = |seen: &str, value: &str| Command::UpdatePerson {
        person,
        first_name: None,
        last_name: None,
        role: None,
        email: Some(Change { seen: seen.to_owned(), value: value.to_owned() }),
    };
    anne.execute(correct(&wrong, "marie@cabinet-leroy.fr")).await;
    accept(&house, &to_the_wrong).await.refused_because(410, FailureCode::LinkInvalid, "expired").await;
    let link = invite(&anne, person).await;
    let path = format!("/api/invitations/{}", House::token_of_link(&link));
    let view: InvitationView = house.visitor().get(&path).await.json().await;
    assert_eq!(view.email, "marie@cabinet-leroy.fr");
    accept(&house, &link).await.done().await;
    house.sign_in("marie@cabinet-leroy.fr", "bureau").await;
    let by_the_wrong = sign_in_request(&wrong, PASSWORD, "bureau");
    house.visitor().post("/api/sign-in", &by_the_wrong).await.refused_as(401, FailureCode::WrongPassword).await;

    let late: PushReply = anne.push(&push_of(vec![correct("marie@cabinet-leroy.fr", "autre@cabinet-leroy.fr")])).await;
    let text = format!("{late:?}");
    assert!(text.contains("joined"), "it is the one she signs in with: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_folder_s_owner_gets_a_link_for_an_administrator_only() {
    let mut house = House::open().await;
    let anne = house.administrator().await;
    let paul = house.collaborator(&anne, "paul").await;
    let email = email_of(&anne, paul.person).await;
    house.stop().await;
    let refused = house.try_make_firm("Cabinet Leroy", &email).await.expect_err("paul is no administrator");
    assert!(refused.to_string().contains("is not an administrator"), "{refused}");
    house.make_firm("Cabinet Leroy", &house.admin_email).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_too_busy_to_look_at_a_password_counts_no_try() {
    let house = House::open().await;
    house.administrator().await;
    let visitor = house.visitor();
    let tries = (0..90).map(|n| {
        let visitor = visitor.clone();
        tokio::spawn(async move {
            let email = format!("{n}@cabinet-leroy.fr");
            let request = sign_in_request(&email, "au hasard, encore", "bureau");
            let answer = visitor.post("/api/sign-in", &request).await;
            // Five seconds is what a busy server says; who tried too often waits two.
            (answer.0.headers().get("retry-after").is_some_and(|seconds| seconds == "5"), email)
        })
    });
    let mut sent_away = None;
    for one in tries.collect::<Vec<_>>() {
        let (was_busy, email) = one.await.expect("it does not panic");
        sent_away = sent_away.or(was_busy.then_some(email));
    }
    let email = sent_away.expect("ninety at once are more than wait for a hash");
    let wrong = sign_in_request(&email, "au hasard, encore", "bureau");
    for _ in 0..5 {
        visitor.post("/api/sign-in", &wrong).await.refused_as(401, FailureCode::WrongPassword).await;
    }
    visitor.post("/api/sign-in", &wrong).await.refused_as(429, FailureCode::TooManyTries).await;
}

async fn email_of(anne: &Somebody, person: PersonId) -> String {
    let people = anne.query("list_people", serde_json::json!({})).await;
    let rows = people["people"].as_array().expect("a list");
    let row = rows.iter().find(|row| row["id"] == person.to_string()).expect("somebody of the firm");
    row["email"].as_str().expect("text").to_owned()
}

async fn add(anne: &Somebody, email: &str) -> (PersonId, String) {
    let person = PersonId(uuid::Uuid::now_v7());
    anne.execute(Command::AddPerson {
        person,
        email: email.to_owned(),
        first_name: "Marie".to_owned(),
        last_name: "Martin".to_owned(),
        role: Role::Collaborator,
    })
    .await;
    (person, email.to_owned())
}

async fn invite(anne: &Somebody, person: PersonId) -> String {
    let reply: InviteReply = anne.caller.post("/api/invitations", &InviteRequest { person }).await.json().await;
    reply.link
}

async fn accept(house: &House, link: &str) -> crate::support::Answer {
    let accept = AcceptInvitationRequest { token: House::token_of_link(link), password: PASSWORD.to_owned() };
    house.visitor().post("/api/invitations/accept", &accept).await
}
