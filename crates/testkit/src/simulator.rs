//! The simulator: workstations and the real server store on one thread, under a virtual clock, on disks in memory that
//! behave like ext4, NTFS or APFS, behind a bad network.
//!
//! One seed is one [`History`], replayed exactly: what users and programs do, and what fails. When everything rests, each
//! content that the engine promised to keep must still be reachable, all trees must be one, and nothing may be there
//! twice. A history that ends badly is made shorter by [`shrink`] as long as it still does.
//!
//! Deliberately absent: real sockets, real files, threads. What needs those is tested with processes.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rand::Rng as _;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

mod editors;
mod faults;
mod history;
mod network;
mod oracle;
mod promise;
mod server;
mod shrink;
mod station;
mod trace;
mod users;
mod watcher;
mod window;

pub use history::{Act, History, Step};
pub use shrink::shrink;

use editors::Script;
use faults::Fault;
use network::{Request, Weather};
use server::Server;
use station::Station;

/// How long after its last step a history's faults end, in virtual milliseconds.
const AFTERWARDS_MS: i64 = 5_000;
/// How long everything has to come to rest, in virtual milliseconds.
const REST_MS: i64 = 1_200_000;
/// The most events of one history: more is a loop that never rests.
const MAX_EVENTS: u32 = 200_000;
/// When a history begins, in milliseconds since 1970.
const BEGINNING: i64 = 1_800_000_000_000;

/// What a history ended with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Contents that were to be kept and that nothing reaches any more.
    pub lost: Vec<String>,
    /// Ways in which the trees differ, or something never rests.
    pub diverged: Vec<String>,
    /// What users and programs did.
    pub operations: u32,
    /// What failed around the engine: by name, how often.
    pub faults: BTreeMap<&'static str, u32>,
    /// How often users confirmed what was held, and had it undone.
    pub answers: (u32, u32),
    /// How many contents had to be found.
    pub promised: usize,
    /// Hash of everything that happened, in order.
    pub trace: String,
}

impl Report {
    /// Whether nothing was lost and all trees are one.
    pub fn is_good(&self) -> bool {
        self.lost.is_empty() && self.diverged.is_empty()
    }
}

/// Something due at a moment.
enum Due {
    /// The next step of the history.
    Step(Step),
    /// A station's engine is to be woken.
    Wake(usize),
    /// The disk's watcher speaks.
    Watch(usize),
    /// A request reaches the server.
    Arrives(usize, u64, Box<Request>),
    /// An answer reaches its station.
    Answers(usize, u64, Box<agent::core::Event>),
    /// The server hints at a change.
    Hint(usize),
    /// A program goes on saving; it ends with the session of the machine it began in.
    Script(usize, u64, Box<Script>),
    /// A station's engine begins.
    Boot(usize),
    /// A user answers what a station's engine asks about what it holds.
    Answer(usize),
    /// The oracle looks at a station's disk.
    Check(usize),
    /// A fault ends, where nothing prolonged it.
    End(usize, Fault),
}

/// A history under way.
pub(crate) struct World {
    now: i64,
    order: u64,
    events: u32,
    queue: BTreeMap<(i64, u64), Due>,
    weather: Weather,
    server: Server,
    stations: Vec<Station>,
    is_over: bool,
    trace: trace::Trace,
    report: Report,
    tokens: promise::Tokens,
    trashed: Vec<domain::id::NodeId>,
    /// A workstation lost what it knew: a power cut, a profile restored. It may then take for new what is not.
    has_forgotten: bool,
    /// The contents of versions that the server lost when it was set back.
    lost_by_server: BTreeSet<Vec<u8>>,
}

/// Plays a history; `print` writes each step to the standard error. A panic of the engine is an end like another.
pub fn run(history: &History, print: bool) -> Report {
    catch_unwind(AssertUnwindSafe(|| play(history, print))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let diverged = vec![format!("panic: {}", text.unwrap_or_default())];
        Report { diverged, ..Report::default() }
    })
}

fn play(history: &History, print: bool) -> Report {
    let mut world = World::new(history, print);
    let last = history.steps.last().map_or(0, |step| step.at);
    world.play(last + AFTERWARDS_MS);
    world.heal();
    let rested = world.rest();
    world.judge();
    if !rested {
        for (index, station) in world.stations.iter_mut().enumerate() {
            let line = format!("station {index} never rests: {}", station.unrest());
            world.report.diverged.push(line);
        }
    }
    world.report.trace = world.trace.finish();
    world.report
}

