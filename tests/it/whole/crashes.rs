//! The real programs, killed at every point that a change passes, while files go up, come down, and change on both sides.
//!
//! The points are those of the crate `failpoints`, all of them in each story: one that no program reaches fails here. A
//! round is one point: the point is asked for, people work, whichever process reaches it first dies there, it is started
//! again, and both disks and the server come to the same, with nothing lost, doubled or half-written on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::content::ContentHash;
use domain::id::NodeId;
use failpoints::Point;
use protocol::command::{Change, Command, Naming};
use uuid::Uuid;

use super::firm::{Firm, PURCHASES};
use super::folder::{Entry, differences, noise};
use super::history::{History, Runs};
use super::workstation::Workstation;
use super::{LOOK, PATIENCE, until, until_within};

/// Firms among which a story's points are shared. A round is mostly waiting, and more than ten rounds of removals on one
/// workstation would be held until a person says.
const FIRMS: usize = 4;
/// Longer than any engine waits before it goes on.
const REACHED: Duration = Duration::from_secs(30);
/// Longer than any engine waits before it flushes what was saved.
const FLUSHED: Duration = Duration::from_secs(6);
/// Bytes of a content that travels alone.
const LARGE: usize = 1_100_000;

/// What people do while a process is killed.
#[derive(Debug, Clone, Copy)]
enum Work {
    /// One makes, saves, renames and deletes files and folders on the disk.
    GoesUp,
    /// One renames, moves and trashes in the window, and saves: it comes down on the other's disk.
    ComesDown,
    /// Both do, some of it to the same documents and folders.
    OnBothSides,
}

#[test]
fn killed_at_every_point_while_files_go_up_nothing_is_lost() {
    story(Work::GoesUp);
}

#[test]
fn killed_at_every_point_while_changes_come_down_nothing_is_lost() {
    story(Work::ComesDown);
}

#[test]
fn killed_at_every_point_while_both_sides_work_nothing_is_lost() {
    story(Work::OnBothSides);
}

fn story(work: Work) {
    std::thread::scope(|scope| {
        for number in 0..FIRMS {
            let points: Vec<Point> = Point::ALL.iter().copied().skip(number).step_by(FIRMS).collect();
            scope.spawn(move || {
                let mut office = Office::open(&points);
                for point in points {
                    println!("{work:?}, killed at {}", point.name());
                    office.round(work, point);
                }
                office.close();
            });
        }
    });
}

/// A firm with two people at their desks, and a folder of documents for each round.
struct Office {
    firm: Firm,
    desks: [Workstation; 2],
    history: History,
    written: u64,
}

/// The folder of a round.
fn folder(point: Point) -> String {
    format!("{PURCHASES}/{}", point.name())
}

/// What lies below a folder, of all that lies somewhere.
fn below(tree: &BTreeMap<String, Entry>, folder: &str) -> BTreeMap<String, Entry> {
    let inside = |path: &String| path.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned);
    tree.iter().filter_map(|(path, entry)| Some((inside(path)?, entry.clone()))).collect()
}

impl Office {
    fn open(points: &[Point]) -> Self {
        let firm = Firm::open_failing();
        let desks = [firm.workstation("bureau"), firm.other_workstation("portable")];
        let mut office = Self { firm, desks, history: History::default(), written: 0 };
        for point in points {
            let folder = folder(*point);
            for name in ["", "Lot", "Archives", "Cible", "Dossier parti"] {
                fs::create_dir(office.path(0, &folder, name)).unwrap();
            }
            for name in ["Bilan.xlsx", "Ancien nom.pdf", "À déplacer.pdf", "Lot/Facture.pdf"] {
                office.save(0, &folder, name, 3_000);
            }
            office.save(0, &folder, "Dossier parti/Note.pdf", 3_000);
            office.save(0, &folder, "Grand.pdf", LARGE);
        }
        office.are_equal("", None);
        office
    }

    fn path(&self, desk: usize, folder: &str, name: &str) -> PathBuf {
        self.desks[desk].path(folder).join(name)
    }

    /// Saves a content that nobody saved before.
    fn save(&mut self, desk: usize, folder: &str, name: &str, length: usize) {
        self.write(desk, folder, name, length, |path, bytes| fs::write(path, bytes));
    }

    /// The same as office programs do: beside, then renamed over the document.
    fn save_over(&mut self, desk: usize, folder: &str, name: &str, length: usize) {
        self.write(desk, folder, name, length, |path, bytes| {
            let passing = path.with_file_name("passing.tmp");
            fs::write(&passing, bytes)?;
            fs::rename(&passing, path)
        });
    }

