//! The network: requests that do not arrive, arrive late or twice, in another order, or whose answers are lost.

use agent::core::Event;
use agent::remote::RemoteError;
use protocol::command::ContentRef;
use protocol::feed::{PullRequest, PushRequest};
use protocol::transfer::MissingRequest;
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::{Due, World};

/// What travels to the server, with the bytes it needs.
#[derive(Debug, Clone)]
pub(super) enum Request {
    Push(PushRequest),
    Pull(PullRequest),
    Missing(MissingRequest),
    /// Contents with their bytes, `None` where the staged copy could not be read.
    Pack(Vec<(ContentRef, Option<Vec<u8>>)>),
    Part {
        content: ContentRef,
        part: u32,
        bytes: Vec<u8>,
    },
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
    debug.chars().take(200).collect()
}

/// How bad a history's network is: each a share of the requests.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weather {
    dropped: f64,
    doubled: f64,
    answer_lost: f64,
    /// Given up by the workstation, and carried out later all the same.
    stuck: f64,
    slow: f64,
}

impl Weather {
    pub(super) fn drawn(random: &mut ChaCha8Rng) -> Self {
        let mut share = |most: f64| if random.random_bool(0.3) { 0.0 } else { random.random_range(0.0..most) };
        Self {
            dropped: share(0.15),
            doubled: share(0.1),
            answer_lost: share(0.12),
            stuck: share(0.06),
            slow: share(0.2),
        }
    }

    /// A network without faults.
    pub(super) fn fair() -> Self {
        Self::default()
    }
}

impl World {
    /// Sends a request: it may be lost on the way, come late, or arrive twice.
    pub(super) fn send(&mut self, index: usize, effect: agent::core::Effect) {
        let weather = self.weather;
        let station = &mut self.stations[index];
        let Some(request) = station.request(effect) else { return };
        let life = station.life;
        let name = request.name();
        let random = &mut station.random;
        let short = random.random_range(1..200);
        if !station.online || random.random_bool(weather.dropped) {
            self.note(|| format!("station {index}: {name} does not arrive"));
            let event = request.unreachable();
            self.after(short, Due::Answers(index, life, Box::new(event)));
            return;
        }
        if random.random_bool(weather.stuck) {
            let late = random.random_range(1_000..40_000);
            self.note(|| format!("station {index}: {name} is given up and arrives in {late} ms"));
            let event = request.unreachable();
            self.after(short, Due::Answers(index, life, Box::new(event)));
            self.after(late, Due::Arrives(index, u64::MAX, Box::new(request)));
            return;
        }
        let wait = if random.random_bool(weather.slow) { random.random_range(100..6_000) } else { short / 2 + 1 };
        if random.random_bool(weather.doubled) {
            let again = random.random_range(1..8_000);
            self.note(|| format!("station {index}: {name} is sent twice"));
            self.after(again, Due::Arrives(index, u64::MAX, Box::new(request.clone())));
        }
        self.after(wait, Due::Arrives(index, life, Box::new(request)));
    }

    /// A request reaches the server; its answer may be lost. The answer to a life that is nobody's goes nowhere.
    pub(super) fn arrives(&mut self, index: usize, life: u64, request: &Request) {
        if self.now < self.server.away_until {
            if life == self.stations[index].life {
                self.after(1, Due::Answers(index, life, Box::new(request.unreachable())));
            }
            return;
        }
        let before = self.server.seq();
        let person = self.stations[index].person;
        let event = self.server.answer(person, index, request, self.now);
        let name = request.name();
        self.note(|| format!("server: {name} of station {index}"));
        if self.server.seq() != before {
            for other in 0..self.stations.len() {
                let wait = self.stations[other].random.random_range(1..100);
                self.after(wait, Due::Hint(other));
            }
        }
        if life != self.stations[index].life {
            return;
        }
        let weather = self.weather;
        let station = &mut self.stations[index];
        let wait = station.random.random_range(1..100);
        let lost = station.random.random_bool(weather.answer_lost) || !station.online;
        let event = if lost {
            self.note(|| format!("station {index}: the answer to {name} is lost"));
            request.unreachable()
        } else {
            self.receive(index, request, event)
        };
        self.after(wait, Due::Answers(index, life, Box::new(event)));
    }

    /// Contents come with the answer that announces them.
    fn receive(&self, index: usize, request: &Request, event: Event) -> Event {
        let (Request::Fetch(contents), Event::Fetched { asked, answer, .. }) = (request, &event) else {
            return event;
        };
        let station = &self.stations[index];
        let arrived = station.stage(&self.server.contents_for(station.person, contents));
        Event::Fetched { asked: asked.clone(), arrived, answer: answer.clone() }
    }
}
