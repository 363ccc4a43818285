/**
 * G12: a missing folder or database never causes a second download. The tests simulate user accidents with
 * real folders that are moved, copied and lost between two runs of the real engine; the web counts the
 * requests.
 */
import { createHash } from 'node:crypto'
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Line, SummaryLine } from '../../src/contract/lines'
import type { Settings } from '../../src/contract/settings'
import type { Host } from '../../src/main/platform/host'
import { makeLog, type LogLine } from '../../src/main/platform/log'
import { nodeHost } from '../../src/main/platform/node-host'
import { openSheaf } from '../../src/main/sheaf'
import type { Sheaf } from '../../src/main/sheaf-api'
import type { SheafOptions } from '../../src/main/sheaf-requests'
import { inCanary } from '../../src/main/works/keys'
import { jumpingClock } from '../kit/jumping-clock'
import { draft, worldSettings } from '../kit/sheaf-world'
import { tempFolder } from '../kit/temp-folder'
import { startWorld } from '../web/scholarly'
import type { Web } from '../web/web'

const KEYS = ['alpha', 'beta', 'gamma'] as const
const DOIS = KEYS.map((key) => `10.5555/${key}`)
const never = new AbortController().signal

interface Place {
  readonly web: Web
  readonly folder: string
  readonly logLines: LogLine[]
  readonly lines: Line[]
  /** how many file requests arrived since the last call */
  filesAsked(): number
  with<T>(options: Partial<SheafOptions>, use: (sheaf: Sheaf) => Promise<T>): Promise<T>
  /** plans and fetches the three papers */
  run(options?: Partial<SheafOptions>, dois?: readonly string[]): Promise<SummaryLine>
}

async function makePlace(
  settings: Partial<Settings> = {},
  wear: (host: Host) => Host = (host) => host
): Promise<Place> {
  const { web } = await startWorld(KEYS.map((key) => ({ key, copies: [{ via: 'unpaywall' }] })))
  onTestFinished(() => web.close())
  const folder = tempFolder('g12')
  const logLines: LogLine[] = []
  const lines: Line[] = []
  const log = makeLog(
    (line) => logLines.push(line),
    'debug',
    () => Date.now() / 1000
  )
  const host = wear(nodeHost(log))
  const place: Place = {
    web,
    folder,
    logLines,
    lines,
    filesAsked() {
      const asked = web.requests.filter((one) => one.url.includes('.pdf')).length
      web.forget()
      return asked
    },
    async with(options, use) {
      const sheaf = await openSheaf(host, {
        dataDir: join(folder, 'data'),
        libraryDir: join(folder, 'library'),
        settings: worldSettings(web, settings),
        version: '0.0.0-test',
        onDamage: 'throw',
        ...options
      })
      sheaf.on((line) => lines.push(line))
      try {
        return await use(sheaf)
      } finally {
        await sheaf.close()
      }
    },
    run: (options = {}, dois = DOIS) =>
      place.with(options, (sheaf) =>
        sheaf.run({ plan: { drafts: dois.map(draft), formats: ['pdf'] } }, never)
      )
  }
  return place
}

const bytesFetched = (summary: SummaryLine): number => summary.bytes_fetched

async function objectsIn(library: string): Promise<string[]> {
  const found: string[] = []
  for (const shard of await readdir(join(library, 'objects')))
    for (const name of await readdir(join(library, 'objects', shard))) {
      const bytes = await readFile(join(library, 'objects', shard, name))
      expect(name, 'an object has the bytes of its name').toContain(
        createHash('sha256').update(bytes).digest('hex')
      )
      found.push(name)
    }
  return found.sort()
}

const statesOf = (sheaf: Sheaf): unknown[] => sheaf.jobs({}).map((row) => row['state'])

