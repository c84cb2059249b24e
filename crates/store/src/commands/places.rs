//! Folders, and where nodes are: create, rename, move, trash, restore.

use std::collections::BTreeMap;

use domain::access::{Act, Actor, Scope};
use domain::id::{ClientFileId, NodeId};
use domain::name;
use domain::text::sort_key;
use domain::time::Instant;
use domain::tree::{FIRM_INBOX, Theme, permanent_folder_id};
use protocol::command::{Change, Command, Naming};
use protocol::failure::{Failure, FailureCode};
use protocol::view::PlaceView;

use super::naming::{ancestors, check_path, free_name, longest_below, utf16};
use super::{Context, Effect};
use crate::engine::Value;
use crate::error::{Error, Result};
use crate::rows::{ClientFile, Comment, FiscalYearRow, Node, Version};
use crate::table::Replicated;
use crate::unit::Unit;

/// Deeper than any tree of the firm's own.
const MAX_TEMPLATE_DEPTH: usize = 16;

/// A place where nodes may be put: its client file, its theme and the folders down to it.
pub(super) struct Place {
    pub(super) client_file: ClientFileId,
    pub(super) theme: Theme,
    pub(super) above: Vec<Node>,
}

/// The place `parent` is, checked for writing. A place in the trash is none.
pub(super) fn writable(unit: &mut Unit<'_, '_>, context: &Context<'_>, parent: NodeId) -> Result<Place> {
    let above = ancestors(unit, parent)?;
    let Some(folder) = above.first() else {
        return Err(match unit.find::<ClientFile>(&parent.to_string())? {
            Some(_) => Error::refused(FailureCode::NoDocumentsHere, "the root takes no document"),
            None => Error::refused(FailureCode::NotFound, format!("no folder {parent}")),
        });
    };
    if !folder.is_folder || above.iter().any(Node::is_trashed) {
        return Err(Error::refused(FailureCode::NotFound, "not a folder, or in the trash"));
    }
    let client_file = folder.client_file;
    let Some(theme) = folder.theme.clone() else {
        return Err(Error::refused(FailureCode::NoDocumentsHere, "a container takes no document"));
    };
    context.check(&Act::Write(client_file, &theme))?;
    Ok(Place { client_file, theme, above })
}

impl Place {
    pub(super) fn scope(&self) -> Scope {
        Scope::Theme(self.client_file, self.theme.clone())
    }
}

/// Refuses the id of another node, or of a client file: it is its root's.
pub(super) fn check_id_is_free(unit: &mut Unit<'_, '_>, id: NodeId) -> Result<()> {
    if unit.node(id)?.is_some() || unit.find::<ClientFile>(&id.to_string())?.is_some() {
        return Err(Error::refused(FailureCode::BadRequest, "the id is taken"));
    }
    Ok(())
}

/// A node's row with nothing but its place and name.
pub(super) fn bare_node(id: NodeId, place: &Place, parent: NodeId, name: String, is_folder: bool) -> Node {
    Node {
        id,
        scope: place.scope(),
        client_file: place.client_file,
        parent,
        is_folder,
        name_key: name::key(&name),
        sort_key: sort_key(&name),
        name,
        theme: Some(place.theme.clone()),
        directory: None,
        fiscal_year: None,
        month: None,
        trashed_at: Instant(0),
        trashed_by: None,
        head: None,
        content: None,
        size: 0,
        modified_at: Instant(0),
        author: None,
        piece_number: None,
        reviewed_by: None,
        reviewed_at: None,
    }
}

pub(super) fn create_folder(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    node: NodeId,
    parent: NodeId,
    wanted: &str,
    naming: Naming,
) -> Result<Effect> {
    let place = writable(unit, context, parent)?;
    if naming == Naming::ByMachine && unit.node(node)?.is_some_and(|known| known.is_folder) {
        // Another machine made it again after the server was set back.
        return Ok(Effect::default());
    }
    check_id_is_free(unit, node)?;
    let name = free_name(unit, parent, node, wanted, naming)?;
    let client_file = unit.need_client_file(place.client_file)?;
    check_path(&client_file, &place.above, utf16(&name))?;
    let renamed_to = (name != wanted).then(|| name.clone());
    unit.put(&bare_node(node, &place, parent, name, true))?;
    Ok(Effect { inverse: Some(Command::Trash { node }), renamed_to, ..Effect::default() })
}

