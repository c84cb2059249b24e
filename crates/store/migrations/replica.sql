-- What only a workstation has.

-- Names in a folder. Unique on the server only.
CREATE INDEX node_name ON node (firm, parent, name_key) WHERE trashed_at = 0 AND deleted = 0;

CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);

-- Commands executed here, until the feed confirms them. `state`: pending, acknowledged, refused; `waits`: 1 where it
-- names a content that the server does not hold; `again`: 1 for those that an earlier server had confirmed.
CREATE TABLE outbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  command TEXT NOT NULL UNIQUE, envelope TEXT NOT NULL, state TEXT NOT NULL, hidden BIGINT NOT NULL,
  waits BIGINT NOT NULL DEFAULT 0, seq BIGINT, failure TEXT, made_at BIGINT NOT NULL, again BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX outbox_ready ON outbox (number) WHERE state = 'pending' AND waits = 0;
CREATE INDEX outbox_state ON outbox (state, number);
CREATE INDEX outbox_hidden ON outbox (number) WHERE hidden = 1;

-- Commands that the server confirmed, kept for a while: one that is restored from its backup gets them again. `due`: 1 for
-- those that it is to get. Contents are not kept: files are offered again by what they hold.
CREATE TABLE kept_command (number INTEGER PRIMARY KEY, envelope TEXT NOT NULL, made_at BIGINT NOT NULL, due BIGINT NOT NULL);
CREATE INDEX kept_made ON kept_command (made_at);
CREATE INDEX kept_due ON kept_command (number) WHERE due = 1;

-- The confirmed state of rows that pending commands wrote: NULL where there was none.
CREATE TABLE before_image (
  number BIGINT NOT NULL, table_name TEXT NOT NULL, row_id TEXT NOT NULL, image TEXT,
  PRIMARY KEY (number, table_name, row_id)
) WITHOUT ROWID;
CREATE INDEX before_image_of_row ON before_image (row_id, number);
-- Few of thousands of new documents: what the planner asks for each time.
CREATE INDEX before_image_changed ON before_image (table_name, row_id) WHERE image IS NOT NULL;

-- The commands a pending command needs the effects of.
CREATE TABLE dependency (number BIGINT NOT NULL, needs BIGINT NOT NULL, PRIMARY KEY (number, needs)) WITHOUT ROWID;
CREATE INDEX dependency_on ON dependency (needs);

-- The contents pending commands name.
CREATE TABLE outbox_content (number BIGINT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (number, hash)) WITHOUT ROWID;
CREATE INDEX outbox_content_hash ON outbox_content (hash);

-- Contents to send or already sent. `sent`: 1 when the server acknowledged it, 2 when no command here names it any more;
-- `urgent`: 1 where somebody just saved it.
CREATE TABLE upload (
  hash TEXT NOT NULL PRIMARY KEY, size BIGINT NOT NULL, sent BIGINT NOT NULL, urgent BIGINT NOT NULL, reason TEXT
) WITHOUT ROWID;
CREATE INDEX upload_unsent ON upload (sent, size);
CREATE INDEX upload_next ON upload (urgent, size) WHERE sent = 0 AND reason IS NULL;

-- Client files available offline. `whole`: 1 with every fiscal year; else with those below, and what belongs to none.
CREATE TABLE offline_client (client_file TEXT NOT NULL PRIMARY KEY, whole BIGINT NOT NULL) WITHOUT ROWID;
CREATE TABLE offline_year (
  client_file TEXT NOT NULL, fiscal_year TEXT NOT NULL, PRIMARY KEY (client_file, fiscal_year)
) WITHOUT ROWID;

-- Pages of a pull, applied together when the last one is here.
CREATE TABLE staged_page (position INTEGER PRIMARY KEY AUTOINCREMENT, page TEXT NOT NULL);

-- The mirror as last observed on disk. `version`: the one whose bytes these are, NULL where the file was saved since;
-- `base`: the one it held last; `sent_…`: the place last asked for at the firm, until the feed confirms it.
CREATE TABLE local_node (
  node TEXT NOT NULL PRIMARY KEY, parent TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL, is_folder BIGINT NOT NULL,
  file_id TEXT NOT NULL, size BIGINT NOT NULL, modified_ns BIGINT NOT NULL, changed_ns BIGINT NOT NULL,
  content TEXT, version TEXT, base TEXT, sent_parent TEXT, sent_name TEXT, flushed BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX local_in_folder ON local_node (parent, name_key);
CREATE INDEX local_file_id ON local_node (file_id);
CREATE INDEX local_content ON local_node (content);
CREATE INDEX local_unflushed ON local_node (flushed) WHERE flushed = 0;

-- What disk and server agreed on last.
CREATE TABLE synced_node (
  node TEXT NOT NULL PRIMARY KEY, parent TEXT NOT NULL, name TEXT NOT NULL, is_folder BIGINT NOT NULL, version TEXT
) WITHOUT ROWID;
CREATE INDEX synced_in_folder ON synced_node (parent);

-- Nodes whose three trees may differ: the planner's work. `due`: when to look; `stamp`: how often it was marked, so that a
-- mark made meanwhile is not taken for the one dealt with; `waits_for`: the content it cannot go on without.
CREATE TABLE dirty_node (
  node TEXT NOT NULL PRIMARY KEY, due BIGINT NOT NULL DEFAULT 0, stamp BIGINT NOT NULL DEFAULT 0, waits_for TEXT
) WITHOUT ROWID;
CREATE INDEX dirty_due ON dirty_node (due);
CREATE INDEX dirty_waits ON dirty_node (waits_for) WHERE waits_for IS NOT NULL;

-- Files that wait or are blocked, with why. `folder`: the path of the folder whose look found it, NULL where an operation
-- did.
CREATE TABLE blocked (
  key TEXT NOT NULL PRIMARY KEY, node TEXT, client_file TEXT, folder TEXT, path TEXT NOT NULL, reason TEXT NOT NULL,
  proposal TEXT, waiting BIGINT NOT NULL, since BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX blocked_in_folder ON blocked (folder);

-- Removals and saves that wait for a person's yes or no. `kind`: removal, edit; `content`: the bytes saved; `decision`:
-- confirmed, undone, NULL until somebody said.
CREATE TABLE held (
  node TEXT NOT NULL PRIMARY KEY, client_file TEXT NOT NULL, kind TEXT NOT NULL, is_folder BIGINT NOT NULL, content TEXT,
  decision TEXT, since BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX held_content ON held (content) WHERE content IS NOT NULL;

-- Bytes of held saves that were saved over or removed since: to be set aside.
CREATE TABLE displaced (content TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;

-- How many documents were removed or saved in a way that counts towards holding more, and the firm was told, lately.
CREATE TABLE told (kind TEXT NOT NULL, client_file TEXT NOT NULL, documents BIGINT NOT NULL, at BIGINT NOT NULL);

-- The undo list: inverse commands of one action.
CREATE TABLE undo (
  number INTEGER PRIMARY KEY AUTOINCREMENT, action TEXT NOT NULL, commands TEXT NOT NULL, undone BIGINT NOT NULL
);
