//! A private display: an X server without a screen, a window manager and a message bus, for machines without a desktop
//! and for tests, which must not depend on what else is open.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::process::{self, Background};

const READY: Duration = Duration::from_secs(30);

/// Size of the screen, in pixels.
const SCREEN: &str = "1440x900x24";

/// How windows are laid out on the private display. None has a frame, so that a window is where its content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One window fills the screen: a picture of the screen is a picture of the window.
    WholeScreen,
    /// Windows keep their place and size, so that one can be dragged from to another.
    Free,
}

impl Layout {
    /// The window manager's settings.
    fn settings(self) -> String {
        let maximized = if self == Self::WholeScreen { "<maximized>yes</maximized>" } else { "" };
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <applications><application type="normal"><decor>no</decor>{maximized}</application></applications>
</openbox_config>
"#
        )
    }
}

/// A private display. Dropping it closes it; what shows on it must be stopped before.
pub(crate) struct Display {
    number: String,
    bus_address: String,
    // Dropped in this order: the X server last, as the others are its clients.
    _window_manager: Background,
    _bus: Background,
    _server: Background,
}

impl Display {
    /// Opens a display on a free number. `folder` takes the logs and settings.
    pub(crate) fn open(folder: &Path, layout: Layout) -> Result<Self> {
        let mut server = Background::start(
            "Xvfb",
            process::program("Xvfb").args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]),
            &folder.join("xvfb.log"),
        )?;
        // The server writes its number once it takes clients.
        let number = server.wait_for(READY, |line| line.trim().parse::<u32>().ok())?;
        let number = format!(":{number}");
        let mut bus = Background::start(
            "dbus-daemon",
            process::program("dbus-daemon").args(["--session", "--nofork", "--nopidfile", "--print-address=1"]),
            &folder.join("dbus.log"),
        )?;
        let bus_address = bus.wait_for(READY, |line| line.starts_with("unix:").then(|| line.trim().to_owned()))?;
        let settings = folder.join("openbox.xml");
        fs::write(&settings, layout.settings()).with_context(|| format!("{} cannot be written", settings.display()))?;
        let mut openbox = process::program("openbox");
        openbox.env("DISPLAY", &number).env_remove("WAYLAND_DISPLAY").arg("--config-file").arg(settings);
        let window_manager = Background::start("openbox", &mut openbox, &folder.join("openbox.log"))?;
        Ok(Self { number, bus_address, _window_manager: window_manager, _bus: bus, _server: server })
    }

    /// Its number, such as `:3`.
    pub(crate) fn number(&self) -> &str {
        &self.number
    }

    /// Makes a program show its windows here.
    pub(crate) fn show<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("DISPLAY", &self.number)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address)
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY")
    }
}
