//! The mirror's place: whether the folder is there and is this replica's.
//!
//! A folder that is gone, or no longer marked (another volume in its place, an unmounted disk), pauses the mirror: nothing
//! is looked at, planned or removed until it is back.

use disk::Filesystem;
use domain::id::{FirmId, PersonId};
use serde::{Deserialize, Serialize};
use store::replica::{Owner, Replica};
use uuid::Uuid;

use crate::desk::{Desk, MARKER};
use crate::generation;
use crate::{Context, Error};

const REPLICA: &str = "mirror_replica";
const ROOT: &str = "mirror_root";
/// The folder's own identity: a copy of it, or one restored from a backup, is another folder.
const ROOT_ID: &str = "mirror_root_id";
/// The largest marker read.
const MARKER_BYTES: u64 = 4096;

/// Why the mirror is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceProblem {
    /// The folder is not there.
    Missing,
    /// It is there without its marker: perhaps another volume in its place.
    NotMarked,
    /// It is somebody else's, or another workstation's took it over.
    OtherReplica,
    /// It cannot be read or written.
    Unusable,
}

/// Whose mirror a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Marker {
    replica: Uuid,
    firm: FirmId,
    person: PersonId,
}

/// What a folder says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    /// A marker that cannot be understood: it belongs to nobody who can be asked.
    Damaged,
    Marked(Marker),
}

/// Whether a folder is a mirror: it has the marker.
pub fn is_mirror(disk: &dyn Filesystem, root: &std::path::Path) -> bool {
    !matches!(found_at(disk, root), Ok(Found::Nothing))
}

/// Whether a folder is surely a mirror: one whose marker cannot be looked for is not.
pub fn is_marked(disk: &dyn Filesystem, folder: &std::path::Path) -> bool {
    matches!(found_at(disk, folder), Ok(Found::Marked(_) | Found::Damaged))
}

/// Whether a folder is marked as the mirror of somebody else.
pub fn is_of_another(disk: &dyn Filesystem, root: &std::path::Path, owner: Owner) -> bool {
    matches!(found_at(disk, root), Ok(Found::Marked(marker)) if !marker.is_of(owner))
}

/// Lets the next [`open`] take a folder of the same person over that another replica marked: somebody chose it.
pub fn choose(replica: &Replica) -> store::Result<()> {
    replica.write(|tx| tx.set_setting(ROOT, ""))
}

impl Marker {
    fn is_of(&self, owner: Owner) -> bool {
        (self.firm, self.person) == (owner.firm, owner.person)
    }
}

/// Makes the folder ready, or says why it cannot be used. A folder seen for the first time
/// is marked; what it holds is adopted where the firm has the same, and is new otherwise: nothing of it is ever removed.
/// The same goes for a folder that was copied or restored in place of the one known: what it lacks was not removed.
pub(crate) fn open(
    desk: &Desk,
    replica: &Replica,
    context: &mut Context<'_>,
) -> Result<Result<Opened, PlaceProblem>, Error> {
    let root = desk.root.display().to_string();
    let (id, known_root, known_id) =
        replica.read(|tx| Ok((tx.setting(REPLICA)?, tx.setting(ROOT)?, tx.setting(ROOT_ID)?)))?;
    let id = id.and_then(|id| Uuid::parse_str(&id).ok());
    let Ok(meta) = desk.stat(&desk.root) else { return Ok(Err(PlaceProblem::Unusable)) };
    let meta = meta.filter(disk::Meta::is_folder);
    let Ok(found) = found_at(&*desk.disk, &desk.root) else { return Ok(Err(PlaceProblem::Unusable)) };
    let marked = if let Found::Marked(marker) = found { Some(marker) } else { None };
    if id.is_some() && known_root.as_deref() == Some(root.as_str()) {
        match (&meta, found) {
            (None, _) => return Ok(Err(PlaceProblem::Missing)),
            (_, Found::Nothing) => return Ok(Err(PlaceProblem::NotMarked)),
            (_, Found::Marked(marker)) if Some(marker.replica) == id => {}
            _ => return Ok(Err(PlaceProblem::OtherReplica)),
        }
    }
    if marked.is_some_and(|marker| !marker.is_of(replica.owner())) {
        return Ok(Err(PlaceProblem::OtherReplica));
    }
    let is_same_folder = meta.is_some_and(|meta| Some(meta.file_id.to_string()) == known_id);
    let mut root_id = known_id.unwrap_or_default();
    let is_ours = id.is_some() && marked.map(|marker| marker.replica) == id;
    let id = id.unwrap_or_else(|| (context.ids)());
    if !(is_ours && is_same_folder) {
        let marker = Marker { replica: id, firm: replica.owner().firm, person: replica.owner().person };
        match mark(desk, marker, found != Found::Nothing) {
            Ok(new_id) => root_id = new_id,
            Err(problem) if problem.kind() == disk::ErrorKind::Crashed => return Err(problem.into()),
            Err(_) => return Ok(Err(PlaceProblem::Unusable)),
        }
        replica.write(|tx| {
            tx.forget_disk()?;
            tx.set_setting(REPLICA, &id.to_string())?;
            tx.set_setting(ROOT_ID, &root_id)
        })?;
    }
    replica.write(|tx| tx.set_setting(ROOT, &root))?;
    match begin(desk, replica) {
        Ok(()) => Ok(Ok(Opened { replica: id, root: root_id })),
        Err(Error::Disk(error)) if error.kind() != disk::ErrorKind::Crashed => Ok(Err(PlaceProblem::Unusable)),
        Err(error) => Err(error),
    }
}

