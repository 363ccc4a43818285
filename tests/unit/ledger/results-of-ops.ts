/** Results of ops as the engine may write them, for tests of their stored form. */
import fc from 'fast-check'
import { SOURCES, TIERS, type OpKind } from '../../../src/contract/words'

const sha256 = 'd4'.repeat(32)
export const ROW_FACTS = { url: 'https://a.example/1?a="b"\\', sha256, path: `objects/d4/${sha256}.pdf` }
const { url, path } = ROW_FACTS

/** Texts that are easily mistaken: of a list, of a path, with quotes, beyond ASCII, half a character. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    'N',
    '"N"',
    '0',
    '$[0]',
    'null',
    'bytes',
    'Zürich – 東京',
    '\ud800',
    'a\u0000b',
    '\u007f\u2028'
  )
)
const address = fc.oneof(fc.constant(url), fc.constant('https://zürich.example/'), text)
const landing = fc.oneof(
  fc.constantFrom('https://doi.org/10.1/a', 'https://doi.org/"', 'https://doi.org/'),
  text
)
const number = fc.oneof(fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true }))
const license = fc.oneof(fc.constantFrom('cc-by', 'cc0', 'implied-oa'), text)
const version = fc.constantFrom('publishedVersion', 'acceptedVersion', 'submittedVersion', 'draft')
const source = fc.constantFrom(...SOURCES, 'given', 'manual', 'a later one')

/** Fields in this order, each there or not unless it is required. */
const some = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>, required: readonly string[] = []) =>
  fc
    .record(fields, { requiredKeys: [...required], noNullPrototype: true })
    .map((one) =>
      Object.fromEntries(Object.keys(fields).flatMap((name) => (name in one ? [[name, one[name]]] : [])))
    )
const listOf = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 3 })

const candidate = some(
  {
    ...{
      url: address,
      evidence: text,
      version,
      license,
      foundOn: landing,
      source,
      tier: fc.constantFrom(...TIERS, 'x')
    },
    ...{ format: text, rank: number, bytes: number, priceUsd: number, md5: text }
  },
  ['url', 'evidence', 'source', 'tier']
)
const ids = some({
  openalex: text,
  doi: fc.oneof(fc.constantFrom('10.1/a', '"'), text),
  arxiv: text,
  pmid: text,
  pmcid: text,
  url: text
})
const page = some({
  ...{
    candidate: fc.nat(3),
    pdfUrl: text,
    landingUrl: landing,
    version,
    license,
    venue: text,
    isOa: fc.boolean()
  }
})
const headers = some({
  ...{ 'content-range': text, 'content-disposition': text, 'content-encoding': text },
  ...{ 'accept-ranges': fc.constantFrom('bytes', 'none'), date: text, server: text, link: text }
})
const reason = fc.constantFrom('NO_OPEN_COPY', 'FORBIDDEN', '"N"', 1, 7)

const RESULTS: Partial<Readonly<Record<OpKind, fc.Arbitrary<object>>>> = {
  RESOLVE: some(
    {
      ...{
        candidates: listOf(candidate),
        ids,
        retryAt: number,
        givenReasons: listOf(text),
        asked: listOf(source)
      },
      ...{
        landingPages: listOf(page),
        reasons: listOf(reason),
        isWhole: fc.boolean(),
        retryable: fc.boolean()
      }
    },
    ['candidates']
  ),
  HEAD: some(
    {
      ...{ finalUrl: address, status: number, contentType: fc.oneof(fc.constant('application/pdf'), text) },
      ...{ totalBytes: number, validator: some({ etag: text, lastModified: text }), asked: text },
      ...{ chain: listOf(some({ url: text, status: number })), otherHeaders: headers },
      headers: fc.dictionary(text, text, { noNullPrototype: true })
    },
    ['finalUrl', 'status']
  ),
  STREAM: some(
    {
      ...{ url: address, sha256: fc.constant(sha256), bytes: fc.constant(9), fetchedBytes: fc.nat(20) },
      ...{
        anewBecause: text,
        validator: text,
        provenance: fc.dictionary(text, text, { noNullPrototype: true })
      }
    },
    ['url', 'sha256', 'bytes', 'fetchedBytes', 'provenance']
  ),
  FINALIZE: some({ path: fc.oneof(fc.constant(path), text), paperPath: text, finalizedAt: number }, [
    'path',
    'paperPath',
    'finalizedAt'
  ]),
  INDEX: fc.constant({ manifest: true }),
  DEDUPE: fc.record({ originalArtifactId: fc.option(text) }, { noNullPrototype: true })
}

export const LEGAL_KINDS = ['RESOLVE', 'HEAD', 'STREAM', 'FINALIZE', 'INDEX', 'DEDUPE'] as const

export function resultOf(kind: (typeof LEGAL_KINDS)[number]): fc.Arbitrary<object> {
  return RESULTS[kind] ?? fc.constant({})
}
