/**
 * The Add papers dialog with a fake main process: pasted text is read after a short pause, a stale answer is
 * released, only new and ticked papers are planned, and nothing is lost without a question.
 */
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { PlannedView, PreviewKind, PreviewRow, PreviewView } from '../../../src/contract/add-views'
import { dropped } from '../../../src/renderer/state/dropped.svelte'
import { route } from '../../../src/renderer/state/route.svelte'
import { toasts } from '../../../src/renderer/state/toasts.svelte'
import Toasts from '../../../src/renderer/views/Toasts.svelte'
import AddPapers from '../../../src/renderer/views/add/AddPapers.svelte'
import { fakeMain, Refusal } from '../fake-main'

const KINDS: readonly PreviewKind[] = ['new', 'new', 'planned', 'removed', 'not_understood']

let made = 0
function preview(kinds: readonly PreviewKind[] = KINDS, repeated = 0): PreviewView {
  made += 1
  const rows = kinds.map((kind, index): PreviewRow => ({
    index,
    kind,
    title: kind === 'not_understood' ? null : `Paper ${String(index)}`,
    authors: ['Ada Lovelace'],
    year: 1843,
    identifier: kind === 'not_understood' ? null : `10.1/${String(index)}`,
    origin: 'refs.bib',
    line: index + 1,
    text: kind === 'not_understood' ? 'in press' : null,
    because: kind === 'not_understood' ? 'This is not an identifier Sheaf knows.' : null,
    removed: null,
    jobId: kind === 'removed' || kind === 'planned' ? `job-${String(index)}` : null,
    artifactId: null,
    match:
      kind === 'to_confirm'
        ? {
            verdict: index === 0 ? 'sure' : 'unsure',
            score: index === 0 ? 0.98 : 0.88,
            doubt: index === 0 ? null : 'year',
            title: `Found ${String(index)}`,
            authors: ['Lovelace, Ada'],
            venue: 'Notes'
          }
        : null,
    copy: null
  }))
  const count = (kind: PreviewKind): number => kinds.filter((one) => one === kind).length
  return {
    previewId: `preview-${String(made)}`,
    counts: {
      new: count('new'),
      to_confirm: count('to_confirm'),
      planned: count('planned'),
      in_library: count('in_library'),
      removed: count('removed'),
      not_understood: count('not_understood')
    },
    repeated,
    rows,
    total: rows.length,
    available: null,
    titles: 0,
    sure: rows.flatMap(({ index, match }) => (match?.verdict === 'sure' ? [index] : [])),
    unlooked: count('new'),
    forecast: null
  }
}

beforeEach(() => {
  made = 0
  // jsdom has no layout: the table needs a height.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(900)
  route.openAdd()
})
afterEach(() => {
  vi.restoreAllMocks()
  route.closeAdd()
  for (const toast of toasts.list) toasts.dismiss(toast.id)
})

const box = (): HTMLElement => screen.getByRole('textbox', { name: 'References' })
const paste = (text: string): Promise<boolean> => fireEvent.input(box(), { target: { value: text } })

it('reads pasted text, leaves out unticked papers, plans the rest', async () => {
  const main = fakeMain({
    'plan.read': () => preview(KINDS, 12),
    'plan.commit': () => ({ newJobs: 1, existingJobs: 0, removed: 0, jobIds: ['a'] }),
    'plan.discard': () => null
  })
  render(AddPapers, { previewId: null })
  expect(screen.getByRole('button', { name: 'Add papers' })).toHaveProperty('disabled', true)
  await paste('10.1/0')
  await screen.findByRole('button', { name: 'Add 2 papers' })
  expect(screen.getByText('12 duplicates')).toBeTruthy()
  expect(screen.getByText('This is not an identifier Sheaf knows.')).toBeTruthy()
  expect(screen.getByText('in press')).toBeTruthy()
  await fireEvent.click(screen.getByRole('checkbox', { name: 'Add Paper 1' }))
  await fireEvent.click(screen.getByRole('button', { name: 'Add 1 paper' }))
  await waitFor(() => {
    expect(route.adding).toBeNull()
  })
  expect(main.inputsOf('plan.read')).toEqual([{ text: '10.1/0' }])
  expect(main.inputsOf('plan.commit')).toEqual([{ previewId: 'preview-1', leaveOut: [1] }])
  expect(toasts.list.map((toast) => toast.text)).toEqual(['1 paper added'])
})

