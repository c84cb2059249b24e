//! What every implementation must do alike; meant to be run by hand on Windows and macOS as well.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use disk::{Durability, ErrorKind, FaultyDisk, FileId, FileKind, Filesystem, MemoryDisk, Personality, RealDisk};

use crate::tree::{tree, write};

/// Runs the whole suite in an existing, empty folder.
fn conforms(disk: &dyn Filesystem, root: &Path) {
    creates_and_reads(disk, &made(disk, root, "create"));
    lists_in_order(disk, &made(disk, root, "list"));
    renames_without_replacing(disk, &made(disk, root, "rename"));
    exchanges(disk, &made(disk, root, "exchange"));
    copies(disk, &made(disk, root, "copy"));
    removes(disk, &made(disk, root, "remove"));
    stamps(disk, &made(disk, root, "stamp"));
    flushes_and_measures(disk, &made(disk, root, "flush"));
    refuses(disk, &made(disk, root, "refuse"));
}

fn made(disk: &dyn Filesystem, root: &Path, name: &str) -> std::path::PathBuf {
    let path = root.join(name);
    disk.create_dir(&path).unwrap();
    path
}

fn creates_and_reads(disk: &dyn Filesystem, root: &Path) {
    let path = root.join("Relevé été.pdf");
    assert_eq!(disk.stat(&path).unwrap(), None, "nothing is there yet");
    let mut file = disk.create(&path).unwrap();
    file.write_all(b"12").unwrap();
    file.write_all(b"345").unwrap();
    let meta = file.finish(Durability::Flushed).unwrap();
    assert_eq!((meta.kind, meta.size, meta.links), (FileKind::File, 5, 1));
    assert_eq!(
        disk.stat(&path).unwrap().unwrap().fingerprint(),
        meta.fingerprint(),
        "finishing tells the fingerprint that the file keeps"
    );
    assert_eq!(disk.read(&path, 5).unwrap(), b"12345");
    assert_eq!(disk.read(&path, 4).unwrap_err().kind(), ErrorKind::TooLarge);

    let mut reader = disk.open(&path).unwrap();
    let mut two = [0; 2];
    reader.read_exact(&mut two).unwrap();
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).unwrap();
    assert_eq!((&two, rest.as_slice()), (b"12", b"345".as_slice()), "a reader reads on");

    disk.create_dir_all(&root.join("a/b/c")).unwrap();
    disk.create_dir_all(&root.join("a/b/c")).unwrap();
    let folder = disk.stat(&root.join("a/b/c")).unwrap().unwrap();
    assert_eq!((folder.kind, folder.size), (FileKind::Folder, 0));
    let text = meta.file_id.to_string();
    assert_eq!(text.parse::<FileId>().unwrap(), meta.file_id, "a file id is read back from text");
}

fn lists_in_order(disk: &dyn Filesystem, root: &Path) {
    for name in ["b", "é", "a", "a b", "10", "9"] {
        write(disk, &root.join(name), name.as_bytes(), Durability::Lazy);
    }
    disk.create_dir(&root.join("dossier")).unwrap();
    let entries = disk.list(root).unwrap();
    let names: Vec<_> = entries.iter().map(|entry| entry.name.to_str().unwrap()).collect();
    assert_eq!(names, ["10", "9", "a", "a b", "b", "dossier", "é"]);
    for entry in entries {
        let alone = disk.stat(&root.join(&entry.name)).unwrap().unwrap();
        assert_eq!(entry.meta.unwrap(), alone, "a listing says what stat says");
    }
}

