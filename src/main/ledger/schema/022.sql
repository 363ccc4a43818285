-- Schema 22. State changes that follow an event under the same lease are in its row: moves is
-- [milliseconds since the event, from, to, op, attempt of the op if not 1], ..., null in rows of before, which stay as
-- they are. They have the numbers after the row's own, up to 7. The detail of a lease may be
-- [owner, attempt, wait_ms], that of planned [name, line]; the first of them, and states, may be numbers of words.

ALTER TABLE event_rows ADD COLUMN moves TEXT;
DROP VIEW IF EXISTS job_events;
-- row_no: the row of event_rows, for a reader of some rows at a time.
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
  CASE WHEN substr(e.detail_json, 1, 1) = '[' AND e.kind = 'lease' THEN json_object(
      'owner', coalesce((SELECT w.word FROM words w WHERE w.word_no = json_extract(e.detail_json, '$[0]')),
        json_extract(e.detail_json, '$[0]')),
      'attempt', json_extract(e.detail_json, '$[1]'), 'wait_ms', json_extract(e.detail_json, '$[2]'))
    WHEN substr(e.detail_json, 1, 1) = '[' AND e.kind = 'planned' THEN json_object(
      'name', coalesce((SELECT w.word FROM words w WHERE w.word_no = json_extract(e.detail_json, '$[0]')),
        json_extract(e.detail_json, '$[0]')),
      'line', json_extract(e.detail_json, '$[1]'))
    ELSE e.detail_json END AS detail_json,
  CASE typeof(e.op) WHEN 'blob' THEN lower(hex(e.op)) ELSE e.op END AS op_key,
  e.op_attempt,
  e.job,
  e.event_id AS row_no
FROM event_rows e
UNION ALL SELECT
  e.event_id + 1 + m.key,
  CASE typeof(e.job) WHEN 'integer' THEN (SELECT j.job_id FROM artifact_jobs j WHERE j.job_no = e.job) ELSE e.job END,
  (CAST(round(e.at * 1000) AS INTEGER) + json_extract(m.value, '$[0]')) / 1000.0,
  'state',
  CASE json_type(m.value, '$[1]') WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = json_extract(m.value, '$[1]'))
    ELSE json_extract(m.value, '$[1]') END,
  CASE json_type(m.value, '$[2]') WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = json_extract(m.value, '$[2]'))
    ELSE json_extract(m.value, '$[2]') END,
  e.lease_epoch,
  NULL,
  json_extract(m.value, '$[3]'),
  CASE WHEN json_extract(m.value, '$[3]') IS NULL THEN NULL ELSE coalesce(json_extract(m.value, '$[4]'), 1) END,
  e.job,
  e.event_id
FROM event_rows e, json_each('[' || e.moves || ']') m
WHERE e.moves <> ''
