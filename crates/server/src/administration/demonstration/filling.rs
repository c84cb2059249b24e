//! Turns the plan of the demonstration into commands and contents.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};
use content::SMALL_LIMIT;
use demo::{Author, ClientFile, Document, Firm as Plan, TODAY};
use domain::content::ContentHash;
use domain::fiscal_year::FiscalYear;
use domain::id::{ClientFileId, CommandId, CommentId, NodeId, PersonId, VersionId, WorkstationId};
use domain::name::{MAX_PATH_UTF16, split_extension};
use domain::tree::{DatedYear, STANDARD_TREE, THEMES, Theme, fiscal_year_id, folders_of};
use protocol::command::{Change, Command, ContentRef, Envelope, FiscalYearDates, Naming, Outcome};
use protocol::feed::PushRequest;
use store::firm::{Caller, Firm, MAX_COMMANDS};

use super::{StartError, instant, role_of};
use crate::contents::{Contents, ContentsError};

/// What came in longer ago than this was opened by all who work on the client file: the badges show the rest.
const READ_AFTER_DAYS: u64 = 21;
/// Bytes of a part, as a length in memory.
const PART: usize = 8 * 1024 * 1024;
const _: () = assert!(PART as u64 == content::PART_SIZE, "parts are as long as the store wants them");
/// The workstation that the history names.
const WORKSTATION: &str = "Démonstration";

/// A step of the firm's life.
struct Step {
    at: DateTime<Utc>,
    /// Place of the collaborator.
    by: usize,
    id: CommandId,
    command: Command,
}

/// The work of bringing the plan into a firm.
pub(super) struct Filling<'a> {
    plan: &'a Plan,
    firm: &'a Firm,
    contents: &'a Contents,
    people: &'a BTreeMap<usize, PersonId>,
    /// What ids derive from.
    root: String,
    steps: Vec<Step>,
}

