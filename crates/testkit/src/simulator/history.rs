//! Histories: what users, programs and bad luck do, drawn from a seed before anything is played.
//!
//! A step names no file: it carries numbers that choose among what is there when it is played. So any step can be left
//! out and the rest still makes sense, which is what [`shrink`](super::shrink) lives on. Written as text, a history
//! outlives changes of how histories are drawn.

use std::fmt::Write as _;

use disk::Personality;
use rand::Rng as _;
use rand::SeedableRng as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;

/// What is done, or fails.
#[expect(missing_docs, reason = "the words of `ACTS`, explained where each is played")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    Create,
    Edit,
    SlowEdit,
    Truncate,
    SafeSave,
    Word,
    Excel,
    LibreOffice,
    Acrobat,
    Hold,
    Rename,
    RenameCase,
    Twin,
    Move,
    Swap,
    Copy,
    Delete,
    MakeFolder,
    RenameFolder,
    MoveFolder,
    DeleteFolder,
    RemakeFolder,
    Stray,
    DeleteFixed,
    WindowRename,
    WindowMove,
    WindowTrash,
    WindowRestore,
    WindowFolder,
    WindowReview,
    WindowYears,
    Offline,
    Kill,
    Checkpoint,
    PowerCut,
    Full,
    Unreadable,
    DiskErrors,
    Clock,
    Deaf,
    Overflow,
    Late,
    Invent,
    BackUp,
    RestoreBackUp,
    BackUpServer,
    RestoreServer,
}

/// Every act with its word and how often users do it; faults are drawn apart.
const ACTS: [(Act, &str, u32); 47] = [
    (Act::Create, "create", 16),
    (Act::Edit, "edit", 10),
    (Act::SlowEdit, "slow_edit", 3),
    (Act::Truncate, "truncate", 3),
    (Act::SafeSave, "safe_save", 4),
    (Act::Word, "word", 6),
    (Act::Excel, "excel", 6),
    (Act::LibreOffice, "libreoffice", 4),
    (Act::Acrobat, "acrobat", 4),
    (Act::Hold, "hold", 2),
    (Act::Rename, "rename", 6),
    (Act::RenameCase, "rename_case", 2),
    (Act::Twin, "twin", 1),
    (Act::Move, "move", 6),
    (Act::Swap, "swap", 2),
    (Act::Copy, "copy", 2),
    (Act::Delete, "delete", 6),
    (Act::MakeFolder, "make_folder", 5),
    (Act::RenameFolder, "rename_folder", 3),
    (Act::MoveFolder, "move_folder", 4),
    (Act::DeleteFolder, "delete_folder", 2),
    (Act::RemakeFolder, "remake_folder", 1),
    (Act::Stray, "stray", 1),
    (Act::DeleteFixed, "delete_fixed", 1),
    (Act::WindowRename, "window_rename", 3),
    (Act::WindowMove, "window_move", 3),
    (Act::WindowTrash, "window_trash", 3),
    (Act::WindowRestore, "window_restore", 3),
    (Act::WindowFolder, "window_folder", 2),
    (Act::WindowReview, "window_review", 1),
    (Act::WindowYears, "window_years", 0),
    (Act::Offline, "offline", 0),
    (Act::Kill, "kill", 0),
    (Act::Checkpoint, "checkpoint", 0),
    (Act::PowerCut, "power_cut", 0),
    (Act::Full, "full", 0),
    (Act::Unreadable, "unreadable", 0),
    (Act::DiskErrors, "disk_errors", 0),
    (Act::Clock, "clock", 0),
    (Act::Deaf, "deaf", 0),
    (Act::Overflow, "overflow", 0),
    (Act::Late, "late", 0),
    (Act::Invent, "invent", 0),
    (Act::BackUp, "back_up", 0),
    (Act::RestoreBackUp, "restore_back_up", 0),
    (Act::BackUpServer, "back_up_server", 0),
    (Act::RestoreServer, "restore_server", 0),
];

/// How many steps users make in a history.
const STEPS: std::ops::RangeInclusive<usize> = 150..=300;

impl Act {
    /// Its word.
    pub fn name(self) -> &'static str {
        ACTS.iter().find(|(act, ..)| *act == self).map_or("", |(_, name, _)| name)
    }

    /// Whether it is none of a user's.
    pub fn is_fault(self) -> bool {
        self >= Self::Offline
    }

    /// Whether it is done in the window, and not on the disk.
    pub fn is_in_window(self) -> bool {
        (Self::WindowRename..=Self::WindowYears).contains(&self)
    }
}

/// One thing that is done, or fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// When, in milliseconds since the history's beginning.
    pub at: i64,
    /// Where.
    pub station: usize,
    /// What.
    pub act: Act,
    /// They choose among what is there then.
    pub numbers: [u32; 3],
}

/// A history to be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Decides what the network does, and ids.
    pub seed: u64,
    /// The workstations, by the habits of their disks.
    pub disks: Vec<Personality>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

impl History {
    /// The history of a seed.
    pub fn drawn(seed: u64) -> Self {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let count = if dice.random_bool(0.25) { 3 } else { 2 };
        let disks = (0..count).map(|_| personality(dice.random_range(0..3))).collect();
        let mut steps = work(&mut dice, count);
        let end = steps.last().map_or(0, |step| step.at);
        steps.extend(bad_luck(&mut dice, count, end));
        steps.extend(choices(&mut dice, count, end));
        steps.sort_by_key(|step| step.at);
        Self { seed, disks, steps }
    }

