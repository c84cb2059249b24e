//! `cargo xtask`: the commands that set up, start, test and check the whole project.
//!
//! Each command is one module and drives other programs; it links none of the product's crates, so that it compiles in
//! seconds on a bare machine. What it prints for developers is English; what a user of `start` reads is French.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

mod bench;
mod cargo;
mod display;
mod foreign;
mod interface;
mod interrupt;
mod macos;
mod output;
mod place;
mod private_user;
mod process;
mod requirements;
mod setup;
mod simulate;
mod start;
mod test;
mod windows;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Set-up, start, test and checks of Gédéon")]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Installs what is missing, after saying what and asking.
    Setup(setup::Arguments),
    /// Builds everything and opens Gédéon on a demonstration firm.
    Start(start::Arguments),
    /// Runs every check: format, lints, Rust, simulator, UI, browsers, the real window.
    Test(test::Arguments),
    /// Runs the real engine on simulated networks, disks and crashes, one history a seed.
    Simulate(simulate::Arguments),
    /// Measures ours beside other engines.
    Bench(bench::Arguments),
    /// Lists every requirement with the tests that prove it.
    Requirements(requirements::Arguments),
    /// Builds for Windows, runs the engine and the programs under Wine, compiles the window.
    Windows(windows::Arguments),
    /// Type-checks everything, the window too, for macOS.
    Macos(macos::Arguments),
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    interrupt::listen()?;
    match task {
        Task::Setup(arguments) => setup::run(&arguments),
        Task::Start(arguments) => start::run(&arguments),
        Task::Test(arguments) => test::run(&arguments),
        Task::Simulate(arguments) => simulate::run(&arguments),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Requirements(arguments) => requirements::run(&arguments),
        Task::Windows(arguments) => windows::run(&arguments),
        Task::Macos(arguments) => macos::run(&arguments),
    }
}
