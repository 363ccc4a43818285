/**
 * G3, the ledger's part: a real process with a real ledger is killed at every write step and at random. Every
 * number it reported as durable is there without a gap, and the next process continues.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import { makeLog } from '../../../src/main/platform/log'
import { nodeHost } from '../../../src/main/platform/node-host'
import { PROBES } from '../../../src/main/platform/probes'
import { lastNumber } from '../../unit/ledger/counting'
import { buildProgram, runProgram, type Ended } from './child-process'

let program: string
const folders: string[] = []
beforeAll(async () => {
  program = await buildProgram(join(import.meta.dirname, 'ledger-child.ts'))
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-killed-'))
  folders.push(folder)
  return folder
}
function durableIn({ lines }: Ended): number {
  return lines.reduce((most, line) => Math.max(most, Number(/^durable (\d+)$/.exec(line)?.[1] ?? 0)), 0)
}
/** Opens the ledger in this process, as the next one would, and reads the numbers. */
async function look(folder: string): Promise<number> {
  const host = nodeHost(
    makeLog(
      () => undefined,
      'error',
      () => 0
    )
  )
  const ledger = await openLedger(host, { folder })
  const n = lastNumber(ledger)
  expect(ledger.recovery.damage).toBeNull()
  await ledger.close()
  return n
}

const places = PROBES.filter((probe) => /^(JOURNAL|SNAPSHOT|LOCK)/.test(probe))

test.each(places)('killed at "%s", early and late', async (probe) => {
  const folder = freshFolder()
  let known = 0
  for (const [count, upTo] of [
    ['1', 50],
    ['4', 170]
  ] as const) {
    const ended = await runProgram(program, [folder, String(upTo)], {
      env: { SHEAF_DIE_AT: `${probe}#${count}` }
    })
    expect(ended.errors).toBe('')
    if (ended.signal === null) expect(ended.lines).toContain('finished')
    known = Math.max(known, durableIn(ended))
    const found = await look(folder)
    expect(found).toBeGreaterThanOrEqual(known)
    known = found
  }
  expect(readdirSync(folder).filter((name) => /\.tmp$|^lock/.test(name))).toEqual([])
})

test('killed at random, repeatedly, over one ledger: no durable number is lost', async () => {
  const folder = freshFolder()
  let known = 0
  let deaths = 0
  for (let round = 0; round < 12; round += 1) {
    const ended = await runProgram(program, [folder, '1000000'], { killAfterMs: (round * 37) % 300 })
    expect(ended.errors).toBe('')
    if (ended.signal === 'SIGKILL') deaths += 1
    const opened = ended.lines.find((line) => line.startsWith('opened '))
    if (opened !== undefined) expect(JSON.parse(opened.slice(7))).toMatchObject({ damage: null })
    known = Math.max(known, durableIn(ended))
  }
  expect(deaths).toBe(12)
  expect(await look(folder)).toBeGreaterThanOrEqual(known)
  expect(known).toBeGreaterThan(0)
})
