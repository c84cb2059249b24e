//! The replica's great law, over random lives of a workstation: whatever is executed here and by others, lost, doubled,
//! delayed or refused, what the server said last is always known, and at rest a replica is as a fresh one.

use std::rc::Rc;

use domain::id::{ClientFileId, CommentId, NodeId, PersonId, VersionId};
use domain::person::Role;
use domain::tree::Theme;
use protocol::command::{Command, Envelope, Naming, Outcome};
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::desk::{Desk, differences};
use crate::office::{Office, change, content_of, dates};

const NAMES: [&str; 6] = ["Facture.pdf", "facture.PDF", "Relevé.xlsx", "a:b.txt", "Lot", "lot"];
const TEXTS: [&str; 5] = ["one", "two", "three", "four", ""];
const THEMES: [&str; 4] = ["achats", "ventes", "interne", "social"];

/// Everything there ever was to name, there or not.
struct Things {
    folders: Vec<NodeId>,
    documents: Vec<(NodeId, Vec<VersionId>)>,
    comments: Vec<CommentId>,
}

struct World {
    random: ChaCha8Rng,
    office: Rc<Office>,
    client: ClientFileId,
    marc: PersonId,
    /// Marc's workstation.
    desk: Rc<Desk>,
    /// What his replica would be without a command of its own.
    plain: Desk,
    things: Things,
    /// A push whose answer has not come yet.
    under_way: Option<(Vec<Envelope>, Vec<Outcome>)>,
    history: Vec<String>,
}

impl World {
    fn new(seed: u64, office: Office) -> Self {
        let client = office.client("Alter Ce", &[("2026-03-01", "2026-04-30")]);
        let marc = office.hire("Marc", Role::Manager);
        office.assign(client, marc, Some(&["achats", "ventes", "interne"]));
        let year = "02 Dossier annuel/2026";
        let folders = [
            office.folder(client, &format!("{year}/Achats/2026-03")),
            office.folder(client, &format!("{year}/Achats/2026-04")),
            office.folder(client, &format!("{year}/Ventes/2026-03")),
            office.folder(client, &format!("{year}/Social/Charges")),
            office.folder(client, "05 À classer (cabinet)"),
            office.folder(client, year),
        ];
        let things = Things { folders: folders.to_vec(), documents: Vec::new(), comments: Vec::new() };
        let (desk, plain) = (Rc::new(Desk::ready(&office, marc)), Desk::ready(&office, marc));
        let office = Rc::new(office);
        let random = ChaCha8Rng::seed_from_u64(seed);
        Self { random, office, client, marc, desk, plain, things, under_way: None, history: Vec::new() }
    }

    fn any_folder(&mut self) -> NodeId {
        *self.things.folders.choose(&mut self.random).expect("a folder")
    }

    /// A document with its versions, as far as anybody made one.
    fn any_document(&mut self) -> (NodeId, VersionId) {
        let Some((node, versions)) = self.things.documents.choose(&mut self.random) else {
            return (self.office.node(), self.office.version());
        };
        // Most often the latest: the head, unless somebody was faster.
        let version = if self.random.random_bool(0.7) { versions.last() } else { versions.choose(&mut self.random) };
        (*node, *version.expect("a version"))
    }

    fn any_node(&mut self) -> NodeId {
        if self.random.random_bool(0.3) { self.any_folder() } else { self.any_document().0 }
    }

    fn naming(&mut self) -> Naming {
        if self.random.random_bool(0.5) { Naming::Typed } else { Naming::ByMachine }
    }

