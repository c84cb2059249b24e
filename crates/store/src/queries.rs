//! Queries: the same bodies on the server and on a replica.
//!
//! What the asker may not see is not found. On a replica nothing else is there to be found, and the check is the same.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::{Act, Actor};
use domain::id::{FirmId, NodeId, PersonId};
use protocol::failure::{Failure, FailureCode};
use protocol::query as ask;
use protocol::query::Answers;
use protocol::view as show;

use crate::commands::Host;
use crate::engine::{Engine, Value};
use crate::error::{Error, Result};
use crate::rows::Node;
use crate::unit::{Journal, Unit};

mod client_files;
mod documents;
mod search;
mod sync_marks;
mod trash;

pub(crate) use documents::version_view;

/// The most lines a window may have.
const MAX_WINDOW: u32 = 500;

/// Answers queries of one person.
pub(crate) struct Reader<'e> {
    engine: &'e Engine,
    firm: FirmId,
    person: PersonId,
    host: Host,
}

/// One query under way.
struct Asked<'a, 'b> {
    unit: Unit<'a, 'b>,
    actor: Actor,
    host: Host,
}

impl<'e> Reader<'e> {
    pub(crate) fn new(engine: &'e Engine, firm: FirmId, person: PersonId, host: Host) -> Self {
        Self { engine, firm, person, host }
    }

    fn ask<T>(&self, work: impl FnOnce(&mut Asked<'_, '_>) -> Result<T>) -> std::result::Result<T, Failure> {
        self.engine
            .read(|tx| {
                let mut unit = Unit::new(tx, self.firm, Journal::Sequence(0));
                let actor = unit.actor(self.person)?;
                work(&mut Asked { unit, actor, host: self.host })
            })
            .map_err(Error::into_failure)
    }
}

impl Asked<'_, '_> {
    /// A node the asker may read, or a refusal that says no more than that it is not found.
    fn readable(&mut self, id: NodeId) -> Result<Node> {
        let node = self.unit.need_node(id)?;
        let seen = match &node.theme {
            Some(theme) => self.actor.decide(&Act::Read(node.client_file, theme)).is_ok(),
            None => self.actor.sees(&node.scope),
        };
        if seen { Ok(node) } else { Err(Error::refused(FailureCode::NotFound, "out of sight")) }
    }

    fn me(&self) -> Value {
        Value::Text(self.actor.person.to_string())
    }

    /// Names of the folders from the top of a client file down to `parent`, `parent` included.
    fn path(&mut self, parent: NodeId) -> Result<Vec<String>> {
        let mut names: Vec<String> =
            crate::commands::naming::ancestors(&mut self.unit, parent)?.into_iter().map(|folder| folder.name).collect();
        names.reverse();
        Ok(names)
    }

    /// Documents not yet opened, by folder, with each folder's client file: of one client file, or of all seen. Folders in
    /// the trash, or under one that is, do not count.
    fn unread_by_folder(
        &mut self,
        client_file: Option<&str>,
    ) -> Result<BTreeMap<NodeId, (domain::id::ClientFileId, u32)>> {
        let condition = if client_file.is_some() { "AND n.client_file = $3" } else { "" };
        let sql = format!(
            "SELECT n.parent, n.client_file, COUNT(*) FROM node n \
             LEFT JOIN read_mark r ON r.firm = n.firm AND r.node = n.id AND r.person = $2 AND r.deleted = 0 \
             WHERE n.firm = $1 AND n.deleted = 0 AND n.is_folder = 0 AND n.trashed_at = 0 AND n.author <> $2 \
             AND (r.version IS NULL OR r.version <> n.head) {condition} GROUP BY n.parent, n.client_file"
        );
        let params = [self.me(), Value::Text(client_file.unwrap_or_default().to_owned())];
        let params = if client_file.is_some() { &params[..] } else { &params[..1] };
        let rows = self.unit.select(&sql, params)?;
        let trashed = self.folders_out_of_use(client_file)?;
        let mut counts = BTreeMap::new();
        for row in rows {
            let folder: NodeId = row.get(0)?;
            if !trashed.contains(&folder) && self.sees_folder(folder)? {
                counts.insert(folder, (row.get(1)?, row.get(2)?));
            }
        }
        Ok(counts)
    }

    /// On the server rows out of sight are there too; a replica holds only what is seen.
    fn sees_folder(&mut self, folder: NodeId) -> Result<bool> {
        if self.host == Host::Replica {
            return Ok(true);
        }
        Ok(self.unit.node(folder)?.is_some_and(|node| self.actor.sees(&node.scope)))
    }

    /// Folders that are in the trash or under one that is.
    fn folders_out_of_use(&mut self, client_file: Option<&str>) -> Result<BTreeSet<NodeId>> {
        let rows = self.unit.select(
            "SELECT id, client_file FROM node WHERE firm = $1 AND trashed_at > 0 AND is_folder = 1 AND deleted = 0",
            &[],
        )?;
        let mut out = BTreeSet::new();
        let mut frontier = Vec::new();
        for row in rows {
            if client_file.is_none_or(|wanted| row.get::<String>(1).is_ok_and(|client| client == wanted)) {
                frontier.push(row.get::<NodeId>(0)?);
            }
        }
        while let Some(folder) = frontier.pop() {
            if out.insert(folder) {
                let children = self.unit.select(
                    "SELECT id FROM node WHERE firm = $1 AND parent = $2 AND is_folder = 1 AND deleted = 0",
                    &[Value::Text(folder.to_string())],
                )?;
                for child in children {
                    frontier.push(child.get(0)?);
                }
            }
        }
        Ok(out)
    }
}

fn window(offset: u32, limit: u32) -> [Value; 2] {
    [Value::Int(limit.clamp(1, MAX_WINDOW).into()), Value::Int(offset.into())]
}

impl Answers for Reader<'_> {
    fn get_overview(&mut self, _: ask::GetOverview) -> std::result::Result<show::OverviewView, Failure> {
        self.ask(client_files::overview)
    }

    fn list_people(&mut self, _: ask::ListPeople) -> std::result::Result<show::PeopleView, Failure> {
        self.ask(client_files::people)
    }

    fn list_client_files(
        &mut self,
        request: ask::ListClientFiles,
    ) -> std::result::Result<show::ClientFileList, Failure> {
        self.ask(|asked| client_files::list(asked, &request))
    }

    fn get_client_file(&mut self, request: ask::GetClientFile) -> std::result::Result<show::ClientFileView, Failure> {
        self.ask(|asked| client_files::one(asked, request.client_file))
    }

    fn get_tree(&mut self, request: ask::GetTree) -> std::result::Result<show::TreeView, Failure> {
        self.ask(|asked| documents::tree(asked, request.client_file))
    }

    fn list_documents(&mut self, request: ask::ListDocuments) -> std::result::Result<show::DocumentList, Failure> {
        self.ask(|asked| documents::list(asked, &request))
    }

    fn get_document(&mut self, request: ask::GetDocument) -> std::result::Result<show::DocumentView, Failure> {
        self.ask(|asked| documents::one(asked, request.document))
    }

    fn list_trash(&mut self, request: ask::ListTrash) -> std::result::Result<show::TrashList, Failure> {
        self.ask(|asked| trash::list(asked, &request))
    }

    fn search(&mut self, request: ask::Search) -> std::result::Result<show::SearchResults, Failure> {
        self.ask(|asked| search::search(asked, &request))
    }
}
