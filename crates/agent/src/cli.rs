//! The command line's words, and what each does.

use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use agent::host::profile::{ProfileError, local_failure};
use agent::host::{StartError, default_profile};
use agent::{Engine, Options};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use protocol::event::{AppEvent, Tag};
use protocol::failure::{Failure, FailureCode};
use protocol::local::{DecideHeld, GetImport, HeldDecided, HeldKind, ImportPaths, ImportTicket, ImportView};
use protocol::query::GetTree;
use protocol::view::{ClientFileRow, Connection, SyncItems, SyncStatus, TreeView};
use serde::Serialize;
use serde::de::DeserializeOwned;

mod clients;
mod door_client;
mod failures;
mod help;
mod words;

use clients::{Wanted, client_named, make_all_available, wait_for_first_rows};
use door_client::DoorClient;

/// Met en accord un dossier de ce poste et la GED du cabinet.
#[derive(Parser)]
#[command(name = "gedeon", version)]
pub(crate) struct Arguments {
    /// Dossier du profil (par défaut, celui de l'utilisateur).
    #[arg(long, global = true, env = "GEDEON_PROFILE", value_name = "DOSSIER")]
    profile: Option<PathBuf>,
    #[command(subcommand)]
    command: Order,
}

#[derive(Subcommand)]
enum Order {
    /// Connecte ce poste à un serveur.
    SignIn {
        /// Adresse du serveur, par exemple `https://ged.cabinet.fr`.
        #[arg(long, value_name = "ADRESSE")]
        server: String,
        /// Adresse e-mail.
        #[arg(long, value_name = "E-MAIL")]
        email: String,
        /// Lit le mot de passe sur l'entrée standard.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Tient un dossier de ce poste à jour avec la GED.
    Mirror {
        /// Le dossier (créé s'il n'existe pas).
        #[arg(long, value_name = "DOSSIER")]
        root: Option<PathBuf>,
        /// Rend disponible hors ligne ce dossier client (plusieurs fois possible).
        #[arg(long)]
        client: Vec<String>,
        /// Ne garde hors ligne, de ces dossiers clients, que les exercices clos cette année-là (plusieurs fois possible) et
        /// le permanent ; sinon tout.
        #[arg(long, requires = "client", value_name = "ANNÉE")]
        year: Vec<i32>,
        /// Rend disponibles hors ligne tous les dossiers clients ; ceux dont des exercices sont choisis les gardent.
        #[arg(long)]
        all: bool,
        /// S'arrête quand tout est à jour.
        #[arg(long)]
        once: bool,
        /// Sert l'interface de ce dossier à la porte locale, pour des tests.
        #[arg(long, hide = true)]
        interface: Option<PathBuf>,
    },
    /// Met la synchronisation en pause, jusqu'à « resume ».
    Pause,
    /// Reprend la synchronisation.
    Resume,
    /// Dit où en est la synchronisation.
    Status {
        /// En JSON.
        #[arg(long)]
        json: bool,
    },
    /// Verse un dossier de fichiers dans la GED.
    ImportFolder {
        /// Le dossier.
        #[arg(value_name = "DOSSIER")]
        folder: PathBuf,
        /// Nom du dossier client.
        #[arg(long)]
        client: String,
        /// Chemin dans le dossier client, par exemple `02 Dossier annuel/2026/Achats` ; sinon « À classer (cabinet) ».
        #[arg(long, value_name = "CHEMIN")]
        into: Option<String>,
    },
    /// Décide des suppressions et des modifications retenues : les annule sur ce poste, ou les confirme.
    Held {
        /// Remet sur ce poste ce que le serveur a.
        #[arg(long, conflicts_with = "confirm", required_unless_present = "confirm")]
        cancel: bool,
        /// Envoie ce qui est retenu au serveur : les suppressions vont à la corbeille.
        #[arg(long)]
        confirm: bool,
        /// Ne décide que des « suppressions » ou que des « modifications ».
        #[arg(long, value_enum, value_name = "QUOI", hide_possible_values = true)]
        only: Option<HeldWord>,
    },
    /// Vérifie le profil, le serveur et le dossier, et dit quoi faire.
    Doctor,
}

/// The words for what is held.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum HeldWord {
    Suppressions,
    Modifications,
}

