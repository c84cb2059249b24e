//! What queries answer with: shaped for a screen, not for a table.

use domain::content::ContentHash;
use domain::id::{ClientFileId, CommandId, CommentId, FirmId, FiscalYearId, NodeId, PersonId, VersionId};
use domain::person::Role;
use domain::time::Instant;
use domain::tree::Theme;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Somebody of the firm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct PersonView {
    /// Identity.
    pub id: PersonId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail.
    pub email: String,
    /// Role.
    pub role: Role,
    /// Shut out by an administrator.
    pub suspended: bool,
    /// Whether they have chosen a password: until then their e-mail can be corrected.
    pub joined: bool,
}

/// Who is signed in, and to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct OverviewView {
    /// The firm.
    pub firm: FirmId,
    /// Its name.
    pub firm_name: String,
    /// The person.
    pub me: PersonView,
    /// Documents not yet opened, over all that they see.
    pub unread: u32,
    /// Client files they see.
    pub client_files: u32,
}

/// A line of the table of client files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ClientFileRow {
    /// Identity.
    pub id: ClientFileId,
    /// Name.
    pub name: String,
    /// SIREN, nine digits.
    pub siren: Option<String>,
    /// Closing day of the latest fiscal year, `AAAA-MM-JJ`.
    pub closing: Option<String>,
    /// People assigned.
    pub people: Vec<PersonId>,
    /// Documents not yet opened by the reader.
    pub unread: u32,
    /// Documents in all, the trash aside.
    pub documents: u32,
    /// Whether this workstation mirrors it, or some fiscal years of it.
    pub offline: bool,
    /// The fiscal years mirrored, beside what belongs to none; `null` for all of them.
    pub offline_years: Option<Vec<FiscalYearId>>,
    /// The mark that sums up its files on this workstation.
    pub sync: SyncMark,
}

/// Lines of client files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ClientFileList {
    /// How many match in all.
    pub total: u32,
    /// The window asked for.
    pub rows: Vec<ClientFileRow>,
}

/// A client file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ClientFileView {
    /// Its line.
    pub row: ClientFileRow,
    /// Fiscal years, latest first.
    pub fiscal_years: Vec<FiscalYearView>,
    /// Assignments.
    pub assignments: Vec<AssignmentView>,
    /// Whether the reader may change its name and numbers.
    pub may_manage: bool,
    /// Whether the reader may add fiscal years.
    pub may_add_fiscal_years: bool,
    /// Whether the reader may assign people.
    pub may_assign: bool,
}

/// A fiscal year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct FiscalYearView {
    /// Identity.
    pub id: FiscalYearId,
    /// First day, `AAAA-MM-JJ`.
    pub start: String,
    /// Closing day, `AAAA-MM-JJ`.
    pub end: String,
}

/// Somebody's assignment to a client file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct AssignmentView {
    /// Who.
    pub person: PersonId,
    /// Themes given; `null` for all.
    pub themes: Option<Vec<Theme>>,
}

/// A folder of a client file's tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct FolderView {
    /// Identity.
    pub id: NodeId,
    /// The folder it stands in; the client file's root at the top.
    pub parent: NodeId,
    /// Name on disk.
    pub name: String,
    /// Theme; `null` for a container, which takes no document.
    pub theme: Option<Theme>,
    /// The month, `2026-03`, for a month folder.
    pub month: Option<String>,
    /// The fiscal year it stands in.
    pub fiscal_year: Option<FiscalYearId>,
    /// A folder of the tree itself: not to be renamed, moved or trashed.
    pub fixed: bool,
    /// Documents not yet opened by the reader, here and below.
    pub unread: u32,
    /// Documents directly here.
    pub documents: u32,
}

/// The tree of a client file, parents before children, in reading order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct TreeView {
    /// The client file's root, parent of the top folders.
    pub root: NodeId,
    /// Folders the reader sees.
    pub folders: Vec<FolderView>,
}

/// State of a file or of a group of files on this workstation. The worst of a group sums it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "protocol.ts")]
pub enum SyncMark {
    /// Here and on the server, the same.
    Synced,
    /// On the server only: its client file is not available offline.
    OnlineOnly,
    /// Being received, or about to be.
    Receiving,
    /// Not yet on the server.
    Sending,
    /// Waits for something; the sync panel says for what.
    Waiting,
    /// Changed in two places: kept as a concurrent version.
    Conflict,
    /// Cannot be synced until somebody acts.
    Blocked,
}

/// A folder as people read where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct PlaceView {
    /// The folder.
    pub folder: NodeId,
    /// Names of the folders from the top of the client file, its own last.
    pub path: Vec<String>,
}

