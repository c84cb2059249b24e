//! `cargo xtask requirements`: every requirement of the project with the tests that prove it, and those nothing proves.
//!
//! A test proves a requirement by its name: `fn syn_03_folder_dropped_keeps_its_shape` in Rust, `[SYN-3]` in the title of
//! a browser test. Nothing is declared a second time.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{output, place};

mod scan;

/// Arguments of `requirements`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Prints the tests of each requirement as JSON.
    #[arg(long)]
    json: bool,
}

/// A requirement's name, such as `SYN-3`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Id {
    family: String,
    number: u32,
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.family, self.number)
    }
}

impl Id {
    fn parse(text: &str) -> Option<Self> {
        let (family, number) = text.split_once('-')?;
        let is_family = family.len() == 3 && family.chars().all(|letter| letter.is_ascii_uppercase());
        Some(Self { family: is_family.then(|| family.to_owned())?, number: number.parse().ok()? })
    }
}

struct Requirement {
    id: Id,
    text: String,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let requirements = read(&place::root().join("docs/requirements.md"))?;
    let mut proofs: BTreeMap<Id, Vec<String>> = BTreeMap::new();
    for file in scan::sources(&place::root())? {
        let source = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let shown = shown(&file);
        for (id, test) in scan::tests(&file, &source) {
            proofs.entry(id).or_default().push(format!("{shown}::{test}"));
        }
    }
    let unknown: Vec<String> = proofs
        .iter()
        .filter(|(id, _)| !requirements.iter().any(|requirement| requirement.id == **id))
        .map(|(id, tests)| format!("{id} ({})", tests.join(", ")))
        .collect();
    if !unknown.is_empty() {
        bail!("tests name requirements that docs/requirements.md does not have: {}", unknown.join("; "));
    }
    output::result(&if arguments.json { json(&requirements, &proofs)? } else { table(&requirements, &proofs) });
    Ok(())
}

/// The rows `| SYN-3 | requirement | example |` of the list, in its order.
fn read(file: &Path) -> Result<Vec<Requirement>> {
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let requirements: Vec<Requirement> = text
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
            Some(Requirement { id: Id::parse(cells.next()?)?, text: cells.next()?.to_owned() })
        })
        .collect();
    for (position, requirement) in requirements.iter().enumerate() {
        if requirements[..position].iter().any(|before| before.id == requirement.id) {
            bail!("{} is twice in {}", requirement.id, file.display());
        }
    }
    Ok(requirements)
}

fn shown(file: &Path) -> String {
    let relative: PathBuf = file.strip_prefix(place::root()).unwrap_or(file).to_path_buf();
    relative.to_string_lossy().replace('\\', "/")
}

fn json(requirements: &[Requirement], proofs: &BTreeMap<Id, Vec<String>>) -> Result<String> {
    let rows: serde_json::Map<String, serde_json::Value> = requirements
        .iter()
        .map(|requirement| {
            (requirement.id.to_string(), proofs.get(&requirement.id).cloned().unwrap_or_default().into())
        })
        .collect();
    Ok(serde_json::to_string_pretty(&rows)?)
}

fn table(requirements: &[Requirement], proofs: &BTreeMap<Id, Vec<String>>) -> String {
    let mut rows = Vec::new();
    let mut proven = 0;
    for requirement in requirements {
        let tests = proofs.get(&requirement.id).map_or(&[][..], Vec::as_slice);
        proven += usize::from(!tests.is_empty());
        let first = tests.first().cloned().unwrap_or_else(|| format!("— {}", requirement.text));
        rows.push(vec![requirement.id.to_string(), first]);
        rows.extend(tests.iter().skip(1).map(|test| vec![String::new(), test.clone()]));
    }
    let table = output::table(&["requirement", "proven by (— where nothing does)"], &rows);
    format!("{table}\n\n{proven} of {} proven", requirements.len())
}
