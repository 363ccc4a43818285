/** The selection: one row, some, a range, or everything that a filter shows, without names. */
import { describe, expect, it } from 'vitest'
import { MOST_BY_NAME, Selection } from '../../../src/renderer/views/queue/selection'

const names = (selection: Selection): string[] => [...selection.ids].sort()

describe('a selection', () => {
  it('is one row after a plain click, whatever it was before', () => {
    const two = Selection.none.only('a', 0).toggle('b', 3)
    expect(names(two)).toEqual(['a', 'b'])
    expect(names(two.only('c', 5))).toEqual(['c'])
    expect(Selection.everything().only('c', 5).all).toBe(false)
  })

  it('is unchanged after a row is toggled twice', () => {
    const once = Selection.none.toggle('a', 0)
    expect(once.has('a')).toBe(true)
    expect(once.toggle('a', 0).count(100)).toBe(0)
  })

  it('extends from the row picked last, in both directions, and keeps that anchor', () => {
    const picked = Selection.none.only('d', 3)
    expect(picked.span(5)).toEqual({ first: 3, last: 5 })
    expect(picked.span(1)).toEqual({ first: 1, last: 3 })
    const ranged = picked.range(['d', 'e', 'f'])
    expect(ranged.span(1)).toEqual({ first: 1, last: 3 })
    expect(Selection.none.span(4)).toEqual({ first: 4, last: 4 })
  })

  it('knows its anchor by name, and extends from its present place', () => {
    const picked = Selection.none.only('d', 3)
    expect(picked.anchorId).toBe('d')
    const moved = picked.anchoredAt(5)
    expect(moved.span(6)).toEqual({ first: 5, last: 6 })
    expect(names(moved)).toEqual(['d'])
    expect(moved.range(['d', 'e']).anchorId).toBe('d')
  })

  it('of everything is the filter itself, and counts what the filter shows', () => {
    const all = Selection.everything()
    const query = { group: 'attention' as const, reasons: ['NO_OPEN_COPY'] }
    expect(all.which(query)).toEqual({ query })
    expect(all.count(123_456)).toBe(123_456)
    expect(all.has('never seen')).toBe(true)
    // Everything but one needs the names of all the others, which are not known.
    expect(all.toggle('a', 0)).toBe(all)
  })

  it('names the rows that are selected, or nothing', () => {
    expect(Selection.none.which({ group: 'all' })).toBeNull()
    expect(Selection.none.only('a', 0).which({ group: 'all' })).toEqual({ jobIds: ['a'] })
    expect(Selection.none.has(undefined)).toBe(false)
  })

  it('is limited to as many names as one request takes', () => {
    const ids = Array.from({ length: MOST_BY_NAME + 5 }, (_, index) => `j${String(index)}`)
    const full = Selection.none.range(ids, 0)
    expect(full.count(1e6)).toBe(MOST_BY_NAME)
    expect(full.toggle('one more', 9).has('one more')).toBe(false)
  })
})
