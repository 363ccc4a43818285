/** The report on screen: its figures, their links to papers, and the messages of a save. */
import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { beforeEach, expect, it } from 'vitest'
import type { ReportView } from '../../src/contract/retrieval-report'
import { remembered } from '../../src/renderer/state/remembered.svelte'
import { route } from '../../src/renderer/state/route.svelte'
import { toasts } from '../../src/renderer/state/toasts.svelte'
import { coverageRows, reasonRows } from '../../src/renderer/text/report'
import Report from '../../src/renderer/views/report/ReportView.svelte'
import { fakeMain, type FakeMain } from './fake-main'

const VIEW: ReportView = {
  list: 'My review',
  generated_at: '2026-01-03T00:00:00Z',
  first_date: '2026-01-01T10:00:00Z',
  last_date: '2026-01-02T10:00:00Z',
  records: 1_207,
  duplicates: 5,
  refused: 2,
  sought: 1_200,
  retrieved: 1_195,
  not_retrieved: 5,
  by_reason: { FORBIDDEN: 2, NO_OPEN_COPY: 1, HTTP_REFUSED: 2 },
  by_source: { arxiv: 1_195 },
  asked_by_source: { openalex: 1_200, arxiv: 1_195 },
  by_version: { unknown: 1_195 },
  by_year: { 1999: { sought: 1_000, retrieved: 995 }, 2001: { sought: 200, retrieved: 200 } },
  by_publisher: { Rivers: { sought: 1_200, retrieved: 1_195 } },
  by_license: { 'cc-by': 1_195 },
  refused_entries: [
    { origin: 'refs.bib', place: '9', because: 'No identifier.' },
    { origin: 'refs.bib', place: '12', because: 'Empty entry.' }
  ],
  svg: '<svg xmlns="http://www.w3.org/2000/svg"><title>100 % "ä" #</title></svg>'
}
let main: FakeMain

beforeEach(() => {
  main = fakeMain({
    'report.get': () => VIEW,
    'report.export': ({ format }) => (format === 'svg' ? null : { file: '/home/me/report.doc' }),
    'app.remember': () => null
  })
  remembered.prime({ 'list.own': 'My review' })
  for (const toast of toasts.list) toasts.dismiss(toast.id)
})

it('covers the chosen list, and adds equal reasons up', async () => {
  render(Report)
  await screen.findByText('List “My review”, sought between 2026-01-01 and 2026-01-02')
  expect(main.inputsOf('report.get')).toEqual([{ list: 'My review' }])
  const figures = screen.getByRole('list', { name: 'Numbers of the flow' })
  expect(
    within(figures)
      .getAllByRole('listitem')
      .map((one) => one.textContent.trim())
  ).toEqual([
    '1,207 records identified',
    '5 duplicates removed',
    '2 without a usable identifier',
    '1,200 reports sought',
    '1,195 retrieved',
    '5 not retrieved'
  ])
  const picture = screen.getByRole<HTMLImageElement>('img')
  expect(decodeURIComponent(picture.src.slice(picture.src.indexOf(',') + 1))).toBe(VIEW.svg)
  expect(picture.alt).toContain('1,200 reports sought, 1,195 retrieved, 5 not retrieved')
  await fireEvent.click(
    screen.getByRole('button', { name: /Access to the full text was refused by the server 4/ })
  )
  expect(route.takeJobQuery()).toEqual({ group: 'all', reasons: ['FORBIDDEN', 'HTTP_REFUSED'] })
  expect(screen.getByRole('table', { name: 'Coverage by year' }).textContent).toMatch(
    /2001.*100 %.*1999.*99/s
  )
})

it('is saved in the chosen format, and shows where', async () => {
  render(Report)
  for (const name of ['Flow diagram (SVG)', 'Tables for Word (.doc)']) {
    await fireEvent.click(await screen.findByRole('button', { name: 'Save as…' }))
    await fireEvent.click(await screen.findByRole('menuitem', { name }))
  }
  expect(main.inputsOf('report.export')).toEqual([
    { list: 'My review', format: 'svg' },
    { list: 'My review', format: 'word' }
  ])
  await expect.poll(() => toasts.list.map(({ text }) => text)).toEqual(['Report saved: /home/me/report.doc'])
})

it('sorts coverage by papers or by year, for any name', () => {
  const groups = { constructor: { sought: 3, retrieved: 0 }, b: { sought: 1, retrieved: 1 } }
  expect(coverageRows(groups, 'most')).toEqual([
    ['constructor', '3', '0', '0 %'],
    ['b', '1', '1', '100 %']
  ])
  expect(reasonRows({})).toEqual([])
})
