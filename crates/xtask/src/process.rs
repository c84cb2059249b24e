//! Other programs: run to their end, or kept in the background and always stopped by their id.
//!
//! A program gets its own group, so that Ctrl-C reaches this one first and what it started ends in order. Only a program
//! that must talk to the person (a password for `sudo`) stays in the terminal's group.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::interrupt;

/// How often the end of a program is looked for.
const LOOK: Duration = Duration::from_millis(25);
/// How long a program may take to end once asked.
const GRACE: Duration = Duration::from_secs(15);

/// A program by its name. On Windows, npm's programs are scripts with an ending of their own.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let name = name.as_ref();
    if cfg!(windows) && matches!(name.to_str(), Some("npm" | "npx")) {
        return Command::new(format!("{}.cmd", name.to_string_lossy()));
    }
    Command::new(name)
}

/// Runs a program in the terminal, with the person's keyboard.
pub(crate) fn run_with_terminal(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let child = command.spawn().with_context(|| format!("{shown} could not be started"))?;
    ended_well(wait(child, None, false)?, &shown)
}

/// Runs a program to its end, its output passed on.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let child =
        own_group(command).stdin(Stdio::null()).spawn().with_context(|| format!("{shown} could not be started"))?;
    ended_well(wait(child, None, true)?, &shown)
}

/// Runs a program to its end, `input` given on its standard input.
pub(crate) fn run_with_input(command: &mut Command, input: &str) -> Result<()> {
    let shown = shown(command);
    let mut child =
        own_group(command).stdin(Stdio::piped()).spawn().with_context(|| format!("{shown} could not be started"))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends without reading tells why by itself.
        let _ = stdin.write_all(input.as_bytes());
    }
    ended_well(wait(child, None, true)?, &shown)
}

/// What a program wrote, and how it ended.
pub(crate) struct Finished {
    /// Everything on standard output, and on standard error where it was captured too.
    pub(crate) output: String,
    /// How it ended; `None` where it was stopped at the time limit.
    pub(crate) status: Option<ExitStatus>,
}

impl Finished {
    /// The code it ended with; `None` where it was ended.
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.and_then(|status| status.code())
    }

    /// Whether it ended by itself, and well.
    pub(crate) fn is_success(&self) -> bool {
        self.status.is_some_and(|status| status.success())
    }
}

/// Runs a program to its end and keeps its standard output; standard error passes through.
pub(crate) fn capture(command: &mut Command) -> Result<Finished> {
    finish(command.stderr(Stdio::inherit()), None)
}

/// Runs a program to its end or the time limit, and keeps all its output.
pub(crate) fn capture_all(command: &mut Command, limit: Duration) -> Result<Finished> {
    finish(command.stderr(Stdio::piped()), Some(limit))
}

fn finish(command: &mut Command, limit: Option<Duration>) -> Result<Finished> {
    let shown = shown(command);
    let mut child = own_group(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{shown} could not be started"))?;
    let (sender, lines) = mpsc::channel();
    read_lines(child.stdout.take(), sender.clone());
    read_lines(child.stderr.take(), sender);
    let status = wait(child, limit, true)?;
    let output = lines.iter().fold(String::new(), |text, line| text + &line + "\n");
    Ok(Finished { output, status })
}

fn ended_well(status: Option<ExitStatus>, shown: &str) -> Result<()> {
    match status {
        Some(status) if status.success() => Ok(()),
        Some(status) => bail!("{shown} ended with {status}"),
        None => bail!("{shown} took too long"),
    }
}

/// Waits for a program to end; stops it at the limit, or when somebody asks to stop.
fn wait(mut child: Child, limit: Option<Duration>, is_group: bool) -> Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if interrupt::wait(LOOK) {
            stop(&mut child, is_group);
            bail!("interrupted");
        }
        if limit.is_some_and(|limit| started.elapsed() > limit) {
            stop(&mut child, is_group);
            return Ok(None);
        }
    }
}

fn shown(command: &Command) -> String {
    let mut words =
        vec![Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned()];
    words.extend(command.get_args().take(3).map(|argument| argument.to_string_lossy().into_owned()));
    format!("`{}`", words.join(" "))
}

fn own_group(command: &mut Command) -> &mut Command {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command
}

