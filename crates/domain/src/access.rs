//! Who may see and do what, decided in one place from roles, assignments and themes.
//!
//! Every command, query and content request asks here, on the server and on the replica alike. Sight is given on
//! [`Scope`]s; a right is a scope seen plus a role that allows the act.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use crate::id::{ClientFileId, PersonId};
use crate::person::Role;
use crate::tree::Theme;

/// What sight is given on. Every replicated row is in exactly one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// What the whole firm shares: people, themes.
    Firm,
    /// A client file's own data: name, fiscal years, containers, assignments.
    Client(ClientFileId),
    /// The folders and documents of one theme of a client file.
    Theme(ClientFileId, Theme),
    /// One person's own: read marks, drafts.
    Person(PersonId),
}

/// Text that is not a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a scope: {0:?}")]
pub struct InvalidScope(pub String);

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Firm => f.write_str("firm"),
            Self::Client(client) => write!(f, "client:{client}"),
            Self::Theme(client, theme) => write!(f, "theme:{client}:{}", theme.0),
            Self::Person(person) => write!(f, "person:{person}"),
        }
    }
}

impl FromStr for Scope {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        let invalid = || InvalidScope(text.to_owned());
        let mut parts = text.splitn(3, ':');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("firm"), None, None) => Ok(Self::Firm),
            (Some("client"), Some(id), None) => Ok(Self::Client(id.parse().map_err(|_| invalid())?)),
            (Some("theme"), Some(id), Some(theme)) => {
                Ok(Self::Theme(id.parse().map_err(|_| invalid())?, Theme::new(theme)))
            }
            (Some("person"), Some(id), None) => Ok(Self::Person(id.parse().map_err(|_| invalid())?)),
            _ => Err(invalid()),
        }
    }
}

/// The themes of a client file that an assignment gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThemeGrant {
    /// All, those added later included.
    All,
    /// These only.
    Only(BTreeSet<Theme>),
}

impl ThemeGrant {
    /// Whether the grant covers `theme`.
    pub fn covers(&self, theme: &Theme) -> bool {
        match self {
            Self::All => true,
            Self::Only(themes) => themes.contains(theme),
        }
    }
}

/// Somebody who acts, with all that decides what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub person: PersonId,
    /// Role in the firm.
    pub role: Role,
    /// Client files they are assigned to. An administrator needs none.
    pub assignments: BTreeMap<ClientFileId, ThemeGrant>,
}

/// An act that needs a right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act<'a> {
    /// Add, change or suspend people of the firm.
    ManagePeople,
    /// Open a client file.
    CreateClientFile,
    /// Rename a client file or change its numbers.
    ManageClientFile(ClientFileId),
    /// Add a fiscal year to a client file: its folders come in every theme.
    AddFiscalYear(ClientFileId),
    /// Assign people to a client file.
    AssignPeople(ClientFileId),
    /// Read folders and documents of a theme.
    Read(ClientFileId, &'a Theme),
    /// Add, change, move or trash folders and documents of a theme.
    Write(ClientFileId, &'a Theme),
}

/// Which rule refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// The role does not allow the act anywhere.
    #[error("the role does not allow this")]
    Role,
    /// Not assigned to the client file.
    #[error("not assigned to the client file")]
    NotAssigned,
    /// Assigned, without this theme.
    #[error("the theme is not granted")]
    Theme,
}

impl Actor {
    /// Whether rows of `scope` are shown to this actor.
    pub fn sees(&self, scope: &Scope) -> bool {
        match scope {
            Scope::Firm => true,
            Scope::Client(client) => self.role == Role::Administrator || self.assignments.contains_key(client),
            Scope::Theme(client, theme) => self.theme_access(*client, theme).is_ok(),
            Scope::Person(person) => *person == self.person,
        }
    }

    /// Decides an act, naming the rule that refuses.
    pub fn decide(&self, act: &Act<'_>) -> Result<(), Denial> {
        match act {
            Act::ManagePeople => self.needs_role(Role::Administrator),
            Act::CreateClientFile => self.needs_role(Role::Manager),
            Act::ManageClientFile(client) | Act::AssignPeople(client) => {
                self.needs_role(Role::Manager).and_then(|()| self.assigned(*client))
            }
            Act::AddFiscalYear(client) => self.assigned(*client).and_then(|()| self.all_themes(*client)),
            Act::Read(client, theme) | Act::Write(client, theme) => self.theme_access(*client, theme),
        }
    }

    fn needs_role(&self, least: Role) -> Result<(), Denial> {
        if self.role <= least { Ok(()) } else { Err(Denial::Role) }
    }

    fn assigned(&self, client: ClientFileId) -> Result<(), Denial> {
        if self.role == Role::Administrator || self.assignments.contains_key(&client) {
            Ok(())
        } else {
            Err(Denial::NotAssigned)
        }
    }

    fn all_themes(&self, client: ClientFileId) -> Result<(), Denial> {
        match self.assignments.get(&client) {
            Some(ThemeGrant::Only(_)) if self.role != Role::Administrator => Err(Denial::Theme),
            _ => Ok(()),
        }
    }

    fn theme_access(&self, client: ClientFileId, theme: &Theme) -> Result<(), Denial> {
        if self.role == Role::Administrator {
            return Ok(());
        }
        match self.assignments.get(&client) {
            None => Err(Denial::NotAssigned),
            Some(grant) if grant.covers(theme) => Ok(()),
            Some(_) => Err(Denial::Theme),
        }
    }
}