describe('the library is missing', () => {
  test('unplugged: every command is refused with the ways to continue, and nothing is requeued', async () => {
    const place = await makePlace()
    expect(await place.run()).toMatchObject({ done: 3 })
    const id = await idOf(join(place.folder, 'library'))
    await rename(join(place.folder, 'library'), join(place.folder, 'unplugged'))
    place.filesAsked()

    await expect(place.run()).rejects.toMatchObject({ code: 'LIBRARY_MISSING' })
    await expect(place.run()).rejects.toThrow(
      new RegExp(`${join(place.folder, 'library')}.*${id}.*--out.*--new-library`)
    )
    expect(await readdir(place.folder), 'nothing was created in its place').not.toContain('library')

    await rename(join(place.folder, 'unplugged'), join(place.folder, 'library'))
    expect(await place.run()).toMatchObject({ planned: 0, existing: 3, bytes_fetched: 0 })
    expect(place.filesAsked()).toBe(0)
  })

  test('an empty folder, or another library, at the same path is not mistaken for it', async () => {
    const place = await makePlace()
    await place.run()
    const library = join(place.folder, 'library')
    await rename(library, join(place.folder, 'real'))
    await mkdir(library)
    await expect(place.run()).rejects.toMatchObject({ code: 'LIBRARY_MISSING' })
    await place.run({ dataDir: join(place.folder, 'other data') }, [])
    await expect(place.run()).rejects.toThrow('another library')
    await place.with({ newLibrary: true }, (sheaf) => {
      expect(statesOf(sheaf), 'given up by the user: still nothing is requeued').toEqual(
        KEYS.map(() => 'DEDUPED')
      )
      return Promise.resolve()
    })
  })

  test('in the app it opens, pauses with the reason, and continues when the library is back', async () => {
    const place = await makePlace()
    await place.run(undefined, DOIS.slice(0, 2))
    await rename(join(place.folder, 'library'), join(place.folder, 'unplugged'))
    await place.with({ onMissingLibrary: 'pause' }, async (sheaf) => {
      expect(sheaf.standsStill()).toMatchObject({ code: 'LIBRARY_MISSING' })
      await expect(sheaf.reconcile({ verifyHashes: false, why: 'test' }, never)).rejects.toMatchObject({
        code: 'LIBRARY_MISSING'
      })
      expect(statesOf(sheaf)).toEqual(['DEDUPED', 'DEDUPED'])
      expect(await sheaf.findLibrary({ startNew: false })).toBe(false)
      await rename(join(place.folder, 'unplugged'), join(place.folder, 'library'))
      expect(await sheaf.findLibrary({ startNew: false })).toBe(true)
      expect(sheaf.standsStill()).toBeNull()
      const plan = { drafts: DOIS.map(draft), formats: ['pdf'] as const }
      expect(await sheaf.run({ plan }, never)).toMatchObject({ done: 1, existing: 2 })
    })
  })

  test('without its library.json it is recognised by its papers', async () => {
    const place = await makePlace()
    await place.run()
    const library = join(place.folder, 'library')
    const id = await idOf(library)
    await rm(join(library, '.sheaf'), { recursive: true })
    expect(await place.run()).toMatchObject({ existing: 3, bytes_fetched: 0 })
    expect(await idOf(library)).toBe(id)
  })

  test('moved: it is recognised by its id', async () => {
    const place = await makePlace()
    await place.run()
    const moved = join(place.folder, 'moved')
    await rename(join(place.folder, 'library'), moved)
    expect(await place.run({ libraryDir: moved })).toMatchObject({ existing: 3, failed: 0, bytes_fetched: 0 })
    expect(place.lines.filter((line) => line.type === 'error')).toEqual([])
  })

  test('it disappears during a check: nothing is requeued', async () => {
    const place = await makePlace()
    await place.run()
    await place.with({}, async (sheaf) => {
      await rename(join(place.folder, 'library'), join(place.folder, 'unplugged'))
      await expect(sheaf.reconcile({ verifyHashes: true, why: 'test' }, never)).rejects.toMatchObject({
        code: 'LIBRARY_MISSING'
      })
      expect(statesOf(sheaf)).toEqual(KEYS.map(() => 'DEDUPED'))
      await rename(join(place.folder, 'unplugged'), join(place.folder, 'library'))
    })
  })
})

