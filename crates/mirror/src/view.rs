//! The three trees as a replica's tables have them, read on demand and remembered for the length of one plan.
//!
//! Reading can fail and planning cannot: the first failure is kept, nothing more is read, and [`View::finish`] gives it
//! to the caller, who drops the plan.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use domain::id::{ClientFileId, FiscalYearId, NodeId, VersionId};
use store::replica::trees::{Decision, PendingRows};
use store::replica::{Offline, ReplicaTx};
use store::rows::Node;

use crate::sight;
use crate::trees::{Hold, InFlight, LocalNode, PARKED, Place, ROOT, Remote, RemoteNode, SyncedNode, Trees};

/// The trees of a replica.
pub(crate) struct View<'v, 'a, 'b> {
    inner: RefCell<Inner<'v, 'a, 'b>>,
}

struct Inner<'v, 'a, 'b> {
    tx: &'v mut ReplicaTx<'a, 'b>,
    pending: PendingRows,
    /// More may have left the disk than is known yet: no removal is told to the firm before it is.
    removals_wait: bool,
    /// Folders of client files whose copies stay until the server says again that they are out of sight.
    lost: BTreeSet<NodeId>,
    rows: BTreeMap<NodeId, Option<Node>>,
    synced: BTreeMap<NodeId, Option<SyncedNode>>,
    local: BTreeMap<NodeId, Option<LocalNode>>,
    in_flight: BTreeMap<NodeId, InFlight>,
    offline: BTreeMap<ClientFileId, Offline>,
    shown: BTreeMap<NodeId, bool>,
    failure: Option<store::Error>,
}

impl<'v, 'a, 'b> View<'v, 'a, 'b> {
    /// The trees as they are in this transaction.
    pub(crate) fn new(
        tx: &'v mut ReplicaTx<'a, 'b>,
        removals_wait: bool,
        lost: BTreeSet<NodeId>,
    ) -> store::Result<Self> {
        let pending = tx.pending_rows()?;
        let inner = Inner {
            tx,
            pending,
            removals_wait,
            lost,
            rows: BTreeMap::new(),
            synced: BTreeMap::new(),
            local: BTreeMap::new(),
            in_flight: BTreeMap::new(),
            offline: BTreeMap::new(),
            shown: BTreeMap::new(),
            failure: None,
        };
        Ok(Self { inner: RefCell::new(inner) })
    }

    /// The first failure of a read, if there was one.
    pub(crate) fn finish(self) -> store::Result<()> {
        self.inner.into_inner().failure.map_or(Ok(()), Err)
    }

    fn read<T: Default>(&self, work: impl FnOnce(&mut Inner<'v, 'a, 'b>) -> store::Result<T>) -> T {
        let mut inner = self.inner.borrow_mut();
        if inner.failure.is_some() {
            return T::default();
        }
        work(&mut inner).unwrap_or_else(|error| {
            inner.failure = Some(error);
            T::default()
        })
    }
}

impl Inner<'_, '_, '_> {
    fn row(&mut self, node: NodeId) -> store::Result<Option<Node>> {
        if let Some(row) = self.rows.get(&node) {
            return Ok(row.clone());
        }
        let row = self.tx.confirmed_node(node)?;
        self.rows.insert(node, row.clone());
        Ok(row)
    }

    /// Whether what stands in this fiscal year of a client file, or in none, is available offline.
    fn is_offline(&mut self, client_file: ClientFileId, fiscal_year: Option<FiscalYearId>) -> store::Result<bool> {
        if let Some(known) = self.offline.get(&client_file) {
            return Ok(known.includes(fiscal_year));
        }
        let offline = self.tx.offline(client_file)?;
        let included = offline.includes(fiscal_year);
        self.offline.insert(client_file, offline);
        Ok(included)
    }

