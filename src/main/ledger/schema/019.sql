-- Schema 19. The jobs that came to an end within a time, without reading those that ended before. A job at an end
-- has no lease; while it has one, this index need not be written.

CREATE INDEX IF NOT EXISTS artifact_jobs_by_end ON artifact_jobs (updated_at) WHERE lease_owner IS NULL
