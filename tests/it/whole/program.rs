//! The programs of the product: found, started, killed, and looked at from outside.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use super::until;

/// Lines of a program's log shown when a test fails.
const SHOWN: usize = 40;

/// Where a program of the product is.
pub(super) fn path(name: &str) -> PathBuf {
    let beside = Path::new(env!("CARGO_BIN_EXE_gedeon-desktop")).parent().unwrap().to_owned();
    let folder = std::env::var_os("GEDEON_PROGRAMS").map_or(beside, PathBuf::from);
    let program = folder.join(name);
    assert!(program.exists(), "{} is not built: run `cargo xtask test --only whole`", program.display());
    program
}

/// Where a program is that was built to die where a test says.
pub(super) fn failing(name: &str) -> PathBuf {
    let program = path(name).parent().unwrap().with_file_name("failing").join(name);
    assert!(program.exists(), "{} is not built: run `cargo xtask test --only whole`", program.display());
    program
}

/// A command of a program of the product, with nothing of this process's own settings.
pub(super) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for name in ["GEDEON_PROFILE", "GEDEON_DATA", "GEDEON_POSTGRES", "GEDEON_LISTEN", "GEDEON_URL"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Whether this process may do what only root can: mount, and run programs as somebody else.
pub(super) fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.strip_prefix("Uid:").is_some_and(|ids| ids.split_whitespace().nth(1) == Some("0")))
}

/// A running program, its messages in a file. Dropping it kills it, and shows its last messages if the test failed.
pub(super) struct Program {
    child: Child,
    log: PathBuf,
}

impl Program {
    /// Starts it; messages are added to those of earlier runs in `log`.
    pub(super) fn start(command: &mut Command, log: &Path) -> Self {
        let messages = File::options().create(true).append(true).open(log).unwrap();
        let child = command.stderr(messages).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self { child, log: log.to_owned() }
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its standard output, once.
    pub(super) fn output(&mut self) -> std::process::ChildStdout {
        self.child.stdout.take().unwrap()
    }

    /// Ends it as a power cut would: nothing of it runs after this.
    pub(super) fn kill(&mut self) {
        // Fails only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end, and waits until it has.
    pub(super) fn stop(&mut self) -> ExitStatus {
        let asked = Command::new("kill").args(["-TERM", &self.id().to_string()]).status().unwrap();
        assert!(asked.success(), "it runs");
        until("the program ends when asked", || self.child.try_wait().unwrap())
    }

    /// How long those of its threads of these names were ready to run and got no processor, all together: what a machine that
    /// is too busy takes from it. Nothing where the system does not tell.
    pub(super) fn waited(&self, threads: &[&str]) -> Duration {
        let Ok(tasks) = std::fs::read_dir(format!("/proc/{}/task", self.id())) else { return Duration::ZERO };
        let waited = tasks.flatten().filter_map(|task| {
            let name = std::fs::read_to_string(task.path().join("comm")).ok()?;
            let is_one = threads.iter().any(|thread| name.starts_with(thread));
            let schedule = std::fs::read_to_string(task.path().join("schedstat")).ok().filter(|_| is_one)?;
            Some(Duration::from_nanos(schedule.split_whitespace().nth(1)?.parse().ok()?))
        });
        waited.sum()
    }

    /// Whether it ended by itself.
    pub(super) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// The most memory it ever held, in bytes.
    pub(super) fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap() * 1024
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let messages = std::fs::read_to_string(&self.log).unwrap_or_default();
            let lines: Vec<&str> = messages.lines().collect();
            let last = lines[lines.len().saturating_sub(SHOWN)..].join("\n");
            println!("— {}:\n{last}", self.log.display());
        }
    }
}
