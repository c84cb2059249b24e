//! Documents and their versions.

use domain::content::ContentHash;
use domain::id::{NodeId, PersonId, VersionId};
use domain::time::Instant;
use protocol::command::{Command, ContentRef, Naming};
use protocol::failure::{Failure, FailureCode};

use super::naming::{check_path, free_name, utf16};
use super::places::{bare_node, check_id_is_free, take_out_of_trash, writable};
use super::{Context, Effect, Host};
use crate::engine::Value;
use crate::error::{Error, Result};
use crate::rows::{Node, Version};
use crate::unit::Unit;
use domain::access::Act;

/// What a version is made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct File {
    pub(super) content: ContentRef,
    pub(super) modified_at: Instant,
}

pub(super) fn add(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    node: NodeId,
    parent: NodeId,
    (wanted, naming): (&str, Naming),
    version: VersionId,
    file: File,
) -> Result<Effect> {
    let place = writable(unit, context, parent)?;
    if naming == Naming::ByMachine && unit.node(node)?.is_some_and(|known| !known.is_folder) {
        // Two machines offer what a server lost that was set back: it is there again, and these bytes are one of its versions.
        return add_version(unit, context, node, version, None, file);
    }
    check_id_is_free(unit, node)?;
    check_version_is_new(unit, version)?;
    need_content(unit, context, file.content)?;
    if naming == Naming::ByMachine && same_document(unit, parent, wanted, file.content.hash)? {
        // The same name with the same bytes is already there: the two are one document, and the other id stands.
        return Ok(Effect::default());
    }
    let name = free_name(unit, parent, node, wanted, naming)?;
    let client_file = unit.need_client_file(place.client_file)?;
    check_path(&client_file, &place.above, utf16(&name))?;
    let renamed_to = (name != wanted).then(|| name.clone());
    let mut row = bare_node(node, &place, parent, name, false);
    let version = new_version(context, node, version, None, file, &row);
    set_head(&mut row, &version, context.actor.person);
    unit.put(&row)?;
    unit.put(&version)?;
    Ok(Effect { inverse: Some(Command::Trash { node }), renamed_to, ..Effect::default() })
}

pub(super) fn check_version_is_new(unit: &mut Unit<'_, '_>, version: VersionId) -> Result<()> {
    if unit.find::<Version>(&version.to_string())?.is_some() {
        return Err(Error::refused(FailureCode::BadRequest, "the id is taken"));
    }
    Ok(())
}

fn same_document(unit: &mut Unit<'_, '_>, parent: NodeId, name: &str, content: ContentHash) -> Result<bool> {
    // Without `is_folder`, which would lead SQLite to the wrong index; a folder has no content.
    let twins: Vec<Node> = unit.list(
        "parent = $2 AND trashed_at = 0 AND name_key = $3 AND content = $4",
        &[
            Value::Text(parent.to_string()),
            Value::Text(domain::name::key(&domain::name::portable(name))),
            Value::Text(content.to_string()),
        ],
    )?;
    Ok(!twins.is_empty())
}

/// The server accepts a version only when it holds the content and its author may name it.
fn need_content(unit: &mut Unit<'_, '_>, context: &Context<'_>, content: ContentRef) -> Result<()> {
    if context.host == Host::Server && !crate::firm::contents::holds(unit, context.actor, content)? {
        return Err(Failure::new(FailureCode::ContentMissing, "the content is not here")
            .with("content", content.hash)
            .into());
    }
    Ok(())
}

fn new_version(
    context: &Context<'_>,
    node: NodeId,
    id: VersionId,
    base: Option<VersionId>,
    file: File,
    row: &Node,
) -> Version {
    Version {
        id,
        scope: row.scope.clone(),
        node,
        content: file.content.hash,
        size: file.content.size,
        modified_at: file.modified_at,
        base,
        state: "head".to_owned(),
        author: context.actor.person,
        workstation: context.workstation_name.to_owned(),
        made_at: context.made_at,
        received_at: context.received_at,
        restored_from: None,
    }
}

