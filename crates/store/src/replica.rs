//! What one person sees of a firm, on a workstation, with the commands not yet confirmed.
//!
//! Commands execute here at once, with the code the server runs, and wait in the outbox. Rows that pending commands wrote
//! keep before-images, so that the confirmed state is always known, and a pull can undo, apply and redo what it must.

use std::path::Path;

use domain::id::{FirmId, NodeId, PersonId, VersionId};
use protocol::command::Command;
use protocol::failure::Failure;

use crate::commands::Host;
use crate::engine::{Durability, Engine, Schema, Tx, Value};
use crate::error::Result;
use crate::queries::Reader;
use crate::rows::{ClientFile, Node, Version};
use crate::table::Replicated;
use crate::unit::{Journal, Unit};

mod apply;
pub(crate) mod before_image;
pub(crate) mod offline;
mod outbox;
mod refused;
mod restored;
mod settings;
mod status;
pub mod trees;
mod uploads;

use before_image::Confirmed;

pub use apply::Applied;
pub use offline::Offline;
pub use outbox::{Batch, Refused};
pub use refused::RefusedContent;
pub use uploads::PendingUpload;

/// Whose replica it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The firm.
    pub firm: FirmId,
    /// The person.
    pub person: PersonId,
}

/// A replica.
pub struct Replica {
    engine: Engine,
    owner: Owner,
}

/// A unit of work on a replica: one transaction.
pub struct ReplicaTx<'a, 'b> {
    tx: &'a mut Tx<'b>,
    owner: Owner,
    firm_text: String,
    /// Whether a file is blocked or waits, once it was asked: most often none is, and thousands are taken off the list.
    has_blocked: Option<bool>,
    known: trees::Known,
}

/// Which attributes of a node wait for the server: the mirror leaves them alone until it has answered and the answer was
/// pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pending {
    /// Folder and name.
    pub place: bool,
    /// Content.
    pub content: bool,
    /// Being there at all.
    pub existence: bool,
}

impl Replica {
    /// Opens the replica of a file.
    pub fn open(path: &Path, owner: Owner) -> Result<Self> {
        Engine::sqlite(path, Schema::Replica, Durability::Process).map(|engine| Self { engine, owner })
    }

    /// An empty replica in memory, for tests and the simulator.
    pub fn memory(owner: Owner) -> Result<Self> {
        Engine::memory(Schema::Replica).map(|engine| Self { engine, owner })
    }

    /// Whose it is.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// Copies the replica, whole and consistent, to a file.
    pub fn backup_to(&self, target: &Path) -> Result<()> {
        self.engine.backup_to(target)
    }

    /// A copy in memory of the replica as it is: a backup, or what a power cut leaves. For tests and the simulator.
    pub fn copy(&self) -> Result<Self> {
        self.engine.copy().map(|engine| Self { engine, owner: self.owner })
    }

    /// Runs `work` on a consistent view.
    pub fn read<T>(&self, work: impl FnOnce(&mut ReplicaTx<'_, '_>) -> Result<T>) -> Result<T> {
        self.engine.read(|tx| work(&mut ReplicaTx::new(tx, self.owner)))
    }

    /// Runs `work` in a transaction, committed when it succeeds and undone when it fails.
    pub fn write<T>(&self, work: impl FnOnce(&mut ReplicaTx<'_, '_>) -> Result<T>) -> Result<T> {
        self.engine.write(|tx| work(&mut ReplicaTx::new(tx, self.owner)))
    }

    /// Answers a query, or `None` where there is none of that name.
    pub fn answer(
        &self,
        name: &str,
        payload: serde_json::Value,
    ) -> Option<std::result::Result<serde_json::Value, Failure>> {
        let mut reader = Reader::new(&self.engine, self.owner.firm, self.owner.person, Host::Replica);
        protocol::query::answer(&mut reader, name, payload)
    }
}

impl<'a, 'b> ReplicaTx<'a, 'b> {
    fn new(tx: &'a mut Tx<'b>, owner: Owner) -> Self {
        Self { tx, owner, firm_text: owner.firm.to_string(), has_blocked: None, known: trees::Known::default() }
    }
}

