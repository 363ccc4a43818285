/**
 * The library list and search: papers of the ledger and of the manifest are listed, counted, searched by
 * metadata and full text, read by range, cited, exported, removed and restored.
 */
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PaperQuery } from '../../src/contract/requests'
import type { PaperPage, PaperView } from '../../src/contract/library-views'
import { libraryHandlers } from '../../src/main/ipc/library-handlers'
import { bytesFor } from '../../src/main/ipc/page-bytes'
import { makePdf } from '../kit/make-pdf'
import { partsAround } from '../kit/library-dialogs'
import { draft, openWorldForAll, type SheafWorld } from '../kit/sheaf-world'
import { tempFolder } from '../kit/temp-folder'
import { waitFor } from '../kit/wait-for'
import { sha256 } from '../web/paper-file'
import { startWorld } from '../web/scholarly'
import type { Web } from '../web/web'

const never = new AbortController().signal

let web: Web
let world: SheafWorld
let close: () => Promise<void>
let parts: ReturnType<typeof partsAround>
let ask: ReturnType<typeof libraryHandlers>

const WORKS = [
  { key: 'alpha', title: 'Graph filters for étale maps', authors: ['Müller, Jürgen', 'Ng, Ada'], year: 2019 },
  { key: 'beta', title: 'Sparse attention', authors: ['Okafor, Chi'], year: 2021, license: 'cc-by-nc' },
  { key: 'gamma', title: 'Zero copies of gamma', authors: ['Abe, Kenji'], year: 2021 },
  { key: 'other', title: 'Never remembered', authors: ['Ito, Rei'], year: 2011 },
  { key: 'plain', title: 'Fetched without a memory', authors: ['Zhu, Lin'], year: 2011 }
]

async function attachText(key: string, text: string): Promise<void> {
  const work = WORKS.find((one) => one.key === key)!
  const { title, authors, year } = work
  const drafts = [{ ...draft(`10.5555/${key}`), facts: { title, authors, year } }]
  await world.sheaf.plan({ drafts, formats: ['pdf'] }, never)
  const file = join(tempFolder('mine'), `${key}.pdf`)
  await writeFile(file, makePdf({ ...work, doi: `10.5555/${key}`, text, pages: 4 }))
  const job = world.sheaf.jobs({}).find((one) => one['work_id'] === `doi:10.5555/${key}`)!
  await world.sheaf.attach(String(job['job_id']), file, never)
}

const list = async (query: PaperQuery = {}, more: object = {}): Promise<PaperPage> =>
  ask['library.list']({ query, sort: 'title', direction: 'up', offset: 0, limit: 50, ...more })
const titles = (page: PaperPage): (string | null)[] => page.rows.map((row) => row.title)
const one = async (text: string): Promise<PaperView> => (await list({ text })).rows[0]!
const allRead = (): Promise<unknown> =>
  waitFor('every paper was read', async () => {
    await world.sheaf.catalog.papers()
    return (await world.sheaf.find('published')).length === (await world.sheaf.catalog.papers()).length
  })

beforeAll(async () => {
  const started = await startWorld(
    WORKS.map(({ license, ...work }) => ({
      ...work,
      copies: [{ via: 'unpaywall' as const, license: license ?? 'cc-by' }]
    }))
  )
  web = started.web
  const opened = await openWorldForAll(web, { search: true })
  ;({ world, close } = opened)
  await world.reopen({ 'safety.switch': 'off' })
  await world.run(['10.5555/plain'])
  await world.reopen()
  await world.run(['10.5555/alpha', '10.5555/beta'])
  parts = partsAround(world)
  ask = libraryHandlers(parts)
})
afterAll(async () => {
  await close()
  await web.close()
})

