/** Full texts of real PDFs, and files that cannot be read or take too long. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { makeTextReader, type TextLimits, type TextReader } from '../../../src/main/library/text-reader'
import { pictureIn } from '../../../src/main/library/thumbnails'
import { forkChild } from '../../../src/main/platform/child-process'
import { nodeClock } from '../../../src/main/platform/node-host'
import { makePdf } from '../../kit/make-pdf'
import { repositoryRoot } from '../../kit/shared'
import { tempFolder } from '../../kit/temp-folder'
import { testHost } from '../../kit/test-host'

// Each test starts processes, which is slow on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const never = new AbortController().signal

function reader(limits: Partial<TextLimits> = {}): TextReader {
  const made = makeTextReader({ clock: nodeClock, log: testHost().log, startChild: forkChild }, limits)
  onTestFinished(() => {
    made.close()
  })
  return made
}

function file(bytes: Uint8Array | string): string {
  const path = join(tempFolder('text'), 'a.pdf')
  writeFileSync(path, bytes)
  return path
}

const paper = (text: string): Uint8Array =>
  makePdf({ title: 'On texts', authors: ['A'], year: 2020, text, pages: 5 })

test('every page is read, in order, up to the limits', async () => {
  const path = file(paper(`${'alpha words fill the page. '.repeat(400)}\n\nomega stands last.`))
  const whole = await reader().read(path, never)
  expect(whole).toMatchObject({ kind: 'text', whole: true })
  if (whole.kind !== 'text') return
  expect(whole.pages[0]).toContain('On texts')
  expect(whole.pages.findIndex((page) => page.includes('omega'))).toBeGreaterThan(1)
  expect(await reader({ mostPages: 2 }).read(path, never)).toMatchObject({
    whole: false,
    pages: { length: 2 }
  })
  expect(await reader({ mostChars: 10 }).read(path, never)).toMatchObject({
    whole: false,
    pages: { length: 1 }
  })
})

test('an unreadable file does not affect other files', async () => {
  const one = reader()
  const locked = readFileSync(join(repositoryRoot, 'tests/fixtures/web/password-needed.pdf'))
  for (const path of [file('no pdf'), file(''), file(locked), '/nowhere/at/all.pdf']) {
    expect(await one.read(path, never)).toMatchObject({ kind: 'unreadable' })
  }
  expect(await one.read(file(paper('still at work')), never)).toMatchObject({ kind: 'text' })
})

test('a process that takes too long is ended, and the next file gets another', async () => {
  const path = file(paper('slow '.repeat(3_000)))
  const hurried = reader({ wallMs: 1 })
  expect(await hurried.read(path, never)).toMatchObject({ kind: 'unreadable', because: /not done after/ })
  const stop = new AbortController()
  const patient = reader()
  const reading = patient.read(path, stop.signal)
  stop.abort(new Error('closing'))
  await expect(reading).rejects.toThrow('closing')
  expect(await patient.read(path, never)).toMatchObject({ kind: 'text' })
})

test('a picture is known by its content, not by its name', () => {
  const bytes = (text: string, size = 60): Uint8Array => Buffer.concat([Buffer.from(text, 'latin1')], size)
  const png = (width: number): Uint8Array => {
    const made = Buffer.alloc(60)
    made.write('\x89PNG\r\n\x1a\n', 'latin1')
    made.write('IHDR', 12, 'latin1')
    made.writeUInt32BE(width, 16)
    made.writeUInt32BE(7, 20)
    made.write('IEND', 52, 'latin1')
    return made
  }
  expect(pictureIn(png(300))).toEqual({ kind: 'png', width: 300, height: 7 })
  expect(pictureIn(png(300).subarray(0, 59))).toBe(null)
  const webp = Buffer.from(bytes('RIFF\x34\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0'))
  webp.writeUInt16LE(319, 24)
  webp.writeUInt16LE(199, 27)
  expect(pictureIn(webp)).toEqual({ kind: 'webp', width: 320, height: 200 })
  const lossy = Buffer.from(bytes('RIFF\x34\0\0\0WEBPVP8 \x20\0\0\0\0\0\0\x9d\x01\x2a'))
  lossy.writeUInt16LE(64, 26)
  lossy.writeUInt16LE(48, 28)
  expect(pictureIn(lossy)).toEqual({ kind: 'webp', width: 64, height: 48 })
  const lossless = Buffer.from(bytes('RIFF\x34\0\0\0WEBPVP8L\x20\0\0\0\x2f'))
  lossless.writeUInt32LE(63 | (47 << 14), 21)
  expect(pictureIn(lossless)).toEqual({ kind: 'webp', width: 64, height: 48 })
  for (const other of [
    bytes('GIF89a'),
    bytes('<svg xmlns='),
    bytes('RIFF\xff\xff\0\0WEBPVP8 '),
    bytes('', 5)
  ]) {
    expect(pictureIn(other)).toBe(null)
  }
})
