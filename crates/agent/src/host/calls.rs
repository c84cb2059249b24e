//! Bodies of the local calls.

use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::id::CommandId;
use protocol::command::{Command, Envelope, Executed};
use protocol::event::Tag;
use protocol::failure::{Failure, FailureCode};
use protocol::local::{
    BeginDrop, CancelImport, ChangeSettings, DecideHeld, DismissRefused, Execute, ExecuteReply, FileOf, GetImport,
    GetSettings, GetSyncStatus, HeldDecided, ImportPaths, ImportTicket, ImportView, InvitationLink, InvitePerson,
    KeptFiles, ListOpened, ListSessions, ListSyncItems, LocalCalls, LocalFile, Nothing, OpenedList, RepairName,
    RetryNow, RevokeSession, SaveRefused, SessionList, SetOffline, SetPaused, SettingsView, SignIn, Undo, UndoReply,
};
use protocol::session::{InviteRequest, SignInRequest};
use protocol::view::{Connection, Reason, SyncItem, SyncItems, SyncMark, SyncStatus};
use store::replica::Offline;
use store::replica::trees::Decision;
use uuid::Uuid;

use super::http::Remote;
use super::profile::{Account, local_failure};
use super::runner::Message;
use super::{Engine, Session, Shared, default_mirror_root, kept, lock, nested, now, secret, status, workstation_name};
use crate::core::Event;
use crate::pace;

type Answer<T> = Result<T, Failure>;

/// How many commands on their way the sync panel lists at most.
const LISTED: u32 = 1_000;
/// How many files are told with the program that has them open: each takes a look at every program of the machine.
const NAMED: usize = 5;
/// Wait for the first rows after a sign-in, so that the first screen is not empty.
const FIRST_ROWS: Duration = Duration::from_secs(20);

/// Executes commands in one transaction; the first refusal undoes all.
pub(super) fn execute(
    shared: &Shared,
    session: &Session,
    commands: Vec<Command>,
    strict: bool,
) -> Answer<Vec<Executed>> {
    let workstation = lock(&shared.profile).workstation;
    let made_at = now();
    let executed = session
        .replica
        .write(|tx| {
            let contents: Vec<_> = commands.iter().filter_map(Command::content).map(|content| content.hash).collect();
            let executed = commands
                .into_iter()
                .map(|command| {
                    tx.execute(&Envelope { id: CommandId(Uuid::now_v7()), workstation, made_at, strict, command })
                })
                .collect::<store::Result<_>>()?;
            tx.hurry_if_few(&contents)?;
            Ok(executed)
        })
        .map_err(store::Error::into_failure)?;
    session.runner.send(Message::Event(Event::OutboxChanged));
    Shared::changed(session, [Tag::People, Tag::ClientFiles, Tag::Documents, Tag::Sync]);
    Ok(executed)
}

/// The commands that undo what was executed, last first.
pub(super) fn inverses(executed: &[Executed]) -> Vec<Command> {
    executed.iter().rev().filter_map(|done| done.inverse.clone()).collect()
}

/// Ids of inverse commands are made when they are executed, so that undoing twice is two changes.
fn with_new_ids(command: Command) -> Command {
    match command {
        Command::RestoreVersion { node, from, base, .. } => {
            Command::RestoreVersion { node, version: domain::id::VersionId(Uuid::now_v7()), from, base }
        }
        other => other,
    }
}

fn step_back(engine: &Engine, undone: bool) -> Answer<UndoReply> {
    let session = engine.shared.session()?;
    let popped = session.replica.write(|tx| tx.pop_undo(undone)).map_err(store::Error::into_failure)?;
    let Some((action, commands)) = popped else { return Ok(UndoReply { action: None }) };
    let commands = commands.into_iter().map(with_new_ids).collect();
    let executed = execute(&engine.shared, &session, commands, true)?;
    let back = inverses(&executed);
    session.replica.write(|tx| tx.push_redo(&action, &back, !undone)).map_err(store::Error::into_failure)?;
    Ok(UndoReply { action: Some(action) })
}

impl Engine {
    fn remote_call<T>(&self, work: impl AsyncFnOnce(&Remote) -> crate::remote::Answer<T>) -> Answer<T> {
        let session = self.shared.session()?;
        self.shared.runtime.block_on(work(&session.remote)).map_err(crate::remote::RemoteError::into_failure)
    }
}

