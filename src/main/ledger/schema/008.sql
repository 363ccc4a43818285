-- Schema 8. What was handed on to a reference manager: an intent before each effect, its result after it.

CREATE TABLE IF NOT EXISTS handovers (
  op_key TEXT PRIMARY KEY,
  work_id TEXT NOT NULL,
  -- ITEM or FILE
  kind TEXT NOT NULL,
  -- which database of Zotero; empty where it does not say
  target TEXT NOT NULL,
  sha256 TEXT,
  item_key TEXT,
  file_key TEXT,
  -- names the request, so that asking again is recognised
  session_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  started_at REAL NOT NULL,
  finished_at REAL,
  result_code TEXT
);
CREATE INDEX IF NOT EXISTS handovers_by_work ON handovers (work_id);
