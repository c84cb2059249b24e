//! A firm on the server, and what its people do there, in few words.

use std::cell::Cell;

use domain::content::ContentHash;
use domain::id::{ClientFileId, CommandId, CommentId, FirmId, NodeId, PersonId, VersionId, WorkstationId};
use domain::person::Role;
use domain::time::Instant;
use domain::tree::{DirectorySpec, Theme};
use protocol::command::{Change, Command, ContentRef, Envelope, FiscalYearDates, Naming, Outcome};
use protocol::failure::{Failure, FailureCode};
use protocol::feed::PushRequest;
use protocol::view::{DocumentView, TreeView};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::engine::{Engine, Schema};
use store::firm::{Caller, Firm, FirstAdministrator};
use uuid::Uuid;

/// Monday 5 January 2026, 09:00 UTC: when the stories begin.
pub(crate) const MONDAY: Instant = Instant(1_767_603_600_000);
/// The calendar year 2026, as dates of a fiscal year.
pub(crate) const YEAR_2026: (&str, &str) = ("2026-01-01", "2026-12-31");

/// A firm on the server, with its first administrator, Anne.
pub(crate) struct Office {
    pub(crate) firm: Firm,
    pub(crate) anne: PersonId,
    count: Cell<u32>,
}

/// Tells a story on SQLite and on PostgreSQL, each time in a new firm.
pub(crate) fn on_both_engines(story: impl Fn(&Office)) {
    story(&Office::sqlite());
    story(&Office::postgres());
}

/// The same in a firm whose client files get another tree than the standard one.
pub(crate) fn on_both_engines_with(template: &'static [DirectorySpec], story: impl Fn(&Office)) {
    for office in [Office::sqlite(), Office::postgres()] {
        story(&Office { firm: office.firm.with_template(template), anne: office.anne, count: office.count });
    }
}

pub(crate) fn dates((start, end): (&str, &str)) -> FiscalYearDates {
    FiscalYearDates { start: start.parse().expect("a date"), end: end.parse().expect("a date") }
}

pub(crate) fn change<T>(seen: T, value: T) -> Change<T> {
    Change { seen, value }
}

/// A rename typed by somebody.
pub(crate) fn rename(node: NodeId, seen: &str, value: &str) -> Command {
    let name = Some(change(seen.to_owned(), value.to_owned()));
    Command::Place { node, name, parent: None, naming: Naming::Typed }
}

/// A move made by the mirror.
pub(crate) fn relocate(node: NodeId, seen: NodeId, value: NodeId) -> Command {
    Command::Place { node, name: None, parent: Some(change(seen, value)), naming: Naming::ByMachine }
}

impl Office {
    pub(crate) fn sqlite() -> Self {
        Self::open(Engine::memory(Schema::Firm).expect("a database in memory"))
    }

    pub(crate) fn postgres() -> Self {
        let namespace = testkit::postgres::namespace("firm");
        Self::open(Engine::postgres(&testkit::postgres::url(), &namespace, Schema::Firm).expect("PostgreSQL"))
    }

    pub(crate) fn open(engine: Engine) -> Self {
        let first = FirstAdministrator {
            person: PersonId::derived(&["anne"]),
            email: "anne@cabinet-martin.fr".to_owned(),
            first_name: "Anne".to_owned(),
            last_name: "Martin".to_owned(),
        };
        let id = FirmId::derived(&["Cabinet Martin"]);
        let firm = Firm::create(engine, id, "Cabinet Martin", "first epoch", &first).expect("a firm");
        Self { firm, anne: first.person, count: Cell::new(0) }
    }

