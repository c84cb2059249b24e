//! Files of hundreds of megabytes and of gigabytes.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use protocol::view::Connection;
use serde_json::{Value, json};

use super::firm::{Firm, PURCHASES};
use super::folder::noise;
use super::{until, until_within};

const MIB: u64 = 1024 * 1024;

#[test]
fn server_killed_in_the_middle_of_an_upload_is_sent_only_what_it_lacks() {
    const SIZE: u64 = 200 * MIB;
    let mut firm = Firm::open();
    let one = firm.workstation("bureau");
    let path = format!("{PURCHASES}/Vidéo.mp4");
    let bytes = noise(7, usize::try_from(SIZE).unwrap());
    let before = one.wire.sent();
    one.wire.halt_after(SIZE / 2);
    one.save(&path, &bytes);
    until("half of the file is on its way", || one.wire.is_halted().then_some(()));
    firm.kill();
    one.wire.mend();
    one.is(Connection::Offline);
    assert!(!one.status().up_to_date, "the file waits");
    let tiny = format!("{PURCHASES}/Petit.txt");
    one.save(&tiny, b"petit");

    firm.start();
    firm.holds(&path, &bytes);
    firm.holds(&tiny, b"petit");
    let sent = one.wire.sent() - before;
    assert!(sent >= SIZE, "the whole file went over");
    // Two parts of 8 MiB may be under way when the server dies.
    assert!(sent < SIZE + 32 * MIB, "{} MiB went over for a file of 200", sent / MIB);
    until("all is up to date", || one.status().up_to_date.then_some(()));
}

/// A file of 3 GiB that is mostly a hole, its first, middle and last bytes written.
fn three_gibibytes(path: &Path) {
    const SIZE: u64 = 3 * 1024 * MIB;
    let mut file = File::create(path).unwrap();
    file.set_len(SIZE).unwrap();
    for offset in [0, SIZE / 2, SIZE - 4096] {
        file.seek(SeekFrom::Start(offset)).unwrap();
        file.write_all(&noise(offset, 4096)).unwrap();
    }
}

fn are_equal(one: &Path, other: &Path) -> bool {
    let (Ok(mut one), Ok(mut other)) = (File::open(one), File::open(other)) else { return false };
    let mib = usize::try_from(MIB).unwrap();
    let (mut left, mut right) = (vec![0; mib], vec![0; mib]);
    loop {
        let count = one.read(&mut left).unwrap();
        let same = other.read_exact(&mut right[..count]).is_ok() && left[..count] == right[..count];
        if count == 0 || !same {
            return same && other.read(&mut right).unwrap() == 0;
        }
    }
}

#[test]
fn three_gibibytes_go_over_in_little_memory_while_small_ones_overtake() {
    const MEMORY: u64 = 300 * 1000 * 1000;
    const BOUND: Duration = Duration::from_mins(3);
    let firm = Firm::open_alone();
    let (one, other) = (firm.workstation("bureau"), firm.other_workstation("portable"));
    let path = format!("{PURCHASES}/Sauvegarde.bak");
    let started = Instant::now();
    three_gibibytes(&one.path(&path));
    until_within(BOUND, "the large file is on its way", || (one.status().sending.bytes > 1024 * MIB).then_some(()));
    let small = format!("{PURCHASES}/Note.txt");
    one.save(&small, b"en passant");
    other.shows(&small, b"en passant");
    let overtaken = started.elapsed();
    let query = Instant::now();
    let _: Value = one.ask("list_client_files", json!({ "limit": 50 }));
    assert!(query.elapsed() < Duration::from_secs(1), "the window answers meanwhile: {:?}", query.elapsed());
    until_within(BOUND, "the large file is on the other disk", || {
        let there = std::fs::metadata(other.path(&path)).is_ok_and(|meta| meta.len() == 3 * 1024 * MIB);
        there.then_some(())
    });
    let arrived = started.elapsed();
    assert!(are_equal(&one.path(&path), &other.path(&path)), "byte for byte");
    for (name, program) in
        [("agent that sends", one.agent()), ("server", firm.server()), ("agent that receives", other.agent())]
    {
        let peak = program.peak_memory();
        println!("{name}: {} MB at most", peak / 1_000_000);
        assert!(peak < MEMORY, "the {name} held {} MB", peak / 1_000_000);
    }
    println!(
        "3 GiB from disk to disk in {:.0} s, a small file in {:.1} s",
        arrived.as_secs_f64(),
        overtaken.as_secs_f64()
    );
}
