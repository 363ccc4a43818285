/**
 * Handing papers over to a running Zotero: each is sent once, whatever is lost, refused or cut off in
 * between. Each case has its own paper and Zotero. An abort right after a request arrived leaves the same
 * ledger as a kill; tests/integration/cli/zotero-hand-over.test.ts kills real processes.
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

interface Scenario {
  readonly zotero: ZoteroLoopback
  readonly doi: string
  readonly notices: string[]
  handOver(
    action?: HandoverRequest['action'],
    how?: Partial<ZoteroHow> & { readonly mishap?: Mishap }
  ): Promise<ZoteroOutcome>
}

async function openScenario(version = '9.0.6', api = true): Promise<Scenario> {
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
    async handOver(action = 'send', { mishap, ...how } = {}) {
      const outcomes: ZoteroOutcome[] = []
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
          tell: (outcome) => outcomes.push(outcome),
          notice: (what) => notices.push(what),
          ...how
        }
      )
      const [only, ...more] = outcomes
      expect(more).toEqual([])
      return only!
    }
  }
}

/** The action, how many items have the DOI, and how many files these have. */
async function resultOf(scenario: Scenario, ...args: Parameters<Scenario['handOver']>): Promise<unknown[]> {
  const { action } = await scenario.handOver(...args)
  return [action, ...itemsAndFiles(scenario)]
}

function itemsAndFiles({ zotero, doi }: Scenario): [number, number] {
  const items = zotero.papers().filter(({ data }) => data['DOI'] === doi)
  return [items.length, items.flatMap(({ key }) => zotero.filesOf(key)).length]
}

