import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PartFacts } from '../../../src/contract/work'
import type { Net } from '../../../src/main/net/net'
import { announcedBytes, mayContinue, resumeHeaders, validatorOf } from '../../../src/main/net/range'
import { ask, netTo, serve, type Handler } from './server'

const FILE_URL = 'https://a.example/a.pdf'
const version = (number: number, bytes: number): Buffer =>
  Buffer.alloc(bytes, createHash('sha256').update(String(number)).digest())

interface Habits {
  readonly validator: 'strong' | 'weak' | 'date' | 'none'
  readonly ifRange: 'obeyed' | 'ignored'
  readonly ranges: 'kept' | 'ignored' | 'off by one' | 'gzip label'
}

/** Serves `file()`, breaking off after each of `cuts` in turn; `habits` determine its 206. */
function fileServer(file: () => { number: number; bytes: Buffer }, cuts: number[], habits: Habits): Handler {
  return (request, response) => {
    const { number, bytes } = file()
    const etag = { strong: `"v${String(number)}"`, weak: `W/"v${String(number)}"`, date: null, none: null }[
      habits.validator
    ]
    const date =
      habits.validator === 'date' || habits.validator === 'weak'
        ? new Date(Date.UTC(2020, 0, 1 + number)).toUTCString()
        : null
    const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]
    const proof = request.headers['if-range']
    const same = habits.ifRange === 'ignored' || proof === undefined || proof === etag || proof === date
    const headers = { ...(etag && { ETag: etag }), ...(date && { 'Last-Modified': date }) }
    let body = bytes
    if (asked !== undefined && same && habits.ranges !== 'ignored') {
      const from = Number(asked) + (habits.ranges === 'off by one' ? 1 : 0)
      if (from >= bytes.length) {
        response.writeHead(416, { ...headers, 'Content-Range': `bytes */${String(bytes.length)}` })
        response.end()
        return
      }
      body = bytes.subarray(from)
      response.writeHead(206, {
        ...headers,
        ...(habits.ranges === 'gzip label' && { 'Content-Encoding': 'gzip' }),
        'Content-Range': `bytes ${String(from)}-${String(bytes.length - 1)}/${String(bytes.length)}`,
        'Content-Length': body.length
      })
    } else response.writeHead(200, { ...headers, 'Content-Length': bytes.length })
    const cut = cuts.shift() ?? Infinity
    if (cut >= body.length) response.end(body)
    else {
      response.write(body.subarray(0, cut))
      setTimeout(() => response.destroy(), 1)
    }
  }
}

/** One attempt, as the engine makes it but without a disk; true when the file is whole. */
async function attempt(net: Net, disk: { bytes: Buffer; facts: PartFacts }): Promise<boolean> {
  const part: PartFacts = { ...disk.facts, bytes: disk.bytes.length }
  const answer = await net.open(ask(FILE_URL, { headers: resumeHeaders(part) ?? {} }))
  const verdict = mayContinue(part, answer)
  if (verdict.kind === 'complete') {
    answer.discard()
    return true
  }
  if (verdict.kind !== 'continue') disk.bytes = Buffer.alloc(0)
  const isUnusable = verdict.kind === 'refuse' || (verdict.kind === 'restart' && !verdict.useThisBody)
  if (isUnusable) {
    disk.facts = { ...disk.facts, validator: {}, totalBytes: null }
    answer.discard()
    return false
  }
  const totalBytes = verdict.kind === 'continue' ? verdict.totalBytes : announcedBytes(answer)
  disk.facts = { ...disk.facts, validator: validatorOf(answer.headers), totalBytes }
  try {
    for await (const chunk of answer.body) disk.bytes = Buffer.concat([disk.bytes, chunk])
    return disk.bytes.length === totalBytes
  } catch {
    return false
  }
}

describe('defect 22, G6: a body that is cut repeatedly', () => {
  test('wherever it is cut and however the server misbehaves, no two versions are spliced', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 100, max: 5000 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.record<Habits>({
          validator: fc.constantFrom('strong', 'weak', 'date', 'none'),
          ifRange: fc.constantFrom('obeyed', 'ignored', 'ignored'),
          ranges: fc.constantFrom('kept', 'kept', 'kept', 'ignored', 'off by one', 'gzip label')
        }),
        async (bytes, cuts, changesAfter, habits) => {
          let asked = 0
          const site = await serve(
            fileServer(
              () => {
                const number = asked++ < changesAfter ? 1 : 2
                return { number, bytes: version(number, bytes) }
              },
              cuts.map((part) => Math.floor(part * bytes)),
              habits
            )
          )
          const net = netTo(site)
          const disk = {
            bytes: Buffer.alloc(0),
            facts: { url: FILE_URL, validator: {}, totalBytes: null, bytes: 0 }
          }
          let whole = false
          for (let turn = 0; turn < 12 && !whole; turn += 1) whole = await attempt(net, disk)
          expect(whole).toBe(true)
          expect([1, 2].some((number) => version(number, bytes).equals(disk.bytes))).toBe(true)
          await net.close()
        }
      ),
      { numRuns: 100 }
    )
  })

  test('with a well-behaved server each byte is sent once', async () => {
    const file = version(1, 100_000)
    const site = await serve(
      fileServer(() => ({ number: 1, bytes: file }), [10_000, 30_000, 1], {
        validator: 'strong',
        ifRange: 'obeyed',
        ranges: 'kept'
      })
    )
    const net = netTo(site)
    const disk = {
      bytes: Buffer.alloc(0),
      facts: { url: FILE_URL, validator: {}, totalBytes: null, bytes: 0 }
    }
    const lengths: number[] = []
    while (!(await attempt(net, disk))) lengths.push(disk.bytes.length)
    expect(lengths).toEqual([10_000, 40_000, 40_001])
    expect(disk.bytes.equals(file)).toBe(true)
    expect(site.requests.map(({ headers }) => headers.range)).toEqual([
      undefined,
      'bytes=10000-',
      'bytes=40000-',
      'bytes=40001-'
    ])
  })
})
