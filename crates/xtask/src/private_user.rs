//! An ordinary user for what root cannot show: root reads every file whatever its permissions.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{place, process};

/// Name of the user, made where it does not exist.
pub(crate) const NAME: &str = "gedeon-test";

/// The user other than root that tests run under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PrivateUser {
    /// Whoever runs this: already an ordinary user.
    Oneself,
    /// The user made for it.
    Made,
}

impl PrivateUser {
    /// Finds the user, or makes it.
    pub(crate) fn find() -> Result<Self> {
        if !place::is_root() {
            return Ok(Self::Oneself);
        }
        if !process::capture_all(process::program("id").arg(NAME), std::time::Duration::from_secs(10))?.is_success() {
            let mut add = process::program("useradd");
            add.args(["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]);
            process::run(&mut add).context("an ordinary user for the tests could not be made")?;
        }
        Ok(Self::Made)
    }

    /// A command that runs `program` as this user, with `home` as its home.
    pub(crate) fn command(self, program: &Path, home: &Path) -> Command {
        match self {
            Self::Oneself => process::program(program),
            Self::Made => {
                let mut command = process::program("setpriv");
                command.arg(format!("--reuid={NAME}")).arg(format!("--regid={NAME}")).args(["--clear-groups", "--"]);
                command.arg(program).env("HOME", home).env("USER", NAME).env("LOGNAME", NAME);
                command
            }
        }
    }

    /// Gives a folder to this user.
    pub(crate) fn own(self, folder: &Path) -> Result<()> {
        match self {
            Self::Oneself => Ok(()),
            Self::Made => process::run(process::program("chown").arg(format!("{NAME}:{NAME}")).arg(folder)),
        }
    }
}
