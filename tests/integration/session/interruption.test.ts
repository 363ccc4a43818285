/** A session whose process was killed: the next one reports the interruption and continues. */
import { spawn } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { openSessionWorld, writeSettings } from '../../kit/session-world'
import { tempFolder } from '../../kit/temp-folder'
import { waitFor } from '../../kit/wait-for'
import { startWorld } from '../../web/scholarly'
import { buildProgram } from '../ledger/child-process'

const BYTES = 300_000
let program = ''
beforeAll(async () => {
  program = await buildProgram(join(import.meta.dirname, 'session-child.ts'))
}, 120_000)

test('after a kill in mid-stream: the time, the number of downloads, and where the download continues', async () => {
  const { web, world } = await startWorld([{ key: 'alpha', bytes: BYTES, copies: [{ via: 'unpaywall' }] }])
  onTestFinished(() => web.close())
  const folder = tempFolder('killed')
  const [dataDir, libraryDir] = [join(folder, 'data'), join(folder, 'library')]
  writeSettings(dataDir, web)
  const hold = web.hold(world.fileUrl('alpha'), BYTES / 2)
  const child = spawn(process.execPath, [program, dataDir, libraryDir, '10.5555/alpha'], { stdio: 'inherit' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await hold.reached
  const staging = join(libraryDir, '.sheaf', 'staging')
  await waitFor('half of it is on disk', async () => {
    const part = (await readdir(staging)).find((name) => name.endsWith('.part'))
    return part !== undefined && (await stat(join(staging, part))).size === BYTES / 2
  })
  const killedAt = Date.now() / 1000
  child.kill('SIGKILL')
  await ended

  const at = await openSessionWorld(web, { folder })
  let reconciledEvents = 0
  at.session.events.onReconciled(() => (reconciledEvents += 1))
  await at.session.run.begun
  const interruption = at.session.checks.interruption()
  expect(interruption?.leases).toBe(1)
  expect(interruption?.wasInterrupted).toBe(true)
  expect(interruption?.downloads).toMatchObject([{ bytes: BYTES / 2, totalBytes: BYTES }])
  expect(Math.abs((interruption?.at ?? 0) - killedAt)).toBeLessThan(5)
  expect(reconciledEvents).toBeGreaterThan(0)
  expect(at.session.sheaf.status().lastReconcile?.stale_leases).toBe(1)

  hold.release()
  await waitFor('it is done', () => at.session.run.view().counts.done === 1)
  const ranges = web.requestsFor(world.fileUrl('alpha'), 'GET').map((one) => one.headers['range'])
  expect(ranges.at(-1)).toBe(`bytes=${String(BYTES / 2)}-`)
  at.session.checks.dismissInterruption()
  expect(at.session.checks.interruption()).toBeNull()
  await at.reopen()
  await at.session.run.begun
  expect(at.session.checks.interruption()).toBeNull()
}, 60_000)
