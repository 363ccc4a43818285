/**
 * Papers that need a person, and the download folder from which they arrive: each is attached exactly once,
 * whatever the browser, the drive and the process do meanwhile; originals are only read. Real files, a real
 * ledger, real processes.
 */
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { WorkDraft } from '../../src/contract/work'
import type { CaughtFile } from '../../src/main/sheaf-api'
import { makePdf, type PaperText } from '../kit/make-pdf'
import { runCli } from '../kit/run-cli'
import { draft, openWorld, type SheafWorld, type WorldOptions } from '../kit/sheaf-world'
import { tempFolder } from '../kit/temp-folder'
import { waitFor } from '../kit/wait-for'
import { startWorld } from '../web/scholarly'

const never = new AbortController().signal

/** `unnamed`: no DOI is printed in it. */
function paper(n: number, more: Partial<PaperText> & { readonly unnamed?: true } = {}): Uint8Array {
  const { unnamed, ...text } = more
  return makePdf({
    title: `Observation ${String(n)} of the drifting sand at shore ${String(n)}`,
    authors: [`Ada Mirror${String(n)}`, 'Boris Lantern'],
    year: 2019,
    ...(unnamed === true ? {} : { doi: `10.5555/sand.${String(n)}` }),
    ...text
  })
}

/** Works of which no source has a copy, tried and failed: they wait for a person. */
async function waiting(works: readonly number[], options: WorldOptions = {}): Promise<SheafWorld> {
  const { web } = await startWorld([])
  onTestFinished(() => web.close())
  const world = await openWorld(web, {
    ...options,
    settings: { 'safety.maxAttempts': 1, ...options.settings }
  })
  const drafts = works.map((n): WorkDraft => ({
    ...draft(`10.5555/sand.${String(n)}`),
    facts: {
      title: `Observation ${String(n)} of the drifting sand at shore ${String(n)}`,
      authors: [`Ada Mirror${String(n)}`, 'Boris Lantern'],
      year: 2019
    }
  }))
  await world.sheaf.run({ plan: { drafts, formats: ['pdf'], list: { name: 'shores' } } }, never)
  return world
}

interface Watch {
  readonly caught: CaughtFile[]
  readonly there: boolean[]
  readonly stop: () => Promise<void>
  /** the fate of this file, once it has one */
  readonly fate: (name: string) => Promise<CaughtFile>
}

async function watching(world: SheafWorld, folder: string): Promise<Watch> {
  const caught: CaughtFile[] = []
  const there: boolean[] = []
  const ending = new AbortController()
  const ended = world.sheaf.handOff.watch(folder, {
    signal: ending.signal,
    everyMs: 40,
    tell: (file) => caught.push(file),
    onFolder: (isThere) => there.push(isThere)
  })
  const stop = async (): Promise<void> => {
    ending.abort()
    await ended
  }
  onTestFinished(stop)
  await waitFor('the folder says so', () => there.length > 0)
  const fate = async (name: string): Promise<CaughtFile> => {
    await waitFor('the folder says so', () => caught.some((file) => file.file === join(folder, name)))
    return caught.findLast((file) => file.file === join(folder, name)) as CaughtFile
  }
  return { caught, there, stop, fate }
}

const handedOff = (world: SheafWorld): readonly string[] =>
  world.sheaf.handOffList({ offset: 0, limit: 100 }).rows.map((row) => row.identifier)

describe('the list', () => {
  test('has what failed for good, with its page through the library’s proxy, its reason, and nothing that was skipped', async () => {
    const world = await waiting([1, 2, 3], {
      settings: { 'network.proxyPrefix': 'https://go.openathens.net/redirector/example.edu?url=' }
    })
    const before = world.sheaf.handOffList({ offset: 0, limit: 2 })
    expect(before.total).toBe(3)
    expect(before.rows).toHaveLength(2)
    expect(before.rows[0]).toMatchObject({
      identifier: '10.5555/sand.1',
      reason: 'NO_OPEN_COPY',
      title: 'Observation 1 of the drifting sand at shore 1',
      url: 'https://go.openathens.net/redirector/example.edu?url=https%3A%2F%2Fdoi.org%2F10.5555%2Fsand.1',
      question: null
    })
    await world.sheaf.ignore([before.rows[0]?.jobId ?? ''])
    expect(handedOff(world)).toEqual(['10.5555/sand.2', '10.5555/sand.3'])
    expect(world.sheaf.handOffList({ list: 'shores', offset: 0, limit: 9 }).total).toBe(2)
    expect(() => world.sheaf.handOffList({ list: 'hills', offset: 0, limit: 9 })).toThrow('hills')
  })
})