    fn uuid(&self) -> Uuid {
        self.count.set(self.count.get() + 1);
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | u128::from(self.count.get()))
    }

    pub(crate) fn node(&self) -> NodeId {
        NodeId(self.uuid())
    }

    pub(crate) fn version(&self) -> VersionId {
        VersionId(self.uuid())
    }

    pub(crate) fn comment(&self) -> CommentId {
        CommentId(self.uuid())
    }

    pub(crate) fn now(&self) -> Instant {
        MONDAY.plus(i64::from(self.count.get()) * 1_000)
    }

    pub(crate) fn envelope(&self, command: Command) -> Envelope {
        let id = CommandId(self.uuid());
        let workstation = WorkstationId::derived(&["poste 1"]);
        Envelope { id, workstation, made_at: self.now(), strict: false, command }
    }

    /// An undo: refused where something changed since.
    pub(crate) fn strict(&self, command: Command) -> Envelope {
        Envelope { strict: true, ..self.envelope(command) }
    }

    pub(crate) fn push(&self, person: PersonId, commands: Vec<Envelope>) -> Vec<Outcome> {
        let caller = Caller { person, workstation_name: "poste 1".to_owned() };
        let request = PushRequest { commands, schema_version: protocol::SCHEMA_VERSION };
        self.firm.push(&caller, &request, self.now()).expect("a push").outcomes
    }

    pub(crate) fn sends(&self, person: PersonId, envelope: Envelope) -> Outcome {
        self.push(person, vec![envelope]).pop().expect("an outcome")
    }

    /// Does what must be allowed.
    #[track_caller]
    pub(crate) fn does(&self, person: PersonId, command: Command) -> i64 {
        match self.sends(person, self.envelope(command.clone())) {
            Outcome::Done { seq } => seq,
            Outcome::Refused { failure } => panic!("refused: {failure} for {command:?}"),
        }
    }

    /// Tries what must be refused.
    #[track_caller]
    pub(crate) fn cannot(&self, person: PersonId, command: Command) -> Failure {
        match self.sends(person, self.envelope(command.clone())) {
            Outcome::Refused { failure } => failure,
            Outcome::Done { .. } => panic!("accepted: {command:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn cannot_because(&self, person: PersonId, command: Command, code: FailureCode) {
        assert_eq!(self.cannot(person, command).code, code);
    }

    pub(crate) fn hire(&self, name: &str, role: Role) -> PersonId {
        let person = PersonId::derived(&[name]);
        let email = format!("{}@cabinet-martin.fr", name.to_lowercase());
        let (first_name, last_name) = (name.to_owned(), "Durand".to_owned());
        self.does(self.anne, Command::AddPerson { person, email, first_name, last_name, role });
        person
    }

    pub(crate) fn client(&self, name: &str, years: &[(&str, &str)]) -> ClientFileId {
        let client_file = ClientFileId::derived(&[name]);
        let fiscal_years = years.iter().map(|year| dates(*year)).collect();
        let name = name.to_owned();
        self.does(
            self.anne,
            Command::CreateClientFile { client_file, name, siren: None, fiscal_years, assigned: Vec::new() },
        );
        client_file
    }

    pub(crate) fn assign(&self, client_file: ClientFileId, person: PersonId, themes: Option<&[&str]>) {
        let themes = themes.map(|keys| keys.iter().map(|key| Theme::new(key)).collect());
        self.does(self.anne, Command::AssignPerson { client_file, person, themes });
    }

    /// The folder at a path of a client file, as Anne sees it.
    #[track_caller]
    pub(crate) fn folder(&self, client_file: ClientFileId, path: &str) -> NodeId {
        let tree = self.tree(self.anne, client_file);
        let mut at = tree.root;
        for name in path.split('/') {
            let below = tree.folders.iter().find(|folder| folder.parent == at && folder.name == name);
            at = below.unwrap_or_else(|| panic!("no {name:?} of {path:?}")).id;
        }
        at
    }

    pub(crate) fn month(&self, client_file: ClientFileId, directory: &str, month: &str) -> NodeId {
        self.folder(client_file, &format!("02 Dossier annuel/{}/{directory}/{month}", &month[..4]))
    }

    /// A content that the server holds, sent by `person`.
    pub(crate) fn content(&self, person: PersonId, text: &str) -> ContentRef {
        let content = content_of(text);
        self.firm.record_contents(person, &[(content, "pack 1".to_owned())], self.now()).expect("a content");
        content
    }

    pub(crate) fn add_document(&self, parent: NodeId, name: &str, content: ContentRef) -> (NodeId, VersionId, Command) {
        let (node, version) = (self.node(), self.version());
        let name = name.to_owned();
        let modified_at = self.now();
        let naming = Naming::ByMachine;
        (node, version, Command::AddDocument { node, parent, name, naming, version, content, modified_at })
    }

    /// Files a document.
    #[track_caller]
    pub(crate) fn files(&self, person: PersonId, parent: NodeId, name: &str, text: &str) -> (NodeId, VersionId) {
        let (node, version, command) = self.add_document(parent, name, self.content(person, text));
        self.does(person, command);
        (node, version)
    }

    pub(crate) fn save(&self, person: PersonId, node: NodeId, base: VersionId, text: &str) -> (VersionId, Command) {
        let version = self.version();
        let content = self.content(person, text);
        (version, Command::AddVersion { node, version, base: Some(base), content, modified_at: self.now() })
    }

    pub(crate) fn makes_folder(&self, person: PersonId, parent: NodeId, name: &str) -> NodeId {
        let node = self.node();
        self.does(person, Command::CreateFolder { node, parent, name: name.to_owned(), naming: Naming::Typed });
        node
    }

    pub(crate) fn ask<V: DeserializeOwned>(
        &self,
        person: PersonId,
        name: &str,
        request: impl Serialize,
    ) -> Result<V, Failure> {
        let payload = serde_json::to_value(request).expect("a request");
        let answer = self.firm.answer(person, name, payload).expect("a query of that name")?;
        Ok(serde_json::from_value(answer).expect("the view of that query"))
    }

    #[track_caller]
    pub(crate) fn tree(&self, person: PersonId, client_file: ClientFileId) -> TreeView {
        self.ask(person, "get_tree", protocol::query::GetTree { client_file }).expect("a tree")
    }

    #[track_caller]
    pub(crate) fn document(&self, person: PersonId, document: NodeId) -> DocumentView {
        self.ask(person, "get_document", protocol::query::GetDocument { document }).expect("a document")
    }
}

pub(crate) fn content_of(text: &str) -> ContentRef {
    ContentRef { hash: ContentHash::of(text.as_bytes()), size: text.len() as u64 }
}
