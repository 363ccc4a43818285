/**
 * Papers that need the user, and the watched download folder: each file is attached exactly once, whatever
 * happens to browser, drive and process meanwhile; originals are only read. Real files, a real ledger, real
 * processes.
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

/** `unnamed`: the file contains no DOI. */
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

/** Works without a copy at any source, tried and failed: they need the user. */
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
  /** the result for this file, once there is one */
  readonly resultFor: (name: string) => Promise<CaughtFile>
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
  await waitFor('the folder reports it', () => there.length > 0)
  const resultFor = async (name: string): Promise<CaughtFile> => {
    await waitFor('the folder reports it', () => caught.some((file) => file.file === join(folder, name)))
    return caught.findLast((file) => file.file === join(folder, name)) as CaughtFile
  }
  return { caught, there, stop, resultFor }
}

const handedOff = (world: SheafWorld): readonly string[] =>
  world.sheaf.handOffList({ offset: 0, limit: 100 }).rows.map((row) => row.identifier)

describe('the list of papers that need the user', () => {
  test('has the permanent failures, with page (through the library’s proxy) and reason, and no skipped job', async () => {
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
  test('a file that certainly is a waiting paper is attached once; original, copies and other files stay untouched', async () => {
    const world = await waiting([1, 2])
    const folder = tempFolder('downloads')
    writeFileSync(join(folder, 'old.pdf'), paper(2))
    const watch = await watching(world, folder)

    const bytes = paper(1)
    writeFileSync(join(folder, 'main.pdf'), bytes)
    const first = await watch.resultFor('main.pdf')
    expect(first).toMatchObject({ outcome: 'attached', work_id: 'doi:10.5555/sand.1' })
    expect(readFileSync(first.path ?? '')).toEqual(Buffer.from(bytes))
    expect(readFileSync(join(folder, 'main.pdf'))).toEqual(Buffer.from(bytes))
    expect(statSync(join(folder, 'main.pdf')).nlink).toBe(1)

    writeFileSync(join(folder, 'main (1).pdf'), bytes)
    expect(await watch.resultFor('main (1).pdf')).toMatchObject({ outcome: 'other' })
    // Publishers stamp each download: these are other bytes of a paper that already has its file.
    writeFileSync(join(folder, 'main (2).pdf'), paper(1, { header: 'Downloaded on a Tuesday' }))
    expect(await watch.resultFor('main (2).pdf')).toMatchObject({ outcome: 'other' })
    writeFileSync(
      join(folder, 'invoice.pdf'),
      makePdf({ title: 'Invoice 2231 for three chairs', authors: [], year: 2020 })
    )
    expect(await watch.resultFor('invoice.pdf')).toMatchObject({ outcome: 'other' })
    writeFileSync(join(folder, 'notes.txt'), 'no paper')

    expect((await world.objects()).size).toBe(1)
    expect(handedOff(world)).toEqual(['10.5555/sand.2'])
    expect(watch.caught.map((file) => file.outcome)).toEqual(['attached', 'other', 'other', 'other'])
  })

  test('a download in progress is not read, under a temporary name or growing under its own', async () => {
    const world = await waiting([1, 2, 3])
    const folder = tempFolder('downloads')
    const watch = await watching(world, folder)
    // Chrome renames the file when it is complete.
    writeFileSync(join(folder, 'Unconfirmed 12.crdownload'), paper(1))
    // Firefox keeps an empty file under the final name meanwhile.
    writeFileSync(join(folder, 'two.pdf'), '')
    writeFileSync(join(folder, 'two.pdf.part'), paper(2).subarray(0, 900))
    // A program that writes under the final name, and stalls for longer than the scan interval.
    const three = paper(3)
    writeFileSync(join(folder, 'three.pdf'), three.subarray(0, three.length / 2))
    expect(await watch.resultFor('three.pdf')).toMatchObject({ outcome: 'other' })
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

  test('the user is asked about an uncertain file; the decision is applied once and kept', async () => {
    const world = await waiting([4, 5])
    const folder = tempFolder('downloads')
    const watch = await watching(world, folder)
    const odd = makePdf({
      title: 'A title that the publisher changed afterwards',
      authors: ['Nemo Other'],
      year: 2020
    })
    writeFileSync(join(folder, '10.5555_sand.4.pdf'), odd)
    const asked = await watch.resultFor('10.5555_sand.4.pdf')
    expect(asked).toMatchObject({ outcome: 'asked', work_id: 'doi:10.5555/sand.4' })
    writeFileSync(join(folder, 'again 10.5555_sand.4.pdf'), odd)
    expect(await watch.resultFor('again 10.5555_sand.4.pdf')).toMatchObject({ outcome: 'other' })
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
    const no = await watch.resultFor('10.5555_sand.5.pdf')
    await world.sheaf.handOff.answer(no.sha256 ?? '', false, never)
    expect(world.sheaf.handOffList({ offset: 0, limit: 9 }).rows).toMatchObject([{ question: null }])
    await world.reopen()
    const later = await watching(world, folder)
    writeFileSync(
      join(folder, 'end.pdf'),
      makePdf({ title: 'Nothing of the kind at all', authors: [], year: 2020 })
    )
    await later.resultFor('end.pdf')
    expect(later.caught).toHaveLength(1)
  })

  test('files that arrived while Sheaf was closed are found, and an absent folder is waited for', async () => {
    const world = await waiting([1, 2, 3])
    const folder = join(tempFolder('drive'), 'Downloads')
    const away = await watching(world, folder)
    expect(away.there).toEqual([false])
    mkdirSync(folder)
    writeFileSync(join(folder, 'before.pdf'), paper(3))
    await waitFor('the folder reports it', () => away.there.at(-1) === true)
    await away.stop()
    await world.sheaf.close().catch(() => undefined)

    // wget sets the server's modification time; the file must be found all the same.
    writeFileSync(join(folder, 'while-closed.pdf'), paper(1))
    utimesSync(join(folder, 'while-closed.pdf'), 1_500_000_000, 1_500_000_000)
    await world.reopen()
    const watch = await watching(world, folder)
    expect(await watch.resultFor('while-closed.pdf')).toMatchObject({ outcome: 'attached' })
    // The drive is unplugged, and comes back with one more file.
    renameSync(folder, `${folder}-away`)
    await waitFor('the folder reports it', () => watch.there.at(-1) === false)
    writeFileSync(join(`${folder}-away`, 'later.pdf'), paper(2))
    renameSync(`${folder}-away`, folder)
    expect(await watch.resultFor('later.pdf')).toMatchObject({ outcome: 'attached' })
    expect(handedOff(world)).toEqual(['10.5555/sand.3'])
  })

  test(
    'on the command line: the list, then one scan; killed between attaching and recording it, nothing is done twice',
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
