-- The time is UTC, whatever the time zone of a session is.
CREATE TABLE IF NOT EXISTS realtime_ticket (
    ticket_hash VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    ticket_value VARBINARY(4096) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    INDEX realtime_ticket_expires_at (expires_at)
);
-- What is revoked, and the last position, whose only row the first revocation inserts.
CREATE TABLE IF NOT EXISTS realtime_ticket_revocation (
    revocation_number BIGINT NOT NULL PRIMARY KEY,
    revoked_millis BIGINT NOT NULL,
    revocation BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS realtime_ticket_revision (
    id INTEGER NOT NULL PRIMARY KEY,
    last_millis BIGINT NOT NULL,
    last_number BIGINT NOT NULL
);
