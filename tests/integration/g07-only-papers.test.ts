/**
 * G7 and G11 over HTTP: every misbehaviour of the catalogue, each on the only copy of a work, in one run
 * together with well-behaved works. Anything that is not a paper gets a reason and is never filed;
 * recoverable faults are recovered; no other work is affected.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DoneLine, SummaryLine } from '../../src/contract/lines'
import { jobIdOf, jobKey } from '../../src/main/works/keys'
import { MISBEHAVIOUR_KINDS, misbehaviour } from '../web/misbehaviours'
import { startWorld, type World } from '../web/scholarly'
import type { Web } from '../web/web'
import { openWorldForAll, type SheafWorld } from '../kit/sheaf-world'

const keyOf = (kind: string): string => kind.replace(/[^a-z0-9]/g, '')
const NEIGHBOURS = ['goodone', 'goodtwo', 'goodthree']

let web: Web
let world: World
let sheaf: SheafWorld
let summary: SummaryLine
let objects: Map<string, string>
let closeSheaf: () => Promise<void>

beforeAll(async () => {
  const started = await startWorld([
    ...MISBEHAVIOUR_KINDS.map((kind) => ({
      key: keyOf(kind),
      copies: [{ via: 'unpaywall' as const, misbehave: { kind } }]
    })),
    ...NEIGHBOURS.map((key) => ({ key, copies: [{ via: 'unpaywall' as const }] }))
  ])
  ;({ web, world } = started)
  const opened = await openWorldForAll(web, { settings: { 'network.workers': 12, 'safety.maxAttempts': 1 } })
  sheaf = opened.world
  closeSheaf = opened.close
  summary = await sheaf.run(world.works.map((work) => work.doi!))
  objects = await sheaf.objects()
}, 180_000)

afterAll(async () => {
  await closeSheaf()
  await web.close()
})

function doneOf(key: string): DoneLine | undefined {
  const workId = `doi:${world.work(key).doi!}`
  const jobId = jobIdOf(jobKey(workId, `${workId}#pdf`, `https://doi.org/${world.work(key).doi!}`))
  return sheaf.linesOf('done').findLast((line) => line.job_id === jobId)
}

describe.each(MISBEHAVIOUR_KINDS)('%s', (kind) => {
  const { about, ends } = misbehaviour(kind)
  test(`${about} → ${ends.result}`, async () => {
    const done = doneOf(keyOf(kind))
    expect(done, 'every job ends').toBeDefined()
    if (ends.result === 'paper') {
      expect(done).toMatchObject({ state: 'DEDUPED' })
      expect(world.hashes(keyOf(kind)), 'whole, and of one version').toContain(done!.sha256)
    } else {
      expect(done).toMatchObject({ state: 'FAILED' })
      if (ends.result !== 'quarantined') expect(ends.reasons, JSON.stringify(done)).toContain(done!.reason)
      else {
        expect(done!.reason).toBe('WRONG_PAPER')
        const workId = `doi:${world.work(keyOf(kind)).doi!}`
        const kept = (await sheaf.sheaf.quarantineList()).filter((file) => file.workId === workId)
        expect(kept).toHaveLength(1)
      }
    }
  })
})

test('all well-behaved works were downloaded, whole', () => {
  for (const key of NEIGHBOURS) {
    expect(doneOf(key)).toMatchObject({ state: 'DEDUPED' })
    expect(world.hashes(key)).toContain(doneOf(key)!.sha256)
  }
})

test('the library holds only whole papers of these works, under their own hash', () => {
  const right = new Set(world.works.flatMap((work) => [...world.hashes(work.key)]))
  for (const [path, sha256] of objects) {
    expect(path).toContain(sha256)
    expect(right).toContain(sha256)
  }
})

test('the summary adds up, and the web recorded no internal error', () => {
  expect(summary.planned).toBe(world.works.length)
  expect(summary.done + summary.duplicates + summary.failed).toBe(world.works.length)
  expect(Object.values(summary.by_reason).reduce((sum, n) => sum + n, 0)).toBe(summary.failed)
  expect(web.faults).toEqual([])
})
