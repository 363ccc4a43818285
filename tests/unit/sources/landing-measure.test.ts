/**
 * The landing page measure: of the recorded pages with a known PDF at least 95 % are found, none has a wrong
 * link first, and pages without a paper propose none.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findPdfLinks } from '../../../src/main/sources/landing/find-pdf-links'
import type { PageFinding } from '../../../src/main/sources/landing/page'
import { urlKey } from '../../../src/main/sources/web-text'
import { recordedPath } from '../../kit/shared'

interface IndexEntry {
  readonly id: string
  readonly source: string
  readonly kind: string
  readonly file: string
  readonly meta: string
  readonly request_url: string | null
  readonly status: number | null
  readonly expected: {
    readonly pdf_url: string | null
    readonly basis: string
    readonly doi: string | null
    readonly page_type: string
    readonly must_not_extract_pdf?: boolean
  }
}

const indexPath = recordedPath('INDEX.json')
const entries = (JSON.parse(readFileSync(indexPath, 'utf8')) as IndexEntry[]).filter(
  (entry) => entry.source === 'landing'
)

function read(entry: IndexEntry): PageFinding {
  const html = readFileSync(recordedPath(entry.file), 'utf8')
  const meta = JSON.parse(readFileSync(recordedPath(entry.meta), 'utf8')) as {
    headers: Record<string, string | string[]> | null
  }
  return findPdfLinks(html, {
    url: entry.request_url ?? 'http://unknown.invalid/page',
    headers: Object.fromEntries(
      Object.entries(meta.headers ?? {}).map(([name, value]) => [name, [value].flat().join(', ')])
    ),
    status: entry.status ?? 200
  })
}

describe('landing pages on record', () => {
  const findings = new Map(entries.map((entry) => [entry, read(entry)] as const))
  const pdfs = (finding: PageFinding): string[] =>
    finding.links.filter((link) => link.format === 'pdf').map((link) => link.url)

  it('finds at least 95 % of the expected PDFs, each ranked first', () => {
    const known = entries.filter((entry) => entry.expected.pdf_url !== null)
    const misses: string[] = []
    const wrongFirst: string[] = []
    for (const entry of known) {
      const found = pdfs(findings.get(entry)!)
      const wanted = urlKey(entry.expected.pdf_url ?? '')
      if (!found.some((url) => urlKey(url) === wanted))
        misses.push(
          `${entry.id}: wanted ${entry.expected.pdf_url ?? ''}, got ${found.join(' ') || 'nothing'}`
        )
      if (found[0] !== undefined && urlKey(found[0]) !== wanted) wrongFirst.push(`${entry.id}: ${found[0]}`)
    }
    const rate = (known.length - misses.length) / known.length
    console.log(`landing pages: ${known.length - misses.length} of ${known.length} expected PDFs found`)
    for (const miss of misses) console.log(`  missed ${miss}`)
    expect(wrongFirst).toEqual([])
    expect(rate).toBeGreaterThanOrEqual(0.95)
  })

  it('proposes nothing on pages without a paper', () => {
    const proposals = entries
      .filter((entry) => entry.expected.must_not_extract_pdf === true)
      .map((entry) => ({
        id: entry.id,
        found: pdfs(findings.get(entry)!),
        kind: findings.get(entry)!.pageKind
      }))
    for (const one of proposals) console.log(`  ${one.kind} ${one.id}`)
    expect(proposals.filter((one) => one.found.length > 0)).toEqual([])
  })

  it('prints what it proposes where no PDF is known', () => {
    for (const entry of entries.filter((one) => one.expected.basis === 'none')) {
      const finding = findings.get(entry)!
      console.log(
        `  ${entry.id} [${finding.pageKind}] ${finding.links.map((link) => `${link.rank}:${link.url}`).join(' ') || '–'}`
      )
    }
  })

  it('reads the DOI of every page whose metadata has one', () => {
    // That page states a DOI that is not the registered one; the expected value is the page's.
    const misstated = 'landing-head-ojs-unifoa'
    const wrong = entries
      .filter((entry) => entry.id !== misstated)
      .filter((entry) => entry.expected.doi !== null && findings.get(entry)!.doi !== undefined)
      .filter((entry) => findings.get(entry)!.doi !== entry.expected.doi)
      .map((entry) => `${entry.id}: ${findings.get(entry)!.doi ?? ''}`)
    expect(wrong).toEqual([])
  })
})