/// A node that its author may change: seen, writable, not of the tree itself.
fn changeable(unit: &mut Unit<'_, '_>, context: &Context<'_>, node: NodeId) -> Result<Node> {
    let row = unit.need_node(node)?;
    if row.is_fixed() {
        return Err(Error::refused(FailureCode::FixedFolder, "a folder of the tree itself"));
    }
    match &row.theme {
        Some(theme) => context.check(&Act::Write(row.client_file, theme))?,
        None => return Err(Error::refused(FailureCode::FixedFolder, "a container")),
    }
    Ok(row)
}

pub(super) fn place(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    node: NodeId,
    name: Option<&Change<String>>,
    parent: Option<&Change<NodeId>>,
    naming: Naming,
) -> Result<Effect> {
    let mut row = changeable(unit, context, node)?;
    let before = row.clone();
    if let Some(change) = name {
        context.check_seen(&change.seen, &row.name)?;
    }
    if let Some(change) = parent {
        context.check_seen(&change.seen, &row.parent)?;
        row.parent = change.value;
    }
    let target = writable(unit, context, row.parent)?;
    check_same_client_file(&row, &target)?;
    if target.above.iter().any(|folder| folder.id == node) {
        return Err(Error::refused(FailureCode::WouldCycle, "a folder cannot be moved into itself"));
    }
    let wanted = name.map_or(&row.name, |change| &change.value).clone();
    row.name = free_name(unit, row.parent, node, &wanted, naming)?;
    row.name_key = name::key(&row.name);
    row.sort_key = sort_key(&row.name);
    let client_file = unit.need_client_file(row.client_file)?;
    let below = if row.is_folder { longest_below(unit, &row.name, node)? } else { utf16(&row.name) };
    check_path(&client_file, &target.above, below)?;
    let renamed_to = (row.name != wanted).then(|| row.name.clone());
    let inverse = Command::Place {
        node,
        name: (row.name != before.name).then(|| Change { seen: row.name.clone(), value: before.name.clone() }),
        parent: (row.parent != before.parent).then_some(Change { seen: row.parent, value: before.parent }),
        naming: Naming::ByMachine,
    };
    let theme_changes = before.theme.as_ref() != Some(&target.theme);
    unit.put(&row)?;
    if theme_changes {
        change_theme(unit, row, &target.theme)?;
    }
    Ok(Effect { inverse: Some(inverse), renamed_to, ..Effect::default() })
}

fn check_same_client_file(row: &Node, target: &Place) -> Result<()> {
    if target.client_file != row.client_file {
        let failure = Failure::new(FailureCode::Denied, "nodes stay in their client file");
        return Err(failure.with("reason", "other_client_file").into());
    }
    Ok(())
}

/// Gives a node and all below it another theme: who sees the old one loses sight of them, who sees the new one gains it.
fn change_theme(unit: &mut Unit<'_, '_>, mut node: Node, theme: &Theme) -> Result<()> {
    let old = std::mem::replace(&mut node.scope, Scope::Theme(node.client_file, theme.clone()));
    node.theme = Some(theme.clone());
    unit.put(&node)?;
    unit.depart(Node::TABLE, &node.key(), old.clone())?;
    let of_node = [Value::Text(node.id.to_string())];
    if node.is_folder {
        for child in unit.list::<Node>("parent = $2", &of_node)? {
            change_theme(unit, child, theme)?;
        }
        return Ok(());
    }
    for mut version in unit.list::<Version>("node = $2", &of_node)? {
        version.scope = node.scope.clone();
        unit.put(&version)?;
        unit.depart(Version::TABLE, &version.key(), old.clone())?;
    }
    for mut comment in unit.list::<Comment>("node = $2", &of_node)? {
        comment.scope = node.scope.clone();
        unit.put(&comment)?;
        unit.depart(Comment::TABLE, &comment.key(), old.clone())?;
    }
    Ok(())
}

pub(super) fn trash(unit: &mut Unit<'_, '_>, context: &Context<'_>, node: NodeId) -> Result<Effect> {
    let mut row = changeable(unit, context, node)?;
    if row.is_trashed() {
        return Ok(Effect::default());
    }
    row.trashed_at = Instant(context.made_at.0.max(1));
    row.trashed_by = Some(context.actor.person);
    unit.put(&row)?;
    Ok(Effect::undone_by(Command::Restore { node, parent: None }))
}

