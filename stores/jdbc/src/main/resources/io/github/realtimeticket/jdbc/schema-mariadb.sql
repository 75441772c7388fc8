-- The time is UTC, whatever the time zone of a session is.
CREATE TABLE IF NOT EXISTS realtime_ticket (
    ticket_hash VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    ticket_value VARBINARY(4096) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    INDEX realtime_ticket_expires_at (expires_at)
);
