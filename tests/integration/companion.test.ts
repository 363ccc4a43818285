/**
 * The loopback API of the browser companion with a real server, ledger and files: authentication, idempotent
 * requests, and the handling of papers and PDFs that a browser sends.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { FileAnswer, PapersAnswer } from '../../src/contract/companion'
import { listen } from '../../src/main/companion/server'
import { makePdf, type PaperText } from '../kit/make-pdf'
import { companionClient, newKey, type CompanionClient, type CompanionReply } from '../kit/companion-client'
import { draft, openWorld, type SheafWorld, type WorldOptions } from '../kit/sheaf-world'
import { waitFor } from '../kit/wait-for'
import { startWorld } from '../web/scholarly'

const TOKEN = 'f'.repeat(64)
const never = new AbortController().signal
const EXTENSION = `chrome-extension://${'abcdefgh'.repeat(4)}`

const titleOf = (n: number): string => `Observation ${String(n)} of the drifting sand at shore ${String(n)}`
const paper = (n: number, more: Partial<PaperText> = {}): Uint8Array =>
  makePdf({
    title: titleOf(n),
    authors: [`Ada Mirror${String(n)}`, 'Boris Lantern'],
    year: 2019,
    doi: `10.5555/sand.${String(n)}`,
    ...more
  })

/** Shares nothing with the papers that wait for a file. */
const OTHER_PAPER = makePdf({
  title: 'Winter feeding of long-tailed tits in suburban gardens',
  authors: ['Nora Hedge', 'Paul Finch'],
  year: 2011,
  doi: '10.5555/tits.2011'
})

interface Setting {
  readonly world: SheafWorld
  readonly api: CompanionClient
  readonly port: number
  readonly inbox: string
  readonly faults: unknown[]
  readonly jobOf: (n: number) => string
}

/** Works without a copy at any source that were tried and failed, and a companion with a token. */
async function companion(works: readonly number[] = [], options: WorldOptions = {}): Promise<Setting> {
  const { web } = await startWorld([])
  onTestFinished(() => web.close())
  const world = await openWorld(web, {
    ...options,
    settings: { 'safety.maxAttempts': 1, ...options.settings }
  })
  const drafts = works.map((n) => ({
    ...draft(`10.5555/sand.${String(n)}`),
    facts: { title: titleOf(n), authors: [`Ada Mirror${String(n)}`, 'Boris Lantern'], year: 2019 }
  }))
  if (drafts.length > 0) await world.sheaf.run({ plan: { drafts, formats: ['pdf'] } }, never)
  const faults: unknown[] = []
  const server = await listen(
    {
      sheaf: world.sheaf,
      version: '0.0.0-test',
      plan: (planned, list, signal) =>
        world.sheaf.plan(
          { drafts: planned, formats: ['pdf'], ...(list === undefined ? {} : { list: { name: list } }) },
          signal
        ),
      onFile: () => undefined
    },
    { port: 0, token: () => TOKEN, onFault: (error) => faults.push(error) }
  )
  if (typeof server === 'string') throw new Error(server)
  onTestFinished(() => server.close())
  return {
    world,
    api: companionClient({ port: server.port, token: TOKEN }),
    port: server.port,
    inbox: join(world.dataDir, 'companion'),
    faults,
    jobOf: (n) => world.sheaf.jobNamed(`10.5555/sand.${String(n)}`)
  }
}

const codeOf = (reply: CompanionReply): unknown => (reply.body as { code?: unknown } | null)?.code
const left = (inbox: string): string[] => (existsSync(inbox) ? readdirSync(inbox) : [])

