-- Schema 14. Requests of the browser companion that write, by their Idempotency-Key: the same key is answered the
-- same, and does nothing twice. answer is null while the request is at work, or was when the process ended.

CREATE TABLE IF NOT EXISTS companion_requests (
  key TEXT PRIMARY KEY,
  -- SHA-256 of what was asked: another request under the same key is refused
  fingerprint TEXT NOT NULL,
  started_at REAL NOT NULL,
  finished_at REAL,
  answer TEXT
);
CREATE INDEX IF NOT EXISTS companion_requests_by_time ON companion_requests (started_at)
