/** The pages made from the contract are what the contract says; `npm run docs` makes them anew. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { contractPages } from '../../../scripts/contract-docs'
import { repositoryRoot } from '../../kit/shared'

test('docs/errors.md and docs/settings.md say what the contract says', async () => {
  for (const [name, text] of await contractPages()) {
    expect(readFileSync(join(repositoryRoot, name), 'utf8'), `run npm run docs (${name})`).toBe(text)
  }
})
