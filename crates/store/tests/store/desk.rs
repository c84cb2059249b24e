//! A workstation's replica, and the rows in it as a second reader of its file finds them.

use std::collections::BTreeMap;

use domain::id::PersonId;
use protocol::command::{Command, Envelope, Executed, Outcome};
use protocol::failure::Failure;
use protocol::feed::{Page, PullReply};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use store::Error;
use store::replica::{Owner, Replica};

use crate::office::Office;

/// The replicated tables that keep rows on a replica.
pub(crate) const TABLES: [&str; 9] =
    ["firm_info", "person", "client_file", "assignment", "fiscal_year", "node", "version", "comment", "read_mark"];

/// Rows by table and id.
pub(crate) type Rows = BTreeMap<(String, String), Vec<Json>>;

/// Somebody's workstation.
pub(crate) struct Desk {
    pub(crate) replica: Replica,
    pub(crate) person: PersonId,
    reader: Connection,
    _folder: tempfile::TempDir,
}

impl Desk {
    /// An empty replica of what `person` sees.
    pub(crate) fn of(office: &Office, person: PersonId) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("replica.db");
        let owner = Owner { firm: office.firm.id(), person };
        let replica = Replica::open(&file, owner).expect("a replica");
        let reader = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a reader");
        Self { replica, person, reader, _folder: folder }
    }

    /// A replica that has pulled.
    pub(crate) fn ready(office: &Office, person: PersonId) -> Self {
        let desk = Self::of(office, person);
        desk.pulls(office);
        desk
    }

    pub(crate) fn tries(&self, envelope: &Envelope) -> Result<Executed, Failure> {
        self.replica.write(|tx| tx.execute(envelope)).map_err(Error::into_failure)
    }

    /// Executes here what must be possible here.
    #[track_caller]
    pub(crate) fn does(&self, office: &Office, command: Command) -> Envelope {
        let envelope = office.envelope(command);
        if let Err(failure) = self.tries(&envelope) {
            panic!("refused here: {failure} for {:?}", envelope.command);
        }
        envelope
    }

    /// The commands that can go, as the server would get them.
    pub(crate) fn batch(&self, limit: usize) -> Vec<Envelope> {
        self.replica.read(|tx| tx.next_batch(limit)).expect("a batch").commands
    }

    pub(crate) fn hears(&self, sent: &[Envelope], outcomes: &[Outcome]) {
        let answers: Vec<_> = sent.iter().map(|envelope| envelope.id).zip(outcomes.iter().cloned()).collect();
        self.replica.write(|tx| tx.answered(&answers)).expect("answers recorded");
    }

    /// Says that the server holds every content named here.
    pub(crate) fn sends_contents(&self, office: &Office) {
        let uploads = self.replica.read(|tx| tx.next_uploads(100_000)).expect("uploads");
        let contents: Vec<_> = uploads.iter().map(|upload| (upload.content, "pack 1".to_owned())).collect();
        office.firm.record_contents(self.person, &contents, office.now()).expect("contents recorded");
        let hashes: Vec<_> = uploads.iter().map(|upload| upload.content.hash).collect();
        self.replica.write(|tx| tx.uploaded(&hashes)).expect("uploads recorded");
    }

    /// Sends contents and commands until none is left to send.
    pub(crate) fn pushes(&self, office: &Office) {
        self.sends_contents(office);
        loop {
            let batch = self.batch(1_000);
            if batch.is_empty() {
                return;
            }
            let outcomes = office.push(self.person, batch.clone());
            self.hears(&batch, &outcomes);
        }
    }

    pub(crate) fn pulls(&self, office: &Office) -> Vec<Page> {
        self.pulls_by(office, 10_000, |_| {})
    }

    /// A whole pull, in pages of `limit` rows; `between` runs before each page after the first.
    pub(crate) fn pulls_by(&self, office: &Office, limit: u32, mut between: impl FnMut(usize)) -> Vec<Page> {
        let mut pages: Vec<Page> = Vec::new();
        let begin = || {
            self.replica.write(|tx| {
                tx.discard_stage()?;
                tx.pull_request(limit)
            })
        };
        let mut request = begin().expect("a request");
        loop {
            match office.firm.pull(self.person, &request).expect("a page") {
                PullReply::Page(page) => {
                    pages.push(page.clone());
                    let Some(next) = page.next.clone() else {
                        self.applies_last(&page);
                        return pages;
                    };
                    self.replica.write(|tx| tx.stage(&page)).expect("a page staged");
                    request.resume = Some(next);
                }
                PullReply::SightChanged => {
                    pages.clear();
                    request.resume = None;
                    request.held = Some(
                        self.replica
                            .write(|tx| {
                                tx.discard_stage()?;
                                tx.grants()
                            })
                            .expect("grants"),
                    );
                }
                PullReply::NewEpoch { epoch } => {
                    pages.clear();
                    self.replica.write(|tx| tx.begin_epoch(&epoch)).expect("an epoch");
                    request = begin().expect("a request");
                }
            }
            between(pages.len());
        }
    }

    fn applies_last(&self, page: &Page) {
        self.replica.write(|tx| tx.apply(page)).expect("a pull applied");
    }

    /// Applies the pages of another replica's pull.
    pub(crate) fn applies(&self, pages: &[Page]) {
        let (last, staged) = pages.split_last().expect("a page");
        for page in staged {
            self.replica.write(|tx| tx.stage(page)).expect("a page staged");
        }
        self.applies_last(last);
    }

    /// Everything as shown, pending commands included.
    pub(crate) fn rows(&self) -> Rows {
        let mut rows = Rows::new();
        for table in TABLES {
            for values in self.select(&format!("SELECT * FROM {table}")) {
                let id = values[1].as_str().expect("an id").to_owned();
                rows.insert((table.to_owned(), id), values);
            }
        }
        rows
    }

    /// Everything as the server last said.
    pub(crate) fn confirmed_rows(&self) -> Rows {
        let mut rows = self.rows();
        let images = "SELECT table_name, row_id, image, MIN(number) FROM before_image GROUP BY table_name, row_id";
        for image in self.select(images) {
            let key = (text(&image[0]), text(&image[1]));
            match &image[2] {
                Json::String(row) => rows.insert(key, serde_json::from_str(row).expect("an image")),
                _ => rows.remove(&key),
            };
        }
        rows
    }

    /// How many rows of each kind say that something is not settled.
    pub(crate) fn unsettled(&self) -> BTreeMap<&'static str, i64> {
        ["outbox", "before_image", "dependency", "outbox_content", "staged_page"]
            .into_iter()
            .map(|table| {
                (table, self.select(&format!("SELECT COUNT(*) FROM {table}"))[0][0].as_i64().expect("a count"))
            })
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    pub(crate) fn states(&self) -> Vec<String> {
        self.select("SELECT state FROM outbox ORDER BY number").iter().map(|row| text(&row[0])).collect()
    }

    fn select(&self, sql: &str) -> Vec<Vec<Json>> {
        let mut statement = self.reader.prepare_cached(sql).expect("a statement");
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            (0..columns)
                .map(|index| {
                    Ok(match row.get_ref(index)? {
                        ValueRef::Integer(int) => int.into(),
                        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
                        _ => Json::Null,
                    })
                })
                .collect()
        });
        rows.expect("rows").collect::<Result<_, _>>().expect("rows")
    }

    pub(crate) fn ask<V: DeserializeOwned>(&self, name: &str, request: impl Serialize) -> Result<V, Failure> {
        let payload = serde_json::to_value(request).expect("a request");
        let answer = self.replica.answer(name, payload).expect("a query of that name")?;
        Ok(serde_json::from_value(answer).expect("the view of that query"))
    }
}

fn text(json: &Json) -> String {
    json.as_str().expect("a text").to_owned()
}

/// What differs between two sets of rows, for a message one can read.
pub(crate) fn differences(a: &Rows, b: &Rows) -> Vec<String> {
    let mut found = Vec::new();
    for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
        if a.get(key) != b.get(key) {
            found.push(format!("{key:?}\n   {:?}\n   {:?}", a.get(key), b.get(key)));
        }
    }
    found
}
