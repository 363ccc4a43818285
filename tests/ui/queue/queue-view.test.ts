/** The Queue screen: an action on a row applies to the paper that was in it when the action began. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { beforeEach, expect, it, vi } from 'vitest'
import type { JobView } from '../../../src/contract/views'
import { route } from '../../../src/renderer/state/route.svelte'
import { toasts } from '../../../src/renderer/state/toasts.svelte'
import QueueView from '../../../src/renderer/views/queue/QueueView.svelte'
import { fakeMain, type FakeMain } from '../fake-main'
import { job } from './made'

let jobs: readonly JobView[] = []
let main: FakeMain

beforeEach(() => {
  // jsdom has no layout: without a height no row is visible.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(900)
  route.closeJob()
  jobs = ['a', 'b', 'c'].map((id) => paper(id))
  main = fakeMain(answers())
})

function answers(): Parameters<typeof fakeMain>[0] {
  const changed = (): { changed: number } => ({ changed: 1 })
  return {
    'app.remember': () => null,
    'jobs.list': ({ query, offset, limit }) => {
      const rows = jobs
        .filter((one) => query.group === 'all' || one.group === query.group)
        .filter((one) => query.reasons?.includes(one.reason ?? '') ?? true)
      return { total: rows.length, offset, rows: rows.slice(offset, offset + limit), revision: 1 }
    },
    'jobs.counts': () => {
      const many = (group: JobView['group']): number => jobs.filter((one) => one.group === group).length
      const attention = jobs.filter((one) => one.group === 'attention')
      return {
        all: jobs.length,
        waiting: many('waiting'),
        active: many('active'),
        attention: many('attention'),
        done: many('done'),
        ignored: many('ignored'),
        byReason: [...new Set(attention.map((one) => one.reason ?? ''))].map((reason) => ({
          reason,
          count: attention.filter((one) => one.reason === reason).length,
          sentence: reason,
          hint: ''
        })),
        revision: 1
      }
    },
    'jobs.retry': changed,
    'jobs.pause': changed,
    'jobs.cancel': changed,
    'jobs.ignore': changed,
    'jobs.remove': () => ({ workId: 'w', files: 1 }),
    'jobs.attach': () => null,
    'jobs.openLanding': () => null
  }
}

function paper(id: string, change: Partial<JobView> = {}): JobView {
  return job({ jobId: id, title: `Paper ${id}`, ...change })
}

async function shown(): Promise<HTMLElement> {
  render(QueueView)
  await row('Paper a')
  return screen.getByRole('grid', { name: 'Papers in the queue' })
}

async function row(title: string): Promise<HTMLElement> {
  return await screen.findByRole('row', { name: new RegExp(title) })
}

/** Inserts a paper at the top, so that all rows move down by one. */
async function oneMoreAbove(): Promise<void> {
  jobs = [paper('new'), ...jobs]
  main.tell('jobs', { revision: 2, changed: 'many', live: [] })
  await row('Paper new')
}

async function inMenu(name: string): Promise<void> {
  await fireEvent.pointerUp(await screen.findByRole('menuitem', { name }))
}

async function press(key: string): Promise<void> {
  await fireEvent.keyDown(screen.getByRole('grid', { name: 'Papers in the queue' }), { key })
}

async function asked(title: string): Promise<string> {
  const heading = await screen.findByRole('heading', { name: title, hidden: true })
  return heading.closest('dialog')?.querySelector('p')?.textContent ?? ''
}

it('a menu acts on the paper it was opened on, though rows moved', async () => {
  await shown()
  await fireEvent.contextMenu(await row('Paper b'))
  await screen.findByRole('menu', { name: 'Actions for Paper b' })
  await oneMoreAbove()
  expect(screen.getByRole('menu', { name: 'Actions for Paper b' })).toBeTruthy()
  await inMenu('Pause')
  await waitFor(() => {
    expect(main.inputsOf('jobs.pause')).toEqual([{ jobIds: ['b'] }])
  })
})

it('asks before a menu cancels, and cancels that paper', async () => {
  await shown()
  await fireEvent.contextMenu(await row('Paper b'))
  await inMenu('Cancel')
  const yes = await screen.findByRole('button', { name: 'Cancel the download', hidden: true })
  expect(main.inputsOf('jobs.cancel')).toEqual([])
  await oneMoreAbove()
  await fireEvent.click(yes)
  await waitFor(() => {
    expect(main.inputsOf('jobs.cancel')).toEqual([{ jobIds: ['b'] }])
  })
})

it('gives a dropped file to the paper under the pointer at the drop', async () => {
  main = fakeMain({ ...answers(), 'jobs.attachBytes': () => new Promise(() => undefined) })
  await shown()
  await oneMoreAbove()
  const file = new File(['%PDF-1.7'], 'b.pdf', { type: 'application/pdf' })
  const drop = new Event('drop', { bubbles: true, cancelable: true })
  Object.assign(drop, { dataTransfer: { files: [file], items: [{ kind: 'file', type: file.type }] } })
  await fireEvent(await row('Paper b'), drop)
  await waitFor(() => {
    expect(main.inputsOf('jobs.attachBytes')).toMatchObject([{ jobId: 'b', name: 'b.pdf' }])
  })
})

