/** Every place that asks for the contact address says the same about who can see it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { userAgent } from '../../../src/main/net/headers'
import { FIELD_TEXT } from '../../../src/renderer/text/settings'
import { WELCOME } from '../../../src/renderer/text/welcome'
import { repositoryRoot } from '../../kit/shared'

test.each([
  'src/contract/settings.ts',
  'src/renderer/text/settings.ts',
  'docs/settings.md',
  'docs/user-guide.md'
])('%s says that every server sees it', (path) => {
  const text = readFileSync(join(repositoryRoot, path), 'utf8').toLowerCase()
  expect(text).toContain(
    'required by unpaywall; ncbi and crossref ask for it too. every server that sheaf asks can see it'
  )
  expect(text).not.toContain('only to the services')
})

test('the welcome screen says what the settings say', () => {
  expect(WELCOME.mailtoHint).toBe(FIELD_TEXT['general.mailto'].help)
})

test('every request carries the contact address in its user agent, and an empty one adds nothing', () => {
  expect(userAgent('1.0', 'ada@example.org')).toContain('mailto:ada@example.org')
  expect(userAgent('1.0', '')).not.toMatch(/mailto|@/)
})
