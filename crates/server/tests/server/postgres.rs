//! The same server on PostgreSQL: from the link to a document, across a restart.

use protocol::command::Outcome;
use protocol::failure::FailureCode;
use serde_json::json;

use crate::support::{House, sign_in_request};

#[tokio::test(flavor = "multi_thread")]
async fn a_firm_lives_in_postgresql() {
    let url = testkit::postgres::url();
    let mut house = House::open_with(|options| options.postgres = Some(url)).await;
    assert!(!house.data().join("control.db").exists(), "the databases are not in the folder");
    let anne = house.administrator().await;
    let paul = house.collaborator(&anne, "paul").await;
    let client = anne.open_client_file("Alter Ce").await;
    let content = anne.add_document(client, "bilan.pdf", b"le bilan").await;
    let wrong = sign_in_request(&house.admin_email, "pas le bon du tout", "bureau");
    house.visitor().post("/api/sign-in", &wrong).await.refused_as(401, FailureCode::WrongPassword).await;

    house.restart().await;
    let (anne, paul) = (anne.again(&house), paul.again(&house));
    assert_eq!(anne.get_content(content.hash).await.bytes().await, b"le bilan");
    paul.get_content(content.hash).await.refused_as(404, FailureCode::NotFound).await;
    assert!(anne.pull_all().await.0.contains("bilan.pdf"));
    assert!(!paul.pull_all().await.0.contains("bilan.pdf"));
    let found = anne.query("search", json!({ "text": "bilan", "limit": 10 })).await;
    assert!(found.to_string().contains("bilan.pdf"), "{found}");
    assert!(matches!(paul.try_add_document(client, "x.pdf", content).await, Outcome::Refused { .. }));
}
