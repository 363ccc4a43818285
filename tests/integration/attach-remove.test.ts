/**
 * Manual actions of the user: attaching a file, removing a paper and undoing it, deciding about quarantined
 * files, retrying failed jobs. What the user removed stays removed.
 */
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished, describe, expect, test } from 'vitest'
import { sha256 } from '../web/paper-file'
import { failing, startWorld, type World } from '../web/scholarly'
import type { Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { jumpingClock } from '../kit/jumping-clock'
import { draft, openWorld, type SheafWorld } from '../kit/sheaf-world'
import { tempFolder } from '../kit/temp-folder'

const never = new AbortController().signal

interface Setup {
  readonly web: Web
  readonly world: World
  readonly sheaf: SheafWorld
}

async function start(works: readonly WorldWork[]): Promise<Setup> {
  const { web, world } = await startWorld(works)
  onTestFinished(() => web.close())
  return { web, world, sheaf: await openWorld(web, { settings: { 'safety.maxAttempts': 1 } }) }
}

const jobOf = (sheaf: SheafWorld, key: string): Record<string, unknown> =>
  sheaf.sheaf.jobs({}).find((job) => job['work_id'] === `doi:10.5555/${key}`)!
const jobId = (sheaf: SheafWorld, key: string): string => String(jobOf(sheaf, key)['job_id'])

const plan = (sheaf: SheafWorld, key: string) =>
  sheaf.sheaf.plan({ drafts: [draft(`10.5555/${key}`)], formats: ['pdf'] }, never)

async function manifestLines(sheaf: SheafWorld): Promise<string[]> {
  const text = await readFile(join(sheaf.libraryDir, 'manifest.jsonl'), 'utf8')
  return text.split('\n').filter((line) => line !== '')
}

describe('attach', () => {
  async function withoutCopy(): Promise<Setup & { mine: string }> {
    const setup = await start([{ key: 'alpha' }, { key: 'beta', copies: [{ via: 'unpaywall' }] }])
    expect(await setup.sheaf.run(['10.5555/alpha'])).toMatchObject({ by_reason: { NO_OPEN_COPY: 1 } })
    const mine = join(tempFolder('mine'), 'from a colleague.pdf')
    await writeFile(mine, setup.world.pdf('alpha'))
    return { ...setup, mine }
  }

  test('a user’s own file completes the job; it is only read, and its provenance says where it came from', async () => {
    const { world, sheaf, mine } = await withoutCopy()
    const done = await sheaf.sheaf.attach(jobId(sheaf, 'alpha'), mine, never)
    expect(done).toMatchObject({ state: 'DEDUPED', source: 'manual', sha256: sha256(world.pdf('alpha')) })
    expect(await readFile(mine)).toEqual(world.pdf('alpha'))
    expect(await readFile(done.path!)).toEqual(world.pdf('alpha'))
    expect(sheaf.stored()[0]?.provenance).toMatchObject({
      source: 'manual',
      evidence: expect.stringMatching(/from a colleague\.pdf/) as string
    })
    expect(await manifestLines(sheaf)).toHaveLength(1)
    await sheaf.reopen()
    expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ existing: 1, failed: 0, done: 0 })
    await expect(sheaf.sheaf.attach(jobId(sheaf, 'alpha'), mine, never)).rejects.toMatchObject({
      code: 'TRANSITION_REFUSED'
    })
  })

  test.each([
    [
      'that is not a PDF',
      'a page.pdf',
      Buffer.from('<!doctype html><title>Sign in</title>'),
      /HTML_PAGE|LOGIN_PAGE|NOT_PDF|TOO_SMALL/
    ],
    ['that is empty', 'empty.pdf', Buffer.alloc(0), /EMPTY|TOO_SMALL|NOT_PDF/]
  ])('a file %s is refused with a code, and the job is unchanged', async (_, name, bytes, code) => {
    const { sheaf } = await withoutCopy()
    const file = join(tempFolder('mine'), name)
    await writeFile(file, bytes)
    const before = jobOf(sheaf, 'alpha')
    await expect(sheaf.sheaf.attach(jobId(sheaf, 'alpha'), file, never)).rejects.toMatchObject({
      code: expect.stringMatching(code) as string
    })
    expect(jobOf(sheaf, 'alpha')).toMatchObject({ state: before['state'], reason: before['reason'] })
    expect(await sheaf.objects()).toHaveProperty('size', 0)
    expect(await readFile(file)).toEqual(bytes)
  })

  test('a missing file or an unknown job is refused with a code', async () => {
    const { sheaf, mine } = await withoutCopy()
    await expect(sheaf.sheaf.attach('0'.repeat(32), mine, never)).rejects.toMatchObject({
      code: 'NO_SUCH_JOB'
    })
    await expect(sheaf.sheaf.attach(jobId(sheaf, 'alpha'), `${mine}.not`, never)).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND'
    })
    expect(jobOf(sheaf, 'alpha')).toMatchObject({ state: 'FAILED', reason: 'NO_OPEN_COPY' })
  })

  test('a file that the library already has is linked to the job', async () => {
    const { world, sheaf } = await withoutCopy()
    await sheaf.run(['10.5555/beta'])
    const file = join(tempFolder('mine'), 'alpha.pdf')
    await writeFile(file, world.pdf('alpha'))
    await sheaf.sheaf.attach(jobId(sheaf, 'alpha'), file, never)
    expect(await sheaf.objects()).toHaveProperty('size', 2)
  })
})

