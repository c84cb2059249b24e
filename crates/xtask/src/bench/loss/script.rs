//! What two people do in one folder, drawn from a seed. The same seed is the same script for every engine.
//!
//! A script is rounds; a round is steps of one or two situations, on both workstations, and what happens to the engine
//! meanwhile. Steps name their files. What an engine made of a file before is not known here: a step whose file is not
//! there is done as a person would (a document that is not there is saved anew, and cannot be moved or deleted).

use std::fmt;

use super::super::corpus::Random;

/// Rounds after the one in which the first documents are made.
const ROUNDS: usize = 6;
/// Folders at the beginning.
const FOLDERS: [&str; 3] = ["Achats", "Ventes", "Social"];
/// Documents at the beginning, in each folder.
const DOCUMENTS: [&str; 3] = ["Facture.txt", "Relevé.xlsx", "Contrat.docx"];

/// A workstation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

impl Side {
    /// Both.
    pub(super) const BOTH: [Self; 2] = [Self::A, Self::B];

    /// The one that this is not.
    pub(super) fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

/// How a program saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Into the file.
    InPlace,
    /// Into a file beside it, which then takes its name.
    Beside,
    /// As Word: the old document is renamed away, the new one takes its name, the old one is deleted.
    AsWord,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    /// A document is saved with a new token; it is made where it is not.
    Save(String, How),
    /// A document is saved in place with as many bytes, and its time put back.
    SaveUnnoticed(String),
    /// A document is opened in a program that stays open.
    Open(String),
    /// What was opened is saved with a new token, by somebody who saw nothing of the document since.
    SaveOpened(String),
    /// A document or a folder is renamed or moved.
    Move(String, String),
    /// A document or a folder with all it holds is deleted.
    Delete(String),
    /// The engine is killed where it is, and started again.
    Kill,
}

/// When, within its round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    /// Before the engine is asked to sync.
    Before,
    /// So many milliseconds after.
    During(u64),
}

/// One thing that one person does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// What it is part of.
    pub(super) situation: &'static str,
    pub(super) side: Side,
    pub(super) moment: Moment,
    pub(super) action: Action,
}

/// What the engine may do in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// It syncs, and all is left alone for more than two seconds.
    Rested,
    /// It syncs, and the next round begins at once.
    Hasty,
    /// It cannot: both workstations are offline. All is left alone as long.
    Offline,
}

/// Some steps, and one sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Round {
    pub(super) pace: Pace,
    /// In the order of their moments.
    pub(super) steps: Vec<Step>,
}

/// The script of a seed.
pub(super) fn draw(seed: u64) -> Vec<Round> {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9).wrapping_add(17));
    let mut pool = Pool::new();
    let first = pool.documents.iter().map(|path| Step {
        situation: "first documents",
        side: Side::A,
        moment: Moment::Before,
        action: Action::Save(path.clone(), How::InPlace),
    });
    let mut rounds = vec![Round { pace: Pace::Rested, steps: first.collect() }];
    // A situation may go on in later rounds.
    let mut planned: Vec<Vec<Step>> = vec![Vec::new(); ROUNDS + 2];
    for round in 0..ROUNDS {
        for _ in 0..=random.below(2) {
            for (later, steps) in situation(&mut random, &mut pool).into_iter().enumerate() {
                planned[round + later].extend(steps);
            }
        }
        let mut steps = std::mem::take(&mut planned[round]);
        let pace = match random.below(10) {
            0 | 1 => Pace::Offline,
            2 => Pace::Hasty,
            _ => Pace::Rested,
        };
        if pace != Pace::Offline && random.below(3) == 0 {
            let moment = Moment::During(5 + random.below(400));
            steps.push(Step { situation: "engine killed", side: side(&mut random), moment, action: Action::Kill });
        }
        // Those of one moment stay in the order they were drawn in.
        steps.sort_by_key(|step| step.moment);
        rounds.push(Round { pace, steps });
    }
    rounds.extend(planned.into_iter().filter(|steps| !steps.is_empty()).map(|mut steps| {
        steps.sort_by_key(|step| step.moment);
        Round { pace: Pace::Rested, steps }
    }));
    rounds
}

/// The documents and folders that the script believes there are.
struct Pool {
    documents: Vec<String>,
    folders: Vec<String>,
    made: usize,
}