/// Makes the hidden folders. A replica or a folder that is older than the other was restored: nothing is known of the disk
/// then, and all of it is looked at as if for the first time.
fn begin(desk: &Desk, replica: &Replica) -> Result<(), Error> {
    if !generation::agrees(desk, replica)? {
        replica.write(|tx| tx.forget_disk())?;
    }
    desk.prepare()?;
    generation::advance(desk, replica)
}

/// A place found usable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opened {
    /// The id in its marker.
    replica: Uuid,
    /// The folder's own identity.
    root: String,
}

/// What one look at the place tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checked {
    /// It is what it was.
    Same,
    /// Another folder took its name: a copy, or one restored from a backup.
    Replaced,
    /// It cannot be used.
    Problem(PlaceProblem),
}

/// Whether the folder still is what [`open`] found.
pub(crate) fn check(desk: &Desk, opened: &Opened) -> Checked {
    let problem = match found_at(&*desk.disk, &desk.root) {
        Ok(Found::Marked(marker)) if marker.replica == opened.replica => match desk.stat(&desk.root) {
            Ok(Some(meta)) if meta.file_id.to_string() == opened.root => None,
            Ok(_) => return Checked::Replaced,
            Err(_) => Some(PlaceProblem::Unusable),
        },
        Ok(Found::Marked(_) | Found::Damaged) => Some(PlaceProblem::OtherReplica),
        Ok(Found::Nothing) => match desk.stat(&desk.root) {
            Ok(Some(_)) => Some(PlaceProblem::NotMarked),
            Ok(None) => Some(PlaceProblem::Missing),
            Err(_) => Some(PlaceProblem::Unusable),
        },
        Err(_) => Some(PlaceProblem::Unusable),
    };
    problem.map_or(Checked::Same, Checked::Problem)
}

fn found_at(disk: &dyn Filesystem, root: &std::path::Path) -> disk::Result<Found> {
    use disk::ErrorKind::{NotADirectory, NotFound};
    match disk.read(&root.join(MARKER), MARKER_BYTES) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).map_or(Found::Damaged, Found::Marked)),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}

/// Marks the folder, made where it is not there, and gives its identity.
fn mark(desk: &Desk, marker: Marker, replace: bool) -> disk::Result<String> {
    use std::io::Write as _;
    desk.disk.create_dir_all(&desk.root)?;
    let path = desk.marker();
    if replace {
        desk.disk.remove_file(&path)?;
    }
    let text = serde_json::to_vec(&marker).expect("BUG: a marker is plain JSON");
    let mut file = desk.disk.create(&path)?;
    file.write_all(&text).map_err(|error| disk::Error::from_io(disk::Operation::Write, &path, error))?;
    file.finish(disk::Durability::Flushed)?;
    desk.disk.sync_dir(&desk.root)?;
    let missing = || disk::Error::new(disk::ErrorKind::NotFound, disk::Operation::Stat, &desk.root);
    Ok(desk.disk.stat(&desk.root)?.ok_or_else(missing)?.file_id.to_string())
}
