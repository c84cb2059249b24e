-- Credentials and routing. Written idempotently: no transaction spans this database and a firm's.

CREATE TABLE firm (id TEXT {c} NOT NULL PRIMARY KEY, name TEXT NOT NULL, created_at BIGINT NOT NULL);

CREATE TABLE account (
  email TEXT {c} NOT NULL PRIMARY KEY, firm TEXT {c} NOT NULL, person TEXT {c} NOT NULL, password TEXT NOT NULL
);

-- Tokens are stored as hashes only.
CREATE TABLE session (
  token TEXT {c} NOT NULL PRIMARY KEY, firm TEXT {c} NOT NULL, person TEXT {c} NOT NULL,
  workstation TEXT {c} NOT NULL, workstation_name TEXT NOT NULL,
  created_at BIGINT NOT NULL, last_seen BIGINT NOT NULL, expires_at BIGINT NOT NULL, revoked BIGINT NOT NULL
);
CREATE INDEX session_of_person ON session (firm, person);

CREATE TABLE invitation (
  token TEXT {c} NOT NULL PRIMARY KEY, firm TEXT {c} NOT NULL, person TEXT {c} NOT NULL, email TEXT {c} NOT NULL,
  expires_at BIGINT NOT NULL, used_at BIGINT NOT NULL
);

-- Failed tries, counted for an account and survive a restart.
CREATE TABLE sign_in_try (email TEXT {c} NOT NULL PRIMARY KEY, failures BIGINT NOT NULL, last_at BIGINT NOT NULL);