impl Pool {
    fn new() -> Self {
        let folders: Vec<String> = FOLDERS.iter().map(|&folder| folder.to_owned()).collect();
        let of = |folder: &String| DOCUMENTS.map(|name| format!("{folder}/{name}"));
        Self { documents: folders.iter().flat_map(of).collect(), folders, made: 0 }
    }

    /// A document that there is.
    fn document(&self, random: &mut Random) -> String {
        pick(random, &self.documents)
    }

    fn folder(&self, random: &mut Random) -> String {
        pick(random, &self.folders)
    }

    /// A name that nothing had.
    fn fresh(&mut self, stem: &str) -> String {
        self.made += 1;
        format!("{stem} {}", self.made)
    }

    fn moved(&mut self, from: &str, to: &str) {
        for path in self.documents.iter_mut().chain(&mut self.folders) {
            if path == from {
                to.clone_into(path);
            } else if let Some(below) = path.strip_prefix(from).filter(|below| below.starts_with('/')) {
                *path = format!("{to}{below}");
            }
        }
    }
}

fn pick(random: &mut Random, among: &[String]) -> String {
    let count = u64::try_from(among.len()).unwrap_or(1);
    let position = usize::try_from(random.below(count)).unwrap_or(0);
    among.get(position).cloned().unwrap_or_default()
}

fn side(random: &mut Random) -> Side {
    if random.below(2) == 0 { Side::A } else { Side::B }
}

