//! Commands, feed and queries over HTTP.

use domain::id::{ClientFileId, PersonId};
use domain::person::Role;
use domain::tree::Theme;
use protocol::command::{Change, Command, Outcome};
use protocol::failure::FailureCode;
use reqwest::Method;
use serde_json::json;

use crate::support::{House, Somebody, push_of};

#[tokio::test(flavor = "multi_thread")]
async fn a_push_whose_answer_was_lost_is_sent_again_without_harm() {
    let mut house = House::open().await;
    let anne = house.administrator().await;
    let id = ClientFileId::derived(&["Alter Ce"]);
    let request = push_of(vec![
        Command::CreateClientFile {
            client_file: id,
            name: "Alter Ce".to_owned(),
            siren: None,
            fiscal_years: Vec::new(),
            assigned: Vec::new(),
        },
        Command::UpdateClientFile {
            client_file: ClientFileId::derived(&["nobody's"]),
            name: Some(Change { seen: "A".to_owned(), value: "B".to_owned() }),
            siren: None,
        },
    ]);
    let first = anne.push(&request).await;
    assert!(matches!(first.outcomes[0], Outcome::Done { .. }), "{first:?}");
    assert!(
        matches!(&first.outcomes[1], Outcome::Refused { failure } if failure.code == FailureCode::NotFound),
        "{first:?}"
    );
    let (_, head) = anne.pull_all().await;
    assert_eq!(anne.push(&request).await, first, "the same outcomes");
    house.restart().await;
    let anne = anne.again(&house);
    assert_eq!(anne.push(&request).await, first, "kept across a restart");
    assert_eq!(anne.pull_all().await.1, head, "nothing was written again");
}

