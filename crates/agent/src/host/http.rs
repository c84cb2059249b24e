//! The server over HTTP.

use std::sync::Arc;
use std::time::Duration;

use content::{FrameDecoder, FrameLimits, FrameWriter, StagingStore};
use domain::content::ContentHash;
use domain::id::WorkstationId;
use failpoints::Point;
use futures_util::StreamExt as _;
use protocol::command::ContentRef;
use protocol::failure::{Failure, FailureCode};
use protocol::feed::{PullReply, PullRequest, PushReply, PushRequest};
use protocol::presence::{PresenceReply, PresenceRequest};
use protocol::session::{InviteReply, InviteRequest, SessionView, SignInReply, SignInRequest};
use protocol::transfer::{
    FetchRequest, MAX_HASHES, MissingReply, MissingRequest, PACK_BYTES, PART_BYTES, SMALL_CONTENT,
};
use reqwest::header::CONTENT_LENGTH;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};

use super::traffic::{Traffic, Way};
use crate::remote::{Answer, RemoteError};

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// The most bytes of a reply with many contents: a pack, its frames, and the content that passed the limit.
const MAX_REPLY: u64 = PACK_BYTES + 2 * SMALL_CONTENT;
/// The most bytes that go on the wire at a time, so that limits and counts keep step with it.
const STRETCH: usize = 32 * 1024;
/// How long a stretch without a byte may last.
const SILENCE: Duration = Duration::from_mins(1);

/// A server, with or without a session on it.
#[derive(Clone)]
pub struct Remote {
    client: reqwest::Client,
    /// For contents on their way out, which may take long without a word of the server: who sends sees to the silence.
    sender: reqwest::Client,
    traffic: Arc<Traffic>,
    base: String,
    token: Option<String>,
}

