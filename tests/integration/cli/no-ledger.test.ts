/**
 * When no ledger can be created, papers are downloaded unrecorded, with a warning; commands that need a
 * ledger are refused.
 */
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SAMPLE_WORKS } from '../../../src/main/demo/sample-works'
import { runCli } from '../../kit/run-cli'
import { makeCliWorld, type CliWorld } from './cli-world'

let world: CliWorld
beforeAll(async () => {
  world = await makeCliWorld()
}, 180_000)
afterAll(() => world.end())

test('the data folder’s path is a file: papers are downloaded unrecorded', async () => {
  const file = join(world.folder, 'in-the-way')
  await writeFile(file, 'not a folder')
  const dataDir = join(file, 'data')
  const common = [
    ...['--data-dir', dataDir, '--out', world.library, '--connect-to', `*=${world.web.origin}`],
    ...['--rate', '*=1000/s', '--enable-idempotency', '--json']
  ]
  const { doi } = SAMPLE_WORKS.find(({ key }) => key === 'hedgerows')!
  const end = await runCli(['run', '--doi', doi, ...common], { env: { TMPDIR: world.folder } })
  expect([end.status, end.lines.at(-1)]).toMatchObject([0, { type: 'summary', done: 1 }])
  expect(end.stderr).toMatch(/Idempotency could not be initialised.*in-the-way/)
  expect(end.stderr).toContain('Idempotency off: plain downloads, nothing is remembered')
  expect(await readdir(join(world.library, 'papers'))).toHaveLength(1)
  // Nothing of the temporary in-memory ledger remains.
  expect((await readdir(world.folder)).filter((name) => name.startsWith('sheaf-plain-'))).toEqual([])
  const resume = await runCli(['run', ...common])
  expect([resume.status, resume.lines]).toMatchObject([1, [{ type: 'error', code: 'FOLDER_UNUSABLE' }]])
}, 120_000)
