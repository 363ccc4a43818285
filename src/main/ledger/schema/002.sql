-- Schema 2. Named lists: which works the user asked for together, with every entry that named them.

CREATE TABLE IF NOT EXISTS lists (
  list_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL
);

-- One row for each entry of a source (a line of a file, an option), so that planning it again changes
-- nothing. Two entries of one work are a duplicate; an entry without a work could not be planned.
CREATE TABLE IF NOT EXISTS list_entries (
  list_id INTEGER NOT NULL,
  origin TEXT NOT NULL,
  place TEXT NOT NULL,
  work_id TEXT,
  citation_key TEXT,
  refused_because TEXT,
  added_at REAL NOT NULL,
  PRIMARY KEY (list_id, origin, place)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS list_entries_by_work ON list_entries (work_id, list_id);