impl World {
    fn new(history: &History, print: bool) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(history.seed);
        let server = Server::new(&mut random);
        let weather = Weather::drawn(&mut random);
        let mut world = Self {
            now: BEGINNING,
            order: 0,
            events: 0,
            queue: BTreeMap::new(),
            weather,
            server,
            stations: Vec::new(),
            is_over: false,
            trace: trace::Trace::new(print),
            report: Report::default(),
            tokens: promise::Tokens::default(),
            trashed: Vec::new(),
            has_forgotten: false,
            lost_by_server: BTreeSet::new(),
        };
        for (index, personality) in history.disks.iter().enumerate() {
            let own = ChaCha8Rng::seed_from_u64(random.random());
            world.stations.push(Station::new(index, *personality, &world.server, world.now, own));
            world.after(0, Due::Boot(index));
        }
        for step in history.steps.iter().filter(|step| step.station < history.disks.len()) {
            world.after(step.at, Due::Step(*step));
        }
        world
    }

    fn after(&mut self, delay: i64, due: Due) {
        self.order += 1;
        self.queue.insert((self.now + delay, self.order), due);
    }

    fn note(&mut self, line: impl FnOnce() -> String) {
        let now = self.now - BEGINNING;
        self.trace.add(&format!("{now} {}", line()));
    }

    /// Lets time pass until `duration` from now, or until nothing is due.
    fn play(&mut self, duration: i64) {
        let end = self.now + duration;
        while self.events < MAX_EVENTS {
            let Some(entry) = self.queue.first_entry() else { break };
            let at = entry.key().0;
            if at > end {
                break;
            }
            let due = entry.remove();
            self.events += 1;
            self.now = self.now.max(at);
            self.carry_out(due);
        }
        self.now = self.now.max(end);
    }

    fn carry_out(&mut self, due: Due) {
        match due {
            Due::Step(step) => self.act(&step),
            Due::Wake(index) => {
                if self.stations[index].next_wake == Some(self.now) {
                    self.stations[index].next_wake = None;
                    self.step(index, agent::core::Event::Timer);
                }
            }
            Due::Watch(index) => self.watch(index),
            Due::Arrives(index, life, request) => self.arrives(index, life, &request),
            Due::Answers(index, life, event) => {
                if self.stations[index].life == life {
                    self.step(index, *event);
                }
            }
            Due::Hint(index) => {
                if self.stations[index].online {
                    self.step(index, agent::core::Event::Hint);
                }
            }
            Due::Script(index, session, script) => self.go_on(index, session, *script),
            Due::Boot(index) => self.boot(index),
            Due::Answer(index) => self.answer_held(index),
            Due::Check(index) => self.check(index),
            Due::End(index, fault) => self.end(index, fault),
        }
    }

    fn act(&mut self, step: &Step) {
        if step.act.is_fault() {
            if let Some(line) = self.fault(step) {
                *self.report.faults.entry(step.act.name()).or_default() += 1;
                self.note(|| format!("fault {}: {line}", step.station));
            }
            return;
        }
        if self.stations[step.station].is_off {
            return;
        }
        let line = if step.act.is_in_window() { self.act_in_window(step) } else { self.act_on_disk(step) };
        let Some(line) = line else { return };
        self.report.operations += 1;
        self.note(|| format!("user {} {}: {line}", step.station, step.act.name()));
        self.disk_changed(step.station);
    }

    /// Gives a station's engine an event, and schedules what it asks for.
    fn step(&mut self, index: usize, event: agent::core::Event) {
        let now = self.now;
        let station = &mut self.stations[index];
        if !station.is_running() {
            return;
        }
        let (effects, failure) = station.step(event, now);
        if let Some(failure) = failure {
            self.note(|| format!("station {index}: a step failed: {failure}"));
        }
        if self.stations[index].is_crashed() {
            self.note(|| format!("station {index}: killed"));
            let wait = self.stations[index].random.random_range(300..4_000);
            self.stations[index].stop();
            self.after(wait, Due::Boot(index));
            return;
        }
        self.hear_of_set_back(index);
        self.schedule_wake(index);
        self.notice_held(index);
        for effect in effects {
            self.send(index, effect);
        }
        self.disk_changed(index);
    }

    fn boot(&mut self, index: usize) {
        let now = self.now;
        if self.stations[index].is_running() {
            return;
        }
        match self.stations[index].boot(now) {
            Ok(life) => {
                self.note(|| format!("station {index}: life {life} begins"));
                self.step(index, agent::core::Event::Timer);
            }
            Err(failure) => {
                self.note(|| format!("station {index}: does not begin: {failure}"));
                self.after(2_000, Due::Boot(index));
            }
        }
    }

    /// The engine asks to be woken by its own clock; the host never sleeps longer than half a minute.
    fn schedule_wake(&mut self, index: usize) {
        let now = self.now;
        let station = &mut self.stations[index];
        let Some(wait) = station.wake_in(now) else { return };
        let at = now + wait;
        if station.next_wake.is_none_or(|next| at < next || next <= now) {
            station.next_wake = Some(at);
            self.after(wait, Due::Wake(index));
        }
    }

    /// Lets everything come to rest.
    fn rest(&mut self) -> bool {
        let end = self.now + REST_MS;
        while self.now < end && self.events < MAX_EVENTS {
            // Not in step with the mirror, which tries again every five seconds what waits for a name.
            self.play(4_700);
            if self.is_at_rest() {
                // Rest must last: a wake must find nothing to do.
                self.play(33_100);
                if self.is_at_rest() {
                    return true;
                }
            }
        }
        false
    }

    fn is_at_rest(&mut self) -> bool {
        !self.queue.values().any(|due| matches!(due, Due::Script(..)))
            && self.stations.iter_mut().all(Station::is_at_rest)
    }
}
