//! The one place that spawns, sleeps, reads the clock and speaks to the network.
//!
//! [`Engine`] is what a window, the command line and the local door call; all they ask for is answered here, from the
//! replica where possible.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use content::StagingStore;
use disk::{Filesystem, RealDisk};
use domain::id::{NodeId, VersionId, WorkstationId};
use domain::time::Instant;
use protocol::command::ContentRef;
use protocol::event::{AppEvent, Tag};
use protocol::failure::{Failure, FailureCode};
use protocol::view::Connection;
use store::replica::Replica;
use uuid::Uuid;

mod calls;
pub mod door;
mod http;
mod import;
mod kept;
mod nested;
mod presence;
pub mod profile;
mod runner;
mod secret;
mod status;
mod traffic;
mod watch;

pub use http::Remote;
use import::Imports;
use presence::Elsewhere;
use profile::{Account, Profile, ProfileError, ProfileFolder};
use runner::{Message, Runner};
use traffic::Traffic;

/// How long a preview waits for a content that is on its way.
const CONTENT_WAIT: Duration = Duration::from_mins(1);

/// How an engine is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// The profile's folder.
    pub profile: PathBuf,
    /// Whether to open the door for the command line.
    pub door: bool,
    /// A built interface for the door to serve, for tests in a browser.
    pub interface: Option<PathBuf>,
}

/// The engine.
pub struct Engine {
    shared: Arc<Shared>,
}

/// A document's bytes on this disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentFile {
    /// Where they are. Not the document's own file: never to be shown or edited.
    pub path: PathBuf,
    /// Count of bytes.
    pub size: u64,
    /// Media type, by the document's name.
    pub media_type: String,
}

/// Ends a subscription when dropped.
pub struct Subscription {
    number: u64,
    listeners: Arc<Listeners>,
}

type Listener = Box<dyn Fn(AppEvent) + Send + Sync>;

#[derive(Default)]
struct Listeners {
    next: Mutex<u64>,
    all: Mutex<BTreeMap<u64, Listener>>,
}

/// What every call shares.
struct Shared {
    folder: ProfileFolder,
    profile: Mutex<Profile>,
    disk: Arc<dyn Filesystem>,
    staging: Arc<StagingStore>,
    runtime: tokio::runtime::Runtime,
    session: RwLock<Option<Arc<Session>>>,
    listeners: Arc<Listeners>,
    imports: Imports,
    traffic: Arc<Traffic>,
    /// Held while contents of refused changes become files.
    keeping: Mutex<()>,
}

/// Somebody signed in: their replica and the runner of its core.
struct Session {
    replica: Arc<Replica>,
    remote: Remote,
    runner: Runner,
    arrivals: Arc<Arrivals>,
    elsewhere: Arc<Elsewhere>,
    last_up_to_date: Mutex<Option<Instant>>,
    counts: status::Kept,
}

/// Tells those who wait for contents that some arrived.
#[derive(Default)]
struct Arrivals {
    count: Mutex<u64>,
    changed: Condvar,
}

/// The workstation's clock.
#[expect(clippy::disallowed_methods, reason = "the host is where the clock is read")]
pub fn now() -> Instant {
    chrono::Utc::now().into()
}

/// The day of the week, 1 for Monday, and the minute of the day, where this workstation stands.
fn local_time() -> (u8, u16) {
    use chrono::{Datelike as _, Timelike as _};
    let local = chrono::Local::now();
    let day = u8::try_from(local.weekday().number_from_monday()).unwrap_or(1);
    (day, u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0))
}