impl LocalCalls for Engine {
    fn execute(&self, request: Execute) -> Answer<ExecuteReply> {
        let session = self.shared.session()?;
        let executed = execute(&self.shared, &session, request.commands, false)?;
        let undo = inverses(&executed);
        if !undo.is_empty() {
            session.replica.write(|tx| tx.push_undo(&request.action, &undo)).map_err(store::Error::into_failure)?;
        }
        Ok(ExecuteReply { executed })
    }

    fn undo(&self, _: Undo) -> Answer<UndoReply> {
        step_back(self, false)
    }

    fn redo(&self, _: Undo) -> Answer<UndoReply> {
        step_back(self, true)
    }

    fn sign_in(&self, request: SignIn) -> Answer<Nothing> {
        let shared = &self.shared;
        let remote = Remote::new(&request.server, None, std::sync::Arc::clone(&shared.traffic))?;
        let sign_in = SignInRequest {
            email: request.email.clone(),
            password: request.password,
            workstation: lock(&shared.profile).workstation,
            workstation_name: workstation_name(),
        };
        let reply =
            shared.runtime.block_on(remote.sign_in(&sign_in)).map_err(crate::remote::RemoteError::into_failure)?;
        let account = Account {
            server: request.server.trim().trim_end_matches('/').to_owned(),
            email: request.email,
            firm: reply.firm,
            firm_name: reply.firm_name,
            person: reply.person,
        };
        secret::save(&shared.folder, &reply.token)?;
        let profile = {
            let mut profile = lock(&shared.profile);
            profile.account = Some(account.clone());
            // Whoever signs in waits for what there is.
            profile.paused = false;
            profile.clone()
        };
        shared.folder.save(&profile)?;
        shared.begin_session(account, reply.token)?;
        let session = shared.session()?;
        let deadline = std::time::Instant::now() + FIRST_ROWS;
        // The first pull is under way: its end is seen in the replica.
        while session.replica.read(|tx| Ok(tx.epoch()?.is_empty())).map_err(store::Error::into_failure)?
            && std::time::Instant::now() < deadline
        {
            std::thread::park_timeout(Duration::from_millis(20));
        }
        shared.listeners.tell(&all_changed());
        Ok(Nothing {})
    }

    fn sign_out(&self, _: Nothing) -> Answer<Nothing> {
        let shared = &self.shared;
        if let Ok(session) = shared.session()
            && let Err(error) = shared.runtime.block_on(session.remote.sign_out())
        {
            // The token is forgotten here in any case; the server forgets it when it expires.
            tracing::warn!(%error, "the server was not told of the sign-out");
        }
        let before = shared.session.write().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        drop(before);
        secret::forget(&shared.folder);
        shared.listeners.tell(&all_changed());
        Ok(Nothing {})
    }

    fn get_settings(&self, _: GetSettings) -> Answer<SettingsView> {
        let signed_in = self.shared.session().is_ok();
        let profile = lock(&self.shared.profile).clone();
        Ok(SettingsView {
            server: profile.account.as_ref().map(|account| account.server.clone()),
            email: profile.account.as_ref().filter(|_| signed_in).map(|account| account.email.clone()),
            mirror_root: profile.mirror_root().map(|root| root.display().to_string()),
            proposed_mirror_root: default_mirror_root(&*self.shared.disk, profile.account.as_ref())
                .display()
                .to_string(),
            language: profile.language,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            workstation_name: workstation_name(),
            kept_folder: Some(self.shared.folder.kept())
                .filter(|kept| kept.exists())
                .map(|kept| kept.display().to_string()),
            bandwidth: profile.bandwidth,
        })
    }

