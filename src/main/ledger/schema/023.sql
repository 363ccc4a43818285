-- Schema 23. A finished file in a quarter of the bytes: its hash as bytes, its job, its library and words that recur by
-- number, and of its provenance only what no other column says. The view artifacts shows the rows as before.

-- Stays with the library; a row number would change when another tool vacuums the file.
ALTER TABLE libraries ADD COLUMN library_no INTEGER;
UPDATE libraries SET library_no = rowid WHERE library_no IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS libraries_by_number ON libraries (library_no);

-- Of sentences those that papers share, without a number or a quotation: these name one paper.
INSERT OR IGNORE INTO words (word)
  WITH found AS MATERIALIZED (SELECT json_extract(provenance_json, '$.source') AS source,
      json_extract(provenance_json, '$.tier') AS tier, json_extract(provenance_json, '$.version') AS version,
      json_extract(provenance_json, '$.license') AS license, json_extract(provenance_json, '$.evidence') AS evidence,
      json_extract(provenance_json, '$.verdictBecause') AS because,
      json_extract(provenance_json, '$.headers.server') AS server
    FROM artifacts WHERE json_valid(provenance_json)),
  named AS (SELECT source AS word FROM found UNION SELECT tier FROM found UNION SELECT version FROM found
    UNION SELECT license FROM found),
  said AS (SELECT evidence AS word FROM found UNION ALL SELECT because FROM found UNION ALL SELECT server FROM found),
  shared AS (SELECT word FROM said WHERE word NOT GLOB '*[0-9“]*' GROUP BY word HAVING count(*) > 1
    ORDER BY count(*) DESC, word LIMIT 2000)
  SELECT word FROM (SELECT word FROM named UNION SELECT word FROM shared)
  WHERE typeof(word) = 'text' AND length(word) BETWEEN 1 AND 120 AND instr(word, '/') = 0;

-- Columns without a type. work: null where the id of the file begins with it; job, library: a number, or an id without a
-- row; hash: 32 bytes, or a text that is not 64 digits; path: null where it is the object of the hash; paper: the name
-- without papers/ and the extension, any other path as bytes; verdict: the place in PAPER_VERDICTS
-- (src/contract/words.ts), from 1, or its text. Of the provenance: source, tier, version, license, evidence, because,
-- server: a word by number, or its text; url: null for file_url; found_on: 1 for the DOI's own address; type: 1 for
-- application/pdf; length: 1 for bytes; ranges: 1 for bytes; etag: 1 for file_validator; modified, dated: seconds since
-- the epoch, or the header's text; checks: the usual ones of a PDF as a sum of 8 and what differs (1: no length was
-- announced, 2: no end marker, 4: the table of objects was rebuilt, 16: encrypted), others as JSON; more: JSON of
-- finalUrl, chain, otherHeaders, encrypted; provenance: all of it as JSON, when these columns cannot say the same.
CREATE TABLE IF NOT EXISTS artifact_rows (
  artifact_no INTEGER PRIMARY KEY,
  artifact_id TEXT NOT NULL UNIQUE,
  work,
  job,
  format TEXT NOT NULL,
  hash NOT NULL,
  bytes INTEGER NOT NULL,
  path,
  paper,
  finalized_at REAL NOT NULL,
  verdict NOT NULL,
  library,
  file_url TEXT,
  file_validator TEXT,
  source,
  tier,
  version,
  license,
  evidence,
  url,
  found_on,
  because,
  pages,
  fetched_at,
  type,
  length,
  ranges,
  etag,
  modified,
  dated,
  server,
  checks,
  more,
  provenance
);

