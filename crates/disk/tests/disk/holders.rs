//! Which program keeps a file: another process opens one, and is named.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use disk::{Filesystem, RealDisk};

/// Names the file that this very program, started again, is to hold.
const HELD: &str = "GEDEON_TEST_HELD_FILE";

/// The other process: it opens the file, says so, and waits until nobody speaks to it any more.
#[test]
fn holding_process() {
    let Some(path) = std::env::var_os(HELD) else { return };
    let held = File::open(PathBuf::from(path)).unwrap();
    println!("\nheld");
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    drop(held);
}

#[test]
fn the_program_that_holds_a_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Bilan été.xlsx");
    std::fs::write(&path, "bilan").unwrap();
    let own = File::open(&path).unwrap();
    assert_eq!(RealDisk.holders(&path), Vec::<String>::new(), "this program itself is no news");
    drop(own);

    let program = std::env::current_exe().unwrap();
    let mut holder = Command::new(&program)
        .args(["--exact", "holders::holding_process", "--nocapture"])
        .env(HELD, &path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(holder.stdout.take().unwrap()).lines();
    assert!(said.any(|line| line.unwrap() == "held"), "the other process opened the file");
    let names = RealDisk.holders(&path);
    drop(holder.stdin.take());
    assert!(said.all(|line| line.is_ok()), "and reads to the end of its own story");
    assert!(holder.wait().unwrap().success());

    let full = program.file_name().unwrap().to_str().unwrap();
    let [name] = names.as_slice() else { panic!("one program holds it: {names:?}") };
    // Linux keeps the first fifteen bytes of a program's name.
    assert!(!name.is_empty() && full.starts_with(name), "{name} is {full}");
    assert_eq!(RealDisk.holders(&path), Vec::<String>::new(), "nobody holds it any more");
    assert_eq!(RealDisk.holders(&folder.path().join("none")), Vec::<String>::new(), "nor what is not there");
}
