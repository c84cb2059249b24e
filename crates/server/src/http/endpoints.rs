//! The one list of endpoints: the router and the API's description are both made of it.

use std::sync::Arc;

use axum::routing::{MethodRouter, delete, get, post, put};
use protocol::transfer::PART_BYTES;

use super::{App, contents, events, invitations, openapi, page, presence, sessions, sync};

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// An endpoint.
pub(super) struct Endpoint {
    /// Methods with what each does.
    pub(super) operations: &'static [Operation],
    /// Path, with its parameters in braces.
    pub(super) path: &'static str,
    /// The most bytes of a request's body.
    pub(super) limit: u64,
    /// Its handlers.
    pub(super) route: fn() -> MethodRouter<Arc<App>>,
}

/// What a method of an endpoint does.
pub(super) struct Operation {
    /// Lower case.
    pub(super) method: &'static str,
    /// One line.
    pub(super) summary: &'static str,
    /// Who may call it.
    pub(super) access: Access,
    /// The request's body.
    pub(super) request: Body,
    /// The answer's body.
    pub(super) answer: Body,
    /// What the address asks for after its `?`.
    pub(super) query: &'static [Parameter],
}

/// A whole number in the address, which must be there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameter {
    /// Its name.
    pub(super) name: &'static str,
    /// What it says.
    pub(super) summary: &'static str,
}