fn renames_without_replacing(disk: &dyn Filesystem, root: &Path) {
    let (a, b, c) = (root.join("a"), root.join("b"), root.join("c"));
    write(disk, &a, b"a", Durability::Lazy);
    write(disk, &b, b"b", Durability::Lazy);
    let before = tree(disk, root);
    let refused = disk.rename_exclusive(&a, &b).unwrap_err();
    assert_eq!((refused.kind(), refused.path()), (ErrorKind::AlreadyExists, a.as_path()));
    assert_eq!(tree(disk, root), before, "a refused rename changes nothing");

    let id = disk.stat(&a).unwrap().unwrap().file_id;
    disk.rename_exclusive(&a, &c).unwrap();
    assert_eq!(disk.stat(&a).unwrap(), None);
    assert_eq!(disk.stat(&c).unwrap().unwrap().file_id, id, "a moved file keeps its identity");
    assert_eq!(disk.rename_exclusive(&a, &root.join("d")).unwrap_err().kind(), ErrorKind::NotFound);

    let deep = root.join("x/y");
    disk.create_dir_all(&deep).unwrap();
    disk.rename_exclusive(&c, &deep.join("c")).unwrap();
    let folder = disk.stat(&root.join("x")).unwrap().unwrap().file_id;
    disk.rename_exclusive(&root.join("x"), &root.join("z")).unwrap();
    assert_eq!(disk.read(&root.join("z/y/c"), 9).unwrap(), b"a", "a folder moves with its content");
    assert_eq!(disk.stat(&root.join("z")).unwrap().unwrap().file_id, folder);
    assert!(disk.rename_exclusive(&root.join("z"), &root.join("z/y/z")).is_err(), "a folder cannot go into itself");
    disk.create_dir(&root.join("empty")).unwrap();
    assert_eq!(
        disk.rename_exclusive(&root.join("z"), &root.join("empty")).unwrap_err().kind(),
        ErrorKind::AlreadyExists,
        "even an empty folder is not replaced"
    );
}

fn renames_to_another_spelling(disk: &dyn Filesystem, root: &Path) {
    write(disk, &root.join("bilan.pdf"), b"bilan", Durability::Lazy);
    disk.rename_exclusive(&root.join("bilan.pdf"), &root.join("Bilan.PDF")).unwrap();
    let names: Vec<_> = disk.list(root).unwrap().into_iter().map(|entry| entry.name).collect();
    assert!(names.contains(&"Bilan.PDF".into()), "another spelling of its own name is free");
    assert!(!names.contains(&"bilan.pdf".into()));
}

