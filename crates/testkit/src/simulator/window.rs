//! What users do in the window: commands on the replica, beside what happens on the disk.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use domain::id::{CommandId, NodeId};
use domain::time::Instant;
use protocol::command::{Change, Command, Envelope, Naming};
use rand::Rng as _;
use store::replica::trees::{Decision, HeldKind};
use store::replica::{Offline, Replica};
use store::rows::Node;

use super::history::{Act, Step};
use super::station::new_id;
use super::users::PLACES;
use super::{Due, World};

/// How many rows a window shows.
const SHOWN: u32 = 200;
/// How long a user takes at most to answer, in milliseconds.
const ANSWER_MS: i64 = 60_000;

impl World {
    /// A user does something in the window; what it was. `None` where the engine does not run or shows nothing.
    pub(super) fn act_in_window(&mut self, step: &Step) -> Option<String> {
        let Step { station: index, numbers, .. } = *step;
        if !self.stations[index].is_running() {
            return None;
        }
        if step.act == Act::WindowYears {
            return Some(self.choose_years(step));
        }
        let command = self.command(step)?;
        let now = self.now;
        let station = &mut self.stations[index];
        let envelope = Envelope {
            id: CommandId(new_id(station.clock(now), &mut station.random)),
            workstation: station.workstation,
            made_at: Instant(station.clock(now)),
            strict: numbers[2].is_multiple_of(16),
            command,
        };
        let done = station.replica.write(|tx| tx.execute(&envelope)).is_ok();
        if done && let Command::Trash { node } = envelope.command {
            self.trashed.push(node);
        }
        if done && let Command::Restore { node, .. } = envelope.command {
            self.restored(&Arc::clone(&self.stations[index].replica), node);
        }
        let line = format!("{:?}: {done}", envelope.command);
        self.step(index, agent::core::Event::OutboxChanged);
        Some(line)
    }

    /// A user whose engine holds something sees it, and answers some time later.
    pub(super) fn notice_held(&mut self, index: usize) {
        let station = &mut self.stations[index];
        if !station.is_asked && station.held() > 0 {
            station.is_asked = true;
            let wait = station.random.random_range(500..ANSWER_MS);
            self.after(wait, Due::Answer(index));
        }
    }

    /// They say yes or no, of each kind.
    pub(super) fn answer_held(&mut self, index: usize) {
        let station = &mut self.stations[index];
        station.is_asked = false;
        if !station.is_running() {
            return;
        }
        for kind in [HeldKind::Removal, HeldKind::Edit] {
            let station = &mut self.stations[index];
            let decision = if station.random.random_bool(0.5) { Decision::Confirmed } else { Decision::Undone };
            if (kind, decision) == (HeldKind::Removal, Decision::Undone) {
                // As out of the trash: a program's passing file may have been among what was removed.
                let replica = Arc::clone(&station.replica);
                for node in replica.read(|tx| tx.undecided(kind)).expect("a readable replica") {
                    self.restored(&replica, node);
                }
            }
            let station = &mut self.stations[index];
            let decided = station.replica.write(|tx| tx.decide_held(kind, decision)).expect("a writable replica");
            if decided > 0 {
                self.note(|| format!("user {index}: {decision:?} {decided} held of {kind:?}"));
                let answers = &mut self.report.answers;
                *(if decision == Decision::Confirmed { &mut answers.0 } else { &mut answers.1 }) += 1;
            }
        }
        self.step(index, agent::core::Event::HeldDecided);
    }

    /// A person chooses what of a client file is on their disk: all of it, its fiscal year, what belongs to none, nothing.
    fn choose_years(&mut self, step: &Step) -> String {
        let Step { station: index, numbers: [one, two, _], .. } = *step;
        let client_file = self.server.client_files[one as usize % self.server.client_files.len()];
        let chosen = match two % 4 {
            0 => Offline::Everything,
            1 => Offline::Years(BTreeSet::from([self.server.fiscal_year(client_file)])),
            2 => Offline::Years(BTreeSet::new()),
            _ => Offline::Nothing,
        };
        let replica = Arc::clone(&self.stations[index].replica);
        replica.write(|tx| tx.choose_offline(client_file, &chosen)).expect("a setting");
        self.step(index, agent::core::Event::OfflineChanged);
        format!("{client_file}: {chosen:?}")
    }

