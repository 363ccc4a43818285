-- Schema 17. A row of the history names its job by number, its op by six bytes and words that recur by number:
-- a finished paper has sixteen such rows. The views attempts and job_events show them as before.

-- Stays with the job; a row number would change when another tool vacuums the file.
ALTER TABLE artifact_jobs ADD COLUMN job_no INTEGER;
UPDATE artifact_jobs SET job_no = rowid WHERE job_no IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS artifact_jobs_by_number ON artifact_jobs (job_no);

-- Runs, sources, tiers, reasons, states, and details that many papers share.
CREATE TABLE IF NOT EXISTS words (
  word_no INTEGER PRIMARY KEY,
  word TEXT NOT NULL UNIQUE
);
INSERT OR IGNORE INTO words (word)
  WITH asked AS MATERIALIZED (SELECT DISTINCT run_id, source, tier, reason FROM attempts),
    moved AS MATERIALIZED (SELECT DISTINCT from_state, to_state FROM job_events)
  SELECT run_id FROM asked WHERE run_id IS NOT NULL
  UNION SELECT source FROM asked
  UNION SELECT tier FROM asked WHERE tier IS NOT NULL
  UNION SELECT reason FROM asked WHERE reason IS NOT NULL
  UNION SELECT from_state FROM moved WHERE from_state IS NOT NULL
  UNION SELECT to_state FROM moved WHERE to_state IS NOT NULL;
INSERT OR IGNORE INTO words (word)
  SELECT detail FROM attempts WHERE length(detail) <= 120 AND instr(detail, '/') = 0
  GROUP BY detail HAVING count(*) > 1 ORDER BY count(*) DESC, detail LIMIT 2000;

-- Columns without a type: job, run, source, tier, reason, detail and op may be a number (op: six bytes) or the text
-- itself, url may be 1 for the address that the op was begun with.
CREATE TABLE IF NOT EXISTS attempt_rows (
  attempt_id INTEGER PRIMARY KEY,
  job,
  run,
  work_id TEXT,
  at REAL NOT NULL,
  source NOT NULL,
  tier,
  url,
  outcome TEXT NOT NULL,
  reason,
  detail,
  status INTEGER,
  elapsed_ms REAL NOT NULL,
  bytes INTEGER,
  op,
  op_attempt INTEGER
);
INSERT OR IGNORE INTO attempt_rows
  SELECT a.attempt_id,
    coalesce((SELECT j.job_no FROM artifact_jobs j WHERE j.job_id = a.job_id), a.job_id),
    coalesce((SELECT w.word_no FROM words w WHERE w.word = a.run_id), a.run_id),
    CASE WHEN a.work_id <> (SELECT j.work_id FROM artifact_jobs j WHERE j.job_id = a.job_id) THEN a.work_id
      WHEN EXISTS (SELECT 1 FROM artifact_jobs j WHERE j.job_id = a.job_id) THEN NULL ELSE a.work_id END,
    a.at,
    coalesce((SELECT w.word_no FROM words w WHERE w.word = a.source), a.source),
    coalesce((SELECT w.word_no FROM words w WHERE w.word = a.tier), a.tier),
    a.url, a.outcome,
    coalesce((SELECT w.word_no FROM words w WHERE w.word = a.reason), a.reason),
    coalesce((SELECT w.word_no FROM words w WHERE w.word = a.detail), a.detail),
    a.status, a.elapsed_ms, a.bytes,
    CASE length(a.op_key) WHEN 12 THEN coalesce(unhex(a.op_key), a.op_key) ELSE a.op_key END,
    a.op_attempt
  FROM attempts a;
DROP TABLE attempts;
CREATE INDEX IF NOT EXISTS attempts_by_job ON attempt_rows (job);
CREATE INDEX IF NOT EXISTS attempts_by_bytes ON attempt_rows (bytes) WHERE bytes IS NOT NULL;
CREATE INDEX IF NOT EXISTS attempts_by_source ON attempt_rows (source, job, work_id) WHERE outcome <> 'skipped';
CREATE VIEW IF NOT EXISTS attempts AS SELECT
  a.attempt_id,
  CASE typeof(a.run) WHEN 'integer' THEN (SELECT w.word FROM words w WHERE w.word_no = a.run) ELSE a.run END AS run_id,
  CASE typeof(a.job) WHEN 'integer'
    THEN (SELECT j.job_id FROM artifact_jobs j WHERE j.job_no = a.job) ELSE a.job END AS job_id,
  a.work_id,
  a.at,
  CASE typeof(a.source) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = a.source) ELSE a.source END AS source,
  CASE typeof(a.tier) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = a.tier) ELSE a.tier END AS tier,
  CASE typeof(a.url) WHEN 'integer'
    THEN (SELECT json_extract(o.context_json, '$.url') FROM artifact_ops o
      WHERE o.job_id = (SELECT j.job_id FROM artifact_jobs j WHERE j.job_no = a.job)
        AND substr(o.op_key, 1, 12) = lower(hex(a.op))) ELSE a.url END AS url,
  a.outcome,
  CASE typeof(a.reason) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = a.reason) ELSE a.reason END AS reason,
  CASE typeof(a.detail) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = a.detail) ELSE a.detail END AS detail,
  a.status,
  a.elapsed_ms,
  a.bytes,
  CASE typeof(a.op) WHEN 'blob' THEN lower(hex(a.op)) ELSE a.op END AS op_key,
  a.op_attempt,
  a.job
FROM attempt_rows a;

CREATE TABLE IF NOT EXISTS event_rows (
  event_id INTEGER PRIMARY KEY,
  job NOT NULL,
  at REAL NOT NULL,
  kind TEXT NOT NULL,
  from_state,
  to_state,
  lease_epoch INTEGER,
  detail_json TEXT,
  op,
  op_attempt INTEGER
);
INSERT OR IGNORE INTO event_rows
  SELECT e.event_id,
    coalesce((SELECT j.job_no FROM artifact_jobs j WHERE j.job_id = e.job_id), e.job_id),
    e.at, e.kind,
    coalesce((SELECT w.word_no FROM words w WHERE w.word = e.from_state), e.from_state),
    coalesce((SELECT w.word_no FROM words w WHERE w.word = e.to_state), e.to_state),
    e.lease_epoch, e.detail_json,
    CASE length(e.op_key) WHEN 12 THEN coalesce(unhex(e.op_key), e.op_key) ELSE e.op_key END,
    e.op_attempt
  FROM job_events e;
DROP TABLE job_events;
CREATE INDEX IF NOT EXISTS job_events_by_job ON event_rows (job);
CREATE INDEX IF NOT EXISTS job_events_of_leases ON event_rows (at) WHERE kind = 'lease';
CREATE INDEX IF NOT EXISTS job_events_of_recoveries ON event_rows (at, job) WHERE kind = 'recovered';
CREATE VIEW IF NOT EXISTS job_events AS SELECT
  e.event_id,
  CASE typeof(e.job) WHEN 'integer'
    THEN (SELECT j.job_id FROM artifact_jobs j WHERE j.job_no = e.job) ELSE e.job END AS job_id,
  e.at,
  e.kind,
  CASE typeof(e.from_state) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = e.from_state) ELSE e.from_state END AS from_state,
  CASE typeof(e.to_state) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = e.to_state) ELSE e.to_state END AS to_state,
  e.lease_epoch,
  e.detail_json,
  CASE typeof(e.op) WHEN 'blob' THEN lower(hex(e.op)) ELSE e.op END AS op_key,
  e.op_attempt,
  e.job
FROM event_rows e
