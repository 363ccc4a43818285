/**
 * A result written to the ledger in its compact form is read back unchanged; rows of the earlier, full form
 * are still read.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  opResult,
  provenanceOfRow,
  provenanceSchema,
  type HeadResult,
  type Resolved
} from '../../../src/contract/op-results'
import { storedProvenance } from '../../../src/contract/stored-provenance'
import { storedHead, storedResolved, storedStream } from '../../../src/contract/stored-results'
import type { Provenance } from '../../../src/contract/work'
import { SOURCES, TIERS } from '../../../src/contract/words'

const url = fc.constantFrom('https://a.example/1.pdf', 'https://b.example/2.pdf')
const orNull = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { nil: null })
const hop = fc.record({ url, status: fc.constantFrom(200, 206, 302) })
const redirect = fc.record({ url, status: fc.constant(302), location: url })
const chain = fc.oneof(fc.constant([]), fc.tuple(hop), fc.tuple(redirect, hop))
const headers = fc.dictionary(
  fc.constantFrom('content-type', 'content-length', 'etag', 'last-modified', 'date', 'server'),
  fc.constantFrom('application/pdf', '7387', '"x"', 'Mon, 30 Nov 2026 01:12:52 GMT')
)

const provenance: fc.Arbitrary<Provenance> = fc.record({
  source: fc.constantFrom(...SOURCES, 'given' as const, 'manual' as const),
  tier: orNull(fc.constantFrom(...TIERS)),
  version: orNull(fc.constant('publishedVersion' as const)),
  license: orNull(fc.constant('cc-by')),
  evidence: fc.string(),
  url,
  finalUrl: url,
  foundOn: orNull(url),
  chain,
  headers,
  checks: fc.array(fc.record({ name: fc.string(), result: fc.string() }), { maxLength: 2 }),
  verdict: fc.constantFrom('match', 'unsure'),
  verdictBecause: fc.string(),
  pages: orNull(fc.nat()),
  encrypted: fc.boolean(),
  fetchedAt: fc.constant(1_796_001_177.413)
})

const head: fc.Arbitrary<HeadResult> = fc.record({
  finalUrl: url,
  status: fc.constantFrom(200, 206),
  contentType: orNull(fc.constant('application/pdf')),
  totalBytes: orNull(fc.constant(7387)),
  validator: fc.record({ etag: fc.constant('"x"') }, { requiredKeys: [] }),
  asked: fc.constantFrom('HEAD', 'GET'),
  chain,
  headers
})

const resolved: fc.Arbitrary<Resolved> = fc.record({
  candidates: fc.array(
    fc.record({
      url,
      source: fc.constant('openalex' as const),
      tier: fc.constantFrom(...TIERS),
      format: fc.constantFrom('pdf', 'xml'),
      rank: fc.nat(3),
      evidence: fc.string(),
      foundOn: url
    }),
    { maxLength: 3 }
  ),
  landingPages: fc.array(
    fc.record(
      { landingUrl: url, isOa: fc.boolean(), pdfUrl: url, license: fc.constant('cc-by') },
      { requiredKeys: ['isOa'] }
    ),
    { maxLength: 3 }
  ),
  ids: fc.record({ doi: fc.constant('10.5555/a') }, { requiredKeys: [] }),
  facts: fc.constant({}),
  retryable: fc.boolean(),
  retryAt: orNull(fc.constant(1_796_001_200)),
  reasons: fc.array(fc.constantFrom('NO_OPEN_COPY', 'FORBIDDEN'), { maxLength: 250 }),
  givenReasons: fc.array(fc.constant('FORBIDDEN'), { maxLength: 1 }),
  asked: fc.subarray(['arxiv', 'openalex']),
  isWhole: fc.boolean()
})

const kept = (value: object): unknown => JSON.parse(JSON.stringify(value))

test('provenance is read back unchanged', () => {
  fc.assert(
    fc.property(provenance, (one) => {
      const stored = kept(storedProvenance(one))
      expect(provenanceOfRow(stored)).toEqual(one)
      expect(provenanceOfRow(stored)).toEqual(one)
      expect(provenanceSchema.parse(kept(one))).toEqual(one)
    })
  )
})

test('repeated reasons and pages that a candidate already names are stored compactly', () => {
  const candidate = {
    ...({ url: 'https://a.example/1.pdf', source: 'openalex', tier: 'direct_oa' } as const),
    ...({ format: 'pdf', rank: 0, evidence: 'OpenAlex', foundOn: 'https://b.example/' } as const)
  }
  const page = { pdfUrl: candidate.url, landingUrl: candidate.foundOn, venue: 'Letters', isOa: true }
  const reasons = Array.from({ length: 6 }, () => 'NO_OPEN_COPY')
  const [one] = fc.sample(resolved, 1)
  if (one === undefined) throw new Error('no sample')
  const stored = kept(storedResolved({ ...one, candidates: [candidate], landingPages: [page], reasons }))
  expect(stored).toMatchObject({
    landingPages: [{ candidate: 0, venue: 'Letters', isOa: true }],
    reasons: ['NO_OPEN_COPY', 5]
  })
})

test('a HEAD result is read back unchanged', () => {
  fc.assert(
    fc.property(head, (one) => {
      expect(opResult('HEAD', kept(storedHead(one)))).toEqual(one)
      expect(opResult('HEAD', kept(one))).toEqual(one)
    })
  )
})

test('a RESOLVE result is read back without the facts of the work, which have their own row', () => {
  fc.assert(
    fc.property(resolved, (one) => {
      expect(opResult('RESOLVE', kept(storedResolved({ ...one, facts: { title: 'A title' } })))).toEqual(one)
      expect(opResult('RESOLVE', kept(one))).toEqual(one)
    })
  )
})

test('a STREAM result is read back unchanged', () => {
  fc.assert(
    fc.property(provenance, fc.nat(2), fc.nat(2), (own, resumedFrom, fetchedTwice) => {
      const streamed = {
        url: own.url,
        sha256: 'a'.repeat(64),
        bytes: 7387,
        fetchedBytes: 7387,
        resumedFrom,
        fetchedTwice,
        anewBecause: null,
        validator: fetchedTwice === 0 ? null : '"x"',
        provenance: own
      }
      expect(opResult('STREAM', kept(storedStream(streamed)))).toEqual(streamed)
      expect(opResult('STREAM', kept(streamed))).toEqual(streamed)
    })
  )
})

test.each([[{}], [{ source: 'a source that is no more' }], [{ source: 'arxiv', pages: 'many' }], [null]])(
  'a row whose provenance is %j says nothing of it, and costs no paper',
  (stored) => {
    expect(provenanceOfRow(stored)).toMatchObject({
      source: 'manual',
      verdict: 'unsure',
      chain: [{ url: '' }]
    })
  }
)
