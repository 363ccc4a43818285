-- Schema 25. The id of nearly every artifact is its work's, `#` and the format, and UNIQUE(work_id, artifact_id,
-- canonical_url) finds the jobs of such a one; this index has only the others.

DROP INDEX IF EXISTS artifact_jobs_by_artifact;
CREATE INDEX IF NOT EXISTS artifact_jobs_of_others ON artifact_jobs (artifact_id)
  WHERE substr(artifact_id, 1, length(work_id) + 1) <> work_id || '#'
    OR instr(substr(artifact_id, length(work_id) + 2), '#') > 0
