//! Commands, feed and queries: the firm's store over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::id::PersonId;
use failpoints::Point;
use protocol::command::{Command, Outcome};
use protocol::failure::{Failure, FailureCode};
use protocol::feed::{PullRequest, PushReply, PushRequest};

use super::body::Payload;
use super::problem::Problem;
use super::{App, Signed};

/// Executes commands.
pub(super) async fn push(
    State(app): State<Arc<App>>,
    signed: Signed,
    Payload(request): Payload<PushRequest>,
) -> Result<Json<PushReply>, Problem> {
    let now = app.host.now();
    let control = Arc::clone(&app.control);
    let (reply, has_ended_sessions) = app
        .pool
        .run(move || -> store::Result<_> {
            failpoints::reached(Point::ServerGiven);
            let reply = signed.firm.push(&signed.caller(), &request, now)?;
            failpoints::reached(Point::ServerExecuted);
            let suspended = suspended_by(&request, &reply);
            for person in &suspended {
                control.revoke_all(signed.session.firm, *person)?;
            }
            Ok((reply, !suspended.is_empty()))
        })
        .await?;
    if has_ended_sessions {
        app.endings.send_modify(|count| *count += 1);
    }
    Ok(Json(reply))
}

/// Whom these commands shut out: their sessions end with it.
fn suspended_by(request: &PushRequest, reply: &PushReply) -> Vec<PersonId> {
    let done = request.commands.iter().zip(&reply.outcomes);
    done.filter_map(|(envelope, outcome)| match (&envelope.command, outcome) {
        (Command::SuspendPerson { person }, Outcome::Done { .. }) => Some(*person),
        _ => None,
    })
    .collect()
}

/// The next page of what changed.
pub(super) async fn pull(
    State(app): State<Arc<App>>,
    signed: Signed,
    Payload(request): Payload<PullRequest>,
) -> Result<Response, Problem> {
    app.pool
        .run(move || {
            let reply = signed.firm.firm.pull(signed.session.person, &request)?;
            written(&reply)
        })
        .await
}

/// Answers a query.
pub(super) async fn query(
    State(app): State<Arc<App>>,
    signed: Signed,
    Path(name): Path<String>,
    Payload(payload): Payload<serde_json::Value>,
) -> Result<Response, Problem> {
    app.pool
        .run(move || {
            let answer = signed.firm.firm.answer(signed.session.person, &name, payload);
            let answer = answer.ok_or_else(|| Failure::new(FailureCode::NotFound, "no such query"))?;
            written(&answer?)
        })
        .await
}

/// Pages of thousands of rows are written as JSON on the blocking thread that read them.
fn written(value: &impl serde::Serialize) -> Result<Response, Problem> {
    let text = serde_json::to_vec(value).map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok((kind, text).into_response())
}