    fn change_settings(&self, request: ChangeSettings) -> Answer<SettingsView> {
        if request.bandwidth.as_ref().is_some_and(|bandwidth| !pace::is_sound(bandwidth)) {
            return Err(Failure::new(FailureCode::BadRequest, "no such limits")
                .with("reason", "bandwidth")
                .with("slowest", pace::SLOWEST));
        }
        let root = match request.mirror_root {
            Some(root) => Some(prepare_mirror_root(&self.shared, Path::new(&root))?),
            None => None,
        };
        let profile = {
            let mut profile = lock(&self.shared.profile);
            if let Some(root) = &root {
                profile.set_mirror_root(root.clone());
            }
            if let Some(language) = request.language.filter(|language| matches!(language.as_str(), "fr" | "en")) {
                profile.language = language;
            }
            if let Some(bandwidth) = request.bandwidth {
                profile.bandwidth = bandwidth;
            }
            profile.clone()
        };
        self.shared.folder.save(&profile)?;
        self.shared.traffic.set_limits(profile.bandwidth);
        if let (Some(root), Ok(session)) = (root, self.shared.session()) {
            mirror::choose(&session.replica).map_err(store::Error::into_failure)?;
            session.runner.send(Message::Mirror(root));
        }
        self.shared.listeners.tell(&protocol::event::AppEvent::Changed { tags: vec![Tag::Settings, Tag::Sync] });
        self.get_settings(GetSettings {})
    }

    fn set_offline(&self, request: SetOffline) -> Answer<Nothing> {
        let session = self.shared.session()?;
        let chosen = match (request.offline, request.years) {
            (false, _) => Offline::Nothing,
            (true, None) => Offline::Everything,
            (true, Some(years)) => Offline::Years(years.into_iter().collect()),
        };
        session
            .replica
            .write(|tx| request.client_files.iter().try_for_each(|client| tx.choose_offline(*client, &chosen)))
            .map_err(store::Error::into_failure)?;
        session.runner.send(Message::Event(Event::OfflineChanged));
        Shared::changed(&session, [Tag::Settings, Tag::Sync, Tag::Documents, Tag::ClientFiles]);
        Ok(Nothing {})
    }

    fn get_sync_status(&self, _: GetSyncStatus) -> Answer<SyncStatus> {
        status::of(&self.shared)
    }

    fn list_sync_items(&self, request: ListSyncItems) -> Answer<SyncItems> {
        let session = self.shared.session()?;
        let mirrors = lock(&self.shared.profile).mirror_root().is_some();
        let to_receive = if mirrors { status::counts(&session)?.receiving.files } else { 0 };
        let listed = session.replica.read(|tx| {
            let mut rows = tx.sync_items(LISTED)?;
            let mut unlisted = tx.unlisted_items(LISTED)?;
            if to_receive > 0 {
                rows.extend(tx.receiving_items(LISTED)?);
                unlisted += to_receive.saturating_sub(LISTED);
            }
            Ok((rows, unlisted))
        });
        let (mut rows, unlisted) = listed.map_err(store::Error::into_failure)?;
        if session.runner.glance().connection == Connection::Offline {
            rows.iter_mut().for_each(wait_for_server);
        }
        let listed = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let limit = request.limit.clamp(1, 500) as usize;
        let mut rows: Vec<_> = rows.into_iter().skip(request.offset as usize).take(limit).collect();
        name_programs(&self.shared, &mut rows);
        Ok(SyncItems { total: listed.saturating_add(unlisted), listed, rows })
    }

    fn set_paused(&self, request: SetPaused) -> Answer<Nothing> {
        let session = self.shared.session()?;
        let profile = {
            let mut profile = lock(&self.shared.profile);
            profile.paused = request.paused;
            profile.clone()
        };
        self.shared.folder.save(&profile)?;
        session.runner.send(Message::Pause(request.paused));
        Ok(Nothing {})
    }

    fn retry_now(&self, _: RetryNow) -> Answer<Nothing> {
        self.shared.session()?.runner.send(Message::Event(Event::Resume));
        Ok(Nothing {})
    }

    fn repair_name(&self, request: RepairName) -> Answer<Nothing> {
        let session = self.shared.session()?;
        let replica = std::sync::Arc::clone(&session.replica);
        let repaired =
            session.runner.with(move |core| core.mirror().map(|mirror| mirror.repair(&request.key, &replica)));
        match repaired.flatten() {
            Some(Ok(())) => {
                session.runner.send(Message::Event(Event::Rescan));
                Ok(Nothing {})
            }
            Some(Err(error)) => Err(Failure::new(FailureCode::LocalFile, error.to_string())),
            None => Err(Failure::new(FailureCode::MirrorPlace, "nothing is mirrored")),
        }
    }