describe('the list', () => {
  test('contains papers of the ledger and of the manifest, each once', async () => {
    const page = await list()
    expect(titles(page)).toEqual([
      'Fetched without a memory',
      'Graph filters for étale maps',
      'Sparse attention'
    ])
    expect(page).toMatchObject({ total: 3, all: 3, offset: 0, revision: 7 })
    expect(page.bytes).toBe(page.rows.reduce((sum, row) => sum + row.bytes, 0))
    expect(page.rows[0]).toMatchObject({
      doi: '10.5555/plain',
      // Fetched with the switch off, adopted when it was on (docs/design.md, G12).
      jobId: expect.any(String) as string,
      source: 'openalex',
      thumbnailAt: null
    })
    expect(page.rows[1]).toMatchObject({
      identifier: '10.5555/alpha',
      readAt: `/artifact/${encodeURIComponent(page.rows[1]!.artifactId)}`,
      verdict: 'match'
    })
    // Requested again: still one paper, and the same job.
    await world.run(['10.5555/plain'])
    expect((await list()).total).toBe(3)
    expect((await list()).rows[0]!.jobId).toBe(page.rows[0]!.jobId)
  })

  test('counts a facet without its own filter, so that a second value can be chosen', async () => {
    const { facets } = await list()
    expect(facets.year.map(({ value, count }) => [value, count])).toEqual([
      ['2021', 1],
      ['2019', 1],
      ['2011', 1]
    ])
    expect(facets.license).toEqual([
      { value: 'cc-by', label: 'CC BY', count: 2 },
      { value: 'cc-by-nc', label: 'CC BY-NC', count: 1 }
    ])
    const narrowed = await list({ license: ['cc-by'] })
    expect(narrowed.total).toBe(2)
    expect(narrowed.facets.license.map(({ count }) => count)).toEqual([2, 1])
    expect(narrowed.facets.year.map(({ value }) => value)).toEqual(['2019', '2011'])
    const run = facets.run.find(({ count }) => count === 2)!
    expect(run.label).toMatch(/\d{4}, \d\d:\d\d$/)
    expect((await list({ run: [run.value] })).total).toBe(2)
    expect((await list({ year: ['none'] })).total).toBe(0)
  })

  test('can be sorted by every column, in both directions, page by page', async () => {
    expect(titles(await list({}, { sort: 'author' }))[0]).toBe('Graph filters for étale maps')
    expect(titles(await list({}, { sort: 'year', direction: 'down' }))[0]).toBe('Sparse attention')
    expect(titles(await list({}, { offset: 1, limit: 1 }))).toEqual(['Graph filters for étale maps'])
  })
})

describe('the search', () => {
  test('finds metadata at once and full text after indexing, with the place of the hit', async () => {
    await attachText(
      'gamma',
      `${'First things come first. '.repeat(200)}\n\n${'Then a zyzzyva weevil appears. '.repeat(3)}`
    )
    expect(titles(await list({ text: 'gamma' }))).toEqual(['Zero copies of gamma'])
    await allRead()
    const { hit, ...paper } = await one('zyzz')
    expect(paper.title).toBe('Zero copies of gamma')
    expect(hit).toMatchObject({ snippet: expect.stringContaining('\u0002zyzzyva\u0003 weevil') as string })
    expect(hit!.page).toBeGreaterThan(1)
    expect((await one('abe zyzzyva')).title).toBe('Zero copies of gamma')
    expect((await one('"zyzzyva weevil"')).artifactId).toBe(paper.artifactId)
    expect((await list({ text: '"weevil zyzzyva"' })).total).toBe(0)
    expect((await one('muller etale')).title).toBe('Graph filters for étale maps')
    expect((await list({ text: 'zyzzyva', year: ['2019'] })).total).toBe(0)
    expect((await list({ text: '"(* NEAR' })).total).toBe(0)
    expect((await list()).unread).toBe(0)
  })

  test('has its index in a separate file, and rebuilds it when it is damaged', async () => {
    await allRead()
    const file = join(world.dataDir, 'search.sqlite')
    await world.reopen()
    expect((await readFile(file)).subarray(0, 15).toString()).toBe('SQLite format 3')
    await waitFor('found from the saved index', async () => (await world.sheaf.find('zyzzyva')).length === 1)
    await world.sheaf.close().then(() => writeFile(file, 'scribble'))
    await world.reopen()
    await waitFor('found after reading again', async () => (await world.sheaf.find('zyzzyva')).length === 1)
    expect(world.said.some((line) => line.sentence === 'The search index is built again')).toBe(true)
  })
})

