//! A server in this process, its people, and what they send.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use content::FrameWriter;
use domain::content::ContentHash;
use domain::id::{ClientFileId, CommandId, NodeId, PersonId, VersionId, WorkstationId};
use domain::person::Role;
use domain::time::Instant;
use domain::tree::permanent_folder_id;
use gedeon_server::administration::{NewFirm, create_firm};
use gedeon_server::{Host, Options, Running, Server, StartError};
use protocol::command::{Command, ContentRef, Envelope, FiscalYearDates, Naming, Outcome};
use protocol::failure::{Failure, FailureCode};
use protocol::feed::{PullReply, PullRequest, PushReply, PushRequest};
use protocol::session::{AcceptInvitationRequest, InviteReply, InviteRequest, SignInReply, SignInRequest};
use protocol::transfer::{MissingReply, MissingRequest};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const PASSWORD: &str = "cheval-agrafe-pile";
pub(crate) const DAY: i64 = 24 * 60 * 60 * 1_000;
const START: i64 = 1_790_000_000_000;

/// A server with one firm, and a clock that only moves when told.
pub(crate) struct House {
    _folder: TempDir,
    pub(crate) firm_name: String,
    pub(crate) admin_email: String,
    pub(crate) link: String,
    options: Options,
    clock: Arc<AtomicI64>,
    running: Option<Running>,
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    /// Makes a firm in a new folder and serves it, with other options than usual.
    pub(crate) async fn open_with(change: impl FnOnce(&mut Options)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(AtomicI64::new(START));
        let mut options = Options::on_this_machine(folder.path().join("data"));
        let ticking = Arc::clone(&clock);
        options.host = Host::with_clock(move || Instant(ticking.load(Ordering::SeqCst)));
        change(&mut options);
        let admin_email = format!("anne.{}@cabinet-leroy.fr", Uuid::now_v7().simple());
        let firm_name = "Cabinet Leroy".to_owned();
        let mut house =
            Self { _folder: folder, firm_name, admin_email, link: String::new(), options, clock, running: None };
        let (name, email) = (house.firm_name.clone(), house.admin_email.clone());
        house.link = house.make_firm(&name, &email).await;
        house.start().await;
        house
    }

    /// Makes a firm, or another link to one, while the server does not run.
    pub(crate) async fn make_firm(&self, name: &str, email: &str) -> String {
        self.try_make_firm(name, email).await.expect("the firm is made")
    }

    pub(crate) async fn try_make_firm(&self, name: &str, email: &str) -> Result<String, StartError> {
        let new = NewFirm {
            name: name.to_owned(),
            email: email.to_owned(),
            first_name: "Anne".to_owned(),
            last_name: "Leroy".to_owned(),
        };
        let options = self.options.clone();
        tokio::task::spawn_blocking(move || {
            create_firm(&options.data, options.postgres.as_deref(), &new, "http://cabinet.test/", &options.host)
        })
        .await
        .expect("it does not panic")
    }

    pub(crate) async fn start(&mut self) {
        self.running = Some(Server::start(self.options.clone()).await.expect("the server starts"));
    }

    pub(crate) async fn stop(&mut self) {
        self.running.take().expect("it runs").stop().await.expect("it stops well");
    }

    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        self.start().await;
    }

    pub(crate) fn advance(&self, millis: i64) {
        self.clock.fetch_add(millis, Ordering::SeqCst);
    }

    pub(crate) fn set_clock(&self, millis: i64) {
        self.clock.store(millis, Ordering::SeqCst);
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.options.data.clone()
    }

    pub(crate) fn base(&self) -> String {
        let scheme = if self.options.certificate.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.running.as_ref().expect("it runs").address())
    }

    pub(crate) fn visitor(&self) -> Caller {
        Caller { http: reqwest::Client::new(), base: self.base(), token: None }
    }

    pub(crate) fn token_of_link(link: &str) -> String {
        link.rsplit('/').next().expect("a link has a token").to_owned()
    }

    /// The administrator, with their password chosen, signed in.
    pub(crate) async fn administrator(&self) -> Somebody {
        let visitor = self.visitor();
        let token = Self::token_of_link(&self.link);
        let accept = AcceptInvitationRequest { token, password: PASSWORD.to_owned() };
        visitor.post("/api/invitations/accept", &accept).await.done().await;
        self.sign_in(&self.admin_email, "bureau").await
    }

    pub(crate) async fn sign_in(&self, email: &str, workstation: &str) -> Somebody {
        let reply = self.visitor().post("/api/sign-in", &sign_in_request(email, PASSWORD, workstation)).await;
        Somebody::of(self, reply.json().await)
    }

    /// Adds a collaborator by the administrator, lets them choose a password, and signs them in.
    pub(crate) async fn collaborator(&self, administrator: &Somebody, first_name: &str) -> Somebody {
        let person = PersonId(Uuid::now_v7());
        let email = format!("{first_name}.{}@cabinet-leroy.fr", Uuid::now_v7().simple());
        administrator
            .execute(Command::AddPerson {
                person,
                email: email.clone(),
                first_name: first_name.to_owned(),
                last_name: "Martin".to_owned(),
                role: Role::Collaborator,
            })
            .await;
        let reply: InviteReply =
            administrator.caller.post("/api/invitations", &InviteRequest { person }).await.json().await;
        let accept = AcceptInvitationRequest { token: Self::token_of_link(&reply.link), password: PASSWORD.to_owned() };
        self.visitor().post("/api/invitations/accept", &accept).await.done().await;
        self.sign_in(&email, "bureau").await
    }
}