it('releases the answer to a text that was changed since', async () => {
  const answers: ((view: PreviewView) => void)[] = []
  const main = fakeMain({
    'plan.read': () => new Promise<PreviewView>((resolve) => answers.push(resolve)),
    'plan.discard': () => null
  })
  render(AddPapers, { previewId: null })
  await paste('old')
  await waitFor(() => {
    expect(answers).toHaveLength(1)
  })
  await paste('new')
  answers[0]!(preview(['new', 'new', 'new']))
  await waitFor(() => {
    expect(answers).toHaveLength(2)
  })
  expect(main.inputsOf('plan.discard')).toEqual([{ previewId: 'preview-1' }])
  expect(screen.queryByRole('button', { name: 'Add 3 papers' })).toBeNull()
  answers[1]!(preview(['new']))
  await screen.findByRole('button', { name: 'Add 1 paper' })
  expect(main.inputsOf('plan.read')).toEqual([{ text: 'old' }, { text: 'new' }])
})

it('takes dropped files, and text too large for the box beside it', async () => {
  const main = fakeMain({ 'plan.read': () => preview(), 'plan.discard': () => null })
  dropped.give([new File(['@article{a}'], 'refs.bib')])
  render(AddPapers, { previewId: null })
  await screen.findByRole('button', { name: 'Add 2 papers' })
  const files = screen.getByRole('list', { name: 'Files' })
  expect(within(files).getByText('refs.bib')).toBeTruthy()
  expect(dropped.count).toBe(0)
  const much = new Event('paste', { bubbles: true, cancelable: true })
  Object.assign(much, { clipboardData: { getData: () => '10.1/x\n'.repeat(10_000) } })
  box().dispatchEvent(much)
  await within(files).findByText('Pasted text.txt')
  await waitFor(() => {
    expect(
      main
        .inputsOf('plan.read')
        .at(-1)
        ?.files?.map((file) => file.name)
    ).toEqual(['refs.bib', 'Pasted text.txt'])
  })
  await fireEvent.click(screen.getByRole('button', { name: 'Leave refs.bib out' }))
  await waitFor(() => {
    expect(main.inputsOf('plan.read').at(-1)?.files).toHaveLength(1)
  })
})

it('restores a removed paper on request', async () => {
  const main = fakeMain({
    'plan.read': () => preview(),
    'jobs.undoRemove': () => ({ workId: 'w' }),
    'plan.discard': () => null
  })
  render(AddPapers, { previewId: null })
  await paste('x')
  await fireEvent.click(await screen.findByRole('button', { name: 'Undo' }))
  await screen.findByText('Put back into the queue')
  expect(main.inputsOf('jobs.undoRemove')).toEqual([{ jobId: 'job-3' }])
  expect(screen.getByRole('button', { name: 'In queue 2' })).toBeTruthy()
})

it('shows why nothing can be planned, and what could not be read', async () => {
  let answer: () => PreviewView = () => preview(['planned'])
  fakeMain({ 'plan.read': () => answer(), 'plan.discard': () => null })
  render(AddPapers, { previewId: null })
  expect(screen.getByText('Paste, drop or search for something first.')).toBeTruthy()
  await paste('10.1/0')
  await screen.findByText('Nothing here is new.')
  answer = () => {
    throw new Refusal('The file cannot be read.', 'Check the file.')
  }
  await paste('10.1/1')
  await screen.findByText('The file cannot be read. Check the file.')
})

it('asks before written text is lost, and only then', async () => {
  const main = fakeMain({ 'plan.read': () => preview(), 'plan.discard': () => null })
  const { unmount } = render(AddPapers, { previewId: null })
  await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(route.adding).toBeNull()
  route.openAdd()
  await paste('x')
  await screen.findByRole('button', { name: 'Add 2 papers' })
  await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(route.adding).not.toBeNull()
  await fireEvent.click(screen.getByRole('button', { name: 'Close without adding' }))
  expect(route.adding).toBeNull()
  unmount()
  expect(main.inputsOf('plan.discard')).toEqual([{ previewId: 'preview-1' }])
})

it('searches by topic, shows progress, and can be stopped', async () => {
  let answer: (view: PreviewView) => void = () => undefined
  const main = fakeMain({
    'plan.search': () => new Promise<PreviewView>((resolve) => (answer = resolve)),
    'plan.stopSearch': () => null,
    'plan.discard': () => null,
    'app.remember': () => null
  })
  render(AddPapers, { previewId: null })
  await fireEvent.click(screen.getByRole('radio', { name: 'Search OpenAlex' }))
  await fireEvent.input(screen.getByLabelText('From year'), { target: { value: '20x' } })
  await fireEvent.click(screen.getByRole('button', { name: 'Search' }))
  expect(main.inputsOf('plan.search')).toEqual([])
  expect(screen.getByText('Say what to look for.')).toBeTruthy()
  await fireEvent.input(screen.getByLabelText('From year'), { target: { value: '2015' } })
  await fireEvent.input(screen.getByLabelText('Topic'), { target: { value: 'soil carbon' } })
  await fireEvent.click(screen.getByRole('button', { name: 'Search' }))
  await screen.findByRole('button', { name: 'Stop' })
  expect(main.inputsOf('plan.search')).toEqual([
    { query: 'soil carbon', yearStart: 2015, oaOnly: true, max: 200 }
  ])
  main.tell('searching', { found: 120, of: 4_300 })
  await screen.findByText('Found 120 of 4,300')
  await fireEvent.click(screen.getByRole('button', { name: 'Stop' }))
  expect(main.inputsOf('plan.stopSearch')).toHaveLength(1)
  answer({ ...preview(['new', 'new']), available: 4_300 })
  await screen.findByRole('button', { name: 'Add 2 papers' })
  expect(screen.getByText('The first 2 of 4,300')).toBeTruthy()
})

