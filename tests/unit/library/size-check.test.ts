/** A pass over many files: each folder is looked at once, nothing behind a link counts as there, no file is opened. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { makeSizeCheck } from '../../../src/main/library/size-check'
import type { Files } from '../../../src/main/platform/files'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { tempFolder } from '../../kit/temp-folder'

/** What was looked at, relative to the library; everything else throws. */
function watched(root: string): { readonly files: Files; readonly looks: string[] } {
  const looks: string[] = []
  const files = new Proxy(nodeFiles, {
    get(target, key) {
      if (key !== 'stat') throw new Error(`${String(key)} was used`)
      return (path: string) => {
        looks.push(relative(root, path))
        return target.stat(path)
      }
    }
  })
  return { files, looks }
}

test('each folder on the way is looked at once', async () => {
  const root = tempFolder()
  mkdirSync(join(root, 'papers', 'Journal'), { recursive: true })
  const names = Array.from({ length: 20 }, (_, n) => `papers/Journal/${String(n)}.pdf`)
  for (const name of names) writeFileSync(join(root, name), 'four')
  const { files, looks } = watched(root)
  const look = makeSizeCheck(files, root)
  expect(new Set(await Promise.all(names.map((name) => look(name, 4))))).toEqual(new Set(['ok']))
  expect(looks.sort()).toEqual(['papers', 'papers/Journal', ...names].sort())
})

test('what is there, what is not, and what is another file', async () => {
  const root = tempFolder()
  mkdirSync(join(root, 'papers', 'folder.pdf'), { recursive: true })
  writeFileSync(join(root, 'papers/a.pdf'), 'four')
  const look = makeSizeCheck(nodeFiles, root)
  expect(await look('papers/a.pdf', 4)).toBe('ok')
  expect(await look('papers/a.pdf', 5)).toBe('damaged')
  expect(await look('papers/folder.pdf', 4)).toBe('damaged')
  expect(await look('papers/b.pdf', 4)).toBe('missing')
  expect(await look('objects/ab/b.pdf', 4)).toBe('missing')
  expect(await look('../papers/a.pdf', 4)).toBe('missing')
})

test.skipIf(process.platform === 'win32')(
  'behind a link nothing is there, and a link is no file',
  async () => {
    const [root, outside] = [tempFolder(), tempFolder()]
    mkdirSync(join(outside, 'deep'))
    for (const name of ['a.pdf', 'deep/a.pdf']) writeFileSync(join(outside, name), 'four')
    mkdirSync(join(root, 'papers'))
    symlinkSync(outside, join(root, 'objects'))
    symlinkSync(outside, join(root, 'papers/linked'))
    symlinkSync(join(outside, 'a.pdf'), join(root, 'papers/a.pdf'))
    const look = makeSizeCheck(nodeFiles, root)
    expect(await look('objects/a.pdf', 4)).toBe('missing')
    expect(await look('objects/deep/a.pdf', 4)).toBe('missing')
    expect(await look('papers/linked/deep/a.pdf', 4)).toBe('missing')
    expect(await look('papers/a.pdf', 4)).toBe('damaged')
  }
)
