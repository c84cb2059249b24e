//! Local calls: what the interface asks of this workstation rather than of the firm.
//!
//! They never change the firm's state themselves; where one leads to a change (a drop), the change is a command.

use domain::id::{ClientFileId, CommandId, FiscalYearId, NodeId, VersionId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::command::{Command, Executed};
use crate::event::Tag;
use crate::query::QuerySpec;
use crate::view::{SyncItems, SyncStatus};

/// An empty answer.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct Nothing {}

/// Executes commands, each at once on this workstation; they reach the server when it can be reached. All of one call
/// are undone together.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct Execute {
    /// In order.
    pub commands: Vec<Command>,
    /// Name of the action in the undo list, a code the interface words.
    pub action: String,
}

/// What each command did, in order. The first refusal stops the rest and is the call's failure.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ExecuteReply {
    /// One for each command.
    pub executed: Vec<Executed>,
}

/// Undoes, or does again, the last action.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct Undo {}

/// What was undone; `null` where there was nothing to undo.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct UndoReply {
    /// The action's code.
    pub action: Option<String>,
}

/// Signs in to a server.
#[derive(Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct SignIn {
    /// Address, such as `https://ged.cabinet.fr`.
    pub server: String,
    /// E-mail.
    pub email: String,
    /// Password.
    pub password: String,
}

/// How much of the network contents may take.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct Bandwidth {
    /// Thousands of bytes a second out; `null` for as many as there is room for.
    pub up: Option<u32>,
    /// The same, in.
    pub down: Option<u32>,
    /// When these hold; `null` for always.
    pub hours: Option<OfficeHours>,
}

/// Hours of some days of the week, by the workstation's own clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct OfficeHours {
    /// Days, from 1 for Monday to 7.
    pub days: Vec<u8>,
    /// When they begin, in minutes after midnight.
    pub from: u16,
    /// When they end, in minutes after midnight; the next day where that is not later.
    pub to: u16,
}

/// Settings of this workstation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct SettingsView {
    /// Address of the server, where somebody signed in.
    pub server: Option<String>,
    /// E-mail of who is signed in.
    pub email: Option<String>,
    /// The mirror's folder.
    pub mirror_root: Option<String>,
    /// Folder proposed for the mirror.
    pub proposed_mirror_root: String,
    /// `fr` or `en`.
    pub language: String,
    /// Version of this desktop.
    pub version: String,
    /// Name of this workstation.
    pub workstation_name: String,
    /// The folder of what was kept of refused changes, where something was.
    pub kept_folder: Option<String>,
    /// How much of the network contents may take.
    pub bandwidth: Bandwidth,
}

/// Asks for the settings.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct GetSettings {}

/// Changes settings; what is `null` stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export_to = "protocol.ts")]
pub struct ChangeSettings {
    /// The mirror's folder: made where it does not exist. A folder with other content is refused.
    pub mirror_root: Option<String>,
    /// `fr` or `en`.
    pub language: Option<String>,
    /// How much of the network contents may take.
    pub bandwidth: Option<Bandwidth>,
}

/// Makes client files available offline, all of each or some of its fiscal years, or not.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct SetOffline {
    /// Which.
    pub client_files: Vec<ClientFileId>,
    /// Whether to mirror them.
    pub offline: bool,
    /// The fiscal years to mirror, beside what belongs to none; `null` for all of them.
    #[serde(default)]
    pub years: Option<Vec<FiscalYearId>>,
}

/// Asks for the state of synchronisation.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct GetSyncStatus {}

/// Asks for a window of the sync panel's entries.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ListSyncItems {
    /// Lines to skip.
    #[serde(default)]
    pub offset: u32,
    /// Lines wanted, at most 500.
    pub limit: u32,
}

/// Pauses or resumes synchronisation.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct SetPaused {
    /// Whether to pause.
    pub paused: bool,
}

/// Tries again at once what waits or is blocked.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct RetryNow {}