it('shows files opened with Sheaf, counted by kind', async () => {
  const kept = preview(['new', 'not_understood'])
  const main = fakeMain({
    'plan.rows': ({ kind }) => {
      const rows = kept.rows.filter((row) => kind === undefined || row.kind === kind)
      return { total: rows.length, rows }
    },
    'plan.commit': () => ({ newJobs: 1, existingJobs: 0, removed: 0, jobIds: [] }),
    'plan.discard': () => null
  })
  render(AddPapers, { previewId: kept.previewId })
  await screen.findByText('Opened with Sheaf')
  expect(screen.getByText('refs.bib')).toBeTruthy()
  await fireEvent.click(await screen.findByRole('button', { name: 'Add 1 paper' }))
  await waitFor(() => {
    expect(main.inputsOf('plan.commit')).toEqual([{ previewId: kept.previewId }])
  })
})

it('shows the progress of planning; stopping keeps planned papers and reports what was left out', async () => {
  let planned: (value: PlannedView) => void = () => undefined
  const main = fakeMain({
    'plan.read': () => preview(),
    'plan.commit': () => new Promise<PlannedView>((resolve) => (planned = resolve)),
    'plan.stop': () => null,
    'plan.discard': () => null
  })
  render(AddPapers, { previewId: null })
  await paste('10.1/0 10.1/1')
  await fireEvent.click(await screen.findByRole('button', { name: 'Add 2 papers' }))
  main.tell('planning', { planned: 1, of: 2 })
  await screen.findByText('Added 1 of 2…')
  await fireEvent.click(screen.getByRole('button', { name: 'Stop adding' }))
  expect(screen.queryByRole('dialog', { name: 'Close without adding?' })).toBeNull()
  expect(main.inputsOf('plan.stop')).toHaveLength(1)
  planned({ newJobs: 1, existingJobs: 0, removed: 0, jobIds: ['a'] })
  await waitFor(() => {
    expect(toasts.list.at(-1)?.text).toBe('1 paper added, then you stopped: 1 left out')
  })
})

it('a file that is too large does not affect the others', async () => {
  const main = fakeMain({ 'plan.read': () => preview(), 'plan.discard': () => null })
  render(AddPapers, { previewId: null })
  await paste('10.1/0')
  const huge = new File(['x'], 'huge.bib')
  Object.defineProperty(huge, 'size', { value: 201_000_000 })
  dropped.give([new File(['@misc{a}'], 'good.bib'), huge])
  await waitFor(() => {
    expect(main.inputsOf('plan.read').at(-1)).toMatchObject({ text: '10.1/0', files: [{ name: 'good.bib' }] })
  })
  await screen.findByRole('button', { name: 'Add 2 papers' })
  expect(toasts.list.at(-1)?.text).toContain('huge.bib is larger than')
})

it('a second file that is opened waits until the first one is planned', async () => {
  const shown = (input: { previewId: string; kind?: PreviewKind | undefined }) => {
    const { rows, counts } = preview()
    const named = rows.map((row) => ({ ...row, title: `${input.previewId} ${String(row.index)}` }))
    return { total: input.kind === undefined ? rows.length : counts[input.kind], rows: named }
  }
  const main = fakeMain({
    'plan.rows': shown,
    'plan.commit': () => ({ newJobs: 2, existingJobs: 0, removed: 0, jobIds: ['a', 'b'] }),
    'plan.discard': () => null
  })
  const { rerender } = render(AddPapers, { previewId: 'first' })
  await screen.findByText('first 0')
  await rerender({ previewId: 'second' })
  await waitFor(() => {
    expect(toasts.list.at(-1)?.text).toContain('Another file was opened')
  })
  expect(screen.queryByText('first 0')).not.toBeNull()
  await fireEvent.click(screen.getByRole('button', { name: 'Add 2 papers' }))
  await screen.findByText('second 0')
  expect(main.inputsOf('plan.commit')).toEqual([{ previewId: 'first' }])
  await fireEvent.click(screen.getByRole('button', { name: 'Add 2 papers' }))
  await waitFor(() => {
    expect(main.inputsOf('plan.commit').at(-1)).toEqual({ previewId: 'second' })
  })
})

