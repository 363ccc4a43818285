/** The list of the library: requests visible rows, shows the newest answer only, and keeps its selection by name. */
import { waitFor } from '@testing-library/svelte'
import { beforeEach, describe, expect, it } from 'vitest'
import { fakeMain, Refusal, type FakeMain } from '../fake-main'
import { LibraryList } from '../../../src/renderer/views/library/library-list.svelte'
import { Selection } from '../../../src/renderer/views/library/selection.svelte'
import { page, paper } from './made'

let main: FakeMain
let total = 20_000
beforeEach(() => {
  total = 20_000
  main = fakeMain({
    'library.list': ({ query, offset, limit }) => page(query.text === 'rare' ? 3 : total, offset, limit),
    'app.remember': () => null
  })
})
const offsets = (): number[] => main.inputsOf('library.list').map(({ offset }) => offset)

describe('the list', () => {
  it('requests the visible blocks, each once', async () => {
    const list = new LibraryList()
    list.begin()
    await waitFor(() => {
      expect(list.total).toBe(20_000)
    })
    list.look(9_950, 10_020)
    list.look(9_960, 10_030)
    await waitFor(() => {
      expect(list.row(10_000)?.artifactId).toBe('10000')
    })
    expect(offsets()).toEqual([0, 9_900, 10_000])
    expect(list.row(5_000)).toBeUndefined()
    expect(list.indexOf('9999')).toBe(9_999)
  })

  it('sends a search shortly after the last letter, best match first', async () => {
    const list = new LibraryList()
    list.begin()
    for (const text of ['r', 'ra', 'rar', 'rare']) list.setText(text)
    await waitFor(() => {
      expect(list.total).toBe(3)
    })
    const [, search, ...more] = main.inputsOf('library.list')
    expect(search).toMatchObject({ query: { text: 'rare' }, sort: 'relevance', direction: 'down', offset: 0 })
    expect(more).toEqual([])
  })

  it('keeps its rows when the library changes, and requests the visible ones again', async () => {
    const list = new LibraryList()
    list.begin()
    await waitFor(() => {
      expect(list.total).toBe(20_000)
    })
    total = 20_001
    list.refresh()
    list.refresh()
    expect(list.row(0)?.artifactId).toBe('0')
    await waitFor(() => {
      expect(list.total).toBe(20_001)
    })
    expect(offsets()).toEqual([0, 0])
    list.stop()
  })

  it('shows an error, and can be loaded again', async () => {
    fakeMain({
      'library.list': () => {
        throw new Refusal('The library folder is not there.')
      }
    })
    const list = new LibraryList()
    list.begin()
    await waitFor(() => {
      expect(list.failed?.message).toBe('The library folder is not there.')
    })
  })
})

describe('the current paper', () => {
  it('stays the same when others are inserted before it, and moves to its neighbour when removed', async () => {
    let ids = ['a', 'b', 'c']
    const list = await listOf(() => ids)
    list.current = 1
    ids = ['new', 'a', 'b', 'c']
    await refreshed(list, 4)
    expect(list.current).toBe(2)
    ids = ['new', 'a', 'c']
    await refreshed(list, 3)
    expect(list.row(list.current)?.artifactId).toBe('c')
    ids = ['newer', 'new', 'a', 'c']
    await refreshed(list, 4)
    expect(list.row(list.current)?.artifactId).toBe('c')
    list.stop()
  })

  it('is the first one of a new query, from its first answer on', async () => {
    let ids = ['a', 'b', 'c']
    const list = await listOf(() => ids)
    list.current = 1
    ids = ['c', 'b', 'a']
    list.turnRound()
    await waitFor(() => {
      expect(list.row(0)?.artifactId).toBe('c')
    })
    expect(list.current).toBe(0)
    ids = ['new', 'c', 'b', 'a']
    await refreshed(list, 4)
    expect(list.current).toBe(1)
    list.stop()
  })
})

async function listOf(ids: () => readonly string[]): Promise<LibraryList> {
  fakeMain({
    'library.list': ({ offset, limit }) => ({
      ...page(ids().length, offset, limit),
      rows: ids()
        .slice(offset, offset + limit)
        .map((artifactId) => paper({ artifactId }))
    }),
    'app.remember': () => null
  })
  const list = new LibraryList()
  list.begin()
  await waitFor(() => {
    expect(list.total).toBe(ids().length)
  })
  return list
}

async function refreshed(list: LibraryList, total: number): Promise<void> {
  list.refresh()
  await waitFor(() => {
    expect(list.total).toBe(total)
  })
}

describe('a selection', () => {
  it('extends from the paper it began at, wherever that is now', async () => {
    let ids = ['a', 'b', 'c', 'd']
    const list = await listOf(() => ids)
    const selection = new Selection(list)
    await selection.pick(1, { extend: false, toggle: false }, 0)
    ids = ['new', 'a', 'b', 'c', 'd']
    await refreshed(list, 5)
    await selection.pick(3, { extend: true, toggle: false }, 2)
    expect(selection.ids).toEqual(['b', 'c'])
    list.stop()
  })

  it('extends over rows that were never shown', async () => {
    const list = new LibraryList()
    const selection = new Selection(list)
    list.begin()
    await waitFor(() => {
      expect(list.total).toBe(20_000)
    })
    await selection.pick(10, { extend: false, toggle: false }, 0)
    await selection.pick(1_209, { extend: true, toggle: false }, 10)
    expect(selection.size).toBe(1_200)
    expect(selection.ids[0]).toBe('10')
    expect(selection.ids.at(-1)).toBe('1209')
    await selection.pick(10, { extend: false, toggle: true }, 1_209)
    expect(selection.has(10)).toBe(false)
    expect(selection.size).toBe(1_199)
  })

  it('of everything includes all rows, and a newer selection replaces it', async () => {
    const list = new LibraryList()
    const selection = new Selection(list)
    list.begin()
    await waitFor(() => {
      expect(list.total).toBe(20_000)
    })
    await selection.all()
    expect(selection.size).toBe(20_000)
    const slow = selection.all()
    selection.clear()
    await slow
    expect(selection.size).toBe(0)
  })
})