describe('another --out', () => {
  test('papers are copied from the former library with their hashes, and none is fetched', async () => {
    const place = await makePlace()
    await place.run()
    place.filesAsked()
    const other = join(place.folder, 'other')
    expect(await place.run({ libraryDir: other })).toMatchObject({ existing: 3, failed: 0 })
    expect(place.filesAsked()).toBe(0)
    expect(await objectsIn(other)).toEqual(await objectsIn(join(place.folder, 'library')))
    expect(await readdir(join(other, 'papers'))).toHaveLength(3)
    expect((await readFile(join(other, 'manifest.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(3)
    await place.with({ libraryDir: other }, async (sheaf) => {
      expect(await sheaf.reconcile({ verifyHashes: true, why: 'test' }, never)).toMatchObject({
        requeued: 0,
        quarantined: 0,
        unknown_files: 0
      })
    })
  })

  test('how far it is, is said every ten seconds; ended in between, the next run goes on', async () => {
    const clock = jumpingClock()
    const ending = new AbortController()
    let other = ''
    let links = 0
    const place = await makePlace({}, (host) => {
      const { files } = host
      const linkUnsynced: typeof files.linkUnsynced = async (existing, path) => {
        await files.linkUnsynced(existing, path)
        if (other === '' || !path.startsWith(other)) return
        clock.jump(6)
        links += 1
        // Object and name of the first paper, object of the second.
        if (links === 3) ending.abort(new Error('the user ended it'))
      }
      return clock.wear({ ...host, files: { ...files, linkUnsynced } })
    })
    await place.run()
    place.filesAsked()
    other = join(place.folder, 'other')
    const plan = { drafts: DOIS.map(draft), formats: ['pdf'] as const }
    await place.with({ libraryDir: other }, (sheaf) => sheaf.run({ plan }, ending.signal).catch(() => null))
    expect(await objectsIn(other)).toHaveLength(2)
    expect(await place.run({ libraryDir: other })).toMatchObject({ existing: 3, failed: 0 })
    expect(await objectsIn(other)).toEqual(await objectsIn(join(place.folder, 'library')))
    expect(place.filesAsked()).toBe(0)
    expect(links).toBe(6)
    const progress = place.logLines.map(({ sentence }) => sentence).filter((text) => text.endsWith('so far.'))
    expect(progress).toEqual(['1 of 3 papers linked or copied from the former library so far.'])
  })

  test('unreachable files are named and stay recorded; damaged files are not copied', async () => {
    const place = await makePlace()
    await place.run()
    const library = join(place.folder, 'library')
    const [victim] = await objectsIn(library)
    const path = join(library, 'objects', victim!.slice(0, 2), victim!)
    await rm(path)
    await writeFile(path, 'not the paper any more')
    for (const name of await readdir(join(library, 'papers'))) {
      const paper = join(library, 'papers', name)
      if (
        createHash('sha256')
          .update(await readFile(paper))
          .digest('hex') === victim!.slice(0, 64)
      )
        await rm(paper)
    }
    place.filesAsked()
    const other = join(place.folder, 'other')
    await place.run({ libraryDir: other })
    expect(await objectsIn(other)).toHaveLength(2)
    const [error] = place.lines.filter((line) => line.type === 'error')
    expect(error).toMatchObject({ code: 'LIBRARY_MISSING' })
    expect(error?.type === 'error' ? error.works : []).toHaveLength(1)

    await rename(library, join(place.folder, 'away'))
    const third = join(place.folder, 'third')
    await rename(other, join(place.folder, 'away too'))
    place.lines.splice(0)
    expect(bytesFetched(await place.run({ libraryDir: third }))).toBe(0)
    const named = place.lines.find((line) => line.type === 'error')
    for (const doi of DOIS) expect(JSON.stringify(named)).toContain(doi)
    expect(place.filesAsked()).toBe(0)
  })
})

describe('the ledger is missing', () => {
  test('data folder lost: the next run adopts every paper by manifest and hash before it plans', async () => {
    const place = await makePlace()
    await place.run()
    const ids = await place.with({}, (sheaf) => Promise.resolve(jobIds(sheaf)))
    place.filesAsked()
    await rm(join(place.folder, 'data'), { recursive: true })
    expect(await place.run()).toMatchObject({ planned: 0, existing: 3, failed: 0, bytes_fetched: 0 })
    expect(place.filesAsked()).toBe(0)
    await place.with({}, async (sheaf) => {
      expect(jobIds(sheaf), 'ids are derived from keys').toEqual(ids)
      expect(statesOf(sheaf)).toEqual(KEYS.map(() => 'DEDUPED'))
      expect([...sheaf.library()]).toHaveLength(3)
      expect(await sheaf.reconcile({ verifyHashes: true, why: 'test' }, never)).toMatchObject({
        requeued: 0,
        unknown_files: 0
      })
    })
  })

  test('copied to a second machine, its papers are known there', async () => {
    const place = await makePlace()
    await place.run()
    place.filesAsked()
    const library = join(place.folder, 'copy')
    await cp(join(place.folder, 'library'), library, { recursive: true })
    const second = { dataDir: join(place.folder, 'second data'), libraryDir: library }
    expect(await place.run(second)).toMatchObject({ planned: 0, existing: 3, bytes_fetched: 0 })
    expect(place.filesAsked()).toBe(0)
    expect(place.logLines.map((line) => line.sentence).join('\n')).toContain(
      'Another ledger used this library'
    )
  })

  test('two ledgers on one library at the same time: the second is refused', async () => {
    const place = await makePlace()
    await place.with({}, async () => {
      await expect(place.run({ dataDir: join(place.folder, 'second data') })).rejects.toMatchObject({
        code: 'LEDGER_IN_USE'
      })
    })
  })

  test('rebuild: the same ids, the same result twice, and hostile or damaged lines are reported', async () => {
    const place = await makePlace()
    await place.run()
    const library = join(place.folder, 'library')
    const ids = await place.with({}, (sheaf) => Promise.resolve(jobIds(sheaf)))
    const manifest = join(library, 'manifest.jsonl')
    const listed = (await readFile(manifest, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>)
    const line = (of: string): Record<string, string> =>
      listed.find((one) => one['work_id']?.endsWith(of) === true)!
    const damaged = join(library, line('beta')['path']!)
    await rm(damaged)
    await writeFile(damaged, 'tampered')
    await rm(join(library, line('beta')['paper']!))
    await rm(join(library, line('gamma')['path']!))
    await rm(join(library, line('gamma')['paper']!))
    const outside = join(place.folder, 'secret.pdf')
    await writeFile(outside, 'somebody’s own file')
    const traversal = { ...line('alpha'), work_id: 'doi:10.5555/evil', artifact_id: 'doi:10.5555/evil#pdf' }
    const more = [
      { ...traversal, path: '../secret.pdf' },
      {
        ...line('alpha'),
        work_id: 'doi:10.5555/named',
        artifact_id: 'doi:10.5555/named#pdf',
        paper: '../../x.pdf'
      },
      { ...traversal, work_id: '../../etc', artifact_id: '../../etc#pdf' },
      'no line at all'
    ]
    const texts = more.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
    await writeFile(manifest, `${texts.join('\n')}\n`, { flag: 'a' })
    await rm(join(place.folder, 'data'), { recursive: true })
    const off = { settings: worldSettings(place.web, { 'safety.switch': 'off' }) }
    const rebuilt = await place.with(off, (sheaf) => sheaf.rebuild({}, never))
    expect(rebuilt).toMatchObject({ works: 4, jobs: 4, artifacts: 2 })
    const problems = rebuilt.problems.join('\n')
    expect(problems).toMatch(/10\.5555\/beta.*damaged/)
    expect(problems).toMatch(/10\.5555\/gamma.*missing/)
    expect(problems).toMatch(/10\.5555\/evil.*secret/)
    expect(problems).toMatch(/10\.5555\/named.*readable name/)
    expect(problems).toContain('../../etc')
    expect(problems).toMatch(/line 7: it is not JSON/)
    expect(await readFile(outside, 'utf8')).toBe('somebody’s own file')
    await place.with(off, async (sheaf) => {
      for (const id of ids) expect(jobIds(sheaf)).toContain(id)
      expect(await sheaf.rebuild({}, never)).toMatchObject({ works: 4, jobs: 4, artifacts: 2, adopted: [] })
      expect(await sheaf.quarantineList()).toHaveLength(1)
    })
    // The two lost files are fetched again with the same bytes; nothing else is.
    place.filesAsked()
    expect(await place.run()).toMatchObject({ done: 2, failed: 0 })
    expect(await objectsIn(library)).toHaveLength(3)
  })
})

describe('the switch', () => {
  test('off, then on: unrecorded downloads are adopted', async () => {
    const place = await makePlace()
    const off = { settings: worldSettings(place.web, { 'safety.switch': 'off' }) }
    expect(await place.run(off)).toMatchObject({ done: 3 })
    place.filesAsked()
    expect(await place.run()).toMatchObject({ planned: 0, existing: 3, bytes_fetched: 0 })
    expect(place.filesAsked()).toBe(0)
  })

  test('canary, on, canary again: each paper was fetched once', async () => {
    const place = await makePlace()
    const percent = [...Array(100).keys()].find((n) => {
      const inside = DOIS.filter((doi) => inCanary(`doi:${doi}`, n)).length
      return inside > 0 && inside < DOIS.length
    })!
    const canary = {
      settings: worldSettings(place.web, { 'safety.switch': 'canary', 'safety.canaryPercent': percent })
    }
    expect(await place.run(canary)).toMatchObject({ done: 3 })
    await place.with(canary, async (sheaf) => {
      await sheaf.reconcile({ verifyHashes: false, why: 'test' }, never)
      expect(sheaf.jobs({}).length, 'the control group is not recorded').toBeLessThan(3)
    })
    place.filesAsked()
    expect(await place.run()).toMatchObject({ planned: 0, existing: 3, bytes_fetched: 0 })
    expect(place.filesAsked()).toBe(0)
  })

  test('on, then a small canary: recorded papers are not fetched again', async () => {
    const place = await makePlace()
    await place.run()
    place.filesAsked()
    const canary = {
      settings: worldSettings(place.web, { 'safety.switch': 'canary', 'safety.canaryPercent': 0 })
    }
    expect(await place.run(canary)).toMatchObject({ existing: 3, done: 0, bytes_fetched: 0 })
    expect(place.filesAsked()).toBe(0)
  })

  test('papers that the user removed are not adopted again', async () => {
    const place = await makePlace()
    await place.run()
    const library = join(place.folder, 'library')
    const listed = await readFile(join(library, 'manifest.jsonl'), 'utf8')
    await place.with({}, (sheaf) => sheaf.remove('doi:10.5555/alpha'))
    await writeFile(join(library, 'manifest.jsonl'), listed)
    await place.with({}, async (sheaf) => {
      await sheaf.reconcile({ verifyHashes: false, why: 'test' }, never)
      expect([...sheaf.library()].map((entry) => entry.workId)).not.toContain('doi:10.5555/alpha')
    })
  })
})

describe('a repair', () => {
  test('accepts the same bytes only; other bytes wait in the quarantine for the user’s decision', async () => {
    const place = await makePlace()
    await place.run()
    const library = join(place.folder, 'library')
    const before = await objectsIn(library)
    await place.with({}, async (sheaf) => {
      for (const { artifact } of [...sheaf.library()]) {
        await rm(join(library, artifact.path))
        await rm(join(library, artifact.paperPath ?? ''))
      }
    })
    // The same papers at the same URLs, but alpha's file has changed.
    const { web } = await startWorld(
      KEYS.map((key) => ({
        key,
        copies: [{ via: 'unpaywall' as const }],
        ...(key === 'alpha' ? { bytes: 91_000 } : {})
      }))
    )
    onTestFinished(() => web.close())
    const changed = { settings: worldSettings(web) }
    const summary = await place.run(changed)
    expect(summary).toMatchObject({ done: 2, failed: 1, by_reason: { OTHER_BYTES: 1 } })
    const kept = await objectsIn(library)
    expect(kept).toHaveLength(2)
    for (const name of kept) expect(before).toContain(name)
    await place.with(changed, async (sheaf) => {
      const [waiting] = await sheaf.quarantineList()
      expect(waiting).toMatchObject({ workId: 'doi:10.5555/alpha' })
      expect(await sheaf.quarantineAccept(waiting!.id, never)).toMatchObject({ state: 'DEDUPED' })
    })
    expect(await objectsIn(library)).toHaveLength(3)
  })
})

function jobIds(sheaf: Sheaf): string[] {
  return sheaf
    .jobs({})
    .map((row) => String(row['job_id']))
    .sort()
}

async function idOf(library: string): Promise<string> {
  const text = await readFile(join(library, '.sheaf/library.json'), 'utf8')
  const { id } = JSON.parse(text) as { id: string }
  expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(basename(library)).not.toBe('')
  return id
}