    fn write(
        &mut self,
        desk: usize,
        folder: &str,
        name: &str,
        length: usize,
        how: impl Fn(&Path, &[u8]) -> std::io::Result<()>,
    ) {
        self.written += 1;
        // A document of its type: many that look encrypted would be held.
        let mut bytes = b"%PDF-1.7 ".to_vec();
        bytes.extend(noise(self.written, length));
        let path = self.path(desk, folder, name);
        how(&path, &bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self.history.save(desk, &Runs::default(), &format!("{folder}/{name}"), &bytes);
    }

    fn rename(&self, desk: usize, folder: &str, from: &str, to: &str) {
        fs::rename(self.path(desk, folder, from), self.path(desk, folder, to)).unwrap();
    }

    /// One point: asked for, reached, survived.
    fn round(&mut self, work: Work, point: Point) {
        let folder = folder(point);
        let in_the_window = self.actions(&folder);
        let asked = self.firm.fail_at().unwrap().to_owned();
        let reached = asked.with_extension("reached");
        if matches!(point, Point::Flushed | Point::FlushNoted) {
            // What the round before left to be flushed is not this round's.
            std::thread::sleep(FLUSHED);
        }
        // Given its name at once, so that nobody reads half of it.
        fs::write(asked.with_extension("new"), point.name()).unwrap();
        fs::rename(asked.with_extension("new"), &asked).unwrap();
        let expected = match work {
            Work::GoesUp => Some(self.go_up(&folder)),
            Work::ComesDown => Some(self.come_down(&folder, &in_the_window)),
            Work::OnBothSides => {
                self.work_on_both_sides(&folder);
                None
            }
        };
        until_within(REACHED, &format!("a process dies at {}", point.name()), || reached.exists().then_some(()));
        until("it is dead", || {
            let dead = [self.desks[0].has_ended(), self.desks[1].has_ended(), self.firm.server_has_ended()];
            dead.contains(&true).then_some(())
        });
        self.every_file_is_whole(&folder);
        fs::remove_file(&reached).unwrap();
        self.start_what_is_dead();
        self.are_equal(&folder, expected.as_ref());
        self.every_file_is_whole(&folder);
        self.nothing_is_lost_or_doubled();
    }

    /// Work on the first disk; what is to be everywhere in the end.
    fn go_up(&mut self, folder: &str) -> BTreeMap<String, Entry> {
        self.save(0, folder, "Neuf.pdf", 30_000);
        self.save(0, folder, "Neuf et grand.pdf", LARGE);
        self.save(0, folder, "Bilan.xlsx", 4_000);
        self.save_over(0, folder, "Grand.pdf", LARGE + 1);
        fs::create_dir(self.path(0, folder, "Nouveau")).unwrap();
        self.save(0, folder, "Nouveau/Dedans.pdf", 2_000);
        self.rename(0, folder, "Ancien nom.pdf", "Nouveau nom.pdf");
        self.rename(0, folder, "À déplacer.pdf", "Cible/À déplacer.pdf");
        fs::remove_dir_all(self.path(0, folder, "Dossier parti")).unwrap();
        self.desks[0].tree_of(folder)
    }

    /// What is to be done in the window of the first desk.
    fn actions(&self, folder: &str) -> Vec<Command> {
        let desk = &self.desks[0];
        let node = |path: &str| desk.node(&format!("{folder}/{path}"));
        let inside = |path: &str| desk.folder_node(&format!("{folder}/{path}"));
        let rename = |node, seen: &str, value: &str| Command::Place {
            node,
            name: Some(Change { seen: seen.to_owned(), value: value.to_owned() }),
            parent: None,
            naming: Naming::Typed,
        };
        let here = desk.folder_node(folder);
        vec![
            rename(node("Ancien nom.pdf"), "Ancien nom.pdf", "Nouveau nom.pdf"),
            rename(inside("Archives"), "Archives", "Archives 2026"),
            Command::Place {
                node: node("À déplacer.pdf"),
                name: None,
                parent: Some(Change { seen: here, value: inside("Cible") }),
                naming: Naming::Typed,
            },
            Command::Trash { node: inside("Dossier parti") },
            Command::CreateFolder {
                node: NodeId(Uuid::now_v7()),
                parent: here,
                name: "Nouveau".to_owned(),
                naming: Naming::Typed,
            },
        ]
    }

    /// Work in the window of the first desk, and saves on its disk; what is to be everywhere in the end.
    fn come_down(&mut self, folder: &str, actions: &[Command]) -> BTreeMap<String, Entry> {
        self.save(0, folder, "Bilan.xlsx", 4_000);
        self.save_over(0, folder, "Grand.pdf", LARGE + 1);
        self.save(0, folder, "Neuf.pdf", 3_000);
        let mut expected = self.desks[0].tree_of(folder);
        for (from, to) in [
            ("Ancien nom.pdf", "Nouveau nom.pdf"),
            ("Archives", "Archives 2026"),
            ("À déplacer.pdf", "Cible/À déplacer.pdf"),
        ] {
            let entry = expected.remove(from).unwrap();
            expected.insert(to.to_owned(), entry);
        }
        expected.retain(|path, _| !path.starts_with("Dossier parti"));
        expected.insert("Nouveau".to_owned(), Entry::Folder);
        // What the round before left may have reached the point by now.
        self.start_what_is_dead();
        self.desks[0].execute(actions).unwrap();
        expected
    }

    fn start_what_is_dead(&mut self) {
        for desk in &mut self.desks {
            if desk.has_ended() {
                desk.kill();
                desk.start();
            }
        }
        if self.firm.server_has_ended() {
            self.firm.kill();
            self.firm.start();
        }
    }

    fn work_on_both_sides(&mut self, folder: &str) {
        self.save(0, folder, "Bilan.xlsx", 4_000);
        self.save(1, folder, "Bilan.xlsx", 4_100);
        self.save(0, folder, "Neuf.pdf", 5_000);
        self.save(1, folder, "Neuf.pdf", 5_100);
        self.rename(0, folder, "Lot", "Archives/Lot");
        self.save_over(1, folder, "Lot/Facture.pdf", 3_100);
        self.rename(1, folder, "Archives", "Archives 2026");
        self.save_over(1, folder, "Grand.pdf", LARGE + 1);
        self.save(1, folder, "Neuf et grand.pdf", LARGE);
        fs::create_dir(self.path(0, folder, "Nouveau")).unwrap();
        self.save(0, folder, "Nouveau/Dedans.pdf", 2_000);
        self.rename(1, folder, "Ancien nom.pdf", "Cible/Nouveau nom.pdf");
        fs::remove_dir_all(self.path(0, folder, "Dossier parti")).unwrap();
    }

    /// Waits until both disks and the server are equal below a folder, and are what is expected.
    fn are_equal(&self, folder: &str, expected: Option<&BTreeMap<String, Entry>>) {
        let started = Instant::now();
        loop {
            let at_rest = self.desks.iter().all(Workstation::is_at_rest);
            let server = self.firm.office().feed().tree();
            let server = if folder.is_empty() { server } else { below(&server, folder) };
            let disks = [self.desks[0].tree_of(folder), self.desks[1].tree_of(folder)];
            let mut differ = differences(("the server", &server), ("the first disk", &disks[0]));
            differ.extend(differences(("the server", &server), ("the second disk", &disks[1])));
            differ.extend(expected.into_iter().flat_map(|tree| differences(("paper", tree), ("the server", &server))));
            if at_rest && differ.is_empty() {
                return;
            }
            if started.elapsed() > PATIENCE {
                for desk in &self.desks {
                    println!("{:?}\n{:#?}", desk.status(), desk.waiting());
                }
                panic!("not equal below {folder:?}:\n{}", differ.join("\n"));
            }
            std::thread::sleep(LOOK);
        }
    }

    /// No file of either disk has bytes that nobody saved.
    fn every_file_is_whole(&self, folder: &str) {
        let saved: BTreeSet<ContentHash> = self.history.owed().map(|(hash, _)| hash).collect();
        for desk in &self.desks {
            for (path, entry) in desk.tree_of(folder) {
                if let Entry::File(hash) = entry {
                    assert!(saved.contains(&hash), "{folder}/{path} is nothing that anybody saved");
                }
            }
        }
    }

    /// Each content ever saved is a version of one document.
    fn nothing_is_lost_or_doubled(&self) {
        let contents = self.firm.office().feed().contents();
        for (hash, path) in self.history.owed() {
            let documents = contents.get(&hash).map_or(0, BTreeSet::len);
            assert_eq!(documents, 1, "{path}: in as many documents");
        }
    }

    fn close(&self) {
        for desk in &self.desks {
            desk.rest();
        }
        self.are_equal("", None);
        self.nothing_is_lost_or_doubled();
        for (hash, path) in self.history.owed() {
            assert!(self.firm.office().content(hash).is_ok(), "{path}: the server gives its bytes");
        }
        for desk in &self.desks {
            assert_eq!(desk.half_written(), 0, "nothing is left of what was being written");
        }
    }
}