pub(super) fn restore(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    node: NodeId,
    parent: Option<NodeId>,
) -> Result<Effect> {
    let row = changeable(unit, context, node)?;
    if !row.is_trashed() {
        return Ok(Effect::default());
    }
    let wanted = row.name.clone();
    let row = take_out_of_trash(unit, context, row, parent)?;
    unit.put(&row)?;
    let mut path: Vec<String> = ancestors(unit, row.parent)?.into_iter().map(|folder| folder.name).collect();
    path.reverse();
    let restored_to = Some(PlaceView { folder: row.parent, path });
    let renamed_to = (row.name != wanted).then_some(row.name);
    Ok(Effect { inverse: Some(Command::Trash { node }), renamed_to, restored_to, ..Effect::default() })
}

/// The folder of a client file that takes what has no place of its own: the firm's inbox, or, for who may not write there,
/// the first folder of the tree that they may write in: outside the fiscal years, then in the latest one.
pub(crate) fn inbox_of(unit: &mut Unit<'_, '_>, actor: &Actor, client_file: ClientFileId) -> Result<Option<NodeId>> {
    let takes = |folder: &Node| {
        folder.theme.as_ref().is_some_and(|theme| actor.decide(&Act::Write(client_file, theme)).is_ok())
    };
    let inbox = permanent_folder_id(client_file, FIRM_INBOX);
    if unit.node(inbox)?.is_some_and(|folder| !folder.is_trashed() && takes(&folder)) {
        return Ok(Some(inbox));
    }
    let folders: Vec<Node> = unit.list(
        "client_file = $2 AND is_folder = 1 AND trashed_at = 0 AND directory IS NOT NULL",
        &[Value::Text(client_file.to_string())],
    )?;
    let years: Vec<FiscalYearRow> = unit.list("client_file = $2", &[Value::Text(client_file.to_string())])?;
    let closing = |folder: &Node| {
        let year = years.iter().find(|year| Some(year.id) == folder.fiscal_year);
        year.map(|year| year.end_date.clone()).unwrap_or_default()
    };
    let by_id: BTreeMap<NodeId, &Node> = folders.iter().map(|folder| (folder.id, folder)).collect();
    let reading_order = |folder: &Node| {
        let above = std::iter::successors(Some(folder), |folder| by_id.get(&folder.parent).copied());
        let mut order: Vec<String> = above.take(MAX_TEMPLATE_DEPTH).map(|folder| folder.sort_key.clone()).collect();
        order.reverse();
        order
    };
    let first = folders.iter().filter(|folder| takes(folder)).min_by_key(|folder| {
        (folder.fiscal_year.is_some(), std::cmp::Reverse(closing(folder)), reading_order(folder), folder.id)
    });
    Ok(first.map(|folder| folder.id))
}

/// The row out of the trash: at `parent`, else at its own place, else, where that is gone, in the client file's
/// [inbox](inbox_of). The caller writes it.
pub(super) fn take_out_of_trash(
    unit: &mut Unit<'_, '_>,
    context: &Context<'_>,
    mut row: Node,
    parent: Option<NodeId>,
) -> Result<Node> {
    let wanted = parent.unwrap_or(row.parent);
    let (target, place) = match writable(unit, context, wanted) {
        Ok(place) => (wanted, place),
        Err(Error::Refused(failure)) if parent.is_none() && failure.code == FailureCode::NotFound => {
            let inbox = inbox_of(unit, context.actor, row.client_file)?.ok_or(Error::Refused(failure))?;
            (inbox, writable(unit, context, inbox)?)
        }
        Err(error) => return Err(error),
    };
    check_same_client_file(&row, &place)?;
    if place.above.iter().any(|folder| folder.id == row.id) {
        return Err(Error::refused(FailureCode::WouldCycle, "a folder cannot be restored into itself"));
    }
    row.trashed_at = Instant(0);
    row.trashed_by = None;
    row.parent = target;
    row.name = free_name(unit, target, row.id, &row.name.clone(), Naming::ByMachine)?;
    row.name_key = name::key(&row.name);
    row.sort_key = sort_key(&row.name);
    let client_file = unit.need_client_file(row.client_file)?;
    let below = if row.is_folder { longest_below(unit, &row.name, row.id)? } else { utf16(&row.name) };
    check_path(&client_file, &place.above, below)?;
    if row.theme.as_ref() != Some(&place.theme) {
        let id = row.id;
        change_theme(unit, row, &place.theme)?;
        return unit.need_node(id);
    }
    Ok(row)
}