    fn remote(&mut self, node: NodeId) -> store::Result<Remote> {
        let Some(row) = self.row(node)? else { return self.client_folder(node) };
        let mut trashed = Vec::new();
        let mut fiscal_year = None;
        let mut at = Some(row.clone());
        while let Some(current) = at {
            if current.is_trashed() {
                trashed.insert(0, current.id);
            }
            fiscal_year = fiscal_year.or(current.fiscal_year);
            at = self.row(current.parent)?;
        }
        let remote = remote_node(&row);
        if !trashed.is_empty() {
            return Ok(Remote::Trashed { node: remote, trashed });
        }
        let is_here = self.is_offline(row.client_file, fiscal_year)? && self.is_shown(&row)?;
        Ok(if is_here { Remote::Present(remote) } else { Remote::Unmirrored(remote) })
    }

    /// A client file's own folder, which has no row of its own.
    fn client_folder(&mut self, node: NodeId) -> store::Result<Remote> {
        let id = ClientFileId(node.0);
        if node == ROOT || node == PARKED {
            return Ok(Remote::Unknown);
        }
        let Some(client_file) = self.tx.client_file(id)? else { return Ok(Remote::Unknown) };
        let folder = RemoteNode {
            place: Place { parent: ROOT, name: client_file.name },
            is_folder: true,
            is_fixed: true,
            holds_documents: false,
            client_file: id,
            head: None,
            content: None,
            size: 0,
            modified_at: domain::time::Instant(0),
        };
        Ok(if self.is_offline(id, None)? { Remote::Present(folder) } else { Remote::Unmirrored(folder) })
    }

    /// A container shows where a folder of a theme below it does; a fiscal year's where that year is available offline.
    fn is_shown(&mut self, row: &Node) -> store::Result<bool> {
        if row.fiscal_year.is_some() && !self.is_offline(row.client_file, row.fiscal_year)? {
            return Ok(false);
        }
        if row.theme.is_some() || !row.is_folder {
            return Ok(true);
        }
        if let Some(known) = self.shown.get(&row.id) {
            return Ok(*known);
        }
        let mut is_shown = false;
        for child in self.tx.confirmed_in(row.id, &self.pending)? {
            if let Some(child) = self.row(child)?
                && child.is_folder
                && !child.is_trashed()
                && self.is_shown(&child)?
            {
                is_shown = true;
                break;
            }
        }
        self.shown.insert(row.id, is_shown);
        Ok(is_shown)
    }

    fn present_only(&mut self, nodes: Vec<NodeId>) -> store::Result<Vec<NodeId>> {
        let mut present = Vec::new();
        for node in nodes {
            if self.remote(node)?.present().is_some() {
                present.push(node);
            }
        }
        Ok(present)
    }

    fn client_files(&mut self) -> store::Result<Vec<NodeId>> {
        Ok(self.tx.offline_clients()?.into_iter().map(ClientFileId::root).collect())
    }

    fn synced(&mut self, node: NodeId) -> store::Result<Option<SyncedNode>> {
        if let Some(known) = self.synced.get(&node) {
            return Ok(known.clone());
        }
        let synced = self.tx.synced_node(node)?;
        self.synced.insert(node, synced.clone());
        Ok(synced)
    }

    fn local(&mut self, node: NodeId) -> store::Result<Option<LocalNode>> {
        if let Some(known) = self.local.get(&node) {
            return Ok(known.clone());
        }
        let local = self.tx.local_node(node)?;
        self.local.insert(node, local.clone());
        Ok(local)
    }

    fn hold(&mut self, node: NodeId) -> store::Result<Hold> {
        let Some(held) = self.tx.held(node)? else {
            let is_early = self.removals_wait && self.local(node)?.is_none();
            let is_lost =
                !self.lost.is_empty() && self.row(node)?.is_none() && sight::lies_in(self.tx, &self.lost, node)?;
            return Ok(if is_early || is_lost { Hold::Waiting } else { Hold::None });
        };
        Ok(match held.decision {
            None => Hold::Waiting,
            // Saved again since it was decided on: that is another question.
            Some(Decision::Undone) if self.local(node)?.is_some_and(|local| local.content != held.content) => {
                Hold::Waiting
            }
            Some(Decision::Undone) => Hold::Undone,
            Some(Decision::Confirmed) => Hold::None,
        })
    }

