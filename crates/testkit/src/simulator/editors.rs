//! How programs save: in steps, with time between them in which the engine may look.
//!
//! The steps are those that Word, Excel, LibreOffice and Acrobat are seen to make. Nothing here knows the engine; a step
//! that fails, because the engine or a fault came between, ends the saving as it ends a program's.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use disk::{Filesystem as _, MemoryDisk};

use super::history::Act;
use super::users::write;
use super::{Due, World};

/// One step of a program.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    /// Creates a file, or overwrites it in place.
    Write(PathBuf, String),
    /// Renames to a free name.
    Rename(PathBuf, PathBuf),
    /// Renames over what has the name.
    Replace(PathBuf, PathBuf),
    /// Deletes a file.
    Delete(PathBuf),
    /// Makes a folder.
    MakeFolder(PathBuf),
}

/// What a program has still to do, each step with the pause before it.
#[derive(Debug, Clone, Default)]
pub(super) struct Script {
    deeds: VecDeque<(i64, Deed)>,
}

impl Script {
    /// Steps with the same pause between them.
    pub(super) fn new(pause: i64, deeds: impl IntoIterator<Item = Deed>) -> Self {
        Self { deeds: deeds.into_iter().map(|deed| (pause, deed)).collect() }
    }
}

/// How a program saves `token` under `path`, which exists.
pub(super) fn saving(act: Act, path: &Path, token: String, numbers: [u32; 3]) -> Vec<Deed> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = |name: String| path.with_file_name(name);
    let path = path.to_path_buf();
    let number = numbers[2] % 10_000;
    match act {
        Act::Word => {
            let tail: String = if name.chars().count() > 12 { name.chars().skip(2).collect() } else { name };
            let owner = beside(format!("~${tail}"));
            let (fresh, old) = (beside(format!("~WRD{number:04}.tmp")), beside(format!("~WRL{number:04}.tmp")));
            vec![
                Deed::Write(owner.clone(), "propriétaire".to_owned()),
                Deed::Write(fresh.clone(), token),
                Deed::Rename(path.clone(), old.clone()),
                Deed::Rename(fresh, path),
                Deed::Delete(old),
                Deed::Delete(owner),
            ]
        }
        Act::Excel => {
            let owner = beside(format!("~${name}"));
            let fresh = beside(format!("{:08X}", numbers[2] | 0x1000_0000));
            let old = beside(format!("{number:08}.tmp"));
            let mut deeds =
                vec![Deed::Write(owner.clone(), "propriétaire".to_owned()), Deed::Write(fresh.clone(), token)];
            if numbers[1].is_multiple_of(2) {
                deeds.extend([Deed::Rename(path.clone(), old.clone()), Deed::Rename(fresh, path), Deed::Delete(old)]);
            } else {
                deeds.extend([Deed::Delete(path.clone()), Deed::Rename(fresh, path)]);
            }
            deeds.push(Deed::Delete(owner));
            deeds
        }
        Act::LibreOffice => {
            let lock = beside(format!(".~lock.{name}#"));
            let mut deeds = vec![Deed::Write(lock.clone(), "verrou".to_owned())];
            if numbers[1].is_multiple_of(2) {
                let fresh = beside(format!("lu{number:04}abc.tmp"));
                deeds.extend([Deed::Write(fresh.clone(), token), Deed::Replace(fresh, path)]);
            } else {
                deeds.extend([Deed::Write(path.clone(), String::new()), Deed::Write(path, token)]);
            }
            deeds.push(Deed::Delete(lock));
            deeds
        }
        Act::Acrobat => {
            let fresh = beside(format!("A9R{number:04}.tmp"));
            vec![Deed::Write(fresh.clone(), token), Deed::Replace(fresh, path)]
        }
        Act::SafeSave => vec![Deed::Delete(path.clone()), Deed::Write(path, token)],
        Act::Truncate => vec![Deed::Write(path.clone(), String::new()), Deed::Write(path, token)],
        Act::SlowEdit => {
            let parts = [token.len() / 3, token.len() * 2 / 3];
            let begun = parts.map(|end| Deed::Write(path.clone(), token.chars().take(end).collect()));
            begun.into_iter().chain([Deed::Write(path.clone(), token.clone())]).collect()
        }
        _ => vec![Deed::Write(path, token)],
    }
}

impl World {
    /// Begins what a program does; the first step is taken at once.
    pub(super) fn begin(&mut self, index: usize, script: Script) {
        let session = self.stations[index].session;
        self.go_on(index, session, script);
    }

    pub(super) fn go_on(&mut self, index: usize, session: u64, mut script: Script) {
        let now = self.now;
        let station = &self.stations[index];
        if station.session != session || station.is_off {
            return;
        }
        let Some((_, deed)) = script.deeds.pop_front() else { return };
        station.disk.set_now(station.clock(now) * 1_000_000);
        let failure = carry_out(&station.disk, &deed).err();
        self.note(|| format!("program {index}: {deed:?}{}", if failure.is_some() { " fails" } else { "" }));
        if failure.is_some() {
            // It gives up, and takes away only what marks the document as open.
            script.deeds.retain(|(_, deed)| matches!(deed, Deed::Delete(path) if is_owner(path)));
        }
        if let Some((pause, _)) = script.deeds.front() {
            let pause = *pause;
            self.after(pause, Due::Script(index, session, Box::new(script)));
        }
        self.disk_changed(index);
    }
}

fn is_owner(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("~$") || name.starts_with(".~lock.")
}

fn carry_out(disk: &MemoryDisk, deed: &Deed) -> disk::Result<()> {
    match deed {
        Deed::Write(path, text) => write(disk, path, text.as_bytes()),
        Deed::Rename(from, to) => disk.rename_exclusive(from, to),
        Deed::Replace(from, to) => disk.rename_replacing(from, to),
        Deed::Delete(path) => disk.remove_file(path),
        Deed::MakeFolder(path) => disk.create_dir(path),
    }
}
