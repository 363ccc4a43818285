/** The pages generated from the contract are up to date; `npm run docs` generates them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { contractPages } from '../../../scripts/contract-docs'
import { repositoryRoot } from '../../kit/shared'

test('docs/errors.md and docs/settings.md match the contract', async () => {
  for (const [name, text] of await contractPages()) {
    expect(readFileSync(join(repositoryRoot, name), 'utf8'), `run npm run docs (${name})`).toBe(text)
  }
})
