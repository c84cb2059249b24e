//! The files that every engine carries: the same bytes on every machine, made once and copied fresh for each run.
//!
//! Contents are random, so that no engine wins by compressing what real PDF files would not let it compress.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::tree;
use crate::output;

/// Bytes of the one large file.
pub(super) const LARGE_FILE: u64 = 500_000_000;
/// Its name.
pub(super) const LARGE_NAME: &str = "grand_livre.bin";
/// Documents in the folder of a month.
const PER_MONTH: usize = 50;
/// Names the recipe below; another recipe is another folder.
const RECIPE: u32 = 1;

/// A set of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Corpus {
    /// 10,000 files of 8 to 24 KB.
    Small,
    /// 100,000 files of 0.5 to 1.5 KB.
    Tiny,
    /// One file of 500 MB.
    Large,
}

impl Corpus {
    /// How many files it has.
    pub(super) fn files(self) -> usize {
        match self {
            Self::Small => 10_000,
            Self::Tiny => 100_000,
            Self::Large => 1,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Small => "s10k",
            Self::Tiny => "t100k",
            Self::Large => "large",
        }
    }

    /// The files below `bench`, made where an earlier run did not make them whole.
    pub(super) fn prepare(self, bench: &Path) -> Result<PathBuf> {
        let name = format!("{}-{RECIPE}", self.name());
        let folder = bench.join("corpus").join(&name);
        if folder.is_dir() {
            return Ok(folder);
        }
        output::say(&format!("making the files of {name}"));
        let half = folder.with_extension("half");
        tree::remove(&half)?;
        let mut random = Random(7);
        match self {
            Self::Small => months(&half, self.files(), &mut random, 8_000, 24_000)?,
            Self::Tiny => months(&half, self.files(), &mut random, 500, 1_500)?,
            Self::Large => file(&half.join(LARGE_NAME), LARGE_FILE, &mut random)?,
        }
        fs::rename(&half, &folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(folder)
    }
}

/// Files in `client/year/month` folders, as a firm keeps them.
fn months(folder: &Path, count: usize, random: &mut Random, least: u64, most: u64) -> Result<()> {
    for index in 0..count {
        let month = index / PER_MONTH;
        let name = format!("client_{:04}/2025/{:02}/facture_{index:06}.pdf", month / 12, month % 12 + 1);
        let size = least + random.next() % (most - least + 1);
        file(&folder.join(name), size, random)?;
    }
    Ok(())
}

fn file(path: &Path, size: u64, random: &mut Random) -> Result<()> {
    let written = || -> std::io::Result<()> {
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        let mut writer = BufWriter::with_capacity(1 << 16, File::create(path)?);
        let mut left = size;
        while left > 0 {
            let bytes = random.next().to_le_bytes();
            let take = left.min(8);
            writer.write_all(&bytes[..usize::try_from(take).unwrap_or(bytes.len())])?;
            left -= take;
        }
        writer.flush()
    };
    let mut written = written;
    written().with_context(|| format!("{} cannot be written", path.display()))
}

/// SplitMix64: the same sequence for the same seed, everywhere and for good.
pub(super) struct Random(pub(super) u64);

impl Random {
    /// The next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is not 0.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// That many random bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            bytes.extend(self.next().to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_recipe_makes_the_same_files() {
        let place = tempfile::tempdir().unwrap();
        for name in ["one", "other"] {
            months(&place.path().join(name), 60, &mut Random(7), 500, 1_500).unwrap();
        }
        let (one, other) = (place.path().join("one"), place.path().join("other"));
        assert_eq!(tree::difference(&one, &other).unwrap(), None, "a fixed seed leaves nothing to chance");
        let files = tree::files(&one).unwrap();
        assert_eq!(files.len(), 60, "every file is there");
        let second_month = one.join("client_0000/2025/02");
        assert_eq!(fs::read_dir(second_month).unwrap().count(), 10, "a month holds fifty documents");
        let sizes: Vec<u64> = files.iter().map(|file| fs::metadata(one.join(file)).unwrap().len()).collect();
        assert!(sizes.iter().all(|size| (500..=1_500).contains(size)), "sizes stay in their range: {sizes:?}");
    }
}
