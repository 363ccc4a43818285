/** A missing library folder, titles to be confirmed, and API keys: what the user sees and what they press. */
import { renameSync } from 'node:fs'
import { expect, test } from '../kit/app'
import { expectNoViolationInEitherTheme } from './axe'
import { expectFigure, goTo, paste, phase, plan, rail } from './screens'

test('a moved library is reported missing, found again, and nothing is downloaded twice', async ({
  openWorld
}) => {
  const world = await openWorld([{ key: 'alpha', title: 'Slow rivers', copies: [{ via: 'unpaywall' }] }])
  const first = await world.start()
  await plan(first.page, ['10.5555/alpha'])
  await expectFigure(first.page, 'done', 1, 90_000)
  await first.close()

  const moved = `${world.libraryDir}-moved`
  renameSync(world.libraryDir, moved)
  world.web.forget()
  const { app, page } = await world.start()
  const missing = page.getByRole('alert').filter({ hasText: 'is not there' })
  await expect(missing).toBeVisible()
  await expect(phase(page)).toHaveText('Stalled')
  await expectFigure(page, 'done', 1)
  await expectNoViolationInEitherTheme(page, 'a missing library')
  await missing.getByRole('button', { name: 'Start a new library…' }).click()
  await page.getByRole('button', { name: 'Keep waiting' }).click()

  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
  }, moved)
  await missing.getByRole('button', { name: 'Find the folder…' }).click()
  await expect(missing).toBeHidden()
  await expectFigure(page, 'done', 1)
  expect(world.web.requests).toHaveLength(0)
})

test('titles are looked up and wait for confirmation; a key is stored and not shown again', async ({
  openWorld
}) => {
  const world = await openWorld([
    { key: 'alpha', title: 'Slow rivers carry fine sediment', authors: ['Abbott, Ann'], year: 2001 },
    { key: 'beta', title: 'Quick rivers carry coarse sediment', authors: ['Berger, Bo'], year: 2009 }
  ])
  const { page } = await world.start()
  const add = await paste(
    page,
    `@article{a, title={Slow {Rivers} carry fine sediment}, author={Abbott, A.}, year={2001}}
@article{b, title={Quick rivers carry coarse sediment}, author={Berger, B.}, year={2002}}`
  )
  await expect(add.getByRole('row').filter({ hasText: '10.5555/beta' })).toContainText('years differ')
  await expectNoViolationInEitherTheme(page, 'titles to confirm')
  await add.getByRole('button', { name: 'Accept 1 match' }).click()
  await add.getByRole('button', { name: 'Add 1 paper' }).click()
  await expect(add).toBeHidden()

  await goTo(page, 'Settings')
  await page.getByRole('tab', { name: 'Sources' }).click()
  await page.getByRole('button', { name: 'Set the key for CORE' }).click()
  await page.getByLabel('Key for CORE').fill('planted-Key-2718')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('button', { name: 'Remove the key for CORE' })).toBeVisible()
  expect(await page.content()).not.toContain('planted-Key-2718')
  await expectNoViolationInEitherTheme(page, 'keys')
  await expect(rail(page)).toBeVisible()
})
