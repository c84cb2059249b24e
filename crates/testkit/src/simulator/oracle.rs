//! What must be true when everything rests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use domain::id::NodeId;
use domain::name::is_temporary;
use store::replica::{Owner, Replica};
use unicode_normalization::UnicodeNormalization as _;

use super::World;
use super::promise::is_below_any;
use super::server::CLIENT_FILES;
use super::station::{ROOT, Station};

type Tree = BTreeMap<PathBuf, Option<Vec<u8>>>;

impl World {
    /// Judges a history that came to rest.
    pub(super) fn judge(&mut self) {
        let kept = self.kept_anywhere();
        for bytes in self.tokens.promised() {
            if !kept.contains(bytes) {
                self.report.lost.push(String::from_utf8_lossy(bytes).into_owned());
            }
        }
        self.report.promised = self.tokens.promised().count();
        let expected = self.expected_tree();
        if !self.has_forgotten {
            self.judge_doubles(&expected);
        }
        for (index, station) in self.stations.iter().enumerate() {
            let blocked = station.blocked();
            let found = station.tree();
            compare(&expected, &found, &blocked, index, &mut self.report.diverged);
        }
    }

    /// A content is one document's, unless somebody copied the file.
    fn judge_doubles(&mut self, expected: &Tree) {
        let mut places: BTreeMap<&[u8], Vec<&Path>> = BTreeMap::new();
        for (path, bytes) in expected {
            if let Some(bytes) = bytes
                && self.tokens.is_token(bytes)
                && !self.tokens.is_copied(bytes)
            {
                places.entry(bytes).or_default().push(path);
            }
        }
        for (bytes, paths) in places {
            if paths.len() > 1 {
                self.report.diverged.push(format!("{} is twice: {paths:?}", String::from_utf8_lossy(bytes)));
            }
        }
    }

    /// The documents and folders that a fresh replica of the server holds, by path.
    fn expected_tree(&mut self) -> Tree {
        let owner = Owner { firm: self.server.firm.id(), person: self.server.people[0] };
        let fresh = Replica::memory(owner).expect("a replica in memory");
        let mut request = fresh.write(|tx| tx.pull_request(10_000)).expect("a request");
        loop {
            let reply = self.server.firm.pull(owner.person, &request).expect("a pull");
            let protocol::feed::PullReply::Page(page) = reply else { panic!("a first pull gives pages") };
            let Some(next) = page.next.clone() else {
                fresh.write(|tx| tx.apply(&page)).expect("a pull applied");
                break;
            };
            fresh.write(|tx| tx.stage(&page)).expect("a page staged");
            request.resume = Some(next);
        }
        let mut tree = Tree::new();
        for (client_file, name) in self.server.client_files.into_iter().zip(CLIENT_FILES) {
            self.add_documents(&fresh, client_file.root(), Path::new(name), &mut tree);
        }
        tree
    }

    fn add_documents(&mut self, replica: &Replica, folder: NodeId, path: &Path, tree: &mut Tree) {
        for node in replica.read(|tx| tx.confirmed_children(folder)).expect("a readable replica") {
            let path = path.join(&node.name);
            if node.is_trashed() {
                continue;
            }
            if node.is_folder {
                // Containers without a folder for documents below are not shown.
                if node.theme.is_some() {
                    tree.insert(path.clone(), None);
                }
                self.add_documents(replica, node.id, &path, tree);
                continue;
            }
            match node.content.and_then(|hash| self.server.bytes(hash)) {
                Some(bytes) => {
                    tree.insert(path, Some(bytes.to_vec()));
                }
                None => self.report.lost.push(format!("the content of {}", path.display())),
            }
        }
    }
}

impl Station {
    /// The mirror as it is on the disk, accents together; passing files and the engine's own corner aside.
    fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        for entry in self.disk.everything_below(Path::new(ROOT)).unwrap_or_default() {
            let below = entry.path.strip_prefix(ROOT).unwrap_or(&entry.path);
            if !below.iter().any(|name| is_temporary(&name.to_string_lossy())) {
                let composed: String = below.to_string_lossy().nfc().collect();
                tree.insert(PathBuf::from(composed), entry.content.map(|bytes| bytes.to_vec()));
            }
        }
        tree
    }
}

fn compare(expected: &Tree, found: &Tree, blocked: &BTreeSet<String>, station: usize, differences: &mut Vec<String>) {
    let is_excused = |path: &Path| is_below_any(path, blocked);
    for (path, bytes) in expected {
        match found.get(path) {
            _ if is_excused(path) => {}
            None => differences.push(format!("station {station} lacks {}", path.display())),
            Some(other) if other != bytes => {
                let text =
                    |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
                let (is, should) = (text(other), text(bytes));
                differences.push(format!("station {station} has {is:?} at {}, not {should:?}", path.display()));
            }
            Some(_) => {}
        }
    }
    for (path, bytes) in found {
        // Containers are not listed in what is expected.
        let is_container = bytes.is_none() && expected.keys().any(|other| other.starts_with(path));
        if !expected.contains_key(path) && !is_container && !is_excused(path) {
            differences.push(format!("station {station} has {} too many", path.display()));
        }
    }
}
