//! Marks on documents: *revu*, piece number, remarks, and what was read.

use domain::access::{Act, Scope};
use domain::id::{CommentId, NodeId, VersionId};
use protocol::command::{Change, Command};
use protocol::failure::FailureCode;

use super::{Context, Effect, check_text};
use crate::error::{Error, Result};
use crate::rows::{Comment, Node, ReadMark, Version};
use crate::unit::Unit;

/// The longest remark, in characters.
const MAX_COMMENT: usize = 10_000;
/// The longest piece number, in characters.
const MAX_PIECE_NUMBER: usize = 40;

/// A document its reader sees, checked for `write`.
fn document(unit: &mut Unit<'_, '_>, context: &Context<'_>, node: NodeId, write: bool) -> Result<Node> {
    let row = unit.need_node(node)?;
    match (&row.theme, row.is_folder) {
        (Some(theme), false) if write => context.check(&Act::Write(row.client_file, theme))?,
        (Some(theme), false) => context.check(&Act::Read(row.client_file, theme))?,
        _ => return Err(Error::refused(FailureCode::NotFound, "not a document")),
    }
    Ok(row)
}

pub(super) fn mark_reviewed(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    node: NodeId,
    change: &Change<bool>,
) -> Result<Effect> {
    let mut row = document(unit, context, node, true)?;
    context.check_seen(&change.seen, &row.reviewed_by.is_some())?;
    row.reviewed_by = change.value.then_some(context.actor.person);
    row.reviewed_at = change.value.then_some(context.made_at);
    unit.put(&row)?;
    let reviewed = Change { seen: change.value, value: change.seen };
    Ok(Effect::undone_by(Command::MarkReviewed { node, reviewed }))
}

pub(super) fn set_piece_number(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    node: NodeId,
    change: &Change<Option<String>>,
) -> Result<Effect> {
    let mut row = document(unit, context, node, true)?;
    context.check_seen(&change.seen, &row.piece_number)?;
    let value = change.value.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    if value.as_ref().is_some_and(|text| text.chars().count() > MAX_PIECE_NUMBER || text.contains(char::is_control)) {
        return Err(Error::refused(FailureCode::BadRequest, "a piece number is short"));
    }
    let before = std::mem::replace(&mut row.piece_number, value.clone());
    unit.put(&row)?;
    Ok(Effect::undone_by(Command::SetPieceNumber { node, piece_number: Change { seen: value, value: before } }))
}

pub(super) fn add_comment(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    comment: CommentId,
    node: NodeId,
    text: &str,
) -> Result<Effect> {
    let row = document(unit, context, node, false)?;
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_COMMENT {
        return Err(Error::refused(FailureCode::BadRequest, "a remark has 1 to 10,000 characters"));
    }
    check_text(text, &['\n', '\r', '\t'])?;
    if unit.find::<Comment>(&comment.to_string())?.is_some() {
        return Err(Error::refused(FailureCode::BadRequest, "the id is taken"));
    }
    let author = context.actor.person;
    unit.put(&Comment {
        id: comment,
        scope: row.scope,
        node,
        author,
        made_at: context.made_at,
        text: text.to_owned(),
    })?;
    Ok(Effect::undone_by(Command::RemoveComment { comment }))
}

pub(super) fn remove_comment(unit: &mut Unit<'_, '_>, context: &Context<'_>, comment: CommentId) -> Result<Effect> {
    let Some(row) = unit.find::<Comment>(&comment.to_string())? else { return Ok(Effect::default()) };
    document(unit, context, row.node, false)?;
    if row.author != context.actor.person {
        return Err(Error::refused(FailureCode::Denied, "somebody else's remark"));
    }
    unit.delete(&row)?;
    // Another id: the one removed stays removed, wherever it is still heard of.
    let again = CommentId::derived(&[&comment.to_string(), "again"]);
    Ok(Effect::undone_by(Command::AddComment { comment: again, node: row.node, text: row.text }))
}

pub(super) fn mark_read(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    node: NodeId,
    version: VersionId,
) -> Result<Effect> {
    document(unit, context, node, false)?;
    let of_node: Version = unit.need(&version.to_string())?;
    if of_node.node != node {
        return Err(Error::refused(FailureCode::NotFound, "a version of another document"));
    }
    let person = context.actor.person;
    unit.put(&ReadMark { id: read_mark_id(person, node), scope: Scope::Person(person), person, node, version })?;
    Ok(Effect::default())
}

/// One read mark a person and a document.
fn read_mark_id(person: domain::id::PersonId, node: NodeId) -> String {
    domain::id::NodeId::derived(&["read mark", &person.to_string(), &node.to_string()]).to_string()
}
