//! Where one engine works in one run: a fresh folder, and the programs it starts there, looked at for their memory.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::memory::{End, Memory, Peak};
use super::tree;
use crate::interrupt;
use crate::place;
use crate::process::Background;

/// How often the end of a program is looked for: the precision of what is measured.
const LOOK: Duration = Duration::from_millis(1);
/// How long a program may take to be ready to serve.
const READY: Duration = Duration::from_mins(1);

/// A fresh folder with programs in it.
pub(super) struct Room {
    folder: PathBuf,
    /// Looks at the programs' memory, where it is of interest.
    memory: Option<Memory>,
}

impl Room {
    /// An empty folder, whatever was there before.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        Ok(Self { memory: Some(Memory::begin()), ..Self::open_unmeasured(folder)? })
    }

    /// The same, where nobody asks for the memory of its programs.
    pub(super) fn open_unmeasured(folder: &Path) -> Result<Self> {
        tree::remove(folder)?;
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self { folder: folder.to_owned(), memory: None })
    }

    /// A file or folder here, which need not exist.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A folder here, made where it does not exist.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.path(name);
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(folder)
    }

    /// Writes a small file here.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let file = self.path(name);
        fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))?;
        Ok(file)
    }

    /// Starts a program that stays.
    pub(super) fn start(&self, end: End, name: &str, command: &mut Command) -> Result<Background> {
        let program = Background::start(name, command, &self.path(&format!("{name}.log")))?;
        if let Some(memory) = &self.memory {
            memory.add(end, program.id());
        }
        Ok(program)
    }

    /// Runs a program to its end, or to the limit, where the answer is `None`. A program that fails is an error, unless
    /// `accepted` takes the code it ended with.
    pub(super) fn run(
        &self,
        name: &str,
        command: &mut Command,
        limit: Duration,
        accepted: impl Fn(i32) -> bool,
    ) -> Result<Option<Instant>> {
        let started = Instant::now();
        let mut program = self.start(End::Near, name, command)?;
        loop {
            if let Some(status) = program.ended()? {
                let ended = Instant::now();
                if status.success() || status.code().is_some_and(&accepted) {
                    return Ok(Some(ended));
                }
                bail!("{name} ended with {status}:\n{}", program.last_lines());
            }
            if started.elapsed() > limit {
                return Ok(None);
            }
            if interrupt::wait(LOOK) {
                bail!("interrupted");
            }
        }
    }

    /// Forgets the memory used so far: what follows is what is measured.
    pub(super) fn begin_measure(&self) {
        if let Some(memory) = &self.memory {
            memory.reset();
        }
    }

    /// The greatest memory since.
    pub(super) fn peak(&self) -> Option<Peak> {
        self.memory.as_ref()?.peak()
    }
}

/// Looks at `done` again and again until it gives something, or until the limit, where the answer is `None`.
pub(crate) fn until<T>(
    every: Duration,
    limit: Duration,
    mut done: impl FnMut() -> Result<Option<T>>,
) -> Result<Option<T>> {
    let started = Instant::now();
    loop {
        if let Some(found) = done()? {
            return Ok(Some(found));
        }
        if started.elapsed() > limit {
            return Ok(None);
        }
        if interrupt::wait(every) {
            bail!("interrupted");
        }
    }
}

/// A port of this machine that nothing listens on.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port is free")?;
    Ok(listener.local_addr()?.port())
}

/// Waits until something listens on a port.
pub(super) fn wait_for_port(port: u16) -> Result<()> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let listens = || Ok(TcpStream::connect_timeout(&address, Duration::from_millis(250)).ok());
    until(Duration::from_millis(20), READY, listens)?.with_context(|| format!("nothing listens on port {port}"))?;
    Ok(())
}

/// Writes to disk what is still to be, and empties the system's cache of files where this process may.
pub(super) fn cold() -> Result<()> {
    #[cfg(unix)]
    rustix::fs::sync();
    if cfg!(target_os = "linux") && place::is_root() {
        fs::write("/proc/sys/vm/drop_caches", "3").context("the cache of files cannot be emptied")?;
    }
    Ok(())
}

/// Bytes that went over the loopback interface since the machine started; `None` where the system does not tell.
pub(super) fn loopback_bytes() -> Option<u64> {
    let text = fs::read_to_string("/proc/net/dev").ok()?;
    parse_loopback(&text)
}

fn parse_loopback(text: &str) -> Option<u64> {
    let counts = text.lines().find_map(|line| line.trim_start().strip_prefix("lo:"))?;
    counts.split_whitespace().next()?.parse().ok()
}

/// Changes one byte in the middle of a file, as an editor of large files does: in place.
pub(super) fn change_one_byte(file: &Path, offset: u64) -> Result<()> {
    use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
    let changed = || -> std::io::Result<()> {
        let mut open = File::options().read(true).write(true).open(file)?;
        let mut byte = [0];
        open.seek(SeekFrom::Start(offset))?;
        open.read_exact(&mut byte)?;
        open.seek(SeekFrom::Start(offset))?;
        open.write_all(&[byte[0] ^ 0xFF])
    };
    changed().with_context(|| format!("{} cannot be changed", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_interface_is_found_among_the_others() {
        let text = "Inter-|   Receive\n face |bytes    packets\n    lo: 123456     10    0\n  eth0:  99  1\n";
        assert_eq!(parse_loopback(text), Some(123_456), "its first count is what it received");
        assert_eq!(parse_loopback("  eth0:  99  1\n"), None, "no loopback, no count");
    }

    #[test]
    fn one_byte_and_no_other_changes() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("file");
        fs::write(&file, [1, 2, 3]).unwrap();
        change_one_byte(&file, 1).unwrap();
        assert_eq!(fs::read(&file).unwrap(), [1, 0xFD, 3], "the middle byte is inverted in place");
    }
}
