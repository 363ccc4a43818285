-- Schema 3: answers of batched look-ups, kept until the work's own RESOLVE has them. Idempotent.
CREATE TABLE IF NOT EXISTS lookups (
  work_id TEXT NOT NULL,
  service TEXT NOT NULL,
  answered_at REAL NOT NULL,
  part_json TEXT NOT NULL,
  PRIMARY KEY (work_id, service)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS lookups_by_time ON lookups (answered_at)