/// A line of a document list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct DocumentRow {
    /// Identity.
    pub id: NodeId,
    /// The folder it is in.
    pub parent: NodeId,
    /// Name, with its extension.
    pub name: String,
    /// Bytes of the head version.
    #[ts(type = "number")]
    pub size: u64,
    /// Modification time of the head version's file.
    pub modified_at: Instant,
    /// Who made the head version.
    pub author: PersonId,
    /// The head version.
    pub version: VersionId,
    /// Content of the head version.
    pub content: ContentHash,
    /// How many versions.
    pub versions: u32,
    /// Whether one of them is concurrent and waits for a decision.
    pub concurrent: bool,
    /// Piece number.
    pub piece_number: Option<String>,
    /// *Revu* mark: who set it.
    pub reviewed_by: Option<PersonId>,
    /// When it was set.
    pub reviewed_at: Option<Instant>,
    /// Remarks.
    pub comments: u32,
    /// Not yet opened by the reader at this version.
    pub unread: bool,
    /// State on this workstation.
    pub sync: SyncMark,
}

/// How a document list is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "protocol.ts")]
pub enum DocumentOrder {
    /// By name, numbers by value.
    #[default]
    Name,
    /// By modification time.
    Modified,
    /// By size.
    Size,
    /// By piece number, those without last.
    PieceNumber,
}

/// Lines of documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct DocumentList {
    /// How many in all.
    pub total: u32,
    /// The window asked for.
    pub rows: Vec<DocumentRow>,
}

/// A document with its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct DocumentView {
    /// Its line.
    pub row: DocumentRow,
    /// Client file.
    pub client_file: ClientFileId,
    /// Names of the folders it is in, from the top.
    pub path: Vec<String>,
    /// Theme.
    pub theme: Theme,
    /// In the trash, itself or a folder it is in.
    pub trashed: bool,
    /// Versions, latest first.
    pub versions: Vec<VersionView>,
    /// Remarks, oldest first.
    pub comments: Vec<CommentView>,
}

/// How a version stands in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "protocol.ts")]
pub enum VersionState {
    /// The one shown.
    Head,
    /// Replaced by a later one.
    Older,
    /// Made from a version that was no longer the head.
    Concurrent,
}

/// One content of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct VersionView {
    /// Identity.
    pub id: VersionId,
    /// State.
    pub state: VersionState,
    /// Content.
    pub content: ContentHash,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// Who.
    pub author: PersonId,
    /// Name of the workstation it came from.
    pub workstation: String,
    /// When, by that workstation's clock.
    pub made_at: Instant,
    /// The version it restored, where it did.
    pub restored_from: Option<VersionId>,
}

/// A remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct CommentView {
    /// Identity.
    pub id: CommentId,
    /// Who.
    pub author: PersonId,
    /// When, by their clock.
    pub made_at: Instant,
    /// What.
    pub text: String,
}

/// A folder or document in the trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct TrashRow {
    /// Identity.
    pub id: NodeId,
    /// Name.
    pub name: String,
    /// Whether it is a folder.
    pub folder: bool,
    /// Client file.
    pub client_file: ClientFileId,
    /// Names of the folders it was in, from the top.
    pub path: Vec<String>,
    /// When it was trashed.
    pub trashed_at: Instant,
    /// Who did.
    pub trashed_by: PersonId,
}

/// The trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct TrashList {
    /// How many in all.
    pub total: u32,
    /// The window asked for, latest first.
    pub rows: Vec<TrashRow>,
}

/// A result of the palette's search.
#[expect(missing_docs, reason = "the fields are those of the views of the same things")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export_to = "protocol.ts")]
pub enum SearchHit {
    /// A client file.
    ClientFile { id: ClientFileId, name: String },
    /// A folder.
    Folder { id: NodeId, name: String, client_file: ClientFileId, client_name: String, path: Vec<String> },
    /// A document.
    Document {
        id: NodeId,
        parent: NodeId,
        name: String,
        client_file: ClientFileId,
        client_name: String,
        path: Vec<String>,
    },
}

/// Results of a search, best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct SearchResults {
    /// At most the limit asked for.
    pub hits: Vec<SearchHit>,
}

/// People of the firm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct PeopleView {
    /// In alphabetical order.
    pub people: Vec<PersonView>,
    /// Themes of the firm's trees, with what people read.
    pub themes: Vec<ThemeView>,
}

/// A theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ThemeView {
    /// Key.
    pub key: Theme,
    /// What people read.
    pub label: String,
}

/// How the workstation stands with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "protocol.ts")]
pub enum Connection {
    /// Nobody is signed in.
    SignedOut,
    /// The server answers.
    Online,
    /// The server does not answer.
    Offline,
    /// The session expired or was revoked: sign in again, nothing is lost.
    SessionExpired,
    /// This desktop is too old for the server.
    UpdateNeeded,
    /// Paused by the user.
    Paused,
}