impl<'a> Filling<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        firm: &'a Firm,
        contents: &'a Contents,
        people: &'a BTreeMap<usize, PersonId>,
    ) -> Self {
        let root = firm.id().to_string();
        Self { plan, firm, contents, people, root, steps: Vec::new() }
    }

    /// Brings everything in, in the order in which it happened.
    pub(super) fn fill(mut self) -> Result<(), StartError> {
        let opening = self.opening();
        self.add_people(opening);
        for client in &self.plan.client_files {
            self.add_client_file(client, opening);
        }
        self.push()?;
        let plan = self.plan;
        for client in &plan.client_files {
            self.add_documents(client, opening)?;
        }
        self.push()
    }

    /// The day the firm began to use Gédéon: before anything in it.
    fn opening(&self) -> DateTime<Utc> {
        let versions = self.plan.documents.iter().flat_map(|document| &document.versions);
        let first = versions.map(|version| version.modified).min().unwrap_or_default();
        first - Days::new(1)
    }

    fn step(&mut self, at: DateTime<Utc>, by: usize, key: &[&str], command: Command) {
        let mut parts = vec![self.root.as_str()];
        parts.extend_from_slice(key);
        let id = CommandId::derived(&parts);
        self.steps.push(Step { at, by, id, command });
    }

    fn add_people(&mut self, at: DateTime<Utc>) {
        for (place, person) in self.plan.collaborators.iter().enumerate().skip(1) {
            let command = Command::AddPerson {
                person: self.people[&place],
                email: person.email.clone(),
                first_name: person.first_name.clone(),
                last_name: person.last_name.clone(),
                role: role_of(person.role),
            };
            self.step(at, 0, &["person", &person.email], command);
        }
    }

    fn client_file_id(&self, key: &str) -> ClientFileId {
        ClientFileId::derived(&[&self.root, "client file", key])
    }

    fn add_client_file(&mut self, client: &ClientFile, at: DateTime<Utc>) {
        let id = self.client_file_id(client.key);
        let dates = |year: &FiscalYear| FiscalYearDates { start: year.start, end: year.end };
        let command = Command::CreateClientFile {
            client_file: id,
            name: client.name.to_owned(),
            siren: Some(client.siret.siren().to_string()),
            fiscal_years: client.fiscal_years.iter().map(dates).collect(),
            assigned: Vec::new(),
        };
        self.step(at, 0, &["client file", client.key], command);
        for place in self.workers(client.key) {
            let withheld = self.withheld(place, client.key);
            let granted = |key: &'static str| !withheld.contains(&key);
            let themes = (!withheld.is_empty()).then(|| {
                let granted = THEMES.iter().filter(|theme| granted(theme.key));
                granted.map(|theme| Theme::new(theme.key)).collect()
            });
            let command = Command::AssignPerson { client_file: id, person: self.people[&place], themes };
            self.step(at, 0, &["assignment", client.key, &place.to_string()], command);
        }
    }

    /// The places of those who work on a client file.
    fn workers(&self, client: &str) -> Vec<usize> {
        let people = self.plan.collaborators.iter().enumerate();
        let working =
            people.filter(|(_, person)| person.assignments.iter().any(|assignment| assignment.client_file == client));
        working.map(|(place, _)| place).collect()
    }

    fn withheld(&self, place: usize, client: &str) -> &'a [&'static str] {
        let assignments = &self.plan.collaborators[place].assignments;
        let assignment = assignments.iter().find(|assignment| assignment.client_file == client);
        assignment.map_or(&[], |assignment| &assignment.withheld_themes)
    }

    fn add_documents(&mut self, client: &ClientFile, opening: DateTime<Utc>) -> Result<(), StartError> {
        let mut folders = Folders::of(self.client_file_id(client.key), client);
        let plan = self.plan;
        for document in plan.documents.iter().filter(|document| document.client_file == client.key) {
            let (folder, theme) = self.folder(&mut folders, client, &document.folder, opening);
            let readers: Vec<usize> = self
                .workers(client.key)
                .into_iter()
                .filter(|place| !self.withheld(*place, client.key).iter().any(|key| *key == theme))
                .collect();
            self.add_document(client, document, folder, &readers)?;
        }
        Ok(())
    }

    /// The folder of a path, made by hand where the tree has none; with its theme.
    fn folder(
        &mut self,
        folders: &mut Folders,
        client: &ClientFile,
        path: &[String],
        at: DateTime<Utc>,
    ) -> (NodeId, String) {
        let mut depth = path.len();
        while depth > 0 && !folders.by_path.contains_key(&path[..depth]) {
            depth -= 1;
        }
        let mut found = folders.by_path.get(&path[..depth]).cloned().unwrap_or_default();
        found.0.get_or_insert(folders.root);
        for length in depth + 1..=path.len() {
            let whole = path[..length].join("/");
            let node = NodeId::derived(&[&self.root, "folder", client.key, &whole]);
            let parent = found.0.unwrap_or(folders.root);
            let name = path[length - 1].clone();
            let command = Command::CreateFolder { node, parent, name, naming: Naming::ByMachine };
            self.step(at, 0, &["folder", client.key, &whole], command);
            found.0 = Some(node);
            folders.by_path.insert(path[..length].to_vec(), found.clone());
        }
        (found.0.unwrap_or(folders.root), found.1)
    }

    fn add_document(
        &mut self,
        client: &ClientFile,
        document: &Document,
        parent: NodeId,
        readers: &[usize],
    ) -> Result<(), StartError> {
        let key = format!("{}/{}/{}", client.key, document.folder.join("/"), document.name);
        let node = NodeId::derived(&[&self.root, "document", &key]);
        // What the client brought is put in by whoever keeps the file: portals come later.
        let keeper = readers.iter().copied().max().unwrap_or(0);
        let by = |author: Author| match author {
            Author::Collaborator(place) => place,
            Author::Client => keeper,
        };
        let mut head = None;
        let mut last = DateTime::<Utc>::default();
        for (number, brought) in document.versions.iter().enumerate() {
            let number = number.to_string();
            let version = VersionId::derived(&[&self.root, "version", &key, &number]);
            let author = by(brought.author);
            let content = self.store(author, brought.bytes(), brought.modified)?;
            let modified_at = instant(brought.modified);
            let command = match head {
                None => Command::AddDocument {
                    node,
                    parent,
                    name: fitting(client, document),
                    naming: Naming::ByMachine,
                    version,
                    content,
                    modified_at,
                },
                Some(base) => Command::AddVersion { node, version, base: Some(base), content, modified_at },
            };
            self.step(brought.modified, author, &["version", &key, &number], command);
            head = Some(version);
            last = brought.modified;
        }
        self.add_marks(document, node, &key, last, &by);
        let Some(version) = head else { return Ok(()) };
        let limit = TODAY - Days::new(READ_AFTER_DAYS);
        for place in readers.iter().filter(|_| last.date_naive() < limit) {
            let command = Command::MarkRead { node, version };
            self.step(last + Days::new(1), *place, &["read", &key, &place.to_string()], command);
        }
        Ok(())
    }

    fn add_marks(
        &mut self,
        document: &Document,
        node: NodeId,
        key: &str,
        last: DateTime<Utc>,
        by: &impl Fn(Author) -> usize,
    ) {
        for (number, comment) in document.comments.iter().enumerate() {
            let number = number.to_string();
            let id = CommentId::derived(&[&self.root, "comment", key, &number]);
            let command = Command::AddComment { comment: id, node, text: comment.text.clone() };
            self.step(comment.at, by(comment.author), &["comment", key, &number], command);
        }
        if let Some(piece) = &document.piece_number {
            let piece_number = Change { seen: None, value: Some(piece.clone()) };
            let at = document.review.map_or(last, |review| review.at);
            let place = document.review.map_or_else(|| by(Author::Client), |review| review.collaborator);
            self.step(at, place, &["piece", key], Command::SetPieceNumber { node, piece_number });
        }
        if let Some(review) = document.review {
            let reviewed = Change { seen: false, value: true };
            let command = Command::MarkReviewed { node, reviewed };
            self.step(review.at, review.collaborator, &["review", key], command);
        }
    }

    /// Stores a content as sent by a collaborator.
    fn store(&self, by: usize, bytes: Vec<u8>, at: DateTime<Utc>) -> Result<ContentRef, StartError> {
        let person = self.people[&by];
        let content = ContentRef { hash: ContentHash::of(&bytes), size: bytes.len() as u64 };
        if self.firm.missing(person, &[content])?.is_empty() {
            return Ok(content);
        }
        let place = match self.firm.stored(content.hash)? {
            Some(stored) => stored.place,
            None if content.size <= SMALL_LIMIT => {
                let places = self.contents.put_small(&[(content.hash, bytes)]).map_err(failed)?;
                places.first().map(ToString::to_string).unwrap_or_default()
            }
            None => {
                for (number, part) in (0..).zip(bytes.chunks(PART)) {
                    self.contents.put_part(person, content.hash, content.size, number, part).map_err(failed)?;
                }
                let place = self.contents.finish(person, content.hash, content.size).map_err(failed)?;
                self.contents.settled(person, content.hash).map_err(failed)?;
                place.to_string()
            }
        };
        self.firm.record_contents(person, &[(content, place)], instant(at))?;
        Ok(content)
    }

    /// Sends the steps in the order in which they happened, those of one person together where they can be.
    fn push(&mut self) -> Result<(), StartError> {
        let mut steps = std::mem::take(&mut self.steps);
        steps.sort_by_key(|step| step.at);
        let mut rest = steps.as_slice();
        while let Some(first) = rest.first() {
            let together = rest
                .iter()
                .take_while(|step| step.by == first.by && step.at.date_naive() == first.at.date_naive())
                .count()
                .min(MAX_COMMANDS);
            let (now, later) = rest.split_at(together);
            self.send(now)?;
            rest = later;
        }
        Ok(())
    }

    fn send(&self, steps: &[Step]) -> Result<(), StartError> {
        let Some(last) = steps.last() else { return Ok(()) };
        let caller = Caller { person: self.people[&last.by], workstation_name: WORKSTATION.to_owned() };
        let workstation = WorkstationId::derived(&[&self.root, "demonstration"]);
        let commands = steps.iter().map(|step| Envelope {
            id: step.id,
            workstation,
            made_at: instant(step.at),
            strict: false,
            command: step.command.clone(),
        });
        let request = PushRequest { commands: commands.collect(), schema_version: protocol::SCHEMA_VERSION };
        let reply = self.firm.push(&caller, &request, instant(last.at))?;
        for (outcome, step) in reply.outcomes.iter().zip(steps) {
            if let Outcome::Refused { failure } = outcome {
                let what = format!("the demonstration is refused: {failure} ({:?})", step.command);
                return Err(StartError::Refused(what));
            }
        }
        Ok(())
    }
}

