//! Lays the documents of the demonstration firm out in a folder, as a mirror would, to look at them:
//! `cargo run -p demo --example lay_out -- DIR [SEED]`.

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let root = PathBuf::from(arguments.next().unwrap_or_else(|| "demonstration".to_owned()));
    let seed = arguments.next().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let firm = demo::demonstration_firm(seed);
    for document in &firm.documents {
        let client_file = firm.client_files.iter().find(|file| file.key == document.client_file);
        let mut folder = root.join(client_file.map_or(document.client_file, |file| file.name));
        folder.extend(&document.folder);
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(&document.name), document.bytes())?;
    }
    Ok(())
}
