import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PartFacts } from '../../../src/contract/work'
import { announcedBytes, mayContinue, resumeHeaders } from '../../../src/main/net/range'

const OLD = 'Tue, 02 Jan 2024 03:04:05 GMT'
const NEW = 'Wed, 03 Jan 2024 03:04:05 GMT'
const NOW = 'Thu, 04 Jan 2024 03:04:05 GMT'
const part = (facts: Partial<PartFacts> = {}): PartFacts => ({
  url: 'https://example.org/a.pdf',
  validator: { etag: '"v1"' },
  totalBytes: 1000,
  bytes: 400,
  ...facts
})
interface Sent {
  readonly status: number
  readonly headers: Record<string, string>
}
const rest = (headers: Record<string, string> = {}, status = 206): Sent => ({
  status,
  headers: {
    'content-range': 'bytes 400-999/1000',
    etag: '"v1"',
    'last-modified': OLD,
    date: NOW,
    ...headers
  }
})
const without = (name: string, answer = rest()): Sent => ({
  status: answer.status,
  headers: Object.fromEntries(Object.entries(answer.headers).filter(([key]) => key !== name))
})

describe('the request for the rest of a part', () => {
  test.each<[string, PartFacts, Record<string, string> | null]>([
    ['a strong ETag proves', part(), { Range: 'bytes=400-', 'If-Range': '"v1"' }],
    [
      'the ETag goes before the date',
      part({ validator: { etag: '"v1"', lastModified: OLD } }),
      { Range: 'bytes=400-', 'If-Range': '"v1"' }
    ],
    ['a date proves', part({ validator: { lastModified: OLD } }), { Range: 'bytes=400-', 'If-Range': OLD }],
    [
      'a weak ETag does not count, the date does',
      part({ validator: { etag: 'W/"v1"', lastModified: OLD } }),
      { Range: 'bytes=400-', 'If-Range': OLD }
    ],
    ['a weak ETag alone proves nothing', part({ validator: { etag: 'W/"v1"' } }), null],
    ['an ETag without quotes is none', part({ validator: { etag: 'v1' } }), null],
    ['a date that is none', part({ validator: { lastModified: 'yesterday' } }), null],
    ['no validator', part({ validator: {} }), null],
    ['nothing on disk', part({ bytes: 0 }), null],
    ['more on disk than the file has', part({ bytes: 1001 }), null],
    [
      'all on disk: the server confirms it by 416',
      part({ bytes: 1000 }),
      { Range: 'bytes=1000-', 'If-Range': '"v1"' }
    ],
    ['unknown total', part({ totalBytes: null }), { Range: 'bytes=400-', 'If-Range': '"v1"' }]
  ])('%s', (_, facts, expected) => {
    expect(resumeHeaders(facts)).toEqual(expected)
  })
})

