//! What users do to the files and folders of their mirror.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use disk::{Filesystem as _, MemoryDisk, Sharing};
use domain::name::is_temporary;
use unicode_normalization::UnicodeNormalization as _;

use super::editors::{Deed, Script, saving};
use super::faults::{Fault, Held};
use super::history::{Act, Step};
use super::server::CLIENT_FILES;
use super::station::{ROOT, Station};
use super::{Due, World};

/// Folders of a client file's tree that users work in.
pub(super) const PLACES: [&str; 4] = [
    "04 À classer",
    "02 Dossier annuel/2026/Achats/2026-01",
    "02 Dossier annuel/2026/Banque/2026-01",
    "01 Dossier permanent/Juridique",
];

/// Names that users give: few, so that they meet.
const NAMES: [&str; 14] = [
    "note 1.txt",
    "note 2.txt",
    "note 3.txt",
    "Bilan.docx",
    "Bilan.xlsx",
    "Relevé bancaire.pdf",
    "Été.odt",
    "contrat.pdf",
    "a.txt",
    "b.txt",
    "TVA.xlsx",
    "Lettre de mission.docx",
    "rapport",
    "dossier 1",
];

const FOLDERS: [&str; 5] = ["dossier 1", "dossier 2", "Pièces", "Archives", "note 1.txt"];

/// The longest a program keeps a file open.
const HELD_MS: i64 = 20_000;
/// Deeper than this nobody makes folders.
const DEPTH: usize = 12;

/// The files and folders a user sees in the places of work.
struct Sight {
    files: Vec<(PathBuf, Arc<Vec<u8>>)>,
    folders: Vec<PathBuf>,
    /// Folders that are not the tree's.
    own: Vec<PathBuf>,
}

impl Sight {
    fn file(&self, number: u32) -> Option<&(PathBuf, Arc<Vec<u8>>)> {
        pick(&self.files, number)
    }
}

fn pick<T>(from: &[T], number: u32) -> Option<&T> {
    from.get(number as usize % from.len().max(1))
}

/// A name, at times in capitals or with its accents apart.
fn name(names: &[&str], number: u32) -> String {
    let name = pick(names, number).copied().unwrap_or("x");
    match number >> 16 & 15 {
        0 => name.to_uppercase(),
        1 => name.nfd().collect(),
        _ => name.to_owned(),
    }
}

/// How quick programs and people are, in milliseconds between two steps.
fn pause(number: u32) -> i64 {
    [5, 120, 700, 2_500][(number >> 8) as usize % 4]
}

/// Creates a file, or overwrites it in place.
pub(super) fn write(disk: &MemoryDisk, path: &Path, bytes: &[u8]) -> disk::Result<()> {
    disk.save_in_place(path, bytes)
}

impl Station {
    fn sight(&self) -> Sight {
        let mut sight = Sight { files: Vec::new(), folders: Vec::new(), own: Vec::new() };
        for place in CLIENT_FILES.iter().flat_map(|file| PLACES.map(|place| Path::new(ROOT).join(file).join(place))) {
            let Ok(entries) = self.disk.everything_below(&place) else { continue };
            for entry in entries {
                let below = entry.path.strip_prefix(&place).unwrap_or(&entry.path);
                if below.iter().any(|name| is_temporary(&name.to_string_lossy())) {
                    continue;
                }
                match entry.content {
                    Some(bytes) => sight.files.push((entry.path, bytes)),
                    None => sight.own.push(entry.path),
                }
            }
            sight.folders.push(place);
        }
        sight.folders.extend(sight.own.iter().cloned());
        sight
    }
}

impl World {
    /// A user, or a program, does something on the disk; what it was. `None` where there is nothing to do it to.
    pub(super) fn act_on_disk(&mut self, step: &Step) -> Option<String> {
        let Step { station: index, act, numbers, .. } = *step;
        let [one, two, three] = numbers;
        let station = &self.stations[index];
        let disk = station.disk.clone();
        disk.set_now(station.clock(self.now) * 1_000_000);
        let sight = station.sight();
        let to = || Some(pick(&sight.folders, two)?.join(name(&NAMES, three)));
        let pause = pause(three);
        match act {
            Act::Create => {
                let path = to()?;
                let token = self.tokens.new_token(index, self.now);
                let line = format!("{} with {token}", path.display());
                self.begin(index, Script::new(0, [Deed::Write(path, token)]));
                Some(line)
            }
            Act::Edit
            | Act::SlowEdit
            | Act::Truncate
            | Act::SafeSave
            | Act::Word
            | Act::Excel
            | Act::LibreOffice
            | Act::Acrobat => {
                let (path, _) = sight.file(one)?;
                let token = self.tokens.new_token(index, self.now);
                let line = format!("{} with {token}, every {pause} ms", path.display());
                self.begin(index, Script::new(pause, saving(act, path, token, numbers)));
                Some(line)
            }
            Act::Hold => self.hold(index, &sight.file(one)?.0, numbers),
            Act::Rename => {
                let (from, _) = sight.file(one)?;
                Some(renamed(&disk, from, &from.with_file_name(name(&NAMES, three))))
            }
            Act::RenameCase => {
                let (from, _) = sight.file(one)?;
                let old = from.file_name()?.to_string_lossy().into_owned();
                let upper = old.to_uppercase();
                let new = if old == upper { old.to_lowercase() } else { upper };
                Some(renamed(&disk, from, &from.with_file_name(new)))
            }
            Act::Twin => {
                // The same name to a person, written otherwise.
                let (path, _) = sight.file(one)?;
                let old = path.file_name()?.to_string_lossy().into_owned();
                let twin = if two.is_multiple_of(2) { old.nfd().collect() } else { old.to_uppercase() };
                let token = self.tokens.new_token(index, self.now);
                let path = path.with_file_name(twin);
                let line = format!("{} with {token}", path.display());
                self.begin(index, Script::new(0, [Deed::Write(path, token)]));
                Some(line)
            }
            Act::Move => Some(renamed(&disk, &sight.file(one)?.0, &to()?)),
            Act::Swap => {
                let ((a, _), (b, _)) = (sight.file(one)?, sight.file(two)?);
                if a == b {
                    return None;
                }
                let between = a.with_file_name("échange en cours");
                let deeds = [(a, &between), (b, a), (&between, b)];
                let deeds = deeds.map(|(from, to)| Deed::Rename(from.clone(), to.clone()));
                self.begin(index, Script::new(pause, deeds));
                Some(format!("{} and {}", a.display(), b.display()))
            }
            Act::Copy => {
                let (from, bytes) = sight.file(one)?;
                let path = to()?;
                self.tokens.copied(bytes);
                let copied = disk.copy(from, &path).is_ok();
                Some(format!("{} to {}: {copied}", from.display(), path.display()))
            }
            Act::Delete => {
                let (path, _) = sight.file(one)?;
                Some(format!("{}: {}", path.display(), disk.remove_file(path).is_ok()))
            }
            _ => self.act_on_folders(step, &disk, &sight),
        }
    }