/// What an order ends on.
enum End {
    Done,
    Stuck,
}

/// What was asked on the command line; what cannot be understood, or asks for help only, ends the program.
pub(crate) fn arguments() -> Arguments {
    let matches = help::in_french(Arguments::command()).get_matches();
    Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// Carries out an order.
pub(crate) fn run(arguments: Arguments) -> ExitCode {
    let profile = arguments.profile.unwrap_or_else(default_profile);
    let ended = match arguments.command {
        Order::SignIn { server, email, password_stdin } => sign_in(&profile, server, email, password_stdin),
        Order::Mirror { root, client, year, all, once, interface } => {
            mirror(&profile, root, &Wanted { clients: client, years: year, all }, once, interface)
        }
        Order::Pause => pause(&profile, true),
        Order::Resume => pause(&profile, false),
        Order::Status { json } => status(&profile, json),
        Order::ImportFolder { folder, client, into } => import_folder(&profile, folder, &client, into.as_deref()),
        Order::Held { confirm, only, .. } => held(&profile, confirm, only),
        Order::Doctor => doctor(&profile),
    };
    match ended {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::Stuck) => ExitCode::from(3),
        Err(failure) => {
            tracing::info!(%failure, "the command failed");
            complain(&failures::sentence(&failure));
            ExitCode::from(match failure.code {
                FailureCode::Offline => 4,
                FailureCode::SignedOut => 5,
                FailureCode::BadRequest if failure.details.get("reason").is_some_and(|reason| reason == "in_use") => 6,
                _ => 1,
            })
        }
    }
}

