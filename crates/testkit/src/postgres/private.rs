//! The private server: in a temporary folder, on a socket in it and nowhere else, without forced writes to the disk.
//!
//! A small shell script keeps it, and waits for the end of its input, which this process holds open: it stops the server
//! and removes the folder however the tests end, a kill included.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The user the server runs as where the tests run as root, which PostgreSQL refuses.
const USER: &str = "gedeon-test";

/// What keeps the server: makes it, says so, waits for the end of its input, and clears up.
const KEEPER: &str = r#"
folder=$1 programs=$2
stop() {
  "$programs/pg_ctl" -D "$folder/data" -m immediate stop >>"$folder/log" 2>&1
  cd / && rm -rf "$folder"
}
cd "$folder" || exit 1
if "$programs/initdb" --username=gedeon --auth=trust --no-sync --encoding=UTF8 --no-locale --pgdata="$folder/data" \
     >"$folder/log" 2>&1 </dev/null &&
   "$programs/pg_ctl" -D "$folder/data" -w -l "$folder/log" start >/dev/null 2>&1 </dev/null -o "-k $folder \
     -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"
then
  echo ready
else
  echo "$(tail -n 5 "$folder/log" | tr '\n' ' ')"
fi
read -r _
stop
"#;

/// A running server and the script that keeps it: its input closes with this process.
pub(super) struct Private {
    url: String,
    _keeper: Child,
}

impl Private {
    pub(super) fn start() -> Self {
        let programs = programs().expect("PostgreSQL is not installed: `cargo xtask test` installs it");
        let folder = tempfile::Builder::new().prefix("gedeon-postgres-").tempdir().expect("a temporary folder");
        let mut command = as_ordinary_user(folder.path());
        command
            .args(["sh", "-c", KEEPER, "keeper"])
            .arg(folder.path())
            .arg(programs)
            .env("HOME", folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Not in the terminal's group: an interrupt would end the script before it clears up.
            .process_group(0);
        let mut keeper = command.spawn().expect("the script that keeps PostgreSQL");
        let mut said = String::new();
        let output = keeper.stdout.take().expect("BUG: the output is piped");
        BufReader::new(output).read_line(&mut said).expect("the script's answer");
        assert_eq!(said.trim(), "ready", "PostgreSQL did not start");
        // The script removes the folder from here on.
        let folder = folder.keep();
        Self { url: url_of(&folder), _keeper: keeper }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

fn url_of(folder: &Path) -> String {
    format!("postgres://gedeon@{}/postgres", folder.display().to_string().replace('/', "%2F"))
}

/// A command that runs what follows as an ordinary user, who then owns `folder`.
fn as_ordinary_user(folder: &Path) -> Command {
    if !is_root(folder) {
        return Command::new("env");
    }
    let known = || Command::new("id").arg(USER).output().is_ok_and(|found| found.status.success());
    if !known() {
        let made = Command::new("useradd")
            .args(["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", USER])
            .output();
        // Another process of tests may have made it meanwhile.
        assert!(known(), "no user {USER}: {made:?}");
    }
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).expect("the folder's permissions");
    let owned = Command::new("chown").arg(format!("{USER}:{USER}")).arg(folder).status();
    assert!(owned.is_ok_and(|status| status.success()), "the folder cannot be given to {USER}");
    let mut command = Command::new("setpriv");
    command.args([&format!("--reuid={USER}"), &format!("--regid={USER}"), "--clear-groups", "--", "env"]);
    command
}

/// Whether this process is root: it owns what it makes.
fn is_root(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(folder).is_ok_and(|made| made.uid() == 0)
}

/// The folder of PostgreSQL's server programs: Debian keeps them out of the search path, one folder a version.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
        .filter(|(_, programs)| programs.join("initdb").is_file())
        .max();
    newest.map(|(_, programs)| programs).or_else(|| {
        let paths = std::env::var_os("PATH")?;
        std::env::split_paths(&paths).find(|folder| folder.join("initdb").is_file())
    })
}
