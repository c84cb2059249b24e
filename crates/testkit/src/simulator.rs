//! The simulator: workstations and the real server store on one thread, under a virtual clock and a bad network.
//!
//! One seed is one history, replayed exactly. Users save, rename, move and delete files with unique contents; requests are
//! dropped, sent twice, and lose their replies; workstations go offline and are killed in the middle of a disk operation.
//! When everything rests, each content ever saved must still be reachable, and all trees must be one.

use std::collections::BTreeMap;

use rand::Rng as _;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

mod oracle;
mod server;
mod station;
mod users;

use server::Server;
use station::{Request, Station};

/// How long users act, in virtual milliseconds.
const HISTORY_MS: i64 = 120_000;
/// How long everything has to come to rest, in virtual milliseconds.
const REST_MS: i64 = 1_200_000;
/// The most events of one history: more is a loop that never rests.
const MAX_EVENTS: u32 = 200_000;

/// What a history ended with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Contents saved that nothing reaches any more.
    pub lost: Vec<String>,
    /// Ways in which the trees differ, or something never rests.
    pub diverged: Vec<String>,
    /// What users did.
    pub operations: u32,
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
    /// A station's engine is to be woken.
    Wake(usize),
    /// The disk's watcher speaks.
    Watch(usize),
    /// A request reaches the server.
    Arrives(usize, u64, Request),
    /// An answer reaches its station.
    Answers(usize, u64, Box<agent::core::Event>),
    /// The server hints at a change.
    Hint(usize),
    /// A user acts.
    User(usize),
    /// A station goes offline or comes back.
    Link(usize, bool),
    /// A station's engine is killed soon, in the middle of what it does.
    Kill(usize),
}

/// A history under way.
pub(crate) struct World {
    now: i64,
    order: u64,
    queue: BTreeMap<(i64, u64), Due>,
    random: ChaCha8Rng,
    server: Server,
    stations: Vec<Station>,
    faults: bool,
    trace: blake3_trace::Trace,
    print: bool,
    operations: u32,
    tokens: oracle::Tokens,
}

/// Hashes what happens, so that two runs of one seed can be compared.
mod blake3_trace {
    /// A running hash.
    #[derive(Default)]
    pub(crate) struct Trace(u64, u64);

    impl Trace {
        /// Adds a line: FNV-1a twice, enough to tell two histories apart.
        pub(crate) fn add(&mut self, line: &str) {
            for byte in line.bytes() {
                self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
                self.1 = (self.1.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            }
        }

        /// The hash so far.
        pub(crate) fn finish(&self) -> String {
            format!("{:016x}{:016x}", self.0, self.1)
        }
    }
}

/// Runs the history of `seed`; `print` writes each step to the standard error.
pub fn run(seed: u64, print: bool) -> Report {
    let mut world = World::new(seed, print);
    world.play(HISTORY_MS);
    world.heal();
    let rested = world.rest();
    let mut report = world.judge();
    if !rested {
        for (index, station) in world.stations.iter().enumerate() {
            report.diverged.push(format!("station {index} never rests: {}", station.unrest()));
        }
    }
    report
}

impl World {
    fn new(seed: u64, print: bool) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let server = Server::new(&mut random);
        let mut world = Self {
            now: 1_800_000_000_000,
            order: 0,
            queue: BTreeMap::new(),
            random,
            server,
            stations: Vec::new(),
            faults: true,
            trace: blake3_trace::Trace::default(),
            print,
            operations: 0,
            tokens: oracle::Tokens::default(),
        };
        for index in 0..2 {
            let station = Station::new(index, &world.server, world.now, &mut world.random);
            world.stations.push(station);
            world.after(0, Due::Wake(index));
            let first = world.random.random_range(2_000..6_000);
            world.after(first, Due::User(index));
            let link = world.random.random_range(10_000..60_000);
            world.after(link, Due::Link(index, false));
            if world.random.random_bool(0.7) {
                let kill = world.random.random_range(5_000..HISTORY_MS);
                world.after(kill, Due::Kill(index));
            }
        }
        world
    }

    fn after(&mut self, delay: i64, due: Due) {
        self.order += 1;
        self.queue.insert((self.now + delay, self.order), due);
    }

    fn note(&mut self, line: impl FnOnce() -> String) {
        let line = format!("{} {}", self.now, line());
        self.trace.add(&line);
        if self.print {
            eprintln(&line);
        }
    }

    /// Lets time pass until `duration` from now, or until nothing is due.
    fn play(&mut self, duration: i64) {
        let end = self.now + duration;
        for _ in 0..MAX_EVENTS {
            let Some(entry) = self.queue.first_entry() else { return };
            let at = entry.key().0;
            if at > end {
                self.now = end;
                return;
            }
            let due = entry.remove();
            self.now = self.now.max(at);
            self.carry_out(due);
        }
    }

    fn carry_out(&mut self, due: Due) {
        match due {
            Due::Wake(index) => self.step(index, agent::core::Event::Timer),
            Due::Watch(index) => {
                let touched = self.stations[index].touched();
                if !touched.is_empty() {
                    self.step(index, agent::core::Event::Touched(touched));
                }
            }
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
            Due::User(index) => self.user_acts(index),
            Due::Link(index, up) => self.link(index, up),
            Due::Kill(index) => {
                let operations = self.random.random_range(0..60);
                self.note(|| format!("station {index}: the power of the process fails in {operations} operations"));
                self.stations[index].crash_in(operations);
            }
        }
    }

