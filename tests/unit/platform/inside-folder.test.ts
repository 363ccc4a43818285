/** The disk as the library sees it: one folder, no path out of it, no link followed. */
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Files } from '../../../src/main/platform/files'
import { filesInside } from '../../../src/main/platform/inside-folder'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { tempFolder } from '../../kit/temp-folder'

let root: string
let outside: string
let victim: string
let inside: Files
beforeEach(() => {
  root = tempFolder('inside')
  outside = tempFolder('outside')
  victim = join(outside, 'victim')
  writeFileSync(victim, 'precious')
  inside = filesInside(nodeFiles, root)
})
const untouched = (): void => {
  expect(readFileSync(victim, 'utf8')).toBe('precious')
}

/** Every operation that changes something at a path. */
const CHANGES: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'open to update': async (path) => (await inside.open(path, 'update')).close(),
  'open to append': async (path) => {
    const handle = await inside.open(path, 'append')
    await handle.write(Buffer.from('x'), null)
    await handle.close()
  },
  'open to overwrite': async (path) => (await inside.open(path, 'overwrite')).close(),
  create: async (path) => (await inside.open(path, 'create')).close(),
  'write whole': (path) => inside.writeWhole(path, 'x'),
  remove: (path) => inside.remove(path),
  'rename away': (path) => inside.rename(path, join(root, 'taken')),
  'move onto': async (path) => {
    writeFileSync(join(root, 'own'), 'x')
    await inside.move(join(root, 'own'), path)
  },
  'copy onto': async (path) => {
    writeFileSync(join(root, 'own'), 'x')
    await inside.copyWhole(join(root, 'own'), path)
  },
  'link there': (path) => inside.link(join(root, 'own'), path)
}

describe.each(Object.entries(CHANGES))('%s', (_name, change) => {
  test.each(['..', '../victim', 'a/../../x', '/etc/hostname'])('never at %s', async (way) => {
    const path = way.startsWith('/') ? way : join(root, ...way.split('/'))
    await expect(change(path)).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    untouched()
  })
  test('never through a linked folder, at any level', async () => {
    mkdirSync(join(root, 'a'))
    symlinkSync(outside, join(root, 'a', 'b'))
    symlinkSync(outside, join(root, 'c'))
    for (const path of [join(root, 'a', 'b', 'victim'), join(root, 'c', 'victim')]) {
      await expect(change(path)).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    }
    untouched()
  })
  test('never on the target of a link of that name', async () => {
    symlinkSync(victim, join(root, 'x'))
    await change(join(root, 'x')).catch(() => undefined)
    untouched()
  })
})

