-- Schema 26. The context of a STREAM after a HEAD of the same address, and of INDEX and DEDUPE after the FINALIZE of the
-- same content, is a whole number: how many rows further the op is whose context says the rest. Rows of before stay.
-- The view shows both as before; a list of words is a CASE in it, which takes less time than JSON.

DROP VIEW IF EXISTS artifact_ops;
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
        coalesce(',"version":' || CASE json_type(item.value, '$[5]') WHEN 'integer' THEN CASE (item.value ->> 5) WHEN 0 THEN '"publishedVersion"' WHEN 1 THEN '"acceptedVersion"' WHEN 2 THEN '"submittedVersion"' END WHEN 'text' THEN item.value -> 5 END, '') ||
        coalesce(',"license":' || CASE json_type(item.value, '$[6]') WHEN 'integer' THEN CASE (item.value ->> 6) WHEN 0 THEN '"cc-by"' WHEN 1 THEN '"cc-by-nc"' WHEN 2 THEN '"cc-by-nc-nd"' WHEN 3 THEN '"cc-by-nc-sa"' WHEN 4 THEN '"cc-by-sa"' WHEN 5 THEN '"cc-by-nd"' WHEN 6 THEN '"cc0"' WHEN 7 THEN '"public-domain"' END WHEN 'text' THEN item.value -> 6 END, '') ||
        coalesce(',"foundOn":' || CASE json_type(item.value, '$[2]') WHEN 'integer' THEN '"https://doi.org/' || substr(packed.r -> '$[1][1]', 2) WHEN 'text' THEN item.value -> 2 END, '') ||
        ',"source":' || CASE json_type(item.value, '$[3]') WHEN 'integer' THEN CASE (item.value ->> 3) WHEN 0 THEN '"unpaywall"' WHEN 1 THEN '"openalex"' WHEN 2 THEN '"arxiv"' WHEN 3 THEN '"pmc"' WHEN 4 THEN '"doi_redirect"' WHEN 5 THEN '"landing_scrape"' WHEN 6 THEN '"europe_pmc"' WHEN 7 THEN '"wayback"' WHEN 8 THEN '"crossref"' WHEN 9 THEN '"semantic_scholar"' WHEN 10 THEN '"core"' WHEN 11 THEN '"doaj"' WHEN 12 THEN '"hal"' WHEN 13 THEN '"zenodo"' WHEN 14 THEN '"osf"' WHEN 15 THEN '"figshare"' WHEN 16 THEN '"openaire"' WHEN 17 THEN '"datacite"' WHEN 18 THEN '"biorxiv"' WHEN 19 THEN '"openalex_content"' WHEN 20 THEN '"given"' WHEN 21 THEN '"manual"' END WHEN 'text' THEN item.value -> 3 END ||
        ',"tier":' || CASE json_type(item.value, '$[4]') WHEN 'integer' THEN CASE (item.value ->> 4) WHEN 0 THEN '"direct_oa"' WHEN 1 THEN '"doi_follow"' WHEN 2 THEN '"landing_scrape"' WHEN 3 THEN '"archive"' END WHEN 'text' THEN item.value -> 4 END ||
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
        CASE item.type WHEN 'integer' THEN CASE item.value WHEN 0 THEN '"unpaywall"' WHEN 1 THEN '"openalex"' WHEN 2 THEN '"arxiv"' WHEN 3 THEN '"pmc"' WHEN 4 THEN '"doi_redirect"' WHEN 5 THEN '"landing_scrape"' WHEN 6 THEN '"europe_pmc"' WHEN 7 THEN '"wayback"' WHEN 8 THEN '"crossref"' WHEN 9 THEN '"semantic_scholar"' WHEN 10 THEN '"core"' WHEN 11 THEN '"doaj"' WHEN 12 THEN '"hal"' WHEN 13 THEN '"zenodo"' WHEN 14 THEN '"osf"' WHEN 15 THEN '"figshare"' WHEN 16 THEN '"openaire"' WHEN 17 THEN '"datacite"' WHEN 18 THEN '"biorxiv"' WHEN 19 THEN '"openalex_content"' WHEN 20 THEN '"given"' WHEN 21 THEN '"manual"' END ELSE packed.r -> item.fullkey END, ','), '') || ']'
        FROM json_each(packed.r, '$[2]') item) ELSE '' END ||
      CASE json_type(packed.r, '$[3]') WHEN 'array' THEN ',"landingPages":' || (SELECT '[' || coalesce(group_concat('{' || substr(
        coalesce(',"candidate":' || nullif(item.value -> 0, 'null'), '') ||
        coalesce(',"pdfUrl":' || nullif(item.value -> 6, 'null'), '') ||
        coalesce(',"landingUrl":' || CASE json_type(item.value, '$[3]') WHEN 'integer' THEN '"https://doi.org/' || substr(packed.r -> '$[1][1]', 2) WHEN 'text' THEN item.value -> 3 END, '') ||
        coalesce(',"version":' || CASE json_type(item.value, '$[4]') WHEN 'integer' THEN CASE (item.value ->> 4) WHEN 0 THEN '"publishedVersion"' WHEN 1 THEN '"acceptedVersion"' WHEN 2 THEN '"submittedVersion"' END WHEN 'text' THEN item.value -> 4 END, '') ||
        coalesce(',"license":' || CASE json_type(item.value, '$[5]') WHEN 'integer' THEN CASE (item.value ->> 5) WHEN 0 THEN '"cc-by"' WHEN 1 THEN '"cc-by-nc"' WHEN 2 THEN '"cc-by-nc-nd"' WHEN 3 THEN '"cc-by-nc-sa"' WHEN 4 THEN '"cc-by-sa"' WHEN 5 THEN '"cc-by-nd"' WHEN 6 THEN '"cc0"' WHEN 7 THEN '"public-domain"' END WHEN 'text' THEN item.value -> 5 END, '') ||
        coalesce(',"venue":' || nullif(item.value -> 1, 'null'), '') ||
        coalesce(',"isOa":' || nullif(item.value -> 2, 'null'), ''), 2) || '}', ','), '') || ']' FROM json_each(packed.r, '$[3]') item) ELSE '' END ||
      coalesce(',"reasons":' || replace(nullif(packed.r -> 4, 'null'), '"N"', '"NO_OPEN_COPY"'), '') ||
      coalesce(',"isWhole":' || nullif(packed.r -> 5, 'null'), '') ||
      coalesce(',"retryable":' || nullif(packed.r -> 8, 'null'), '') || '}'
      FROM (SELECT CAST(o.result_json AS TEXT) AS r) packed)
    WHEN 2 THEN (SELECT '{"finalUrl":' || coalesce(nullif(packed.r -> 5, 'null'), o.context -> '$.url') ||
      ',"status":' || (packed.r -> 0) ||
      coalesce(',"contentType":' || CASE json_type(packed.r, '$[1]') WHEN 'integer' THEN CASE (packed.r ->> 1) WHEN 0 THEN '"application/pdf"' WHEN 1 THEN '"application/octet-stream"' END WHEN 'text' THEN packed.r -> 1 END, '') ||
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
        coalesce(',"accept-ranges":' || CASE json_type(packed.r, '$[4][1]') WHEN 'integer' THEN CASE (packed.r ->> '$[4][1]') WHEN 0 THEN '"bytes"' END WHEN 'text' THEN packed.r -> '$[4][1]' END, '') ||
        coalesce(',"date":' || nullif(packed.r -> '$[4][0]', 'null'), '') ||
        coalesce(',"server":' || nullif(packed.r -> '$[4][2]', 'null'), '') ||
        coalesce(',"link":' || nullif(packed.r -> '$[4][6]', 'null'), ''), 2) || '}' ELSE '' END ||
      coalesce(',"headers":' || nullif(packed.r -> 8, 'null'), '') || '}'
      FROM (SELECT CAST(o.result_json AS TEXT) AS r) packed)
    WHEN 3 THEN (SELECT '{"url":' || coalesce(nullif(packed.r -> 5, 'null'), CASE typeof(o.context) WHEN 'integer'
        THEN (SELECT h.context -> '$.url' FROM op_rows h WHERE h.op_no = o.op_no + o.context) ELSE o.context -> '$.url' END) ||
      ',"sha256":' || CASE json_type(packed.r, '$[1]')
        WHEN 'integer' THEN coalesce('"' || (SELECT lower(hex(f.context)) FROM op_rows f WHERE f.op_no = o.op_no + (packed.r ->> 1)) || '"', 'null')
        ELSE packed.r -> 1 END ||
      ',"bytes":' || (packed.r -> 0) ||
      ',"fetchedBytes":' || coalesce(nullif(packed.r -> 4, 'null'), packed.r -> 0) ||
      coalesce(',"anewBecause":' || nullif(packed.r -> 6, 'null'), '') ||
      coalesce(',"validator":' || nullif(packed.r -> 2, 'null'), '') ||
      ',"provenance":' || CASE json_type(packed.r, '$[3]') WHEN 'object' THEN packed.r -> 3 ELSE
        '{"source":' || CASE json_type(packed.r, '$[3][0]') WHEN 'integer' THEN CASE (packed.r ->> '$[3][0]') WHEN 0 THEN '"unpaywall"' WHEN 1 THEN '"openalex"' WHEN 2 THEN '"arxiv"' WHEN 3 THEN '"pmc"' WHEN 4 THEN '"doi_redirect"' WHEN 5 THEN '"landing_scrape"' WHEN 6 THEN '"europe_pmc"' WHEN 7 THEN '"wayback"' WHEN 8 THEN '"crossref"' WHEN 9 THEN '"semantic_scholar"' WHEN 10 THEN '"core"' WHEN 11 THEN '"doaj"' WHEN 12 THEN '"hal"' WHEN 13 THEN '"zenodo"' WHEN 14 THEN '"osf"' WHEN 15 THEN '"figshare"' WHEN 16 THEN '"openaire"' WHEN 17 THEN '"datacite"' WHEN 18 THEN '"biorxiv"' WHEN 19 THEN '"openalex_content"' WHEN 20 THEN '"given"' WHEN 21 THEN '"manual"' END ELSE packed.r -> '$[3][0]' END ||
        ',"verdict":' || CASE json_type(packed.r, '$[3][1]') WHEN 'integer' THEN CASE (packed.r ->> '$[3][1]') WHEN 0 THEN '"match"' WHEN 1 THEN '"unsure"' END ELSE packed.r -> '$[3][1]' END ||
        ',"verdictBecause":' || CASE json_type(packed.r, '$[3][2]') WHEN 'integer' THEN CASE (packed.r ->> '$[3][2]') WHEN 0 THEN '"Its first pages print its DOI."' WHEN 1 THEN '"Its title and authors are on the first pages."' END ELSE packed.r -> '$[3][2]' END ||
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
    ELSE json_object('sha256', lower(hex(o.context))) END
    WHEN 'integer' THEN (SELECT CASE o.op_type WHEN 3 THEN '{"range_start":0,' || substr(other.context, 2)
      ELSE json_object('sha256', lower(hex(other.context))) END
      FROM op_rows other WHERE other.op_no = o.op_no + o.context)
    ELSE o.context END AS context_json,
  o.op_no AS rowid,
  o.key,
  o.job
FROM op_rows o
