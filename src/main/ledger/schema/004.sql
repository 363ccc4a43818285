-- Schema 4. Which library a file lies in, and which bytes a repaired file must have (docs/design.md, G12).

CREATE TABLE IF NOT EXISTS libraries (
  library_id TEXT PRIMARY KEY,
  path TEXT NOT NULL,
  first_seen REAL NOT NULL,
  last_seen REAL NOT NULL,
  holds_papers INTEGER NOT NULL DEFAULT 0
);

-- Null in rows of schema 1 until the library is first recognised.
ALTER TABLE artifacts ADD COLUMN library_id TEXT;
CREATE INDEX IF NOT EXISTS artifacts_by_library ON artifacts (library_id, artifact_id);

-- Set while a finished job whose file was lost is at work again; another file is not accepted silently.
ALTER TABLE artifact_jobs ADD COLUMN expected_sha256 TEXT;
