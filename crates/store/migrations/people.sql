-- Shutting people out, and whether they have chosen a password: until then their e-mail can be corrected.

ALTER TABLE person ADD COLUMN suspended_at BIGINT;
ALTER TABLE person ADD COLUMN joined_at BIGINT;
-- Who was there before this was recorded may have chosen one.
UPDATE person SET joined_at = 1;