describe('send', () => {
  test.each([true, false])('three calls create one item with one file (local API %s)', async (api) => {
    const scenario = await openScenario('9.0.6', api)
    expect(await resultOf(scenario)).toEqual(['sent', 1, 1])
    expect(await resultOf(scenario)).toEqual(['existing', 1, 1])
    scenario.zotero.restart()
    expect(await resultOf(scenario)).toEqual(['existing', 1, 1])
    expect(scenario.notices.includes('blind')).toBe(!api)
    const [item] = scenario.zotero.papers()
    expect(item!.data).toMatchObject({ itemType: 'journalArticle', url: `https://doi.org/${scenario.doi}` })
    expect(scenario.zotero.filesOf(item!.key)[0]!.bytes!.subarray(0, 5).toString()).toBe('%PDF-')
  })

  test.each(
    ['/connector/saveItems', '/connector/saveAttachment'].flatMap((path) =>
      [true, false].flatMap((isDone) => [true, false].map((api) => ({ path, isDone, api })))
    )
  )('cut off at $path, carried out: $isDone, local API: $api', async ({ path, isDone, api }) => {
    const scenario = await openScenario('9.0.6', api)
    await expect(scenario.handOver('send', { mishap: { path, isDone, then: 'lost' } })).rejects.toThrow(
      'killed'
    )
    if (!api && path.endsWith('saveAttachment')) {
      // It is unknown whether the file arrived, and a second attempt would create a second file.
      expect(await resultOf(scenario)).toEqual(['unknown', 1, isDone ? 1 : 0])
      scenario.zotero.api = true
    }
    expect(await resultOf(scenario)).toEqual(['sent', 1, 1])
    expect(await resultOf(scenario)).toEqual(['existing', 1, 1])
  })

  test('cut off, and Zotero was restarted: the item is found by its DOI', async () => {
    const scenario = await openScenario()
    const mishap = { path: '/connector/saveItems', isDone: true, then: 'lost' } as const
    await expect(scenario.handOver('send', { mishap })).rejects.toThrow('killed')
    scenario.zotero.restart()
    const failed = await scenario.handOver()
    expect(failed).toMatchObject({ action: 'failed', reason: 'ZOTERO_SESSION_LOST' })
    expect(failed.because).toMatch(/Drag .*\.pdf onto it/)
    expect(itemsAndFiles(scenario)).toEqual([1, 0])
    scenario.zotero.version = '10.0.1'
    expect(await resultOf(scenario)).toEqual(['attached', 1, 1])
    expect(await resultOf(scenario)).toEqual(['existing', 1, 1])
  })

  test.each([
    { path: '/connector/saveItems', isDone: false, then: 503 },
    { path: '/connector/saveAttachment', isDone: false, then: 503 },
    { path: '/api/users/0/items', isDone: false, then: 503 },
    { path: '/connector/saveItems', isDone: true, then: { lateMs: 300 } }
  ] as const)('busy or slow at $path', async (mishap) => {
    const scenario = await openScenario()
    expect(await resultOf(scenario, 'send', { mishap })).toEqual(['sent', 1, 1])
    expect(await resultOf(scenario)).toEqual(['existing', 1, 1])
  })

  test('lost responses while the program keeps running', async () => {
    const scenario = await openScenario()
    scenario.zotero.mishaps.push(
      { path: '/connector/saveItems', isDone: true, then: 'lost' },
      { path: '/connector/saveAttachment', isDone: true, then: 'lost' }
    )
    expect(await resultOf(scenario)).toEqual(['sent', 1, 1])
    const withoutApi = await openScenario('9.0.6', false)
    withoutApi.zotero.mishaps.push(
      { path: '/connector/saveItems', isDone: false, then: 'lost' },
      { path: '/connector/saveItems', isDone: true, then: 'lost' }
    )
    expect(await resultOf(withoutApi)).toEqual(['sent', 1, 1])
  })

  test('refused: the item, the file, the library', async () => {
    const scenario = await openScenario()
    expect(
      await scenario.handOver('send', { mishap: { path: '/connector/saveItems', isDone: false, then: 500 } })
    ).toMatchObject({ action: 'failed', reason: 'ZOTERO_REFUSED' })
    scenario.zotero.selected.libraryEditable = false
    await expect(scenario.handOver()).rejects.toMatchObject({ code: 'ZOTERO_READ_ONLY' })
    scenario.zotero.selected.libraryEditable = true
    expect(await resultOf(scenario)).toEqual(['sent', 1, 1])
  })

  test('an item that the user removed stays removed until it is sent again explicitly; another library gets its own', async () => {
    const scenario = await openScenario()
    await scenario.handOver()
    const other = scenario.zotero.add({ itemType: 'book', title: 'z' })
    scenario.zotero.papers()[0]!.deleted = true
    expect(await resultOf(scenario)).toEqual(['removed', 0, 0])
    expect(await resultOf(scenario, 'send', { again: true })).toEqual(['sent', 1, 1])
    expect(await resultOf(scenario)).toEqual(['existing', 1, 1])
    const [ours] = scenario.zotero.papers().filter(({ key }) => key !== other.key)
    ours!.data['DOI'] = '10.5555/corrected.by.its.user'
    expect((await scenario.handOver()).action).toBe('existing')
    scenario.zotero.items.clear()
    scenario.zotero.restart()
    expect(await resultOf(scenario)).toEqual(['sent', 1, 1])
  })

  test('an existing DOI is left alone, in any spelling; a collection gets what is sent', async () => {
    const scenario = await openScenario()
    scenario.zotero.add({
      itemType: 'report',
      title: 'x',
      extra: `Note: y\nDOI: ${scenario.doi.toUpperCase()}`
    })
    expect(await scenario.handOver()).toMatchObject({ action: 'existing', hasFile: false })
    const next = await openScenario()
    next.zotero.collections.push({ id: 'C12', key: 'COLL0001', name: 'Review' })
    await expect(next.handOver('send', { collection: 'Reviews' })).rejects.toMatchObject({
      code: 'BAD_OPTION'
    })
    expect(await resultOf(next, 'send', { collection: 'Review' })).toEqual(['sent', 1, 1])
    expect(next.zotero.papers()[0]!.data['collections']).toEqual(['COLL0001'])
  })
})

