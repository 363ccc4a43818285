-- Schema 24. The result of a successful op is a short array in place of an object: the names of its fields were a third
-- of it. The view artifact_ops shows the object as before. What is left out, and the places and lists:
-- src/main/ledger/packed-results.ts.

DROP INDEX IF EXISTS artifact_ops_streamed;
DROP VIEW IF EXISTS artifact_ops;
-- A result that is a blob is the text of such an array; text is a result as it was written.
CREATE VIEW IF NOT EXISTS artifact_ops AS SELECT
  CASE typeof(o.key) WHEN 'blob' THEN lower(hex(o.key)) ELSE o.key END AS op_key,
  CASE typeof(o.job) WHEN 'integer'
    THEN (SELECT j.job_id FROM artifact_jobs j WHERE j.job_no = o.job) ELSE o.job END AS job_id,
  CASE o.op_type WHEN 1 THEN 'RESOLVE' WHEN 2 THEN 'HEAD' WHEN 3 THEN 'STREAM' WHEN 4 THEN 'FINALIZE'
    WHEN 5 THEN 'INDEX' WHEN 6 THEN 'DEDUPE' WHEN 7 THEN 'RENAME' ELSE o.op_type END AS op_type,
  o.started_at,
  o.finished_at,
  o.result_code,
  CASE typeof(o.result_json) WHEN 'blob' THEN CASE o.op_type
    WHEN 1 THEN (SELECT '{"candidates":' || (SELECT '[' || coalesce(group_concat(
        '{"url":' || (item.value -> 0) ||
        ',"evidence":' || (item.value -> 1) ||
        coalesce(',"version":' || CASE json_type(item.value, '$[5]') WHEN 'integer' THEN '["publishedVersion","acceptedVersion","submittedVersion"]' -> (item.value ->> 5) WHEN 'text' THEN item.value -> 5 END, '') ||
        coalesce(',"license":' || CASE json_type(item.value, '$[6]') WHEN 'integer' THEN '["cc-by","cc-by-nc","cc-by-nc-nd","cc-by-nc-sa","cc-by-sa","cc-by-nd","cc0","public-domain"]' -> (item.value ->> 6) WHEN 'text' THEN item.value -> 6 END, '') ||
        coalesce(',"foundOn":' || CASE json_type(item.value, '$[2]') WHEN 'integer' THEN '"https://doi.org/' || substr(packed.r -> '$[1][1]', 2) WHEN 'text' THEN item.value -> 2 END, '') ||
        ',"source":' || CASE json_type(item.value, '$[3]') WHEN 'integer' THEN '["unpaywall","openalex","arxiv","pmc","doi_redirect","landing_scrape","europe_pmc","wayback","crossref","semantic_scholar","core","doaj","hal","zenodo","osf","figshare","openaire","datacite","biorxiv","openalex_content","given","manual"]' -> (item.value ->> 3) WHEN 'text' THEN item.value -> 3 END ||
        ',"tier":' || CASE json_type(item.value, '$[4]') WHEN 'integer' THEN '["direct_oa","doi_follow","landing_scrape","archive"]' -> (item.value ->> 4) WHEN 'text' THEN item.value -> 4 END ||
        coalesce(',"format":' || nullif(item.value -> 8, 'null'), '') ||
        coalesce(',"rank":' || nullif(item.value -> 7, 'null'), '') ||
        coalesce(',"bytes":' || nullif(item.value -> 9, 'null'), '') ||
        coalesce(',"priceUsd":' || nullif(item.value -> 10, 'null'), '') ||
        coalesce(',"md5":' || nullif(item.value -> 11, 'null'), '') ||
        '}', ','), '') || ']' FROM json_each(packed.r, '$[0]') item) ||
      CASE json_type(packed.r, '$[1]') WHEN 'array' THEN ',"ids":{' || substr(
        coalesce(',"openalex":' || nullif(packed.r -> '$[1][0]', 'null'), '') ||
        coalesce(',"doi":' || nullif(packed.r -> '$[1][1]', 'null'), '') ||
        coalesce(',"arxiv":' || nullif(packed.r -> '$[1][2]', 'null'), '') ||
        coalesce(',"pmid":' || nullif(packed.r -> '$[1][3]', 'null'), '') ||
        coalesce(',"pmcid":' || nullif(packed.r -> '$[1][4]', 'null'), '') ||
        coalesce(',"url":' || nullif(packed.r -> '$[1][5]', 'null'), ''), 2) || '}' ELSE '' END ||
      coalesce(',"retryAt":' || nullif(packed.r -> 6, 'null'), '') ||
      coalesce(',"givenReasons":' || nullif(packed.r -> 7, 'null'), '') ||
      CASE json_type(packed.r, '$[2]') WHEN 'array' THEN ',"asked":' || (SELECT '[' || coalesce(group_concat(
        CASE item.type WHEN 'integer' THEN '["unpaywall","openalex","arxiv","pmc","doi_redirect","landing_scrape","europe_pmc","wayback","crossref","semantic_scholar","core","doaj","hal","zenodo","osf","figshare","openaire","datacite","biorxiv","openalex_content","given","manual"]' -> item.value ELSE packed.r -> item.fullkey END, ','), '') || ']'
        FROM json_each(packed.r, '$[2]') item) ELSE '' END ||
      CASE json_type(packed.r, '$[3]') WHEN 'array' THEN ',"landingPages":' || (SELECT '[' || coalesce(group_concat('{' || substr(
        coalesce(',"candidate":' || nullif(item.value -> 0, 'null'), '') ||
        coalesce(',"pdfUrl":' || nullif(item.value -> 6, 'null'), '') ||
        coalesce(',"landingUrl":' || CASE json_type(item.value, '$[3]') WHEN 'integer' THEN '"https://doi.org/' || substr(packed.r -> '$[1][1]', 2) WHEN 'text' THEN item.value -> 3 END, '') ||
        coalesce(',"version":' || CASE json_type(item.value, '$[4]') WHEN 'integer' THEN '["publishedVersion","acceptedVersion","submittedVersion"]' -> (item.value ->> 4) WHEN 'text' THEN item.value -> 4 END, '') ||
        coalesce(',"license":' || CASE json_type(item.value, '$[5]') WHEN 'integer' THEN '["cc-by","cc-by-nc","cc-by-nc-nd","cc-by-nc-sa","cc-by-sa","cc-by-nd","cc0","public-domain"]' -> (item.value ->> 5) WHEN 'text' THEN item.value -> 5 END, '') ||
        coalesce(',"venue":' || nullif(item.value -> 1, 'null'), '') ||
        coalesce(',"isOa":' || nullif(item.value -> 2, 'null'), ''), 2) || '}', ','), '') || ']' FROM json_each(packed.r, '$[3]') item) ELSE '' END ||
      coalesce(',"reasons":' || replace(nullif(packed.r -> 4, 'null'), '"N"', '"NO_OPEN_COPY"'), '') ||
      coalesce(',"isWhole":' || nullif(packed.r -> 5, 'null'), '') ||
      coalesce(',"retryable":' || nullif(packed.r -> 8, 'null'), '') || '}'
      FROM (SELECT CAST(o.result_json AS TEXT) AS r) packed)
    WHEN 2 THEN (SELECT '{"finalUrl":' || coalesce(nullif(packed.r -> 5, 'null'), o.context -> '$.url') ||
      ',"status":' || (packed.r -> 0) ||
      coalesce(',"contentType":' || CASE json_type(packed.r, '$[1]') WHEN 'integer' THEN '["application/pdf","application/octet-stream"]' -> (packed.r ->> 1) WHEN 'text' THEN packed.r -> 1 END, '') ||
      coalesce(',"totalBytes":' || nullif(packed.r -> 2, 'null'), '') ||
      CASE json_type(packed.r, '$[3]') WHEN 'array' THEN ',"validator":{' || substr(
        coalesce(',"etag":' || nullif(packed.r -> '$[3][0]', 'null'), '') ||
        coalesce(',"lastModified":' || nullif(packed.r -> '$[3][1]', 'null'), ''), 2) || '}' ELSE '' END ||
      coalesce(',"asked":' || nullif(packed.r -> 6, 'null'), '') ||
      coalesce(',"chain":' || nullif(packed.r -> 7, 'null'), '') ||
      CASE json_type(packed.r, '$[4]') WHEN 'array' THEN ',"otherHeaders":{' || substr(
        coalesce(',"content-range":' || nullif(packed.r -> '$[4][3]', 'null'), '') ||
        coalesce(',"content-disposition":' || nullif(packed.r -> '$[4][4]', 'null'), '') ||
        coalesce(',"content-encoding":' || nullif(packed.r -> '$[4][5]', 'null'), '') ||
        coalesce(',"accept-ranges":' || CASE json_type(packed.r, '$[4][1]') WHEN 'integer' THEN '["bytes"]' -> (packed.r ->> '$[4][1]') WHEN 'text' THEN packed.r -> '$[4][1]' END, '') ||
        coalesce(',"date":' || nullif(packed.r -> '$[4][0]', 'null'), '') ||
        coalesce(',"server":' || nullif(packed.r -> '$[4][2]', 'null'), '') ||
        coalesce(',"link":' || nullif(packed.r -> '$[4][6]', 'null'), ''), 2) || '}' ELSE '' END ||
      coalesce(',"headers":' || nullif(packed.r -> 8, 'null'), '') || '}'
      FROM (SELECT CAST(o.result_json AS TEXT) AS r) packed)
    WHEN 3 THEN (SELECT '{"url":' || coalesce(nullif(packed.r -> 5, 'null'), o.context -> '$.url') ||
      ',"sha256":' || CASE json_type(packed.r, '$[1]')
        WHEN 'integer' THEN coalesce('"' || (SELECT lower(hex(f.context)) FROM op_rows f WHERE f.op_no = o.op_no + (packed.r ->> 1)) || '"', 'null')
        ELSE packed.r -> 1 END ||
      ',"bytes":' || (packed.r -> 0) ||
      ',"fetchedBytes":' || coalesce(nullif(packed.r -> 4, 'null'), packed.r -> 0) ||
      coalesce(',"anewBecause":' || nullif(packed.r -> 6, 'null'), '') ||
      coalesce(',"validator":' || nullif(packed.r -> 2, 'null'), '') ||
      ',"provenance":' || CASE json_type(packed.r, '$[3]') WHEN 'object' THEN packed.r -> 3 ELSE
        '{"source":' || CASE json_type(packed.r, '$[3][0]') WHEN 'integer' THEN '["unpaywall","openalex","arxiv","pmc","doi_redirect","landing_scrape","europe_pmc","wayback","crossref","semantic_scholar","core","doaj","hal","zenodo","osf","figshare","openaire","datacite","biorxiv","openalex_content","given","manual"]' -> (packed.r ->> '$[3][0]') ELSE packed.r -> '$[3][0]' END ||
        ',"verdict":' || CASE json_type(packed.r, '$[3][1]') WHEN 'integer' THEN '["match","unsure"]' -> (packed.r ->> '$[3][1]') ELSE packed.r -> '$[3][1]' END ||
        ',"verdictBecause":' || CASE json_type(packed.r, '$[3][2]') WHEN 'integer' THEN '["Its first pages print its DOI.","Its title and authors are on the first pages."]' -> (packed.r ->> '$[3][2]') ELSE packed.r -> '$[3][2]' END ||
        coalesce(',"pages":' || nullif(packed.r -> '$[3][3]', 'null'), '') || '}' END || '}'
      FROM (SELECT CAST(o.result_json AS TEXT) AS r) packed)
    WHEN 4 THEN (SELECT '{"path":' || coalesce(nullif(packed.r -> 2, 'null'), CASE typeof(o.context)
        WHEN 'blob' THEN '"objects/' || lower(hex(substr(o.context, 1, 1))) || '/' || lower(hex(o.context)) || '.pdf"'
        ELSE o.context -> '$.target_path' END) ||
      ',"paperPath":' || (packed.r -> 0) ||
      ',"finalizedAt":' || (packed.r -> 1) || '}'
      FROM (SELECT CAST(o.result_json AS TEXT) AS r) packed)
    WHEN 5 THEN '{"manifest":' || coalesce(CAST(o.result_json AS TEXT) -> 0, 'true') || '}'
    WHEN 6 THEN '{"originalArtifactId":' || coalesce(CAST(o.result_json AS TEXT) -> 0, 'null') || '}'
    END ELSE o.result_json END AS result_json,
  o.attempt,
  o.replays,
  o.lease_epoch,
  o.recovery,
  CASE typeof(o.context) WHEN 'blob' THEN CASE o.op_type
    WHEN 4 THEN json_object('sha256', lower(hex(o.context)), 'target_path',
      'objects/' || lower(hex(substr(o.context, 1, 1))) || '/' || lower(hex(o.context)) || '.pdf')
    ELSE json_object('sha256', lower(hex(o.context))) END ELSE o.context END AS context_json,
  o.op_no AS rowid,
  o.key,
  o.job
FROM op_rows o;
-- A STREAM that continued a file, or fetched a part of it twice, is not packed: only these are looked for.
CREATE INDEX IF NOT EXISTS artifact_ops_streamed ON op_rows
  (json_extract(result_json, '$.resumedFrom'), json_extract(result_json, '$.fetchedTwice'))
  WHERE op_type = 3 AND result_code = 'OK' AND typeof(result_json) = 'text' AND json_valid(result_json)
