CREATE TABLE IF NOT EXISTS realtime_ticket (
    ticket_hash VARCHAR(64) NOT NULL PRIMARY KEY,
    ticket_value VARBINARY(4096) NOT NULL,
    expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX IF NOT EXISTS realtime_ticket_expires_at ON realtime_ticket (expires_at);
