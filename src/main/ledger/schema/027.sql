-- Schema 27. The name that the id of a work spells (doi:…, arxiv:…, pmcid:…, W… of OpenAlex) leads to this work without
-- a row, unless a row says otherwise. The view work_names shows it, as before.

CREATE TABLE IF NOT EXISTS name_rows (
  scheme TEXT NOT NULL,
  value TEXT NOT NULL,
  work_id TEXT NOT NULL,
  PRIMARY KEY (scheme, value)
) WITHOUT ROWID;
INSERT OR IGNORE INTO name_rows
  SELECT n.scheme, n.value, n.work_id FROM work_names n
  WHERE NOT (n.value <> '' AND EXISTS (SELECT 1 FROM works w WHERE w.work_id = n.work_id)
    AND ((n.scheme IN ('doi', 'arxiv', 'pmcid') AND n.work_id = n.scheme || ':' || n.value)
      OR (n.scheme = 'openalex' AND n.work_id = n.value AND n.value GLOB 'W[0-9]*' AND n.value NOT GLOB '?*[^0-9]*')));
DROP TABLE work_names;
CREATE INDEX IF NOT EXISTS work_names_by_work ON name_rows (work_id);
CREATE VIEW IF NOT EXISTS work_names AS
  SELECT n.scheme, n.value, n.work_id FROM name_rows n
  UNION ALL
  SELECT s.scheme, s.value, s.work_id FROM (SELECT w.work_id,
      CASE WHEN w.work_id GLOB 'doi:?*' THEN 'doi' WHEN w.work_id GLOB 'arxiv:?*' THEN 'arxiv'
        WHEN w.work_id GLOB 'pmcid:?*' THEN 'pmcid'
        WHEN w.work_id GLOB 'W[0-9]*' AND w.work_id NOT GLOB '?*[^0-9]*' THEN 'openalex' END AS scheme,
      CASE WHEN w.work_id GLOB 'W[0-9]*' THEN w.work_id ELSE substr(w.work_id, instr(w.work_id, ':') + 1) END AS value
    FROM works w) s
  WHERE s.scheme IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM name_rows n WHERE n.scheme = s.scheme AND n.value = s.value)
