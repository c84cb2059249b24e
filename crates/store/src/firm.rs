//! A firm on the server: the authority.

use domain::access::Scope;
use domain::id::{FirmId, PersonId};
use domain::person::Role;
use domain::time::Instant;
use domain::tree::{DirectorySpec, STANDARD_TREE};
use failpoints::Point;
use protocol::command::{Envelope, Outcome};
use protocol::failure::{Failure, FailureCode};
use protocol::feed::{PullReply, PullRequest, PushReply, PushRequest};

use crate::commands::{Context, Host, check_text, execute, new_person};
use crate::engine::{Engine, Tx, Value};
use crate::error::{Error, Result};
use crate::queries::Reader;
use crate::rows::{FirmInfo, Person};
use crate::unit::{Journal, Unit};

pub(crate) mod contents;
mod feed;

pub use contents::StoredContent;

/// The most commands one push may carry.
pub const MAX_COMMANDS: usize = 1_000;

/// A firm's store.
pub struct Firm {
    engine: Engine,
    id: FirmId,
    template: &'static [DirectorySpec],
}

/// The first administrator of a firm.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    /// Identity.
    pub person: PersonId,
    /// E-mail.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
}

/// Who sends or asks, as the session says.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The person.
    pub person: PersonId,
    /// Name of the workstation.
    pub workstation_name: String,
}

impl Firm {
    /// Opens a firm's store.
    pub fn open(engine: Engine, id: FirmId) -> Self {
        Self { engine, id, template: STANDARD_TREE }
    }

    /// A firm whose client files get this tree instead of the standard one.
    #[must_use]
    pub fn with_template(self, template: &'static [DirectorySpec]) -> Self {
        Self { template, ..self }
    }

    /// Makes a firm with its first administrator. A second call changes nothing.
    pub fn create(engine: Engine, id: FirmId, name: &str, epoch: &str, first: &FirstAdministrator) -> Result<Self> {
        check_text(name, &[])?;
        let firm = Self::open(engine, id);
        let person = new_person(first.person, &first.email, &first.first_name, &first.last_name, Role::Administrator)?;
        firm.engine.write(|tx| {
            tx.execute(
                "INSERT INTO sequence (firm, seq, epoch) VALUES ($1, 0, $2) ON CONFLICT (firm) DO NOTHING",
                &[Value::Text(id.to_string()), Value::Text(epoch.to_owned())],
            )?;
            firm.numbered(tx, |unit| {
                if unit.find::<FirmInfo>(&id.to_string())?.is_none() {
                    unit.put(&FirmInfo { id, scope: Scope::Firm, name: name.to_owned() })?;
                    unit.put(&person)?;
                }
                Ok(())
            })
        })?;
        Ok(firm)
    }

    /// A copy in memory of the firm as it is: a backup, for the simulator.
    pub fn copy(&self) -> Result<Self> {
        Ok(Self { engine: self.engine.copy()?, id: self.id, template: self.template })
    }

    /// The firm's identity.
    pub fn id(&self) -> FirmId {
        self.id
    }

    /// Where the firm's sequence stands.
    pub fn seq(&self) -> Result<i64> {
        self.engine.read(|tx| self.sequence(tx).map(|(seq, _)| seq))
    }

    /// After a restore from a backup: the numbers given from now on are no longer those that workstations know.
    pub fn begin_epoch(&self, epoch: &str) -> Result<()> {
        self.engine.write(|tx| {
            tx.execute(
                "UPDATE sequence SET epoch = $2 WHERE firm = $1",
                &[Value::Text(self.id.to_string()), Value::Text(epoch.to_owned())],
            )
            .map(|_| ())
        })
    }

    fn sequence(&self, tx: &mut Tx<'_>) -> Result<(i64, String)> {
        let row = tx.first("SELECT seq, epoch FROM sequence WHERE firm = $1", &[Value::Text(self.id.to_string())])?;
        let row = row.ok_or_else(|| Error::refused(FailureCode::NotFound, "no such firm"))?;
        Ok((row.get(0)?, row.get(1)?))
    }

    /// Runs `work` holding the firm's sequence: the row lock gives commit order to its numbers.
    fn numbered<T>(&self, tx: &mut Tx<'_>, work: impl FnOnce(&mut Unit<'_, '_>) -> Result<T>) -> Result<T> {
        tx.execute("UPDATE sequence SET seq = seq + 0 WHERE firm = $1", &[Value::Text(self.id.to_string())])?;
        let (seq, _) = self.sequence(tx)?;
        let mut unit = Unit::new(tx, self.id, Journal::Sequence(seq));
        let result = work(&mut unit)?;
        let Journal::Sequence(last) = unit.journal else { unreachable!("BUG: a server's unit") };
        tx.execute(
            "UPDATE sequence SET seq = $2 WHERE firm = $1",
            &[Value::Text(self.id.to_string()), Value::Int(last)],
        )?;
        Ok(result)
    }

    /// Executes commands in one transaction, a savepoint each, and says what became of each. A command whose id was
    /// received before gets the outcome it got then.
    pub fn push(&self, caller: &Caller, request: &PushRequest, now: Instant) -> Result<PushReply> {
        if request.commands.len() > MAX_COMMANDS {
            return Err(Failure::new(FailureCode::TooLarge, "too many commands").with("limit", MAX_COMMANDS).into());
        }
        if request.schema_version > protocol::SCHEMA_VERSION {
            return Err(Error::refused(FailureCode::BadRequest, "the sender is newer than this server"));
        }
        let outcomes = self.engine.write(|tx| {
            self.numbered(tx, |unit| {
                let outcomes =
                    request.commands.iter().map(|envelope| self.execute_one(unit, caller, envelope, now)).collect();
                failpoints::reached(Point::ServerExecuting);
                outcomes
            })
        })?;
        Ok(PushReply { outcomes })
    }