pub(crate) fn sign_in_request(email: &str, password: &str, workstation: &str) -> SignInRequest {
    SignInRequest {
        email: email.to_owned(),
        password: password.to_owned(),
        workstation: WorkstationId::derived(&[workstation]),
        workstation_name: workstation.to_owned(),
    }
}

/// Whoever calls the server.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    pub(crate) token: Option<String>,
}

impl Caller {
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(crate) async fn send(&self, method: Method, path: &str) -> Answer {
        Answer(self.request(method, path).send().await.expect("the server answers"))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path).await
    }

    pub(crate) async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        Answer(self.request(Method::POST, path).json(body).send().await.expect("the server answers"))
    }

    pub(crate) async fn send_bytes(&self, method: Method, path: &str, body: Vec<u8>) -> Answer {
        Answer(self.request(method, path).body(body).send().await.expect("the server answers"))
    }
}

/// An answer, to be told what is expected of it.
pub(crate) struct Answer(pub(crate) Response);

impl Answer {
    pub(crate) async fn json<T: DeserializeOwned>(self) -> T {
        let status = self.0.status();
        let text = self.0.text().await.expect("the body comes");
        assert!(status.is_success(), "{status}: {text}");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    pub(crate) async fn done(self) {
        let status = self.0.status();
        let text = self.0.text().await.expect("the body comes");
        assert_eq!(status, StatusCode::NO_CONTENT, "{text}");
    }

    pub(crate) async fn bytes(self) -> Vec<u8> {
        assert!(self.0.status().is_success(), "{}", self.0.status());
        self.0.bytes().await.expect("the body comes").to_vec()
    }

    /// The refusal, which is also a problem as RFC 9457 has them.
    pub(crate) async fn refused(self, status: u16) -> Failure {
        assert_eq!(self.0.headers()["content-type"], "application/problem+json");
        let found = self.0.status().as_u16();
        let text = self.0.text().await.expect("the body comes");
        assert_eq!(found, status, "{text}");
        let problem: serde_json::Value = serde_json::from_str(&text).expect("a problem");
        assert_eq!(problem["status"], status, "the problem says its status");
        serde_json::from_value(problem).expect("a problem is a failure")
    }

    pub(crate) async fn refused_as(self, status: u16, code: FailureCode) {
        assert_eq!(self.refused(status).await.code, code);
    }

    pub(crate) async fn refused_because(self, status: u16, code: FailureCode, reason: &str) {
        let failure = self.refused(status).await;
        assert_eq!((failure.code, failure.details.get("reason").map(String::as_str)), (code, Some(reason)));
    }
}

/// Somebody signed in.
#[derive(Clone)]
pub(crate) struct Somebody {
    pub(crate) caller: Caller,
    pub(crate) person: PersonId,
    pub(crate) session: SignInReply,
}

impl Somebody {
    pub(crate) fn of(house: &House, session: SignInReply) -> Self {
        let caller = Caller { token: Some(session.token.clone()), ..house.visitor() };
        Self { caller, person: session.person, session }
    }

    /// The same session after the server was started again, on another port.
    pub(crate) fn again(&self, house: &House) -> Self {
        Self::of(house, self.session.clone())
    }

