//! A workstation that mirrors: a replica, a mirror, a disk, and a network that is a function call.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use content::StagingStore;
use disk::{Filesystem, MemoryDisk, Personality, RealDisk};
use domain::content::ContentHash;
use domain::id::{PersonId, WorkstationId};
use domain::time::Instant;
use mirror::{Context, Effect, Event, Mirror};
use protocol::command::Command;
use protocol::feed::{PullReply, PushRequest};
use protocol::view::Reason;
use store::firm::Caller;
use store::replica::{Owner, Replica};
use store::rows::Node;
use uuid::Uuid;

use crate::office::{Office, START};

const ROOT: &str = "/mirror";

/// A workstation.
pub(crate) struct Desktop {
    pub(crate) replica: Replica,
    pub(crate) mirror: Mirror,
    pub(crate) disk: Arc<dyn Filesystem>,
    pub(crate) memory: Option<MemoryDisk>,
    pub(crate) staging: Arc<StagingStore>,
    pub(crate) root: PathBuf,
    /// Who is signed in.
    pub(crate) person: PersonId,
    wanted: BTreeSet<ContentHash>,
    wake_at: Instant,
    pub(crate) commands: Vec<Command>,
    pub(crate) is_online: bool,
    _folder: Option<tempfile::TempDir>,
}

impl Desktop {
    /// A workstation on a disk in memory, that mirrors the client file and has nothing yet.
    pub(crate) fn new(office: &Office, personality: Personality) -> Self {
        Self::of(office, office.person, personality)
    }

    /// The same, of somebody else than the administrator.
    pub(crate) fn of(office: &Office, person: PersonId, personality: Personality) -> Self {
        let memory = MemoryDisk::new(personality);
        memory.set_now(START * 1_000_000);
        let disk = Arc::new(memory.clone());
        Self::made(office, person, disk, Some(memory), PathBuf::from(ROOT), Path::new("/profile/staging"), None)
    }