CREATE VIEW IF NOT EXISTS artifact_provenance AS SELECT a.artifact_no, coalesce(a.provenance, json_patch('{}', json_object(
  'source', CASE typeof(a.source) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = a.source) ELSE a.source END,
  'tier', CASE typeof(a.tier) WHEN 'integer' THEN (SELECT w.word FROM words w WHERE w.word_no = a.tier) ELSE a.tier END,
  'version', CASE typeof(a.version) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = a.version) ELSE a.version END,
  'license', CASE typeof(a.license) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = a.license) ELSE a.license END,
  'evidence', CASE typeof(a.evidence) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = a.evidence) ELSE a.evidence END,
  'url', coalesce(a.url, a.file_url),
  'foundOn', CASE typeof(a.found_on) WHEN 'integer'
    THEN 'https://doi.org/' || substr(a.artifact_id, 5, length(a.artifact_id) - 5 - length(a.format)) ELSE a.found_on END,
  'verdict', CASE a.verdict WHEN 1 THEN 'match' WHEN 2 THEN 'unsure' WHEN 3 THEN 'mismatch' ELSE a.verdict END,
  'verdictBecause', CASE typeof(a.because) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = a.because) ELSE a.because END,
  'pages', a.pages,
  'fetchedAt', a.fetched_at,
  'finalUrl', json_extract(a.more, '$.finalUrl'),
  'chain', json(json_extract(a.more, '$.chain')),
  'headers', json(CASE WHEN coalesce(a.type, a.length, a.ranges, a.etag, a.modified, a.dated, a.server,
      json_extract(a.more, '$.otherHeaders')) IS NULL THEN NULL ELSE json_object(
    'content-type', CASE typeof(a.type) WHEN 'integer' THEN 'application/pdf' ELSE a.type END,
    'content-length', CASE typeof(a.length) WHEN 'integer' THEN CAST(a.bytes AS TEXT) ELSE a.length END,
    'content-range', json_extract(a.more, '$.otherHeaders.content-range'),
    'content-disposition', json_extract(a.more, '$.otherHeaders.content-disposition'),
    'content-encoding', json_extract(a.more, '$.otherHeaders.content-encoding'),
    'accept-ranges', CASE typeof(a.ranges) WHEN 'integer' THEN 'bytes' ELSE a.ranges END,
    'etag', CASE typeof(a.etag) WHEN 'integer' THEN a.file_validator ELSE a.etag END,
    'last-modified', CASE typeof(a.modified) WHEN 'text' THEN a.modified
      ELSE substr('SunMonTueWedThuFriSat', strftime('%w', a.modified, 'unixepoch') * 3 + 1, 3)
        || strftime(', %d ', a.modified, 'unixepoch')
        || substr('JanFebMarAprMayJunJulAugSepOctNovDec', strftime('%m', a.modified, 'unixepoch') * 3 - 2, 3)
        || strftime(' %Y %H:%M:%S GMT', a.modified, 'unixepoch') END,
    'date', CASE typeof(a.dated) WHEN 'text' THEN a.dated
      ELSE substr('SunMonTueWedThuFriSat', strftime('%w', a.dated, 'unixepoch') * 3 + 1, 3)
        || strftime(', %d ', a.dated, 'unixepoch')
        || substr('JanFebMarAprMayJunJulAugSepOctNovDec', strftime('%m', a.dated, 'unixepoch') * 3 - 2, 3)
        || strftime(' %Y %H:%M:%S GMT', a.dated, 'unixepoch') END,
    'server', CASE typeof(a.server) WHEN 'integer'
      THEN (SELECT w.word FROM words w WHERE w.word_no = a.server) ELSE a.server END,
    'link', json_extract(a.more, '$.otherHeaders.link')) END),
  'checks', json(CASE typeof(a.checks) WHEN 'integer' THEN json_array(
    json_array('begins as a PDF', 'yes'),
    json_array('length', a.bytes || CASE a.checks & 1 WHEN 0 THEN ' bytes, as announced' ELSE ' bytes, none announced' END),
    json_array('end marker', CASE a.checks & 2 WHEN 0 THEN 'yes' ELSE 'missing, but its table of objects is there' END),
    json_array('table of objects', CASE a.checks & 4 WHEN 0 THEN 'yes' ELSE 'rebuilt by searching the file' END),
    json_array('opens', CASE a.pages WHEN 1 THEN '1 page' ELSE a.pages || ' pages' END),
    json_array('encrypted', CASE a.checks & 16 WHEN 0 THEN 'no' ELSE 'yes, readable without a password' END),
    json_array('right paper',
      CASE a.verdict WHEN 1 THEN 'match' WHEN 2 THEN 'unsure' WHEN 3 THEN 'mismatch' ELSE a.verdict END))
    ELSE a.checks END),
  'encrypted', json(CASE json_type(a.more, '$.encrypted') WHEN 'true' THEN 'true' END)))) AS provenance_json
FROM artifact_rows a;

-- What is no JSON stays as it is. In two parts, so that a text is parsed once and not for each of its fields.
CREATE VIEW IF NOT EXISTS artifacts_of_22 AS
  SELECT a.rowid AS artifact_no, a.*, a.provenance_json AS p, NULL AS unread FROM artifacts a
    WHERE json_valid(a.provenance_json)
  UNION ALL
  SELECT a.rowid AS artifact_no, a.*, '{}' AS p, a.provenance_json AS unread FROM artifacts a
    WHERE NOT json_valid(a.provenance_json);
