//! What an entry is that was not known where it appeared: a node moved there, or something new.
//!
//! A node is recognised by the file's identity on its machine, confirmed by what it holds since identities are used
//! again; else by its bytes. In either case it must be gone from where it was.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use content::Captured;
use domain::content::ContentHash;
use domain::id::NodeId;

use super::compare::Appeared;
use super::folder::{Folder, drop_unneeded, is_given_up, stamp_of_captured, untold};
use super::notes::Note;
use super::{Look, Observer};
use crate::Error;
use crate::desk::{is_of_kind, stamp_of};
use crate::trees::LocalNode;

/// How many nodes of the same bytes are asked whether they are gone.
const TWINS: usize = 20;

struct Candidate {
    node: NodeId,
    local: LocalNode,
    path: PathBuf,
}

/// An entry whose bytes are to be taken, with the nodes of its file that are gone from where they were.
struct New {
    appeared: Appeared,
    gone: Vec<Candidate>,
}

impl Observer {
    /// Bytes are taken together, so that the disk need not wait for one file to begin the next; rows are asked once for
    /// all entries, since most of what appears was never seen.
    pub(super) fn look_at_appeared(
        &mut self,
        look: &mut Look<'_, '_>,
        folder: &mut Folder<'_>,
        appeared: Vec<Appeared>,
    ) -> Result<(), Error> {
        if appeared.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = appeared.iter().map(|appeared| appeared.meta.file_id.to_string()).collect();
        let seen_before = look.replica.read(|tx| tx.local_file_ids(&ids))?;
        let mut new = Vec::new();
        for (appeared, id) in appeared.into_iter().zip(ids) {
            let same =
                if seen_before.contains(&id) { same_file(look, &id, appeared.meta.is_folder())? } else { Vec::new() };
            if appeared.meta.is_folder() {
                self.folder_appeared(look, folder, &appeared, same)?;
            } else if let Some(gone) = self.unless_moved(look, folder, &appeared, same)?
                && self.may_take(look, folder, &appeared.name, &appeared.meta, None)
            {
                new.push(New { appeared, gone });
            }
        }
        let paths: Vec<PathBuf> = new.iter().map(|new| folder.path.join(&new.appeared.name)).collect();
        let mut taken = Vec::new();
        for (new, captured) in new.into_iter().zip(look.desk.staging.capture_all(&paths)) {
            if let Some(captured) = self.taken(look, folder, &new.appeared.name, None, captured)? {
                taken.push((new, captured));
            }
        }
        let contents: Vec<ContentHash> = taken.iter().map(|(_, captured)| captured.hash).collect();
        let seen_before = look.replica.read(|tx| tx.local_contents(&contents))?;
        for (New { appeared, gone }, captured) in taken {
            let twins =
                if seen_before.contains(&captured.hash) { same_bytes(look, captured.hash)? } else { Vec::new() };
            self.file_appeared(look, folder, &appeared.name, &captured, gone, twins)?;
        }
        Ok(())
    }

    fn folder_appeared(
        &mut self,
        look: &mut Look<'_, '_>,
        folder: &mut Folder<'_>,
        Appeared { name, meta }: &Appeared,
        same: Vec<Candidate>,
    ) -> Result<(), Error> {
        let path = folder.path.join(name);
        let below = folder.below.join(name);
        let mut found = None;
        for candidate in same {
            if is_free(look, folder, &candidate) && has_its_children(look, &candidate, &path)? {
                found = Some(candidate);
                break;
            }
        }
        let now = look.now();
        let note = match found {
            Some(Candidate { node, local, path: before }) => {
                self.moved(look, folder, node, &before);
                Note::Seen(node, LocalNode { place: folder.place(name), stamp: stamp_of(meta), ..local })
            }
            None => Note::Seen(
                NodeId((look.context.ids)()),
                LocalNode {
                    place: folder.place(name),
                    is_folder: true,
                    stamp: stamp_of(meta),
                    content: None,
                    version: None,
                    base: None,
                    sent: None,
                    is_flushed: true,
                },
            ),
        };
        folder.notes.push(note);
        self.look_at(below, now, true);
        Ok(())
    }

    /// Notes a file that was moved here; else the nodes of the file that are gone from where they were.
    fn unless_moved(
        &mut self,
        look: &mut Look<'_, '_>,
        folder: &mut Folder<'_>,
        Appeared { name, meta }: &Appeared,
        same: Vec<Candidate>,
    ) -> Result<Option<Vec<Candidate>>, Error> {
        let gone: Vec<Candidate> = same.into_iter().filter(|candidate| is_free(look, folder, candidate)).collect();
        let is_as_it_was =
            |local: &LocalNode| local.stamp.size == meta.size && local.stamp.modified_ns == meta.modified_ns;
        for Candidate { node, local, path: before } in gone.iter().filter(|candidate| is_as_it_was(&candidate.local)) {
            if !is_given_up(look, local)? {
                self.moved(look, folder, *node, before);
                let local = LocalNode { place: folder.place(name), stamp: stamp_of(meta), ..local.clone() };
                folder.notes.push(Note::Seen(*node, local));
                return Ok(None);
            }
        }
        Ok(Some(gone))
    }

