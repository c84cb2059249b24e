//! Imports: files and folders taken into the GED, from paths of this disk or from bytes dropped in the page.
//!
//! Every file is captured into the staging first, then filed by a command, in batches; an import can be stopped at any
//! moment, what is in stays in, and all of it is one action of the undo list.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use content::{Captured, StagingError};
use disk::{ErrorKind, FileKind};
use domain::id::{ClientFileId, NodeId, VersionId};
use domain::name;
use domain::time::Instant;
use domain::tree::{FIRM_INBOX, permanent_folder_id};
use protocol::command::{Command, ContentRef, Naming};
use protocol::event::Tag;
use protocol::failure::{Failure, FailureCode};
use protocol::local::{ImportProblem, ImportRename, ImportTicket, ImportView};
use protocol::view::{PlaceView, Reason};
use uuid::Uuid;

use super::{Session, Shared, calls, lock};

/// Files filed in one transaction.
const BATCH: usize = 200;
/// How often a long import brings bytes to stable storage: the system flushes whole disks at once, which takes its time.
const FLUSH_EVERY: std::time::Duration = std::time::Duration::from_secs(5);
/// Problems and renames kept for the report.
const REPORTED: usize = 1_000;
/// The deepest folder followed.
const MAX_DEPTH: usize = 30;
/// The most files one drop in the page may announce.
const MAX_DROP: usize = 50_000;
/// How long nothing comes of a drop before whoever sent it is taken to be gone: a page that was closed ends nothing.
const SILENT: std::time::Duration = std::time::Duration::from_mins(5);
/// Imports whose reports are kept.
const KEPT: usize = 50;

/// Imports of this engine.
#[derive(Default)]
pub(super) struct Imports {
    next: AtomicU32,
    all: Mutex<BTreeMap<u32, Arc<Import>>>,
}

struct Import {
    target: NodeId,
    cancelled: AtomicBool,
    report: Mutex<ImportView>,
    filing: Mutex<Filing>,
    drop: Mutex<Option<Drop>>,
}

/// Files whose bytes come in pieces.
struct Drop {
    relative_paths: Vec<String>,
    parts: BTreeMap<u32, (PathBuf, u64)>,
    left: usize,
    /// When bytes last came.
    heard_at: std::time::Instant,
}

/// Commands under way, and what undoes those executed.
#[derive(Default)]
struct Filing {
    folders: BTreeMap<String, NodeId>,
    /// Those of them that the import made itself.
    made: BTreeSet<String>,
    batch: Vec<(String, Command)>,
    undo: Vec<Command>,
    /// When bytes were last brought to stable storage.
    flushed_at: Option<std::time::Instant>,
}

impl Imports {
    fn begin(&self, Target { folder: target, elsewhere }: Target) -> (u32, Arc<Import>) {
        let number = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        let report = ImportView {
            found: 0,
            done: 0,
            bytes: 0,
            ended: false,
            problems: Vec::new(),
            renamed: Vec::new(),
            elsewhere,
        };
        let import = Arc::new(Import {
            target,
            cancelled: AtomicBool::new(false),
            report: Mutex::new(report),
            filing: Mutex::default(),
            drop: Mutex::default(),
        });
        let mut all = lock(&self.all);
        all.insert(number, Arc::clone(&import));
        if all.len() > KEPT {
            let ended = all.iter().find(|(_, import)| lock(&import.report).ended).map(|(number, _)| *number);
            ended.map(|number| all.remove(&number));
        }
        (number, import)
    }

    /// Whether files are still being taken in.
    pub(super) fn are_under_way(&self) -> bool {
        lock(&self.all).values().any(|import| import.is_under_way())
    }

    fn find(&self, number: u32) -> Result<Arc<Import>, Failure> {
        lock(&self.all).get(&number).cloned().ok_or_else(|| Failure::new(FailureCode::NotFound, "no such import"))
    }

    /// How an import stands.
    pub(super) fn view(&self, number: u32) -> Result<ImportView, Failure> {
        Ok(lock(&self.find(number)?.report).clone())
    }

    /// Stops an import.
    pub(super) fn cancel(&self, shared: &Shared, number: u32) -> Result<(), Failure> {
        let import = self.find(number)?;
        import.cancelled.store(true, Ordering::Relaxed);
        let dropped = lock(&import.drop).take();
        if let Some(dropped) = dropped {
            for (path, _) in dropped.parts.into_values() {
                if let Err(error) = shared.disk.remove_file(&path) {
                    tracing::debug!(%error, "a received file stays until the next start");
                }
            }
            import.end(shared, &*shared.session()?);
        }
        Ok(())
    }