    pub(crate) async fn push(&self, request: &PushRequest) -> PushReply {
        self.caller.post("/api/push", request).await.json().await
    }

    pub(crate) async fn try_execute(&self, command: Command) -> Outcome {
        self.push(&push_of(vec![command])).await.outcomes.remove(0)
    }

    /// Executes a command that must not be refused.
    pub(crate) async fn execute(&self, command: Command) -> i64 {
        match self.try_execute(command).await {
            Outcome::Done { seq } => seq,
            Outcome::Refused { failure } => panic!("refused: {failure}"),
        }
    }

    pub(crate) async fn open_client_file(&self, name: &str) -> ClientFileId {
        let client_file = ClientFileId(Uuid::now_v7());
        self.execute(Command::CreateClientFile {
            client_file,
            name: name.to_owned(),
            siren: None,
            fiscal_years: vec![FiscalYearDates {
                start: "2026-01-01".parse().expect("a date"),
                end: "2026-12-31".parse().expect("a date"),
            }],
            assigned: Vec::new(),
        })
        .await;
        client_file
    }

    pub(crate) async fn try_add_document(&self, client_file: ClientFileId, name: &str, content: ContentRef) -> Outcome {
        self.try_execute(Command::AddDocument {
            node: NodeId(Uuid::now_v7()),
            parent: permanent_folder_id(client_file, "juridique"),
            name: name.to_owned(),
            naming: Naming::Typed,
            version: VersionId(Uuid::now_v7()),
            content,
            modified_at: Instant(START),
        })
        .await
    }

    /// Files a small document, its content sent first.
    pub(crate) async fn add_document(&self, client_file: ClientFileId, name: &str, bytes: &[u8]) -> ContentRef {
        self.send_small(&[bytes]).await.done().await;
        let content = content_of(bytes);
        match self.try_add_document(client_file, name, content).await {
            Outcome::Done { .. } => content,
            Outcome::Refused { failure } => panic!("refused: {failure}"),
        }
    }

    pub(crate) async fn send_small(&self, contents: &[&[u8]]) -> Answer {
        let mut frames = FrameWriter::new(Vec::new());
        for bytes in contents {
            frames.push(ContentHash::of(bytes), bytes).expect("writing to memory");
        }
        self.caller.send_bytes(Method::POST, "/api/contents/pack", frames.into_inner()).await
    }

    pub(crate) async fn missing(&self, contents: &[ContentRef]) -> MissingReply {
        let request = MissingRequest { contents: contents.to_vec() };
        self.caller.post("/api/contents/missing", &request).await.json().await
    }

    pub(crate) async fn get_content(&self, hash: ContentHash) -> Answer {
        self.caller.get(&format!("/api/contents/{hash}")).await
    }

    /// All that a new replica is sent.
    pub(crate) async fn pull_all(&self) -> (String, i64) {
        let mut text = String::new();
        let mut request =
            PullRequest { cursor: 0, sight: String::new(), held: None, resume: None, limit: 50, epoch: String::new() };
        loop {
            let reply: PullReply = self.caller.post("/api/pull", &request).await.json().await;
            text.push_str(&serde_json::to_string(&reply).expect("it was read from JSON"));
            let PullReply::Page(page) = reply else { panic!("a first pull is pages: {text}") };
            match page.next {
                Some(next) => request.resume = Some(next),
                None => return (text, page.head),
            }
        }
    }

    pub(crate) async fn query(&self, name: &str, payload: serde_json::Value) -> serde_json::Value {
        self.caller.post(&format!("/api/query/{name}"), &payload).await.json().await
    }
}

pub(crate) fn push_of(commands: Vec<Command>) -> PushRequest {
    let envelopes = commands.into_iter().map(|command| Envelope {
        id: CommandId(Uuid::now_v7()),
        workstation: WorkstationId::derived(&["bureau"]),
        made_at: Instant(START),
        strict: false,
        command,
    });
    PushRequest { commands: envelopes.collect(), schema_version: protocol::SCHEMA_VERSION }
}

pub(crate) fn content_of(bytes: &[u8]) -> ContentRef {
    ContentRef { hash: ContentHash::of(bytes), size: bytes.len() as u64 }
}

/// Bytes that do not compress or repeat, the same for the same seed.
pub(crate) fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
