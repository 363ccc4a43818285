/** The end of the app, wishes to go somewhere, files it is started with, what nobody caught. */
import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { makeLog, type LogLine } from '../../../src/main/platform/log'
import { makePendingNavigation } from '../../../src/main/shell/pending-navigation'
import { onUnexpected } from '../../../src/main/shell/crash-handler'
import { filesToOpen } from '../../../src/main/shell/opened-files'
import { makeQuit } from '../../../src/main/shell/quit'

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

describe('to quit', () => {
  test('waits until the session is closed, and then lets the app go', async () => {
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

  test('waits no longer than it says for what hangs', async () => {
    const began = performance.now()
    const clean = await new Promise<boolean>((end) => {
      makeQuit({ close: () => new Promise(() => undefined), waitMs: 50, end }).mayGo()
    })
    expect(clean).toBe(false)
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  test('is not clean when closing failed, and goes all the same', async () => {
    const clean = await new Promise<boolean>((end) => {
      makeQuit({ close: () => Promise.reject(new Error('no')), waitMs: 5_000, end }).mayGo()
    })
    expect(clean).toBe(false)
  })
})

describe('a wish to go somewhere', () => {
  test('is told at once to a page that listens, and later to one that does not yet: the last wish only', () => {
    const told: unknown[] = []
    const going = makePendingNavigation((where) => told.push(where))
    going.go({ place: 'add' })
    going.go({ place: 'library' })
    expect(told).toEqual([])
    going.listens()
    expect(told).toEqual([{ place: 'library' }])
    going.listens()
    going.go({ place: 'queue', jobId: 'a' })
    expect(told).toEqual([{ place: 'library' }, { place: 'queue', jobId: 'a' }])
    going.gone()
    going.go({ place: 'add', previewId: 'p' })
    expect(told).toHaveLength(2)
    going.listens()
    expect(told).toHaveLength(3)
  })
})

describe('files on the command line', () => {
  test('are those with a name we read, made whole from where the person stood', () => {
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

describe('what nobody caught', () => {
  test('is written down, everything is closed, the person is told, and the process ends; once', async () => {
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