    /// A command that may or may not be possible, of Marc or of Anne.
    fn command(&mut self, by: PersonId) -> Command {
        let name = (*NAMES.choose(&mut self.random).expect("a name")).to_owned();
        let content = content_of(TEXTS.choose(&mut self.random).expect("a text"));
        if by != self.marc {
            self.office.firm.record_contents(by, &[(content, "pack".to_owned())], self.office.now()).expect("recorded");
        }
        let modified_at = self.office.now();
        match self.random.random_range(0..20) {
            0..=3 => {
                let (node, version) = (self.office.node(), self.office.version());
                self.things.documents.push((node, vec![version]));
                let (parent, naming) = (self.any_folder(), self.naming());
                Command::AddDocument { node, parent, name, naming, version, content, modified_at }
            }
            4 => {
                let (node, parent, naming) = (self.office.node(), self.any_folder(), self.naming());
                self.things.folders.push(node);
                Command::CreateFolder { node, parent, name, naming }
            }
            5..=7 => {
                let (node, base) = self.any_document();
                let version = self.office.version();
                if let Some((_, versions)) = self.things.documents.iter_mut().find(|(known, _)| *known == node) {
                    versions.push(version);
                }
                Command::AddVersion { node, version, base: Some(base), content, modified_at }
            }
            8 => {
                let (node, from) = self.any_document();
                let (_, base) = self.any_document();
                Command::RestoreVersion { node, version: self.office.version(), from, base: Some(base) }
            }
            9 => {
                let name = Some(change("?".to_owned(), name));
                Command::Place { node: self.any_node(), name, parent: None, naming: self.naming() }
            }
            10 | 11 => {
                let (node, parent) = (self.any_node(), self.any_folder());
                let name = self.random.random_bool(0.3).then(|| change("?".to_owned(), name));
                Command::Place { node, name, parent: Some(change(parent, parent)), naming: self.naming() }
            }
            12 => Command::Trash { node: self.any_node() },
            13 => {
                let parent = self.random.random_bool(0.3).then(|| self.any_folder());
                Command::Restore { node: self.any_node(), parent }
            }
            14 => {
                let value = self.random.random_bool(0.5);
                Command::MarkReviewed { node: self.any_document().0, reviewed: change(!value, value) }
            }
            15 => Command::SetPieceNumber { node: self.any_document().0, piece_number: change(None, Some(name)) },
            16 => {
                let comment = self.office.comment();
                self.things.comments.push(comment);
                Command::AddComment { comment, node: self.any_document().0, text: "Vu".to_owned() }
            }
            17 => match self.things.comments.choose(&mut self.random) {
                Some(comment) => Command::RemoveComment { comment: *comment },
                None => Command::Trash { node: self.any_node() },
            },
            18 => {
                let (node, version) = self.any_document();
                Command::MarkRead { node, version }
            }
            _ => self.of_the_client_file(by),
        }
    }

    fn of_the_client_file(&mut self, by: PersonId) -> Command {
        let client_file = self.client;
        let year = [("2026-05-01", "2026-06-30"), ("2026-05-01", "2026-05-31"), ("2026-07-01", "2026-08-31")];
        match self.random.random_range(0..5) {
            0 => Command::AddFiscalYear {
                client_file,
                dates: dates(*year.choose(&mut self.random).expect("a year")),
                gap_confirmed: self.random.random_bool(0.5),
            },
            1 => {
                let name = ["Alter Ce", "Alter Ego"].choose(&mut self.random).expect("a name");
                let name = Some(change("?".to_owned(), (*name).to_owned()));
                Command::UpdateClientFile { client_file, name, siren: None }
            }
            2 if by != self.marc => Command::UnassignPerson { client_file, person: self.marc },
            _ if by != self.marc => {
                let some = THEMES.iter().filter(|_| self.random.random_bool(0.7)).map(|key| Theme::new(key)).collect();
                let themes = self.random.random_bool(0.8).then_some(some);
                Command::AssignPerson { client_file, person: self.marc, themes }
            }
            _ => Command::Trash { node: self.any_node() },
        }
    }

    fn step(&mut self) {
        match self.random.random_range(0..100) {
            0..45 => {
                let command = self.command(self.marc);
                let envelope = self.office.envelope(command);
                let result = self.desk.tries(&envelope).map(|_| ()).map_err(|failure| failure.code);
                self.history.push(format!("here: {:?} {result:?}", envelope.command));
            }
            45..70 => self.somebody_else(),
            70..76 => {
                self.history.push("contents sent".to_owned());
                self.desk.sends_contents(&self.office);
            }
            76..88 => self.push(),
            _ => self.pull(),
        }
    }

