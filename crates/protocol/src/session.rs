//! Signing in.

use domain::id::{FirmId, PersonId, WorkstationId};
use domain::person::Role;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks for a session on a workstation.
#[derive(Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct SignInRequest {
    /// E-mail.
    pub email: String,
    /// Password.
    pub password: String,
    /// Made once by each workstation.
    pub workstation: WorkstationId,
    /// What the person calls it: the machine's name.
    pub workstation_name: String,
}

/// A session.
#[derive(Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct SignInReply {
    /// Bearer token: a secret, kept in the keychain.
    pub token: String,
    /// Who signed in.
    pub person: PersonId,
    /// In which firm.
    pub firm: FirmId,
    /// The firm's name.
    pub firm_name: String,
    /// Role.
    pub role: Role,
}

/// What a one-use link is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct InvitationView {
    /// E-mail of the person invited.
    pub email: String,
    /// The firm's name.
    pub firm_name: String,
    /// First name.
    pub first_name: String,
}

/// Answers a one-use link with the password chosen.
#[derive(Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct AcceptInvitationRequest {
    /// The link's secret.
    pub token: String,
    /// At least 12 characters.
    pub password: String,
}

/// Asks for a one-use link for somebody of the firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct InviteRequest {
    /// Who.
    pub person: PersonId,
}

/// A one-use link.
#[derive(Clone, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct InviteReply {
    /// The link, to be handed over.
    pub link: String,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "protocol.ts")]
pub struct SessionView {
    /// Identity of the workstation.
    pub workstation: WorkstationId,
    /// Its name.
    pub workstation_name: String,
    /// Last contact.
    pub last_seen: domain::time::Instant,
    /// Whether it is the one that asks.
    pub current: bool,
}
