//! What the demonstration firm is made of, as plain data.

use chrono::{DateTime, NaiveDate, Utc};
use domain::company::Siret;
use domain::fiscal_year::FiscalYear;

use crate::content::Content;
use crate::french::day;
use crate::invoice::Invoice;

/// The day on which the demonstration firm is looked at: nothing in it is later.
pub const TODAY: NaiveDate = day(2026, 11, 20);

/// An accounting firm, its people, its client files and their documents.
#[derive(Debug, Clone)]
pub struct Firm {
    /// Name of the firm.
    pub name: String,
    /// Head office of the firm.
    pub siret: Siret,
    /// Street and number.
    pub street: String,
    /// Postcode and town.
    pub city: String,
    /// Administrator first.
    pub collaborators: Vec<Collaborator>,
    /// By name.
    pub client_files: Vec<ClientFile>,
    /// Grouped by client file, in its order; oldest folder first.
    pub documents: Vec<Document>,
}

/// What a collaborator may do in the firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Sees every client file and manages the firm.
    Administrator,
    /// Sees the client files they are assigned to.
    Collaborator,
}

/// Someone who works at the firm.
#[derive(Debug, Clone)]
pub struct Collaborator {
    /// Also their name at sign-in.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// What they may do.
    pub role: Role,
    /// The client files they work on.
    pub assignments: Vec<Assignment>,
}

/// A collaborator's work on a client file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// [`ClientFile::key`].
    pub client_file: &'static str,
    /// Keys of the themes of the standard tree that this collaborator does not get there; most get them all.
    pub withheld_themes: Vec<&'static str>,
}

/// A person outside the firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Address of their future account.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// French mobile number, in pairs.
    pub phone: String,
}

/// A company that the firm works for.
#[derive(Debug, Clone)]
pub struct ClientFile {
    /// Stable short name, `alter-ce`.
    pub key: &'static str,
    /// What the firm calls it; also a valid folder name.
    pub name: &'static str,
    /// `SARL`, `SCI`…
    pub legal_form: &'static str,
    /// Its head office.
    pub siret: Siret,
    /// `FR44732829320`; `None` for those that are exempt from VAT.
    pub vat_number: Option<String>,
    /// Code of its activity, `62.01Z`.
    pub activity_code: &'static str,
    /// What it does.
    pub activity: &'static str,
    /// Street and number.
    pub street: &'static str,
    /// Postcode and town.
    pub city: String,
    /// Who runs it.
    pub director: Contact,
    /// Oldest first, without a gap.
    pub fiscal_years: Vec<FiscalYear>,
}

/// Who put something in the firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Author {
    /// By place in [`Firm::collaborators`].
    Collaborator(usize),
    /// The director of the document's client file.
    Client,
}

/// A remark on a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Who wrote it.
    pub author: Author,
    /// When.
    pub at: DateTime<Utc>,
    /// The remark.
    pub text: String,
}

/// The *revu* mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// By place in [`Firm::collaborators`].
    pub collaborator: usize,
    /// When.
    pub at: DateTime<Utc>,
}

/// A document of a client file.
#[derive(Debug, Clone)]
pub struct Document {
    /// [`ClientFile::key`].
    pub client_file: &'static str,
    /// Names of the folders from the root of the client file down to the document.
    pub folder: Vec<String>,
    /// File name, with its extension.
    pub name: String,
    /// Number given in the accounts.
    pub piece_number: Option<String>,
    /// Oldest first.
    pub comments: Vec<Comment>,
    /// Set when someone reviewed it.
    pub review: Option<Review>,
    /// Oldest first; never empty.
    pub versions: Vec<Version>,
}

/// A state of a document.
#[derive(Debug, Clone)]
pub struct Version {
    /// When the file was last written, which is also when it came in.
    pub modified: DateTime<Utc>,
    /// Who brought it.
    pub author: Author,
    pub(crate) content: Content,
}

impl Document {
    /// The version that is shown.
    pub fn head(&self) -> &Version {
        self.versions.last().expect("BUG: a document has at least one version")
    }

    /// Renders the content that is shown. The same document always gives the same bytes.
    pub fn bytes(&self) -> Vec<u8> {
        self.head().bytes()
    }

    /// The invoice that this document shows, if it is one.
    pub fn invoice(&self) -> Option<&Invoice> {
        self.head().content.invoice()
    }
}

impl Version {
    /// Renders the content of this version. The same version always gives the same bytes.
    pub fn bytes(&self) -> Vec<u8> {
        self.content.bytes()
    }
}
