//! The replicated rows of a firm.

use domain::access::Scope;
use domain::content::ContentHash;
use domain::id::{ClientFileId, CommentId, FirmId, FiscalYearId, NodeId, PersonId, VersionId};
use domain::person::Role;
use domain::time::Instant;
use domain::tree::Theme;

use crate::engine::{Column as _, Row, Value};
use crate::error::Result;
use crate::table::{Replicated, Table, rows};

rows! {
    /// The firm itself.
    FirmInfo "firm_info" FIRM_INFO {
        id: FirmId,
        /// What people read.
        name: String,
    }
    /// A collaborator.
    Person "person" PERSON {
        id: PersonId,
        /// Lower case.
        email: String,
        /// First name.
        first_name: String,
        /// Last name.
        last_name: String,
        /// Role in the firm.
        role: Role,
        /// Order of the last name, then the first.
        sort_key: String,
        /// When an administrator shut them out; `None` where nobody did.
        suspended_at: Option<Instant>,
        /// When they first chose a password.
        joined_at: Option<Instant>,
    }
    /// A client file.
    ClientFile "client_file" CLIENT_FILE {
        id: ClientFileId,
        /// Name, which is also its folder's on disk.
        name: String,
        /// Under which two names are the same.
        name_key: String,
        /// Order of the name.
        sort_key: String,
        /// Nine digits.
        siren: Option<String>,
    }
    /// Somebody's assignment to a client file.
    Assignment "assignment" ASSIGNMENT {
        id: String,
        /// Client file.
        client_file: ClientFileId,
        /// Who.
        person: PersonId,
        /// JSON list of theme keys; `None` for all.
        themes: Option<String>,
    }
    /// A fiscal year.
    FiscalYearRow "fiscal_year" FISCAL_YEAR {
        id: FiscalYearId,
        /// Client file.
        client_file: ClientFileId,
        /// First day, `AAAA-MM-JJ`.
        start_date: String,
        /// Closing day, `AAAA-MM-JJ`.
        end_date: String,
    }
    /// A folder or a document.
    Node "node" NODE {
        id: NodeId,
        /// Client file.
        client_file: ClientFileId,
        /// The folder it is in; the client file's root at the top.
        parent: NodeId,
        /// Folder or document.
        is_folder: bool,
        /// Name on disk.
        name: String,
        /// Under which two names are the same.
        name_key: String,
        /// Order of the name.
        sort_key: String,
        /// Theme; `None` for a container.
        theme: Option<Theme>,
        /// The template's directory, for a folder of the tree itself.
        directory: Option<String>,
        /// The fiscal year it stands in, for a folder of the tree itself.
        fiscal_year: Option<FiscalYearId>,
        /// `2026-03`, for a month folder.
        month: Option<String>,
        /// When it was put in the trash; 0 where it is not.
        trashed_at: Instant,
        /// Who put it there.
        trashed_by: Option<PersonId>,
        /// The version shown, for a document.
        head: Option<VersionId>,
        /// The head's content.
        content: Option<ContentHash>,
        /// The head's bytes.
        size: u64,
        /// The head's modification time.
        modified_at: Instant,
        /// The head's author.
        author: Option<PersonId>,
        /// Piece number.
        piece_number: Option<String>,
        /// Who set the *revu* mark.
        reviewed_by: Option<PersonId>,
        /// When.
        reviewed_at: Option<Instant>,
    }
    /// A content of a document.
    Version "version" VERSION {
        id: VersionId,
        /// Document.
        node: NodeId,
        /// Content.
        content: ContentHash,
        /// Bytes.
        size: u64,
        /// Modification time of the file it came from.
        modified_at: Instant,
        /// The version it was made from.
        base: Option<VersionId>,
        /// `head`, `older` or `concurrent`.
        state: String,
        /// Who.
        author: PersonId,
        /// Name of the workstation.
        workstation: String,
        /// When, by the workstation's clock.
        made_at: Instant,
        /// When the server received it; 0 until it did.
        received_at: Instant,
        /// The version whose content it restores.
        restored_from: Option<VersionId>,
    }
    /// A remark.
    Comment "comment" COMMENT {
        id: CommentId,
        /// Document.
        node: NodeId,
        /// Who.
        author: PersonId,
        /// When, by their clock.
        made_at: Instant,
        /// What.
        text: String,
    }
    /// That somebody opened a document at a version.
    ReadMark "read_mark" READ_MARK {
        id: String,
        /// Who.
        person: PersonId,
        /// Document.
        node: NodeId,
        /// Version opened.
        version: VersionId,
    }
    /// A row that left a scope.
    Departure "departure" DEPARTURE {
        id: String,
        /// Table of the row.
        table_name: String,
        /// Its id.
        row_id: String,
    }
}

impl Node {
    /// Whether it is in the trash itself; a folder above may be.
    pub fn is_trashed(&self) -> bool {
        self.trashed_at.0 != 0
    }

    /// Whether it belongs to the tree itself: not to be renamed, moved or trashed.
    pub fn is_fixed(&self) -> bool {
        self.directory.is_some()
    }
}
