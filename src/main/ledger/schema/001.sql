-- Schema 1 of Sheaf's ledger. Never edited once released: a change is a new numbered file.
-- Times are REAL seconds since the epoch, UTC. Idempotent: running it twice changes nothing.
-- The first columns of artifact_jobs and artifact_ops are those of DocsToKG's manifest.sqlite3
-- (schema version 3), in its order, so that such a file can be taken in and given out.

CREATE TABLE IF NOT EXISTS _meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS works (
  work_id TEXT PRIMARY KEY,
  title TEXT,
  authors_json TEXT,
  year INTEGER,
  venue TEXT,
  facts_json TEXT NOT NULL DEFAULT '{}',
  ids_json TEXT NOT NULL DEFAULT '{}',
  locations_json TEXT NOT NULL DEFAULT '[]',
  arxiv_version TEXT,
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL
);

-- Every name a work is known by leads to it; the first work_id stays (docs/design.md, G1).
CREATE TABLE IF NOT EXISTS work_names (
  scheme TEXT NOT NULL,
  value TEXT NOT NULL,
  work_id TEXT NOT NULL,
  PRIMARY KEY (scheme, value)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS work_names_by_work ON work_names (work_id);

CREATE TABLE IF NOT EXISTS artifact_jobs (
  job_id TEXT PRIMARY KEY,
  work_id TEXT NOT NULL,
  artifact_id TEXT NOT NULL,
  canonical_url TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'PLANNED' CHECK (state IN (
    'PLANNED', 'LEASED', 'HEAD_DONE', 'RESUME_OK', 'STREAMING', 'FINALIZED', 'INDEXED', 'DEDUPED',
    'FAILED', 'SKIPPED_DUPLICATE')),
  lease_owner TEXT,
  lease_until REAL,
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL,
  idempotency_key TEXT NOT NULL UNIQUE,
  lease_epoch INTEGER NOT NULL DEFAULT 0,
  attempt INTEGER NOT NULL DEFAULT 0,
  next_attempt_at REAL,
  reason TEXT,
  reason_detail TEXT,
  priority INTEGER NOT NULL DEFAULT 0,
  run_id TEXT,
  host TEXT,
  hold TEXT,
  began_at REAL,
  UNIQUE (work_id, artifact_id, canonical_url)
);
CREATE INDEX IF NOT EXISTS artifact_jobs_by_state ON artifact_jobs (state, priority DESC, created_at);
CREATE INDEX IF NOT EXISTS artifact_jobs_by_artifact ON artifact_jobs (artifact_id);
CREATE INDEX IF NOT EXISTS artifact_jobs_by_lease ON artifact_jobs (lease_owner) WHERE lease_owner IS NOT NULL;
CREATE INDEX IF NOT EXISTS artifact_jobs_by_due ON artifact_jobs (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS artifact_ops (
  op_key TEXT PRIMARY KEY,
  job_id TEXT NOT NULL,
  op_type TEXT NOT NULL,
  started_at REAL NOT NULL,
  finished_at REAL,
  result_code TEXT,
  result_json TEXT,
  attempt INTEGER NOT NULL DEFAULT 1,
  replays INTEGER NOT NULL DEFAULT 0,
  lease_epoch INTEGER NOT NULL DEFAULT 0,
  recovery TEXT,
  context_json TEXT
);
CREATE INDEX IF NOT EXISTS artifact_ops_by_job ON artifact_ops (job_id, started_at);
CREATE INDEX IF NOT EXISTS artifact_ops_open ON artifact_ops (lease_epoch) WHERE finished_at IS NULL;

-- What happened to a job beside its ops: planned, leased, moved, recovered, held, put back, and each
-- attempt of an op, since the op row itself only keeps the latest.
CREATE TABLE IF NOT EXISTS job_events (
  event_id INTEGER PRIMARY KEY,
  job_id TEXT NOT NULL,
  at REAL NOT NULL,
  kind TEXT NOT NULL,
  from_state TEXT,
  to_state TEXT,
  lease_epoch INTEGER,
  detail_json TEXT
);
CREATE INDEX IF NOT EXISTS job_events_by_job ON job_events (job_id);

CREATE TABLE IF NOT EXISTS attempts (
  attempt_id INTEGER PRIMARY KEY,
  run_id TEXT,
  job_id TEXT,
  work_id TEXT,
  at REAL NOT NULL,
  source TEXT NOT NULL,
  tier TEXT,
  url TEXT,
  outcome TEXT NOT NULL,
  reason TEXT,
  detail TEXT,
  status INTEGER,
  elapsed_ms REAL NOT NULL,
  bytes INTEGER
);
CREATE INDEX IF NOT EXISTS attempts_by_job ON attempts (job_id);

CREATE TABLE IF NOT EXISTS artifacts (
  artifact_id TEXT PRIMARY KEY,
  work_id TEXT NOT NULL,
  job_id TEXT,
  format TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  path TEXT NOT NULL,
  paper_path TEXT,
  finalized_at REAL NOT NULL,
  verdict TEXT NOT NULL DEFAULT 'unsure',
  provenance_json TEXT NOT NULL DEFAULT '{}',
  file_url TEXT,
  file_validator TEXT
);
CREATE INDEX IF NOT EXISTS artifacts_by_hash ON artifacts (sha256);
CREATE INDEX IF NOT EXISTS artifacts_by_work ON artifacts (work_id);
CREATE INDEX IF NOT EXISTS artifacts_by_url ON artifacts (file_url) WHERE file_url IS NOT NULL;

CREATE TABLE IF NOT EXISTS runs (
  run_id TEXT PRIMARY KEY,
  started_at REAL NOT NULL,
  finished_at REAL,
  how_it_ended TEXT,
  settings_json TEXT NOT NULL DEFAULT '{}',
  summary_json TEXT
);

CREATE TABLE IF NOT EXISTS reconciliations (
  reconciliation_id INTEGER PRIMARY KEY,
  at REAL NOT NULL,
  finished_at REAL,
  why TEXT NOT NULL,
  findings_json TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS tombstones (
  work_id TEXT PRIMARY KEY,
  removed_at REAL NOT NULL,
  removed_by TEXT NOT NULL,
  undo_json TEXT NOT NULL
);
