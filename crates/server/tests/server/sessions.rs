//! Signing in and out: wrong passwords, sessions that end, workstations revoked.

use protocol::failure::FailureCode;
use protocol::session::SessionView;
use reqwest::Method;

use crate::support::{DAY, House, PASSWORD, sign_in_request};

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_and_out() {
    let house = House::open().await;
    let anne = house.administrator().await;
    assert_eq!(anne.session.firm_name, "Cabinet Leroy");
    assert_eq!(anne.session.token.len(), 64, "256 bits");
    let me = anne.query("get_overview", serde_json::json!({})).await;
    assert_eq!(me["firm_name"], "Cabinet Leroy", "{me}");

    anne.caller.send(Method::POST, "/api/sign-out").await.done().await;
    let answer = anne.caller.get("/api/sessions").await;
    assert_eq!(answer.0.headers()["www-authenticate"], "Bearer");
    answer.refused_because(401, FailureCode::SignedOut, "unknown").await;
    house.visitor().get("/api/sessions").await.refused_as(401, FailureCode::SignedOut).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_email_are_answered_alike() {
    let house = House::open().await;
    house.administrator().await;
    let visitor = house.visitor();
    let wrong = sign_in_request(&house.admin_email, "pas le bon mot de passe", "bureau");
    let unknown = sign_in_request("personne@cabinet-leroy.fr", PASSWORD, "bureau");
    let wrong = visitor.post("/api/sign-in", &wrong).await.refused(401).await;
    let unknown = visitor.post("/api/sign-in", &unknown).await.refused(401).await;
    assert_eq!(wrong, unknown, "nothing tells who has an account");
    assert_eq!(wrong.code, FailureCode::WrongPassword);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_gets_slow_even_across_a_restart() {
    let mut house = House::open().await;
    house.administrator().await;
    let wrong = sign_in_request(&house.admin_email, "au hasard, encore", "bureau");
    for _ in 0..5 {
        house.visitor().post("/api/sign-in", &wrong).await.refused_as(401, FailureCode::WrongPassword).await;
    }
    house.restart().await;
    let right = sign_in_request(&house.admin_email, PASSWORD, "bureau");
    let answer = house.visitor().post("/api/sign-in", &right).await;
    assert_eq!(answer.0.headers()["retry-after"], "2");
    let failure = answer.refused(429).await;
    assert_eq!((failure.code, failure.details["seconds"].as_str()), (FailureCode::TooManyTries, "2"));

    house.advance(2_000);
    house.visitor().post("/api/sign-in", &wrong).await.refused_as(401, FailureCode::WrongPassword).await;
    let failure = house.visitor().post("/api/sign-in", &right).await.refused(429).await;
    assert_eq!(failure.details["seconds"], "4", "each failure doubles the wait");
    house.advance(4_000);
    house.sign_in(&house.admin_email, "bureau").await;
    house.visitor().post("/api/sign-in", &wrong).await.refused_as(401, FailureCode::WrongPassword).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_it_is_not_used() {
    let house = House::open().await;
    let anne = house.administrator().await;
    house.advance(29 * DAY);
    anne.query("get_overview", serde_json::json!({})).await;
    house.advance(29 * DAY);
    anne.query("get_overview", serde_json::json!({})).await;
    house.advance(31 * DAY);
    anne.caller.get("/api/sessions").await.refused_because(401, FailureCode::SignedOut, "expired").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workstation_is_revoked_from_another() {
    let house = House::open().await;
    let desk = house.administrator().await;
    house.advance(1_000);
    let laptop = house.sign_in(&house.admin_email, "portable").await;
    let sessions: Vec<SessionView> = desk.caller.get("/api/sessions").await.json().await;
    let shown: Vec<(&str, bool)> =
        sessions.iter().map(|session| (session.workstation_name.as_str(), session.current)).collect();
    assert_eq!(shown, [("portable", false), ("bureau", true)]);

    let path = format!("/api/sessions/{}", sessions[0].workstation);
    desk.caller.send(Method::DELETE, &path).await.done().await;
    laptop.caller.get("/api/sessions").await.refused_because(401, FailureCode::SignedOut, "revoked").await;
    desk.caller.send(Method::DELETE, &path).await.refused_as(404, FailureCode::NotFound).await;
    desk.caller.get("/api/sessions").await.json::<Vec<SessionView>>().await;

    // A colleague signed in on the same workstation ends their own session there, not Anne's.
    let colleague = house.collaborator(&desk, "paul").await;
    let shared = format!("/api/sessions/{}", sessions[1].workstation);
    colleague.caller.send(Method::DELETE, &shared).await.done().await;
    colleague.caller.get("/api/sessions").await.refused_because(401, FailureCode::SignedOut, "revoked").await;
    desk.query("get_overview", serde_json::json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_cannot_be_are_refused() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let mut caller = house.visitor();
    for token in ["", "x", &anne.session.token[1..], &"0".repeat(64), &"é".repeat(32)] {
        caller.token = Some(token.to_owned());
        caller.get("/api/sessions").await.refused_as(401, FailureCode::SignedOut).await;
    }
}
