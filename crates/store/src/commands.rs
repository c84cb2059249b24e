//! Execution of commands: the same code on the server and on every replica.
//!
//! A command is checked and applied in one unit of work. What a replica cannot know (another client file's name) passes
//! there and is decided by the server.

use domain::access::{Act, Actor, Denial};
use domain::id::FiscalYearId;
use domain::time::Instant;
use domain::tree::DirectorySpec;
use protocol::command::{Command, Envelope};
use protocol::failure::{Failure, FailureCode};
use protocol::view::PlaceView;

use crate::error::{Error, Result};
use crate::unit::Unit;

mod client_files;
mod documents;
mod marks;
pub(crate) mod naming;
mod people;
pub(crate) mod places;
mod versions;

pub(crate) use people::new_person;

/// Which host executes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Host {
    /// The authority.
    Server,
    /// A workstation, before the server has answered.
    Replica,
}

/// What a command is executed with.
pub(crate) struct Context<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) host: Host,
    pub(crate) workstation_name: &'a str,
    pub(crate) made_at: Instant,
    /// When the server received it; 0 on a replica.
    pub(crate) received_at: Instant,
    pub(crate) strict: bool,
    /// The tree that client files get.
    pub(crate) template: &'static [DirectorySpec],
}

/// What a command did.
#[derive(Debug, Default)]
pub(crate) struct Effect {
    /// The command that undoes it.
    pub(crate) inverse: Option<Command>,
    /// The name given, where it is not the one asked for.
    pub(crate) renamed_to: Option<String>,
    /// The fiscal year made.
    pub(crate) fiscal_year: Option<FiscalYearId>,
    /// Where it put what it took out of the trash.
    pub(crate) restored_to: Option<PlaceView>,
}

impl Effect {
    fn undone_by(inverse: Command) -> Self {
        Self { inverse: Some(inverse), ..Self::default() }
    }
}

impl Context<'_> {
    /// Refuses an act the actor may not do.
    pub(crate) fn check(&self, act: &Act<'_>) -> Result<()> {
        self.actor.decide(act).map_err(|denial| {
            let reason = match denial {
                Denial::Role => "role",
                Denial::NotAssigned => "not_assigned",
                Denial::Theme => "theme",
            };
            Failure::new(FailureCode::Denied, denial.to_string()).with("reason", reason).into()
        })
    }

    /// Refuses a strict command (an undo) whose field changed since it was seen.
    pub(crate) fn check_seen<T: PartialEq>(&self, seen: &T, current: &T) -> Result<()> {
        if self.strict && seen != current {
            return Err(Error::refused(FailureCode::ChangedSince, "the row changed since"));
        }
        Ok(())
    }
}

/// Refuses a control character in free text, `allowed` ones aside: not every screen, disk or database bears them.
pub(crate) fn check_text(text: &str, allowed: &[char]) -> Result<()> {
    if text.contains(|c: char| c.is_control() && !allowed.contains(&c)) {
        return Err(Failure::new(FailureCode::BadRequest, "the text has a control character")
            .with("reason", "control_character")
            .into());
    }
    Ok(())
}

/// Executes one command.
pub(crate) fn execute(unit: &mut Unit<'_, '_>, context: &Context<'_>, envelope: &Envelope) -> Result<Effect> {
    use Command as C;
    match &envelope.command {
        C::AddPerson { person, email, first_name, last_name, role } => {
            people::add(unit, context, *person, email, [first_name, last_name], *role)
        }
        C::UpdatePerson { person, first_name, last_name, role, email } => {
            let changes = people::Changes {
                first_name: first_name.as_ref(),
                last_name: last_name.as_ref(),
                role: role.as_ref(),
                email: email.as_ref(),
            };
            people::update(unit, context, *person, &changes)
        }
        C::SuspendPerson { person } => people::suspend(unit, context, *person),
        C::ResumePerson { person } => people::resume(unit, context, *person),
        C::CreateClientFile { client_file, name, siren, fiscal_years, assigned } => {
            client_files::create(unit, context, *client_file, name, siren.as_deref(), fiscal_years, assigned)
        }
        C::UpdateClientFile { client_file, name, siren } => {
            client_files::update(unit, context, *client_file, name.as_ref(), siren.as_ref())
        }
        C::AssignPerson { client_file, person, themes } => {
            client_files::assign(unit, context, *client_file, *person, themes.as_deref())
        }
        C::UnassignPerson { client_file, person } => client_files::unassign(unit, context, *client_file, *person),
        C::AddFiscalYear { client_file, dates, gap_confirmed } => {
            client_files::add_fiscal_year(unit, context, *client_file, *dates, *gap_confirmed)
        }
        C::CreateFolder { node, parent, name, naming } => {
            places::create_folder(unit, context, *node, *parent, name, *naming)
        }
        C::AddDocument { node, parent, name, naming, version, content, modified_at } => {
            let file = documents::File { content: *content, modified_at: *modified_at };
            documents::add(unit, context, *node, *parent, (name, *naming), *version, file)
        }
        C::AddVersion { node, version, base, content, modified_at } => {
            let file = documents::File { content: *content, modified_at: *modified_at };
            documents::add_version(unit, context, *node, *version, *base, file)
        }
        C::RestoreVersion { node, version, from, base } => {
            documents::restore_version(unit, context, *node, *version, *from, *base)
        }
        C::SettleVersion { node, version, choice } => versions::settle(unit, context, *node, *version, *choice),
        C::Place { node, name, parent, naming } => {
            places::place(unit, context, *node, name.as_ref(), parent.as_ref(), *naming)
        }
        C::Trash { node } => places::trash(unit, context, *node),
        C::Restore { node, parent } => places::restore(unit, context, *node, *parent),
        C::MarkReviewed { node, reviewed } => marks::mark_reviewed(unit, context, *node, reviewed),
        C::SetPieceNumber { node, piece_number } => marks::set_piece_number(unit, context, *node, piece_number),
        C::AddComment { comment, node, text } => marks::add_comment(unit, context, *comment, *node, text),
        C::RemoveComment { comment } => marks::remove_comment(unit, context, *comment),
        C::MarkRead { node, version } => marks::mark_read(unit, context, *node, *version),
    }
}
