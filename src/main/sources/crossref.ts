/**
 * Crossref: what the publisher deposited for a DOI. A file link counts only with a Creative Commons licence,
 * since a link alone proves no open access; a preprint that the record names is also a copy; retractions are
 * recorded. Source: Crossref REST API (api.crossref.org/swagger-ui, read 2026-11); docs/services.md.
 */
import { z } from 'zod'
import { arxivOfDoi, normaliseDoi } from '../../contract/doi'
import type { Identifiers, Work, WorkFacts } from '../../contract/work'
import type { ArticleVersion } from '../../contract/words'
import { bareArxiv, doiAddress, doiInPath, factsOf, familyFirst, idsOf, isDataCiteDoi } from './facts'
import { looksLikeFile } from '../platform/file-address'
import { arxivFile } from './file-urls'
import type { SourceQuery } from './source-query'
import { isReading, noOpenCopy, readJson, readKnownStatus, type Failure, type Reading } from './reading'
import type { Question, Source } from './sources'
import { looseList, looseText } from './tolerant'
import { webUrl } from './web-text'

/** The fields of a work that Sheaf reads; list queries request them with `select`. */
export const CROSSREF_SELECT = 'DOI,title,author,issued,container-title,type,link,license,relation,updated-by'

export const crossrefDate = z
  .looseObject({ 'date-parts': z.array(z.array(z.number().nullable())).catch([]) })
  .nullish()
  .catch(null)
const relatedSchema = looseList(z.looseObject({ id: looseText, 'id-type': looseText }))
export const crossrefWorkSchema = z.looseObject({
  DOI: looseText,
  title: looseList(z.string()),
  author: looseList(z.looseObject({ family: looseText, given: looseText, name: looseText })),
  issued: crossrefDate,
  'container-title': looseList(z.string()),
  type: looseText,
  link: looseList(z.looseObject({ URL: looseText, 'content-type': looseText, 'content-version': looseText })),
  license: looseList(z.looseObject({ URL: looseText, 'content-version': looseText })),
  relation: z
    .looseObject({ 'has-preprint': relatedSchema, 'is-preprint-of': relatedSchema })
    .nullish()
    .catch(null),
  'updated-by': looseList(z.looseObject({ DOI: looseText, type: looseText, source: looseText }))
})
export type RawCrossrefWork = z.output<typeof crossrefWorkSchema>

export interface CrossrefWork {
  readonly ids: Identifiers
  readonly facts: WorkFacts
  readonly files: readonly { readonly url: string; readonly version?: ArticleVersion }[]
  readonly license: string | null
  /** DOIs of preprints of this work */
  readonly preprints: readonly string[]
}

function crossrefWorkOf(raw: RawCrossrefWork): CrossrefWork {
  const retraction = raw['updated-by'].find((one) =>
    /^(?:retraction|removal|withdrawal)$/i.test(one.type ?? '')
  )
  const license = raw.license.map((one) => ccLicense(one.URL)).find((one) => one !== null) ?? null
  return {
    ids: idsOf({ doi: raw.DOI }),
    facts: {
      ...factsOf({
        title: raw.title[0],
        authors: raw.author.map(authorOf),
        year: raw.issued?.['date-parts'][0]?.[0] ?? null,
        venue: raw['container-title'][0],
        type: raw.type
      }),
      ...(retraction === undefined ? {} : { retracted: normaliseDoi(retraction.DOI ?? '') ?? 'Crossref' })
    },
    license,
    files: license === null ? [] : raw.link.flatMap(fileOf),
    preprints: (raw.relation?.['has-preprint'] ?? []).flatMap((one) => normaliseDoi(one.id ?? '') ?? [])
  }
}

function authorOf(author: RawCrossrefWork['author'][number]): string | null {
  return familyFirst(author) ?? author.name ?? null
}

