-- What only the server has of a firm.

-- The firm's sequence: its row lock orders the firm's commits, so numbers have no gaps and follow commit order.
CREATE TABLE sequence (firm TEXT {c} NOT NULL PRIMARY KEY, seq BIGINT NOT NULL, epoch TEXT {c} NOT NULL);

-- The answer to every command ever received: a retry after a lost reply gets the same one.
CREATE TABLE outcome (
  firm TEXT {c} NOT NULL, id TEXT {c} NOT NULL, person TEXT {c} NOT NULL, received_at BIGINT NOT NULL, outcome TEXT NOT NULL,
  PRIMARY KEY (firm, id)
);

-- Contents held, and where in the content store.
CREATE TABLE content (
  firm TEXT {c} NOT NULL, hash TEXT {c} NOT NULL, size BIGINT NOT NULL, place TEXT NOT NULL, received_at BIGINT NOT NULL,
  PRIMARY KEY (firm, hash)
);

-- Who sent a content: they may name it in a version before any version they can read does.
CREATE TABLE content_holder (
  firm TEXT {c} NOT NULL, hash TEXT {c} NOT NULL, person TEXT {c} NOT NULL,
  PRIMARY KEY (firm, hash, person)
);

-- Two live nodes of one folder never share a name, whatever its case or accents' form.
CREATE UNIQUE INDEX node_name ON node (firm, parent, name_key) WHERE trashed_at = 0 AND deleted = 0;
CREATE UNIQUE INDEX client_file_name ON client_file (firm, name_key) WHERE deleted = 0;
CREATE UNIQUE INDEX person_email ON person (firm, email) WHERE deleted = 0;

-- What changed after a cursor, table by table.
CREATE INDEX firm_info_feed ON firm_info (firm, seq);
CREATE INDEX person_feed ON person (firm, seq);
CREATE INDEX client_file_feed ON client_file (firm, seq);
CREATE INDEX assignment_feed ON assignment (firm, seq);
CREATE INDEX fiscal_year_feed ON fiscal_year (firm, seq);
CREATE INDEX node_feed ON node (firm, seq);
CREATE INDEX version_feed ON version (firm, seq);
CREATE INDEX comment_feed ON comment (firm, seq);
CREATE INDEX read_mark_feed ON read_mark (firm, seq);
CREATE INDEX departure_feed ON departure (firm, seq);

-- What a scope holds, for whoever gains it.
CREATE INDEX client_file_scope ON client_file (firm, scope, seq);
CREATE INDEX assignment_scope ON assignment (firm, scope, seq);
CREATE INDEX fiscal_year_scope ON fiscal_year (firm, scope, seq);
CREATE INDEX node_scope ON node (firm, scope, seq);
CREATE INDEX version_scope ON version (firm, scope, seq);
CREATE INDEX comment_scope ON comment (firm, scope, seq);
