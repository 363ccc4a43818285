/** Quitting, pending navigation, files on the command line, uncaught errors. */
import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { makeLog, type LogLine } from '../../../src/main/platform/log'
import { makePendingNavigation } from '../../../src/main/shell/pending-navigation'
import { onUnexpected } from '../../../src/main/shell/crash-handler'
import { filesToOpen } from '../../../src/main/shell/opened-files'
import { makeQuit } from '../../../src/main/shell/quit'

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

describe('quitting', () => {
  test('waits until the session is closed, and then lets the app end', async () => {
    let closed = (): void => undefined
    const ends: boolean[] = []
    const quitting = makeQuit({
      close: () => new Promise((resolve) => (closed = resolve)),
      waitMs: 5_000,
      end: (clean) => ends.push(clean)
    })
    expect(quitting.begun()).toBe(false)
    expect(quitting.mayGo()).toBe(false)
    expect(quitting.mayGo(), 'a second wish does not close twice').toBe(false)
    expect(ends).toEqual([])
    closed()
    await soon()
    expect(ends).toEqual([true])
    expect(quitting.mayGo()).toBe(true)
    await soon()
    expect(ends).toEqual([true])
  })

  test('waits no longer than its limit for a close that hangs', async () => {
    const began = performance.now()
    const clean = await new Promise<boolean>((end) => {
      makeQuit({ close: () => new Promise(() => undefined), waitMs: 50, end }).mayGo()
    })
    expect(clean).toBe(false)
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  test('is not clean when closing failed, but ends all the same', async () => {
    const clean = await new Promise<boolean>((end) => {
      makeQuit({ close: () => Promise.reject(new Error('no')), waitMs: 5_000, end }).mayGo()
    })
    expect(clean).toBe(false)
  })
})

describe('a pending navigation', () => {
  test('is sent at once to a page that listens, and later to one that does not yet: the last one only', () => {
    const sent: unknown[] = []
    const going = makePendingNavigation((where) => sent.push(where))
    going.go({ place: 'add' })
    going.go({ place: 'library' })
    expect(sent).toEqual([])
    going.listens()
    expect(sent).toEqual([{ place: 'library' }])
    going.listens()
    going.go({ place: 'queue', jobId: 'a' })
    expect(sent).toEqual([{ place: 'library' }, { place: 'queue', jobId: 'a' }])
    going.gone()
    going.go({ place: 'add', previewId: 'p' })
    expect(sent).toHaveLength(2)
    going.listens()
    expect(sent).toHaveLength(3)
  })
})

describe('files on the command line', () => {
  test('are those with a known extension, resolved against the working directory', () => {
    expect(
      filesToOpen(
        [
          '--inspect=0',
          'refs.bib',
          '/abs/list.RIS',
          '.',
          'paper.pdf',
          '--file.bib',
          'x.nbib',
          'https://example.org',
          'file:///home/ada/a%20list.bib',
          'file://other-host/x.bib',
          'file:///%ff.bib'
        ],
        '/home/ada'
      )
    ).toEqual(['/home/ada/refs.bib', '/abs/list.RIS', '/home/ada/x.nbib', '/home/ada/a list.bib'])
  })
})

describe('an uncaught error', () => {
  test('is logged, everything is closed, the user is told, and the process ends, once', async () => {
    const source = new EventEmitter()
    const lines: LogLine[] = []
    const happened: string[] = []
    onUnexpected(source, {
      log: makeLog(
        (line) => lines.push(line),
        'info',
        () => 1
      ),
      close: () => {
        happened.push('closed')
        return Promise.reject(new Error('even that'))
      },
      tell: (title) => happened.push(title),
      end: () => happened.push('ended')
    })
    source.emit('uncaughtException', new Error('a flaw of ours'))
    source.emit('unhandledRejection', 'another')
    await soon()
    expect(happened).toEqual(['closed', 'Sheaf has to close', 'ended'])
    expect(lines.map((line) => line.facts['error'])).toEqual(['a flaw of ours', 'another'])
    expect(lines[0]?.facts['stack']).toContain('a flaw of ours')
  })
})
