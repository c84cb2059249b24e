//! The command line `gedeon`: the desktop's engine without a window, for servers and scripts.
//!
//! Exit codes: 0 done; 1 failed; 2 wrong use; 3 done, and something waits for somebody; 4 the server cannot be reached;
//! 5 nobody is signed in; 6 another engine runs on the profile.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("GEDEON_LOG").unwrap_or_else(|_| "warn".into()))
        .with_writer(std::io::stderr)
        .init();
    cli::run(cli::arguments())
}
