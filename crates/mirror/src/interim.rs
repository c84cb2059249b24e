//! The mirror's public face as the agent calls it.
#![allow(missing_docs)]
use std::path::{Path, PathBuf};
use std::sync::Arc;
use content::StagingStore;
use disk::Filesystem;
use domain::content::ContentHash;
use domain::id::{NodeId, WorkstationId};
use domain::time::Instant;
use protocol::command::ContentRef;
use protocol::event::Tag;
use store::replica::Replica;
use uuid::Uuid;

pub struct Mirror;
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Store(#[from] store::Error),
}
#[derive(Debug)]
pub enum Event {
    Timer,
    Touched(Vec<PathBuf>),
    RescanAll,
    RemoteChanged,
    ContentArrived(Vec<ContentHash>),
}
#[derive(Debug)]
pub enum Effect {
    NeedContents(Vec<ContentRef>),
    OutboxChanged,
    WakeAt(Instant),
    Changed(Vec<Tag>),
}
pub struct Context<'c> {
    pub now: Instant,
    pub ids: &'c mut dyn FnMut() -> Uuid,
    pub workstation: WorkstationId,
}
impl Mirror {
    pub fn new(_root: PathBuf, _disk: Arc<dyn Filesystem>, _staging: Arc<StagingStore>) -> Self {
        Self
    }
    /// First `Timer` after `new` begins (creates the root and its marker if the root is empty or absent).
    pub fn step(&mut self, _event: Event, _replica: &Replica, _context: &mut Context<'_>) -> Result<Vec<Effect>, Error> {
        Ok(Vec::new())
    }
    /// Something to look at, settle or do that needs no person.
    pub fn is_busy(&self) -> bool {
        false
    }
    /// Gives the blocked file of this key the proposed name.
    pub fn repair(&mut self, _key: &str, _replica: &Replica) -> Result<(), Error> {
        Ok(())
    }
    /// Where a document's file is on disk, if it is there.
    pub fn path_of(&self, _node: NodeId, _replica: &Replica) -> Option<PathBuf> {
        None
    }
}
/// Whether a folder is a mirror's root (has the marker).
pub fn is_mirror(root: &Path) -> bool {
    root.join(".gedeon").exists()
}
