/**
 * Papers handed over to a running Zotero, each once, whatever is lost, refused or cut off in between: every
 * case has a paper and a Zotero of its own. An abort right after a request arrived leaves the ledger as a
 * killed process does; tests/integration/cli/zotero-hand-over.test.ts kills real ones.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { HandoverRequest } from '../../src/main/engine/zotero/hand-over'
import type { ZoteroHow, ZoteroOutcome } from '../../src/main/engine/zotero/zotero-session'
import { draft, openWorldForAll, type SheafWorld } from '../kit/sheaf-world'
import { startZotero, type Mishap, type ZoteroLoopback } from '../kit/zotero-loopback'
import { startWorld } from '../web/scholarly'

const PAPERS = 30
const doiOf = (n: number): string => `10.5555/paper${String(n)}`

let sheaf: SheafWorld
let close: () => Promise<void>
beforeAll(async () => {
  const works = Array.from({ length: PAPERS }, (_, n) => ({
    key: `paper${String(n)}`,
    copies: [{ via: 'unpaywall' as const }]
  }))
  const { web } = await startWorld(works)
  const opened = await openWorldForAll(web)
  sheaf = opened.world
  close = async () => {
    await opened.close()
    await web.close()
  }
  expect(await sheaf.run(works.map((_, n) => doiOf(n)))).toMatchObject({ done: PAPERS })
}, 180_000)
afterAll(() => close())

let used = 0

interface Story {
  readonly zotero: ZoteroLoopback
  readonly doi: string
  readonly notices: string[]
  press(
    action?: HandoverRequest['action'],
    how?: Partial<ZoteroHow> & { readonly mishap?: Mishap }
  ): Promise<ZoteroOutcome>
}

async function story(version = '9.0.6', api = true): Promise<Story> {
  const zotero = await startZotero(version)
  onTestFinished(() => zotero.close())
  zotero.api = api
  const doi = doiOf(used)
  used += 1
  const notices: string[] = []
  return {
    zotero,
    doi,
    notices,
    async press(action = 'send', { mishap, ...how } = {}) {
      const told: ZoteroOutcome[] = []
      const stop = new AbortController()
      if (mishap !== undefined)
        zotero.mishaps.push({
          ...mishap,
          meanwhile: () => {
            mishap.meanwhile?.()
            if (mishap.then === 'lost' && mishap.path !== '') stop.abort(new Error('killed'))
          }
        })
      await sheaf.sheaf.handOver(
        { action, origin: zotero.origin, drafts: [draft(doi)], works: null, list: null },
        {
          signal: stop.signal,
          readDatabase: () => Promise.resolve(null),
          dryRun: false,
          again: false,
          collection: null,
          tell: (outcome) => told.push(outcome),
          notice: (what) => notices.push(what),
          ...how
        }
      )
      const [only, ...more] = told
      expect(more).toEqual([])
      return only!
    }
  }
}

/** The action, how many items the DOI has, and how many files these have. */
async function pressed(told: Story, ...args: Parameters<Story['press']>): Promise<unknown[]> {
  const { action } = await told.press(...args)
  return [action, ...there(told)]
}

function there({ zotero, doi }: Story): [number, number] {
  const items = zotero.papers().filter(({ data }) => data['DOI'] === doi)
  return [items.length, items.flatMap(({ key }) => zotero.filesOf(key)).length]
}

