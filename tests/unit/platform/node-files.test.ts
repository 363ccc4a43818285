/** Large files are read in pieces that arrive in order, whatever order the disk answers in. */
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { tempFolder } from '../../kit/temp-folder'

const MEGABYTE = 1024 * 1024

function largeFile(bytes: number): { readonly path: string; readonly content: Buffer } {
  const path = join(tempFolder('node-files'), 'large')
  const content = randomBytes(bytes)
  writeFileSync(path, content)
  return { path, content }
}

test('the pieces are the file in order, and so is the whole, with space after it', async () => {
  const { path, content } = largeFile(37 * MEGABYTE + 11)
  const pieces: Buffer[] = []
  const whole = await nodeFiles.readWhole(path, (piece) => pieces.push(Buffer.from(piece)))
  expect(pieces.length).toBeGreaterThan(3)
  expect(Buffer.concat(pieces).equals(content)).toBe(true)
  expect(content.equals(whole)).toBe(true)
  expect(whole.buffer.byteLength).toBeGreaterThan(whole.byteLength)
})

test('of a file that is truncated while it is read, only the beginning is returned', async () => {
  const { path, content } = largeFile(64 * MEGABYTE)
  let handedOut = 0
  const whole = await nodeFiles.readWhole(path, (piece) => {
    if (handedOut === 0) truncateSync(path, 10 * MEGABYTE)
    handedOut += piece.length
  })
  expect(whole.length).toBe(handedOut)
  expect(whole.length).toBeLessThan(content.length)
  expect(content.subarray(0, whole.length).equals(whole)).toBe(true)
})

test('an error thrown by the callback ends the reading', async () => {
  const { path } = largeFile(20 * MEGABYTE)
  const reading = nodeFiles.readWhole(path, () => {
    throw new Error('seen enough')
  })
  await expect(reading).rejects.toThrow('seen enough')
})

describe('making a folder', () => {
  test('creates missing parents too; an existing folder, or a link to one, stays', async () => {
    const folder = tempFolder('node-files')
    const deep = join(folder, 'a', 'b', 'c')
    await Promise.all([deep, deep, join(folder, 'a', 'd')].map((path) => nodeFiles.makeFolder(path)))
    expect(statSync(deep).isDirectory()).toBe(true)
    symlinkSync(join(folder, 'a'), join(folder, 'link'))
    await nodeFiles.makeFolder(join(folder, 'link'))
    await nodeFiles.makeFolder(join(folder, 'link', 'e'))
    expect(statSync(join(folder, 'a', 'e')).isDirectory()).toBe(true)
  })
  test('fails where a file is, or below one', async () => {
    const folder = tempFolder('node-files')
    mkdirSync(join(folder, 'a'))
    writeFileSync(join(folder, 'a', 'file'), '')
    await expect(nodeFiles.makeFolder(join(folder, 'a', 'file'))).rejects.toMatchObject({ code: 'EEXIST' })
    await expect(nodeFiles.makeFolder(join(folder, 'a', 'file', 'b'))).rejects.toMatchObject({
      code: expect.stringMatching(/ENOTDIR|ENOENT/) as string
    })
  })
  test.skipIf(process.platform !== 'linux')('fails soon where the system allows none', async () => {
    const making = nodeFiles.makeFolder('/proc/no-such-folder/in/here')
    await expect(making).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

test.skipIf(process.platform === 'win32')('a file that is rewritten keeps its mode', async () => {
  const path = join(tempFolder('node-files'), 'file')
  writeFileSync(path, 'old')
  for (const mode of [0o600, 0o644, 0o440]) {
    chmodSync(path, mode)
    await nodeFiles.writeWhole(path, 'new')
    expect(statSync(path).mode & 0o777).toBe(mode)
  }
})