/** `https://creativecommons.org/licenses/by-nc/4.0/` → `cc-by-nc`; null for any other licence. */
function ccLicense(url: string | null | undefined): string | null {
  const found = /creativecommons\.org\/(licenses\/(by[a-z-]*)|publicdomain\/(zero|mark))/i.exec(url ?? '')
  if (found === null) return null
  if (found[2] !== undefined) return `cc-${found[2].toLowerCase()}`
  return found[3]?.toLowerCase() === 'zero' ? 'cc0' : 'public-domain'
}

function fileOf(link: RawCrossrefWork['link'][number]): CrossrefWork['files'] {
  const url = webUrl(link.URL)
  const type = link['content-type']?.toLowerCase() ?? ''
  if (url === null || !(type === 'application/pdf' || (type === 'unspecified' && looksLikeFile(url))))
    return []
  const version = link['content-version'] === 'am' ? 'acceptedVersion' : 'publishedVersion'
  return [{ url, version }]
}

/** A record as a batch stored it. */
export function parseRecord(text: string): CrossrefWork | Failure {
  const raw = readJson(text, crossrefWorkSchema)
  return isReading(raw) ? raw : crossrefWorkOf(raw)
}

export function parseCrossref(text: string): CrossrefWork | Failure {
  const raw = readJson(text, z.looseObject({ message: crossrefWorkSchema }))
  return isReading(raw) ? raw : crossrefWorkOf(raw.message)
}

export function crossrefUrl(doi: string, mailto: string): string {
  const contact = mailto === '' ? '' : `?mailto=${encodeURIComponent(mailto)}`
  return `https://api.crossref.org/works/${doiInPath(doi)}${contact}`
}

export const crossref: Source = {
  name: 'crossref',
  lookup: 'crossref',

  cannot(work: Work): string | null {
    const { doi } = work.ids
    if (doi === undefined) return 'Crossref knows works by their DOI, and none is known.'
    return isDataCiteDoi(doi) ? 'This DOI is registered with DataCite, not with Crossref.' : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { doi } = question.work.ids
    if (doi === undefined) return
    const found =
      question.part === null
        ? await sourceQuery.ask(
            crossrefUrl(doi, sourceQuery.services.mailto),
            (answer) => readKnownStatus(answer, NOT_KNOWN) ?? readCrossref(parseCrossref(answer.text))
          )
        : sourceQuery.answered(question.part, (text) => readCrossref(parseRecord(text)), NOT_KNOWN)
    if (found === null) return
    sourceQuery.mergeMetadata(found.ids, found.facts)
    propose(found, sourceQuery)
  }
}

const NOT_KNOWN = 'Crossref does not know this DOI.'

function readCrossref(found: CrossrefWork | Failure): Reading<CrossrefWork> {
  if (isReading(found)) return found
  const count = found.files.length + found.preprints.length
  if (count > 0)
    return { outcome: 'success', value: found, detail: 'Crossref names an open file or a preprint.' }
  const detail = 'Crossref names no open file.'
  return noOpenCopy(detail, found)
}

function propose(found: CrossrefWork, sourceQuery: SourceQuery): void {
  const license = found.license === null ? {} : { license: found.license }
  found.files.forEach((file, rank) => {
    sourceQuery.propose({
      ...file,
      format: 'pdf',
      rank,
      evidence: `The publisher’s record at Crossref links this file under ${found.license ?? 'an open licence'}.`,
      ...license
    })
  })
  found.preprints.forEach((doi, index) => {
    const arxiv = bareArxiv(arxivOfDoi(doi))
    const version = 'submittedVersion' as const
    if (arxiv === null) {
      sourceQuery.suggest({ landingUrl: doiAddress(doi), isOa: true, version })
      return
    }
    sourceQuery.propose({
      url: arxivFile(arxiv),
      format: 'pdf',
      rank: 50 + index,
      version,
      evidence: `Crossref says that ${doi} is a preprint of this work.`
    })
  })
}
