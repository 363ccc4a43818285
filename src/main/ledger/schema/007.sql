-- Schema 7. What services answered about references that name a work by its title alone.

CREATE TABLE IF NOT EXISTS title_answers (
  -- hash of the reference as asked: title, first author, year
  title_key TEXT NOT NULL,
  service TEXT NOT NULL,
  answered_at REAL NOT NULL,
  candidates_json TEXT NOT NULL,
  PRIMARY KEY (title_key, service)
);
