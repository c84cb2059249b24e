//! A private PostgreSQL for the tests: in a temporary folder, on a free port of this machine, under an ordinary user.
//!
//! It does not force writes to the disk: a test never outlives the machine.

use std::ffi::OsString;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use tempfile::TempDir;

use crate::private_user::PrivateUser;
use crate::process::{self, Background};
use crate::{output, place};

/// Arguments of `postgres`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The command, such as `cargo test -p store`.
    #[arg(trailing_var_arg = true, required = true)]
    command: Vec<OsString>,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let (program, rest) = arguments.command.split_first().context("no command")?;
    let postgres = Postgres::start()?;
    process::run(process::program(program).args(rest).env(URL, postgres.url()))
}

/// The variable that tells tests where PostgreSQL is.
pub(crate) const URL: &str = "GEDEON_TEST_POSTGRES";

/// A running PostgreSQL. Dropping it stops it and removes its folder.
pub(crate) struct Postgres {
    url: String,
    // Dropped in this order: the folder after the server that writes in it.
    _server: Background,
    _folder: TempDir,
}

/// The folder of PostgreSQL's server programs, which Debian keeps out of the search path, one folder a version.
pub(crate) fn programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").is_file())
        .collect();
    versions.sort();
    versions.pop().map(|(_, programs)| programs).or_else(|| place::program("initdb")?.parent().map(Path::to_path_buf))
}

impl Postgres {
    /// Makes and starts a PostgreSQL with one empty database.
    pub(crate) fn start() -> Result<Self> {
        let programs = programs().context("PostgreSQL is not installed")?;
        let user = PrivateUser::find()?;
        let folder = tempfile::Builder::new().prefix("gedeon-postgres-").tempdir().context("no temporary folder")?;
        user.own(folder.path())?;
        let data = folder.path().join("data");
        let made = process::capture_all(
            user.command(&programs.join("initdb"), folder.path())
                .args(["--username=gedeon", "--auth=trust", "--no-sync", "--encoding=UTF8", "--no-locale", "--pgdata"])
                .arg(&data)
                .current_dir(folder.path()),
            Duration::from_mins(2),
        )?;
        if !made.is_success() {
            bail!("PostgreSQL could not make its folder:\n{}", made.output);
        }
        let port = free_port()?;
        let mut settings: Vec<String> =
            ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"]
                .map(str::to_owned)
                .to_vec();
        settings.extend([
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={port}"),
            format!("unix_socket_directories={}", folder.path().display()),
        ]);
        let mut command = user.command(&programs.join("postgres"), folder.path());
        command.arg("-D").arg(&data).current_dir(folder.path());
        for setting in &settings {
            command.args(["-c", setting]);
        }
        let mut server = Background::start("PostgreSQL", &mut command, &folder.path().join("postgres.log"))?;
        server.wait_for(Duration::from_mins(1), |line| line.contains("ready to accept connections").then_some(()))?;
        output::say(&format!("a private PostgreSQL listens on port {port}"));
        Ok(Self { url: format!("postgres://gedeon@127.0.0.1:{port}/postgres"), _server: server, _folder: folder })
    }

    /// Where tests connect.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}
