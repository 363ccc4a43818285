import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { nodeFiles } from '../../../src/main/platform/node-files'

async function folderOf(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-descriptors-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

for (const isLocal of [true, false]) {
  const disk = isLocal ? 'on a disk of this machine' : 'on another disk'

  test(`${disk} a closed file is never used again, though the system gives its number to the next one`, async () => {
    const folder = await folderOf()
    const first = await nodeFiles.open(join(folder, 'first'), 'create', undefined, isLocal)
    await first.write(Buffer.from('first'), 0)
    await first.close()
    const second = await nodeFiles.open(join(folder, 'second'), 'create', undefined, isLocal)
    await first.close()
    await expect(first.write(Buffer.from('of the first'), 0)).rejects.toMatchObject({ code: 'EBADF' })
    await expect(first.size()).rejects.toMatchObject({ code: 'EBADF' })
    await expect(first.sync()).rejects.toMatchObject({ code: 'EBADF' })
    await second.write(Buffer.from('second'), 0)
    await second.close()
    expect(await readFile(join(folder, 'first'), 'utf8')).toBe('first')
    expect(await readFile(join(folder, 'second'), 'utf8')).toBe('second')
  })

  test(`${disk} closing waits for what is still being written`, async () => {
    const folder = await folderOf()
    const handle = await nodeFiles.open(join(folder, 'large'), 'create', undefined, isLocal)
    const bytes = Buffer.alloc(16 * 1_048_576, 'x')
    const writing = handle.write(bytes, 0)
    const syncing = handle.sync()
    await handle.close()
    await Promise.all([writing, syncing])
    expect((await nodeFiles.stat(join(folder, 'large')))?.bytes).toBe(bytes.length)
  })

  test(`${disk} a file is read, emptied and named as it is`, async () => {
    const folder = await folderOf()
    const path = join(folder, 'file')
    await writeFile(path, 'some bytes')
    const handle = await nodeFiles.open(path, 'update', undefined, isLocal)
    expect(Buffer.from(await handle.read(5, 100)).toString()).toBe('bytes')
    expect(await handle.identity?.()).toBe((await nodeFiles.stat(path))?.identity)
    await handle.truncate(4)
    expect(await handle.size()).toBe(4)
    await handle.close()
    expect(await readFile(path, 'utf8')).toBe('some')
    await expect(nodeFiles.open(join(folder, 'none'), 'read', undefined, isLocal)).rejects.toMatchObject({
      code: 'ENOENT'
    })
  })
}

test('a journal is written at its end', async () => {
  const folder = await folderOf()
  const path = join(folder, 'journal')
  await writeFile(path, 'first\n')
  const handle = await nodeFiles.open(path, 'journal')
  await handle.write(Buffer.from('second\n'), null)
  await handle.sync()
  await handle.close()
  expect(await readFile(path, 'utf8')).toBe('first\nsecond\n')
})