describe('a paper', () => {
  test('returns all its details', async () => {
    const { artifactId } = await one('muller')
    const detail = await ask['library.paper']({ artifactId })
    expect(detail.bibtex).toMatch(/^@\w+\{muller2019graph-[0-9a-f]{4},/)
    expect(detail).toMatchObject({
      ids: { doi: '10.5555/alpha' },
      sameBytes: [],
      reader: { page: 1, zoom: 'auto' }
    })
    expect(detail.file).toMatchObject({
      verdict: 'match',
      source: 'openalex',
      path: expect.stringMatching(/^papers\//) as string
    })
    await ask['reader.remember']({ artifactId, page: 3, zoom: '125' })
    expect((await ask['library.paper']({ artifactId })).reader).toEqual({ page: 3, zoom: '125' })
    await expect(ask['library.paper']({ artifactId: 'nobody' })).rejects.toMatchObject({
      code: 'NO_SUCH_WORK'
    })
  })

  test('can be revealed, opened, cited and exported; the page never passes a path', async () => {
    const { artifactId } = await one('muller')
    const { systemDialogs } = parts
    await ask['library.reveal']({ artifactId })
    await ask['library.openWith']({ artifactId })
    expect(systemDialogs.revealed).toEqual([expect.stringMatching(/papers\/Müller 2019 – Graph.*\.pdf$/)])
    expect(systemDialogs.opened).toEqual(systemDialogs.revealed)
    await ask['library.copyCitation']({ artifactIds: [artifactId], format: 'text' })
    expect(systemDialogs.copied.at(-1)).toBe(
      'Jürgen Müller; Ada Ng (2019). Graph filters for étale maps. Journal of Fixtures. https://doi.org/10.5555/alpha.\n'
    )
    await ask['library.copyCitation']({ artifactIds: [artifactId], format: 'ris' })
    expect(systemDialogs.copied.at(-1)).toMatch(/^TY {2}- /)
    await ask['library.copyProvenance']({ artifactId })
    expect(JSON.parse(systemDialogs.copied.at(-1)!)).toMatchObject({
      file: { provenance: { source: 'openalex' } }
    })
    expect(await ask['library.export']({ which: { query: {} }, format: 'bibtex' })).toBe(null)
    systemDialogs.saveAt = join(tempFolder('export'), 'library.bib')
    const given = await ask['library.export']({ which: { query: { year: ['2019'] } }, format: 'bibtex' })
    expect(given).toEqual({ file: systemDialogs.saveAt, papers: 1 })
    expect(await readFile(systemDialogs.saveAt, 'utf8')).toMatch(/file = \{:.*papers\/Müller 2019.*:PDF\}/)
  })

  test('stores a thumbnail of its first page only if it is an image', async () => {
    const { sha256: hash } = await one('muller')
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64'
    )
    const keep = (sha: string, bytes: Uint8Array): Promise<unknown> =>
      Promise.resolve(ask['library.keepThumbnail']({ sha256: sha, bytes: new Uint8Array(bytes) }))
    await expect(
      keep(hash, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'.padEnd(99)))
    ).rejects.toMatchObject({ code: 'BAD_FILE' })
    await expect(keep('0'.repeat(64), png)).rejects.toMatchObject({ code: 'NO_SUCH_WORK' })
    await keep(hash, png)
    const { thumbnailAt } = await one('muller')
    expect(thumbnailAt).toBe(`/thumbnail/${hash}`)
    const answer = await bytesFor(parts, thumbnailAt!, null)
    expect(answer).toMatchObject({ status: 200, headers: { 'Content-Type': 'image/png' } })
    expect(Buffer.from(await new Response(answer.body).arrayBuffer())).toEqual(png)
    await world.reopen()
    expect((await one('muller')).thumbnailAt).toBe(thumbnailAt)
  })

  test('can be removed and restored, recorded in the ledger or not', async () => {
    const { artifactId } = await one('okafor')
    const { workId } = await ask['library.remove']({ artifactId })
    expect((await list({ text: 'okafor' })).total).toBe(0)
    await waitFor('gone from the search', async () => (await world.sheaf.find('okafor')).length === 0)
    await ask['library.undoRemove']({ workId })
    await world.run()
    expect((await list({ text: 'okafor' })).total).toBe(1)

    await world.reopen({ 'safety.switch': 'off' })
    await world.run(['10.5555/other'])
    const other = await one('ito rei')
    expect(other.jobId).toBe(null)
    expect((await ask['library.paper'](other)).file.verdictBecause).toMatch(/only the library file/)
    expect(await ask['library.remove'](other)).toEqual({ workId: other.workId, files: 1 })
    expect((await list({ text: 'ito rei' })).total).toBe(0)
    expect((await bytesFor(parts, other.readAt!, null)).status).toBe(404)
    expect((await world.papers()).filter((name) => name.startsWith('Ito'))).toEqual([])
    expect(await ask['library.undoRemove']({ workId: other.workId })).toEqual({ workId: other.workId })
    await world.reopen()
  })
})

describe('bytes for the page', () => {
  const read = async (address: string, range: string | null = null) => {
    const { body, ...answer } = await bytesFor(parts, address, range)
    return { ...answer, bytes: Buffer.from(await new Response(body).arrayBuffer()) }
  }

  test('are the file’s own, whole or in part', async () => {
    const { readAt, sha256: hash, bytes } = await one('muller')
    const whole = await read(readAt!)
    expect(whole).toMatchObject({
      status: 200,
      headers: {
        'Content-Type': 'application/pdf',
        'Content-Length': String(bytes),
        'Accept-Ranges': 'bytes',
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-store'
      }
    })
    expect(sha256(whole.bytes)).toBe(hash)
    const part = await read(readAt!, 'bytes=5-99')
    expect(part).toMatchObject({ status: 206, headers: { 'Content-Range': `bytes 5-99/${String(bytes)}` } })
    expect(part.bytes).toEqual(whole.bytes.subarray(5, 100))
    expect((await read(readAt!, 'bytes=-10')).bytes).toEqual(whole.bytes.subarray(-10))
    expect(await read(readAt!, `bytes=${String(bytes)}-`)).toMatchObject({
      status: 416,
      headers: { 'Content-Range': `bytes */${String(bytes)}` }
    })
  })

  test.each([
    '',
    '/',
    '/artifact',
    '/artifact/',
    '/artifact/nobody',
    '/artifact/..%2F..%2Fetc%2Fpasswd',
    '/artifact/%2Fetc%2Fpasswd',
    '/artifact/%00',
    '/artifact/%E0%A4%A',
    '/artifact/a/b',
    '/artifact/../thumbnail/x',
    '/quarantine/..%2Fmanifest.jsonl',
    '/thumbnail/..%2F..%2Fmanifest.jsonl',
    `/thumbnail/${'0'.repeat(64)}`,
    '/papers/x.pdf',
    '/artifact/doi%3A10.5555%2Fnobody%23pdf'
  ])('are refused for %s', async (address) => {
    expect(await read(address)).toMatchObject({ status: 404, bytes: Buffer.alloc(0) })
  })

  test('never come from outside the library, whatever the manifest says', async () => {
    const outside = join(tempFolder('outside'), 'secret.pdf')
    await writeFile(outside, 'secret')
    await mkdir(join(world.libraryDir, 'objects/zz'), { recursive: true })
    const link = join(world.libraryDir, 'objects/zz/link.pdf')
    await symlink(outside, link)
    const line = (id: string, path: string): string =>
      `${JSON.stringify({ work_id: id, artifact_id: id, title: id, format: 'pdf', path, sha256: '0'.repeat(64), bytes: 6, finalized_at: 1 })}\n`
    const manifest = join(world.libraryDir, 'manifest.jsonl')
    const before = await readFile(manifest, 'utf8')
    const hostile = ['../data/settings.json', outside, 'objects/zz/link.pdf', 'objects', '']
    await writeFile(
      manifest,
      before + hostile.map((path, index) => line(`hostile-${String(index)}`, path)).join('')
    )
    await world.reopen()
    expect((await list({ text: 'hostile' })).total).toBe(5)
    for (const index of hostile.keys()) {
      expect(await read(`/artifact/hostile-${String(index)}`)).toMatchObject({ status: 404 })
    }
    await expect(Promise.resolve(ask['library.reveal']({ artifactId: 'hostile-2' }))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND'
    })
    await ask['library.remove']({ artifactId: 'hostile-1' })
    expect(await readFile(outside, 'utf8')).toBe('secret')
    await rm(link)
    await writeFile(manifest, before)
    await world.reopen()
  })
})
