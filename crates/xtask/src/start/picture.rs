//! A picture of what the window shows.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::display::Display;
use crate::{interrupt, process};

/// How long a screen must stay the same to be worth a picture: fonts and first rows come a moment after the window says
/// that it is ready, later on a busy machine.
const STILL: Duration = Duration::from_millis(1500);
/// How long stillness is waited for. Something that never stops moving is pictured as it is.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often the screen is looked at.
const LOOK: Duration = Duration::from_millis(300);

/// Saves a picture as PNG: of the private display, which the window fills, or else of the screen.
pub(super) fn take(display: Option<&Display>, file: &Path) -> Result<()> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    if let Some(display) = display {
        wait_until_still(display)?;
        return import(display, &file.to_string_lossy());
    }
    if interrupt::wait(STILL) {
        bail!("interrupted");
    }
    let mut command = if cfg!(target_os = "macos") {
        let mut capture = process::program("screencapture");
        capture.arg("-x").arg(file);
        capture
    } else if cfg!(windows) {
        let mut powershell = process::program("powershell");
        powershell.env("GEDEON_PICTURE", std::path::absolute(file)?).args(["-NoProfile", "-Command", WINDOWS]);
        powershell
    } else {
        bail!("a picture needs a display");
    };
    process::run(&mut command).context("the picture could not be taken")
}

fn wait_until_still(display: &Display) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("gedeon-picture-").tempdir()?;
    let shot = folder.path().join("screen.ppm");
    let (started, mut same_since, mut before) = (Instant::now(), Instant::now(), Vec::new());
    while same_since.elapsed() < STILL && started.elapsed() < PATIENCE {
        if interrupt::wait(LOOK) {
            bail!("interrupted");
        }
        import(display, &format!("ppm:{}", shot.display()))?;
        let now = fs::read(&shot).context("the screen cannot be read")?;
        if now != before {
            (same_since, before) = (Instant::now(), now);
        }
    }
    Ok(())
}

/// Writes what the display shows; the ending or a prefix of `file` says in which format.
fn import(display: &Display, file: &str) -> Result<()> {
    let mut command = process::program("import");
    process::run(display.show(&mut command).args(["-window", "root", file])).context("the picture could not be taken")
}

const WINDOWS: &str = "Add-Type -AssemblyName System.Windows.Forms,System.Drawing; \
    $b = [System.Windows.Forms.Screen]::PrimaryScreen.Bounds; \
    $p = New-Object System.Drawing.Bitmap $b.Width, $b.Height; \
    [System.Drawing.Graphics]::FromImage($p).CopyFromScreen($b.Location, [System.Drawing.Point]::Empty, $b.Size); \
    $p.Save($env:GEDEON_PICTURE)";
