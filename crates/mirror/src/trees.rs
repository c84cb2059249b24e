//! The three trees, keyed by node: *remote* (the firm's confirmed rows), *synced* (what disk and firm agreed on last)
//! and *local* (the disk as last observed).
//!
//! Everything that decides reads them through [`Trees`], so that the planner is the same function over a few rows of a
//! test and over the replica's tables. Deliberately absent: paths, the disk, and anything that writes.

use domain::content::ContentHash;
use domain::id::{ClientFileId, NodeId, VersionId};
use domain::time::Instant;
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

pub use store::replica::trees::{LocalNode, Place, Stamp, SyncedNode};

/// The mirror's folder itself, in which the client files' folders stand.
pub const ROOT: NodeId = NodeId(Uuid::nil());

/// The hidden folder in which a node waits while two nodes exchange their names.
pub const PARKED: NodeId = NodeId(Uuid::max());

/// A row of the firm, as far as the mirror cares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteNode {
    /// Where it is.
    pub place: Place,
    /// Folder or document.
    pub is_folder: bool,
    /// Part of the tree itself, or a client file's own folder: never renamed, moved or trashed from the disk.
    pub is_fixed: bool,
    /// Whether documents and folders may be put in it.
    pub holds_documents: bool,
    /// Its client file.
    pub client_file: ClientFileId,
    /// The version shown, for a document.
    pub head: Option<VersionId>,
    /// The head's content.
    pub content: Option<ContentHash>,
    /// The head's bytes.
    pub size: u64,
    /// The head's modification time.
    pub modified_at: Instant,
}

/// What the firm's confirmed rows say of a node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Remote {
    /// It belongs on this disk.
    Present(RemoteNode),
    /// It is in the trash, itself or with a folder above.
    Trashed {
        /// Its row.
        node: RemoteNode,
        /// Those of its chain that were put in the trash, the highest first; the node itself may be the last.
        trashed: Vec<NodeId>,
    },
    /// It exists, but its client file, or its fiscal year of it, is not available offline.
    Unmirrored(RemoteNode),
    /// Nothing is known of it: not there yet, or out of sight.
    #[default]
    Unknown,
}

impl Remote {
    /// The row, where it belongs on this disk.
    pub fn present(&self) -> Option<&RemoteNode> {
        match self {
            Self::Present(node) => Some(node),
            _ => None,
        }
    }

    /// The row, wherever it is.
    pub fn row(&self) -> Option<&RemoteNode> {
        match self {
            Self::Present(node) | Self::Unmirrored(node) | Self::Trashed { node, .. } => Some(node),
            Self::Unknown => None,
        }
    }
}

/// Which attributes of a node commands of this workstation touch that the feed has not confirmed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InFlight {
    /// Name or folder.
    pub place: bool,
    /// Version.
    pub content: bool,
    /// Created, trashed or restored.
    pub existence: bool,
}

impl InFlight {
    /// Whether anything is in flight.
    pub fn any(self) -> bool {
        self.place || self.content || self.existence
    }
}

/// What a person is asked, or said, of a node's removal or of what was saved in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hold {
    /// Nothing is held, or it was confirmed.
    #[default]
    None,
    /// The firm is not told yet.
    Waiting,
    /// It is to be undone on the disk.
    Undone,
}

/// The three trees, to read.
pub trait Trees {
    /// What the firm says of a node, with no pending command's effect.
    fn remote(&self, node: NodeId) -> Remote;
    /// What was agreed on.
    fn synced(&self, node: NodeId) -> Option<SyncedNode>;
    /// What is on the disk.
    fn local(&self, node: NodeId) -> Option<LocalNode>;
    /// What a person has to say of its removal, where it is not on the disk, or of what was saved in it, where it is.
    fn hold(&self, node: NodeId) -> Hold;
    /// What waits for the firm's confirmation.
    fn in_flight(&self, node: NodeId) -> InFlight;
    /// The folder of a client file that takes what has no place of its own: the firm's inbox, or the first that the
    /// mirror's user may write in.
    fn inbox(&self, client_file: ClientFileId) -> Option<NodeId>;
    /// Whether the firm refused to create this node.
    fn is_refused(&self, node: NodeId) -> bool;
    /// Whether the firm's rows have this version, so that the server holds its bytes.
    fn is_confirmed(&self, version: VersionId) -> bool;
    /// The nodes of a folder that belong on this disk.
    fn remote_children(&self, folder: NodeId) -> Vec<NodeId>;
    /// Those of them that are not in this folder on the disk.
    fn missing_children(&self, folder: NodeId) -> Vec<NodeId>;
    /// The nodes whose rows name `folder`, in the trash or not, that are elsewhere on the disk, and the folders among
    /// them that are nowhere on it.
    fn strays(&self, folder: NodeId) -> Vec<NodeId>;
    /// The nodes of a folder on the disk.
    fn local_children(&self, folder: NodeId) -> Vec<NodeId>;
    /// The node of this key in a folder, among those that belong on this disk.
    fn remote_at(&self, folder: NodeId, key: &str) -> Option<NodeId>;
    /// The node of this key in a folder, on the disk.
    fn local_at(&self, folder: NodeId, key: &str) -> Option<NodeId>;
}

/// Whether two places are the same. The disk's normal form of accents does not count, case does.
pub fn same_place(one: &Place, other: &Place) -> bool {
    one.parent == other.parent && same_name(&one.name, &other.name)
}

/// Whether two names are the same, whatever the normal form of their accents.
pub fn same_name(one: &str, other: &str) -> bool {
    one == other || one.nfc().eq(other.nfc())
}
