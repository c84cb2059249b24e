//! What must be true when everything rests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use domain::id::NodeId;
use store::replica::{Owner, Replica};

use super::station::{ROOT, collect};
use super::{Report, World};

/// Unique contents that users saved.
#[derive(Default)]
pub(crate) struct Tokens {
    next: u32,
    saved: BTreeSet<String>,
}

impl Tokens {
    /// A content that nobody saved before.
    pub(crate) fn new_token(&mut self, station: usize, now: i64) -> String {
        self.next += 1;
        let token = format!("contenu {} du poste {station} à {now}", self.next);
        self.saved.insert(token.clone());
        token
    }

    /// Takes back a content that could not be saved after all.
    pub(crate) fn withdraw(&mut self, token: &str) -> String {
        self.saved.remove(token);
        format!("could not save {token}")
    }
}

impl World {
    /// Judges a history that came to rest.
    pub(super) fn judge(&mut self) -> Report {
        let mut report = Report { operations: self.operations, trace: self.trace.finish(), ..Report::default() };
        let on_server = self.server.contents();
        let kept: Vec<BTreeSet<Vec<u8>>> = self.stations.iter().map(super::Station::kept).collect();
        for token in &self.tokens.saved {
            let bytes = token.as_bytes();
            if !on_server.contains(bytes) && !kept.iter().any(|kept| kept.contains(bytes)) {
                report.lost.push(token.clone());
            }
        }
        let expected = self.expected_tree(&mut report);
        for (index, station) in self.stations.iter().enumerate() {
            let mut found = BTreeMap::new();
            collect(&station.disk, Path::new(ROOT), &mut |path, bytes| {
                let relative = path.strip_prefix(ROOT).unwrap_or(path).to_owned();
                if !relative.starts_with(".gedeon") && !relative.starts_with(".gedeon.d") {
                    found.insert(relative, bytes);
                }
            });
            compare(&expected, &found, &format!("poste {index}"), &mut report);
        }
        report
    }

    /// The documents that a fresh replica of the server holds, by path.
    fn expected_tree(&self, report: &mut Report) -> BTreeMap<PathBuf, Vec<u8>> {
        let owner = Owner { firm: self.server.firm.id(), person: self.server.people[0] };
        let fresh = Replica::memory(owner).expect("a replica in memory");
        let mut request = fresh.write(|tx| tx.pull_request(10_000)).expect("a request");
        loop {
            let reply = self.server.firm.pull(owner.person, &request).expect("a pull");
            let protocol::feed::PullReply::Page(page) = reply else { panic!("a first pull gives pages") };
            match page.next.clone() {
                Some(next) => {
                    fresh.write(|tx| tx.stage(&page)).expect("a page staged");
                    request.resume = Some(next);
                }
                None => {
                    fresh.write(|tx| tx.apply(&page)).expect("a pull applied");
                    break;
                }
            }
        }
        let mut tree = BTreeMap::new();
        let root = self.server.client_file.root();
        self.add_documents(&fresh, root, Path::new("Alter Ce"), &mut tree, report);
        tree
    }

    fn add_documents(
        &self,
        replica: &Replica,
        folder: NodeId,
        path: &Path,
        tree: &mut BTreeMap<PathBuf, Vec<u8>>,
        report: &mut Report,
    ) {
        for node in replica.read(|tx| tx.confirmed_children(folder)).expect("a readable replica") {
            let path = path.join(&node.name);
            if node.is_trashed() {
                continue;
            }
            if node.is_folder {
                self.add_documents(replica, node.id, &path, tree, report);
                continue;
            }
            match node.content.and_then(|hash| self.server.bytes(hash)) {
                Some(bytes) => {
                    tree.insert(path, bytes.to_vec());
                }
                None => report.lost.push(format!("the content of {}", path.display())),
            }
        }
    }
}

fn compare(
    expected: &BTreeMap<PathBuf, Vec<u8>>,
    found: &BTreeMap<PathBuf, Vec<u8>>,
    whose: &str,
    report: &mut Report,
) {
    for (path, bytes) in expected {
        match found.get(path) {
            None => report.diverged.push(format!("{whose} lacks {}", path.display())),
            Some(other) if other != bytes => report.diverged.push(format!("{whose} differs at {}", path.display())),
            Some(_) => {}
        }
    }
    for path in found.keys().filter(|path| !expected.contains_key(*path)) {
        report.diverged.push(format!("{whose} has {} too many", path.display()));
    }
}
