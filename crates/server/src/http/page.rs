//! The page of a one-use link: where somebody invited chooses their password. In French, without a script.
//!
//! The link's secret is in the page's address and nowhere else, so no other site can send the form; the form is refused
//! from elsewhere all the same. The address is never sent on (`Referrer-Policy`), and never logged.

use std::sync::Arc;

use axum::Form;
use axum::body::Body;
use axum::extract::{FromRequest as _, Path, State};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use bytes::Bytes;
use protocol::failure::{Failure, FailureCode};
use protocol::session::InvitationView;
use serde::Deserialize;
use store::control::{Invitation, InvitationState};
use tower_http::csrf::CsrfLayer;

use super::body::Raw;
use super::problem::{Problem, status_of};
use super::{App, invitations};

const PAGE: &str = include_str!("page/page.html");
const FORM: &str = include_str!("page/form.html");
const DONE: &str = include_str!("page/done.html");
const OVER: &str = include_str!("page/over.html");
const STYLE: &str = include_str!("page/style.css");
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page and its form.
pub(super) fn route() -> MethodRouter<Arc<App>> {
    get(show).post(submit).layer(CsrfLayer::new())
}

/// The page's style.
pub(super) async fn style() -> Response {
    let kind = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
    ];
    (kind, STYLE).into_response()
}

/// The form's fields.
#[derive(Deserialize)]
struct Chosen {
    password: String,
    again: String,
}

async fn show(State(app): State<Arc<App>>, Path(token): Path<String>) -> Response {
    match invitations::find(&app, &token).await {
        Ok((invitation, view)) if invitation.check().is_ok() => {
            page(StatusCode::OK, "Choisissez votre mot de passe", &form(&view, None))
        }
        Ok((invitation, view)) => over(&app, &invitation, &view).await,
        Err(problem) => failed(&problem.0),
    }
}

async fn submit(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Response {
    let Some(Chosen { password, again }) = fields(body).await else {
        return failed(&Failure::new(FailureCode::BadRequest, "not the page's form"));
    };
    let (invitation, view) = match invitations::find(&app, &token).await {
        Ok(found) => found,
        Err(problem) => return failed(&problem.0),
    };
    if password != again {
        return refused(&view, "Les deux mots de passe ne sont pas les mêmes.");
    }
    match invitations::choose_password(&app, &token, password).await {
        Ok(view) => {
            let done = filled(
                DONE,
                &[("first_name", &view.first_name), ("email", &view.email), ("server", &app.base_url(&headers))],
            );
            page(StatusCode::OK, "Votre compte est actif", &done)
        }
        Err(Problem(failure)) => match failure.code {
            FailureCode::WeakPassword => refused(&view, sentence(&failure)),
            FailureCode::LinkInvalid => over(&app, &invitation, &view).await,
            FailureCode::TooManyTries => {
                refused(&view, "Le serveur est très sollicité. Réessayez dans quelques secondes.")
            }
            _ => failed(&failure),
        },
    }
}

/// Reads the form's fields from a body whose size is limited already.
async fn fields(body: Bytes) -> Option<Chosen> {
    let request = Request::post("/")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .ok()?;
    Form::from_request(request, &()).await.ok().map(|Form(chosen)| chosen)
}

fn form(view: &InvitationView, error: Option<&str>) -> String {
    let error = error.map_or_else(String::new, |error| {
        format!("<p class=\"error\" id=\"error\" role=\"alert\">{}</p>", escaped(error))
    });
    filled(FORM, &[("first_name", &view.first_name), ("firm_name", &view.firm_name), ("email", &view.email)])
        .replace("{{error}}", &error)
}

fn refused(view: &InvitationView, error: &str) -> Response {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    page(status, "Mot de passe à revoir", &form(view, Some(error)))
}

fn sentence(failure: &Failure) -> &'static str {
    match failure.details.get("reason").map(String::as_str) {
        Some("too_short") => "Ce mot de passe est trop court : il faut au moins 12 caractères.",
        Some("too_long") => "Ce mot de passe est trop long.",
        Some("known") => "Ce mot de passe est fait de votre nom, de votre e-mail ou du nom du cabinet : il se devine.",
        _ => "Ce mot de passe est trop courant : il serait deviné en quelques secondes.",
    }
}

/// The page of a link that no longer works, which tells whom to ask for another one.
async fn over(app: &Arc<App>, invitation: &Invitation, view: &InvitationView) -> Response {
    let administrator = administrator_email(app, invitation).await;
    // A link that stopped working between the page and its form was used meanwhile.
    let (title, what) = match invitation.state {
        InvitationState::Expired => {
            ("Ce lien a expiré", "Un lien fonctionne sept jours, et jusqu’à ce qu’un autre vous soit envoyé.")
        }
        InvitationState::Used | InvitationState::Open => (
            "Ce lien a déjà été utilisé",
            "Votre compte est actif. Ouvrez Gédéon et connectez-vous avec votre e-mail et le mot de passe que vous avez choisi.",
        ),
    };
    let ask = administrator.filter(|email| *email != view.email).map_or_else(
        || "Si le mot de passe est perdu, l’administrateur du serveur peut créer un autre lien.".to_owned(),
        |email| {
            format!(
                "<a class=\"button\" href=\"mailto:{}?subject={}\">Demander un nouveau lien</a>",
                escaped(&email),
                "Un%20nouveau%20lien%20pour%20G%C3%A9d%C3%A9on",
            )
        },
    );
    let body = filled(OVER, &[("title", title), ("what", what)]).replace("{{ask}}", &ask);
    page(StatusCode::GONE, title, &body)
}

/// The e-mail of the administrator to ask, for whom holds a link of the firm.
async fn administrator_email(app: &Arc<App>, invitation: &Invitation) -> Option<String> {
    let (firms, now) = (Arc::clone(&app.firms), app.host.now());
    let (firm, person) = (invitation.firm, invitation.person);
    let people = app
        .pool
        .run(move || {
            let firm = firms.get(firm, now).ok()?;
            firm.firm.answer(person, "list_people", serde_json::json!({}))?.ok()
        })
        .await?;
    let people: protocol::view::PeopleView = serde_json::from_value(people).ok()?;
    people
        .people
        .into_iter()
        .find(|person| person.role == domain::person::Role::Administrator)
        .map(|person| person.email)
}

fn failed(failure: &Failure) -> Response {
    let (title, what) = match failure.code {
        FailureCode::LinkInvalid => {
            ("Ce lien n’existe pas", "Vérifiez que l’adresse est complète : elle a pu être coupée en étant copiée.")
        }
        FailureCode::BadRequest | FailureCode::TooLarge => {
            ("Formulaire illisible", "Revenez en arrière, puis essayez de nouveau.")
        }
        _ => ("Le serveur n’a pas pu répondre", "Réessayez dans quelques minutes."),
    };
    if failure.code == FailureCode::Internal {
        tracing::error!(cause = failure.message, "a page failed");
    }
    let body = filled(OVER, &[("title", title), ("what", what)]).replace("{{ask}}", "");
    page(status_of(failure.code), title, &body)
}

fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let html = filled(PAGE, &[("title", title)]).replace("{{body}}", body);
    let policy = [(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))];
    (status, policy, Html(html)).into_response()
}

/// Puts values in a template, escaped.
fn filled(template: &str, values: &[(&str, &str)]) -> String {
    values
        .iter()
        .fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), &escaped(value)))
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, c| {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // A value must never be taken for the name of another one.
            '{' => escaped.push_str("&#123;"),
            c => escaped.push(c),
        }
        escaped
    })
}
