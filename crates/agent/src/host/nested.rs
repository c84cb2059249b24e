//! Whether a folder lies in what another program keeps in step, or around it: two programs that write in one folder undo
//! each other's work, so such a folder is never made a mirror.
//!
//! Each program is known by the names it gives its folders, by what it leaves in them, and by its variables of the
//! environment.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use disk::Filesystem;

/// What is in the way of a mirror.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nested {
    /// The folder lies in one of this program.
    InFolderOf(&'static str),
    /// A folder of this program lies in it.
    AroundFolderOf(&'static str),
    /// It lies in another mirror.
    InMirror,
    /// Another mirror lies in it.
    AroundMirror,
}

impl Nested {
    /// For the failure's `reason`.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::InFolderOf(_) => "in_synced_folder",
            Self::AroundFolderOf(_) => "around_synced_folder",
            Self::InMirror => "in_mirror",
            Self::AroundMirror => "around_mirror",
        }
    }

    /// The program.
    pub(super) fn program(self) -> &'static str {
        match self {
            Self::InFolderOf(program) | Self::AroundFolderOf(program) => program,
            Self::InMirror | Self::AroundMirror => "Gédéon",
        }
    }
}

struct Program {
    name: &'static str,
    /// Names of its folders.
    names: &'static [&'static str],
    /// How other names of its folders begin.
    beginnings: &'static [&'static str],
    /// How the names of what it leaves in its folders begin.
    left: &'static [&'static str],
    /// Variables of the environment that hold the path of a folder of its own.
    variables: &'static [&'static str],
}

const PROGRAMS: &[Program] = &[
    Program {
        name: "OneDrive",
        names: &["OneDrive"],
        beginnings: &["OneDrive - ", "OneDrive-"],
        left: &[],
        variables: &["OneDrive", "OneDriveConsumer", "OneDriveCommercial"],
    },
    Program {
        name: "Dropbox",
        names: &["Dropbox"],
        beginnings: &["Dropbox (", "Dropbox-"],
        // Not `.dropbox`: that is also a folder of settings in the user's own.
        left: &[".dropbox.cache"],
        variables: &[],
    },
    Program {
        name: "iCloud Drive",
        names: &["iCloudDrive", "iCloud Drive", "com~apple~CloudDocs"],
        beginnings: &["iCloud~"],
        left: &[],
        variables: &[],
    },
    Program {
        name: "Google Drive",
        names: &["Google Drive", "GoogleDrive", "My Drive", "Mon Drive"],
        beginnings: &["GoogleDrive-"],
        left: &[".tmp.drivedownload", ".tmp.driveupload"],
        variables: &[],
    },
    Program {
        name: "Nextcloud",
        names: &["Nextcloud"],
        beginnings: &["Nextcloud-"],
        left: &[".sync_", "._sync_", ".nextcloudsync.log"],
        variables: &[],
    },
    Program {
        name: "ownCloud",
        names: &["ownCloud"],
        beginnings: &["ownCloud - "],
        left: &[".owncloudsync.log"],
        variables: &[],
    },
    Program { name: "Syncthing", names: &[], beginnings: &[], left: &[".stfolder"], variables: &[] },
];

/// What is in the way of a mirror in `root`, an absolute path without links on the way, of a folder that need not be
/// there.
pub(super) fn find(
    disk: &dyn Filesystem,
    root: &Path,
    environment: impl Fn(&str) -> Option<OsString>,
) -> Option<Nested> {
    for folder in root.ancestors() {
        if let Some(program) = of_program(folder) {
            return Some(Nested::InFolderOf(program));
        }
        if folder != root && mirror::is_marked(disk, folder) {
            return Some(Nested::InMirror);
        }
    }
    for program in PROGRAMS {
        let folders = program.variables.iter().filter_map(|name| environment(name));
        for folder in folders.filter(|folder| !folder.is_empty()).map(PathBuf::from) {
            if root.starts_with(&folder) {
                return Some(Nested::InFolderOf(program.name));
            }
            if folder.starts_with(root) {
                return Some(Nested::AroundFolderOf(program.name));
            }
        }
    }
    // Further down there may be others: a folder that holds anything else than a mirror is refused in any case.
    let inside: Vec<PathBuf> = std::fs::read_dir(root)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    for folder in &inside {
        if let Some(program) = of_program(folder) {
            return Some(Nested::AroundFolderOf(program));
        }
    }
    inside.iter().any(|folder| mirror::is_marked(disk, folder)).then_some(Nested::AroundMirror)
}

