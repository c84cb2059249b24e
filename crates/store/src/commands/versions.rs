//! Concurrent versions and what becomes of them: one is taken, left in the history, or made a document of its own.

use domain::id::{NodeId, VersionId};
use protocol::command::{Command, Naming, VersionChoice};
use protocol::failure::FailureCode;

use super::documents::{check_version_is_new, document, restore_version};
use super::naming::{check_path, free_name, utf16};
use super::places::{bare_node, check_id_is_free, writable};
use super::{Context, Effect};
use crate::error::{Error, Result};
use crate::rows::{Node, Version};
use crate::unit::Unit;

pub(super) fn settle(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    node: NodeId,
    id: VersionId,
    choice: VersionChoice,
) -> Result<Effect> {
    let row = document(unit, context, node)?;
    let concurrent: Version = unit.need(&id.to_string())?;
    if concurrent.node != node {
        return Err(Error::refused(FailureCode::NotFound, "a version of another document"));
    }
    let is_open = concurrent.state == "concurrent";
    match choice {
        // Somebody settled it, and this asks for no more than that.
        VersionChoice::Leave if !is_open => Ok(Effect::default()),
        _ if !is_open => Err(Error::refused(FailureCode::ChangedSince, "the version is settled")),
        VersionChoice::Leave => {
            unit.put(&Version { state: "older".to_owned(), ..concurrent })?;
            Ok(Effect::default())
        }
        VersionChoice::Take { version, base } => restore_version(unit, context, node, version, id, base),
        VersionChoice::Both { node, version } => keep_both(unit, context, &row, concurrent, node, version),
    }
}

/// Makes a document of a concurrent version, beside the one it was saved on. It stays its author's.
fn keep_both(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    beside: &Node,
    concurrent: Version,
    node: NodeId,
    version: VersionId,
) -> Result<Effect> {
    let place = writable(unit, context, beside.parent)?;
    check_id_is_free(unit, node)?;
    check_version_is_new(unit, version)?;
    let name = free_name(unit, beside.parent, node, &beside.name, Naming::ByMachine)?;
    let client_file = unit.need_client_file(place.client_file)?;
    check_path(&client_file, &place.above, utf16(&name))?;
    let mut row = bare_node(node, &place, beside.parent, name.clone(), false);
    let first = Version {
        id: version,
        scope: row.scope.clone(),
        node,
        base: None,
        state: "head".to_owned(),
        received_at: context.received_at,
        restored_from: None,
        ..concurrent.clone()
    };
    super::documents::set_head(&mut row, &first, first.author);
    unit.put(&row)?;
    unit.put(&first)?;
    unit.put(&Version { state: "older".to_owned(), ..concurrent })?;
    Ok(Effect { inverse: Some(Command::Trash { node }), renamed_to: Some(name), ..Effect::default() })
}
