/**
 * The data of the recover and insights screens after changes in the library folder: one file is missing, one
 * damaged, one unknown; down to each finding, and the resulting figures.
 */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished, expect, test } from 'vitest'
import type { RecoverView } from '../../src/contract/recover-views'
import { insightsHandlers } from '../../src/main/ipc/insights-handlers'
import { bytesFor } from '../../src/main/ipc/page-bytes'
import { followRevisions, type HandlerDeps } from '../../src/main/ipc/handler-deps'
import { reconcileHandlers } from '../../src/main/ipc/reconcile-handlers'
import { makeLog } from '../../src/main/platform/log'
import { nodeHost } from '../../src/main/platform/node-host'
import { notedDialogs } from '../kit/library-dialogs'
import { openSessionWorld } from '../kit/session-world'
import { waitFor } from '../kit/wait-for'
import { startWorld } from '../web/scholarly'
import { measureName } from '../../src/renderer/text/insights'

const silentLog = makeLog(
  () => undefined,
  'error',
  () => 0
)

test('a check reports its repairs, and the figures count them', async () => {
  const copies = [{ via: 'unpaywall' as const }]
  const { web } = await startWorld([
    { key: 'alpha', title: 'On missing files', copies },
    { key: 'beta', title: 'On damaged files', copies }
  ])
  onTestFinished(() => web.close())
  const world = await openSessionWorld(web)
  const { session } = world
  const systemDialogs = notedDialogs()
  const ending = new AbortController()
  onTestFinished(() => {
    ending.abort()
  })
  const parts: HandlerDeps = {
    session,
    systemDialogs,
    host: nodeHost(silentLog),
    recentLog: () => [],
    revision: followRevisions(session),
    signal: ending.signal
  }
  const ask = { ...reconcileHandlers(parts), ...insightsHandlers(parts) }
  const views: RecoverView[] = []
  session.events.on((name, payload) => {
    if (name === 'reconcile') views.push(payload as RecoverView)
  })
  await session.run.begun
  await world.plan(['10.5555/alpha', '10.5555/beta'])
  await waitFor('both papers are downloaded', () => session.run.view().counts.done === 2, 60_000)
  await session.run.pause()

  const files = new Map((await session.sheaf.catalog.papers()).map((paper) => [paper.workId, paper] as const))
  const alpha = files.get('doi:10.5555/alpha')!
  const beta = files.get('doi:10.5555/beta')!
  for (const path of [alpha.path, alpha.paperPath!]) await rm(join(session.library.folder, path))
  const bytes = await readFile(join(session.library.folder, beta.path))
  bytes[2_000] = (bytes[2_000]! + 1) % 256
  await writeFile(join(session.library.folder, beta.path), bytes)
  await writeFile(join(session.library.folder, 'papers/mine.txt'), 'my own notes')

  const began = await ask['reconcile.start']({ verifyHashes: true })
  expect(began.checking).toMatchObject({ verifyHashes: true })
  expect(() => ask['reconcile.start']({ verifyHashes: true })).toThrow(/already/)
  const view = await waitFor('the end of the check is reported', () =>
    views.findLast((one) => one.checking === null && one.reconciliations[0]?.why === 'verify')
  )
  const [last] = view.reconciliations
  expect(last).toMatchObject({
    clean: false,
    counts: { requeued: 2, quarantined: 1, unknown_files: 1, stale_leases: 0 }
  })
  expect(view.unknownFiles).toEqual([{ index: 0, path: 'papers/mine.txt', bytes: 12 }])
  expect(view.quarantine).toMatchObject([{ title: 'On damaged files', damaged: true, bytes: bytes.length }])
  expect(view.needsAttention).toBe(2)

  const findings = await ask['reconcile.findings']({ id: last!.id })
  expect(findings.map(({ kind, title }) => [kind, title])).toEqual([
    ['requeued', 'On missing files'],
    ['requeued', 'On damaged files'],
    ['quarantined', 'On damaged files'],
    ['unknown_files', null]
  ])
  expect(await ask['reconcile.findings']({ id: 999_999 })).toEqual([])

  const [damaged] = view.quarantine
  const answer = await bytesFor(parts, damaged!.readAt!, null)
  expect(Buffer.from(await new Response(answer.body).arrayBuffer())).toEqual(bytes)
  const { id } = damaged!
  await expect(ask['quarantine.accept']({ id })).rejects.toMatchObject({ code: 'TRANSITION_REFUSED' })
  await expect(ask['quarantine.accept']({ id: 'nobody' })).rejects.toMatchObject({ code: 'NO_SUCH_FILE' })
  expect((await ask['quarantine.reject']({ id })).quarantine).toEqual([])
  await ask['reconcile.revealUnknown']({ index: 0 })
  expect(systemDialogs.revealed).toEqual([join(session.library.folder, 'papers/mine.txt')])
  await expect(ask['reconcile.revealUnknown']({ index: 1 })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })

  await session.run.start()
  await waitFor('both papers are there again', () => session.run.view().counts.done === 2, 60_000)
  const insights = await ask['insights.get']({ days: 1 })
  const value = (name: string): unknown => insights.measures.find((one) => one.name === name)
  expect(value('job_completion')).toMatchObject({
    value: 1,
    status: 'met',
    behind: { group: 'done' }
  })
  // Every figure has a label on the screen.
  for (const { name } of insights.measures) expect(measureName(name)).not.toBe(name)
  // The queue cannot filter for these rows, so the figure has no link.
  expect(value('duplicates')).toMatchObject({ behind: null })
  expect(value('lease_wait_p99')).toMatchObject({ behind: null })
  expect(value('crash_recovery')).toMatchObject({ value: null, status: 'no_data' })
  expect(insights.bySource.find(({ source }) => source === 'openalex')).toMatchObject({ succeeded: 2 })
  expect(insights.overTime.reduce((sum, one) => sum + one.papers, 0)).toBe(2)
  expect(insights.overTime.reduce((sum, one) => sum + one.bytes, 0)).toBe(insights.bytesFetched)
  expect(insights.timeToComplete.reduce((sum, one) => sum + one.jobs, 0)).toBe(2)
  expect(insights.canary).toMatchObject([
    { group: 'crash_safe', works: 2, completed: 2, completion: 1 },
    { group: 'legacy', works: 0, completion: null, medianSeconds: null }
  ])
  // Requested again immediately, the same report is returned.
  expect((await ask['insights.get']({ days: 1 })).revision).toBe(insights.revision)
})