/// The program whose folder this is, by its name or by what lies in it.
fn of_program(folder: &Path) -> Option<&'static str> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let inside: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let is_its = |program: &&Program| {
        program.names.iter().any(|known| known.eq_ignore_ascii_case(&name))
            || program.beginnings.iter().any(|beginning| name.starts_with(beginning))
            || program.left.iter().any(|beginning| inside.iter().any(|entry| entry.starts_with(beginning)))
    };
    PROGRAMS.iter().find(is_its).map(|program| program.name)
}

#[cfg(test)]
mod tests {
    use disk::RealDisk;

    use super::*;

    fn found(root: &Path) -> Option<Nested> {
        find(&RealDisk, root, |_| None)
    }

    #[test]
    fn folders_of_other_programs_are_known_by_name_and_by_what_lies_in_them() {
        let home = tempfile::tempdir().expect("a folder");
        for (above, inside, program) in [
            ("OneDrive - Cabinet Martin", "", "OneDrive"),
            ("Dropbox (Personnel)", "", "Dropbox"),
            ("com~apple~CloudDocs", "", "iCloud Drive"),
            ("GoogleDrive-anne@exemple.fr", "", "Google Drive"),
            ("Nextcloud", "", "Nextcloud"),
            ("Partage", ".sync_8a3f.db", "Nextcloud"),
            ("Commun", ".stfolder", "Syncthing"),
            ("Boîte", ".dropbox.cache", "Dropbox"),
        ] {
            let folder = home.path().join(above);
            std::fs::create_dir(&folder).expect("a folder");
            if !inside.is_empty() {
                std::fs::create_dir(folder.join(inside)).expect("a folder");
            }
            for root in [folder.clone(), folder.join("GED"), folder.join("a/b/GED")] {
                assert_eq!(found(&root), Some(Nested::InFolderOf(program)), "{}", root.display());
            }
        }
    }

    #[test]
    fn folder_around_another_programs_is_no_place_either() {
        let home = tempfile::tempdir().expect("a folder");
        let root = home.path().join("Travail");
        std::fs::create_dir_all(root.join("Dropbox")).expect("folders");
        assert_eq!(found(&root), Some(Nested::AroundFolderOf("Dropbox")));
    }

    #[test]
    fn variables_of_the_environment_tell_where_a_program_keeps_its_folder() {
        let home = tempfile::tempdir().expect("a folder");
        let theirs = home.path().join("Nuage");
        let environment = |name: &str| (name == "OneDriveCommercial").then(|| theirs.clone().into_os_string());
        let find = |root: &Path| find(&RealDisk, root, environment);
        assert_eq!(find(&theirs.join("GED")), Some(Nested::InFolderOf("OneDrive")));
        assert_eq!(find(home.path()), Some(Nested::AroundFolderOf("OneDrive")));
        assert_eq!(find(&home.path().join("Gédéon")), None);
    }

    #[test]
    fn settings_and_names_that_only_look_alike_are_in_nobodys_way() {
        let home = tempfile::tempdir().expect("a folder");
        for name in [".dropbox", "Sauvegarde OneDrive", "Mes Nextclouds"] {
            std::fs::create_dir(home.path().join(name)).expect("a folder");
        }
        assert_eq!(found(&home.path().join("Gédéon")), None);
        assert_eq!(found(&home.path().join("Sauvegarde OneDrive")), None);
    }
}
