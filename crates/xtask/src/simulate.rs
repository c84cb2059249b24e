//! `cargo xtask simulate`: whole histories of two workstations and a server on one thread, each replayed by its seed.
//!
//! The simulator is the testkit's; this builds it and passes on what it says.

use anyhow::Result;
use clap::Args;

use crate::{cargo, output, process};

/// Arguments of `simulate`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// How many histories.
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    output::result(&simulate(arguments.seeds, arguments.from)?);
    Ok(())
}

/// Runs the simulator; says what its last line is.
pub(crate) fn simulate(seeds: u64, from: u64) -> Result<String> {
    let built = cargo::build(&["build", "--package", "testkit", "--features", "simulator", "--bin", "simulate"])?;
    let mut simulator = process::program(cargo::named(&built, "simulate")?);
    simulator.args(["--seeds", &seeds.to_string(), "--from", &from.to_string()]);
    let finished = process::capture(&mut simulator)?;
    let last = finished.output.lines().last().unwrap_or_default().to_owned();
    if !finished.is_success() {
        anyhow::bail!("the simulator found histories that end badly:\n{}", finished.output.trim_end());
    }
    Ok(last)
}
