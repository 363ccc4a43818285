/**
 * SIGKILL at every instant of `PROBES` (half of them in `other-probes.test.ts`), one kill per scenario, in a
 * real process; then the same command runs again. Every promise is checked after it. After the first passing
 * of each probe (in `.ci/run`: of every second one) a third run must find nothing to do.
 */
import { rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { linesOf } from '../kit/run-cli'
import { ADOPTING, killAtProbes } from './die-at-probes'
import { useProbeWorld } from './probe-world'

const probeWorld = useProbeWorld()
const { world, web, inFolder, killAt: dieAt, runWithoutKill: live } = probeWorld

test('without a kill, the run completes and every promise holds (reference)', () => inFolder(live))

killAtProbes(probeWorld, 0)

test(`killed at ${ADOPTING}: the next start adopts the library of a lost data folder and requests no file`, () =>
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

test('the two works that share a file have the same bytes', () => {
  const duplicate = world().works.find((work) => work.key === 'twin')
  expect(duplicate?.copies[0]?.versionBytes(0)).toEqual(world().pdf('plain'))
})