    /// Takes in files and folders of this disk, on a thread of its own.
    pub(super) fn begin_paths(
        &self,
        shared: &Arc<Shared>,
        paths: Vec<PathBuf>,
        target: NodeId,
    ) -> Result<ImportTicket, Failure> {
        let session = shared.session()?;
        let target = place_for_documents(&session, target)?;
        let (number, import) = self.begin(target);
        Shared::changed(&session, [Tag::Sync]);
        let shared = Arc::clone(shared);
        let taken_in = Arc::clone(&import);
        let spawned = std::thread::Builder::new().name("import".to_owned()).spawn(move || {
            for path in paths {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                taken_in.walk(&shared, &session, &path, &name, 0);
            }
            taken_in.end(&shared, &session);
        });
        spawned.map_err(|error| {
            lock(&import.report).ended = true;
            Failure::new(FailureCode::Internal, error.to_string())
        })?;
        Ok(ImportTicket { import: number })
    }

    /// Announces files whose bytes follow.
    pub(super) fn begin_drop(
        &self,
        shared: &Shared,
        relative_paths: Vec<String>,
        target: NodeId,
    ) -> Result<ImportTicket, Failure> {
        if relative_paths.len() > MAX_DROP {
            return Err(Failure::new(FailureCode::TooLarge, "too many files at once")
                .with("limit", MAX_DROP)
                .with("unit", "files"));
        }
        let session = shared.session()?;
        let target = place_for_documents(&session, target)?;
        let (number, import) = self.begin(target);
        lock(&import.report).found = u32::try_from(relative_paths.len()).unwrap_or(u32::MAX);
        let left = relative_paths.len();
        let heard_at = std::time::Instant::now();
        *lock(&import.drop) = Some(Drop { relative_paths, parts: BTreeMap::new(), left, heard_at });
        Shared::changed(&session, [Tag::Sync]);
        if left == 0 {
            import.end(shared, &session);
        }
        Ok(ImportTicket { import: number })
    }

    /// Takes bytes of a dropped file.
    pub(super) fn upload(
        &self,
        shared: &Shared,
        number: u32,
        index: u32,
        offset: u64,
        bytes: &[u8],
        end: bool,
    ) -> Result<(), Failure> {
        let import = self.find(number)?;
        let session = shared.session()?;
        import.take_bytes(shared, &session, index, offset, bytes, end)
    }
}

/// Where an import goes.
struct Target {
    folder: NodeId,
    /// Where that is, if it is the firm's inbox neither by its name nor by choice.
    elsewhere: Option<PlaceView>,
}

/// The folder a drop goes to: itself where it takes documents, else the inbox of its client file.
fn place_for_documents(session: &Session, target: NodeId) -> Result<Target, Failure> {
    let found = session.replica.read(|tx| {
        let client_file = match (tx.node(target)?, tx.client_file(ClientFileId(target.0))?) {
            (Some(node), _) if node.is_folder && node.theme.is_some() => {
                return Ok(Some(Target { folder: target, elsewhere: None }));
            }
            (Some(node), _) => node.client_file,
            (None, Some(client)) => client.id,
            (None, None) => return Ok(None),
        };
        let Some(folder) = tx.inbox_of(client_file)? else { return Ok(None) };
        let is_the_firm_s = folder == permanent_folder_id(client_file, FIRM_INBOX);
        let elsewhere =
            if is_the_firm_s { None } else { Some(PlaceView { folder, path: tx.folders_down_to(folder)? }) };
        Ok(Some(Target { folder, elsewhere }))
    });
    found.map_err(store::Error::into_failure)?.ok_or_else(|| Failure::new(FailureCode::NotFound, "no such place"))
}

impl Import {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    fn is_under_way(&self) -> bool {
        let is_silent = lock(&self.drop).as_ref().is_some_and(|drop| drop.heard_at.elapsed() > SILENT);
        !is_silent && !lock(&self.report).ended
    }

    /// Takes in a file, or a folder and all in it. A link is never followed; what cannot be read is left out, with why.
    fn walk(&self, shared: &Shared, session: &Session, path: &Path, relative: &str, depth: usize) {
        if self.is_cancelled() {
            return;
        }
        let name = relative.rsplit('/').next().unwrap_or(relative);
        match shared.disk.stat(path) {
            Ok(None) => self.problem(relative, Reason::DiskError),
            Err(error) => self.problem(relative, reason_of(error.kind())),
            Ok(Some(meta)) => match meta.kind {
                FileKind::File if name::is_temporary(name) => {}
                FileKind::File => {
                    lock(&self.report).found += 1;
                    match shared.staging.capture(path) {
                        Ok(captured) => {
                            self.file(shared, session, relative, captured, Instant(meta.modified_ns / 1_000_000));
                        }
                        Err(error) => self.problem(relative, staging_reason(&error)),
                    }
                }
                FileKind::Folder if depth >= MAX_DEPTH => self.problem(relative, Reason::PathTooLong),
                FileKind::Folder => match shared.disk.list(path) {
                    Err(error) => self.problem(relative, reason_of(error.kind())),
                    Ok(entries) => {
                        self.folder(session, relative);
                        for entry in entries {
                            let child = format!("{relative}/{}", entry.name.to_string_lossy());
                            self.walk(shared, session, &path.join(&entry.name), &child, depth + 1);
                        }
                    }
                },
                _ => self.problem(relative, Reason::NotAFile),
            },
        }
    }

