//! Ours: the server and two mirrors, as processes; the server's contents read over HTTP by a third who signs in.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::super::engine::Engine as _;
use super::super::http;
use super::super::ours::{Firm, Gedeon, Workstation};
use super::super::room::{Room, until};
use super::contender::{Contender, Setting};
use super::script::Side;

/// How long nothing may have moved to be at rest: longer than it waits for a file to settle and for a second look.
const STILL: Duration = Duration::from_secs(4);
const LOOK: Duration = Duration::from_millis(100);

/// The programs under test.
pub(super) struct Set(pub(super) Gedeon);

impl Setting for Set {
    fn name(&self) -> &'static str {
        "gedeon"
    }

    fn settings(&self) -> &'static str {
        "A and B with a server on SQLite; its defaults, which keep every version, the trash and a quarantine; what only a \
         staging holds does not count as found"
    }

    fn version(&self) -> Option<String> {
        self.0.version()
    }

    fn open(&self, room: Rc<Room>) -> Result<Box<dyn Contender>> {
        let (firm, [first, second]) = self.0.open_both(&room)?;
        Ok(Box::new(Ours { firm, workstations: [first, second] }))
    }
}

struct Ours {
    firm: Firm,
    workstations: [Workstation; 2],
}

impl Ours {
    fn is_still(&self) -> Result<bool> {
        let mut all = true;
        for workstation in &self.workstations {
            let status = workstation.rpc("get_sync_status", &json!({}))?;
            let nothing = |name: &str| status[name] == json!(0);
            let no_files = |name: &str| status[name]["files"] == json!(0);
            all &= status["connection"] == "online"
                && status["scanning"] == false
                && nothing("pending_commands")
                && no_files("sending")
                && no_files("receiving");
            // What waits goes on by itself, but for a file whose name another one has: that waits for a person.
            all &= nothing("waiting")
                || items(workstation)?.iter().all(|item| item["mark"] != "waiting" || item["reason"] == "name_taken");
        }
        Ok(all)
    }
}

/// The entries of a workstation's sync panel.
fn items(workstation: &Workstation) -> Result<Vec<Value>> {
    let mut listed = workstation.rpc("list_sync_items", &json!({"offset": 0, "limit": 200}))?;
    Ok(listed["rows"].as_array_mut().map(std::mem::take).unwrap_or_default())
}

impl Contender for Ours {
    fn folder(&self, side: Side) -> PathBuf {
        self.workstations[usize::from(side == Side::B)].folder.clone()
    }

    fn begin_sync(&mut self) -> Result<()> {
        Ok(())
    }

    fn go_on(&mut self) -> Result<bool> {
        Ok(false)
    }

    fn kill(&mut self, side: Side) -> Result<()> {
        self.workstations[usize::from(side == Side::B)].kill_and_start()
    }

    fn set_offline(&mut self, is_offline: bool) -> Result<()> {
        if is_offline {
            self.firm.kill();
            return Ok(());
        }
        self.firm.start()
    }

    fn rest(&mut self, limit: Duration) -> Result<bool> {
        let mut since: Option<Instant> = None;
        let rested = until(LOOK, limit, || {
            if !self.is_still()? {
                since = None;
                return Ok(None);
            }
            Ok((since.get_or_insert_with(Instant::now).elapsed() > STILL).then_some(()))
        })?;
        Ok(rested.is_some())
    }

    fn stores(&self) -> Vec<PathBuf> {
        // The mirrors' roots hold their quarantines; the profiles, what refused changes left to people.
        self.workstations.iter().flat_map(|one| [one.root.clone(), one.profile.join("Gardés")]).collect()
    }

    fn says(&self) -> Result<Vec<String>> {
        let mut said = Vec::new();
        for (side, workstation) in Side::BOTH.iter().zip(&self.workstations) {
            let told = |item: &Value| {
                format!("{side:?}: {item}", item = json!([item["path"], item["name"], item["mark"], item["reason"]]))
            };
            said.extend(items(workstation)?.iter().map(told));
        }
        Ok(said)
    }

    fn contents(&mut self) -> Result<Vec<Vec<u8>>> {
        let (port, authorization) = self.firm.sign_in("01980000-0000-7000-8000-00000000000f")?;
        let headers = [("Authorization", authorization.as_str())];
        let mut request = json!({
            "cursor": 0, "sight": "", "held": null, "resume": null, "limit": 10_000, "epoch": "",
        });
        let mut hashes = Vec::new();
        loop {
            let page = http::call("POST", port, "/api/pull", &headers, Some(&request))?;
            let tables = page["tables"].as_array().context("a first pull is pages")?;
            hashes.extend(tables.iter().filter(|table| table["table"] == "version").flat_map(contents_of));
            if page["next"].is_null() {
                break;
            }
            request["resume"] = page["next"].clone();
        }
        hashes.sort_unstable();
        hashes.dedup();
        let fetch = |hash: &String| http::bytes("GET", port, &format!("/api/contents/{hash}"), &headers, None);
        hashes.iter().map(fetch).collect()
    }
}

/// The contents that a table of versions names.
fn contents_of(table: &Value) -> Vec<String> {
    let columns = table["columns"].as_array().map(Vec::as_slice).unwrap_or_default();
    let Some(position) = columns.iter().position(|column| column == "content") else { return Vec::new() };
    let rows = table["rows"].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().filter_map(|row| row[position].as_str().map(str::to_owned)).collect()
}
