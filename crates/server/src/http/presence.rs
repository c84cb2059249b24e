//! Who has which document open.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use protocol::failure::{Failure, FailureCode};
use protocol::presence::{MAX_OPEN, OpenedElsewhere, PresenceReply, PresenceRequest};
use serde_json::json;

use super::body::Payload;
use super::problem::Problem;
use super::{App, Signed};

/// Takes in what a workstation has open; what others have of what its user may see.
pub(super) async fn presence(
    State(app): State<Arc<App>>,
    signed: Signed,
    Payload(request): Payload<PresenceRequest>,
) -> Result<Json<PresenceReply>, Problem> {
    if request.open.len() > MAX_OPEN {
        return Err(Failure::new(FailureCode::TooLarge, "too many documents").with("limit", MAX_OPEN).into());
    }
    let now = app.host.now();
    app.pool
        .run(move || {
            let (workstation, person) = (signed.session.workstation, signed.session.person);
            // What the asker may not see is not theirs to tell of either.
            let is_seen = |document| {
                let answer = signed.firm.firm.answer(person, "get_document", json!({ "document": document }));
                answer.is_some_and(|answer| answer.is_ok())
            };
            let open = request.open.into_iter().filter(|open| is_seen(open.document)).collect();
            let elsewhere = signed.firm.presence.tell(workstation, person, open, now);
            let elsewhere: Vec<OpenedElsewhere> =
                elsewhere.into_iter().filter(|opened| is_seen(opened.document)).collect();
            Ok(Json(PresenceReply { elsewhere }))
        })
        .await
}
