-- Schema 20. A row of an op names its job by number, has its key as bytes and its kind by number: the keys and ids
-- of a paper's ops were a seventh of it. The view artifact_ops shows them as before.

-- Columns without a type: key is 32 bytes, or the text of one that is not 64 digits; job is a number, or the id that
-- no job has; op_type is the place of the kind in OP_KINDS (src/contract/words.ts), from 1, or its text; context of
-- an op that is about a content hash is its 32 bytes, every other JSON.
CREATE TABLE IF NOT EXISTS op_rows (
  op_no INTEGER PRIMARY KEY,
  key NOT NULL UNIQUE,
  job NOT NULL,
  op_type NOT NULL,
  started_at REAL NOT NULL,
  finished_at REAL,
  result_code TEXT,
  result_json TEXT,
  attempt INTEGER NOT NULL DEFAULT 1,
  replays INTEGER NOT NULL DEFAULT 0,
  lease_epoch INTEGER NOT NULL DEFAULT 0,
  recovery TEXT,
  context
);
-- A quarter at a time, so that a ledger that is nearly full has room for it.
DROP INDEX IF EXISTS artifact_ops_of_job;
DROP INDEX IF EXISTS artifact_ops_open;
DROP INDEX IF EXISTS artifact_ops_by_end;
DROP INDEX IF EXISTS artifact_ops_streamed;
CREATE VIEW IF NOT EXISTS ops_of_19 AS
  SELECT o.rowid AS op_no,
    CASE WHEN length(o.op_key) = 64 AND o.op_key = lower(o.op_key) THEN coalesce(unhex(o.op_key), o.op_key)
      ELSE o.op_key END,
    coalesce((SELECT j.job_no FROM artifact_jobs j WHERE j.job_id = o.job_id), o.job_id),
    CASE o.op_type WHEN 'RESOLVE' THEN 1 WHEN 'HEAD' THEN 2 WHEN 'STREAM' THEN 3 WHEN 'FINALIZE' THEN 4
      WHEN 'INDEX' THEN 5 WHEN 'DEDUPE' THEN 6 WHEN 'RENAME' THEN 7 ELSE o.op_type END,
    o.started_at, o.finished_at, o.result_code, o.result_json, o.attempt, o.replays, o.lease_epoch, o.recovery,
    CASE WHEN lower(substr(o.context_json, 12, 64)) <> substr(o.context_json, 12, 64) THEN o.context_json
      WHEN o.op_type IN ('INDEX', 'DEDUPE') AND length(o.context_json) = 77
        AND o.context_json = json_object('sha256', substr(o.context_json, 12, 64))
      THEN coalesce(unhex(substr(o.context_json, 12, 64)), o.context_json)
      WHEN o.op_type = 'FINALIZE' AND o.context_json = json_object('sha256', substr(o.context_json, 12, 64),
        'target_path', 'objects/' || substr(o.context_json, 12, 2) || '/' || substr(o.context_json, 12, 64) || '.pdf')
      THEN coalesce(unhex(substr(o.context_json, 12, 64)), o.context_json)
      ELSE o.context_json END
  FROM artifact_ops o;
INSERT OR IGNORE INTO op_rows
  SELECT * FROM ops_of_19 WHERE op_no <= (SELECT max(rowid) * 1 / 4 FROM artifact_ops);
DELETE FROM artifact_ops WHERE rowid <= (SELECT max(rowid) * 1 / 4 FROM artifact_ops);
INSERT OR IGNORE INTO op_rows
  SELECT * FROM ops_of_19 WHERE op_no <= (SELECT max(rowid) * 2 / 4 FROM artifact_ops);
DELETE FROM artifact_ops WHERE rowid <= (SELECT max(rowid) * 2 / 4 FROM artifact_ops);
INSERT OR IGNORE INTO op_rows
  SELECT * FROM ops_of_19 WHERE op_no <= (SELECT max(rowid) * 3 / 4 FROM artifact_ops);
DELETE FROM artifact_ops WHERE rowid <= (SELECT max(rowid) * 3 / 4 FROM artifact_ops);
INSERT OR IGNORE INTO op_rows SELECT * FROM ops_of_19;
DROP VIEW ops_of_19;
DROP TABLE artifact_ops;
CREATE INDEX IF NOT EXISTS artifact_ops_of_job ON op_rows (job);
CREATE INDEX IF NOT EXISTS artifact_ops_open ON op_rows (lease_epoch) WHERE finished_at IS NULL;
CREATE INDEX IF NOT EXISTS artifact_ops_by_end ON op_rows (finished_at, attempt, replays)
  WHERE finished_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS artifact_ops_streamed ON op_rows
  (json_extract(result_json, '$.resumedFrom'), json_extract(result_json, '$.fetchedTwice'))
  WHERE op_type = 3 AND result_code = 'OK' AND json_valid(result_json);
CREATE VIEW IF NOT EXISTS artifact_ops AS SELECT
  CASE typeof(o.key) WHEN 'blob' THEN lower(hex(o.key)) ELSE o.key END AS op_key,
  CASE typeof(o.job) WHEN 'integer'
    THEN (SELECT j.job_id FROM artifact_jobs j WHERE j.job_no = o.job) ELSE o.job END AS job_id,
  CASE o.op_type WHEN 1 THEN 'RESOLVE' WHEN 2 THEN 'HEAD' WHEN 3 THEN 'STREAM' WHEN 4 THEN 'FINALIZE'
    WHEN 5 THEN 'INDEX' WHEN 6 THEN 'DEDUPE' WHEN 7 THEN 'RENAME' ELSE o.op_type END AS op_type,
  o.started_at,
  o.finished_at,
  o.result_code,
  o.result_json,
  o.attempt,
  o.replays,
  o.lease_epoch,
  o.recovery,
  CASE typeof(o.context) WHEN 'blob' THEN CASE o.op_type
    WHEN 4 THEN json_object('sha256', lower(hex(o.context)), 'target_path',
      'objects/' || lower(hex(substr(o.context, 1, 1))) || '/' || lower(hex(o.context)) || '.pdf')
    ELSE json_object('sha256', lower(hex(o.context))) END ELSE o.context END AS context_json,
  o.op_no AS rowid,
  o.key,
  o.job
FROM op_rows o;

-- As before, with the address of an op from its row.
DROP VIEW IF EXISTS attempts;
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
    THEN (SELECT json_extract(o.context, '$.url') FROM op_rows o
      WHERE o.job = a.job AND substr(CASE typeof(o.key) WHEN 'blob' THEN lower(hex(o.key)) ELSE o.key END, 1, 12)
        = lower(hex(a.op))) ELSE a.url END AS url,
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
FROM attempt_rows a
