/** Every recorded answer, parsed by its source, contains everything that the index of the recordings lists. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseArxiv } from '../../../src/main/sources/arxiv'
import { parseEuropePmc } from '../../../src/main/sources/europe-pmc'
import { parseOpenAlex } from '../../../src/main/sources/openalex'
import { parseWorksPage } from '../../../src/main/sources/openalex-search'
import { parseIdConverter } from '../../../src/main/sources/pmc-ids'
import { isReading, type Failure } from '../../../src/main/sources/reading'
import { parseUnpaywall, type UnpaywallRecord } from '../../../src/main/sources/unpaywall'
import { captureIn, parseCdx } from '../../../src/main/sources/wayback-answers'
import { urlKey } from '../../../src/main/sources/web-text'
import { recordedPath } from '../../kit/shared'

interface Entry<E> {
  readonly id: string
  readonly source: string
  readonly kind: string
  readonly file: string
  readonly status: number | null
  readonly expected: E
}

const indexPath = recordedPath('INDEX.json')
const all = JSON.parse(readFileSync(indexPath, 'utf8')) as Entry<never>[]
const of = <E>(source: string, kind?: string): Entry<E>[] =>
  all.filter((one) => one.source === source && (kind === undefined || one.kind === kind))
const read = (entry: Entry<unknown>): string => readFileSync(recordedPath(entry.file), 'utf8')

/** The value, or a failed test with the error of the parser. */
function known<T>(value: T, id: string): Exclude<T, Failure> {
  if (isReading(value)) throw new Error(`${id}: ${value.detail}`)
  return value as Exclude<T, Failure>
}