/// What the caller asked to read goes to the standard output, the rest to the standard error.
pub(crate) fn say(line: &str) {
    // A reader that closed its end wants no more.
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// An engine of our own, or the one that runs.
enum Voice {
    Own(Arc<Engine>),
    Running(DoorClient),
}

impl Voice {
    fn find(profile: &std::path::Path) -> Result<Self, Failure> {
        match Engine::start(Options { profile: profile.to_owned(), door: true, interface: None }) {
            Ok(engine) => Ok(Self::Own(engine)),
            Err(StartError::Profile(ProfileError::InUse)) => DoorClient::open(profile).map(Self::Running),
            Err(error) => Err(not_started(error)),
        }
    }

    fn call<T: DeserializeOwned>(&self, name: &str, request: &impl Serialize) -> Result<T, Failure> {
        let payload = protocol::query::write(request)?;
        let answer = match self {
            Self::Own(engine) => engine.rpc(name, payload),
            Self::Running(door) => door.call(name, &payload),
        }?;
        protocol::query::read(answer)
    }
}

/// The failure of an engine that could not start.
fn not_started(error: StartError) -> Failure {
    match error {
        StartError::Profile(ProfileError::InUse) => {
            Failure::new(FailureCode::BadRequest, "another engine runs on this profile").with("reason", "in_use")
        }
        StartError::Profile(ProfileError::Disk { path, source }) => local_failure(&path, &source),
        StartError::Profile(ProfileError::Damaged { path, source }) => {
            Failure::new(FailureCode::LocalFile, source.to_string())
                .with("path", path.display())
                .with("reason", "damaged_profile")
        }
        StartError::Staging(cause) => Failure::new(FailureCode::Internal, cause),
    }
}

fn sign_in(profile: &std::path::Path, server: String, email: String, password_stdin: bool) -> Result<End, Failure> {
    let mut password = String::new();
    let read = if password_stdin || !std::io::stdin().is_terminal() {
        std::io::stdin().read_to_string(&mut password).map(|_| ())
    } else {
        // What is typed is not shown.
        rpassword::prompt_password("Mot de passe : ").map(|typed| password = typed)
    };
    read.map_err(|error| Failure::new(FailureCode::BadRequest, error.to_string()))?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let voice = Voice::find(profile)?;
    let _: protocol::local::Nothing = voice
        .call("sign_in", &protocol::local::SignIn { server: server.clone(), email: email.clone(), password })
        .map_err(|failure: Failure| match failure.code {
            FailureCode::Offline => failure.with("server", &server),
            _ => failure,
        })?;
    say(&format!("Connecté : {email}"));
    Ok(End::Done)
}

fn mirror(
    profile: &std::path::Path,
    root: Option<PathBuf>,
    wanted: &Wanted,
    once: bool,
    interface: Option<PathBuf>,
) -> Result<End, Failure> {
    let engine = match Engine::start(Options { profile: profile.to_owned(), door: true, interface }) {
        Ok(engine) => engine,
        Err(error) => return Err(not_started(error)),
    };
    let voice = Voice::Own(Arc::clone(&engine));
    if let Some(root) = root {
        let root = std::path::absolute(&root).unwrap_or(root);
        let mirror_root = Some(root.display().to_string());
        let request = protocol::local::ChangeSettings { mirror_root, ..protocol::local::ChangeSettings::default() };
        let _: protocol::local::SettingsView = voice.call("change_settings", &request)?;
    }
    let all = wanted.all;
    clients::make_available(&voice, wanted)?;
    if !once {
        return run_until_told(&engine, all.then_some(&voice));
    }
    loop {
        let end = run_once(&engine, &voice)?;
        // Client files that this run's own pull brought are among all.
        if !(all && make_all_available(&voice)?) {
            if matches!(end, End::Stuck) {
                let (status, items) = whole_status(&voice)?;
                for line in words::status(&status, &items).into_iter().chain(words::server(engine.rest()?)) {
                    complain(&line);
                }
            }
            return Ok(end);
        }
    }
}

fn pause(profile: &std::path::Path, paused: bool) -> Result<End, Failure> {
    let voice = Voice::find(profile)?;
    let _: protocol::local::Nothing = voice.call("set_paused", &protocol::local::SetPaused { paused })?;
    say(if paused { "Synchronisation en pause. « gedeon resume » la reprend." } else { "Synchronisation reprise." });
    Ok(End::Done)
}

/// How long everything must stay at rest before a single run ends: longer than the mirror's settling.
const REST: Duration = Duration::from_millis(2_500);
/// How long a server that does not answer is waited for.
const UNREACHABLE: Duration = Duration::from_secs(30);

fn run_once(engine: &Engine, voice: &Voice) -> Result<End, Failure> {
    let mut resting_since: Option<Instant> = None;
    let mut offline_since: Option<Instant> = None;
    loop {
        let status: SyncStatus = voice.call("get_sync_status", &protocol::local::GetSyncStatus {})?;
        match status.connection {
            Connection::SignedOut | Connection::SessionExpired => {
                return Err(Failure::new(FailureCode::SignedOut, "nobody is signed in"));
            }
            Connection::UpdateNeeded => return Err(Failure::new(FailureCode::UpdateNeeded, "this desktop is too old")),
            Connection::Offline if offline_since.get_or_insert_with(Instant::now).elapsed() > UNREACHABLE => {
                return Err(Failure::new(FailureCode::Offline, "the server cannot be reached"));
            }
            Connection::Offline => {}
            // Nothing goes on until somebody says so.
            Connection::Paused => return Ok(End::Stuck),
            Connection::Online => offline_since = None,
        }
        let rest = engine.rest()?;
        let over = rest.up_to_date || (rest.at_rest && rest.stuck > 0);
        if !over {
            resting_since = None;
        } else if resting_since.get_or_insert_with(Instant::now).elapsed() > REST {
            return Ok(if rest.stuck > 0 { End::Stuck } else { End::Done });
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
}

/// Runs until somebody asks to stop; client files that are new are asked of `all` whenever some changed.
fn run_until_told(engine: &Engine, all: Option<&Voice>) -> Result<End, Failure> {
    let stopping = Arc::new(AtomicBool::new(false));
    // Who is about to look need not be told again.
    let (tell, told) = std::sync::mpsc::sync_channel(1);
    let tell_of_changes = tell.clone();
    let told_to_stop = Arc::clone(&stopping);
    ctrlc::set_handler(move || {
        told_to_stop.store(true, Ordering::Relaxed);
        let _ = tell.try_send(());
    })
    .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
    let _subscription = engine.subscribe(Box::new(move |event| {
        if matches!(event, AppEvent::Changed { tags } if tags.contains(&Tag::ClientFiles)) {
            let _ = tell_of_changes.try_send(());
        }
    }));
    say("Synchronisation en cours. Ctrl-C pour arrêter.");
    loop {
        if let Some(voice) = all
            && let Err(failure) = make_all_available(voice)
        {
            tracing::debug!(%failure, "new client files wait for the next change");
        }
        // The handler lives as long as the program: there is always somebody to tell.
        if told.recv().is_err() || stopping.load(Ordering::Relaxed) {
            break;
        }
    }
    engine.stop();
    Ok(End::Done)
}

/// How things stand, once an engine that has just begun had the time to find its server.
fn status_once_connected(voice: &Voice) -> Result<SyncStatus, Failure> {
    let deadline = Instant::now() + Duration::from_secs(5);
    loop {
        let status: SyncStatus = voice.call("get_sync_status", &protocol::local::GetSyncStatus {})?;
        let settled = status.connection != Connection::Offline
            && (status.up_to_date || status.waiting + status.needs_somebody() > 0);
        let is_halted = matches!(status.connection, Connection::SignedOut | Connection::Paused);
        if settled || is_halted || Instant::now() > deadline {
            return Ok(status);
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
}

/// How things stand, with the files that say why.
fn whole_status(voice: &Voice) -> Result<(SyncStatus, SyncItems), Failure> {
    let status = status_once_connected(voice)?;
    let items: SyncItems = match status.connection {
        Connection::SignedOut => SyncItems { total: 0, listed: 0, rows: Vec::new() },
        _ => voice.call("list_sync_items", &protocol::local::ListSyncItems { offset: 0, limit: 500 })?,
    };
    Ok((status, items))
}

fn status(profile: &std::path::Path, json: bool) -> Result<End, Failure> {
    let voice = Voice::find(profile)?;
    let (status, items) = whole_status(&voice)?;
    if json {
        let value = serde_json::json!({ "status": status, "items": items });
        say(&serde_json::to_string_pretty(&value).unwrap_or_default());
    } else {
        for line in words::status(&status, &items) {
            say(&line);
        }
    }
    if status.connection == Connection::SignedOut {
        return Err(Failure::new(FailureCode::SignedOut, "nobody is signed in"));
    }
    Ok(if status.waiting + status.needs_somebody() > 0 { End::Stuck } else { End::Done })
}

fn import_folder(profile: &std::path::Path, folder: PathBuf, client: &str, into: Option<&str>) -> Result<End, Failure> {
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    if !folder.is_dir() {
        return Err(Failure::new(FailureCode::LocalFile, "not a folder")
            .with("path", folder.display())
            .with("reason", if folder.exists() { "not_a_folder" } else { "not_found" }));
    }
    let voice = Voice::find(profile)?;
    wait_for_first_rows(&voice)?;
    let row = client_named(&voice, client)?;
    let target = match into {
        None => row.id.root(),
        Some(path) => folder_at(&voice, &row, path)?,
    };
    let paths = vec![folder.display().to_string()];
    let ticket: ImportTicket = voice.call("import_paths", &ImportPaths { paths, target })?;
    let view = loop {
        let view: ImportView = voice.call("get_import", &GetImport { import: ticket.import })?;
        if view.ended {
            break view;
        }
        std::thread::park_timeout(Duration::from_millis(50));
    };
    for line in words::import(&view) {
        say(&line);
    }
    if let Voice::Own(engine) = &voice {
        // With an engine of our own, what was filed has to reach the server before we go; what cannot waits in the profile.
        match run_once(engine, &voice) {
            Err(failure) if failure.code == FailureCode::Offline => complain(&failures::sentence(&failure)),
            other => return other.map(|end| if view.problems.is_empty() { end } else { End::Stuck }),
        }
    } else {
        // The engine that runs goes on with it.
        let status: SyncStatus = voice.call("get_sync_status", &protocol::local::GetSyncStatus {})?;
        if let Some(line) = words::still_here(&status) {
            say(line);
        }
    }
    Ok(if view.problems.is_empty() { End::Done } else { End::Stuck })
}

fn folder_at(voice: &Voice, client: &ClientFileRow, path: &str) -> Result<domain::id::NodeId, Failure> {
    let tree: TreeView = voice.call("get_tree", &GetTree { client_file: client.id })?;
    path.split('/').filter(|name| !name.is_empty()).try_fold(tree.root, |parent, name| {
        let key = domain::name::key(name);
        let found =
            tree.folders.iter().find(|folder| folder.parent == parent && domain::name::key(&folder.name) == key);
        found
            .map(|folder| folder.id)
            .ok_or_else(|| Failure::new(FailureCode::NotFound, "no such folder").with("folder", path))
    })
}

fn held(profile: &std::path::Path, confirm: bool, only: Option<HeldWord>) -> Result<End, Failure> {
    let voice = Voice::find(profile)?;
    let mut is_any = false;
    for (word, kind) in [(HeldWord::Suppressions, HeldKind::Removal), (HeldWord::Modifications, HeldKind::Edit)] {
        if only.is_none_or(|only| only == word) {
            let HeldDecided { documents } = voice.call("decide_held", &DecideHeld { kind, confirm })?;
            if documents > 0 {
                is_any = true;
                say(&words::decided(kind, confirm, documents));
            }
        }
    }
    if !is_any {
        say("Rien n'est retenu.");
    }
    Ok(End::Done)
}

fn doctor(profile: &std::path::Path) -> Result<End, Failure> {
    say(&format!("Profil : {}", profile.display()));
    let voice = Voice::find(profile)?;
    let settings: protocol::local::SettingsView = voice.call("get_settings", &protocol::local::GetSettings {})?;
    let own = matches!(voice, Voice::Own(_));
    say(if own { "Moteur : aucun autre ne tourne sur ce profil" } else { "Moteur : en marche" });
    say(&format!("Serveur : {}", settings.server.as_deref().unwrap_or("aucun — gedeon sign-in")));
    say(&format!("Compte : {}", settings.email.as_deref().unwrap_or("personne n'est connecté — gedeon sign-in")));
    say(&format!("Miroir : {}", settings.mirror_root.as_deref().unwrap_or("aucun — gedeon mirror --root DOSSIER")));
    if settings.email.is_none() {
        return Err(Failure::new(FailureCode::SignedOut, "nobody is signed in"));
    }
    let status = status_once_connected(&voice)?;
    let items: SyncItems = voice.call("list_sync_items", &protocol::local::ListSyncItems { offset: 0, limit: 500 })?;
    for line in words::status(&status, &items) {
        say(&line);
    }
    match status.connection {
        Connection::Online | Connection::Paused => {
            Ok(if status.waiting + status.needs_somebody() > 0 { End::Stuck } else { End::Done })
        }
        Connection::SignedOut | Connection::SessionExpired => {
            Err(Failure::new(FailureCode::SignedOut, "the session is over"))
        }
        _ => Err(Failure::new(FailureCode::Offline, "the server cannot be reached")),
    }
}
