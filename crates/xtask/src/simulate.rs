//! `cargo xtask simulate`: whole histories of workstations and a server on one thread, each replayed by its seed.
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
    /// How many of them are played twice, to see that the second run is the same.
    #[arg(long, default_value_t = 10)]
    twice: u64,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let said = simulate(arguments.seeds, arguments.from, arguments.twice)?;
    let (above, last) = said.rsplit_once('\n').unwrap_or(("", &said));
    output::say(above);
    output::result(last);
    Ok(())
}

/// Runs the simulator; what it says, its result in the last line.
pub(crate) fn simulate(seeds: u64, from: u64, twice: u64) -> Result<String> {
    let built = cargo::build(&["build", "--package", "testkit", "--features", "simulator", "--bin", "simulate"])?;
    let mut simulator = process::program(cargo::named(&built, "simulate")?);
    simulator.args(["--seeds", &seeds.to_string(), "--from", &from.to_string(), "--twice", &twice.to_string()]);
    let finished = process::capture(&mut simulator)?;
    let said = finished.output.trim_end().to_owned();
    if !finished.is_success() {
        anyhow::bail!("the simulator found histories that end badly:\n{said}");
    }
    Ok(said)
}
