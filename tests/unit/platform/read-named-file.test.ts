/** The errors of a file that the user names. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { readNamedFile } from '../../../src/main/platform/read-named-file'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sheaf-named-'))
  await writeFile(join(folder, 'a.bib'), '')
})
afterAll(() => rm(folder, { recursive: true }))

test.each([
  ['a missing file', 'none.bib', 'FILE_NOT_FOUND', /is not there\.$/],
  ['a path below a file', 'a.bib/below', 'FILE_NOT_FOUND', /is not there\.$/],
  ['a folder', '.', 'FILE_UNREADABLE', /is a folder\.$/]
])('%s', async (_, name, code, message) => {
  const path = join(folder, name)
  const read = readNamedFile(`The file ${path}`, () => nodeFiles.readWhole(path))
  await expect(read).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string })
})