describe('access', () => {
  test('needs a token and this computer’s own name as host, and is refused to web pages', async () => {
    const { api, port, world } = await companion()
    const wrong: readonly (readonly [Readonly<Record<string, string | null>>, number, string])[] = [
      [{ authorization: null }, 401, 'TOKEN_WRONG'],
      [{ authorization: `Bearer ${'e'.repeat(64)}` }, 401, 'TOKEN_WRONG'],
      [{ authorization: `Bearer ${TOKEN.slice(1)}` }, 401, 'TOKEN_WRONG'],
      [{ authorization: `Basic ${TOKEN}` }, 401, 'TOKEN_WRONG'],
      [{ authorization: TOKEN }, 401, 'TOKEN_WRONG'],
      [{ host: 'evil.example' }, 403, 'HOST_REFUSED'],
      [{ host: `evil.example:${String(port)}` }, 403, 'HOST_REFUSED'],
      [{ host: '127.0.0.1' }, 403, 'HOST_REFUSED'],
      [{ host: `127.0.0.1:${String(port)}.evil.example` }, 403, 'HOST_REFUSED'],
      [{ origin: 'https://publisher.example' }, 403, 'ORIGIN_REFUSED'],
      [{ origin: 'null' }, 403, 'ORIGIN_REFUSED'],
      [{ origin: `http://127.0.0.1:${String(port)}` }, 403, 'ORIGIN_REFUSED'],
      [{ origin: `${EXTENSION}.evil.example` }, 403, 'ORIGIN_REFUSED']
    ]
    for (const [headers, status, code] of wrong) {
      const reply = await api.ask('/v1/papers', {
        headers,
        json: { papers: [{ identifiers: ['10.5555/a'] }] }
      })
      expect([reply.status, codeOf(reply), headers]).toEqual([status, code, headers])
      expect(reply.headers['access-control-allow-origin']).toBeUndefined()
    }
    expect(world.sheaf.jobs({})).toEqual([])
    for (const host of [`localhost:${String(port)}`, `127.0.0.1:${String(port)}`])
      expect((await api.ask('/v1/status', { headers: { host } })).body).toEqual({
        name: 'Sheaf',
        version: '0.0.0-test',
        remembers: true,
        waiting: 0,
        needs_you: 0
      })
  })

  test('an extension may read responses, also refusals, and gets its preflight; a web page does not', async () => {
    const { api } = await companion()
    const firefox = 'moz-extension://01234567-89ab-cdef-0123-456789abcdef'
    for (const origin of [EXTENSION, firefox]) {
      const asked = await api.ask('/v1/status', { headers: { origin } })
      expect([asked.status, asked.headers['access-control-allow-origin']]).toEqual([200, origin])
      const refused = await api.ask('/v1/status', { headers: { origin, authorization: 'Bearer no' } })
      expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, origin])
      const headers = {
        origin,
        authorization: null,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, idempotency-key, content-type',
        'access-control-request-private-network': 'true'
      }
      const allowed = await api.ask('/v1/pdf', { method: 'OPTIONS', headers })
      expect(allowed).toMatchObject({
        status: 204,
        headers: {
          'access-control-allow-origin': origin,
          'access-control-allow-headers': 'authorization, content-type, idempotency-key',
          'access-control-allow-private-network': 'true'
        }
      })
    }
    const page = await api.ask('/v1/pdf', { method: 'OPTIONS', headers: { origin: 'https://page.example' } })
    expect([page.status, page.headers['access-control-allow-origin']]).toEqual([403, undefined])
  })

  test('unknown paths, methods and types are refused with a code', async () => {
    const { api, faults } = await companion()
    const asks: readonly (readonly [string, Parameters<CompanionClient['ask']>[1], number, string])[] = [
      ['/', {}, 404, 'NO_SUCH_ADDRESS'],
      ['/v1/papers/../../etc', {}, 404, 'NO_SUCH_ADDRESS'],
      ['http://evil.example/v1/status', {}, 404, 'NO_SUCH_ADDRESS'],
      ['/v1/__proto__', {}, 404, 'NO_SUCH_ADDRESS'],
      ['/v1/status', { json: {} }, 405, 'METHOD_REFUSED'],
      ['/v1/papers', { method: 'DELETE' }, 405, 'METHOD_REFUSED'],
      ['/v1/papers', {}, 400, 'BODY_REFUSED'],
      ['/v1/papers?url=a&url=b', {}, 400, 'BODY_REFUSED'],
      ['/v1/papers', { bytes: paper(1) }, 415, 'TYPE_REFUSED'],
      ['/v1/pdf', { json: {} }, 415, 'TYPE_REFUSED'],
      ['/v1/papers', { json: { papers: [] } }, 400, 'BODY_REFUSED'],
      ['/v1/papers', { json: { papers: [{}] } }, 400, 'BODY_REFUSED'],
      [
        '/v1/papers',
        { json: { papers: [{ identifiers: ['10.5555/a'], path: '/etc' }] } },
        400,
        'BODY_REFUSED'
      ],
      [
        '/v1/papers',
        { json: { papers: Array(201).fill({ url: 'https://a.example' }) } },
        400,
        'BODY_REFUSED'
      ],
      ['/v1/papers', { json: {}, headers: { 'idempotency-key': null } }, 400, 'KEY_MISSING'],
      ['/v1/papers', { json: {}, headers: { 'idempotency-key': 'short' } }, 400, 'KEY_MISSING'],
      [
        '/v1/papers',
        { bytes: Buffer.from('{"papers":'), headers: { 'content-type': 'application/json' } },
        400,
        'BODY_REFUSED'
      ],
      [
        '/v1/papers',
        { bytes: Buffer.from([0x7b, 0xff]), headers: { 'content-type': 'application/json' } },
        400,
        'BODY_REFUSED'
      ]
    ]
    for (const [path, how, status, code] of asks) {
      const reply = await api.ask(path, how)
      expect([path, reply.status, codeOf(reply)]).toEqual([path, status, code])
    }
    expect(faults).toEqual([])
  })
})