impl Remote {
    /// A client of the server at `base`, such as `https://ged.cabinet.fr`.
    pub(super) fn new(base: &str, token: Option<String>, traffic: Arc<Traffic>) -> Result<Self, Failure> {
        let base = base.trim().trim_end_matches('/').to_owned();
        let url = reqwest::Url::parse(&base)
            .map_err(|error| Failure::new(FailureCode::BadRequest, error.to_string()).with("reason", "address"))?;
        let loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
            return Err(
                Failure::new(FailureCode::BadRequest, "the address must begin with https").with("reason", "not_https")
            );
        }
        let builder = || {
            let named = reqwest::Client::builder().user_agent(concat!("gedeon/", env!("CARGO_PKG_VERSION")));
            named.connect_timeout(CONNECT).tcp_nodelay(true)
        };
        let failed = |error: reqwest::Error| Failure::new(FailureCode::Internal, error.to_string());
        let client = builder().read_timeout(SILENCE).build().map_err(failed)?;
        let sender = builder().build().map_err(failed)?;
        Ok(Self { client, sender, traffic, base, token })
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.request_of(&self.client, method, path)
    }

    fn request_of(&self, client: &reqwest::Client, method: Method, path: &str) -> RequestBuilder {
        let request = client.request(method, format!("{}/api/{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Answer<T> {
        read(self.send(self.request(Method::POST, path).json(body)).await?).await
    }

    async fn send(&self, request: RequestBuilder) -> Answer<Response> {
        let response = request.send().await.map_err(unreachable)?;
        if response.status().is_success() { Ok(response) } else { Err(refusal(response).await) }
    }

    /// Asks for contents. A server that fails at these may well give others: that is an answer, unlike a fault elsewhere.
    async fn ask_for_contents(&self, request: RequestBuilder) -> Answer<Response> {
        let response = request.send().await.map_err(unreachable)?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(match failure_in(response).await {
            Ok(failure) if failure.code == FailureCode::Internal => RemoteError::Refused(failure),
            Ok(failure) => RemoteError::of(failure),
            Err(error) => error,
        })
    }

    /// Sends contents, stretch by stretch. It may last as long as something moves.
    async fn send_contents(&self, method: Method, path: &str, contents: Vec<u8>, is_urgent: bool) -> Answer<Response> {
        let length = contents.len();
        let passage = Arc::new(self.traffic.passage(Way::Up, is_urgent));
        let counted = Arc::clone(&passage);
        let stretches = futures_util::stream::unfold(bytes::Bytes::from(contents), move |mut left| {
            let passage = Arc::clone(&counted);
            async move {
                let stretch = left.split_to(left.len().min(STRETCH));
                if stretch.is_empty() {
                    return None;
                }
                passage.pass(stretch.len()).await;
                Some((Ok::<_, std::convert::Infallible>(stretch), left))
            }
        });
        let request = self.request_of(&self.sender, method, path).header(CONTENT_LENGTH, length);
        let sent = self.send(request.body(reqwest::Body::wrap_stream(stretches)));
        let mut sent = std::pin::pin!(sent);
        loop {
            let before = passage.passed();
            match tokio::time::timeout(SILENCE, &mut sent).await {
                Ok(answer) => return answer,
                Err(_) if passage.passed() > before => {}
                Err(_) => return Err(RemoteError::Unreachable("the server takes nothing more".to_owned())),
            }
        }
    }

    /// Signs in.
    pub async fn sign_in(&self, request: &SignInRequest) -> Answer<SignInReply> {
        self.post("sign-in", request).await
    }

    /// Ends the session.
    pub async fn sign_out(&self) -> Answer<()> {
        self.send(self.request(Method::POST, "sign-out")).await.map(|_| ())
    }

    /// Sends commands.
    pub async fn push(&self, request: &PushRequest) -> Answer<PushReply> {
        self.post("push", request).await
    }

    /// Asks for rows.
    pub async fn pull(&self, request: &PullRequest) -> Answer<PullReply> {
        self.post("pull", request).await
    }

    /// Asks which contents the server lacks.
    pub async fn missing(&self, request: &MissingRequest) -> Answer<MissingReply> {
        let missing = self.post("contents/missing", request).await?;
        failpoints::reached(Point::Asked);
        Ok(missing)
    }

    /// Asks for a one-use link.
    pub async fn invite(&self, request: InviteRequest) -> Answer<InviteReply> {
        self.post("invitations", &request).await
    }

    /// The workstations signed in.
    pub async fn sessions(&self) -> Answer<Vec<SessionView>> {
        read(self.send(self.request(Method::GET, "sessions")).await?).await
    }

    /// Signs a workstation out.
    pub async fn revoke(&self, workstation: WorkstationId) -> Answer<()> {
        self.send(self.request(Method::DELETE, &format!("sessions/{workstation}"))).await.map(|_| ())
    }

    /// Sends small contents from the staging. Those whose copies cannot be read are given back.
    pub async fn send_pack(
        &self,
        staging: &StagingStore,
        contents: &[ContentRef],
        is_urgent: bool,
    ) -> (Vec<ContentHash>, Answer<()>) {
        let mut frames = FrameWriter::new(Vec::new());
        let mut unreadable = Vec::new();
        for content in contents {
            let pushed = staging.bytes(content.hash, SMALL_CONTENT).map(|bytes| frames.push(content.hash, &bytes));
            if !matches!(pushed, Ok(Ok(()))) {
                unreadable.push(content.hash);
            }
        }
        let answer = self.send_contents(Method::POST, "contents/pack", frames.into_inner(), is_urgent).await;
        failpoints::reached(Point::PackSent);
        if answer.is_ok() {
            self.traffic.ended(Way::Up, contents.len());
        }
        (unreadable, answer.map(|_| ()))
    }

    /// Sends a part of a large content from the staging.
    pub async fn send_part(
        &self,
        staging: &StagingStore,
        content: ContentRef,
        part: u32,
        is_urgent: bool,
    ) -> Answer<()> {
        let offset = u64::from(part) * PART_BYTES;
        let bytes = read_part(&staging.path_of(content.hash), offset, PART_BYTES.min(content.size - offset)).await?;
        let path = format!("contents/{}/parts/{part}?size={}", content.hash, content.size);
        let answer = self.send_contents(Method::PUT, &path, bytes, is_urgent).await.map(|_| ());
        failpoints::reached(Point::PartSent);
        answer
    }

    /// Has a large content put together.
    pub async fn finish(&self, content: ContentRef) -> Answer<()> {
        let path = format!("contents/{}/finish?size={}", content.hash, content.size);
        let answer = self.send(self.request(Method::POST, &path)).await.map(|_| ());
        failpoints::reached(Point::LargeSent);
        answer
    }

    /// Receives small contents into the staging; those that arrived.
    pub async fn fetch(
        &self,
        staging: &StagingStore,
        hashes: Vec<ContentHash>,
        is_urgent: bool,
    ) -> (Vec<ContentHash>, Answer<()>) {
        let mut arrived = Vec::new();
        let answer = self.fetch_into(staging, hashes, is_urgent, &mut arrived).await;
        failpoints::reached(Point::Fetched);
        self.traffic.ended(Way::Down, arrived.len());
        (arrived, answer)
    }

    async fn fetch_into(
        &self,
        staging: &StagingStore,
        hashes: Vec<ContentHash>,
        is_urgent: bool,
        arrived: &mut Vec<ContentHash>,
    ) -> Answer<()> {
        let request = self.request(Method::POST, "contents/fetch").json(&FetchRequest { hashes });
        let response = self.ask_for_contents(request).await?;
        let limits = FrameLimits { item: SMALL_CONTENT, total: MAX_REPLY, count: MAX_HASHES as u64 };
        let mut frames = FrameDecoder::new(limits);
        let mut stream = response.bytes_stream();
        let passage = self.traffic.passage(Way::Down, is_urgent);
        while let Some(bytes) = stream.next().await {
            let bytes = bytes.map_err(unreachable)?;
            passage.pass(bytes.len()).await;
            frames.feed(&bytes).map_err(damaged)?;
            while let Some((hash, bytes)) = frames.next_content().map_err(damaged)? {
                let stored = staging.put_bytes(&bytes).map_err(|error| staging_failure(&error))?;
                if stored != hash {
                    return Err(damaged("a content is not what its hash says"));
                }
                arrived.push(hash);
            }
        }
        Ok(())
    }

    /// Receives a large content into the staging.
    pub async fn fetch_large(&self, staging: &StagingStore, content: ContentRef, is_urgent: bool) -> Answer<()> {
        let request = self.request(Method::GET, &format!("contents/{}", content.hash));
        let mut response = self.ask_for_contents(request).await?;
        // Removed however this ends, unless the staging took it.
        let path = staging.temporary_path();
        let local = |error: std::io::Error| RemoteError::Refused(super::profile::local_failure(&path, &error));
        let _left = tempfile::TempPath::try_from_path(&path).map_err(local)?;
        let mut file = tokio::fs::File::create(&path).await.map_err(local)?;
        let mut received = 0;
        let passage = self.traffic.passage(Way::Down, is_urgent);
        while let Some(bytes) = response.chunk().await.map_err(unreachable)? {
            passage.pass(bytes.len()).await;
            received += bytes.len() as u64;
            if received > content.size {
                return Err(damaged("more bytes than announced"));
            }
            file.write_all(&bytes).await.map_err(local)?;
        }
        file.flush().await.map_err(local)?;
        drop(file);
        failpoints::reached(Point::LargeFetched);
        // Hashing gigabytes takes seconds, which the other requests need not wait for.
        tokio::task::block_in_place(|| staging.put_file(&path, content.hash)).map_err(|error| staging_failure(&error))
    }

    /// Tells what is open here, and asks what is elsewhere.
    pub async fn presence(&self, request: &PresenceRequest) -> Answer<PresenceReply> {
        self.post("presence", request).await
    }

    /// Listens to live hints: calls `hear` at each, until the way to the server closes.
    pub async fn listen(&self, mut hear: impl FnMut(Heard)) -> Answer<()> {
        let request = self.request(Method::GET, "events").header("accept", "text/event-stream");
        let response = self.send(request).await?;
        hear(Heard::Change);
        hear(Heard::Presence);
        let mut stream = response.bytes_stream();
        // A hint's content does not matter: that a line of data came does, and of what kind. Comments only keep the way
        // open.
        let mut line = Vec::new();
        let mut heard = Heard::Change;
        while let Some(bytes) = stream.next().await {
            for byte in bytes.map_err(unreachable)? {
                if byte != b'\n' {
                    if line.len() < PRESENCE_EVENT.len() {
                        line.push(byte);
                    }
                    continue;
                }
                if line == PRESENCE_EVENT {
                    heard = Heard::Presence;
                } else if line.starts_with(b"data") {
                    hear(std::mem::replace(&mut heard, Heard::Change));
                }
                line.clear();
            }
        }
        Ok(())
    }
}

/// The line that says of what kind the event is that follows.
const PRESENCE_EVENT: &[u8] = b"event: presence";

/// What a live event tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// The firm changed.
    Change,
    /// Somebody opened or closed a document.
    Presence,
}

