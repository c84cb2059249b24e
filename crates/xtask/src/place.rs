//! Where things are: the checkout, the user's folders, tools and caches.

use std::env;
use std::path::{Path, PathBuf};

/// The checkout's folder.
pub(crate) fn root() -> PathBuf {
    let package =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.ancestors().nth(2).map(Path::to_path_buf).expect("BUG: the package is two folders below the checkout")
}

/// The interface's folder.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// The user's home.
pub(crate) fn home() -> Option<PathBuf> {
    env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(PathBuf::from)
}

/// The folder where a system keeps a program's data for one user.
pub(crate) fn user_data() -> Option<PathBuf> {
    if cfg!(windows) {
        env::var_os("LOCALAPPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Application Support"))
    } else {
        env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(|| home().map(|home| home.join(".local/share")))
    }
}

/// Tools that are installed for this project only, kept between checkouts.
pub(crate) fn tools() -> Option<PathBuf> {
    home().map(|home| home.join(".cache/gedeon-tools"))
}

/// A program's file, looked for on the search path and among this project's own tools.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let own = tools().map(|tools| tools.join("bin"));
    let folders: Vec<PathBuf> =
        env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>()).unwrap_or_default();
    // Debian keeps some system programs out of an ordinary user's search path.
    let system = cfg!(unix).then(|| [PathBuf::from("/usr/sbin"), PathBuf::from("/sbin")]).into_iter().flatten();
    folders
        .into_iter()
        .chain(own)
        .chain(system)
        .map(|folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .find(|file| file.is_file())
}

/// Whether this process may do anything.
pub(crate) fn is_root() -> bool {
    #[cfg(unix)]
    {
        rustix::process::geteuid().is_root()
    }
    #[cfg(not(unix))]
    {
        false
    }
}

/// Whether a machine, not a person, reads the output.
pub(crate) fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}