describe('the watched folder', () => {
  test('attaches what is surely a paper that waits, once; leaves the original, its copy, and everything else alone', async () => {
    const world = await waiting([1, 2])
    const folder = tempFolder('downloads')
    writeFileSync(join(folder, 'old.pdf'), paper(2))
    const watch = await watching(world, folder)

    const bytes = paper(1)
    writeFileSync(join(folder, 'main.pdf'), bytes)
    const first = await watch.fate('main.pdf')
    expect(first).toMatchObject({ outcome: 'attached', work_id: 'doi:10.5555/sand.1' })
    expect(readFileSync(first.path ?? '')).toEqual(Buffer.from(bytes))
    expect(readFileSync(join(folder, 'main.pdf'))).toEqual(Buffer.from(bytes))
    expect(statSync(join(folder, 'main.pdf')).nlink).toBe(1)

    writeFileSync(join(folder, 'main (1).pdf'), bytes)
    expect(await watch.fate('main (1).pdf')).toMatchObject({ outcome: 'other' })
    // Publishers stamp each download: other bytes of a paper that has its file.
    writeFileSync(join(folder, 'main (2).pdf'), paper(1, { header: 'Downloaded on a Tuesday' }))
    expect(await watch.fate('main (2).pdf')).toMatchObject({ outcome: 'other' })
    writeFileSync(
      join(folder, 'invoice.pdf'),
      makePdf({ title: 'Invoice 2231 for three chairs', authors: [], year: 2020 })
    )
    expect(await watch.fate('invoice.pdf')).toMatchObject({ outcome: 'other' })
    writeFileSync(join(folder, 'notes.txt'), 'no paper')

    expect((await world.objects()).size).toBe(1)
    expect(handedOff(world)).toEqual(['10.5555/sand.2'])
    expect(watch.caught.map((file) => file.outcome)).toEqual(['attached', 'other', 'other', 'other'])
  })

  test('waits for a file that is on its way, under whatever name, and for one that grows under its own', async () => {
    const world = await waiting([1, 2, 3])
    const folder = tempFolder('downloads')
    const watch = await watching(world, folder)
    // Chrome: renamed when it is whole.
    writeFileSync(join(folder, 'Unconfirmed 12.crdownload'), paper(1))
    // Firefox: an empty file holds the name meanwhile.
    writeFileSync(join(folder, 'two.pdf'), '')
    writeFileSync(join(folder, 'two.pdf.part'), paper(2).subarray(0, 900))
    // A program that writes under the name itself, and stops half way for longer than a look.
    const three = paper(3)
    writeFileSync(join(folder, 'three.pdf'), three.subarray(0, three.length / 2))
    expect(await watch.fate('three.pdf')).toMatchObject({ outcome: 'other' })
    expect(watch.caught).toHaveLength(1)

    renameSync(join(folder, 'Unconfirmed 12.crdownload'), join(folder, 'one'))
    writeFileSync(join(folder, 'two.pdf.part'), paper(2))
    renameSync(join(folder, 'two.pdf.part'), join(folder, 'two.pdf'))
    appendFileSync(join(folder, 'three.pdf'), three.subarray(three.length / 2))
    await waitFor(
      'the folder says so',
      () => watch.caught.filter((file) => file.outcome === 'attached').length === 3
    )
    expect(handedOff(world)).toEqual([])
    expect((await world.objects()).size).toBe(3)
  })

  test('asks about a file that may be a paper; the answer is done once, and is kept', async () => {
    const world = await waiting([4, 5])
    const folder = tempFolder('downloads')
    const watch = await watching(world, folder)
    const odd = makePdf({
      title: 'A title that the publisher changed afterwards',
      authors: ['Nemo Other'],
      year: 2020
    })
    writeFileSync(join(folder, '10.5555_sand.4.pdf'), odd)
    const asked = await watch.fate('10.5555_sand.4.pdf')
    expect(asked).toMatchObject({ outcome: 'asked', work_id: 'doi:10.5555/sand.4' })
    writeFileSync(join(folder, 'again 10.5555_sand.4.pdf'), odd)
    expect(await watch.fate('again 10.5555_sand.4.pdf')).toMatchObject({ outcome: 'other' })
    const row = world.sheaf.handOffList({ offset: 0, limit: 9 }).rows.find((one) => one.question !== null)
    expect(row?.identifier).toBe('10.5555/sand.4')
    expect((await world.objects()).size).toBe(0)

    const done = await world.sheaf.handOff.answer(asked.sha256 ?? '', true, never)
    expect(done).toMatchObject({ outcome: 'attached' })
    expect(handedOff(world)).toEqual(['10.5555/sand.5'])
    await expect(world.sheaf.handOff.answer(asked.sha256 ?? '', true, never)).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND'
    })

    const wrong = makePdf({
      title: 'Yet another title of nothing that was asked for',
      authors: ['Nemo Other'],
      year: 2020
    })
    writeFileSync(join(folder, '10.5555_sand.5.pdf'), wrong)
    const no = await watch.fate('10.5555_sand.5.pdf')
    await world.sheaf.handOff.answer(no.sha256 ?? '', false, never)
    expect(world.sheaf.handOffList({ offset: 0, limit: 9 }).rows).toMatchObject([{ question: null }])
    await world.reopen()
    const later = await watching(world, folder)
    writeFileSync(
      join(folder, 'end.pdf'),
      makePdf({ title: 'Nothing of the kind at all', authors: [], year: 2020 })
    )
    await later.fate('end.pdf')
    expect(later.caught).toHaveLength(1)
  })

  test('sees what came while Sheaf was closed, and waits for a folder that is away', async () => {
    const world = await waiting([1, 2, 3])
    const folder = join(tempFolder('drive'), 'Downloads')
    const away = await watching(world, folder)
    expect(away.there).toEqual([false])
    mkdirSync(folder)
    writeFileSync(join(folder, 'before.pdf'), paper(3))
    await waitFor('the folder says so', () => away.there.at(-1) === true)
    await away.stop()
    await world.sheaf.close().catch(() => undefined)

    // wget gives a file the server's time; it came all the same.
    writeFileSync(join(folder, 'while-closed.pdf'), paper(1))
    utimesSync(join(folder, 'while-closed.pdf'), 1_500_000_000, 1_500_000_000)
    await world.reopen()
    const watch = await watching(world, folder)
    expect(await watch.fate('while-closed.pdf')).toMatchObject({ outcome: 'attached' })
    // The drive is pulled, and comes back with one more.
    renameSync(folder, `${folder}-away`)
    await waitFor('the folder says so', () => watch.there.at(-1) === false)
    writeFileSync(join(`${folder}-away`, 'later.pdf'), paper(2))
    renameSync(`${folder}-away`, folder)
    expect(await watch.fate('later.pdf')).toMatchObject({ outcome: 'attached' })
    expect(handedOff(world)).toEqual(['10.5555/sand.3'])
  })

  test(
    'on the command line: the list, then one look; killed between attaching and noting it, nothing doubles',
    { timeout: 180_000 },
    async () => {
      const world = await waiting([1, 2])
      await world.sheaf.close()
      const folder = tempFolder('downloads')
      const here = ['--data-dir', world.dataDir, '--out', world.libraryDir, '--enable-idempotency', '--json']
      const listed = await runCli(['handoff', ...here])
      expect(listed.status).toBe(0)
      expect(listed.lines).toMatchObject([
        {
          type: 'handoff',
          identifier: '10.5555/sand.1',
          reason: 'NO_OPEN_COPY',
          url: 'https://doi.org/10.5555/sand.1'
        },
        { type: 'handoff', identifier: '10.5555/sand.2' },
        { type: 'summary', waiting: 2, shown: 2 }
      ])
      expect((await runCli(['handoff', '--watch', folder, '--once', ...here])).status).toBe(0)
      writeFileSync(join(folder, 'one.pdf'), paper(1))
      const killed = await runCli(['handoff', '--watch', folder, '--once', ...here], {
        env: { SHEAF_DIE_AT: 'FINALIZE: recorded' }
      })
      const again = await runCli(['handoff', '--watch', folder, '--once', ...here])
      expect(killed.signal).toBe('SIGKILL')
      expect(again.lines).toContainEqual(
        expect.objectContaining({ type: 'caught', file: join(folder, 'one.pdf'), outcome: 'attached' })
      )
      expect((await world.objects()).size).toBe(1)
      const left = await runCli(['handoff', ...here])
      expect(left.lines).toMatchObject([{ identifier: '10.5555/sand.2' }, { waiting: 1 }])
      expect((await runCli(['handoff', '--once', ...here])).status).toBe(2)
      rmSync(folder, { recursive: true })
    }
  )
})