/// The folders of a client file, by the names that lead to them.
struct Folders {
    root: NodeId,
    /// With the key of their theme.
    by_path: BTreeMap<Vec<String>, (Option<NodeId>, String)>,
}

impl Folders {
    fn of(id: ClientFileId, client: &ClientFile) -> Self {
        let years: Vec<DatedYear> =
            client.fiscal_years.iter().map(|year| DatedYear { id: fiscal_year_id(id, *year), year: *year }).collect();
        let mut paths: BTreeMap<NodeId, Vec<String>> = BTreeMap::from([(id.root(), Vec::new())]);
        let mut by_path = BTreeMap::new();
        for folder in folders_of(STANDARD_TREE, id, &years) {
            let mut path = paths.get(&folder.parent).cloned().unwrap_or_default();
            path.push(folder.name);
            let theme = folder.theme.map(|theme| theme.0).unwrap_or_default();
            by_path.insert(path.clone(), (Some(folder.id), theme));
            paths.insert(folder.id, path);
        }
        Self { root: id.root(), by_path }
    }
}

/// The document's name, cut before its extension as its author would where its path is too long to be opened.
fn fitting(client: &ClientFile, document: &Document) -> String {
    let length = |text: &str| text.encode_utf16().count();
    let above = std::iter::once(client.name).chain(document.folder.iter().map(String::as_str));
    let room = MAX_PATH_UTF16.saturating_sub(above.map(|name| length(name) + 1).sum());
    let (stem, extension) = split_extension(&document.name);
    let mut stem = stem.to_owned();
    while length(&stem) + length(extension) > room && stem.pop().is_some() {}
    format!("{}{extension}", stem.trim_end())
}

fn failed(error: ContentsError) -> StartError {
    match error {
        ContentsError::Store(error) => error.into(),
        ContentsError::Disk(error) => error.into(),
        other => StartError::Refused(other.to_string()),
    }
}
