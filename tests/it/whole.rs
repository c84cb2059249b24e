//! The whole, as a firm has it: a server, workstations and their folders, each a program or a disk of its own.
//!
//! Nothing here reaches into the programs: it writes files, runs `gedeon`, asks the local door and the server's API, cuts
//! wires and kills processes. `cargo xtask test --only whole` builds the programs and runs this.

mod firm;
mod folder;
mod office;
mod program;
mod seat;
mod small_disk;
mod spreadsheet;
mod wire;
mod workstation;

mod bad_files;
mod bad_names;
mod both_ways;
mod command_line;
mod crashes;
mod doc_03;
mod five_hundred;
mod flow;
mod full_disks;
mod held;
mod history;
mod imports;
mod large;
mod many;
mod nested;
mod outbox;
mod people;
mod presence;
mod refused;
mod roots;
mod years;

use std::time::{Duration, Instant};

/// How long what is waited for may take. Machines that run these tests do other things too.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Waits until `look` finds something.
fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    until_within(PATIENCE, what, look)
}

/// Waits until `look` finds something, for as long as told.
fn until_within<T>(patience: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < patience, "not after {} s: {what}", patience.as_secs());
        std::thread::sleep(LOOK);
    }
}
