//! A workstation: the real engine core over a disk and a replica in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use agent::core::{Core, Effect, Event, Moment};
use content::StagingStore;
use disk::{CrashMoment, FaultyDisk, Filesystem, MemoryDisk, Personality};
use domain::id::{PersonId, WorkstationId};
use domain::time::Instant;
use protocol::command::ContentRef;
use protocol::transfer::PART_BYTES;
use protocol::view::{Connection, Reason, SyncItem, SyncMark};
use rand::{Rng as _, RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use store::replica::trees::HeldKind;
use store::replica::{Owner, Replica};
use uuid::Uuid;

use super::faults::{Backup, Held, Periods};
use super::network::Request;
use super::promise::{Sighting, key_of};
use super::server::Server;
use super::watcher::Watcher;

/// The mirror's folder on every station's disk.
pub(super) const ROOT: &str = "/miroir";
/// The staging's.
pub(super) const STAGING: &str = "/profil/staging";
/// The longest that a host sleeps.
const LONGEST_SLEEP_MS: i64 = 30_000;

/// A workstation.
pub(super) struct Station {
    pub(super) person: PersonId,
    pub(super) online: bool,
    /// Counts the engine's lives: an answer to an earlier one is nobody's.
    pub(super) life: u64,
    /// Counts the machine's: programs do not outlive it.
    pub(super) session: u64,
    /// The machine itself is off.
    pub(super) is_off: bool,
    pub(super) next_wake: Option<i64>,
    pub(super) disk: MemoryDisk,
    pub(super) faulty: FaultyDisk,
    pub(super) replica: Arc<Replica>,
    pub(super) random: ChaCha8Rng,
    /// How far its clock is from the others', in milliseconds.
    pub(super) skew: i64,
    pub(super) watcher: Watcher,
    pub(super) periods: Periods,
    /// Files that programs keep open.
    pub(super) held: Vec<Held>,
    pub(super) is_check_due: bool,
    /// What its disk counted when the oracle last looked.
    pub(super) checked_at: i64,
    /// Since when nothing keeps the engine from seeing and taking files.
    pub(super) sound_since: i64,
    pub(super) seen: BTreeMap<Vec<u8>, Sighting>,
    /// What of the replica was written for good lately, and when.
    pub(super) checkpoint: Option<(i64, Replica)>,
    pub(super) backup: Option<Backup>,
    /// The server was set back, and it did not hear of it yet.
    pub(super) is_unaware: bool,
    pub(super) workstation: WorkstationId,
    /// Its user is about to answer what the engine asks.
    pub(super) is_asked: bool,
    staging: Option<Arc<StagingStore>>,
    core: Option<Core>,
}

impl Station {
    pub(super) fn new(
        index: usize,
        personality: Personality,
        server: &Server,
        now: i64,
        mut random: ChaCha8Rng,
    ) -> Self {
        let person = server.people[index % server.people.len()];
        let disk = MemoryDisk::new(personality);
        disk.set_now(now * 1_000_000);
        disk.create_dir_all(Path::new(ROOT)).expect("a folder for the mirror");
        disk.sync_tree(Path::new("/")).expect("a flushed disk");
        let replica = Replica::memory(Owner { firm: server.firm.id(), person }).expect("a replica in memory");
        let offline = |client_file| replica.write(|tx| tx.set_offline(client_file, true));
        server.client_files.iter().try_for_each(|client_file| offline(*client_file)).expect("a setting");
        let workstation = WorkstationId(new_id(now, &mut random));
        Self {
            person,
            online: true,
            life: 0,
            session: 0,
            is_off: false,
            next_wake: None,
            faulty: FaultyDisk::new(Arc::new(disk.clone())),
            disk,
            replica: Arc::new(replica),
            random,
            skew: 0,
            watcher: Watcher::default(),
            periods: Periods::default(),
            held: Vec::new(),
            is_check_due: false,
            checked_at: 0,
            sound_since: now,
            seen: BTreeMap::new(),
            checkpoint: None,
            backup: None,
            is_unaware: false,
            workstation,
            is_asked: false,
            staging: None,
            core: None,
        }
    }

    /// The time by its own clock.
    pub(super) fn clock(&self, now: i64) -> i64 {
        now + self.skew
    }

    /// Whether the engine runs.
    pub(super) fn is_running(&self) -> bool {
        self.core.is_some()
    }

    /// Has the engine's process end in the middle of its disk operations.
    pub(super) fn crash_in(&self, operations: u64, moment: CrashMoment) {
        self.faulty.crash_at(operations, moment);
    }

    pub(super) fn is_crashed(&self) -> bool {
        self.faulty.is_crashed()
    }

    /// Ends the engine's life, whatever it was doing.
    pub(super) fn stop(&mut self) {
        self.core = None;
        self.staging = None;
        self.next_wake = None;
        self.sound_since = i64::MAX;
    }

    /// Begins a new life of the engine on the disk and the replica as they are.
    pub(super) fn boot(&mut self, now: i64) -> Result<u64, content::StagingError> {
        self.faulty.clear_faults();
        self.faulty.revive();
        self.is_off = false;
        let own = self.clock(now);
        self.disk.set_now(own * 1_000_000);
        let disk: Arc<dyn Filesystem> = Arc::new(self.faulty.clone());
        let staging = Arc::new(StagingStore::open(Arc::clone(&disk), Path::new(STAGING))?);
        let mut core = Core::new(Arc::clone(&self.replica), Arc::clone(&staging), self.workstation, Instant(own));
        core.begin_mirror(disk, PathBuf::from(ROOT), Instant(own));
        self.staging = Some(staging);
        self.core = Some(core);
        self.life += 1;
        self.sound_since = now.max(self.periods.sound_from());
        self.watcher.has_lost = false;
        Ok(self.life)
    }

    /// The folders of the mirror that changed, as a watcher would name them: the engine's own corner aside.
    pub(super) fn touched(&self) -> Vec<PathBuf> {
        let is_shown = |path: &PathBuf| path.strip_prefix(ROOT).is_ok_and(|below| !below.starts_with(".gedeon.d"));
        self.disk.take_touched_folders().into_iter().filter(is_shown).collect()
    }

    /// In how long the engine is to be woken.
    pub(super) fn wake_in(&self, now: i64) -> Option<i64> {
        let core = self.core.as_ref()?;
        Some(core.wake_at().0.saturating_sub(self.clock(now)).clamp(1, LONGEST_SLEEP_MS))
    }

    /// Steps the engine; what it asks for, and how it failed, if it did. A crash shows in the disk.
    pub(super) fn step(&mut self, event: Event, now: i64) -> (Vec<Effect>, Option<String>) {
        let own = self.clock(now);
        self.disk.set_now(own * 1_000_000);
        let Some(core) = &mut self.core else { return (Vec::new(), None) };
        let mut ids_random = ChaCha8Rng::seed_from_u64(self.random.random());
        let random = &mut self.random;
        let mut draw = || random.next_u64();
        let mut ids = || new_id(own, &mut ids_random);
        let mut moment = Moment { now: Instant(own), random: &mut draw, ids: &mut ids };
        let mut effects = Vec::new();
        let failure = core.step(event, &mut moment, &mut effects).err();
        (effects, failure.map(|error| error.to_string()))
    }

    /// The request an effect is, with its bytes.
    pub(super) fn request(&self, effect: Effect) -> Option<Request> {
        let staging = self.staging.as_ref()?;
        let bytes = |content: &ContentRef| staging.bytes(content.hash, content.size).ok();
        Some(match effect {
            Effect::Push(push) => Request::Push(push),
            Effect::Pull(pull) => Request::Pull(pull),
            Effect::AskMissing(ask) => Request::Missing(ask),
            Effect::SendPack { contents, .. } => {
                Request::Pack(contents.iter().map(|content| (*content, bytes(content))).collect())
            }
            Effect::SendPart { content, part, .. } => {
                let from = usize::try_from(u64::from(part) * PART_BYTES).ok()?;
                let whole = bytes(&content)?;
                let to = whole.len().min(from + usize::try_from(PART_BYTES).ok()?);
                Request::Part { content, part, bytes: whole.get(from..to)?.to_vec() }
            }
            Effect::Finish(content) => Request::Finish(content),
            Effect::Fetch { contents, .. } => Request::Fetch(contents),
            Effect::FetchLarge { content, .. } => Request::Fetch(vec![content]),
            Effect::Changed(_) | Effect::Arrived(_) | Effect::Watch => return None,
        })
    }

    /// Stages bytes the server handed over.
    pub(super) fn stage(&self, contents: &[Vec<u8>]) -> Vec<domain::content::ContentHash> {
        let Some(staging) = &self.staging else { return Vec::new() };
        contents.iter().filter_map(|bytes| staging.put_bytes(bytes).ok()).collect()
    }

    /// Whether nothing is under way or waits, and what is blocked for good is named.
    pub(super) fn is_at_rest(&mut self) -> bool {
        let Some(core) = &mut self.core else { return false };
        let glance = core.glance();
        if glance.busy || glance.scanning || glance.connection != Connection::Online {
            return false;
        }
        let (unconfirmed, load, (dirty, blocked)) = self
            .replica
            .read(|tx| Ok((tx.unconfirmed_commands()?, tx.upload_load()?, tx.unsettled()?)))
            .expect("a readable replica");
        if unconfirmed > 0 || load.files > 0 || self.held() > 0 {
            return false;
        }
        let waiting = if blocked == 0 { Some(0) } else { self.waiting_for_a_name() };
        waiting == Some(dirty)
    }

    /// How many documents wait for an answer of the user.
    pub(super) fn held(&self) -> u32 {
        self.replica
            .read(|tx| Ok(tx.held_count(HeldKind::Removal)? + tx.held_count(HeldKind::Edit)?))
            .expect("a readable replica")
    }

    /// How many documents wait for a name that a blocked file has, which only a person can rename; `None` where something
    /// else waits.
    fn waiting_for_a_name(&self) -> Option<u32> {
        let items = self.replica.read(|tx| tx.sync_items(0)).expect("a readable replica");
        let key = |item: &SyncItem| key_of(Path::new(&item.path));
        let blocked: BTreeSet<String> = items.iter().filter(|item| item.mark == SyncMark::Blocked).map(key).collect();
        let mut count = 0;
        for item in items.iter().filter(|item| item.mark == SyncMark::Waiting) {
            if item.reason != Reason::NameTaken || !blocked.contains(&key(item)) {
                return None;
            }
            count += 1;
        }
        Some(count)
    }

    /// The paths of what the sync panel calls blocked or waiting, by key.
    pub(super) fn blocked(&self) -> BTreeSet<String> {
        let items = self.replica.read(|tx| tx.sync_items(0)).expect("a readable replica");
        let items = items.into_iter().filter(|item| matches!(item.mark, SyncMark::Waiting | SyncMark::Blocked));
        items.filter(|item| !item.key.starts_with("refused:")).map(|item| key_of(Path::new(&item.path))).collect()
    }

    /// Why it is not at rest, in words.
    pub(super) fn unrest(&mut self) -> String {
        let held = self.held();
        let Some(core) = &mut self.core else { return "it does not run".to_owned() };
        let glance = core.glance();
        let (unconfirmed, load, unsettled, items) = self
            .replica
            .read(|tx| Ok((tx.unconfirmed_commands()?, tx.upload_load()?, tx.unsettled()?, tx.sync_items(5)?)))
            .expect("a readable replica");
        let items: Vec<String> = items
            .iter()
            .map(|item| format!("{} {} {:?} {:?} {:?}", item.key, item.path, item.mark, item.reason, item.failure))
            .collect();
        format!(
            "{glance:?}, {held} held, {unconfirmed} unconfirmed, {load:?}, (dirty, blocked) {unsettled:?}, {items:#?}"
        )
    }

    /// Whether its rows are those of a life of the server.
    pub(super) fn knows_epoch(&self, epoch: &str) -> bool {
        let known = self.replica.read(|tx| Ok((tx.epoch()?, tx.is_set_back_told()?))).expect("a readable replica");
        known == (epoch.to_owned(), false)
    }

    /// Every content on its disk: in the mirror, its quarantine included, or in the staging where something speaks of it.
    pub(super) fn kept(&self) -> BTreeSet<Vec<u8>> {
        let mut kept = self.on_disk();
        kept.extend(self.staged_and_needed());
        kept
    }

    /// The contents in the mirror's folder, its quarantine included.
    pub(super) fn on_disk(&self) -> BTreeSet<Vec<u8>> {
        self.below(ROOT)
    }

    /// The contents in the staging.
    pub(super) fn staged(&self) -> BTreeSet<Vec<u8>> {
        self.below(STAGING)
    }

    /// Those of them that a command or a file that the firm was not told of needs: what nothing speaks of, nobody finds, and
    /// what the server is known to hold is about to be dropped.
    pub(super) fn staged_and_needed(&self) -> BTreeSet<Vec<u8>> {
        let copy = self.replica.copy().expect("a copy of the replica");
        let is_needed = |bytes: &Vec<u8>| copy.read(|tx| tx.is_needed(domain::content::ContentHash::of(bytes)));
        copy.write(|tx| tx.take_settled_uploads(usize::MAX)).expect("a readable replica");
        let mut staged = self.staged();
        staged.retain(|bytes| is_needed(bytes).expect("a readable replica"));
        staged
    }

    fn below(&self, folder: &str) -> BTreeSet<Vec<u8>> {
        let entries = self.disk.everything_below(Path::new(folder)).unwrap_or_default();
        entries.into_iter().filter_map(|entry| entry.content).map(|bytes| bytes.to_vec()).collect()
    }
}

/// A UUIDv7 of a virtual clock.
pub(super) fn new_id(millis: i64, random: &mut ChaCha8Rng) -> Uuid {
    let mut bytes = [0; 10];
    random.fill_bytes(&mut bytes);
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(millis).unwrap_or_default(), &bytes).into_uuid()
}
