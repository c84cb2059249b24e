//! A workstation: the real engine core over a disk and a replica in memory.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use agent::core::{Core, Effect, Event, Moment};
use agent::remote::RemoteError;
use content::StagingStore;
use disk::{CrashMoment, FaultyDisk, Filesystem, MemoryDisk, Personality};
use domain::id::{PersonId, WorkstationId};
use domain::time::Instant;
use protocol::command::ContentRef;
use protocol::feed::{PullRequest, PushRequest};
use protocol::transfer::{MissingRequest, PART_BYTES};
use rand::{Rng as _, RngCore as _};
use rand_chacha::ChaCha8Rng;
use store::replica::{Owner, Replica};
use uuid::Uuid;

use super::server::Server;

/// What travels to the server, with the bytes it needs.
#[derive(Debug, Clone)]
pub(super) enum Request {
    Push(PushRequest),
    Pull(PullRequest),
    Missing(MissingRequest),
    Pack(Vec<(ContentRef, Vec<u8>)>),
    Part { content: ContentRef, part: u32, bytes: Vec<u8> },
    Finish(ContentRef),
    Fetch(Vec<ContentRef>),
}

impl Request {
    pub(super) fn name(&self) -> String {
        match self {
            Self::Push(push) => {
                let kinds: Vec<String> = push.commands.iter().map(|envelope| kind(&envelope.command)).collect();
                format!("push [{}]", kinds.join(", "))
            }
            Self::Pull(pull) => format!("pull from {}", pull.cursor),
            Self::Missing(ask) => format!("missing of {}", ask.contents.len()),
            Self::Pack(contents) => format!("pack of {}", contents.len()),
            Self::Part { part, .. } => format!("part {part}"),
            Self::Finish(_) => "finish".to_owned(),
            Self::Fetch(contents) => format!("fetch of {}", contents.len()),
        }
    }

    /// The answer of a network that gives none.
    pub(super) fn unreachable(&self) -> Event {
        let lost = || RemoteError::Unreachable("lost".to_owned());
        match self {
            Self::Push(_) => Event::Pushed(Err(lost())),
            Self::Pull(_) => Event::Pulled(Err(lost())),
            Self::Missing(_) => Event::Missing(Err(lost())),
            Self::Pack(contents) => {
                let sent = contents.iter().map(|(content, _)| content.hash).collect();
                Event::PackSent { sent, unreadable: Vec::new(), answer: Err(lost()) }
            }
            Self::Part { content, part, .. } => {
                Event::PartSent { hash: content.hash, part: *part, answer: Err(lost()) }
            }
            Self::Finish(content) => Event::Finished { hash: content.hash, answer: Err(lost()) },
            Self::Fetch(contents) => {
                let asked = contents.iter().map(|content| content.hash).collect();
                Event::Fetched { asked, arrived: Vec::new(), answer: Err(lost()) }
            }
        }
    }
}

fn kind(command: &protocol::command::Command) -> String {
    let debug = format!("{command:?}");
    debug.chars().take(160).collect()
}

/// A workstation.
pub(super) struct Station {
    pub(super) person: PersonId,
    pub(super) online: bool,
    /// Counts the engine's restarts: an answer to an earlier life is nobody's.
    pub(super) life: u64,
    pub(super) next_wake: Option<i64>,
    pub(super) disk: MemoryDisk,
    pub(super) replica: Arc<Replica>,
    workstation: WorkstationId,
    faulty: Arc<FaultyDisk>,
    staging: Arc<StagingStore>,
    core: Core,
}

/// The mirror's folder on every station's disk.
pub(super) const ROOT: &str = "/miroir";
const STAGING: &str = "/profil/staging";

impl Station {
    pub(super) fn new(index: usize, server: &Server, now: i64, random: &mut ChaCha8Rng) -> Self {
        let person = server.people[index];
        let disk = MemoryDisk::new(Personality::Ext4Like);
        let faulty = Arc::new(FaultyDisk::new(Arc::new(disk.clone())));
        faulty.create_dir_all(Path::new(ROOT)).expect("a folder for the mirror");
        let replica = Replica::memory(Owner { firm: server.firm.id(), person }).expect("a replica in memory");
        replica.write(|tx| tx.set_offline(server.client_file, true)).expect("a setting");
        let workstation = WorkstationId(new_id(now, random));
        let (staging, core) = boot(&faulty, &Arc::new(replica), workstation, now);
        let replica = core.1;
        Self {
            person,
            online: true,
            life: 0,
            next_wake: None,
            disk,
            replica,
            workstation,
            faulty,
            staging,
            core: core.0,
        }
    }

    /// Has the engine's process end in the middle of its disk operations.
    pub(super) fn crash_in(&self, operations: u64) {
        let moment = if operations % 2 == 0 { CrashMoment::Before } else { CrashMoment::After };
        self.faulty.crash_at(self.faulty.operations() + operations, moment);
    }

    pub(super) fn is_crashed(&self) -> bool {
        self.faulty.is_crashed()
    }

    pub(super) fn no_more_crashes(&self) {
        self.faulty.clear_faults();
    }

    /// Begins a new life of the engine on the same disk and replica.
    pub(super) fn restart(&mut self, now: i64) -> u64 {
        self.faulty.revive();
        self.life += 1;
        self.next_wake = None;
        let (staging, (core, _)) = boot(&self.faulty, &self.replica, self.workstation, now);
        self.staging = staging;
        self.core = core;
        self.life
    }

    pub(super) fn touched(&self) -> Vec<PathBuf> {
        self.disk.take_touched_folders().into_iter().filter(|path| path.starts_with(ROOT)).collect()
    }

    pub(super) fn wake_at(&self) -> i64 {
        self.core.wake_at().0
    }