it('shows toasts inside the dialog, which hides everything else', async () => {
  render(Toasts)
  const { unmount } = render(AddPapers, { previewId: null })
  toasts.say({ tone: 'attention', text: 'The disk is full.', hint: null })
  await within(screen.getByRole('dialog')).findByText('The disk is full.')
  expect(screen.getAllByText('The disk is full.')).toHaveLength(1)
  unmount()
  expect(await screen.findAllByText('The disk is full.')).toHaveLength(1)
})

it('titles are looked up, and a match is added once it is accepted', async () => {
  const main = fakeMain({
    'plan.read': () => ({ ...preview(['not_understood', 'not_understood']), titles: 2 }),
    'plan.match': () => ({ ...preview(['to_confirm', 'to_confirm']), previewId: 'preview-1' }),
    'plan.commit': () => ({ newJobs: 2, existingJobs: 0, removed: 0, jobIds: ['a', 'b'] }),
    'plan.discard': () => null
  })
  render(AddPapers, { previewId: null })
  await paste('@article{a, title={Paper 0}}')
  expect(await screen.findByText(/Found: .*Found 0.* · score 0.98/, {}, { timeout: 3_000 })).toBeTruthy()
  expect(screen.getByText(/years differ/)).toBeTruthy()
  // A match is added only after the user accepts it.
  expect(screen.getByRole('button', { name: 'Add papers' })).toHaveProperty('disabled', true)
  await fireEvent.click(screen.getByRole('button', { name: 'Accept 1 match' }))
  await screen.findByRole('button', { name: 'Add 1 paper' })
  await fireEvent.click(screen.getByRole('button', { name: 'Accept' }))
  await fireEvent.click(await screen.findByRole('button', { name: 'Add 2 papers' }))
  await waitFor(() => {
    expect(main.inputsOf('plan.commit')).toEqual([{ previewId: 'preview-1', confirmed: [0, 1] }])
  })
})

it('shows the probable source of each new paper, and the totals of the plan', async () => {
  const before = preview(['new', 'new', 'in_library'])
  const free = { waitMs: 0, priceUsd: 0 }
  const nothing = { host: null, version: null, license: null, bytes: null, ...free }
  const after: PreviewView = {
    ...before,
    unlooked: 0,
    forecast: { works: 2, expected: 1, finish_ms: 14_000, paid_usd: 0 },
    rows: before.rows.map((row) => ({
      ...row,
      copy:
        row.index === 0
          ? {
              source: 'zenodo',
              host: 'zenodo.org',
              version: 'publishedVersion',
              license: 'cc-by',
              bytes: 1_200_000,
              waitMs: 3_000,
              priceUsd: 0
            }
          : row.index === 1
            ? { source: null, ...nothing }
            : null
    }))
  }
  const main = fakeMain({ 'plan.read': () => before, 'plan.expect': () => after, 'plan.discard': () => null })
  render(AddPapers, { previewId: null })
  await paste('10.1/0 10.1/1')
  await fireEvent.click(await screen.findByRole('button', { name: 'Find copies' }))
  expect(
    await screen.findByText(/Zenodo · Published version · CC BY · 1\.2 MB · waits 3 s · free · .*zenodo\.org/)
  ).toBeTruthy()
  expect(screen.getByText('No open copy known')).toBeTruthy()
  expect(screen.getByText('1 of 2 with an open copy · about 14 s · free')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Find copies' })).toBeNull()
  expect(main.inputsOf('plan.expect')).toEqual([{ previewId: before.previewId }])
})

it('adds papers to a list, even when none of them is new', async () => {
  const main = fakeMain({
    'plan.read': () => preview(['planned', 'in_library', 'not_understood']),
    'plan.commit': () => ({ newJobs: 0, existingJobs: 2, removed: 0, jobIds: [] }),
    'plan.discard': () => null,
    'app.remember': () => null
  })
  render(AddPapers, { previewId: null })
  await fireEvent.input(screen.getByRole('textbox', { name: 'References' }), { target: { value: '10.1/0' } })
  const list = screen.getByRole('combobox', { name: 'Add to list' })
  await screen.findByText('Nothing here is new.')
  await fireEvent.input(list, { target: { value: '  My   review ' } })
  await fireEvent.click(await screen.findByRole('button', { name: 'Add 2 papers to the list' }))
  await waitFor(() => {
    expect(main.inputsOf('plan.commit')).toEqual([
      { previewId: `preview-${String(made)}`, list: 'My review' }
    ])
  })
})
