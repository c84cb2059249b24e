//! Names and places of nodes: free, portable, and short enough.

use std::collections::BTreeSet;

use domain::id::NodeId;
use domain::name::{self, InvalidName, MAX_PATH_UTF16};
use protocol::command::Naming;
use protocol::failure::{Failure, FailureCode};

use crate::engine::Value;
use crate::error::{Error, Result};
use crate::rows::{ClientFile, Node};
use crate::unit::Unit;

/// How deep a tree may be: no path that fits [`MAX_PATH_UTF16`] goes as deep, so more is a cycle or an attack.
const MAX_DEPTH: usize = MAX_PATH_UTF16;

/// The name a node gets in `parent`: `wanted` itself, or its repair where it came by machine.
pub(super) fn free_name(
    unit: &mut Unit<'_, '_>,
    parent: NodeId,
    node: NodeId,
    wanted: &str,
    naming: Naming,
) -> Result<String> {
    let composed = name::compose(wanted);
    let base = match (name::check(&composed), naming) {
        (Ok(()), _) => composed,
        (Err(_), Naming::ByMachine) => name::portable(wanted),
        (Err(invalid), Naming::Typed) => return Err(refused(&invalid, wanted)),
    };
    if is_free(unit, parent, node, &base)? {
        return Ok(base);
    }
    let free = first_free(unit, parent, node, &base)?;
    match naming {
        Naming::ByMachine => Ok(free),
        Naming::Typed => Err(Failure::new(FailureCode::NameTaken, "the name is taken")
            .with("name", base)
            .with("proposal", free)
            .into()),
    }
}

/// The refusal of a name, with its repair.
pub(super) fn refused(invalid: &InvalidName, wanted: &str) -> Error {
    let reason = match invalid {
        InvalidName::Empty => "empty",
        InvalidName::ForbiddenCharacter(_) => "forbidden_character",
        InvalidName::Reserved => "reserved",
        InvalidName::TrailingSpaceOrDot => "trailing_space_or_dot",
        InvalidName::TooLong => "too_long",
        InvalidName::Temporary => "temporary",
    };
    let failure = Failure::new(FailureCode::InvalidName, invalid.to_string())
        .with("name", wanted)
        .with("reason", reason)
        .with("proposal", name::portable(wanted));
    match invalid {
        InvalidName::ForbiddenCharacter(c) => failure.with("character", c).into(),
        _ => failure.into(),
    }
}

fn is_free(unit: &mut Unit<'_, '_>, parent: NodeId, node: NodeId, name: &str) -> Result<bool> {
    let rows = unit.select(
        "SELECT id FROM node WHERE firm = $1 AND deleted = 0 AND parent = $2 AND trashed_at = 0 AND name_key = $3",
        &[Value::Text(parent.to_string()), Value::Text(name::key(name))],
    )?;
    Ok(rows.iter().all(|row| row.0.first() == Some(&Value::Text(node.to_string()))))
}

/// The first `name (n)` that is free. Reads the folder's names once, so that a thousand twins cost one query each.
fn first_free(unit: &mut Unit<'_, '_>, parent: NodeId, node: NodeId, base: &str) -> Result<String> {
    let rows = unit.select(
        "SELECT name_key FROM node WHERE firm = $1 AND deleted = 0 AND parent = $2 AND trashed_at = 0 AND id <> $3",
        &[Value::Text(parent.to_string()), Value::Text(node.to_string())],
    )?;
    let taken: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect::<Result<_>>()?;
    let free = (2..=u32::MAX).map(|n| name::numbered(base, n)).find(|candidate| !taken.contains(&name::key(candidate)));
    free.ok_or_else(|| Error::refused(FailureCode::NameTaken, "no free name"))
}

/// The folders a node is in, nearest first, the client file's root not included.
pub(crate) fn ancestors(unit: &mut Unit<'_, '_>, parent: NodeId) -> Result<Vec<Node>> {
    let mut found = Vec::new();
    let mut next = parent;
    while let Some(node) = unit.node(next)? {
        next = node.parent;
        found.push(node);
        if found.len() > MAX_DEPTH {
            return Err(Error::refused(FailureCode::WouldCycle, "the tree is too deep"));
        }
    }
    Ok(found)
}

/// Refuses a path that Excel could not open: `below` is the length of the longest path under the node, itself included.
pub(super) fn check_path(client_file: &ClientFile, above: &[Node], below: usize) -> Result<()> {
    let folders: usize = above.iter().map(|folder| utf16(&folder.name) + 1).sum();
    let length = utf16(&client_file.name) + 1 + folders + below;
    if length > MAX_PATH_UTF16 {
        return Err(Failure::new(FailureCode::PathTooLong, "the path is too long")
            .with("length", length)
            .with("limit", MAX_PATH_UTF16)
            .into());
    }
    Ok(())
}

/// Length of the longest path from a node down, its own name included, in UTF-16 units. On a replica only what is in
/// sight counts: the server decides.
pub(super) fn longest_below(unit: &mut Unit<'_, '_>, name: &str, node: NodeId) -> Result<usize> {
    let children = unit.select(
        "SELECT id, name, is_folder FROM node WHERE firm = $1 AND deleted = 0 AND parent = $2 AND trashed_at = 0",
        &[Value::Text(node.to_string())],
    )?;
    let mut longest = 0;
    for child in children {
        let child_name: String = child.get(1)?;
        let below = if child.get(2)? { longest_below(unit, &child_name, child.get(0)?)? } else { utf16(&child_name) };
        longest = longest.max(below + 1);
    }
    Ok(utf16(name) + longest)
}

pub(super) fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}