describe('the meaning of an answer to a resume', () => {
  const dated = part({ validator: { lastModified: OLD } })
  test.each<[string, PartFacts, Sent, string]>([
    ['the rest, same version', part(), rest(), 'continue'],
    ['the rest, length agrees', part(), rest({ 'content-length': '600' }), 'continue'],
    ['the rest, total not said', part(), rest({ 'content-range': 'bytes 400-999/*' }), 'continue'],
    ['a piece of the rest', part(), rest({ 'content-range': 'bytes 400-499/1000' }), 'continue'],
    ['a date as proof', dated, without('etag'), 'continue'],
    ['a new ETag where there was none, same date', dated, rest({ etag: '"any"' }), 'continue'],
    ['content-encoding: identity says nothing', part(), rest({ 'content-encoding': 'identity' }), 'continue'],
    ['the whole file', part(), rest({}, 200), 'restart with this body'],
    ['the whole file, transformed on the way', part(), rest({}, 203), 'restart with this body'],
    ['wrong start', part(), rest({ 'content-range': 'bytes 0-999/1000' }), 'restart'],
    ['start after the gap', part(), rest({ 'content-range': 'bytes 401-999/1000' }), 'restart'],
    ['no Content-Range', part(), without('content-range'), 'restart'],
    ['Content-Range in pages', part(), rest({ 'content-range': 'pages 4-9/10' }), 'restart'],
    ['Content-Range backwards', part(), rest({ 'content-range': 'bytes 400-399/1000' }), 'restart'],
    ['Content-Range beyond its end', part(), rest({ 'content-range': 'bytes 400-1000/1000' }), 'restart'],
    [
      'Content-Range twice',
      part(),
      rest({ 'content-range': 'bytes 400-999/1000, bytes 0-399/1000' }),
      'restart'
    ],
    [
      'Content-Range beyond counting',
      part(),
      rest({ 'content-range': `bytes 400-${'9'.repeat(30)}/*` }),
      'restart'
    ],
    ['beyond the known end', part(), rest({ 'content-range': 'bytes 400-1000/*' }), 'restart'],
    ['another total', part(), rest({ 'content-range': 'bytes 400-1999/2000' }), 'restart'],
    ['length and range disagree', part(), rest({ 'content-length': '1000' }), 'restart'],
    ['several ranges', part(), rest({ 'content-type': 'multipart/byteranges; boundary=x' }), 'restart'],
    ['encoded', part(), rest({ 'content-encoding': 'gzip' }), 'restart'],
    ['ETag changed', part(), rest({ etag: '"v2"' }), 'restart'],
    ['ETag became weak', part(), rest({ etag: 'W/"v1"' }), 'restart'],
    ['no ETag, no date kept', part(), without('etag'), 'restart'],
    ['no validator at all', part(), without('last-modified', without('etag')), 'restart'],
    ['same ETag, other date', part({ validator: { etag: '"v1"', lastModified: NEW } }), rest(), 'restart'],
    ['date changed', dated, rest({ 'last-modified': NEW }), 'restart'],
    ['date not repeated', dated, without('last-modified'), 'restart'],
    ['modified while it was sent', dated, rest({ date: OLD }), 'restart'],
    [
      'weak ETag changed, same date',
      part({ validator: { etag: 'W/"a"', lastModified: OLD } }),
      rest({ etag: 'W/"b"' }),
      'restart'
    ],
    ['more on disk than the file has', part({ bytes: 1200 }), rest({}, 200), 'restart with this body'],
    ['416: all is here', part({ bytes: 1000 }), rest({ 'content-range': 'bytes */1000' }, 416), 'complete'],
    [
      '416: all is here, total learned now',
      part({ bytes: 1000, totalBytes: null }),
      rest({ 'content-range': 'bytes */1000' }, 416),
      'complete'
    ],
    ['416: shorter now', part(), rest({ 'content-range': 'bytes */300' }, 416), 'restart'],
    [
      '416: as long as the part, but another total',
      part(),
      rest({ 'content-range': 'bytes */400' }, 416),
      'restart'
    ],
    [
      '416: another version',
      part({ bytes: 1000 }),
      rest({ 'content-range': 'bytes */1000', etag: '"v2"' }, 416),
      'restart'
    ],
    ['416 without a total', part({ bytes: 1000 }), without('content-range', rest({}, 416)), 'restart'],
    ['404', part(), rest({}, 404), 'refuse'],
    ['503', part(), rest({}, 503), 'refuse'],
    ['204', part(), rest({}, 204), 'refuse'],
    ['unasked 206, a piece', part({ bytes: 0 }), rest(), 'refuse'],
    [
      'unasked 206, a piece from the start',
      part({ bytes: 0 }),
      rest({ 'content-range': 'bytes 0-99/1000' }),
      'refuse'
    ],
    [
      'unasked 206, all of it',
      part({ bytes: 0 }),
      rest({ 'content-range': 'bytes 0-999/1000' }),
      'restart with this body'
    ],
    ['unasked 206 without a proof kept', part({ validator: {} }), rest(), 'refuse']
  ])('%s', (_, facts, answer, expected) => {
    const verdict = mayContinue(facts, answer)
    const found = verdict.kind === 'restart' && verdict.useThisBody ? 'restart with this body' : verdict.kind
    expect(found, JSON.stringify(verdict)).toBe(expected)
    if (verdict.kind === 'continue') expect(verdict).toMatchObject({ fromByte: 400, totalBytes: 1000 })
    else expect(verdict.because).toMatch(/\w+ \w+/)
  })

  test('for any headers, a part is continued only at its end and in its own version', () => {
    const tag = fc.constantFrom('"v1"', '"v2"', 'W/"v1"', undefined)
    const date = fc.constantFrom(OLD, NEW, undefined)
    const small = fc.nat(12)
    fc.assert(
      fc.property(
        fc.record({ etag: tag, date, bytes: small, total: fc.option(small) }),
        fc.record({
          status: fc.constantFrom(200, 206, 416),
          etag: tag,
          date,
          start: small,
          end: small,
          total: fc.option(small)
        }),
        (kept, sent) => {
          const facts = part({
            validator: {
              ...(kept.etag && { etag: kept.etag }),
              ...(kept.date && { lastModified: kept.date })
            },
            bytes: kept.bytes,
            totalBytes: kept.total
          })
          const total = sent.total === null ? '*' : String(sent.total)
          const verdict = mayContinue(facts, {
            status: sent.status,
            headers: {
              'content-range':
                sent.status === 416
                  ? `bytes */${total}`
                  : `bytes ${String(sent.start)}-${String(sent.end)}/${total}`,
              ...(sent.etag && { etag: sent.etag }),
              ...(sent.date && { 'last-modified': sent.date })
            }
          })
          if (verdict.kind === 'complete') expect(sent.total).toBe(kept.bytes)
          if (verdict.kind !== 'continue') return
          expect(sent.start).toBe(kept.bytes)
          expect(kept.bytes).toBeGreaterThan(0)
          if (kept.etag && sent.etag) expect(sent.etag).toBe(kept.etag)
          if (kept.date && sent.date) expect(sent.date).toBe(kept.date)
          expect(
            (kept.etag === '"v1"' || kept.etag === '"v2"') && sent.etag
              ? true
              : kept.date === sent.date && !!kept.date
          ).toBe(true)
          if (kept.total !== null && sent.total !== null) expect(sent.total).toBe(kept.total)
        }
      ),
      { numRuns: 2000 }
    )
  })
})

test('the announced length is that of the whole file', () => {
  expect(announcedBytes({ status: 200, headers: { 'content-length': '12' } })).toBe(12)
  expect(
    announcedBytes({ status: 200, headers: { 'content-length': '12', 'content-encoding': 'gzip' } })
  ).toBe(null)
  expect(
    announcedBytes({ status: 206, headers: { 'content-length': '2', 'content-range': 'bytes 0-1/9' } })
  ).toBe(9)
  expect(announcedBytes({ status: 404, headers: { 'content-length': '12' } })).toBe(null)
  expect(announcedBytes({ status: 200, headers: { 'content-length': '1, 2' } })).toBe(null)
})