pub(super) fn set_head(row: &mut Node, version: &Version, author: PersonId) {
    row.head = Some(version.id);
    row.content = Some(version.content);
    row.size = version.size;
    row.modified_at = version.modified_at;
    row.author = Some(author);
}

/// A document its author may change.
pub(super) fn document(unit: &mut Unit<'_, '_>, context: &Context<'_>, node: NodeId) -> Result<Node> {
    let row = unit.need_node(node)?;
    match (&row.theme, row.is_folder) {
        (Some(theme), false) => context.check(&Act::Write(row.client_file, theme))?,
        _ => return Err(Error::refused(FailureCode::NotFound, "not a document")),
    }
    Ok(row)
}

pub(super) fn add_version(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    node: NodeId,
    version: VersionId,
    base: Option<VersionId>,
    file: File,
) -> Result<Effect> {
    let row = document(unit, context, node)?;
    check_version_is_new(unit, version)?;
    need_content(unit, context, file.content)?;
    let new = new_version(context, node, version, base, file, &row);
    commit(unit, context, row, new)
}

pub(super) fn restore_version(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    node: NodeId,
    version: VersionId,
    from: VersionId,
    base: Option<VersionId>,
) -> Result<Effect> {
    let row = document(unit, context, node)?;
    let source: Version = unit.need(&from.to_string())?;
    if source.node != node {
        return Err(Error::refused(FailureCode::NotFound, "a version of another document"));
    }
    if row.head != base {
        return Err(Error::refused(FailureCode::ChangedSince, "another version became the head since"));
    }
    check_version_is_new(unit, version)?;
    let file =
        File { content: ContentRef { hash: source.content, size: source.size }, modified_at: source.modified_at };
    let mut new = new_version(context, node, version, base, file, &row);
    new.restored_from = Some(from);
    if source.state == "concurrent" {
        // Taking a concurrent version settles it.
        unit.put(&Version { state: "older".to_owned(), ..source })?;
    }
    commit(unit, context, row, new)
}

/// Makes `new` the head when its base still is, else keeps it beside as a concurrent version. Bytes always win over the
/// trash: a document that gets a version comes back, whichever it becomes.
fn commit(unit: &mut Unit<'_, '_>, context: &Context<'_>, mut row: Node, mut new: Version) -> Result<Effect> {
    let head = row.head;
    let in_trash = row.is_trashed() || under_trash(unit, &row)?;
    if row.content == Some(new.content) && new.restored_from.is_none() && !in_trash {
        // The same bytes as the head: kept in the history as what they are, nothing to decide.
        "older".clone_into(&mut new.state);
        unit.put(&new)?;
        return Ok(Effect::default());
    }
    if in_trash {
        row = take_out_of_trash(unit, context, row, None)?;
        unit.put(&row)?;
        new.scope = row.scope.clone();
    }
    if head != new.base {
        "concurrent".clone_into(&mut new.state);
        unit.put(&new)?;
        return Ok(Effect::default());
    }
    if let Some(head) = head
        && let Some(old) = unit.find::<Version>(&head.to_string())?
    {
        unit.put(&Version { state: "older".to_owned(), ..old })?;
    }
    set_head(&mut row, &new, context.actor.person);
    unit.put(&row)?;
    unit.put(&new)?;
    let inverse = head.map(|head| Command::RestoreVersion {
        node: row.id,
        version: VersionId::derived(&[&new.id.to_string(), "undo"]),
        from: head,
        base: Some(new.id),
    });
    Ok(Effect { inverse, ..Effect::default() })
}

fn under_trash(unit: &mut Unit<'_, '_>, row: &Node) -> Result<bool> {
    Ok(super::naming::ancestors(unit, row.parent)?.iter().any(Node::is_trashed))
}
