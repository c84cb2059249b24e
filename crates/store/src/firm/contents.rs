//! Contents a firm holds, and who may name or read them.
//!
//! A hash is never a key to somebody else's document: whether a content is "already held" is answered for an actor, from
//! the versions they may read and the contents they sent themselves.

use std::collections::BTreeSet;

use domain::access::{Actor, Scope};
use domain::content::ContentHash;
use domain::id::PersonId;
use domain::time::Instant;
use protocol::command::ContentRef;
use protocol::failure::{Failure, FailureCode};
use protocol::transfer::MAX_HASHES;

use super::Firm;
use crate::engine::Value;
use crate::error::Result;
use crate::unit::{Journal, Unit};

/// A content the server holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredContent {
    /// Count of bytes.
    pub size: u64,
    /// Where, in the words of the content store.
    pub place: String,
}

impl Firm {
    /// Those of `contents` that `person` has to send. One that is too large is among them, and is refused by itself when
    /// it is sent: the others do not wait for it.
    pub fn missing(&self, person: PersonId, contents: &[ContentRef]) -> Result<Vec<ContentRef>> {
        if contents.len() > MAX_HASHES {
            return Err(Failure::new(FailureCode::TooLarge, "too many contents").with("limit", MAX_HASHES).into());
        }
        self.engine.read(|tx| {
            let mut unit = Unit::new(tx, self.id, Journal::Sequence(0));
            let actor = unit.actor(person)?;
            let mut missing = Vec::new();
            let mut asked = BTreeSet::new();
            for content in contents {
                if asked.insert(content.hash) && !holds(&mut unit, &actor, *content)? {
                    missing.push(*content);
                }
            }
            Ok(missing)
        })
    }

    /// Records contents that `person` sent and that are on stable storage, with their places.
    pub fn record_contents(&self, person: PersonId, contents: &[(ContentRef, String)], now: Instant) -> Result<()> {
        self.engine.write(|tx| {
            let firm = Value::Text(self.id.to_string());
            for (content, place) in contents {
                let hash = Value::Text(content.hash.to_string());
                tx.execute(
                    "INSERT INTO content (firm, hash, size, place, received_at) VALUES ($1, $2, $3, $4, $5) \
                     ON CONFLICT (firm, hash) DO NOTHING",
                    &[
                        firm.clone(),
                        hash.clone(),
                        Value::Int(i64::try_from(content.size).unwrap_or(i64::MAX)),
                        Value::Text(place.clone()),
                        Value::Int(now.0),
                    ],
                )?;
                tx.execute(
                    "INSERT INTO content_holder (firm, hash, person) VALUES ($1, $2, $3) ON CONFLICT (firm, hash, person) DO NOTHING",
                    &[firm.clone(), hash, Value::Text(person.to_string())],
                )?;
            }
            Ok(())
        })
    }

    /// Where a content is, whoever asks: for the content store's own deduplication.
    pub fn stored(&self, hash: ContentHash) -> Result<Option<StoredContent>> {
        self.engine.read(|tx| stored(&mut Unit::new(tx, self.id, Journal::Sequence(0)), hash))
    }

    /// Where a content is, if `person` may read it.
    pub fn readable(&self, person: PersonId, hash: ContentHash) -> Result<Option<StoredContent>> {
        self.engine.read(|tx| {
            let mut unit = Unit::new(tx, self.id, Journal::Sequence(0));
            let actor = unit.actor(person)?;
            if sent_or_readable(&mut unit, &actor, hash)? { stored(&mut unit, hash) } else { Ok(None) }
        })
    }
}

fn stored(unit: &mut Unit<'_, '_>, hash: ContentHash) -> Result<Option<StoredContent>> {
    let rows =
        unit.select("SELECT size, place FROM content WHERE firm = $1 AND hash = $2", &[Value::Text(hash.to_string())])?;
    rows.first().map(|row| Ok(StoredContent { size: row.get(0)?, place: row.get(1)? })).transpose()
}

/// Whether the server holds a content that `actor` may name in a version.
pub(crate) fn holds(unit: &mut Unit<'_, '_>, actor: &Actor, content: ContentRef) -> Result<bool> {
    match stored(unit, content.hash)? {
        Some(found) if found.size == content.size => sent_or_readable(unit, actor, content.hash),
        _ => Ok(false),
    }
}

fn sent_or_readable(unit: &mut Unit<'_, '_>, actor: &Actor, hash: ContentHash) -> Result<bool> {
    let hash = Value::Text(hash.to_string());
    let sent = unit.select(
        "SELECT hash FROM content_holder WHERE firm = $1 AND hash = $2 AND person = $3",
        &[hash.clone(), Value::Text(actor.person.to_string())],
    )?;
    if !sent.is_empty() {
        return Ok(true);
    }
    let scopes =
        unit.select("SELECT DISTINCT scope FROM version WHERE firm = $1 AND deleted = 0 AND content = $2", &[hash])?;
    for row in scopes {
        if actor.sees(&row.get::<Scope>(0)?) {
            return Ok(true);
        }
    }
    Ok(false)
}