    fn dismiss_refused(&self, request: DismissRefused) -> Answer<KeptFiles> {
        let session = self.shared.session()?;
        // Kept first: a crash in between leaves the entry in the list and a file that the next attempt finds again.
        let kept = kept::keep(&self.shared, &session, request.command)?;
        session.replica.write(|tx| tx.dismiss_refused(request.command)).map_err(store::Error::into_failure)?;
        Shared::changed(&session, [Tag::Sync, Tag::Documents, Tag::Settings]);
        Ok(kept)
    }

    fn save_refused(&self, request: SaveRefused) -> Answer<KeptFiles> {
        let session = self.shared.session()?;
        match request.folder {
            Some(folder) => kept::save(&self.shared, &session, request.command, Path::new(&folder)),
            None => kept::keep(&self.shared, &session, request.command),
        }
    }

    fn decide_held(&self, request: DecideHeld) -> Answer<HeldDecided> {
        let session = self.shared.session()?;
        let decision = if request.confirm { Decision::Confirmed } else { Decision::Undone };
        let decided = session.replica.write(|tx| tx.decide_held(request.kind, decision));
        let documents = decided.map_err(store::Error::into_failure)?;
        session.runner.send(Message::Event(Event::HeldDecided));
        Shared::changed(&session, [Tag::Sync, Tag::Documents]);
        Ok(HeldDecided { documents })
    }

    fn file_of(&self, request: FileOf) -> Answer<LocalFile> {
        let session = self.shared.session()?;
        let node = session
            .replica
            .read(|tx| tx.node(request.document))
            .map_err(store::Error::into_failure)?
            .ok_or_else(|| Failure::new(FailureCode::NotFound, "no such document"))?;
        let head = node.head.ok_or_else(|| Failure::new(FailureCode::NotFound, "not a document"))?;
        if request.version.is_none_or(|version| version == head)
            && let Some(path) = self.shared.mirrored_path(&session, request.document)
        {
            return Ok(LocalFile { path: path.display().to_string(), editable: true });
        }
        let version = request.version.unwrap_or(head);
        let content = self.content(request.document, version)?;
        let folder = self.shared.folder.opened().join(version.to_string());
        // The name comes from the server, whoever that is: its last part alone.
        let path = folder.join(Path::new(&node.name).file_name().unwrap_or(std::ffi::OsStr::new("document")));
        copy_read_only(&content.path, &folder, &path)?;
        Ok(LocalFile { path: path.display().to_string(), editable: false })
    }

    fn import_paths(&self, request: ImportPaths) -> Answer<ImportTicket> {
        let paths = request.paths.into_iter().map(PathBuf::from).collect();
        self.shared.imports.begin_paths(&self.shared, paths, request.target)
    }

    fn begin_drop(&self, request: BeginDrop) -> Answer<ImportTicket> {
        self.shared.imports.begin_drop(&self.shared, request.relative_paths, request.target)
    }

    fn get_import(&self, request: GetImport) -> Answer<ImportView> {
        self.shared.imports.view(request.import)
    }

    fn cancel_import(&self, request: CancelImport) -> Answer<Nothing> {
        self.shared.imports.cancel(&self.shared, request.import)?;
        Ok(Nothing {})
    }

    fn invite_person(&self, request: InvitePerson) -> Answer<InvitationLink> {
        // The server must know the person before it can make the link.
        let session = self.shared.session()?;
        let unsent = session.replica.read(|tx| tx.pending_commands()).map_err(store::Error::into_failure)?;
        if unsent > 0 && session.runner.glance().connection != Connection::Online {
            return Err(Failure::new(FailureCode::Offline, "the person is not on the server yet"));
        }
        let deadline = std::time::Instant::now() + Duration::from_secs(10);
        while std::time::Instant::now() < deadline
            && session.replica.read(|tx| tx.pending_commands()).map_err(store::Error::into_failure)? > 0
        {
            std::thread::park_timeout(Duration::from_millis(50));
        }
        let reply = self.remote_call(async |remote| remote.invite(InviteRequest { person: request.person }).await)?;
        Ok(InvitationLink { link: reply.link })
    }

    fn list_opened(&self, _: ListOpened) -> Answer<OpenedList> {
        Ok(OpenedList { rows: self.shared.session()?.elsewhere.list(now()) })
    }

    fn list_sessions(&self, _: ListSessions) -> Answer<SessionList> {
        Ok(SessionList { sessions: self.remote_call(async |remote| remote.sessions().await)? })
    }

