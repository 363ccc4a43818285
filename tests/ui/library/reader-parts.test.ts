/** Pure parts of the reader: messages of errors, outlines, ranges, and keyboard shortcuts. */
import { describe, expect, it, vi } from 'vitest'
import type { PDFDocumentProxy } from 'pdfjs-dist'
import { matchesSentence } from '../../../src/renderer/text/reader'
import { BytesError, totalOf } from '../../../src/renderer/views/reader/pdf/byte-source'
import { outlineOf, visibleEntries } from '../../../src/renderer/views/reader/pdf/outline'
import { problemOf } from '../../../src/renderer/views/reader/pdf/problem'
import { onReaderKeys } from '../../../src/renderer/views/reader/reader-keys'

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name })

describe('error messages', () => {
  it.each([
    [new BytesError(404), 'missing'],
    [new BytesError(410), 'missing'],
    [new BytesError(500), 'unreadable'],
    [named('InvalidPDFException', 'Invalid PDF structure.'), 'damaged'],
    [named('InvalidPDFException', 'The PDF file is empty, i.e. its size is zero bytes.'), 'empty'],
    [named('UnknownErrorException', 'Unknown encryption method'), 'locked'],
    [new TypeError('Failed to fetch'), 'unreadable'],
    ['nonsense', 'unreadable']
  ] as const)('%s is %s', (error, problem) => {
    expect(problemOf(error)).toBe(problem)
  })
})

it('the length of a file is read from a range response', () => {
  expect(totalOf('bytes 0-511/2048')).toBe(2_048)
  expect(totalOf('bytes 0-511/*')).toBeNull()
  expect(totalOf(null)).toBeNull()
})

it('matches are counted in words', () => {
  expect(matchesSentence({ state: 'found', current: 3, total: 1_700 })).toBe('3 of 1,700')
  expect(matchesSentence({ state: 'none', current: 0, total: 0 })).toBe('Not found')
  expect(matchesSentence({ state: 'idle', current: 0, total: 0 })).toBe('')
})

describe('an outline', () => {
  const item = (title: string, items: unknown[] = [], count = items.length): unknown => ({
    title,
    items,
    count,
    dest: null,
    url: null
  })
  const pdf = (outline: unknown): PDFDocumentProxy =>
    ({ getOutline: () => Promise.resolve(outline) }) as unknown as PDFDocumentProxy

  it('is a tree whose open part is shown', async () => {
    const outline = await outlineOf(
      pdf([item(' One\n part ', [item('1.1')]), item('Two', [item('2.1')], -1), item('')])
    )
    const shown = visibleEntries(outline, (entry) => entry.open)
    expect(shown.map(({ id, title, level }) => [id, title, level])).toEqual([
      ['0', 'One part', 1],
      ['0.0', '1.1', 2],
      ['1', 'Two', 1],
      ['2', '—', 1]
    ])
  })

  it('may be missing, endless or deep', async () => {
    expect(await outlineOf(pdf(null))).toEqual([])
    const wide = Array.from({ length: 9_000 }, (_, at) => item(String(at)))
    expect(await outlineOf(pdf(wide))).toHaveLength(5_000)
    let deep = item('bottom')
    for (let at = 0; at < 500; at += 1) deep = item(String(at), [deep])
    expect(visibleEntries(await outlineOf(pdf([deep])), () => true)).toHaveLength(12)
  })
})

describe('the keys of the reader', () => {
  function world(): { press: (key: string, more?: object, on?: HTMLElement) => boolean; acts: string[] } {
    const acts: string[] = []
    const act = (name: string) => () => {
      acts.push(name)
    }
    const root = document.createElement('div')
    const container = document.createElement('div')
    const field = document.createElement('input')
    root.append(container, field)
    document.body.append(root)
    const reading = {
      again: act('again'),
      zoomIn: act('zoomIn'),
      zoomOut: act('zoomOut'),
      setZoom: act('setZoom')
    }
    onReaderKeys({
      container: () => container,
      reading: () => reading,
      find: act('find'),
      page: act('page'),
      sidebar: act('sidebar'),
      leave: act('leave'),
      mayLeave: () => true
    })(root)
    return {
      acts,
      press: (key, more = {}, on = container) =>
        !on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
    }
  }

  it.each([
    ['f', { ctrlKey: true }, 'find'],
    ['f', { metaKey: true }, 'find'],
    ['/', {}, 'find'],
    ['g', {}, 'page'],
    ['F4', {}, 'sidebar'],
    ['\\', {}, 'sidebar'],
    ['n', {}, 'again'],
    ['+', {}, 'zoomIn'],
    ['-', {}, 'zoomOut'],
    ['0', {}, 'setZoom'],
    ['+', { ctrlKey: true }, 'zoomIn'],
    ['=', { metaKey: true }, 'zoomIn'],
    ['-', { ctrlKey: true }, 'zoomOut'],
    ['0', { ctrlKey: true }, 'setZoom'],
    ['Escape', {}, 'leave']
  ])('%s %j', (key, more, name) => {
    const { press, acts } = world()
    expect(press(key, more)).toBe(true)
    expect(acts).toEqual([name])
  })

  it('leave keys for typing to a field', () => {
    const { press, acts } = world()
    const field = document.querySelector<HTMLInputElement>('div:last-of-type > input') ?? undefined
    for (const key of ['g', 'n', '+', '/']) expect(press(key, {}, field)).toBe(false)
    expect(acts).toEqual([])
  })

  it('leave scrolling to the pages', () => {
    const { press } = world()
    vi.spyOn(Element.prototype, 'scrollBy').mockImplementation(() => undefined)
    for (const key of ['ArrowDown', 'PageDown', ' ', 'End']) expect(press(key)).toBe(false)
  })
})