    fn act_on_folders(&mut self, step: &Step, disk: &MemoryDisk, sight: &Sight) -> Option<String> {
        let Step { station: index, act, numbers: [one, two, three], .. } = *step;
        match act {
            Act::MakeFolder => {
                let path = pick(&sight.folders, one)?.join(name(&FOLDERS, two));
                let made = path.components().count() < DEPTH && disk.create_dir(&path).is_ok();
                Some(format!("{}: {made}", path.display()))
            }
            Act::RenameFolder => {
                let from = pick(&sight.own, one)?;
                Some(renamed(disk, from, &from.with_file_name(name(&FOLDERS, two))))
            }
            Act::MoveFolder => {
                let to = pick(&sight.folders, two)?.join(name(&FOLDERS, three));
                let is_shallow = to.components().count() < DEPTH;
                Some(renamed(disk, pick(&sight.own, one).filter(|_| is_shallow)?, &to))
            }
            Act::DeleteFolder => {
                let path = pick(&sight.own, one)?;
                Some(format!("{}: {}", path.display(), remove_all(disk, path)))
            }
            Act::RemakeFolder => {
                let path = pick(&sight.own, one)?.clone();
                let removed = remove_all(disk, &path);
                let token = self.tokens.new_token(index, self.now);
                let line = format!("{}: {removed}, with {token}", path.display());
                let file = path.join(name(&NAMES, three));
                self.begin(index, Script::new(pause(three), [Deed::MakeFolder(path), Deed::Write(file, token)]));
                Some(line)
            }
            Act::Stray => {
                let client_file = Path::new(ROOT).join(pick(&CLIENT_FILES, one)?);
                let folder =
                    [client_file.join("02 Dossier annuel"), client_file, PathBuf::from(ROOT)][two as usize % 3].clone();
                let path = folder.join(name(&NAMES, three));
                let token = self.tokens.new_token(index, self.now);
                let line = format!("{} with {token}", path.display());
                self.begin(index, Script::new(0, [Deed::Write(path, token)]));
                Some(line)
            }
            Act::DeleteFixed => {
                let place = Path::new(ROOT).join(pick(&CLIENT_FILES, one)?).join(pick(&PLACES, two)?);
                Some(format!("{}: {}", place.display(), remove_all(disk, &place)))
            }
            _ => None,
        }
    }

    /// A program opens a file and keeps it open.
    fn hold(&mut self, index: usize, path: &Path, [_, two, three]: [u32; 3]) -> Option<String> {
        let sharing = if two.is_multiple_of(2) { Sharing::Read } else { Sharing::Nothing };
        let station = &mut self.stations[index];
        let handle = station.disk.open_as_program(path, sharing).ok()?;
        let owner = path.with_file_name(format!("~${}", path.file_name()?.to_string_lossy()));
        let owner = (two >> 1).is_multiple_of(2).then_some(owner);
        if let Some(owner) = &owner {
            // A full disk keeps nobody from opening a document.
            let _ = write(&station.disk, owner, b"propri\xc3\xa9taire");
        }
        let lasting = 1_000 + i64::from(three) % HELD_MS;
        let until = self.now + lasting;
        station.held.push(Held { until, handle, owner, saves: (two >> 2).is_multiple_of(2) });
        self.after(lasting, Due::End(index, Fault::Hold));
        Some(format!("{} is open for {lasting} ms, sharing {sharing:?}", path.display()))
    }
}

fn renamed(disk: &MemoryDisk, from: &Path, to: &Path) -> String {
    let done = !to.starts_with(from) || to == from;
    let done = (done || from.parent() == to.parent()) && disk.rename_exclusive(from, to).is_ok();
    format!("{} to {}: {done}", from.display(), to.display())
}

/// Removes a folder with all that is in it, as far as that goes.
fn remove_all(disk: &MemoryDisk, folder: &Path) -> bool {
    let mut entries = disk.everything_below(folder).unwrap_or_default();
    entries.sort_by(|a, b| b.path.cmp(&a.path));
    for entry in entries {
        let removed =
            if entry.content.is_some() { disk.remove_file(&entry.path) } else { disk.remove_dir(&entry.path) };
        if removed.is_err() {
            return false;
        }
    }
    disk.remove_dir(folder).is_ok()
}