test('no path behind a link is read, listed or visible', async () => {
  symlinkSync(victim, join(root, 'file'))
  symlinkSync(outside, join(root, 'folder'))
  await expect(inside.readWhole(join(root, 'file'))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
  await expect(inside.open(join(root, 'file'), 'read')).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
  await expect(inside.readWhole(join(root, 'folder', 'victim'))).rejects.toMatchObject({
    code: 'FILE_UNWRITABLE'
  })
  await expect(inside.list(join(root, 'folder'))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
  await expect(inside.makeFolder(join(root, 'folder', 'new'))).rejects.toMatchObject({
    code: 'FILE_UNWRITABLE'
  })
  expect(await inside.stat(join(root, 'folder', 'victim'))).toBeNull()
  expect(existsSync(join(outside, 'new'))).toBe(false)
})

test('a folder replaced by a link after the check is detected before a byte is written', async () => {
  mkdirSync(join(root, 'a'))
  writeFileSync(join(root, 'a', 'victim'), 'own')
  const swapping: Files = {
    ...nodeFiles,
    open(path, mode) {
      renameSync(join(root, 'a'), join(root, 'was'))
      symlinkSync(outside, join(root, 'a'))
      return nodeFiles.open(path, mode)
    }
  }
  await expect(filesInside(swapping, root).open(join(root, 'a', 'victim'), 'update')).rejects.toMatchObject({
    code: 'FILE_UNWRITABLE'
  })
  untouched()
})

test('a file replaced by a link after the check is not followed', async () => {
  writeFileSync(join(root, 'x'), 'own')
  const swapping: Files = {
    ...nodeFiles,
    open(path, mode) {
      renameSync(join(root, 'x'), join(root, 'was'))
      symlinkSync(victim, join(root, 'x'))
      return nodeFiles.open(path, mode)
    }
  }
  for (const mode of ['update', 'append'] as const) {
    await expect(filesInside(swapping, root).open(join(root, 'x'), mode)).rejects.toBeDefined()
    renameSync(join(root, 'was'), join(root, 'x'))
  }
  untouched()
})

test('a file replaced by a hard link to an outside file is detected', async () => {
  writeFileSync(join(root, 'x'), 'own')
  const swapping: Files = {
    ...nodeFiles,
    async open(path, mode) {
      const handle = await nodeFiles.open(path, mode)
      renameSync(join(root, 'x'), join(root, 'was'))
      linkSync(join(root, 'was'), join(root, 'y'))
      writeFileSync(join(root, 'x'), 'another')
      return handle
    }
  }
  await expect(filesInside(swapping, root).open(join(root, 'x'), 'update')).rejects.toMatchObject({
    message: expect.stringContaining('replaced') as string
  })
})

test.skipIf(process.platform === 'win32')('opening a pipe does not block', async () => {
  execFileSync('mkfifo', [join(root, 'pipe')])
  await expect(inside.readWhole(join(root, 'pipe'))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
  await expect(inside.open(join(root, 'pipe'), 'append')).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
})

test('paths inside work, and the folder itself may be reached by a link', async () => {
  const other = join(outside, 'way')
  symlinkSync(root, other)
  const files = filesInside(nodeFiles, other)
  await files.makeFolder(join(other, 'a', 'b'))
  await files.writeWhole(join(other, 'a', 'b', 'x'), 'one')
  await files.rename(join(other, 'a', 'b', 'x'), join(other, 'a', 'y'))
  await files.link(join(other, 'a', 'y'), join(other, 'z'))
  expect(readFileSync(join(root, 'z'), 'utf8')).toBe('one')
  expect(await files.list(join(other, 'a'))).toHaveLength(2)
  symlinkSync(victim, join(root, 'gone'))
  await files.remove(join(other, 'gone'))
  expect(lstatSync(victim).isFile()).toBe(true)
})

describe.each([
  ['of this machine', true],
  ['of another', false]
])('a disk %s', (_name, isLocal) => {
  test('is looked at in its own way, and no link in it is followed', async () => {
    const looks = { atOnce: 0, waited: 0 }
    const files = filesInside(
      {
        ...nodeFiles,
        isOfThisMachine: () => Promise.resolve(isLocal),
        statAtOnce: (path) => {
          looks.atOnce += 1
          return nodeFiles.statAtOnce?.(path) ?? null
        },
        stat: (path) => {
          looks.waited += 1
          return nodeFiles.stat(path)
        }
      },
      root
    )
    mkdirSync(join(root, 'own'))
    writeFileSync(join(root, 'own', 'file'), 'x')
    // The kind of disk is asked with the first look.
    await files.stat(join(root, 'own', 'file'))
    const first = { ...looks }
    expect(await files.stat(join(root, 'own', 'file'))).toMatchObject({ bytes: 1, isFile: true })
    expect(await files.stat(join(root, 'own', 'none'))).toBeNull()
    expect(await files.stat(join(root, 'own', 'file', 'none'))).toBeNull()
    expect(looks.atOnce > first.atOnce).toBe(isLocal)
    expect(looks.waited > first.waited).toBe(!isLocal)

    symlinkSync(outside, join(root, 'led'))
    expect(await files.stat(join(root, 'led', 'victim'))).toBeNull()
    await expect(files.open(join(root, 'led', 'victim'), 'update')).rejects.toThrow('is a link')
    await expect(files.remove(join(root, 'led', 'victim'))).rejects.toThrow('is a link')
    expect('statAtOnce' in files).toBe(false)
    untouched()
  })
})

test('the disk of this machine is told from others by its file system', async () => {
  expect(await nodeFiles.isOfThisMachine?.(root)).toBe(process.platform === 'linux')
  expect(await nodeFiles.isOfThisMachine?.('/proc')).toBe(false)
  expect(await nodeFiles.isOfThisMachine?.(join(root, 'none'))).toBe(false)
})
