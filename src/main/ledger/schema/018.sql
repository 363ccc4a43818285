-- Schema 18. Checks of a file, and reasons and pages of a RESOLVE, are written shorter from here on
-- (src/contract/stored-results.ts): a version before does not read them. The few ops of a job are sorted when read.

DROP INDEX IF EXISTS artifact_ops_by_job;
CREATE INDEX IF NOT EXISTS artifact_ops_of_job ON artifact_ops (job_id)
