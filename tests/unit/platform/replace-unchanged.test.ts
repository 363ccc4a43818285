/** A `.bib` that an editor saved meanwhile is not overwritten. */
import { lstatSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { replaceUnchanged } from '../../../src/main/platform/replace-unchanged'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { tempFolder } from '../../kit/temp-folder'

const bytes = { before: Buffer.from('@article{a}\n'), after: Buffer.from('@article{a, file = {a.pdf}}\n') }

function bib(text: string): string {
  const path = join(tempFolder('bib'), 'refs.bib')
  writeFileSync(path, text)
  return path
}

test('an unchanged file is replaced', async () => {
  const path = bib('@article{a}\n')
  await replaceUnchanged(nodeFiles, path, bytes)
  expect(readFileSync(path, 'utf8')).toBe('@article{a, file = {a.pdf}}\n')
})

test.each(['@article{a}\n@article{b}\n', '@article{A}\n', ''])(
  'what another program made of it stays (%j)',
  async (saved) => {
    const path = bib(saved)
    await expect(replaceUnchanged(nodeFiles, path, bytes)).rejects.toMatchObject({ code: 'FILE_CHANGED' })
    expect(readFileSync(path, 'utf8')).toBe(saved)
  }
)

test('a file that was deleted is not created again', async () => {
  const path = bib('')
  unlinkSync(path)
  await expect(replaceUnchanged(nodeFiles, path, bytes)).rejects.toMatchObject({ code: 'FILE_CHANGED' })
})

test.skipIf(process.platform === 'win32')('a link stays a link, and its target is replaced', async () => {
  const path = bib('@article{a}\n')
  const link = join(tempFolder('bib-link'), 'refs.bib')
  symlinkSync(path, link)
  await replaceUnchanged(nodeFiles, link, bytes)
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect(readFileSync(path, 'utf8')).toBe('@article{a, file = {a.pdf}}\n')
})