fn how(random: &mut Random) -> How {
    match random.below(3) {
        0 => How::InPlace,
        1 => How::Beside,
        _ => How::AsWord,
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The name with the case of its first letter changed.
fn other_case(path: &str) -> String {
    let name = name(path);
    let first = name.chars().next().unwrap_or('x');
    let turned: String =
        if first.is_uppercase() { first.to_lowercase().collect() } else { first.to_uppercase().collect() };
    let changed = format!("{turned}{}", &name[first.len_utf8()..]);
    match path.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{changed}"),
        None => changed,
    }
}

/// One situation: its steps in this round and, for some, in the next ones.
fn situation(random: &mut Random, pool: &mut Pool) -> Vec<Vec<Step>> {
    let (one, document) = (side(random), pool.document(random));
    let other = one.other();
    let save = |random: &mut Random, path: &str| Action::Save(path.to_owned(), how(random));
    let at_once = |situation, steps: Vec<(Side, Action)>| -> Vec<Step> {
        let step = |(side, action)| Step { situation, side, moment: Moment::Before, action };
        steps.into_iter().map(step).collect()
    };
    match random.below(18) {
        0 => vec![at_once("edit", vec![(one, save(random, &document))])],
        1 | 2 => {
            let both = vec![(one, save(random, &document)), (other, save(random, &document))];
            vec![at_once("edit / edit", both)]
        }
        3 => {
            let steps = vec![(one, save(random, &document)), (other, Action::Delete(document))];
            vec![at_once("edit / delete", steps)]
        }
        4 => {
            let to = format!("{}/{}", parent(&document), pool.fresh("Renommé"));
            pool.moved(&document, &to);
            let steps = vec![(one, save(random, &document)), (other, Action::Move(document, to))];
            vec![at_once("edit / rename", steps)]
        }
        5 => {
            let to = format!("{}/{}", pool.folder(random), pool.fresh("Déplacé"));
            pool.moved(&document, &to);
            let steps = vec![(one, save(random, &document)), (other, Action::Move(document, to))];
            vec![at_once("edit / move", steps)]
        }
        6 | 7 => {
            let folder = parent(&document).to_owned();
            let to = pool.fresh("Dossier");
            pool.moved(&folder, &to);
            let added = format!("{folder}/{}", pool.fresh("Ajouté"));
            let steps =
                vec![(one, save(random, &document)), (one, save(random, &added)), (other, Action::Move(folder, to))];
            vec![at_once("edit and add / folder renamed", steps)]
        }
        8 | 9 => {
            let folder = parent(&document).to_owned();
            let added = format!("{folder}/{}", pool.fresh("Ajouté"));
            pool.documents.push(added.clone());
            let steps =
                vec![(one, save(random, &added)), (one, save(random, &document)), (other, Action::Delete(folder))];
            vec![at_once("edit and add / folder deleted", steps)]
        }
        10 => {
            let to = other_case(&document);
            pool.moved(&document, &to);
            let steps = vec![(one, save(random, &document)), (other, Action::Move(document, to))];
            vec![at_once("edit / case of the name", steps)]
        }
        11 => {
            let added = format!("{}/{}", pool.folder(random), pool.fresh("Nouveau"));
            pool.documents.push(added.clone());
            let steps = vec![(one, save(random, &added)), (other, save(random, &added))];
            vec![at_once("same name made twice", steps)]
        }
        12 | 13 => {
            let unnoticed = at_once("time put back", vec![(one, Action::SaveUnnoticed(document.clone()))]);
            vec![unnoticed, at_once("edit after it", vec![(other, save(random, &document))])]
        }
        14 => {
            let mut steps = at_once("saved during a sync", vec![(one, save(random, &document))]);
            for side in [one, other] {
                let moment = Moment::During(5 + random.below(500));
                let action = save(random, &document);
                steps.push(Step { situation: "saved during a sync", side, moment, action });
            }
            vec![steps]
        }
        15 => {
            let opened = vec![(one, Action::Open(document.clone())), (other, save(random, &document))];
            let saved = vec![(one, Action::SaveOpened(document))];
            vec![at_once("edit of an open document", opened), at_once("open document saved", saved)]
        }
        16 => {
            let (to, elsewhere) = (pool.fresh("Ici"), pool.fresh("Là"));
            let (to, elsewhere) =
                (format!("{}/{to}", pool.folder(random)), format!("{}/{elsewhere}", parent(&document)));
            pool.moved(&document, &to);
            let steps = vec![
                (one, save(random, &document)),
                (one, Action::Move(document.clone(), to)),
                (other, Action::Move(document, elsewhere)),
            ];
            vec![at_once("edit and move / move", steps)]
        }
        _ => {
            let second = pool.document(random);
            let passing = format!("{}/{}", parent(&document), pool.fresh("Passage"));
            let steps = vec![
                (one, Action::Move(document.clone(), passing.clone())),
                (one, Action::Move(second.clone(), document.clone())),
                (one, Action::Move(passing, second)),
                (other, save(random, &document)),
            ];
            vec![at_once("edit / names exchanged", steps)]
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.moment {
            Moment::Before => write!(to, "{:?} ", self.side)?,
            Moment::During(after) => write!(to, "{:?} (+{after} ms) ", self.side)?,
        }
        match &self.action {
            Action::Save(path, how) => write!(to, "save {path} ({how:?})")?,
            Action::SaveUnnoticed(path) => write!(to, "save {path}, same size, time put back")?,
            Action::Open(path) => write!(to, "open {path}")?,
            Action::SaveOpened(path) => write!(to, "save {path} as opened")?,
            Action::Move(from, into) => write!(to, "move {from} to {into}")?,
            Action::Delete(path) => write!(to, "delete {path}")?,
            Action::Kill => write!(to, "kill the engine")?,
        }
        write!(to, " [{}]", self.situation)
    }
}

/// Every name that a script gives to a document or a folder.
pub(super) fn names(rounds: &[Round]) -> std::collections::BTreeSet<String> {
    let paths = |step: &Step| match &step.action {
        Action::Save(path, _)
        | Action::SaveUnnoticed(path)
        | Action::Open(path)
        | Action::SaveOpened(path)
        | Action::Delete(path) => vec![path.clone()],
        Action::Move(from, into) => vec![from.clone(), into.clone()],
        Action::Kill => Vec::new(),
    };
    rounds.iter().flat_map(|round| &round.steps).flat_map(paths).map(|path| name(&path).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn one_seed_is_one_script_and_all_situations_are_drawn() {
        assert_eq!(draw(3), draw(3), "nothing but the seed decides");
        assert_ne!(draw(3), draw(4), "another seed is another script");
        let all: Vec<Round> = (0..60).flat_map(draw).collect();
        let situations: BTreeSet<&str> = all.iter().flat_map(|round| &round.steps).map(|step| step.situation).collect();
        assert!(situations.len() >= 18, "sixty seeds know every situation: {situations:?}");
        for pace in [Pace::Rested, Pace::Hasty, Pace::Offline] {
            assert!(all.iter().any(|round| round.pace == pace), "some rounds are {pace:?}");
        }
        let ordered = |round: &Round| round.steps.is_sorted_by_key(|step| step.moment);
        assert!(all.iter().all(ordered), "steps are in the order of their moments");
    }

    #[test]
    fn case_is_changed_in_the_name_alone() {
        assert_eq!(other_case("Achats/Relevé.xlsx"), "Achats/relevé.xlsx", "the folder keeps its own");
        assert_eq!(other_case("élan"), "Élan", "letters of two bytes too");
    }
}