describe('papers', () => {
  test('one result per paper; each is planned once, also under other identifiers', async () => {
    const { api, world } = await companion([7])
    const sent = {
      list: 'my review',
      papers: [
        {
          identifiers: ['https://doi.org/10.5555/new.1'],
          url: 'https://journal.example/a',
          title: 'A new one'
        },
        { identifiers: ['10.5555/NEW.1'] },
        { identifiers: ['arXiv:2401.00001v2'] },
        { url: 'https://journal.example/article/12?utm_source=x' },
        { title: 'Only a title' },
        { identifiers: ['978-3-16-148410-0'] },
        { identifiers: ['10.5555/sand.7'] }
      ]
    }
    const reply = await api.ask('/v1/papers', { json: sent })
    expect(reply.status).toBe(200)
    const { papers } = reply.body as PapersAnswer
    expect(papers.map(({ standing, code }) => [standing, code])).toEqual([
      ['planned', null],
      ['waiting', null],
      ['planned', null],
      ['planned', null],
      ['not_understood', 'NAMED_BY_TITLE_ONLY'],
      ['not_understood', 'ISBN_NOT_SUPPORTED'],
      ['needs_you', 'NO_OPEN_COPY']
    ])
    expect(papers[0]).toMatchObject({ work_id: 'doi:10.5555/new.1', title: 'A new one' })
    expect(papers[1]?.job_id).toBe(papers[0]?.job_id)
    expect(world.sheaf.jobs({})).toHaveLength(4)
    expect(world.sheaf.lists()).toMatchObject([{ name: 'my review' }])
    const known = await api.ask(`/v1/papers?url=${encodeURIComponent('https://journal.example/article/12')}`)
    expect(known.body).toMatchObject({ paper: { standing: 'waiting', job_id: papers[3]?.job_id } })
    expect((await api.ask('/v1/papers?doi=10.5555%2Fsand.7')).body).toMatchObject({
      paper: { standing: 'needs_you' }
    })
    expect((await api.ask('/v1/papers?doi=10.5555%2Fnever')).body).toEqual({ paper: null })
  })

  test('a paper that the user has set aside does not need the user', async () => {
    const { api, world, jobOf } = await companion([7])
    await world.sheaf.ignore([jobOf(7)])
    expect((await api.ask('/v1/papers?doi=10.5555%2Fsand.7')).body).toMatchObject({
      paper: { standing: 'waiting', code: null }
    })
  })

  test('a key identifies one request: it gets the same response, runs once, and is refused for another request', async () => {
    const { api, world } = await companion()
    const headers = { 'idempotency-key': newKey() }
    const json = { papers: [{ identifiers: ['10.5555/once'] }] }
    const all = await Promise.all(Array.from({ length: 5 }, () => api.ask('/v1/papers', { json, headers })))
    expect(new Set(all.map((reply) => JSON.stringify([reply.status, reply.body]))).size).toBe(1)
    expect(all[0]?.body).toMatchObject({ papers: [{ standing: 'planned' }] })
    expect(all.filter((reply) => reply.headers['idempotency-replayed'] === 'true')).toHaveLength(4)
    const other = await api.ask('/v1/papers', {
      json: { papers: [{ identifiers: ['10.5555/two'] }] },
      headers
    })
    expect([other.status, codeOf(other)]).toEqual([422, 'REQUEST_KEY_REUSED'])
    expect(world.sheaf.jobs({})).toHaveLength(1)
    // The response survives a restart of the process.
    await world.sheaf.flush()
    const again = await api.ask('/v1/papers', { json, headers })
    expect(again.body).toEqual(all[0]?.body)
  })

  test('are refused while the ledger is off', async () => {
    const { api, world, inbox } = await companion([], { settings: { 'safety.switch': 'off' } })
    const planned = await api.ask('/v1/papers', { json: { papers: [{ identifiers: ['10.5555/a'] }] } })
    expect([planned.status, codeOf(planned)]).toEqual([409, 'NOT_REMEMBERED'])
    expect((await api.ask('/v1/pdf', { bytes: paper(1) })).status).toBe(409)
    expect(world.sheaf.jobs({})).toEqual([])
    expect(left(inbox)).toEqual([])
  })
})