describe('remove', () => {
  const works: readonly WorldWork[] = [{ key: 'alpha', copies: [{ via: 'unpaywall' }] }]

  test('deletes file, name and manifest line; the paper stays removed, also after a restart', async () => {
    const { web, sheaf } = await start(works)
    await sheaf.run(['10.5555/alpha'])
    expect(await sheaf.sheaf.remove(jobId(sheaf, 'alpha'))).toEqual({ workId: 'doi:10.5555/alpha', files: 1 })
    expect(await sheaf.objects()).toHaveProperty('size', 0)
    expect(await sheaf.papers()).toEqual([])
    expect(await manifestLines(sheaf)).toEqual([])
    expect([...sheaf.sheaf.library()]).toEqual([])
    await sheaf.reopen()
    web.forget()
    const today = new Date().toISOString().slice(0, 10)
    const report = await plan(sheaf, 'alpha')
    expect(report).toMatchObject({ newJobs: 0, existingJobs: 0, tombstones: 1 })
    expect(report.planned[0]!.tombstone).toBe(`removed on ${today}, by you`)
    expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ done: 0, by_reason: { REMOVED: 1 } })
    expect(await sheaf.run()).toMatchObject({ done: 0 })
    await sheaf.sheaf.retry({})
    expect(await sheaf.run()).toMatchObject({ done: 0 })
    expect(web.requests).toEqual([])
    expect(await sheaf.sheaf.reconcile({ verifyHashes: true, why: 'test' }, never)).toMatchObject({
      requeued: 0,
      relinked: 0,
      unknown_files: 0
    })
  })

  test('records the time of the removal, not of the confirmation', async () => {
    const { web } = await startWorld(works)
    onTestFinished(() => web.close())
    const clock = jumpingClock()
    const sheaf = await openWorld(web, { host: clock.wear })
    await sheaf.run(['10.5555/alpha'])
    const today = new Date().toISOString().slice(0, 10)
    await sheaf.sheaf.remove('doi:10.5555/alpha')
    clock.jump(40 * 24 * 3600)
    expect((await plan(sheaf, 'alpha')).planned[0]!.tombstone).toBe(`removed on ${today}, by you`)
  })

  test('works under another identifier of the work too', async () => {
    const { sheaf } = await start([
      { key: 'alpha', pmid: '31000009', pmcid: 'PMC7000009', copies: [{ via: 'openalex' }] }
    ])
    await sheaf.run(['10.5555/alpha'])
    await sheaf.sheaf.remove('doi:10.5555/alpha')
    const report = await sheaf.sheaf.plan({ drafts: [draft('PMC7000009')], formats: ['pdf'] }, never)
    expect(report).toMatchObject({ newJobs: 0, tombstones: 1 })
  })

  test('can be undone: the next run fetches the paper again, and the tombstone is gone', async () => {
    const { world, sheaf } = await start(works)
    await sheaf.run(['10.5555/alpha'])
    await sheaf.sheaf.remove('doi:10.5555/alpha')
    expect(await sheaf.sheaf.undoRemove('doi:10.5555/alpha')).toEqual({ workId: 'doi:10.5555/alpha' })
    expect((await plan(sheaf, 'alpha')).tombstones).toBe(0)
    expect(await sheaf.run()).toMatchObject({ done: 1 })
    expect([...(await sheaf.objects()).values()]).toEqual([sha256(world.pdf('alpha'))])
    expect(await manifestLines(sheaf)).toHaveLength(1)
    await expect(sheaf.sheaf.undoRemove('doi:10.5555/alpha')).rejects.toMatchObject({ code: 'NO_SUCH_WORK' })
  })

  test('during a download stops it at once, and no file arrives afterwards', async () => {
    const { web, world, sheaf } = await start(works)
    const hold = web.hold(world.fileUrl('alpha'), 20_000)
    const running = sheaf.run(['10.5555/alpha'])
    await hold.reached
    await sheaf.sheaf.remove('doi:10.5555/alpha')
    hold.release()
    expect(await running).toMatchObject({ done: 0 })
    expect(await sheaf.objects()).toHaveProperty('size', 0)
    expect((await plan(sheaf, 'alpha')).tombstones).toBe(1)
  })

  test('of an unknown work is refused with a code', async () => {
    const { sheaf } = await start(works)
    await expect(sheaf.sheaf.remove('doi:10.5555/nobody')).rejects.toMatchObject({ code: 'NO_SUCH_WORK' })
  })
})