    /// Everybody has everything on their disk again, so that all trees are to be one.
    pub(super) fn choose_everything(&mut self) {
        for index in 0..self.stations.len() {
            let replica = Arc::clone(&self.stations[index].replica);
            for client_file in self.server.client_files {
                let chosen = replica.read(|tx| tx.offline(client_file)).expect("a readable replica");
                if chosen != Offline::Everything {
                    replica.write(|tx| tx.set_offline(client_file, true)).expect("a setting");
                }
            }
            self.step(index, agent::core::Event::OfflineChanged);
        }
    }

    /// What a person takes out of the trash may be there twice: a program's passing file, put there when it was renamed.
    fn restored(&mut self, replica: &Replica, node: NodeId) {
        let row = replica.read(|tx| tx.node(node)).expect("a readable replica");
        if let Some(hash) = row.and_then(|row| row.content) {
            self.tokens.copied_content(hash);
        }
        let below = replica.read(|tx| tx.confirmed_children(node)).expect("a readable replica");
        for child in below {
            self.restored(replica, child.id);
        }
    }

    fn command(&mut self, step: &Step) -> Option<Command> {
        let Step { station: index, act, numbers: [one, two, three], .. } = *step;
        let replica = Arc::clone(&self.stations[index].replica);
        let shown = replica.read(|tx| tx.some_nodes(false, SHOWN)).expect("a readable replica");
        let node = || shown.get(one as usize % shown.len().max(1)).cloned();
        let folder = || self.folder(&replica, &shown, two);
        Some(match act {
            Act::WindowRename => {
                let node = node()?;
                let name = format!("renommé {}.pdf", three % 4);
                let name = Some(Change { seen: node.name, value: name });
                Command::Place { node: node.id, name, parent: None, naming: naming(three) }
            }
            Act::WindowMove => {
                let node = node()?;
                let parent = Some(Change { seen: node.parent, value: folder()? });
                Command::Place { node: node.id, name: None, parent, naming: naming(three) }
            }
            Act::WindowTrash => Command::Trash { node: node()?.id },
            Act::WindowRestore => {
                let trashed = replica.read(|tx| tx.some_nodes(true, SHOWN)).expect("a readable replica");
                let known = trashed.get(one as usize % trashed.len().max(1)).map(|node| node.id);
                let parent = if two.is_multiple_of(4) { folder() } else { None };
                Command::Restore { node: known.or_else(|| self.trashed.last().copied())?, parent }
            }
            Act::WindowFolder => {
                let parent = folder()?;
                let random = &mut self.stations[index].random;
                let node = NodeId(new_id(super::BEGINNING, random));
                Command::CreateFolder { node, parent, name: format!("dossier {}", three % 3), naming: naming(three) }
            }
            _ => {
                let node = node().filter(|node| !node.is_folder)?;
                let seen = node.reviewed_at.is_some();
                Command::MarkReviewed { node: node.id, reviewed: Change { seen, value: !seen } }
            }
        })
    }

    /// A folder that the window shows: one of the tree's, or a user's.
    fn folder(&self, replica: &Replica, shown: &[Node], number: u32) -> Option<NodeId> {
        let own: Vec<NodeId> = shown.iter().filter(|node| node.is_folder).map(|node| node.id).collect();
        if number.is_multiple_of(2) && !own.is_empty() {
            return own.get((number >> 1) as usize % own.len()).copied();
        }
        let client_file = self.server.client_files[(number >> 1) as usize % self.server.client_files.len()];
        let place = PLACES[(number >> 2) as usize % PLACES.len()];
        let found = replica.read(|tx| {
            let mut at = Some(client_file.root());
            for name in Path::new(place) {
                let Some(folder) = at else { break };
                at = tx.child(folder, &name.to_string_lossy())?.map(|node| node.id);
            }
            Ok(at)
        });
        found.expect("a readable replica")
    }
}

fn naming(number: u32) -> Naming {
    if number.is_multiple_of(2) { Naming::Typed } else { Naming::ByMachine }
}