/// The truth about synchronisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct SyncStatus {
    /// State of the connection.
    pub connection: Connection,
    /// Since when it is so.
    pub since: Instant,
    /// Everything is on both sides: nothing pending, waiting, blocked or to check, as computed from the trees, and nothing
    /// being imported.
    pub up_to_date: bool,
    /// Commands not yet answered by the server.
    pub pending_commands: u32,
    /// Files still to send, and their bytes; those that the server does not take for now are among those that wait.
    pub sending: Load,
    /// Files still to receive, and their bytes.
    pub receiving: Load,
    /// Seconds until nothing is left to send or receive, by the pace of the last half minute; `null` where there is no pace
    /// to go by yet.
    pub seconds_left: Option<u32>,
    /// Files that wait for a program, the disk or the server, and go on by themselves.
    pub waiting: u32,
    /// Files that stay as they are until somebody acts.
    pub blocked: u32,
    /// Refused commands and concurrent versions that wait for a decision.
    pub to_check: u32,
    /// Documents whose removal from the disk waits for a person's yes.
    pub held_removals: u32,
    /// Documents whose saved contents look encrypted and wait for a person's yes.
    pub held_edits: u32,
    /// Client files available offline whose trees are not yet read.
    pub scanning: bool,
    /// When everything was last up to date.
    pub last_up_to_date: Option<Instant>,
    /// The mirror's folder on this disk.
    pub mirror_root: Option<String>,
}

impl SyncStatus {
    /// How many documents and changes stay as they are until a person acts or decides.
    pub fn needs_somebody(&self) -> u32 {
        self.blocked + self.to_check + self.held_removals + self.held_edits
    }
}

/// A count of files and their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct Load {
    /// Files.
    pub files: u32,
    /// Bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// Why a file waits or is blocked. The interface says it in words, with what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "protocol.ts")]
pub enum Reason {
    /// Its turn has not come.
    Queued,
    /// The server cannot be reached.
    Offline,
    /// A program has it open.
    InUse,
    /// It still changes.
    Changing,
    /// This user may not read or write it.
    NoPermission,
    /// Its name cannot be written on every disk.
    InvalidName,
    /// Another file of the folder has the same name, but for case or accents' form.
    NameTaken,
    /// Its path is longer than Excel opens.
    PathTooLong,
    /// A link, pipe or device: never followed.
    NotAFile,
    /// It has more bytes than the firm's server takes.
    TooLarge,
    /// No room on this disk.
    DiskFull,
    /// Little room on this disk: what comes waits, what goes goes on.
    DiskNearlyFull,
    /// No room on the server.
    ServerFull,
    /// The server refused the change.
    Refused,
    /// The disk answered with an error.
    DiskError,
    /// It was removed from the disk with too many others: the firm is told once a person says so.
    RemovalHeld,
    /// It was saved with contents that look encrypted, as others were: the firm is told once a person says so.
    EditHeld,
    /// The server shows none of it any more, which counts once it says so again.
    SightLost,
    /// The bytes received or kept are not the ones expected.
    Damaged,
    /// The mirror's folder is not there, or another volume is in its place.
    MirrorAway,
    /// The mirror's folder is somebody else's, or another profile's.
    OtherMirror,
    /// It lies where no document may be: outside of the clients' folders.
    OutsideClient,
}

/// One entry of the sync panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct SyncItem {
    /// Stable key of the entry.
    pub key: String,
    /// The node, where the file has one.
    pub node: Option<NodeId>,
    /// The command, for a refused one.
    pub command: Option<CommandId>,
    /// The client file, where known.
    pub client_file: Option<ClientFileId>,
    /// File name.
    pub name: String,
    /// Path below the mirror, or in the GED.
    pub path: String,
    /// State.
    pub mark: SyncMark,
    /// Why.
    pub reason: Reason,
    /// A portable name to give it, for [`Reason::InvalidName`].
    pub proposal: Option<String>,
    /// The program that has it open, such as `EXCEL.EXE`, for [`Reason::InUse`] where the system tells.
    pub program: Option<String>,
    /// The failure, for [`Reason::Refused`].
    pub failure: Option<crate::failure::Failure>,
    /// Whether contents go with it that may be nowhere else, for [`Reason::Refused`].
    pub holds_content: bool,
    /// The two versions to choose between, for [`SyncMark::Conflict`].
    pub conflict: Option<ConflictView>,
    /// Since when.
    pub since: Instant,
}

/// Two versions of a document that were made from the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ConflictView {
    /// The one kept beside, which waits for a decision.
    pub concurrent: VersionView,
    /// The one shown.
    pub head: VersionView,
}

/// Entries of the sync panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct SyncItems {
    /// How many in all.
    pub total: u32,
    /// How many of them can be asked for: of thousands on their way, the first only.
    pub listed: u32,
    /// The window asked for: those that wait for a decision of their own first, what is on its way last.
    pub rows: Vec<SyncItem>,
}
