-- Schema 15. The user's own .bib files that Sheaf watches and writes file links into.

CREATE TABLE IF NOT EXISTS linked_bibs (
  path TEXT PRIMARY KEY,
  -- the named list of its papers
  list TEXT NOT NULL,
  linked_at REAL NOT NULL,
  links INTEGER NOT NULL DEFAULT 0,
  written_at REAL
)