async fn read_part(path: &std::path::Path, offset: u64, length: u64) -> Answer<Vec<u8>> {
    let local = |error: std::io::Error| RemoteError::Refused(super::profile::local_failure(path, &error));
    let mut file = tokio::fs::File::open(path).await.map_err(local)?;
    file.seek(std::io::SeekFrom::Start(offset)).await.map_err(local)?;
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(length).read_to_end(&mut bytes).await.map_err(local)?;
    Ok(bytes)
}

async fn read<T: DeserializeOwned>(response: Response) -> Answer<T> {
    let bytes = response.bytes().await.map_err(unreachable)?;
    serde_json::from_slice(&bytes)
        .map_err(|error| RemoteError::Unreachable(format!("not an answer of a Gédéon server: {error}")))
}

/// What a failure that a server answered with means for most requests: a fault of its own is as good as no answer.
async fn refusal(response: Response) -> RemoteError {
    match failure_in(response).await {
        Ok(failure) if failure.code == FailureCode::Internal => RemoteError::Unreachable(failure.message),
        Ok(failure) => RemoteError::of(failure),
        Err(error) => error,
    }
}

/// The failure a server answered with. Anything else (a proxy's page, a server that stops) is no answer at all.
async fn failure_in(response: Response) -> Result<Failure, RemoteError> {
    let status = response.status();
    let failure = response.bytes().await.ok().and_then(|bytes| serde_json::from_slice::<Failure>(&bytes).ok());
    failure.ok_or_else(|| match status {
        StatusCode::UNAUTHORIZED => RemoteError::SignedOut,
        _ => RemoteError::Unreachable(format!("the server answered {status}")),
    })
}

fn unreachable(error: reqwest::Error) -> RemoteError {
    // The address may hold no secret, but nothing needs it in a log either.
    RemoteError::Unreachable(error.without_url().to_string())
}

fn damaged(cause: impl ToString) -> RemoteError {
    RemoteError::Refused(Failure::new(FailureCode::ContentDamaged, cause.to_string()))
}

fn staging_failure(error: &content::StagingError) -> RemoteError {
    let code = match error {
        content::StagingError::Disk(error) if error.kind() == disk::ErrorKind::NoSpace => FailureCode::DiskFull,
        content::StagingError::WrongHash { .. } | content::StagingError::Damaged(_) => FailureCode::ContentDamaged,
        _ => FailureCode::LocalFile,
    };
    RemoteError::Refused(Failure::new(code, error.to_string()))
}