    /// Notes a file whose bytes were taken: one of the nodes `gone` or of those with the same bytes, or a new one.
    fn file_appeared(
        &mut self,
        look: &mut Look<'_, '_>,
        folder: &mut Folder<'_>,
        name: &str,
        captured: &Captured,
        gone: Vec<Candidate>,
        same_bytes: Vec<Candidate>,
    ) -> Result<(), Error> {
        let stamp = stamp_of_captured(captured);
        // Other entries may have been recognised since `gone` was asked for.
        let mut twins = gone.into_iter().filter(|candidate| candidate.local.content == Some(captured.hash));
        let twin = twins
            .find(|candidate| is_free(look, folder, candidate))
            .or_else(|| same_bytes.into_iter().find(|candidate| is_free(look, folder, candidate)));
        let note = match twin {
            Some(Candidate { node, local, path: before }) => {
                self.moved(look, folder, node, &before);
                let local = if is_given_up(look, &local)? {
                    untold(look, node, local)?
                } else {
                    drop_unneeded(look, captured)?;
                    local
                };
                // The same bytes, and perhaps another file, which nobody flushed.
                Note::Seen(node, LocalNode { place: folder.place(name), stamp, is_flushed: false, ..local })
            }
            None => Note::Seen(
                NodeId((look.context.ids)()),
                LocalNode {
                    place: folder.place(name),
                    is_folder: false,
                    stamp,
                    content: Some(captured.hash),
                    version: None,
                    base: None,
                    sent: None,
                    is_flushed: false,
                },
            ),
        };
        folder.notes.push(note);
        Ok(())
    }

    /// A node was found elsewhere: it is not missing, and where it was is looked at again.
    fn moved(&mut self, look: &Look<'_, '_>, folder: &mut Folder<'_>, node: NodeId, before: &Path) {
        folder.recognised.insert(node);
        self.missing.remove(&node);
        if let Ok(below) = before.strip_prefix(&look.desk.root)
            && let Some(above) = below.parent()
        {
            self.look_at(above.to_owned(), look.now(), false);
        }
    }
}

fn with_paths(look: &Look<'_, '_>, found: Vec<(NodeId, LocalNode)>) -> Result<Vec<Candidate>, Error> {
    let candidates = look.replica.read(|tx| {
        let mut candidates = Vec::new();
        for (node, local) in found {
            if let Some(folder) = look.desk.folder_path(tx, local.place.parent)? {
                let path = folder.join(&local.place.name);
                candidates.push(Candidate { node, local, path });
            }
        }
        Ok(candidates)
    })?;
    Ok(candidates)
}

fn same_file(look: &Look<'_, '_>, file_id: &str, is_folder: bool) -> Result<Vec<Candidate>, Error> {
    let found = look.replica.read(|tx| tx.local_by_file_id(file_id))?;
    with_paths(look, found.into_iter().filter(|(_, local)| local.is_folder == is_folder).collect())
}

fn same_bytes(look: &Look<'_, '_>, content: ContentHash) -> Result<Vec<Candidate>, Error> {
    let found = look.replica.read(|tx| tx.local_by_content(content))?;
    with_paths(look, found.into_iter().take(TWINS).collect())
}

/// Whether a node is no longer where it was last seen. A name that is still taken was saved under: the node stays there.
fn is_gone(look: &Look<'_, '_>, candidate: &Candidate) -> bool {
    match look.desk.stat(&candidate.path) {
        Ok(None) => true,
        Ok(Some(meta)) => !is_of_kind(&meta, candidate.local.is_folder),
        Err(_) => false,
    }
}

/// Whether an entry of `folder` may be this node: it is gone from where it was, and no other entry is it.
fn is_free(look: &Look<'_, '_>, folder: &Folder<'_>, candidate: &Candidate) -> bool {
    !folder.recognised.contains(&candidate.node) && is_gone(look, candidate)
}

/// Whether a folder holds something of what was last seen in it, where it held anything: its identity alone may have been
/// given to another.
fn has_its_children(look: &Look<'_, '_>, candidate: &Candidate, path: &Path) -> Result<bool, Error> {
    let known = look.replica.read(|tx| tx.local_children(candidate.node))?;
    if known.is_empty() {
        return Ok(true);
    }
    let known: BTreeSet<String> = known.into_iter().map(|(_, local)| local.stamp.file_id).collect();
    let Ok(entries) = look.desk.disk.list(path) else { return Ok(false) };
    Ok(entries.iter().any(|entry| entry.meta.as_ref().is_ok_and(|meta| known.contains(&meta.file_id.to_string()))))
}
