//! What users do to the files of their mirror, and now and then in the window.

use std::path::{Path, PathBuf};

use disk::{Durability, Filesystem as _, MemoryDisk};
use domain::id::CommandId;
use domain::time::Instant;
use protocol::command::{Command, Envelope};
use rand::Rng as _;
use rand::seq::IndexedRandom as _;

use super::World;
use super::station::{ROOT, new_id};

/// Folders of the tree that users work in.
const PLACES: [&str; 4] = [
    "Alter Ce/04 À classer",
    "Alter Ce/02 Dossier annuel/2026/Achats/2026-03",
    "Alter Ce/02 Dossier annuel/2026/Banque/2026-01",
    "Alter Ce/01 Dossier permanent/Juridique",
];

/// A user does one thing; what it was.
pub(super) fn act(world: &mut World, index: usize) -> String {
    let disk = world.stations[index].disk.clone();
    disk.set_now(world.now * 1_000_000);
    let (files, folders) = listing(&disk);
    let choice = world.random.random_range(0..100);
    match choice {
        0..=34 => create(world, index, &disk, &folders),
        35..=54 => edit(world, index, &disk, &files),
        55..=64 => move_file(world, &disk, &files, &folders),
        65..=72 => make_folder(world, &disk, &folders),
        73..=79 => move_folder(world, &disk, &folders),
        80..=87 => delete(world, &disk, &files),
        _ => act_in_window(world, index),
    }
}

fn create(world: &mut World, index: usize, disk: &MemoryDisk, folders: &[PathBuf]) -> String {
    let Some(folder) = folders.choose(&mut world.random) else { return "nowhere to save".to_owned() };
    let path = folder.join(format!("note {}.txt", world.random.random_range(0..12)));
    if disk.stat(&path).is_ok_and(|meta| meta.is_some()) {
        return save(world, index, disk, &path);
    }
    let token = world.tokens.new_token(index, world.now);
    let saved = write_new(disk, &path, token.as_bytes());
    if saved { format!("creates {} with {token}", path.display()) } else { world.tokens.withdraw(&token) }
}

fn edit(world: &mut World, index: usize, disk: &MemoryDisk, files: &[PathBuf]) -> String {
    let Some(path) = files.choose(&mut world.random).cloned() else { return "nothing to edit".to_owned() };
    save(world, index, disk, &path)
}

/// Saves as programs do: in place, or beside and renamed over.
fn save(world: &mut World, index: usize, disk: &MemoryDisk, path: &Path) -> String {
    let token = world.tokens.new_token(index, world.now);
    let saved = if world.random.random_bool(0.5) {
        disk.save_in_place(path, token.as_bytes()).is_ok()
    } else {
        let beside = path.with_file_name("~WRL0001.tmp");
        write_new(disk, &beside, token.as_bytes()) && disk.rename_replacing(&beside, path).is_ok()
    };
    if saved { format!("saves {} with {token}", path.display()) } else { world.tokens.withdraw(&token) }
}

fn write_new(disk: &MemoryDisk, path: &Path, bytes: &[u8]) -> bool {
    use std::io::Write as _;
    let Ok(mut file) = disk.create(path) else { return false };
    file.write_all(bytes).is_ok() && file.finish(Durability::Lazy).is_ok()
}

fn move_file(world: &mut World, disk: &MemoryDisk, files: &[PathBuf], folders: &[PathBuf]) -> String {
    let (Some(from), Some(folder)) = (files.choose(&mut world.random), folders.choose(&mut world.random)) else {
        return "nothing to move".to_owned();
    };
    let to = folder.join(format!("note {}.txt", world.random.random_range(0..12)));
    let moved = disk.rename_exclusive(from, &to).is_ok();
    format!("moves {} to {}: {moved}", from.display(), to.display())
}

fn make_folder(world: &mut World, disk: &MemoryDisk, folders: &[PathBuf]) -> String {
    let Some(parent) = folders.choose(&mut world.random) else { return "nowhere for a folder".to_owned() };
    let path = parent.join(format!("dossier {}", world.random.random_range(0..4)));
    let made = path.components().count() < 12 && disk.create_dir(&path).is_ok();
    format!("makes {}: {made}", path.display())
}

fn move_folder(world: &mut World, disk: &MemoryDisk, folders: &[PathBuf]) -> String {
    let own: Vec<&PathBuf> = folders.iter().filter(|path| !is_place(path)).collect();
    let (Some(from), Some(parent)) = (own.choose(&mut world.random), folders.choose(&mut world.random)) else {
        return "no folder to move".to_owned();
    };
    let to = parent.join(format!("dossier {}", world.random.random_range(0..4)));
    let moved = !to.starts_with(from) && to.components().count() < 12 && disk.rename_exclusive(from, &to).is_ok();
    format!("moves folder {} to {}: {moved}", from.display(), to.display())
}

fn delete(world: &mut World, disk: &MemoryDisk, files: &[PathBuf]) -> String {
    let Some(path) = files.choose(&mut world.random) else { return "nothing to delete".to_owned() };
    let deleted = disk.remove_file(path).is_ok();
    format!("deletes {}: {deleted}", path.display())
}

/// Something done in the window: a command on the replica.
fn act_in_window(world: &mut World, index: usize) -> String {
    let replica = std::sync::Arc::clone(&world.stations[index].replica);
    let documents = replica.read(|tx| tx.some_documents(20)).expect("a readable replica");
    let Some(node) = documents.choose(&mut world.random).copied() else { return "nothing in the window".to_owned() };
    let command = if world.random.random_bool(0.5) {
        Command::MarkReviewed { node, reviewed: protocol::command::Change { seen: false, value: true } }
    } else {
        Command::Trash { node }
    };
    let id = CommandId(new_id(world.now, &mut world.random));
    let workstation = domain::id::WorkstationId(id.0);
    let envelope = Envelope { id, workstation, made_at: Instant(world.now), strict: false, command };
    let done = replica.write(|tx| tx.execute(&envelope)).is_ok();
    world.step(index, agent::core::Event::OutboxChanged);
    format!("in the window {:?}: {done}", envelope.command)
}

fn is_place(path: &Path) -> bool {
    PLACES.iter().any(|place| path == Path::new(ROOT).join(place))
}

/// The files and folders users see in the places they work in.
fn listing(disk: &MemoryDisk) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for place in PLACES {
        let path = Path::new(ROOT).join(place);
        if disk.stat(&path).is_ok_and(|meta| meta.is_some()) {
            walk(disk, path, &mut files, &mut folders);
        }
    }
    (files, folders)
}

fn walk(disk: &MemoryDisk, folder: PathBuf, files: &mut Vec<PathBuf>, folders: &mut Vec<PathBuf>) {
    for entry in disk.list(&folder).unwrap_or_default() {
        let path = folder.join(&entry.name);
        match entry.meta {
            Ok(meta) if meta.is_folder() => walk(disk, path, files, folders),
            Ok(_) => files.push(path),
            Err(_) => {}
        }
    }
    folders.push(folder);
}
