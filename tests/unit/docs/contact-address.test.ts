/** One truth about the contact address, wherever a person is asked for it: who sees it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { userAgent } from '../../../src/main/net/headers'
import { repositoryRoot } from '../../kit/shared'

test.each([
  'src/contract/settings.ts',
  'src/renderer/text/settings.ts',
  'src/renderer/text/welcome.ts',
  'docs/settings.md',
  'docs/user-guide.md'
])('%s says that every server sees it', (path) => {
  const text = readFileSync(join(repositoryRoot, path), 'utf8').toLowerCase()
  expect(text).toContain(
    'required by unpaywall; ncbi and crossref ask for it too. every server that sheaf asks can see it'
  )
  expect(text).not.toContain('only to the services')
})

test('it is part of the name that every request carries, and no placeholder stands for an empty one', () => {
  expect(userAgent('1.0', 'ada@example.org')).toContain('mailto:ada@example.org')
  expect(userAgent('1.0', '')).not.toMatch(/mailto|@/)
})
