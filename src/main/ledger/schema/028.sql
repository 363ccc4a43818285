-- Schema 28. The address of a question about many papers is a word: url may be its number, which is not 1. Rows of before
-- stay as they are; the rest of the view is as in schema 21.

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
  CASE WHEN typeof(a.url) <> 'integer' THEN a.url WHEN a.url = 1
    THEN (SELECT json_extract(o.context_json, '$.url') FROM artifact_ops o
      WHERE o.job = a.job AND substr(o.op_key, 1, 12) = lower(hex(a.op)))
    ELSE (SELECT w.word FROM words w WHERE w.word_no = a.url) END AS url,
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
  a.job,
  a.attempt_id AS row_no
FROM attempt_rows a WHERE a.source <> 0
UNION ALL SELECT
  a.attempt_id - json_extract(s.value, '$[0]'),
  CASE typeof(a.run) WHEN 'integer' THEN (SELECT w.word FROM words w WHERE w.word_no = a.run) ELSE a.run END,
  CASE typeof(a.job) WHEN 'integer'
    THEN (SELECT j.job_id FROM artifact_jobs j WHERE j.job_no = a.job) ELSE a.job END,
  a.work_id,
  a.at,
  json_extract(s.value, '$[1]'),
  CASE typeof(a.tier) WHEN 'integer' THEN (SELECT w.word FROM words w WHERE w.word_no = a.tier) ELSE a.tier END,
  NULL,
  'skipped',
  CASE typeof(a.reason) WHEN 'integer' THEN (SELECT w.word FROM words w WHERE w.word_no = a.reason) ELSE a.reason END,
  json_extract(s.value, '$[2]'),
  NULL,
  a.elapsed_ms,
  NULL,
  CASE typeof(a.op) WHEN 'blob' THEN lower(hex(a.op)) ELSE a.op END,
  a.op_attempt,
  a.job,
  a.attempt_id
FROM attempt_rows a, json_each(CASE typeof(a.detail)
  WHEN 'integer' THEN (SELECT w.word FROM words w WHERE w.word_no = a.detail) ELSE a.detail END) s
WHERE a.source = 0