    fn in_flight(&mut self, node: NodeId) -> store::Result<InFlight> {
        if let Some(known) = self.in_flight.get(&node) {
            return Ok(*known);
        }
        let flight = self.read_in_flight(node)?;
        self.in_flight.insert(node, flight);
        Ok(flight)
    }

    fn read_in_flight(&mut self, node: NodeId) -> store::Result<InFlight> {
        let pending = self.tx.in_flight(node, &self.pending)?;
        let flight = InFlight { place: pending.place, content: pending.content, existence: pending.existence };
        // A creation that the firm's rows take for another document writes none, and is in flight all the same.
        if !flight.any()
            && self.row(node)?.is_none()
            && self.local(node)?.is_some_and(|local| local.sent.is_some())
            && self.tx.is_named_by_outbox(node)?
        {
            return Ok(InFlight { place: true, content: true, existence: true });
        }
        Ok(flight)
    }
}

impl Trees for View<'_, '_, '_> {
    fn remote(&self, node: NodeId) -> Remote {
        self.read(|inner| inner.remote(node))
    }

    fn synced(&self, node: NodeId) -> Option<SyncedNode> {
        self.read(|inner| inner.synced(node))
    }

    fn local(&self, node: NodeId) -> Option<LocalNode> {
        self.read(|inner| inner.local(node))
    }

    fn hold(&self, node: NodeId) -> Hold {
        self.read(|inner| inner.hold(node))
    }

    fn in_flight(&self, node: NodeId) -> InFlight {
        self.read(|inner| inner.in_flight(node))
    }

    fn inbox(&self, client_file: ClientFileId) -> Option<NodeId> {
        self.read(|inner| inner.tx.inbox_of(client_file))
    }

    fn is_refused(&self, node: NodeId) -> bool {
        self.read(|inner| Ok(inner.pending.is_refused(node)))
    }

    fn is_confirmed(&self, version: VersionId) -> bool {
        self.read(|inner| inner.tx.is_confirmed_version(version))
    }

    fn remote_children(&self, folder: NodeId) -> Vec<NodeId> {
        self.read(|inner| {
            if folder == ROOT {
                return inner.client_files();
            }
            let children = inner.tx.confirmed_in(folder, &inner.pending)?;
            inner.present_only(children)
        })
    }

    fn missing_children(&self, folder: NodeId) -> Vec<NodeId> {
        self.read(|inner| {
            let children = inner.tx.confirmed_missing_in(folder, &inner.pending)?;
            inner.present_only(children)
        })
    }

    fn strays(&self, folder: NodeId) -> Vec<NodeId> {
        self.read(|inner| inner.tx.confirmed_strays_of(folder, &inner.pending))
    }

    fn local_children(&self, folder: NodeId) -> Vec<NodeId> {
        self.read(|inner| Ok(inner.tx.local_children(folder)?.into_iter().map(|(node, _)| node).collect()))
    }

    fn remote_at(&self, folder: NodeId, key: &str) -> Option<NodeId> {
        self.read(|inner| {
            let found = if folder == ROOT {
                inner.tx.client_files_named(key)?.into_iter().map(ClientFileId::root).collect()
            } else {
                inner.tx.confirmed_at(folder, key, &inner.pending)?
            };
            Ok(inner.present_only(found)?.into_iter().next())
        })
    }

    fn local_at(&self, folder: NodeId, key: &str) -> Option<NodeId> {
        self.read(|inner| Ok(inner.tx.local_at(folder, key)?.map(|(node, _)| node)))
    }
}

fn remote_node(row: &Node) -> RemoteNode {
    RemoteNode {
        place: Place { parent: row.parent, name: row.name.clone() },
        is_folder: row.is_folder,
        is_fixed: row.is_fixed(),
        holds_documents: row.is_folder && row.theme.is_some(),
        client_file: row.client_file,
        head: row.head,
        content: row.content,
        size: row.size,
        modified_at: row.modified_at,
    }
}