    /// A workstation on a real disk.
    pub(crate) fn real(office: &Office) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        let disk = Arc::new(RealDisk);
        Self::on(office, disk, None, base.join("mirror"), &base.join("staging"), Some(folder))
    }

    /// A workstation on any disk.
    pub(crate) fn on(
        office: &Office,
        disk: Arc<dyn Filesystem>,
        memory: Option<MemoryDisk>,
        root: PathBuf,
        staging: &Path,
        folder: Option<tempfile::TempDir>,
    ) -> Self {
        Self::made(office, office.person, disk, memory, root, staging, folder)
    }

    /// Somebody else who signs in on the same machine, with the same folder for a mirror.
    pub(crate) fn beside(&self, office: &Office, person: PersonId) -> Self {
        let (disk, memory, root) = (Arc::clone(&self.disk), self.memory.clone(), self.root.clone());
        Self::made(office, person, disk, memory, root, Path::new("/profile/other"), None)
    }

    fn made(
        office: &Office,
        person: PersonId,
        disk: Arc<dyn Filesystem>,
        memory: Option<MemoryDisk>,
        root: PathBuf,
        staging: &Path,
        folder: Option<tempfile::TempDir>,
    ) -> Self {
        let staging = Arc::new(StagingStore::open(Arc::clone(&disk), staging).unwrap());
        let owner = Owner { firm: office.firm.id(), person };
        let replica = Replica::memory(owner).unwrap();
        let mirror = Mirror::new(root.clone(), Arc::clone(&disk), Arc::clone(&staging));
        let mut desktop = Self {
            replica,
            mirror,
            disk,
            memory,
            staging,
            root,
            person,
            wanted: BTreeSet::new(),
            wake_at: Instant(0),
            commands: Vec::new(),
            is_online: true,
            _folder: folder,
        };
        desktop.pull(office);
        desktop.replica.write(|tx| tx.set_offline(office.client, true)).unwrap();
        desktop
    }

    /// The process ends, however, and another begins.
    pub(crate) fn restart(&mut self) {
        self.staging = Arc::new(StagingStore::open(Arc::clone(&self.disk), &self.staging_root()).unwrap());
        self.mirror = Mirror::new(self.root.clone(), Arc::clone(&self.disk), Arc::clone(&self.staging));
        self.wanted.clear();
        self.wake_at = Instant(0);
    }

    /// The process ends, and another begins that leaves this many bytes free.
    pub(crate) fn keep_free(&mut self, bytes: u64) {
        self.restart();
        let mirror = Mirror::new(self.root.clone(), Arc::clone(&self.disk), Arc::clone(&self.staging));
        self.mirror = mirror.keeping_free(bytes);
    }

    fn staging_root(&self) -> PathBuf {
        match self.root.parent() {
            Some(base) if self.memory.is_none() => base.join("staging"),
            _ => PathBuf::from("/profile/staging"),
        }
    }

    pub(crate) fn step(&mut self, office: &Office, event: Event) -> Result<(), mirror::Error> {
        let mut ids = || office.fresh();
        let mut context = Context { now: office.now(), ids: &mut ids, workstation: WorkstationId(Uuid::from_u128(8)) };
        self.wake_at = Instant(i64::MAX);
        for effect in self.mirror.step(event, &self.replica, &mut context)? {
            match effect {
                Effect::NeedContents(contents) => self.wanted.extend(contents.iter().map(|content| content.hash)),
                Effect::WakeAt(at) => self.wake_at = self.wake_at.min(at),
                Effect::OutboxChanged | Effect::Changed(_) | Effect::Watch => {}
            }
        }
        Ok(())
    }

    /// What the watcher says.
    pub(crate) fn hint(&mut self, office: &Office) {
        let event = match &self.memory {
            Some(memory) => Event::Touched(memory.take_touched_folders().into_iter().collect()),
            None => Event::RescanAll,
        };
        self.step(office, event).unwrap();
    }

    /// Lets the mirror work until it has nothing to do for a while, time passing.
    pub(crate) fn settle(&mut self, office: &Office) {
        self.hint(office);
        for _ in 0..2_000 {
            if let Some(memory) = &self.memory {
                memory.set_now(office.now().0 * 1_000_000);
            }
            if self.wake_at > office.now() {
                if !self.mirror.is_busy() {
                    return;
                }
                office.wait(self.wake_at.0 - office.now().0);
            }
            self.step(office, Event::Timer).unwrap();
        }
        panic!("the mirror does not come to rest: {}", self.state());
    }

    /// Sends, receives and settles until both sides are at rest.
    pub(crate) fn sync(&mut self, office: &Office) {
        for _ in 0..60 {
            self.settle(office);
            if !self.is_online {
                return;
            }
            let sent = self.push(office);
            let pulled = self.pull(office);
            // As the engine does: a pull without a row may have taken a client file out of sight.
            self.step(office, Event::RemoteChanged).unwrap();
            let fetched = self.fetch(office);
            if sent == 0 && pulled == 0 && !fetched && !self.mirror.is_busy() {
                return;
            }
        }
        panic!("no rest: {:?}", self.state());
    }

    pub(crate) fn push(&mut self, office: &Office) -> usize {
        let uploads = self.replica.read(|tx| tx.next_uploads(100_000)).unwrap();
        let mut sent = Vec::new();
        for upload in uploads {
            if let Ok(bytes) = self.staging.bytes(upload.content.hash, 1 << 30) {
                office.holds_from(self.person, &bytes);
                sent.push(upload.content.hash);
            }
        }
        self.replica.write(|tx| tx.uploaded(&sent)).unwrap();
        let batch = self.replica.read(|tx| tx.next_batch(1_000)).unwrap().commands;
        self.commands.extend(batch.iter().map(|envelope| envelope.command.clone()));
        let caller = Caller { person: self.person, workstation_name: "poste".into() };
        let request = PushRequest { commands: batch.clone(), schema_version: protocol::SCHEMA_VERSION };
        let reply = office.firm.push(&caller, &request, office.now()).unwrap();
        let answers: Vec<_> = batch.iter().map(|envelope| envelope.id).zip(reply.outcomes).collect();
        self.replica.write(|tx| tx.answered(&answers)).unwrap();
        batch.len()
    }

    pub(crate) fn pull(&mut self, office: &Office) -> usize {
        let mut request = self.replica.write(|tx| tx.pull_request(10_000)).unwrap();
        let before = self.replica.read(|tx| tx.unconfirmed_commands()).unwrap();
        loop {
            match office.firm.pull(self.person, &request).unwrap() {
                PullReply::Page(page) => {
                    if let Some(next) = page.next.clone() {
                        self.replica.write(|tx| tx.stage(&page)).unwrap();
                        request.resume = Some(next);
                    } else {
                        let applied = self.replica.write(|tx| tx.apply(&page)).unwrap();
                        let after = self.replica.read(|tx| tx.unconfirmed_commands()).unwrap();
                        return applied.rows + usize::try_from(before.saturating_sub(after)).unwrap();
                    }
                }
                PullReply::SightChanged => {
                    request.resume = None;
                    request.held = Some(self.replica.write(|tx| tx.grants()).unwrap());
                }
                PullReply::NewEpoch { epoch } => {
                    self.replica.write(|tx| tx.begin_epoch(&epoch)).unwrap();
                    request = self.replica.write(|tx| tx.pull_request(10_000)).unwrap();
                }
            }
        }
    }

    /// Brings the contents asked for; whether there were any.
    pub(crate) fn fetch(&mut self, office: &Office) -> bool {
        let wanted: Vec<ContentHash> = std::mem::take(&mut self.wanted).into_iter().collect();
        if wanted.is_empty() {
            return false;
        }
        for hash in &wanted {
            self.staging.put_bytes(&office.contents.borrow()[hash]).unwrap();
        }
        self.step(office, Event::ContentArrived(wanted)).unwrap();
        true
    }

    /// The same on a disk that may stop.
    pub(crate) fn fetch_unless_stopped(&mut self, office: &Office) {
        for hash in std::mem::take(&mut self.wanted) {
            let bytes = office.contents.borrow()[&hash].clone();
            if self.staging.put_bytes(&bytes).is_ok() {
                let _ = self.step(office, Event::ContentArrived(vec![hash]));
            }
        }
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// A program saves in place.
    pub(crate) fn save(&self, below: &str, bytes: &[u8]) {
        let path = self.path(below);
        if let Some(memory) = &self.memory {
            memory.save_in_place(&path, bytes).unwrap();
        } else {
            std::fs::write(&path, bytes).unwrap();
        }
    }

    pub(crate) fn read(&self, below: &str) -> Option<Vec<u8>> {
        self.disk.read(&self.path(below), 1 << 30).ok()
    }

    /// Paths below the mirror's folder of all that is in it, hidden folders aside, folders with a `/` at the end.
    pub(crate) fn tree(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.walk(&self.root, "", &mut found);
        found
    }

    fn walk(&self, folder: &Path, below: &str, found: &mut Vec<String>) {
        for entry in self.disk.list(folder).unwrap_or_default() {
            let name = entry.name.to_string_lossy().into_owned();
            if name.starts_with(".gedeon") {
                continue;
            }
            let is_folder = entry.meta.as_ref().is_ok_and(disk::Meta::is_folder);
            let path = format!("{below}{name}{}", if is_folder { "/" } else { "" });
            if is_folder {
                self.walk(&folder.join(&entry.name), &path, found);
            }
            found.push(path);
        }
    }

    /// The files of the mirror with their bytes.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let files = self.tree().into_iter().filter(|path| !path.ends_with('/'));
        files.filter_map(|path| self.read(&path).map(|bytes| (path, bytes))).collect()
    }

    pub(crate) fn node(&self, below: &str) -> Option<Node> {
        let mut at = None;
        for name in below.trim_end_matches('/').split('/') {
            let parent = at.unwrap_or(mirror::trees::ROOT);
            let found = self.replica.read(|tx| tx.local_at(parent, &domain::name::key(name))).unwrap();
            at = Some(found?.0);
        }
        self.replica.read(|tx| tx.node(at.unwrap())).unwrap()
    }

    /// What waits or is blocked: path and reason.
    pub(crate) fn blocked(&self) -> Vec<(String, Reason)> {
        let blocked = self.replica.read(|tx| tx.all_blocked()).unwrap();
        blocked.into_iter().map(|entry| (entry.path, entry.reason)).collect()
    }

    pub(crate) fn proposal(&self, below: &str) -> Option<(String, String)> {
        let blocked = self.replica.read(|tx| tx.all_blocked()).unwrap();
        blocked.into_iter().find(|entry| entry.path == below).and_then(|entry| Some((entry.key, entry.proposal?)))
    }

    /// What is not at rest.
    pub(crate) fn state(&self) -> String {
        let (dirty, blocked) = self.replica.read(|tx| tx.unsettled()).unwrap();
        let pending = self.replica.read(|tx| tx.unconfirmed_commands()).unwrap();
        format!("{dirty} dirty, {blocked} blocked, {pending} pending, wanted {}", self.wanted.len())
    }

    /// Nothing is left to do, and nothing waits.
    #[track_caller]
    pub(crate) fn is_at_rest(&self) {
        assert_eq!(self.state(), "0 dirty, 0 blocked, 0 pending, wanted 0");
        assert!(!self.mirror.is_busy());
    }

    /// The files that lie in the quarantine, with their bytes.
    pub(crate) fn quarantine(&self) -> BTreeSet<Vec<u8>> {
        let mut found = Vec::new();
        let folder = self.root.join(".gedeon.d/quarantine");
        let mut paths = Vec::new();
        self.walk(&folder, "", &mut paths);
        for path in paths.iter().filter(|path| !path.ends_with('/')) {
            found.push(self.disk.read(&folder.join(path), 1 << 30).unwrap());
        }
        found.into_iter().collect()
    }
}
