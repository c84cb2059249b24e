use crate::desktop::Desktop;
use crate::office::Office;
use crate::stories::INBOX;
use std::time::Instant as Clock;
#[test]
fn speed() {
    let Ok(n) = std::env::var("SPEED") else { return };
    let n: usize = n.parse().unwrap();
    let office = Office::open();
    let t = Clock::now();
    for i in 0..n {
        office.adds(office.folder("contrats"), &format!("{i:06}.pdf"), format!("content {i}").as_bytes());
    }
    println!("server adds {:?}", t.elapsed());
    let t = Clock::now();
    let mut d = Desktop::real(&office);
    println!("pull {:?}", t.elapsed());
    let t = Clock::now();
    d.sync(&office);
    println!("download {n}: {:?}", t.elapsed());
    for i in 0..n {
        d.save(&format!("{INBOX}/{i:06}.pdf"), format!("import {i}").as_bytes());
    }
    let t = Clock::now();
    d.settle(&office);
    println!("capture+commit {n}: {:?}", t.elapsed());
    let t = Clock::now();
    d.sync(&office);
    println!("sync {n}: {:?}", t.elapsed());
    let t = Clock::now();
    d.restart();
    d.settle(&office);
    println!("no-op restart {}: {:?}", 2 * n, t.elapsed());
}
