//! Signing in and out, and the list of one's workstations.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::id::WorkstationId;
use protocol::failure::{Failure, FailureCode};
use protocol::session::{SessionView, SignInReply, SignInRequest};
use store::control::{NewSession, Try};

use super::body::Payload;
use super::problem::Problem;
use super::{App, Signed, Source};
use crate::password::MAX_BYTES;

/// The longest name of a workstation kept, in characters.
const MAX_WORKSTATION_NAME: usize = 100;
/// The longest e-mail there is, in bytes.
const MAX_EMAIL: usize = 254;

/// Opens a session. The e-mail of nobody takes as long, and fails the same, as a wrong password.
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    Source(source): Source,
    Payload(request): Payload<SignInRequest>,
) -> Result<Json<SignInReply>, Problem> {
    let SignInRequest { email, password, workstation, workstation_name } = request;
    if email.len() > MAX_EMAIL || password.len() > MAX_BYTES {
        return Err(Failure::new(FailureCode::BadRequest, "the e-mail or password is too long").into());
    }
    let now = app.host.now();
    // A server too busy to look at the password counts no try.
    let turn = app.passwords.turn()?;
    let tried = Try { email: email.clone(), workstation, source };
    let (control, one) = (Arc::clone(&app.control), tried.clone());
    let account = app
        .pool
        .run(move || {
            control.begin_try(&one, now)?;
            control.account(&one.email)
        })
        .await?;
    let hash = account.as_ref().and_then(|account| account.password.clone());
    let is_right = app.passwords.verify(&turn, password, hash).await;
    drop(turn);
    let Some(account) = account.filter(|_| is_right) else {
        tracing::info!("a sign-in failed");
        return Err(Failure::new(FailureCode::WrongPassword, "wrong e-mail or password").into());
    };
    let new = NewSession {
        firm: account.firm,
        person: account.person,
        workstation,
        workstation_name: shown_name(&workstation_name),
    };
    let token = app.host.token();
    let (control, firms) = (Arc::clone(&app.control), Arc::clone(&app.firms));
    let reply = app
        .pool
        .run(move || -> Result<SignInReply, Problem> {
            control.forgive_try(&tried)?;
            let firm = firms.get(new.firm, now)?;
            let person = firm.firm.person(new.person)?;
            if person.suspended_at.is_some() {
                return Err(Failure::new(FailureCode::Denied, "suspended").with("reason", "suspended").into());
            }
            // Where the server stopped between the password and this.
            firm.join(new.person, now)?;
            let firm_name = control.firm(new.firm)?.name;
            control.open_session(&token, &new, now)?;
            Ok(SignInReply { token: token.reveal(), person: new.person, firm: new.firm, firm_name, role: person.role })
        })
        .await?;
    tracing::info!(person = %reply.person, "signed in");
    Ok(Json(reply))
}

/// A workstation's name as others will read it: one line, not too long.
fn shown_name(name: &str) -> String {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(MAX_WORKSTATION_NAME).collect();
    if name.is_empty() { "Poste sans nom".to_owned() } else { name }
}

/// Ends the session that asks.
pub(super) async fn sign_out(State(app): State<Arc<App>>, signed: Signed) -> Result<StatusCode, Problem> {
    let control = Arc::clone(&app.control);
    app.pool.run(move || control.sign_out(&signed.token)).await?;
    app.endings.send_modify(|count| *count += 1);
    Ok(StatusCode::NO_CONTENT)
}

/// One's open sessions.
pub(super) async fn list(State(app): State<Arc<App>>, signed: Signed) -> Result<Json<Vec<SessionView>>, Problem> {
    let (control, now) = (Arc::clone(&app.control), app.host.now());
    let current = signed.session;
    let sessions = app
        .pool
        .run(move || {
            let sessions = control.sessions(current.firm, current.person, now)?;
            Ok::<_, Problem>((sessions, current.workstation))
        })
        .await;
    let (sessions, current) = sessions?;
    let views = sessions.into_iter().map(|session| SessionView {
        workstation: session.workstation,
        current: session.workstation == current,
        workstation_name: session.workstation_name,
        last_seen: session.last_seen,
    });
    Ok(Json(views.collect()))
}

/// Ends one's session on another workstation, which learns it at its next contact.
pub(super) async fn revoke(
    State(app): State<Arc<App>>,
    signed: Signed,
    Path(workstation): Path<String>,
) -> Result<StatusCode, Problem> {
    let workstation: WorkstationId =
        workstation.parse().map_err(|_| Failure::new(FailureCode::BadRequest, "not a workstation's identity"))?;
    let control = Arc::clone(&app.control);
    let session = signed.session;
    let was_open = app.pool.run(move || control.revoke(session.firm, session.person, workstation)).await?;
    if !was_open {
        return Err(Failure::new(FailureCode::NotFound, "no open session there").into());
    }
    app.endings.send_modify(|count| *count += 1);
    Ok(StatusCode::NO_CONTENT)
}