describe('recorded answers', () => {
  interface UnpaywallExpected {
    doi: string
    is_oa: boolean
    pdf_urls: string[]
    n_oa_locations: number
    best_version: string | null
    best_license: string | null
    error?: boolean
    message?: string
  }
  const checkUnpaywall = (record: UnpaywallRecord, expected: UnpaywallExpected, id: string): void => {
    expect(record.ids.doi, id).toBe(expected.doi)
    expect(record.isOa, id).toBe(expected.is_oa)
    expect(record.locations.length, id).toBe(expected.n_oa_locations)
    const files = new Set(
      record.locations.flatMap((one) => (one.pdfUrl === undefined ? [] : [urlKey(one.pdfUrl)]))
    )
    for (const url of expected.pdf_urls) expect(files, `${id} ${url}`).toContain(urlKey(url))
    const best = record.locations.find((one) => one.isBest)
    expect(best?.version ?? null, id).toBe(expected.best_version)
    expect(best?.license ?? null, id).toBe(expected.best_license)
    for (const one of record.locations) expect(one.pdfUrl ?? one.landingUrl, id).toBeDefined()
    expect(record.facts.title, id).toBeTruthy()
    if (record.facts.year !== undefined) expect(record.facts.year, id).toBeGreaterThan(1900)
  }

  it('Unpaywall: every location of every DOI and of every search hit', () => {
    let works = 0
    for (const entry of of<UnpaywallExpected & { works?: UnpaywallExpected[] }>('unpaywall')) {
      const text = read(entry)
      if (entry.expected.works !== undefined) {
        const { results } = JSON.parse(text) as { results: { response: unknown }[] }
        entry.expected.works.forEach((expected, index) => {
          checkUnpaywall(
            known(parseUnpaywall(JSON.stringify(results[index]?.response)), entry.id),
            expected,
            entry.id
          )
          works += 1
        })
      } else if (entry.expected.error === true) {
        expect(known(parseUnpaywall(text), entry.id).message).toBe(entry.expected.message)
      } else {
        checkUnpaywall(known(parseUnpaywall(text), entry.id), entry.expected, entry.id)
        works += 1
      }
    }
    expect(works).toBeGreaterThan(10)
  })

  interface OpenAlexExpected {
    openalex_id: string | null
    doi: string | null
    oa_url: string | null
    pdf_urls?: string[]
    pmid?: string | null
    pmcid?: string | null
  }
  it('OpenAlex: every work, alone or in a list, with every open file', () => {
    const check = (
      draft: ReturnType<typeof parseWorksPage>['works'][number],
      expected: OpenAlexExpected,
      raw: unknown,
      id: string
    ) => {
      if (expected.openalex_id !== null) expect(draft.ids.openalex, id).toBe(expected.openalex_id)
      if (expected.doi !== null) expect(draft.ids.doi, id).toBe(expected.doi.toLowerCase())
      if (expected.pmid) expect(expected.pmid, id).toContain(draft.ids.pmid)
      const urls = new Set(
        (draft.locations ?? []).flatMap((one) => [one.pdfUrl, one.landingUrl]).map((url) => urlKey(url ?? ''))
      )
      if (expected.oa_url !== null) expect(urls, id).toContain(urlKey(expected.oa_url))
      const { locations = [] } = raw as { locations?: { is_oa: boolean; pdf_url: string | null }[] }
      for (const one of locations) {
        if (one.is_oa && one.pdf_url !== null)
          expect(urls, `${id} ${one.pdf_url}`).toContain(urlKey(one.pdf_url))
      }
    }
    let works = 0
    for (const entry of of<
      OpenAlexExpected & { works?: OpenAlexExpected[]; not_found?: boolean; count?: number }
    >('openalex')) {
      const text = read(entry)
      if (entry.expected.not_found === true) {
        expect(isReading(parseOpenAlex(text)), 'an HTML page is named as such').toBe(true)
      } else if (entry.expected.works !== undefined) {
        const page = parseWorksPage(text)
        const raw = (JSON.parse(text) as { results: unknown[] }).results
        expect(page.total).toBe(entry.expected.count)
        expect(page.works.length).toBe(entry.expected.works.length)
        entry.expected.works.forEach((expected, index) => {
          check(page.works[index]!, expected, raw[index], entry.id)
          works += 1
        })
      } else {
        check(known(parseOpenAlex(text), entry.id), entry.expected, JSON.parse(text), entry.id)
        works += 1
      }
    }
    expect(works).toBeGreaterThan(8)
  })

  interface ArxivExpected {
    total_results: number
    n_entries: number
    error: boolean
    entries: { arxiv_id: string; version: string; pdf_url: string; doi: string | null; title: string }[]
  }
  it('arXiv: every entry with id, version, DOI and title; the error feed as an error', () => {
    for (const entry of of<ArxivExpected>('arxiv')) {
      const feed = known(parseArxiv(read(entry)), entry.id)
      if (entry.expected.error) {
        expect(feed.error, entry.id).toBe('incorrect id format for abc')
        continue
      }
      expect(feed.total, entry.id).toBe(entry.expected.total_results)
      expect(
        feed.entries.map((one) => [one.id, one.version, one.pdfUrl, one.facts.title, one.ids.doi ?? null]),
        entry.id
      ).toEqual(
        entry.expected.entries.map((one) => [
          one.arxiv_id,
          one.version,
          one.pdf_url,
          one.title,
          one.doi?.toLowerCase() ?? null
        ])
      )
    }
  })

  interface EuropePmcExpected {
    hit_count: number
    n_results: number
    records?: { pmid?: string; pmcid?: string; doi?: string; isOpenAccess: string; hasPDF: string }[]
  }
  it('Europe PMC: every record, from JSON and XML, current and older', () => {
    for (const entry of of<EuropePmcExpected>('europepmc')) {
      const result = known(parseEuropePmc(read(entry)), entry.id)
      expect(result.hitCount, entry.id).toBe(entry.expected.hit_count)
      expect(result.records.length, entry.id).toBe(entry.expected.n_results)
      entry.expected.records?.forEach((expected, index) => {
        const record = result.records[index]!
        expect([record.ids.pmid, record.ids.pmcid, record.ids.doi], entry.id).toEqual([
          expected.pmid,
          expected.pmcid,
          expected.doi?.toLowerCase()
        ])
        expect([record.isOpenAccess, record.hasPdf], entry.id).toEqual([
          expected.isOpenAccess === 'Y',
          expected.hasPDF === 'Y'
        ])
        expect(record.facts.title, entry.id).toBeTruthy()
      })
    }
    const core = known(
      parseEuropePmc(read(of('europepmc').find((one) => one.id === 'europepmc-core-cancer')!)),
      'core'
    )
    const files = core.records
      .flatMap((record) => record.fullText)
      .filter((one) => one.isOpen && one.style === 'pdf')
    expect(files.length).toBe(9)
  })

  it("PMC: the converter's records and errors", () => {
    interface Expected {
      status: string
      records: { pmcid?: string; pmid?: string; doi?: string; errmsg?: string }[]
      message: string | null
    }
    for (const entry of of<Expected>('pmc', 'idconv')) {
      const conversion = known(parseIdConverter(read(entry)), entry.id)
      expect(conversion.error !== null, entry.id).toBe(entry.expected.status === 'error')
      expect(
        conversion.records.map((one) => [one.ids.pmcid, one.ids.pmid, one.ids.doi, one.error]),
        entry.id
      ).toEqual(entry.expected.records.map((one) => [one.pmcid, one.pmid, one.doi, one.errmsg ?? null]))
    }
  })

  it('Wayback: every row of the index, the address of every capture', () => {
    interface Expected {
      n_rows?: number
      error?: boolean
      first_row?: string
    }
    for (const entry of of<Expected>('wayback', 'cdx')) {
      if (entry.expected.error === true || entry.expected.n_rows === 0) continue
      const captures = known(parseCdx(read(entry)), entry.id)
      expect(captures.length, entry.id).toBe(entry.expected.n_rows)
      const [, timestamp, original, mimetype, status, digest, length] = entry.expected.first_row!.split(' ')
      expect(captures[0], entry.id).toEqual({
        timestamp,
        original,
        mimetype,
        status: Number(status),
        digest,
        bytes: Number(length)
      })
    }
    expect(
      captureIn(
        'https://web.archive.org/web/20200925075402id_/https://link.springer.com/article/10.1007/s00382-012-1331-2'
      )
    ).toEqual({
      timestamp: '20200925075402',
      original: 'https://link.springer.com/article/10.1007/s00382-012-1331-2'
    })
  })
})
