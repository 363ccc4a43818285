/** The history of a paper: nesting of entries, which pauses are shown, and which entries stand out. */
import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { describe, expect, it } from 'vitest'
import { linesOf, nodeOf } from '../../../src/renderer/views/queue/timeline'
import Timeline from '../../../src/renderer/views/queue/Timeline.svelte'
import { timelineEntry } from './made'

const noon = new Date(2026, 4, 3, 12, 0, 0).getTime() / 1000
const titlesOf = (lines: ReturnType<typeof linesOf>): string[] =>
  lines.map((line) =>
    line.kind === 'entry'
      ? [line.entry.title, ...line.under.map((one) => one.title)].join(' > ')
      : `${line.day === null ? '' : 'day '}${line.seconds === null ? '' : String(line.seconds)}${line.broken ? ' broken' : ''}`
  )

describe('rows of a timeline', () => {
  it('nest the requested sources under their op', () => {
    const lines = linesOf(
      [
        timelineEntry({ kind: 'event', title: 'Leased', at: noon }),
        timelineEntry({ op: 'RESOLVE', title: 'Resolve', at: noon + 1, elapsedMs: 2_000 }),
        timelineEntry({ kind: 'attempt', title: 'Unpaywall', at: noon + 1 }),
        timelineEntry({ kind: 'attempt', title: 'arXiv', at: noon + 2 }),
        timelineEntry({ op: 'FINALIZE', title: 'Finalize', at: noon + 3, elapsedMs: 5 }),
        timelineEntry({ kind: 'attempt', title: 'Stray', at: noon + 4 })
      ],
      noon
    )
    expect(titlesOf(lines)).toEqual(['Leased', 'Resolve > Unpaywall > arXiv', 'Finalize', 'Stray'])
  })

  it('show a pause of a minute and more, counted from the end of the entry before', () => {
    const lines = linesOf(
      [
        timelineEntry({ title: 'Head', at: noon, elapsedMs: 30_000 }),
        timelineEntry({ title: 'Short', at: noon + 80 }),
        timelineEntry({ title: 'Long', at: noon + 80 + 61 })
      ],
      noon
    )
    expect(titlesOf(lines)).toEqual(['Head', 'Short', '61', 'Long'])
  })

  it('show the day where it changes, and at the top when it is not today', () => {
    const lines = linesOf(
      [timelineEntry({ title: 'Planned', at: noon }), timelineEntry({ title: 'Resolve', at: noon + 86_400 })],
      noon + 2 * 86_400
    )
    expect(titlesOf(lines)).toEqual(['day ', 'Planned', 'day 86400', 'Resolve'])
  })

  it('show that a pause followed an interruption', () => {
    const lines = linesOf(
      [
        timelineEntry({ title: 'Stream', at: noon, marks: [{ text: 'interrupted', tone: 'attention' }] }),
        timelineEntry({ kind: 'event', title: 'Recovered', at: noon + 300 })
      ],
      noon
    )
    expect(titlesOf(lines)).toEqual(['Stream', '300 broken', 'Recovered'])
  })
})

describe('the sign of an entry', () => {
  const mark = (text: string) => [{ text, tone: 'now' as const }]
  it.each([
    ['interrupted', timelineEntry({ marks: mark('interrupted') })],
    ['interrupted', timelineEntry({ marks: mark('outcome unknown') })],
    ['recovered', timelineEntry({ kind: 'event', raw: { kind: 'recovered' } })],
    ['reused', timelineEntry({ marks: mark('already done') })],
    ['continued', timelineEntry({ marks: mark('continued at 41 %') })],
    ['adopted', timelineEntry({ marks: mark('adopted') })],
    ['failed', timelineEntry({ tone: 'bad' })],
    ['now', timelineEntry({ tone: 'now', marks: mark('continued at 41 %') })],
    ['event', timelineEntry({ kind: 'event' })],
    ['done', timelineEntry({ tone: 'good' })]
  ])('is %s', (expected, one) => {
    expect(nodeOf(one)).toBe(expected)
  })
})

describe('the timeline', () => {
  const history = [
    timelineEntry({ op: 'RESOLVE', title: 'Resolve', at: noon, elapsedMs: 1_900 }),
    timelineEntry({ kind: 'attempt', title: 'Unpaywall', detail: 'no PDF known', at: noon }),
    timelineEntry({
      op: 'STREAM',
      title: 'Stream',
      at: noon + 2,
      detail: '1.8 MB kept on disk',
      marks: [{ text: 'interrupted', tone: 'attention' }],
      raw: { op_key: 'abc', result_code: 'ABANDONED' }
    }),
    timelineEntry({
      op: 'STREAM',
      title: 'Stream',
      at: noon + 362,
      tone: 'now',
      marks: [{ text: 'continued at 41 %', tone: 'now' }]
    })
  ]

  it('shows marks, the pause, the sources under their op, and the live bytes', () => {
    render(Timeline, { entries: history, running: true, live: '2.9 of 4.5 MB · 1.2 MB/s' })
    expect(screen.getByText('interrupted')).toBeDefined()
    expect(screen.getByText('continued at 41 %')).toBeDefined()
    expect(screen.getByText('6 min later, after the interruption')).toBeDefined()
    expect(screen.getByText('2.9 of 4.5 MB · 1.2 MB/s')).toBeDefined()
    const asked = screen.getByRole('list', { name: 'Resolve' })
    expect(within(asked).getByText('Unpaywall')).toBeDefined()
    expect(within(asked).queryByText('Stream')).toBeNull()
  })

  it('shows the raw entry of one item, and arrow keys move through the list', async () => {
    render(Timeline, { entries: history, running: false, live: '' })
    expect(screen.queryByText(/ABANDONED/)).toBeNull()
    const [first, second, third] = screen.getAllByRole('button', { name: /^Show raw/ })
    expect(first?.tabIndex).toBe(0)
    expect(third?.tabIndex).toBe(-1)
    first?.focus()
    await fireEvent.keyDown(first as HTMLElement, { key: 'ArrowDown' })
    expect(document.activeElement).toBe(second)
    await fireEvent.keyDown(second as HTMLElement, { key: 'ArrowDown' })
    await fireEvent.click(third as HTMLElement)
    expect(screen.getByText(/ABANDONED/).tagName).toBe('PRE')
    expect(third?.getAttribute('aria-expanded')).toBe('true')
  })
})
