/**
 * The stored form of a finished file (schema 23, where each column is described): a row of `artifact_rows` has of the
 * provenance only what no other column says. The view `artifacts` shows complete rows, with the provenance as JSON;
 * what the columns cannot say exactly is stored as that JSON.
 */
import { isDirect, isEmpty, storedProvenance } from '../../contract/stored-provenance'
import type { ArtifactRow, Provenance } from '../../contract/work'
import { artifactIdOf, PAPER_VERDICTS } from '../../contract/words'
import { objectPath } from '../platform/recorded-path'
import { jobOf, keyOf, numberWords, wordOr } from './history-names'
import type { SqlValue, Writer } from './ledger'
import { CURRENT_LIBRARY_NUMBER } from './libraries'
import { toJson } from './row-values'

export type NewArtifact = ArtifactRow & {
  readonly fileUrl?: string | undefined
  readonly fileValidator?: string | undefined
}

/** Sentences are numbered among the first words only: runs and reasons need numbers, too. */
const MOST_SENTENCES = 5_000

/** As SQL, in a row of `artifact_rows`: the path of its object. */
const OBJECT = `'objects/' || CASE typeof(hash) WHEN 'blob' THEN lower(hex(substr(hash, 1, 1))) || '/' || lower(hex(hash))
  ELSE substr(hash, 1, 2) || '/' || hash END || '.' || format`

/** As SQL, in a row of `artifact_rows`: the stored forms of the two paths. */
export const PATH = `nullif(?, ${OBJECT})`
export const PAPER = `(SELECT CASE WHEN substr(p, 1, 7) = 'papers/' AND substr(p, -1 - length(format)) = '.' || format
  THEN substr(p, 8, length(p) - 8 - length(format)) ELSE CAST(p AS BLOB) END FROM (SELECT ? AS p))`

/** As SQL, in a row of `artifact_rows`: hash and readable name as the view \`artifacts\` shows them. */
export const SHA256 = "CASE typeof(hash) WHEN 'blob' THEN lower(hex(hash)) ELSE hash END"
export const PAPER_PATH =
  "CASE typeof(paper) WHEN 'text' THEN 'papers/' || paper || '.' || format ELSE CAST(paper AS TEXT) END"

/**
 * As SQL, on rows of the view: the artifacts of a work. Nearly all ids are `<work>#<format>`: `$` is the character
 * after `#`, so this is a search in a range. An index of the few others has their works.
 */
export function ofWork(work: string): string {
  return `(artifact_id >= ${work} || '#' AND artifact_id < ${work} || '$' OR work = ${work}) AND work_id = ${work}`
}

type Columns = Readonly<Record<string, SqlValue>>

const PLAIN = [
  ...['artifact_id', 'work', 'format', 'hash', 'bytes', 'path', 'paper', 'finalized_at', 'verdict'],
  ...['file_url', 'file_validator', 'url', 'found_on', 'pages', 'fetched_at', 'type', 'length', 'ranges'],
  ...['etag', 'modified', 'dated', 'checks', 'more', 'provenance']
]
const WORDS = ['source', 'tier', 'version', 'license', 'evidence', 'because', 'server']
const COLUMNS = [...PLAIN, ...WORDS, 'job']
const VALUES = [
  ...PLAIN.map((_, n) => `?${String(n + 1)}`),
  ...WORDS.map((_, n) => wordOr(`?${String(PLAIN.length + n + 1)}`)),
  jobOf(`?${String(COLUMNS.length)}`)
]
const UPSERT = `INSERT INTO artifact_rows (${COLUMNS.join(', ')}, library)
  VALUES (${VALUES.join(', ')}, ${CURRENT_LIBRARY_NUMBER})
  ON CONFLICT (artifact_id) DO UPDATE SET
    ${[...COLUMNS, 'library'].map((column) => `${column} = excluded.${column}`).join(', ')}`

export function upsertRow(w: Writer, row: NewArtifact): void {
  const { source, tier, version, license, evidence, verdictBecause, headers } = row.provenance
  numberWords(w, [source, tier, version, license])
  numberWords(w, [evidence, verdictBecause, headers['server']].filter(isShared), undefined, MOST_SENTENCES)
  const columns = { ...placeColumns(row), ...provenanceColumns(row) }
  w.run(
    UPSERT,
    COLUMNS.map((column) => columns[column] ?? null)
  )
}

/** A sentence with a number or a quotation is of one paper only. */
function isShared(sentence: string | undefined): boolean {
  return sentence !== undefined && sentence !== '' && !/[0-9“]/.test(sentence)
}

function placeColumns(row: NewArtifact): Columns {
  const { artifactId, workId, format, sha256, paperPath } = row
  const name = paperPath === null ? null : /^papers\/(.*)\.(\w+)$/s.exec(paperPath)
  return {
    artifact_id: artifactId,
    work: artifactId === artifactIdOf(workId, format) ? null : workId,
    job: row.jobId,
    format,
    hash: keyOf(sha256),
    bytes: row.bytes,
    path: row.path === objectPath(sha256, format) ? null : row.path,
    paper: name?.[2] === format ? (name[1] ?? '') : asBytes(paperPath),
    finalized_at: row.finalizedAt,
    verdict: PAPER_VERDICTS.indexOf(row.verdict) + 1,
    file_url: row.fileUrl ?? null,
    file_validator: row.fileValidator ?? null
  }
}

