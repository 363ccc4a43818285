/** What is known of a Zotero from its answers. */
import { expect, test } from 'vitest'
import { attachesFiles } from '../../../src/contract/zotero'

test.each([
  [10, null, true],
  [11, 'server', true],
  [9, 'server', false],
  [null, 'server', true],
  [null, null, false]
])('a Zotero of version %s that names the database %s attaches files: %s', (major, serverId, expected) => {
  expect(attachesFiles({ major, serverId })).toBe(expected)
})