/// Who may call an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Anybody who reaches the server.
    Open,
    /// Whoever shows a session's token.
    Signed,
}

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// None.
    Empty,
    /// JSON of a type of the protocol.
    Json(&'static str),
    /// The description of the API, in the form that OpenAPI gives it.
    Description,
    /// JSON of a list of a type of the protocol.
    List(&'static str),
    /// Bytes.
    Bytes,
    /// Server-sent events of a type of the protocol.
    Events(&'static str),
    /// A page or a form of a browser.
    Page,
}

const fn operation(
    method: &'static str,
    summary: &'static str,
    access: Access,
    request: Body,
    answer: Body,
) -> Operation {
    Operation { method, summary, access, request, answer, query: &[] }
}

/// Count of bytes of a content that comes in parts.
const SIZE: Parameter = Parameter { name: "size", summary: "Bytes of the whole content." };

use Access::{Open, Signed};
use Body::{Bytes, Description, Empty, Events, Json, List, Page};

/// Every endpoint.
pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        path: "/api/health",
        operations: &[operation("get", "Whether the server answers.", Open, Empty, Json("Health"))],
        limit: 0,
        route: || get(openapi::health),
    },
    Endpoint {
        path: "/api/openapi.json",
        operations: &[operation("get", "This description.", Open, Empty, Description)],
        limit: 0,
        route: || get(openapi::description),
    },
    Endpoint {
        path: "/api/sign-in",
        operations: &[operation(
            "post",
            "Opens a session on a workstation.",
            Open,
            Json("SignInRequest"),
            Json("SignInReply"),
        )],
        limit: 8 * KIB,
        route: || post(sessions::sign_in),
    },
    Endpoint {
        path: "/api/sign-out",
        operations: &[operation("post", "Ends the session.", Signed, Empty, Empty)],
        limit: KIB,
        route: || post(sessions::sign_out),
    },
    Endpoint {
        path: "/api/sessions",
        operations: &[operation("get", "The workstations one is signed in on.", Signed, Empty, List("SessionView"))],
        limit: 0,
        route: || get(sessions::list),
    },
    Endpoint {
        path: "/api/sessions/{workstation}",
        operations: &[operation("delete", "Ends one's session on a workstation.", Signed, Empty, Empty)],
        limit: KIB,
        route: || delete(sessions::revoke),
    },
    Endpoint {
        path: "/api/invitations",
        operations: &[operation(
            "post",
            "Makes a one-use link for somebody of the firm.",
            Signed,
            Json("InviteRequest"),
            Json("InviteReply"),
        )],
        limit: KIB,
        route: || post(invitations::invite),
    },
    Endpoint {
        path: "/api/invitations/{token}",
        operations: &[operation("get", "Whom a one-use link invites.", Open, Empty, Json("InvitationView"))],
        limit: 0,
        route: || get(invitations::show),
    },
    Endpoint {
        path: "/api/invitations/accept",
        operations: &[operation(
            "post",
            "Chooses a password with a one-use link.",
            Open,
            Json("AcceptInvitationRequest"),
            Empty,
        )],
        limit: 8 * KIB,
        route: || post(invitations::accept),
    },
    Endpoint {
        path: "/invitation/{token}",
        operations: &[
            operation("get", "The page of a one-use link.", Open, Empty, Page),
            operation("post", "The form of that page.", Open, Page, Page),
        ],
        limit: 16 * KIB,
        route: page::route,
    },
    Endpoint {
        path: "/invitation/style.css",
        operations: &[operation("get", "The style of that page.", Open, Empty, Page)],
        limit: 0,
        route: || get(page::style),
    },
    Endpoint {
        path: "/api/push",
        operations: &[operation(
            "post",
            "Executes commands, each of which is executed once however often it is sent.",
            Signed,
            Json("PushRequest"),
            Json("PushReply"),
        )],
        limit: 16 * MIB,
        route: || post(sync::push),
    },
    Endpoint {
        path: "/api/pull",
        operations: &[operation(
            "post",
            "The next page of what changed after a cursor.",
            Signed,
            Json("PullRequest"),
            Json("PullReply"),
        )],
        limit: 8 * MIB,
        route: || post(sync::pull),
    },
    Endpoint {
        path: "/api/query/{name}",
        operations: &[operation("post", "Answers a query.", Signed, Json("Query"), Json("View"))],
        limit: MIB,
        route: || post(sync::query),
    },
    Endpoint {
        path: "/api/events",
        operations: &[operation("get", "Hints that the firm changed, as they happen.", Signed, Empty, Events("Hint"))],
        limit: 0,
        route: || get(events::events),
    },
    Endpoint {
        path: "/api/presence",
        operations: &[operation(
            "post",
            "Tells which documents a workstation has open, and gives those that others have. Told again, it lasts.",
            Signed,
            Json("PresenceRequest"),
            Json("PresenceReply"),
        )],
        limit: 64 * KIB,
        route: || post(presence::presence),
    },
    Endpoint {
        path: "/api/contents/missing",
        operations: &[operation(
            "post",
            "Which contents are to be sent.",
            Signed,
            Json("MissingRequest"),
            Json("MissingReply"),
        )],
        limit: 2 * MIB,
        route: || post(contents::missing),
    },
    Endpoint {
        path: "/api/contents/pack",
        operations: &[operation(
            "post",
            "Sends small contents: hash, length in 8 bytes little-endian, bytes; repeated.",
            Signed,
            Bytes,
            Empty,
        )],
        limit: contents::PACK_LIMIT,
        route: || post(contents::pack),
    },
    Endpoint {
        path: "/api/contents/fetch",
        operations: &[operation(
            "post",
            "Small contents, in the form they are sent in.",
            Signed,
            Json("FetchRequest"),
            Bytes,
        )],
        limit: 2 * MIB,
        route: || post(contents::fetch),
    },
    Endpoint {
        path: "/api/contents/{hash}",
        operations: &[operation("get", "A content, or a range of its bytes.", Signed, Empty, Bytes)],
        limit: 0,
        route: || get(contents::get),
    },
    Endpoint {
        path: "/api/contents/{hash}/parts/{number}",
        operations: &[Operation {
            query: &[SIZE],
            ..operation("put", "Sends a part of 8 MiB, or the last one, of a content.", Signed, Bytes, Empty)
        }],
        limit: PART_BYTES,
        route: || put(contents::put_part),
    },
    Endpoint {
        path: "/api/contents/{hash}/finish",
        operations: &[Operation {
            query: &[SIZE],
            ..operation("post", "Makes a content of its parts.", Signed, Empty, Empty)
        }],
        limit: KIB,
        route: || post(contents::finish),
    },
];
