/** Rows loaded page by page: outdated answers are ignored, and rows stay until newer ones arrive. */
import { describe, expect, it, vi } from 'vitest'
import { PAGE_ROWS, RowPages, type FetchRows } from '../../../src/renderer/views/queue/row-pages'

interface Row {
  readonly id: string
}
type Answer = { readonly total: number; readonly rows: readonly Row[] }

/** Answers when the test releases it. */
function slowly() {
  const asked: { offset: number; answer: (value: Answer) => void; refuse: (why: Error) => void }[] = []
  const fetch: FetchRows<Row> = (offset) =>
    new Promise((answer, refuse) => {
      asked.push({ offset, answer, refuse })
    })
  return { asked, fetch }
}

const page = (name: string, total: number, offset = 0): Answer => ({
  total,
  rows: Array.from({ length: Math.min(PAGE_ROWS, total - offset) }, (_, at) => ({
    id: `${name}${String(offset + at)}`
  }))
})
const settled = () => new Promise((done) => setTimeout(done, 0))

describe('rows of a long list', () => {
  it('ignore the answer to an outdated request', async () => {
    const rows = new RowPages<Row>((row) => row.id)
    const first = slowly()
    const second = slowly()
    void rows.ask(first.fetch)
    void rows.ask(second.fetch)
    second.asked[0]?.answer(page('new', 3))
    await settled()
    first.asked[0]?.answer(page('old', 900))
    await settled()
    expect(rows.total).toBe(3)
    expect(rows.row(0)?.id).toBe('new0')
  })

  it('keep the shown rows until the new answer is complete', async () => {
    const shown = vi.fn()
    const rows = new RowPages<Row>((row) => row.id, shown)
    const first = slowly()
    void rows.ask(first.fetch)
    first.asked[0]?.answer(page('a', 400))
    await settled()
    rows.look(110, 130)
    first.asked[1]?.answer(page('a', 400, PAGE_ROWS))
    await settled()
    const second = slowly()
    void rows.ask(second.fetch)
    expect(rows.row(110)?.id).toBe('a110')
    expect(rows.waiting).toBe(true)
    second.asked[0]?.answer(page('b', 200))
    await settled()
    expect(rows.row(110)).toBeUndefined()
    expect(rows.row(0)?.id).toBe('b0')
    expect(rows.waiting).toBe(false)
    expect(shown).toHaveBeenLastCalledWith({ isNew: true, shift: 0 })
  })

  it('load only visible pages, each once', async () => {
    const rows = new RowPages<Row>((row) => row.id)
    const { asked, fetch } = slowly()
    void rows.ask(fetch)
    asked[0]?.answer(page('a', 100_000))
    await settled()
    rows.look(99_900, 99_930)
    rows.look(99_905, 99_935)
    expect(asked.map((one) => one.offset)).toEqual([0, 99_900])
  })

  it('reload what is visible, and once more when it changed during the request', async () => {
    const rows = new RowPages<Row>((row) => row.id)
    const { asked, fetch } = slowly()
    void rows.ask(fetch)
    asked[0]?.answer(page('a', 100))
    await settled()
    rows.look(0, 20)
    rows.refresh()
    rows.refresh()
    expect(asked).toHaveLength(2)
    asked[1]?.answer(page('b', 100))
    await settled()
    expect(rows.row(0)?.id).toBe('b0')
    expect(asked).toHaveLength(3)
  })

  it('report how far the first visible row moved', async () => {
    const shown = vi.fn()
    const rows = new RowPages<Row>((row) => row.id, shown)
    const { asked, fetch } = slowly()
    void rows.ask(fetch)
    asked[0]?.answer(page('a', 100))
    await settled()
    rows.look(40, 60)
    rows.refresh()
    const moved = page('a', 100)
    asked[1]?.answer({ total: 102, rows: [{ id: 'x' }, { id: 'y' }, ...moved.rows] })
    await settled()
    expect(shown).toHaveBeenLastCalledWith({ isNew: false, shift: 2 })
  })

  it('show an error, and recover with the next answer', async () => {
    const rows = new RowPages<Row>((row) => row.id)
    const { asked, fetch } = slowly()
    void rows.ask(fetch)
    asked[0]?.refuse(new Error('The ledger is in use.'))
    await settled()
    expect(rows.error?.message).toBe('The ledger is in use.')
    expect(rows.waiting).toBe(false)
    void rows.ask(fetch)
    asked[1]?.answer(page('a', 1))
    await settled()
    expect(rows.error).toBeNull()
  })
})
