//! What an entry is that was not known where it appeared: a node moved there, or something new.
//!
//! A node is recognised by the file's identity on its machine, confirmed by what it holds since identities are used
//! again; else by its bytes. In either case it must be gone from where it was.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

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

impl Observer {
    pub(super) fn look_at_appeared(
        &mut self,
        look: &mut Look<'_, '_>,
        folder: &mut Folder<'_>,
        appeared: &Appeared,
    ) -> Result<(), Error> {
        if appeared.meta.is_folder() {
            self.folder_appeared(look, folder, appeared)
        } else {
            self.file_appeared(look, folder, appeared)
        }
    }

    fn folder_appeared(
        &mut self,
        look: &mut Look<'_, '_>,
        folder: &mut Folder<'_>,
        Appeared { name, meta }: &Appeared,
    ) -> Result<(), Error> {
        let path = folder.path.join(name);
        let below = folder.below.join(name);
        let mut found = None;
        for candidate in same_file(look, &meta.file_id.to_string(), true)? {
            if is_gone(look, &candidate) && has_its_children(look, &candidate, &path)? {
                found = Some(candidate);
                break;
            }
        }
        let now = look.now();
        let note = match found {
            Some(Candidate { node, local, path: before }) => {
                self.moved(look, node, &before);
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

    fn file_appeared(
        &mut self,
        look: &mut Look<'_, '_>,
        folder: &mut Folder<'_>,
        Appeared { name, meta }: &Appeared,
    ) -> Result<(), Error> {
        let gone: Vec<Candidate> = same_file(look, &meta.file_id.to_string(), false)?
            .into_iter()
            .filter(|candidate| is_gone(look, candidate))
            .collect();
        let is_as_it_was =
            |local: &LocalNode| local.stamp.size == meta.size && local.stamp.modified_ns == meta.modified_ns;
        let mut moved = None;
        for candidate in gone.iter().filter(|candidate| is_as_it_was(&candidate.local)) {
            if !is_given_up(look, &candidate.local)? {
                moved = Some(candidate);
                break;
            }
        }
        if let Some(Candidate { node, local, path: before }) = moved {
            self.moved(look, *node, before);
            let local = LocalNode { place: folder.place(name), stamp: stamp_of(meta), ..local.clone() };
            folder.notes.push(Note::Seen(*node, local));
            return Ok(());
        }
        let Some(captured) = self.take(look, folder, name, meta, None)? else { return Ok(()) };
        let stamp = stamp_of_captured(&captured);
        let mut twins = gone.into_iter().filter(|candidate| candidate.local.content == Some(captured.hash));
        let twin = match twins.next() {
            Some(twin) => Some(twin),
            None => same_bytes(look, captured.hash)?.into_iter().find(|candidate| is_gone(look, candidate)),
        };
        let note = match twin {
            Some(Candidate { node, local, path: before }) => {
                self.moved(look, node, &before);
                let local = if is_given_up(look, &local)? {
                    untold(look, node, local)?
                } else {
                    drop_unneeded(look, &captured)?;
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
    fn moved(&mut self, look: &Look<'_, '_>, node: NodeId, before: &Path) {
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
