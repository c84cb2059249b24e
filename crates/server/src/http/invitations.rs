//! One-use links over the API; the page that people see is in [`super::page`].

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use domain::access::Act;
use protocol::failure::{Failure, FailureCode};
use protocol::session::{AcceptInvitationRequest, InvitationView, InviteReply, InviteRequest};
use store::control::{Invitation, InvitationState, Token};

use super::body::Payload;
use super::problem::Problem;
use super::{App, Signed};
use crate::password;

/// Makes a link for somebody of the firm; their earlier links end.
pub(super) async fn invite(
    State(app): State<Arc<App>>,
    signed: Signed,
    headers: HeaderMap,
    Payload(request): Payload<InviteRequest>,
) -> Result<Json<InviteReply>, Problem> {
    let token = app.host.token();
    let link = format!("{}/invitation/{}", app.base_url(&headers), token.reveal());
    let (control, now) = (Arc::clone(&app.control), app.host.now());
    app.pool
        .run(move || -> store::Result<()> {
            let firm = &signed.firm.firm;
            firm.check(signed.session.person, &Act::ManagePeople)?;
            let person = firm.person(request.person)?;
            if person.suspended_at.is_some() {
                let failure = Failure::new(FailureCode::Denied, "suspended").with("reason", "suspended");
                return Err(failure.into());
            }
            control.invite(&token, firm.id(), person.id, &person.email, now)
        })
        .await?;
    Ok(Json(InviteReply { link }))
}

/// Whom a link invites.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
) -> Result<Json<InvitationView>, Problem> {
    let (invitation, view) = find(&app, &token).await?;
    invitation.check()?;
    Ok(Json(view))
}

/// Spends a link.
pub(super) async fn accept(
    State(app): State<Arc<App>>,
    Payload(request): Payload<AcceptInvitationRequest>,
) -> Result<StatusCode, Problem> {
    choose_password(&app, &request.token, request.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A link with what is shown of it, whether or not it still works.
pub(super) async fn find(app: &Arc<App>, token: &str) -> Result<(Invitation, InvitationView), Problem> {
    let token = read(token)?;
    let (control, firms, now) = (Arc::clone(&app.control), Arc::clone(&app.firms), app.host.now());
    app.pool
        .run(move || {
            let mut invitation = control.invitation(&token, now)?;
            let person = firms.get(invitation.firm, now)?.firm.person(invitation.person)?;
            let is_theirs = person.email == invitation.email && person.suspended_at.is_none();
            if invitation.state == InvitationState::Open && !is_theirs {
                // Made for an e-mail that was corrected since, or for somebody who was shut out since.
                invitation.state = InvitationState::Expired;
            }
            let view = InvitationView {
                email: invitation.email.clone(),
                firm_name: control.firm(invitation.firm)?.name,
                first_name: person.first_name,
            };
            Ok((invitation, view))
        })
        .await
}

/// Gives the person of a link the password they chose. Only a link that works costs a hash.
pub(super) async fn choose_password(app: &Arc<App>, token: &str, password: String) -> Result<InvitationView, Problem> {
    let (invitation, view) = find(app, token).await?;
    invitation.check()?;
    password::check_strength(&password, &[&view.email, &view.firm_name, &view.first_name])?;
    let hash = app.passwords.hash(password).await?;
    let token = read(token)?;
    let (control, now) = (Arc::clone(&app.control), app.host.now());
    let (firms, person) = (Arc::clone(&app.firms), invitation.person);
    app.pool
        .run(move || -> Result<(), Problem> {
            let accepted = control.accept(&token, &hash, now)?;
            firms.get(accepted.firm, now)?.join(person, now)?;
            Ok(())
        })
        .await?;
    app.endings.send_modify(|count| *count += 1);
    tracing::info!(person = %invitation.person, "chose a password");
    Ok(view)
}

fn read(token: &str) -> Result<Token, Problem> {
    Token::read(token)
        .ok_or_else(|| Failure::new(FailureCode::LinkInvalid, "the link is not one").with("reason", "unknown").into())
}
