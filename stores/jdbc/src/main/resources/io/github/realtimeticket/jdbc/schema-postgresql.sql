-- Unlogged: after a crash or a failover the table is empty, so no redeemed ticket comes back and nobody waits for the disk.
CREATE UNLOGGED TABLE IF NOT EXISTS realtime_ticket (
    ticket_hash VARCHAR(64) NOT NULL PRIMARY KEY,
    ticket_value BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX IF NOT EXISTS realtime_ticket_expires_at ON realtime_ticket (expires_at);
