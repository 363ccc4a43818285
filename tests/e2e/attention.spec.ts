/** Papers that need the user: grouped by reason, with the next step as a button, for one paper or for all. */
import { expect, test } from '../kit/app'
import { html } from '../web/service-answers'
import type { Site } from '../web/web'
import { dropFile } from './drop-file'
import { expectNoViolationInEitherTheme } from './axe'
import { chip, expectFigure, goTo, jobRow, openDrawer, plan } from './screens'

/** A repository that refuses every request until the test opens it. */
function gate(): { readonly site: Site; open(): void } {
  let isClosed = true
  return {
    open() {
      isClosed = false
    },
    site: (asked) =>
      isClosed && new URL(asked.url).host.startsWith('repository-')
        ? html('<!doctype html><title>Forbidden</title><h1>Forbidden</h1>', 403)
        : null
  }
}

test('failures are grouped by reason; a group can be opened, retried and skipped', async ({ openWorld }) => {
  const refusing = gate()
  const world = await openWorld(
    [
      ...['lost1', 'lost2'].map((key) => ({ key, title: `Lost letters ${key}`, copies: [] })),
      ...['shut1', 'shut2'].map((key) => ({
        key,
        title: `Behind the gate ${key}`,
        copies: [{ via: 'unpaywall' as const }]
      }))
    ],
    { web: { sites: [refusing.site] } }
  )
  const { app, page } = await world.start()
  await plan(page, ['10.5555/lost1', '10.5555/lost2', '10.5555/shut1', '10.5555/shut2'])
  await expectFigure(page, 'need attention', 4)
  await chip(page, 'Needs attention').click()
  const reasons = page.getByRole('list', { name: 'Reasons' }).getByRole('listitem')
  const lost = reasons.filter({ hasText: 'No open copy was found' })
  const refused = reasons.filter({ hasText: 'refuses to give this file' })
  await expect(lost.getByRole('button', { name: /^2/ })).toBeVisible()
  await expectNoViolationInEitherTheme(page, 'failures by reason')

  // Selecting a group shows only its papers.
  await lost.getByRole('button', { name: /^2/ }).click()
  await expect(jobRow(page, 'Lost letters lost1')).toBeVisible()
  await expect(jobRow(page, 'Behind the gate shut1')).toBeHidden()
  await lost.getByRole('button', { name: /^2/ }).click()

  await app.evaluate(({ shell, clipboard }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened, copied: () => clipboard.readText() })
    shell.openExternal = (url) => {
      opened.push(url)
      return Promise.resolve()
    }
  })
  await lost.getByRole('button', { name: 'Open landing page' }).click()
  const opened = (): Promise<string[]> =>
    app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
  await expect
    .poll(async () => (await opened()).sort())
    .toEqual(['https://doi.org/10.5555/lost1', 'https://doi.org/10.5555/lost2'])
  await lost.getByRole('button', { name: 'Copy list' }).click()
  const copied = (): Promise<string> => app.evaluate(({ clipboard }) => clipboard.readText())
  await expect.poll(async () => (await copied()).split('\n').filter(Boolean).length).toBe(2)
  expect(await copied()).toContain('10.5555/lost2')

  refusing.open()
  await refused.getByRole('button', { name: 'Retry' }).click()
  await expectFigure(page, 'done', 2)
  await expectFigure(page, 'need attention', 2)

  await lost.getByRole('button', { name: 'Skip' }).click()
  await expectFigure(page, 'need attention', 0)
  await expect(page.getByText('No paper needs you.')).toBeVisible()
})

test('a file is attached by dropping it on the row', async ({ openWorld }) => {
  const world = await openWorld([{ key: 'dropped', title: 'The measured loss of sandstones', copies: [] }])
  const { page } = await world.start()
  await plan(page, ['10.5555/dropped'])
  await expectFigure(page, 'need attention', 1)

  // An invalid file is refused with a message, and nothing changes.
  const row = jobRow(page, 'The measured loss')
  const said = page.getByRole('status').filter({ has: page.getByRole('button', { name: 'Dismiss' }) })
  await dropFile(row, 'notes.pdf', 'application/pdf', Buffer.from('these are no pages'))
  await expect(said).toBeVisible()
  await expectFigure(page, 'need attention', 1)
  await dropFile(row, 'paper.pdf', 'application/pdf', world.world.pdf('dropped'))
  await expectFigure(page, 'done', 1)

  expect((await world.objects()).size).toBe(1)
  expect(await world.papers()).toHaveLength(1)
})

test('the drawer of a paper with another paper attached leads to the quarantine, where the user can accept it', async ({
  openWorld
}) => {
  const world = await openWorld([
    { key: 'wanted', title: 'The measured loss of sandstones', copies: [] },
    { key: 'stranger', title: 'Breeding success of urban blackbirds', copies: [] }
  ])
  const { page } = await world.start()
  await plan(page, ['10.5555/wanted'])
  await expectFigure(page, 'need attention', 1)
  const row = jobRow(page, 'The measured loss')
  await dropFile(row, 'paper.pdf', 'application/pdf', world.world.pdf('stranger'))
  const drawer = await openDrawer(page, 'The measured loss')
  const held = drawer.getByText(/waits in the quarantine/)
  await expect(held).toBeVisible()
  await expectNoViolationInEitherTheme(page, 'a file that waits in the quarantine')
  await drawer.getByRole('button', { name: 'Decide about it' }).click()
  const file = page.getByRole('region', { name: 'Quarantine' }).getByRole('listitem')
  await expect(file).toContainText('The measured loss of sandstones')
  await file.getByRole('button', { name: 'Accept' }).click()
  await expectFigure(page, 'done', 1)

  await goTo(page, 'Library')
  const paper = page.getByRole('grid', { name: 'Papers' }).getByText('The measured loss of sandstones')
  await expect(paper.first()).toBeVisible()
  // The user has accepted the file: no doubt is shown any more.
  await expect(page.getByRole('grid', { name: 'Papers' }).getByText('Not confirmed')).toHaveCount(0)
  await goTo(page, 'Queue')
  await expect(page.getByText(/waits in the quarantine/)).toHaveCount(0)
})

test('in a small window with an open drawer and a very long title, nothing is cut off', async ({
  openWorld
}) => {
  const title = `On the ${'slow and very often interrupted '.repeat(24)}growth of lichens`
  const world = await openWorld([
    { key: 'long', title, copies: [] },
    { key: 'lost', title: 'Another lost paper', copies: [] }
  ])
  const { page } = await world.start()
  await page.setViewportSize({ width: 1024, height: 640 })
  await plan(page, ['10.5555/long', '10.5555/lost'])
  await expectFigure(page, 'need attention', 2)
  const drawer = await openDrawer(page, 'On the slow')
  await expect(drawer.getByText('Next', { exact: true })).toBeInViewport({ ratio: 1 })
  await expect(drawer.getByRole('heading', { level: 2 })).toHaveAttribute('title', title)
  for (const name of ['All', 'Waiting', 'Active', 'Needs attention', 'Done'])
    await expect(chip(page, name)).toBeInViewport({ ratio: 1 })
})