describe('send', () => {
  test.each([true, false])('three presses make one item with one file (local API %s)', async (api) => {
    const told = await story('9.0.6', api)
    expect(await pressed(told)).toEqual(['sent', 1, 1])
    expect(await pressed(told)).toEqual(['existing', 1, 1])
    told.zotero.restart()
    expect(await pressed(told)).toEqual(['existing', 1, 1])
    expect(told.notices.includes('blind')).toBe(!api)
    const [item] = told.zotero.papers()
    expect(item!.data).toMatchObject({ itemType: 'journalArticle', url: `https://doi.org/${told.doi}` })
    expect(told.zotero.filesOf(item!.key)[0]!.bytes!.subarray(0, 5).toString()).toBe('%PDF-')
  })

  test.each(
    ['/connector/saveItems', '/connector/saveAttachment'].flatMap((path) =>
      [true, false].flatMap((isDone) => [true, false].map((api) => ({ path, isDone, api })))
    )
  )('cut off at $path, carried out: $isDone, local API: $api', async ({ path, isDone, api }) => {
    const told = await story('9.0.6', api)
    await expect(told.press('send', { mishap: { path, isDone, then: 'lost' } })).rejects.toThrow('killed')
    if (!api && path.endsWith('saveAttachment')) {
      // Nothing tells whether the file came, and a second time would make a second file.
      expect(await pressed(told)).toEqual(['unknown', 1, isDone ? 1 : 0])
      told.zotero.api = true
    }
    expect(await pressed(told)).toEqual(['sent', 1, 1])
    expect(await pressed(told)).toEqual(['existing', 1, 1])
  })

  test('cut off, and Zotero was closed meanwhile: the item is found by its DOI', async () => {
    const told = await story()
    const mishap = { path: '/connector/saveItems', isDone: true, then: 'lost' } as const
    await expect(told.press('send', { mishap })).rejects.toThrow('killed')
    told.zotero.restart()
    const failed = await told.press()
    expect(failed).toMatchObject({ action: 'failed', reason: 'ZOTERO_SESSION_LOST' })
    expect(failed.because).toMatch(/Drag .*\.pdf onto it/)
    expect(there(told)).toEqual([1, 0])
    told.zotero.version = '10.0.1'
    expect(await pressed(told)).toEqual(['attached', 1, 1])
    expect(await pressed(told)).toEqual(['existing', 1, 1])
  })

  test.each([
    { path: '/connector/saveItems', isDone: false, then: 503 },
    { path: '/connector/saveAttachment', isDone: false, then: 503 },
    { path: '/api/users/0/items', isDone: false, then: 503 },
    { path: '/connector/saveItems', isDone: true, then: { lateMs: 300 } }
  ] as const)('busy or slow at $path', async (mishap) => {
    const told = await story()
    expect(await pressed(told, 'send', { mishap })).toEqual(['sent', 1, 1])
    expect(await pressed(told)).toEqual(['existing', 1, 1])
  })

  test('answers that are lost while the program goes on', async () => {
    const told = await story()
    told.zotero.mishaps.push(
      { path: '/connector/saveItems', isDone: true, then: 'lost' },
      { path: '/connector/saveAttachment', isDone: true, then: 'lost' }
    )
    expect(await pressed(told)).toEqual(['sent', 1, 1])
    const blind = await story('9.0.6', false)
    blind.zotero.mishaps.push(
      { path: '/connector/saveItems', isDone: false, then: 'lost' },
      { path: '/connector/saveItems', isDone: true, then: 'lost' }
    )
    expect(await pressed(blind)).toEqual(['sent', 1, 1])
  })

  test('refusals: of the item, of the file, of the library', async () => {
    const told = await story()
    expect(
      await told.press('send', { mishap: { path: '/connector/saveItems', isDone: false, then: 500 } })
    ).toMatchObject({ action: 'failed', reason: 'ZOTERO_REFUSED' })
    told.zotero.selected.libraryEditable = false
    await expect(told.press()).rejects.toMatchObject({ code: 'ZOTERO_READ_ONLY' })
    told.zotero.selected.libraryEditable = true
    expect(await pressed(told)).toEqual(['sent', 1, 1])
  })

  test('what the user removed stays removed until it is sent again; another library gets it anew', async () => {
    const told = await story()
    await told.press()
    const other = told.zotero.add({ itemType: 'book', title: 'z' })
    told.zotero.papers()[0]!.deleted = true
    expect(await pressed(told)).toEqual(['removed', 0, 0])
    expect(await pressed(told, 'send', { again: true })).toEqual(['sent', 1, 1])
    expect(await pressed(told)).toEqual(['existing', 1, 1])
    const [ours] = told.zotero.papers().filter(({ key }) => key !== other.key)
    ours!.data['DOI'] = '10.5555/corrected.by.its.user'
    expect((await told.press()).action).toBe('existing')
    told.zotero.items.clear()
    told.zotero.restart()
    expect(await pressed(told)).toEqual(['sent', 1, 1])
  })

  test('a DOI that is there is left alone, however it is written; a collection takes what is sent', async () => {
    const told = await story()
    told.zotero.add({ itemType: 'report', title: 'x', extra: `Note: y\nDOI: ${told.doi.toUpperCase()}` })
    expect(await told.press()).toMatchObject({ action: 'existing', hasFile: false })
    const next = await story()
    next.zotero.collections.push({ id: 'C12', key: 'COLL0001', name: 'Review' })
    await expect(next.press('send', { collection: 'Reviews' })).rejects.toMatchObject({ code: 'BAD_OPTION' })
    expect(await pressed(next, 'send', { collection: 'Review' })).toEqual(['sent', 1, 1])
    expect(next.zotero.papers()[0]!.data['collections']).toEqual(['COLL0001'])
  })
})

