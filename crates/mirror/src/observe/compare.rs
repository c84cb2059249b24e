//! A folder's listing against what was last seen there: pure.
//!
//! It says what each entry is to the nodes known here, by name. What an unknown entry is (moved from elsewhere, or new)
//! needs more than a listing.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

use disk::{Entry, FileKind, Meta};
use domain::id::NodeId;
use domain::name::{self, InvalidName, MAX_PATH_UTF16};
use protocol::view::Reason;

use unicode_normalization::UnicodeNormalization as _;

use crate::desk::{is_of_kind, reason_of, stamp_of};
use crate::trees::LocalNode;

/// The fewest characters a name is cut to.
const SHORTEST_STEM: usize = 4;

/// What a listing says.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    /// Known and as it was.
    pub(crate) unchanged: Vec<NodeId>,
    /// Known, and written, replaced or respelled since.
    pub(crate) changed: Vec<Changed>,
    /// Not known here.
    pub(crate) appeared: Vec<Appeared>,
    /// Known and not there.
    pub(crate) missing: Vec<NodeId>,
    /// Not to be synced as it is.
    pub(crate) problems: Vec<Problem>,
}

/// A known node that is not as it was.
#[derive(Debug)]
pub(crate) struct Changed {
    pub(crate) node: NodeId,
    pub(crate) name: String,
    pub(crate) meta: Meta,
}

/// An entry that is not known here.
#[derive(Debug)]
pub(crate) struct Appeared {
    pub(crate) name: String,
    pub(crate) meta: Meta,
}

/// An entry that cannot be synced as it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) name: OsString,
    pub(crate) node: Option<NodeId>,
    pub(crate) reason: Reason,
    pub(crate) proposal: Option<String>,
}

/// Compares the entries of a folder with the nodes last seen in it. `path_units`: length of the folder's path below the
/// mirror's, in UTF-16 units.
pub(crate) fn compare(entries: Vec<Entry>, known: &BTreeMap<NodeId, LocalNode>, path_units: usize) -> Comparison {
    let mut by_name: BTreeMap<String, NodeId> =
        known.iter().map(|(node, local)| (local.place.name.clone(), *node)).collect();
    exchange_names(&entries, known, &mut by_name);
    let spelled: BTreeSet<NodeId> =
        entries.iter().filter_map(|entry| by_name.get(entry.name.to_str()?).copied()).collect();
    let mut by_key: BTreeMap<String, NodeId> = known
        .iter()
        .filter(|(node, _)| !spelled.contains(*node))
        .map(|(node, local)| (name::key(&local.place.name), *node))
        .collect();
    let mut keys: BTreeSet<String> =
        by_name.iter().filter(|(_, node)| spelled.contains(node)).map(|(name, _)| name::key(name)).collect();
    let mut seen = BTreeSet::new();
    let mut comparison = Comparison::default();
    for Entry { name: os_name, meta } in entries {
        let Some(text) = os_name.to_str().map(str::to_owned) else {
            let proposal = Some(name::portable(&os_name.to_string_lossy()));
            comparison.problems.push(Problem { name: os_name, node: None, reason: Reason::InvalidName, proposal });
            continue;
        };
        if name::is_temporary(&text) {
            continue;
        }
        let exact = by_name.get(&text).copied();
        let meta = match meta {
            Ok(meta) => meta,
            Err(error) => {
                // It is there, whatever it is.
                seen.extend(exact);
                let reason = reason_of(&error);
                comparison.problems.push(Problem { name: os_name, node: exact, reason, proposal: None });
                continue;
            }
        };
        if !matches!(meta.kind, FileKind::File | FileKind::Folder) {
            comparison.problems.push(Problem { name: os_name, node: None, reason: Reason::NotAFile, proposal: None });
            continue;
        }
        let node =
            exact.or_else(|| by_key.remove(&name::key(&text))).filter(|node| is_of_kind(&meta, known[node].is_folder));
        if let Some(node) = node {
            seen.insert(node);
            keys.insert(name::key(&text));
            let local = &known[&node];
            let is_as_it_was = local.place.name == text
                && if local.is_folder {
                    local.stamp.file_id == meta.file_id.to_string()
                } else {
                    local.stamp == stamp_of(&meta)
                };
            if is_as_it_was {
                comparison.unchanged.push(node);
            } else {
                comparison.changed.push(Changed { node, name: text, meta });
            }
            continue;
        }
        if let Some((reason, proposal)) = refusal(&text, path_units) {
            comparison.problems.push(Problem { name: os_name, node: None, reason, proposal });
        } else if keys.insert(name::key(&text)) {
            comparison.appeared.push(Appeared { name: text, meta });
        } else {
            let proposal = (2..1000).map(|n| name::numbered(&text, n)).find(|free| keys.insert(name::key(free)));
            comparison.problems.push(Problem { name: os_name, node: None, reason: Reason::NameTaken, proposal });
        }
    }
    comparison.missing = known.keys().copied().filter(|node| !seen.contains(node)).collect();
    comparison
}

