/**
 * Dies at every instant of `PROBES` (half of them in `other-probes.test.ts`), one death a story: a real process,
 * a real SIGKILL, then the same command again. After it every promise is checked, and after the first passing of
 * each probe (in `.ci/run`: of every second one) a third run finds nothing to do.
 */
import { rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { linesOf } from '../kit/run-cli'
import { ADOPTING, dieAtProbes } from './die-at-probes'
import { useProbeWorld } from './probe-world'

const probeWorld = useProbeWorld()
const { world, web, inFolder, dieAt, live } = probeWorld

test('the world without a death: what the others are compared with', () => inFolder(live))

dieAtProbes(probeWorld, 0)

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
