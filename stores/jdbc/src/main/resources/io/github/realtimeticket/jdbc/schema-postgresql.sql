-- Unlogged: after a crash or a failover the table is empty, so no redeemed ticket comes back and nobody waits for the disk.
CREATE UNLOGGED TABLE IF NOT EXISTS realtime_ticket (
    ticket_hash VARCHAR(64) NOT NULL PRIMARY KEY,
    ticket_value BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX IF NOT EXISTS realtime_ticket_expires_at ON realtime_ticket (expires_at);
-- What is revoked, and the last position, whose only row the first revocation inserts. These survive a crash.
CREATE TABLE IF NOT EXISTS realtime_ticket_revocation (
    revocation_number BIGINT NOT NULL PRIMARY KEY,
    revoked_millis BIGINT NOT NULL,
    revocation BYTEA NOT NULL
);
CREATE TABLE IF NOT EXISTS realtime_ticket_revision (
    id INTEGER NOT NULL PRIMARY KEY,
    last_millis BIGINT NOT NULL,
    last_number BIGINT NOT NULL
);
