//! Whether the replica and the mirror's folder are of the same age.
//!
//! Each start gives both the next number. A replica or a folder restored from a backup carries an older one: then nothing
//! that is missing on the disk was removed by the user, and what both sides have is agreed on anew, as at a first link.

use disk::ErrorKind;
use store::replica::Replica;

use crate::Error;
use crate::desk::Desk;

/// The setting that holds the number given last and the one being given.
const SETTING: &str = "mirror_generation";
/// What begins the name of the entry that carries the folder's number.
const PREFIX: &str = "start-";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    given: u64,
    giving: u64,
}

/// Whether replica and folder carry the same number. One that was about to be given when a process ended is as good.
pub(crate) fn agrees(desk: &Desk, replica: &Replica) -> Result<bool, Error> {
    let known = known(replica)?;
    let found = found(desk)?.last().copied();
    Ok(match (known, found) {
        // Neither was ever counted.
        (None, None) => true,
        (Some(known), Some(found)) => found == known.given || found == known.giving,
        (None, Some(_)) | (Some(_), None) => false,
    })
}

/// Gives both the next number. The replica knows of it before the folder has it, so that an end between the two is no
/// difference.
pub(crate) fn advance(desk: &Desk, replica: &Replica) -> Result<(), Error> {
    let old = found(desk)?;
    let given = old.last().copied().unwrap_or_default();
    let highest = known(replica)?.map_or(given, |known| known.giving.max(given));
    let giving = highest + 1;
    write(replica, Known { given, giving })?;
    desk.disk.create_dir(&desk.hidden_dir().join(format!("{PREFIX}{giving}")))?;
    desk.disk.sync_dir(&desk.hidden_dir())?;
    write(replica, Known { given: giving, giving })?;
    for number in old {
        match desk.disk.remove_dir(&desk.hidden_dir().join(format!("{PREFIX}{number}"))) {
            Err(error) if error.kind() == ErrorKind::Crashed => return Err(error.into()),
            // Left behind, it is the lower one.
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn known(replica: &Replica) -> Result<Option<Known>, Error> {
    let text = replica.read(|tx| tx.setting(SETTING))?;
    Ok(text.and_then(|text| {
        let (given, giving) = text.split_once(' ')?;
        Some(Known { given: given.parse().ok()?, giving: giving.parse().ok()? })
    }))
}

fn write(replica: &Replica, Known { given, giving }: Known) -> Result<(), Error> {
    Ok(replica.write(|tx| tx.set_setting(SETTING, &format!("{given} {giving}")))?)
}

/// The numbers that the folder carries, the lowest first: more than one where an older one could not be taken away.
fn found(desk: &Desk) -> Result<Vec<u64>, Error> {
    let entries = match desk.disk.list(&desk.hidden_dir()) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let numbers = entries.iter().filter_map(|entry| entry.name.to_str()?.strip_prefix(PREFIX)?.parse().ok());
    let mut numbers: Vec<u64> = numbers.collect();
    numbers.sort_unstable();
    Ok(numbers)
}