    fn link(&mut self, index: usize, up: bool) {
        self.note(|| format!("station {index}: {}", if up { "online" } else { "offline" }));
        self.stations[index].online = up;
        if up {
            self.after(0, Due::Hint(index));
            let next = self.random.random_range(10_000..50_000);
            self.after(next, Due::Link(index, false));
        } else {
            let back = self.random.random_range(5_000..40_000);
            self.after(back, Due::Link(index, true));
        }
    }

    /// Gives a station's engine an event, and schedules what it asks for.
    fn step(&mut self, index: usize, event: agent::core::Event) {
        let station = &mut self.stations[index];
        let effects = station.step(event, self.now, &mut self.random);
        if station.is_crashed() {
            let life = station.restart(self.now);
            self.note(|| format!("station {index}: killed, life {life} begins"));
            self.after(500, Due::Wake(index));
            return;
        }
        let wake = self.stations[index].wake_at().max(self.now + 1);
        if self.stations[index].next_wake.is_none_or(|next| wake < next || next <= self.now) {
            self.stations[index].next_wake = Some(wake);
            self.after(wake - self.now, Due::Wake(index));
        }
        for effect in effects {
            self.send(index, effect);
        }
    }

    /// Sends a request: it may be lost on the way, or arrive twice.
    fn send(&mut self, index: usize, effect: agent::core::Effect) {
        let Some(request) = self.stations[index].request(effect) else { return };
        let life = self.stations[index].life;
        let name = request.name();
        if !self.stations[index].online || (self.faults && self.random.random_bool(0.05)) {
            self.note(|| format!("station {index}: {name} does not arrive"));
            let wait = self.random.random_range(1..200);
            let event = request.unreachable();
            self.after(wait, Due::Answers(index, life, Box::new(event)));
            return;
        }
        let wait = self.random.random_range(1..100);
        if self.faults && self.random.random_bool(0.05) {
            self.note(|| format!("station {index}: {name} is sent twice"));
            let again = self.random.random_range(1..2_000);
            self.after(again, Due::Arrives(index, u64::MAX, request.clone()));
        }
        self.after(wait, Due::Arrives(index, life, request));
    }

    /// A request reaches the server; its answer may be lost.
    fn arrives(&mut self, index: usize, life: u64, request: &Request) {
        let before = self.server.seq();
        let person = self.stations[index].person;
        let event = self.server.answer(person, index, request, self.now);
        let name = request.name();
        self.note(|| format!("server: {name} of station {index}"));
        if self.server.seq() != before {
            for other in 0..self.stations.len() {
                let wait = self.random.random_range(1..100);
                self.after(wait, Due::Hint(other));
            }
        }
        let wait = self.random.random_range(1..100);
        let lost = self.faults && self.random.random_bool(0.05);
        if lost {
            self.note(|| format!("station {index}: the answer to {name} is lost"));
        }
        let event = if lost || !self.stations[index].online {
            request.unreachable()
        } else {
            self.receive(index, request, event)
        };
        self.after(wait, Due::Answers(index, life, Box::new(event)));
    }

    /// Contents come with the answer that announces them.
    fn receive(&self, index: usize, request: &Request, event: agent::core::Event) -> agent::core::Event {
        let (Request::Fetch(contents), agent::core::Event::Fetched { asked, answer, .. }) = (request, &event) else {
            return event;
        };
        let station = &self.stations[index];
        let arrived = station.stage(&self.server.contents_for(station.person, contents));
        agent::core::Event::Fetched { asked: asked.clone(), arrived, answer: answer.clone() }
    }

    fn user_acts(&mut self, index: usize) {
        if self.faults {
            let next = self.random.random_range(3_500..9_000);
            self.after(next, Due::User(index));
        }
        let line = users::act(self, index);
        self.operations += 1;
        self.note(|| format!("user {index}: {line}"));
        let wait = self.random.random_range(1..100);
        self.after(wait, Due::Watch(index));
    }

    /// Ends the faults: every link is up, nothing more is lost, users go home.
    fn heal(&mut self) {
        self.faults = false;
        self.queue.retain(|_, due| !matches!(due, Due::User(_) | Due::Link(..) | Due::Kill(_)));
        for index in 0..self.stations.len() {
            self.stations[index].online = true;
            self.stations[index].no_more_crashes();
            self.after(1, Due::Hint(index));
        }
    }

    /// Lets everything come to rest.
    fn rest(&mut self) -> bool {
        let end = self.now + REST_MS;
        while self.now < end {
            self.play(10_000);
            if self.stations.iter_mut().all(Station::is_at_rest) {
                // Rest must last: a wake must find nothing to do.
                self.play(40_000);
                if self.stations.iter_mut().all(Station::is_at_rest) {
                    return true;
                }
            }
        }
        false
    }
}

#[expect(clippy::print_stderr, reason = "a history is printed for whoever looks for its fault")]
fn eprintln(line: &str) {
    eprintln!("{line}");
}
