//! The API's description in OpenAPI 3.1, made of the lists of endpoints, commands and queries.
//!
//! Shapes are given as the TypeScript that the interface is built with, under `x-typescript`: it is generated from the
//! same Rust types that the handlers read and write.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use axum::Json;
use protocol::failure::Failure;
use protocol::feed::{Hint, PullReply, PullRequest, PushReply, PushRequest};
use protocol::presence::{PresenceReply, PresenceRequest};
use protocol::query::QUERIES;
use protocol::session::{
    AcceptInvitationRequest, InvitationView, InviteReply, InviteRequest, SessionView, SignInReply, SignInRequest,
};
use protocol::transfer::{FetchRequest, MissingReply, MissingRequest};
use serde::Serialize;
use serde_json::{Map, Value, json};
use ts_rs::{Config, TS, TypeVisitor};

use super::endpoints::{Access, Body, ENDPOINTS, Endpoint, Operation};

/// Says that the server answers.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "protocol.ts")]
pub(super) struct Health {
    /// `ok`.
    status: &'static str,
    /// Version of the rows and commands it writes.
    schema_version: u32,
}

/// Says that the server answers.
pub(super) async fn health() -> Json<Health> {
    Json(Health { status: "ok", schema_version: protocol::SCHEMA_VERSION })
}

/// The description.
pub(super) async fn description() -> Json<&'static Value> {
    static DESCRIPTION: OnceLock<Value> = OnceLock::new();
    Json(DESCRIPTION.get_or_init(describe))
}

fn describe() -> Value {
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for endpoint in ENDPOINTS {
        for operation in endpoint.operations {
            for (path, described) in operations(endpoint, operation) {
                paths.entry(path).or_default().insert(operation.method.to_owned(), described);
            }
        }
    }
    let mut schemas = Shapes::default();
    protocol::query::visit_types(&mut schemas);
    visit_bodies(&mut schemas);
    let schemas = schemas.by_name;
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Gédéon",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The server of an accounting firm's GED. State changes by commands only (`/api/push`); a replica follows the feed (`/api/pull`); whoever keeps none asks queries.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "session": { "type": "http", "scheme": "bearer" } },
        },
    })
}

/// The types that endpoints name, beside those of queries.
fn visit_bodies(visitor: &mut impl TypeVisitor) {
    visitor.visit::<Failure>();
    visitor.visit::<Health>();
    visitor.visit::<SignInRequest>();
    visitor.visit::<SignInReply>();
    visitor.visit::<SessionView>();
    visitor.visit::<InviteRequest>();
    visitor.visit::<InviteReply>();
    visitor.visit::<InvitationView>();
    visitor.visit::<AcceptInvitationRequest>();
    visitor.visit::<PushRequest>();
    visitor.visit::<PushReply>();
    visitor.visit::<PullRequest>();
    visitor.visit::<PullReply>();
    visitor.visit::<Hint>();
    visitor.visit::<MissingRequest>();
    visitor.visit::<MissingReply>();
    visitor.visit::<FetchRequest>();
    visitor.visit::<PresenceRequest>();
    visitor.visit::<PresenceReply>();
}

/// An operation under its path; that of queries under one path for each.
fn operations(endpoint: &Endpoint, operation: &Operation) -> Vec<(String, Value)> {
    if !endpoint.path.contains("{name}") {
        let described = described(endpoint.path, operation, operation.summary, operation.request, operation.answer);
        return vec![(endpoint.path.to_owned(), described)];
    }
    let of_query = |query: &protocol::query::QuerySpec| {
        let path = endpoint.path.replace("{name}", query.name);
        let (request, answer) = (Body::Json(query.request), Body::Json(query.response));
        let described = described(&path, operation, query.summary.trim(), request, answer);
        (path, described)
    };
    QUERIES.iter().map(of_query).collect()
}

fn described(path: &str, operation: &Operation, summary: &str, request: Body, answer: Body) -> Value {
    let parameters: Vec<Value> = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .chain(operation.query.iter().map(|parameter| {
            json!({
                "name": parameter.name,
                "in": "query",
                "required": true,
                "description": parameter.summary,
                "schema": { "type": "integer", "minimum": 0 },
            })
        }))
        .collect();
    let success = if answer == Body::Empty { "204" } else { "200" };
    let mut answered = Map::new();
    answered.insert("description".to_owned(), "Done.".into());
    if let Some(content) = content_of(answer) {
        answered.insert("content".to_owned(), content);
    }
    let mut described = json!({
        "summary": summary,
        "parameters": parameters,
        "responses": {
            success: answered,
            "default": {
                "description": "Refused: `code` says why.",
                "content": { "application/problem+json": { "schema": shape("Failure") } },
            },
        },
        "security": match operation.access {
            Access::Open => json!([]),
            Access::Signed => json!([{ "session": [] }]),
        },
    });
    if let Some(content) = content_of(request) {
        described["requestBody"] = json!({ "required": true, "content": content });
    }
    described
}

fn content_of(body: Body) -> Option<Value> {
    Some(match body {
        Body::Empty => return None,
        Body::Json(name) => json!({ "application/json": { "schema": shape(name) } }),
        Body::List(name) => {
            json!({ "application/json": { "schema": { "type": "array", "items": shape(name) } } })
        }
        Body::Description => json!({ "application/json": { "schema": { "type": "object" } } }),
        Body::Bytes => json!({ "application/octet-stream": {} }),
        Body::Events(name) => json!({ "text/event-stream": { "schema": shape(name) } }),
        Body::Page => json!({ "text/html": {} }),
    })
}

fn shape(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The protocol's types by name.
#[derive(Default)]
struct Shapes {
    by_name: BTreeMap<String, Value>,
}

impl TypeVisitor for Shapes {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let config = Config::new().with_large_int("number");
        T::visit_generics(self);
        if T::output_path().is_none() {
            return T::visit_dependencies(self);
        }
        let name = T::ident(&config);
        if self.by_name.contains_key(&name) {
            return;
        }
        let mut shape = json!({ "title": name, "x-typescript": T::decl(&config) });
        if let Some(docs) = T::docs() {
            let text: Vec<&str> = docs
                .lines()
                .map(|line| line.trim_matches(|c: char| c.is_whitespace() || "/*".contains(c)))
                .filter(|line| !line.is_empty())
                .collect();
            shape["description"] = text.join(" ").into();
        }
        self.by_name.insert(name, shape);
        T::visit_dependencies(self);
    }
}