/// Asks a program to end, and ends it where it does not.
fn stop(child: &mut Child, is_group: bool) {
    ask_to_end(child, is_group);
    let asked = Instant::now();
    while asked.elapsed() < GRACE {
        if matches!(child.try_wait(), Ok(Some(_)) | Err(_)) {
            return;
        }
        // Not `interrupt::wait`: what stops everything is exactly what must not cut the grace short.
        thread::park_timeout(LOOK);
    }
    // Both only fail where the program has ended meanwhile.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(unix)]
fn kill_group(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    // Fails only where the program has ended meanwhile.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
}

#[cfg(windows)]
fn kill_group(child: &mut Child) {
    // Fails only where the program has ended meanwhile.
    let _ = child.kill();
}

#[cfg(unix)]
fn ask_to_end(child: &Child, is_group: bool) {
    use rustix::process::{Pid, Signal, kill_process, kill_process_group};
    let id = Pid::from_child(child);
    // Fails only where the program has ended meanwhile.
    let _ = if is_group { kill_process_group(id, Signal::TERM) } else { kill_process(id, Signal::TERM) };
}

#[cfg(windows)]
fn ask_to_end(child: &Child, is_group: bool) {
    let _ = is_group;
    // Windows has no groups to signal; taskkill ends a program with what it started.
    let _ = Command::new("taskkill").args(["/PID", &child.id().to_string(), "/T", "/F"]).stdout(Stdio::null()).status();
}

fn read_lines(stream: Option<impl Read + Send + 'static>, sender: Sender<String>) {
    let Some(stream) = stream else { return };
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(count) if count > 0) {
            let text = String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned();
            line.clear();
            if sender.send(text).is_err() {
                break;
            }
        }
    });
}

/// A program in the background: its output kept in a file, stopped when dropped.
pub(crate) struct Background {
    name: String,
    child: Child,
    log: PathBuf,
    lines: Receiver<String>,
}

impl Background {
    /// Starts a program; all it writes goes to `log` as well.
    pub(crate) fn start(name: &str, command: &mut Command, log: &Path) -> Result<Self> {
        let mut child = own_group(command)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{name} could not be started ({})", shown(command)))?;
        let mut file = File::create(log).with_context(|| format!("{} cannot be written", log.display()))?;
        let (sender, from_program) = mpsc::channel::<String>();
        read_lines(child.stdout.take(), sender.clone());
        read_lines(child.stderr.take(), sender);
        let (forward, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in from_program {
                // A full disk must not stop the program it describes.
                let _ = writeln!(file, "{line}");
                // Nobody listens after the start: the file remains.
                let _ = forward.send(line);
            }
        });
        Ok(Self { name: name.to_owned(), child, log: log.to_owned(), lines })
    }

    /// Waits for a line that `wanted` makes something of. Fails where the program ends first, with the end of its output.
    pub(crate) fn wait_for<T>(&mut self, limit: Duration, wanted: impl Fn(&str) -> Option<T>) -> Result<T> {
        let started = Instant::now();
        loop {
            match self.lines.recv_timeout(LOOK) {
                Ok(line) => {
                    if let Some(found) = wanted(&line) {
                        return Ok(found);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    bail!("{} ended too early:\n{}", self.name, self.last_lines())
                }
                Err(RecvTimeoutError::Timeout) if interrupt::wait(Duration::ZERO) => {
                    bail!("interrupted")
                }
                Err(RecvTimeoutError::Timeout) if started.elapsed() > limit => {
                    bail!("{} is not ready after {} s:\n{}", self.name, limit.as_secs(), self.last_lines())
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Its id, which is also that of its group.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended; `None` while it runs.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().with_context(|| format!("{} cannot be waited for", self.name))
    }

    /// Whether the program has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it with all it started, at once: it can neither finish nor tidy up.
    pub(crate) fn kill(mut self) {
        kill_group(&mut self.child);
        // It has ended, or was never there.
        let _ = self.child.wait();
    }

    /// All that it wrote, once it has ended.
    pub(crate) fn all_lines(self) -> String {
        let log = self.log.clone();
        // Dropping the program leaves the reader alone with what is still to be read: it ends when the lines do.
        for _ in &self.lines {}
        std::fs::read_to_string(log).unwrap_or_default()
    }

    /// The end of what it wrote.
    pub(crate) fn last_lines(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if !self.has_ended() {
            stop(&mut self.child, true);
        }
    }
}
