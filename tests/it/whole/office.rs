//! Somebody who calls the server's API directly: what the server knows, seen without any workstation.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::time::Duration;

use domain::content::ContentHash;
use domain::id::{CommandId, NodeId, PersonId, WorkstationId};
use domain::time::Instant;
use protocol::command::{Command, Envelope, Outcome};
use protocol::failure::Failure;
use protocol::feed::{PullReply, PullRequest, PushReply, PushRequest};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::firm::Person;
use super::folder::Entry;
use super::wire::Socket;

/// Answers are waited for this long at most.
const SILENCE: Duration = Duration::from_mins(2);

/// Runs what is asynchronous: the stories themselves are not.
pub(super) fn block_on<T>(work: impl Future<Output = T>) -> T {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap()).block_on(work)
}

/// A client for everything that the stories ask over HTTP.
pub(super) fn http() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    // A server that was killed leaves connections behind: none is used twice.
    CLIENT.get_or_init(|| reqwest::Client::builder().timeout(SILENCE).pool_max_idle_per_host(0).build().unwrap())
}

/// Somebody signed in on no workstation of the stories.
pub(super) struct Office {
    server: Socket,
    token: RefCell<Option<String>>,
    workstation: WorkstationId,
}

/// A row of the feed by its columns.
pub(super) type Row = BTreeMap<String, Value>;

impl Office {
    pub(super) fn at(server: &Socket) -> Self {
        Self { server: server.clone(), token: RefCell::default(), workstation: WorkstationId(Uuid::now_v7()) }
    }

    /// Signs in; who it is.
    pub(super) fn sign_in(&self, person: &Person) -> PersonId {
        let request = serde_json::json!({
            "email": person.email, "password": person.password,
            "workstation": self.workstation, "workstation_name": "accueil",
        });
        let reply = self.post("sign-in", &request).unwrap();
        *self.token.borrow_mut() = Some(reply["token"].as_str().unwrap().to_owned());
        serde_json::from_value(reply["person"].clone()).unwrap()
    }

    fn send(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> Result<Vec<u8>, Failure> {
        let address = self.server.address().expect("the server runs");
        let mut request = http().request(method, format!("http://{address}/api/{path}"));
        if let Some(token) = self.token.borrow().as_ref() {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let (status, bytes) = block_on(async {
            let response = request.send().await.unwrap();
            (response.status(), response.bytes().await.unwrap().to_vec())
        });
        if status.is_success() { Ok(bytes) } else { Err(serde_json::from_slice(&bytes).unwrap()) }
    }

    /// Posts JSON; the answer is null where there is none.
    pub(super) fn post(&self, path: &str, body: &impl Serialize) -> Result<Value, Failure> {
        let bytes = self.send(reqwest::Method::POST, path, Some(serde_json::to_value(body).unwrap()))?;
        Ok(if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() })
    }

    /// Ends the session of a workstation of this person.
    pub(super) fn revoke(&self, workstation: &str) {
        self.send(reqwest::Method::DELETE, &format!("sessions/{workstation}"), None).unwrap();
    }

    /// Executes a command that must not be refused.
    pub(super) fn execute(&self, command: Command) {
        let envelope = Envelope {
            id: CommandId(Uuid::now_v7()),
            workstation: self.workstation,
            made_at: Instant(0),
            strict: false,
            command,
        };
        let request = PushRequest { commands: vec![envelope], schema_version: protocol::SCHEMA_VERSION };
        let reply: PushReply = serde_json::from_value(self.post("push", &request).unwrap()).unwrap();
        assert!(matches!(reply.outcomes[..], [Outcome::Done { .. }]), "{reply:?}");
    }

    /// Asks the server a query.
    pub(super) fn query(&self, name: &str, payload: &Value) -> Value {
        self.post(&format!("query/{name}"), payload).unwrap()
    }

    /// The bytes of a content, checked.
    pub(super) fn content(&self, hash: ContentHash) -> Result<Vec<u8>, Failure> {
        let bytes = self.send(reqwest::Method::GET, &format!("contents/{hash}"), None)?;
        assert_eq!(ContentHash::of(&bytes), hash, "the server gives the bytes it was asked for");
        Ok(bytes)
    }

    /// All that a new replica is sent, by table; and the firm's sequence.
    pub(super) fn feed(&self) -> Feed {
        let mut tables: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        let mut request = PullRequest {
            cursor: 0,
            sight: String::new(),
            held: None,
            resume: None,
            limit: 10_000,
            epoch: String::new(),
        };
        loop {
            let reply: PullReply = serde_json::from_value(self.post("pull", &request).unwrap()).unwrap();
            let PullReply::Page(page) = reply else { panic!("a first pull is pages: {reply:?}") };
            for table in page.tables {
                let rows = table.rows.into_iter().map(|row| table.columns.iter().cloned().zip(row).collect());
                tables.entry(table.table).or_default().extend(rows);
            }
            match page.next {
                Some(next) => request.resume = Some(next),
                None => return Feed { tables, head: page.head },
            }
        }
    }
}

/// The firm's state as the server gives it.
pub(super) struct Feed {
    tables: BTreeMap<String, Vec<Row>>,
    /// Where the firm's sequence stands: it moves on by one for each row that a command writes.
    pub(super) head: i64,
}

/// A document or folder, wherever it is.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) id: NodeId,
    pub(super) path: String,
    pub(super) is_folder: bool,
    pub(super) is_trashed: bool,
    pub(super) content: Option<ContentHash>,
}

