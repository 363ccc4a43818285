/** The search index counts as in step only while nothing of what was noted has changed. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { searchStep, type SearchStep } from '../../../src/main/engine/search-step'
import { tempFolder } from '../../kit/temp-folder'
import { testHost } from '../../kit/test-host'

function stepIn(folder: string, seq: number, papers: number): SearchStep {
  const reader = { get: () => ({ n: papers }) } as never
  return searchStep(
    testHost(),
    { position: () => ({ opened: seq, now: seq }), read: (ask) => ask(reader) },
    { file: join(folder, 'search-step.json'), indexFile: join(folder, 'search.sqlite') }
  )
}

test('with the same ledger, papers and index: what was still to be read', async () => {
  const folder = tempFolder('step')
  const [file, indexFile] = [join(folder, 'search-step.json'), join(folder, 'search.sqlite')]
  const stepOf = (seq: number, papers: number): SearchStep => stepIn(folder, seq, papers)
  writeFileSync(indexFile, 'index')
  expect(await stepOf(7, 3).kept()).toBeNull()
  const step = stepOf(7, 3)
  step.beforeClosing()
  await step.keep(['W1#pdf'])
  expect(await stepOf(7, 3).kept()).toEqual({ unread: ['W1#pdf'], indexBytes: 5 })
  expect(await stepOf(8, 3).kept()).toBeNull()
  expect(await stepOf(7, 4).kept()).toBeNull()
  writeFileSync(indexFile, 'another')
  expect(await stepOf(7, 3).kept()).toBeNull()
  writeFileSync(file, '{"v": 1, "seq": 7')
  expect(await stepOf(7, 3).kept()).toBeNull()
})
