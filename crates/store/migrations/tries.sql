-- Tries are counted for an account, a source address and a known workstation: `account:…`, `source:…`, `workstation:…`.

ALTER TABLE sign_in_try RENAME COLUMN email TO subject;
UPDATE sign_in_try SET subject = 'account:' || subject;
CREATE INDEX sign_in_try_last ON sign_in_try (last_at);

-- Workstations on which somebody signed in: strangers' guesses do not lock them out there.
CREATE TABLE known_workstation (
  firm TEXT {c} NOT NULL, person TEXT {c} NOT NULL, workstation TEXT {c} NOT NULL, last_at BIGINT NOT NULL,
  PRIMARY KEY (firm, person, workstation)
);
INSERT INTO known_workstation (firm, person, workstation, last_at)
  SELECT firm, person, workstation, MAX(last_seen) FROM session WHERE revoked = 0 GROUP BY firm, person, workstation;
