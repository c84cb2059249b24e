//! Where the session's token is kept: the system's keychain, or, where there is none, a file of the profile that its
//! owner alone can read.

use protocol::failure::{Failure, FailureCode};

use super::profile::ProfileFolder;

const FILE: &str = "token";

/// Keeps the token.
pub(super) fn save(folder: &ProfileFolder, token: &str) -> Result<(), Failure> {
    if keychain::save(folder, token) {
        folder.remove(FILE);
        return Ok(());
    }
    folder.write_private(FILE, token.as_bytes())
}

/// The token kept, if any.
pub(super) fn load(folder: &ProfileFolder) -> Option<String> {
    keychain::load(folder).or_else(|| folder.read(FILE).and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// Forgets the token.
pub(super) fn forget(folder: &ProfileFolder) {
    keychain::forget(folder);
    folder.remove(FILE);
}

/// The failure of a call that needs a session.
pub(super) fn signed_out() -> Failure {
    Failure::new(FailureCode::SignedOut, "nobody is signed in")
}

#[cfg(any(windows, target_os = "macos"))]
mod keychain {
    use super::ProfileFolder;

    fn entry(folder: &ProfileFolder) -> Option<keyring::Entry> {
        keyring::Entry::new("fr.gedeon.desktop", &folder.path().display().to_string()).ok()
    }

    pub(super) fn save(folder: &ProfileFolder, token: &str) -> bool {
        entry(folder).is_some_and(|entry| entry.set_password(token).is_ok())
    }

    pub(super) fn load(folder: &ProfileFolder) -> Option<String> {
        entry(folder)?.get_password().ok()
    }

    pub(super) fn forget(folder: &ProfileFolder) {
        if let Some(entry) = entry(folder) {
            // One that is not there is forgotten already.
            let _ = entry.delete_credential();
        }
    }
}

#[cfg(not(any(windows, target_os = "macos")))]
mod keychain {
    use super::ProfileFolder;

    pub(super) fn save(_: &ProfileFolder, _: &str) -> bool {
        false
    }

    pub(super) fn load(_: &ProfileFolder) -> Option<String> {
        None
    }

    pub(super) fn forget(_: &ProfileFolder) {}
}
