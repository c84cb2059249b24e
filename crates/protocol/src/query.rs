//! Queries: the one list of what can be asked of a firm's state, answered the same by the server and by a replica.

use domain::id::{ClientFileId, NodeId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::event::Tag;
use crate::failure::{Failure, FailureCode};
use crate::view::{
    ClientFileList, ClientFileView, DocumentList, DocumentOrder, DocumentView, OverviewView, PeopleView, SearchResults,
    TrashList, TreeView,
};

/// Asks who is signed in.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct GetOverview {}

/// Asks for the firm's people.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ListPeople {}

/// Asks for a window of client files, by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export_to = "protocol.ts")]
pub struct ListClientFiles {
    /// Part of the name or of the SIREN; accents and case do not count.
    pub search: String,
    /// Only those with documents not yet opened.
    pub unread_only: bool,
    /// Only those available offline.
    pub offline_only: bool,
    /// Lines to skip.
    pub offset: u32,
    /// Lines wanted, at most 500.
    pub limit: u32,
}

/// Asks for a client file.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct GetClientFile {
    /// Which.
    pub client_file: ClientFileId,
}

/// Asks for a client file's folders.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct GetTree {
    /// Which.
    pub client_file: ClientFileId,
}

/// Asks for a window of a folder's documents.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ListDocuments {
    /// Which folder.
    pub folder: NodeId,
    /// Order.
    #[serde(default)]
    pub order: DocumentOrder,
    /// Largest first.
    #[serde(default)]
    pub descending: bool,
    /// Part of the name; accents and case do not count.
    #[serde(default)]
    pub search: String,
    /// Lines to skip.
    #[serde(default)]
    pub offset: u32,
    /// Lines wanted, at most 500.
    pub limit: u32,
}

/// Asks for a document with its history.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct GetDocument {
    /// Which.
    pub document: NodeId,
}

/// Asks for a window of what is in the trash.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ListTrash {
    /// Of one client file, or of all.
    #[serde(default)]
    pub client_file: Option<ClientFileId>,
    /// Words of the name or of the client file's; accents and case do not count.
    #[serde(default)]
    pub search: String,
    /// Lines to skip.
    #[serde(default)]
    pub offset: u32,
    /// Lines wanted, at most 500.
    pub limit: u32,
}

/// Searches client files, folders and documents by name.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct Search {
    /// Words, all of which must begin a word of the name.
    pub text: String,
    /// In one client file, or in all.
    #[serde(default)]
    pub client_file: Option<ClientFileId>,
    /// At most this many, 50 at most.
    pub limit: u32,
}

/// A query's name and the data it shows.
#[derive(Debug, Clone, Copy)]
pub struct QuerySpec {
    /// Name on the wire.
    pub name: &'static str,
    /// What it asks, for the documentation of the API.
    pub summary: &'static str,
    /// Name of the request's type.
    pub request: &'static str,
    /// Name of the response's type.
    pub response: &'static str,
    /// Groups of data it shows: it is read again when one changes.
    pub tags: &'static [Tag],
}

macro_rules! queries {
    ($($(#[doc = $doc:literal])* $name:ident($request:ident) -> $response:ident [$($tag:ident),*];)*) => {
        /// Bodies of the queries: a host that forgets one does not compile.
        pub trait Answers {
            $($(#[doc = $doc])* fn $name(&mut self, request: $request) -> Result<$response, Failure>;)*
        }

        /// The list of queries.
        pub const QUERIES: &[QuerySpec] = &[$(QuerySpec {
            name: stringify!($name),
            summary: concat!($($doc),*),
            request: stringify!($request),
            response: stringify!($response),
            tags: &[$(Tag::$tag),*],
        }),*];

        /// Shows every type of the list to the generator of the interface's types.
        pub fn visit_types(visitor: &mut impl ts_rs::TypeVisitor) {
            $(visitor.visit::<$request>(); visitor.visit::<$response>();)*
        }

        /// Answers the query called `name`, or `None` where there is none of that name.
        pub fn answer(
            host: &mut impl Answers,
            name: &str,
            payload: serde_json::Value,
        ) -> Option<Result<serde_json::Value, Failure>> {
            match name {
                $(stringify!($name) => Some(read(payload).and_then(|request| host.$name(request)).and_then(|view| write(&view))),)*
                _ => None,
            }
        }
    };
}

queries! {
    /// Who is signed in, and to what.
    get_overview(GetOverview) -> OverviewView [People, ClientFiles, Documents];
    /// The firm's people and themes.
    list_people(ListPeople) -> PeopleView [People];
    /// A window of the client files seen.
    list_client_files(ListClientFiles) -> ClientFileList [ClientFiles, Documents, Sync, Settings];
    /// One client file.
    get_client_file(GetClientFile) -> ClientFileView [ClientFiles, Documents, Settings];
    /// The folders of a client file.
    get_tree(GetTree) -> TreeView [ClientFiles, Documents];
    /// A window of a folder's documents.
    list_documents(ListDocuments) -> DocumentList [Documents, Sync];
    /// One document with its history.
    get_document(GetDocument) -> DocumentView [Documents, Sync];
    /// A window of what is in the trash.
    list_trash(ListTrash) -> TrashList [Documents];
    /// Client files, folders and documents by name.
    search(Search) -> SearchResults [ClientFiles, Documents];
}

/// Reads a request from JSON.
pub fn read<T: serde::de::DeserializeOwned>(payload: serde_json::Value) -> Result<T, Failure> {
    serde_json::from_value(payload).map_err(|error| Failure::new(FailureCode::BadRequest, error.to_string()))
}

/// Writes a view as JSON.
pub fn write<T: Serialize>(view: &T) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(view).map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))
}
