//! A picture of what the window shows.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::display::Display;
use crate::process;

/// Saves a picture as PNG: of the private display, which the window fills, or else of the screen.
pub(super) fn take(display: Option<&Display>, file: &Path) -> Result<()> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let mut command = if let Some(display) = display {
        let mut import = process::program("import");
        display.show(&mut import).args(["-window", "root"]).arg(file);
        import
    } else if cfg!(target_os = "macos") {
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

const WINDOWS: &str = "Add-Type -AssemblyName System.Windows.Forms,System.Drawing; \
    $b = [System.Windows.Forms.Screen]::PrimaryScreen.Bounds; \
    $p = New-Object System.Drawing.Bitmap $b.Width, $b.Height; \
    [System.Drawing.Graphics]::FromImage($p).CopyFromScreen($b.Location, [System.Drawing.Point]::Empty, $b.Size); \
    $p.Save($env:GEDEON_PICTURE)";
