//! People of the firm and their roles.

use serde::{Deserialize, Serialize};

/// What somebody may do in the firm as a whole (`requirements.md` §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// *Administrateur*: sees and manages the whole firm.
    Administrator,
    /// *Manager*: opens client files and assigns people to those they are assigned to.
    Manager,
    /// *Collaborateur*: works on the client files they are assigned to.
    Collaborator,
}

impl Role {
    /// The stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Manager => "manager",
            Self::Collaborator => "collaborator",
        }
    }

    /// The role of a stored form; an unknown one (from a later version) gets the least rights.
    pub fn from_stored(text: &str) -> Self {
        match text {
            "administrator" => Self::Administrator,
            "manager" => Self::Manager,
            _ => Self::Collaborator,
        }
    }
}

/// Whether `text` can be an e-mail address: one `@`, a dotted domain, no space. Real proof is a message that arrives.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let parts: Vec<&str> = domain.split('.').collect();
    text.len() <= 254
        && !local.is_empty()
        && parts.len() >= 2
        && parts.iter().all(|part| !part.is_empty())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || ",;<>()[]\\\"".contains(c))
        && !domain.contains('@')
}
