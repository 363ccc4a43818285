/** `sheaf telemetry export`, and alerts in `sheaf status`, on a ledger filled by real runs. */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SAMPLE_WORKS } from '../../../src/main/demo/sample-works'
import type { CliEnd } from '../../kit/run-cli'
import { makeCliWorld, type CliWorld } from './cli-world'

const doiOf = (key: string): string => SAMPLE_WORKS.find((work) => work.key === key)!.doi
const ADDRESS = 'test@example.org'
const KEY = 'plantedkey0123456789abcdef'

let world: CliWorld
beforeAll(async () => {
  world = await makeCliWorld()
  const end = await world.sheaf(
    [...['run', '--doi', doiOf('hedgerows'), '--doi', doiOf('ledgers'), '--enable-idempotency', '--quiet']],
    { env: { SHEAF_KEY_OPENALEX: KEY, OPENALEX_API_KEY: KEY } }
  )
  expect(end.status).toBe(0)
}, 180_000)
afterAll(() => world.end())

test('the events of two papers are in order of time, with hashed URLs and no personal data', async () => {
  const end = await world.sheaf(['telemetry', 'export', '--format', 'jsonl'])
  expect(end.status).toBe(0)
  const events = end.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const names = new Set(events.map(({ event }) => event))
  for (const name of [
    ...['job_planned', 'job_leased', 'job_state_changed', 'lease_released', 'operation_started'],
    ...['operation_completed', 'attempt']
  ])
    expect(names).toContain(name)
  const times = events.map(({ at }) => Number(at))
  expect(times).toEqual([...times].sort((a, b) => a - b))
  const fetched = events.find((one) => one['event'] === 'attempt' && 'url_sha256' in one)
  expect(fetched!['url_sha256']).toMatch(/^[0-9a-f]{64}$/)
  expect(end.stdout).not.toMatch(/https?:\/\//)
  const withUrls = await world.sheaf(['telemetry', 'export', '--format', 'jsonl', '--with-urls'])
  expect(withUrls.stdout).toMatch(/"url":"https:\/\//)
  for (const text of [end.stdout, withUrls.stdout]) {
    expect(text).not.toContain(ADDRESS)
    expect(text).not.toContain(encodeURIComponent(ADDRESS))
    expect(text).not.toContain(KEY)
  }
}, 180_000)

test('a live sink gets the same events, is rotated when it has grown, and its failure never costs a paper', async () => {
  const sink = join(world.folder, 'sink', 'events.jsonl')
  const run = (key: string, path: string): Promise<CliEnd> =>
    world.sheaf(['run', '--doi', doiOf(key), '--enable-idempotency', '--json'], {
      env: { DOCSTOKG_TELEMETRY_SINK: path }
    })
  expect((await run('queues', sink)).status).toBe(0)
  const events = (await readFile(sink, 'utf8')).trimEnd().split('\n')
  const names = events.map((line) => (JSON.parse(line) as { event: string }).event)
  expect(names).toEqual(
    expect.arrayContaining(['job_planned', 'job_leased', 'operation_completed', 'attempt'])
  )
  expect(new Set(events).size).toBe(events.length)
  await writeFile(sink, 'x'.repeat(10_000_001))
  await run('maps', sink)
  expect((await stat(`${sink}.1`)).size).toBe(10_000_001)
  // Appending to a folder fails.
  const failing = await run('lichens', world.folder)
  expect(failing.stderr).toContain('telemetry sink')
  expect(failing.lines.find((line) => line.type === 'summary')).toMatchObject({ failed: 0 })
}, 180_000)

test('other formats, a time span, an output file, and refusals', async () => {
  const file = join(world.folder, 'metrics.prom')
  const page = await world.sheaf(['telemetry', 'export', '--format', 'prometheus', '--output', file])
  expect(page.status).toBe(0)
  expect(await readFile(file, 'utf8')).toMatch(/^sheaf_events_total\{event="job_planned"\} [2-9]$/m)
  const later = await world.sheaf(['telemetry', 'export', '--format', 'csv', '--since', '0s'])
  expect(later.stdout.trimEnd().split('\n')).toHaveLength(1)
  const wrong = await world.sheaf(['telemetry', 'export', '--format', 'jsonl', '--since', 'yesterday'])
  expect(wrong.status).toBe(2)
  expect(wrong.stderr).toContain('--since cannot be “yesterday”')
  expect((await world.sheaf(['telemetry', 'export'])).stderr).toContain('jsonl, csv, prometheus')
}, 180_000)