fn random() -> u64 {
    rand::random()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Engine {
    /// Starts an engine on a profile; whoever signed in last goes on.
    pub fn start(options: Options) -> Result<Arc<Self>, StartError> {
        let folder = ProfileFolder::open(&options.profile)?;
        let profile = folder.load(|| WorkstationId(Uuid::now_v7()))?;
        let disk: Arc<dyn Filesystem> = Arc::new(RealDisk);
        let staging = StagingStore::open(Arc::clone(&disk), &folder.staging())
            .map_err(|error| StartError::Staging(error.to_string()))?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|error| StartError::Staging(error.to_string()))?;
        let traffic = Arc::new(Traffic::new(profile.bandwidth.clone()));
        let shared = Arc::new(Shared {
            folder,
            profile: Mutex::new(profile),
            disk,
            staging: Arc::new(staging),
            runtime,
            session: RwLock::new(None),
            listeners: Arc::default(),
            imports: Imports::default(),
            traffic,
            keeping: Mutex::default(),
        });
        let profile = lock(&shared.profile).clone();
        shared.folder.save(&profile).map_err(|failure| StartError::Staging(failure.to_string()))?;
        if let Some(account) = profile.account
            && let Some(token) = secret::load(&shared.folder)
        {
            shared.begin_session(account, token).map_err(|failure| StartError::Staging(failure.to_string()))?;
        }
        let engine = Arc::new(Self { shared });
        if options.door {
            door::open(&engine, options.interface)?;
        }
        Ok(engine)
    }

    /// Answers a call by its name: a query of the firm, or a local call. Blocks: call it off the window's thread.
    pub fn rpc(&self, name: &str, payload: serde_json::Value) -> Result<serde_json::Value, Failure> {
        let work = std::panic::AssertUnwindSafe(|| {
            if let Some(answer) = protocol::local::call(self, name, payload.clone()) {
                return answer;
            }
            let session = self.shared.session()?;
            session
                .replica
                .answer(name, payload)
                .unwrap_or_else(|| Err(Failure::new(FailureCode::BadRequest, format!("no call {name}"))))
        });
        std::panic::catch_unwind(work).unwrap_or_else(|_| {
            tracing::error!(name, "a call panicked");
            Err(Failure::new(FailureCode::Internal, format!("{name} panicked")))
        })
    }

    /// Takes bytes of a file announced by `begin_drop`.
    pub fn upload(&self, import: u32, index: u32, offset: u64, bytes: &[u8], end: bool) -> Result<(), Failure> {
        self.shared.imports.upload(&self.shared, import, index, offset, bytes, end)
    }

    /// Calls `listener` at every event until the subscription is dropped.
    pub fn subscribe(&self, listener: Listener) -> Subscription {
        let listeners = Arc::clone(&self.shared.listeners);
        let mut next = lock(&listeners.next);
        *next += 1;
        let number = *next;
        drop(next);
        lock(&listeners.all).insert(number, listener);
        Subscription { number, listeners }
    }

    /// The bytes of a document's version, fetched from the server where they are not here.
    pub fn content(&self, document: NodeId, version: VersionId) -> Result<ContentFile, Failure> {
        let session = self.shared.session()?;
        let (node, version) = session
            .replica
            .read(|tx| Ok((tx.node(document)?, tx.version(version)?)))
            .map_err(store::Error::into_failure)?;
        let (Some(node), Some(version)) = (node, version) else {
            return Err(Failure::new(FailureCode::NotFound, "no such document or version"));
        };
        if version.node != document {
            return Err(Failure::new(FailureCode::NotFound, "a version of another document"));
        }
        let content = ContentRef { hash: version.content, size: version.size };
        let path = match self.shared.mirrored(&session, document, content) {
            Some(path) => path,
            None => self.shared.staged(&session, content)?,
        };
        let media_type = mime_guess::from_path(&node.name).first_or_octet_stream().to_string();
        Ok(ContentFile { path, size: version.size, media_type })
    }

    /// Whether everything is on both sides, whether nothing goes on any more, and how many files or commands wait for
    /// somebody: what a single run of the mirror ends on.
    pub fn rest(&self) -> Result<Rest, Failure> {
        status::rest(&self.shared)
    }

    /// Stops the engine; what is unsent waits in the profile.
    pub fn stop(&self) {
        let session = self.shared.session.write().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(session) = session {
            session.runner.stop();
        }
        self.shared.folder.remove(door::FILE);
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop();
    }
}

/// How an engine stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// Nothing pending, waiting, blocked or to check, and the server answered.
    pub up_to_date: bool,
    /// Nothing is under way or about to be.
    pub at_rest: bool,
    /// Files and commands that wait for somebody.
    pub stuck: u32,
    /// Contents that the server does not give for now.
    pub unavailable: u32,
    /// The server refuses whole requests.
    pub is_refused: bool,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        lock(&self.listeners.all).remove(&self.number);
    }
}

impl Listeners {
    fn tell(&self, event: &AppEvent) {
        for listener in lock(&self.all).values() {
            listener(event.clone());
        }
    }
}

impl Arrivals {
    fn tell(&self) {
        *lock(&self.count) += 1;
        self.changed.notify_all();
    }
}

impl Shared {
    /// The session, or the failure of a call that needs one.
    fn session(&self) -> Result<Arc<Session>, Failure> {
        self.session.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(secret::signed_out)
    }

