//! A firm's real server store, on one thread and one clock.
//!
//! Contents are a map; everything between a desktop's disk and the server's rows is the real thing.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use domain::content::ContentHash;
use domain::id::{ClientFileId, CommandId, FirmId, NodeId, PersonId, VersionId, WorkstationId};
use domain::time::Instant;
use protocol::command::{Command, ContentRef, Envelope, FiscalYearDates};
use protocol::feed::PushRequest;
use store::engine::{Engine, Schema};
use store::firm::{Caller, Firm, FirstAdministrator};
use uuid::Uuid;

pub(crate) const START: i64 = 1_780_000_000_000;

/// The server.
pub(crate) struct Office {
    pub(crate) firm: Firm,
    pub(crate) person: PersonId,
    pub(crate) client: ClientFileId,
    pub(crate) contents: RefCell<BTreeMap<ContentHash, Vec<u8>>>,
    now: Cell<i64>,
    ids: Cell<u128>,
}

impl Office {
    pub(crate) fn open() -> Self {
        let id = FirmId(Uuid::from_u128(1));
        let person = PersonId(Uuid::from_u128(2));
        let first = FirstAdministrator {
            person,
            email: "a@cabinet.fr".into(),
            first_name: "Anne".into(),
            last_name: "Martin".into(),
        };
        let firm = Firm::create(Engine::memory(Schema::Firm).unwrap(), id, "Cabinet", "epoch 1", &first).unwrap();
        let client = ClientFileId(Uuid::from_u128(3));
        let office =
            Self { firm, person, client, contents: RefCell::default(), now: Cell::new(START), ids: Cell::new(1000) };
        let day = |text: &str| text.parse().unwrap();
        office.does(Command::CreateClientFile {
            client_file: client,
            name: "Alter Ce".into(),
            siren: None,
            fiscal_years: vec![FiscalYearDates { start: day("2026-01-01"), end: day("2026-12-31") }],
            assigned: vec![person],
        });
        office
    }

    pub(crate) fn now(&self) -> Instant {
        Instant(self.now.get())
    }

    pub(crate) fn wait(&self, millis: i64) {
        self.now.set(self.now.get() + millis);
    }

    pub(crate) fn fresh(&self) -> Uuid {
        self.ids.set(self.ids.get() + 1);
        // In the order of time, as real ones are.
        Uuid::from_u128(self.ids.get())
    }

    /// Somebody does something in the browser.
    pub(crate) fn does(&self, command: Command) {
        let envelope = Envelope {
            id: CommandId(self.fresh()),
            workstation: WorkstationId(Uuid::from_u128(9)),
            made_at: self.now(),
            strict: false,
            command,
        };
        let request = PushRequest { commands: vec![envelope], schema_version: protocol::SCHEMA_VERSION };
        let caller = Caller { person: self.person, workstation_name: "navigateur".into() };
        let reply = self.firm.push(&caller, &request, self.now()).unwrap();
        assert!(matches!(reply.outcomes[0], protocol::command::Outcome::Done { .. }), "{:?}", reply.outcomes);
    }

    /// Bytes arrive at the server by another way than the mirror.
    pub(crate) fn holds(&self, bytes: &[u8]) -> ContentRef {
        self.holds_from(self.person, bytes)
    }

    pub(crate) fn holds_from(&self, person: PersonId, bytes: &[u8]) -> ContentRef {
        let content = ContentRef { hash: ContentHash::of(bytes), size: bytes.len() as u64 };
        self.contents.borrow_mut().insert(content.hash, bytes.to_vec());
        self.firm.record_contents(person, &[(content, "pack".into())], self.now()).unwrap();
        content
    }

    pub(crate) fn adds(&self, parent: NodeId, name: &str, bytes: &[u8]) -> NodeId {
        let content = self.holds(bytes);
        let node = NodeId(self.fresh());
        self.does(Command::AddDocument {
            node,
            parent,
            name: name.into(),
            naming: protocol::command::Naming::Typed,
            version: VersionId(self.fresh()),
            content,
            modified_at: Instant(START - 5_000),
        });
        node
    }

    pub(crate) fn saves(&self, node: NodeId, base: Option<VersionId>, bytes: &[u8]) -> VersionId {
        let content = self.holds(bytes);
        let version = VersionId(self.fresh());
        self.does(Command::AddVersion { node, version, base, content, modified_at: self.now() });
        version
    }

    /// A folder of the client file's tree.
    pub(crate) fn folder(&self, directory: &str) -> NodeId {
        domain::tree::permanent_folder_id(self.client, directory)
    }

    pub(crate) fn has_bytes(&self, bytes: &[u8]) -> bool {
        self.contents.borrow().contains_key(&ContentHash::of(bytes))
    }
}
