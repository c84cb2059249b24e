//! The mirror's place: whether the folder is there and is this replica's.
//!
//! A folder that is gone, or no longer marked (another volume in its place, an unmounted disk), pauses the mirror: nothing
//! is looked at, planned or removed until it is back.

use serde::{Deserialize, Serialize};
use store::replica::Replica;
use uuid::Uuid;

use crate::desk::{Desk, MARKER};
use crate::{Context, Error};

const REPLICA: &str = "mirror_replica";
const ROOT: &str = "mirror_root";
/// The largest marker read.
const MARKER_BYTES: u64 = 4096;

/// Why the mirror is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceProblem {
    /// The folder is not there.
    Missing,
    /// It is there without its marker: perhaps another volume in its place.
    NotMarked,
    /// It belongs to another replica.
    OtherReplica,
    /// It cannot be read or written.
    Unusable,
}

#[derive(Debug, Serialize, Deserialize)]
struct Marker {
    replica: Uuid,
}

/// Whether a folder is a mirror's root: it has the marker.
pub fn is_mirror(root: &std::path::Path) -> bool {
    root.join(MARKER).exists()
}

/// Makes the folder ready, or says why it cannot be used. A folder seen for the first time is marked; what it holds is
/// adopted where the firm has the same, and is new otherwise: nothing of it is ever removed.
pub(crate) fn open(desk: &Desk, replica: &Replica, context: &mut Context<'_>) -> Result<Option<PlaceProblem>, Error> {
    let root = desk.root.display().to_string();
    let (id, known_root) = replica.read(|tx| Ok((tx.setting(REPLICA)?, tx.setting(ROOT)?)))?;
    let id = id.and_then(|id| Uuid::parse_str(&id).ok());
    let is_known = known_root.as_deref() == Some(root.as_str()) && id.is_some();
    let Ok(meta) = desk.stat(&desk.root) else { return Ok(Some(PlaceProblem::Unusable)) };
    let is_there = meta.is_some_and(|meta| meta.is_folder());
    let Ok(marked) = marked(desk) else { return Ok(Some(PlaceProblem::Unusable)) };
    match (is_known, is_there, marked) {
        (true, false, _) => return Ok(Some(PlaceProblem::Missing)),
        (true, true, None) => return Ok(Some(PlaceProblem::NotMarked)),
        (true, true, Some(found)) if Some(found) != id => return Ok(Some(PlaceProblem::OtherReplica)),
        (true, true, Some(_)) => {}
        // The folder was moved, and the setting with it.
        (false, _, Some(found)) if Some(found) == id => replica.write(|tx| tx.set_setting(ROOT, &root))?,
        (false, ..) => {
            let id = id.unwrap_or_else(|| (context.ids)());
            if let Err(problem) = mark(desk, id, marked.is_some()) {
                return if problem.kind() == disk::ErrorKind::Crashed {
                    Err(problem.into())
                } else {
                    Ok(Some(PlaceProblem::Unusable))
                };
            }
            replica.write(|tx| {
                tx.forget_disk()?;
                tx.set_setting(REPLICA, &id.to_string())?;
                tx.set_setting(ROOT, &root)
            })?;
        }
    }
    match desk.prepare() {
        Ok(()) => Ok(None),
        Err(error) if error.kind() == disk::ErrorKind::Crashed => Err(error.into()),
        Err(_) => Ok(Some(PlaceProblem::Unusable)),
    }
}

/// Whether the folder still is what [`open`] found: one look at its marker.
pub(crate) fn check(desk: &Desk) -> Option<PlaceProblem> {
    match desk.stat(&desk.marker()) {
        Ok(Some(_)) => None,
        Ok(None) => match desk.stat(&desk.root) {
            Ok(Some(_)) => Some(PlaceProblem::NotMarked),
            Ok(None) => Some(PlaceProblem::Missing),
            Err(_) => Some(PlaceProblem::Unusable),
        },
        Err(_) => Some(PlaceProblem::Unusable),
    }
}

fn marked(desk: &Desk) -> disk::Result<Option<Uuid>> {
    if desk.stat(&desk.marker())?.is_none() {
        return Ok(None);
    }
    let bytes = desk.disk.read(&desk.marker(), MARKER_BYTES)?;
    // A marker nobody can read belongs to nobody.
    Ok(Some(serde_json::from_slice::<Marker>(&bytes).map_or(Uuid::nil(), |marker| marker.replica)))
}

fn mark(desk: &Desk, replica: Uuid, replace: bool) -> disk::Result<()> {
    use std::io::Write as _;
    desk.disk.create_dir_all(&desk.root)?;
    let path = desk.marker();
    if replace {
        desk.disk.remove_file(&path)?;
    }
    let text = serde_json::to_vec(&Marker { replica }).expect("BUG: a marker is plain JSON");
    let mut file = desk.disk.create(&path)?;
    file.write_all(&text).map_err(|error| disk::Error::from_io(disk::Operation::Write, &path, error))?;
    file.finish(disk::Durability::Flushed)?;
    desk.disk.sync_dir(&desk.root)
}