describe('attach', () => {
  async function withItem(): Promise<Story & { readonly key: string }> {
    const told = await story('10.0.1')
    const { key } = told.zotero.add({ itemType: 'journalArticle', title: 'x', DOI: told.doi })
    return { ...told, key }
  }

  test('gives the item its file, once; a permission that is kept is asked for once', async () => {
    const told = await withItem()
    expect(await pressed(told, 'attach', { dryRun: true })).toEqual(['would_attach', 1, 0])
    expect(await pressed(told, 'attach')).toEqual(['attached', 1, 1])
    expect(await pressed(told, 'attach')).toEqual(['existing', 1, 1])
    const [file] = told.zotero.filesOf(told.key)
    expect(file!.bytes!.subarray(0, 5).toString()).toBe('%PDF-')
    expect([told.zotero.asked, told.notices]).toEqual([1, ['confirm']])
    const kept = await readFile(join(sheaf.dataDir, 'keys-zotero.json'), 'utf8')
    const [, key] = /"([0-9a-f]{24})"/.exec(kept)!
    expect(JSON.stringify([sheaf.said, sheaf.lines])).not.toContain(key)
  })

  test('keys for one use, refused ones, and a user who says no', async () => {
    const told = await withItem()
    told.zotero.confirm = 'once'
    // What an earlier test kept is no key of this Zotero.
    expect(await pressed(told, 'attach')).toEqual(['attached', 1, 1])
    expect(told.zotero.asked).toBe(3)
    expect(told.notices).toContain('one-time')
    const denied = await withItem()
    denied.zotero.confirm = 'deny'
    await expect(denied.press('attach')).rejects.toMatchObject({ code: 'ZOTERO_DENIED' })
    denied.zotero.confirm = 'remember'
    expect(await pressed(denied, 'attach')).toEqual(['attached', 1, 1])
  })

  test.each([
    ['POST /api/users/0/items', 1],
    ['POST /api/users/0/items', 2],
    ['POST /api/local/upload', 1],
    ['POST /api/users/0/items', 3]
  ] as const)('cut off after %s, time %i', async (request, nth) => {
    const told = await withItem()
    const stop = new AbortController()
    const path = request.slice(5)
    const mishap: Mishap = {
      path,
      isDone: true,
      then: { lateMs: 20 },
      meanwhile: () => {
        const posts = told.zotero.requests.filter((one) => one.startsWith(request))
        if (posts.length === nth) stop.abort(new Error('killed'))
        else told.zotero.mishaps.push(mishap)
      }
    }
    told.zotero.mishaps.push(mishap)
    await expect(told.press('attach', { signal: stop.signal })).rejects.toThrow('killed')
    told.zotero.mishaps.length = 0
    expect(await pressed(told, 'attach')).toEqual(['attached', 1, 1])
    expect(told.zotero.filesOf(told.key)[0]!.bytes!.length).toBeGreaterThan(1_000)
    expect(await pressed(told, 'attach')).toEqual(['existing', 1, 1])
  })

  test('answers that are lost while the program goes on, and a busy Zotero', async () => {
    const told = await withItem()
    told.zotero.mishaps.push(
      { path: '/api/users/0/items/', isDone: false, then: 503 },
      { path: '/api/local/upload', isDone: true, then: 'lost' }
    )
    expect(await pressed(told, 'attach')).toEqual(['attached', 1, 1])
  })

  test('is refused with the reason by versions and settings that do not allow it', async () => {
    const told = await withItem()
    told.zotero.api = false
    await expect(told.press('attach')).rejects.toMatchObject({ code: 'ZOTERO_API_OFF' })
    told.zotero.version = '8.0.5'
    await expect(told.press('attach')).rejects.toMatchObject({
      code: 'ZOTERO_CANNOT',
      message: expect.stringContaining('Zotero 8.0.5') as string
    })
  })
})
