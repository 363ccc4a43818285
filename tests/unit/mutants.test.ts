/** Every planted fault of `tests/mutants` still applies to the sources and names existing tests. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { repositoryRoot } from '../kit/shared'

const listSchema = z.array(
  z.strictObject({
    name: z.string().min(10),
    file: z.string(),
    find: z.string().min(10),
    replace: z.string(),
    tests: z.array(z.string()).min(1),
    only: z.string().optional()
  })
)
const text = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8')
const list = listSchema.parse(JSON.parse(text('tests/mutants/list.json')))

test.each(list.map((mutant) => [mutant.name, mutant] as const))('%s', (_, mutant) => {
  expect(text(mutant.file).split(mutant.find), 'the text occurs exactly once').toHaveLength(2)
  expect(mutant.replace).not.toBe(mutant.find)
  for (const path of mutant.tests) {
    expect(existsSync(join(repositoryRoot, path)), path).toBe(true)
    // A filter that matches no test runs none, and the fault would seem to survive.
    if (mutant.only !== undefined) expect(text(path), path).toContain(mutant.only)
  }
})