    /// The folder of the GED for a folder of the import, made where there is none of that name.
    fn folder(&self, session: &Session, relative: &str) -> NodeId {
        if relative.is_empty() {
            return self.target;
        }
        if let Some(known) = lock(&self.filing).folders.get(relative) {
            return *known;
        }
        let (parent, name) = relative.rsplit_once('/').unwrap_or(("", relative));
        let parent = self.folder(session, parent);
        let existing = session.replica.read(|tx| tx.child(parent, &name::portable(name)));
        let mut filing = lock(&self.filing);
        let node = match existing {
            Ok(Some(node)) if node.is_folder => node.id,
            _ => {
                let node = NodeId(Uuid::now_v7());
                let command = Command::CreateFolder { node, parent, name: name.to_owned(), naming: Naming::ByMachine };
                filing.batch.push((relative.to_owned(), command));
                node
            }
        };
        filing.folders.insert(relative.to_owned(), node);
        node
    }

    fn file(&self, shared: &Shared, session: &Session, relative: &str, captured: Captured, modified_at: Instant) {
        let (folder, name) = relative.rsplit_once('/').unwrap_or(("", relative));
        let parent = self.folder(session, folder);
        let command = Command::AddDocument {
            node: NodeId(Uuid::now_v7()),
            parent,
            name: name.to_owned(),
            naming: Naming::ByMachine,
            version: VersionId(Uuid::now_v7()),
            content: ContentRef { hash: captured.hash, size: captured.size },
            modified_at,
        };
        lock(&self.report).bytes += captured.size;
        let full = {
            let mut filing = lock(&self.filing);
            filing.batch.push((relative.to_owned(), command));
            filing.batch.len() >= BATCH
        };
        if full {
            self.flush(shared, session);
        }
    }

    /// Executes the batch; where it is refused as a whole, one by one, so that one bad file leaves out only itself.
    fn flush(&self, shared: &Shared, session: &Session) {
        let batch = std::mem::take(&mut lock(&self.filing).batch);
        if batch.is_empty() {
            return;
        }
        if lock(&self.filing).flushed_at.is_none_or(|at| at.elapsed() >= FLUSH_EVERY) {
            self.flush_bytes(shared);
        }
        let commands = batch.iter().map(|(_, command)| command.clone()).collect();
        match calls::execute(shared, session, commands, false) {
            Ok(executed) => self.record(batch.iter().map(|(path, command)| (path, command)).zip(&executed)),
            Err(_) => {
                for (path, command) in &batch {
                    match calls::execute(shared, session, vec![command.clone()], false) {
                        Ok(executed) => self.record(std::iter::once((path, command)).zip(&executed)),
                        Err(failure) => self.problem(path, refusal_reason(&failure)),
                    }
                }
            }
        }
    }

    /// Brings what was taken in to stable storage: what is told to be filed is to survive a power cut.
    fn flush_bytes(&self, shared: &Shared) {
        if let Err(error) = shared.staging.flush() {
            tracing::warn!(%error, "what was taken in could not be flushed");
        }
        lock(&self.filing).flushed_at = Some(std::time::Instant::now());
    }