describe('attach', () => {
  async function withItem(): Promise<Scenario & { readonly key: string }> {
    const scenario = await openScenario('10.0.1')
    const { key } = scenario.zotero.add({ itemType: 'journalArticle', title: 'x', DOI: scenario.doi })
    return { ...scenario, key }
  }

  test('gives the item its file, once; a permanent permission is requested once', async () => {
    const scenario = await withItem()
    expect(await resultOf(scenario, 'attach', { dryRun: true })).toEqual(['would_attach', 1, 0])
    expect(await resultOf(scenario, 'attach')).toEqual(['attached', 1, 1])
    expect(await resultOf(scenario, 'attach')).toEqual(['existing', 1, 1])
    const [file] = scenario.zotero.filesOf(scenario.key)
    expect(file!.bytes!.subarray(0, 5).toString()).toBe('%PDF-')
    expect([scenario.zotero.asked, scenario.notices]).toEqual([1, ['confirm']])
    const kept = await readFile(join(sheaf.dataDir, 'keys-zotero.json'), 'utf8')
    const [, key] = /"([0-9a-f]{24})"/.exec(kept)!
    expect(JSON.stringify([sheaf.said, sheaf.lines])).not.toContain(key)
  })

  test('one-time keys, refused keys, and a user who declines', async () => {
    const scenario = await withItem()
    scenario.zotero.confirm = 'once'
    // A key stored by an earlier test is not valid for this Zotero.
    expect(await resultOf(scenario, 'attach')).toEqual(['attached', 1, 1])
    expect(scenario.zotero.asked).toBe(3)
    expect(scenario.notices).toContain('one-time')
    const denied = await withItem()
    denied.zotero.confirm = 'deny'
    await expect(denied.handOver('attach')).rejects.toMatchObject({ code: 'ZOTERO_DENIED' })
    denied.zotero.confirm = 'remember'
    expect(await resultOf(denied, 'attach')).toEqual(['attached', 1, 1])
  })

  test.each([
    ['POST /api/users/0/items', 1],
    ['POST /api/users/0/items', 2],
    ['POST /api/local/upload', 1],
    ['POST /api/users/0/items', 3]
  ] as const)('cut off after %s, time %i', async (request, nth) => {
    const scenario = await withItem()
    const stop = new AbortController()
    const path = request.slice(5)
    const mishap: Mishap = {
      path,
      isDone: true,
      then: { lateMs: 20 },
      meanwhile: () => {
        const posts = scenario.zotero.requests.filter((one) => one.startsWith(request))
        if (posts.length === nth) stop.abort(new Error('killed'))
        else scenario.zotero.mishaps.push(mishap)
      }
    }
    scenario.zotero.mishaps.push(mishap)
    await expect(scenario.handOver('attach', { signal: stop.signal })).rejects.toThrow('killed')
    scenario.zotero.mishaps.length = 0
    expect(await resultOf(scenario, 'attach')).toEqual(['attached', 1, 1])
    expect(scenario.zotero.filesOf(scenario.key)[0]!.bytes!.length).toBeGreaterThan(1_000)
    expect(await resultOf(scenario, 'attach')).toEqual(['existing', 1, 1])
  })

  test('lost responses while the program keeps running, and a busy Zotero', async () => {
    const scenario = await withItem()
    scenario.zotero.mishaps.push(
      { path: '/api/users/0/items/', isDone: false, then: 503 },
      { path: '/api/local/upload', isDone: true, then: 'lost' }
    )
    expect(await resultOf(scenario, 'attach')).toEqual(['attached', 1, 1])
  })

  test('is refused with the reason by versions and settings that do not allow it', async () => {
    const scenario = await withItem()
    scenario.zotero.api = false
    await expect(scenario.handOver('attach')).rejects.toMatchObject({ code: 'ZOTERO_API_OFF' })
    scenario.zotero.version = '8.0.5'
    await expect(scenario.handOver('attach')).rejects.toMatchObject({
      code: 'ZOTERO_CANNOT',
      message: expect.stringContaining('Zotero 8.0.5') as string
    })
  })
})