fn exchanges(disk: &dyn Filesystem, root: &Path) {
    disk.create_dir(&root.join("other")).unwrap();
    let (a, b) = (root.join("a"), root.join("other/b"));
    write(disk, &a, b"old", Durability::Lazy);
    write(disk, &b, b"new!", Durability::Lazy);
    let ids = [&a, &b].map(|path| disk.stat(path).unwrap().unwrap().file_id);
    disk.exchange(&a, &b).unwrap();
    assert_eq!(disk.read(&a, 9).unwrap(), b"new!");
    assert_eq!(disk.read(&b, 9).unwrap(), b"old", "what was replaced is in our hands");
    let after = [&b, &a].map(|path| disk.stat(path).unwrap().unwrap().file_id);
    assert_eq!(ids, after, "identities went with the contents");
    assert_eq!(disk.list(root).unwrap().len(), 2, "no temporary name is left");

    assert_eq!(disk.exchange(&a, &root.join("none")).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(disk.exchange(&root.join("none"), &a).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(disk.read(&a, 9).unwrap(), b"new!", "a refused exchange changes nothing");
    let (one, two) = (root.join("one"), root.join("two"));
    disk.create_dir(&one).unwrap();
    disk.create_dir(&two).unwrap();
    write(disk, &one.join("f"), b"f", Durability::Lazy);
    disk.exchange(&one, &two).unwrap();
    assert_eq!(disk.read(&two.join("f"), 9).unwrap(), b"f", "folders are exchanged too");
    assert!(disk.exchange(&two, &two.join("f")).is_err(), "not with one's own content");
}

fn copies(disk: &dyn Filesystem, root: &Path) {
    let (a, b) = (root.join("a"), root.join("b"));
    let big: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    write(disk, &a, &big, Durability::Lazy);
    assert_eq!(disk.copy(&a, &b).unwrap(), big.len() as u64);
    assert_eq!(disk.read(&b, 1 << 21).unwrap(), big);
    assert_ne!(
        disk.stat(&a).unwrap().unwrap().file_id,
        disk.stat(&b).unwrap().unwrap().file_id,
        "a copy is another file"
    );
    assert_eq!(disk.copy(&a, &b).unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!(disk.copy(root, &root.join("c")).unwrap_err().kind(), ErrorKind::NotAFile);
    assert_eq!(disk.copy(&root.join("z"), &root.join("c")).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(disk.stat(&root.join("c")).unwrap(), None, "a refused copy leaves nothing");
}

fn removes(disk: &dyn Filesystem, root: &Path) {
    let (folder, file) = (root.join("d"), root.join("d/f"));
    disk.create_dir(&folder).unwrap();
    write(disk, &file, b"f", Durability::Lazy);
    assert_eq!(disk.remove_dir(&folder).unwrap_err().kind(), ErrorKind::DirectoryNotEmpty);
    assert_eq!(disk.remove_file(&folder).unwrap_err().kind(), ErrorKind::NotAFile);
    assert_eq!(disk.remove_dir(&file).unwrap_err().kind(), ErrorKind::NotADirectory);
    let mut open = disk.open(&file).unwrap();
    disk.remove_file(&file).unwrap();
    let mut content = Vec::new();
    open.read_to_end(&mut content).unwrap();
    assert_eq!(content, b"f", "an open file is read to its end after its removal");
    drop(open);
    disk.remove_dir(&folder).unwrap();
    assert_eq!(disk.remove_file(&file).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(disk.remove_dir(&folder).unwrap_err().kind(), ErrorKind::NotFound);
    assert!(disk.list(root).unwrap().is_empty());
}

fn stamps(disk: &dyn Filesystem, root: &Path) {
    let path = root.join("f");
    write(disk, &path, b"f", Durability::Lazy);
    let first = disk.stat(&path).unwrap().unwrap();
    for modified_ns in [1_700_000_000_123_456_700, 0, -1_000_000_000] {
        disk.set_modified(&path, modified_ns).unwrap();
        assert_eq!(disk.stat(&path).unwrap().unwrap().modified_ns, modified_ns);
    }
    let later = disk.stat(&path).unwrap().unwrap();
    assert_eq!((later.size, later.file_id), (first.size, first.file_id));
    assert!(later.changed_ns >= first.changed_ns, "the time of change is never put back");
    disk.set_read_only(&path, true).unwrap();
    assert!(disk.stat(&path).unwrap().unwrap().is_read_only);
    disk.set_read_only(&path, false).unwrap();
    assert!(!disk.stat(&path).unwrap().unwrap().is_read_only);
    assert_eq!(disk.set_read_only(root, true).unwrap_err().kind(), ErrorKind::NotAFile);
    disk.hide(&path).unwrap();
    assert_eq!(disk.read(&path, 9).unwrap(), b"f", "what is hidden is there");
    let missing = root.join("none");
    assert_eq!(disk.set_modified(&missing, 0).unwrap_err().kind(), ErrorKind::NotFound);
}

fn flushes_and_measures(disk: &dyn Filesystem, root: &Path) {
    let path = root.join("f");
    write(disk, &path, b"f", Durability::Lazy);
    disk.sync_file(&path).unwrap();
    disk.sync_dir(root).unwrap();
    disk.sync_tree(root).unwrap();
    assert_eq!(disk.sync_dir(&path).unwrap_err().kind(), ErrorKind::NotADirectory);
    assert_eq!(disk.sync_file(root).unwrap_err().kind(), ErrorKind::NotAFile);
    assert_eq!(disk.sync_tree(&root.join("none")).unwrap_err().kind(), ErrorKind::NotFound);
    assert!(disk.free_space(root).unwrap() > 0);
    assert_eq!(disk.volume_of(root).unwrap(), disk.volume_of(&path).unwrap());
    assert!(disk.free_space(&path).unwrap() > 0, "of the volume of a file too");
    assert_eq!(disk.volume_of(&root.join("none")).unwrap_err().kind(), ErrorKind::NotFound);
}

fn refuses(disk: &dyn Filesystem, root: &Path) {
    let file = root.join("f");
    write(disk, &file, b"f", Durability::Lazy);
    let kind_of_create = |path: &Path| disk.create(path).err().map(|error| error.kind());
    assert_eq!(kind_of_create(&file), Some(ErrorKind::AlreadyExists));
    assert_eq!(kind_of_create(&root.join("no/f")), Some(ErrorKind::NotFound));
    assert_eq!(kind_of_create(&file.join("g")), Some(ErrorKind::NotADirectory));
    assert_eq!(kind_of_create(&root.join("n".repeat(300))), Some(ErrorKind::NameTooLong));
    assert_eq!(disk.create_dir(&file).unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!(disk.create_dir_all(&file).unwrap_err().kind(), ErrorKind::NotADirectory);
    assert_eq!(disk.list(&file).unwrap_err().kind(), ErrorKind::NotADirectory);
    assert_eq!(disk.list(&root.join("no")).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(disk.stat(&file.join("g")).unwrap(), None, "nothing is below a file");
    assert_eq!(disk.open(root).err().map(|error| error.kind()), Some(ErrorKind::NotAFile));
    let missing = disk.open(&root.join("no")).err().unwrap();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    assert!(missing.to_string().contains("open"), "an error names its operation: {missing}");
}

#[test]
fn the_real_disk_conforms() {
    let folder = tempfile::tempdir().unwrap();
    conforms(&RealDisk, folder.path());
}

#[test]
fn the_real_disk_takes_another_spelling_of_a_name() {
    let folder = tempfile::tempdir().unwrap();
    renames_to_another_spelling(&RealDisk, folder.path());
}

#[test]
fn a_disk_in_memory_conforms_in_every_personality() {
    for personality in [Personality::Ext4Like, Personality::NtfsLike, Personality::ApfsLike] {
        let disk = MemoryDisk::new(personality);
        conforms(&disk, Path::new("/"));
        renames_to_another_spelling(&disk, &made(&disk, Path::new("/"), "spelling"));
    }
}

#[test]
fn a_faulty_disk_without_faults_conforms() {
    conforms(&FaultyDisk::new(Arc::new(MemoryDisk::new(Personality::Ext4Like))), Path::new("/"));
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_reported_and_never_entered() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::create_dir(root.join("secret")).unwrap();
    std::fs::write(root.join("secret/f"), "f").unwrap();
    std::os::unix::fs::symlink(root.join("secret"), root.join("link")).unwrap();
    std::os::unix::fs::symlink(root.join("secret/f"), root.join("file-link")).unwrap();
    let pipe = root.join("pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::from_raw_mode(0o600), 0)
        .unwrap();

    let kinds: Vec<_> = RealDisk.list(root).unwrap().into_iter().map(|entry| entry.meta.unwrap().kind).collect();
    assert_eq!(
        kinds,
        [FileKind::Symlink, FileKind::Symlink, FileKind::Other, FileKind::Folder],
        "file-link, link, pipe, secret"
    );
    assert_eq!(RealDisk.list(&root.join("link")).unwrap_err().kind(), ErrorKind::NotADirectory);
    for path in [root.join("file-link"), pipe] {
        let kind = RealDisk.open(&path).err().map(|error| error.kind());
        assert_eq!(kind, Some(ErrorKind::NotAFile), "{}", path.display());
    }
    RealDisk.remove_file(&root.join("link")).unwrap();
    assert!(root.join("secret/f").exists(), "removing a link leaves what it leads to");
}

#[cfg(unix)]
#[test]
fn a_folder_reached_through_a_link_above_works() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::create_dir(root.join("home")).unwrap();
    std::os::unix::fs::symlink(root.join("home"), root.join("link")).unwrap();
    RealDisk.create_dir_all(&root.join("link/GED/Alter Ce")).unwrap();
    assert!(root.join("home/GED/Alter Ce").is_dir());
}
