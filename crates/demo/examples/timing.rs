#![allow(clippy::all, clippy::pedantic, clippy::print_stdout)]
//! tmp
fn main() {
    let t = std::time::Instant::now();
    let _ = std::hint::black_box(1); let firm = demo::demonstration_firm(1);
    println!("plan {:?}", t.elapsed());
    let mut by = std::collections::BTreeMap::<String, (u32, f64, usize)>::new();
    for d in &firm.documents {
        let t = std::time::Instant::now();
        let b = d.bytes();
        let e = by.entry(d.name.rsplit(".").next().unwrap().to_owned() + if d.name.contains("signé") {" signed"} else {""}).or_default();
        e.0 += 1; e.1 += t.elapsed().as_secs_f64(); e.2 += b.len();
    }
    for (k, v) in by { println!("{k}: {} docs {:.2}s {} kB avg", v.0, v.1, v.2 / 1000 / v.0 as usize); }
}