it('extends a range from the paper it began at, though rows moved in between', async () => {
  await shown()
  await fireEvent.click(await row('Paper a'), { ctrlKey: true })
  await oneMoreAbove()
  await fireEvent.click(await row('Paper b'), { shiftKey: true })
  expect(await screen.findByText('2 selected')).toBeTruthy()
  expect((await row('Paper new')).getAttribute('aria-selected')).toBe('false')
})

it('Delete sets failed papers aside, and keeps their reasons', async () => {
  jobs = [paper('a'), paper('b', { state: 'FAILED', group: 'attention', reason: 'NO_OPEN_COPY' })]
  await shown()
  await fireEvent.click(await row('Paper b'))
  await press('Delete')
  await waitFor(() => {
    expect(main.inputsOf('jobs.ignore')).toEqual([{ jobIds: ['b'] }])
  })
  expect(main.inputsOf('jobs.cancel')).toEqual([])
})

it('cancels the unfinished papers of a mixed selection, with their number', async () => {
  jobs = [
    paper('a'),
    paper('b', { state: 'FAILED', group: 'attention', reason: 'NO_OPEN_COPY' }),
    paper('c', { state: 'STREAMING', group: 'active' }),
    paper('d', { state: 'DEDUPED', group: 'done' })
  ]
  await shown()
  await fireEvent.click(await row('Paper a'))
  await fireEvent.click(await row('Paper d'), { shiftKey: true })
  await press('Delete')
  expect(await asked('Cancel 2 downloads?')).toContain('The other 2 selected papers stay as they are.')
  await fireEvent.click(screen.getByRole('button', { name: 'Cancel the downloads', hidden: true }))
  await waitFor(() => {
    expect(main.inputsOf('jobs.cancel')).toEqual([{ jobIds: ['a', 'c'] }])
  })
})

it('asks in the singular for one, and lets main count a selection of everything', async () => {
  await shown()
  await fireEvent.click(await row('Paper a'))
  await press('Delete')
  expect(await asked('Cancel this download?')).toMatch(/^It stops downloading/)
  await fireEvent.click(screen.getByRole('button', { name: 'Keep it', hidden: true }))
  jobs = [...jobs, paper('d', { state: 'DEDUPED', group: 'done' })]
  main.tell('jobs', { revision: 2, changed: 'many', live: [] })
  await row('Paper d')
  await fireEvent.keyDown(screen.getByRole('grid', { name: 'Papers in the queue' }), {
    key: 'a',
    ctrlKey: true
  })
  await press('Delete')
  expect(await asked('Cancel 3 downloads?')).toContain('The other selected paper stays as it is.')
})

it('offers to attach a file in every group of reasons, and asks which of several papers it is for', async () => {
  const failed = { state: 'FAILED', group: 'attention', reason: 'NO_OPEN_COPY' } as const
  jobs = [paper('a', failed), paper('b', failed), paper('c', { ...failed, reason: 'LOGIN_PAGE' })]
  await shown()
  await fireEvent.click(screen.getByRole('button', { name: /^Needs attention/ }))
  await fireEvent.click((await screen.findAllByRole('button', { name: 'Attach file…' }))[0]!)
  await waitFor(() => {
    expect(main.inputsOf('jobs.list').at(-1)?.query).toEqual({
      group: 'attention',
      reasons: ['NO_OPEN_COPY']
    })
  })
  expect(toasts.list.at(-1)?.text).toBe('To which of the 2 papers?')
  expect(main.inputsOf('jobs.attach')).toEqual([])
  await fireEvent.click(screen.getAllByRole('button', { name: 'Attach file…' })[1]!)
  await waitFor(() => {
    expect(main.inputsOf('jobs.attach')).toEqual([{ jobId: 'c' }])
  })
})

it('asks before a group opens many tabs, and opens other papers the next time', async () => {
  jobs = Array.from({ length: 13 }, (_, at) =>
    paper(String(at), { group: 'attention', state: 'FAILED', reason: 'NO_OPEN_COPY' })
  )
  route.showJobs({ group: 'attention' })
  render(QueueView)
  await row('Paper 0')
  const open = async (): Promise<void> => {
    await fireEvent.click(await screen.findByRole('button', { name: 'Open landing page' }))
  }
  await open()
  expect(await asked('Open 10 pages in your browser?')).toContain('3 more')
  expect(main.inputsOf('jobs.openLanding')).toEqual([])
  await fireEvent.click(screen.getByRole('button', { name: 'Open 10 pages', hidden: true }))
  await waitFor(() => {
    expect(main.inputsOf('jobs.openLanding')).toHaveLength(1)
  })
  await open()
  await waitFor(() => {
    expect(main.inputsOf('jobs.openLanding').flatMap((input) => input.jobIds)).toEqual(
      jobs.map((one) => one.jobId)
    )
  })
})

it('has a chip for skipped papers while there are some', async () => {
  route.showJobs({ group: 'all' })
  jobs = [paper('a'), paper('b', { group: 'ignored', hold: 'ignored', state: 'FAILED' })]
  render(QueueView)
  await row('Paper a')
  await fireEvent.click(await screen.findByRole('button', { name: /Skipped/ }))
  await row('Paper b')
  await waitFor(() => {
    expect(screen.queryByRole('row', { name: /Paper a/ })).toBeNull()
  })
})
