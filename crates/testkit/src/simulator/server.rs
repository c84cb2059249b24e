//! The server: the real store in memory, and contents in a map. It never loses what it acknowledged, but where it is set back
//! to a backup.

use std::collections::{BTreeMap, BTreeSet};

use agent::core::Event;
use agent::remote::RemoteError;
use domain::content::ContentHash;
use domain::fiscal_year::FiscalYear;
use domain::id::{ClientFileId, CommandId, FirmId, FiscalYearId, PersonId, WorkstationId};
use domain::person::Role;
use domain::time::Instant;
use domain::tree::fiscal_year_id;
use protocol::command::{Command, ContentRef, Envelope, FiscalYearDates, Outcome};
use protocol::failure::{Failure, FailureCode};
use protocol::feed::{PullReply, PullRequest, PushRequest};
use protocol::transfer::{Missing, MissingReply};
use rand_chacha::ChaCha8Rng;
use store::engine::{Engine, Schema};
use store::firm::{Caller, Firm, FirstAdministrator};

use super::network::Request;
use super::station::new_id;

/// The client files, by the names of their folders.
pub(super) const CLIENT_FILES: [&str; 2] = ["Alter Ce", "Beta SARL"];

/// The firm of a history: two client files, and administrators, so that all see all of it. A third workstation is one of
/// the two persons' second.
pub(super) struct Server {
    pub(super) firm: Firm,
    pub(super) people: [PersonId; 2],
    pub(super) client_files: [ClientFileId; 2],
    contents: BTreeMap<ContentHash, Vec<u8>>,
    parts: BTreeMap<ContentHash, BTreeMap<u32, Vec<u8>>>,
    backup: Option<(Firm, BTreeMap<ContentHash, Vec<u8>>)>,
    /// How often it was set back, and until when it is away for it.
    epochs: u32,
    pub(super) away_until: i64,
}

impl Server {
    pub(super) fn new(random: &mut ChaCha8Rng) -> Self {
        let mut id = |millis| new_id(millis, random);
        let (firm_id, first, second) = (FirmId(id(1)), PersonId(id(2)), PersonId(id(3)));
        let client_files = [ClientFileId(id(4)), ClientFileId(id(4))];
        let administrator = FirstAdministrator {
            person: first,
            email: "un@cabinet.example".to_owned(),
            first_name: "Une".to_owned(),
            last_name: "Personne".to_owned(),
        };
        let engine = Engine::memory(Schema::Firm).expect("a database in memory");
        let firm = Firm::create(engine, firm_id, "Cabinet", "epoch", &administrator).expect("a new firm");
        let date = |text: &str| text.parse().expect("a date");
        let mut commands = vec![Command::AddPerson {
            person: second,
            email: "deux@cabinet.example".to_owned(),
            first_name: "Deux".to_owned(),
            last_name: "Personne".to_owned(),
            role: Role::Administrator,
        }];
        for (client_file, name) in client_files.into_iter().zip(CLIENT_FILES) {
            commands.push(Command::CreateClientFile {
                client_file,
                name: name.to_owned(),
                siren: None,
                fiscal_years: vec![FiscalYearDates { start: date("2026-01-01"), end: date("2026-01-31") }],
                assigned: Vec::new(),
            });
        }
        let workstation = WorkstationId(id(5));
        let commands = commands
            .into_iter()
            .map(|command| Envelope { id: CommandId(id(6)), workstation, made_at: Instant(6), strict: false, command })
            .collect();
        let caller = Caller { person: first, workstation_name: "serveur".to_owned() };
        let request = PushRequest { commands, schema_version: protocol::SCHEMA_VERSION };
        let reply = firm.push(&caller, &request, Instant(6)).expect("a first push");
        assert!(reply.outcomes.iter().all(|outcome| matches!(outcome, Outcome::Done { .. })), "the firm is made");
        Self {
            firm,
            people: [first, second],
            client_files,
            contents: BTreeMap::new(),
            parts: BTreeMap::new(),
            backup: None,
            epochs: 0,
            away_until: 0,
        }
    }

    /// Makes a backup.
    pub(super) fn back_up(&mut self) {
        self.backup = Some((self.firm.copy().expect("a copy of the firm"), self.contents.clone()));
    }

    /// What it calls its life since it was last set back.
    pub(super) fn epoch(&self) -> String {
        format!("epoch {}", self.epochs)
    }

    /// Puts the backup in its place, as its owner does with `gedeon-server restored`.
    pub(super) fn set_back(&mut self, away_until: i64) -> Option<()> {
        let (firm, contents) = self.backup.take()?;
        self.epochs += 1;
        firm.begin_epoch(&self.epoch()).expect("a new epoch");
        (self.firm, self.contents, self.away_until) = (firm, contents, away_until);
        self.parts.clear();
        Some(())
    }

