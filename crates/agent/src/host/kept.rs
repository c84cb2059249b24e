//! Contents of refused changes as files of this disk: once such a change is forgotten, they may be nowhere else.
//!
//! A file gets its name only when it is whole and on stable storage, and one that is there already with the same bytes is
//! taken for what an earlier attempt made: to keep twice is to keep once.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use content::{Evidence, StagingError};
use disk::ErrorKind;
use domain::content::ContentHash;
use domain::id::CommandId;
use domain::name;
use domain::time::Instant;
use protocol::failure::{Failure, FailureCode};
use protocol::local::KeptFiles;

use super::{Session, Shared, lock};

/// Where files wait for their names, inside the folder they are for.
const TEMPORARY: &str = ".gedeon-garde";

/// Copies what a refused command holds to the profile's own folder, each file with the date of its change.
pub(super) fn keep(shared: &Shared, session: &Session, command: CommandId) -> Result<KeptFiles, Failure> {
    copy_all(shared, session, command, &shared.folder.kept(), dated)
}

/// Copies what a refused command holds to a folder that somebody chose.
pub(super) fn save(
    shared: &Shared,
    session: &Session,
    command: CommandId,
    folder: &Path,
) -> Result<KeptFiles, Failure> {
    if !folder.is_absolute() {
        return Err(Failure::new(FailureCode::BadRequest, "the folder is not absolute"));
    }
    copy_all(shared, session, command, folder, |name, _| name.to_owned())
}

fn copy_all(
    shared: &Shared,
    session: &Session,
    command: CommandId,
    folder: &Path,
    name_of: impl Fn(&str, Instant) -> String,
) -> Result<KeptFiles, Failure> {
    let contents = session.replica.read(|tx| tx.refused_contents(command)).map_err(store::Error::into_failure)?;
    let mut names: Vec<String> = Vec::new();
    if !contents.is_empty() {
        shared.disk.create_dir_all(folder).map_err(|error| failed(folder, &error.into()))?;
    }
    // Two copies at once would want the same names.
    let _alone = lock(&shared.keeping);
    for held in contents {
        // One that the server alone holds any more is fetched first.
        shared.staged(session, held.content)?;
        let wanted = name_of(&own_name(&held.name), held.made_at);
        let name =
            copy(shared, held.content.hash, folder, &wanted).map_err(|error| failed(&folder.join(&wanted), &error))?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(KeptFiles { folder: folder.display().to_string(), names })
}

/// Copies a content to a folder under a name that is free, or that such a copy has already; says which.
fn copy(shared: &Shared, hash: ContentHash, folder: &Path, wanted: &str) -> Result<String, StagingError> {
    let mut number = 1;
    loop {
        let name = if number == 1 { wanted.to_owned() } else { name::numbered(wanted, number) };
        number += 1;
        let path = folder.join(&name);
        match shared.disk.stat(&path)? {
            Some(meta) if meta.is_file() && content::hash_file(&*shared.disk, &path, Evidence::None)?.hash == hash => {
                return Ok(name);
            }
            Some(_) => continue,
            None => {}
        }
        let part = whole(shared, hash, folder)?;
        match shared.disk.rename_exclusive(&part, &path) {
            // Somebody took the name meanwhile.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => shared.disk.remove_file(&part)?,
            renamed => {
                renamed?;
                shared.disk.sync_dir(folder)?;
                return Ok(name);
            }
        }
    }
}

/// A copy of a content that is whole and on stable storage, beside where it is to go.
fn whole(shared: &Shared, hash: ContentHash, folder: &Path) -> Result<PathBuf, StagingError> {
    let part = folder.join(TEMPORARY);
    if shared.disk.stat(&part)?.is_some() {
        // What a process that was killed left behind.
        shared.disk.remove_file(&part)?;
    }
    shared.staging.copy_out(hash, &part)?;
    shared.disk.sync_file(&part)?;
    Ok(part)
}

/// What a file is called here: names come from the server, whoever that is, and one that would lead elsewhere leads nowhere.
fn own_name(name: &str) -> String {
    name::portable(Path::new(name).file_name().and_then(OsStr::to_str).unwrap_or_default())
}

/// `Facture.pdf` as `Facture (2026-11-21 22h47).pdf`, by the clock on the wall here.
fn dated(name: &str, made_at: Instant) -> String {
    let (stem, extension) = name::split_extension(name);
    match chrono::DateTime::from_timestamp_millis(made_at.0) {
        Some(at) => name::portable(&format!(
            "{stem} ({}){extension}",
            at.with_timezone(&chrono::Local).format("%Y-%m-%d %Hh%M")
        )),
        None => name.to_owned(),
    }
}

fn failed(path: &Path, error: &StagingError) -> Failure {
    let code = match error {
        StagingError::Disk(error) if error.kind() == ErrorKind::NoSpace => FailureCode::DiskFull,
        StagingError::Damaged(_) | StagingError::Missing { .. } => FailureCode::ContentDamaged,
        _ => FailureCode::LocalFile,
    };
    Failure::new(code, error.to_string()).with("path", path.display())
}

#[cfg(test)]
mod tests {
    use std::path::Component;

    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        for (name, own) in [
            ("Grand livre.xlsx", "Grand livre.xlsx"),
            ("../../.bashrc", ".bashrc"),
            ("/etc/passwd", "passwd"),
            ("..", "Sans nom"),
            ("", "Sans nom"),
            ("a/..", "Sans nom"),
            (TEMPORARY, "_.gedeon-garde"),
            ("aux.pdf", "_aux.pdf"),
        ] {
            assert_eq!(own_name(name), own, "{name:?}");
        }
        for name in ["..\\..\\Démarrage\\x.bat", "C:\\x.pdf", "C:x.pdf", "x.pdf:flux", "a\0b"] {
            let own = own_name(name);
            for given in [own.clone(), dated(&own, Instant(0)), dated(&own, Instant(i64::MAX))] {
                let parts: Vec<_> = Path::new(&given).components().collect();
                assert!(matches!(parts[..], [Component::Normal(_)]), "{name:?} became {given:?}");
                assert!(!given.contains(['\\', ':', '\0']), "{name:?} became {given:?}");
            }
        }
    }
}