    /// Steps the engine. A crash shows in the disk, whatever the step answers.
    pub(super) fn step(&mut self, event: Event, now: i64, random: &mut ChaCha8Rng) -> Vec<Effect> {
        self.disk.set_now(now * 1_000_000);
        let mut ids_random = ChaCha8Rng::from_rng_of(random);
        let mut draw = || random.next_u64();
        let mut ids = || new_id(now, &mut ids_random);
        let mut moment = Moment { now: Instant(now), random: &mut draw, ids: &mut ids };
        match self.core.step(event, &mut moment) {
            Ok(effects) => effects,
            Err(error) => {
                assert!(self.faulty.is_crashed(), "a step failed: {error}");
                Vec::new()
            }
        }
    }

    /// The request an effect is, with its bytes.
    pub(super) fn request(&self, effect: Effect) -> Option<Request> {
        let bytes = |content: &ContentRef| self.staging.bytes(content.hash, content.size).ok();
        Some(match effect {
            Effect::Push(push) => Request::Push(push),
            Effect::Pull(pull) => Request::Pull(pull),
            Effect::AskMissing(ask) => Request::Missing(ask),
            Effect::SendPack(contents) => {
                Request::Pack(contents.iter().filter_map(|content| Some((*content, bytes(content)?))).collect())
            }
            Effect::SendPart { content, part } => {
                let from = usize::try_from(u64::from(part) * PART_BYTES).ok()?;
                let whole = bytes(&content)?;
                let to = whole.len().min(from + usize::try_from(PART_BYTES).ok()?);
                Request::Part { content, part, bytes: whole.get(from..to)?.to_vec() }
            }
            Effect::Finish(content) => Request::Finish(content),
            Effect::Fetch(contents) => Request::Fetch(contents),
            Effect::FetchLarge(content) => Request::Fetch(vec![content]),
            Effect::Changed(_) | Effect::Arrived(_) => return None,
        })
    }

    /// Stages bytes the server handed over.
    pub(super) fn stage(&self, contents: &[Vec<u8>]) -> Vec<domain::content::ContentHash> {
        contents.iter().filter_map(|bytes| self.staging.put_bytes(bytes).ok()).collect()
    }

    /// Whether nothing is under way, waits or is blocked.
    pub(super) fn is_at_rest(&mut self) -> bool {
        let glance = self.core.glance();
        let (unconfirmed, load, (dirty, blocked)) = self
            .replica
            .read(|tx| Ok((tx.unconfirmed_commands()?, tx.upload_load()?, tx.unsettled()?)))
            .expect("a readable replica");
        !glance.busy && !glance.scanning && unconfirmed == 0 && load.files == 0 && dirty == 0 && blocked == 0
    }

    /// Why it is not at rest, in words.
    pub(super) fn unrest(&self) -> String {
        let glance = self.core.glance();
        let (unconfirmed, load, unsettled, items) = self
            .replica
            .read(|tx| Ok((tx.unconfirmed_commands()?, tx.upload_load()?, tx.unsettled()?, tx.sync_items(5)?)))
            .expect("a readable replica");
        let items: Vec<String> =
            items.iter().map(|item| format!("{} {:?} {:?}", item.path, item.reason, item.failure)).collect();
        format!("{glance:?}, {unconfirmed} unconfirmed, {load:?}, (dirty, blocked) {unsettled:?}, {items:?}")
    }

    /// Every content this station still keeps: staged, or in the mirror's quarantine.
    pub(super) fn kept(&self) -> BTreeSet<Vec<u8>> {
        let mut kept = BTreeSet::new();
        for folder in [Path::new(STAGING), Path::new(ROOT)] {
            collect(&self.disk, folder, &mut |_, bytes| {
                kept.insert(bytes);
            });
        }
        kept
    }
}

type Booted = (Arc<StagingStore>, (Core, Arc<Replica>));

fn boot(faulty: &Arc<FaultyDisk>, replica: &Arc<Replica>, workstation: WorkstationId, now: i64) -> Booted {
    let disk: Arc<dyn Filesystem> = Arc::clone(faulty) as Arc<dyn Filesystem>;
    let staging = Arc::new(StagingStore::open(Arc::clone(&disk), Path::new(STAGING)).expect("a staging"));
    let mut core = Core::new(Arc::clone(replica), Arc::clone(&staging), workstation, Instant(now));
    core.begin_mirror(disk, PathBuf::from(ROOT), Instant(now));
    (staging, (core, Arc::clone(replica)))
}

/// Calls `found` with every file below a folder.
pub(super) fn collect(disk: &dyn Filesystem, folder: &Path, found: &mut impl FnMut(&Path, Vec<u8>)) {
    let Ok(entries) = disk.list(folder) else { return };
    for entry in entries {
        let path = folder.join(&entry.name);
        match entry.meta {
            Ok(meta) if meta.is_folder() => collect(disk, &path, found),
            Ok(meta) if meta.is_file() => {
                if let Ok(bytes) = disk.read(&path, u64::MAX) {
                    found(&path, bytes);
                }
            }
            _ => {}
        }
    }
}

/// A UUIDv7 of the virtual clock.
pub(super) fn new_id(millis: i64, random: &mut ChaCha8Rng) -> Uuid {
    let mut bytes = [0; 10];
    random.fill_bytes(&mut bytes);
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(millis).unwrap_or_default(), &bytes).into_uuid()
}

/// A generator of its own, drawn from another.
trait FromRngOf {
    fn from_rng_of(random: &mut ChaCha8Rng) -> Self;
}

impl FromRngOf for ChaCha8Rng {
    fn from_rng_of(random: &mut ChaCha8Rng) -> Self {
        use rand::SeedableRng as _;
        Self::seed_from_u64(random.random())
    }
}
