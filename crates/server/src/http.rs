//! The HTTP side: what every request goes through, and the state that handlers share.
//!
//! The list of endpoints is in [`endpoints`]; each handler reads a request, calls the store or the contents on a
//! blocking thread, and answers. Handlers decide nothing about documents or people.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Extension, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use protocol::failure::{Failure, FailureCode};
use store::control::{Control, Session, Token};
use store::firm::Caller;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _};
use tower_http::compression::{CompressionLayer, CompressionLevel};

use crate::firms::{Firms, OpenFirm};
use crate::host::Host;
use crate::password::Passwords;
use crate::pool::{ClosedAside, Pool};
use body::BodyLimit;
use problem::Problem;

mod body;
mod contents;
mod endpoints;
mod events;
mod invitations;
mod openapi;
mod page;
mod presence;
mod problem;
mod sessions;
mod sync;
mod transport;

/// What handlers share.
pub(crate) struct App {
    pub(crate) host: Host,
    pub(crate) control: Arc<ClosedAside<Control>>,
    pub(crate) firms: Arc<Firms>,
    pub(crate) passwords: Passwords,
    /// For the databases.
    pub(crate) pool: Pool,
    /// For contents, so that slow transfers do not keep commands waiting.
    pub(crate) disk: Pool,
    /// Where people reach the server, when it was told.
    pub(crate) public_url: Option<String>,
    /// Whether a proxy in front of the server says where requests come from.
    pub(crate) behind_proxy: bool,
    /// Whether people reach the server over TLS, its own or a proxy's.
    pub(crate) is_encrypted: bool,
    /// Cancelled when the server stops: what lasts must end.
    pub(crate) closing: CancellationToken,
    /// Moves on when a session is ended: live events check whether it is theirs.
    pub(crate) endings: watch::Sender<u64>,
}

impl App {
    /// The server's address as people write it, without a slash at the end.
    fn base_url(&self, headers: &HeaderMap) -> String {
        if let Some(url) = &self.public_url {
            return url.trim_end_matches('/').to_owned();
        }
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .filter(|host| host.bytes().all(|b| b.is_ascii_alphanumeric() || b".:-[]".contains(&b)))
            .unwrap_or("localhost");
        let scheme = if self.is_encrypted { "https" } else { "http" };
        format!("{scheme}://{host}")
    }
}

/// The service to be served.
pub(crate) fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for endpoint in endpoints::ENDPOINTS {
        let route = (endpoint.route)().layer(Extension(BodyLimit(endpoint.limit)));
        router = router.route(endpoint.path, route);
    }
    let is_json = |_, _, headers: &HeaderMap, _: &_| {
        headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
    };
    router
        .fallback(transport::no_such_endpoint)
        .method_not_allowed_fallback(transport::no_such_method)
        // Bodies are limited where they are read, endpoint by endpoint.
        .layer(DefaultBodyLimit::disable())
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Fastest)
                .compress_when(DefaultPredicate::new().and(is_json)),
        )
        .layer(CatchPanicLayer::custom(problem::of_panic))
        .layer(axum::middleware::from_fn(transport::heard_out))
        .layer(axum::middleware::from_fn(transport::seen_and_guarded))
        .with_state(app)
}

/// The address a request comes from: the caller's, or what the proxy in front of the server says of it.
pub(crate) struct Source(pub(crate) IpAddr);

impl FromRequestParts<Arc<App>> for Source {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([0; 4]), |peer| peer.0.ip());
        // The last is what the proxy itself saw; those before it are what the caller pretends.
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let seen_by_proxy = forwarded.and_then(|list| list.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        Ok(Self(if app.behind_proxy { seen_by_proxy.unwrap_or(peer) } else { peer }))
    }
}

/// Who asks, as their session says.
pub(crate) struct Signed {
    pub(crate) token: Token,
    pub(crate) session: Session,
    pub(crate) firm: Arc<OpenFirm>,
}

impl Signed {
    fn caller(&self) -> Caller {
        Caller { person: self.session.person, workstation_name: self.session.workstation_name.clone() }
    }
}

impl FromRequestParts<Arc<App>> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let token = bearer(&parts.headers)
            .ok_or_else(|| Failure::new(FailureCode::SignedOut, "no session").with("reason", "unknown"))?;
        let (control, firms) = (Arc::clone(&app.control), Arc::clone(&app.firms));
        let now = app.host.now();
        app.pool
            .run(move || {
                let session = control.session(&token, now)?;
                let firm = firms.get(session.firm, now)?;
                if firm.firm.person(session.person)?.suspended_at.is_some() {
                    // Again, where the server stopped between the suspension and the end of the sessions.
                    control.revoke_all(session.firm, session.person)?;
                    let refusal = Failure::new(FailureCode::SignedOut, "suspended").with("reason", "suspended");
                    return Err(refusal.into());
                }
                Ok(Self { token, session, firm })
            })
            .await
    }
}

fn bearer(headers: &HeaderMap) -> Option<Token> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Token::read(token.trim()))?
}
