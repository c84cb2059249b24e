//! Plays a script with an engine between the two folders, and looks for every token at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::super::tree;
use super::contender::{Contender, LOOK};
use super::files::{difference, forgive, is_a_persons, is_gone, name_of, owner, read, remove_empty, write};
use super::ledger::{Fate, Ledger, tokens};
use super::script::{self, Action, How, Moment, Pace, Round, Side, Step};
use crate::interrupt;

/// How long everything is left alone after the last step of a round, longer than the two seconds that are promised.
const ALONE: Duration = Duration::from_millis(2_600);
/// The same where people do not wait.
const HASTE: Duration = Duration::from_millis(300);
/// A round that takes longer is a failure of the bench.
const ROUND: Duration = Duration::from_mins(2);
/// How long an engine has to come to rest at the end.
const REST: Duration = Duration::from_mins(1);
/// Length of a document that is a text, and of one that is not.
const TEXT: usize = 200;
const BINARY: usize = 5_000;
/// How often a program tries to save.
const TRIES: usize = 5;

/// What a script came to.
#[derive(Debug, Clone, Default)]
pub(super) struct Verdict {
    pub(super) fate: Fate,
    /// Files at the end with a name that nobody gave.
    pub(super) litter: usize,
    /// What first differs between the two folders at the end.
    pub(super) difference: Option<String>,
    pub(super) repairs: usize,
    /// Whether nothing moved any more when the tokens were looked for.
    pub(super) is_at_rest: bool,
    /// How much later than its moment a step was done, at most.
    pub(super) late: Duration,
    /// What was done and seen, for people.
    pub(super) history: String,
}

/// Plays a script to its end.
pub(super) fn play(rounds: &[Round], engine: &mut dyn Contender) -> Result<Verdict> {
    let mut stage = Stage {
        engine,
        ledger: Ledger::default(),
        opened: BTreeMap::new(),
        began: Instant::now(),
        history: String::new(),
        late: Duration::ZERO,
    };
    for (number, round) in rounds.iter().enumerate() {
        stage.note(&format!("round {number}, {:?}", round.pace));
        stage.round(round)?;
    }
    stage.note("to rest");
    let is_at_rest = stage.engine.rest(REST)?;
    stage.note(if is_at_rest { "at rest" } else { "not at rest at the limit" });
    stage.judge(rounds, is_at_rest)
}

struct Stage<'e> {
    engine: &'e mut dyn Contender,
    ledger: Ledger,
    /// What was on the disk when a document was opened.
    opened: BTreeMap<(Side, String), Vec<u8>>,
    began: Instant,
    history: String,
    late: Duration,
}

