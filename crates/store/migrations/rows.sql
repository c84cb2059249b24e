-- Replicated rows: the same tables on the server and on every replica. No foreign keys and no unique names here: on a
-- replica a child can arrive before its parent, and a name before it is free.

CREATE TABLE firm_info (
  firm TEXT {c} NOT NULL, id TEXT {c} NOT NULL, scope TEXT {c} NOT NULL, seq BIGINT NOT NULL, deleted BIGINT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (firm, id)
);

CREATE TABLE person (
  firm TEXT {c} NOT NULL, id TEXT {c} NOT NULL, scope TEXT {c} NOT NULL, seq BIGINT NOT NULL, deleted BIGINT NOT NULL,
  email TEXT NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL, role TEXT NOT NULL, sort_key TEXT {c} NOT NULL,
  PRIMARY KEY (firm, id)
);

CREATE TABLE client_file (
  firm TEXT {c} NOT NULL, id TEXT {c} NOT NULL, scope TEXT {c} NOT NULL, seq BIGINT NOT NULL, deleted BIGINT NOT NULL,
  name TEXT NOT NULL, name_key TEXT {c} NOT NULL, sort_key TEXT {c} NOT NULL, siren TEXT {c},
  PRIMARY KEY (firm, id)
);

CREATE TABLE assignment (
  firm TEXT {c} NOT NULL, id TEXT {c} NOT NULL, scope TEXT {c} NOT NULL, seq BIGINT NOT NULL, deleted BIGINT NOT NULL,
  client_file TEXT {c} NOT NULL, person TEXT {c} NOT NULL, themes TEXT,
  PRIMARY KEY (firm, id)
);
CREATE INDEX assignment_of_person ON assignment (firm, person);
CREATE INDEX assignment_of_client ON assignment (firm, client_file);

CREATE TABLE fiscal_year (
  firm TEXT {c} NOT NULL, id TEXT {c} NOT NULL, scope TEXT {c} NOT NULL, seq BIGINT NOT NULL, deleted BIGINT NOT NULL,
  client_file TEXT {c} NOT NULL, start_date TEXT {c} NOT NULL, end_date TEXT {c} NOT NULL,
  PRIMARY KEY (firm, id)
);
CREATE INDEX fiscal_year_of_client ON fiscal_year (firm, client_file);

CREATE TABLE node (
  firm TEXT {c} NOT NULL, id TEXT {c} NOT NULL, scope TEXT {c} NOT NULL, seq BIGINT NOT NULL, deleted BIGINT NOT NULL,
  client_file TEXT {c} NOT NULL, parent TEXT {c} NOT NULL, is_folder BIGINT NOT NULL,
  name TEXT NOT NULL, name_key TEXT {c} NOT NULL, sort_key TEXT {c} NOT NULL,
  theme TEXT {c}, directory TEXT, fiscal_year TEXT {c}, month TEXT {c},
  trashed_at BIGINT NOT NULL, trashed_by TEXT {c},
  head TEXT {c}, content TEXT {c}, size BIGINT NOT NULL, modified_at BIGINT NOT NULL, author TEXT {c},
  piece_number TEXT {c}, reviewed_by TEXT {c}, reviewed_at BIGINT,
  PRIMARY KEY (firm, id)
);
CREATE INDEX node_in_folder ON node (firm, parent, is_folder, trashed_at, sort_key);
CREATE INDEX node_of_client ON node (firm, client_file, is_folder, trashed_at, parent);
CREATE INDEX node_in_trash ON node (firm, trashed_at) WHERE trashed_at > 0;

CREATE TABLE version (
  firm TEXT {c} NOT NULL, id TEXT {c} NOT NULL, scope TEXT {c} NOT NULL, seq BIGINT NOT NULL, deleted BIGINT NOT NULL,
  node TEXT {c} NOT NULL, content TEXT {c} NOT NULL, size BIGINT NOT NULL, modified_at BIGINT NOT NULL,
  base TEXT {c}, state TEXT {c} NOT NULL, author TEXT {c} NOT NULL, workstation TEXT NOT NULL,
  made_at BIGINT NOT NULL, received_at BIGINT NOT NULL, restored_from TEXT {c},
  PRIMARY KEY (firm, id)
);
CREATE INDEX version_of_node ON version (firm, node);
CREATE INDEX version_concurrent ON version (firm, made_at) WHERE state = 'concurrent';
CREATE INDEX version_of_content ON version (firm, content);

CREATE TABLE comment (
  firm TEXT {c} NOT NULL, id TEXT {c} NOT NULL, scope TEXT {c} NOT NULL, seq BIGINT NOT NULL, deleted BIGINT NOT NULL,
  node TEXT {c} NOT NULL, author TEXT {c} NOT NULL, made_at BIGINT NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (firm, id)
);
CREATE INDEX comment_of_node ON comment (firm, node);

CREATE TABLE read_mark (
  firm TEXT {c} NOT NULL, id TEXT {c} NOT NULL, scope TEXT {c} NOT NULL, seq BIGINT NOT NULL, deleted BIGINT NOT NULL,
  person TEXT {c} NOT NULL, node TEXT {c} NOT NULL, version TEXT {c} NOT NULL,
  PRIMARY KEY (firm, id)
);
CREATE INDEX read_mark_of_node ON read_mark (firm, node, person);

-- A row that left a scope: those who hold only the old scope drop it.
CREATE TABLE departure (
  firm TEXT {c} NOT NULL, id TEXT {c} NOT NULL, scope TEXT {c} NOT NULL, seq BIGINT NOT NULL, deleted BIGINT NOT NULL,
  table_name TEXT {c} NOT NULL, row_id TEXT {c} NOT NULL,
  PRIMARY KEY (firm, id)
);