impl<'b> ReplicaTx<'_, 'b> {
    /// Whose replica it is.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    fn unit(&mut self) -> Unit<'_, 'b> {
        Unit::new(self.tx, self.owner.firm, Journal::BeforeImages(0))
    }

    /// A node as shown: pending commands included.
    pub fn node(&mut self, id: NodeId) -> Result<Option<Node>> {
        self.unit().node(id)
    }

    /// A node as the server last said: pending commands left out.
    pub fn confirmed_node(&mut self, id: NodeId) -> Result<Option<Node>> {
        match before_image::confirmed(self.tx, Node::TABLE, &id.to_string())? {
            Confirmed::Absent => Ok(None),
            Confirmed::Present(row) if row.get::<bool>(4)? => Ok(None),
            Confirmed::Present(row) => Node::from_row(&row).map(Some),
            Confirmed::AsShown => self.node(id),
        }
    }

    /// The nodes directly in `parent` as the server last said, the trash included.
    pub fn confirmed_children(&mut self, parent: NodeId) -> Result<Vec<Node>> {
        let shown: Vec<Node> = self.unit().list("parent = $2", &[Value::Text(parent.to_string())])?;
        let mut ids: std::collections::BTreeSet<NodeId> = shown.iter().map(|node| node.id).collect();
        for row in self
            .tx
            .query("SELECT DISTINCT row_id FROM before_image WHERE table_name = 'node' AND image IS NOT NULL", &[])?
        {
            ids.insert(row.get(0)?);
        }
        let mut children = Vec::new();
        for id in ids {
            if let Some(node) = self.confirmed_node(id)?
                && node.parent == parent
            {
                children.push(node);
            }
        }
        Ok(children)
    }

    /// The live node called `name` in a folder, as shown.
    pub fn child(&mut self, parent: NodeId, name: &str) -> Result<Option<Node>> {
        let key = Value::Text(domain::name::key(name));
        let found = self
            .unit()
            .list("parent = $2 AND name_key = $3 AND trashed_at = 0", &[Value::Text(parent.to_string()), key])?;
        Ok(found.into_iter().next())
    }

    /// Some documents and folders that are not of the tree itself, in the trash or not, in a stable order: for whoever
    /// needs examples.
    pub fn some_nodes(&mut self, trashed: bool, limit: u32) -> Result<Vec<Node>> {
        let condition = if trashed {
            "directory IS NULL AND trashed_at > 0 ORDER BY id LIMIT $2"
        } else {
            "directory IS NULL AND trashed_at = 0 ORDER BY id LIMIT $2"
        };
        self.unit().list(condition, &[Value::Int(limit.into())])
    }

    /// A version as shown.
    pub fn version(&mut self, id: VersionId) -> Result<Option<Version>> {
        self.unit().find(&id.to_string())
    }

    /// Whether the server has a version: its bytes are safe there.
    pub fn is_confirmed_version(&mut self, id: VersionId) -> Result<bool> {
        let text = id.to_string();
        let as_shown = matches!(before_image::confirmed(self.tx, Version::TABLE, &text)?, Confirmed::AsShown);
        Ok(as_shown && self.unit().find::<Version>(&text)?.is_some())
    }

    /// A client file as shown.
    pub fn client_file(&mut self, id: domain::id::ClientFileId) -> Result<Option<ClientFile>> {
        self.unit().find(&id.to_string())
    }

    /// The folder of a client file that takes what has no place of its own, for the replica's owner.
    pub fn inbox_of(&mut self, client_file: domain::id::ClientFileId) -> Result<Option<NodeId>> {
        let person = self.owner.person;
        let mut unit = self.unit();
        let actor = unit.actor(person)?;
        crate::commands::places::inbox_of(&mut unit, &actor, client_file)
    }

    /// Names of the folders from the top of a client file down to `folder`, its own last.
    pub fn folders_down_to(&mut self, folder: NodeId) -> Result<Vec<String>> {
        let above = crate::commands::naming::ancestors(&mut self.unit(), folder)?;
        Ok(above.into_iter().rev().map(|node| node.name).collect())
    }

    /// Which attributes of a node wait for the server.
    pub fn pending_on(&mut self, id: NodeId) -> Result<Pending> {
        // A command whose effect is hidden wrote no row here, and is still decided by the server.
        let hidden = self.tx.query("SELECT envelope FROM outbox WHERE hidden = 1 AND state <> 'refused'", &[])?;
        let mut commands = Vec::new();
        for row in hidden {
            let command = outbox::read_envelope(&row.get::<String>(0)?)?.command;
            if status::node_of(&command) == Some(id) {
                commands.push(command);
            }
        }
        self.pending_with(id, commands)
    }

    /// The same, with the commands that name the node and whose effect is hidden.
    fn pending_with(&mut self, id: NodeId, hidden: Vec<Command>) -> Result<Pending> {
        let rows = self.tx.query(
            "SELECT o.envelope FROM outbox o WHERE o.state <> 'refused' AND o.number IN \
             (SELECT number FROM before_image WHERE row_id = $1 AND table_name = 'node')",
            &[Value::Text(id.to_string())],
        )?;
        let mut pending = Pending::default();
        let mut commands = hidden;
        for row in rows {
            commands.push(outbox::read_envelope(&row.get::<String>(0)?)?.command);
        }
        for command in commands {
            match command {
                Command::AddDocument { .. } | Command::CreateFolder { .. } => {
                    pending = Pending { place: true, content: true, existence: true };
                }
                Command::SettleVersion { node, .. } if node != id => {
                    pending = Pending { place: true, content: true, existence: true };
                }
                Command::AddVersion { .. } | Command::RestoreVersion { .. } | Command::SettleVersion { .. } => {
                    pending.content = true;
                    pending.existence = true;
                }
                Command::Place { .. } => pending.place = true,
                Command::Trash { .. } | Command::Restore { .. } => {
                    pending.existence = true;
                    pending.place = true;
                }
                _ => {}
            }
        }
        // A version kept beside the head changes no row of the node, and still waits.
        let waiting = self.tx.query(
            "SELECT v.id FROM version v JOIN before_image b ON b.row_id = v.id AND b.table_name = 'version' \
             JOIN outbox o ON o.number = b.number WHERE v.firm = $1 AND v.node = $2 AND o.state <> 'refused' LIMIT 1",
            &[Value::Text(self.firm_text.clone()), Value::Text(id.to_string())],
        )?;
        pending.content |= !waiting.is_empty();
        Ok(pending)
    }
}
