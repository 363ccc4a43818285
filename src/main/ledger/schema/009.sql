-- Schema 9. References in a table with row numbers. Without them SQLite keeps about a thousand bytes of a row in its
-- place and gives the rest, mostly another thousand, a page of its own: 5 kB for a reference of 2 kB.

CREATE TABLE IF NOT EXISTS work_references_by_row (
  work_id TEXT NOT NULL UNIQUE,
  reference_json TEXT NOT NULL
);
INSERT OR IGNORE INTO work_references_by_row (work_id, reference_json)
  SELECT work_id, reference_json FROM work_references ORDER BY work_id;
DROP TABLE work_references;
ALTER TABLE work_references_by_row RENAME TO work_references;