    fn revoke_session(&self, request: RevokeSession) -> Answer<Nothing> {
        self.remote_call(async |remote| remote.revoke(request.workstation).await)?;
        Ok(Nothing {})
    }
}

fn all_changed() -> protocol::event::AppEvent {
    let tags = vec![Tag::People, Tag::ClientFiles, Tag::Documents, Tag::Sync, Tag::Settings];
    protocol::event::AppEvent::Changed { tags }
}

/// Says of files that a program has open which one it is.
fn name_programs(shared: &Shared, rows: &mut [SyncItem]) {
    let Some(root) = lock(&shared.profile).mirror_root().cloned() else { return };
    // What is on its way has the path of its folder, and is no file that is in the way.
    let is_file = |item: &SyncItem| Path::new(&item.path).file_name().is_some_and(|name| name == item.name.as_str());
    let in_use = rows.iter_mut().filter(|item| item.reason == Reason::InUse && is_file(item));
    for item in in_use.take(NAMED) {
        item.program = shared.disk.holders(&root.join(&item.path)).into_iter().next();
    }
}

/// Without the server nothing is on its way: it waits, whatever its turn.
fn wait_for_server(item: &mut SyncItem) {
    if matches!(item.mark, SyncMark::Sending | SyncMark::Receiving) && item.reason == Reason::Queued {
        (item.mark, item.reason) = (SyncMark::Waiting, Reason::Offline);
    }
}

fn copy_read_only(from: &Path, folder: &Path, to: &Path) -> Answer<()> {
    if to.exists() {
        return Ok(());
    }
    let copied = std::fs::create_dir_all(folder).and_then(|()| {
        let part = folder.join(".part");
        std::fs::copy(from, &part)?;
        let mut permissions = std::fs::metadata(&part)?.permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&part, permissions)?;
        std::fs::rename(&part, to)
    });
    copied.map_err(|error| local_failure(to, &error))
}

/// Checks a folder for the mirror: made where it does not exist, refused where it holds something else, or where another
/// program keeps files in step; nothing is written then.
fn prepare_mirror_root(shared: &Shared, root: &Path) -> Answer<PathBuf> {
    let refused = |reason: &str| {
        Failure::new(FailureCode::MirrorPlace, reason).with("path", root.display()).with("reason", reason)
    };
    if !root.is_absolute() {
        return Err(refused("not_absolute"));
    }
    let account = lock(&shared.profile).account.clone().ok_or_else(secret::signed_out)?;
    let is_chosen = lock(&shared.profile).mirror_root().is_some_and(|chosen| *chosen == without_links(root));
    let nested = |root: &Path| nested::find(&*shared.disk, &without_links(root), |name| std::env::var_os(name));
    if let Some(found) = nested(root).filter(|_| !is_chosen) {
        let failure = refused(found.reason()).with("program", found.program());
        let proposal = default_mirror_root(&*shared.disk, Some(&account));
        return Err(match nested(&proposal) {
            None => failure.with("proposal", proposal.display()),
            Some(_) => failure,
        });
    }
    std::fs::create_dir_all(root).map_err(|error| local_failure(root, &error))?;
    let root = disk::RealDisk.canonical(root).map_err(|error| local_failure(root, &error.into()))?;
    if mirror::is_of_another(&*shared.disk, &root, account.owner()) {
        return Err(refused("other_mirror"));
    }
    if mirror::is_mirror(&*shared.disk, &root) {
        let is_current = lock(&shared.profile).mirror_root() == Some(&root);
        if !is_current && super::watch::is_mirrored_by_another(&root) {
            return Err(refused("in_use"));
        }
        return Ok(root);
    }
    let mut entries = std::fs::read_dir(&root).map_err(|error| local_failure(&root, &error))?;
    if entries.next().is_some() {
        return Err(refused("not_empty"));
    }
    Ok(root)
}

/// The path of a folder that need not be there, without the links on the way to it.
fn without_links(path: &Path) -> PathBuf {
    let found = path.ancestors().find_map(|above| Some((disk::RealDisk.canonical(above).ok()?, above)));
    let Some((canonical, above)) = found else { return path.to_owned() };
    path.strip_prefix(above).map_or_else(|_| path.to_owned(), |rest| canonical.join(rest).components().collect())
}
