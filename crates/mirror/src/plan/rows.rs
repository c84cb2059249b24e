//! What an operation, once done, changes in the rows of its node: the one place that says so, for the executor and for
//! the planner's tests alike.

use domain::id::{NodeId, VersionId};

use super::{Absorption, Action, Change, Target};
use crate::trees::{LocalNode, PARKED, Place, Stamp, SyncedNode};

/// The rows of a node after an operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rows {
    /// On the disk.
    pub local: Option<LocalNode>,
    /// Agreed on.
    pub synced: Option<SyncedNode>,
    /// Whether what is agreed on below is forgotten too.
    pub forget_below: bool,
    /// The identity it takes, where that is another.
    pub became: Option<NodeId>,
    /// The place on the disk that is free now.
    pub freed: Option<Place>,
}

/// What became of the rows of a node by `action`. `stamp` is that of the file or folder written, `version` the id given
/// to the version sent.
pub fn rows_after(
    action: &Action,
    local: Option<LocalNode>,
    synced: Option<SyncedNode>,
    stamp: Stamp,
    version: Option<VersionId>,
) -> Rows {
    let rows = Rows { local, synced, ..Rows::default() };
    match action {
        Action::MakeFolder { place } => on_both_sides(place, None, stamp),
        Action::Fetch { place, target } => on_both_sides(place, Some(target), stamp),
        Action::Replace { target, .. } => replaced(rows, target, stamp),
        Action::Move { from, to } => moved(rows, from, to, stamp),
        Action::Quarantine { .. } | Action::RemoveFolder => {
            Rows { freed: rows.local.map(|local| local.place), ..Rows::default() }
        }
        Action::Commit(change) => committed(rows, change, version),
        Action::Absorb(absorption) => absorbed(rows, absorption),
    }
}

/// What stays agreed on when a node was removed from the disk by the user: what this disk last said or was told of it,
/// so that its absence is known to be a removal.
pub fn deleted_here(local: &LocalNode, synced: Option<&SyncedNode>) -> Option<SyncedNode> {
    let place = local.sent.as_ref().or(synced.map(|synced| &synced.place))?.clone();
    let version = local.version.or(local.base).or(synced.and_then(|synced| synced.version));
    Some(SyncedNode { place, is_folder: local.is_folder, version })
}

fn on_both_sides(place: &Place, target: Option<&Target>, stamp: Stamp) -> Rows {
    let version = target.map(|target| target.version);
    let is_folder = target.is_none();
    let local = LocalNode {
        place: place.clone(),
        is_folder,
        stamp,
        content: target.map(|target| target.content.hash),
        version,
        base: version,
        sent: None,
        is_flushed: false,
    };
    let synced = SyncedNode { place: place.clone(), is_folder, version };
    Rows { local: Some(local), synced: Some(synced), ..Rows::default() }
}

fn replaced(mut rows: Rows, target: &Target, stamp: Stamp) -> Rows {
    if let Some(local) = &mut rows.local {
        local.stamp = stamp;
        local.content = Some(target.content.hash);
        local.is_flushed = false;
        hold(local, target.version);
    }
    if let Some(synced) = &mut rows.synced {
        synced.version = Some(target.version);
    }
    rows
}

fn moved(mut rows: Rows, from: &Place, to: &Place, stamp: Stamp) -> Rows {
    if let Some(local) = &mut rows.local {
        local.place = to.clone();
        local.stamp = stamp;
        if to.parent != PARKED {
            local.sent = match &mut rows.synced {
                Some(synced) => {
                    synced.place = to.clone();
                    None
                }
                None => Some(to.clone()),
            };
        }
    }
    rows.freed = Some(from.clone());
    rows
}

fn committed(mut rows: Rows, change: &Change, version: Option<VersionId>) -> Rows {
    if matches!(change, Change::Trash) {
        return Rows { forget_below: true, local: rows.local, ..Rows::default() };
    }
    let Some(local) = &mut rows.local else { return rows };
    match change {
        Change::CreateFolder { .. } => local.sent = Some(local.place.clone()),
        Change::AddDocument { .. } => {
            local.sent = Some(local.place.clone());
            local.version = version;
            local.base = version;
        }
        Change::AddVersion { .. } => {
            local.version = version;
            local.base = version;
        }
        Change::Place { to, .. } | Change::Revive { to, .. } => local.sent = Some(to.clone()),
        Change::Trash | Change::Restore => {}
    }
    rows
}

fn absorbed(mut rows: Rows, absorption: &Absorption) -> Rows {
    match absorption {
        Absorption::Forget => rows.synced = None,
        Absorption::ForgetBelow => {
            rows.synced = None;
            rows.forget_below = true;
        }
        Absorption::SamePlace { place } => {
            if let (Some(local), Some(synced)) = (&mut rows.local, &mut rows.synced) {
                local.sent = None;
                synced.place = place.clone();
            }
        }
        Absorption::SameContent { version } => {
            if let Some(local) = &mut rows.local {
                hold(local, *version);
            }
            if let Some(synced) = &mut rows.synced {
                synced.version = Some(*version);
            }
        }
        Absorption::Same { place, version } => {
            if let Some(local) = &mut rows.local {
                local.sent = None;
                local.version = *version;
                local.base = *version;
                rows.synced = Some(SyncedNode { place: place.clone(), is_folder: local.is_folder, version: *version });
            }
        }
        Absorption::Adopt { node, version } => {
            if let Some(local) = &mut rows.local {
                local.version = *version;
                local.base = *version;
                local.sent = None;
            }
            rows.became = Some(*node);
        }
    }
    rows
}

fn hold(local: &mut LocalNode, version: VersionId) {
    local.version = Some(version);
    local.base = Some(version);
}
