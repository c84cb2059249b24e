//! Client files that went out of sight all at once: a server that is wrong must not empty a mirror.
//!
//! Losing one client file among others is everyday work, and its copies go. Losing all of them, or more than ten together,
//! counts once the server has said it a second time, a while later; until then their copies stay where they are.

use std::collections::BTreeSet;

use domain::id::{ClientFileId, NodeId};
use domain::time::Instant;
use protocol::view::Reason;
use store::replica::ReplicaTx;
use store::replica::trees::Blocked;

use crate::desk::Desk;

/// More client files than this lost together count at the second answer.
const MOST_LOST: usize = 10;
/// How long after the first answer the second one counts, in milliseconds.
const SECOND_ANSWER_MS: i64 = 60_000;
/// The setting that holds when the loss was first seen and how many answers were the first one's, or that it was said again.
const SETTING: &str = "lost_sight";
const SAID_AGAIN: &str = "said again";
/// The key of the entry that tells of it.
const KEY: &str = "sight";

/// The folders of the client files whose copies stay although the firm no longer shows them.
pub(crate) fn held(desk: &Desk, tx: &mut ReplicaTx<'_, '_>, now: Instant) -> store::Result<BTreeSet<NodeId>> {
    let (lost, seen) = tx.mirrored_in_sight()?;
    let known = tx.setting(SETTING)?.filter(|text| !text.is_empty());
    let is_much = lost.len() > MOST_LOST || (seen == 0 && !lost.is_empty());
    let is_held = is_much && known.as_deref() != Some(SAID_AGAIN);
    if !is_held {
        if lost.is_empty() && known.is_some() {
            tx.set_setting(SETTING, "")?;
        }
        tx.clear_blocked(KEY)?;
        return Ok(BTreeSet::new());
    }
    let answers = tx.answers()?;
    let first = known.as_deref().and_then(|text| {
        let (since, answers) = text.split_once(' ')?;
        Some((since.parse::<i64>().ok()?, answers.parse::<i64>().ok()?))
    });
    match first {
        // An answer of the same minute says nothing more. A clock that was set back has waited long enough.
        Some((since, _)) if (since..since + SECOND_ANSWER_MS).contains(&now.0) => {
            tx.set_setting(SETTING, &format!("{since} {answers}"))?;
        }
        Some((_, before)) if answers > before => {
            tx.set_setting(SETTING, SAID_AGAIN)?;
            tx.clear_blocked(KEY)?;
            return Ok(BTreeSet::new());
        }
        Some(_) => {}
        None => tx.set_setting(SETTING, &format!("{} {answers}", now.0))?,
    }
    tx.put_blocked(&Blocked {
        key: KEY.to_owned(),
        node: None,
        client_file: None,
        folder: None,
        path: desk.root.display().to_string(),
        reason: Reason::SightLost,
        proposal: None,
        is_waiting: true,
        since: now,
    })?;
    Ok(lost.into_iter().map(ClientFileId::root).collect())
}

/// Whether a node lies in one of these folders of the disk.
pub(crate) fn lies_in(tx: &mut ReplicaTx<'_, '_>, folders: &BTreeSet<NodeId>, node: NodeId) -> store::Result<bool> {
    let mut at = node;
    // A chain longer than any path is a circle: such a node is nowhere.
    for _ in 0..200 {
        if folders.contains(&at) {
            return Ok(true);
        }
        match tx.local_node(at)? {
            Some(local) => at = local.place.parent,
            None => return Ok(false),
        }
    }
    Ok(false)
}
