//! Trees: the directories a client file starts with, and the folders its fiscal years add.
//!
//! A template is data. [`folders_of`] turns it, a client file and its fiscal years into folders with derived ids, so that
//! two workstations that add the same year while offline make the same rows.

use serde::{Deserialize, Serialize};

use crate::fiscal_year::{FiscalYear, Month};
use crate::id::{ClientFileId, FiscalYearId, NodeId};

mod standard;

pub use standard::{STANDARD_TREE, THEMES};

/// The unit of access (*thème*): a named set of directories. Stored as its key, `achats`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct Theme(pub String);

impl Theme {
    /// The theme of a key.
    pub fn new(key: &str) -> Self {
        Self(key.to_owned())
    }
}

/// What the firm's client may do in a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientRight {
    /// The client does not see it.
    None,
    /// The client reads it.
    Read,
    /// The client reads it and deposits into it.
    Deposit,
}

/// A theme of the standard tree.
#[derive(Debug, Clone, Copy)]
pub struct ThemeSpec {
    /// Stored form.
    pub key: &'static str,
    /// What people read.
    pub label: &'static str,
}

/// A directory (*répertoire*) of a template.
#[derive(Debug, Clone, Copy)]
pub struct DirectorySpec {
    /// Stable name of the directory among its template's, whatever its label becomes.
    pub key: &'static str,
    /// What people read and what is written on disk.
    pub name: &'static str,
    /// `None` for a container, which holds no document of its own.
    pub theme: Option<&'static str>,
    /// What the client may do in it.
    pub client: ClientRight,
    /// Has one folder a fiscal year, which then holds the children.
    pub yearly: bool,
    /// Has a folder for each month of the fiscal year it stands in.
    pub monthly: bool,
    /// Directories inside.
    pub children: &'static [DirectorySpec],
}

/// The directory key of the firm's own inbox of a client file: what is dropped on a client without a place.
pub const FIRM_INBOX: &str = "a_classer_cabinet";

/// A fiscal year with the identity its folders derive from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatedYear {
    /// Identity.
    pub id: FiscalYearId,
    /// Dates.
    pub year: FiscalYear,
}

/// A folder that a template asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFolder {
    /// Derived from what the folder is.
    pub id: NodeId,
    /// The folder it stands in; the client file's root at the top.
    pub parent: NodeId,
    /// Name on disk.
    pub name: String,
    /// `None` for a container.
    pub theme: Option<Theme>,
    /// Key of its directory in the template.
    pub directory: &'static str,
    /// Set inside a year.
    pub fiscal_year: Option<FiscalYearId>,
    /// Set for a month folder.
    pub month: Option<Month>,
}

/// The identity of the fiscal year of `client_file` that starts on `year.start`.
pub fn fiscal_year_id(client_file: ClientFileId, year: FiscalYear) -> FiscalYearId {
    FiscalYearId::derived(&[&client_file.to_string(), &year.start.to_string()])
}

/// The folder of a directory outside any fiscal year.
pub fn permanent_folder_id(client_file: ClientFileId, directory: &str) -> NodeId {
    NodeId::derived(&[&client_file.to_string(), directory])
}

/// Every folder `template` asks for in a client file with these fiscal years; parents come before children.
pub fn folders_of(
    template: &'static [DirectorySpec],
    client_file: ClientFileId,
    years: &[DatedYear],
) -> Vec<TemplateFolder> {
    let mut folders = Vec::new();
    let mut builder = Builder { client_file, years, folders: &mut folders };
    for directory in template {
        builder.add(directory, client_file.root(), None);
    }
    folders
}

struct Builder<'a> {
    client_file: ClientFileId,
    years: &'a [DatedYear],
    folders: &'a mut Vec<TemplateFolder>,
}

impl Builder<'_> {
    fn add(&mut self, spec: &'static DirectorySpec, parent: NodeId, inside: Option<DatedYear>) {
        let id = self.push(spec, parent, spec.name.to_owned(), spec.theme, inside, None, "");
        if spec.yearly {
            for year in self.years {
                let name = self.year_name(*year);
                let folder = self.push(spec, id, name, spec.theme, Some(*year), None, "year");
                for child in spec.children {
                    self.add(child, folder, Some(*year));
                }
            }
            return;
        }
        if let (true, Some(year)) = (spec.monthly, inside) {
            for month in year.year.months() {
                self.push(spec, id, month.folder_name(), spec.theme, inside, Some(month), &month.folder_name());
            }
        }
        for child in spec.children {
            self.add(child, id, inside);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one private call that fills one struct")]
    fn push(
        &mut self,
        spec: &'static DirectorySpec,
        parent: NodeId,
        name: String,
        theme: Option<&str>,
        year: Option<DatedYear>,
        month: Option<Month>,
        part: &str,
    ) -> NodeId {
        let client_file = self.client_file.to_string();
        let id = match year {
            None => permanent_folder_id(self.client_file, spec.key),
            Some(year) => NodeId::derived(&[&client_file, spec.key, &year.id.to_string(), part]),
        };
        self.folders.push(TemplateFolder {
            id,
            parent,
            name,
            theme: theme.map(Theme::new),
            directory: spec.key,
            fiscal_year: year.map(|year| year.id),
            month,
        });
        id
    }

    fn year_name(&self, year: DatedYear) -> String {
        use chrono::Datelike as _;
        let same_closing = self.years.iter().filter(|other| other.year.end.year() == year.year.end.year()).count();
        year.year.folder_name(same_closing > 1)
    }
}