/// Corrects who is known under which name where nodes of the folder exchanged or passed on their names: a file whose name
/// is now another known one's, and which is itself there under another name, was renamed and not saved over.
fn exchange_names(entries: &[Entry], known: &BTreeMap<NodeId, LocalNode>, by_name: &mut BTreeMap<String, NodeId>) {
    let by_file: BTreeMap<&str, NodeId> =
        known.iter().map(|(node, local)| (local.stamp.file_id.as_str(), *node)).collect();
    let mut carried: BTreeMap<&str, NodeId> = BTreeMap::new();
    for entry in entries {
        let (Some(name), Ok(meta)) = (entry.name.to_str(), &entry.meta) else { continue };
        let Some(node) = by_file.get(meta.file_id.to_string().as_str()) else { continue };
        let local = &known[node];
        let is_as_it_was =
            local.is_folder || (local.stamp.size == meta.size && local.stamp.modified_ns == meta.modified_ns);
        if is_of_kind(meta, local.is_folder) && is_as_it_was && !name::is_temporary(name) {
            carried.insert(name, *node);
        }
    }
    let mut renamed: Vec<(&str, NodeId)> = Vec::new();
    for (name, node) in &carried {
        let own = known[node].place.name.as_str();
        let is_passed_on = own != *name && carried.get(own).is_some_and(|other| other != node);
        if is_passed_on {
            renamed.push((name, *node));
        }
    }
    for (_, node) in &renamed {
        by_name.remove(&known[node].place.name);
    }
    for (name, node) in renamed {
        by_name.insert(name.to_owned(), node);
    }
}

/// Why a name cannot be synced, with one that can.
fn refusal(text: &str, path_units: usize) -> Option<(Reason, Option<String>)> {
    let left = MAX_PATH_UTF16.saturating_sub(path_units + usize::from(path_units > 0));
    let composed: String = text.nfc().collect();
    match name::check(&composed) {
        Ok(()) => (units(&composed) > left).then(|| (Reason::PathTooLong, fitted(&composed, left))),
        Err(InvalidName::Temporary) => Some((Reason::InvalidName, None)),
        Err(_) => Some((Reason::InvalidName, fitted(&name::portable(text), left))),
    }
}

/// `name` cut before its extension so that it is at most `left` units long; `None` where that leaves nothing to read.
fn fitted(name: &str, left: usize) -> Option<String> {
    let (stem, extension) = name::split_extension(name);
    let mut stem = stem.to_owned();
    while units(&stem) + units(extension) > left && stem.pop().is_some() {}
    let stem = stem.trim_end_matches([' ', '.']);
    (stem.chars().count() >= SHORTEST_STEM || stem.len() + extension.len() == name.len())
        .then(|| name::portable(&format!("{stem}{extension}")))
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
