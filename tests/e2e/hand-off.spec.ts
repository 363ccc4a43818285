/**
 * Papers that need the user: their pages are opened one after another, and files are picked up from the
 * watched download folder.
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '../kit/app'
import { makePdf } from '../kit/make-pdf'
import { expectNoViolationInEitherTheme } from './axe'
import { chip, expectFigure, plan } from './screens'

const paper = (key: string, title = `Lost letters ${key}`): Buffer =>
  Buffer.from(makePdf({ title, authors: ['Ada Lost'], year: 2020, doi: `10.5555/${key}` }))

test('pages open one after another; saved files are attached, confirmed by the user, or ignored', async ({
  openWorld
}) => {
  const keys = ['lost1', 'lost2', 'lost3']
  const world = await openWorld(
    keys.map((key) => ({
      key,
      title: `Lost letters ${key}`,
      authors: ['Lost, Ada'],
      year: 2020,
      copies: []
    })),
    { settings: { 'network.proxyPrefix': 'https://%h.proxy.example.edu/%p' } }
  )
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-downloads-'))
  const { app, page } = await world.start()
  await plan(
    page,
    keys.map((key) => `10.5555/${key}`)
  )
  await expectFigure(page, 'need attention', 3)
  await app.evaluate(({ dialog, shell }, chosen) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = (url) => {
      opened.push(url)
      return Promise.resolve()
    }
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
  }, folder)
  const opened = (): Promise<string[]> =>
    app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)

  await chip(page, 'Needs attention').click()
  await page.getByRole('button', { name: 'Open their pages one after another…' }).click()
  const papers = page.getByRole('list', { name: 'Papers that need you' }).getByRole('listitem')
  await expect(papers).toHaveCount(3)
  await expect(papers.first()).toContainText('No open copy was found')
  await page.getByRole('button', { name: 'Open the first page' }).click()
  await expect(papers.first()).toHaveAttribute('aria-current', 'step')
  await page.getByRole('button', { name: 'Open the next page' }).click()
  await expect
    .poll(opened)
    .toEqual([
      'https://doi-org.proxy.example.edu/10.5555/lost1',
      'https://doi-org.proxy.example.edu/10.5555/lost2'
    ])

  await page.getByRole('button', { name: 'Watch a download folder…' }).click()
  // The first scan only records the existing files.
  await expect(page.getByText(`Watching ${folder}`)).toBeVisible()
  writeFileSync(join(folder, 'main.pdf'), paper('lost1'))
  await expect(papers).toHaveCount(2, { timeout: 20_000 })
  await expect(page.getByText(/main\.pdf was attached/)).toBeVisible()
  writeFileSync(
    join(folder, '10.5555_lost2.pdf'),
    Buffer.from(
      makePdf({ title: 'A title from before the review of it', authors: ['Nemo Other'], year: 2019 })
    )
  )
  await expect(papers.first()).toContainText('10.5555_lost2.pdf', { timeout: 20_000 })
  await expectNoViolationInEitherTheme(page, 'hand-off')
  await papers.first().getByRole('button', { name: 'Yes, attach it' }).click()
  await expect(papers).toHaveCount(1)
  await papers.first().getByRole('button', { name: /^Skip/ }).click()
  await expect(page.getByText('No paper needs you')).toBeVisible()
  await page.getByRole('button', { name: 'Stop watching' }).click()
  await expect(page.getByRole('button', { name: 'Watch a download folder…' })).toBeVisible()
  await expectFigure(page, 'done', 2)
})