INSERT OR IGNORE INTO artifact_rows
  WITH said AS (SELECT a.*,
      json_extract(p, '$.source') AS source, json_extract(p, '$.tier') AS tier, json_extract(p, '$.version') AS version,
      json_extract(p, '$.license') AS license, json_extract(p, '$.evidence') AS evidence,
      coalesce(json_extract(p, '$.url'), '') AS url, json_extract(p, '$.foundOn') AS found_on,
      json_extract(p, '$.verdictBecause') AS because, json_extract(p, '$.pages') AS pages,
      json_extract(p, '$.fetchedAt') AS fetched_at, json_extract(p, '$.headers.content-type') AS type,
      json_extract(p, '$.headers.content-length') AS length, json_extract(p, '$.headers.accept-ranges') AS ranges,
      json_extract(p, '$.headers.etag') AS etag, json_extract(p, '$.headers.last-modified') AS modified,
      json_extract(p, '$.headers.date') AS dated, json_extract(p, '$.headers.server') AS server,
      CASE json_type(p, '$.checks') WHEN 'array' THEN json_extract(p, '$.checks') END AS checks,
      CASE json_type(p, '$.chain') WHEN 'array' THEN json_extract(p, '$.chain') END AS chain
    FROM artifacts_of_22 a)
  SELECT s.artifact_no, s.artifact_id,
    CASE WHEN s.artifact_id = s.work_id || '#' || s.format THEN NULL ELSE s.work_id END,
    coalesce((SELECT j.job_no FROM artifact_jobs j WHERE j.job_id = s.job_id), s.job_id),
    s.format,
    CASE WHEN length(s.sha256) = 64 AND s.sha256 = lower(s.sha256) THEN coalesce(unhex(s.sha256), s.sha256)
      ELSE s.sha256 END,
    s.bytes,
    nullif(s.path, 'objects/' || substr(s.sha256, 1, 2) || '/' || s.sha256 || '.' || s.format),
    CASE WHEN substr(s.paper_path, 1, 7) = 'papers/' AND substr(s.paper_path, -1 - length(s.format)) = '.' || s.format
      THEN substr(s.paper_path, 8, length(s.paper_path) - 8 - length(s.format)) ELSE CAST(s.paper_path AS BLOB) END,
    s.finalized_at,
    CASE s.verdict WHEN 'match' THEN 1 WHEN 'unsure' THEN 2 WHEN 'mismatch' THEN 3 ELSE s.verdict END,
    coalesce((SELECT l.library_no FROM libraries l WHERE l.library_id = s.library_id), s.library_id),
    s.file_url, s.file_validator,
    coalesce((SELECT w.word_no FROM words w WHERE w.word = s.source), s.source),
    coalesce((SELECT w.word_no FROM words w WHERE w.word = s.tier), s.tier),
    coalesce((SELECT w.word_no FROM words w WHERE w.word = s.version), s.version),
    coalesce((SELECT w.word_no FROM words w WHERE w.word = s.license), s.license),
    coalesce((SELECT w.word_no FROM words w WHERE w.word = s.evidence), s.evidence),
    nullif(s.url, s.file_url),
    CASE WHEN s.found_on = 'https://doi.org/' || substr(s.artifact_id, 5, length(s.artifact_id) - 5 - length(s.format)) THEN 1 ELSE s.found_on END,
    coalesce((SELECT w.word_no FROM words w WHERE w.word = s.because), s.because),
    s.pages, s.fetched_at,
    CASE s.type WHEN 'application/pdf' THEN 1 ELSE s.type END,
    CASE s.length WHEN CAST(s.bytes AS TEXT) THEN 1 ELSE s.length END,
    CASE s.ranges WHEN 'bytes' THEN 1 ELSE s.ranges END,
    CASE s.etag WHEN s.file_validator THEN 1 ELSE s.etag END,
    CASE WHEN s.modified GLOB '???, [0-3][0-9] ??? [12][0-9][0-9][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9] GMT'
      THEN coalesce(CAST(strftime('%s', printf('%s-%02d-%s %s', substr(s.modified, 13, 4),
        (instr('JanFebMarAprMayJunJulAugSepOctNovDec', substr(s.modified, 9, 3)) + 2) / 3,
        substr(s.modified, 6, 2), substr(s.modified, 18, 8))) AS INTEGER), s.modified) ELSE s.modified END,
    CASE WHEN s.dated GLOB '???, [0-3][0-9] ??? [12][0-9][0-9][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9] GMT'
      THEN coalesce(CAST(strftime('%s', printf('%s-%02d-%s %s', substr(s.dated, 13, 4),
        (instr('JanFebMarAprMayJunJulAugSepOctNovDec', substr(s.dated, 9, 3)) + 2) / 3,
        substr(s.dated, 6, 2), substr(s.dated, 18, 8))) AS INTEGER), s.dated) ELSE s.dated END,
    coalesce((SELECT w.word_no FROM words w WHERE w.word = s.server), s.server),
    CASE json_extract(s.checks, '$[0][0]') WHEN 'begins as a PDF' THEN 8
      + (json_extract(s.checks, '$[1][1]') NOT LIKE '%, as announced') * 1
      + (json_extract(s.checks, '$[2][1]') <> 'yes') * 2
      + (json_extract(s.checks, '$[3][1]') <> 'yes') * 4
      + (json_extract(s.checks, '$[5][1]') <> 'no') * 16 ELSE s.checks END,
    nullif(json_patch('{}', json_object('finalUrl', json_extract(s.p, '$.finalUrl'),
      'chain', json(s.chain),
      'otherHeaders', json(CASE WHEN coalesce(json_extract(s.p, '$.headers.content-range'),
        json_extract(s.p, '$.headers.content-disposition'), json_extract(s.p, '$.headers.content-encoding'),
        json_extract(s.p, '$.headers.link')) IS NOT NULL THEN json_object(
        'content-range', json_extract(s.p, '$.headers.content-range'),
        'content-disposition', json_extract(s.p, '$.headers.content-disposition'),
        'content-encoding', json_extract(s.p, '$.headers.content-encoding'),
        'link', json_extract(s.p, '$.headers.link')) END),
      'encrypted', json(CASE json_type(s.p, '$.encrypted') WHEN 'true' THEN 'true' END))), '{}'),
    s.unread
  FROM said s;