impl Feed {
    /// Rows of a table.
    pub(super) fn rows(&self, table: &str) -> &[Row] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// Every folder and document, those in the trash too.
    pub(super) fn nodes(&self) -> Vec<Node> {
        let clients: BTreeMap<&str, &str> =
            self.rows("client_file").iter().map(|row| (text(row, "id"), text(row, "name"))).collect();
        let nodes: BTreeMap<&str, &Row> = self.rows("node").iter().map(|row| (text(row, "id"), row)).collect();
        let is_used = |row: &Row| row.get("deleted").and_then(Value::as_i64).unwrap_or(0) == 0;
        let found = nodes.iter().filter(|(_, row)| is_used(row)).map(|(id, row)| {
            let mut names = vec![text(row, "name")];
            let mut is_trashed = number(row, "trashed_at") != 0;
            let mut parent = text(row, "parent");
            while let Some(above) = nodes.get(parent) {
                names.push(text(above, "name"));
                is_trashed |= number(above, "trashed_at") != 0;
                parent = text(above, "parent");
            }
            names.push(clients.get(parent).copied().unwrap_or("?"));
            names.reverse();
            Node {
                id: id.parse().unwrap(),
                path: names.join("/"),
                is_folder: number(row, "is_folder") != 0,
                is_trashed,
                content: row["content"].as_str().map(|hash| hash.parse().unwrap()),
            }
        });
        found.collect()
    }

    /// What the mirrors are to show.
    pub(super) fn tree(&self) -> BTreeMap<String, Entry> {
        let clients = self.rows("client_file").iter().map(|row| (text(row, "name").to_owned(), Entry::Folder));
        let nodes = self.nodes().into_iter().filter(|node| !node.is_trashed).map(|node| {
            let entry = if node.is_folder { Entry::Folder } else { Entry::File(node.content.expect("a head")) };
            (node.path, entry)
        });
        clients.chain(nodes).collect()
    }

    /// The one folder or document at a path.
    pub(super) fn at(&self, path: &str) -> Option<Node> {
        self.nodes().into_iter().find(|node| node.path == path && !node.is_trashed)
    }

    /// The contents of a document's versions, in the order they were received.
    pub(super) fn versions(&self, node: NodeId) -> Vec<ContentHash> {
        let node = node.to_string();
        let mut rows: Vec<&Row> = self.rows("version").iter().filter(|row| text(row, "node") == node).collect();
        rows.sort_by_key(|row| number(row, "seq"));
        rows.iter().map(|row| text(row, "content").parse().unwrap()).collect()
    }

    /// The documents that have each content, in any version.
    pub(super) fn contents(&self) -> BTreeMap<ContentHash, BTreeSet<NodeId>> {
        let mut contents: BTreeMap<ContentHash, BTreeSet<NodeId>> = BTreeMap::new();
        for row in self.rows("version") {
            contents
                .entry(text(row, "content").parse().unwrap())
                .or_default()
                .insert(text(row, "node").parse().unwrap());
        }
        contents
    }
}

/// A text of a row.
pub(super) fn text<'r>(row: &'r Row, column: &str) -> &'r str {
    row[column].as_str().unwrap_or_else(|| panic!("{column} of {row:?} is text"))
}

/// A number of a row; booleans are 0 and 1.
pub(super) fn number(row: &Row, column: &str) -> i64 {
    row[column].as_i64().unwrap_or_else(|| panic!("{column} of {row:?} is a number"))
}