    fn somebody_else(&mut self) {
        let anne = self.office.anne;
        let command = self.command(anne);
        let envelope = self.office.envelope(command.clone());
        let outcome = self.office.sends(anne, envelope);
        self.history.push(format!("there: {command:?} {outcome:?}"));
    }

    fn push(&mut self) {
        self.answer_comes();
        let limit = self.random.random_range(1..10);
        let batch = self.desk.batch(limit);
        let way = self.random.random_range(0..6);
        self.history.push(format!("push of {} by way {way}", batch.len()));
        if way == 0 {
            return;
        }
        let outcomes = self.office.push(self.marc, batch.clone());
        match way {
            // The reply is lost.
            1 => {}
            // It comes late.
            2 => self.under_way = Some((batch, outcomes)),
            // The request arrived twice, and so does the answer.
            3 => {
                assert_eq!(self.office.push(self.marc, batch.clone()), outcomes);
                self.desk.hears(&batch, &outcomes);
                self.desk.hears(&batch, &outcomes);
            }
            _ => self.desk.hears(&batch, &outcomes),
        }
    }

    fn answer_comes(&mut self) {
        if let Some((batch, outcomes)) = self.under_way.take() {
            self.desk.hears(&batch, &outcomes);
            self.history.push("late answer".to_owned());
        }
    }

    fn pull(&mut self) {
        let limit = self.random.random_range(1..40);
        let busy = self.random.random_bool(0.3);
        self.history.push(format!("pull by {limit}"));
        // Shared, so that this world goes on between two pages.
        let (office, desk) = (Rc::clone(&self.office), Rc::clone(&self.desk));
        let pages = desk.pulls_by(&office, limit, |_| {
            if busy && self.random.random_bool(0.3) {
                self.somebody_else();
            }
        });
        self.plain.applies(&pages);
    }

    #[track_caller]
    fn confirmed_state_is_known(&self, seed: u64) {
        let found = differences(&self.desk.confirmed_rows(), &self.plain.rows());
        assert!(found.is_empty(), "seed {seed}\n{}\n{}", self.history.join("\n"), found.join("\n"));
    }

    fn comes_to_rest(&mut self, seed: u64, compare_with_fresh: bool) {
        self.answer_comes();
        for _ in 0..3 {
            self.desk.pushes(&self.office);
            self.pull();
        }
        let refused = self.desk.replica.read(|tx| tx.refused()).expect("refused commands");
        for entry in refused {
            self.desk.replica.write(|tx| tx.dismiss_refused(entry.envelope.id)).expect("dismissed");
        }
        let left = self.desk.unsettled();
        assert!(left.is_empty(), "seed {seed}\n{}\n{left:?}", self.history.join("\n"));
        self.confirmed_state_is_known(seed);
        if compare_with_fresh {
            let fresh = Desk::ready(&self.office, self.marc);
            let found = differences(&self.desk.rows(), &fresh.rows());
            assert!(found.is_empty(), "seed {seed}\n{}\n{}", self.history.join("\n"), found.join("\n"));
        }
        self.history.clear();
    }
}

fn lives(seeds: std::ops::Range<u64>, episodes: u32, office: impl Fn() -> Office) {
    for seed in seeds {
        let mut world = World::new(seed, office());
        for episode in 0..episodes {
            for step in 1..=12 {
                world.step();
                if step % 3 == 0 {
                    world.confirmed_state_is_known(seed);
                }
            }
            world.comes_to_rest(seed, episode % 5 == 4);
        }
    }
}

#[test]
fn whatever_happens_a_replica_comes_to_rest_as_a_fresh_one() {
    lives(0..50, 20, Office::sqlite);
}

#[test]
fn and_so_it_does_with_a_server_on_postgresql() {
    lives(1_000..1_002, 10, Office::postgres);
}
