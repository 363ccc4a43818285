/**
 * A systematic review: its papers are a named list, every screen can be limited to that list, and its report
 * adds up and is saved.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../kit/app'
import { expectNoViolationInEitherTheme } from './axe'
import { chip, expectFigure, goTo, jobRow, paste, plan, rail } from './screens'

const REFERENCES = `@article{here, title = {Slow rivers}, doi = {10.5555/here}}
@article{lost, title = {Lost letters}, doi = {10.5555/lost}}
@article{again, title = {Slow rivers}, doi = {10.5555/HERE}}
@article{nameless, title = {No identifier at all}, year = {2001}}
`

test('a list is named once, filters every screen also after a restart, and has a report', async ({
  openWorld
}, info) => {
  const world = await openWorld([
    { key: 'here', title: 'Slow rivers', copies: [{ via: 'unpaywall' }] },
    { key: 'other', title: 'Glaciers measured', copies: [{ via: 'unpaywall' }] },
    { key: 'lost', title: 'Lost letters', copies: [] },
    { key: 'else', title: 'Quick brooks', copies: [] }
  ])
  const first = await world.start()
  await plan(first.page, ['10.5555/other', '10.5555/else', '10.5555/here'])
  await expectFigure(first.page, 'done', 2)
  await expectFigure(first.page, 'need attention', 1)
  const dialog = await paste(first.page, REFERENCES)
  await dialog.getByRole('combobox', { name: 'Add to list' }).fill('My review')
  await dialog.getByRole('button', { name: 'Add 1 paper' }).click()
  await expect(dialog).toBeHidden()
  await expectFigure(first.page, 'need attention', 2)
  await rail(first.page).getByRole('button', { name: 'List shown: All papers' }).click()
  await first.page.getByRole('menuitem', { name: /My review/ }).click()
  await expect(jobRow(first.page, 'Lost letters')).toBeVisible()
  await expect(jobRow(first.page, 'Quick brooks')).toHaveCount(0)
  await expect
    .poll(() => readFileSync(join(world.dataDir, 'ui.json'), 'utf8'), {
      message: 'the choice is written down'
    })
    .toContain('My review')
  await first.close()

  const { app, page } = await world.start()
  await expect(rail(page).getByRole('button', { name: 'List shown: My review' })).toBeVisible()
  await expect(chip(page, 'All')).toHaveText(/2$/)
  await expect(jobRow(page, 'Quick brooks')).toHaveCount(0)
  await chip(page, 'Needs attention').click()
  await page.getByRole('button', { name: 'Open their pages one after another…' }).click()
  await expect(page.getByRole('list', { name: 'Papers that need you' }).getByRole('listitem')).toHaveText([
    /Lost letters/
  ])
  await goTo(page, 'Library')
  const papers = page.getByRole('grid', { name: 'Papers' })
  await expect(papers.getByText('Slow rivers')).toBeVisible()
  await expect(papers.getByText('Glaciers measured')).toHaveCount(0)
  await goTo(page, 'Insights')
  await expect(page.getByText('Of the list “My review”.', { exact: false })).toBeVisible()

  await page.getByRole('button', { name: 'Retrieval report…' }).click()
  const figures = page.getByRole('list', { name: 'Numbers of the flow' }).getByRole('listitem')
  await expect(figures).toHaveCount(6)
  const numbers = (await figures.locator('b').allTextContents()).map(Number)
  const [records = 0, duplicates = 0, unusable = 0, sought = 0, retrieved = 0, lost = 0] = numbers
  expect(numbers).toEqual([4, 1, 1, 2, 1, 1])
  expect(records).toBe(sought + duplicates + unusable)
  expect(sought).toBe(retrieved + lost)
  await expectNoViolationInEitherTheme(page, 'retrieval report')

  const saved: Record<string, string> = {}
  for (const [name, file] of [
    ['Web page (HTML)', 'report.html'],
    ['Tables for Word (.doc)', 'report.doc'],
    ['Table of all papers (CSV)', 'report.csv'],
    ['Flow diagram (SVG)', 'flow.svg']
  ] as const) {
    const path = info.outputPath(file)
    await app.evaluate(({ dialog: system }, filePath) => {
      system.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
    }, path)
    await page.getByRole('button', { name: 'Save as…' }).click()
    await page.getByRole('menuitem', { name }).click()
    await expect(page.getByText(`Report saved: ${path}`)).toBeVisible()
    saved[file] = readFileSync(path, 'utf8')
  }
  expect(saved['report.html']).toMatch(/Reports sought for retrieval.*Only a title is known/s)
  expect(saved['report.doc']).toBe(saved['report.html'])
  expect(saved['report.csv']?.trimEnd().split('\r\n')).toHaveLength(1 + sought)
  expect(saved['flow.svg']).toContain('Reports not retrieved (n = 1)')
  await page.getByRole('button', { name: /No freely available copy was found/ }).click()
  await expect(jobRow(page, 'Lost letters')).toBeVisible()
})