DROP VIEW artifacts_of_22;
-- Whatever these columns do not say exactly stays as it was.
UPDATE artifact_rows SET
    provenance = (SELECT a.provenance_json FROM artifacts a WHERE a.artifact_id = artifact_rows.artifact_id),
    tier = NULL, evidence = NULL, found_on = NULL, fetched_at = NULL, type = NULL, length = NULL, ranges = NULL,
    etag = NULL, modified = NULL, dated = NULL, server = NULL, checks = NULL, more = NULL
  WHERE provenance IS NULL
    AND (SELECT p.provenance_json FROM artifact_provenance p WHERE p.artifact_no = artifact_rows.artifact_no)
      IS NOT (SELECT a.provenance_json FROM artifacts a WHERE a.artifact_id = artifact_rows.artifact_id);
DROP TABLE artifacts;
CREATE INDEX IF NOT EXISTS artifacts_by_content ON artifact_rows (hash, bytes);
CREATE INDEX IF NOT EXISTS artifacts_by_url ON artifact_rows (file_url) WHERE file_url IS NOT NULL;
CREATE INDEX IF NOT EXISTS artifacts_by_work ON artifact_rows (work) WHERE work IS NOT NULL;
CREATE INDEX IF NOT EXISTS artifacts_by_library ON artifact_rows (library);
CREATE INDEX IF NOT EXISTS artifacts_by_source ON artifact_rows (source);
CREATE VIEW IF NOT EXISTS artifacts AS SELECT
  a.artifact_id,
  coalesce(a.work, substr(a.artifact_id, 1, length(a.artifact_id) - length(a.format) - 1)) AS work_id,
  CASE typeof(a.job) WHEN 'integer'
    THEN (SELECT j.job_id FROM artifact_jobs j WHERE j.job_no = a.job) ELSE a.job END AS job_id,
  a.format,
  CASE typeof(a.hash) WHEN 'blob' THEN lower(hex(a.hash)) ELSE a.hash END AS sha256,
  a.bytes,
  coalesce(a.path, 'objects/' || CASE typeof(a.hash)
    WHEN 'blob' THEN lower(hex(substr(a.hash, 1, 1))) || '/' || lower(hex(a.hash))
    ELSE substr(a.hash, 1, 2) || '/' || a.hash END || '.' || a.format) AS path,
  CASE typeof(a.paper) WHEN 'text' THEN 'papers/' || a.paper || '.' || a.format ELSE CAST(a.paper AS TEXT) END
    AS paper_path,
  a.finalized_at,
  CASE a.verdict WHEN 1 THEN 'match' WHEN 2 THEN 'unsure' WHEN 3 THEN 'mismatch' ELSE a.verdict END AS verdict,
  (SELECT p.provenance_json FROM artifact_provenance p WHERE p.artifact_no = a.artifact_no) AS provenance_json,
  a.file_url,
  a.file_validator,
  CASE typeof(a.library) WHEN 'integer'
    THEN (SELECT l.library_id FROM libraries l WHERE l.library_no = a.library) ELSE a.library END AS library_id,
  a.artifact_no AS rowid,
  a.work,
  a.job,
  a.hash,
  a.library,
  CASE typeof(a.source) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = a.source) ELSE a.source END AS source,
  CASE typeof(a.version) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = a.version) ELSE a.version END AS version,
  CASE typeof(a.license) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = a.license) ELSE a.license END AS license,
  coalesce(a.url, a.file_url) AS url,
  CASE typeof(a.because) WHEN 'integer'
    THEN (SELECT w.word FROM words w WHERE w.word_no = a.because) ELSE a.because END AS because,
  a.pages
FROM artifact_rows a
