//! Live events: a hint that the firm changed, or that somebody opened or closed a document. A client that hears one asks;
//! a client that hears none polls.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use protocol::feed::Hint;
use store::control::Token;
use tokio::sync::watch;
use tokio::time::Sleep;

use super::problem::Problem;
use super::{App, Signed};

/// A comment this often keeps proxies from closing a quiet stream.
const COMMENT: Duration = Duration::from_secs(20);
/// A stream ends after this long; the client comes back and shows its session again.
const LONGEST: Duration = Duration::from_hours(1);

struct Listener {
    app: Arc<App>,
    token: Token,
    head: watch::Receiver<i64>,
    presence: watch::Receiver<u64>,
    endings: watch::Receiver<u64>,
    end: Pin<Box<Sleep>>,
}

/// What there is to tell.
enum Told {
    /// Where the firm's sequence stands.
    Sequence,
    /// Somebody opened or closed a document.
    Presence,
}

impl Listener {
    /// What to tell next, or `None` when the stream is over.
    async fn next(&mut self) -> Option<Told> {
        loop {
            tokio::select! {
                () = self.app.closing.cancelled() => return None,
                () = &mut self.end => return None,
                changed = self.endings.changed() => {
                    if changed.is_err() || !self.is_signed_in().await {
                        return None;
                    }
                }
                changed = self.head.changed() => return changed.ok().map(|()| Told::Sequence),
                changed = self.presence.changed() => return changed.ok().map(|()| Told::Presence),
            }
        }
    }

    async fn is_signed_in(&self) -> bool {
        let (control, token) = (Arc::clone(&self.app.control), self.token.clone());
        let now = self.app.host.now();
        self.app.pool.run(move || control.session(&token, now).is_ok()).await
    }
}

/// Tells where the firm's sequence stands, at once and each time it moves.
pub(super) async fn events(
    State(app): State<Arc<App>>,
    signed: Signed,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let mut head = signed.firm.head();
    // The first hint is where things stand: whoever was away learns at once whether to pull.
    head.mark_changed();
    let listener = Listener {
        head,
        presence: signed.firm.presence.changes(),
        endings: app.endings.subscribe(),
        token: signed.token,
        end: Box::pin(tokio::time::sleep(LONGEST)),
        app,
    };
    let stream = futures_util::stream::unfold(listener, async |mut listener| {
        let told = listener.next().await?;
        let seq = *listener.head.borrow_and_update();
        let event = match told {
            Told::Sequence => Event::default().id(seq.to_string()),
            Told::Presence => Event::default().event("presence"),
        };
        let event = event.json_data(Hint { seq });
        Some((Ok(event.unwrap_or_default()), listener))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(COMMENT)))
}