/// Everything the API gives to somebody about documents, people and client files, as one text.
async fn all_that_is_said_to(somebody: &Somebody, client_files: &[ClientFileId]) -> String {
    let mut said = somebody.pull_all().await.0;
    for (name, payload) in [
        ("get_overview", json!({})),
        ("list_people", json!({})),
        ("list_client_files", json!({ "limit": 100 })),
        ("list_trash", json!({ "limit": 100 })),
        ("search", json!({ "text": "secret", "limit": 50 })),
        ("search", json!({ "text": "Boulangerie", "limit": 50 })),
    ] {
        said.push_str(&somebody.query(name, payload).await.to_string());
    }
    for id in client_files {
        for name in ["get_client_file", "get_tree"] {
            let answer = somebody.caller.post(&format!("/api/query/{name}"), &json!({ "client_file": id })).await;
            said.push_str(&answer.0.text().await.expect("the answer comes"));
        }
    }
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_sent_what_they_are_assigned_to_and_nothing_else() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let (paul, lea) = (house.collaborator(&anne, "paul").await, house.collaborator(&anne, "lea").await);
    let bakery = anne.open_client_file("Boulangerie Secrète").await;
    let garage = anne.open_client_file("Garage Visible").await;
    let assign = |client_file, person: PersonId, themes| Command::AssignPerson { client_file, person, themes };
    anne.execute(assign(bakery, paul.person, None)).await;
    anne.execute(assign(garage, lea.person, Some(vec![Theme::new("social")]))).await;
    anne.add_document(bakery, "secret-de-fabrique.pdf", b"le levain").await;
    anne.add_document(garage, "statuts-secrets.pdf", b"les statuts").await;

    let of_lea = all_that_is_said_to(&lea, &[bakery, garage]).await;
    assert!(of_lea.contains("Garage Visible") && of_lea.contains("Bulletins"));
    let bakery_id = bakery.to_string();
    for hidden in ["Boulangerie", "secret-de-fabrique", "statuts-secrets", "Contrats et baux", &bakery_id] {
        assert!(!of_lea.contains(hidden), "{hidden} is not for Léa");
    }
    let of_paul = all_that_is_said_to(&paul, &[bakery, garage]).await;
    assert!(of_paul.contains("secret-de-fabrique.pdf"));
    let garage_id = garage.to_string();
    for hidden in ["Garage", "statuts-secrets", &garage_id] {
        assert!(!of_paul.contains(hidden), "{hidden} is not for Paul");
    }
    let outcome = lea.try_execute(assign(bakery, lea.person, None)).await;
    assert!(matches!(outcome, Outcome::Refused { failure } if failure.code == FailureCode::Denied));
    let refused = lea.caller.post("/api/query/get_client_file", &json!({ "client_file": bakery })).await;
    refused.refused_as(404, FailureCode::NotFound).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_firms_of_one_server_do_not_meet() {
    let mut house = House::open().await;
    let anne = house.administrator().await;
    anne.open_client_file("Boulangerie Secrète").await;
    let (first, first_email) = (house.link.clone(), house.admin_email.clone());
    house.stop().await;
    house.admin_email = format!("zoe.{first_email}");
    house.link = house.make_firm("Cabinet Durand", &house.admin_email).await;
    house.start().await;
    assert_ne!(first, house.link);
    let zoe = house.administrator().await;
    assert_eq!(zoe.session.firm_name, "Cabinet Durand");
    assert_ne!(zoe.session.firm, anne.session.firm);
    let said = all_that_is_said_to(&zoe, &[]).await;
    assert!(!said.contains("Boulangerie") && !said.contains("Cabinet Leroy"));
    assert!(anne.again(&house).pull_all().await.0.contains("Boulangerie"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_understood_is_refused_with_a_reason() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let caller = &anne.caller;
    let post = |path: &'static str, body: Vec<u8>| caller.send_bytes(Method::POST, path, body);
    post("/api/push", b"{".to_vec()).await.refused_as(400, FailureCode::BadRequest).await;
    post("/api/push", b"{\"commands\":[{}],\"schema_version\":1}".to_vec())
        .await
        .refused_as(400, FailureCode::BadRequest)
        .await;
    post("/api/query/get_everything", b"{}".to_vec()).await.refused_as(404, FailureCode::NotFound).await;
    post("/api/query/get_tree", b"{}".to_vec()).await.refused_as(400, FailureCode::BadRequest).await;
    post("/api/nothing", b"{}".to_vec()).await.refused_as(404, FailureCode::NotFound).await;
    caller.get("/api/push").await.refused_as(400, FailureCode::BadRequest).await;
    caller.send(Method::DELETE, "/api/sessions/me").await.refused_as(400, FailureCode::BadRequest).await;
    post("/api/sign-in", vec![b' '; 9 * 1024]).await.refused_as(413, FailureCode::TooLarge).await;
    let many = Command::AddPerson {
        person: PersonId::derived(&["x"]),
        email: "x@y.fr".to_owned(),
        first_name: "X".to_owned(),
        last_name: "Y".to_owned(),
        role: Role::Collaborator,
    };
    let answer = caller.post("/api/push", &push_of(vec![many; 1_001])).await;
    assert_eq!(answer.refused(413).await.details["limit"], "1000");
}

#[tokio::test(flavor = "multi_thread")]
async fn large_answers_are_compressed_and_all_are_guarded() {
    let house = House::open().await;
    let anne = house.administrator().await;
    anne.open_client_file("Alter Ce").await;
    let request = json!({ "cursor": 0, "sight": "", "limit": 5_000, "epoch": "" });
    let plain = anne.caller.request(Method::POST, "/api/pull").json(&request).send().await.expect("an answer");
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(plain.headers()[name], value);
    }
    assert!(plain.headers().contains_key("x-request-id"));
    let plain = plain.bytes().await.expect("the body comes");
    let packed = anne
        .caller
        .request(Method::POST, "/api/pull")
        .header("accept-encoding", "gzip")
        .json(&request)
        .send()
        .await
        .expect("an answer");
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let packed = packed.bytes().await.expect("the body comes");
    assert!(packed.len() * 4 < plain.len(), "{} of {} bytes", packed.len(), plain.len());
}