    /// Begins a session: opens the replica and runs its core.
    fn begin_session(&self, account: Account, token: String) -> Result<(), Failure> {
        let remote = Remote::new(&account.server, Some(token), Arc::clone(&self.traffic))?;
        // Never two engines on one replica or one mirror.
        let before = self.session.write().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(before) = before {
            before.runner.stop();
        }
        let replica = Arc::new(
            Replica::open(&self.folder.replica(&account), account.owner()).map_err(store::Error::into_failure)?,
        );
        let arrivals = Arc::new(Arrivals::default());
        let elsewhere = Arc::new(Elsewhere::default());
        let profile = lock(&self.profile).clone();
        let runner = Runner::start(runner::Setup {
            replica: Arc::clone(&replica),
            staging: Arc::clone(&self.staging),
            disk: Arc::clone(&self.disk),
            remote: remote.clone(),
            workstation: profile.workstation,
            mirror_root: profile.mirror_root().cloned(),
            kept_free: profile.kept_free,
            paused: profile.paused,
            traffic: Arc::clone(&self.traffic),
            runtime: self.runtime.handle().clone(),
            listeners: Arc::clone(&self.listeners),
            arrivals: Arc::clone(&arrivals),
            elsewhere: Arc::clone(&elsewhere),
        });
        let session = Arc::new(Session {
            replica,
            remote,
            runner,
            arrivals,
            elsewhere,
            last_up_to_date: Mutex::default(),
            counts: Mutex::default(),
        });
        *self.session.write().unwrap_or_else(PoisonError::into_inner) = Some(session);
        Ok(())
    }

    /// Where a document's file is in the mirror, if it is there.
    fn mirrored_path(&self, session: &Session, document: NodeId) -> Option<PathBuf> {
        let root = lock(&self.profile).mirror_root().cloned()?;
        mirror::path_of(&self.disk, &self.staging, root, document, &session.replica)
    }

    /// A document's file in the mirror, where its bytes are the content asked for: nothing is fetched then, and nothing
    /// is needed of the server. One that somebody saved over since, or that cannot be read, is not it.
    fn mirrored(&self, session: &Session, document: NodeId, content: ContentRef) -> Option<PathBuf> {
        if self.staging.has(content.hash).unwrap_or(false) {
            return None;
        }
        let path = self.mirrored_path(session, document)?;
        let meta = self.disk.stat(&path).ok()??;
        let is_it = meta.size == content.size
            && content::hash_file(&*self.disk, &path, content::Evidence::None).ok()?.hash == content.hash;
        is_it.then_some(path)
    }

    /// The staged copy of a content, fetched from the server where there is none.
    fn staged(&self, session: &Session, content: ContentRef) -> Result<PathBuf, Failure> {
        let path = self.staging.path_of(content.hash);
        let has = |staging: &StagingStore| staging.has(content.hash).unwrap_or(false);
        if has(&self.staging) {
            return Ok(path);
        }
        session.runner.send(Message::Event(crate::core::Event::Asked(vec![content])));
        let deadline = std::time::Instant::now() + CONTENT_WAIT;
        let mut count = lock(&session.arrivals.count);
        loop {
            if has(&self.staging) {
                return Ok(path);
            }
            let glance = session.runner.glance();
            if !matches!(glance.connection, Connection::Online | Connection::Paused) {
                return Err(Failure::new(FailureCode::Offline, "the content is on the server only"));
            }
            let left = deadline.saturating_duration_since(std::time::Instant::now());
            if left.is_zero() {
                return Err(Failure::new(FailureCode::Offline, "the content did not arrive"));
            }
            let wait = left.min(Duration::from_millis(500));
            (count, _) = session.arrivals.changed.wait_timeout(count, wait).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Tells whoever listens that data changed.
    fn changed(session: &Session, tags: impl IntoIterator<Item = Tag>) {
        session.runner.send(Message::Changed(tags.into_iter().collect::<BTreeSet<_>>()));
    }
}

/// Why an engine cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The staging, the replica or the runtime.
    #[error("{0}")]
    Staging(String),
}

/// Where this user's profile is, unless told otherwise.
pub fn default_profile() -> PathBuf {
    let home =
        std::env::var_os(if cfg!(windows) { "LOCALAPPDATA" } else { "HOME" }).map(PathBuf::from).unwrap_or_default();
    if cfg!(windows) {
        home.join("Gedeon")
    } else if cfg!(target_os = "macos") {
        home.join("Library/Application Support/fr.gedeon.desktop")
    } else {
        std::env::var_os("XDG_DATA_HOME").map_or_else(|| home.join(".local/share"), PathBuf::from).join("gedeon")
    }
}

/// The folder proposed for somebody's mirror: another one where the usual is somebody else's.
fn default_mirror_root(disk: &dyn Filesystem, account: Option<&Account>) -> PathBuf {
    let home =
        std::env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(PathBuf::from).unwrap_or_default();
    let usual = home.join("Gédéon");
    match account {
        Some(account) if mirror::is_of_another(disk, &usual, account.owner()) => {
            let name = account.email.split('@').next().unwrap_or_default();
            home.join(format!("Gédéon ({})", domain::name::portable(name)))
        }
        _ => usual,
    }
}

/// The name of this machine.
pub fn workstation_name() -> String {
    let from_environment = std::env::var("COMPUTERNAME").or_else(|_| std::env::var("HOSTNAME")).ok();
    let from_system = || std::fs::read_to_string(Path::new("/etc/hostname")).ok();
    from_environment
        .or_else(from_system)
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "Poste".to_owned())
}