    /// The one fiscal year of a client file.
    pub(super) fn fiscal_year(&self, client_file: ClientFileId) -> FiscalYearId {
        let date = |text: &str| text.parse().expect("a date");
        let year = FiscalYear::new(date("2026-01-01"), date("2026-01-31")).expect("a fiscal year");
        fiscal_year_id(client_file, year)
    }

    pub(super) fn seq(&self) -> i64 {
        self.firm.seq().expect("the firm's sequence")
    }

    /// The bytes of every content that a version names: the head, an older or concurrent one, in the trash or not.
    pub(super) fn versions(&self) -> BTreeSet<Vec<u8>> {
        let mut versions = BTreeSet::new();
        let mut request = PullRequest {
            cursor: 0,
            sight: String::new(),
            held: None,
            resume: None,
            limit: 10_000,
            epoch: String::new(),
        };
        loop {
            let reply = self.firm.pull(self.people[0], &request).expect("a pull");
            let PullReply::Page(page) = reply else { panic!("a first pull gives pages") };
            for table in page.tables.iter().filter(|table| table.table == "version") {
                let at = table.columns.iter().position(|column| column == "content").expect("a version has a content");
                let hashes = table.rows.iter().filter_map(|row| row.get(at)?.as_str()?.parse::<ContentHash>().ok());
                versions.extend(hashes.filter_map(|hash| self.contents.get(&hash).cloned()));
            }
            match page.next {
                Some(next) => request.resume = Some(next),
                None => return versions,
            }
        }
    }

    /// The bytes of a content.
    pub(super) fn bytes(&self, hash: ContentHash) -> Option<&[u8]> {
        self.contents.get(&hash).map(Vec::as_slice)
    }

    /// Answers a request.
    pub(super) fn answer(&mut self, person: PersonId, index: usize, request: &Request, now: i64) -> Event {
        let now = Instant(now);
        let refused = |error: store::Error| RemoteError::of(error.into_failure());
        match request {
            Request::Push(push) => {
                let caller = Caller { person, workstation_name: format!("poste {index}") };
                Event::Pushed(self.firm.push(&caller, push, now).map_err(refused))
            }
            Request::Pull(pull) => Event::Pulled(self.firm.pull(person, pull).map_err(refused)),
            Request::Missing(ask) => {
                Event::Missing(self.firm.missing(person, &ask.contents).map_err(refused).map(|missing| {
                    let parts = |content: &ContentRef| {
                        self.parts.get(&content.hash).map(|parts| parts.keys().copied().collect())
                    };
                    let missing = missing
                        .iter()
                        .map(|content| Missing { hash: content.hash, parts: parts(content).unwrap_or_default() });
                    MissingReply { missing: missing.collect() }
                }))
            }
            Request::Pack(contents) => {
                let (mut sent, mut unreadable) = (Vec::new(), Vec::new());
                for (content, bytes) in contents {
                    match bytes {
                        Some(bytes) => {
                            self.keep(person, *content, bytes.clone(), now);
                            sent.push(content.hash);
                        }
                        None => unreadable.push(content.hash),
                    }
                }
                Event::PackSent { sent, unreadable, answer: Ok(()) }
            }
            Request::Part { content, part, bytes } => {
                self.parts.entry(content.hash).or_default().insert(*part, bytes.clone());
                Event::PartSent { hash: content.hash, part: *part, answer: Ok(()) }
            }
            Request::Finish(content) => {
                let bytes: Vec<u8> =
                    self.parts.remove(&content.hash).unwrap_or_default().into_values().flatten().collect();
                let whole = ContentHash::of(&bytes) == content.hash || self.contents.contains_key(&content.hash);
                let answer = if whole {
                    if !self.contents.contains_key(&content.hash) {
                        self.keep(person, *content, bytes, now);
                    }
                    Ok(())
                } else {
                    Err(RemoteError::Refused(Failure::new(FailureCode::ContentDamaged, "not the announced bytes")))
                };
                Event::Finished { hash: content.hash, answer }
            }
            // The bytes are handed over by `contents_for`, where the station stages them.
            Request::Fetch(contents) => Event::Fetched {
                asked: contents.iter().map(|content| content.hash).collect(),
                arrived: Vec::new(),
                answer: Ok(()),
            },
        }
    }

    /// The bytes of those contents that a person may read.
    pub(super) fn contents_for(&self, person: PersonId, contents: &[ContentRef]) -> Vec<Vec<u8>> {
        let readable =
            |content: &&ContentRef| self.firm.readable(person, content.hash).expect("a readable firm").is_some();
        contents.iter().filter(readable).filter_map(|content| self.contents.get(&content.hash).cloned()).collect()
    }

    fn keep(&mut self, person: PersonId, content: ContentRef, bytes: Vec<u8>, now: Instant) {
        assert_eq!(ContentHash::of(&bytes), content.hash, "staged bytes are what their hash says");
        self.contents.insert(content.hash, bytes);
        self.firm.record_contents(person, &[(content, "memory".to_owned())], now).expect("a content recorded");
    }
}