    fn record<'a>(&self, done: impl Iterator<Item = ((&'a String, &'a Command), &'a protocol::command::Executed)>) {
        let mut filing = lock(&self.filing);
        let mut report = lock(&self.report);
        for ((path, command), executed) in done {
            if matches!(command, Command::AddDocument { .. }) {
                report.done += 1;
            }
            if let Some(inverse) = executed.inverse.clone() {
                // Trashing a folder made here takes what is in it along.
                if !is_below(path, &filing.made) {
                    filing.undo.push(inverse);
                }
                if matches!(command, Command::CreateFolder { .. }) {
                    filing.made.insert(path.clone());
                }
            }
            if let Some(name) = &executed.renamed_to
                && report.renamed.len() < REPORTED
            {
                report.renamed.push(ImportRename { path: path.clone(), name: name.clone() });
            }
        }
    }

    fn problem(&self, path: &str, reason: Reason) {
        let mut report = lock(&self.report);
        if report.problems.len() < REPORTED {
            report.problems.push(ImportProblem { path: path.to_owned(), reason });
        }
    }

    fn end(&self, shared: &Shared, session: &Session) {
        self.flush(shared, session);
        self.flush_bytes(shared);
        *lock(&self.drop) = None;
        let mut undo = std::mem::take(&mut lock(&self.filing).undo);
        undo.reverse();
        if !undo.is_empty()
            && let Err(error) = session.replica.write(|tx| tx.push_undo("import", &undo))
        {
            tracing::warn!(%error, "the import cannot be undone as one");
        }
        lock(&self.report).ended = true;
        Shared::changed(session, [Tag::Sync, Tag::Documents]);
    }

    fn take_bytes(
        &self,
        shared: &Shared,
        session: &Session,
        index: u32,
        offset: u64,
        bytes: &[u8],
        end: bool,
    ) -> Result<(), Failure> {
        let (path, relative) = {
            let mut guard = lock(&self.drop);
            let Some(drop) = guard.as_mut() else {
                return Err(Failure::new(FailureCode::NotFound, "the import has ended"));
            };
            drop.heard_at = std::time::Instant::now();
            let relative = drop
                .relative_paths
                .get(index as usize)
                .cloned()
                .ok_or_else(|| Failure::new(FailureCode::BadRequest, "no such file"))?;
            let (path, received) = drop.parts.entry(index).or_insert_with(|| (shared.staging.temporary_path(), 0));
            if *received != offset {
                return Err(Failure::new(FailureCode::BadRequest, "bytes out of order").with("offset", received));
            }
            append(path, offset, bytes).map_err(|error| super::profile::local_failure(path, &error))?;
            *received += bytes.len() as u64;
            (path.clone(), relative)
        };
        if !end {
            return Ok(());
        }
        match shared.staging.capture(&path) {
            Ok(captured) => self.file(shared, session, &relative, captured, super::now()),
            Err(error) => self.problem(&relative, staging_reason(&error)),
        }
        if let Err(error) = shared.disk.remove_file(&path) {
            tracing::debug!(%error, "a received file stays until the next start");
        }
        let ended = {
            let mut guard = lock(&self.drop);
            guard.as_mut().is_some_and(|drop| {
                drop.parts.remove(&index);
                drop.left = drop.left.saturating_sub(1);
                drop.left == 0
            })
        };
        if ended {
            self.end(shared, session);
        }
        Ok(())
    }
}

/// Whether `path` is in one of `folders`, at any depth.
fn is_below(path: &str, folders: &BTreeSet<String>) -> bool {
    std::iter::successors(path.rsplit_once('/'), |(folder, _)| folder.rsplit_once('/'))
        .any(|(folder, _)| folders.contains(folder))
}

fn append(path: &Path, offset: u64, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)
}

fn staging_reason(error: &StagingError) -> Reason {
    match error {
        StagingError::Changed { .. } => Reason::Changing,
        StagingError::Disk(error) => reason_of(error.kind()),
        _ => Reason::DiskError,
    }
}

fn reason_of(kind: ErrorKind) -> Reason {
    match kind {
        ErrorKind::PermissionDenied => Reason::NoPermission,
        ErrorKind::Busy => Reason::InUse,
        ErrorKind::NoSpace => Reason::DiskFull,
        ErrorKind::NameTooLong => Reason::PathTooLong,
        ErrorKind::TooLarge => Reason::TooLarge,
        _ => Reason::DiskError,
    }
}

fn refusal_reason(failure: &Failure) -> Reason {
    match failure.code {
        FailureCode::InvalidName => Reason::InvalidName,
        FailureCode::NameTaken => Reason::NameTaken,
        FailureCode::PathTooLong => Reason::PathTooLong,
        FailureCode::DiskFull => Reason::DiskFull,
        _ => Reason::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn import_is_under_way_until_it_ends_and_a_drop_as_long_as_something_comes_of_it() {
        let imports = Imports::default();
        assert!(!imports.are_under_way());
        let target = || Target { folder: NodeId(Uuid::now_v7()), elsewhere: None };
        let (_, of_paths) = imports.begin(target());
        assert!(imports.are_under_way());
        lock(&of_paths.report).ended = true;
        assert!(!imports.are_under_way());

        let (_, of_bytes) = imports.begin(target());
        let heard = |heard_at| Drop { relative_paths: vec!["a.pdf".into()], parts: BTreeMap::new(), left: 1, heard_at };
        let now = std::time::Instant::now();
        *lock(&of_bytes.drop) = Some(heard(now));
        assert!(imports.are_under_way());
        let Some(long_ago) = now.checked_sub(SILENT * 2) else { return };
        *lock(&of_bytes.drop) = Some(heard(long_ago));
        assert!(!imports.are_under_way(), "whoever sent it is gone");
    }
}
