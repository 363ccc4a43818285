/**
 * Dies at every instant of `PROBES`, one death a story: a real process, a real SIGKILL, then the same
 * command again. After it every promise is checked, and after the first passing of each probe a third
 * run finds nothing to do.
 */
import { rm } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { PROBES, type ProbeName } from '../../src/main/platform/probes'
import { linesOf } from '../kit/run-cli'
import { useProbeWorld } from './probe-world'

/** How many deaths at one probe: at its first passing, at its second, and so on. Others: one. */
const PASSINGS: Partial<Record<ProbeName, number>> = {
  'RESOLVE: recorded': 2,
  'HEAD: recorded': 2,
  'STREAM: sidecar written': 2,
  'STREAM: part written': 4,
  'STREAM: part complete': 3,
  'STREAM: recorded': 2,
  'FINALIZE: intent durable': 2,
  'FINALIZE: object renamed': 2,
  'FINALIZE: paper linked': 3,
  'FINALIZE: sidecar removed': 2,
  'FINALIZE: recorded': 2,
  'INDEX: recorded': 2,
  'DEDUPE: recorded': 2,
  'JOURNAL: written, not synced': 3,
  'JOURNAL: synced': 4
}

const { world, web, inFolder, dieAt, recover, live } = useProbeWorld()

test('the world without a death: what the others are compared with', () => inFolder(live))

/** Passed only where a library is there and its ledger is not: a story of its own, below. */
const ADOPTING: ProbeName = 'ADOPT: batch recorded'

describe.each(PROBES.filter((probe) => probe !== ADOPTING))('dies at %s', (probe) => {
  const passings = Array.from({ length: PASSINGS[probe] ?? 1 }, (_, index) => index + 1)
  test.each(passings)('passing %i', (nth) =>
    inFolder(async (folder) => {
      await dieAt(folder, probe, nth)
      await recover(folder, { again: nth === 1 })
    })
  )
})

test(`dies at ${ADOPTING}: a lost data folder is adopted at the next start, and no file is asked for again`, () =>
  inFolder(async (folder) => {
    await live(folder)
    await rm(folder.dataDir, { recursive: true })
    await dieAt(folder, ADOPTING)
    web().forget()
    const end = await folder.run()
    const [summary] = linesOf(end, 'summary')
    expect(summary).toMatchObject({ bytes_fetched: 0 })
    expect(web().requests.filter(({ url }) => url.includes('.pdf'))).toEqual([])
  }))

test('the twins of this world do have the same bytes', () => {
  const twin = world().works.find((work) => work.key === 'twin')
  expect(twin?.copies[0]?.versionBytes(0)).toEqual(world().pdf('plain'))
})
