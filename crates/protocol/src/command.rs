//! Commands: the only way state changes.
//!
//! A command is small, named and serialisable, and carries the ids its author made; executing it twice has the effect
//! of executing it once. Edits name the changed fields with the values seen.

use domain::content::ContentHash;
use domain::id::{ClientFileId, CommandId, CommentId, FiscalYearId, NodeId, PersonId, VersionId, WorkstationId};
use domain::person::Role;
use domain::time::Instant;
use domain::tree::Theme;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::failure::Failure;
use crate::view::PlaceView;

/// A command with what its author knew when making it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct Envelope {
    /// Made by the author; the server answers the same id always with the same outcome.
    pub id: CommandId,
    /// Where it was made.
    pub workstation: WorkstationId,
    /// When, by the workstation's clock: shown, never compared with another machine's.
    pub made_at: Instant,
    /// Whether a field that changed since it was seen refuses the command (an undo) instead of being overwritten.
    #[serde(default)]
    pub strict: bool,
    /// What to do.
    pub command: Command,
}

/// A field's new value, with the value its author saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct Change<T> {
    /// The value shown when the change was made.
    pub seen: T,
    /// The value wanted.
    pub value: T,
}

/// A content as a version names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct ContentRef {
    /// BLAKE3 of the bytes.
    pub hash: ContentHash,
    /// Count of bytes.
    #[ts(type = "number")]
    pub size: u64,
}

/// What to do when the wanted name is taken or cannot be written on every disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "protocol.ts")]
pub enum Naming {
    /// Refuse, proposing a name: somebody typed it and is there to answer.
    Typed,
    /// Repair it and number it: it came by machine (a drop, an import, the mirror).
    ByMachine,
}

/// How a concurrent version is settled.
#[expect(missing_docs, reason = "the fields are the words of the glossary; each variant says what it does")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export_to = "protocol.ts")]
pub enum VersionChoice {
    /// Its content becomes the head again, as the new version `version`, while `base` is still the head.
    Take { version: VersionId, base: Option<VersionId> },
    /// The head stays; the concurrent version goes to the history.
    Leave,
    /// Both stay: the concurrent version becomes the document `node` beside, numbered, of which `version` is the first.
    Both { node: NodeId, version: VersionId },
}

/// Every change the firm's people can make.
#[expect(missing_docs, reason = "the fields are the words of the glossary; each variant says what it does")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export_to = "protocol.ts")]
pub enum Command {
    /// Adds a collaborator to the firm, not yet invited.
    AddPerson { person: PersonId, email: String, first_name: String, last_name: String, role: Role },
    /// Changes a collaborator's name, role or, until they have chosen a password, e-mail.
    UpdatePerson {
        person: PersonId,
        #[serde(default)]
        first_name: Option<Change<String>>,
        #[serde(default)]
        last_name: Option<Change<String>>,
        #[serde(default)]
        role: Option<Change<Role>>,
        #[serde(default)]
        email: Option<Change<String>>,
    },
    /// Shuts somebody out: from then on they sign in nowhere, see nothing and do nothing. What they did stays theirs.
    SuspendPerson { person: PersonId },
    /// Lets somebody in again; they have to sign in.
    ResumePerson { person: PersonId },
    /// Opens a client file with the standard tree and its first fiscal years, and assigns people to it.
    CreateClientFile {
        client_file: ClientFileId,
        name: String,
        #[serde(default)]
        siren: Option<String>,
        fiscal_years: Vec<FiscalYearDates>,
        #[serde(default)]
        assigned: Vec<PersonId>,
    },
    /// Changes a client file's name or SIREN.
    UpdateClientFile {
        client_file: ClientFileId,
        #[serde(default)]
        name: Option<Change<String>>,
        #[serde(default)]
        siren: Option<Change<Option<String>>>,
    },
    /// Assigns somebody to a client file, for all themes or for some.
    AssignPerson { client_file: ClientFileId, person: PersonId, themes: Option<Vec<Theme>> },
    /// Ends an assignment.
    UnassignPerson { client_file: ClientFileId, person: PersonId },
    /// Adds a fiscal year and its folders.
    AddFiscalYear {
        client_file: ClientFileId,
        dates: FiscalYearDates,
        #[serde(default)]
        gap_confirmed: bool,
    },
    /// Makes a folder.
    CreateFolder { node: NodeId, parent: NodeId, name: String, naming: Naming },
    /// Files a new document.
    AddDocument {
        node: NodeId,
        parent: NodeId,
        name: String,
        naming: Naming,
        version: VersionId,
        content: ContentRef,
        /// Modification time of the file, by its own disk.
        modified_at: Instant,
    },
    /// Saves another content of a document. Where `base` is no longer the head, the content is kept as a concurrent
    /// version.
    AddVersion { node: NodeId, version: VersionId, base: Option<VersionId>, content: ContentRef, modified_at: Instant },
    /// Makes an earlier or concurrent version's content the head again, as a new version.
    RestoreVersion { node: NodeId, version: VersionId, from: VersionId, base: Option<VersionId> },
    /// Settles the concurrent version `version` of a document.
    SettleVersion { node: NodeId, version: VersionId, choice: VersionChoice },
    /// Renames or moves a folder or document.
    Place {
        node: NodeId,
        #[serde(default)]
        name: Option<Change<String>>,
        #[serde(default)]
        parent: Option<Change<NodeId>>,
        naming: Naming,
    },
    /// Puts a folder or document in the trash.
    Trash { node: NodeId },
    /// Takes it out again, to its place, or to `parent` where given.
    Restore {
        node: NodeId,
        #[serde(default)]
        parent: Option<NodeId>,
    },
    /// Sets or clears the *revu* mark.
    MarkReviewed { node: NodeId, reviewed: Change<bool> },
    /// Sets or clears the piece number.
    SetPieceNumber { node: NodeId, piece_number: Change<Option<String>> },
    /// Adds a remark on a document.
    AddComment { comment: CommentId, node: NodeId, text: String },
    /// Removes one's own remark.
    RemoveComment { comment: CommentId },
    /// Records that its author opened a document at a version: clears its badge.
    MarkRead { node: NodeId, version: VersionId },
}

impl Command {
    /// The content it names, if any.
    pub fn content(&self) -> Option<ContentRef> {
        match self {
            Self::AddDocument { content, .. } | Self::AddVersion { content, .. } => Some(*content),
            _ => None,
        }
    }
}

/// A fiscal year's dates, `AAAA-MM-JJ`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct FiscalYearDates {
    /// First day.
    #[ts(type = "string")]
    pub start: chrono::NaiveDate,
    /// Closing day.
    #[ts(type = "string")]
    pub end: chrono::NaiveDate,
}

/// What became of a command, kept for good by the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[ts(export_to = "protocol.ts")]
pub enum Outcome {
    /// Executed.
    Done {
        /// Where the firm's sequence stood after it.
        #[ts(type = "number")]
        seq: i64,
    },
    /// Refused.
    Refused {
        /// The reason.
        failure: Failure,
    },
}

/// What executing a command here and now gave, for the interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct Executed {
    /// The command's id.
    pub command: CommandId,
    /// The command that undoes it, where there is one.
    pub inverse: Option<Command>,
    /// The name given, where it differs from the one wanted.
    pub renamed_to: Option<String>,
    /// The fiscal year made, where one was.
    pub fiscal_year: Option<FiscalYearId>,
    /// Where it put what it took out of the trash.
    pub restored_to: Option<PlaceView>,
}