    fn execute_one(
        &self,
        unit: &mut Unit<'_, '_>,
        caller: &Caller,
        envelope: &Envelope,
        now: Instant,
    ) -> Result<Outcome> {
        if let Some(outcome) = Self::known_outcome(unit, caller, envelope)? {
            return Ok(outcome);
        }
        let actor = unit.actor(caller.person)?;
        let context = Context {
            actor: &actor,
            host: Host::Server,
            workstation_name: &caller.workstation_name,
            made_at: envelope.made_at,
            received_at: now,
            strict: envelope.strict,
            template: self.template,
        };
        let Journal::Sequence(before) = unit.journal else { unreachable!("BUG: a server's unit") };
        let firm = unit.firm;
        let mut last = before;
        let result = unit.tx.savepoint(|tx| {
            let mut inner = Unit::new(tx, firm, Journal::Sequence(before));
            execute(&mut inner, &context, envelope)?;
            if let Journal::Sequence(after) = inner.journal {
                last = after;
            }
            Ok(())
        });
        let outcome = match result {
            Ok(()) => {
                unit.journal = Journal::Sequence(last);
                Outcome::Done { seq: last }
            }
            Err(Error::Refused(failure)) => Outcome::Refused { failure },
            // One command that the database cannot take must not keep those after it from being executed.
            Err(error @ Error::Data(_)) => {
                tracing::error!(%error, command = %envelope.id, "a command was not acceptable to the database");
                Outcome::Refused { failure: error.into_failure() }
            }
            Err(error) => return Err(error),
        };
        // A content that is not here yet may come: that answer is not for good.
        let passing = matches!(&outcome, Outcome::Refused { failure } if failure.code == FailureCode::ContentMissing);
        if !passing {
            let text = serde_json::to_string(&outcome).map_err(|error| Error::Value(error.to_string()))?;
            unit.tx.execute(
                "INSERT INTO outcome (firm, id, person, received_at, outcome) VALUES ($1, $2, $3, $4, $5)",
                &[
                    Value::Text(unit.firm_text.clone()),
                    Value::Text(envelope.id.to_string()),
                    Value::Text(caller.person.to_string()),
                    Value::Int(now.0),
                    Value::Text(text),
                ],
            )?;
        }
        Ok(outcome)
    }

    fn known_outcome(unit: &mut Unit<'_, '_>, caller: &Caller, envelope: &Envelope) -> Result<Option<Outcome>> {
        let rows = unit.select(
            "SELECT person, outcome FROM outcome WHERE firm = $1 AND id = $2",
            &[Value::Text(envelope.id.to_string())],
        )?;
        let Some(row) = rows.first() else { return Ok(None) };
        if row.get::<PersonId>(0)? != caller.person {
            let failure = Failure::new(FailureCode::Denied, "the command's id is somebody else's");
            return Ok(Some(Outcome::Refused { failure }));
        }
        serde_json::from_str(&row.get::<String>(1)?).map(Some).map_err(|error| Error::Value(error.to_string()))
    }

    /// The next page of what changed, for a replica of `person`.
    pub fn pull(&self, person: PersonId, request: &PullRequest) -> Result<PullReply> {
        self.engine.read(|tx| {
            let (head, epoch) = self.sequence(tx)?;
            let mut unit = Unit::new(tx, self.id, Journal::Sequence(head));
            feed::page(&mut unit, person, request, head, &epoch)
        })
    }

    /// Answers a query for `person`, or `None` where there is none of that name.
    pub fn answer(
        &self,
        person: PersonId,
        name: &str,
        payload: serde_json::Value,
    ) -> Option<std::result::Result<serde_json::Value, Failure>> {
        let mut reader = Reader::new(&self.engine, self.id, person, Host::Server);
        protocol::query::answer(&mut reader, name, payload)
    }

    /// A person of the firm.
    pub fn person(&self, person: PersonId) -> Result<Person> {
        self.engine.read(|tx| Unit::new(tx, self.id, Journal::Sequence(0)).need(&person.to_string()))
    }

    /// Records that a person chose a password, once. Where the sequence then stands, if this changed it.
    pub fn join(&self, person: PersonId, now: Instant) -> Result<Option<i64>> {
        if self.person(person)?.joined_at.is_some() {
            return Ok(None);
        }
        self.engine.write(|tx| {
            self.numbered(tx, |unit| {
                let row: Person = unit.need(&person.to_string())?;
                if row.joined_at.is_some() {
                    return Ok(None);
                }
                unit.put(&Person { joined_at: Some(now), ..row })?;
                let Journal::Sequence(seq) = unit.journal else { unreachable!("BUG: a server's unit") };
                Ok(Some(seq))
            })
        })
    }

    /// Refuses an act `person` may not do: for what is not a command, such as an invitation.
    pub fn check(&self, person: PersonId, act: &domain::access::Act<'_>) -> Result<()> {
        self.engine.read(|tx| {
            let actor = Unit::new(tx, self.id, Journal::Sequence(0)).actor(person)?;
            actor.decide(act).map_err(|denial| Error::refused(FailureCode::Denied, denial.to_string()))
        })
    }
}
