/** Large files are read in pieces that arrive in order, whatever order the disk answers in. */
import { randomBytes } from 'node:crypto'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { tempFolder } from '../../kit/temp-folder'

const MEGABYTE = 1024 * 1024

function largeFile(bytes: number): { readonly path: string; readonly content: Buffer } {
  const path = join(tempFolder('node-files'), 'large')
  const content = randomBytes(bytes)
  writeFileSync(path, content)
  return { path, content }
}

test('the pieces are the file, in order, and so is the whole; behind it there is room to grow', async () => {
  const { path, content } = largeFile(37 * MEGABYTE + 11)
  const pieces: Buffer[] = []
  const whole = await nodeFiles.readWhole(path, (piece) => pieces.push(Buffer.from(piece)))
  expect(pieces.length).toBeGreaterThan(3)
  expect(Buffer.concat(pieces).equals(content)).toBe(true)
  expect(content.equals(whole)).toBe(true)
  expect(whole.buffer.byteLength).toBeGreaterThan(whole.byteLength)
})

test('of a file that is cut short while it is read, the beginning is handed out and no more', async () => {
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

test('what the looking at a piece throws ends the reading', async () => {
  const { path } = largeFile(20 * MEGABYTE)
  const reading = nodeFiles.readWhole(path, () => {
    throw new Error('seen enough')
  })
  await expect(reading).rejects.toThrow('seen enough')
})