/// Gives a file of the mirror whose name is refused the name proposed.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct RepairName {
    /// Key of the sync panel's entry.
    pub key: String,
}

/// Drops a refused command from the list, once the contents it held are files of this disk.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct DismissRefused {
    /// Which.
    pub command: CommandId,
}

/// Copies the contents that a refused command holds to a folder of this disk; it stays in the list.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct SaveRefused {
    /// Which.
    pub command: CommandId,
    /// The folder, by its absolute path; the profile's own for such files where `null`.
    pub folder: Option<String>,
}

/// Files that contents of refused commands were copied to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct KeptFiles {
    /// The folder they are in.
    pub folder: String,
    /// Their names; none where the command held no content.
    pub names: Vec<String>,
}

/// What is held: too many at once, or of a kind that people do not make, to be told to the firm without a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "protocol.ts")]
pub enum HeldKind {
    /// Files removed from the mirror.
    Removal,
    /// Files saved with contents that look encrypted.
    Edit,
}

/// Answers the question about what is held of a kind.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct DecideHeld {
    /// Which kind.
    pub kind: HeldKind,
    /// Whether the firm is told; else it is undone on this disk: files removed come back, and files saved are again what the
    /// firm has, what was saved going to the quarantine.
    pub confirm: bool,
}

/// What was decided on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct HeldDecided {
    /// How many documents.
    pub documents: u32,
}

/// Makes sure a document's file is on this disk, for reading or for dragging it out.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct FileOf {
    /// Which.
    pub document: NodeId,
    /// One of its versions, or the head.
    #[serde(default)]
    pub version: Option<VersionId>,
}

/// A file on this disk.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct LocalFile {
    /// Its path: inside the mirror where it is mirrored, else a copy under its own name.
    pub path: String,
    /// Whether saving it makes a new version: it is in the mirror. Else it is a copy for reading, and whoever opens it for
    /// somebody says so first.
    pub editable: bool,
}

/// Takes files and folders of this disk into the GED.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ImportPaths {
    /// Files or folders, whole.
    pub paths: Vec<String>,
    /// A folder, or a client file's root for its inbox.
    pub target: NodeId,
}

/// Begins, continues or ends bytes that arrive without a path (a drop in the page). The bytes follow by `upload`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct BeginDrop {
    /// Path below what was dropped, folders included, `/` between them.
    pub relative_paths: Vec<String>,
    /// A folder, or a client file's root for its inbox.
    pub target: NodeId,
}

/// A running import.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ImportTicket {
    /// Its number.
    pub import: u32,
}

/// Asks how an import stands.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct GetImport {
    /// Its number.
    pub import: u32,
}

/// Stops an import: what is in stays in, and can be undone.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct CancelImport {
    /// Its number.
    pub import: u32,
}

/// How an import stands.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ImportView {
    /// Files found so far.
    pub found: u32,
    /// Files in the GED.
    pub done: u32,
    /// Bytes read.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Whether it has ended.
    pub ended: bool,
    /// Files left out, with the reason, at most 1,000.
    pub problems: Vec<ImportProblem>,
    /// Files that were given another name than theirs, at most 1,000.
    pub renamed: Vec<ImportRename>,
    /// Where what was dropped on a client file went, where its user may not write in the firm's inbox.
    pub elsewhere: Option<crate::view::PlaceView>,
}

/// A file left out of an import.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ImportProblem {
    /// Its path.
    pub path: String,
    /// Why.
    pub reason: crate::view::Reason,
}

/// A file that was given another name.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ImportRename {
    /// Its path.
    pub path: String,
    /// Its name in the GED.
    pub name: String,
}

/// Asks the server for a one-use link for a colleague. Needs the server.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct InvitePerson {
    /// Who.
    pub person: domain::id::PersonId,
}

/// A one-use link, to be handed over.
#[derive(Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct InvitationLink {
    /// The link.
    pub link: String,
}

/// Asks the server for the workstations somebody is signed in on. Needs the server.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ListSessions {}

