/** The list of the library: asks for what is in sight, shows the newest answer only, knows a selection by name. */
import { waitFor } from '@testing-library/svelte'
import { beforeEach, describe, expect, it } from 'vitest'
import { fakeMain, Refusal, type FakeMain } from '../fake-main'
import { LibraryList } from '../../../src/renderer/views/library/library-list.svelte'
import { Selection } from '../../../src/renderer/views/library/selection.svelte'
import { page } from './made'

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
  it('asks for the blocks in sight, each once', async () => {
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

  it('puts a search a moment after the last letter, best first', async () => {
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

  it('keeps what it shows when the library changes, and asks again for what is in sight', async () => {
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

  it('says what went wrong, and can be asked again', async () => {
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

describe('a selection', () => {
  it('is drawn over rows that were never shown', async () => {
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

  it('of everything is everything, and a newer one overtakes it', async () => {
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