    /// The history as text, one step a line.
    pub fn to_text(&self) -> String {
        let disks: Vec<&str> = self.disks.iter().map(|disk| personality_name(*disk)).collect();
        let mut text = format!("seed {} on {}\n", self.seed, disks.join(" "));
        for Step { at, station, act, numbers: [one, two, three] } in &self.steps {
            // Writing to a text does not fail.
            let _ = writeln!(text, "{at} {station} {} {one} {two} {three}", act.name());
        }
        text
    }

    /// Reads what [`History::to_text`] wrote, with lines that begin with `#` left out; `None` where it is something else.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        let (seed, disks) = lines.next()?.strip_prefix("seed ")?.split_once(" on ")?;
        let disks: Option<Vec<Personality>> = disks.split(' ').map(personality_called).collect();
        let steps: Option<Vec<Step>> = lines.map(read_step).collect();
        Some(Self { seed: seed.parse().ok()?, disks: disks?, steps: steps? })
    }
}

fn read_step(line: &str) -> Option<Step> {
    let mut words = line.split(' ');
    let at = words.next()?.parse().ok()?;
    let station = words.next()?.parse().ok()?;
    let name = words.next()?;
    let (act, ..) = ACTS.iter().find(|(_, known, _)| *known == name)?;
    let mut number = || words.next()?.parse().ok();
    Some(Step { at, station, act: *act, numbers: [number()?, number()?, number()?] })
}

fn personality(number: u32) -> Personality {
    match number {
        0 => Personality::Ext4Like,
        1 => Personality::NtfsLike,
        _ => Personality::ApfsLike,
    }
}

fn personality_name(personality: Personality) -> &'static str {
    match personality {
        Personality::Ext4Like => "ext4",
        Personality::NtfsLike => "ntfs",
        Personality::ApfsLike => "apfs",
    }
}

fn personality_called(name: &str) -> Option<Personality> {
    (0..3).map(personality).find(|personality| personality_name(*personality) == name)
}

/// What users do: bursts, quick or slow, at one workstation with others joining in, and pauses between them.
fn work(dice: &mut ChaCha8Rng, stations: usize) -> Vec<Step> {
    let wanted = dice.random_range(STEPS);
    let mut steps = Vec::new();
    let mut at = dice.random_range(1_000..6_000);
    while steps.len() < wanted {
        let station = dice.random_range(0..stations);
        let length = *[2, 5, 10, 25].choose(dice).unwrap_or(&5);
        let pace = *[20, 200, 1_000, 4_000].choose(dice).unwrap_or(&200);
        for _ in 0..dice.random_range(1..=length) {
            let who = if dice.random_bool(0.2) { dice.random_range(0..stations) } else { station };
            let (act, ..) = *ACTS.choose_weighted(dice, |(_, _, weight)| *weight).unwrap_or(&ACTS[0]);
            steps.push(Step { at, station: who, act, numbers: dice.random() });
            at += dice.random_range(0..pace);
        }
        at += *[300, 3_000, 12_000].choose(dice).unwrap_or(&300) + dice.random_range(0..2_000);
    }
    steps.truncate(wanted);
    steps
}

/// What fails: of each sort of fault, some histories have none and some have many.
fn bad_luck(dice: &mut ChaCha8Rng, stations: usize, end: i64) -> Vec<Step> {
    const SORTS: [(Act, f64, usize); 14] = [
        (Act::Offline, 0.9, 6),
        (Act::Kill, 0.6, 6),
        (Act::PowerCut, 0.35, 3),
        (Act::Full, 0.3, 2),
        (Act::Unreadable, 0.3, 4),
        (Act::DiskErrors, 0.3, 3),
        (Act::Clock, 0.3, 4),
        (Act::Deaf, 0.3, 3),
        (Act::Overflow, 0.3, 3),
        (Act::Late, 0.3, 4),
        (Act::Invent, 0.4, 6),
        (Act::RestoreBackUp, 0.12, 1),
        (Act::Checkpoint, 0.0, 0),
        (Act::RestoreServer, 0.1, 1),
    ];
    let mut steps = Vec::new();
    for (act, chance, most) in SORTS {
        if !dice.random_bool(chance) {
            continue;
        }
        for _ in 0..dice.random_range(1..=most) {
            let at = dice.random_range(3_000..end.max(4_000));
            let station = dice.random_range(0..stations);
            let earlier = match act {
                // What the machine had written of the replica when the power goes.
                Act::PowerCut => Some((Act::Checkpoint, dice.random_range(0..25_000))),
                Act::RestoreBackUp => Some((Act::BackUp, dice.random_range(0..=at))),
                Act::RestoreServer => Some((Act::BackUpServer, dice.random_range(0..=at))),
                _ => None,
            };
            if let Some((before, by)) = earlier {
                steps.push(Step { at: (at - by).max(0), station, act: before, numbers: [0; 3] });
            }
            steps.push(Step { at, station, act, numbers: dice.random() });
        }
    }
    steps
}

/// What somebody chooses to have offline, now and then: few ever do, and some do again and again.
fn choices(dice: &mut ChaCha8Rng, stations: usize, end: i64) -> Vec<Step> {
    if !dice.random_bool(0.4) {
        return Vec::new();
    }
    let station = dice.random_range(0..stations);
    (0..dice.random_range(1..=8))
        .map(|_| {
            let at = dice.random_range(3_000..end.max(4_000));
            Step { at, station, act: Act::WindowYears, numbers: dice.random() }
        })
        .collect()
}