describe('a PDF', () => {
  test('for a job is attached once; the same key gets the same response; other bytes under it are refused', async () => {
    const { api, world, inbox, jobOf } = await companion([1, 2])
    const bytes = paper(1)
    const headers = { 'idempotency-key': newKey() }
    const path = `/v1/pdf?job=${jobOf(1)}`
    const first = await api.ask(path, { bytes, headers })
    expect(first).toMatchObject({
      status: 200,
      body: { outcome: 'attached', job_id: jobOf(1), work_id: 'doi:10.5555/sand.1', title: titleOf(1) }
    })
    const again = await api.ask(path, { bytes, headers })
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([
      200,
      first.body,
      'true'
    ])
    expect(codeOf(await api.ask(path, { bytes: paper(2), headers }))).toBe('REQUEST_KEY_REUSED')
    // Without the key it is recognised by its hash; other bytes for that paper are refused.
    expect((await api.ask(path, { bytes })).body).toMatchObject({ outcome: 'here', job_id: jobOf(1) })
    const stamped = await api.ask(path, { bytes: paper(1, { header: 'Downloaded on a Tuesday' }) })
    expect([stamped.status, codeOf(stamped)]).toEqual([409, 'TRANSITION_REFUSED'])
    expect([...(await world.objects()).values()]).toEqual([createHash('sha256').update(bytes).digest('hex')])
    expect(left(inbox)).toEqual([])
    expect(codeOf(await api.ask('/v1/pdf?job=nothing', { bytes: paper(3) }))).toBe('NO_SUCH_JOB')
  })

  test('of another paper goes to the quarantine; the job is unchanged', async () => {
    const { api, world, inbox, jobOf } = await companion([1])
    const before = world.sheaf.jobRow(jobOf(1))
    const wrong = await api.ask(`/v1/pdf?job=${jobOf(1)}`, { bytes: OTHER_PAPER })
    expect([wrong.status, codeOf(wrong)]).toEqual([422, 'WRONG_PAPER'])
    expect(await world.sheaf.quarantineList()).toMatchObject([{ jobId: jobOf(1) }])
    expect(world.sheaf.jobRow(jobOf(1))).toMatchObject({
      state: before?.['state'],
      reason: before?.['reason']
    })
    expect((await world.objects()).size).toBe(0)
    expect(left(inbox)).toEqual([])
  })

  test('that is a web page is refused with its code, whatever its file name', async () => {
    const { api, world, inbox, jobOf } = await companion([1])
    const page = Buffer.from(
      `<!doctype html><html><head><title>Sign in</title></head><body><form action="/login"><input type="password" name="p"></form>${'<p>Please sign in to read this article.</p>'.repeat(40)}</body></html>`
    )
    for (const path of [`/v1/pdf?job=${jobOf(1)}`, '/v1/pdf']) {
      const reply = await api.ask(path, { bytes: page })
      expect([reply.status, codeOf(reply)]).toEqual([422, 'LOGIN_PAGE'])
    }
    expect(await world.sheaf.quarantineList()).toEqual([])
    expect(world.sheaf.jobRow(jobOf(1))).toMatchObject({ state: 'FAILED', reason: 'NO_OPEN_COPY' })
    expect(left(inbox)).toEqual([])
  })

  test('without a job is identified by its content: attached, asked about, or unknown', async () => {
    const { api, world, inbox, jobOf } = await companion([1, 2])
    const sure = await api.ask('/v1/pdf?url=https%3A%2F%2Fcdn.example%2Fdl%2F1234.pdf', { bytes: paper(1) })
    expect(sure.body).toMatchObject({ outcome: 'attached', job_id: jobOf(1) })
    // It has no DOI and other authors than the waiting paper, so the match is unsure.
    const doubtful = makePdf({ title: titleOf(2), authors: ['Clara Other'], year: 2019 })
    const asked = await api.ask('/v1/pdf?url=https%3A%2F%2Fcdn.example%2Fdune%20notes.pdf', {
      bytes: doubtful
    })
    expect(asked).toMatchObject({ status: 202, body: { outcome: 'asked', job_id: jobOf(2) } })
    const { sha256 } = asked.body as FileAnswer
    const twice = await api.ask('/v1/pdf', { bytes: doubtful })
    expect(twice.body).toMatchObject({ outcome: 'asked', job_id: jobOf(2) })
    const { rows } = world.sheaf.handOffList({ offset: 0, limit: 9 })
    expect(rows).toMatchObject([{ question: { sha256, name: `dune notes-${sha256.slice(0, 8)}.pdf` } }])
    expect(left(inbox)).toEqual([`dune notes-${sha256.slice(0, 8)}.pdf`])
    await world.sheaf.companion.sweep()
    expect(left(inbox)).toHaveLength(1)
    await world.sheaf.handOff.answer(sha256, true, never)
    expect(world.sheaf.handOffList({ offset: 0, limit: 9 }).total).toBe(0)
    await world.sheaf.companion.sweep()
    expect(left(inbox)).toEqual([])
    const unknown = await api.ask('/v1/pdf', {
      bytes: makePdf({ title: 'Invoice 2231 for three chairs', authors: [], year: 2020 })
    })
    expect(unknown.status).toBe(422)
    expect(left(inbox)).toEqual([])
  })

  test('that is too large or truncated leaves nothing behind', async () => {
    const { api, world, inbox, port, jobOf, faults } = await companion([1], {
      settings: { 'files.maxBytes': 2_000_000 }
    })
    const path = `/v1/pdf?job=${jobOf(1)}`
    const large = Buffer.alloc(3_000_000, 'x')
    expect((await api.ask(path, { bytes: large })).status).toBe(413)
    const streamed = await api.ask(path, {
      stream: Readable.from(Array.from({ length: 60 }, () => Buffer.alloc(65_536, 'x')))
    })
    expect([streamed.status, codeOf(streamed)]).toEqual([413, 'TOO_LARGE'])
    const socket = connect(port, '127.0.0.1')
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\nAuthorization: Bearer ${TOKEN}\r\nIdempotency-Key: ${newKey()}\r\nContent-Type: application/pdf\r\nContent-Length: 100000\r\n\r\n%PDF-1.7`
    )
    await waitFor('the first bytes are written', () => left(inbox).length === 1)
    socket.destroy()
    await waitFor('they are removed', () => left(inbox).length === 0)
    expect((await api.ask('/v1/status')).status).toBe(200)
    expect(left(inbox)).toEqual([])
    expect(await world.sheaf.quarantineList()).toEqual([])
    expect(faults).toEqual([])
  }, 20_000)
})
