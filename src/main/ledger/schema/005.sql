-- Schema 5. The user's own references, as their files said them, for an export. Idempotent.

CREATE TABLE IF NOT EXISTS work_references (
  work_id TEXT PRIMARY KEY,
  reference_json TEXT NOT NULL
) WITHOUT ROWID;
