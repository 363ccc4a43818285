/**
 * PubMed Central: its open-data bucket lists the versions of an article and their files; Europe PMC's render
 * comes second. PMC's own article pages are never opened: NCBI allows automated access to the bucket and the
 * listed services only. Source: pmc.ncbi.nlm.nih.gov/tools/pmcaws, /tools/textmining (read 2026-11);
 * docs/services.md.
 */
import type { Identifiers, Work } from '../../contract/work'
import { europePmcRender, europePmcXml, pmcidIn } from './file-urls'
import type { SourceQuery } from './source-query'
import {
  differsFrom,
  listingUrl,
  metadataUrl,
  parseListing,
  parseMetadata,
  type CloudVersion
} from './pmc-cloud'
import {
  conversionOf,
  converterUrl,
  parseIdConverter,
  recordFor,
  type ConvertedRecord,
  type ConverterType
} from './pmc-ids'
import { isReading, noOpenCopy, readStatus, type Failure, type Reading } from './reading'
import type { Question, Source } from './sources'

/** An article has one version, rarely two; more metadata files than these are not read. */
const MOST_VERSIONS = 3

export const pmc: Source = {
  name: 'pmc',
  lookup: 'pmc_ids',

  cannot(work: Work): string | null {
    return askedBy(work.ids) === null && work.ids.pmcid === undefined
      ? 'PMC is asked by PMCID, PMID or DOI, and none is known.'
      : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { ids } = question.work
    const pmcid = ids.pmcid === undefined ? await convert(question, sourceQuery) : pmcidIn(ids.pmcid)
    if (pmcid === null) return
    const versions = await sourceQuery.ask(
      listingUrl(pmcid),
      (answer) => readListing(answer.text, pmcid, readStatus(answer)),
      { headers: { accept: 'application/xml' } }
    )
    // Its turn comes later: the render does not replace waiting for the file itself.
    if (sourceQuery.wasPassedOver) return
    let isOther = false
    for (const version of versions?.slice(0, MOST_VERSIONS) ?? []) {
      const url = metadataUrl(pmcid, version)
      const found = await sourceQuery.ask(url, (answer) =>
        readVersion(answer.text, { pmcid, ids, trouble: readStatus(answer) })
      )
      if (found === null) continue
      if (found.kind === 'other') isOther = true
      else tell(found.version, pmcid, version, sourceQuery)
    }
    // A number that leads to another article does so at Europe PMC too, and for an unknown number Europe PMC
    // was seen to send another paper: a title is then required for comparison.
    const isKnown = versions !== null || question.work.facts.title !== undefined
    if (isKnown && !isOther) proposeRender(pmcid, sourceQuery)
  }
}

function askedBy(ids: Identifiers): { type: ConverterType; value: string } | null {
  if (ids.doi !== undefined) return { type: 'doi', value: ids.doi }
  return ids.pmid === undefined ? null : { type: 'pmid', value: ids.pmid }
}

/** The PMCID of a work known by another identifier, or null. Adds the work's other identifiers. */
async function convert(question: Question, sourceQuery: SourceQuery): Promise<string | null> {
  const asked = askedBy(question.work.ids)
  if (asked === null) return null
  const url = converterUrl(asked.type, [asked.value], sourceQuery.services.mailto)
  const record =
    question.part === null
      ? await sourceQuery.ask(url, (answer) => readConversion(answer.text, asked, readStatus(answer)))
      : sourceQuery.answered(
          question.part,
          (kept) => readConversion(conversionOf(kept), asked, null),
          'PMC does not know this work.'
        )
  if (record === null) return null
  sourceQuery.mergeMetadata(record.ids)
  return record.ids.pmcid ?? null
}

export function readConversion(
  text: string,
  asked: { readonly type: ConverterType; readonly value: string },
  trouble: Failure | null
): Reading<ConvertedRecord> {
  const conversion = parseIdConverter(text)
  if (isReading(conversion)) return trouble ?? conversion
  if (conversion.error !== null) {
    return {
      outcome: 'nonretryable',
      reason: 'HTTP_REFUSED',
      detail: `PMC’s id converter refused the question: ${conversion.error}`
    }
  }
  const record = recordFor(conversion, asked)
  if (record === undefined) return trouble ?? noOpenCopy('PMC does not know this work.')
  if (record.ids.pmcid === undefined) {
    const because = record.error ?? 'no PMCID'
    return noOpenCopy(`Not in PMC (${because}).`)
  }
  if (!record.isLive) return noOpenCopy(`${record.ids.pmcid} is under embargo.`)
  return { outcome: 'success', value: record, detail: `It is ${record.ids.pmcid}.` }
}

function readListing(text: string, pmcid: string, trouble: Failure | null): Reading<readonly number[]> {
  if (trouble !== null) return trouble
  const versions = parseListing(text, pmcid)
  if (isReading(versions)) return versions
  if (versions.length === 0) {
    const detail = `PMC’s open-data bucket does not hold ${pmcid}.`
    return noOpenCopy(detail)
  }
  return { outcome: 'success', value: versions, detail: `The bucket holds version ${versions.join(', ')}.` }
}

type FoundVersion = { readonly kind: 'own'; readonly version: CloudVersion } | { readonly kind: 'other' }

function readVersion(
  text: string,
  about: { readonly pmcid: string; readonly ids: Identifiers; readonly trouble: Failure | null }
): Reading<FoundVersion> {
  if (about.trouble !== null) return about.trouble
  const version = parseMetadata(text)
  if (isReading(version)) return version
  const differs = differsFrom(version.ids, about.ids, about.pmcid)
  if (differs !== null) {
    const detail = `What PMC keeps as ${about.pmcid} is another article: ${differs}.`
    return noOpenCopy(detail, { kind: 'other' })
  }
  const value: FoundVersion = { kind: 'own', version }
  if (version.pdf !== null) return { outcome: 'success', value, detail: 'Its metadata names a PDF.' }
  return noOpenCopy('Its metadata names no PDF.', value)
}

function tell(found: CloudVersion, pmcid: string, number: number, sourceQuery: SourceQuery): void {
  sourceQuery.mergeMetadata(found.ids, { ...found.facts, ...(found.isRetracted ? { retracted: 'PMC' } : {}) })
  const notes = [
    found.isTdmOnly ? ' Free to read; no reuse licence is given.' : '',
    found.isRetracted ? ' The article was retracted.' : ''
  ].join('')
  for (const [format, file] of [
    ['pdf', found.pdf],
    ['xml', found.xml]
  ] as const) {
    if (file === null) continue
    sourceQuery.propose({
      url: file.url,
      format,
      // The newest version first; published and manuscript are distinguished by `version`.
      rank: -number,
      version: found.isManuscript ? 'acceptedVersion' : 'publishedVersion',
      evidence: `PMC’s open-data bucket holds this file of ${pmcid}, version ${String(number)}.${notes}`,
      ...(found.license === null ? {} : { license: found.license }),
      ...(file.md5 === null ? {} : { md5: file.md5 })
    })
  }
}

/** Free-to-read articles outside the bucket exist only there (or at the publisher). */
function proposeRender(pmcid: string, sourceQuery: SourceQuery): void {
  sourceQuery.propose({
    url: europePmcRender(pmcid),
    format: 'pdf',
    rank: 1_000,
    evidence: `Europe PMC renders ${pmcid} as a PDF where it may.`
  })
  sourceQuery.propose({
    url: europePmcXml(pmcid),
    format: 'xml',
    rank: 1_000,
    evidence: `Europe PMC gives the full text of ${pmcid} as XML where it may.`
  })
}