describe('quarantine', () => {
  async function wrongPaper(): Promise<Setup & { id: string }> {
    const setup = await start([
      { key: 'alpha', copies: [{ via: 'unpaywall', of: 'other' }] },
      { key: 'other', title: 'Ballast stones of forgotten ferries', authors: ['Zöllner, Ada'], year: 1962 }
    ])
    expect(await setup.sheaf.run(['10.5555/alpha'])).toMatchObject({ by_reason: { WRONG_PAPER: 1 } })
    const [file, ...more] = await setup.sheaf.sheaf.quarantineList()
    expect(more).toEqual([])
    expect(file).toMatchObject({ workId: 'doi:10.5555/alpha', sha256: sha256(setup.world.pdf('other')) })
    expect(await setup.sheaf.objects()).toHaveProperty('size', 0)
    return { ...setup, id: file!.id }
  }

  test('accept: the user’s decision overrides the check, the paper is filed, and its record says so', async () => {
    const { world, sheaf, id } = await wrongPaper()
    expect(await sheaf.sheaf.quarantineAccept(id, never)).toMatchObject({ state: 'DEDUPED' })
    expect([...(await sheaf.objects()).values()]).toEqual([sha256(world.pdf('other'))])
    expect(sheaf.stored()[0]?.provenance).toMatchObject({
      verdict: 'unsure',
      verdictBecause: 'Confirmed by you.'
    })
    expect(await sheaf.sheaf.quarantineList()).toEqual([])
    await expect(sheaf.sheaf.quarantineAccept(id, never)).rejects.toMatchObject({ code: 'NO_SUCH_FILE' })
  })

  test('reject: the file is deleted, the job stays failed, and the same file is not accepted again', async () => {
    const { web, world, sheaf, id } = await wrongPaper()
    expect(await sheaf.sheaf.quarantineReject(id)).toMatchObject({ id })
    expect(await sheaf.sheaf.quarantineList()).toEqual([])
    expect(jobOf(sheaf, 'alpha')).toMatchObject({ state: 'FAILED', reason: 'WRONG_PAPER' })
    expect(
      (await readdir(join(sheaf.libraryDir, 'quarantine'))).filter((name) => name.endsWith('.pdf'))
    ).toEqual([])
    web.forget()
    expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ done: 0, failed: 1 })
    expect(web.requestsFor(world.fileUrl('alpha'))).toEqual([])
    await expect(sheaf.sheaf.quarantineReject(id)).rejects.toMatchObject({ code: 'NO_SUCH_FILE' })
  })
})

describe('retry', () => {
  test('by reason requeues the jobs with that reason only', async () => {
    const { web, world, sheaf } = await start([
      { key: 'gone', copies: [{ via: 'unpaywall' }] },
      { key: 'none' },
      { key: 'login', copies: [{ via: 'unpaywall', misbehave: { kind: 'html-login' } }] }
    ])
    web.addSite(failing(world.fileUrl('gone'), { status: 404, times: 1 }))
    const summary = await sheaf.run(['gone', 'none', 'login'].map((key) => `10.5555/${key}`))
    expect(summary.by_reason).toEqual({ NOT_FOUND: 1, NO_OPEN_COPY: 1, LOGIN_PAGE: 1 })
    expect(await sheaf.sheaf.retry({ reasons: ['NOT_FOUND'] })).toBe(1)
    expect(await sheaf.run()).toMatchObject({ done: 1, failed: 0 })
    expect(sheaf.sheaf.status().byReason).toEqual({ NO_OPEN_COPY: 1, LOGIN_PAGE: 1 })
    expect(await sheaf.sheaf.retry({ reasons: ['NOT_FOUND'] })).toBe(0)
    await expect(sheaf.sheaf.retry({ jobIds: ['nonesuch'] })).rejects.toMatchObject({ code: 'NO_SUCH_JOB' })
  })
})