/// The workstations signed in.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct SessionList {
    /// Last seen first.
    pub sessions: Vec<crate::session::SessionView>,
}

/// Signs a workstation out. Needs the server.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct RevokeSession {
    /// Which.
    pub workstation: domain::id::WorkstationId,
}

/// Asks what others have open.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ListOpened {}

/// What others have open: a hint, which may be old by a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct OpenedList {
    /// In the order of documents.
    pub rows: Vec<crate::presence::OpenedElsewhere>,
}

macro_rules! local_calls {
    ($($(#[doc = $doc:literal])* $name:ident($request:ident) -> $response:ident [$($tag:ident),*];)*) => {
        /// Bodies of the local calls: a host that forgets one does not compile. They may block: a host calls them off
        /// the window's thread.
        pub trait LocalCalls {
            $($(#[doc = $doc])* fn $name(&self, request: $request) -> Result<$response, crate::failure::Failure>;)*
        }

        /// The list of local calls.
        pub const LOCAL_CALLS: &[QuerySpec] = &[$(QuerySpec {
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

        /// Carries out the local call called `name`, or `None` where there is none of that name.
        pub fn call(
            host: &impl LocalCalls,
            name: &str,
            payload: serde_json::Value,
        ) -> Option<Result<serde_json::Value, crate::failure::Failure>> {
            match name {
                $(stringify!($name) => Some(
                    crate::query::read(payload).and_then(|request| host.$name(request)).and_then(|view| crate::query::write(&view)),
                ),)*
                _ => None,
            }
        }
    };
}

local_calls! {
    /// Executes commands here at once, and on the server when it can be reached.
    execute(Execute) -> ExecuteReply [];
    /// Undoes the last action.
    undo(Undo) -> UndoReply [];
    /// Does again the last action undone.
    redo(Undo) -> UndoReply [];
    /// Signs in to a server.
    sign_in(SignIn) -> Nothing [];
    /// Signs out: what is unsent stays and is sent at the next sign-in.
    sign_out(Nothing) -> Nothing [];
    /// Settings of this workstation.
    get_settings(GetSettings) -> SettingsView [Settings];
    /// Changes settings.
    change_settings(ChangeSettings) -> SettingsView [];
    /// Makes client files available offline, or not.
    set_offline(SetOffline) -> Nothing [];
    /// State of synchronisation.
    get_sync_status(GetSyncStatus) -> SyncStatus [Sync, Settings];
    /// Entries of the sync panel.
    list_sync_items(ListSyncItems) -> SyncItems [Sync];
    /// Pauses or resumes synchronisation, until it is told otherwise or somebody signs in.
    set_paused(SetPaused) -> Nothing [];
    /// Tries again at once what waits.
    retry_now(RetryNow) -> Nothing [];
    /// Renames a file of the mirror to the name proposed.
    repair_name(RepairName) -> Nothing [];
    /// Keeps what a refused command held as files of this disk, then drops it.
    dismiss_refused(DismissRefused) -> KeptFiles [];
    /// Copies what a refused command holds to a folder.
    save_refused(SaveRefused) -> KeptFiles [];
    /// Tells the firm what was held, or undoes it here.
    decide_held(DecideHeld) -> HeldDecided [];
    /// A document's file on this disk.
    file_of(FileOf) -> LocalFile [];
    /// Takes files and folders of this disk into the GED.
    import_paths(ImportPaths) -> ImportTicket [];
    /// Announces files whose bytes follow by `upload`.
    begin_drop(BeginDrop) -> ImportTicket [];
    /// How an import stands.
    get_import(GetImport) -> ImportView [Sync];
    /// Stops an import.
    cancel_import(CancelImport) -> Nothing [];
    /// A one-use link for a colleague.
    invite_person(InvitePerson) -> InvitationLink [];
    /// The workstations signed in.
    list_sessions(ListSessions) -> SessionList [];
    /// Signs a workstation out.
    revoke_session(RevokeSession) -> Nothing [];
    /// What others have open.
    list_opened(ListOpened) -> OpenedList [Presence];
}
