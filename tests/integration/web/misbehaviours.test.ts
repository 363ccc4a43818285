/** Each misbehaviour does what its name says, seen by a plain client without checks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ERRORS } from '../../../src/contract/errors'
import { ask, type AskResponse } from '../../kit/ask'
import { EVIL_DISPOSITIONS } from '../../web/misbehave-transfer'
import { MISBEHAVIOUR_KINDS, MISBEHAVIOURS, type MisbehaviourKind } from '../../web/misbehaviours'
import { startWorld, type World } from '../../web/scholarly'
import type { Web } from '../../web/web'

let web: Web
let world: World
beforeAll(async () => {
  const works = MISBEHAVIOUR_KINDS.map((kind) => ({
    key: kind.toLowerCase(),
    bytes: 30_000,
    copies: [{ via: 'unpaywall' as const, misbehave: { kind, seconds: 2 } }]
  }))
  const started = await startWorld(works)
  web = started.web
  world = started.world
})
afterAll(async () => {
  expect(web.faults).toEqual([])
  await web.close()
})

const get = (kind: MisbehaviourKind, headers: Record<string, string> = {}): Promise<AskResponse> =>
  ask(web.origin, world.fileUrl(kind), { headers, timeoutMs: 300 })
const head = (kind: MisbehaviourKind): Promise<AskResponse> =>
  ask(web.origin, world.fileUrl(kind), { method: 'HEAD', timeoutMs: 300 })
const isPaper = (kind: MisbehaviourKind, response: AskResponse): boolean =>
  response.body.equals(world.pdf(kind))

describe('the catalogue', () => {
  it('has only results that the contract has codes for', () => {
    for (const [kind, { ends, about }] of Object.entries(MISBEHAVIOURS)) {
      expect(about, kind).toMatch(/\.$/)
      if ('reasons' in ends)
        for (const reason of ends.reasons) expect(Object.keys(ERRORS), kind).toContain(reason)
    }
  })
})

describe('wrong content', () => {
  it.each(['html-article', 'html-login', 'html-bot-check-200', 'html-cookie-wall', 'html-soft-404'] as const)(
    '%s is a page with status 200',
    async (kind) => {
      const response = await get(kind)
      expect([response.status, response.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
      expect(response.body.toString()).toMatch(/^<!DOCTYPE html>/)
      expect(response.body.length).toBeGreaterThan(1_000)
      expect(response.headers['etag']).toBeUndefined()
    }
  )

  it('other kinds claim to be a PDF', async () => {
    for (const kind of [
      'html-labelled-pdf',
      'image-as-pdf',
      'empty',
      'tiny',
      'password-needed',
      'wrong-paper'
    ] as const) {
      expect((await get(kind)).headers['content-type'], kind).toBe('application/pdf')
    }
    expect((await get('html-bot-check')).status).toBe(403)
    expect((await get('empty')).body.length).toBe(0)
    expect((await get('tiny')).body.length).toBeLessThan(1_000)
    expect((await get('image-as-pdf')).body.subarray(1, 4).toString()).toBe('PNG')
    expect((await get('wrong-paper')).body.includes('unrelated things')).toBe(true)
    const zeros = (await get('zero-tail')).body
    expect([zeros.length, zeros.at(-1)]).toEqual([30_000, 0])
    const cut = await get('truncated')
    expect([cut.ended, cut.body.includes('%%EOF'), cut.headers['content-length']]).toEqual([
      'whole',
      false,
      '18000'
    ])
    expect((await get('octet-stream')).headers['content-type']).toBe('application/octet-stream')
  })
})

describe('faulty transfers', () => {
  it('break once, then succeed', async () => {
    for (const kind of ['reset-once', 'close-once', 'chunked-cut-once'] as const) {
      const first = await get(kind)
      expect(first.ended, kind).toBe('ECONNRESET')
      expect(first.body.length, kind).toBe(15_000)
      expect(isPaper(kind, await get(kind)), kind).toBe(true)
    }
  })

  it('break at every request and can be assembled from ranges', async () => {
    const pieces: Buffer[] = []
    for (let at = 0; at < 30_000;) {
      const response = await get('reset-every', at === 0 ? {} : { Range: `bytes=${at}-` })
      pieces.push(response.body)
      at += response.body.length
    }
    expect(pieces.length).toBe(2)
    expect(Buffer.concat(pieces).equals(world.pdf('reset-every'))).toBe(true)
  })

  it('never send a byte', async () => {
    expect(await get('reset-at-zero')).toMatchObject({ status: 200, ended: 'ECONNRESET' })
    expect(await get('reset-before-answer')).toMatchObject({ status: 0, ended: 'ECONNRESET' })
  })

  it('announce a wrong length', async () => {
    const long = await get('length-too-long')
    expect([long.headers['content-length'], long.body.length, long.ended]).toEqual([
      '31000',
      30_000,
      'ECONNRESET'
    ])
    expect((await get('length-too-short')).body.length).toBe(15_000)
    expect((await get('huge-length')).headers['content-length']).toBe('10000000000000')
  })

  it('are chunked, end with the connection, or are compressed', async () => {
    const chunked = await get('chunked')
    expect([chunked.headers['content-length'], chunked.headers['transfer-encoding']]).toEqual([
      undefined,
      'chunked'
    ])
    expect(isPaper('chunked', chunked)).toBe(true)
    const open = await get('until-close')
    expect([open.headers['content-length'], open.headers['transfer-encoding']]).toEqual([
      undefined,
      undefined
    ])
    expect(isPaper('until-close', open)).toBe(true)
    const openCut = await get('until-close-cut')
    expect([openCut.ended, openCut.body.length]).toEqual(['whole', 15_000])
    expect((await get('gzip')).headers['content-encoding']).toBe('gzip')
    expect((await get('gzip')).body.subarray(0, 2).toString('hex')).toBe('1f8b')
    expect((await get('gzip-cut')).ended).toBe('ECONNRESET')
    expect((await get('gzip-cut-whole')).body.length).toBe(2_000)
  })

  it('stall', async () => {
    expect(await get('stall-before-headers')).toMatchObject({ status: 0, ended: 'quiet' })
    expect(isPaper('stall-before-headers', await get('stall-before-headers'))).toBe(true)
    const first = await get('stall-once')
    expect([first.ended, first.body.length]).toEqual(['quiet', 15_000])
    expect(isPaper('stall-once', await get('stall-once'))).toBe(true)
    await get('stall-always')
    expect((await get('stall-always', { Range: 'bytes=10000-' })).body.length).toBe(5_000)
    expect((await get('slow-drip')).ended).toBe('whole')
  })

  it('send file names that must not be used', async () => {
    expect((await get('evil-disposition')).headers['content-disposition']).toContain('../')
    expect(EVIL_DISPOSITIONS.length).toBeGreaterThan(5)
  })
})

describe('changing files', () => {
  const second = async (kind: MisbehaviourKind): Promise<[AskResponse, AskResponse]> => {
    const first = await get(kind)
    expect(first.ended, kind).toBe('ECONNRESET')
    const validator = first.headers['etag'] ?? first.headers['last-modified']
    const ifRange = validator === undefined || validator.startsWith('W/') ? {} : { 'If-Range': validator }
    return [first, await get(kind, { Range: `bytes=${first.body.length}-`, ...ifRange })]
  }

  it('are sent whole when the version has changed', async () => {
    const [first, again] = await second('etag-changes')
    expect([again.status, again.headers['etag']]).toEqual([200, '"v1"'])
    expect(again.headers['etag']).not.toBe(first.headers['etag'])
    expect(again.body.subarray(2_000, 3_000).equals(first.body.subarray(2_000, 3_000))).toBe(false)
  })

  it('have a weak validator, a date only, or none', async () => {
    const [weak] = await second('weak-etag')
    expect(weak.headers['etag']).toMatch(/^W\//)
    const [bare] = await second('no-validator')
    expect([bare.headers['etag'], bare.headers['last-modified']]).toEqual([undefined, undefined])
    const [dated, rest] = await second('last-modified-only')
    expect([dated.headers['etag'], rest.status]).toEqual([undefined, 206])
  })

  it('send a 206 that must not be used', async () => {
    for (const kind of ['206-other-etag', '206-other-date'] as const) {
      const [first, again] = await second(kind)
      expect(again.status, kind).toBe(206)
      expect([again.headers['etag'], again.headers['last-modified']], kind).not.toEqual([
        first.headers['etag'],
        first.headers['last-modified']
      ])
    }
    const [first, same] = await second('206-same-etag-other-file')
    expect([same.status, same.headers['etag']]).toEqual([206, first.headers['etag']])
    expect(same.headers['content-range']).toMatch(/\/31013$/)
    expect((await second('content-range-wrong-start'))[1].headers['content-range']).toMatch(/^bytes 15100-/)
    expect((await second('content-range-wrong-total'))[1].headers['content-range']).toMatch(/\/30777$/)
    expect((await second('content-range-nonsense'))[1].headers['content-range']).toBe('bytes some/where')
    expect((await second('multipart-byteranges'))[1].headers['content-type']).toMatch(
      /^multipart\/byteranges/
    )
    expect((await second('206-no-validator'))[1].headers['etag']).toBeUndefined()
  })

  it('do not support ranges', async () => {
    expect((await second('ranges-ignored'))[1].status).toBe(200)
    expect((await second('ranges-refused'))[1].status).toBe(416)
  })
})

describe('wrong HEAD responses', () => {
  it('give HEAD and GET different facts', async () => {
    for (const kind of MISBEHAVIOUR_KINDS.filter((each) => each.startsWith('head-'))) {
      const response = await head(kind)
      const status = Number(/^head-(\d{3})$/.exec(kind)?.[1] ?? 0)
      if (status !== 0) expect(response.status, kind).toBe(status)
      expect(isPaper(kind, await get(kind)), kind).toBe(true)
    }
    expect((await head('head-wrong-length')).headers['content-length']).toBe('34321')
    expect((await head('head-html')).headers['content-type']).toMatch(/html/)
    expect((await head('head-stall')).ended).toBe('quiet')
    expect((await head('head-reset')).ended).toBe('ECONNRESET')
  })
})

describe('redirects', () => {
  /** Follows redirects without checks, with the cookies it is given, and returns the number of hops. */
  const follow = async (kind: MisbehaviourKind): Promise<{ hops: number; response: AskResponse }> => {
    let url = world.fileUrl(kind)
    let cookie = ''
    for (let hops = 0; ; hops += 1) {
      const response = await ask(web.origin, url, { headers: cookie === '' ? {} : { Cookie: cookie } })
      cookie = response.headers['set-cookie']?.split(';')[0] ?? cookie
      const location = response.headers['location']
      if (location === undefined || hops > 15) return { hops, response }
      url = new URL(Buffer.from(location, 'latin1').toString('utf8'), url).href
    }
  }

  it('lead to the paper in the given number of hops', async () => {
    const hops = {
      'redirect-10-hops': 10,
      'redirect-11-hops': 11,
      'redirect-downgrade': 1,
      'redirect-relative': 1,
      'redirect-no-scheme': 1,
      'redirect-odd-letters': 1,
      'redirect-fragment': 1,
      'redirect-303': 1,
      'redirect-308': 1,
      'cookie-dependent': 2
    } as const
    for (const [kind, count] of Object.entries(hops) as [keyof typeof hops, number][]) {
      const followed = await follow(kind)
      expect(followed.hops, kind).toBe(count)
      expect(isPaper(kind, followed.response), kind).toBe(true)
    }
  })

  it('loop without end', async () => {
    expect((await follow('redirect-loop')).hops).toBe(16)
    expect((await follow('redirect-ring')).hops).toBe(16)
  })

  it('lead to forbidden targets, where a trap serves a paper', async () => {
    for (const kind of MISBEHAVIOUR_KINDS.filter((each) => MISBEHAVIOURS[each].ends.result === 'rejected')) {
      if (!kind.startsWith('redirect-')) continue
      const response = await get(kind)
      expect(response.status, kind).toBe(302)
      if (kind === 'redirect-nowhere') expect(response.headers['location']).toBeUndefined()
    }
    expect((await ask(web.origin, 'http://127.0.0.1/trap.pdf')).status).toBe(200)
    expect((await get('redirect-decimal')).headers['location']).toBe('http://2130706433/trap.pdf')
    expect((await get('redirect-file')).headers['location']).toBe('file:///etc/passwd')
  })
})

describe('refusals', () => {
  it('end after the given number of requests, and say when', async () => {
    expect(await get('status-429')).toMatchObject({ status: 429, headers: { 'retry-after': '2' } })
    expect((await get('status-429')).status).toBe(200)
    expect((await head('status-503')).status).toBe(503)
    expect((await get('status-503')).status).toBe(503)
    expect((await get('status-503')).status).toBe(200)
  })

  it('or never end', async () => {
    for (const [kind, status] of [
      ['status-429-always', 429],
      ['status-500-always', 500],
      ['status-401', 401],
      ['status-403', 403],
      ['status-404', 404],
      ['status-410', 410]
    ] as const) {
      for (let time = 0; time < 3; time += 1) expect((await get(kind)).status, kind).toBe(status)
    }
  })
})
