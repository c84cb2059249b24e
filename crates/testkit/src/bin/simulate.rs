//! Runs many histories of the simulator: `simulate --seeds 200 [--from 0] [--print]`.

use std::process::ExitCode;

use testkit::simulator;

#[expect(clippy::print_stdout, reason = "the report is what the program is for")]
fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (mut seeds, mut from, mut print) = (200, 0, false);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|text| text.parse::<u64>().ok());
        match argument.as_str() {
            "--seeds" => seeds = number().unwrap_or(seeds),
            "--from" => from = number().unwrap_or(from),
            "--print" => print = true,
            other => {
                println!("unknown argument {other}");
                return ExitCode::from(2);
            }
        }
    }
    let (mut lost, mut diverged, mut operations) = (0, 0, 0);
    for seed in from..from + seeds {
        let report = simulator::run(seed, print);
        operations += report.operations;
        // A history replayed must be the same history: every twentieth is.
        if seed % 20 == 0 && simulator::run(seed, false).trace != report.trace {
            println!("seed {seed}: two runs differ");
            diverged += 1;
        }
        lost += usize::from(!report.lost.is_empty());
        diverged += usize::from(!report.diverged.is_empty());
        if !report.is_good() {
            println!("seed {seed}:");
            report.lost.iter().for_each(|line| println!("  lost: {line}"));
            report.diverged.iter().for_each(|line| println!("  diverged: {line}"));
        }
    }
    println!("{operations} operations");
    println!("{seeds} seeds, {lost} lost, {diverged} diverged");
    if lost + diverged == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