impl Stage<'_> {
    fn note(&mut self, what: &str) {
        // A text takes all that is written.
        let _ = writeln!(self.history, "{:8.3} {what}", self.began.elapsed().as_secs_f64());
    }

    fn round(&mut self, round: &Round) -> Result<()> {
        if round.pace == Pace::Offline {
            self.engine.set_offline(true)?;
        }
        let (before, during): (Vec<&Step>, Vec<&Step>) =
            round.steps.iter().partition(|step| step.moment == Moment::Before);
        for step in before {
            self.step(step)?;
        }
        if round.pace != Pace::Offline {
            self.engine.begin_sync()?;
        }
        let began = Instant::now();
        let mut last = began;
        let mut during = during.into_iter().peekable();
        let alone = if round.pace == Pace::Hasty { HASTE } else { ALONE };
        loop {
            let is_running = self.engine.go_on()?;
            let due = |step: &mut &Step| match step.moment {
                Moment::Before => Some(Duration::ZERO),
                Moment::During(after) => Some(Duration::from_millis(after)).filter(|due| *due <= began.elapsed()),
            };
            if let Some(due) = during.peek_mut().and_then(due) {
                self.late = self.late.max(began.elapsed().saturating_sub(due));
                if let Some(step) = during.next() {
                    self.step(step)?;
                }
                last = Instant::now();
                continue;
            }
            if during.peek().is_none() && !is_running && last.elapsed() >= alone {
                break;
            }
            if began.elapsed() > ROUND {
                bail!("a round takes longer than {} s", ROUND.as_secs());
            }
            if interrupt::wait(LOOK) {
                bail!("interrupted");
            }
        }
        if round.pace == Pace::Offline {
            self.engine.set_offline(false)?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<()> {
        let done = self.act(step).with_context(|| format!("{step}"))?;
        self.note(&format!("{step}: {done}"));
        Ok(())
    }

    /// Does a step; in words, what came of it.
    fn act(&mut self, step: &Step) -> Result<String> {
        let folder = self.engine.folder(step.side);
        match &step.action {
            Action::Save(path, how) => {
                let seen = read(&folder.join(path))?;
                self.save(step, path, seen, *how)
            }
            Action::SaveUnnoticed(path) => {
                let file = folder.join(path);
                let seen = read(&file)?;
                let dated = fs::metadata(&file).and_then(|found| found.modified()).ok();
                let done = self.save(step, path, seen, How::InPlace)?;
                if let (Some(dated), Ok(open)) = (dated, File::options().write(true).open(&file)) {
                    open.set_modified(dated)?;
                }
                Ok(done)
            }
            Action::Open(path) => {
                let Some(seen) = read(&folder.join(path))? else { return Ok("nothing to open".to_owned()) };
                let said = format!("sees {}", shown(&seen));
                fs::write(owner(&folder.join(path)), b"Camille Roux")?;
                self.opened.insert((step.side, path.clone()), seen);
                Ok(said)
            }
            Action::SaveOpened(path) => {
                let Some(seen) = self.opened.remove(&(step.side, path.clone())) else {
                    return Ok("was not opened".to_owned());
                };
                let done = self.save(step, path, Some(seen), How::AsWord)?;
                forgive(fs::remove_file(owner(&folder.join(path))))?;
                Ok(done)
            }
            Action::Move(from, into) => {
                let (from, into) = (folder.join(from), folder.join(into));
                if !from.exists() {
                    return Ok("nothing to move".to_owned());
                }
                if into.exists() {
                    return Ok("the name is taken".to_owned());
                }
                into.parent().map_or(Ok(()), fs::create_dir_all)?;
                // The engine may have taken it away meanwhile.
                let is_done = forgive(fs::rename(from, into))?;
                Ok(if is_done { "done" } else { "nothing to move" }.to_owned())
            }
            Action::Delete(path) => self.delete(&folder.join(path)),
            Action::Kill => {
                self.engine.kill(step.side)?;
                Ok("done".to_owned())
            }
        }
    }

    /// Saves a document with a new token, by somebody who saw these bytes of it.
    fn save(&mut self, step: &Step, path: &str, seen: Option<Vec<u8>>, how: How) -> Result<String> {
        let file = self.engine.folder(step.side).join(path);
        let usual = if Path::new(path).extension().is_some_and(|ending| ending == "txt") { TEXT } else { BINARY };
        let token = self.ledger.write(step.situation, step.side, path);
        // Two saves have two lengths, unless it is the point of the step that they do not.
        let length = match (&step.action, &seen) {
            (Action::SaveUnnoticed(_), Some(seen)) => seen.len(),
            _ => usual + token.spread(),
        };
        let content = token.content(length);
        if let Some(seen) = &seen {
            self.ledger.give_up(seen);
        }
        let mut tries = 0;
        while let Err(error) = write(&file, &content, how) {
            tries += 1;
            // The engine moved the folder under the program's hands: a person saves again.
            if !is_gone(&error) || tries == TRIES {
                return Err(error.into());
            }
        }
        let over = seen.map_or_else(|| "new".to_owned(), |seen| format!("over {}", shown(&seen)));
        Ok(format!("{token}, {over}"))
    }

    /// Deletes what somebody sees there.
    fn delete(&mut self, path: &Path) -> Result<String> {
        if !path.exists() {
            return Ok("nothing to delete".to_owned());
        }
        if path.is_file() {
            let seen = read(path)?.unwrap_or_default();
            self.ledger.give_up(&seen);
            forgive(fs::remove_file(path))?;
            return Ok(format!("held {}", shown(&seen)));
        }
        // What comes into the folder while it is deleted was not seen, and stays as a file manager leaves it.
        let mut held = BTreeSet::new();
        for file in tree::files(path)? {
            let Some(seen) = read(&path.join(&file))? else { continue };
            if is_a_persons(&file) {
                self.ledger.give_up(&seen);
                held.extend(tokens(&seen));
            }
            forgive(fs::remove_file(path.join(&file)))?;
        }
        remove_empty(path)?;
        let held: Vec<String> = held.iter().map(ToString::to_string).collect();
        Ok(format!("held {}", held.join(", ")))
    }

    fn judge(mut self, rounds: &[Round], is_at_rest: bool) -> Result<Verdict> {
        let mut found = BTreeSet::new();
        let names = script::names(rounds);
        let mut litter = BTreeSet::new();
        for side in Side::BOTH {
            let folder = self.engine.folder(side);
            for file in tree::files(&folder)? {
                if is_a_persons(&file) && !name_of(&file).is_some_and(|name| names.contains(name)) {
                    litter.insert(file);
                }
            }
        }
        let mut places = Side::BOTH.map(|side| self.engine.folder(side)).to_vec();
        places.extend(self.engine.stores());
        for place in places {
            for file in tree::files(&place)? {
                let Some(bytes) = read(&place.join(&file))? else { continue };
                found.extend(tokens(&bytes));
            }
        }
        for content in self.engine.contents()? {
            found.extend(tokens(&content));
        }
        let [a, b] = Side::BOTH.map(|side| self.engine.folder(side));
        let difference = difference(&a, &b)?;
        let fate = self.ledger.fate(&found);
        for (token, written) in &fate.lost {
            self.note(&format!("LOST {token}: {} on {:?} [{}]", written.path, written.side, written.situation));
        }
        for (token, written) in &fate.earlier_gone {
            self.note(&format!(
                "no version of {token}: {} on {:?} [{}]",
                written.path, written.side, written.situation
            ));
        }
        if let Some(difference) = &difference {
            self.note(&format!("diverged: {difference}"));
        }
        for file in &litter {
            self.note(&format!("nobody made {}", file.display()));
        }
        for said in self.engine.says()? {
            self.note(&format!("the engine says: {said}"));
        }
        Ok(Verdict {
            fate,
            litter: litter.len(),
            difference,
            repairs: self.engine.repairs(),
            is_at_rest,
            late: self.late,
            history: self.history,
        })
    }
}

fn shown(bytes: &[u8]) -> String {
    tokens(bytes).iter().map(ToString::to_string).collect::<Vec<_>>().join(" + ")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// An "engine" that copies whatever is newer over the other side, and keeps nothing: it must lose.
    struct Careless {
        folders: [PathBuf; 2],
    }

    impl Contender for Careless {
        fn folder(&self, side: Side) -> PathBuf {
            self.folders[usize::from(side == Side::B)].clone()
        }
        fn begin_sync(&mut self) -> Result<()> {
            let [a, b] = &self.folders;
            tree::remove(b)?;
            fs::create_dir_all(a)?;
            tree::copy(a, b)
        }
        fn go_on(&mut self) -> Result<bool> {
            Ok(false)
        }
        fn kill(&mut self, _side: Side) -> Result<()> {
            Ok(())
        }
        fn set_offline(&mut self, _is_offline: bool) -> Result<()> {
            Ok(())
        }
        fn rest(&mut self, _limit: Duration) -> Result<bool> {
            self.begin_sync()?;
            Ok(true)
        }
        fn stores(&self) -> Vec<PathBuf> {
            Vec::new()
        }
    }

    #[test]
    fn an_engine_that_overwrites_one_side_is_caught() {
        let place = tempfile::tempdir().unwrap();
        let mut engine = Careless { folders: [place.path().join("a"), place.path().join("b")] };
        let step = |side| script::Step {
            situation: "edit / edit",
            side,
            moment: Moment::Before,
            action: Action::Save("Achats/Facture.txt".to_owned(), How::AsWord),
        };
        let rounds = [Round { pace: Pace::Hasty, steps: vec![step(Side::A), step(Side::B)] }];
        let verdict = play(&rounds, &mut engine).unwrap();
        let lost: Vec<Side> = verdict.fate.lost.iter().map(|(_, written)| written.side).collect();
        assert_eq!(lost, [Side::B], "what the second person saved was overwritten unseen:\n{}", verdict.history);
        assert_eq!(verdict.litter, 0, "saving leaves no file behind:\n{}", verdict.history);
        assert_eq!(verdict.difference, None, "the copy is the same");
    }
}
