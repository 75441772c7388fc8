CREATE TABLE IF NOT EXISTS realtime_ticket (
    ticket_hash VARCHAR(64) NOT NULL PRIMARY KEY,
    ticket_value VARBINARY(4096) NOT NULL,
    expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX IF NOT EXISTS realtime_ticket_expires_at ON realtime_ticket (expires_at);
-- What is revoked, and the last position, whose only row the first revocation inserts.
CREATE TABLE IF NOT EXISTS realtime_ticket_revocation (
    revocation_number BIGINT NOT NULL PRIMARY KEY,
    revoked_millis BIGINT NOT NULL,
    revocation VARBINARY(65535) NOT NULL
);
CREATE TABLE IF NOT EXISTS realtime_ticket_revision (
    id INTEGER NOT NULL PRIMARY KEY,
    last_millis BIGINT NOT NULL,
    last_number BIGINT NOT NULL
);