function asBytes(text: string | null): SqlValue {
  return text === null ? null : new Uint8Array(Buffer.from(text))
}

/** In the order of `keptHeaders`. */
const HEADERS = [
  ...['content-type', 'content-length', 'content-range', 'content-disposition', 'content-encoding'],
  ...['accept-ranges', 'etag', 'last-modified', 'date', 'server', 'link']
]
const OTHER_HEADERS = ['content-range', 'content-disposition', 'content-encoding', 'link']

function provenanceColumns(row: NewArtifact): Columns {
  const { provenance, fileUrl } = row
  const { source, version, license, pages } = provenance
  const listed = {
    ...{ source, version, license, pages, because: provenance.verdictBecause },
    url: provenance.url === fileUrl ? null : provenance.url
  }
  const json = toJson(storedProvenance(provenance))
  if (!isUsual(row, json)) return { ...listed, provenance: json }
  return {
    ...listed,
    tier: provenance.tier,
    evidence: provenance.evidence,
    found_on: isAddressOfDoi(row) ? 1 : provenance.foundOn,
    fetched_at: provenance.fetchedAt,
    ...headerColumns(row),
    checks: checksColumn(row),
    more: moreColumn(provenance)
  }
}

/** Can the columns say the same? SQLite does not escape a text as JSON.stringify does. */
function isUsual({ provenance, verdict }: NewArtifact, json: string): boolean {
  const names = Object.keys(provenance.headers)
  const inOrder = HEADERS.filter((name) => names.includes(name))
  return provenance.verdict === verdict && names.join() === inOrder.join() && !json.includes('\\u')
}

function isAddressOfDoi({ artifactId, format, provenance }: NewArtifact): boolean {
  return provenance.foundOn === `https://doi.org/${artifactId.slice(4, -1 - format.length)}`
}

function headerColumns({ bytes, fileValidator, provenance }: NewArtifact): Columns {
  const { headers } = provenance
  const oneFor = (name: string, usual: string | undefined): SqlValue =>
    headers[name] === usual && usual !== undefined ? 1 : (headers[name] ?? null)
  return {
    type: oneFor('content-type', 'application/pdf'),
    length: oneFor('content-length', String(bytes)),
    ranges: oneFor('accept-ranges', 'bytes'),
    etag: oneFor('etag', fileValidator),
    modified: secondsOf(headers['last-modified']),
    dated: secondsOf(headers['date']),
    server: headers['server'] ?? null
  }
}

/** Of a date as servers write it (RFC 9110 §5.6.7); any other text as it is. */
function secondsOf(date: string | undefined): SqlValue {
  if (date === undefined) return null
  const at = Date.parse(date)
  return !Number.isNaN(at) && new Date(at).toUTCString() === date && /\d{4} /.test(date) ? at / 1_000 : date
}

/** 8, and what differs from the usual checks of a PDF; any others as JSON. */
function checksColumn({ provenance, bytes, verdict }: NewArtifact): SqlValue {
  const { checks, pages } = provenance
  const results = new Map(checks.map(({ name, result }) => [name, result]))
  const differs = (name: string, usual: string): boolean => results.get(name) !== usual
  const [unannounced, unmarked] = [
    differs('length', `${String(bytes)} bytes, as announced`),
    differs('end marker', 'yes')
  ]
  const [rebuilt, encrypted] = [differs('table of objects', 'yes'), differs('encrypted', 'no')]
  const usual = [
    ['begins as a PDF', 'yes'],
    ['length', `${String(bytes)} bytes, ${unannounced ? 'none' : 'as'} announced`],
    ['end marker', unmarked ? 'missing, but its table of objects is there' : 'yes'],
    ['table of objects', rebuilt ? 'rebuilt by searching the file' : 'yes'],
    ['opens', pages === 1 ? '1 page' : `${String(pages)} pages`],
    ['encrypted', encrypted ? 'yes, readable without a password' : 'no'],
    ['right paper', verdict]
  ]
  const found = toJson(checks.map(({ name, result }) => [name, result]))
  if (found !== toJson(usual)) return found
  return 8 + Number(unannounced) + 2 * Number(unmarked) + 4 * Number(rebuilt) + 16 * Number(encrypted)
}

function moreColumn(provenance: Provenance): string | null {
  const { url, finalUrl, chain, headers, encrypted } = provenance
  const others = Object.fromEntries(Object.entries(headers).filter(([name]) => OTHER_HEADERS.includes(name)))
  const more = {
    ...(finalUrl === url ? {} : { finalUrl }),
    ...(isDirect(chain, finalUrl, 200) ? {} : { chain }),
    ...(isEmpty(others) ? {} : { otherHeaders: others }),
    ...(encrypted ? { encrypted } : {})
  }
  return isEmpty(more) ? null : toJson(more)
}
