-- Schema 6. Indexes for the figures of `status` and for lists of jobs, which scanned whole tables. Each holds
-- all that its question needs, so that no row is read.

CREATE INDEX IF NOT EXISTS artifact_jobs_by_creation ON artifact_jobs (created_at);
CREATE INDEX IF NOT EXISTS artifact_ops_by_end ON artifact_ops (finished_at, attempt, replays)
  WHERE finished_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS artifact_ops_streamed ON artifact_ops
  (json_extract(result_json, '$.resumedFrom'), json_extract(result_json, '$.fetchedTwice'))
  WHERE op_type = 'STREAM' AND result_code = 'OK' AND json_valid(result_json);
CREATE INDEX IF NOT EXISTS job_events_of_leases ON job_events (at) WHERE kind = 'lease';
CREATE INDEX IF NOT EXISTS job_events_of_recoveries ON job_events (at, job_id) WHERE kind = 'recovered';
CREATE INDEX IF NOT EXISTS attempts_by_bytes ON attempts (bytes) WHERE bytes IS NOT NULL;
CREATE INDEX IF NOT EXISTS attempts_by_source ON attempts (source, coalesce(job_id, work_id))
  WHERE outcome <> 'skipped';
CREATE INDEX IF NOT EXISTS artifacts_by_source ON artifacts (json_extract(provenance_json, '$.source'))
  WHERE json_valid(provenance_json);
CREATE INDEX IF NOT EXISTS artifacts_by_content ON artifacts (sha256, bytes)
