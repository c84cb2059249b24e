//! One-use links, by the API and by the page that people see.

use domain::id::PersonId;
use protocol::failure::FailureCode;
use protocol::session::{AcceptInvitationRequest, InvitationView, InviteReply, InviteRequest};
use reqwest::Method;

use crate::support::{Caller, DAY, House, PASSWORD, sign_in_request};

fn accept(link: &str, password: &str) -> AcceptInvitationRequest {
    AcceptInvitationRequest { token: House::token_of_link(link), password: password.to_owned() }
}

async fn page(visitor: &Caller, link: &str) -> (u16, String) {
    let answer = visitor.get(&format!("/invitation/{}", House::token_of_link(link))).await.0;
    let policy = answer.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer", "the secret is in the address");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    (answer.status().as_u16(), answer.text().await.expect("the page comes"))
}

async fn submit(visitor: &Caller, link: &str, password: &str, again: &str) -> (u16, String) {
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    let body = format!("email=x&password={}&again={}", encoded(password), encoded(again));
    let answer = visitor
        .request(Method::POST, &format!("/invitation/{}", House::token_of_link(link)))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(body)
        .send()
        .await
        .expect("the server answers");
    (answer.status().as_u16(), answer.text().await.expect("the page comes"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_chooses_a_password_once() {
    let house = House::open().await;
    assert!(house.link.starts_with("http://cabinet.test/invitation/"), "{}", house.link);
    let visitor = house.visitor();
    let before = sign_in_request(&house.admin_email, "", "bureau");
    visitor.post("/api/sign-in", &before).await.refused_as(401, FailureCode::WrongPassword).await;

    let path = format!("/api/invitations/{}", House::token_of_link(&house.link));
    let view: InvitationView = visitor.get(&path).await.json().await;
    assert_eq!(
        (view.email, view.firm_name.as_str(), view.first_name.as_str()),
        (house.admin_email.clone(), "Cabinet Leroy", "Anne")
    );

    for (password, reason) in [("court", "too_short"), ("motdepasse2026", "common"), ("anne.cabinet.leroy", "known")] {
        let answer = visitor.post("/api/invitations/accept", &accept(&house.link, password)).await;
        answer.refused_because(422, FailureCode::WeakPassword, reason).await;
    }
    visitor.post("/api/invitations/accept", &accept(&house.link, PASSWORD)).await.done().await;
    let again = visitor.post("/api/invitations/accept", &accept(&house.link, "un autre mot de passe")).await;
    again.refused_because(410, FailureCode::LinkInvalid, "used").await;
    visitor.get(&path).await.refused_because(410, FailureCode::LinkInvalid, "used").await;
    house.sign_in(&house.admin_email, "bureau").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_expires_and_another_is_made_for_the_same_firm() {
    let mut house = House::open().await;
    house.advance(7 * DAY);
    let visitor = house.visitor();
    let late = visitor.post("/api/invitations/accept", &accept(&house.link, PASSWORD)).await;
    late.refused_because(410, FailureCode::LinkInvalid, "expired").await;
    let (status, text) = page(&visitor, &house.link).await;
    assert!(status == 410 && text.contains("Ce lien a expiré"), "{text}");

    house.stop().await;
    house.link = house.make_firm("Cabinet Leroy", &house.admin_email.to_uppercase()).await;
    house.start().await;
    let anne = house.administrator().await;
    let people = anne.query("list_people", serde_json::json!({})).await;
    assert_eq!(people["people"].as_array().map(Vec::len), Some(1), "it is the same firm: {people}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_invites_a_colleague_and_nobody_else_does() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let paul = house.collaborator(&anne, "paul").await;
    let refused = paul.caller.post("/api/invitations", &InviteRequest { person: anne.person }).await;
    refused.refused_as(403, FailureCode::Denied).await;
    let unknown = InviteRequest { person: PersonId::derived(&["nobody"]) };
    anne.caller.post("/api/invitations", &unknown).await.refused_as(404, FailureCode::NotFound).await;

    // A new link is a new password: sessions end, and what they may see stays.
    let reply: InviteReply =
        anne.caller.post("/api/invitations", &InviteRequest { person: paul.person }).await.json().await;
    assert!(reply.link.starts_with(&format!("{}/invitation/", house.base())), "{}", reply.link);
    paul.query("get_overview", serde_json::json!({})).await;
    house.visitor().post("/api/invitations/accept", &accept(&reply.link, "trois petits ponts")).await.done().await;
    paul.caller.get("/api/sessions").await.refused_because(401, FailureCode::SignedOut, "unknown").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_takes_somebody_from_the_link_to_an_account() {
    let house = House::open().await;
    let visitor = house.visitor();
    let (status, text) = page(&visitor, &house.link).await;
    assert_eq!(status, 200);
    for expected in [
        "lang=\"fr\"",
        "Choisissez votre mot de passe",
        &house.admin_email,
        "Cabinet Leroy",
        "autocomplete=\"new-password\"",
    ] {
        assert!(text.contains(expected), "{expected} is on the page: {text}");
    }
    assert!(!text.contains("<script") && !text.contains("{{"), "{text}");

    let (status, text) = submit(&visitor, &house.link, PASSWORD, "autre chose ici").await;
    assert!(status == 422 && text.contains("ne sont pas les mêmes") && text.contains("role=\"alert\""), "{text}");
    let (status, text) = submit(&visitor, &house.link, "court", "court").await;
    assert!(status == 422 && text.contains("au moins 12 caractères"), "{text}");
    let (status, text) = submit(&visitor, &house.link, "du thé & des gâteaux", "du thé & des gâteaux").await;
    assert!(status == 200 && text.contains("Votre compte est actif") && text.contains(&house.base()), "{text}");
    let request = sign_in_request(&house.admin_email, "du thé & des gâteaux", "bureau");
    assert!(visitor.post("/api/sign-in", &request).await.0.status().is_success());

    let (status, text) = submit(&visitor, &house.link, PASSWORD, PASSWORD).await;
    assert!(status == 410 && text.contains("déjà été utilisé"), "{text}");
    let (status, text) = page(&visitor, &house.link).await;
    assert!(status == 410 && text.contains("déjà été utilisé"), "{text}");
    let style = visitor.get("/invitation/style.css").await.0;
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_link_offers_a_new_one_and_an_unknown_one_says_so() {
    let house = House::open().await;
    let anne = house.administrator().await;
    let reply: InviteReply = {
        let paul = house.collaborator(&anne, "paul").await;
        anne.caller.post("/api/invitations", &InviteRequest { person: paul.person }).await.json().await
    };
    let visitor = house.visitor();
    visitor.post("/api/invitations/accept", &accept(&reply.link, PASSWORD)).await.done().await;
    let (_, text) = page(&visitor, &reply.link).await;
    assert!(text.contains(&format!("mailto:{}", house.admin_email)), "whom to ask: {text}");
    assert!(text.contains("Demander un nouveau lien"), "{text}");

    for wrong in ["x", &"0".repeat(64)] {
        let (status, text) = page(&visitor, &format!("/{wrong}")).await;
        assert!(status == 410 && text.contains("Ce lien n’existe pas"), "{status} {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_shown_as_text_and_forms_come_from_the_page() {
    let mut house = House::open().await;
    house.stop().await;
    let link = house.make_firm("<b>Cabinet</b> {{email}} & fils", "autre@cabinet.fr").await;
    house.start().await;
    let visitor = house.visitor();
    let (_, text) = page(&visitor, &link).await;
    assert!(text.contains("&lt;b&gt;Cabinet&lt;/b&gt; &#123;&#123;email}} &amp; fils"), "{text}");

    let elsewhere = visitor
        .request(Method::POST, &format!("/invitation/{}", House::token_of_link(&link)))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .body("password=cheval-agrafe-pile&again=cheval-agrafe-pile")
        .send()
        .await
        .expect("the server answers");
    assert_eq!(elsewhere.status(), 403, "another site's form is refused");
    assert_eq!(page(&visitor, &link).await.0, 200, "and the link still works");
}
