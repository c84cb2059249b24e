//! `cargo xtask setup`: finds what is missing on this machine, says what, and installs it once allowed.
//!
//! Looking is quick (files and programs, no package manager), so `start` and `test` always begin with it.

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::{interface, output, place};

mod debian;
mod tools;

/// Arguments of `setup`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Installs without asking.
    #[arg(long)]
    yes: bool,
    /// What the machine is prepared for; each includes the ones before it.
    #[arg(long = "for", value_enum, default_value_t = Purpose::Test)]
    purpose: Purpose,
}

/// What the machine is prepared for; each includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Purpose {
    /// Building, and opening the window.
    Start,
    /// Every test.
    Test,
    /// Comparing with other programs.
    Bench,
}

/// What building for another system takes beside a [`Purpose`]. Debian alone has it all in packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extra {
    /// The C compiler and the linker for Windows, and Wine to run what they make.
    Windows,
    /// A recent compiler with the sources of its standard library, for targets that the one in use has none of.
    StandardLibrary,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    prepare(arguments.purpose, arguments.yes)?;
    output::say("everything needed is installed");
    Ok(())
}

/// Installs what is missing for a purpose; asks first, unless told not to or nobody is there to answer.
pub(crate) fn prepare(purpose: Purpose, yes: bool) -> Result<()> {
    let yes = yes || place::is_ci();
    if cfg!(target_os = "linux") {
        debian::install(purpose, yes)?;
    } else if let Some(advice) = advice(purpose) {
        output::say(advice);
    }
    if purpose >= Purpose::Test {
        tools::install_deny(yes);
    }
    if purpose >= Purpose::Bench {
        tools::install_rclone(yes)?;
    }
    if place::program("npm").is_none() {
        bail!("npm is missing: install Node.js 20 or newer");
    }
    interface::install()
}

/// Installs what an extra takes and is missing; asks first, unless told not to or nobody is there to answer.
pub(crate) fn install(extra: Extra, yes: bool) -> Result<()> {
    debian::install_extra(extra, yes || place::is_ci())
}

/// Whether nothing that an extra takes is missing.
pub(crate) fn has(extra: Extra) -> bool {
    debian::has_extra(extra)
}

/// What to install by hand where no package manager is known; `None` where it is there already.
fn advice(purpose: Purpose) -> Option<&'static str> {
    if cfg!(windows) {
        // Windows 11 has WebView2; Windows 10 gets it with Edge.
        return None;
    }
    (purpose >= Purpose::Test && place::program("postgres").is_none())
        .then_some("PostgreSQL is missing: the tests of the store on PostgreSQL need it (brew install postgresql)")
}

/// Whether to go on after saying what would be installed.
fn is_allowed(yes: bool, what: &str) -> bool {
    output::say(&format!("missing: {what}"));
    yes || output::confirm("Install it?")
}
