/** The Library screen: its empty states, its filters, and its requests. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { expect, it, vi } from 'vitest'
import { fakeMain } from '../fake-main'
import LibraryView from '../../../src/renderer/views/library/LibraryView.svelte'
import { page, paper } from './made'

const NO_FACETS = { year: [], source: [], license: [], run: [] }

it('shows that there are no papers yet, and offers to add some', async () => {
  fakeMain({ 'library.list': ({ offset, limit }) => page(0, offset, limit) })
  render(LibraryView)
  expect(await screen.findByRole('heading', { name: 'No paper has arrived yet' })).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Add papers' })).toBeTruthy()
})

it('shows that the search index is complete once every text was read', async () => {
  fakeMain({ 'library.list': ({ offset, limit }) => page(2, offset, limit, { searchFull: true }) })
  render(LibraryView)
  expect(await screen.findByText(/The search index is full/)).toBeTruthy()
})

it('shows which words were not found, and removes them', async () => {
  const main = fakeMain({
    'library.list': ({ query, offset, limit }) =>
      query.text === undefined ? page(2, offset, limit) : page(0, offset, limit, { all: 2, unread: 1 })
  })
  render(LibraryView)
  const search = await screen.findByRole('searchbox', { name: 'Search the library' })
  await fireEvent.input(search, { target: { value: 'xylophone' } })
  expect(await screen.findByText(/No paper has “xylophone”/)).toBeTruthy()
  expect(screen.getByText(/Reading the text of 1 paper for the search/)).toBeTruthy()
  await fireEvent.click(screen.getByRole('button', { name: 'Clear the search' }))
  await waitFor(() => {
    expect(main.inputsOf('library.list').at(-1)?.query).toEqual({})
  })
  expect(await screen.findByRole('grid', { name: 'Papers' })).toBeTruthy()
})

it('filters by ticked values, and remembers them', async () => {
  const source = [{ value: 'arxiv', label: 'arXiv', count: 2 }]
  const main = fakeMain({
    'library.list': ({ offset, limit }) => page(2, offset, limit, { facets: { ...NO_FACETS, source } }),
    'app.remember': () => null
  })
  render(LibraryView)
  const filters = await screen.findByRole('button', { name: 'Show filters' })
  if (filters.getAttribute('aria-pressed') !== 'true') await fireEvent.click(filters)
  const tick = await screen.findByRole('checkbox', { name: /arXiv/ })
  await fireEvent.click(tick)
  await waitFor(() => {
    expect(main.inputsOf('library.list').at(-1)?.query).toEqual({ source: ['arxiv'] })
  })
  await waitFor(() => {
    expect(main.inputsOf('app.remember').at(-1)).toMatchObject({
      key: 'library.filters',
      value: { source: ['arxiv'] }
    })
  })
  await fireEvent.click(screen.getByRole('button', { name: 'Clear filters' }))
  await waitFor(() => {
    expect(main.inputsOf('library.list').at(-1)?.query).toEqual({})
  })
})

/** Two papers, then a third before them. jsdom has no layout, and without a height no row is visible. */
async function threePapers(): Promise<{ readonly grid: HTMLElement; readonly third: () => Promise<void> }> {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  let ids = ['a', 'b']
  const main = fakeMain({
    'library.list': ({ offset, limit }) => ({
      ...page(ids.length, offset, limit),
      rows: ids.map((artifactId) => paper({ artifactId }))
    }),
    'app.remember': () => null
  })
  render(LibraryView)
  const grid = await screen.findByRole('grid', { name: 'Papers' })
  await screen.findByRole('row', { name: /Paper b/ })
  return {
    grid,
    third: async () => {
      ids = ['new', ...ids]
      main.tell('library', { revision: 2 })
      await screen.findByRole('row', { name: /Paper new/ })
    }
  }
}

it('removes the picked paper, though another was inserted before it', async () => {
  const { grid, third } = await threePapers()
  await fireEvent.click(screen.getByRole('row', { name: /Paper b/ }))
  await third()
  await fireEvent.keyDown(grid, { key: 'Delete' })
  const asks = await screen.findByRole('dialog', { hidden: true })
  expect(asks.textContent).toContain('Paper b')
})

it('adds a paper to the selection and removes it with Ctrl Space', async () => {
  const { grid } = await threePapers()
  await fireEvent.click(screen.getByRole('row', { name: /Paper a/ }))
  await fireEvent.keyDown(grid, { key: 'ArrowDown' })
  await fireEvent.keyDown(grid, { key: ' ', ctrlKey: true })
  expect((await screen.findByRole('group', { name: '2 selected' })).textContent).not.toBe('')
  await fireEvent.keyDown(grid, { key: ' ', ctrlKey: true })
  expect(await screen.findByRole('group', { name: '1 selected' })).toBeTruthy()
  expect(screen.getByRole('row', { name: /Paper a/ }).getAttribute('aria-selected')).toBe('true')
})
