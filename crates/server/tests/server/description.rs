//! The API's description: every endpoint is in it, and everything in it answers.

use std::collections::BTreeSet;

use protocol::failure::FailureCode;
use protocol::query::QUERIES;
use reqwest::Method;
use serde_json::Value;

use crate::support::House;

#[tokio::test(flavor = "multi_thread")]
async fn every_path_described_answers() {
    let house = House::open().await;
    house.administrator().await;
    let description: Value = house.visitor().get("/api/openapi.json").await.json().await;
    assert_eq!(description["openapi"], "3.1.0");
    let paths = description["paths"].as_object().expect("paths");
    for query in QUERIES {
        assert!(paths.contains_key(&format!("/api/query/{}", query.name)), "{} is described", query.name);
    }
    for path in ["/api/sign-in", "/api/push", "/api/pull", "/api/events", "/api/contents/{hash}/parts/{number}"] {
        assert!(paths.contains_key(path), "{path} is described");
    }
    let mut asked = 0;
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().expect("operations") {
            let method: Method = method.to_uppercase().parse().expect("a method");
            let is_open = operation["security"].as_array().expect("a list").is_empty();
            let path = path
                .replace("{token}", "x")
                .replace("{workstation}", "x")
                .replace("{hash}", "x")
                .replace("{number}", "x");
            let answer = house.visitor().send(method.clone(), &path).await.0;
            let status = answer.status().as_u16();
            assert_ne!(status, 405, "{method} {path}");
            assert_eq!(status == 401, !is_open, "{method} {path} is open to whom it says: {status}");
            if !is_open {
                let anne = house.sign_in(&house.admin_email, "bureau").await;
                let answer = anne.caller.send(method.clone(), &path).await.0;
                let is_unknown = answer.status().as_u16() == 404
                    && answer.text().await.unwrap_or_default().contains("no such endpoint");
                assert!(!is_unknown, "{method} {path} exists");
            }
            asked += 1;
        }
    }
    assert!(asked > 25, "{asked} operations");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_in_the_description_lead_somewhere() {
    let house = House::open().await;
    let text = house.visitor().get("/api/openapi.json").await.0.text().await.expect("the body comes");
    let description: Value = serde_json::from_str(&text).expect("JSON");
    let schemas = description["components"]["schemas"].as_object().expect("schemas");
    let mut named = BTreeSet::new();
    for (place, _) in text.match_indices("#/components/schemas/") {
        let name: String = text[place + 21..].chars().take_while(char::is_ascii_alphanumeric).collect();
        let shape = &schemas.get(&name).unwrap_or_else(|| panic!("{name} is described"))["x-typescript"];
        assert!(shape.as_str().is_some_and(|shape| shape.contains(&name)), "{name} has a shape: {shape}");
        named.insert(name);
    }
    for name in
        ["SignInRequest", "PushRequest", "PullReply", "MissingReply", "Hint", "Health", "AcceptInvitationRequest"]
    {
        assert!(named.contains(name), "{name} is a body of an endpoint");
    }
    // What a shape is made of has a shape too.
    for name in ["Envelope", "Outcome", "Page", "PageMark", "TableRows", "ContentRef", "VersionChoice"] {
        assert!(schemas.contains_key(name), "{name} is described");
    }
    for (path, method) in [("/api/contents/{hash}/parts/{number}", "put"), ("/api/contents/{hash}/finish", "post")] {
        let parameters = description["paths"][path][method]["parameters"].as_array().expect("parameters");
        assert!(parameters.iter().any(|one| one["name"] == "size" && one["in"] == "query"), "{path}: {parameters:?}");
    }
    let commands = schemas["Command"]["x-typescript"].as_str().expect("text");
    for kind in ["add_person", "create_client_file", "add_document", "restore_version", "mark_read"] {
        assert!(commands.contains(&format!("\"{kind}\"")), "{kind}: {commands}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_says_that_it_is_well() {
    let house = House::open().await;
    let health: Value = house.visitor().get("/api/health").await.json().await;
    assert_eq!(health["status"], "ok");
    house.visitor().get("/").await.refused_as(404, FailureCode::NotFound).await;
}
