import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ensureBuilt, runCli } from '../../kit/run-cli'

let folder = ''
beforeEach(async () => {
  await ensureBuilt()
  folder = await mkdtemp(join(tmpdir(), 'sheaf-demo-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('the demo kills itself, recovers, verifies, and every check passes', async () => {
  const began = performance.now()
  const end = await runCli(['demo', '--out', join(folder, 'papers'), '--data-dir', join(folder, 'data')])
  expect(end.stdout).not.toContain('✗ the')
  expect(end.stdout).toContain('checks held')
  expect(end.status).toBe(0)
  expect(performance.now() - began).toBeLessThan(60_000)
  expect((await readdir(join(folder, 'papers/papers'))).length).toBeGreaterThanOrEqual(11)
  // The demo refuses a folder that already has a demo.
  expect((await runCli(['demo', '--out', join(folder, 'papers')])).status).toBe(2)
}, 90_000)
