-- Schema 12. Files of the watched download folder that were looked at, each once for as long as it stays as it is.
-- outcome: attached (it is the paper of job_id now), asked (perhaps of job_id; the user decides), declined (the
-- user said no), other (nothing that waits).

CREATE TABLE IF NOT EXISTS watched_files (
  folder TEXT NOT NULL,
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  modified_at REAL NOT NULL,
  sha256 TEXT,
  outcome TEXT NOT NULL CHECK (outcome IN ('attached', 'asked', 'declined', 'other')),
  job_id TEXT,
  because TEXT NOT NULL,
  seen_at REAL NOT NULL,
  PRIMARY KEY (folder, name)
);
CREATE INDEX IF NOT EXISTS watched_files_asked ON watched_files (job_id) WHERE outcome = 'asked'
